package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/ent/event"
	"tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	entsession "tenantry/ent/session"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
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

// What does not fit is refused with one answer, whatever the reason, and uses the
// challenge up. Each row changes one thing of a sign-in that would succeed.
//
// Invariants 31, 36.
func TestPasskeyRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		for _, who := range []string{"olive", "peter"} {
			w.Person(who)
		}
		olives, row := w.Passkey("olive", false)
		peters, _ := w.Passkey("peter", false)
		handle := func(who string) []byte { return []byte(w.Person(who).User.ID) }
		half := func(who string) string {
			return w.Ask(lab.Nobody, fmt.Sprintf(`mutation { signIn(input: {email: "%s@example.com", password: %q, delivery: TOKEN}) { token errors { code } } }`, who, lab.Password), nil).String("data.signIn.token")
		}
		const (
			wrong = `"message":"This passkey was not accepted."`
			late  = `"message":"This was begun elsewhere or too long ago, or was answered already. Begin again."`
		)
		for _, c := range []struct {
			name string
			// with is the token of whoever begins, and then the one of whoever answers.
			with, answer func() string
			device       *virtual.Authenticator
			lie          func(*virtual.Answer)
			want         string
		}{
			{name: "nothing wrong"},
			{name: "nothing wrong as the second step", with: func() string { return half("olive") }},
			{name: "another origin", lie: func(a *virtual.Answer) { a.ClientData["origin"] = "https://portal.example.evil" }, want: wrong},
			{name: "another relying party", lie: func(a *virtual.Answer) { a.RPID = "evil.example" }, want: wrong},
			{name: "another challenge", lie: func(a *virtual.Answer) { a.ClientData["challenge"] = strings.Repeat("A", 43) }, want: wrong},
			{name: "nobody verified", lie: func(a *virtual.Answer) { a.Flags &^= virtual.Verified }, want: wrong},
			{name: "nobody verified as the second step", with: func() string { return half("olive") }, lie: func(a *virtual.Answer) { a.Flags &^= virtual.Verified }, want: wrong},
			{name: "nobody present", lie: func(a *virtual.Answer) { a.Flags &^= virtual.Present }, want: wrong},
			{name: "an unknown key", lie: func(a *virtual.Answer) { a.ID = []byte("unknown") }, want: wrong},
			{name: "a key that another person has", lie: func(a *virtual.Answer) { a.ID = peters.Keys[0].ID }, want: wrong},
			{name: "the handle of another person", lie: func(a *virtual.Answer) { a.UserHandle = handle("peter") }, want: wrong},
			{name: "no handle, where nobody is known", lie: func(a *virtual.Answer) { a.UserHandle = nil }, want: wrong},
			{name: "no handle, where somebody is", with: func() string { return half("olive") }, lie: func(a *virtual.Answer) { a.UserHandle = nil }},
			{name: "an altered signature", lie: func(a *virtual.Answer) {
				a.Signature = func(s []byte) []byte { s[len(s)-1] ^= 1; return s }
			}, want: wrong},
			{name: "the key of another person as the second step", with: func() string { return half("olive") }, device: peters, want: wrong},
			{name: "the same with the handle of the first", with: func() string { return half("olive") }, device: peters, lie: func(a *virtual.Answer) { a.UserHandle = handle("olive") }, want: wrong},
			{name: "in no session, where one began", with: func() string { return half("olive") }, answer: func() string { return "" }, want: late},
			{name: "in another half session of the same person", with: func() string { return half("olive") }, answer: func() string { return half("olive") }, want: late},
			{name: "in a session of another person", with: func() string { return half("olive") }, answer: func() string { return w.Person("peter").Token }, want: late},
			{name: "a counter that stands still", lie: func(a *virtual.Answer) { a.Counter = 1 }, want: wrong},
			{name: "a counter of nothing", lie: func(a *virtual.Answer) { a.Counter = 0 }, want: wrong},
		} {
			t.Run(c.name, func(t *testing.T) {
				token := ""
				if c.with != nil {
					token = c.with()
				}
				device := olives
				if c.device != nil {
					device = c.device
				}
				options := w.AskWith(token, begin("startPasskeySignIn"), nil)
				ceremony, answer := answered(t, options, func(o []byte, _ ...func(*virtual.Answer)) ([]byte, error) {
					var asked struct{ Challenge string }
					if err := json.Unmarshal(o, &asked); err != nil {
						return nil, err
					}
					lies := []func(*virtual.Answer){c.lie}
					if c.lie == nil {
						lies = nil
					}
					return device.Keys[0].Sign(lab.Public, asked.Challenge, lies...)
				})
				if c.answer != nil {
					token = c.answer()
				}
				finishing := strings.Replace(finish("finishPasskeySignIn", ceremony, answer, ", delivery: TOKEN", "viewer { id }"), "{ code }", "{ code message }", 1)
				a := w.AskWith(token, finishing, nil)
				switch {
				case c.want == "" && a.String("data.finishPasskeySignIn.viewer.id") != w.Person("olive").User.ID:
					t.Errorf("refused: %s", a.Body)
				case c.want != "" && (!strings.Contains(string(a.Body), c.want) || a.Get("data.finishPasskeySignIn.viewer") != nil):
					t.Errorf("answered %s, want %s", a.Body, c.want)
				}
				if again := w.AskWith(token, finishing, nil); c.want != late && !strings.Contains(string(again.Body), late) && again.Status != 401 {
					t.Errorf("answered twice: %s", again.Body)
				}
			})
		}
		told := d.Client.Event.Query().Where(event.Action("passkey.copy_suspected"), event.TargetID(row.ID)).CountX(t.Context())
		if told != 2 {
			t.Errorf("%d copies are told of, want 2", told)
		}

		// Nobody takes over a key by claiming its id.
		ceremony, answer := answered(t, w.Ask("peter", begin("startPasskeyRegistration"), nil), func(o []byte, _ ...func(*virtual.Answer)) ([]byte, error) {
			return (&virtual.Authenticator{Origin: lab.Public}).Create(o, func(a *virtual.Answer) { a.ID = olives.Keys[0].ID })
		})
		if a := w.Ask("peter", finish("finishPasskeyRegistration", ceremony, answer, "", "passkey { id }"), nil); !slices.Equal(a.Codes(), []string{"CONFLICT"}) {
			t.Errorf("a key is claimed: %s", a.Body)
		}
		// Nor does one who is kept out come in.
		ceremony, answer = answered(t, w.Ask(lab.Nobody, begin("startPasskeySignIn"), nil), olives.Get)
		d.Client.User.UpdateOneID(w.Person("olive").User.ID).SetDisabledAt(time.Now()).ExecX(t.Context())
		if a := w.Ask(lab.Nobody, finish("finishPasskeySignIn", ceremony, answer, "", "viewer { id }"), nil); !slices.Equal(a.Codes(), []string{"INVALID_CREDENTIALS"}) {
			t.Errorf("somebody who is disabled signs in: %s", a.Body)
		}
	})
}

// What is begun and never answered is forgotten, and nobody begins without end.
func TestPasskeysUnanswered(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		begun := 0
		for ; begun < 1000; begun++ {
			if a := w.Ask(lab.Nobody, begin("startPasskeySignIn"), nil); len(a.Codes()) > 0 {
				if !slices.Equal(a.Codes(), []string{"RATE_LIMITED"}) {
					t.Fatalf("%s", a.Body)
				}
				break
			}
		}
		if begun != budget.PasskeyByNetwork.Count {
			t.Errorf("%d may be begun from one network", begun)
		}
		count := func() int { return d.Client.Ceremony.Query().CountX(t.Context()) }
		if n := count(); n != begun {
			t.Errorf("%d ceremonies are kept", n)
		}
		time.Sleep(5*time.Minute - time.Millisecond)
		must(t, w.Due(t.Context()))
		if n := count(); n != begun {
			t.Errorf("%d ceremonies are kept before they lapse", n)
		}
		time.Sleep(time.Millisecond)
		must(t, w.Due(t.Context()))
		if n := count(); n != 0 {
			t.Errorf("%d ceremonies are kept after they lapsed", n)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A portal that is reached at an address of numbers has no passkeys, and says why.
//
// Invariant 38: whatever a request says of hosts, the relying party is the configured
// one.
func TestPasskeysOfThePublicAddress(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d, func(p *cli.Parts) { p.Public = "http://127.0.0.1:8080" })
		for who, mutation := range map[string]string{"olive": "startPasskeyRegistration", lab.Nobody: "startPasskeySignIn"} {
			if a := w.Ask(who, begin(mutation), nil); !slices.Equal(a.Codes(), []string{"BAD_INPUT"}) {
				t.Errorf("%s: %s", mutation, a.Body)
			}
		}
		w = lab.New(t, d)
		for _, header := range []string{"Host", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "Origin"} {
			r := posted(begin("startPasskeySignIn"), header, "https://evil.example")
			if header == "Host" {
				r.Host = "evil.example"
			}
			if a := w.Do(r); strings.Contains(string(a.Body), "evil") {
				t.Errorf("%s is believed: %s", header, a.Body)
			}
		}
	})
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
