package graph_test

import (
	"bytes"
	"cmp"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"golang.org/x/tools/txtar"

	"tenantry/ent"
	"tenantry/ent/apitoken"
	"tenantry/internal/access"
	"tenantry/internal/bounce"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/passkey/virtual"
	"tenantry/internal/permission"
	"tenantry/internal/totp"
)

var update = flag.Bool("update", false, "rewrite the answers in the stories")

// TestStories replays testdata/stories/*.txtar on both databases. In a story
// people ask, time passes and mail arrives; each answer is exact. The sections:
//
//	account NAME OWNER          somebody owns an account, called $NAME from then on
//	sub NAME PARENT OWNER       a sub-account
//	member ACCOUNT PERSON …     a member with roles, permissions, access; $PERSON_in_ACCOUNT
//	suspend ACCOUNT             the company suspends an account
//	operator NAME POWER …       a system of the company with a token; all powers if none are named
//	end sessions PERSON         the company signs somebody out everywhere
//	lift PERSON                 the company lifts somebody's second factors for a reason
//	factors PERSON N            somebody signs in with so many factors from then on, one or two
//	pending N                   so many invitations of an account may wait
//	sends N                     so many may be sent a day
//	ask PERSON                  an operation; nobody has no session
//	ask PERSON N                N times, with the number of each time for $n
//	answer                      what came back, with ids by their names
//	same                        the last answer is the one before, byte for byte
//	mail ADDRESS                the newest mail; its links are $link1, $link2 …
//	mails ADDRESS               the subjects of all mail, newest first
//	receiver HOST STATUS …      what the receiver of webhooks at a host answers from then on, with headers such as Retry-After=60; hangs for none
//	calls HOST NAME …           what it was called with since, and whether that is signed with the secrets of these names
//	bounce ADDRESS              mail to a contact's address bounces for good
//	let NAME PATH               gives a name to a part of the last answer, or to what has one
//	provider SUBJECT            somebody signs in at the provider, which says this of them: $code and $state
//	session PERSON PATH         somebody takes the token in the last answer
//	app PERSON PATH             the same, with the refresh token beside it, which is used when it is time
//	cookie PERSON               somebody's browser keeps the cookies of the last answer; the session's token is $PERSON_cookie
//	no cookie                   the last answer sets none
//	device PERSON               the user agent that somebody asks with from then on
//	creates DEVICE PATH         somebody's device makes a passkey for the options in the last answer: $DEVICE
//	signs DEVICE PATH LIE …     it signs, as it should or with unverified, counter=N, origin=URL, as=PERSON
//	authenticator PERSON        somebody sets an authenticator app up with the last answer; $code_PERSON is what it shows
//	sign in PERSON              another session of somebody known, as PERSON2
//	unwritten NAME …            what the names stand for is nowhere in the database
//	housekeeping                the program does what is due
//	wait                        time passes
//	until TIME                  time passes, so that what is asked next is asked then
//
// Each story begins at the first second of the year 2000.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) { tell(t, d, file) })
		})
	}
}

// story is one story being told.
type story struct {
	*lab.World
	t     *testing.T
	names map[string]string // $name to what it stands for
	seen  []string          // ids without a name, in the order of their appearance
	accts map[string]*ent.Account
	jar   map[string]map[string]*http.Cookie // of those who use a browser, by name
	agent map[string]string
	// devices are the authenticators of people.
	devices map[string]*virtual.Authenticator
	apps    map[string][]byte // the secrets of authenticator apps
	heard   map[string]int    // how many calls of a receiver were looked at
}

func tell(t *testing.T, d *db.DB, file string) {
	cryptotest.SetGlobalRandom(t, 1) // so that ids of one instant sort the same on both databases
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{World: lab.New(t, d, limits(archive)), t: t, names: map[string]string{}, accts: map[string]*ent.Account{},
		jar: map[string]map[string]*http.Cookie{}, agent: map[string]string{}, devices: map[string]*virtual.Authenticator{}, apps: map[string][]byte{}, heard: map[string]int{}}
	expect := func(i int, got []byte) {
		t.Helper()
		if f := &archive.Files[i]; *update {
			f.Data = got
		} else if !bytes.Equal(f.Data, got) {
			t.Errorf("%s, section %d (%s) differs\n got: %s\nwant: %s", file, i+1, f.Name, got, f.Data)
		}
	}
	var last, before lab.Answer
	for i, f := range archive.Files {
		verb, rest, _ := strings.Cut(f.Name, " ")
		words := strings.Fields(rest)
		switch verb {
		case "account":
			s.accts[words[0]] = s.Account(words[1], strings.ToUpper(words[0][:1])+words[0][1:])
			s.names["$"+words[0]] = s.accts[words[0]].ID
		case "sub":
			s.accts[words[0]] = s.Sub(words[2], s.accts[words[1]], strings.ToUpper(words[0][:1])+words[0][1:])
			s.names["$"+words[0]] = s.accts[words[0]].ID
		case "member":
			for j := range words[2:] {
				words[2+j] = s.fill(words[2+j])
			}
			s.Person(words[1])
			m := s.Member(s.accts[words[0]], words[1], words[2:]...)
			s.names["$"+words[1]+"_in_"+words[0]] = m.ID
			s.names["$"+words[1]] = m.UserID
		case "suspend":
			if _, err := s.Accounts.SetSuspended(t.Context(), access.Company("operator"), s.accts[words[0]].ID, true, "The last invoice is overdue."); err != nil {
				t.Fatal(err)
			}
		case "operator":
			var powers []permission.Power
			for _, p := range words[1:] {
				powers = append(powers, permission.Power(p))
			}
			s.Operator(words[0], powers...)
		case "ask":
			times := 1
			if len(words) > 1 {
				times = number(t, words[1])
			}
			for n := range times {
				time.Sleep(time.Millisecond) // so that ids sort in the order of the story
				if times > 1 {
					s.names["$n"] = strconv.Itoa(n + 1)
				}
				was := belongings(t, d)
				before, last = last, s.ask(words[0], s.fill(string(f.Data)))
				was.raised(t, belongings(t, d))
				s.Settle()
			}
		case "answer":
			expect(i, s.readable(last))
		case "same":
			if last.Status != before.Status || !bytes.Equal(last.Body, before.Body) {
				t.Errorf("%s, section %d: not the same\n got: %s\nwant: %s", file, i+1, last.Body, before.Body)
			}
		case "mail":
			m := s.Mail(rest)
			for n, l := range regexp.MustCompile(`https?://\S+`).FindAllString(m.Text, -1) {
				_, token, _ := strings.Cut(strings.TrimRight(l, ".,)"), "#token=")
				s.names[fmt.Sprintf("$link%d", n+1)] = token
			}
			expect(i, []byte("Subject: "+m.Subject+"\n\n"+s.named(regexp.MustCompile(`([#?]token=)[\w-]+`).ReplaceAllString(strings.TrimSpace(m.Text), "${1}…"))+"\n"))
		case "mails":
			var got bytes.Buffer
			for _, m := range s.Box.Messages(rest) {
				fmt.Fprintln(&got, m.Subject)
			}
			expect(i, got.Bytes())
		case "receiver":
			s.answersCalls(words[0], words[1], words[2:], strings.TrimSpace(string(f.Data)))
		case "calls":
			expect(i, s.called(words[0], words[1:]))
		case "bounce":
			report := bounce.Report{Kind: bounce.Dead, Recipient: rest, Words: "550 5.1.1 unknown", Trusted: true}
			if ours, err := s.Bounces.Take(t.Context(), report); err != nil || !ours {
				t.Fatalf("taken: %t, %v", ours, err)
			}
		case "unwritten":
			everything := dbtest.Dump(t, d)
			for _, name := range words {
				if secret := s.names["$"+name]; secret == "" || strings.Contains(everything, secret) {
					t.Errorf("%s, section %d: $%s is %q and in the database", file, i+1, name, secret)
				}
			}
		case "end":
			if _, err := s.Sessions.EndAll(t.Context(), access.Company("operator"), words[1]+"@example.com"); err != nil {
				t.Fatal(err)
			}
		case "lift":
			if err := s.Sessions.LiftTwoFactors(t.Context(), access.Company("operator"), words[0]+"@example.com", strings.TrimSpace(string(f.Data))); err != nil {
				t.Fatal(err)
			}
		case "factors":
			u := d.Client.User.UpdateOne(s.Person(words[0]).User).ClearTwoFactorAt()
			if words[1] == "2" {
				u = d.Client.User.UpdateOne(s.Person(words[0]).User).SetTwoFactorAt(time.Now())
			}
			if err := u.Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
		case "pending", "sends": // see limits
		case "housekeeping":
			if err := s.Due(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.Settle()
		case "let":
			v, known := s.names[words[1]]
			if !known {
				v = last.String(words[1])
			}
			if v == "" {
				t.Fatalf("%s, section %d: nothing at %s in %s", file, i+1, words[1], last.Body)
			}
			if _, token, ok := strings.Cut(v, "#token="); ok {
				v = token
			}
			s.names["$"+words[0]] = v
		case "provider":
			var claims map[string]any
			if err := json.Unmarshal(f.Data, &claims); err != nil {
				t.Fatalf("%s, section %d: %v", file, i+1, err)
			}
			s.names["$code"], s.names["$state"] = s.Provider.SignIn(last.String("data.startOpenIdSignIn.url"), words[0], claims)
			s.names["$binding"] = last.String("data.startOpenIdSignIn.binding")
		case "session", "app":
			token := last.String(words[1])
			if token == "" {
				t.Fatalf("%s, section %d: no token at %s in %s", file, i+1, words[1], last.Body)
			}
			s.Meet(words[0], token)
			if verb == "app" {
				s.MeetApp(words[0], token, last.String(strings.TrimSuffix(words[1], "token")+"refreshToken"))
			}
		case "cookie":
			set := (&http.Response{Header: last.Header}).Cookies()
			if len(set) == 0 {
				t.Fatalf("%s, section %d: the answer sets no cookie", file, i+1)
			}
			if s.jar[words[0]] == nil {
				s.jar[words[0]] = map[string]*http.Cookie{}
			}
			var got bytes.Buffer
			for _, c := range set {
				s.jar[words[0]][c.Name] = c
				if c.Name == cookieName {
					s.names["$"+words[0]+"_cookie"] = c.Value
				}
				fmt.Fprintln(&got, strings.Replace(c.String(), "="+c.Value+";", "=…;", 1))
			}
			expect(i, got.Bytes())
		case "no":
			if set := last.Header.Values("Set-Cookie"); len(set) > 0 {
				t.Errorf("%s, section %d: the answer sets %s", file, i+1, set)
			}
		case "authenticator":
			text := strings.ReplaceAll(last.String("data.startTwoFactorSetup.secret"), " ", "")
			secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
			if err != nil || len(secret) != totp.SecretSize {
				t.Fatalf("%s, section %d: no secret in %s", file, i+1, last.Body)
			}
			s.apps[words[0]] = secret
		case "device":
			s.agent[words[0]] = strings.TrimSpace(string(f.Data))
		case "creates":
			s.devices[words[0]] = cmp.Or(s.devices[words[0]], &virtual.Authenticator{Origin: lab.Public})
			s.answers(words[0], s.devices[words[0]].Create, last, words[1:])
		case "signs":
			s.answers(words[0], s.devices[words[0]].Get, last, words[1:])
		case "sign":
			second := s.SignIn(s.Person(words[1]).User)
			s.MeetApp(words[1]+"2", second.Token, second.Refresh)
		case "wait":
			d, err := time.ParseDuration(strings.TrimSpace(string(f.Data)))
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(d)
			synctest.Wait()
		case "until":
			then, err := time.Parse(time.RFC3339, words[0])
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Until(then) - time.Millisecond) // which asking adds
			synctest.Wait()
		default:
			t.Fatalf("%s, section %d: what is %q?", file, i+1, f.Name)
		}
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// belonging is who belongs to an account and what they were given, and the version
// by which a standing that was read before is known to hold.
type belonging struct {
	version int
	members string
	tokens  []string // of programs
}

type allBelongings map[string]belonging

func belongings(t *testing.T, d *db.DB) allBelongings {
	out := allBelongings{}
	for _, a := range d.Client.Account.Query().WithMemberships(func(q *ent.MembershipQuery) { q.Order(ent.Asc("id")) }).AllX(t.Context()) {
		b := belonging{version: a.MembersVersion}
		for _, m := range a.Edges.Memberships {
			b.members += fmt.Sprintln(m.ID, m.State, m.AccessEndsAt, m.RoleIds, m.Permissions, m.SubAccountAccess, m.SubAccountIds)
		}
		b.tokens = d.Client.APIToken.Query().Where(apitoken.AccountID(a.ID)).IDsX(t.Context())
		out[a.ID] = b
	}
	return out
}

// raised demands that no account's members changed without its version, nor lost one of
// its tokens. Invariant 18: a write trusts what was read before by this version alone.
func (was allBelongings) raised(t *testing.T, is allBelongings) {
	t.Helper()
	for account, now := range is {
		if before, known := was[account]; known && before.members != now.members && before.version >= now.version {
			t.Errorf("the members of %s changed without its version:\n%s\n%s", account, before.members, now.members)
		} else if known && before.version >= now.version {
			for _, one := range before.tokens {
				if !slices.Contains(now.tokens, one) {
					t.Errorf("%s lost %s without its version", account, one)
				}
			}
		}
	}
}

// limits returns the limits that hold in a story.
func limits(archive *txtar.Archive) lab.Option {
	return func(p *cli.Parts) {
		for _, f := range archive.Files {
			switch limit, n, _ := strings.Cut(f.Name, " "); limit {
			case "pending":
				p.InviteConfig.MaxPending, _ = strconv.Atoi(n)
			case "sends":
				p.InviteConfig.SendsADay, _ = strconv.Atoi(n)
			}
		}
	}
}

func number(t *testing.T, word string) int {
	t.Helper()
	n, err := strconv.Atoi(word)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// ask posts an operation from somebody's browser or app.
func (s *story) ask(who, query string) lab.Answer {
	cookies, browser := s.jar[who]
	if !browser && s.agent[who] == "" {
		return s.Ask(who, query, nil)
	}
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		s.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", s.agent[who])
	r.RemoteAddr = "192.0.2.1:1234"
	for _, name := range slices.Sorted(maps.Keys(cookies)) {
		if c := cookies[name]; c.MaxAge > 0 { // a browser drops one that is cleared
			r.AddCookie(c)
		}
	}
	if !browser && who != lab.Nobody {
		r.Header.Set("Authorization", "Bearer "+s.Bearer(who))
	}
	return s.Do(r)
}

// answers lets a device answer the options at a path of what was answered last.
func (s *story) answers(device string, do func([]byte, ...func(*virtual.Answer)) ([]byte, error), a lab.Answer, words []string) {
	s.t.Helper()
	options, err := json.Marshal(a.Get(words[0]))
	if err != nil {
		s.t.Fatal(err)
	}
	var lies []func(*virtual.Answer)
	for _, w := range words[1:] {
		what, how, _ := strings.Cut(w, "=")
		lies = append(lies, func(a *virtual.Answer) {
			switch what {
			case "unverified":
				a.Flags &^= virtual.Verified
			case "counter":
				a.Counter = uint32(number(s.t, how))
			case "origin":
				a.ClientData["origin"] = how
			case "as":
				a.UserHandle = []byte(s.Person(how).User.ID)
			default:
				s.t.Fatalf("what is a lie about %q?", what)
			}
		})
	}
	answer, err := do(options, lies...)
	if err != nil {
		answer = fmt.Appendf(nil, "%q", err)
	}
	s.names["$"+device] = asLiteral(answer)
	for i, k := range s.devices[device].Keys {
		s.names[fmt.Sprintf("$%s_key%d", device, i+1)] = base64.RawURLEncoding.EncodeToString(k.ID)
	}
}

// fill puts what names stand for into a text, longer names first.
func (s *story) fill(text string) string {
	return regexp.MustCompile(`\$[a-z]\w*`).ReplaceAllStringFunc(text, func(name string) string {
		if secret := s.apps[strings.TrimPrefix(name, "$code_")]; secret != nil {
			code, err := totp.Code(secret, totp.Step(time.Now()))
			if err != nil {
				s.t.Fatal(err)
			}
			return code
		}
		if v, ok := s.names[name]; ok {
			return v
		}
		return name // a variable of the operation
	})
}

var anID = regexp.MustCompile(`\b[a-z]{3,4}_[0-9a-z]{26}\b`)

// named replaces what has a name by it, and numbers other ids.
func (s *story) named(text string) string {
	for name, v := range s.names {
		if anID.MatchString(v) || len(v) > 40 {
			text = strings.ReplaceAll(text, v, name)
			text = strings.ReplaceAll(text, base64.RawURLEncoding.EncodeToString([]byte(v)), name) // a user handle
		}
	}
	return anID.ReplaceAllStringFunc(text, func(v string) string {
		for i, known := range s.seen {
			if known == v {
				return fmt.Sprintf("id-%d", i+1)
			}
		}
		s.seen = append(s.seen, v)
		return fmt.Sprintf("id-%d", len(s.seen))
	})
}

var (
	secret   = regexp.MustCompile(`"(token|refreshToken|deviceToken|startCursor|endCursor|cursor|hash|challenge)": "[\w-]{20,}"`)
	shown    = regexp.MustCompile(`"(secret|hint|qrSvg)": ".+"|secret=\w+`)
	recovery = regexp.MustCompile(`"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}"`)
)

// readable prints an answer with names for ids and without what is secret.
func (s *story) readable(a lab.Answer) []byte {
	var out bytes.Buffer
	if a.Status != 200 {
		fmt.Fprintf(&out, "HTTP %d\n", a.Status)
	}
	if err := json.Indent(&out, a.Body, "", "  "); err != nil {
		out.Write(a.Body)
	}
	text := regexp.MustCompile(`#token=[\w-]+`).ReplaceAllString(out.String(), "#token=…")
	text = shown.ReplaceAllStringFunc(secret.ReplaceAllString(text, `"$1": "…"`), func(v string) string {
		if name, _, uri := strings.Cut(v, "="); uri && !strings.HasPrefix(v, `"`) {
			return name + "=…"
		}
		name, _, _ := strings.Cut(v, ":")
		return name + `: "…"`
	})
	return []byte(s.named(recovery.ReplaceAllString(text, `"…"`)) + "\n")
}
