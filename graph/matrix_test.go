package graph_test

import (
	"context"
	"encoding/base32"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gql "github.com/vektah/gqlparser/v2/ast"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/invite"
	"tenantry/internal/lab"
	"tenantry/internal/link"
	"tenantry/internal/membership"
	"tenantry/internal/notify"
	"tenantry/internal/page"
	"tenantry/internal/permission"
	"tenantry/internal/role"
	"tenantry/internal/totp"
	"tenantry/internal/webhook"
)

// estate is a world with tenants in it, and names for all that is theirs.
type estate struct {
	*lab.World
	names map[string]string // $name to an id
}

// house builds a tenant: an account called after its owner with everything that
// can be in one. Every name begins with the prefix, so that two tenants are
// alike and share nothing.
func (e *estate) house(prefix string) {
	e.T.Helper()
	ctx := context.Background()
	must := func(err error) {
		e.T.Helper()
		if err != nil {
			e.T.Fatal(err)
		}
	}
	owner := prefix + "olive"
	by := func() *access.Actor { return e.Actor(owner) }
	id := func(name, v string) string { e.names["$"+prefix+name] = v; return v }

	acme := e.Account(owner, prefix+"Acme")
	north, south := e.Sub(owner, acme, prefix+"North"), e.Sub(owner, acme, prefix+"South")
	id("acme", acme.ID)
	id("north", north.ID)
	id("south", south.ID)
	newRole := func(name string, typ permission.Type, keys ...permission.Key) string {
		r, _, err := e.Roles.Create(ctx, by(), role.Draft{AccountID: acme.ID, Name: name, Type: typ, Permissions: keys, Acknowledged: true})
		must(err)
		return r.ID
	}
	people := newRole("People", permission.Admin, permission.Users)
	id("spare", newRole("Spare", permission.User, "tickets"))
	held := id("held", newRole("Held", permission.User, "tickets"))

	members := map[string][]string{
		"adam": {"role_administrator", "ALL"},
		"bill": {"role_billing"},
		"una":  {},
		"pia":  {"profile"},
		"carl": {"contacts"},
		"cora": {people, "contacts"},
		"uma":  {people},
		"aude": {"audit"},
		"devi": {"developer"},
		"dora": {"role_administrator", held, "ALL"},
		"mia":  {"role_read_only", held, north.ID},
		"tom":  {},
		"emma": {"emails"},
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		e.Person(prefix + name) // who is made up outside the transaction that adds them
		m := e.Member(acme, prefix+name, members[name]...)
		id(name+"_member", m.ID)
		id(name, m.UserID)
	}
	var every []string
	for _, p := range e.Gate.Catalogue().Permissions {
		every = append(every, string(p.Key))
	}
	id("machine", e.Program(prefix+"machine", owner, acme, append(every, "ALL")...).ID)
	id("machine_secret", e.Person(prefix+"machine").Token)
	for _, exact := range []string{"profile", "contacts", "users", "audit", "developer", "contacts+users"} {
		e.Program(prefix+"machine:"+exact, owner, acme, strings.Split(exact, "+")...)
	}
	e.mustAsk(prefix+"machine", `{ apiToken { id } }`)
	id("narrow_machine", e.Program(prefix+"narrow machine", owner, acme, "contacts", north.ID).ID)
	id("olive", e.Person(owner).User.ID)
	id("olive_session", e.Person(owner).Session.ID)
	e.ceremonies(prefix, owner)
	id("olive_device", *e.Person(owner).Session.DeviceID)
	own, err := e.Members.Mine(ctx, by(), membership.Filter{}, page.Request{First: 1})
	must(err)
	id("olive_member", own.Items[0].ID)
	for _, name := range []string{"dora", "tom"} {
		_, err := e.Members.Deactivate(ctx, by(), e.names["$"+prefix+name+"_member"])
		must(err)
	}
	ends := time.Now().Add(365 * 24 * time.Hour) // when nobody here does anything any more
	e.DB.Client.Membership.UpdateOneID(e.names["$"+prefix+"mia_member"]).SetAccessEndsAt(ends).ExecX(ctx)
	e.Person(prefix + "ivy") // invited, and has a user
	rows, _, err := e.Invites.Invite(ctx, by(), invite.Draft{AccountID: acme.ID, SendEmail: true, Locale: "en",
		Invitees: []invite.Invitee{{Email: prefix + "ivy@example.com"}}, Offer: access.Offer{RoleIDs: []string{"role_read_only", held}, Scope: permission.ScopeNone}})
	must(err)
	id("ivy_invitation", rows[0].Invitation.ID)
	e.DB.Client.Invitation.UpdateOneID(rows[0].Invitation.ID).SetAccessEndsAt(ends).ExecX(ctx)
	text := func(s string) *string { return &s }
	scope := permission.ScopeSelected
	c, err := e.Contacts.Create(ctx, by(), acme.ID, contact.Details{Email: text(prefix + "books@example.com"), ExternalID: text("C-1"),
		Preferences: []permission.Preference{{Channel: permission.Phone, Categories: []permission.CategoryKey{"invoice"}}},
		Scope:       &scope, SubAccounts: []string{north.ID}}, "")
	must(err)
	id("books", c.Contact.ID)
	c, err = e.Contacts.Create(ctx, by(), acme.ID, contact.Details{Email: text(prefix + "desk@example.com"),
		Login: &contact.Login{Offer: access.Offer{RoleIDs: []string{"role_read_only"}, Scope: permission.ScopeNone}}}, "")
	must(err)
	id("desk", c.Contact.ID)
	id("desk_invitation", c.Login.Invitation.ID)
	c, err = e.Contacts.Create(ctx, by(), acme.ID, contact.Details{Email: text(prefix + "mia@example.com"),
		Login: &contact.Login{Offer: access.Offer{Scope: permission.ScopeNone}}}, "")
	must(err)
	id("mia_contact", c.Contact.ID)
	c, err = e.Contacts.Create(ctx, by(), acme.ID, contact.Details{Email: text(prefix + "gone@example.com")}, "")
	must(err)
	id("gone", c.Contact.ID)
	e.DB.Client.Contact.UpdateOneID(c.Contact.ID).SetSuppressedAt(time.Now()).SetSuppressedReason("550 5.1.1 unknown").SetVerifiedAt(time.Now()).
		SetVerificationSentAt(time.Now()).SetUnsubscribed([]permission.CategoryKey{"general"}).ExecX(ctx)
	_, err = e.Sessions.RequestEmailChange(ctx, by(), prefix+"olive@elsewhere.example")
	must(err)
	_, err = e.Accounts.Update(ctx, by(), account.Update{AccountID: acme.ID, Company: text("Acme Ltd")})
	must(err)
	late := time.Now().Add(account.MaxGrace) // when nobody here does anything any more
	_, err = e.Accounts.UpdatePolicies(ctx, by(), account.PolicyUpdate{AccountID: acme.ID, Version: 1, RequireTwoFactor: true, TwoFactorFrom: &late,
		AllowedDomains: []string{"example.com"}})
	must(err)
	_, err = e.Accounts.SetNumber(ctx, access.Company("operator"), acme.ID, prefix+"1")
	must(err)
	rows, _, err = e.Invites.Invite(ctx, by(), invite.Draft{AccountID: acme.ID, SendEmail: true, Locale: "en", Invitees: []invite.Invitee{{Email: prefix + "former@example.com"}},
		Offer: access.Offer{Scope: permission.ScopeNone}})
	must(err)
	_, err = e.Invites.Cancel(ctx, by(), rows[0].Invitation.ID)
	must(err)
	known := e.DB.Client.Identity.Create().SetUserID(e.Person(owner).User.ID).SetIssuer(lab.Issuer).SetSubject(owner).SetEmail(owner + "@example.com").
		SetLastUsedAt(time.Now()).SaveX(ctx)
	id("olive_identity", known.ID)
	e.come(owner+"@example.com", "$code", "$state", "$"+prefix+"binding")
	id("link", e.mustAsk(lab.Nobody, `mutation { finishOpenIdSignIn(input: {code: "$code", state: "$state", binding: "$`+prefix+`binding"}) { pendingLink { id } errors { code } } }`).
		String("data.finishOpenIdSignIn.pendingLink.id"))
	for _, ev := range e.DB.Client.Event.Query().AllX(ctx) {
		if ev.AccountID != nil && *ev.AccountID == acme.ID && ev.Action == "member.deactivated" {
			id("event", ev.ID)
		}
	}
	made, err := e.Webhooks.Create(ctx, by(), webhook.Draft{AccountID: acme.ID, URL: "https://" + prefix + "hooks.example/in", Description: "Ours", Events: []string{"notification.*"}, Notifications: true})
	must(err)
	id("hook", made.Webhook.ID)
	made, err = e.Webhooks.Rotate(ctx, by(), made.Webhook.ID)
	must(err)
	seen, err := e.Reviews.Of(ctx, by(), acme.ID)
	must(err)
	_, err = e.Reviews.Confirm(ctx, by(), acme.ID, seen.Version)
	must(err)
	n, err := e.Notify.Submit(ctx, access.Company("operator"), notify.Draft{AccountID: acme.ID, Category: "maintenance", Subject: "Planned work", Text: "On Sunday.",
		HTML: "<p>On Sunday.</p>", Data: `{"day":"Sunday"}`})
	must(err)
	id("notification", n.ID)
	e.Settle()
	to := func(contact string) *ent.DeliveryUpdateOne {
		one := e.DB.Client.Delivery.Query().Where(delivery.NotificationID(n.ID), delivery.ContactID(e.names["$"+prefix+contact])).OnlyX(ctx)
		return e.DB.Client.Delivery.UpdateOne(one)
	}
	to("desk").SetState(delivery.StateBOUNCED).SetBouncedAt(time.Now()).ExecX(ctx)
	to("mia_contact").SetState(delivery.StateQUEUED).SetNextAttemptAt(late).ExecX(ctx)
	given := to("books").SetState(delivery.StateFAILED).SetLastError("The mail server answered: 554 5.6.0 No").SaveX(ctx)
	id("delivery", given.ID)
	call := e.DB.Client.Delivery.Query().Where(delivery.WebhookID(made.Webhook.ID)).OnlyX(ctx)
	id("call", webhook.CallID(call.ID))
	e.DB.Client.Delivery.UpdateOne(call).SetLastError("The receiver answered 500.").ExecX(ctx)
	e.DB.Client.Delivery.Create().SetEventID(n.ID).SetAccountID(acme.ID).SetChannel(permission.Webhook).SetWebhookID(made.Webhook.ID).SetKind("event").SetSubjectID(n.ID).
		SetTo("hooks.example").SetToKey(made.Webhook.ID).SetData(map[string]string{"type": "notification.sent"}).SetNextAttemptAt(late).ExecX(ctx)
	e.DB.Client.Webhook.UpdateOne(made.Webhook).SetFailingSince(time.Now()).SetLastError("The receiver answered 500.").ExecX(ctx)
}

// letters gives names to the tokens in the mail to ivy.
func (e *estate) letters() {
	e.T.Helper()
	links := regexp.MustCompile(`#token=([\w-]+)`).FindAllStringSubmatch(e.Mail("ivy@example.com").Text, -1)
	if len(links) != 2 {
		e.T.Fatal("the mail of an invitation has not two links")
	}
	e.names["$session"] = e.Person("una").Token
	e.names["$invited"], e.names["$report"] = links[0][1], links[1][1]
	c := e.DB.Client.Contact.GetX(e.T.Context(), e.names["$books"])
	of := func(url string) string { _, token, _ := strings.Cut(url, "token="); return token }
	e.names["$reader"] = of(e.Site.Preferences(link.Reader{ContactID: c.ID, EmailKey: c.EmailKey, Category: "general"}, time.Now()))
	e.names["$asked"] = of(e.Site.VerifyContact(link.Claim{ID: c.ID, Generation: c.VerificationGeneration, ExpiresAt: time.Now().Add(time.Hour)}))
}

// offerTo lets the owner of a house offer it to somebody.
func (e *estate) offerTo(prefix, nominee string) {
	e.T.Helper()
	a := e.Ask(prefix+"olive", e.fill(`mutation { requestOwnershipTransfer(input: {accountId: "$`+prefix+`acme", membershipId: "$`+prefix+nominee+`_member"}) { transfer { id } errors { code } } }`), nil)
	e.names["$"+prefix+"transfer"] = a.String("data.requestOwnershipTransfer.transfer.id")
	if e.names["$"+prefix+"transfer"] == "" {
		e.T.Fatalf("no offer: %s", a.Body)
	}
}

var name = regexp.MustCompile(`\$[a-z]\w*`)

// come begins to sign in through a provider as somebody whom the provider has not
// sent before; what it is finished with gets names.
func (e *estate) come(email, code, state, binding string) {
	e.T.Helper()
	a := e.mustAsk(lab.Nobody, `mutation { startOpenIdSignIn(input: {provider: "acme", delivery: TOKEN}) { url binding errors { code } } }`)
	e.names[code], e.names[state] = e.Provider.SignIn(a.String("data.startOpenIdSignIn.url"), "subject of "+email, map[string]any{"email": email, "email_verified": true})
	e.names[binding] = a.String("data.startOpenIdSignIn.binding")
}

func coming(e *estate) { e.come("nora@example.com", "$code", "$state", "$given") }

// fill puts ids in the place of their names.
func (e *estate) fill(text string) string {
	return name.ReplaceAllStringFunc(text, func(n string) string {
		if v, ok := e.names[n]; ok {
			return v
		}
		return n
	})
}

// recipe is how a field of the schema is asked for in the estate, as by somebody
// who may.
type recipe struct {
	// args are the arguments as they stand in a document.
	args string
	// before prepares the estate, if there is something to prepare.
	before func(*estate)
}

func request(e *estate) { e.offerTo("", "mia") }
func closed(e *estate) {
	e.mustAsk("olive", `mutation { closeAccount(input: {accountId: "$acme"}) { errors { code } } }`)
}
func suspended(e *estate) {
	_, err := e.Accounts.SetSuspended(context.Background(), access.Company("operator"), e.names["$acme"], true, "Unpaid")
	if err != nil {
		e.T.Fatal(err)
	}
}

// reviewed has olive read the review of access.
func reviewed(e *estate) {
	a := e.mustAsk("olive", `{ account(id: "$acme") { accessReview { version } } }`)
	e.names["$review"] = a.String("data.account.accessReview.version")
}
func renewable(e *estate) {
	a := e.mustAsk(lab.Nobody, `mutation { signIn(input: {email: "tom@example.com", password: "`+lab.Password+`", delivery: TOKEN}) { refreshToken errors { code } } }`)
	e.names["$refresh"] = a.String("data.signIn.refreshToken")
}
func changed(e *estate) {
	e.mustAsk(lab.Nobody, `mutation { signIn(input: {email: "tom@example.com", password: "`+lab.Password+`", delivery: TOKEN}) { errors { code } } }`)
	e.names["$denial"] = e.Token("tom@example.com")
}
func asked(address, operation string) func(*estate) {
	return func(e *estate) {
		e.mustAsk(lab.Nobody, operation)
		e.names["$token"] = e.Token(address)
	}
}

// setUp gives olive an authenticator app that waits for its first code.
func setUp(e *estate) {
	a := e.mustAsk("olive", `mutation { startTwoFactorSetup { secret errors { code } } }`)
	e.names["$code"] = code(e.T, a.String("data.startTwoFactorSetup.secret"), 0)
}

// code returns what an app shows that was set up with the secret, so many periods
// from now.
func code(t testing.TB, secret string, periods int64) string {
	t.Helper()
	plain, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	c, err := totp.Code(plain, totp.Step(time.Now())+periods)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// newAddress lets somebody ask for another address, whose mail has $token.
func newAddress(who string) func(*estate) {
	return func(e *estate) {
		e.mustAsk(who, `mutation { requestEmailChange(input: {email: "new`+who+`@example.com"}) { errors { code } } }`)
		e.names["$token"] = e.Token("new" + who + "@example.com")
	}
}

// moved lets somebody change their address; the mail to the old one has $token.
func moved(who string) func(*estate) {
	return func(e *estate) {
		newAddress(who)(e)
		e.mustAsk(who, `mutation { confirmEmailChange(input: {token: "$token"}) { errors { code } } }`)
		e.names["$token"] = e.Token(who + "@example.com")
	}
}

func (e *estate) mustAsk(who, operation string) lab.Answer {
	e.T.Helper()
	a := e.Ask(who, e.fill(operation), nil)
	if c := a.Codes(); len(c) > 0 || a.Status != 200 {
		e.T.Fatalf("%s asks %s: %s", who, operation, a.Body)
	}
	return a
}

// recipes are the arguments of every mutation and of every field that needs any.
// A field of the schema that takes a required argument and has none here fails
// the tests that are made from the schema.
var recipes = map[string]recipe{
	"Mutation.signUp":                     {args: `input: {email: "new@example.com"}`},
	"Mutation.completeSignUp":             {args: `input: {token: "$token", password: "seven grey herons wade", name: "New", delivery: TOKEN}`, before: asked("new@example.com", `mutation { signUp(input: {email: "new@example.com"}) { errors { code } } }`)},
	"Mutation.signIn":                     {args: `input: {email: "tom@example.com", password: "` + lab.Password + `", delivery: TOKEN}`},
	"Mutation.signOut":                    {},
	"Mutation.reauthenticate":             {args: `input: {password: "` + lab.Password + `"}`},
	"Mutation.changePassword":             {args: `input: {currentPassword: "` + lab.Password + `", newPassword: "seven grey herons wade"}`},
	"Mutation.requestPasswordReset":       {args: `input: {email: "tom@example.com"}`},
	"Mutation.resetPassword":              {args: `input: {token: "$token", newPassword: "seven grey herons wade"}`, before: asked("tom@example.com", `mutation { requestPasswordReset(input: {email: "tom@example.com"}) { errors { code } } }`)},
	"Mutation.startTwoFactorSetup":        {},
	"Mutation.confirmTwoFactorSetup":      {args: `input: {code: "$code"}`, before: setUp},
	"Mutation.verifyTwoFactor":            {args: `input: {code: "000000"}`},
	"Mutation.regenerateRecoveryCodes":    {},
	"Mutation.disableTwoFactor":           {},
	"Mutation.updateProfile":              {args: `input: {name: "Renamed"}`},
	"Mutation.revokeSession":              {args: `input: {sessionId: "$olive_session"}`},
	"Mutation.revokeOtherSessions":        {},
	"Mutation.startPasskeyRegistration":   {},
	"Mutation.finishPasskeyRegistration":  {args: `input: {ceremonyId: "$creating", credential: $created}`},
	"Mutation.startPasskeySignIn":         {},
	"Mutation.finishPasskeySignIn":        {args: `input: {ceremonyId: "$signing", credential: $signed, delivery: TOKEN}`},
	"Mutation.startPasskeyProof":          {},
	"Mutation.finishPasskeyProof":         {args: `input: {ceremonyId: "$proving", credential: $proved}`},
	"Mutation.renamePasskey":              {args: `input: {passkeyId: "$passkey", name: "Renamed"}`},
	"Mutation.removePasskey":              {args: `input: {passkeyId: "$passkey"}`},
	"Mutation.switchAccount":              {args: `input: {accountId: "$acme"}`},
	"Mutation.setDefaultAccount":          {args: `input: {accountId: "$acme"}`},
	"Mutation.createAccount":              {args: `input: {name: "Fresh"}`},
	"Mutation.updateAccount":              {args: `input: {accountId: "$acme", name: "Renamed"}`},
	"Mutation.createSubAccount":           {args: `input: {parentId: "$acme", name: "East"}`},
	"Mutation.closeAccount":               {args: `input: {accountId: "$acme"}`},
	"Mutation.reopenAccount":              {args: `input: {accountId: "$acme"}`, before: closed},
	"Mutation.requestOwnershipTransfer":   {args: `input: {accountId: "$acme", membershipId: "$mia_member"}`},
	"Mutation.acceptOwnershipTransfer":    {args: `input: {transferId: "$transfer"}`, before: request},
	"Mutation.declineOwnershipTransfer":   {args: `input: {transferId: "$transfer"}`, before: request},
	"Mutation.cancelOwnershipTransfer":    {args: `input: {transferId: "$transfer"}`, before: request},
	"Mutation.createRole":                 {args: `input: {accountId: "$acme", name: "Fresh", permissions: []}`},
	"Mutation.updateRole":                 {args: `input: {roleId: "$spare", version: 1, name: "Renamed", permissions: ["tickets"]}`},
	"Mutation.deleteRole":                 {args: `input: {roleId: "$spare"}`},
	"Mutation.updateMemberPermissions":    {args: `input: {membershipId: "$mia_member", version: 1, roleIds: ["$held"], permissions: ["tickets"], subAccountAccess: SELECTED, subAccountIds: ["$north"]}`},
	"Mutation.deactivateMember":           {args: `input: {membershipId: "$mia_member"}`},
	"Mutation.setMemberAccessEnd":         {args: `input: {membershipId: "$mia_member", version: 1, accessEndsAt: "2000-06-01T00:00:00Z"}`},
	"Mutation.reactivateMember":           {args: `input: {membershipId: "$tom_member"}`},
	"Mutation.removeMember":               {args: `input: {membershipId: "$mia_member"}`},
	"Mutation.leaveAccount":               {args: `input: {accountId: "$acme"}`},
	"Mutation.inviteUsers":                {args: `input: {accountId: "$acme", emails: [{email: "new@example.com"}]}`},
	"Mutation.resendInvitation":           {args: `input: {invitationId: "$ivy_invitation", roleIds: []}`},
	"Mutation.cancelInvitation":           {args: `input: {invitationId: "$ivy_invitation"}`},
	"Mutation.acceptInvitation":           {args: `input: {invitationId: "$ivy_invitation"}`},
	"Mutation.declineInvitation":          {args: `input: {invitationId: "$ivy_invitation"}`},
	"Mutation.reportInvitation":           {args: `input: {token: "$report"}`},
	"Mutation.createContact":              {args: `input: {accountId: "$acme", email: "fresh@example.com"}`},
	"Mutation.updateContact":              {args: `input: {contactId: "$books", firstName: "Renamed"}`},
	"Mutation.deleteContact":              {args: `input: {contactId: "$books", alsoRemoveMember: false}`},
	"Mutation.setContactPreferences":      {args: `input: {contactId: "$books", version: 1, preferences: []}`},
	"Mutation.revokeContactLogin":         {args: `input: {contactId: "$desk"}`},
	"Mutation.clearSuppression":           {args: `input: {contactId: "$gone"}`},
	"Mutation.requestContactVerification": {args: `input: {contactId: "$books"}`},
	"Mutation.setReaderPreferences":       {args: `input: {token: "$reader", unsubscribedFrom: ["general"]}`},
	"Mutation.verifyContact":              {args: `input: {token: "$asked"}`},
	"Mutation.disownContact":              {args: `input: {token: "$asked"}`},
	"Mutation.provisionAccount":           {args: `input: {name: "Ordered", externalId: "K-1", ownerEmail: "customer@example.com"}`},
	"Mutation.suspendAccount":             {args: `input: {accountId: "$acme", reason: "Unpaid"}`},
	"Mutation.reinstateAccount":           {args: `input: {accountId: "$acme"}`, before: suspended},
	"Mutation.setOwnerFallback":           {args: `input: {accountId: "$acme", ownerFallback: true}`},
	"Mutation.refreshSession":             {args: `input: {refreshToken: "$refresh"}`, before: renewable},
	"Mutation.forgetDevice":               {args: `input: {deviceId: "$olive_device"}`},
	"Mutation.denyActivity":               {args: `input: {token: "$denial"}`, before: changed},
	"Mutation.updateAccountPolicies":      {args: `input: {accountId: "$acme", version: 2, requireTwoFactor: true, allowedDomains: []}`},
	"Mutation.confirmAccessReview":        {args: `input: {accountId: "$acme", version: "$review"}`, before: reviewed},
	"Mutation.startOpenIdSignIn":          {args: `input: {provider: "acme", delivery: TOKEN}`},
	"Mutation.finishOpenIdSignIn":         {args: `input: {code: "$code", state: "$state", binding: "$given"}`, before: coming},
	"Mutation.linkIdentity":               {args: `input: {linkId: "$link", binding: "$binding"}`},
	"Mutation.unlinkIdentity":             {args: `input: {identityId: "$olive_identity"}`},
	"Mutation.requestEmailChange":         {args: `input: {email: "new@example.com"}`},
	"Mutation.confirmEmailChange":         {args: `input: {token: "$token"}`, before: newAddress("olive")},
	"Mutation.cancelEmailChange":          {},
	"Mutation.undoEmailChange":            {args: `input: {token: "$token"}`, before: moved("una")},
	"Mutation.deleteUser":                 {args: `input: {email: "una@example.com"}`},
	"Mutation.exportPersonalData":         {args: `input: {}`},
	"Mutation.createApiToken":             {args: `input: {accountId: "$acme", name: "Fresh", permissions: ["developer"]}`},
	"Mutation.revokeApiToken":             {args: `input: {tokenId: "$machine"}`},
	"Mutation.createWebhook":              {args: `input: {accountId: "$acme", url: "https://fresh.example/", events: ["contact.*"], notifications: false}`},
	"Mutation.updateWebhook":              {args: `input: {webhookId: "$hook", version: 1, description: "Theirs"}`},
	"Mutation.rotateWebhookSecret":        {args: `input: {webhookId: "$hook"}`},
	"Mutation.pauseWebhook":               {args: `input: {webhookId: "$hook"}`},
	"Mutation.resumeWebhook":              {args: `input: {webhookId: "$hook"}`},
	"Mutation.deleteWebhook":              {args: `input: {webhookId: "$hook"}`},
	"Mutation.testWebhook":                {args: `input: {webhookId: "$hook"}`},
	"Mutation.replayWebhookDelivery":      {args: `input: {deliveryId: "$call"}`},
	"Mutation.sendNotification":           {args: `input: {accountId: "$acme", category: "invoice", subject: "Hear", text: "This"}`},
	"Mutation.sendTestNotification":       {args: `input: {contactId: "$books", category: "maintenance"}`},
	"Mutation.retryDelivery":              {args: `input: {deliveryId: "$delivery"}`},

	"Query.introspectSession":        {args: `token: "$session"`},
	"Query.account":                  {args: `id: "$acme"`},
	"Query.node":                     {args: `id: "$acme"`},
	"Query.nodes":                    {args: `ids: ["$acme"]`},
	"Query.invitation":               {args: `token: "$invited"`},
	"Query.readerPreferences":        {args: `token: "$reader"`},
	"Query.checkPermissions":         {args: `checks: [{accountId: "$acme", permission: "tickets"}]`},
	"Query.explainPermission":        {args: `accountId: "$acme", userId: "$mia", permission: "tickets"`},
	"Query.previewMemberPermissions": {args: `input: {membershipId: "$mia_member", roleIds: ["$held"], permissions: ["tickets"], subAccountAccess: SELECTED, subAccountIds: ["$north"]}`},

	"Subscription.accountEvents": {args: `accountId: "$acme"`},

	"Account.viewerCan":                {args: `permission: "tickets"`},
	"Account.recipients":               {args: `category: "invoice"`},
	"Account.pendingOwnershipTransfer": {before: request},
}

// kinds are the nodes of the house by their type, each with what prepares it;
// for an edge that the first one does not have, another.
var kinds = map[string]recipe{
	"Account":              {args: "$acme"},
	"ApiToken":             {args: "$machine"},
	"Contact":              {args: "$mia_contact"},
	"Device":               {args: "$olive_device"},
	"Event":                {args: "$event"},
	"Invitation":           {args: "$ivy_invitation"},
	"Webhook":              {args: "$hook"},
	"WebhookDelivery":      {args: "$call"},
	"Membership":           {args: "$mia_member"},
	"OwnershipTransfer":    {args: "$transfer", before: request},
	"Passkey":              {args: "$passkey"},
	"Role":                 {args: "$spare"},
	"Session":              {args: "$olive_session"},
	"User":                 {args: "$mia"},
	"Viewer":               {args: "$olive"},
	"Notification":         {args: "$notification"},
	"NotificationDelivery": {args: "$delivery"},

	"Contact.invitation": {args: "$desk"},
}

// row is one operation of the matrix: where it stands in the schema, and the
// document that tries it.
type row struct {
	name, document string
	change         bool
	before         func(*estate)
}

// rows lists what the schema has to be judged: every mutation, query and subscription,
// every field of Account, every kind of node, and every edge that leads on from
// one.
func rows(t *testing.T) (out []row) {
	call := func(d *gql.Definition, f *gql.FieldDefinition) string {
		r, known := recipes[d.Name+"."+f.Name]
		for _, a := range f.Arguments {
			if a.Type.NonNull && a.DefaultValue == nil && (!known || r.args == "") {
				t.Errorf("%s.%s needs arguments; write a recipe", d.Name, f.Name)
			}
		}
		text := f.Name
		if r.args != "" {
			text += "(" + r.args + ")"
		}
		switch object := schema.Types[f.Type.Name()]; {
		case object.Fields.ForName("errors") != nil:
			text += " { errors { code } }"
		case object.IsCompositeType():
			text += " { __typename }"
		}
		return text
	}
	for _, f := range fields(schema.Mutation) {
		out = append(out, row{f.Name, "mutation { " + call(schema.Mutation, f) + " }", true, recipes["Mutation."+f.Name].before})
	}
	for _, f := range fields(schema.Query) {
		out = append(out, row{f.Name, "{ " + call(schema.Query, f) + " }", false, recipes["Query."+f.Name].before})
	}
	for _, f := range fields(schema.Subscription) {
		out = append(out, row{f.Name, "subscription { " + call(schema.Subscription, f) + " }", false, nil})
	}
	for _, f := range fields(schema.Types["Account"]) {
		out = append(out, row{"account." + f.Name, `{ account(id: "$acme") { ` + call(schema.Types["Account"], f) + " } }", false, recipes["Account."+f.Name].before})
	}
	for _, d := range schema.PossibleTypes["Node"] {
		k, ok := kinds[d.Name]
		if !ok {
			t.Errorf("%s is a node of a new kind; say which one the house has", d.Name)
			continue
		}
		out = append(out, row{"node(" + d.Name + ")", `{ node(id: "` + k.args + `") { __typename } }`, false, k.before})
		for _, f := range fields(d) {
			at := k.args
			if other, ok := kinds[d.Name+"."+f.Name]; ok {
				at = other.args
			}
			if d.Name != "Account" && schema.Types[f.Type.Name()].IsCompositeType() {
				out = append(out, row{d.Name + "." + f.Name, `{ node(id: "` + at + `") { ... on ` + d.Name + ` { ` + call(d, f) + " } } }", false, k.before})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b row) int { return strings.Compare(part(a.name), part(b.name)) })
	return out
}

// part orders the matrix: queries and mutations, then the account, then nodes.
func part(name string) string {
	switch {
	case strings.HasPrefix(name, "account."):
		return "2"
	case strings.HasPrefix(name, "node("), name[0] < 'a':
		return "3" + strings.TrimSuffix(strings.TrimPrefix(strings.SplitN(name, ".", 2)[0], "node("), ")")
	}
	return "1"
}

// The columns of the matrix. The fifth is somebody with exactly what the row
// needs, whom the row names; exactToken is a token that the owner made for just that.
var columns = []string{"olive", "adam", "bill", "una", "", "dora", "xolive", "system", "machine", exactToken, lab.Nobody}

const exactToken = "machine:"

const heading = `# Who may do what.
#
# Each row is a mutation, a query, a subscription, a field of an account, a node or an
# edge. A cell is "ok", "null" for a value that is hidden or not there, or the code of
# the refusal. The column "exactly" is somebody who holds nothing but what the row
# needs: a permission, or a part in the matter (nominee, invited). The deactivated
# member was an administrator; the outsider owns another account; the system holds
# an operator token with every power. The owner made both API tokens: "token" for
# everything there is, in all sub-accounts; "own_token" for exactly what the row needs.
#
`

// TestMatrix tries every operation of the schema as everybody, each in a world
// where nobody did anything before, and compares with testdata/matrix.txt. An
// operation without a row fails.
//
// Invariants 11, 15.
func TestMatrix(t *testing.T) {
	const file = "testdata/matrix.txt"
	who := map[string]string{"": "", "-": "", "profile": "pia", "contacts": "carl", "users": "uma", "contacts+users": "cora", "audit": "aude", "developer": "devi", "emails": "emma", "nominee": "mia", "invited": "ivy"}
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		known := map[string][]string{}
		for line := range strings.Lines(read(t, file)) {
			if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
				known[f[0]] = f[1:]
			}
		}
		e := &estate{lab.New(t, d), map[string]string{}}
		e.house("")
		e.Account("xolive", "Globex")
		e.Operator("system")
		time.Sleep(2 * time.Minute) // an invitation may be sent again after one
		e.letters()
		tokens := map[string]string{}
		for exact := range who {
			if e.Knows(exactToken + exact) {
				tokens[exactToken+exact] = e.Person(exactToken + exact).Token
			}
		}
		for _, p := range append(slices.Collect(maps.Values(who)), columns...) {
			if p != "" && p != exactToken && p != lab.Nobody {
				tokens[p] = e.Person(p).Token
			}
		}
		names := maps.Clone(e.names)
		restore := keep(t, d)

		found := map[string][]string{}
		all := rows(t)
		for _, r := range all {
			exact := "-"
			if want := known[r.name]; len(want) > 0 {
				exact = want[0]
			} else if !*update {
				t.Errorf("%s has no row in %s", r.name, file)
				continue
			}
			if _, ok := who[exact]; !ok {
				t.Fatalf("%s: nobody has exactly %q", r.name, exact)
			}
			cells := []string{exact}
			dirty := r.before != nil
			if dirty {
				r.before(e)
			}
			for _, person := range columns {
				if person == "" {
					if person = who[exact]; person == "" {
						cells = append(cells, "-")
						continue
					}
				}
				if person == exactToken {
					if person += exact; tokens[person] == "" {
						cells = append(cells, "-")
						continue
					}
				}
				cell := outcome(e.try(person, e.fill(r.document)))
				cells = append(cells, cell)
				if r.change && cell == "ok" {
					restore()
					e = &estate{lab.New(t, d), maps.Clone(names)}
					for p, token := range tokens {
						e.Meet(p, token)
					}
					if r.before != nil {
						r.before(e)
					}
				}
			}
			if dirty {
				restore()
				e = &estate{lab.New(t, d), maps.Clone(names)}
				for p, token := range tokens {
					e.Meet(p, token)
				}
			}
			found[r.name] = cells
			if !*update {
				if got, want := strings.Join(cells, " "), strings.Join(known[r.name], " "); got != want {
					t.Errorf("%s\n got %s\nwant %s", r.name, got, want)
				}
			}
			delete(known, r.name)
		}
		if *update && d.Dialect() == db.SQLite {
			write(t, file, all, found)
		} else if !*update {
			for name := range known {
				t.Errorf("%s has a row in %s and is not in the schema", name, file)
			}
		}
	})
}

// outcome says what became of the one thing that was asked for.
func outcome(a lab.Answer) string {
	if c := a.Codes(); len(c) > 0 {
		return strings.Join(c, "+")
	}
	if a.Status != 200 {
		return fmt.Sprint("HTTP ", a.Status)
	}
	v := a.Get("data")
	for {
		switch at := v.(type) {
		case nil:
			return "null"
		case map[string]any:
			if _, payload := at["errors"]; payload || len(at) == 0 {
				return "ok"
			}
			for _, v = range at {
			}
		case []any:
			if len(at) == 0 {
				return "ok"
			}
			v = at[0]
		default:
			return "ok"
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil && !(*update && os.IsNotExist(err)) {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, file string, all []row, found map[string][]string) {
	t.Helper()
	table := [][]string{{"# operation", "exactly:", "owner", "admin", "billing", "user", "exactly", "deactivated", "outsider", "system", "token", "own_token", "nobody"}}
	last := ""
	for _, r := range all {
		if p := part(r.name)[:1]; p != last && last != "" {
			table = append(table, nil)
		}
		last = part(r.name)[:1]
		table = append(table, append([]string{r.name}, found[r.name]...))
	}
	var width [13]int
	for _, line := range table {
		for i, cell := range line {
			width[i] = max(width[i], len(cell))
		}
	}
	var out strings.Builder
	out.WriteString(heading)
	for _, line := range table {
		var text strings.Builder
		for i, cell := range line {
			fmt.Fprintf(&text, "%-*s  ", width[i], cell)
		}
		out.WriteString(strings.TrimRight(text.String(), " ") + "\n")
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// keep copies every table aside and returns what puts the copy back.
func keep(t *testing.T, d *db.DB) (restore func()) {
	t.Helper()
	query, aside := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'", "kept_"
	if d.Dialect() == db.Postgres {
		query, aside = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()", "kept."
	}
	exec := func(statements ...string) {
		t.Helper()
		tx, err := d.Writer().Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		for _, s := range statements {
			if _, err := tx.Exec(s); err != nil {
				t.Fatalf("%.200s: %v", s, err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := d.Writer().Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		if table != "schema_migrations" {
			tables = append(tables, table)
		}
	}
	rows.Close()
	var copies, deletes, inserts []string
	for i, table := range tables {
		copies = append(copies, "CREATE TABLE "+aside+table+" AS SELECT * FROM "+table)
		if d.Dialect() == db.Postgres {
			deletes = append(deletes, fmt.Sprintf("d%d AS (DELETE FROM %s)", i, table))
			inserts = append(inserts, fmt.Sprintf("i%d AS (INSERT INTO %s SELECT * FROM kept.%s)", i, table, table))
			continue
		}
		deletes = append(deletes, "DELETE FROM "+table)
		inserts = append(inserts, "INSERT INTO "+table+" SELECT * FROM "+aside+table)
	}
	if d.Dialect() == db.Postgres {
		exec("DROP SCHEMA IF EXISTS kept CASCADE", "CREATE SCHEMA kept")
		t.Cleanup(func() { exec("DROP SCHEMA kept CASCADE") })
		// One statement each, so that references are checked when all is there.
		deletes = []string{"WITH " + strings.Join(deletes, ", ") + " SELECT 1"}
		inserts = []string{"WITH " + strings.Join(inserts, ", ") + " SELECT 1"}
	} else {
		deletes = append([]string{"PRAGMA defer_foreign_keys = ON"}, deletes...)
	}
	exec(copies...)
	return func() { t.Helper(); exec(append(slices.Clone(deletes), inserts...)...) }
}
