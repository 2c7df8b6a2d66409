package demo_test

import (
	eaccount "tenantry/ent/account"
	eblock "tenantry/ent/block"
	ebudget "tenantry/ent/budget"
	echain "tenantry/ent/chain"
	econtact "tenantry/ent/contact"
	edelivery "tenantry/ent/delivery"
	eevent "tenantry/ent/event"
	eidempotencykey "tenantry/ent/idempotencykey"
	einvitation "tenantry/ent/invitation"
	emembership "tenantry/ent/membership"
	eoperatortoken "tenantry/ent/operatortoken"
	eownershiptransfer "tenantry/ent/ownershiptransfer"
	eprovision "tenantry/ent/provision"
	erole "tenantry/ent/role"
	esession "tenantry/ent/session"
	euser "tenantry/ent/user"
	everification "tenantry/ent/verification"
)

var entities = []struct {
	name, table string
	cols        []string
}{
	{"Account", eaccount.Table, eaccount.Columns},
	{"Block", eblock.Table, eblock.Columns},
	{"Budget", ebudget.Table, ebudget.Columns},
	{"Chain", echain.Table, echain.Columns},
	{"Contact", econtact.Table, econtact.Columns},
	{"Delivery", edelivery.Table, edelivery.Columns},
	{"Event", eevent.Table, eevent.Columns},
	{"IdempotencyKey", eidempotencykey.Table, eidempotencykey.Columns},
	{"Invitation", einvitation.Table, einvitation.Columns},
	{"Membership", emembership.Table, emembership.Columns},
	{"OperatorToken", eoperatortoken.Table, eoperatortoken.Columns},
	{"OwnershipTransfer", eownershiptransfer.Table, eownershiptransfer.Columns},
	{"Provision", eprovision.Table, eprovision.Columns},
	{"Role", erole.Table, erole.Columns},
	{"Session", esession.Table, esession.Columns},
	{"User", euser.Table, euser.Columns},
	{"Verification", everification.Table, everification.Columns},
}
