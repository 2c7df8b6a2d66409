package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gql "github.com/vektah/gqlparser/v2/ast"

	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/id"
	"tenantry/internal/lab"
	"tenantry/internal/permission"
	"tenantry/internal/role"
)

// twoHouses is an estate with two tenants that are alike and share nothing, and
// sue, who manages people, contacts and history of one sub-account and knows
// nothing of the account above it.
func twoHouses(t *testing.T, d *db.DB) *estate {
	e := &estate{lab.New(t, d), map[string]string{}}
	e.house("")
	e.house("x")
	e.offerTo("", "mia")
	e.Operator("system")
	e.names["$xtransfer"] = e.mustAsk("system", `mutation { requestOwnershipTransfer(input: {accountId: "$xacme", membershipId: "$xmia_member"}) { transfer { id } errors { code } } }`).
		String("data.requestOwnershipTransfer.transfer.id")
	north, err := e.DB.Client.Account.Get(t.Context(), e.names["$north"])
	if err != nil {
		t.Fatal(err)
	}
	keeper, _, err := e.Roles.Create(t.Context(), e.Actor("olive"), role.Draft{AccountID: north.ID, Name: "Keeper", Type: permission.Admin,
		Permissions: []permission.Key{permission.Users, permission.Contacts, permission.Audit}, Acknowledged: true})
	if err != nil {
		t.Fatal(err)
	}
	e.Person("sue")
	e.names["$sue_member"] = e.Member(north, "sue", keeper.ID).ID
	e.letters()
	for _, who := range []string{"olive", "mia"} {
		e.mustAsk(who, `mutation { switchAccount(input: {accountId: "$acme", remember: true}) { errors { code } } }`)
	}
	e.Settle()
	time.Sleep(2 * time.Minute) // an invitation may be sent again after one
	return e
}

// probe is how an argument that takes an id is tried.
type probe struct {
	// name is what the house calls an object of the right kind.
	name string
	// as is who may name their own. Olive, the owner, if empty.
	as string
	// args has a ? for the id. If empty, the recipe's with the name's place.
	args string
	// operator is for what only an operator may do, to whom no id is foreign.
	operator bool
}

// probes says for every argument of the schema that takes an id how it is tried.
// The id of an object of another tenant, of none, and what is no id at all must
// all answer alike. An argument that is not here fails the test.
var probes = map[string]probe{
	"Query.account(id)":                                     {name: "acme"},
	"Subscription.accountEvents(accountId)":                 {name: "acme"},
	"Query.checkPermissions(checks.accountId)":              {name: "acme"},
	"Query.checkPermissions(userId)":                        {name: "mia", operator: true, args: `userId: "?", checks: [{accountId: "$acme", permission: "tickets"}]`},
	"Query.introspectSession(accountId)":                    {name: "acme", operator: true, args: `token: "$session", accountId: "?"`},
	"Mutation.suspendAccount(input.accountId)":              {name: "acme", operator: true},
	"Mutation.reinstateAccount(input.accountId)":            {name: "acme", operator: true},
	"Query.explainPermission(accountId)":                    {name: "acme"},
	"Query.explainPermission(userId)":                       {name: "mia"},
	"Query.previewMemberPermissions(input.membershipId)":    {name: "mia_member"},
	"Query.previewMemberPermissions(input.roleIds)":         {name: "held"},
	"Query.previewMemberPermissions(input.subAccountIds)":   {name: "north"},
	"Account.memberships(roleId)":                           {name: "held", args: `roleId: "?"`},
	"Account.auditLog(filter.actorId)":                      {name: "olive", args: `filter: {actorId: "?"}`},
	"Account.auditLog(filter.targetId)":                     {name: "tom_member", args: `filter: {targetId: "?"}`},
	"Mutation.revokeSession(input.sessionId)":               {name: "olive_session"},
	"Mutation.finishPasskeyRegistration(input.ceremonyId)":  {name: "creating"},
	"Mutation.finishPasskeySignIn(input.ceremonyId)":        {name: "signing"},
	"Mutation.finishPasskeyProof(input.ceremonyId)":         {name: "proving"},
	"Mutation.renamePasskey(input.passkeyId)":               {name: "passkey"},
	"Mutation.removePasskey(input.passkeyId)":               {name: "passkey"},
	"Mutation.forgetDevice(input.deviceId)":                 {name: "olive_device"},
	"Mutation.switchAccount(input.accountId)":               {name: "acme"},
	"Mutation.setDefaultAccount(input.accountId)":           {name: "acme"},
	"Mutation.updateAccount(input.accountId)":               {name: "acme"},
	"Mutation.createSubAccount(input.parentId)":             {name: "acme"},
	"Mutation.closeAccount(input.accountId)":                {name: "acme"},
	"Mutation.reopenAccount(input.accountId)":               {name: "acme"},
	"Mutation.requestOwnershipTransfer(input.accountId)":    {name: "acme"},
	"Mutation.requestOwnershipTransfer(input.membershipId)": {name: "mia_member"},
	"Mutation.acceptOwnershipTransfer(input.transferId)":    {name: "transfer", as: "mia"},
	"Mutation.declineOwnershipTransfer(input.transferId)":   {name: "transfer", as: "mia"},
	"Mutation.cancelOwnershipTransfer(input.transferId)":    {name: "transfer"},
	"Mutation.createRole(input.accountId)":                  {name: "acme"},
	"Mutation.updateRole(input.roleId)":                     {name: "spare"},
	"Mutation.deleteRole(input.roleId)":                     {name: "spare"},
	"Mutation.updateMemberPermissions(input.membershipId)":  {name: "mia_member"},
	"Mutation.updateMemberPermissions(input.roleIds)":       {name: "held"},
	"Mutation.updateMemberPermissions(input.subAccountIds)": {name: "north"},
	"Mutation.deactivateMember(input.membershipId)":         {name: "mia_member"},
	"Mutation.setMemberAccessEnd(input.membershipId)":       {name: "mia_member"},
	"Mutation.reactivateMember(input.membershipId)":         {name: "tom_member"},
	"Mutation.removeMember(input.membershipId)":             {name: "mia_member"},
	"Mutation.leaveAccount(input.accountId)":                {name: "acme", as: "una"},
	"Mutation.inviteUsers(input.accountId)":                 {name: "acme"},
	"Mutation.inviteUsers(input.roleIds)":                   {name: "held", args: `input: {accountId: "$acme", emails: [{email: "new@example.com"}], roleIds: ["role_billing", "?"]}`},
	"Mutation.inviteUsers(input.subAccountIds)":             {name: "north", args: `input: {accountId: "$acme", emails: [{email: "new@example.com"}], subAccountAccess: SELECTED, subAccountIds: ["$south", "?"]}`},
	"Mutation.resendInvitation(input.invitationId)":         {name: "ivy_invitation"},
	"Mutation.resendInvitation(input.roleIds)":              {name: "held", args: `input: {invitationId: "$ivy_invitation", roleIds: ["?"]}`},
	"Mutation.resendInvitation(input.subAccountIds)":        {name: "north", args: `input: {invitationId: "$ivy_invitation", subAccountAccess: SELECTED, subAccountIds: ["?"]}`},
	"Mutation.cancelInvitation(input.invitationId)":         {name: "ivy_invitation"},
	"Mutation.acceptInvitation(input.invitationId)":         {name: "ivy_invitation", as: "ivy"},
	"Mutation.declineInvitation(input.invitationId)":        {name: "ivy_invitation", as: "ivy"},
	"Mutation.createContact(input.accountId)":               {name: "acme"},
	"Mutation.createContact(input.subAccountIds)":           {name: "north", args: `input: {accountId: "$acme", email: "fresh@example.com", subAccountAccess: SELECTED, subAccountIds: ["?"]}`},
	"Mutation.createContact(input.login.roleIds)":           {name: "held", args: `input: {accountId: "$acme", email: "fresh@example.com", login: {roleIds: ["?"]}}`},
	"Mutation.createContact(input.login.subAccountIds)":     {name: "north", args: `input: {accountId: "$acme", email: "fresh@example.com", login: {subAccountAccess: SELECTED, subAccountIds: ["?"]}}`},
	"Mutation.updateContact(input.contactId)":               {name: "books"},
	"Mutation.updateContact(input.subAccountIds)":           {name: "south", args: `input: {contactId: "$books", subAccountAccess: SELECTED, subAccountIds: ["?"]}`},
	"Mutation.updateContact(input.login.roleIds)":           {name: "held", args: `input: {contactId: "$books", login: {roleIds: ["?"]}}`},
	"Mutation.updateContact(input.login.subAccountIds)":     {name: "north", args: `input: {contactId: "$books", login: {subAccountAccess: SELECTED, subAccountIds: ["?"]}}`},
	"Mutation.deleteContact(input.contactId)":               {name: "books"},
	"Mutation.setContactPreferences(input.contactId)":       {name: "books"},
	"Mutation.revokeContactLogin(input.contactId)":          {name: "desk"},
	"Mutation.clearSuppression(input.contactId)":            {name: "gone"},
	"Mutation.requestContactVerification(input.contactId)":  {name: "books"},
	"Mutation.updateAccountPolicies(input.accountId)":       {name: "acme"},
	"Mutation.confirmAccessReview(input.accountId)":         {name: "acme"},
	"Mutation.linkIdentity(input.linkId)":                   {name: "link"},
	"Mutation.unlinkIdentity(input.identityId)":             {name: "olive_identity"},
	"Mutation.createApiToken(input.accountId)":              {name: "acme"},
	"Mutation.createApiToken(input.subAccountIds)":          {name: "north", args: `input: {accountId: "$acme", name: "Fresh", permissions: ["tickets"], subAccountAccess: SELECTED, subAccountIds: ["?"]}`},
	"Mutation.revokeApiToken(input.tokenId)":                {name: "machine"},
	"Mutation.createWebhook(input.accountId)":               {name: "acme"},
	"Mutation.updateWebhook(input.webhookId)":               {name: "hook"},
	"Mutation.rotateWebhookSecret(input.webhookId)":         {name: "hook"},
	"Mutation.pauseWebhook(input.webhookId)":                {name: "hook"},
	"Mutation.resumeWebhook(input.webhookId)":               {name: "hook"},
	"Mutation.deleteWebhook(input.webhookId)":               {name: "hook"},
	"Mutation.testWebhook(input.webhookId)":                 {name: "hook"},
	"Mutation.replayWebhookDelivery(input.deliveryId)":      {name: "call"},
	"Mutation.sendNotification(input.accountId)":            {name: "acme", operator: true},
	"Mutation.sendTestNotification(input.contactId)":        {name: "books"},
	"Mutation.retryDelivery(input.deliveryId)":              {name: "delivery"},
	"Account.notifications(filter.contactId)":               {name: "books", args: `filter: {contactId: "?"}`},
	"Mutation.setOwnerFallback(input.accountId)":            {name: "acme", args: `input: {accountId: "?", ownerFallback: true}`},
}

// idArguments lists every argument of the schema that takes an id, as
// Type.field(path).
func idArguments() (out []string) {
	var walk func(at string, typ *gql.Type, path string)
	walk = func(at string, typ *gql.Type, path string) {
		switch d := schema.Types[typ.Name()]; {
		case d.Name == "ID":
			out = append(out, at+"("+path+")")
		case d.Kind == gql.InputObject:
			for _, f := range d.Fields {
				walk(at, f.Type, path+"."+f.Name)
			}
		}
	}
	for _, d := range ours() {
		if d.Kind == gql.Object {
			for _, f := range fields(d) {
				for _, a := range f.Arguments {
					walk(d.Name+"."+f.Name, a.Type, a.Name)
				}
			}
		}
	}
	return out
}

// An id of another tenant answers like an id of nothing and like what is no id,
// for every argument of the schema, and leaves no trace.
//
// Invariant 14.
func TestForeignIDs(t *testing.T) {
	paths := idArguments()
	for path := range probes {
		if !slices.Contains(paths, path) {
			t.Errorf("%s is tried and takes no id", path)
		}
	}
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := twoHouses(t, d)
		restore := keep(t, d)
		for _, path := range paths {
			if strings.HasPrefix(path, "Query.node") {
				continue // TestNodes
			}
			p, ok := probes[path]
			if !ok {
				t.Errorf("%s takes an id; say how it is tried", path)
				continue
			}
			ask := func(who, it string) string {
				field, _, _ := strings.Cut(path, "(")
				args := p.args
				if args == "" {
					if args = strings.ReplaceAll(recipes[field].args, `"$`+p.name+`"`, `"?"`); !strings.Contains(args, "?") {
						t.Fatalf("%s: the recipe has no $%s", path, p.name)
					}
				}
				a := e.try(who, strings.ReplaceAll(e.fill(document(field, args)), "?", it))
				if it != "" {
					return strings.ReplaceAll(string(a.Body), it, "ID")
				}
				return string(a.Body)
			}
			own := e.names["$"+p.name]
			kind := id.Kind(own)
			foreign := e.names["$x"+p.name]
			others := map[string]string{
				"of nothing": id.New(kind), "cut short": foreign[:len(foreign)-1], "too long": foreign + "0",
				"in capitals": strings.ToUpper(foreign), "of another kind": "del_" + foreign[len(kind)+1:], "no id": "no id",
				"with a space": foreign + " ", "an injection": "' OR '1'='1", "of the wrong kind": e.names["$olive_session"], "a wildcard": kind + "_%",
			}
			if kind == id.Session {
				others["of the wrong kind"] = e.names["$acme"]
			}
			if !optional(path) {
				others["empty"] = ""
			}
			for _, who := range []string{"olive", "una", p.as} {
				if who == "" {
					continue
				}
				if p.operator {
					p.as = "system"
				}
				before := traceless(dbtest.Dump(t, d))
				want := ask(who, foreign)
				for _, what := range slices.Sorted(maps.Keys(others)) {
					if got := ask(who, others[what]); got != want {
						t.Errorf("%s, by %s: an id %s is told from one of another tenant\n%s", path, who, what, cmp.Diff(want, got))
					}
				}
				if strings.Contains(want, "FORBIDDEN") {
					restore() // a member's refused attempt is in the history of their own account
				} else if diff := cmp.Diff(before, traceless(dbtest.Dump(t, d))); diff != "" {
					t.Errorf("%s, by %s: a refused request left a trace\n%s", path, who, diff)
				}
				// The probe is worth something only if an own id does differ.
				if p.as == who || p.as == "" && who == "olive" {
					if got := ask(who, own); got == want {
						t.Errorf("%s, by %s: an own id answers like a foreign one: %s", path, who, got)
					}
					restore()
				}
			}
			if p.operator {
				if got := ask("system", own); got == ask("system", others["of nothing"]) {
					t.Errorf("%s: an operator gets the same for what there is and for nothing: %s", path, got)
				}
				restore()
			}
		}
	})
}

// optional reports whether an argument is one for which the empty string means
// that it was left out.
func optional(path string) bool {
	return slices.Contains([]string{"Query.explainPermission(userId)", "Query.checkPermissions(userId)", "Query.introspectSession(accountId)", "Account.memberships(roleId)",
		"Account.auditLog(filter.actorId)", "Account.auditLog(filter.targetId)", "Account.notifications(filter.contactId)"}, path)
}

// document asks for a field with arguments.
func document(field, args string) string {
	typ, name, _ := strings.Cut(field, ".")
	f := schema.Types[typ].Fields.ForName(name)
	text := name + "(" + args + ")"
	switch d := schema.Types[f.Type.Name()]; {
	case d.Fields.ForName("errors") != nil:
		text += " { errors { code message field } }"
	case d.Fields.ForName("nodes") != nil:
		text += " { nodes { __typename } pageInfo { hasNextPage } }"
	case d.Fields.ForName("allowed") != nil:
		text += " { allowed reason }"
	case d.Fields.ForName("active") != nil:
		text += " { active accountId }"
	case d.IsCompositeType():
		text += " { __typename }"
	}
	switch typ {
	case "Mutation":
		return "mutation { " + text + " }"
	case "Subscription":
		return "subscription { " + text + " }"
	case "Account":
		return `{ account(id: "$acme") { ` + text + " } }"
	}
	return "{ " + text + " }"
}

// traceless leaves out of a dump what any request may write: budgets, and when a
// session was last seen.
func traceless(dump string) []string {
	var out []string
	for line := range strings.Lines(dump) {
		if !strings.HasPrefix(line, "budgets.") && !strings.HasPrefix(line, "sessions.last_seen_at=") && !strings.HasPrefix(line, "kept_") {
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out
}

// Every kind of node of another tenant is null, alone and in a list, and an own
// one comes.
//
// Invariant 15.
func TestNodes(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := twoHouses(t, d)
		for _, who := range []string{"olive", "adam", "bill", "una", "dora", "sue", "machine", "narrow machine"} {
			var ids []string
			for _, n := range slices.Sorted(maps.Keys(e.names)) {
				if strings.HasPrefix(n, "$x") && id.Kind(e.names[n]) != "" {
					ids = append(ids, e.names[n])
				}
			}
			if len(ids) < 20 {
				t.Fatalf("only %d foreign objects", len(ids))
			}
			a := e.Ask(who, `query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }`, map[string]any{"ids": ids})
			list, ok := a.Get("data.nodes").([]any)
			if !ok || len(list) != len(ids) {
				t.Fatalf("%s: %s", who, a.Body)
			}
			for i, n := range list {
				if n != nil {
					t.Errorf("%s sees %s of another tenant: %v", who, ids[i], n)
				}
				if n := e.Ask(who, `query($id: ID!) { node(id: $id) { __typename } }`, map[string]any{"id": ids[i]}); n.Get("data.node") != nil || len(n.Codes()) > 0 {
					t.Errorf("%s sees %s of another tenant: %s", who, ids[i], n.Body)
				}
			}
		}
		own := 0
		for _, k := range kinds {
			if a := e.Ask("olive", e.fill(`{ nodes(ids: ["`+k.args+`"]) { __typename } }`), nil); a.String("data.nodes.0.__typename") != "" {
				own++
			}
		}
		if want := len(kinds) - 1; own != want { // a person has no node but their own
			t.Errorf("%d kinds of own nodes come, not %d", own, want)
		}
	})
}

// A cursor is of one list. An altered one, and one of any other list, account or
// viewer, is refused and gives no rows.
//
// Invariant 16.
func TestCursors(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := twoHouses(t, d)
		e.Account("olive", "Second")
		cursor := map[string]string{}
		find := func(at, who, prefix, open string) {
			for _, f := range fields(schema.Types[at]) {
				if !strings.HasSuffix(f.Type.Name(), "Connection") {
					continue
				}
				ask := func(after string) lab.Answer {
					args := "first: 1"
					if r := recipes[at+"."+f.Name]; r.args != "" {
						args += ", " + r.args
					}
					text, _ := json.Marshal(after)
					if after != "" {
						args += ", after: " + string(text)
					}
					return e.Ask(who, e.fill(open+" { "+f.Name+"("+args+") { nodes { __typename } pageInfo { endCursor hasNextPage } } } }"), nil)
				}
				name := prefix + f.Name
				c := ""
				var seek func(v any)
				seek = func(v any) {
					m, _ := v.(map[string]any)
					for k, v := range m {
						if s, ok := v.(string); ok && k == "endCursor" {
							c = s
						}
						seek(v)
					}
				}
				first := ask("")
				if seek(first.Get("data")); c == "" {
					if prefix == "sub " {
						continue // a sub-account has not all of it
					}
					t.Errorf("%s has no cursor: %s", name, first.Body)
					continue
				}
				if cursor[name] = c; prefix != "" {
					continue // another's, to be refused below
				}
				if a := ask(c); len(a.Codes()) > 0 {
					t.Errorf("%s refuses its own cursor: %s", name, a.Body)
				}
				bad := []string{c[:len(c)-1], c[1:], c + "A", c + "=", c + c, " " + c, c + "\n", "A", "!", strings.ToLower(c) + "x", "null", e.names["$acme"]}
				for i := range c {
					for _, r := range "A_9" {
						if changed := c[:i] + string(r) + c[i+1:]; changed != c {
							bad = append(bad, changed)
						}
					}
				}
				for other, foreign := range cursor {
					if other != name {
						bad = append(bad, foreign)
					}
				}
				for _, b := range bad {
					if a := ask(b); !slices.Equal(a.Codes(), []string{"BAD_INPUT"}) || strings.Contains(string(a.Body), "__typename") {
						t.Errorf("%s takes %q: %s", name, b, a.Body)
					}
				}
			}
		}
		find("Account", "xolive", "foreign ", `{ account(id: "$xacme")`)
		find("Account", "olive", "sub ", `{ account(id: "$north")`)
		find("Viewer", "xolive", "foreign viewer ", "{ viewer")
		find("Account", "olive", "", `{ account(id: "$acme")`)
		find("Viewer", "olive", "", "{ viewer")
		find("Account", "olive", "", `{ account(id: "$acme")`) // now with the cursors of all lists
	})
}

// serverOwned are names of what only the server decides. An input that does not
// have one of them refuses it.
var serverOwned = []string{"id", "verified", "emailVerified", "role", "isOwner", "isAdmin", "admin", "owner", "ownerId", "ownerUserId", "userId",
	"accountId", "state", "createdAt", "updatedAt", "invitedBy", "grantedBy", "actorId", "tokenHash", "passwordHash", "provedAt", "predefined",
	"suspendedReason", "sends", "generation", "effectivePermissions", "all_permissions"}

// Every input refuses fields that are not its own, in the document and in
// variables, and nothing is done.
//
// Invariant 21.
func TestUnknownInput(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := twoHouses(t, d)
		before := traceless(dbtest.Dump(t, d))
		tried := 0
		for _, m := range fields(schema.Mutation) {
			if len(m.Arguments) == 0 {
				continue
			}
			args := e.fill(strings.ReplaceAll(recipes["Mutation."+m.Name].args, "$token", "none"))
			open := strings.TrimSuffix(strings.TrimPrefix(args, "input: {"), "}")
			input := schema.Types[m.Arguments[0].Type.Name()]
			for _, name := range serverOwned {
				if input.Fields.ForName(name) != nil {
					continue
				}
				for _, value := range []string{"true", `"ACTIVE"`, "null"} {
					tried++
					a := e.Ask("olive", fmt.Sprintf("mutation { %s(input: {%s, %s: %s}) { __typename } }", m.Name, open, name, value), nil)
					if !slices.Equal(a.Codes(), []string{"GRAPHQL_VALIDATION_FAILED"}) || a.Get("data") != nil {
						t.Errorf("%s takes %s: %s", m.Name, name, a.Body)
					}
				}
				tried++
				a := e.Ask("olive", fmt.Sprintf("mutation($input: %s) { %s(input: $input) { __typename } }", m.Arguments[0].Type, m.Name),
					map[string]any{"input": map[string]any{name: true}})
				if len(a.Codes()) != 1 || a.Get("data") != nil {
					t.Errorf("%s takes %s in a variable: %s", m.Name, name, a.Body)
				}
			}
		}
		if tried < 2000 {
			t.Errorf("only %d inputs were tried", tried)
		}
		if diff := cmp.Diff(before, traceless(dbtest.Dump(t, d))); diff != "" {
			t.Errorf("a refused input left a trace\n%s", diff)
		}
	})
}

// eyes are those who look at everything, each at an account, with the letter of
// their column.
var eyes = []struct{ letter, who, account, what string }{
	{"O", "olive", "$acme", "owner"},
	{"A", "adam", "$acme", "administrator, all sub-accounts"},
	{"B", "bill", "$acme", "billing"},
	{"U", "una", "$acme", "user without permissions"},
	{"P", "pia", "$acme", "user with profile"},
	{"M", "uma", "$acme", "manager of people: users"},
	{"C", "carl", "$acme", "user with contacts"},
	{"H", "aude", "$acme", "user with audit"},
	{"E", "emma", "$acme", "user with emails"},
	{"N", "mia", "$acme", "nominee of a transfer, read-only"},
	{"D", "dora", "$acme", "deactivated administrator"},
	{"S", "sue", "$north", "manages people, contacts and history of a sub-account, looking at that"},
	{"T", "adam", "$north", "administrator, looking at a sub-account"},
	{"I", "ivy", "$acme", "invited person, who has not answered"},
	{"X", "xolive", "$acme", "owner of another account"},
	{"Y", "system", "$xacme", "operator token with every power, looking at another account"},
	{"K", "machine", "$acme", "API token for everything, in all sub-accounts"},
	{"J", "machine", "$north", "the same, looking at a sub-account"},
	{"L", "narrow machine", "$acme", "API token for contacts, and those of a sub-account"},
	{"-", lab.Nobody, "$acme", "nobody"},
}

// lookArgs are arguments for looking at everything.
var lookArgs = map[string]string{
	"Viewer.memberships":  `first: 4`,
	"Account.memberships": `first: 4, search: "mia@"`, "Account.people": `first: 6, search: "i"`, "Account.contacts": `first: 4`,
	"Account.invitations": `first: 4`, "Account.subAccounts": `first: 4`, "Account.recipients": `first: 9, category: "invoice"`,
	"Account.auditLog": `first: 100`, "Account.apiTokens": `first: 10`, "Account.webhooks": `first: 10`, "Webhook.deliveries": `first: 3`, "Account.viewerCan": `permission: "tickets"`,
	"Account.notifications": `first: 4`, "Notification.deliveries": `first: 3`,
}

// selection selects a field with everything that can be reached from it, each type
// once on every way. It is empty for a field that is left out there.
func selection(d *gql.Definition, f *gql.FieldDefinition, way []string) string {
	object := schema.Types[f.Type.Name()]
	again := slices.Contains(way[:len(way)-1], d.Name)
	switch {
	case again && (f.Name == "totalCount" || object.IsCompositeType()):
		return ""
	case f.Type.NonNull && strings.HasPrefix(f.Name, "viewer") && len(way) > 2:
		return "" // where it is refused, it would hide what stands beside it
	case f.Name == "edges":
		return "edges { cursor }"
	case !object.IsCompositeType():
		return head(d, f)
	}
	text := "__typename"
	for _, below := range fields(object) {
		if t := selection(object, below, append(slices.Clone(way), object.Name)); t != "" {
			text += " " + t
		}
	}
	return head(d, f) + " { " + text + " }"
}

// head is a field with the arguments for looking at it.
func head(d *gql.Definition, f *gql.FieldDefinition) string {
	if args := lookArgs[d.Name+"."+f.Name]; args != "" {
		return f.Name + "(" + args + ")"
	}
	return f.Name
}

// look asks for a field and everything below it, in pieces if it is too much at
// once. frame puts the field into a document.
func look(d *gql.Definition, f *gql.FieldDefinition, way []string, frame func(string) string, ask func(string) (tooMuch bool)) {
	text := selection(d, f, way)
	if text == "" || !ask(frame(text)) {
		return
	}
	object := schema.Types[f.Type.Name()]
	always := "__typename"
	if object.Fields.ForName("id") != nil {
		always += " id"
	}
	for _, below := range fields(object) {
		look(object, below, append(slices.Clone(way), object.Name), func(text string) string {
			return frame(head(d, f) + " { " + always + " " + text + " }")
		}, ask)
	}
}

// sight is what somebody saw: the paths of all values that are there, and the
// objects that were met on each path.
type sight struct {
	leaves  map[string]bool
	fields  map[string]bool   // Type.field
	objects map[string]string // path and type to the id of the last one there
	cut     map[string]bool   // the pages that are not whole
	bodies  []string
}

func (s *sight) take(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if one, ok := v["id"].(string); ok {
			s.objects[path+" "+fmt.Sprint(v["__typename"])] = one
		}
		for k, value := range v {
			if k == "hasNextPage" && value == true {
				s.cut[path] = true
			}
			if k != "__typename" {
				s.fields[fmt.Sprint(v["__typename"])+"."+k] = s.fields[fmt.Sprint(v["__typename"])+"."+k] || value != nil
				s.take(path+"."+k, value)
			}
		}
	case []any:
		for _, v := range v {
			s.take(path, v)
		}
	case nil:
	default:
		s.leaves[path] = true
	}
}

// see lets somebody look at everything.
func (e *estate) see(t *testing.T, who, account string) *sight {
	s := &sight{leaves: map[string]bool{}, fields: map[string]bool{}, objects: map[string]string{}, cut: map[string]bool{}}
	from := func(root, at, open, shut string, d *gql.Definition) {
		way := []string{"Account"}
		if d.Name != "Account" {
			way = append(way, d.Name)
		}
		for _, f := range fields(d) {
			look(d, f, way, func(text string) string { return open + " { __typename " + text + shut }, func(text string) bool {
				a := e.Ask(who, e.fill(text), nil)
				if slices.Equal(a.Codes(), []string{"QUERY_LIMIT_EXCEEDED"}) {
					return true
				}
				if _, ok := a.Get("data").(map[string]any); !ok || slices.Contains(a.Codes(), "INTERNAL") {
					t.Fatalf("%s cannot look at %s: %s\n%s", who, root, a.Body, text)
				}
				s.bodies = append(s.bodies, string(a.Body))
				s.take(root, a.Get("data."+at))
				return false
			})
		}
	}
	from("viewer", "viewer", "{ viewer", " } }", schema.Types["Viewer"])
	from("account", "account", `{ account(id: "`+account+`")`, " } }", schema.Types["Account"])
	for _, n := range schema.PossibleTypes["Node"] {
		if n.Name == "Account" {
			continue // seen already
		}
		from("node("+n.Name+")", "node", `{ node(id: "`+kinds[n.Name].args+`") { ... on `+n.Name, " } } }", n)
	}
	for _, q := range []string{
		`checkPermissions(checks: [{accountId: "` + account + `", permission: "tickets"}])`,
		`explainPermission(accountId: "` + account + `", permission: "tickets", userId: "$mia")`,
		`permissionCatalog`, `introspectSession(token: "$session", accountId: "$acme")`, `introspectSession(token: "$machine_secret")`, `apiToken`,
		recipes["Query.previewMemberPermissions"].document("previewMemberPermissions"),
	} {
		name := regexp.MustCompile(`^\w+`).FindString(q)
		from(name, name, "{ "+q, " } }", schema.Types[schema.Query.Fields.ForName(name).Type.Name()])
	}
	return s
}

func (r recipe) document(field string) string { return field + "(" + r.args + ")" }

// beyond are the ways on which an object is met that cannot be asked for by its
// id, each for a reason.
var beyond = []struct{ way, why string }{
	{` (User|EventActor)$`, "of other people nothing is shown but what they are called, where they took part in something"},
	{` InvitingAccount$`, "an invited person sees id and name of the account and nothing else"},
	{`^viewer\.memberships\.nodes\.account Account$`, "the switcher lists closed accounts and deactivated memberships, with the reason"},
	{`^account\.people\.nodes\.roles Role$|^explainPermission\.grants\.role Role$`, "in a sub-account, what the roles of those who reach it through its parent give"},
	{`^viewer\.memberships\.nodes\.roles Role$|^node\(Membership\)\.roles Role$`, "one's own roles in an account that one is kept out of"},
	{`\.identities Identity$`, "one's own list, each of which leads nowhere"},
	{`^viewer\.invitations\.roles Role$|^node\(Invitation\)\.roles Role$`, "what is offered, before one belongs to the account"},
}

// onlyPayload are types that only the answer of a mutation has, or a link, or half a
// session.
var onlyPayload = map[string]bool{"PendingSignIn": true, "InviteResult": true, "RiskWarning": true, "InvitationPreview": true, "UserError": true, "PendingLink": true,
	"ReaderPreferences": true, "ReaderCategory": true, "WebhookTestResult": true}

// listened are types that only who listens is told: see TestLiveAccount, and TestLiveActions
// for who is.
var listened = map[string]bool{"Subscription": true, "LiveEvent": true}

// never are fields that are null in an active account of a company that wants
// nothing read.
var never = []string{"Account.suspendedReason", "Account.closedAt", "PermissionCatalog.notice"}

const fieldHeading = `# What each role sees of what the schema has.
#
# Each row is a value that can be reached from the viewer, an account, or a node by
# its id. It shows those who get one; for everybody else it is null or refused.
#
`

// Everybody looks at everything. What they get is what testdata/fields.txt says;
// nothing that they meet on the way is refused when asked for by its id; and no
// secret is in any answer.
//
// Invariants 15, 20.
func TestFields(t *testing.T) {
	const file = "testdata/fields.txt"
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := twoHouses(t, d)
		app, secrets := secure(e.World, "bill")
		secrets = append(secrets, app, strings.ReplaceAll(app, " ", ""))
		for _, u := range d.Client.User.Query().AllX(t.Context()) {
			secrets = append(secrets, u.PasswordHash)
		}
		for _, s := range d.Client.Session.Query().AllX(t.Context()) {
			secrets = append(secrets, s.TokenHash)
		}
		for _, k := range d.Client.APIToken.Query().AllX(t.Context()) {
			secrets = append(secrets, k.TokenHash)
		}
		secrets = append(secrets, e.names["$invited"], e.names["$report"], "argon2", "#token=", "whsec_")
		for _, eye := range eyes {
			if eye.who != lab.Nobody {
				secrets = append(secrets, e.Person(eye.who).Token)
			}
		}
		seen, there, needed := map[string]string{}, map[string]bool{}, map[string]bool{}
		for _, eye := range eyes {
			s := e.see(t, eye.who, eye.account)
			for leaf := range s.leaves {
				seen[leaf] += eye.letter
			}
			if len(s.cut) > 0 {
				t.Errorf("%s sees only the first of %v, which one is chance: ask for more", eye.who, slices.Sorted(maps.Keys(s.cut)))
			}
			for f, is := range s.fields {
				there[f] = there[f] || is
			}
			for _, body := range s.bodies {
				for _, secret := range secrets {
					if secret != "" && strings.Contains(body, secret) {
						t.Errorf("%s sees the secret %.12s…: %s", eye.who, secret, body)
					}
				}
			}
			e.direct(t, eye.who, s.objects, needed)
		}
		for _, b := range beyond {
			if !needed[b.way] {
				t.Errorf("nobody is refused anything on %s any more; the exception can go", b.way)
			}
		}
		for _, d := range ours() {
			if d.Kind != gql.Object || d == schema.Query || d == schema.Mutation || onlyPayload[d.Name] || listened[d.Name] || strings.HasSuffix(d.Name, "Payload") || strings.HasSuffix(d.Name, "Edge") {
				continue
			}
			for _, f := range fields(d) {
				if what := d.Name + "." + f.Name; !there[what] && !slices.Contains(never, what) {
					t.Errorf("nobody sees %s: put one into the house", what)
				}
			}
		}
		var out strings.Builder
		out.WriteString(fieldHeading)
		for _, eye := range eyes {
			fmt.Fprintf(&out, "#   %s  %s\n", eye.letter, eye.what)
		}
		out.WriteString("#\n")
		for _, leaf := range slices.Sorted(maps.Keys(seen)) {
			cells := ""
			for _, eye := range eyes {
				cells += string(map[bool]string{true: eye.letter, false: "."}[strings.Contains(seen[leaf], eye.letter)])
			}
			fmt.Fprintf(&out, "%s  %s\n", cells, leaf)
		}
		if *update {
			if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		if diff := cmp.Diff(strings.Split(read(t, file), "\n"), strings.Split(out.String(), "\n")); diff != "" {
			t.Errorf("%s differs; look at each line before -update\n%s", file, diff)
		}
	})
}

// direct asks by its id for every object that was met on the way, and notes which
// exceptions it needed.
func (e *estate) direct(t *testing.T, who string, objects map[string]string, needed map[string]bool) {
	t.Helper()
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(objects)), 100) {
		var ids []string
		for _, way := range chunk {
			ids = append(ids, objects[way])
		}
		a := e.Ask(who, `query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }`, map[string]any{"ids": ids})
		for i, way := range chunk {
			if a.Get(fmt.Sprintf("data.nodes.%d", i)) != nil {
				continue
			}
			excused := false
			for _, b := range beyond {
				if regexp.MustCompile(b.way).MatchString(way) {
					excused, needed[b.way] = true, true
				}
			}
			if !excused {
				t.Errorf("%s meets %s on %s, and is refused it by its id", who, ids[i], way)
			}
		}
	}
}

// Who has left gets nothing more by repeating what they once asked for with an
// idempotency key, and neither does who lost the permission.
//
// Invariants 5, 18.
func TestRepeatedAfterRemoval(t *testing.T) {
	requests := map[string]string{
		"createRole":       `input: {accountId: "$acme", name: "Fresh", permissions: [], idempotencyKey: "k"}) { role { id name } `,
		"inviteUsers":      `input: {accountId: "$acme", emails: [{email: "new@example.com"}], sendEmail: false, idempotencyKey: "k"}) { results { link invitation { email } } `,
		"createContact":    `input: {accountId: "$acme", email: "fresh@example.com", notes: "secret", idempotencyKey: "k"}) { contact { notes } `,
		"createSubAccount": `input: {parentId: "$acme", name: "East", idempotencyKey: "k"}) { account { name } `,
		"createApiToken":   `input: {accountId: "$acme", name: "Fresh", permissions: ["tickets"], idempotencyKey: "k"}) { apiToken { name } `,
		"createWebhook":    `input: {accountId: "$acme", url: "https://fresh.example/", events: ["contact.*"], notifications: false, idempotencyKey: "k"}) { webhook { url } `,
	}
	for _, lost := range []struct{ how, operation, code string }{
		{"removed", `mutation { removeMember(input: {membershipId: "$adam_member"}) { errors { code } } }`, "NOT_FOUND"},
		{"demoted", `mutation { updateMemberPermissions(input: {membershipId: "$adam_member", version: 1, roleIds: [], permissions: [], subAccountAccess: NONE}) { errors { code } } }`, "FORBIDDEN"},
	} {
		t.Run(lost.how, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				e := &estate{lab.New(t, d), map[string]string{}}
				e.house("")
				ask := func(name string) lab.Answer {
					return e.Ask("adam", e.fill("mutation { "+name+"("+requests[name]+" errors { code } } }"), nil)
				}
				for name := range requests {
					first, again := ask(name), ask(name)
					if shown := map[string]string{"createApiToken": "apiToken.name", "createWebhook": "webhook.url"}[name]; shown != "" { // which say so
						if shown = "data." + name + "." + shown; first.String(shown) == "" || first.String(shown) != again.String(shown) || !slices.Equal(again.Codes(), []string{"CONFLICT"}) {
							t.Errorf("the same request again shows something: %s", again.Body)
						}
					} else if len(first.Codes()) > 0 || string(first.Body) != string(again.Body) {
						t.Errorf("%s: the same request again answers otherwise\n%s\n%s", name, first.Body, again.Body)
					}
				}
				e.mustAsk("olive", lost.operation)
				for name := range requests {
					if a := ask(name); !slices.Equal(a.Codes(), []string{lost.code}) {
						t.Errorf("%s, by somebody %s: %s", name, lost.how, a.Body)
					}
				}
			})
		})
	}
}

// Whoever manages the people of a sub-account by way of its parent cannot give
// themselves a membership of their own, which would outlast what gave it.
//
// Invariant 11.
func TestNobodyInvitesThemself(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := &estate{lab.New(t, d), map[string]string{}}
		e.house("")
		a := e.mustAsk("adam", `mutation { inviteUsers(input: {accountId: "$north", emails: [{email: "adam@example.com"}, {email: "new@example.com"}]}) { results { outcome } errors { code } } }`)
		if got := a.String("data.inviteUsers.results.0.outcome"); got != "SKIPPED_ALREADY_MEMBER" {
			t.Errorf("adam invites himself: %s", got)
		}
		if got := a.String("data.inviteUsers.results.1.outcome"); got != "SENT" {
			t.Errorf("adam invites somebody else: %s", got)
		}
	})
}
