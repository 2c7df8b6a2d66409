package graph_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenantry/ent"
	"tenantry/ent/contact"
	"tenantry/ent/event"
	"tenantry/ent/invitation"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// What statements of our own write is what ent would write: the same values, in the
// same form, with the same defaults.
func TestRowsAreAsEntWritesThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx, c := lab.New(t, d), context.Background(), d.Client
		a := w.Account("olive", "Rows")
		for _, q := range []string{
			`mutation { createContact(input: {accountId: %q, email: "Ines@example.com", firstName: "Ínes", phone: "+493012345678", externalId: "7", type: BILLING,
				preferences: [{channel: EMAIL, categories: ["invoice"]}], login: {roleIds: ["role_support"]}}) { contact { id } errors { code } } }`,
			`mutation { createContact(input: {accountId: %q, email: "ivan@example.com"}) { contact { id } errors { code } } }`,
			`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "vera@example.com", name: "Vera"}, {email: "stan@example.com"}],
				roleIds: ["role_support"], permissions: ["invoices"], message: "Hello", sendEmail: false}) { results { outcome } errors { code } } }`,
		} {
			if got := w.Ask("olive", fmt.Sprintf(q, a.ID), nil); len(got.Codes()) > 0 {
				t.Fatal(got.Codes())
			}
		}
		events := c.Event.Query().AllX(ctx)
		contacts := c.Contact.Query().AllX(ctx)
		invitations := c.Invitation.Query().AllX(ctx)
		if len(events) < 6 || len(contacts) != 2 || len(invitations) != 3 {
			t.Fatalf("%d events, %d contacts, %d invitations", len(events), len(contacts), len(invitations))
		}
		for _, e := range events {
			m := c.Event.Create()
			again(t, d, event.Table, event.Columns, e.ID, e, m.Mutation().SetField, func() { c.Event.DeleteOneID(e.ID).ExecX(ctx) }, func() { m.SetID(e.ID).SaveX(ctx) })
		}
		for _, i := range invitations {
			m := c.Invitation.Create()
			again(t, d, invitation.Table, invitation.Columns, i.ID, i, m.Mutation().SetField, func() { c.Invitation.DeleteOneID(i.ID).ExecX(ctx) }, func() { m.SetID(i.ID).SaveX(ctx) })
		}
		c.Invitation.Update().ClearContactID().ExecX(ctx)
		for _, r := range contacts {
			m := c.Contact.Create()
			again(t, d, contact.Table, contact.Columns, r.ID, r, m.Mutation().SetField, func() { c.Contact.DeleteOneID(r.ID).ExecX(ctx) }, func() { m.SetID(r.ID).SaveX(ctx) })
		}
	})
}

// again removes a row and has ent write it, and fails unless the database has the
// same as before.
func again(t *testing.T, d *db.DB, table string, columns []string, id string, row any, set func(string, ent.Value) error, remove, create func()) {
	t.Helper()
	before := raw(t, d, table, columns, id)
	remove()
	v := reflect.ValueOf(row).Elem()
	for i := range v.NumField() {
		column, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		f := v.Field(i)
		if column == "id" || !slices.Contains(columns, column) || (f.Kind() == reflect.Pointer || f.Kind() == reflect.Slice) && f.IsNil() {
			continue
		}
		if err := set(column, reflect.Indirect(f).Interface()); err != nil {
			t.Fatal(err)
		}
	}
	create()
	if diff := cmp.Diff(raw(t, d, table, columns, id), before); diff != "" {
		t.Errorf("%s differs from what ent writes (-ent +ours):\n%s", table, diff)
	}
}

// raw reads a row as the database keeps it.
func raw(t *testing.T, d *db.DB, table string, columns []string, id string) map[string]any {
	t.Helper()
	values, dest, out := make([]any, 2*len(columns)), make([]any, 2*len(columns)), map[string]any{}
	form := "pg_typeof"
	if d.Dialect() == db.SQLite {
		form = "typeof"
	}
	var list []string
	for i, c := range columns {
		list = append(list, fmt.Sprintf(`"%s", CAST(%s("%s") AS TEXT)`, c, form, c))
		dest[2*i], dest[2*i+1] = &values[2*i], &values[2*i+1]
	}
	if err := d.Writer().QueryRow("SELECT "+strings.Join(list, ", ")+" FROM "+table+" WHERE id = $1", id).Scan(dest...); err != nil {
		t.Fatal(err)
	}
	for i, c := range columns {
		out[c] = fmt.Sprintf("%v: %v", values[2*i+1], values[2*i])
	}
	return out
}

// An account has as many contacts as it can and no more, whoever counts.
func TestContactsAreLimited(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		a := w.Account("olive", "Full")
		add := func(name string) []string {
			return w.Ask("olive", fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "%s@example.com"}) { contact { id } errors { code } } }`, a.ID, name), nil).Codes()
		}
		if got := add("first"); len(got) > 0 {
			t.Fatal(got)
		}
		if _, err := d.Writer().Exec(`INSERT INTO contacts (id, created_at, account_id, email, email_key, search, preferences, sub_account_ids, updated_at)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9998)
			SELECT 'cont_' || CAST(i AS TEXT), c.created_at, c.account_id, CAST(i AS TEXT), CAST(i AS TEXT), c.search, c.preferences, c.sub_account_ids, c.updated_at
			FROM n, contacts c WHERE c.account_id = $1`, a.ID); err != nil {
			t.Fatal(err)
		}
		if got := add("last"); len(got) > 0 {
			t.Errorf("number 10,000: %v", got)
		}
		if got := add("toomany"); !slices.Equal(got, []string{"QUOTA_EXCEEDED"}) {
			t.Errorf("number 10,001: %v", got)
		}
	})
}
