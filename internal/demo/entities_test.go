package demo_test

import (
	eaccount "tenantry/ent/account"
	eapitoken "tenantry/ent/apitoken"
	eauthenticator "tenantry/ent/authenticator"
	eblock "tenantry/ent/block"
	ebudget "tenantry/ent/budget"
	eceremony "tenantry/ent/ceremony"
	echain "tenantry/ent/chain"
	econtact "tenantry/ent/contact"
	edelivery "tenantry/ent/delivery"
	edevice "tenantry/ent/device"
	eemailchange "tenantry/ent/emailchange"
	eevent "tenantry/ent/event"
	eformeraddress "tenantry/ent/formeraddress"
	eformertoken "tenantry/ent/formertoken"
	eidempotencykey "tenantry/ent/idempotencykey"
	eidentity "tenantry/ent/identity"
	einvitation "tenantry/ent/invitation"
	emembership "tenantry/ent/membership"
	enotification "tenantry/ent/notification"
	eoperatortoken "tenantry/ent/operatortoken"
	eownershiptransfer "tenantry/ent/ownershiptransfer"
	epasskey "tenantry/ent/passkey"
	epersisteddocument "tenantry/ent/persisteddocument"
	eprovision "tenantry/ent/provision"
	erecoverycode "tenantry/ent/recoverycode"
	erefreshtoken "tenantry/ent/refreshtoken"
	erole "tenantry/ent/role"
	esession "tenantry/ent/session"
	euser "tenantry/ent/user"
	everification "tenantry/ent/verification"
	ewebhook "tenantry/ent/webhook"
)

var entities = []struct {
	name, table string
	cols        []string
}{
	{"Account", eaccount.Table, eaccount.Columns},
	{"Authenticator", eauthenticator.Table, eauthenticator.Columns},
	{"Block", eblock.Table, eblock.Columns},
	{"Budget", ebudget.Table, ebudget.Columns},
	{"Ceremony", eceremony.Table, eceremony.Columns},
	{"Chain", echain.Table, echain.Columns},
	{"Contact", econtact.Table, econtact.Columns},
	{"Delivery", edelivery.Table, edelivery.Columns},
	{"Device", edevice.Table, edevice.Columns},
	{"EmailChange", eemailchange.Table, eemailchange.Columns},
	{"Event", eevent.Table, eevent.Columns},
	{"FormerAddress", eformeraddress.Table, eformeraddress.Columns},
	{"FormerToken", eformertoken.Table, eformertoken.Columns},
	{"IdempotencyKey", eidempotencykey.Table, eidempotencykey.Columns},
	{"Identity", eidentity.Table, eidentity.Columns},
	{"Invitation", einvitation.Table, einvitation.Columns},
	{"Membership", emembership.Table, emembership.Columns},
	{"OperatorToken", eoperatortoken.Table, eoperatortoken.Columns},
	{"Webhook", ewebhook.Table, ewebhook.Columns},
	{"Notification", enotification.Table, enotification.Columns},
	{"APIToken", eapitoken.Table, eapitoken.Columns},
	{"OwnershipTransfer", eownershiptransfer.Table, eownershiptransfer.Columns},
	{"Passkey", epasskey.Table, epasskey.Columns},
	{"PersistedDocument", epersisteddocument.Table, epersisteddocument.Columns},
	{"Provision", eprovision.Table, eprovision.Columns},
	{"RecoveryCode", erecoverycode.Table, erecoverycode.Columns},
	{"RefreshToken", erefreshtoken.Table, erefreshtoken.Columns},
	{"Role", erole.Table, erole.Columns},
	{"Session", esession.Table, esession.Columns},
	{"User", euser.Table, euser.Columns},
	{"Verification", everification.Table, everification.Columns},
}
