package limit

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/graph/transport"
	"tenantry/internal/fault"
)

// Introspection lets clients read the schema, except where forbidden says no
// for a request: they get FORBIDDEN. Use it after the extension that finds out
// who asks.
func Introspection(forbidden func(context.Context) bool) graphql.HandlerExtension {
	return introspection{forbidden: forbidden}
}

type introspection struct {
	always
	forbidden func(context.Context) bool
}

func (introspection) ExtensionName() string { return "Introspection" }

func (e introspection) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if !describes(op.Doc, op.Operation) {
		return nil
	}
	if e.forbidden(ctx) {
		return transport.Refusal(fault.New(fault.Forbidden, "Introspection is for those who are signed in. The schema is published as /schema.graphql."))
	}
	op.DisableIntrospection = false
	return nil
}

// describes reports whether the operation asks about the schema. Such fields
// stand at a root, in a fragment at the latest; which fragment does not matter.
func describes(doc *ast.QueryDocument, op *ast.OperationDefinition) bool {
	if meta(op.SelectionSet) {
		return true
	}
	for _, f := range doc.Fragments {
		if meta(f.SelectionSet) {
			return true
		}
	}
	return false
}

func meta(ss ast.SelectionSet) bool {
	for _, s := range ss {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				return true
			}
		case *ast.InlineFragment:
			if meta(s.SelectionSet) {
				return true
			}
		}
	}
	return false
}

// Silent wraps an error presenter and takes suggestions of names out of its
// messages: they would describe the schema to those who may not read it.
func Silent(present graphql.ErrorPresenterFunc) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := present(ctx, err)
		if shown == nil {
			return nil
		}
		text, _, found := strings.Cut(shown.Message, " Did you mean")
		if !found {
			return shown
		}
		quiet := *shown
		quiet.Message = text
		return &quiet
	}
}
