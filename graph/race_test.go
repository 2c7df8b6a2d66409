package graph_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/contact"
	"tenantry/ent/delivery"
	"tenantry/ent/event"
	"tenantry/ent/invitation"
	"tenantry/ent/membership"
	"tenantry/ent/provision"
	"tenantry/ent/role"
	"tenantry/ent/user"
	accounts "tenantry/internal/account"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	events "tenantry/internal/event"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/lab"
)

// crowd is how many clients a race has.
const crowd = 64

// rounds is how often each race is run: TENANTRY_LAB=1 asks for the long form.
func rounds() int {
	if os.Getenv("TENANTRY_LAB") == "1" {
		return 200
	}
	return 2
}

// TestRaces lets clients that are released by one barrier ask for what cannot
// all be granted, of one server on each database, and of two servers on
// PostgreSQL.
func TestRaces(t *testing.T) {
	eachRing(t, func(t *testing.T, servers []*lab.World) {
		for _, race := range races {
			t.Run(race.name, func(t *testing.T) {
				for round := range rounds() {
					race.run(newRing(t, servers, round, race.tag))
					if t.Failed() {
						t.Fatalf("in round %d", round+1)
					}
				}
			})
		}
	})
}

// eachRing runs fn with one server on each database, and with two on PostgreSQL,
// and then looks at what it has left.
func eachRing(t *testing.T, fn func(*testing.T, []*lab.World)) {
	for _, on := range []struct {
		name    string
		open    func(testing.TB) *db.DB
		servers int
	}{
		{"sqlite", dbtest.SQLite, 1},
		{"postgres", dbtest.Postgres, 1},
		{"two servers", dbtest.Postgres, 2},
	} {
		t.Run(on.name, func(t *testing.T) {
			d := on.open(t)
			servers := []*lab.World{lab.New(t, d)}
			for len(servers) < on.servers {
				servers = append(servers, lab.New(t, dbtest.Reopen(t, d)))
			}
			fn(t, servers)
			audit(t, servers[0])
		})
	}
}

// races are what clients race for, each with a tag that makes its names its own.
var races = []struct {
	name, tag string
	run       func(*ring)
}{
	{"one invitation is accepted once", "a", acceptOnce},
	{"one invitation makes one new person", "b", acceptAsNewPerson},
	{"an invitation is accepted, declined, canceled or sent anew", "c", endInvitation},
	{"an inviter is demoted while people accept", "d", demoteInviter},
	{"an address is invited once", "e", inviteOnce},
	{"ownership has one answer", "f", transferOwnership},
	{"a transfer by the company has one end", "q", transferByCompany},
	{"an ordered account is opened once", "r", openOrdered},
	{"the last recipient stays", "g", lastRecipient},
	{"a sign-up is completed once", "h", completeSignUpOnce},
	{"a sign-up and an invitation make one person", "i", signUpAndAccept},
	{"a grant holds from the next request on", "j", grantAndUse},
	{"a role holds from the next request on", "k", roleAndUse},
	{"a membership has one history", "l", memberHistory},
	{"the active account authorises nothing", "m", switchAndWrite},
	{"an idempotency key has one effect", "n", oneEffect},
	{"a password is guessed within its budget", "o", guessPassword},
	{"a changed password ends other sessions", "p", changePassword},
	{"a new passkey is registered once", "pka", registerOnce},
	{"there are at most twenty passkeys", "pkb", registerMany},
	{"an answer of a passkey signs in once", "pkc", passkeySignsInOnce},
	{"an answer of a passkey is the second step once", "pkd", passkeyFinishesOnce},
	{"an answer of a passkey is proof once", "pke", passkeyProvesOnce},
	{"two copies of a passkey are found out", "pkf", passkeyCopied},
	{"a removed passkey signs nobody in", "pkg", removePasskey},
	{"a session is refreshed by all that its app sends", "s", refreshAtOnce},
	{"a copied refresh token ends its session once", "t", refreshCopied},
	{"a replaced cookie is not cleared", "ck", replaceCookie},
	{"nothing is asked for in a session that has ended", "ls", signOutElsewhere},
	{"a known device is not shut out", "v", knownDevice},
	{"what happened is denied once", "w", denyOnce},
	{"a changed password and a refresh are one after the other", "u", refreshAndChangePassword},
	{"there are at most ten webhooks, one of an address", "wa", webhooksUpToTen},
	{"a webhook is changed once", "wb", webhookChangedOnce},
	{"there are at most fifty API tokens", "ta", tokensUpToFifty},
	{"a name is of one API token", "tb", tokenNamedOnce},
	{"an API token is revoked once", "tc", revokeTokenOnce},
	{"a request for an API token shows it once", "td", tokenShownOnce},
	{"an address goes to one of those who proved it", "ea", confirmAddress},
	{"a changed address is taken back once", "eb", undoAddress},
	{"the address from before signs nobody in", "ec", signInWhileMoving},
	{"a user is deleted, or owns an account", "ed", deleteWhile},
	{"a user is deleted, or opens an account again", "ee", deleteAndReopen},
}

// ring is where one round of a race takes place.
type ring struct {
	*testing.T
	*lab.World
	servers []*lab.World
	round   int
	// name makes a person's name one of this round alone.
	name func(string) string
}

// newRing returns the place of a round, with a tag that makes its names its own. Of no
// budget anything is used up: all rounds come from the same few networks.
func newRing(t *testing.T, servers []*lab.World, round int, tag string) *ring {
	servers[0].T = t
	servers[0].DB.Client.Budget.Delete().ExecX(context.Background())
	return &ring{T: t, World: servers[0], round: round, servers: servers, name: func(who string) string { return who + tag + strconv.Itoa(round) }}
}

// rush lets all run in the same moment and returns what each brought back.
func rush[V any](n int, run func(i int) V) []V {
	out := make([]V, n)
	barrier := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-barrier
			out[i] = run(i)
		})
	}
	close(barrier)
	all.Wait()
	return out
}

// addresses counts the network addresses that clients come from: each request
// has its own, so that no budget of a network hides what is raced for.
var addresses atomic.Uint32

// ask puts a mutation with one input to the server of client i. It fails the
// test if the server was not up to it.
func (r *ring) ask(i int, token, mutation string, input map[string]any, want string) lab.Answer {
	kind := strings.ToUpper(mutation[:1]) + mutation[1:] + "Input"
	return r.post(i, token, fmt.Sprintf("mutation($in: %s!) { %s(input: $in) { %s errors { code } } }", kind, mutation, want), map[string]any{"in": input})
}

// post puts an operation to the server of client i with a bearer token, with a
// cookie, or with neither.
func (r *ring) post(i int, credential, query string, variables map[string]any) lab.Answer {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err)
	}
	q := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body))
	q.Header.Set("Content-Type", "application/json")
	n := addresses.Add(1)
	q.RemoteAddr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 1024).String()
	switch {
	case strings.HasPrefix(credential, cookieName+"="):
		q.Header.Set("Cookie", credential)
	case credential != "":
		q.Header.Set("Authorization", "Bearer "+credential)
	}
	a := r.servers[i%len(r.servers)].Do(q)
	if a.Status >= 500 || slices.Contains(a.Codes(), "INTERNAL") || bytes.Contains(a.Body, []byte("GRAPHQL_")) {
		r.Errorf("%s\nwas answered %d %s", body, a.Status, a.Body)
	}
	return a
}

const cookieName = "__Host-tenantry"

// cookie signs somebody in as a browser does, and returns its cookie.
func (r *ring) cookie(who string) string {
	r.Helper()
	a := r.must("", "signIn", map[string]any{"email": r.Person(who).Email, "password": lab.Password}, "viewer { id }")
	cookie, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
	return cookie
}

// must asks outside of a race, and fails the test if it is refused.
func (r *ring) must(who, mutation string, input map[string]any, want string) lab.Answer {
	r.Helper()
	token := ""
	if who != "" {
		token = r.Person(who).Token
	}
	a := r.ask(0, token, mutation, input, want)
	if len(a.Codes()) > 0 {
		r.Fatalf("%s is refused: %s", mutation, a.Body)
	}
	return a
}

// refusal returns the first code of an answer, or "" if it was granted.
func refusal(a lab.Answer) string {
	if codes := a.Codes(); len(codes) > 0 {
		return codes[0]
	}
	return ""
}

// tally counts answers by refusal.
func tally(answers []lab.Answer) map[string]int {
	out := map[string]int{}
	for _, a := range answers {
		out[refusal(a)]++
	}
	return out
}

// expect demands exactly one success, and that all others were refused with one
// of the codes.
func (r *ring) expect(answers []lab.Answer, codes ...string) {
	r.Helper()
	got := tally(answers)
	if got[""] != 1 {
		r.Errorf("%d successes, want 1: %v", got[""], got)
	}
	for code := range got {
		if code != "" && !slices.Contains(codes, code) {
			r.Errorf("refused with %s, want one of %v: %v", code, codes, got)
		}
	}
}

// told demands how many events of an action there are about a target.
func (r *ring) told(want int, action, target string) {
	r.Helper()
	n := r.DB.Client.Event.Query().Where(event.Action(action), event.TargetID(target)).CountX(context.Background())
	if n != want {
		r.Errorf("%d events %s, want %d", n, action, want)
	}
}

// invite has somebody invite a person, and returns the invitation's id.
func (r *ring) invite(by string, a *ent.Account, who string, permissions ...string) string {
	r.Helper()
	answer := r.must(by, "inviteUsers", map[string]any{"accountId": a.ID, "emails": []any{map[string]any{"email": who + "@example.com", "name": who}},
		"permissions": slices.Clone(append([]string{}, permissions...)), "acknowledgeRisks": true}, "results { outcome invitation { id } }")
	got := answer.String("data.inviteUsers.results.0.invitation.id")
	if got == "" {
		r.Fatalf("not invited: %s", answer.Body)
	}
	return got
}

// member makes somebody a member, as lab.World.Member does.
func (r *ring) member(a *ent.Account, who string, given ...string) *ent.Membership {
	r.Person(who) // before the transaction, which has the only writer of SQLite
	return r.Member(a, who, given...)
}

func (r *ring) members(a *ent.Account, who string) []*ent.Membership {
	return r.DB.Client.Membership.Query().Where(membership.AccountID(a.ID),
		membership.HasUserWith(user.EmailKey(strings.ToLower(who)+"@example.com"))).AllX(context.Background())
}

// audit looks at what all races have left.
func audit(t *testing.T, w *lab.World) {
	ctx := context.Background()
	w.Settle()
	for _, a := range w.DB.Client.Account.Query().Where(account.ParentIDIsNil()).WithMemberships().WithOwner().AllX(ctx) {
		// Invariants 12 and 13. Of a closed account a name may be left of the owner.
		if a.State == account.StateCLOSED && a.Edges.Owner.DeletedAt != nil && len(a.Edges.Memberships) == 0 {
			continue
		}
		owners, seen := 0, map[string]bool{}
		for _, m := range a.Edges.Memberships {
			if seen[m.UserID] {
				t.Errorf("%s has two memberships of %s", a.Name, m.UserID)
			}
			seen[m.UserID] = true
			if m.UserID == a.OwnerUserID && m.State == membership.StateACTIVE {
				owners++
			}
		}
		if owners != 1 {
			t.Errorf("%s has %d active owners", a.Name, owners)
		}
	}
	// Invariant 42.
	if _, wrong, err := events.Verify(ctx, w.DB.Client); err != nil || len(wrong) > 0 {
		t.Errorf("the history: %v, %v", wrong, err)
	}
}

// Invariant 2.
func acceptOnce(r *ring) {
	olive, ivan := r.name("olive"), r.name("ivan")
	a := r.Account(olive, olive)
	r.Person(ivan)
	invitationID := r.invite(olive, a, ivan, "invoices")
	token, session := r.Token(ivan+"@example.com"), r.Person(ivan).Token
	answers := rush(crowd, func(i int) lab.Answer {
		by := map[string]any{"token": token}
		if i%2 == 1 {
			by = map[string]any{"invitationId": invitationID}
		}
		return r.ask(i, session, "acceptInvitation", by, "membership { id }")
	})
	r.expect(answers, "INVITATION_USED")
	if n := len(r.members(a, ivan)); n != 1 {
		r.Errorf("%d memberships", n)
	}
	r.told(1, "invitation.accepted", invitationID)
}

// Invariant 2.
func acceptAsNewPerson(r *ring) {
	olive, ivan := r.name("olive"), r.name("ivan")
	a := r.Account(olive, olive)
	invitationID := r.invite(olive, a, ivan)
	token := r.Token(ivan + "@example.com")
	r.expect(rush(crowd, func(i int) lab.Answer {
		return r.ask(i, "", "acceptInvitation", map[string]any{"token": token, "password": "a lamp in the orchard", "delivery": "TOKEN"}, "token")
	}), "INVITATION_USED", "UNAUTHENTICATED", "RATE_LIMITED")
	if n := len(r.members(a, ivan)); n != 1 {
		r.Errorf("%d memberships", n)
	}
	r.told(1, "invitation.accepted", invitationID)
}

// timed is an answer with the moments between which it came about.
type timed struct {
	lab.Answer
	client     int
	op         string
	changed    bool // and was not refused
	start, end time.Duration
}

// begun is what all moments are counted from.
var begun = time.Now()

func clocked(client int, op string, do func() lab.Answer) timed {
	t := timed{client: client, op: op, start: time.Since(begun)}
	t.Answer = do()
	t.end = time.Since(begun)
	t.changed = refusal(t.Answer) == ""
	return t
}

// linear demands that the answers can be put into an order in which each is the
// one that the model gives, and in which none comes before one that had been
// given when it was asked for. Step returns nil for an answer that the model
// does not give.
//
// The number of orders to try grows with every answer that changed nothing, so
// each search sees all changes and of the other answers those of two clients.
func (r *ring) linear(initial any, step func(state any, op timed) any, answers []timed) {
	r.Helper()
	for i := range crowd {
		for _, far := range []int{1, 2, 7} {
			if !r.explained(initial, step, slices.DeleteFunc(slices.Clone(answers), func(a timed) bool {
				return !a.changed && a.client != i && a.client != (i+far)%crowd
			})) {
				return
			}
		}
	}
}

// explained searches for one such order.
func (r *ring) explained(initial any, step func(state any, op timed) any, answers []timed) bool {
	r.Helper()
	var ops []porcupine.Operation
	for _, a := range answers {
		ops = append(ops, porcupine.Operation{ClientId: a.client, Input: a, Call: int64(a.start), Return: int64(a.end)})
	}
	got := porcupine.CheckOperationsTimeout(porcupine.Model{
		Init: func() any { return initial },
		Step: func(state, input, _ any) (bool, any) {
			next := step(state, input.(timed))
			return next != nil, next
		},
	}, ops, 10*time.Second)
	if got == porcupine.Ok {
		return true
	}
	slices.SortFunc(ops, func(a, b porcupine.Operation) int { return cmp.Compare(a.Return, b.Return) })
	var story strings.Builder
	for _, o := range ops {
		a := o.Input.(timed)
		fmt.Fprintf(&story, "%v to %v: %s was answered %q %s\n", a.start, a.end, a.op, refusal(a.Answer), a.Body)
	}
	r.Errorf("no order explains this (%s):\n%s", got, &story)
	return false
}

// Invariants 3 and 47: a model of an invitation knows who comes too late.
func endInvitation(r *ring) {
	olive, ivan := r.name("olive"), r.name("ivan")
	a := r.Account(olive, olive)
	r.Person(ivan)
	invitationID := r.invite(olive, a, ivan)
	token := r.Token(ivan + "@example.com")
	// Long enough ago for it to be sent again.
	r.DB.Client.Invitation.UpdateOneID(invitationID).SetSentAt(time.Now().Add(-2 * time.Minute)).ExecX(context.Background())
	owner, invited := r.Person(olive).Token, r.Person(ivan).Token
	kinds := []string{"accept", "cancel", "resend", "decline"}
	answers := rush(crowd, func(i int) timed {
		kind := kinds[i%len(kinds)]
		return clocked(i, kind, func() lab.Answer {
			switch kind {
			case "accept":
				return r.ask(i/4, invited, "acceptInvitation", map[string]any{"token": token}, "membership { id }")
			case "cancel":
				return r.ask(i/4, owner, "cancelInvitation", map[string]any{"invitationId": invitationID}, "invitation { id }")
			case "resend":
				return r.ask(i/4, owner, "resendInvitation", map[string]any{"invitationId": invitationID, "sendEmail": false}, "invitation { id }")
			}
			return r.ask(i/4, invited, "declineInvitation", map[string]any{"invitationId": invitationID}, "declinedInvitationId")
		})
	})
	// The state is what became of it; "RESENT" is waiting with another link.
	gone := map[string]string{"ACCEPTED": "INVITATION_USED", "CANCELED": "INVITATION_CANCELED", "DECLINED": "INVITATION_DECLINED"}
	r.linear("PENDING", func(state any, a timed) any {
		now, op, got := state.(string), a.op, refusal(a.Answer)
		want, next := gone[now], now
		switch {
		case now == "RESENT" && op == "accept":
			want = "INVALID_TOKEN"
		case now == "RESENT" && op == "resend":
			want = "INVITATION_COOLDOWN"
		case op == "accept" && want == "" && now != "RESENT":
			next = "ACCEPTED"
		case op == "accept":
			// The old link is dead whatever became of the newer one.
			if got == "INVALID_TOKEN" {
				return now
			}
		case want != "":
		case op == "cancel":
			next = "CANCELED"
		case op == "decline":
			next = "DECLINED"
		case op == "resend":
			next = "RESENT"
		}
		if got != want {
			return nil
		}
		return next
	}, answers)
	i := r.DB.Client.Invitation.GetX(context.Background(), invitationID)
	if n := len(r.members(a, ivan)); (n == 1) != (i.State == invitation.StateACCEPTED) || n > 1 {
		r.Errorf("%s with %d memberships", i.State, n)
	}
}

// Invariant 6.
func demoteInviter(r *ring) {
	olive, ann := r.name("olive"), r.name("ann")
	a := r.Account(olive, olive)
	m := r.member(a, ann, "role_administrator")
	owner := r.Person(olive).Token
	var invited, tokens, ids [crowd]string
	for i := range invited {
		invited[i] = fmt.Sprintf("%s-%d", r.name("guest"), i)
		tokens[i] = r.Person(invited[i]).Token
		ids[i] = r.invite(ann, a, invited[i], "domains.view", "invoices")
	}
	// Either all that she could give is taken from her, or one part of it.
	cut := r.round%2 == 1
	left := map[string]any{"membershipId": m.ID, "version": 1, "roleIds": []string{}, "permissions": []string{"invoices"}, "subAccountAccess": "NONE"}
	if cut {
		role := r.must(olive, "createRole", map[string]any{"accountId": a.ID, "name": "People only", "type": "ADMIN",
			"permissions": []string{"users", "domains.view"}, "acknowledgeRisks": true}, "role { id }")
		left["roleIds"], left["permissions"] = []string{role.String("data.createRole.role.id")}, []string{}
		left["acknowledgeRisks"] = true
	}
	accept := func(i int) timed {
		return clocked(i, "accept", func() lab.Answer {
			return r.ask(i, tokens[i], "acceptInvitation", map[string]any{"invitationId": ids[i]}, "membership { effectivePermissions }")
		})
	}
	answers := rush(crowd, func(i int) timed {
		if i == 0 {
			return clocked(i, "demote", func() lab.Answer { return r.ask(i, owner, "updateMemberPermissions", left, "membership { id }") })
		}
		return accept(i)
	})
	demoted := answers[0]
	if code := refusal(demoted.Answer); code != "" {
		r.Fatalf("not demoted: %s", code)
	}
	answers[0] = accept(0) // one comes too late for certain
	for i, one := range answers {
		got, code := fmt.Sprint(one.Get("data.acceptInvitation.membership.effectivePermissions")), refusal(one.Answer)
		before := one.start < demoted.end
		switch {
		case code == "" && got == "[domains.view invoices]" && before:
		case code == "" && got == "[domains.view]" && cut:
		case code == "INVITER_LOST_RIGHTS" && !cut:
		default:
			r.Errorf("asked for before the demotion was answered: %v, cut: %v, answer %s", before, cut, one.Body)
		}
		state := r.DB.Client.Invitation.GetX(context.Background(), ids[i]).State
		n := len(r.members(a, invited[i]))
		if accepted := code == ""; accepted != (n == 1) || accepted != (state == invitation.StateACCEPTED) || !accepted && state != invitation.StateCANCELED {
			r.Errorf("answered %q, %d memberships, the invitation is %s", code, n, state)
		}
	}
}

// Invariant 2: the database keeps one invitation of an address waiting.
func inviteOnce(r *ring) {
	olive, ann, ivan := r.name("olive"), r.name("ann"), r.name("ivan")
	a := r.Account(olive, olive)
	r.member(a, ann, "role_administrator")
	tokens := []string{r.Person(olive).Token, r.Person(ann).Token}
	outcomes := map[string]int{}
	for _, one := range rush(crowd, func(i int) lab.Answer {
		return r.ask(i, tokens[i/2%2], "inviteUsers", map[string]any{"accountId": a.ID, "emails": []any{map[string]any{"email": ivan + "@example.com"}}}, "results { outcome }")
	}) {
		outcomes[one.String("data.inviteUsers.results.0.outcome")]++
	}
	if want := map[string]int{"SENT": 1, "SKIPPED_ALREADY_INVITED": crowd - 1}; !maps.Equal(outcomes, want) {
		r.Errorf("outcomes %v, want %v", outcomes, want)
	}
	if n := r.DB.Client.Invitation.Query().Where(invitation.AccountID(a.ID)).CountX(context.Background()); n != 1 {
		r.Errorf("%d invitations", n)
	}
}

// Invariants 12 and 13.
func transferOwnership(r *ring) {
	ctx := context.Background()
	olive, nina, omar := r.name("olive"), r.name("nina"), r.name("omar")
	a := r.Account(olive, olive)
	r.Sub(olive, a, olive)
	m, other := r.member(a, nina, "invoices"), r.member(a, omar, "role_administrator")
	transferID := r.must(olive, "requestOwnershipTransfer", map[string]any{"accountId": a.ID, "membershipId": m.ID}, "transfer { id }").
		String("data.requestOwnershipTransfer.transfer.id")
	kinds := []struct {
		who, mutation string
		input         map[string]any
		want          string
	}{
		{nina, "acceptOwnershipTransfer", map[string]any{"transferId": transferID}, "transfer { state }"},
		{olive, "cancelOwnershipTransfer", map[string]any{"transferId": transferID}, "transfer { state }"},
		{omar, "deactivateMember", map[string]any{"membershipId": m.ID}, "membership { id }"},
		{omar, "removeMember", map[string]any{"membershipId": m.ID}, "removedMembershipId"},
		{nina, "leaveAccount", map[string]any{"accountId": a.ID}, "leftAccountId"},
		{olive, "requestOwnershipTransfer", map[string]any{"accountId": a.ID, "membershipId": other.ID}, "transfer { id }"},
		{olive, "closeAccount", map[string]any{"accountId": a.ID}, "account { id }"},
	}
	tokens := map[string]string{}
	for _, who := range []string{olive, nina, omar} {
		tokens[who] = r.Person(who).Token
	}
	kinds = kinds[:len(kinds)-r.round%len(kinds)]
	granted := map[string]int{}
	for i, code := range rush(crowd, func(i int) string {
		k := kinds[i%len(kinds)]
		return refusal(r.ask(i/len(kinds), tokens[k.who], k.mutation, k.input, k.want))
	}) {
		if code == "" {
			granted[kinds[i%len(kinds)].mutation]++
		}
	}
	now := r.DB.Client.Account.GetX(ctx, a.ID)
	t := r.DB.Client.OwnershipTransfer.GetX(ctx, transferID)
	accepted := granted["acceptOwnershipTransfer"] == 1
	ended := granted["cancelOwnershipTransfer"] + granted["deactivateMember"] + granted["removeMember"] + granted["leaveAccount"] + granted["closeAccount"]
	if granted["acceptOwnershipTransfer"] > 1 || accepted == (ended > 0) {
		r.Errorf("granted %v", granted)
	}
	if accepted != (now.OwnerUserID == r.Person(nina).ID) || accepted != (t.State == "ACCEPTED") {
		r.Errorf("granted %v, the offer is %s, the owner is %s", granted, t.State, now.OwnerUserID)
	}
	if n := r.DB.Client.Account.Query().Where(account.ParentID(a.ID), account.OwnerUserID(now.OwnerUserID)).CountX(ctx); n != 1 {
		r.Errorf("the sub-account has another owner")
	}
	if n := r.DB.Client.Membership.Query().Where(membership.AccountID(a.ID), membership.UserID(now.OwnerUserID), membership.StateEQ(membership.StateACTIVE)).CountX(ctx); n != 1 {
		r.Errorf("granted %v, %d active owners", granted, n)
	}
}

// What the company started takes effect, while the owner objects and the nominee
// goes.
//
// Invariants 12 and 13.
func transferByCompany(r *ring) {
	ctx := context.Background()
	olive, nina, omar, staff := r.name("olive"), r.name("nina"), r.name("omar"), r.name("staff")
	a := r.Account(olive, olive)
	r.Sub(olive, a, olive)
	m := r.member(a, nina, "invoices")
	r.member(a, omar, "role_administrator")
	r.Operator(staff)
	transferID := r.must(staff, "requestOwnershipTransfer", map[string]any{"accountId": a.ID, "membershipId": m.ID}, "transfer { id }").
		String("data.requestOwnershipTransfer.transfer.id")
	// Seven days later, with every notice given.
	r.DB.Client.OwnershipTransfer.UpdateOneID(transferID).SetEffectiveAt(instant.Now()).SetNotices(accounts.Notices).ExecX(ctx)
	for range accounts.Notices {
		r.DB.Client.Delivery.Create().SetEventID(id.New(id.Event)).SetAccountID(a.ID).SetKind(accounts.NoticeKind).SetSubjectID(transferID).
			SetTo(olive).SetToKey(strings.ToLower(olive) + "@example.com").SetData(map[string]string{}).SetState(delivery.StateSENT).ExecX(ctx)
	}
	kinds := []struct {
		who, mutation string
		input         map[string]any
		want          string
	}{
		{"", "", nil, ""}, // the chore
		{olive, "cancelOwnershipTransfer", map[string]any{"transferId": transferID}, "transfer { state }"},
		{staff, "cancelOwnershipTransfer", map[string]any{"transferId": transferID}, "transfer { state }"},
		{nina, "declineOwnershipTransfer", map[string]any{"transferId": transferID}, "transfer { state }"},
		{omar, "removeMember", map[string]any{"membershipId": m.ID}, "removedMembershipId"},
	}
	tokens := map[string]string{}
	for _, who := range []string{olive, nina, omar, staff} {
		tokens[who] = r.Person(who).Token
	}
	kinds = kinds[:len(kinds)-r.round%len(kinds)]
	granted := 0
	for i, code := range rush(crowd, func(i int) string {
		k := kinds[i%len(kinds)]
		if k.who == "" {
			if err := r.servers[i%len(r.servers)].Accounts.AdvanceTransfers(ctx); err != nil {
				r.Error(err)
			}
			return ""
		}
		return refusal(r.ask(i/len(kinds), tokens[k.who], k.mutation, k.input, k.want))
	}) {
		if code == "" && kinds[i%len(kinds)].who != "" {
			granted++
		}
	}
	now, t := r.DB.Client.Account.GetX(ctx, a.ID), r.DB.Client.OwnershipTransfer.GetX(ctx, transferID)
	if accepted := t.State == "ACCEPTED"; t.State == "PENDING" || accepted != (now.OwnerUserID == r.Person(nina).ID) || accepted == (granted > 0) {
		r.Errorf("%d were granted an end, the transfer is %s, the owner is %s", granted, t.State, now.OwnerUserID)
	}
	if n := r.DB.Client.Event.Query().Where(event.TargetID(transferID), event.ActionHasPrefix("ownership_transfer."), event.ActionNEQ("ownership_transfer.requested")).CountX(ctx); n != 1 {
		r.Errorf("%d events tell of the end", n)
	}
	if n := r.DB.Client.Account.Query().Where(account.ParentID(a.ID), account.OwnerUserID(now.OwnerUserID)).CountX(ctx); n != 1 {
		r.Errorf("the sub-account has another owner")
	}
}

// A shop orders the same account again and again, while the customer signs up.
func openOrdered(r *ring) {
	ctx := context.Background()
	shop, cleo := r.name("shop"), r.name("cleo")
	r.Operator(shop)
	token, number := r.signUp(cleo), r.name("K-")
	seller := r.Person(shop).Token
	for _, a := range rush(crowd, func(i int) lab.Answer {
		if i%8 == 0 {
			return r.ask(i, "", "completeSignUp", map[string]any{"token": token, "name": "Cleo", "password": lab.Password + " twice", "delivery": "TOKEN"}, "token")
		}
		return r.ask(i, seller, "provisionAccount", map[string]any{"name": "Shop", "externalId": number, "ownerEmail": cleo + "@example.com"}, "ownerInvited")
	}) {
		if code := refusal(a); code != "" && code != "INVALID_TOKEN" && code != "RATE_LIMITED" {
			r.Errorf("refused with %s: %s", code, a.Body)
		}
	}
	if err := r.Accounts.ClaimLate(ctx); err != nil {
		r.Fatal(err)
	}
	opened := r.DB.Client.Account.Query().Where(account.HasOwnerWith(user.EmailKey(strings.ToLower(cleo) + "@example.com"))).AllX(ctx)
	if len(opened) != 1 || opened[0].ExternalID == nil || *opened[0].ExternalID != number {
		r.Errorf("opened %v", opened)
	}
	if n := r.DB.Client.Provision.Query().Where(provision.EmailKey(strings.ToLower(cleo) + "@example.com")).CountX(ctx); n != 0 {
		r.Errorf("%d orders are left", n)
	}
	r.one(cleo)
}

// Two contacts are the last who get what somebody must get: one of them stays.
func lastRecipient(r *ring) {
	olive := r.name("olive")
	a := r.Account(olive, olive)
	var ids []string
	for _, name := range []string{"one", "two"} {
		ids = append(ids, r.must(olive, "createContact", map[string]any{"accountId": a.ID, "email": r.name(name) + "@example.com",
			"preferences": []any{map[string]any{"channel": "EMAIL", "all": true}}}, "contact { id }").String("data.createContact.contact.id"))
	}
	r.must(olive, "setOwnerFallback", map[string]any{"accountId": a.ID, "ownerFallback": false}, "account { id }")
	owner := r.Person(olive).Token
	r.expect(rush(crowd, func(i int) lab.Answer {
		return r.ask(i/2, owner, "deleteContact", map[string]any{"contactId": ids[i%2], "alsoRemoveMember": false}, "deletedContactId")
	}), "LAST_RECIPIENT", "NOT_FOUND")
	if n := r.DB.Client.Contact.Query().Where(contact.AccountID(a.ID)).CountX(context.Background()); n != 1 {
		r.Errorf("%d contacts are left", n)
	}
}

func (r *ring) signUp(who string) (token string) {
	r.Helper()
	r.must("", "signUp", map[string]any{"email": who + "@example.com", "name": who}, "mailed")
	return r.Token(who + "@example.com")
}

// one demands that somebody is one user.
func (r *ring) one(who string) {
	r.Helper()
	if n := r.DB.Client.User.Query().Where(user.EmailKey(who + "@example.com")).CountX(context.Background()); n != 1 {
		r.Errorf("%d users", n)
	}
}

// Invariant 2 for sign-ups.
func completeSignUpOnce(r *ring) {
	nora := r.name("nora")
	token := r.signUp(nora)
	r.expect(rush(crowd, func(i int) lab.Answer {
		return r.ask(i, "", "completeSignUp", map[string]any{"token": token, "password": "seven grey herons wade", "delivery": "TOKEN"}, "token")
	}), "INVALID_TOKEN", "RATE_LIMITED")
	r.one(nora)
}

// Invariant 2 for an address that is known in two ways.
func signUpAndAccept(r *ring) {
	olive, nora := r.name("olive"), r.name("nora")
	a := r.Account(olive, olive)
	signUp := r.signUp(nora)
	r.invite(olive, a, nora)
	invited := r.Token(nora + "@example.com")
	r.expect(rush(crowd, func(i int) lab.Answer {
		if i%2 == 0 {
			return r.ask(i/2, "", "completeSignUp", map[string]any{"token": signUp, "password": "seven grey herons wade", "delivery": "TOKEN"}, "token")
		}
		return r.ask(i/2, "", "acceptInvitation", map[string]any{"token": invited, "password": "seven grey herons wade", "delivery": "TOKEN"}, "token")
	}), "INVALID_TOKEN", "RATE_LIMITED", "UNAUTHENTICATED", "INVITATION_USED")
	r.one(nora)
}

// flip has a writer set and take something away time and again while others see
// whether they have it, and demands that all of it is one history.
func (r *ring) flip(write func(on bool) lab.Answer, read func(client int) (on bool, a lab.Answer)) {
	r.Helper()
	const flips, readers = 6, 16
	// Each reader tells of every answer. Of twice as many as there are readers
	// some were asked for after the last change was answered.
	seen, done := make(chan struct{}), make(chan struct{})
	logs := rush(1+readers, func(i int) (log []timed) {
		if i == 0 {
			defer close(done)
			for n := range flips {
				on := n%2 == 0
				w := clocked(i, fmt.Sprint("set ", on), func() lab.Answer { return write(on) })
				if code := refusal(w.Answer); code != "" {
					r.Errorf("set %v: refused with %s", on, code)
				}
				log = append(log, w)
				for range 2 * readers {
					<-seen
				}
			}
			return log
		}
		for {
			var on bool
			t := clocked(i, "", func() (a lab.Answer) { on, a = read(i); return a })
			t.op, t.changed = fmt.Sprint("saw ", on), false
			log = append(log, t)
			select {
			case seen <- struct{}{}:
			case <-done:
				return log
			}
		}
	})
	var ops []timed
	for _, log := range logs {
		ops = append(ops, log...)
	}
	r.linear(false, func(state any, a timed) any {
		verb, value, _ := strings.Cut(a.op, " ")
		if on := value == "true"; verb == "set" || on == state.(bool) {
			return on
		}
		return nil
	}, ops)
}

// viewerCan asks whether somebody may see invoices.
func (r *ring) viewerCan(i int, token string, a *ent.Account) (bool, lab.Answer) {
	answer := r.post(i, token, `query($a: ID!) { account(id: $a) { viewerCan(permission: "invoices") } }`, map[string]any{"a": a.ID})
	return answer.Get("data.account.viewerCan") == true, answer
}

// Invariant 18.
func grantAndUse(r *ring) {
	olive, ivan := r.name("olive"), r.name("ivan")
	a := r.Account(olive, olive)
	m := r.member(a, ivan)
	owner, member := r.Person(olive).Token, r.Person(ivan).Token
	version := 1
	write := func(on bool) lab.Answer {
		permissions := []string{}
		if on {
			permissions = append(permissions, "invoices")
		}
		version++
		return r.ask(version, owner, "updateMemberPermissions", map[string]any{"membershipId": m.ID, "version": version - 1, "roleIds": []string{},
			"permissions": permissions, "subAccountAccess": "NONE"}, "membership { id }")
	}
	if r.round%2 == 1 { // or by keeping the person out
		write(true)
		r.must(olive, "deactivateMember", map[string]any{"membershipId": m.ID}, "membership { id }")
		write = func(on bool) lab.Answer {
			version++
			if on {
				return r.ask(version, owner, "reactivateMember", map[string]any{"membershipId": m.ID}, "membership { id }")
			}
			return r.ask(version, owner, "deactivateMember", map[string]any{"membershipId": m.ID}, "membership { id }")
		}
	}
	r.flip(write, func(client int) (bool, lab.Answer) { return r.viewerCan(client, member, a) })
}

// Invariant 18: roles are kept in memory, and never for too long.
func roleAndUse(r *ring) {
	olive, ivan := r.name("olive"), r.name("ivan")
	a := r.Account(olive, olive)
	roleID := r.must(olive, "createRole", map[string]any{"accountId": a.ID, "name": "Helper", "permissions": []string{"tickets"}}, "role { id }").
		String("data.createRole.role.id")
	r.member(a, ivan, roleID)
	owner, member := r.Person(olive).Token, r.Person(ivan).Token
	version := 1
	r.flip(func(on bool) lab.Answer {
		permissions := []string{"tickets"}
		if on {
			permissions = append(permissions, "invoices")
		}
		version++
		return r.ask(version, owner, "updateRole", map[string]any{"roleId": roleID, "version": version - 1, "name": "Helper", "permissions": permissions}, "role { id }")
	}, func(client int) (bool, lab.Answer) { return r.viewerCan(client, member, a) })
}

// Invariant 47: a model of a membership explains every answer.
func memberHistory(r *ring) {
	olive, ivan := r.name("olive"), r.name("ivan")
	a := r.Account(olive, olive)
	m := r.member(a, ivan, "tickets")
	owner := r.Person(olive).Token
	answers := rush(crowd, func(i int) timed {
		op := []string{"deactivate", "reactivate", "update"}[i%3]
		switch {
		case i == 31:
			op = "remove"
		case op == "update":
			op += " " + strconv.Itoa(1+i/3%5)
		}
		return clocked(i, op, func() lab.Answer {
			input := map[string]any{"membershipId": m.ID}
			verb, version, _ := strings.Cut(op, " ")
			if verb == "update" {
				input["version"], _ = strconv.Atoi(version)
				// Another grant with each version, since one that changes nothing keeps it.
				keys := []string{"invoices", "quotes", "emails", "orders", "domains.view"}
				input["roleIds"], input["permissions"], input["subAccountAccess"] = []string{}, keys[input["version"].(int)-1:][:1], "NONE"
				return r.ask(i, owner, "updateMemberPermissions", input, "membership { version }")
			}
			want := "membership { version }"
			if verb == "remove" {
				want = "removedMembershipId"
			}
			return r.ask(i, owner, verb+"Member", input, want)
		})
	})
	type state struct {
		gone, out bool
		version   int
	}
	r.linear(state{version: 1}, func(now any, a timed) any {
		s := now.(state)
		verb, version, _ := strings.Cut(a.op, " ")
		want, next := "", s
		next.version++
		switch {
		case s.gone:
			want = "NOT_FOUND"
		case verb == "remove":
			next.gone = true
		case verb == "update":
			if version != strconv.Itoa(s.version) {
				want = "CONFLICT"
			}
		case s.out == (verb == "deactivate"):
			want = "CONFLICT"
		default:
			next.out = !s.out
		}
		if want != refusal(a.Answer) {
			return nil
		}
		if want != "" {
			return s
		}
		mutation := verb + "Member"
		if verb == "update" {
			mutation = "updateMemberPermissions"
		}
		if shown, ok := a.Get("data." + mutation + ".membership.version").(float64); ok && int(shown) != next.version {
			return nil
		}
		return next
	}, answers)
}

// Invariant 22.
func switchAndWrite(r *ring) {
	olive := r.name("olive")
	accounts := []*ent.Account{r.Account(olive, olive+"-0"), r.Account(olive, olive+"-1")}
	cookie := r.cookie(olive)
	rush(crowd, func(i int) any {
		for n := range 3 {
			side := i % 2
			var a lab.Answer
			if i%8 < 2 {
				a = r.ask(i/2, cookie, "switchAccount", map[string]any{"accountId": accounts[side].ID, "remember": true}, "account { id }")
			} else {
				email := fmt.Sprintf("side-%d-%d-%d@example.com", side, i, n)
				a = r.ask(i/2, cookie, "createContact", map[string]any{"accountId": accounts[side].ID, "email": email}, "contact { email account { id } }")
				if a.String("data.createContact.contact.account.id") != accounts[side].ID {
					r.Errorf("misplaced: %s", a.Body)
				}
			}
			if code := refusal(a); code != "" {
				r.Errorf("refused with %s", code)
			}
		}
		return nil
	})
	for side, a := range accounts {
		want := fmt.Sprintf("side-%d-", side)
		rows := r.DB.Client.Contact.Query().Where(contact.AccountID(a.ID)).AllX(context.Background())
		if len(rows) != crowd*3/8*3 {
			r.Errorf("%d contacts", len(rows))
		}
		for _, c := range rows {
			if !strings.HasPrefix(c.Email, want) {
				r.Errorf("%s is in %s", c.Email, a.Name)
			}
		}
	}
}

// Invariant 45.
func oneEffect(r *ring) {
	ctx := context.Background()
	olive := r.name("olive")
	a := r.Account(olive, olive)
	owner, client := r.Person(olive).Token, r.DB.Client
	for _, one := range []struct {
		mutation     string
		input        map[string]any
		want, id     string
		field, other string
		count        func() int
	}{
		{"createAccount", map[string]any{"name": "Kept once"}, "account { id }", "account.id", "name", "Another",
			func() int {
				return client.Account.Query().Where(account.OwnerUserID(r.Person(olive).ID)).CountX(ctx) - 1
			}},
		{"createContact", map[string]any{"accountId": a.ID, "email": "once@example.com"}, "contact { id }", "contact.id", "email", "twice@example.com",
			func() int { return client.Contact.Query().Where(contact.AccountID(a.ID)).CountX(ctx) }},
		{"inviteUsers", map[string]any{"accountId": a.ID, "emails": []any{map[string]any{"email": r.name("ivan") + "@example.com"}}},
			"results { invitation { id } }", "results.0.invitation.id", "message", "Hello", func() int {
				return client.Invitation.Query().Where(invitation.AccountID(a.ID)).CountX(ctx)
			}},
		{"createRole", map[string]any{"accountId": a.ID, "name": "Once", "permissions": []string{}}, "role { id }", "role.id", "name", "Twice",
			func() int { return client.Role.Query().Where(role.AccountID(a.ID)).CountX(ctx) }},
	} {
		one.input["idempotencyKey"] = "the same"
		answers := rush(crowd, func(i int) lab.Answer { return r.ask(i, owner, one.mutation, one.input, one.want) })
		ids := map[string]bool{}
		for _, a := range answers {
			ids[a.String("data."+one.mutation+"."+one.id)] = true
		}
		if len(ids) != 1 || ids[""] || one.count() != 1 {
			r.Errorf("%s: ids %v, %d rows, answers %v", one.mutation, ids, one.count(), tally(answers))
		}
		input := maps.Clone(one.input)
		input[one.field] = one.other
		if code := refusal(r.ask(0, owner, one.mutation, input, one.want)); code != "CONFLICT" {
			r.Errorf("%s with another input: %q, want CONFLICT", one.mutation, code)
		}
	}
}

// Invariant 32: the attempts are counted, not the requests or their ways.
func guessPassword(r *ring) {
	olive := r.name("olive")
	p := r.Person(olive)
	start := time.Now()
	answers := rush(crowd, func(i int) lab.Answer {
		switch i % 4 {
		case 0:
			return r.ask(i/4, p.Token, "reauthenticate", map[string]any{"password": fmt.Sprint("guess ", i)}, "token")
		case 1:
			return r.ask(i/4, p.Token, "changePassword", map[string]any{"currentPassword": fmt.Sprint("guess ", i), "newPassword": "seven grey herons wade"}, "token")
		case 2:
			return r.ask(i/4, "", "signIn", map[string]any{"email": strings.ToUpper(p.Email), "password": fmt.Sprint("guess ", i)}, "token")
		}
		return r.ask(i/4, "", "signIn", map[string]any{"email": p.Email, "password": fmt.Sprint("guess ", i)}, "token")
	})
	// Who holds a session has a budget of their own, which strangers cannot use up.
	var inside, outside []lab.Answer
	for i, a := range answers {
		if i%4 < 2 {
			inside = append(inside, a)
		} else {
			outside = append(outside, a)
		}
	}
	for where, answers := range map[string][]lab.Answer{"with a session": inside, "without one": outside} {
		got := tally(answers)
		most := 10 + int(time.Since(start)/(90*time.Second)) // one attempt comes back each 90 seconds
		if tried := got["INVALID_CREDENTIALS"]; tried == 0 || tried > most || tried+got["RATE_LIMITED"] != len(answers) {
			r.Errorf("%s: %v, want at most %d passwords to be tried", where, got, most)
		}
	}
}

// Invariant 24.
func changePassword(r *ring) {
	olive := r.name("olive")
	p := r.Person(olive)
	other := r.SignIn(p.User)
	r.must("", "requestPasswordReset", map[string]any{"email": p.Email}, "mailed")
	reset := r.Token(p.Email)
	var changed atomic.Bool
	type seen struct {
		tokens []string
		log    []timed
	}
	all := rush(crowd, func(i int) (s seen) {
		switch {
		case i == 0:
			s.log = append(s.log, clocked(i, "change", func() lab.Answer {
				return r.ask(i, p.Token, "changePassword", map[string]any{"currentPassword": lab.Password, "newPassword": "seven grey herons wade"}, "token endedSessions")
			}))
			changed.Store(true)
		case i < 8: // signing in while the password changes
			a := r.ask(i, "", "signIn", map[string]any{"email": p.Email, "password": lab.Password, "delivery": "TOKEN"}, "token")
			if token := a.String("data.signIn.token"); token != "" {
				s.tokens = append(s.tokens, token)
			}
		default:
			for last := false; !last; {
				last = changed.Load()
				s.log = append(s.log, clocked(i, "use", func() lab.Answer { return r.post(i, other.Token, `{ viewer { id } }`, nil) }))
			}
		}
		return s
	})
	change := all[0].log[0]
	if code := refusal(change.Answer); code != "" {
		r.Fatalf("not changed: %s", change.Body)
	}
	for _, s := range all[8:] {
		for _, use := range s.log {
			if use.start > change.end && (use.Status != 401 || use.String("data.viewer.id") != "") {
				r.Errorf("answered after the change: %d %s", use.Status, use.Body)
			}
		}
	}
	for _, s := range all[1:8] {
		for _, token := range s.tokens {
			if a := r.post(1, token, `{ viewer { id } }`, nil); a.Status != 401 {
				r.Errorf("a session that began with the old password lives: %s", a.Body)
			}
		}
	}
	if code := refusal(r.ask(1, "", "resetPassword", map[string]any{"token": reset, "newPassword": "a lamp in the orchard"}, "reset")); code != "INVALID_TOKEN" {
		r.Errorf("the mailed link still works: %q", code)
	}
	if a := r.post(1, change.String("data.changePassword.token"), `{ viewer { id } }`, nil); a.String("data.viewer.id") != p.ID {
		r.Errorf("the session that changed it is dead: %s", a.Body)
	}
}
