package demo_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tenantry/ent"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/permission"
)

// Every column of every entity reads through its places as ent reads it, row after
// row into the same places.
func TestPlacesReadAsEntDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a := wire(t, d, permission.Hosting())
		fill(t, a)
		rows, nulls := 0, 0
		compare := func(when string) {
			c := reflect.ValueOf(d.Client).Elem()
			for i := range c.NumField() {
				f := c.Field(i)
				if !c.Type().Field(i).IsExported() || f.Kind() != reflect.Pointer || !f.MethodByName("Query").IsValid() {
					continue
				}
				name := c.Type().Field(i).Name
				q := f.MethodByName("Query").Call(nil)[0]
				q = q.MethodByName("Order").Call([]reflect.Value{reflect.ValueOf(ent.Asc("id")).Convert(q.MethodByName("Order").Type().In(0).Elem())})[0]
				res := q.MethodByName("All").Call([]reflect.Value{reflect.ValueOf(ctx)})
				if !res[1].IsNil() {
					t.Fatal(name, res[1])
				}
				all := res[0]
				typ := q.MethodByName("OnlyX").Type().Out(0).Elem()
				one := reflect.New(typ)
				table, cols := tableOf(t, name)
				places := one.MethodByName("Places").Call([]reflect.Value{reflect.ValueOf(cols)})[0].Interface().([]column.Place)
				n := 0
				err := db.Read(ctx, d.Client, "SELECT "+quoted(cols)+" FROM "+table+" WHERE 1 = $1 ORDER BY id", []any{1}, places, func() {
					want, got := all.Index(n).Elem(), one.Elem()
					for i := range typ.NumField() {
						sf := typ.Field(i)
						if !sf.IsExported() || sf.Name == "Edges" {
							continue
						}
						w, g := want.Field(i).Interface(), got.Field(i).Interface()
						if diff := cmp.Diff(w, g, cmpopts.EquateComparable()); diff != "" {
							t.Errorf("%s: %s.%s of row %d (-ent +places):\n%s", when, name, sf.Name, n, diff)
						}
						if f := want.Field(i); f.Kind() == reflect.Pointer && f.IsNil() {
							nulls++
						}
					}
					n++
					one.Elem().SetZero() // as every caller does
					rows++
				})
				if err != nil {
					t.Errorf("%s: %s: %v", when, name, err)
				}
				if n != all.Len() {
					t.Errorf("%s: %s: %d of %d", when, name, n, all.Len())
				}
			}
		}
		compare("demo")
		for _, j := range []string{`[]`, `null`, `["a"]`, `["é\u00e9 \"q\" \\ x", "b,c"]`, `[ "a" , "b" ]`, `["a,b","[x]"]`, `["]","["]`, `["\n"]`} {
			for _, tc := range [][2]string{{"memberships", "role_ids"}, {"memberships", "permissions"}, {"contacts", "sub_account_ids"}, {"invitations", "role_ids"}} {
				if _, err := d.Writer().Exec("UPDATE "+tc[0]+" SET "+tc[1]+" = $1 WHERE id IN (SELECT id FROM "+tc[0]+" ORDER BY id LIMIT 3)", j); err != nil {
					t.Error(err)
				}
			}
			compare("json " + j)
		}
		for _, when := range []string{"1970-01-01 00:00:00+00:00", "2026-03-29 01:30:00.123456+00:00", "0001-01-01 00:00:00+00:00", "9999-12-31 23:59:59.999999+00:00"} {
			if _, err := d.Writer().Exec("UPDATE memberships SET created_at = $1, last_access_at = $1", when); err != nil {
				t.Error(err)
			}
			compare(when)
		}
		t.Logf("%d rows, %d nulls", rows, nulls)
	})
}

func quoted(cols []string) string { return `"` + strings.Join(cols, `", "`) + `"` }

func tableOf(t *testing.T, name string) (string, []string) {
	for _, e := range entities {
		if e.name == name {
			return e.table, e.cols
		}
	}
	t.Fatal(fmt.Sprint("no ", name))
	return "", nil
}
