package graph_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	gql "github.com/vektah/gqlparser/v2/ast"

	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// TestColumns: a list reads only the columns that the document asks for, so each
// field of its elements is asked for alone, and must say what it says among all
// others.
func TestColumns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPortfolio(t, d)
		p.grow(2)
		p.count(`mutation($a: ID!) { createContact(input: {accountId: $a, email: "full@example.com", firstName: "F", lastName: "L", company: "C", phone: "+44 20 7946 0958", locale: "de", type: BILLING, notes: "N", externalId: "E",
			address: {line1: "1", line2: "2", city: "3", region: "4", postalCode: "5", country: "DE"}, preferences: [{channel: EMAIL, categories: ["legal"]}]}) { errors { code } } }`)
		p.count(`mutation($a: ID!) { inviteUsers(input: {accountId: $a, emails: [{email: "named@example.com", name: "Named"}], message: "Hello"}) { errors { code } } }`)
		// So that it is asked who has two factors, and matters.
		d.Client.User.UpdateOne(p.Person("olive").User).SetTwoFactorAt(time.Now()).ExecX(t.Context())
		d.Client.Account.UpdateOne(p.account).SetTwoFactorFrom(time.Now()).ExecX(t.Context())
		for _, list := range []struct{ field, element string }{{"contacts", "Contact"}, {"invitations", "Invitation"}, {"memberships", "Membership"}} {
			var each []string
			for _, f := range fields(schema.Types[list.element]) {
				if text := whole(f); text != "" {
					each = append(each, text)
				}
			}
			at := "data.account." + list.field + ".nodes"
			ask := func(selection string) []any {
				a := p.Ask("olive", fmt.Sprintf(`query($a: ID!) { account(id: $a) { %s(first: 10) { nodes { %s } } } }`, list.field, selection), map[string]any{"a": p.account.ID})
				nodes, ok := a.Get(at).([]any)
				if !ok || len(nodes) == 0 {
					t.Fatalf("%s { %s }: %s", list.field, selection, a.Body)
				}
				return nodes
			}
			all := ask(strings.Join(each, " "))
			for _, text := range each {
				name, _, _ := strings.Cut(text, " ")
				for i, n := range ask(text) {
					if want, got := all[i].(map[string]any)[name], n.(map[string]any)[name]; !reflect.DeepEqual(got, want) {
						t.Errorf("%s.%s of element %d alone is %v, and %v among others", list.element, name, i, got, want)
					}
				}
			}
		}
	})
}

// What a mutation reads of accounts and memberships is what its document shows, too.
func TestColumnsOfMutation(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		p := newPortfolio(t, d)
		p.grow(1)
		for _, payload := range []struct{ field, element string }{{"account", "Account"}, {"membership", "Membership"}} {
			var each []string
			for _, f := range fields(schema.Types[payload.element]) {
				if text := whole(f); text != "" && !strings.HasSuffix(f.Type.Name(), "Connection") {
					each = append(each, text)
				}
			}
			ask := func(selection string) map[string]any {
				a := p.Ask("olive", fmt.Sprintf(`mutation($a: ID!) { switchAccount(input: {accountId: $a}) { %s { %s } } }`, payload.field, selection), map[string]any{"a": p.others[0].ID})
				got, ok := a.Get("data.switchAccount." + payload.field).(map[string]any)
				if !ok {
					t.Fatalf("%s { %s }: %s", payload.field, selection, a.Body)
				}
				return got
			}
			all := ask(strings.Join(each, " "))
			for _, text := range each {
				name, _, _ := strings.Cut(text, " ")
				if want, got := all[name], ask(text)[name]; !reflect.DeepEqual(got, want) {
					t.Errorf("%s.%s alone is %v, and %v among others", payload.element, name, got, want)
				}
			}
		}
	})
}

// whole asks for a field with everything plain beneath it, or is "" for one that
// needs arguments.
func whole(f *gql.FieldDefinition) string {
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			return ""
		}
	}
	d := schema.Types[f.Type.Name()]
	if !d.IsCompositeType() {
		return f.Name
	}
	var inner []string
	for _, g := range fields(d) {
		if !schema.Types[g.Type.Name()].IsCompositeType() && len(g.Arguments) == 0 {
			inner = append(inner, g.Name)
		}
	}
	return f.Name + " { " + strings.Join(inner, " ") + " }"
}
