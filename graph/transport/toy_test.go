package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/graph/transport"
)

var toySchema = gqlparser.MustLoadSchema(&ast.Source{Input: `
type Query {
  hello: String!
  echo(text: String, number: Int, kind: Kind): String
  big(bytes: Int!): String
  fail: String
  wait: String
  panic: String
}
enum Kind { ONE OTHER }
type Mutation {
  bump: Int
  bumpThenWait: Int
}
type Subscription {
  count(to: Int!): Int
  forever: Int
  stubborn: Int
  hangUp: Int
}
`})

// toy executes root fields of toySchema and counts its mutations.
type toy struct {
	bumps   atomic.Int64
	waiting chan struct{} // receives once for each wait that has begun
	release chan struct{} // closed to let stubborn subscriptions end
}

func newToy() *toy { return &toy{waiting: make(chan struct{}, 100), release: make(chan struct{})} }

func (t *toy) Schema() *ast.Schema { return toySchema }

func (t *toy) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (t *toy) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, nil)
	if op.Operation.Operation == ast.Subscription {
		return t.subscribe(fields[0], op.Variables)
	}
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		var data strings.Builder
		data.WriteByte('{')
		for i, f := range fields {
			value, err := t.field(ctx, f.Name, f.ArgumentMap(op.Variables))
			if err != nil {
				graphql.AddError(ctx, err)
			}
			text, _ := json.Marshal(value)
			if i > 0 {
				data.WriteByte(',')
			}
			data.WriteString(`"` + f.Alias + `":` + string(text))
		}
		data.WriteByte('}')
		return &graphql.Response{Data: json.RawMessage(data.String())}
	}
}

func (t *toy) field(ctx context.Context, name string, args map[string]any) (any, error) {
	switch name {
	case "__typename":
		return "Query", nil
	case "__type":
		return map[string]any{"name": args["name"]}, nil
	case "hello":
		return "world", nil
	case "echo":
		return args["text"], nil
	case "big":
		n, _ := args["bytes"].(int64)
		return strings.Repeat("x", int(n)), nil
	case "fail":
		return nil, &gqlerror.Error{Message: "No.", Extensions: map[string]any{"code": "UNAUTHENTICATED"}}
	case "wait":
		t.waiting <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	case "panic":
		panic("as asked")
	case "bump":
		return t.bumps.Add(1), nil
	case "bumpThenWait":
		n := t.bumps.Add(1)
		<-ctx.Done()
		return n, ctx.Err()
	}
	return nil, errors.New("no such field")
}

func (t *toy) subscribe(f graphql.CollectedField, vars map[string]any) graphql.ResponseHandler {
	to, _ := f.ArgumentMap(vars)["to"].(int64)
	n := int64(0)
	return func(ctx context.Context) *graphql.Response {
		if f.Name == "hangUp" {
			transport.HangUp(ctx, transport.TooSlow)
			return nil
		}
		if f.Name == "forever" || f.Name == "stubborn" {
			t.waiting <- struct{}{}
			<-ctx.Done()
			if f.Name == "stubborn" {
				<-t.release
			}
			return nil
		}
		if n == to {
			return nil
		}
		n++
		text, _ := json.Marshal(map[string]int64{f.Alias: n})
		return &graphql.Response{Data: text}
	}
}

// gate is an extension that refuses while operations are set up.
type gate func(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error

func (gate) ExtensionName() string                   { return "Gate" }
func (gate) Validate(graphql.ExecutableSchema) error { return nil }
func (g gate) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	return g(ctx, op)
}

func newServer(t *toy, o transport.Options, g gate) *handler.Server {
	srv := transport.New(t, o)
	srv.SetRecoverFunc(func(context.Context, any) error {
		return &gqlerror.Error{Message: "Something went wrong.", Extensions: map[string]any{"code": "INTERNAL"}}
	})
	if g != nil {
		srv.Use(g)
	}
	return srv
}
