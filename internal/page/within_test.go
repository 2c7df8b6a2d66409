package page_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/page"
)

// Three accounts beside each other in the index: a page of the middle one has rows
// of no other, in both directions, from the beginning, the middle and the end.
func TestWithin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var rows []*ent.EventCreate
		for _, account := range []string{"acct_a", "acct_b", "acct_c"} {
			for i := range 5 {
				rows = append(rows, d.Client.Event.Create().SetID(fmt.Sprintf("evt_%d%s", i, account[5:])).SetStream(account).
					SetAccountID(account).SetActorKind("SYSTEM").SetAction("thing.done"))
			}
		}
		d.Client.Event.CreateBulk(rows...).ExecX(ctx)
		for _, c := range []struct {
			backwards bool
			after     string
			want      []string
		}{
			{false, "", []string{"evt_0b", "evt_1b", "evt_2b"}},
			{false, "evt_2b", []string{"evt_3b", "evt_4b"}},
			{false, "evt_4b", nil},
			{true, "", []string{"evt_4b", "evt_3b", "evt_2b"}},
			{true, "evt_2b", []string{"evt_1b", "evt_0b"}},
			{true, "evt_0b", nil},
		} {
			within := page.Within
			if c.backwards {
				within = page.Backwards
			}
			got := d.Client.Event.Query().Where(within(event.FieldAccountID, event.FieldID, "acct_b", c.after)).Limit(3).IDsX(ctx)
			if !slices.Equal(got, c.want) {
				t.Errorf("backwards %v after %q: %v, want %v", c.backwards, c.after, got, c.want)
			}
		}
	})
}

// Which columns are read follows from the document and from which fields show each: one
// document that asks for a list in two ways reads both as they want to be read.
func TestColumnsOfADocument(t *testing.T) {
	all := []string{"id", "name", "notes"}
	shown := &page.Columns{All: all, Shown: map[string][]string{"id": {"id"}, "notes": {"notes"}}}
	judged := &page.Columns{All: all, Shown: map[string][]string{"notes": {"notes"}}}
	fields := page.NewFields(map[string]bool{"name": true})
	for range 2 {
		for _, c := range []struct {
			of     *page.Columns
			fields *page.Fields
			want   string
		}{
			{shown, fields, "l.name"}, {judged, fields, "l.id, l.name"}, {shown, nil, "l.id, l.name, l.notes"},
			{shown, page.NewFields(map[string]bool{"notes": true}), "l.name, l.notes"},
			{&page.Columns{All: all, Shown: map[string][]string{"id": {"id"}, "name": {}, "notes": {}}}, fields, "l.id"},
		} {
			columns, text := page.Request{Fields: c.fields}.Columns(c.of)
			if got := "l." + strings.Join(columns, ", l."); got != c.want || text != c.want {
				t.Errorf("%v, %s; want %s", columns, text, c.want)
			}
		}
	}
}
