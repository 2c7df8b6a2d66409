package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	entsession "tenantry/ent/session"
	"tenantry/internal/access"
	"tenantry/internal/fault"
	"tenantry/internal/lab"
	"tenantry/internal/passkey/virtual"
	"tenantry/internal/session"
)

// ceremonies gives somebody a passkey, and lets them begin everything that is done
// with one: names for what was begun, and for what their device answers.
func (e *estate) ceremonies(prefix, who string) {
	e.T.Helper()
	ctx := context.Background()
	device, row := e.Passkey(who, false)
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

// answered returns the ceremony that an answer of the program begins, and what a
// device answers to it.
func answered(t testing.TB, a lab.Answer, do func([]byte, ...func(*virtual.Answer)) ([]byte, error)) (ceremony string, answer []byte) {
	t.Helper()
	begun, _ := a.Get("data.begun").(map[string]any)
	options, err := json.Marshal(begun["options"])
	if err != nil || len(a.Codes()) > 0 {
		t.Fatalf("nothing is begun: %s", a.Body)
	}
	if answer, err = do(options); err != nil {
		t.Fatal(err)
	}
	return begun["ceremonyId"].(string), answer
}

// begin is the mutation that begins a ceremony.
func begin(mutation string) string {
	return "mutation { begun: " + mutation + " { ceremonyId options errors { code } } }"
}

// device lets the one of somebody answer what they begin with a token, or with none.
func (r *ring) device(token, mutation string, do func([]byte, ...func(*virtual.Answer)) ([]byte, error)) (ceremony string, answer []byte) {
	r.Helper()
	return answered(r, r.post(0, token, begin(mutation), nil), do)
}

// finish is the mutation that answers a ceremony.
func finish(mutation, ceremony string, answer []byte, more, want string) string {
	return fmt.Sprintf("mutation { %s(input: {ceremonyId: %q, credential: %s%s}) { %s errors { code } } }", mutation, ceremony, asLiteral(answer), more, want)
}

// Invariants 24, 25: of any number who have the same answer, one registers the key.
func registerOnce(r *ring) {
	p := r.Person(r.name("olive"))
	device := &virtual.Authenticator{Origin: lab.Public}
	ceremony, answer := r.device(p.Token, "startPasskeyRegistration", device.Create)
	other := r.SignIn(p.User)
	answers := rush(crowd, func(i int) lab.Answer {
		return r.post(i, p.Token, finish("finishPasskeyRegistration", ceremony, answer, "", "passkey { id } recoveryCodes"), nil)
	})
	r.expect(once(answers), "NOT_FOUND", "UNAUTHENTICATED", "HTTP 401")
	ctx := context.Background()
	if n := r.DB.Client.Passkey.Query().Where(passkey.UserID(p.User.ID)).CountX(ctx); n != 1 {
		r.Errorf("%d passkeys", n)
	}
	if n := r.DB.Client.RecoveryCode.Query().Where(recoverycode.UserID(p.User.ID)).CountX(ctx); n != 10 {
		r.Errorf("%d recovery codes", n)
	}
	if a := r.post(1, other.Token, "{ viewer { id } }", nil); a.Status != 401 {
		r.Errorf("another session outlives a new passkey: %s", a.Body)
	}
}

// once makes of a session that ended meanwhile a refusal like others.
func once(answers []lab.Answer) []lab.Answer {
	for i, a := range answers {
		if a.Status == 401 {
			answers[i].Body = []byte(`{"errors":[{"extensions":{"code":"HTTP 401"}}]}`)
		}
	}
	return answers
}

// A person who has nineteen passkeys and begins many registrations gets one more.
func registerMany(r *ring) {
	p := r.Person(r.name("olive"))
	ctx := context.Background()
	for i := range session.MaxPasskeys - 1 {
		r.DB.Client.Passkey.Create().SetUserID(p.User.ID).SetName("Old").SetCredentialID(fmt.Sprint(p.User.ID, i)).SetCredential([]byte("{}")).ExecX(ctx)
	}
	var ceremonies [crowd]string
	var answers [crowd][]byte
	for i := range crowd {
		device := &virtual.Authenticator{Origin: lab.Public}
		ceremonies[i], answers[i] = r.device(p.Token, "startPasskeyRegistration", device.Create)
	}
	by := r.Actor(r.name("olive"))
	codes := rush(crowd, func(i int) string {
		_, err := r.servers[i%len(r.servers)].Sessions.FinishPasskeyRegistration(ctx, &access.Actor{Kind: by.Kind, User: by.User, Session: by.Session},
			ceremonies[i], string(answers[i]), nil)
		if err == nil {
			return ""
		}
		return string(fault.All(err)[0].Code)
	})
	slices.Sort(codes)
	if got := slices.Compact(slices.Clone(codes)); !slices.Equal(got, []string{"", "QUOTA_EXCEEDED"}) || codes[1] == "" {
		r.Errorf("%v", codes)
	}
	if n := r.DB.Client.Passkey.Query().Where(passkey.UserID(p.User.ID)).CountX(ctx); n != session.MaxPasskeys {
		r.Errorf("%d passkeys", n)
	}
}

// Invariant 31, for passkeys: a challenge is answered once.
func passkeySignsInOnce(r *ring) {
	olive := r.name("olive")
	r.Person(olive)
	device, row := r.Passkey(olive, false)
	ceremony, answer := r.device("", "startPasskeySignIn", device.Get)
	r.expect(rush(crowd, func(i int) lab.Answer {
		return r.post(i, "", finish("finishPasskeySignIn", ceremony, answer, ", delivery: TOKEN", "token"), nil)
	}), "NOT_FOUND")
	r.told(0, "passkey.copy_suspected", row.ID)
	if n := r.DB.Client.Session.Query().Where(entsession.UserID(r.Person(olive).User.ID)).CountX(context.Background()); n != 2 {
		r.Errorf("%d sessions, with the one that was there", n)
	}
}

func passkeyFinishesOnce(r *ring) {
	olive := r.name("olive")
	p := r.Person(olive)
	device, _ := r.Passkey(olive, false)
	half := r.must("", "signIn", map[string]any{"email": p.Email, "password": lab.Password, "delivery": "TOKEN"}, "token").String("data.signIn.token")
	ceremony, answer := r.device(half, "startPasskeySignIn", device.Get)
	r.expect(once(rush(crowd, func(i int) lab.Answer {
		return r.post(i, half, finish("finishPasskeySignIn", ceremony, answer, "", "token"), nil)
	})), "NOT_FOUND", "UNAUTHENTICATED", "HTTP 401")
}

func passkeyProvesOnce(r *ring) {
	olive := r.name("olive")
	r.Person(olive)
	device, _ := r.Passkey(olive, false)
	token := r.Person(olive).Token
	ceremony, answer := r.device(token, "startPasskeyProof", device.Get)
	r.expect(once(rush(crowd, func(i int) lab.Answer {
		return r.post(i, token, finish("finishPasskeyProof", ceremony, answer, "", "token"), nil)
	})), "NOT_FOUND", "UNAUTHENTICATED", "HTTP 401")
}

// Many copies of one device, all of which have counted to the same number, answer
// challenges of their own: one signs in, and the others are told of.
func passkeyCopied(r *ring) {
	olive := r.name("olive")
	r.Person(olive)
	device, row := r.Passkey(olive, false)
	var ceremonies [crowd]string
	var answers [crowd][]byte
	for i := range crowd {
		key := *device.Keys[0]
		ceremonies[i], answers[i] = r.device("", "startPasskeySignIn", (&virtual.Authenticator{Origin: lab.Public, Keys: []*virtual.Key{&key}}).Get)
	}
	r.expect(rush(crowd, func(i int) lab.Answer {
		return r.post(i, "", finish("finishPasskeySignIn", ceremonies[i], answers[i], ", delivery: TOKEN", "token"), nil)
	}), "INVALID_CREDENTIALS")
	r.told(crowd-1, "passkey.copy_suspected", row.ID)
}

// Invariant 24: a passkey that is removed while others sign in with it leaves no
// session behind, and signs nobody in after that has answered.
func removePasskey(r *ring) {
	olive := r.name("olive")
	r.Person(olive)
	device, row := r.Passkey(olive, true)
	var ceremonies [crowd]string
	var answers [crowd][]byte
	for i := range crowd - 1 {
		ceremonies[i], answers[i] = r.device("", "startPasskeySignIn", device.Get)
	}
	token := r.Person(olive).Token
	all := rush(crowd, func(i int) lab.Answer {
		if i == crowd-1 {
			return r.post(i, token, fmt.Sprintf("mutation { removePasskey(input: {passkeyId: %q}) { token errors { code } } }", row.ID), nil)
		}
		return r.post(i, "", finish("finishPasskeySignIn", ceremonies[i], answers[i], ", delivery: TOKEN", "token"), nil)
	})
	if len(all[crowd-1].Codes()) > 0 {
		r.Fatalf("not removed: %s", all[crowd-1].Body)
	}
	in := 0
	for _, a := range all[:crowd-1] {
		if token := a.String("data.finishPasskeySignIn.token"); token != "" {
			in++
			if a := r.post(in, token, "{ viewer { id } }", nil); a.Status != 401 {
				r.Errorf("a session by a removed passkey lives on: %s", a.Body)
			}
		}
	}
	r.Logf("%d signed in before", in)
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
