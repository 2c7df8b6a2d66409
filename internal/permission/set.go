package permission

import "math/bits"

// adminBit is the place of "is an administrator", which follows the type of a
// role and is no key of the catalogue.
const adminBit = 255

// Set is a set of the permissions of one catalogue. The zero Set is empty, and
// sets compare with ==.
type Set [4]uint64

func (s *Set) add(i int)     { s[i>>6] |= 1 << (i & 63) }
func (s Set) has(i int) bool { return s[i>>6]&(1<<(i&63)) != 0 }

func (s Set) and(o Set) Set {
	for i := range s {
		s[i] &= o[i]
	}
	return s
}

func (s Set) minus(o Set) Set {
	for i := range s {
		s[i] &^= o[i]
	}
	return s
}

// Or returns the union.
func (s Set) Or(o Set) Set {
	for i := range s {
		s[i] |= o[i]
	}
	return s
}

// And returns what both have.
func (s Set) And(o Set) Set { return s.and(o) }

// Minus returns what s has and o has not.
func (s Set) Minus(o Set) Set { return s.minus(o) }

// In reports whether s is a subset of o.
func (s Set) In(o Set) bool { return s.minus(o) == Set{} }

// Empty reports whether nothing is in the set.
func (s Set) Empty() bool { return s == Set{} }

// Admin reports whether the set comes with an administrator's role.
func (s Set) Admin() bool { return s.has(adminBit) }

// Len counts the permissions of the set.
func (s Set) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	if s.has(adminBit) {
		n--
	}
	return n
}
