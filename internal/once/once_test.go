package once_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/once"
)

// Invariant 45.
func TestInTx(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		olive := &access.Actor{Kind: access.Person, User: &ent.User{ID: "user_olive"}}
		ivan := &access.Actor{Kind: access.Person, User: &ent.User{ID: "user_ivan"}}
		ran := 0
		failed := errors.New("failed")
		for _, step := range []struct {
			name      string
			wait      time.Duration
			by        *access.Actor
			operation string
			key       string
			input     any
			fail      error
			want      int
			refusal   fault.Code
		}{
			{"failed, which leaves the key free", 0, olive, "open", "k", "a", failed, 0, ""},
			{"the first", 0, olive, "open", "k", "a", nil, 2, ""},
			{"again", 0, olive, "open", "k", "a", nil, 2, ""},
			{"again, though it would fail now", 0, olive, "open", "k", "a", failed, 2, ""},
			{"with another input", 0, olive, "open", "k", "b", nil, 0, fault.Conflict},
			{"somebody else", 0, ivan, "open", "k", "b", nil, 3, ""},
			{"another operation", 0, olive, "close", "k", "a", nil, 4, ""},
			{"another key", 0, olive, "open", "l", "a", nil, 5, ""},
			{"no key", 0, olive, "open", "", "a", nil, 6, ""},
			{"no key again", 0, olive, "open", "", "a", nil, 7, ""},
			{"a key too long", 0, olive, "open", strings.Repeat("k", 101), "a", nil, 0, fault.BadInput},
			{"the last moment", once.Kept - time.Second, olive, "open", "k", "a", nil, 2, ""},
			{"a day later", time.Second, olive, "open", "k", "b", nil, 8, ""},
			{"and again", 0, olive, "open", "k", "b", nil, 8, ""},
		} {
			time.Sleep(step.wait)
			got, err := once.InTx(ctx, d.Client, step.by, step.operation, step.key, step.input, func(tx *ent.Tx) (int, error) {
				ran++
				return ran, step.fail
			})
			switch {
			case step.refusal != "":
				if !fault.Has(err, step.refusal) {
					t.Errorf("%s: %v, want %s", step.name, err, step.refusal)
				}
			case step.want == 0:
				if !errors.Is(err, step.fail) {
					t.Errorf("%s: %v", step.name, err)
				}
			case err != nil || got != step.want:
				t.Errorf("%s: run %d, %v, want run %d", step.name, got, err, step.want)
			}
		}
		time.Sleep(time.Second)
		if n, err := once.Sweep(ctx, d.Client); n != 3 || err != nil {
			t.Errorf("swept %d of the 3 keys that are a day old: %v", n, err)
		}
	})
}
