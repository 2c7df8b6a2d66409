package data

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"
)

// Table is the rows of one table, in the order in which they were made as far as
// references allow.
type Table struct {
	Name    string
	Columns []string
	Rows    iter.Seq[[]any]
}

var forenames = []struct{ name, plain string }{
	{"Anna", "anna"}, {"Ben", "ben"}, {"Chloé", "chloe"}, {"David", "david"}, {"Elif", "elif"}, {"Femi", "femi"}, {"Grace", "grace"},
	{"Hugo", "hugo"}, {"Ingrid", "ingrid"}, {"Jürgen", "juergen"}, {"Kim", "kim"}, {"Lucía", "lucia"}, {"Mateo", "mateo"}, {"Nadia", "nadia"},
	{"Oscar", "oscar"}, {"Priya", "priya"}, {"Quentin", "quentin"}, {"Rosa", "rosa"}, {"Samuel", "samuel"}, {"Tomoko", "tomoko"},
	{"Ursula", "ursula"}, {"Viktor", "viktor"}, {"Wei", "wei"}, {"Ximena", "ximena"}, {"Yusuf", "yusuf"}, {"Zoë", "zoe"},
}

var surnames = []struct{ name, plain string }{
	{"Andersen", "andersen"}, {"Bauer", "bauer"}, {"Costa", "costa"}, {"Dubois", "dubois"}, {"Eriksson", "eriksson"}, {"Fischer", "fischer"},
	{"García", "garcia"}, {"Hansen", "hansen"}, {"Ivanova", "ivanova"}, {"Jansen", "jansen"}, {"Kowalski", "kowalski"}, {"Lefèvre", "lefevre"},
	{"Müller", "mueller"}, {"Novák", "novak"}, {"O'Brien", "obrien"}, {"Patel", "patel"}, {"Quinn", "quinn"}, {"Rossi", "rossi"},
	{"Sato", "sato"}, {"Tanaka", "tanaka"}, {"Umar", "umar"}, {"Vargas", "vargas"}, {"Williams", "williams"}, {"Yılmaz", "yilmaz"},
}

var companies = []string{"Nordwind", "Blue Harbour", "Kestrel & Sons", "Lumen", "Orchard Street", "Pixelwerk", "Quarry", "Riverstone", "Sable", "Tidemark"}

// ManagerPermissions are what a team's own role holds.
var ManagerPermissions = []string{"users", "contacts", "products.view", "products.manage", "domains.view", "domains.manage", "invoices", "quotes",
	"tickets", "emails", "audit"}

var categories = []string{"general", "product", "domain", "invoice", "support", "affiliate", "security", "maintenance", "legal"}

// person returns a name and the local part of an address for number n.
func person(n int) (first, last, plain string) {
	h := mix(uint64(n) ^ seed)
	f, l := forenames[h%uint64(len(forenames))], surnames[h>>32%uint64(len(surnames))]
	return f.name, l.name, f.plain + "." + l.plain
}

func (s *Set) user(u int) (name, email string) {
	first, last, plain := person(u)
	return first + " " + last, fmt.Sprintf("%s.%d@example.com", plain, u)
}

// Email is the address that user u signs in with.
func (s *Set) Email(u int) string {
	_, email := s.user(u)
	return email
}

// Password is what everybody signs in with, where somebody has given them its hash.
const Password = "an otter reads maps"

func made(n int) time.Time { return Epoch.Add(time.Duration(n) * time.Second) }

func list[T any](v ...T) []byte {
	if v == nil {
		return []byte("[]")
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings
	}
	return b
}

// Tables returns all rows, what is referred to first.
func (s *Set) Tables() []Table {
	return []Table{s.users(), s.accounts(), s.roles(), s.memberships(), s.invitations(), s.contacts(), s.sessions()}
}

func (s *Set) users() Table {
	return Table{"users", strings.Fields("id created_at email email_key name search locale password_changed_at"), func(yield func([]any) bool) {
		for u := range s.Users {
			name, email := s.user(u)
			if !yield([]any{s.UserID(u), made(u), email, email, name, strings.ToLower(name) + " " + email, "en", made(u)}) {
				return
			}
		}
	}}
}

func (s *Set) accounts() Table {
	return Table{"accounts", strings.Fields("id created_at name search state owner_user_id company country owner_fallback version roles_version"), func(yield func([]any) bool) {
		for a := range s.Accounts {
			name := fmt.Sprintf("%s %d", companies[mix(uint64(a))%uint64(len(companies))], a)
			roles := 0
			if a < s.Teams {
				roles = 1
			}
			if !yield([]any{s.AccountID(a), made(a), name, strings.ToLower(name), "ACTIVE", s.UserID(s.Member(a, 0)), name + " Ltd", "GB", true, 1, roles}) {
				return
			}
		}
	}}
}

func roleID(a int) string { return ID("role", a) }

func (s *Set) roles() Table {
	return Table{"roles", strings.Fields("id created_at account_id name name_key description type permissions version"), func(yield func([]any) bool) {
		for a := range s.Teams {
			if !yield([]any{roleID(a), made(a), s.AccountID(a), "Portal manager", "portal manager", "", "ADMIN", list(ManagerPermissions...), 1}) {
				return
			}
		}
	}}
}

var readyMade = []string{"role_support", "role_billing", "role_technical", "role_read_only"}

// given returns the roles and single permissions of member j of account a.
func (s *Set) given(a, j int) (roles, permissions []byte) {
	ready := readyMade[(a+j)%len(readyMade)]
	switch {
	case j == 0:
		return list[string](), list[string]()
	case j < s.Managers(a) && a < s.Teams:
		return list(roleID(a)), list[string]()
	case j < s.Managers(a):
		return list("role_administrator"), list[string]()
	case j%8 == 0:
		return list(ready, "role_read_only"), list("audit")
	}
	return list(ready), list[string]()
}

func (s *Set) memberships() Table {
	return Table{"memberships", strings.Fields("id created_at state deactivated_at role_ids permissions sub_account_access sub_account_ids version last_access_at account_id user_id"),
		s.ordered(s.order, func(m, n int) []any {
			a, j := s.Place(m)
			state, since, scope := "ACTIVE", any(nil), "NONE"
			if !s.Active(a, j) {
				state, since = "DEACTIVATED", made(n)
			}
			if j == 0 {
				scope = "ALL"
			}
			roles, permissions := s.given(a, j)
			return []any{ID("mem", n), made(n), state, since, roles, permissions, scope, list[string](), 1, Far, s.AccountID(a), s.UserID(s.Member(a, j))}
		})}
}

// ordered yields the rows in the order in which they were made, so that those of
// one account lie as far apart as they do in a database that has grown.
func (s *Set) ordered(order []int32, row func(i, n int) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		at := make([]int32, len(order))
		for i, n := range order {
			at[n] = int32(i)
		}
		for n, i := range at {
			if !yield(row(int(i), n)) {
				return
			}
		}
	}
}

func (s *Set) invitations() Table {
	return Table{"invitations", strings.Fields("id created_at account_id email email_key name search state ended_at role_ids permissions sub_account_access sub_account_ids " +
		"sent_at expires_at invited_by_id granted_by_id"),
		s.ordered(s.invited, func(i, n int) []any {
			a, state, ends, over := i/waiting, "PENDING", Far, any(nil)
			if i >= s.Teams*waiting {
				a = (i - s.Teams*waiting) % s.Accounts
				state = []string{"ACCEPTED", "CANCELED", "DECLINED"}[i%3]
				ends, over = made(n).Add(7*24*time.Hour), made(n).Add(time.Hour)
			}
			first, last, plain := person(i + 1_000_000)
			name, email := first+" "+last, fmt.Sprintf("%s.guest.%d@example.org", plain, i)
			roles := list(readyMade[i%len(readyMade)])
			if a < s.Teams && i%5 == 0 {
				roles = list(roleID(a))
			}
			by := s.UserID(s.Member(a, 0))
			return []any{ID("inv", n), made(n), s.AccountID(a), email, email, name, strings.ToLower(name) + " " + email, state, over, roles, list[string](),
				"NONE", list[string](), made(n), ends, by, by}
		})}
}

// preferred returns six categories by mail, and for every third contact a word
// about the telephone.
func preferred(n int) []byte {
	type preference struct {
		Channel    string   `json:"channel"`
		All        bool     `json:"all,omitempty"`
		Categories []string `json:"categories,omitempty"`
		Except     []string `json:"except,omitempty"`
	}
	var six []string
	for i, c := range categories {
		if (i+n)%3 != 0 {
			six = append(six, c)
		}
	}
	mail := preference{Channel: "EMAIL", Categories: six}
	if n%3 == 0 {
		return list(mail, preference{Channel: "PHONE", All: true, Except: []string{"affiliate", "maintenance"}})
	}
	return list(mail)
}

func (s *Set) contacts() Table {
	return Table{"contacts", strings.Fields("id created_at account_id email email_key search first_name last_name company phone locale type preferences " +
		"sub_account_access sub_account_ids version updated_at"),
		s.ordered(s.contacted, func(i, n int) []any {
			a := s.accountOfContact(i)
			first, last, plain := person(i + 2_000_000)
			email := fmt.Sprintf("%s.contact.%d@example.net", plain, i)
			kind := []string{"BILLING", "TECHNICAL", "ADMINISTRATIVE", "OTHER"}[i%4]
			return []any{ID("cont", n), made(n), s.AccountID(a), email, email, strings.ToLower(first+" "+last) + " " + email, first, last, "",
				fmt.Sprintf("+4930%07d", i%10_000_000), "en", kind, preferred(i), "NONE", list[string](), 1, made(n)}
		})}
}

func (s *Set) accountOfContact(i int) int {
	lo, hi := 0, s.Accounts
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; s.contactAt[mid] <= i {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// sessions were all seen in the far future: what is measured is a request, and
// not the write once a minute that a session in use costs.
func (s *Set) sessions() Table {
	return Table{"sessions", strings.Fields("id created_at user_id token_hash bearer proved_at last_seen_at expires_at user_agent address active_account_id"), func(yield func([]any) bool) {
		for u := range s.Users {
			active := any(nil)
			for _, m := range s.ofUser[u] {
				if a, j := s.Place(int(m)); s.Active(a, j) {
					active = s.AccountID(a)
					break
				}
			}
			if !yield([]any{ID("sess", u), made(u), s.UserID(u), TokenHash(s.Token(u)), true, made(u), Far, Far.AddDate(1, 0, 0),
				"Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0", "192.0.2.1", active}) {
				return
			}
		}
	}}
}
