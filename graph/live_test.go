package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tenantry/ent"
	"tenantry/graph"
	"tenantry/internal/access"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/feed"
	"tenantry/internal/lab"
	"tenantry/internal/session"
	"tenantry/internal/web"
)

// portal is where the program says that it is.
func portal(t *testing.T) *url.URL {
	t.Helper()
	u, err := url.Parse(lab.Public)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func accountEvents(accountID, what string) string {
	return `subscription { accountEvents(accountId: "` + accountID + `") { ` + what + ` } }`
}

const toldOf = `id action targetId account { name } node { __typename id ... on Contact { email } ... on Account { name } } event { id actor { name } }`

// listening waits until as many subscriptions of the program are under way.
func listening(t *testing.T, w *lab.World, n int) {
	t.Helper()
	lab.Eventually(t, fmt.Sprint(n, " listen"), func() bool { return w.Feed.Listening() == n })
}

// do asks, and fails the test if that is refused.
func do(t *testing.T, w *lab.World, who, query string) lab.Answer {
	t.Helper()
	a := w.Ask(who, query, nil)
	if a.Status != 200 || len(a.Codes()) > 0 {
		t.Fatalf("%s: %s", query, a.Body)
	}
	return a
}

// Everybody hears of what they may see, as they may see it, over both kinds of stream.
func TestLiveAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		for who, what := range map[string]string{"carl": "contacts", "aude": "audit", "una": "tickets"} {
			w.Member(acme, who, what)
		}
		mia := w.Member(acme, "mia")
		w.Operator("system")
		w.Program("shop", "olive", acme, "contacts")
		srv := w.Serve()
		q := accountEvents(acme.ID, toldOf)
		ears := map[string]*lab.Ear{}
		for _, who := range []string{"olive", "carl", "system"} {
			ears[who] = lab.Socket(t, srv, w.Bearer(who), q)[0]
		}
		for _, who := range []string{"aude", "una", "mia", "shop"} {
			ears[who] = lab.Stream(t, srv, w.Bearer(who), q)
		}
		listening(t, w, len(ears))

		books := do(t, w, "olive", `mutation { createContact(input: {accountId: "`+acme.ID+`", email: "books@example.com"}) { contact { id } errors { code } } }`).String("data.createContact.contact.id")
		do(t, w, "olive", `mutation { updateMemberPermissions(input: {membershipId: "`+mia.ID+`", version: 1, roleIds: [], permissions: ["tickets"], subAccountAccess: NONE}) { errors { code } } }`)
		do(t, w, "olive", `mutation { updateAccount(input: {accountId: "`+acme.ID+`", name: "Renamed"}) { errors { code } } }`)

		// What each is told before the last, which everybody hears: c is the contact, m is
		// what mia may do. In capitals the object itself is shown.
		for who, want := range map[string]string{"olive": "CM", "system": "CM", "carl": "C", "shop": "C", "aude": "cm", "una": "", "mia": "M"} {
			last, before := ears[who].Until("account.updated")
			if last.String("data.accountEvents.account.name") != "Renamed" || last.String("data.accountEvents.node.name") != "Renamed" {
				t.Errorf("%s hears %s", who, last.Body)
			}
			got := ""
			for _, a := range before {
				one := map[string]string{"contact.created": "c", "member.permissions_changed": "m"}[a.String("data.accountEvents.action")]
				target := map[string]string{"c": books, "m": mia.ID}[one]
				if a.String("data.accountEvents.targetId") != target {
					t.Errorf("%s hears of something else: %s", who, a.Body)
				}
				if a.String("data.accountEvents.node.id") == target {
					one = strings.ToUpper(one)
				}
				reads := a.String("data.accountEvents.event.actor.name") == "Olive"
				if wantReads := who == "olive" || who == "system" || who == "aude"; reads != wantReads || reads != (last.Get("data.accountEvents.event") != nil) {
					t.Errorf("%s reads the history, %t: %s", who, reads, a.Body)
				}
				got += one
			}
			if got != want {
				t.Errorf("%s hears %q, want %q", who, got, want)
			}
		}
	})
}

// What concerns a person: an invitation to an account that nobody here listened to,
// joining it, what becomes of it, and what is left when they are removed.
func TestLiveViewer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		srv := w.Serve()
		const q = `subscription { viewerEvents { id action targetId account { name } node { __typename id } event { action } } }`
		ivy := lab.Socket(t, srv, w.Bearer("ivy"), q)[0]
		olive := lab.Stream(t, srv, w.Bearer("olive"), q)
		listening(t, w, 2)
		do(t, w, "olive", `mutation { inviteUsers(input: {accountId: "`+acme.ID+`", emails: [{email: "ivy@example.com"}, {email: "una@example.com"}]}) { errors { code } } }`)
		a, before := ivy.Until("invitation.sent")
		if a.String("data.viewerEvents.node.__typename") != "Invitation" || a.Get("data.viewerEvents.account") != nil || a.Get("data.viewerEvents.event") != nil || len(before) > 0 {
			t.Errorf("ivy is told %s after %v", a.Body, before)
		}
		do(t, w, "ivy", `mutation { acceptInvitation(input: {invitationId: "`+a.String("data.viewerEvents.targetId")+`"}) { errors { code } } }`)
		joined, _ := ivy.Until("member.joined")
		if joined.String("data.viewerEvents.node.__typename") != "Membership" || joined.String("data.viewerEvents.account.name") != "Acme" {
			t.Errorf("ivy is told %s", joined.Body)
		}
		do(t, w, "olive", `mutation { createContact(input: {accountId: "`+acme.ID+`", email: "books@example.com"}) { errors { code } } }`)
		do(t, w, "olive", `mutation { updateAccount(input: {accountId: "`+acme.ID+`", name: "Renamed"}) { errors { code } } }`)
		ivy.Until("account.updated", "Renamed")
		do(t, w, "olive", `mutation { removeMember(input: {membershipId: "`+joined.String("data.viewerEvents.targetId")+`"}) { errors { code } } }`)
		gone, _ := ivy.Until("member.removed")
		if gone.Get("data.viewerEvents.node") != nil || gone.Get("data.viewerEvents.account") != nil {
			t.Errorf("ivy is told %s", gone.Body)
		}
		do(t, w, "olive", `mutation { updateAccount(input: {accountId: "`+acme.ID+`", name: "Again"}) { errors { code } } }`)
		do(t, w, "ivy", `mutation { updateProfile(input: {name: "Ivy Green"}) { errors { code } } }`)
		own, before := ivy.Until("user.updated")
		if len(before) > 0 || own.String("data.viewerEvents.event.action") != "user.updated" {
			t.Errorf("ivy is told %s after %v", own.Body, before)
		}
		// Olive hears of her account's name, and of nobody else's matters.
		_, before = olive.Until("account.updated", "Again")
		for _, a := range before {
			if got := a.String("data.viewerEvents.action"); got != "account.updated" {
				t.Errorf("olive is told %s", a.Body)
			}
		}
	})
}

// cut is a way in which somebody loses what they listen to.
type cut struct {
	name string
	// who listens, and to what else than the account's events.
	who, query string
	// do cuts them off, as olive or otherwise, and returns the answer.
	do func(*testing.T, *lab.World, *house) lab.Answer
}

// house is what the cuts are about.
type house struct {
	*lab.World
	acme  *ent.Account
	mia   *ent.Membership
	token string // the id of the API token
}

var cuts = []cut{
	{name: "signOut", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		return w.AskWith(h.Bearer("mia"), `mutation { signOut { errors { code } } }`, nil)
	}},
	{name: "revokeSession", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		return w.AskWith(h.Bearer("mia2"), `mutation { revokeSession(input: {sessionId: "`+h.Person("mia").Session.ID+`"}) { errors { code } } }`, nil)
	}},
	{name: "revokeOtherSessions", who: "mia", query: `subscription { viewerEvents { id action createdAt } }`, do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		return w.AskWith(h.Bearer("mia2"), `mutation { revokeOtherSessions { errors { code } } }`, nil)
	}},
	{name: "resetPassword", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		w.AskWith("", `mutation { requestPasswordReset(input: {email: "mia@example.com"}) { errors { code } } }`, nil)
		link := ""
		lab.Eventually(t, "a mail with a link", func() bool {
			// Either process may have sent it.
			for _, m := range slices.Concat(w.Box.Messages("mia@example.com"), h.Box.Messages("mia@example.com")) {
				if _, after, ok := strings.Cut(m.Text, "#token="); ok {
					link = strings.Fields(after)[0]
				}
			}
			return link != ""
		})
		return w.AskWith("", `mutation { resetPassword(input: {token: "`+link+`", newPassword: "a heron reads the tide 88"}) { errors { code } } }`, nil)
	}},
	{name: "deactivateMember", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		return w.AskWith(h.Bearer("olive"), `mutation { deactivateMember(input: {membershipId: "`+h.mia.ID+`"}) { errors { code } } }`, nil)
	}},
	{name: "removeMember", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		return w.AskWith(h.Bearer("olive"), `mutation { removeMember(input: {membershipId: "`+h.mia.ID+`"}) { errors { code } } }`, nil)
	}},
	{name: "leaveAccount", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		return w.AskWith(h.Bearer("mia"), `mutation { leaveAccount(input: {accountId: "`+h.acme.ID+`"}) { errors { code } } }`, nil)
	}},
	{name: "closeAccount", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		return w.AskWith(h.Bearer("olive"), `mutation { closeAccount(input: {accountId: "`+h.acme.ID+`"}) { errors { code } } }`, nil)
	}},
	{name: "revokeApiToken", who: "shop", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		return w.AskWith(h.Bearer("olive"), `mutation { revokeApiToken(input: {tokenId: "`+h.token+`"}) { errors { code } } }`, nil)
	}},
	{name: "the operator ends all sessions", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		if _, err := w.Sessions.EndAll(t.Context(), access.Company("operator"), "mia@example.com"); err != nil {
			t.Fatal(err)
		}
		return lab.Answer{Status: 200, Body: []byte(`{"data":{}}`)}
	}},
	{name: "the user is disabled", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		h.DB.Client.User.UpdateOneID(h.Person("mia").User.ID).SetDisabledAt(time.Now()).ExecX(t.Context())
		return lab.Answer{Status: 200, Body: []byte(`{"data":{}}`)}
	}},
	{name: "the session lapses", who: "mia", do: func(t *testing.T, w *lab.World, h *house) lab.Answer {
		h.DB.Client.Session.UpdateOneID(h.Person("mia").Session.ID).SetExpiresAt(time.Now()).ExecX(t.Context())
		return lab.Answer{Status: 200, Body: []byte(`{"data":{}}`)}
	}},
}

// listeners is how many listen in each case: 16 WebSockets with three subscriptions, and
// 16 streams, of the 50 connections that one user may have.
const listeners = 64

// cutOff cuts 64 listeners off at one server while the account is busy at another, or at
// the same.
func (c cut) cutOff(t *testing.T, here, there *lab.World) {
	here.Person("mia")
	second := here.SignIn(here.Person("mia").User)
	here.MeetApp("mia2", second.Token, second.Refresh)
	h := &house{World: here, acme: here.Account("olive", "Acme")}
	h.mia = here.Member(h.acme, "mia", "contacts")
	h.token = here.Program("shop", "olive", h.acme, "contacts").ID
	srv := here.Serve()
	if there != here {
		there.Serve()
	}
	q := c.query
	if q == "" {
		q = accountEvents(h.acme.ID, "id action createdAt targetId node { id }")
	}
	var ears []*lab.Ear
	for range listeners / 4 {
		ears = append(ears, lab.Socket(t, srv, here.Bearer(c.who), q, q, q)...)
		ears = append(ears, lab.Stream(t, srv, here.Bearer(c.who), q))
	}
	listening(t, here, listeners)

	// The account is busy: what is begun after the answer must reach nobody.
	var (
		busy     sync.WaitGroup
		answered atomic.Bool
		stop     atomic.Bool
		mu       sync.Mutex
		later    = map[string]bool{} // contacts that were made after the answer
	)
	owner := here.Bearer("olive")
	for g := range 2 {
		busy.Go(func() {
			for i := 0; !stop.Load(); i++ {
				after := answered.Load()
				a := there.AskWith(owner, fmt.Sprintf(`mutation { createContact(input: {accountId: "%s", email: "c%d.%d@example.com"}) { contact { id } errors { code } } }`, h.acme.ID, g, i), nil)
				if id := a.String("data.createContact.contact.id"); id != "" && after {
					mu.Lock()
					later[id] = true
					mu.Unlock()
				}
			}
		})
	}
	if c.query == "" {
		ears[0].Until("contact.created")
	}
	a := c.do(t, there, h)
	end := time.Now()
	answered.Store(true)
	if codes := a.Codes(); a.Status != 200 || len(codes) > 0 {
		t.Errorf("not cut off: %s", a.Body)
	}
	slowest := time.Duration(0)
	told := [][]lab.Answer{}
	for _, e := range ears {
		told = append(told, e.Over())
		if e.End != "4403" && e.End != "cut" {
			t.Errorf("ended with %s", e.End)
		}
		slowest = max(slowest, e.At.Sub(end))
	}
	stop.Store(true)
	busy.Wait()
	if slowest > time.Second {
		t.Errorf("the last of %d ended %v after the answer", len(ears), slowest)
	}
	n := 0
	for _, all := range told {
		for _, one := range all {
			n++
			if later[one.String("data.accountEvents.targetId")] {
				t.Errorf("heard of what happened after the answer: %s", one.Body)
			}
		}
	}
	t.Logf("%d listeners heard %d events; the last ended %v after the answer; %d events came after it", len(ears), n, slowest.Round(time.Millisecond), len(later))
}

// Whoever is cut off, by whichever way, is told nothing that happened after the answer,
// and their streams end within a second, and not as if all was said.
//
// Invariant 27.
func TestLiveCutOff(t *testing.T) {
	for _, c := range cuts {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := lab.New(t, d)
				c.cutOff(t, w, w)
			})
		})
	}
}

// So they are where it is another server that cuts them off.
//
// Invariant 27.
func TestLiveCutOffElsewhere(t *testing.T) {
	for _, c := range cuts {
		t.Run(c.name, func(t *testing.T) {
			d := dbtest.Postgres(t)
			c.cutOff(t, lab.New(t, d), lab.New(t, dbtest.Reopen(t, d)))
		})
	}
}

// A server that loses the connection by which it is woken, again and again, tells
// everything once and in order.
func TestLiveConnectionLost(t *testing.T) {
	d := dbtest.Postgres(t)
	here, there := lab.New(t, d), lab.New(t, dbtest.Reopen(t, d))
	acme := here.Account("olive", "Acme")
	srv := here.Serve()
	there.Serve()
	token := here.Bearer("olive")
	ear := lab.Stream(t, srv, token, accountEvents(acme.ID, "targetId event { sequence }"))
	listening(t, here, 1)
	var want []string
	for i := range 100 {
		a := there.AskWith(token, fmt.Sprintf(`mutation { createContact(input: {accountId: "%s", email: "c%d@example.com"}) { contact { id } errors { code } } }`, acme.ID, i), nil)
		want = append(want, a.String("data.createContact.contact.id"))
		if i%10 == 5 {
			if _, err := d.Writer().Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"); err != nil {
				t.Fatal(err)
			}
		}
	}
	var got []string
	for last := 0.0; len(got) < len(want); {
		a, _ := ear.Until("targetId")
		if place, _ := a.Get("data.accountEvents.event.sequence").(float64); last > 0 && place != last+1 {
			t.Fatalf("number %v after number %v", place, last)
		} else {
			last = place
		}
		got = append(got, a.String("data.accountEvents.targetId"))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("heard of %v, want %v", got, want)
	}
}

// hear subscribes by server-sent events, in a bubble, until there is nothing more to
// wait for, and returns what was answered first: that somebody listens, if nothing was.
func (e *estate) hear(who, query string) lab.Answer {
	e.T.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		e.T.Fatal(err)
	}
	ctx, leave := context.WithCancel(e.T.Context())
	defer leave()
	r := httptest.NewRequestWithContext(ctx, "POST", lab.Public+"/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	r.RemoteAddr = "192.0.2.1:1234"
	if who != lab.Nobody {
		r.Header.Set("Authorization", "Bearer "+e.Bearer(who))
	}
	rec := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.HTTP.ServeHTTP(rec, r)
	}()
	synctest.Wait()
	leave()
	<-done
	_, first, told := strings.Cut(rec.Body.String(), "data: ")
	switch {
	case told:
		first, _, _ = strings.Cut(first, "\n")
	case rec.Code == http.StatusOK:
		first = `{"data":{"listening":true}}`
	default:
		first = rec.Body.String()
	}
	return lab.Answer{Status: rec.Code, Header: rec.Header(), Body: []byte(first)}
}

// try asks an operation of any kind, in a bubble.
func (e *estate) try(who, query string) lab.Answer {
	e.T.Helper()
	if strings.HasPrefix(query, "subscription") {
		return e.hear(who, query)
	}
	return e.Ask(who, query, nil)
}

const hearing = `# Who is told of what happens in an account, by what it is.
#
`

// Who hears of each action that the code records about an account is what
// testdata/live.txt says.
func TestLiveActions(t *testing.T) {
	const file = "testdata/live.txt"
	about := strings.Fields("account member invitation contact role ownership_transfer notification delivery api_token webhook access")
	actions := map[string]bool{}
	if err := filepath.WalkDir("../internal", func(name string, f os.DirEntry, err error) error {
		if err != nil || f.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		for _, m := range regexp.MustCompile(`"([a-z_]+)\.([a-z_]*(?:ed|sent|left|changed|set))"`).FindAllStringSubmatch(read(t, name), -1) {
			if slices.Contains(about, m[1]) {
				actions[m[1]+"."+m[2]] = true
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := twoHouses(t, d)
		var out strings.Builder
		out.WriteString(hearing)
		for _, eye := range eyes {
			fmt.Fprintf(&out, "#   %s  %s\n", eye.letter, eye.what)
		}
		out.WriteString("#   The member is N, and the sub-account the one that S, T and J look at.\n#\n")
		for _, action := range slices.Sorted(maps.Keys(actions)) {
			cells := ""
			for _, eye := range eyes {
				by := &access.Actor{}
				if eye.who != lab.Nobody {
					var err error
					if by, err = e.Resolver.Identify(t.Context(), graph.Credential{Token: e.Bearer(eye.who), Bearer: true}, session.Places{}, "", ""); err != nil {
						t.Fatal(err)
					}
				}
				accountID := e.names[eye.account]
				target := map[string]string{"account": accountID, "member": e.names["$mia_member"]}[strings.Split(action, ".")[0]]
				if action == "account.sub_account_created" {
					target = e.names["$north"]
				}
				seen, err := feed.Sees(t.Context(), e.Gate, by, &ent.Event{Stream: accountID, AccountID: &accountID, Action: action, TargetID: target})
				if err != nil && fault.All(err) == nil {
					t.Fatal(err)
				}
				cells += map[bool]string{true: eye.letter, false: "."}[seen]
			}
			fmt.Fprintf(&out, "%s  %s\n", cells, action)
		}
		if *update {
			if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		if diff := cmp.Diff(strings.Split(read(t, file), "\n"), strings.Split(out.String(), "\n")); diff != "" {
			t.Errorf("%s differs; look at each line before -update\n%s", file, diff)
		}
	})
}

// An account in which nobody may listen, and nobody at all.
func TestLiveRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		w.Operator("blind", "accounts.suspend")
		srv := httptest.NewServer(w.HTTP)
		t.Cleanup(srv.Close)
		for who, code := range map[string]string{"xenia": "NOT_FOUND", "blind": "FORBIDDEN"} {
			for _, ear := range []*lab.Ear{lab.Stream(t, srv, w.Bearer(who), accountEvents(acme.ID, "id")), lab.Socket(t, srv, w.Bearer(who), accountEvents(acme.ID, "id"))[0]} {
				a := ear.Over()
				if len(a) != 1 || strings.Join(a[0].Codes(), " ") != code || ear.End != "complete" {
					t.Errorf("%s hears %v, and then %s", who, a, ear.End)
				}
			}
		}
		if n := w.Feed.Listening(); n != 0 {
			t.Errorf("%d listen", n)
		}
	})
}

// What is told of an event is, byte for byte, what the generated executor makes of it.
func TestLiveStraight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		w.Member(acme, "una")
		srv := w.Serve()
		routes, err := w.Routes(cli.Surface{Serving: cli.Serving{Executor: "generated"}, Public: portal(t), Log: slog.New(slog.DiscardHandler), Probes: web.NewProbes(d.Ping)})
		if err != nil {
			t.Fatal(err)
		}
		generated := httptest.NewServer(routes)
		t.Cleanup(generated.Close)
		var asked []string
		for _, typ := range []string{"Account", "Contact"} {
			text := "id"
			for _, f := range fields(schema.Types[typ]) {
				if len(f.Arguments) == 0 && !schema.Types[f.Type.Name()].IsCompositeType() {
					text += " " + f.Name
				}
			}
			asked = append(asked, "node { ... on "+typ+" { "+text+" } }")
		}
		asked = append(asked, `__typename a: action id createdAt targetId account { id name viewerPermissions owner { name } subAccounts(first: 2) { nodes { name } } }
			event { id action changes { field after } actor { kind name } } node { __typename id ... on Contact { preferences { channel } } }`)
		for i, what := range asked {
			q := accountEvents(acme.ID, "action "+what)
			for _, who := range []string{"olive", "una"} {
				one := lab.Stream(t, srv, w.Bearer(who), q)
				other := lab.Stream(t, generated, w.Bearer(who), q)
				listening(t, w, 2)
				for j := range 3 {
					for what, change := range map[string]string{
						"contact.created": fmt.Sprintf(`createContact(input: {accountId: "%s", email: "%s%d%d@example.com"})`, acme.ID, who, i, j),
						"account.updated": fmt.Sprintf(`updateAccount(input: {accountId: "%s", name: "%s %d %d"})`, acme.ID, who, i, j),
					} {
						do(t, w, "olive", `mutation { `+change+` { errors { code } } }`)
						if what == "contact.created" && who == "una" {
							continue // who may not know
						}
						a, _ := one.Until(what)
						if b, _ := other.Until(what); string(a.Body) != string(b.Body) {
							t.Errorf("%s is told\n%s\nby the executor\n%s", who, a.Body, b.Body)
						}
					}
				}
				one.Leave()
				other.Leave()
				listening(t, w, 0)
			}
		}
	})
}
