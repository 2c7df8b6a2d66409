package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"tenantry/ent"
	"tenantry/graph"
	"tenantry/internal/access"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/invite"
	"tenantry/internal/lab"
	"tenantry/internal/notify"
	"tenantry/internal/permission"
	"tenantry/internal/role"
	"tenantry/internal/token"
	"tenantry/internal/webhook"
)

// portfolio is a world in which everything that a list can show is there as
// often as was asked for.
type portfolio struct {
	*lab.World
	t *testing.T
	// account is where olive is the owner, others are where she is a member.
	account *ent.Account
	others  []*ent.Account
	asked   int
}

func newPortfolio(t *testing.T, d *db.DB) *portfolio {
	p := &portfolio{World: lab.New(t, d), t: t}
	p.account = p.Account("olive", "Olive")
	p.count(`mutation($a: ID!) { switchAccount(input: {accountId: $a, remember: true}) { permissions } }`)
	return p
}

func (p *portfolio) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// grow adds rows to every list until there are n.
func (p *portfolio) grow(n int) {
	for i := len(p.others); i < n; i++ {
		p.add(i)
	}
	p.Settle()
}

func (p *portfolio) add(i int) {
	ctx, olive := context.Background(), p.Actor("olive")
	sub := p.Sub("olive", p.account, fmt.Sprint("Sub ", i))
	given := []string{"domains.view", sub.ID}
	if i < 50 { // which is all that an account may have
		r, _, err := p.Roles.Create(ctx, olive, role.Draft{AccountID: p.account.ID, Name: fmt.Sprint("Role ", i), Type: permission.User,
			Permissions: []permission.Key{"tickets"}})
		p.must(err)
		given = append(given, r.ID)
	}
	if i < token.MaxAPI {
		p.Program(fmt.Sprint("program", i), "olive", p.account, "contacts", sub.ID)
	}
	if i < webhook.Max {
		_, err := p.Webhooks.Create(ctx, olive, webhook.Draft{AccountID: p.account.ID, URL: fmt.Sprintf("https://hooks.example/%d", i), Events: []string{"notification.sent"}})
		p.must(err)
	}
	member := fmt.Sprint("member", i)
	p.Person(member)
	m := p.Member(p.account, member, given...)
	offer := access.Offer{RoleIDs: []string{"role_support"}, Scope: permission.ScopeSelected, SubAccounts: []string{sub.ID}}
	p.invite("olive", p.account, fmt.Sprint("guest", i), offer)
	email, scope := fmt.Sprintf("contact%d@example.com", i), permission.ScopeSelected
	wants := []permission.Preference{} // three get what is sent
	if i < 3 {
		wants = append(wants, permission.Preference{Channel: permission.Email, Categories: []permission.CategoryKey{"invoice", "general", "product", "domain", "maintenance"}})
	}
	c, err := p.Contacts.Create(ctx, olive, p.account.ID, contact.Details{Email: &email, Scope: &scope, SubAccounts: []string{sub.ID},
		Preferences: wants, Login: &contact.Login{Offer: offer}}, "")
	p.must(err)
	_, err = p.Notify.Submit(ctx, access.Company("operator"), notify.Draft{AccountID: p.account.ID, Category: "invoice", Subject: fmt.Sprint("Invoice ", i), Text: "Attached."})
	p.must(err)
	if i%2 == 0 {
		p.DB.Client.Contact.UpdateOneID(c.ContactID).SetMembershipID(m.ID).ExecX(ctx)
	}

	// And elsewhere olive is a member, is to be the owner, and is invited.
	stranger := fmt.Sprint("stranger", i)
	other := p.Account(stranger, fmt.Sprint("Other ", i))
	p.Sub(stranger, other, fmt.Sprint("Sub of other ", i))
	r, _, err := p.Roles.Create(ctx, p.Actor(stranger), role.Draft{AccountID: other.ID, Name: "Helper", Type: permission.Admin,
		Permissions: []permission.Key{"users", "contacts", "audit", "profile", "emails", "developer"}, Acknowledged: true})
	p.must(err)
	_, err = p.Accounts.RequestTransfer(ctx, p.Actor(stranger), other.ID, p.Member(other, "olive", r.ID, "ALL").ID)
	p.must(err)
	p.invite(stranger, p.Account(stranger, fmt.Sprint("Inviting ", i)), "olive", access.Offer{RoleIDs: []string{"role_support"}, Scope: permission.ScopeNone})
	p.SignIn(p.Person("olive").User)
	p.others = append(p.others, other)
}

func (p *portfolio) invite(by string, a *ent.Account, who string, o access.Offer) {
	_, _, err := p.Invites.Invite(context.Background(), p.Actor(by), invite.Draft{AccountID: a.ID, SendEmail: true, Offer: o,
		Invitees: []invite.Invitee{{Email: who + "@example.com"}}})
	p.must(err)
}

// count puts an operation as olive and returns the statements that it took, and
// nil for one that nobody may ask for since it is too dear.
func (p *portfolio) count(query string) []string {
	p.t.Helper()
	if c := p.ask(query); c != nil {
		return c.Texts()
	}
	return nil
}

// ask has olive ask for something and returns what that asked of the database, or
// nil if it is more than one may ask for at once.
func (p *portfolio) ask(query string) *db.Counter {
	p.t.Helper()
	return p.askAs("olive", query)
}

func (p *portfolio) askAs(who, query string) *db.Counter {
	p.t.Helper()
	p.asked++
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables(p.account.ID, query, fmt.Sprint("new", p.asked))})
	p.must(err)
	ctx, counter := db.CountStatements(context.Background())
	r := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body)).WithContext(ctx)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.Person(who).Token)
	a := p.Do(r)
	if slices.Equal(a.Codes(), []string{"QUERY_LIMIT_EXCEEDED"}) {
		return nil
	}
	if a.Status != 200 || len(a.Codes()) > 0 {
		p.t.Errorf("%s\nwas answered %d %s", query, a.Status, a.Body)
	}
	return counter
}

// least returns the fewest statements that an operation takes: fields that are
// resolved side by side may both read what one of them would have kept.
func (p *portfolio) least(query string) int {
	return min(len(p.count(query)), len(p.count(query)), len(p.count(query)))
}

// The reads and writes that speed is measured with, in the words of bench.
var measured = []struct{ name, query string }{
	{"R1 who am I", benched("r1")},
	{"R2 start of the dashboard", benched("r2")},
	{"R3 people page", benched("r3")},
	{"R4 contacts page", benched("r4")},
	{"R5 one permission", benched("r5")},
	{"W1 switchAccount", benched("w1")},
	{"W2 createContact", benched("w2")},
	{"W3 inviteUsers, 10 addresses", benched("w3")},
}

// benched returns the text of an operation that bench measures.
func benched(name string) string {
	b, err := os.ReadFile("../bench/documents/" + name + ".graphql")
	if err != nil {
		panic(err)
	}
	return string(b)
}

// variables are what the operations of this file ask with; once is a word that no
// other request has, for addresses that must be new.
func variables(accountID, query, once string) map[string]any {
	out := map[string]any{"a": accountID, "account": accountID, "permission": "invoices"}
	switch {
	case strings.Contains(query, "$input: CreateContactInput!"):
		out["input"] = map[string]any{"accountId": accountID, "email": "contact." + once + "@example.com", "firstName": "Nora", "lastName": "Lind", "phone": "+49301234567",
			"preferences": []any{map[string]any{"channel": "EMAIL", "categories": []string{"invoice", "support"}}}}
	case strings.Contains(query, "$input: InviteUsersInput!"):
		var ten []any
		for i := range 10 {
			ten = append(ten, map[string]any{"email": fmt.Sprintf("guest.%s.%d@example.com", once, i), "name": "Nora Lind"})
		}
		out["input"] = map[string]any{"accountId": accountID, "emails": ten, "roleIds": []string{"role_support"}}
	}
	return out
}

// TestStatements keeps how many statements each measured operation takes in
// testdata/statements.txt: the same on both databases, and for 1, 10 and 100
// rows. Statements are counted without BEGIN and COMMIT.
func TestStatements(t *testing.T) {
	const golden = "testdata/statements.txt"
	kept, err := os.ReadFile(golden)
	if err != nil && !*update {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPortfolio(t, d)
		got := map[string][]int{}
		last := map[string][]string{}
		for _, n := range []int{1, 10, 100} {
			p.grow(n)
			for _, m := range measured {
				p.count(m.query) // what is kept in memory is there from now on
				last[m.name] = p.count(m.query)
				got[m.name] = append(got[m.name], len(last[m.name]))
			}
		}
		var out strings.Builder
		for _, m := range measured {
			fmt.Fprintf(&out, "%s: %d\n", m.name, got[m.name][0])
			if c := slices.Compact(slices.Clone(got[m.name])); len(c) > 1 {
				t.Errorf("%s: %v statements for 1, 10 and 100 rows; at last\n%s", m.name, got[m.name], strings.Join(last[m.name], "\n"))
			}
		}
		if *update {
			p.must(os.WriteFile(golden, []byte(out.String()), 0o644))
		} else if out.String() != string(kept) {
			t.Errorf("the statements differ\n got:\n%s\nwant:\n%s", &out, kept)
		}
	})
}

// What a write does travels together: the session is read, then what decides, and then
// all that is written goes with the commit.
func TestWaits(t *testing.T) {
	p := newPortfolio(t, dbtest.Postgres(t))
	p.grow(1)
	want := map[string]int{"W1 switchAccount": 2, "W2 createContact": 2, "W3 inviteUsers, 10 addresses": 3}
	for _, m := range measured {
		n, known := want[m.name]
		if !known {
			continue
		}
		delete(want, m.name)
		p.count(m.query) // what is kept in memory is there from now on
		if c := p.ask(m.query); c.Waits() != n {
			t.Errorf("%s waited %d times, want %d, with\n%s", m.name, c.Waits(), n, strings.Join(c.Texts(), "\n"))
		}
	}
	if len(want) > 0 {
		t.Errorf("%v is not measured", want)
	}
}

// lists are the lists of the schema: each is asked with every field of its
// elements, and with every field of theirs.
var lists = []struct{ path, element string }{
	{"account(id: $a) { subAccounts(first: 5) { nodes {", "Account"},
	{"account(id: $a) { memberships(first: 5) { nodes {", "Membership"},
	{"account(id: $a) { people(first: 5) { nodes {", "Person"},
	{"account(id: $a) { invitations(first: 5) { nodes {", "Invitation"},
	{"account(id: $a) { contacts(first: 5) { nodes {", "Contact"},
	{"account(id: $a) { recipients(category: \"invoice\", first: 5) { nodes {", "Recipient"},
	{"account(id: $a) { notifications(first: 5) { nodes {", "Notification"},
	{"account(id: $a) { auditLog(first: 5) { nodes {", "Event"},
	{"account(id: $a) { apiTokens(first: 5) { nodes {", "ApiToken"},
	{"account(id: $a) { webhooks(first: 5) { nodes {", "Webhook"},
	{"account(id: $a) { roles {", "Role"},
	{"account(id: $a) { notificationCoverage {", "CategoryCoverage"},
	{"account(id: $a) { accessReview { members(first: 5) { nodes {", "ReviewedMember"},
	{"account(id: $a) { accessReview { unverifiedContacts(first: 5) { nodes {", "Contact"},
	{"viewer { memberships(first: 5) { nodes {", "Membership"},
	{"viewer { history(first: 5) { nodes {", "Event"},
	{"viewer { invitations {", "Invitation"},
	{"viewer { sessions {", "Session"},
	{"permissionCatalog { roles {", "Role"},
}

// TestStatementsOfLists asks for every field of the elements of every list, two
// levels deep. What takes more statements for five rows than for two stands in
// testdata/statements_per_row.txt: nothing may be added, and what is mended is
// taken out. Edges take as many statements as nodes.
func TestStatementsOfLists(t *testing.T) {
	const golden = "testdata/statements_per_row.txt"
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL})
	p := newPortfolio(t, dbtest.SQLite(t))
	type ask struct {
		path, query string
		few         int
	}
	var asks []*ask
	p.grow(2)
	for _, l := range lists {
		for _, s := range selections(schema, schema.Types[l.element], 2) {
			q := l.path + " " + s.text + strings.Repeat(" }", strings.Count(l.path, "{"))
			if strings.Contains(q, "$a") {
				q = "query($a: ID!) { " + q + " }"
			} else {
				q = "{ " + q + " }"
			}
			if p.count(q) != nil {
				asks = append(asks, &ask{fieldsTo(l.path) + s.path, q, p.least(q)})
			}
		}
	}
	p.grow(5)
	var out strings.Builder
	var listed []string
	for _, a := range asks {
		p.count(a.query)
		beneath := slices.ContainsFunc(listed, func(above string) bool { return strings.HasPrefix(a.path, above+".") })
		if beneath {
			continue
		}
		many := p.least(a.query)
		if many > a.few {
			listed = append(listed, a.path)
			fmt.Fprintln(&out, a.path)
		}
		if edges := strings.Replace(a.query, "{ nodes {", "{ edges { node {", 1); edges != a.query && p.count(edges+" }") != nil {
			if n := p.least(edges + " }"); n != many {
				t.Errorf("%s: %d statements by way of edges, %d by way of nodes", a.path, n, many)
			}
		}
	}
	if *update {
		p.must(os.WriteFile(golden, []byte(out.String()), 0o644))
	}
	kept, err := os.ReadFile(golden)
	p.must(err)
	if out.String() != string(kept) {
		t.Errorf("what costs statements for each row differs\n got:\n%s\nwant:\n%s", &out, kept)
	}
}

// fieldsTo returns the names of the fields on the way to a list.
func fieldsTo(path string) string {
	path = regexp.MustCompile(`\([^)]*\)`).ReplaceAllString(path, "")
	return strings.Join(slices.DeleteFunc(strings.FieldsFunc(path, func(r rune) bool { return r == ' ' || r == '{' }),
		func(s string) bool { return s == "nodes" }), ".")
}

// arguments are given to the fields that need some.
var arguments = map[string]string{"Account.viewerCan": `(permission: "invoices")`, "Account.recipients": `(category: "invoice", first: 2)`}

// chosen is what is asked of an element, and how it is called.
type chosen struct{ path, text string }

// selections returns, for a type, one chosen of all its plain fields, and then
// those of each of its objects.
func selections(schema *ast.Schema, d *ast.Definition, depth int) []chosen {
	plain, out := "__typename", []chosen(nil)
	for _, f := range d.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		of, called, open, end := schema.Types[f.Type.Name()], f.Name+arguments[d.Name+"."+f.Name], " { ", " }"
		switch {
		case of.IsLeafType():
			plain += " " + called
			continue
		case depth == 0:
			continue
		case strings.HasSuffix(of.Name, "Connection"):
			if of, open, end = schema.Types[of.Fields.ForName("nodes").Type.Name()], " { nodes { ", " } }"; called == f.Name {
				called += "(first: 2)"
			}
		}
		for _, inner := range selections(schema, of, depth-1) {
			out = append(out, chosen{"." + f.Name + inner.path, called + open + inner.text + end})
		}
	}
	return append([]chosen{{"", plain}}, out...)
}
