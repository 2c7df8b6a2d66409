package graph_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/invitation"
	"tenantry/ent/ownershiptransfer"
	entwebhook "tenantry/ent/webhook"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/id"
	"tenantry/internal/permission"
)

// TestPlans asks for everything that speed is measured with, and for the lists
// beside, in an account of thousands among many small ones, and has both databases
// explain every statement: none reads a whole table, and none walks over rows that
// it then leaves out, with the plan for these very arguments and with the one for
// any.
func TestPlans(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPortfolio(t, d)
		p.grow(3)
		p.crowd()
		p.Person("zoe") // the last in an index of users
		p.Member(p.account, "zoe", "role_administrator", "ALL")
		p.Program("robot", "zoe", p.account, "users", "contacts", "invoices", "audit", "developer", "tickets", "products.view", "domains.view", "profile", "ALL")
		for _, m := range slices.Concat(measured, listed) {
			p.count(m.query)
			asked := slices.Concat(p.ask(m.query).Asked(), p.askAs("zoe", m.query).Asked())
			if forPrograms(m.query) {
				asked = append(asked, p.askAs("robot", m.query).Asked()...)
			}
			planned(t, d, m.name, asked)
		}
		ctx, counter := db.CountStatements(t.Context())
		p.must(p.Notify.Forget(ctx, -time.Hour)) // as if all that was sent were old
		planned(t, d, "forgetting notifications", counter.Asked())
	})
}

// planned complains of statements that a database goes about wrongly.
func planned(t *testing.T, d *db.DB, name string, asked []db.Statement) {
	t.Helper()
	for _, s := range asked {
		if regexp.MustCompile(`^(SELECT|UPDATE|WITH|DELETE)`).MatchString(s.Text) {
			if why := unplanned(t, d, s); why != "" {
				t.Errorf("%s: %s\n%s", name, why, s.Text)
			}
		}
	}
}

// listed are lists beside those of measured.
var listed = []struct{ name, query string }{
	{"history", `query($a: ID!) { account(id: $a) { auditLog(first: 50) { nodes { action } pageInfo { endCursor } } } }`},
	{"own history", `query { viewer { history(first: 5) { nodes { action device } pageInfo { endCursor } } } }`},
	{"people", `query($a: ID!) { account(id: $a) { people(first: 50) { nodes { name } } } }`},
	{"all invitations", `query($a: ID!) { account(id: $a) { invitations(first: 50) { nodes { email invitedBy { name } } totalCount } } }`},
	{"sub-accounts", `query($a: ID!) { account(id: $a) { subAccounts(first: 50) { nodes { name owner { name } } } } }`},
	{"one factor", `query($a: ID!) { account(id: $a) { policies { membersWithoutTwoFactor } memberships(first: 50, twoFactorEnabled: false) { nodes { email } totalCount } people(first: 50, twoFactorEnabled: false) { nodes { name } } } }`},
	{"review of access", `query($a: ID!) { account(id: $a) { accessReview { version members(first: 50) { nodes { membership { email lastAccessAt } reasons risks { permission } } totalCount } unverifiedContacts(first: 50) { nodes { email } totalCount } } lastAccessReview { confirmedAt } } }`},
	{"API tokens", `query($a: ID!) { account(id: $a) { apiTokens(first: 50) { nodes { name state createdBy { name } selectedSubAccounts { name } } } } }`},
	{"webhooks", `query($a: ID!) { account(id: $a) { webhooks(first: 10) { nodes { url deliveries(first: 20) { nodes { type state } } } } } }`},
	{"unread", `query { viewer { memberships(first: 5) { nodes { unread } } } }`},
}

// crowd fills the account with thousands, and other accounts with as many together,
// in turns, so that rows of one account lie far apart.
func (p *portfolio) crowd() {
	ctx, c := context.Background(), p.DB.Client
	const turns, each = 20, 100
	accounts := []string{p.account.ID}
	var others []*ent.AccountCreate
	for i := range 2000 {
		others = append(others, c.Account.Create().SetName(fmt.Sprint("Other ", i)).SetSearch("other").SetOwnerUserID(p.Person("stan").User.ID))
	}
	for chunk := range slices.Chunk(others, 500) {
		made, err := c.Account.CreateBulk(chunk...).Save(ctx)
		p.must(err)
		var offers []*ent.OwnershipTransferCreate
		var budgets []*ent.BudgetCreate
		var tokens []*ent.APITokenCreate
		var hooks []*ent.WebhookCreate
		// Most accounts are small, and the database expects that of any. With a few large
		// ones it would be a matter of chance, which way it thinks is shorter.
		var owners []*ent.MembershipCreate
		var events []*ent.EventCreate
		var contacts []*ent.ContactCreate
		ids := id.Sorted(id.Event, len(made))
		for i, a := range made {
			if len(accounts) <= 40 {
				accounts = append(accounts, a.ID)
			}
			owners = append(owners, c.Membership.Create().SetAccountID(a.ID).SetUserID(a.OwnerUserID).SetRoleIds([]string{}).
				SetPermissions([]permission.Key{}).SetSubAccountIds([]string{}))
			events = append(events, c.Event.Create().SetID(ids[i]).SetStream(a.ID).SetAccountID(a.ID).SetActorKind("SYSTEM").SetAction("account.created").SetHandled(true).SetHash("x"))
			email := fmt.Sprintf("other%s@example.com", a.ID)
			contacts = append(contacts, c.Contact.Create().SetAccountID(a.ID).SetEmail(email).SetEmailKey(email).SetSearch(email).SetUpdatedAt(time.Now()).
				SetPreferences([]permission.Preference{}).SetSubAccountIds([]string{}))
			offers = append(offers, c.OwnershipTransfer.Create().SetAccountID(a.ID).SetFromUserID(a.OwnerUserID).SetToUserID(a.OwnerUserID).
				SetState(ownershiptransfer.StateEXPIRED).SetExpiresAt(time.Now()))
			budgets = append(budgets, c.Budget.Create().SetID(fmt.Sprint("other:", a.ID, i)).SetFullAt(1))
			hooks = append(hooks, c.Webhook.Create().SetAccountID(a.ID).SetURL("https://hooks.example/").SetEvents([]string{"*"}).SetSecret([]byte("x")).SetUpdatedAt(time.Now()))
			tokens = append(tokens, c.APIToken.Create().SetAccountID(a.ID).SetName("Robot").SetTokenHash(a.ID).SetHint("xxxx").SetCreatedByID(a.OwnerUserID).
				SetPermissions([]permission.Key{}).SetSubAccountIds([]string{}))
		}
		p.must(c.Membership.CreateBulk(owners...).Exec(ctx))
		p.must(c.Event.CreateBulk(events...).Exec(ctx))
		p.must(c.Contact.CreateBulk(contacts...).Exec(ctx))
		p.must(c.OwnershipTransfer.CreateBulk(offers...).Exec(ctx))
		p.must(c.Budget.CreateBulk(budgets...).Exec(ctx))
		p.must(c.APIToken.CreateBulk(tokens...).Exec(ctx))
		p.must(c.Webhook.CreateBulk(hooks...).Exec(ctx))
	}
	calling := c.Webhook.Query().Where(entwebhook.AccountIDIn(accounts...)).AllX(ctx)
	for turn := range turns {
		var calls []*ent.DeliveryCreate
		for i := range each {
			h := calling[(turn+i)%len(calling)]
			calls = append(calls, c.Delivery.Create().SetEventID(id.New(id.Event)).SetAccountID(h.AccountID).SetChannel(permission.Webhook).SetWebhookID(h.ID).SetKind("event").
				SetSubjectID(h.ID).SetTo("hooks.example").SetToKey(h.ID).SetData(map[string]string{"type": "contact.created"}).SetState(delivery.StateSENT))
		}
		p.must(c.Delivery.CreateBulk(calls...).Exec(ctx))
		var users []*ent.UserCreate
		for i := range each * 2 {
			email := fmt.Sprintf("crowd%d-%d@example.com", turn, i)
			users = append(users, c.User.Create().SetEmail(email).SetEmailKey(email).SetName("Crowd").SetSearch(email))
		}
		people, err := c.User.CreateBulk(users...).Save(ctx)
		p.must(err)
		var members []*ent.MembershipCreate
		var contacts []*ent.ContactCreate
		var invitations []*ent.InvitationCreate
		var events []*ent.EventCreate
		ids := id.Sorted(id.Event, 2*each)
		for i, u := range people {
			at := accounts[0]
			if i%2 == 1 {
				at = accounts[1+(turn*each+i)%(len(accounts)-1)]
			}
			members = append(members, c.Membership.Create().SetAccountID(at).SetUserID(u.ID).SetRoleIds([]string{"role_support"}).
				SetPermissions([]permission.Key{}).SetSubAccountIds([]string{}))
			contacts = append(contacts, c.Contact.Create().SetAccountID(at).SetEmail("c"+u.Email).SetEmailKey("c"+u.EmailKey).SetSearch("c"+u.Email).SetUpdatedAt(time.Now()).
				SetPreferences([]permission.Preference{}).SetSubAccountIds([]string{}))
			state := invitation.StateACCEPTED
			if i%8 < 2 {
				state = invitation.StatePENDING
			}
			by := p.Person("olive").User.ID
			invitations = append(invitations, c.Invitation.Create().SetAccountID(at).SetEmail("i"+u.Email).SetEmailKey("i"+u.EmailKey).SetSearch("i"+u.Email).
				SetState(state).SetRoleIds([]string{}).SetPermissions([]permission.Key{}).SetSubAccountIds([]string{}).SetSentAt(time.Now()).
				SetExpiresAt(time.Now().Add(72*time.Hour)).SetInvitedByID(by).SetGrantedByID(by))
			events = append(events, c.Event.Create().SetID(ids[i]).SetStream(at).SetAccountID(at).SetActorKind("SYSTEM").SetAction("contact.created").SetHandled(true).SetHash("x"))
		}
		p.must(c.Membership.CreateBulk(members...).Exec(ctx))
		p.must(c.Contact.CreateBulk(contacts...).Exec(ctx))
		p.must(c.Invitation.CreateBulk(invitations...).Exec(ctx))
		p.must(c.Event.CreateBulk(events...).Exec(ctx))
	}
	_, err := p.DB.Writer().ExecContext(ctx, "ANALYZE")
	p.must(err)
}

// unplanned says what is wrong with the way a database goes about a statement.
func unplanned(t *testing.T, d *db.DB, s db.Statement) string {
	t.Helper()
	tx, err := d.Writer().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if d.Dialect() == db.SQLite {
		return scanned(t, tx, s)
	}
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		// Small tables are read whole for good reason; here it must not be necessary.
		for _, set := range []string{"SET LOCAL enable_seqscan = off", "SET LOCAL plan_cache_mode = " + mode, "DEALLOCATE ALL", "PREPARE it AS " + s.Text} {
			if _, err := tx.ExecContext(t.Context(), set); err != nil {
				t.Fatalf("%v: %s", err, set)
			}
		}
		how := "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE it"
		if len(s.Args) > 0 {
			how += "(" + strings.Join(literals(s.Args), ", ") + ")"
		}
		var text string
		if err := tx.QueryRowContext(t.Context(), how).Scan(&text); err != nil {
			t.Fatalf("%v: %s", err, how)
		}
		var plans []struct{ Plan node }
		if err := json.Unmarshal([]byte(text), &plans); err != nil {
			t.Fatal(err)
		}
		if why := plans[0].Plan.wrong(); why != "" {
			return mode + ": " + why
		}
	}
	return ""
}

func literals(args []any) []string {
	out := make([]string, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case nil:
			out[i] = "NULL"
		case time.Time:
			out[i] = "'" + v.Format(time.RFC3339Nano) + "'"
		case []byte:
			out[i] = "'" + strings.ReplaceAll(string(v), "'", "''") + "'"
		case string:
			out[i] = "'" + strings.ReplaceAll(v, "'", "''") + "'"
		default:
			out[i] = fmt.Sprint(v)
		}
	}
	return out
}

// node is a step of PostgreSQL's plan.
type node struct {
	Type    string  `json:"Node Type"`
	Table   string  `json:"Relation Name"`
	Loops   float64 `json:"Actual Loops"`
	Filter  string  `json:"Filter"`
	Out     float64 `json:"Rows Removed by Filter"`
	Join    float64 `json:"Rows Removed by Join Filter"`
	Recheck float64 `json:"Rows Removed by Index Recheck"`
	Plans   []node
}

// wrong names a step that reads a whole table, that looks at rows of other accounts,
// or that leaves out more rows of its own than may wait in an account.
func (n node) wrong() string {
	if n.Type == "Seq Scan" {
		return "reads all of " + n.Table
	}
	left, most := (n.Out+n.Join+n.Recheck)*n.Loops, 600.0
	if strings.Contains(n.Filter, "account_id") || n.Join > 0 {
		most = 20
	}
	if left > most {
		return fmt.Sprintf("%s on %s walks over %.0f rows that it leaves out", n.Type, n.Table, left)
	}
	for _, p := range n.Plans {
		if why := p.wrong(); why != "" {
			return why
		}
	}
	return ""
}

// scanned says which table SQLite reads from end to end.
func scanned(t *testing.T, tx *sql.Tx, s db.Statement) string {
	t.Helper()
	rows, err := tx.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+s.Text, s.Args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		all = append(all, step)
	}
	for _, step := range all {
		// What is scanned is a table, or what the statement made itself.
		if table, ok := strings.CutPrefix(step, "SCAN "); ok && !strings.Contains(table, "CONSTANT ROW") && !strings.Contains(strings.Join(all, "\n"), "MATERIALIZE "+strings.Fields(table)[0]) &&
			!strings.Contains(strings.Join(all, "\n"), "CO-ROUTINE "+strings.Fields(table)[0]) {
			return "scans " + table + "\n" + strings.Join(all, "\n")
		}
	}
	return ""
}
