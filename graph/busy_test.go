package graph_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"tenantry/ent"
	"tenantry/ent/contact"
	"tenantry/ent/event"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// TestManyWriters: SQLite has one writer at a time, so clients that all write wait
// for each other. None is refused for it, none of what was acknowledged is missing,
// and neither are those refused who read, or what hands the events on.
func TestManyWriters(t *testing.T) {
	const writers, each, readers = crowd, 3, 3
	w := lab.New(t, dbtest.SQLite(t))
	var owners []string
	var accts []*ent.Account
	for i := range 8 {
		owner := fmt.Sprint("owner", i)
		owners, accts = append(owners, w.Person(owner).Token), append(accts, w.Account(owner, owner))
	}
	ask := func(i int, query, once string) {
		i %= len(accts)
		if a := w.AskWith(owners[i], query, variables(accts[i].ID, query, once)); a.Status != 200 || !strings.HasPrefix(string(a.Body), `{"data":{`) || len(a.Codes()) > 0 {
			t.Errorf("%s\nis answered %d %s", query, a.Status, a.Body)
		}
	}
	// Whoever reads, and what the program does by itself, goes on as often as something
	// was written, and leaves the processor to the writers otherwise.
	var left, reads atomic.Int64
	left.Store(writers)
	written, wake := make(chan struct{}, writers*each), make(chan struct{}, 1)
	rush(writers+readers+1, func(i int) any {
		switch {
		case i < writers:
			for n := range each {
				ask(i, benched("w2"), fmt.Sprintf("%d-%d", i, n))
				written <- struct{}{}
				select {
				case wake <- struct{}{}:
				default:
				}
			}
			if left.Add(-1) == 0 {
				close(written)
				close(wake)
			}
		case i < writers+readers:
			for range written {
				ask(i, benched([]string{"r3", "r4", "r5"}[i%readers]), "")
				reads.Add(1)
			}
		default:
			for range wake {
				if err := w.App.Settle(t.Context()); err != nil {
					t.Error(err)
				}
			}
		}
		return nil
	})
	w.Settle()
	t.Logf("%d reads beside %d writes", reads.Load(), writers*each)
	for i, a := range accts {
		if n := w.DB.Client.Contact.Query().Where(contact.AccountID(a.ID)).CountX(t.Context()); n != writers*each/len(accts) {
			t.Errorf("account %d has %d contacts", i, n)
		}
	}
	if n := w.DB.Client.Event.Query().Where(event.Action("contact.created"), event.SeqNotNil()).CountX(t.Context()); n != writers*each {
		t.Errorf("%d events tell of %d contacts", n, writers*each)
	}
}

// TestReadsBesideAWriter: while SQLite's writer is in the middle of a change, and
// three of the four connections that read are in the middle of a list, whoever reads
// is answered with what was true before the change.
func TestReadsBesideAWriter(t *testing.T) {
	d := dbtest.SQLite(t)
	w := lab.New(t, d)
	acct := w.Account("olive", "Olive")
	token := w.Person("olive").Token
	tx, err := d.Writer().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(t.Context(), "UPDATE accounts SET name = 'Renamed'"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		rows, err := d.Client.QueryContext(t.Context(), "SELECT id FROM users UNION ALL SELECT id FROM accounts")
		if err != nil || !rows.Next() {
			t.Fatal("no list to be in the middle of", err)
		}
		defer rows.Close()
	}
	for _, a := range rush(crowd, func(int) lab.Answer {
		return w.AskWith(token, `query($a: ID!) { account(id: $a) { name memberships { totalCount } } }`, map[string]any{"a": acct.ID})
	}) {
		if a.String("data.account.name") != "Olive" {
			t.Fatalf("answered %d %s", a.Status, a.Body)
		}
	}
}
