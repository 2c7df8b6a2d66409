package graph_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	events "tenantry/internal/event"
	"tenantry/internal/lab"
	"tenantry/internal/passkey/virtual"
)

// scene is a mutation that is about to be asked for.
type scene struct {
	// prepare sets the stage, with names that are new, and returns who asks what.
	prepare func(w *lab.World, name func(string) string) (who, query string)
	// told are the events that belong to the change, all in its transaction.
	told []string
}

var scenes = map[string]scene{
	"completeSignUp": {func(w *lab.World, name func(string) string) (string, string) {
		email := name("nora") + "@example.com"
		w.Ask(lab.Nobody, fmt.Sprintf(`mutation { signUp(input: {email: %q, name: "Nora"}) { mailed } }`, email), nil)
		return lab.Nobody, fmt.Sprintf(`mutation { completeSignUp(input: {token: %q, password: "seven grey herons wade", delivery: TOKEN}) { token errors { code } } }`, w.Token(email))
	}, []string{"user.signed_up"}},
	"createAccount": {func(w *lab.World, name func(string) string) (string, string) {
		w.Person(name("olive"))
		return name("olive"), `mutation { createAccount(input: {name: "Opened", idempotencyKey: "k"}) { account { id } errors { code } } }`
	}, []string{"account.created"}},
	"inviteUsers": {func(w *lab.World, name func(string) string) (string, string) {
		a := w.Account(name("olive"), "Invites")
		return name("olive"), fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "%s@example.com"}, {email: "%s@example.com"}], roleIds: ["role_support"]}) { results { outcome } errors { code } } }`,
			a.ID, name("ivan"), name("vera"))
	}, []string{"invitation.sent", "invitation.sent"}},
	"acceptInvitation": {func(w *lab.World, name func(string) string) (string, string) {
		a := w.Account(name("olive"), "Accepts")
		email := name("ivan") + "@example.com"
		w.Ask(name("olive"), fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: %q, name: "Ivan"}]}) { errors { code } } }`, a.ID, email), nil)
		return lab.Nobody, fmt.Sprintf(`mutation { acceptInvitation(input: {token: %q, password: "a lamp in the orchard", delivery: TOKEN}) { token membership { id } errors { code } } }`, w.Token(email))
	}, []string{"invitation.accepted", "member.joined", "user.signed_up"}},
	"updateMemberPermissions": {func(w *lab.World, name func(string) string) (string, string) {
		a := w.Account(name("olive"), "Permits")
		w.Person(name("ivan"))
		m := w.Member(a, name("ivan"), "tickets")
		return name("olive"), fmt.Sprintf(`mutation { updateMemberPermissions(input: {membershipId: %q, version: 1, roleIds: [], permissions: ["invoices"], subAccountAccess: NONE}) { membership { id } errors { code } } }`, m.ID)
	}, []string{"member.permissions_changed"}},
	"removeMember": {func(w *lab.World, name func(string) string) (string, string) {
		a := w.Account(name("olive"), "Removes")
		w.Person(name("ivan"))
		m := w.Member(a, name("ivan"), "tickets")
		w.Ask(name("olive"), fmt.Sprintf(`mutation { requestOwnershipTransfer(input: {accountId: %q, membershipId: %q}) { errors { code } } }`, a.ID, m.ID), nil)
		w.Ask(name("ivan"), fmt.Sprintf(`mutation { switchAccount(input: {accountId: %q, remember: true}) { errors { code } } }`, a.ID), nil)
		return name("olive"), fmt.Sprintf(`mutation { removeMember(input: {membershipId: %q}) { removedMembershipId errors { code } } }`, m.ID)
	}, []string{"member.removed", "ownership_transfer.canceled"}},
	"createContact": {func(w *lab.World, name func(string) string) (string, string) {
		a := w.Account(name("olive"), "Contacts")
		return name("olive"), fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "%s@example.com", login: {roleIds: ["role_support"]}, preferences: [{channel: EMAIL, categories: ["invoice"]}]}) { contact { id } errors { code } } }`, a.ID, name("ivan"))
	}, []string{"contact.created", "invitation.sent"}},
	"acceptOwnershipTransfer": {func(w *lab.World, name func(string) string) (string, string) {
		a := w.Account(name("olive"), "Transfers")
		w.Sub(name("olive"), a, "Beneath")
		w.Person(name("ivan"))
		m := w.Member(a, name("ivan"), "tickets")
		t := w.Ask(name("olive"), fmt.Sprintf(`mutation { requestOwnershipTransfer(input: {accountId: %q, membershipId: %q}) { transfer { id } } }`, a.ID, m.ID), nil)
		return name("ivan"), fmt.Sprintf(`mutation { acceptOwnershipTransfer(input: {transferId: %q}) { transfer { state } errors { code } } }`, t.String("data.requestOwnershipTransfer.transfer.id"))
	}, []string{"account.owner_changed", "ownership_transfer.accepted"}},
	"closeAccount": {func(w *lab.World, name func(string) string) (string, string) {
		a := w.Account(name("olive"), "Closes")
		w.Sub(name("olive"), a, "Beneath")
		w.Ask(name("olive"), fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "%s@example.com"}]}) { errors { code } } }`, a.ID, name("ivan")), nil)
		return name("olive"), fmt.Sprintf(`mutation { closeAccount(input: {accountId: %q}) { account { state } errors { code } } }`, a.ID)
	}, []string{"account.closed", "account.closed", "invitation.canceled"}},
	"finishPasskeyRegistration": {func(w *lab.World, name func(string) string) (string, string) {
		device := &virtual.Authenticator{Origin: lab.Public}
		w.SignIn(w.Person(name("olive")).User)
		ceremony, answer := answered(w.T, w.Ask(name("olive"), begin("startPasskeyRegistration"), nil), device.Create)
		return name("olive"), finish("finishPasskeyRegistration", ceremony, answer, "", "token recoveryCodes endedSessions")
	}, []string{"passkey.added", "session.others_ended"}},
	"finishPasskeySignIn": {func(w *lab.World, name func(string) string) (string, string) {
		w.Person(name("olive"))
		device, _ := w.Passkey(name("olive"), false)
		ceremony, answer := answered(w.T, w.Ask(lab.Nobody, begin("startPasskeySignIn"), nil), device.Get)
		return lab.Nobody, finish("finishPasskeySignIn", ceremony, answer, ", delivery: TOKEN", "token")
	}, []string{"session.started"}},
	"removePasskey": {func(w *lab.World, name func(string) string) (string, string) {
		w.Person(name("olive"))
		_, row := w.Passkey(name("olive"), false)
		w.SignIn(w.Person(name("olive")).User)
		return name("olive"), fmt.Sprintf(`mutation { removePasskey(input: {passkeyId: %q}) { token endedSessions errors { code } } }`, row.ID)
	}, []string{"passkey.removed", "session.others_ended"}},
	"changePassword": {func(w *lab.World, name func(string) string) (string, string) {
		w.SignIn(w.Person(name("olive")).User)
		return name("olive"), fmt.Sprintf(`mutation { changePassword(input: {currentPassword: %q, newPassword: "seven grey herons wade"}) { endedSessions errors { code } } }`, lab.Password)
	}, []string{"password.changed", "session.others_ended"}},
	"confirmTwoFactorSetup": {func(w *lab.World, name func(string) string) (string, string) {
		w.SignIn(w.Person(name("olive")).User)
		secret := w.Ask(name("olive"), `mutation { startTwoFactorSetup { secret } }`, nil).String("data.startTwoFactorSetup.secret")
		return name("olive"), `mutation { confirmTwoFactorSetup(input: {code: "` + code(w.T, secret, 0) + `"}) { recoveryCodes errors { code } } }`
	}, []string{"session.others_ended", "two_factor.enabled"}},
	"verifyTwoFactor": {func(w *lab.World, name func(string) string) (string, string) {
		w.Account(name("olive"), "Verifies")
		_, codes := secure(w, name("olive"))
		a := w.Ask(lab.Nobody, fmt.Sprintf(`mutation { signIn(input: {email: "%s@example.com", password: %q, delivery: TOKEN}) { token } }`, name("olive"), lab.Password), nil)
		w.Meet(name("half"), a.String("data.signIn.token"))
		return name("half"), `mutation { verifyTwoFactor(input: {code: "` + codes[0] + `"}) { viewer { id } errors { code } } }`
	}, []string{"recovery_code.used", "session.started"}},
	"disableTwoFactor": {func(w *lab.World, name func(string) string) (string, string) {
		secure(w, name("olive"))
		w.SignIn(w.Person(name("olive")).User)
		return name("olive"), `mutation { disableTwoFactor { endedSessions errors { code } } }`
	}, []string{"session.others_ended", "two_factor.disabled"}},
	"confirmEmailChange": {func(w *lab.World, name func(string) string) (string, string) {
		w.SignIn(w.Person(name("olive")).User)
		w.Ask(name("olive"), fmt.Sprintf(`mutation { requestEmailChange(input: {email: "%s@example.com"}) { errors { code } } }`, name("new")), nil)
		return name("olive"), fmt.Sprintf(`mutation { confirmEmailChange(input: {token: %q}) { endedSessions errors { code } } }`, w.Token(name("new")+"@example.com"))
	}, []string{"email.changed", "session.others_ended"}},
	"undoEmailChange": {func(w *lab.World, name func(string) string) (string, string) {
		w.Person(name("olive"))
		w.Ask(name("olive"), fmt.Sprintf(`mutation { requestEmailChange(input: {email: "%s@example.com"}) { errors { code } } }`, name("new")), nil)
		w.Ask(name("olive"), fmt.Sprintf(`mutation { confirmEmailChange(input: {token: %q}) { errors { code } } }`, w.Token(name("new")+"@example.com")), nil)
		return lab.Nobody, fmt.Sprintf(`mutation { undoEmailChange(input: {token: %q}) { undone errors { code } } }`, w.Token(name("olive")+"@example.com"))
	}, []string{"email.change_undone"}},
	"deleteUser": {func(w *lab.World, name func(string) string) (string, string) {
		own, other := w.Account(name("ivan"), "Left"), w.Account(name("olive"), "Stays")
		m := w.Member(other, name("ivan"), "role_administrator")
		w.Ask(name("olive"), fmt.Sprintf(`mutation { requestOwnershipTransfer(input: {accountId: %q, membershipId: %q}) { errors { code } } }`, other.ID, m.ID), nil)
		w.Ask(name("ivan"), fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "%s@example.com"}]}) { errors { code } } }`, other.ID, name("vera")), nil)
		w.Ask(name("ivan"), fmt.Sprintf(`mutation { closeAccount(input: {accountId: %q}) { errors { code } } }`, own.ID), nil)
		return name("ivan"), fmt.Sprintf(`mutation { deleteUser(input: {email: "%s@example.com"}) { deletedUserId errors { code } } }`, name("ivan"))
	}, []string{"account.owner_changed", "member.left", "member.left", "ownership_transfer.canceled", "user.deleted"}},
}

// Invariants 42 and 46: each statement of each change fails in its turn. Either
// nothing has happened, or all of it has and the history says so.
func TestFailureAtEachStatement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := dbtest.Fail(d)
		w := lab.New(t, f.DB)
		ctx := context.Background()
		stage := 0
		for _, mutation := range slices.Sorted(maps.Keys(scenes)) {
			s := scenes[mutation]
			t.Run(mutation, func(t *testing.T) {
				w.T = t
				var who, query, before string
				var known int
				prepare := func() {
					stage++
					name := func(base string) string { return fmt.Sprintf("%s%d", base, stage) }
					who, query = s.prepare(w, name)
					w.Settle()
					before, known = lasting(t, d), d.Client.Event.Query().CountX(ctx)
				}
				prepare()
				half := 0
				for at := 1; ; at++ {
					d.Client.Budget.Delete().ExecX(ctx)
					f.FailAt(at)
					a := w.Ask(who, query, nil)
					failed := f.Failed()
					f.FailAt(0)
					after, since := lasting(t, d), told(d, known)
					done := slices.Equal(since, s.told)
					switch {
					case !failed && len(a.Codes()) == 0 && done:
						if half == 0 {
							t.Error("nothing failed")
						}
						return
					case !failed:
						t.Fatalf("without a failure: events %v, want %v; answer %s", since, s.told, a.Body)
					case after == before && len(since) == 0:
						half++
					case done && after != before:
						prepare() // it failed after the commit
					default:
						t.Fatalf("statement %d failed, and half is done: events %v of %v, answer %s\n%s", at, since, s.told, a.Body, difference(before, after))
					}
					if failed && len(a.Codes()) == 0 && !done {
						t.Errorf("statement %d failed, and the answer is %s", at, a.Body)
					}
				}
			})
		}
		w.Settle()
		if n, wrong, err := events.Verify(ctx, d.Client); err != nil || len(wrong) > 0 || n == 0 {
			t.Errorf("the history of %d: %v, %v", n, wrong, err)
		}
	})
}

// lasting is all that is stored but budgets: an attempt is counted though it
// fails.
func lasting(t *testing.T, d *db.DB) string {
	lines := strings.Split(dbtest.Dump(t, d), "\n")
	slices.Sort(lines) // rows that were written anew stand elsewhere
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "budgets.") }), "\n")
}

// told lists the actions of the events after the first known ones, sorted.
func told(d *db.DB, known int) []string {
	rows := d.Client.Event.Query().Order(ent.Asc(event.FieldCreatedAt, event.FieldID)).Offset(known).AllX(context.Background())
	var out []string
	for _, e := range rows {
		out = append(out, e.Action)
	}
	slices.Sort(out)
	return out
}

// difference lists the lines that only one of two dumps has.
func difference(before, after string) string {
	var out []string
	for _, l := range strings.Split(after, "\n") {
		if !strings.Contains(before, l) {
			out = append(out, "+ "+l)
		}
	}
	for _, l := range strings.Split(before, "\n") {
		if !strings.Contains(after, l) {
			out = append(out, "- "+l)
		}
	}
	return strings.Join(out, "\n")
}

// Invariant 42: whatever is changed in a sealed event, added or taken away, is
// found.
func TestForgedHistoryIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := lab.New(t, d)
		acct := w.Account("olive", "Olive")
		for i := range 3 {
			w.Ask("olive", fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "c%d@example.com"}) { errors { code } } }`, acct.ID, i), nil)
		}
		other := w.Account("olive", "Other")
		w.Settle()
		verify := func() []string {
			_, wrong, err := events.Verify(ctx, d.Client)
			if err != nil {
				t.Fatal(err)
			}
			return wrong
		}
		if wrong := verify(); len(wrong) > 0 {
			t.Fatal(wrong)
		}
		rows := d.Client.Event.Query().Where(event.AccountID(acct.ID)).Order(ent.Asc(event.FieldSeq)).AllX(ctx)
		middle, last := rows[1], rows[len(rows)-1]
		exec := func(query string, args ...any) {
			t.Helper()
			if d.Dialect() == db.Postgres {
				n := 0
				query = regexp.MustCompile(`\?`).ReplaceAllStringFunc(query, func(string) string { n++; return fmt.Sprint("$", n) })
			}
			if _, err := d.Writer().Exec(query, args...); err != nil {
				t.Fatalf("%s: %v", query, err)
			}
		}
		// Every column, so that one that is added is not forgotten.
		values := map[string]any{
			event.FieldID: "evt_00000000000000000000000000", event.FieldStream: other.ID, event.FieldAccountID: other.ID,
			event.FieldActorKind: "SYSTEM", event.FieldActorID: "user_x", event.FieldActorName: "Somebody else", event.FieldAction: "contact.deleted",
			event.FieldTargetID: "x", event.FieldTargetName: "x", event.FieldBefore: `{"a":1}`, event.FieldAfter: "", event.FieldAddress: "203.0.113.9",
			event.FieldCreatedAt: middle.CreatedAt.Add(1e9), event.FieldSeq: 99, event.FieldHash: strings.Repeat("0", 64),
		}
		was := map[string]any{
			event.FieldID: middle.ID, event.FieldStream: middle.Stream, event.FieldAccountID: *middle.AccountID,
			event.FieldActorKind: string(middle.ActorKind), event.FieldActorID: middle.ActorID, event.FieldActorName: middle.ActorName, event.FieldAction: middle.Action,
			event.FieldTargetID: middle.TargetID, event.FieldTargetName: middle.TargetName, event.FieldBefore: middle.Before, event.FieldAfter: middle.After,
			event.FieldAddress: middle.Address, event.FieldCreatedAt: middle.CreatedAt, event.FieldSeq: *middle.Seq, event.FieldHash: middle.Hash,
		}
		for _, column := range event.Columns {
			if column == event.FieldHandled {
				continue // says what the dispatcher did, not what happened
			}
			if values[column] == nil {
				t.Fatalf("nothing to forge %s with", column)
			}
			key, forged := middle.ID, middle.ID
			if column == event.FieldID {
				forged = values[column].(string)
			}
			exec("UPDATE events SET "+column+" = ? WHERE id = ?", values[column], key)
			if len(verify()) == 0 {
				t.Errorf("nobody sees that %s was forged", column)
			}
			exec("UPDATE events SET "+column+" = ? WHERE id = ?", was[column], forged)
			if wrong := verify(); len(wrong) > 0 {
				t.Fatalf("%s does not come back: %v", column, wrong)
			}
		}
		for _, removed := range []*ent.Event{middle, last} {
			exec("DELETE FROM events WHERE id = ?", removed.ID)
			if len(verify()) == 0 {
				t.Errorf("nobody sees that number %d was removed", *removed.Seq)
			}
			d.Client.Event.Create().SetID(removed.ID).SetStream(removed.Stream).SetAccountID(*removed.AccountID).SetActorKind(removed.ActorKind).
				SetActorID(removed.ActorID).SetActorName(removed.ActorName).SetAction(removed.Action).SetTargetID(removed.TargetID).
				SetTargetName(removed.TargetName).SetBefore(removed.Before).SetAfter(removed.After).SetAddress(removed.Address).
				SetCreatedAt(removed.CreatedAt).SetSeq(*removed.Seq).SetHash(removed.Hash).SetHandled(true).ExecX(ctx)
			if wrong := verify(); len(wrong) > 0 {
				t.Fatalf("number %d does not come back: %v", *removed.Seq, wrong)
			}
		}
		added := d.Client.Event.Create().SetStream(acct.ID).SetAccountID(acct.ID).SetActorKind(event.ActorKindSYSTEM).SetAction("invented").
			SetSeq(*last.Seq + 1).SetHash(events.Hash(last.Hash, *last.Seq+1, last)).SetHandled(true).SaveX(ctx)
		if len(verify()) == 0 {
			t.Error("nobody sees that one was added")
		}
		exec("DELETE FROM events WHERE id = ?", added.ID)
		exec("DELETE FROM events WHERE account_id = ?", acct.ID)
		if len(verify()) == 0 {
			t.Error("nobody sees that all were removed")
		}
	})
}
