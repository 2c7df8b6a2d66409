package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/ent/apitoken"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/lab"
	"tenantry/internal/membership"
	"tenantry/internal/permission"
	"tenantry/internal/session"
	"tenantry/internal/token"
)

// forPrograms reports whether programs can ask for an operation, too.
func forPrograms(query string) bool {
	return !strings.Contains(query, "viewer {") && !strings.Contains(query, "switchAccount")
}

// A program's request takes no more statements than the same of a person.
func TestStatementsOfPrograms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPortfolio(t, d)
		p.grow(2)
		p.Program("robot", "olive", p.account, "users", "contacts", "invoices", "tickets", "products.view", "domains.view", "ALL")
		asked := 0
		for _, m := range measured {
			if !forPrograms(m.query) {
				continue
			}
			p.askAs("olive", m.query) // what is kept in memory is there from now on
			person, program := p.askAs("olive", m.query).Texts(), p.askAs("robot", m.query).Texts()
			if len(program) > len(person) {
				t.Errorf("%s: %d statements for a person, %d for a program:\n%s", m.name, len(person), len(program), strings.Join(program, "\n"))
			}
			asked++
		}
		if asked < 5 {
			t.Errorf("only %d operations were compared", asked)
		}
	})
}

// presented returns the program with the token, as a request has it that names accounts.
func presented(t *testing.T, w *lab.World, name string, named ...string) *access.Actor {
	t.Helper()
	by, err := w.APITokens.Authenticate(t.Context(), w.Person(name).Token, session.Places{Named: named}, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	return by
}

// A token that is revoked while a request is under way changes nothing any more, in its
// account and beneath it, whatever was read before.
//
// Invariant 18.
func TestRevokedUnderWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, w := t.Context(), lab.New(t, d)
		acct := w.Account("olive", "Acme")
		north, south := w.Sub("olive", acct, "North"), w.Sub("olive", acct, "South")
		w.Person("dora")
		dora := w.Member(acct, "dora", "developer", "contacts", "ALL")
		change := func(by *access.Actor, in *ent.Account) error {
			return db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
				_, err := w.Gate.Change(ctx, tx, by, in.ID, permission.Contacts)
				return err
			})
		}
		revoke := func(_ string, made *token.Token) {
			if _, err := w.APITokens.Revoke(ctx, w.Actor("olive"), made.ID); err != nil {
				t.Fatal(err)
			}
		}
		for i, c := range []struct {
			of, in *ent.Account
			named  []string
			end    func(name string, made *token.Token)
		}{
			{acct, acct, []string{acct.ID}, revoke},
			{acct, acct, nil, revoke},
			{acct, north, []string{north.ID}, revoke},
			{acct, north, nil, revoke},
			{south, south, nil, revoke},
			{south, south, []string{south.ID}, func(name string, _ *token.Token) { // itself
				if _, err := w.APITokens.Revoke(ctx, presented(t, w, name), presented(t, w, name).Token); err != nil {
					t.Fatal(err)
				}
			}},
			{south, south, []string{south.ID}, func(string, *token.Token) { // with its maker's membership above
				if _, err := w.Members.Deactivate(ctx, w.Actor("olive"), dora.ID); err != nil {
					t.Fatal(err)
				}
				if _, _, err := w.Members.Reactivate(ctx, w.Actor("olive"), membership.Reactivation{MembershipID: dora.ID, Acknowledged: true}); err != nil {
					t.Fatal(err)
				}
			}},
		} {
			name := fmt.Sprint("program", i)
			made := w.Program(name, "dora", c.of, append([]string{"contacts"}, map[bool][]string{true: {"ALL"}}[c.of == acct]...)...)
			by := presented(t, w, name, c.named...)
			if err := change(by, c.in); err != nil {
				t.Errorf("case %d: %v", i, err)
			}
			by = presented(t, w, name, c.named...)
			c.end(name, made)
			if err := change(by, c.in); !fault.Has(err, fault.Unauthenticated) {
				t.Errorf("case %d: a change with a revoked token: %v", i, err)
			}
		}
	})
}

// Who was signed out makes no token, even if the request had begun before.
func TestSignedOutWhileMakingAToken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, w := t.Context(), lab.New(t, d)
		acct := w.Account("olive", "Acme")
		by := w.Actor("olive")
		if _, err := w.Sessions.EndAll(ctx, access.Company("operator"), "olive@example.com"); err != nil {
			t.Fatal(err)
		}
		_, err := w.APITokens.Create(ctx, by, token.Draft{AccountID: acct.ID, Name: "Robot", Permissions: []permission.Key{"tickets"}, Scope: permission.ScopeNone})
		if n := d.Client.APIToken.Query().CountX(ctx); !fault.Has(err, fault.Unauthenticated) || n != 0 {
			t.Errorf("%d tokens, %v", n, err)
		}
	})
}

// Operators write to the contacts of any account that is not closed, by one power that
// lets them do nothing else.
func TestOperatorsNotify(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, w := t.Context(), lab.New(t, d)
		acct, shut := w.Account("olive", "Acme"), w.Account("olive", "Shut")
		north, below := w.Sub("olive", acct, "North"), w.Sub("olive", shut, "Below")
		if _, err := w.Accounts.Close(ctx, w.Actor("olive"), shut.ID); err != nil {
			t.Fatal(err)
		}
		operator := func(powers ...permission.Power) *access.Actor {
			return &access.Actor{Kind: access.Operator, Name: "Billing", Token: "optk_1", Powers: powers}
		}
		ask := func(by *access.Actor, in *ent.Account, k permission.Key) (read, write error) {
			_, read = w.Gate.Require(ctx, by, in.ID, k)
			write = db.InTx0(ctx, d.Client, func(tx *ent.Tx) error { _, err := w.Gate.Change(ctx, tx, by, in.ID, k); return err })
			return read, write
		}
		both := func(what string, by *access.Actor, in *ent.Account, k permission.Key, want fault.Code) {
			t.Helper()
			read, write := ask(by, in, k)
			for i, err := range []error{read, write} {
				if want == "" && err != nil || want != "" && !fault.Has(err, want) {
					t.Errorf("%s (%s): %v, want %q", what, []string{"Require", "Change"}[i], err, want)
				}
			}
		}
		sends := func() *access.Actor { return operator(permission.Notify) }
		both("an account", sends(), acct, permission.Notify, "")
		both("a sub-account", sends(), north, permission.Notify, "")
		both("a closed account", sends(), shut, permission.Notify, fault.AccountClosed)
		both("below a closed account", sends(), below, permission.Notify, fault.AccountClosed)
		both("no account", sends(), &ent.Account{ID: "acct_00000000000000000000000000"}, permission.Notify, fault.NotFound)
		both("another power", operator(permission.ReadAccounts, permission.ProvisionAccounts), acct, permission.Notify, fault.Forbidden)
		both("nobody", &access.Actor{}, acct, permission.Notify, fault.Unauthenticated)
		for _, k := range []permission.Key{permission.Contacts, permission.Users, permission.Profile, permission.Audit, permission.Developer, permission.Emails} {
			both("something else", sends(), acct, k, fault.Forbidden)
		}
		by := sends()
		if _, err := w.Gate.Require(ctx, by, acct.ID, permission.Notify); err != nil {
			t.Error(err)
		}
		if _, err := w.Gate.Enter(ctx, by, acct.ID); !fault.Has(err, fault.Forbidden) {
			t.Errorf("and looks into the account: %v", err)
		}
		if st, err := w.Gate.Require(ctx, by, acct.ID, permission.Notify); err != nil || st.Can(permission.Contacts) || !st.Can(permission.Notify) {
			t.Errorf("and may do more: %v", err)
		}
		both("every power", operator(permission.Powers()...), acct, permission.Notify, "")
		if _, err := w.Gate.Require(ctx, operator(permission.Powers()...), acct.ID, permission.Contacts); err != nil {
			t.Errorf("who reads and sends reads: %v", err)
		}
		both("a person, be it the owner", w.Actor("olive"), acct, permission.Notify, fault.Forbidden)
		w.Program("sender", "olive", acct, "notify")
		both("a token for it", presented(t, w, "sender"), acct, permission.Notify, "")
		both("a token for it, elsewhere", presented(t, w, "sender"), north, permission.Notify, fault.NotFound)
		if _, err := w.Accounts.SetSuspended(ctx, access.Company("operator"), acct.ID, true, "Unpaid"); err != nil {
			t.Fatal(err)
		}
		both("a suspended account", sends(), acct, permission.Notify, "")
		both("below a suspended account", sends(), north, permission.Notify, "")
		both("a token in a suspended account", presented(t, w, "sender"), acct, permission.Notify, fault.AccountSuspended)
	})
}

// When a token was used last is known to the minute, and from where, without a request
// that waits for it.
func TestLastUseOfTokens(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx, w := t.Context(), lab.New(t, d)
		acct := w.Account("olive", "Acme")
		made := w.Program("robot", "olive", acct, "tickets")
		use := func(address string) int {
			counted, counter := db.CountStatements(ctx)
			if _, err := w.APITokens.Authenticate(counted, w.Person("robot").Token, session.Places{}, address, ""); err != nil {
				t.Fatal(err)
			}
			if n := len(counter.Texts()); n != 1 {
				t.Errorf("a use takes %d statements", n)
			}
			counted, counter = db.CountStatements(ctx)
			if err := w.APITokens.WriteUsed(counted); err != nil {
				t.Fatal(err)
			}
			return len(counter.Texts())
		}
		known := func() (time.Time, string) {
			row := d.Client.APIToken.GetX(ctx, made.ID)
			return *row.LastUsedAt, row.LastUsedAddress
		}
		start := time.Now()
		use("192.0.2.1")
		if at, from := known(); !at.Equal(start) || from != "192.0.2.1" {
			t.Errorf("used at %v from %s", at, from)
		}
		time.Sleep(59 * time.Second)
		if n := use("192.0.2.2"); n != 0 {
			t.Errorf("written again within a minute: %d statements", n)
		}
		time.Sleep(time.Second)
		if n := use("192.0.2.3"); n != 1 {
			t.Errorf("%d statements after a minute", n)
		}
		if at, from := known(); !at.Equal(start.Add(time.Minute)) || from != "192.0.2.3" {
			t.Errorf("used at %v from %s", at, from)
		}
	})
}

// What is no token, or not quite, is refused alike, and what has not its length costs no
// statement.
//
// Invariant 7, for tokens.
func TestAlteredTokens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, w := t.Context(), lab.New(t, d)
		acct := w.Account("olive", "Acme")
		made := w.Program("robot", "olive", acct, "tickets")
		secret := w.Person("robot").Token
		if !token.IsAPI(secret) || token.Is(secret) || len(secret) != len("tenantry_api_")+43 || !strings.HasSuffix(secret, made.Hint) {
			t.Errorf("%q, with the hint %q, does not look like an API token", secret, made.Hint)
		}
		dump := dbtest.Dump(t, d)
		if _, random, _ := strings.Cut(secret, "_api_"); strings.Contains(dump, secret) || strings.Contains(dump, random) {
			t.Error("the token is in the database")
		}
		bad := []string{"", "tenantry_api_", secret[1:], secret[:len(secret)-1], secret + "A", secret + "=", secret + " ", strings.ToUpper(secret), made.ID,
			strings.Replace(secret, "_api_", "_op_", 1), strings.TrimPrefix(secret, "tenantry_api_"), "' OR '1'='1", secret + "\n"}
		for i := len("tenantry_api_"); i < len(secret); i++ {
			for _, c := range "A_9" {
				if other := secret[:i] + string(c) + secret[i+1:]; other != secret && i < len(secret)-1 {
					bad = append(bad, other)
				}
			}
		}
		for _, b := range bad {
			counted, counter := db.CountStatements(ctx)
			if _, err := w.APITokens.Authenticate(counted, b, session.Places{}, "", ""); !fault.Has(err, fault.Unauthenticated) {
				t.Errorf("%q: %v", b, err)
			}
			if n := len(counter.Texts()); len(b) != len(secret) && n > 0 {
				t.Errorf("%q costs %d statements", b, n)
			}
		}
		if a := w.AskWith(secret+"x", `{ apiToken { id } }`, nil); a.Status != 401 {
			t.Errorf("answered %d", a.Status)
		}
	})
}

// Invariant 45, and the limit of an account.
func tokensUpToFifty(r *ring) {
	olive := r.name("olive")
	acct := r.Account(olive, olive)
	for i := range token.MaxAPI - 2 {
		r.DB.Client.APIToken.Create().SetAccountID(acct.ID).SetName(fmt.Sprint("Old ", i)).SetTokenHash(fmt.Sprint(acct.ID, i)).SetHint("xxxx").
			SetPermissions([]permission.Key{"tickets"}).SetSubAccountIds([]string{}).SetCreatedByID(r.Person(olive).User.ID).ExecX(context.Background())
	}
	answers := rush(crowd, func(i int) lab.Answer {
		return r.ask(i, r.Person(olive).Token, "createApiToken", map[string]any{"accountId": acct.ID, "name": fmt.Sprint("New ", i), "permissions": []string{"tickets"}}, "apiToken { id }")
	})
	if got := tally(answers); got[""] != 2 || got["QUOTA_EXCEEDED"] != crowd-2 {
		r.Errorf("%v", got)
	}
	if n := r.DB.Client.APIToken.Query().Where(apitoken.AccountID(acct.ID)).CountX(context.Background()); n != token.MaxAPI {
		r.Errorf("%d tokens", n)
	}
}

func tokenNamedOnce(r *ring) {
	olive := r.name("olive")
	acct := r.Account(olive, olive)
	r.expect(rush(crowd, func(i int) lab.Answer {
		return r.ask(i, r.Person(olive).Token, "createApiToken", map[string]any{"accountId": acct.ID, "name": []string{"Robot", "ROBOT"}[i%2], "permissions": []string{"tickets"}}, "apiToken { id }")
	}), "CONFLICT")
}

func revokeTokenOnce(r *ring) {
	olive, vera := r.name("olive"), r.name("vera")
	acct := r.Account(olive, olive)
	r.member(acct, vera, "developer", "tickets")
	made := r.Program(r.name("robot"), vera, acct, "tickets")
	by := []string{r.Person(olive).Token, r.Person(vera).Token, r.Person(r.name("robot")).Token}
	r.expect(rush(crowd, func(i int) lab.Answer {
		return r.ask(i, by[i%3], "revokeApiToken", map[string]any{"tokenId": made.ID}, "revokedTokenId")
	}), "NOT_FOUND", "UNAUTHENTICATED")
	r.told(1, "api_token.revoked", made.ID)
}

// Invariant 45: the same request has one effect, and shows the token once.
func tokenShownOnce(r *ring) {
	olive := r.name("olive")
	acct := r.Account(olive, olive)
	answers := rush(crowd, func(i int) lab.Answer {
		return r.ask(i, r.Person(olive).Token, "createApiToken", map[string]any{"accountId": acct.ID, "name": "Robot", "permissions": []string{"tickets"}, "idempotencyKey": "k"}, "apiToken { id } secret")
	})
	r.expect(answers, "CONFLICT")
	ids := map[string]bool{}
	for _, a := range answers {
		ids[a.String("data.createApiToken.apiToken.id")] = true
		if shown, refused := a.String("data.createApiToken.secret") != "", refusal(a) != ""; shown == refused {
			r.Errorf("%s", a.Body)
		}
	}
	if len(ids) != 1 {
		r.Errorf("%d tokens", len(ids))
	}
	for _, a := range answers {
		if secret := a.String("data.createApiToken.secret"); secret != "" {
			if got := r.post(0, secret, `{ apiToken { id } }`, nil); !ids[got.String("data.apiToken.id")] {
				r.Errorf("what was shown is another token: %s", got.Body)
			}
		}
	}
}
