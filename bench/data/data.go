// Package data makes the data set that speed is measured on: the same rows from
// the same scale, every time, and everything that a client needs to ask for
// them.
package data

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
)

// Generation is raised when the rows change, so that a database that was loaded
// before is not taken for this one.
const Generation = 2

const seed = 20260101

// The sizes at scale 1 that do not follow from others.
const (
	users     = 100_000
	accounts  = 20_000
	teams     = 1_000
	giant     = 5_000 // members, and contacts, of the one large account, at scale 1 and above
	fives     = 12_500
	twos      = 5_000
	contacts  = 103_000
	ended     = 29_000 // invitations that wait no more
	perTeam   = 50     // members
	perPage   = 60     // contacts of a team
	waiting   = 30     // invitations of a team that wait
	managers  = 14     // members of a team with its own role
	smallest  = 120    // members of the large account at the smallest scale
	deputies  = 1      // administrators of a small account
	roleOfOwn = 11     // permissions of a team's own role
)

// Set is the data at one scale. Users, accounts and the rest are numbers; the
// identifiers follow from them.
type Set struct {
	Scale float64
	// Users have one session each. The first Fives of them are in five accounts,
	// and the Twos after those in two.
	Users, Fives, Twos int
	// Accounts begins with Teams accounts of 50 members, 60 contacts and 30 waiting
	// invitations and one role of their own; the one after them is the large one.
	Accounts, Teams int
	// Contacts and Ended are how many contacts, and invitations that wait no more,
	// there are.
	Contacts, Ended int

	memberAt  []int   // the first membership of each account, and the end
	member    []int32 // whose each membership is
	order     []int32 // when each membership was made
	ofUser    [][]int32
	contactAt []int
	contacted []int32
	invited   []int32
}

// New returns the data at a scale: 1 is the figures of the contract, 0.02 is
// enough to try things out.
func New(scale float64) (*Set, error) {
	of := func(n int) int { return int(float64(n)*scale + 0.5) }
	s := &Set{Scale: scale, Users: of(users), Fives: of(fives), Twos: of(twos), Accounts: of(accounts), Teams: of(teams),
		Contacts: of(contacts), Ended: of(ended)}
	large := min(max(of(giant), smallest), giant)
	memberships := 5*s.Fives + 2*s.Twos + s.Users - s.Fives - s.Twos
	small := s.Accounts - s.Teams - 1
	rest := memberships - s.Teams*perTeam - large
	if s.Teams < 1 || rest < 3*small || s.Contacts < s.Teams*perPage+large {
		return nil, fmt.Errorf("scale %g is too small; 0.02 is the smallest that was tried", scale)
	}
	s.memberAt = shares(s.Teams, perTeam, large, small, rest)
	s.contactAt = shares(s.Teams, perPage, large, small, s.Contacts-s.Teams*perPage-large)
	s.order = permutation(1, memberships)
	s.contacted = permutation(2, s.Contacts)
	s.invited = permutation(3, s.Teams*waiting+s.Ended)
	s.join()
	return s, nil
}

// shares returns where the part of each account begins: n of each team, large of
// the one after them, and the rest spread over the small ones.
func shares(teams, n, large, small, rest int) []int {
	at := []int{0}
	add := func(n int) { at = append(at, at[len(at)-1]+n) }
	for range teams {
		add(n)
	}
	add(large)
	for i := range small {
		n := rest / small
		if i < rest%small {
			n++
		}
		add(n)
	}
	return at
}

func permutation(stream uint64, n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	rand.New(rand.NewPCG(seed, stream)).Shuffle(n, func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// join says who is in which account: everybody once, then those who are in two
// and five accounts again, each time in an order of chance.
func (s *Set) join() {
	var people []int32
	for pass := range 5 {
		n := s.Users
		if pass == 1 {
			n = s.Fives + s.Twos
		} else if pass > 1 {
			n = s.Fives
		}
		people = append(people, permutation(10+uint64(pass), n)...)
	}
	s.member, s.ofUser = people, make([][]int32, s.Users)
	for a := range s.Accounts {
		in := map[int32]bool{}
		for m := s.memberAt[a]; m < s.memberAt[a+1]; m++ {
			for next := m + 1; in[people[m]]; next++ {
				people[m], people[next] = people[next], people[m]
			}
			in[people[m]] = true
			s.ofUser[people[m]] = append(s.ofUser[people[m]], int32(m))
		}
	}
}

// AccountID names account a.
func (s *Set) AccountID(a int) string { return ID("acct", a) }

// UserID names user u.
func (s *Set) UserID(u int) string { return ID("user", u) }

// Large is the account with thousands of members and contacts.
func (s *Set) Large() int { return s.Teams }

// Members is how many members account a has.
func (s *Set) Members(a int) int { return s.memberAt[a+1] - s.memberAt[a] }

// Member returns the user who is member j of account a; member 0 owns it.
func (s *Set) Member(a, j int) int { return int(s.member[s.memberAt[a]+j]) }

// Memberships is how many memberships there are.
func (s *Set) Memberships() int { return len(s.member) }

// Active reports whether member j of account a is not deactivated.
func (s *Set) Active(a, j int) bool {
	return j <= managers || s.memberAt[a]+j%7 != 3 && (s.memberAt[a]+j)%29 != 0
}

// Place returns the account of membership m, and which of its members it is.
func (s *Set) Place(m int) (a, j int) {
	lo, hi := 0, s.Accounts
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; s.memberAt[mid] <= m {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo, m - s.memberAt[lo]
}

// Managers is how many of the first members of account a hold users and
// contacts.
func (s *Set) Managers(a int) int {
	if a <= s.Teams {
		return 1 + managers
	}
	return 1 + deputies
}

// Token is the bearer token of user u's session.
func (s *Set) Token(u int) string {
	h := sha256.Sum256(fmt.Appendf(nil, "bench session %d %d", seed, u))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// TokenHash is what the database keeps of a token.
func TokenHash(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}
