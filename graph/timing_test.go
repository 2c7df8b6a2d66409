package graph_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"net/http/httptest"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/ent/authenticator"
	"tenantry/ent/membership"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/id"
	"tenantry/internal/invite"
	"tenantry/internal/lab"
	"tenantry/internal/passkey/virtual"
	"tenantry/internal/password"
	"tenantry/internal/totp"
)

// asks is how often the laboratory asks each question in each way.
var asks = flag.Int("asks", 1000, "how often the timing laboratory asks each question in each way")

// may is what the time of an answer may do.
type may int

const (
	// tellNothing is for addresses and people, whom anybody can name: the medians are less
	// than 5 ms apart, and no test tells two samples of a thousand from each other.
	tellNothing may = iota
	// tellNothingOfIDs is for what has an identifier of much chance: 74 bits of ours, a
	// hundred of a passkey's. Nobody finds one by asking, so what it takes to read a row
	// may be seen here, where nothing is between the clock and the server. That it is no
	// statement more or less is counted every day.
	tellNothingOfIDs
	// differ is for answers that are not the same themselves.
	differ
)

// TestTimingLab prints how long answers take that must not tell who or what exists,
// with production's hashing: the medians, their difference, and the probability that
// two samples of one distribution differ as much (Mann–Whitney). It fails where they
// tell: TENANTRY_LAB=1 go test ./graph -run TestTimingLab -v, with -asks 100 for a glance.
//
// Invariants 8, 14, 34 and 36. That the same work is done is checked every day,
// by counting statements and hashing.
func TestTimingLab(t *testing.T) {
	if os.Getenv("TENANTRY_LAB") == "" {
		t.Skip("a laboratory: set TENANTRY_LAB=1")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := *asks
		l := &stopwatch{World: lab.New(t, d, func(p *cli.Parts) {
			p.Hashing, p.InviteConfig = password.Defaults(), invite.Config{MaxPending: 3 * n, SendsADay: 3 * n}
		})}
		acct, other := l.Account("olive", "Olive"), l.Account("stan", "Stan")
		olive, foreign := l.Person("olive").Token, l.theirs(other)
		member := d.Client.Membership.Query().Where(membership.AccountID(other.ID)).OnlyIDX(context.Background())
		for i := range 200 { // whom it takes a while to read
			l.Member(other, fmt.Sprint("member", i), "role_support")
		}
		for i := range n {
			l.users = append(l.users, l.NewUser(fmt.Sprintf("known%d", i)))
		}
		device, _ := l.Passkey("pat", true)
		for _, test := range []struct {
			name string
			// ask is asked once for each number and way; what it returns is timed.
			ask func(i int, exists bool) (asked func() lab.Answer)
			may
		}{
			{"signIn, wrong password: a user or nobody", func(i int, exists bool) func() lab.Answer {
				return l.request("", `mutation($email: String!) { signIn(input: {email: $email, password: "not this one"}) { errors { code } } }`, "email", l.email(i, exists))
			}, tellNothing},
			{"signIn, wrong password: two factors or one", func(i int, exists bool) func() lab.Answer {
				u := l.users[i]
				if exists {
					u = l.secured(i)
				}
				return l.request("", `mutation($email: String!) { signIn(input: {email: $email, password: "not this one"}) { errors { code } } }`, "email", u.Email)
			}, tellNothing},
			{"requestPasswordReset: a user or nobody", func(i int, exists bool) func() lab.Answer {
				return l.request("", `mutation($email: String!) { requestPasswordReset(input: {email: $email}) { mailed } }`, "email", l.email(i, exists))
			}, tellNothing},
			{"signUp: a user or nobody", func(i int, exists bool) func() lab.Answer {
				return l.request("", `mutation($email: String!) { signUp(input: {email: $email}) { mailed } }`, "email", l.email(i, exists))
			}, tellNothing},
			{"requestEmailChange: a user's or nobody's", func(i int, exists bool) func() lab.Answer {
				return l.request(l.SignIn(l.users[i]).Token, `mutation($email: String!) { requestEmailChange(input: {email: $email}) { emailChange { email } errors { code } } }`, "email", l.email((i+1)%n, exists))
			}, tellNothing},
			{"inviteUsers, dry: a user or nobody", func(i int, exists bool) func() lab.Answer {
				return l.request(olive, `mutation($a: ID!, $email: String!) { inviteUsers(input: {accountId: $a, emails: [{email: $email}], dryRun: true}) { results { outcome } } }`, "a", acct.ID, "email", l.email(i, exists))
			}, tellNothing},
			{"inviteUsers: a user or nobody", func(i int, exists bool) func() lab.Answer {
				return l.request(olive, `mutation($a: ID!, $email: String!) { inviteUsers(input: {accountId: $a, emails: [{email: $email}]}) { results { outcome } } }`, "a", acct.ID, "email", l.email(i, exists))
			}, tellNothing},
			{"createContact: a user or nobody", func(i int, exists bool) func() lab.Answer {
				return l.request(olive, `mutation($a: ID!, $email: String!) { createContact(input: {accountId: $a, email: $email}) { contact { email } errors { code } } }`, "a", acct.ID, "email", l.email(i, exists))
			}, tellNothing},
			{"account: foreign or missing", func(_ int, exists bool) func() lab.Answer {
				return l.request(olive, `query($id: ID!) { account(id: $id) { name } }`, "id", oneOf(exists, other.ID, id.New(id.Account)))
			}, tellNothingOfIDs},
			{"its members: foreign or missing", func(_ int, exists bool) func() lab.Answer {
				return l.request(olive, `query($id: ID!) { account(id: $id) { memberships(first: 50) { nodes { email } totalCount } } }`, "id", oneOf(exists, other.ID, id.New(id.Account)))
			}, tellNothingOfIDs},
			{"node, a contact: foreign or missing", func(_ int, exists bool) func() lab.Answer {
				return l.request(olive, `query($id: ID!) { node(id: $id) { id } }`, "id", oneOf(exists, foreign, id.New(id.Contact)))
			}, tellNothingOfIDs},
			{"node, a membership: foreign or missing", func(_ int, exists bool) func() lab.Answer {
				return l.request(olive, `query($id: ID!) { node(id: $id) { id } }`, "id", oneOf(exists, member, id.New(id.Membership)))
			}, tellNothingOfIDs},
			{"updateAccount: foreign or missing", func(_ int, exists bool) func() lab.Answer {
				return l.request(olive, `mutation($id: ID!) { updateAccount(input: {accountId: $id, name: "Mine"}) { errors { code } } }`, "id", oneOf(exists, other.ID, id.New(id.Account)))
			}, tellNothingOfIDs},
			{"deleteContact: foreign or missing", func(_ int, exists bool) func() lab.Answer {
				return l.request(olive, `mutation($id: ID!) { deleteContact(input: {contactId: $id, alsoRemoveMember: false}) { errors { code } } }`, "id", oneOf(exists, foreign, id.New(id.Contact)))
			}, tellNothingOfIDs},
			{"startPasskeySignIn: twice the same", func(int, bool) func() lab.Answer {
				return l.request("", begin("startPasskeySignIn"))
			}, tellNothing},
			{"finishPasskeySignIn, wrong signature: a credential or none", func(_ int, exists bool) func() lab.Answer {
				begun := l.request("", begin("startPasskeySignIn"))()
				stranger := &virtual.Authenticator{Origin: lab.Public}
				l.create(stranger)
				if exists {
					stranger.Keys[0].ID, stranger.Keys[0].User = device.Keys[0].ID, device.Keys[0].User
				}
				ceremony, answer := answered(t, begun, stranger.Get)
				return l.request("", `mutation($id: ID!, $c: WebAuthnJSON!) { finishPasskeySignIn(input: {ceremonyId: $id, credential: $c}) { token errors { code } } }`, "id", ceremony, "c", json.RawMessage(answer))
			}, tellNothingOfIDs},
			{"finishOpenIdSignIn: a state of another browser or none", func(_ int, exists bool) func() lab.Answer {
				begun := l.request("", startOpenID)()
				_, state := l.Provider.SignIn(begun.String("data.startOpenIdSignIn.url"), "nobody", nil)
				return l.request("", finishOpenID, "code", "code", "state", oneOf(exists, state, id.New(id.Ceremony)), "binding", strings.Repeat("A", 43))
			}, tellNothingOfIDs},
			{"finishOpenIdSignIn: a user or a new person", func(i int, exists bool) func() lab.Answer {
				begun := l.request("", startOpenID)()
				email := l.email(i, exists)
				code, state := l.Provider.SignIn(begun.String("data.startOpenIdSignIn.url"), "of "+email, map[string]any{"email": email, "email_verified": true, "name": "Some Body"})
				return l.request("", finishOpenID, "code", code, "state", state, "binding", begun.String("data.startOpenIdSignIn.binding"))
			}, differ},
			{"verifyTwoFactor: a used code or a wrong one", func(i int, exists bool) func() lab.Answer {
				u, used := l.secured(n+i), l.code()
				return l.request(l.SignIn(u).Token, verify, "code", oneOf(exists, used, l.wrong()))
			}, differ},
			{"verifyTwoFactor: a used recovery code or a wrong one", func(i int, exists bool) func() lab.Answer {
				u := l.secured(2*n + i)
				return l.request(l.SignIn(u).Token, verify, "code", oneOf(exists, spent, "ABCD-EFGH-JKMN-PQRS"))
			}, tellNothing},
		} {
			var a, b []float64
			codes := map[bool]string{}
			for i := range n {
				// In turns, and each first as often as second.
				for _, exists := range []bool{i%2 == 0, i%2 != 0} {
					ask := test.ask(i, exists)
					began := time.Now()
					answer := ask()
					took := float64(time.Since(began).Nanoseconds()) / 1e6
					if answer.Status != 200 {
						t.Fatalf("%s: %d %s", test.name, answer.Status, answer.Body)
					}
					if got := fmt.Sprint(answer.Codes()); codes[exists] == "" {
						codes[exists] = got
					} else if codes[exists] != got {
						t.Fatalf("%s is answered with %s, and then with %s", test.name, codes[exists], answer.Body)
					}
					if exists {
						a = append(a, took)
					} else {
						b = append(b, took)
					}
				}
			}
			if test.may != differ && codes[true] != codes[false] {
				t.Errorf("%s: the answers are %v", test.name, codes)
			}
			ma, mb, p := median(a), median(b), mannWhitney(a, b)
			t.Logf("%-58s %s %8.3f and %8.3f ms, difference %+.3f ms, p = %.3f", test.name, codes[true], ma, mb, ma-mb, p)
			// One of a thousand, since more than thirty are asked for.
			if diff := math.Abs(ma - mb); test.may == tellNothing && (diff >= 5 || p < 0.001) || test.may == tellNothingOfIDs && diff >= 0.5 {
				t.Errorf("%s: the time tells which", test.name)
			}
		}
	})
}

const (
	startOpenID  = `mutation { startOpenIdSignIn(input: {provider: "acme", delivery: TOKEN}) { url binding errors { code } } }`
	finishOpenID = `mutation($code: String!, $state: String!, $binding: String!) { finishOpenIdSignIn(input: {code: $code, state: $state, binding: $binding}) { viewer { id } pendingLink { id } errors { code } } }`
	verify       = `mutation($code: String!) { verifyTwoFactor(input: {code: $code}) { token errors { code } } }`
	// spent is the recovery code that everybody with two factors has used.
	spent = "K7QM-2V9X-RT4E-0HNB"
)

// stopwatch is a world in which answers are timed.
type stopwatch struct {
	*lab.World
	users  []*ent.User
	double map[int]*ent.User
}

// request prepares a request from an address of its own, with pairs of names and values
// of variables.
func (l *stopwatch) request(token, query string, variables ...any) func() lab.Answer {
	vars := map[string]any{}
	for i := 0; i < len(variables); i += 2 {
		vars[variables[i].(string)] = variables[i+1]
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		l.T.Fatal(err)
	}
	r := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	n := addresses.Add(1)
	r.RemoteAddr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 1024).String()
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return func() lab.Answer { return l.Do(r) }
}

// email is the address of a user, or of nobody.
func (l *stopwatch) email(i int, exists bool) string {
	return oneOf(exists, l.users[i].Email, fmt.Sprintf("nobody%d@example.com", i))
}

// secured is a user with an authenticator app, the code of this moment used, and a
// recovery code that is used as well.
func (l *stopwatch) secured(i int) *ent.User {
	ctx := context.Background()
	u := l.double[i]
	if u == nil {
		u = l.NewUser(fmt.Sprintf("double%d", i))
		sealed, err := l.Seals.Seal(secretOfAll, "totp", u.ID)
		if err != nil {
			l.T.Fatal(err)
		}
		now := time.Now()
		l.DB.Client.Authenticator.Create().SetUserID(u.ID).SetSecret(sealed).SetConfirmedAt(now).SaveX(ctx)
		sum := sha256.Sum256([]byte(strings.ReplaceAll(spent, "-", "")))
		l.DB.Client.RecoveryCode.Create().SetUserID(u.ID).SetCodeHash(hex.EncodeToString(sum[:])).SetUsedAt(now).SaveX(ctx)
		u = l.DB.Client.User.UpdateOne(u).SetTwoFactorAt(now).SaveX(ctx)
		if l.double == nil {
			l.double = map[int]*ent.User{}
		}
		l.double[i] = u
	}
	l.DB.Client.Authenticator.Update().Where(authenticator.UserID(u.ID)).SetLastStep(totp.Step(time.Now()) + 1).ExecX(ctx)
	return u
}

var secretOfAll = bytes.Repeat([]byte{7}, totp.SecretSize)

// code is the one that everybody's app shows.
func (l *stopwatch) code() string {
	c, err := totp.Code(secretOfAll, totp.Step(time.Now()))
	if err != nil {
		l.T.Fatal(err)
	}
	return c
}

// wrong is a code that no app shows or is about to show.
func (l *stopwatch) wrong() string {
	for i := 0; ; i++ {
		c, near := fmt.Sprintf("%06d", i), false
		for ahead := int64(-3); ahead <= 3; ahead++ {
			shown, err := totp.Code(secretOfAll, totp.Step(time.Now())+ahead)
			near = near || err != nil || shown == c
		}
		if !near {
			return c
		}
	}
}

// create lets a device make a passkey that is registered nowhere.
func (l *stopwatch) create(device *virtual.Authenticator) {
	l.DB.Client.Budget.Delete().ExecX(context.Background()) // of one person, for a thousand devices
	asked, err := l.Sessions.StartPasskeyRegistration(context.Background(), l.Actor("olive"))
	if err != nil {
		l.T.Fatal(err)
	}
	if _, err := device.Create([]byte(*asked.JSON())); err != nil {
		l.T.Fatal(err)
	}
}

// theirs is a contact of an account.
func (l *stopwatch) theirs(a *ent.Account) string {
	got := l.Ask("stan", `mutation($a: ID!) { createContact(input: {accountId: $a, email: "contact@example.org"}) { contact { id } } }`, map[string]any{"a": a.ID})
	return got.String("data.createContact.contact.id")
}

func oneOf(first bool, a, b string) string {
	if first {
		return a
	}
	return b
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
