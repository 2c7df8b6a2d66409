package access_test

import (
	"testing"

	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/page"
)

type leaf struct{}

func (leaf) Guarded(string) db.Reading { return db.Reading{} }

// A page that was read ahead is one reader's alone, who may change its rows, and it is
// gone with all else that was read once something changes.
func TestAheadIsTakenOnce(t *testing.T) {
	one, two := page.Key{List: "contacts", AccountID: "acct_1", First: 50}, page.Key{List: "contacts", AccountID: "acct_2", First: 50}
	a := &access.Actor{}
	keep := func() { a.KeepAhead([]page.Ahead{{Key: one, Page: leaf{}}, {Key: two, Page: leaf{}}}) }
	keep()
	for _, c := range []struct {
		key  page.Key
		want bool
	}{{page.Key{}, false}, {page.Key{List: "contacts", AccountID: "acct_1", First: 51}, false}, {one, true}, {one, false}, {two, true}, {two, false}} {
		if got := a.Ahead(c.key) != nil; got != c.want {
			t.Errorf("%v: taken %v", c.key, got)
		}
	}
	keep()
	a.Forget()
	if a.Ahead(one) != nil {
		t.Error("it outlasts a change")
	}
}
