package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tenantry/internal/access"
	"tenantry/internal/passkey/virtual"
	"tenantry/internal/session"
)

// ceremonies gives somebody a passkey, and lets them begin everything that is done
// with one: names for what was begun, and for what their device answers.
func (e *estate) ceremonies(prefix, who string) {
	e.T.Helper()
	ctx := context.Background()
	device, row := e.Passkey(who)
	e.names["$"+prefix+"passkey"] = row.ID
	e.prove(who, device)
	for _, c := range []struct {
		begun, answered string
		start           func(context.Context, *access.Actor) (*session.Asked, error)
		answer          func([]byte) ([]byte, error)
	}{
		{"creating", "created", e.Sessions.StartPasskeyRegistration, func(o []byte) ([]byte, error) {
			other := *device
			other.Keys = nil
			return other.Create(o)
		}},
		{"signing", "signed", e.Sessions.StartPasskeySignIn, func(o []byte) ([]byte, error) { return device.Get(o) }},
		{"proving", "proved", e.Sessions.StartPasskeyProof, func(o []byte) ([]byte, error) { return device.Get(o) }},
	} {
		asked, err := c.start(ctx, e.Actor(who))
		if err != nil {
			e.T.Fatal(err)
		}
		answer, err := c.answer([]byte(*asked.JSON()))
		if err != nil {
			e.T.Fatal(err)
		}
		e.names["$"+prefix+c.begun], e.names["$"+prefix+c.answered] = *asked.ID(), asLiteral(answer)
	}
}

// prove lets somebody prove with a passkey who they are.
func (e *estate) prove(who string, device *virtual.Authenticator) {
	e.T.Helper()
	ctx, p := context.Background(), e.Person(who)
	asked, err := e.Sessions.StartPasskeyProof(ctx, e.Actor(who))
	if err != nil {
		e.T.Fatal(err)
	}
	answer, err := device.Get([]byte(*asked.JSON()))
	if err != nil {
		e.T.Fatal(err)
	}
	st, err := e.Sessions.FinishPasskeyProof(ctx, e.Actor(who), *asked.ID(), string(answer))
	if err != nil {
		e.T.Fatal(err)
	}
	p.Token, p.Session = st.Token, st.Session
}

// asLiteral writes an object of JSON as it stands in a document.
func asLiteral(object []byte) string {
	var v any
	if err := json.Unmarshal(object, &v); err != nil {
		panic(err)
	}
	var write func(any) string
	write = func(v any) string {
		switch v := v.(type) {
		case map[string]any:
			var parts []string
			for _, k := range slices.Sorted(maps.Keys(v)) {
				parts = append(parts, k+": "+write(v[k]))
			}
			return "{" + strings.Join(parts, ", ") + "}"
		case []any:
			var parts []string
			for _, e := range v {
				parts = append(parts, write(e))
			}
			return "[" + strings.Join(parts, ", ") + "]"
		case string:
			return fmt.Sprintf("%q", v)
		}
		return fmt.Sprint(v)
	}
	return write(v)
}
