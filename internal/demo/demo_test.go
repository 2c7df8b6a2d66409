package demo_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	entaccount "tenantry/ent/account"
	entcontact "tenantry/ent/contact"
	"tenantry/ent/event"
	entinvitation "tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	entnotification "tenantry/ent/notification"
	"tenantry/ent/user"
	"tenantry/graph"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/cli"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/demo"
	tenantevent "tenantry/internal/event"
	"tenantry/internal/invite"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/membership"
	"tenantry/internal/page"
	"tenantry/internal/password"
	"tenantry/internal/permission"
	"tenantry/internal/session"
)

// app is the whole program over a database, with what it mailed.
type app struct {
	*cli.App
	box *mail.Mailbox
}

func wire(t testing.TB, d *db.DB, c *permission.Catalogue) app {
	t.Helper()
	keys, err := link.NewKeyring(link.Key{ID: 1, Secret: bytes.Repeat([]byte{1}, link.SecretSize)})
	if err != nil {
		t.Fatal(err)
	}
	box, err := mail.NewMailbox("Tenantry <no-reply@localhost>")
	if err != nil {
		t.Fatal(err)
	}
	return app{cli.Wire(cli.Parts{DB: d, Keys: keys, Catalogue: c, Brand: mail.Brand{Name: "Tenantry"}, Sender: box,
		Public: "http://127.0.0.1:8080", Hashing: password.Params{Memory: 64, Passes: 1, Lanes: 1}}), box}
}

func (a app) rooms() demo.Rooms {
	return demo.Rooms{Client: a.DB.Client, Gate: a.Gate, Site: a.Site, Sessions: a.Sessions, Accounts: a.Accounts, Members: a.Members,
		Roles: a.Roles, Invites: a.Invites, Contacts: a.Contacts, Notify: a.Notify, Settle: a.Settle}
}

func fill(t testing.TB, a app) *demo.Data {
	t.Helper()
	data, err := demo.Fill(t.Context(), a.rooms())
	if err != nil {
		t.Fatal(err)
	}
	if data == nil || data.Email != demo.Email || data.Password != demo.Password {
		t.Fatalf("the data is %+v", data)
	}
	return data
}

// intact fails unless every event is sealed and every chain holds.
func intact(t *testing.T, client *ent.Client) {
	t.Helper()
	sealed, wrong, err := tenantevent.Verify(t.Context(), client)
	if err != nil || len(wrong) > 0 {
		t.Errorf("the history: %v, %v", wrong, err)
	}
	if all := client.Event.Query().CountX(t.Context()); sealed != all || all < 60 {
		t.Errorf("%d of %d events are sealed", sealed, all)
	}
}

// actor returns somebody of the demo data as they are when signed in.
func (a app) actor(t *testing.T, email string) *access.Actor {
	t.Helper()
	by := &access.Actor{}
	if _, err := a.Sessions.SignIn(t.Context(), by, email, demo.Password, session.Token); err != nil {
		t.Fatalf("sign in as %s: %v", email, err)
	}
	return by
}

func TestFill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		a := wire(t, d, permission.Hosting())
		data := fill(t, a)
		intact(t, d.Client)
		olivia := a.actor(t, demo.Email)

		mine, err := a.Members.Mine(ctx, olivia, membership.Filter{}, page.Request{First: 10})
		if err != nil {
			t.Fatal(err)
		}
		names := []string{}
		for _, m := range mine.Items {
			names = append(names, m.Edges.Account.Name)
		}
		if want := []string{"Northwind Trading", "Fabrikam Studio", "Contoso Cafe"}; !slices.Equal(names, want) {
			t.Errorf("Olivia belongs to %v, want %v", names, want)
		}
		northwind := mine.Items[0].AccountID
		if subs, err := a.Accounts.Subs(ctx, olivia, northwind, page.Request{First: 10}); err != nil || len(subs.Items) != 2 {
			t.Errorf("sub-accounts: %v, %v", subs.Items, err)
		}
		if n := d.Client.Account.Query().Where(entaccount.StateEQ(entaccount.StateSUSPENDED)).CountX(ctx); n != 1 {
			t.Errorf("%d accounts are suspended", n)
		}
		if waiting, err := a.Invites.Mine(ctx, olivia); err != nil || len(waiting) != 1 {
			t.Errorf("waiting for Olivia: %v, %v", waiting, err)
		}
		if roles, err := a.Roles.List(ctx, olivia, northwind); err != nil || len(roles) != 5+2 {
			t.Errorf("roles: %v, %v", roles, err)
		}

		t.Run("members", func(t *testing.T) { members(t, d.Client, northwind) })
		t.Run("invitations", func(t *testing.T) { invitations(t, d.Client, northwind) })
		t.Run("contacts", func(t *testing.T) { contacts(t, d.Client, northwind) })
		t.Run("past", func(t *testing.T) { past(t, d.Client) })
		t.Run("mail", func(t *testing.T) { letters(t, a) })
		t.Run("variables", func(t *testing.T) {
			v := data.Variables(ctx)
			if v["accountId"] != northwind || len(v) != 15 {
				t.Errorf("variables: %v", v)
			}
			if v["category"] != permission.CategoryKey("invoice") || !slices.Equal(v["memberPermissions"].([]permission.Key), []permission.Key{permission.Invoices}) {
				t.Errorf("category %v, permissions %v", v["category"], v["memberPermissions"])
			}
			id := v["waitingInvitationId"].(string)
			if _, err := a.Invites.Accept(ctx, olivia, invite.Acceptance{InvitationID: &id}); err != nil {
				t.Fatal(err)
			}
			if v := data.Variables(ctx); v["waitingInvitationId"] != nil {
				t.Error("the invitation that was accepted is offered again")
			}
			if _, err := a.Members.Deactivate(ctx, olivia, v["membershipId"].(string)); err != nil {
				t.Fatal(err)
			}
			if v := data.Variables(ctx); v["membershipId"] != nil || v["contactId"] == nil {
				t.Errorf("after Tom was deactivated: %v", v)
			}
			if _, err := a.Accounts.SetSuspended(ctx, access.Company("Test"), northwind, true, "A test."); err != nil {
				t.Fatal(err)
			}
			if v := data.Variables(ctx); v["accountId"] != nil || v["contactId"] != nil || v["otherAccountId"] == nil {
				t.Errorf("after Northwind was suspended: %v", v)
			}
		})
	})
}

// members demands every kind of member.
func members(t *testing.T, client *ent.Client, account string) {
	rows := client.Membership.Query().Where(entmembership.AccountID(account)).WithUser().AllX(t.Context())
	found := map[string]bool{}
	for _, m := range rows {
		found["state "+string(m.State)] = true
		found["scope "+string(m.SubAccountAccess)] = true
		found["an own role and an extra permission"] = found["an own role and an extra permission"] ||
			len(m.Permissions) > 0 && slices.ContainsFunc(m.RoleIds, func(r string) bool { return len(r) > 26 })
		for _, r := range m.RoleIds {
			found[r] = true
		}
		if m.Edges.User.Email != demo.Email && m.InvitationID == nil {
			t.Errorf("%s was not invited", m.Edges.User.Email)
		}
	}
	demand(t, found, "state ACTIVE", "state DEACTIVATED", "scope NONE", "scope SELECTED", "scope ALL",
		"role_administrator", "role_billing", "role_technical", "an own role and an extra permission")
}

// invitations demands every state, of what is mailed and of what is handed over.
func invitations(t *testing.T, client *ent.Client, account string) {
	rows := client.Invitation.Query().Where(entinvitation.AccountID(account)).AllX(t.Context())
	found := map[string]bool{}
	for _, i := range rows {
		found[string(invite.State(i))] = true
		if invite.State(i) == entinvitation.StatePENDING {
			found["mailed"] = found["mailed"] || i.Mailed
			found["handed over"] = found["handed over"] || !i.Mailed
			found["a login"] = found["a login"] || i.ContactID != nil
		}
	}
	demand(t, found, "PENDING", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED", "mailed", "handed over", "a login")
}

// contacts demands every kind of preference.
func contacts(t *testing.T, client *ent.Client, account string) {
	rows := client.Contact.Query().Where(entcontact.AccountID(account)).AllX(t.Context())
	found := map[string]bool{}
	for _, c := range rows {
		byMail := contact.Receives(c, permission.Hosting(), permission.Email)
		switch {
		case len(byMail) == 0:
			found["nothing"] = true
		case slices.Equal(byMail, []permission.CategoryKey{"invoice"}) && c.SubAccountAccess == permission.ScopeAll:
			found["invoices of all sub-accounts"] = true
		case slices.Equal(byMail, []permission.CategoryKey{"product", "domain", "support", "maintenance"}):
			found["technical"] = true
		case len(byMail) == 8 && !slices.Contains(byMail, "affiliate"):
			found["all but affiliate"] = true
		}
		found["by phone"] = found["by phone"] || len(contact.Receives(c, permission.Hosting(), permission.Phone)) > 0
	}
	demand(t, found, "nothing", "invoices of all sub-accounts", "technical", "all but affiliate", "by phone")
}

func demand(t *testing.T, found map[string]bool, want ...string) {
	t.Helper()
	for _, w := range want {
		if !found[w] {
			t.Errorf("there is none: %s", w)
		}
	}
}

// past demands that everything happened in the last 60 days, in the order of
// ids, and that what hangs together has one time.
func past(t *testing.T, client *ent.Client) {
	ctx, now := t.Context(), time.Now()
	events := client.Event.Query().Order(ent.Asc(event.FieldID)).Where(event.ActionNEQ("session.started")).AllX(ctx)
	first, last := events[0].CreatedAt, events[len(events)-1].CreatedAt
	if age := now.Sub(first); age < 59*24*time.Hour || age > 61*24*time.Hour {
		t.Errorf("it begins %s ago", age)
	}
	if age := now.Sub(last); age < 0 || age > time.Hour {
		t.Errorf("it ends %s ago", age)
	}
	days := map[string]bool{}
	at := map[string]time.Time{}
	for i, e := range events {
		days[e.CreatedAt.Format(time.DateOnly)] = true
		if i > 0 && e.CreatedAt.Before(events[i-1].CreatedAt) {
			t.Errorf("%s is dated before what came before it", e.Action)
		}
		at[e.Action+" "+e.TargetID] = e.CreatedAt
	}
	if len(days) < 20 {
		t.Errorf("it all happened on %d days", len(days))
	}
	same := func(what string, a, b time.Time) {
		t.Helper()
		if b.IsZero() || !a.Equal(b) {
			t.Errorf("%s: %s in the row, %s in the history", what, a, b)
		}
	}
	for _, u := range client.User.Query().AllX(ctx) {
		same(u.Email, u.CreatedAt, at["user.signed_up "+u.ID])
		same(u.Email+"'s password", u.PasswordChangedAt, u.CreatedAt)
	}
	for _, a := range client.Account.Query().AllX(ctx) {
		same(a.Name, a.CreatedAt, at["account.created "+a.ID])
	}
	for _, r := range client.Role.Query().AllX(ctx) {
		same(r.Name, r.CreatedAt, at["role.created "+r.ID])
	}
	for _, n := range client.Notification.Query().Where(entnotification.SenderKindEQ(entnotification.SenderKindOPERATOR)).AllX(ctx) {
		same(n.Subject, n.CreatedAt, client.Event.GetX(ctx, n.EventID).CreatedAt)
	}
	for _, c := range client.Contact.Query().AllX(ctx) {
		same(c.Email, c.CreatedAt, at["contact.created "+c.ID])
		if changed, ok := at["contact.updated "+c.ID]; ok {
			same(c.Email+" again", c.UpdatedAt, changed)
		}
	}
	for _, m := range client.Membership.Query().AllX(ctx) {
		if m.InvitationID != nil {
			same(m.ID, m.CreatedAt, at["member.joined "+m.ID])
		}
		if m.DeactivatedAt != nil {
			same(m.ID+" deactivated", *m.DeactivatedAt, at["member.deactivated "+m.ID])
		}
		if m.LastAccessAt != nil && (m.LastAccessAt.Before(m.CreatedAt) || m.LastAccessAt.After(now)) {
			t.Errorf("%s was last seen at %s", m.ID, m.LastAccessAt)
		}
	}
	for _, i := range client.Invitation.Query().AllX(ctx) {
		same(i.Email, i.CreatedAt, at["invitation.sent "+i.ID])
		same(i.Email+" sent", i.SentAt, i.CreatedAt)
		if i.EndedAt != nil {
			same(i.Email+" ended", *i.EndedAt, at["invitation."+strings.ToLower(string(i.State))+" "+i.ID])
		}
		if life := i.ExpiresAt.Sub(i.SentAt); life > 7*24*time.Hour || life <= 7*24*time.Hour-2*time.Second {
			t.Errorf("%s is good for %s", i.Email, life)
		}
		if !i.ExpiresAt.Equal(i.ExpiresAt.Truncate(time.Second)) {
			t.Errorf("%s lapses at %s, which no link can carry", i.Email, i.ExpiresAt)
		}
		sent := client.Event.Query().Where(event.TargetID(i.ID), event.Action("invitation.sent")).OnlyX(ctx)
		var after struct{ ExpiresAt time.Time }
		if err := json.Unmarshal([]byte(sent.After), &after); err != nil {
			t.Fatal(err)
		}
		same(i.Email+" lapses", i.ExpiresAt, after.ExpiresAt)
	}
}

var tokenInMail = regexp.MustCompile(`/invitation#token=([\w.~-]+)`)

// letters demands a few letters, the newest of which lets a new person in.
func letters(t *testing.T, a app) {
	got := a.box.Messages("")
	var to []string
	for _, m := range got {
		to = append(to, m.To)
	}
	// Two who were invited, one who may do more, and the contact who hears of that; and who
	// gets the invoice and the notice of maintenance.
	if len(got) != 10 {
		t.Fatalf("mail went to %v", to)
	}
	got = slices.DeleteFunc(got, func(m mail.Received) bool { return !tokenInMail.MatchString(m.Text) })
	if len(got) == 0 {
		t.Fatalf("nobody of %v is invited", to)
	}
	found := tokenInMail.FindStringSubmatch(got[0].Text)
	if found == nil {
		t.Fatalf("the newest mail, to %s, invites nobody:\n%s", got[0].To, got[0].Text)
	}
	name, pw := "Lucas Meyer", "seven tall green ladders"
	by := &access.Actor{}
	out, err := a.Invites.Accept(t.Context(), by, invite.Acceptance{Token: &found[1], Name: &name, Password: &pw, Delivery: session.Token})
	if err != nil || out.Membership == nil {
		t.Errorf("the link in the mail: %v", err)
	}
}

// Where a clock shows no difference between what happens one after the other,
// the order of ids still is the order of the story.
func TestFillWhileTimeStandsStill(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		fill(t, wire(t, d, permission.Hosting()))
		past(t, d.Client)
		intact(t, d.Client)
	})
}

func TestFillAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, wire(t, d, permission.Hosting()))
		before := dbtest.Dump(t, d)
		next := wire(t, d, permission.Hosting())
		data := fill(t, next)
		if dbtest.Dump(t, d) != before {
			t.Error("filling again changed something")
		}
		if got := next.box.Messages(""); len(got) > 0 {
			t.Errorf("filling again sent %d mails", len(got))
		}
		if data.Variables(t.Context())["accountId"] == nil {
			t.Error("the variables of an earlier start are gone")
		}
	})
}

func TestFillOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := wire(t, d, permission.Hosting())
		other, err := address.Parse("somebody@example.com")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.InTx(t.Context(), d.Client, func(tx *ent.Tx) (*ent.User, error) {
			return session.NewUser(t.Context(), tx, other, "Somebody", "en", "")
		}); err != nil {
			t.Fatal(err)
		}
		before := dbtest.Dump(t, d)
		if data, err := demo.Fill(t.Context(), a.rooms()); data != nil || err != nil {
			t.Errorf("got %v, %v", data, err)
		}
		if dbtest.Dump(t, d) != before {
			t.Error("other data was changed")
		}
	})
}

func TestFillIsNotInterrupted(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := wire(t, d, permission.Hosting())
	if data, err := demo.Fill(ctx, a.rooms()); data == nil || err != nil {
		t.Fatalf("got %v, %v", data, err)
	}
	intact(t, d.Client)
}

// bare is the least that a company's catalogue has.
const bare = `{
  "permissions": [
    {"key": "profile", "label": "p", "description": "p", "module": "m", "risk": "LOW", "heldBy": ["ADMIN"]},
    {"key": "users", "label": "u", "description": "u", "module": "m", "risk": "LOW", "heldBy": ["ADMIN"]},
    {"key": "contacts", "label": "c", "description": "c", "module": "m", "risk": "LOW", "heldBy": ["ADMIN"]},
    {"key": "invoices", "label": "i", "description": "i", "module": "m", "risk": "LOW", "heldBy": ["BILLING"]},
    {"key": "emails", "label": "e", "description": "e", "module": "m", "risk": "LOW", "heldBy": ["ADMIN"]},
    {"key": "audit", "label": "a", "description": "a", "module": "m", "risk": "LOW", "heldBy": ["ADMIN"]},
    {"key": "developer", "label": "d", "description": "d", "module": "m", "risk": "LOW", "heldBy": ["ADMIN"]},
    {"key": "notify", "label": "n", "description": "n", "module": "m", "risk": "LOW", "tokensOnly": true, "heldBy": ["ADMIN"]}
  ],
  "roles": %ROLES%,
  "categories": [{"key": "news", "label": "n", "description": "n"}]
}`

func TestFillOtherCatalogue(t *testing.T) {
	tests := []struct {
		name, roles string
		roleID      any
	}{
		{"an administrator alone", `[{"id": "role_boss", "name": "A", "type": "ADMIN", "all": true}]`, nil},
		{"an administrator who cannot give everything", `[
			{"id": "role_administrator", "name": "A", "type": "ADMIN", "all": true},
			{"id": "role_billing", "name": "B", "type": "BILLING", "permissions": ["invoices"]}]`, "role_billing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := permission.Parse([]byte(strings.Replace(bare, "%ROLES%", test.roles, 1)))
			if err != nil {
				t.Fatal(err)
			}
			c.Notice = "Think before you give."
			d := dbtest.SQLite(t)
			data := fill(t, wire(t, d, c))
			intact(t, d.Client)
			v := data.Variables(t.Context())
			if v["category"] != permission.CategoryKey("news") || v["roleId"] != test.roleID {
				t.Errorf("variables: %v", v)
			}
		})
	}
}

// The examples of the playground, in order, as Olivia.
func TestExamples(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := wire(t, d, permission.Hosting())
		data := fill(t, a)
		cookie := ""
		a.Resolver.SetDevice = func(context.Context, string) error { return nil }
		a.Resolver.SetCookie = func(_ context.Context, token string, _ time.Duration) error {
			cookie = token
			return nil
		}
		api := graph.Handler(a.Resolver, graph.Options{Address: func(context.Context) string { return "192.0.2.99" }})
		documents, err := filepath.Glob("../../web/playground/operations/*.graphql")
		if err != nil || len(documents) == 0 {
			t.Fatalf("no examples: %v", err)
		}
		for _, path := range documents {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".graphql"), func(t *testing.T) {
				values := data.Variables(t.Context())
				for _, m := range a.box.Messages("") {
					if found := tokenInMail.FindStringSubmatch(m.Text); found != nil {
						values["invitationToken"] = found[1]
						break
					}
				}
				request := map[string]any{"query": string(read(t, path))}
				listens := strings.Contains(request["query"].(string), "\nsubscription ")
				var variables any
				if err := json.Unmarshal(read(t, strings.TrimSuffix(path, ".graphql")+".json"), &variables); err != nil {
					t.Fatal(err)
				}
				request["variables"] = put(t, variables, values)
				body, err := json.Marshal(request)
				if err != nil {
					t.Fatal(err)
				}
				r := httptest.NewRequest("POST", "/graphql", bytes.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				r = r.WithContext(graph.WithCredential(r.Context(), graph.Credential{Token: cookie}))
				w := httptest.NewRecorder()
				if listens {
					listen(t, api, r)
					return
				}
				api.ServeHTTP(w, r)
				var answer any
				if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
					t.Fatalf("%d %s: %v", w.Code, w.Body, err)
				}
				if refused(answer) {
					t.Errorf("refused: %s", w.Body)
				}
				t.Logf("%s", w.Body)
				if err := a.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
			})
		}
		if n := d.Client.Membership.Query().Where(entmembership.HasUserWith(user.EmailKey(demo.Email))).CountX(t.Context()); n != 4 {
			t.Errorf("after accepting, Olivia belongs to %d accounts", n)
		}
		intact(t, d.Client)
	})
}

// listen begins to listen; what is told then is tried in a browser.
func listen(t *testing.T, api http.Handler, r *http.Request) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, asked *http.Request) {
		api.ServeHTTP(w, r.WithContext(asked.Context()))
	}))
	defer server.Close()
	r.Header.Set("Accept", "text/event-stream")
	answer, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	first, err := bufio.NewReader(answer.Body).ReadString('\n')
	if err != nil || answer.StatusCode != http.StatusOK || !strings.HasPrefix(first, ":") {
		t.Errorf("answered with %d, and first %q: %v", answer.StatusCode, first, err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// put does what the playground does with "$key" in variables.
func put(t *testing.T, v any, values map[string]any) any {
	switch v := v.(type) {
	case string:
		key, is := strings.CutPrefix(v, "$")
		if !is {
			return v
		}
		if values[key] == nil {
			t.Errorf("nobody knows %s", key)
		}
		return values[key]
	case []any:
		for i := range v {
			v[i] = put(t, v[i], values)
		}
	case map[string]any:
		for k := range v {
			v[k] = put(t, v[k], values)
		}
	}
	return v
}

// refused reports whether any list called errors in an answer holds anything.
func refused(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, refused)
	case map[string]any:
		for k, e := range v {
			if list, ok := e.([]any); k == "errors" && ok && len(list) > 0 || refused(e) {
				return true
			}
		}
	}
	return false
}

// BenchmarkFill says what the first start costs besides migrating and hashing one
// password.
func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		a := wire(b, dbtest.SQLite(b), permission.Hosting())
		b.StartTimer()
		fill(b, a)
	}
}
