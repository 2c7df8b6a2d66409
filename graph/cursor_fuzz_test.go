package graph

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"tenantry/internal/fault"
	"tenantry/internal/id"
)

// Whatever a client gives as a cursor, it is one only if it is, to the letter, what was
// given out for this very list.
//
// Invariant 16.
func FuzzCursor(f *testing.F) {
	c := NewCursors([]byte("a secret of thirty-two bytes, yes"))
	ctx := graphql.WithOperationContext(context.Background(), &graphql.OperationContext{Operation: &ast.OperationDefinition{}, Doc: &ast.QueryDocument{}})
	first := c.seal("contacts:acct_1", "cont_01h455vb4pex5vsknk084sn02q")
	for _, s := range []string{first, first + "\n", first + "=", first[:len(first)-1], c.seal("contacts:acct_2", id.New(id.Contact)), c.seal("contacts:acct_1", ""), "", "AAAA", "+/", "\xff"} {
		f.Add("contacts:acct_1", s)
	}
	f.Fuzz(func(t *testing.T, list, after string) {
		r, err := c.request(ctx, list, 10, &after)
		switch {
		case err == nil && after != c.seal(list, r.After):
			t.Fatalf("%q is taken for the cursor of %q", after, r.After)
		case err == nil && after == first && list != "contacts:acct_1":
			t.Fatalf("%q is a cursor of %q", after, list)
		case err != nil && (!fault.Has(err, fault.BadInput) || r.After != ""):
			t.Fatalf("%q is refused with %v", after, err)
		}
	})
}
