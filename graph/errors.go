package graph

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/graph/model"
	"tenantry/graph/transport"
	"tenantry/internal/access"
	"tenantry/internal/fault"
)

// privileged are the refusals that a member's history keeps: they tried what
// they may not.
var privileged = []fault.Code{fault.Forbidden, fault.PermissionOutOfReach, fault.OwnerProtected, fault.CannotEditSelf}

// asData turns refusals of a mutation that belong in its payload into payload errors,
// and leaves every other error alone. What a member was refused for want of a right is
// written into the history.
func (r *Resolver) asData(ctx context.Context, err error) ([]*model.UserError, error) {
	for _, f := range fault.All(err) {
		if slices.Contains(privileged, f.Code) {
			if lerr := r.Log.Refused(ctx, access.From(ctx), graphql.GetFieldContext(ctx).Field.Name, f.Code); lerr != nil {
				slog.ErrorContext(ctx, "a refusal could not be recorded", "err", lerr)
			}
		}
		if f.Code.Fatal() {
			break
		}
	}
	return payload(err)
}

// payload is asData for a query, which changes nothing and so leaves nothing in the
// history either.
func payload(err error) ([]*model.UserError, error) {
	refusals := fault.All(err)
	out := []*model.UserError{}
	for _, f := range refusals {
		if f.Code.Fatal() {
			return []*model.UserError{}, f
		}
		e := &model.UserError{Code: f.Code, Message: f.Message}
		if f.Field != "" {
			e.Field = append([]string{"input"}, strings.Split(f.Field, ".")...)
		}
		if f.RetryAfter > 0 {
			s := int(math.Ceil(f.RetryAfter.Seconds()))
			e.RetryAfter = &s
		}
		out = append(out, e)
	}
	if refusals == nil {
		return out, err
	}
	return out, nil
}

// present is the last stop of every top-level error. A refusal keeps its words
// and its code, GraphQL's own complaints already have a code, and anything else
// is ours to read and not the client's: it gets an id to quote.
func present(ctx context.Context, err error) *gqlerror.Error {
	out := graphql.DefaultErrorPresenter(ctx, err)
	if f, ok := errors.AsType[*fault.Error](err); ok {
		out.Message = f.Message
		errcode.Set(out, string(f.Code))
		if f.Field != "" {
			out.Extensions["field"] = f.Field
		}
		if f.RetryAfter > 0 {
			out.Extensions["retryAfter"] = int(math.Ceil(f.RetryAfter.Seconds()))
		}
		return out
	}
	if out.Extensions["code"] != nil {
		return out
	}
	if ctx.Err() != nil {
		// The client has gone or the deadline has passed: nothing is wrong here, and
		// every field that was under way would say so.
		e := &gqlerror.Error{Message: "The operation took too long or was given up.", Path: out.Path, Locations: out.Locations}
		errcode.Set(e, string(transport.DeadlineExceeded))
		return e
	}
	id := errorID()
	slog.ErrorContext(ctx, "internal error", "id", id, "path", out.Path.String(), "err", err)
	return &gqlerror.Error{Message: "Something went wrong on our side. Quote " + id + " if it happens again.", Path: out.Path,
		Locations: out.Locations, Extensions: map[string]any{"code": string(fault.Internal), "id": id}}
}

// recovered turns a panic of a resolver into an internal error.
func recovered(ctx context.Context, v any) error {
	slog.ErrorContext(ctx, "panic in a resolver", "panic", v, "stack", string(debug.Stack()))
	return fmt.Errorf("panic: %v", v)
}

func errorID() string {
	var b [6]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
