package graph_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/internal/db"
	"tenantry/internal/id"
	"tenantry/internal/lab"
)

// TestNothingStale is invariant 18, above all for those who write: what was read before
// the lock is trusted by its version (decision 0016), and never once that has changed.
// A member's clients write and ask what they may, on every server, while what they may
// is taken and given back; the owner's clients look at what was written. All of it must
// be one history, in which what was granted lies where the member had the right to it.
//
// So nothing that is asked for after the right was taken is granted. Neither is a write
// that was asked for before, and waited, if somebody saw after the taking that it was
// not yet done.
func TestNothingStale(t *testing.T) {
	rounds, changes := 1, 3
	if os.Getenv("TENANTRY_LAB") == "1" {
		rounds, changes = 8, 7
	}
	eachRing(t, func(t *testing.T, servers []*lab.World) {
		if rounds == 1 && len(servers) == 1 && servers[0].DB.Dialect() == db.Postgres {
			t.Skip("two servers find the same and more; make lab runs both")
		}
		for i, taking := range takings {
			t.Run(taking.name, func(t *testing.T) {
				for round := range rounds {
					r := newRing(t, servers, round, "stale"+strconv.Itoa(i)+"-")
					taking.run(&tenure{ring: r, olive: r.name("olive"), ivan: r.name("ivan"), account: r.Account(r.name("olive"), r.name("olive")), changes: changes})
					if t.Failed() {
						t.Fatalf("in round %d", round+1)
					}
				}
			})
		}
	})
}

// takings are the ways in which what somebody may is taken and given back.
var takings = []struct {
	name string
	run  func(*tenure)
}{
	{"a grant", func(s *tenure) {
		m, version := s.member(s.account, s.ivan, "contacts"), 1
		s.play(func(i int, on bool) timed {
			version++
			return s.change(i, on, s.olive, "updateMemberPermissions", grants(m.ID, version-1, on, "permissions", "contacts", "NONE"))
		})
	}},
	{"a role", func(s *tenure) {
		m, version := s.member(s.account, s.ivan, "role_administrator"), 1
		s.play(func(i int, on bool) timed {
			version++
			return s.change(i, on, s.olive, "updateMemberPermissions", grants(m.ID, version-1, on, "roleIds", "role_administrator", "NONE"))
		})
	}},
	{"what a role permits", func(s *tenure) {
		role := map[string]any{"accountId": s.account.ID, "name": "Secretary", "permissions": []string{"tickets", "contacts"}}
		roleID, version := s.must(s.olive, "createRole", role, "role { id }").String("data.createRole.role.id"), 1
		s.member(s.account, s.ivan, roleID)
		s.play(func(i int, on bool) timed {
			version++
			permissions := []string{"tickets"}
			if on {
				permissions = append(permissions, "contacts")
			}
			return s.change(i, on, s.olive, "updateRole", map[string]any{"roleId": roleID, "version": version - 1, "name": "Secretary", "permissions": permissions})
		})
	}},
	{"access to a sub-account", func(s *tenure) {
		parent := s.account
		s.account = s.Sub(s.olive, parent, s.olive+" sub")
		m, version := s.member(parent, s.ivan, "contacts", "ALL"), 1
		s.play(func(i int, on bool) timed {
			version++
			scope := map[bool]string{true: "ALL", false: "NONE"}[on]
			return s.change(i, on, s.olive, "updateMemberPermissions", grants(m.ID, version-1, true, "permissions", "contacts", scope))
		})
	}},
	{"an active membership", func(s *tenure) {
		m := s.member(s.account, s.ivan, "contacts")
		s.play(func(i int, on bool) timed {
			return s.change(i, on, s.olive, map[bool]string{true: "reactivateMember", false: "deactivateMember"}[on], map[string]any{"membershipId": m.ID})
		})
	}},
	{"a membership", func(s *tenure) {
		membershipID := s.member(s.account, s.ivan, "contacts").ID
		s.play(func(i int, on bool) timed {
			if !on {
				return s.change(i, on, s.olive, "removeMember", map[string]any{"membershipId": membershipID})
			}
			invitationID := s.invite(s.olive, s.account, s.ivan, "contacts")
			back := s.change(i, on, s.ivan, "acceptInvitation", map[string]any{"invitationId": invitationID})
			membershipID = s.members(s.account, s.ivan)[0].ID
			return back
		})
	}},
	{"an account that is not suspended", func(s *tenure) {
		s.member(s.account, s.ivan, "contacts")
		staff := s.name("staff")
		s.Operator(staff)
		s.unread = true // a suspended account admits that
		s.play(func(i int, on bool) timed {
			if on {
				return s.change(i, on, staff, "reinstateAccount", map[string]any{"accountId": s.account.ID})
			}
			return s.change(i, on, staff, "suspendAccount", map[string]any{"accountId": s.account.ID, "reason": "Unpaid."})
		})
	}},
	{"an open account", func(s *tenure) {
		s.member(s.account, s.ivan, "contacts")
		s.play(func(i int, on bool) timed {
			return s.change(i, on, s.olive, map[bool]string{true: "reopenAccount", false: "closeAccount"}[on], map[string]any{"accountId": s.account.ID})
		})
	}},
	{"a second factor, where the account asks for it", func(s *tenure) {
		s.member(s.account, s.ivan, "contacts")
		s.factors(s.olive, true)
		s.factors(s.ivan, true)
		s.DB.Client.Account.UpdateOne(s.account).SetTwoFactorFrom(time.Now().Add(-time.Hour)).ExecX(s.Context())
		s.play(func(i int, on bool) timed {
			return clocked(0, fmt.Sprint("set ", on), func() lab.Answer { s.factors(s.ivan, on); return lab.Answer{Status: 200} })
		})
	}},
	{"an account that does not ask for a second factor", func(s *tenure) {
		s.member(s.account, s.ivan, "contacts")
		s.factors(s.olive, true)
		version := 1
		s.play(func(i int, on bool) timed {
			in := map[string]any{"accountId": s.account.ID, "version": version, "requireTwoFactor": !on, "allowedDomains": []string{}}
			if !on {
				in["twoFactorFrom"] = time.Now().UTC()
			}
			version++
			return s.change(i, on, s.olive, "updateAccountPolicies", in)
		})
	}},
	{"ownership", func(s *tenure) {
		// Who owns the account may ask for a transfer, though there is nobody of this id.
		nina, nobody := s.name("nina"), id.New(id.Membership)
		memberships := map[string]string{nina: s.member(s.account, nina).ID, s.olive: s.members(s.account, s.olive)[0].ID}
		s.use = func(i, n int) timed {
			asked := clocked(i, "", func() lab.Answer {
				return s.ask(i, s.Person(s.olive).Token, "requestOwnershipTransfer", map[string]any{"accountId": s.account.ID, "membershipId": nobody}, "transfer { id }")
			})
			asked.op = fmt.Sprint("can ", refusal(asked.Answer) == "NOT_FOUND")
			return asked
		}
		s.unread, s.unseen = true, true
		s.play(func(i int, on bool) timed {
			from, to := s.olive, nina
			if on {
				from, to = nina, s.olive
			}
			offer := s.must(from, "requestOwnershipTransfer", map[string]any{"accountId": s.account.ID, "membershipId": memberships[to]}, "transfer { id }")
			return s.change(i, on, to, "acceptOwnershipTransfer", map[string]any{"transferId": offer.String("data.requestOwnershipTransfer.transfer.id")})
		})
	}},
	{"an API token", func(s *tenure) {
		s.member(s.account, s.ivan, "contacts", "developer")
		made := s.Program(s.name("program"), s.ivan, s.account, "contacts")
		s.token, s.changes = s.Person(s.name("program")).Token, 1
		s.play(func(i int, on bool) timed {
			return s.change(i, on, s.olive, "revokeApiToken", map[string]any{"tokenId": made.ID})
		})
	}},
	{"an API token, by what its maker may", func(s *tenure) {
		m, version := s.member(s.account, s.ivan, "contacts", "developer"), 1
		s.Program(s.name("program"), s.ivan, s.account, "contacts")
		s.token = s.Person(s.name("program")).Token
		s.play(func(i int, on bool) timed {
			version++
			return s.change(i, on, s.olive, "updateMemberPermissions", grants(m.ID, version-1, on, "permissions", "contacts", "NONE"))
		})
	}},
	{"an API token in a sub-account, by what its maker reaches", func(s *tenure) {
		parent := s.account
		s.account = s.Sub(s.olive, parent, s.olive+" sub")
		m, version := s.member(parent, s.ivan, "contacts", "developer", "ALL"), 1
		s.Program(s.name("program"), s.ivan, parent, "contacts", "ALL")
		s.token = s.Person(s.name("program")).Token
		s.play(func(i int, on bool) timed {
			version++
			scope := map[bool]string{true: "ALL", false: "NONE"}[on]
			return s.change(i, on, s.olive, "updateMemberPermissions", grants(m.ID, version-1, true, "permissions", "contacts", scope))
		})
	}},
	{"an API token, by its maker's membership", func(s *tenure) {
		m := s.member(s.account, s.ivan, "contacts", "developer")
		s.Program(s.name("program"), s.ivan, s.account, "contacts")
		s.token, s.changes = s.Person(s.name("program")).Token, 1 // nothing brings it back
		s.play(func(i int, on bool) timed {
			return s.change(i, on, s.olive, "deactivateMember", map[string]any{"membershipId": m.ID})
		})
	}},
	{"a session", func(s *tenure) {
		s.member(s.account, s.ivan, "contacts")
		session := s.SignIn(s.Person(s.ivan).User)
		s.token, s.changes = session.Token, 1
		s.unseen = true // a request under way may end after its session
		s.play(func(i int, on bool) timed {
			return s.change(i, on, s.ivan, "revokeSession", map[string]any{"sessionId": session.Session.ID})
		})
	}},
}

// grants is the input by which a member has one thing, or nothing.
func grants(membershipID string, version int, on bool, field, given, scope string) map[string]any {
	in := map[string]any{"membershipId": membershipID, "version": version, "roleIds": []string{}, "permissions": []string{}, "subAccountAccess": scope, "acknowledgeRisks": true}
	if on {
		in[field] = []string{given}
	}
	return in
}

// tenure is the time in which Ivan may write in Olive's account, and that in which
// he may not.
type tenure struct {
	*ring
	olive, ivan string
	account     *ent.Account
	// token is what Ivan's clients ask with. Empty for his own.
	token string
	// changes is how often the right is taken or given, beginning with taking.
	changes int
	// use is what his clients do with the right. Nil for writing into contacts.
	use func(client, n int) timed
	// unread says that they do not ask whether they have it, unseen that Olive's
	// clients do not look at the contacts.
	unread, unseen bool
}

// factors says whether somebody has two factors, as what turns them on and off does.
func (s *tenure) factors(who string, two bool) {
	u := s.DB.Client.User.UpdateOneID(s.Person(who).User.ID).ClearTwoFactorAt()
	if two {
		u = s.DB.Client.User.UpdateOneID(s.Person(who).User.ID).SetTwoFactorAt(time.Now())
	}
	u.ExecX(s.Context())
}

// change takes or gives the right.
func (s *tenure) change(i int, on bool, who, mutation string, input map[string]any) timed {
	token := s.Person(who).Token
	done := clocked(0, fmt.Sprint("set ", on), func() lab.Answer { return s.ask(i, token, mutation, input, "") })
	if code := refusal(done.Answer); code != "" {
		s.Errorf("%s is refused with %s: %s", mutation, code, done.Body)
	}
	return done
}

// glance is an answer, and the notes of all contacts if it shows them.
type glance struct {
	timed
	notes map[string]string
}

// play has everybody ask until the right was changed as often as it should be, and
// demands that all of it is one history.
func (s *tenure) play(change func(i int, on bool) timed) {
	const writers, readers, lookers = 8, 2, 2
	member, owner := s.token, s.Person(s.olive).Token
	if member == "" {
		member = s.Person(s.ivan).Token
	}
	here := map[string]any{"a": s.account.ID}
	var contacts [writers]string
	var clients []func(i, n int) glance
	for w := range writers {
		contacts[w] = s.must(s.olive, "createContact", map[string]any{"accountId": s.account.ID, "email": fmt.Sprintf("c%d@example.com", w)}, "contact { id }").
			String("data.createContact.contact.id")
		clients = append(clients, func(i, n int) glance {
			if s.use != nil {
				return glance{timed: s.use(i, n)}
			}
			note := fmt.Sprint("note ", n)
			// Since the account is named, the member's standing is read before it is locked.
			input := map[string]any{"contactId": contacts[w], "notes": note, "company": s.account.ID}
			return glance{timed: clocked(i, "use "+note, func() lab.Answer { return s.ask(i, member, "updateContact", input, "contact { id }") })}
		})
	}
	for r := range readers {
		// What they may is told, and it is seen in what they get, which is read before they are known.
		query := [readers]string{`query($a: ID!) { account(id: $a) { viewerCan(permission: "contacts") } }`, `query($a: ID!) { account(id: $a) { contacts(first: 1) { nodes { id } } } }`}[r]
		clients = append(clients, func(i, _ int) glance {
			asked := clocked(i, "", func() lab.Answer { return s.post(i, member, query, here) })
			asked.op = fmt.Sprint("can ", asked.Get("data.account.viewerCan") == true || asked.Get("data.account.contacts.nodes.0.id") != nil)
			return glance{timed: asked}
		})
	}
	for range lookers {
		clients = append(clients, func(i, _ int) glance {
			looked := clocked(i, "", func() lab.Answer {
				return s.post(i, owner, `query($a: ID!) { account(id: $a) { contacts(first: 50) { nodes { id notes } } } }`, here)
			})
			notes := map[string]string{}
			nodes, _ := looked.Get("data.account.contacts.nodes").([]any)
			for _, n := range nodes {
				c := n.(map[string]any)
				notes[fmt.Sprint(c["id"])], _ = c["notes"].(string)
			}
			looked.Answer = lab.Answer{}
			return glance{looked, notes}
		})
	}

	var (
		mu      sync.Mutex
		news    = sync.NewCond(&mu)
		answers = make([]int, 1+len(clients))
		done    bool
	)
	tell := func(what func()) {
		mu.Lock()
		defer mu.Unlock()
		what()
		news.Broadcast()
	}
	await := func(enough func() bool) (over bool) {
		mu.Lock()
		defer mu.Unlock()
		for !done && !enough() {
			news.Wait()
		}
		return done
	}
	logs := rush(1+len(clients), func(i int) (log []glance) {
		if i == 0 {
			defer tell(func() { done = true })
			for n := range s.changes {
				log = append(log, glance{timed: change(n/2, n%2 == 1)})
				var before []int
				tell(func() { answers[0]++; before = slices.Clone(answers) })
				for c := range clients {
					// The next answer may be to what was asked before the change.
					await(func() bool { return answers[1+c] >= before[1+c]+2 })
				}
			}
			return log
		}
		written := func() (sum int) {
			for _, n := range answers[:1+writers] {
				sum += n
			}
			return sum
		}
		for n, before := 0, 0; ; n++ {
			// Who only looks does so when there is something new to see.
			if await(func() bool { return n == 0 || i <= writers || written() > before }) {
				return log
			}
			tell(func() { before = written() })
			log = append(log, clients[i-1](i, n))
			tell(func() { answers[i]++ })
		}
	})
	if s.Failed() {
		return // a change was refused, so the history is another one
	}
	changes, reads, looks := logs[0], logs[1+writers:1+writers+readers], logs[1+writers+readers:]
	history := func(logs ...[]glance) (out []timed) {
		for _, log := range append(slices.Clone(logs), changes) {
			for _, g := range log {
				out = append(out, g.timed)
			}
		}
		return out
	}
	for w, contactID := range contacts {
		all := history(logs[1+w])
		for _, log := range looks {
			for _, g := range log {
				if !s.unseen {
					g.op = "saw " + g.notes[contactID]
					all = append(all, g.timed)
				}
			}
		}
		if !s.explained(state{on: true}, allowed, all) {
			return
		}
	}
	if !s.unread {
		s.explained(state{on: true}, allowed, history(reads...))
	}
}

// state is whether Ivan may write, and what stands in one contact.
type state struct {
	on   bool
	note string
}

// allowed is the model: what comes after an answer, or nil if it is wrong.
func allowed(now any, a timed) any {
	s := now.(state)
	verb, value, _ := strings.Cut(a.op, " ")
	on := value == "true"
	switch refused := refusal(a.Answer) != ""; {
	case verb == "set":
		return state{on, s.note}
	case verb == "can" && on == s.on, verb == "saw" && value == s.note, verb == "use" && refused && !s.on:
		return s
	case verb == "use" && !refused && s.on:
		return state{s.on, value}
	}
	return nil
}
