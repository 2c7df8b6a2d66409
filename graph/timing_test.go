package graph_test

import (
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/id"
	"tenantry/internal/lab"
	"tenantry/internal/password"
)

// TestTimingLab prints how long answers take that must not tell who exists, with
// production's hashing: the medians, their difference, and the probability that
// two samples of one distribution differ as much (Mann–Whitney). It is a
// laboratory, not a gate: TENANTRY_LAB=1 go test ./graph -run TestTimingLab -v.
//
// Invariants 8, 14, 34 and 36. That the same work is done is checked every day,
// by counting statements and hashing.
func TestTimingLab(t *testing.T) {
	if os.Getenv("TENANTRY_LAB") == "" {
		t.Skip("a laboratory: set TENANTRY_LAB=1")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d, func(p *cli.Parts) { p.Hashing = password.Defaults() })
		acct := w.Account("olive", "Olive")
		other := w.Account("stan", "Stan")
		for i := range 200 { // whom it takes a while to read
			w.Member(other, fmt.Sprint("member", i), "role_support")
		}
		const n = 300
		var known, unknown []string
		for i := range n {
			name := fmt.Sprintf("known%d", i)
			w.NewUser(name)
			known, unknown = append(known, name+"@example.com"), append(unknown, fmt.Sprintf("nobody%d@example.com", i))
		}
		ask := func(token, query string, i int) {
			body := strings.NewReader(`{"query":` + fmt.Sprintf("%q", query) + `}`)
			r := httptest.NewRequest("POST", lab.Public+"/graphql", body)
			r.Header.Set("Content-Type", "application/json")
			r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", i>>16&255, i>>8&255, i&255)
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			if a := w.Do(r); a.Status != 200 {
				t.Fatalf("%d: %s", a.Status, a.Body)
			}
		}
		olive := w.Person("olive").Token
		missing := id.New(id.Account)
		for _, test := range []struct {
			name string
			ask  func(i int, exists bool)
		}{
			{"signIn, wrong password", func(i int, exists bool) {
				ask("", fmt.Sprintf(`mutation { signIn(input: {email: "%s", password: "not this one"}) { errors { code } } }`, oneOf(exists, known, unknown, i)), i*2)
			}},
			{"requestPasswordReset", func(i int, exists bool) {
				ask("", fmt.Sprintf(`mutation { requestPasswordReset(input: {email: "%s"}) { mailed } }`, oneOf(exists, known, unknown, i)), i*2+1000)
			}},
			{"signUp", func(i int, exists bool) {
				ask("", fmt.Sprintf(`mutation { signUp(input: {email: "%s"}) { mailed } }`, oneOf(exists, known, unknown, i)), i*2+2000)
			}},
			{"inviteUsers, dry run", func(i int, exists bool) {
				ask(olive, fmt.Sprintf(`mutation { inviteUsers(input: {accountId: "%s", emails: [{email: "%s"}], dryRun: true}) { results { outcome } } }`, acct.ID, oneOf(exists, known, unknown, i)), 0)
			}},
			{"account, foreign or missing", func(i int, exists bool) {
				which := missing
				if exists {
					which = other.ID
				}
				ask(olive, fmt.Sprintf(`{ account(id: "%s") { name } }`, which), 0)
			}},
			{"its members, foreign or missing", func(i int, exists bool) {
				which := missing
				if exists {
					which = other.ID
				}
				ask(olive, fmt.Sprintf(`{ account(id: "%s") { memberships(first: 50) { nodes { email } totalCount } } }`, which), 0)
			}},
		} {
			var a, b []float64
			for i := range n {
				// In turns, and each first as often as second.
				for _, exists := range []bool{i%2 == 0, i%2 != 0} {
					began := time.Now()
					test.ask(i, exists)
					took := float64(time.Since(began).Nanoseconds()) / 1e6
					if exists {
						a = append(a, took)
					} else {
						b = append(b, took)
					}
				}
			}
			ma, mb := median(a), median(b)
			t.Logf("%-30s exists %7.3f ms, does not %7.3f ms, difference %+.3f ms, p = %.2f", test.name, ma, mb, ma-mb, mannWhitney(a, b))
		}
	})
}

func oneOf(exists bool, known, unknown []string, i int) string {
	if exists {
		return known[i]
	}
	return unknown[i]
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

// mannWhitney returns the two-sided probability by the normal approximation.
func mannWhitney(a, b []float64) float64 {
	type obs struct {
		v     float64
		fromA bool
	}
	var all []obs
	for _, v := range a {
		all = append(all, obs{v, true})
	}
	for _, v := range b {
		all = append(all, obs{v, false})
	}
	slices.SortFunc(all, func(x, y obs) int {
		if x.v < y.v {
			return -1
		}
		return 1
	})
	rank := 0.0
	for i, o := range all {
		if o.fromA {
			rank += float64(i + 1)
		}
	}
	n, m := float64(len(a)), float64(len(b))
	u := rank - n*(n+1)/2
	z := (u - n*m/2) / math.Sqrt(n*m*(n+m+1)/12)
	return math.Erfc(math.Abs(z) / math.Sqrt2)
}
