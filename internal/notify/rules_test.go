package notify_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/page"
	"tenantry/internal/permission"
)

// table returns the rows of the table under a heading of docs/notifications.md.
func table(t *testing.T, heading string) (rows [][]string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/notifications.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(page), "\n## "+heading+"\n")
	part, _, _ = strings.Cut(part, "\n## ")
	for line := range strings.Lines(part) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "|") {
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
			}
			rows = append(rows, cells)
		}
	}
	if len(rows) < 3 {
		t.Fatalf("there is no table under %q", heading)
	}
	return rows[2:]
}

// chosen reads what a contact chose for mail, as the tables write it.
func chosen(words string) []permission.Preference {
	but, all := strings.CutPrefix(words, "everything but ")
	switch {
	case words == "nothing":
		return nil
	case words == "everything":
		return []permission.Preference{{Channel: permission.Email, All: true}}
	case all:
		return []permission.Preference{{Channel: permission.Email, All: true, Except: []permission.CategoryKey{permission.CategoryKey(but)}}}
	case words == "no category":
		return []permission.Preference{on(permission.Email)}
	}
	return []permission.Preference{on(permission.Email, permission.CategoryKey(words))}
}

// sees sends a notification, and returns the rule by which a contact, or with "" the
// owner, is listed, or "" if they are not, and whether they were mailed it. It fails if
// the list and what was mailed are not the same.
func sees(t *testing.T, w *lab.World, a *ent.Account, category, email string) (rule permission.Rule, mailed bool) {
	t.Helper()
	if email == "" {
		email = "olive@example.com"
	}
	list, err := w.Contacts.Recipients(t.Context(), w.Actor("olive"), a.ID, permission.CategoryKey(category), permission.Email, page.Request{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	before := len(w.Box.Messages(email))
	tell(t, w, a.ID, permission.CategoryKey(category))
	w.Settle()
	mailed = len(w.Box.Messages(email)) > before
	i := slices.IndexFunc(list.Items, func(r *contact.Recipient) bool { return r.Email == email })
	if i >= 0 {
		rule = list.Items[i].Rule
	}
	if listed := i >= 0 && list.Items[i].Receives; listed != mailed {
		t.Errorf("%s is listed as getting %s: %v (%s), and was mailed it: %v", email, category, listed, rule, mailed)
	}
	return rule, mailed
}

// What docs/notifications.md says of who gets what is what happens.
func TestRules(t *testing.T) {
	yes := map[string]bool{"yes": true, "no": false}
	t.Run("by what the contact chose", func(t *testing.T) {
		dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
			w, ctx := lab.New(t, d), t.Context()
			for i, row := range table(t, "By what the contact chose") {
				acme := w.Account("olive", fmt.Sprint("Acme ", i))
				d.Client.Account.UpdateOne(acme).SetOwnerFallback(false).ExecX(ctx)
				c := addContact(t, w, acme.ID, "carl@example.com", chosen(row[0])...)
				if strings.Contains(row[1], "unsubscribed") {
					c = d.Client.Contact.UpdateOne(c).SetUnsubscribed([]permission.CategoryKey{permission.CategoryKey(row[2])}).SaveX(ctx)
				}
				if strings.Contains(row[1], "bounced") {
					d.Client.Contact.UpdateOne(c).SetSuppressedAt(time.Now()).ExecX(ctx)
				}
				rule, mailed := sees(t, w, acme, row[2], "carl@example.com")
				if mailed != yes[row[3]] || string(rule) != row[4] {
					t.Errorf("%q: %v by %s", row, mailed, rule)
				}
			}
		})
	})
	t.Run("by whose contact it is", func(t *testing.T) {
		dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
			w, ctx := lab.New(t, d), t.Context()
			for _, row := range table(t, "By whose contact it is") {
				accounts := map[string]*ent.Account{"Group": w.Account("olive", "Group")}
				for _, name := range []string{"North", "South"} {
					accounts[name] = w.Sub("olive", accounts["Group"], name)
				}
				u := d.Client.Contact.UpdateOne(addContact(t, w, accounts[row[0]].ID, "carl@example.com", chosen("everything")...))
				switch row[1] {
				case "no sub-account":
				case "all sub-accounts":
					u.SetSubAccountAccess(permission.ScopeAll)
				default:
					u.SetSubAccountAccess(permission.ScopeSelected).SetSubAccountIds([]string{accounts[row[1]].ID})
				}
				u.SetUpdatedAt(time.Now()).ExecX(ctx)
				rule, mailed := sees(t, w, accounts[row[2]], "maintenance", "carl@example.com")
				if mailed != yes[row[3]] || (rule != "") != mailed {
					t.Errorf("%q: %v by %s", row, mailed, rule)
				}
			}
		})
	})
	t.Run("the owner", func(t *testing.T) {
		dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
			w, ctx := lab.New(t, d), t.Context()
			for i, row := range table(t, "The owner") {
				acme := w.Account("olive", fmt.Sprint("Acme ", i))
				d.Client.Account.UpdateOne(acme).SetOwnerFallback(row[2] == "on").ExecX(ctx)
				if row[1] != "none" {
					c := addContact(t, w, acme.ID, "carl@example.com", chosen(row[0])...)
					if strings.Contains(row[1], "bounced") {
						d.Client.Contact.UpdateOne(c).SetSuppressedAt(time.Now()).ExecX(ctx)
					}
				}
				addContact(t, w, acme.ID, "else@example.com", chosen("no category")...)
				rule, mailed := sees(t, w, acme, row[0], "")
				if mailed != yes[row[3]] || mailed && rule != permission.RuleOwnerFallback {
					t.Errorf("%q: %v by %s", row, mailed, rule)
				}
			}
		})
	})
}
