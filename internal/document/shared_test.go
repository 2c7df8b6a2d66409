package document_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/ent/persisteddocument"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/document"
)

func newShared(d *db.DB) *document.Shared {
	return document.NewShared(d.Client, budget.New(d.Client, []byte("secret")))
}

func TestShared(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		here, there := newShared(d), newShared(d)
		write := func() {
			t.Helper()
			if err := here.Write(ctx); err != nil {
				t.Fatal(err)
			}
		}
		large := "{" + strings.Repeat("viewer ", 3000) + "}"
		for name, text := range map[string]string{"with a text": `{ node(id: "x") { id } }`, "with a comment": "# x\n{ viewer { id } }", "large": large} {
			here.Keep("olive", document.Hash(text), text)
			write()
			if _, ok := there.Find(ctx, document.Hash(text)); ok {
				t.Errorf("%s: it is kept", name)
			}
		}
		hash := document.Hash(who)
		here.Keep("olive", hash, who)
		if _, ok := there.Find(ctx, hash); ok {
			t.Error("it is there before it is written")
		}
		write()
		if text, ok := there.Find(ctx, hash); !ok || text != who {
			t.Errorf("found %q, %t", text, ok)
		}
		there.Keep("ivan", hash, who) // it is known there by now
		other := newShared(d)
		other.Keep("ivan", hash, who)
		if err := other.Write(ctx); err != nil {
			t.Error("a document that is there already:", err)
		}

		time.Sleep(document.Kept - time.Millisecond)
		if _, ok := there.Find(ctx, hash); !ok {
			t.Error("forgotten too early")
		}
		time.Sleep(time.Millisecond)
		if _, ok := there.Find(ctx, hash); ok {
			t.Error("not forgotten")
		}
		time.Sleep(time.Millisecond)
		if n, err := here.Sweep(ctx); n != 1 || err != nil {
			t.Error("swept:", n, err)
		}
		if _, ok := here.Find(ctx, hash); ok {
			t.Error("swept, and found")
		}
		here.Keep("olive", hash, who) // as a client does that was told so
		write()
		if _, ok := there.Find(ctx, hash); !ok {
			t.Error("what has gone and is named again where it was known is not shared again")
		}
	})
}

// What stands in the table under another's hash is not answered.
func TestSharedPoisoned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		hash := document.Hash(who)
		d.Client.PersistedDocument.Create().SetID(hash).SetText("mutation { signOut { signedOut } }").ExecX(t.Context())
		if text, ok := newShared(d).Find(t.Context(), hash); ok {
			t.Error("found", text)
		}
	})
}

// Nobody fills the table: not one person, and not many.
func TestSharedBounds(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := newShared(d)
		name := func(by string, i int) string {
			text := fmt.Sprintf("query Q%s%d { viewer { id } }", by, i)
			s.Keep(by, document.Hash(text), text)
			if i%100 == 99 {
				if err := s.Write(ctx); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
			return document.Hash(text)
		}
		count := func() int { return d.Client.PersistedDocument.Query().CountX(ctx) }
		first := name("olive", 0)
		for i := 1; i < 500; i++ {
			name("olive", i)
		}
		if n := count(); n < 300 || n > 302 { // some of the budget comes back meanwhile
			t.Errorf("one person has named %d", n)
		}
		for p := range 7 {
			for i := range 300 {
				name(fmt.Sprint("p", p), i)
			}
		}
		if n := count(); n != document.MaxShared {
			t.Errorf("%d are kept", n)
		}
		if d.Client.PersistedDocument.Query().Where(persisteddocument.ID(first)).ExistX(ctx) {
			t.Error("the oldest is there")
		}
	})
}
