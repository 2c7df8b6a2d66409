package graph_test

import (
	"context"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/password"
)

// While as many strangers wait to sign in as may, one more is told when to come back. It
// costs no statement and is no try; whoever comes with a known device or is signed in is
// not kept out.
//
// Invariants 32 and 33.
func TestFlood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		olive := w.Person("olive")
		var counter *db.Counter
		signIn := func(secret, device string) lab.Answer {
			body := `{"query":"mutation($p: String!, $d: String) { signIn(input: {email: \"olive@example.com\", password: $p, delivery: TOKEN, deviceToken: $d}) { token deviceToken errors { code retryAfter } } }",` +
				`"variables":{"p":"` + secret + `","d":"` + device + `"}}`
			var ctx context.Context
			ctx, counter = db.CountStatements(t.Context())
			r := httptest.NewRequestWithContext(ctx, "POST", lab.Public+"/graphql", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.RemoteAddr = "192.0.2.9:1"
			return w.Do(r)
		}
		device := signIn(lab.Password, "").String("data.signIn.deviceToken")
		if device == "" {
			t.Fatal("no device is known")
		}
		before := w.DB.Client.Budget.Query().CountX(t.Context())
		var crowd []*password.Seat
		for {
			seat, err := w.Hasher.Sit(password.Stranger)
			if err != nil {
				break
			}
			crowd = append(crowd, seat)
		}
		for _, secret := range []string{lab.Password, "not this one"} {
			a := signIn(secret, "")
			if refusal(a) != "RATE_LIMITED" || a.Get("data.signIn.errors.0.retryAfter") != 2.0 {
				t.Errorf("in a flood a stranger is answered %s", a.Body)
			}
			if n := counter.Statements(); n != 0 {
				t.Errorf("refusing takes %d statements: %q", n, counter.Texts())
			}
		}
		if n := w.DB.Client.Budget.Query().CountX(t.Context()); n != before {
			t.Errorf("%d budgets were used by what was not tried", n-before)
		}
		if a := signIn(lab.Password, device); refusal(a) != "" {
			t.Errorf("on a known device Olive is answered %s", a.Body)
		}
		if a := w.AskWith(olive.Token, `mutation { reauthenticate(input: {password: "`+lab.Password+`"}) { token errors { code } } }`, nil); refusal(a) != "" {
			t.Errorf("inside Olive is answered %s", a.Body)
		}
		for _, seat := range crowd {
			seat.Leave()
		}
		if a := signIn(lab.Password, ""); refusal(a) != "" {
			t.Errorf("after the flood a stranger is answered %s", a.Body)
		}
	})
}

// As it is wired for production, a core is left to everybody else.
func TestACoreStaysFree(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t), func(p *cli.Parts) { p.Hashes = 0 })
	seats := 0
	for {
		if _, err := w.Hasher.Sit(password.Stranger); err != nil {
			break
		}
		seats++
	}
	if want := 9 * max(1, runtime.GOMAXPROCS(0)-1); seats != want {
		t.Errorf("%d sit, want %d: one for each hash at once, and eight that wait", seats, want)
	}
}
