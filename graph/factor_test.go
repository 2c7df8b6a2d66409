package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/ent/authenticator"
	"tenantry/ent/recoverycode"
	entsession "tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/session"
	"tenantry/internal/totp"
)

// secure gives somebody an authenticator app, confirmed with the code before the
// present one, and returns its secret and the recovery codes.
func secure(w *lab.World, who string) (secret string, codes []string) {
	w.T.Helper()
	ask := func(operation string) lab.Answer {
		w.T.Helper()
		a := w.Ask(who, operation, nil)
		if len(a.Codes()) > 0 || a.Status != 200 {
			w.T.Fatalf("%s asks %s: %s", who, operation, a.Body)
		}
		return a
	}
	secret = ask(`mutation { startTwoFactorSetup { secret errors { code } } }`).String("data.startTwoFactorSetup.secret")
	var a lab.Answer
	for {
		at := totp.Step(time.Now())
		if a = w.Ask(who, confirming(w, secret), nil); len(a.Codes()) == 0 || totp.Step(time.Now()) == at {
			break // otherwise the period ended in between
		}
	}
	w.Person(who).Token = a.String("data.confirmTwoFactorSetup.token")
	all, _ := a.Get("data.confirmTwoFactorSetup.recoveryCodes").([]any)
	for _, c := range all {
		codes = append(codes, c.(string))
	}
	if w.Person(who).Token == "" || len(codes) != 10 {
		w.T.Fatalf("no second factor: %s", a.Body)
	}
	return secret, codes
}

// confirming is the mutation that turns a second factor on, with a code from before now.
func confirming(w *lab.World, secret string) string {
	return `mutation { confirmTwoFactorSetup(input: {code: "` + code(w.T, secret, -1) + `"}) { recoveryCodes token errors { code } } }`
}

// factorRaces are what clients race for about second factors.
var factorRaces = []struct {
	name, tag string
	run       func(*ring)
}{
	{"a code signs one session in", "s", useCodeOnce},
	{"a recovery code signs one session in", "t", useRecoveryCodeOnce},
	{"a half session is finished once", "u", finishOnce},
	{"a set-up is confirmed once", "v", confirmOnce},
	{"a code is guessed within its budget", "w", guessCode},
	{"two factors end what was signed in before", "x", secureEndsOthers},
}

// TestFactorRaces is TestRaces for second factors.
func TestFactorRaces(t *testing.T) {
	eachRing(t, func(t *testing.T, servers []*lab.World) {
		for _, race := range factorRaces {
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

// halves returns so many sessions of somebody that wait for the second factor.
func (r *ring) halves(who string, n int) []string {
	r.Helper()
	u := r.DB.Client.User.Query().Where(user.ID(r.Person(who).User.ID)).OnlyX(context.Background())
	out := make([]string, n)
	for i := range out {
		p := r.SignIn(u)
		if !p.Session.Pending {
			r.Fatal("a session begins whole")
		}
		out[i] = p.Token
	}
	return out
}

func (r *ring) verify(i int, token, code string) lab.Answer {
	return r.ask(i, token, "verifyTwoFactor", map[string]any{"code": code}, "viewer { id } token")
}

// whole counts somebody's sessions that have begun.
func (r *ring) whole(who string) int {
	return r.DB.Client.Session.Query().Where(entsession.UserID(r.Person(who).User.ID), entsession.Pending(false)).CountX(context.Background())
}

// Invariant 31. Of those who come too late ten are told so.
func useCodeOnce(r *ring) {
	olive := r.name("olive")
	secret, _ := secure(r.World, olive)
	halves, now := r.halves(olive, crowd), code(r, secret, 1)
	answers := rush(crowd, func(i int) lab.Answer { return r.verify(i, halves[i], now) })
	r.expect(answers, "INVALID_CREDENTIALS", "RATE_LIMITED")
	if n := tally(answers)["INVALID_CREDENTIALS"]; n > 10 {
		r.Errorf("%d others were looked at", n)
	}
	if n := r.whole(olive); n != 2 {
		r.Errorf("%d whole sessions", n)
	}
	// Nor is it good for anything else.
	if c := refusal(r.ask(1, r.Person(olive).Token, "reauthenticate", map[string]any{"code": now}, "provedUntil")); c != "INVALID_CREDENTIALS" {
		r.Errorf("a used code proves: %q", c)
	}
}

// Invariant 31.
func useRecoveryCodeOnce(r *ring) {
	olive := r.name("olive")
	_, codes := secure(r.World, olive)
	halves := r.halves(olive, crowd)
	r.expect(rush(crowd, func(i int) lab.Answer {
		typed := codes[0]
		if i%2 == 0 {
			typed = strings.ToLower(strings.ReplaceAll(typed, "-", " "))
		}
		return r.verify(i, halves[i], typed)
	}), "INVALID_CREDENTIALS", "RATE_LIMITED")
	if n := r.whole(olive); n != 2 {
		r.Errorf("%d whole sessions", n)
	}
	r.left(olive, 9)
	r.told(1, "recovery_code.used", r.Person(olive).User.ID)
}

func (r *ring) left(who string, want int) {
	r.Helper()
	if n := r.DB.Client.RecoveryCode.Query().Where(recoverycode.UserID(r.Person(who).User.ID), recoverycode.UsedAtIsNil()).CountX(context.Background()); n != want {
		r.Errorf("%d recovery codes are left, want %d", n, want)
	}
}

// Invariant 31: of several codes for one half session one is used.
func finishOnce(r *ring) {
	olive := r.name("olive")
	_, codes := secure(r.World, olive)
	half := r.halves(olive, 1)[0]
	answers := rush(crowd, func(i int) lab.Answer { return r.verify(i, half, codes[i%10]) })
	got := map[string]int{}
	for _, a := range answers {
		if a.Status == 401 {
			got["401"]++
		} else {
			got[refusal(a)]++
		}
	}
	if got[""] != 1 {
		r.Errorf("%v", got)
	}
	r.left(olive, 9)
	if n := r.whole(olive); n != 2 {
		r.Errorf("%d whole sessions", n)
	}
	for _, a := range answers {
		if token := a.String("data.verifyTwoFactor.token"); token != "" {
			r.told(1, "session.started", r.DB.Client.Session.Query().Where(entsession.UserID(r.Person(olive).User.ID), entsession.IDNEQ(r.Person(olive).Session.ID)).OnlyIDX(context.Background()))
			if is := r.post(1, token, `{ viewer { id } }`, nil); is.String("data.viewer.id") != r.Person(olive).User.ID {
				r.Errorf("the session is nobody's: %s", is.Body)
			}
			if was := r.post(1, half, `{ viewer { id } }`, nil); was.Status != 401 {
				r.Errorf("the token of half the session lives: %s", was.Body)
			}
		}
	}
}

// Invariants 24 and 31.
func confirmOnce(r *ring) {
	olive := r.name("olive")
	p := r.Person(olive)
	secret := r.post(0, p.Token, `mutation { startTwoFactorSetup { secret } }`, nil).String("data.startTwoFactorSetup.secret")
	now := code(r, secret, 0)
	answers := rush(crowd, func(i int) lab.Answer {
		return r.ask(i, p.Token, "confirmTwoFactorSetup", map[string]any{"code": now}, "token recoveryCodes")
	})
	granted := slices.DeleteFunc(slices.Clone(answers), func(a lab.Answer) bool { return a.String("data.confirmTwoFactorSetup.token") == "" })
	if len(granted) != 1 {
		r.Fatalf("%d were confirmed: %v", len(granted), tally(answers))
	}
	r.left(olive, 10)
	if a := r.verify(1, r.halves(olive, 1)[0], granted[0].String("data.confirmTwoFactorSetup.recoveryCodes.0")); refusal(a) != "" {
		r.Errorf("the codes that were shown do not work: %s", a.Body)
	}
	r.told(1, "two_factor.enabled", r.DB.Client.Authenticator.Query().Where(authenticator.UserID(p.User.ID)).OnlyIDX(context.Background()))
}

// Invariants 32 and 33.
func guessCode(r *ring) {
	olive := r.name("olive")
	secret, codes := secure(r.World, olive)
	halves := r.halves(olive, crowd)
	right := []string{code(r, secret, -1), code(r, secret, 0), code(r, secret, 1), code(r, secret, 2)}
	wrong := func(i int) string {
		for {
			if c := fmt.Sprintf("%06d", i); !slices.Contains(right, c) {
				return c
			}
			i += crowd
		}
	}
	got := tally(rush(crowd, func(i int) lab.Answer { return r.verify(i, halves[i], wrong(i)) }))
	if got["INVALID_CREDENTIALS"] != 10 || got["RATE_LIMITED"] != crowd-10 {
		r.Errorf("%v, want 10 tries", got)
	}
	if c := refusal(r.verify(1, halves[0], right[2])); c != "RATE_LIMITED" {
		r.Errorf("the right code after that: %q", c)
	}
	r.told(1, "two_factor.guessed", r.Person(olive).User.ID)
	// What stays open meanwhile: inside, on a known device, and with a recovery code.
	if a := r.ask(0, r.Person(olive).Token, "reauthenticate", map[string]any{"code": right[1]}, "token"); refusal(a) != "" {
		r.Errorf("inside she is locked out: %s", a.Body)
	}
	device := r.DB.Client.Device.Create().SetUserID(r.Person(olive).User.ID).SetTokenHash(olive).SaveX(context.Background())
	known := r.halves(olive, 1)[0]
	r.DB.Client.Session.Update().Where(entsession.UserID(r.Person(olive).User.ID), entsession.Pending(true)).SetDeviceID(device.ID).ExecX(context.Background())
	if a := r.verify(1, known, right[2]); refusal(a) != "" {
		r.Errorf("on a device that is known she is locked out: %s", a.Body)
	}
	if a := r.verify(1, r.halves(olive, 1)[0], codes[4]); refusal(a) != "" {
		r.Errorf("with a recovery code she is locked out: %s", a.Body)
	}
}

// Invariant 24: nothing that was signed in before, whole or half, is alive once the
// change has answered, however many sign in meanwhile.
func secureEndsOthers(r *ring) {
	olive := r.name("olive")
	p := r.Person(olive)
	secret := r.post(0, p.Token, `mutation { startTwoFactorSetup { secret } }`, nil).String("data.startTwoFactorSetup.secret")
	others := rush(crowd, func(i int) lab.Answer {
		if i == 0 {
			return r.ask(i, p.Token, "confirmTwoFactorSetup", map[string]any{"code": code(r, secret, 0)}, "token")
		}
		return r.ask(i, "", "signIn", map[string]any{"email": p.Email, "password": lab.Password, "delivery": "TOKEN"}, "token secondFactors")
	})
	if c := refusal(others[0]); c != "" {
		r.Fatalf("not confirmed: %s", others[0].Body)
	}
	for _, a := range others[1:] {
		token := a.String("data.signIn.token")
		if token == "" {
			continue
		}
		is := r.post(1, token, `{ viewer { id } }`, nil)
		if is.String("data.viewer.id") != "" {
			r.Errorf("a session without a second factor lives: %s", a.Body)
		}
		if whole := a.Get("data.signIn.secondFactors.0") == nil; whole && is.Status != 401 {
			r.Errorf("a session that began whole answers %d %s", is.Status, is.Body)
		}
	}
	if n := r.whole(olive); n != 1 {
		r.Errorf("%d whole sessions", n)
	}
}

// proofs says of every mutation that could take somebody's sign-in or account away
// whether it wants a proof of identity younger than ten minutes: "" for yes, or why
// not. A mutation whose name sounds like one and that is not here fails the test.
var proofs = map[string]string{
	"requestOwnershipTransfer":  "",
	"closeAccount":              "",
	"startTwoFactorSetup":       "",
	"confirmTwoFactorSetup":     "",
	"regenerateRecoveryCodes":   "",
	"disableTwoFactor":          "",
	"startPasskeyRegistration":  "",
	"finishPasskeyRegistration": "it was asked for when this began, in this session, five minutes ago at most",
	"startPasskeySignIn":        "it is about nobody yet",
	"finishPasskeySignIn":       "it is a proof",
	"startPasskeyProof":         "it is about to be one",
	"finishPasskeyProof":        "it is a proof",
	"renamePasskey":             "it takes nothing from anybody",
	"removePasskey":             "",
	"changePassword":            "", // of somebody with a second factor, as Olive is; of others the present password is the proof
	"requestPasswordReset":      "the mail is the proof",
	"resetPassword":             "the mail is the proof",
	"verifyTwoFactor":           "it is a proof",
	"acceptOwnershipTransfer":   "it is asked of the nominee, whom Olive is not: see the story of it",
	"updateAccountPolicies":     "", // where it asks for less, as it does here
	"declineOwnershipTransfer":  "it takes nothing from anybody",
	"cancelOwnershipTransfer":   "it takes nothing from anybody",
	"reopenAccount":             "it takes nothing from anybody",
	"requestEmailChange":        "",
	"confirmEmailChange":        "it was asked for when this began, and the mail is the proof",
	"cancelEmailChange":         "it takes nothing from anybody",
	"undoEmailChange":           "the mail is the proof",
	"deleteUser":                "",
	"exportPersonalData":        "",
	"linkIdentity":              "",
	"createApiToken":            "",
	"revokeApiToken":            "it takes from nobody but a program",
	"unlinkIdentity":            "",
	"createWebhook":             "",
	"updateWebhook":             "",
	"rotateWebhookSecret":       "",
	"pauseWebhook":              "it takes nothing from anybody",
	"resumeWebhook":             "whoever made it has proved it, and where it leads stays",
	"deleteWebhook":             "it takes nothing from anybody",
	"testWebhook":               "it tells nobody anything",
	"replayWebhookDelivery":     "it tells nobody what they were not told before",
}

var sounds = regexp.MustCompile(`(?i)password|email|twoFactor|passkey|recovery|ownership|close|token|webhook|deleteUser|identity`)

// Ten minutes after signing in Olive is asked to prove again who she is by what could
// take her sign-in or her account away, and by nothing else; having proved it, by none.
func TestFreshProof(t *testing.T) {
	for name := range proofs {
		if schema.Mutation.Fields.ForName(name) == nil {
			t.Errorf("there is no mutation %s", name)
		}
	}
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := &estate{lab.New(t, d), map[string]string{}}
		e.house("")
		time.Sleep(2 * time.Minute) // an invitation may be sent again after one
		e.letters()
		olive, una, names := e.Person("olive").Token, e.Person("una").Token, maps.Clone(e.names)
		restore := keep(t, d)
		for _, m := range fields(schema.Mutation) {
			why, known := proofs[m.Name]
			if !known && sounds.MatchString(m.Name) {
				t.Errorf("%s: say whether it wants a fresh proof", m.Name)
			}
			for _, fresh := range []bool{true, false} {
				restore()
				e = &estate{lab.New(t, d), maps.Clone(names)}
				e.Meet("olive", olive)
				e.Meet("una", una)
				r := recipes["Mutation."+m.Name]
				at := time.Now().Add(-session.ProofAge)
				if fresh || r.before != nil {
					at = at.Add(time.Millisecond)
				}
				prove := func() { d.Client.Session.Update().SetProvedAt(at).ExecX(t.Context()) }
				if prove(); r.before != nil {
					r.before(e)
					if at = time.Now().Add(-session.ProofAge); fresh {
						at = at.Add(time.Millisecond)
					}
					prove()
				}
				text := m.Name
				if r.args != "" {
					text += "(" + r.args + ")"
				}
				got := e.AskWith(olive, e.fill("mutation { "+text+" { errors { code } } }"), nil)
				if asked := slices.Contains(got.Codes(), "REAUTH_REQUIRED"); asked != (known && why == "" && !fresh) {
					t.Errorf("%s, freshly proved %v: %s", m.Name, fresh, got.Body)
				}
			}
		}
	})
}

// Whoever can write into the database cannot give a person the app of another one, or
// an altered one: what is stored opens for whose it is.
func TestMovedSecret(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		theirs, _ := secure(w, "vera")
		mine, _ := secure(w, "olive")
		stored := func(who string) *ent.Authenticator {
			return d.Client.Authenticator.Query().Where(authenticator.UserID(w.Person(who).User.ID)).OnlyX(t.Context())
		}
		proves := func(secret string) string {
			return refusal(w.Ask("olive", `mutation { reauthenticate(input: {code: "`+code(t, secret, 1)+`"}) { provedUntil errors { code } } }`, nil))
		}
		own := stored("olive")
		altered := bytes.Clone(own.Secret)
		altered[len(altered)-1] ^= 1
		for what, secret := range map[string][]byte{"another's": stored("vera").Secret, "an altered one": altered, "an open one": []byte("12345678901234567890")} {
			d.Client.Authenticator.UpdateOne(own).SetSecret(secret).ExecX(t.Context())
			if got := proves(theirs); got != "INTERNAL" {
				t.Errorf("%s: %q", what, got)
			}
		}
		d.Client.Authenticator.UpdateOne(own).SetSecret(own.Secret).ExecX(t.Context())
		if a := w.Ask("olive", `mutation { reauthenticate(input: {code: "`+code(t, mine, 1)+`"}) { token errors { code } } }`, nil); refusal(a) != "" {
			t.Errorf("her own: %s", a.Body)
		}
	})
}
