package graph_test

import (
	"context"
	"fmt"
	"strings"

	"tenantry/ent/account"
	"tenantry/ent/event"
	"tenantry/ent/membership"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/internal/lab"
)

// newAddress has somebody ask for an address, and returns the token in the mail to it.
func (r *ring) newAddress(who, email string) (token string) {
	r.Helper()
	r.must(who, "requestEmailChange", map[string]any{"email": email}, "emailChange { email }")
	return r.Token(email)
}

// Four people have proved the same address, and confirm it from everywhere at once:
// it becomes one's, and the others keep their own.
//
// Invariant 35.
func confirmAddress(r *ring) {
	ctx := context.Background()
	wanted := strings.ToLower(r.name("wanted")) + "@example.com"
	type rival struct{ name, token, session string }
	var rivals []rival
	for i := range 4 {
		who := r.name(fmt.Sprint("rival", i))
		r.Person(who)
		rivals = append(rivals, rival{who, r.newAddress(who, wanted), r.Person(who).Token})
	}
	answers := rush(crowd, func(i int) lab.Answer {
		rival := rivals[i/2%len(rivals)]
		return r.ask(i, rival.session, "confirmEmailChange", map[string]any{"token": rival.token}, "token")
	})
	won, winner := 0, ""
	for i, a := range answers {
		switch code := refusal(a); code {
		case "":
			won, winner = won+1, rivals[i/2%len(rivals)].name
			if got := r.post(i, a.String("data.confirmEmailChange.token"), `{ viewer { email } }`, nil).String("data.viewer.email"); got != wanted {
				r.Errorf("the winner's session says %q", got)
			}
		case "CONFLICT", "INVALID_TOKEN", "UNAUTHENTICATED": // too late, or with the token from before the winner's own change
		default:
			r.Errorf("refused with %s: %s", code, a.Body)
		}
	}
	if won != 1 {
		r.Errorf("%d confirmations were granted", won)
	}
	if n := r.DB.Client.User.Query().Where(user.EmailKey(wanted)).CountX(ctx); n != 1 {
		r.Errorf("%d users have the address", n)
	}
	for _, rival := range rivals {
		a := r.post(0, rival.session, `{ viewer { email } }`, nil)
		if rival.name == winner {
			if a.Status != 401 {
				r.Errorf("the winner's old token lives: %s", a.Body)
			}
		} else if got, own := a.String("data.viewer.email"), strings.ToLower(rival.name)+"@example.com"; got != own {
			r.Errorf("%s is now %q", rival.name, got)
		}
	}
}

// Somebody signs in with the old address while it is changed: of those sessions none
// outlives the change, whenever it began.
//
// Invariants 24 and 35.
func signInWhileMoving(r *ring) {
	olive := r.name("olive")
	p := r.Person(olive)
	moved := strings.ToLower(r.name("moved")) + "@example.com"
	token := r.newAddress(olive, moved)
	answers := rush(10, func(i int) lab.Answer {
		if i == 0 {
			return r.ask(i, p.Token, "confirmEmailChange", map[string]any{"token": token}, "token")
		}
		return r.ask(i, "", "signIn", map[string]any{"email": p.Email, "password": lab.Password, "delivery": "TOKEN"}, "token")
	})
	if code := refusal(answers[0]); code != "" {
		r.Fatalf("not changed: %s", answers[0].Body)
	}
	if n := r.DB.Client.Session.Query().Where(session.UserID(p.ID)).CountX(context.Background()); n != 1 {
		r.Errorf("%d sessions live", n)
	}
}

// The old mailbox takes an address back while whoever moved it moves on, signs in and
// takes back what is theirs: it is taken back once, nobody is signed in, and nothing
// but the old address is left.
//
// Invariants 24 and 35.
func undoAddress(r *ring) {
	ctx := context.Background()
	olive := r.name("olive")
	p := r.Person(olive)
	first, second := strings.ToLower(r.name("thief"))+"@example.com", strings.ToLower(r.name("den"))+"@example.com"
	move := func(email string) {
		a := r.must(olive, "confirmEmailChange", map[string]any{"token": r.newAddress(olive, email)}, "token")
		r.Meet(olive, a.String("data.confirmEmailChange.token"))
	}
	move(first)
	undo := r.Token(p.Email)
	onward := r.newAddress(olive, second)
	thief := r.Person(olive).Token
	answers := rush(crowd, func(i int) lab.Answer {
		switch i / 2 % 4 {
		case 0:
			return r.ask(i, "", "undoEmailChange", map[string]any{"token": undo}, "undone")
		case 1:
			return r.ask(i, thief, "confirmEmailChange", map[string]any{"token": onward}, "token")
		case 2:
			return r.ask(i, thief, "requestEmailChange", map[string]any{"email": second}, "emailChange { email }")
		}
		return r.ask(i, "", "signIn", map[string]any{"email": first, "password": lab.Password, "delivery": "TOKEN"}, "token")
	})
	undone := 0
	for _, a := range answers {
		if a.Get("data.undoEmailChange.undone") == true {
			undone++
		}
	}
	if undone != 1 {
		r.Errorf("undone %d times", undone)
	}
	u := r.DB.Client.User.GetX(ctx, p.ID)
	if u.Email != p.Email || u.PasswordHash != "" {
		r.Errorf("the address is %s, and there is a password: %t", u.Email, u.PasswordHash != "")
	}
	if n := r.DB.Client.Session.Query().Where(session.UserID(p.ID)).CountX(ctx); n != 0 {
		r.Errorf("%d sessions live", n)
	}
	if n := r.DB.Client.Event.Query().Where(event.Stream(p.ID), event.Action("email.change_undone")).CountX(ctx); n != 1 {
		r.Errorf("%d events tell of it", n)
	}
	r.must("", "resetPassword", map[string]any{"token": r.Token(p.Email), "newPassword": "seven grey herons wade"}, "reset")
}

// Somebody deletes their user while they are given an account, take up an invitation,
// open an account, sign in, and do what people do. They are gone, or they are somebody
// who owns an account; nothing is in between.
//
// Invariant 12.
func deleteWhile(r *ring) {
	ctx := context.Background()
	olive, ivan, shop := r.name("olive"), r.name("ivan"), r.name("shop")
	p := r.Person(ivan)
	r.Operator(shop)
	offered, inviting := r.Account(olive, olive), r.Account(olive, r.name("inviting"))
	m := r.Member(offered, ivan)
	transfer := r.must(olive, "requestOwnershipTransfer", map[string]any{"accountId": offered.ID, "membershipId": m.ID}, "transfer { id }").
		String("data.requestOwnershipTransfer.transfer.id")
	invitationID := r.invite(olive, inviting, ivan)
	answers := rush(crowd, func(i int) lab.Answer {
		switch i % 8 {
		case 0, 1:
			return r.ask(i/8, p.Token, "deleteUser", map[string]any{"email": p.Email}, "deletedUserId")
		case 2:
			return r.ask(i/8, p.Token, "acceptInvitation", map[string]any{"invitationId": invitationID}, "membership { id }")
		case 3:
			if r.round%2 == 0 { // else the user is always in the way
				return r.ask(i/8, p.Token, "acceptOwnershipTransfer", map[string]any{"transferId": transfer}, "transfer { id }")
			}
			return r.ask(i/8, p.Token, "leaveAccount", map[string]any{"accountId": offered.ID}, "leftAccountId")
		case 4:
			if r.round%2 == 0 {
				return r.ask(i/8, p.Token, "createAccount", map[string]any{"name": "Own"}, "account { id }")
			}
			return r.ask(i/8, p.Token, "requestEmailChange", map[string]any{"email": "new" + p.Email}, "emailChange { email }")
		case 5:
			return r.ask(i/8, "", "signIn", map[string]any{"email": p.Email, "password": lab.Password, "delivery": "TOKEN"}, "token")
		case 6:
			return r.ask(i/8, p.Token, "updateProfile", map[string]any{"name": fmt.Sprint("Ivan ", i)}, "viewer { id }")
		}
		if r.round%2 == 0 {
			return r.ask(i/8, r.Person(shop).Token, "provisionAccount", map[string]any{"name": "Shop", "externalId": r.name("D-"), "ownerEmail": p.Email}, "ownerInvited")
		}
		return r.post(i/8, p.Token, `mutation { signOut { signedOut } }`, nil)
	})
	deleted := 0
	for _, a := range answers {
		if a.String("data.deleteUser.deletedUserId") != "" {
			deleted++
		}
	}
	owned := r.DB.Client.Account.Query().Where(account.OwnerUserID(p.ID)).CountX(ctx)
	there := r.DB.Client.User.Query().Where(user.ID(p.ID)).CountX(ctx)
	switch {
	case deleted > 1, deleted == there:
		r.Errorf("deleted %d times, and there are %d", deleted, there)
	case deleted == 1 && owned > 0:
		r.Errorf("who is deleted owns %d accounts", owned)
	}
	if deleted == 0 {
		return
	}
	if n := r.DB.Client.Membership.Query().Where(membership.UserID(p.ID)).CountX(ctx); n != 0 {
		r.Errorf("%d memberships are left", n)
	}
	if n := r.DB.Client.Session.Query().Where(session.UserID(p.ID)).CountX(ctx); n != 0 {
		r.Errorf("%d sessions live", n)
	}
	if a := r.DB.Client.Account.GetX(ctx, offered.ID); a.OwnerUserID != r.Person(olive).ID {
		r.Errorf("the account that was offered belongs to %s", a.OwnerUserID)
	}
	if n := r.DB.Client.Event.Query().Where(event.Stream(p.ID), event.Action("user.deleted")).CountX(ctx); n != 1 {
		r.Errorf("%d events tell of it", n)
	}
}

// An owner opens a closed account again and deletes their user: one of the two.
//
// Invariant 12.
func deleteAndReopen(r *ring) {
	ctx := context.Background()
	olive := r.name("olive")
	p := r.Person(olive)
	a := r.Account(olive, olive)
	sub := r.Sub(olive, a, r.name("sub"))
	r.must(olive, "closeAccount", map[string]any{"accountId": a.ID}, "account { state }")
	granted := map[string]int{}
	for _, a := range rush(crowd, func(i int) lab.Answer {
		if i/2%2 == 0 {
			return r.ask(i, p.Token, "deleteUser", map[string]any{"email": p.Email}, "deletedUserId")
		}
		return r.ask(i, p.Token, "reopenAccount", map[string]any{"accountId": a.ID}, "account { state }")
	}) {
		switch code := refusal(a); code {
		case "":
			granted["deleted:"+a.String("data.deleteUser.deletedUserId")]++
		case "OWNER_PROTECTED", "UNAUTHENTICATED", "CONFLICT", "NOT_FOUND":
		default:
			r.Errorf("refused with %s: %s", code, a.Body)
		}
	}
	if len(granted) != 1 {
		r.Errorf("granted %v", granted)
	}
	for _, id := range []string{a.ID, sub.ID} {
		row := r.DB.Client.Account.Query().Where(account.ID(id)).WithOwner().OnlyX(ctx)
		gone := row.Edges.Owner.DeletedAt != nil
		if gone != (granted["deleted:"+p.ID] == 1) || gone && row.State != account.StateCLOSED || !gone && row.OwnerUserID != p.ID {
			r.Errorf("%s is %s and belongs to %s; granted %v", row.Name, row.State, row.OwnerUserID, granted)
		}
	}
}
