package data

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func fresh(t *testing.T, scale float64) *Set {
	t.Helper()
	s, err := New(scale)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The figures of the contract.
func TestFullSize(t *testing.T) {
	s := fresh(t, 1)
	got := []int{s.Users, s.Accounts, s.Memberships(), s.Teams, s.Teams * len(ManagerPermissions), s.Teams*waiting + s.Ended, s.Contacts}
	if want := []int{100_000, 20_000, 155_000, 1_000, 11_000, 59_000, 103_000}; !slices.Equal(got, want) {
		t.Errorf("users, accounts, memberships, roles, their permissions, invitations, contacts: %v, want %v", got, want)
	}
	five := 0
	for u := range s.Users {
		if len(s.ofUser[u]) == 5 {
			five++
		}
	}
	if five != 12_500 {
		t.Errorf("%d users are in five accounts, want 12,500", five)
	}
	if n := s.Members(s.Large()); n != 5_000 {
		t.Errorf("the large account has %d members", n)
	}
	if n := s.contactAt[s.Large()+1] - s.contactAt[s.Large()]; n != 5_000 {
		t.Errorf("the large account has %d contacts", n)
	}
	for a := range s.Teams {
		if s.Members(a) != 50 || s.contactAt[a+1]-s.contactAt[a] != 60 {
			t.Fatalf("account %d has %d members", a, s.Members(a))
		}
	}
}

// At 0.073 chance puts somebody into an account twice, unless that is seen to.
func TestNobodyIsInAnAccountTwice(t *testing.T) {
	for _, scale := range []float64{0.02, 0.073, 1} {
		s := fresh(t, scale)
		seen := map[[2]int]bool{}
		for a := range s.Accounts {
			for j := range s.Members(a) {
				pair := [2]int{a, s.Member(a, j)}
				if seen[pair] {
					t.Fatalf("scale %g: user %d is in account %d twice", scale, pair[1], a)
				}
				seen[pair] = true
			}
		}
	}
}

// The same rows every time, or a database that was kept is not what it is taken
// for: whoever changes them raises Generation, and this sum with it.
func TestRowsStayTheSame(t *testing.T) {
	const generation, want = 2, "1640c387de9f3d7f"
	h := sha256.New()
	for _, table := range fresh(t, 0.02).Tables() {
		for row := range table.Rows {
			for _, v := range row {
				if b, ok := v.([]byte); ok {
					v = string(b)
				}
				fmt.Fprintf(h, "%v|", v)
			}
			if len(row) != len(table.Columns) {
				t.Fatalf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
			}
		}
	}
	if got := hex.EncodeToString(h.Sum(nil))[:16]; got != want || Generation != generation {
		t.Errorf("generation %d has the sum %s, want %s of generation %d", Generation, got, want, generation)
	}
}

var typeID = regexp.MustCompile(`^[a-z]+_[0-7][0-9a-hjkmnp-tv-z]{25}$`)

func TestIdentifiers(t *testing.T) {
	last := ""
	for n := range 1000 {
		id := ID("acct", n)
		if !typeID.MatchString(id) || id <= last {
			t.Fatalf("%s follows %s", id, last)
		}
		last = id
	}
	if id := NewID("evt", time.Now(), [10]byte{0xff, 1, 0xff}); !typeID.MatchString(id) || id <= strings.Replace(last, "acct", "evt", 1) {
		t.Errorf("a fresh identifier is %s", id)
	}
	if ID("acct", 1)[5:] == ID("user", 1)[5:] {
		t.Error("an account and a user share their chance")
	}
}

func TestPlace(t *testing.T) {
	s := fresh(t, 0.02)
	m := 0
	for a := range s.Accounts {
		for j := range s.Members(a) {
			if gotA, gotJ := s.Place(m); gotA != a || gotJ != j {
				t.Fatalf("membership %d is member %d of account %d, want %d of %d", m, gotJ, gotA, j, a)
			}
			m++
		}
	}
}
