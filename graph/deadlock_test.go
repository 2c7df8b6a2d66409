package graph_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// A write that PostgreSQL gives up for a deadlock is done over, also when the first of
// the two locks had been told already.
func TestDeadlockIsTriedAgain(t *testing.T) {
	d := dbtest.Postgres(t)
	w := lab.New(t, d)
	ctx := context.Background()
	parent := w.Account("olive", "Olive")
	sub := w.Sub("olive", parent, "Sub")
	other := dbtest.Reopen(t, d)
	tx, err := other.Writer().BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "SELECT id FROM accounts WHERE id = $1 FOR UPDATE", sub.ID); err != nil {
		t.Fatal(err)
	}
	answer := make(chan lab.Answer)
	go func() {
		answer <- w.Ask("olive", fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "ines@example.com"}) { contact { id } errors { code } } }`, sub.ID), nil)
	}()
	for n := 0; n == 0; { // until the write waits for the lock of the sub-account, and has that of the parent
		if err := other.Writer().QueryRowContext(ctx, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Now()
	if _, err := tx.ExecContext(ctx, "SELECT id FROM accounts WHERE id = $1 FOR UPDATE", parent.ID); err != nil {
		t.Skipf("the other side was given up: %v", err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := <-answer; len(got.Codes()) > 0 || got.String("data.createContact.contact.id") == "" {
		t.Errorf("after %v it was answered %s", time.Since(start), got.Body)
	}
}

// Whoever says "this was not me" locks several accounts at once, in the order in which
// somebody who leaves for good locks theirs: while it waits for the parent of a
// sub-account it holds no younger account.
func TestDenyingLocksInOrder(t *testing.T) {
	d := dbtest.Postgres(t)
	w := takeover{lab.New(t, d)}
	ctx := context.Background()
	first := w.Account("olive", "First")
	second := w.Account("olive", "Second")
	sub := w.Sub("olive", first, "Sub")
	thief := w.signIn("olive@example.com", lab.Password).String("data.signIn.token")
	w.Settle()
	link := w.Token("olive@example.com")
	for _, accountID := range []string{second.ID, sub.ID} {
		if a := w.AskWith(thief, fmt.Sprintf(`mutation { createApiToken(input: {accountId: %q, name: "Thief", permissions: ["tickets"]}) { errors { code } } }`, accountID), nil); len(a.Codes()) > 0 {
			t.Fatalf("%s", a.Body)
		}
	}
	other := dbtest.Reopen(t, d)
	tx, err := other.Writer().BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "SELECT id FROM accounts WHERE id = $1 FOR UPDATE", first.ID); err != nil {
		t.Fatal(err)
	}
	answer := make(chan lab.Answer)
	go func() {
		answer <- w.Ask(lab.Nobody, fmt.Sprintf(`mutation { denyActivity(input: {token: %q}) { denied errors { code } } }`, link), nil)
	}()
	for n := 0; n == 0; { // until it waits for the first
		if err := other.Writer().QueryRowContext(ctx, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tx.ExecContext(ctx, "SELECT id FROM accounts WHERE id = $1 FOR UPDATE NOWAIT", second.ID); err != nil {
		t.Errorf("the second is locked before the first: %v", err)
	}
	tx.Rollback()
	if got := <-answer; got.Get("data.denyActivity.denied") != true {
		t.Errorf("%s", got.Body)
	}
}
