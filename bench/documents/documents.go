// Package documents holds the operations that are measured, as a dashboard would
// write them, and draws the requests.
package documents

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"tenantry/bench/data"
)

//go:embed *.graphql
var files embed.FS

// Text returns the document of a name, such as "r1".
func Text(name string) string {
	b, err := files.ReadFile(name + ".graphql")
	if err != nil {
		panic(err) // compiled in
	}
	return string(b)
}

// Request is what one client asks: as whom, and with which variables.
type Request struct {
	// Token is of a session. Empty for nobody's.
	Token     string
	Variables []byte
	// From is the network address that a proxy says the client has. Empty for none.
	From string
}

// Workload is one operation that is measured.
type Workload struct {
	// Name is R1 to W3, or something else for growth.
	Name string
	// About is what it is, in a word or three.
	About string
	// Writes says that it changes something.
	Writes bool
	// Expect is what an answer must hold, and how often.
	Expect []Expectation
	// Refusal is what an answer may hold instead. Empty if none may be refused.
	Refusal string

	document string // empty for the workload's own
	stranger bool   // asked by nobody, from an address of the request's own
	draw     func(s *data.Set, r *rand.Rand, once string, extra map[string]string) (user int, variables any)
}

// Expectation is a text that stands in an answer so many times.
type Expectation struct {
	Text  string
	Times int
}

type vars map[string]any

// All are the workloads of the contract, in its order.
var All = []Workload{
	{Name: "R1", About: "who am I", Expect: []Expectation{{`"email":"`, 1}},
		draw: func(s *data.Set, r *rand.Rand, _ string, _ map[string]string) (int, any) {
			return r.IntN(s.Users), vars{}
		}},
	{Name: "R2", About: "start of the dashboard", Expect: []Expectation{{`"state":"`, 5}, {`"activeAccount":{`, 1}},
		draw: func(s *data.Set, r *rand.Rand, _ string, _ map[string]string) (int, any) {
			return r.IntN(s.Fives), vars{}
		}},
	{Name: "R3", About: "people page", Expect: []Expectation{{`"state":"`, 50}, {`"expiresAt":"`, 20}, {`"totalCount":`, 2}},
		draw: func(s *data.Set, r *rand.Rand, _ string, _ map[string]string) (int, any) {
			return manager(s, r, s.Teams)
		}},
	{Name: "R4", About: "contacts page", Expect: []Expectation{{`"firstName":"`, 50}, {`"channel":"EMAIL"`, 50}},
		draw: func(s *data.Set, r *rand.Rand, _ string, _ map[string]string) (int, any) {
			return manager(s, r, s.Teams)
		}},
	{Name: "R5", About: "one permission", Expect: []Expectation{{`"viewerCan":`, 1}},
		draw: func(s *data.Set, r *rand.Rand, _ string, _ map[string]string) (int, any) {
			user, account := member(s, r)
			return user, vars{"account": account, "permission": []string{"invoices", "tickets", "users", "domains.view"}[r.IntN(4)]}
		}},
	{Name: "W1", About: "switchAccount", Writes: true, Expect: []Expectation{{`"account":{"id":"`, 1}, {`"errors":[]`, 1}},
		draw: func(s *data.Set, r *rand.Rand, _ string, _ map[string]string) (int, any) {
			user, account := member(s, r)
			return user, vars{"account": account}
		}},
	{Name: "W2", About: "createContact", Writes: true, Expect: []Expectation{{`"receives":["invoice","support"]`, 1}, {`"errors":[]`, 1}},
		draw: func(s *data.Set, r *rand.Rand, once string, _ map[string]string) (int, any) {
			user, v := manager(s, r, s.Accounts)
			return user, vars{"input": vars{"accountId": v["account"], "email": "contact." + once + "@example.com", "firstName": "Nora", "lastName": "Lind",
				"phone": "+49301234567", "preferences": []vars{{"channel": "EMAIL", "categories": []string{"invoice", "support"}}}}}
		}},
	{Name: "W3", About: "inviteUsers, 10 addresses", Writes: true, Expect: []Expectation{{`"outcome":"SENT"`, 10}, {`"state":"PENDING"`, 10}, {`"errors":[]`, 1}},
		draw: func(s *data.Set, r *rand.Rand, once string, _ map[string]string) (int, any) {
			user, v := manager(s, r, s.Accounts)
			var ten []vars
			for i := range 10 {
				ten = append(ten, vars{"email": fmt.Sprintf("guest.%s.%d@example.com", once, i), "name": "Nora Lind"})
			}
			return user, vars{"input": vars{"accountId": v["account"], "emails": ten, "roleIds": []string{"role_support"}}}
		}},
}

// Growth are the workloads that show whether a page deep in a list, a count, and
// what others ask cost more in a large account.
var Growth = []Workload{
	{Name: "T5", About: "R5 in an account of 50", Expect: []Expectation{{`"viewerCan":`, 1}}, document: "r5",
		draw: func(s *data.Set, r *rand.Rand, _ string, _ map[string]string) (int, any) {
			a := r.IntN(s.Teams)
			return s.Member(a, r.IntN(1+perhaps)), vars{"account": s.AccountID(a), "permission": "invoices"}
		}},
	{Name: "L5", About: "R5 in the account of 5,000", Expect: []Expectation{{`"viewerCan":`, 1}}, document: "r5",
		draw: func(s *data.Set, r *rand.Rand, _ string, _ map[string]string) (int, any) {
			for {
				if j := r.IntN(s.Members(s.Large())); s.Active(s.Large(), j) {
					return s.Member(s.Large(), j), vars{"account": s.AccountID(s.Large()), "permission": "invoices"}
				}
			}
		}},
	{Name: "TW", About: "W3 in an account of 50, dry", Expect: []Expectation{{`"outcome":"SENT"`, 10}}, document: "g7",
		draw: func(s *data.Set, r *rand.Rand, once string, _ map[string]string) (int, any) {
			return rehearse(s, r.IntN(s.Teams), once)
		}},
	{Name: "LW", About: "W3 in the account of 5,000, dry", Expect: []Expectation{{`"outcome":"SENT"`, 10}}, document: "g7",
		draw: func(s *data.Set, _ *rand.Rand, once string, _ map[string]string) (int, any) {
			return rehearse(s, s.Large(), once)
		}},
	{Name: "G1", About: "first 50 of 5,000 members", Expect: []Expectation{{`"state":"`, 50}}, draw: large},
	{Name: "G2", About: "50 members after number 4,900", Expect: []Expectation{{`"state":"`, 50}}, draw: large},
	{Name: "G3", About: "first 50 of 5,000 contacts", Expect: []Expectation{{`"firstName":"`, 50}}, draw: large},
	{Name: "G4", About: "50 contacts after number 4,900", Expect: []Expectation{{`"firstName":"`, 50}}, draw: large},
	{Name: "G5", About: "one member of 5,000", Expect: []Expectation{{`"state":"`, 1}}, draw: large},
	{Name: "G6", About: "one member and the count", Expect: []Expectation{{`"state":"`, 1}, {`"totalCount":`, 1}}, draw: large},
}

// Entry are the workloads of people who sign in, each from somewhere else. They may be
// told to come back later.
var Entry = []Workload{
	{Name: "S1", About: "signIn, right password", Writes: true, Expect: []Expectation{{`"viewer":{"id":"`, 1}, {`"errors":[]`, 1}}, Refusal: `"code":"RATE_LIMITED"`, stranger: true, document: "s1",
		draw: func(s *data.Set, r *rand.Rand, _ string, _ map[string]string) (int, any) {
			return 0, vars{"email": s.Email(r.IntN(s.Users)), "password": data.Password}
		}},
	{Name: "S2", About: "signIn, wrong password", Writes: true, Expect: []Expectation{{`"code":"INVALID_CREDENTIALS"`, 1}}, Refusal: `"code":"RATE_LIMITED"`, stranger: true, document: "s1",
		draw: func(s *data.Set, r *rand.Rand, once string, _ map[string]string) (int, any) {
			return 0, vars{"email": s.Email(r.IntN(s.Users)), "password": "a guess " + once}
		}},
}

// Find returns the workload of a name.
func Find(name string) (Workload, error) {
	for _, list := range [][]Workload{All, Growth, Entry} {
		for _, w := range list {
			if w.Name == name {
				return w, nil
			}
		}
	}
	return Workload{}, fmt.Errorf("there is no workload %q", name)
}

// member draws somebody who can work in an account, and the account.
func member(s *data.Set, r *rand.Rand) (user int, account string) {
	for {
		if a, j := s.Place(r.IntN(s.Memberships())); s.Active(a, j) {
			return s.Member(a, j), s.AccountID(a)
		}
	}
}

// manager draws one of the first n accounts and somebody who manages it.
func manager(s *data.Set, r *rand.Rand, n int) (user int, v vars) {
	a := r.IntN(n)
	return s.Member(a, r.IntN(s.Managers(a))), vars{"account": s.AccountID(a)}
}

// perhaps is how many members of every account are surely active.
const perhaps = 14

// rehearse invites ten people and changes nothing.
func rehearse(s *data.Set, a int, once string) (int, any) {
	var ten []vars
	for i := range 10 {
		ten = append(ten, vars{"email": fmt.Sprintf("guest.%s.%d@example.com", once, i)})
	}
	return s.Member(a, 0), vars{"input": vars{"accountId": s.AccountID(a), "emails": ten, "roleIds": []string{"role_support"}, "dryRun": true}}
}

// large asks as the owner of the large account, with the cursor that was given.
func large(s *data.Set, _ *rand.Rand, _ string, extra map[string]string) (int, any) {
	v := vars{"account": s.AccountID(s.Large())}
	for k, e := range extra {
		v[k] = e
	}
	return s.Member(s.Large(), 0), v
}

// Draw draws a request. Once is a word that no other request of the run is given,
// for addresses that must be new; extra are variables that are the same for all.
func (w Workload) Draw(s *data.Set, r *rand.Rand, once string, extra map[string]string) (Request, error) {
	user, v := w.draw(s, r, once, extra)
	b, err := json.Marshal(v)
	if w.stranger {
		return Request{Variables: b, From: fmt.Sprintf("10.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256))}, err
	}
	return Request{Token: s.Token(user), Variables: b}, err
}

// Refused reports whether an answer is the refusal that the workload may be given, and
// after how many seconds it says to come back.
func (w Workload) Refused(body []byte) (refused bool, retryAfter int) {
	if w.Refusal == "" || !bytes.Contains(body, []byte(w.Refusal)) {
		return false, 0
	}
	if _, rest, ok := bytes.Cut(body, []byte(`"retryAfter":`)); ok {
		_, _ = fmt.Sscan(string(rest[:min(len(rest), 10)]), &retryAfter)
	}
	return true, retryAfter
}

// Body is the request as the GraphQL server takes it.
func (w Workload) Body(variables []byte) ([]byte, error) {
	name := w.document
	if name == "" {
		name = strings.ToLower(w.Name)
	}
	return Operation(Text(name), variables)
}

// Operation is a GraphQL request.
func Operation(document string, variables []byte) ([]byte, error) {
	return json.Marshal(struct {
		Query     string          `json:"query"`
		Variables json.RawMessage `json:"variables"`
	}{document, variables})
}

// Check says what is wrong with an answer.
func (w Workload) Check(status int, body []byte) error {
	show := body[:min(len(body), 400)]
	if status != 200 {
		return fmt.Errorf("%s: HTTP status %d: %s", w.Name, status, show)
	}
	if !bytes.HasPrefix(body, []byte(`{"data":{`)) {
		return fmt.Errorf("%s: not an answer without errors: %s", w.Name, show)
	}
	for _, e := range w.Expect {
		if n := bytes.Count(body, []byte(e.Text)); n != e.Times {
			return fmt.Errorf("%s: %s stands %d times in the answer, not %d: %s", w.Name, e.Text, n, e.Times, show)
		}
	}
	return nil
}
