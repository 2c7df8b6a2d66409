package data

import (
	"encoding/binary"
	"time"
)

// Epoch is when the oldest row was made; row n of a table was made n seconds
// later.
var Epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Far is when sessions and waiting invitations of the data set end, so that the
// data stays the same for years.
var Far = time.Date(2046, 1, 1, 0, 0, 0, 0, time.UTC)

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// ID returns the identifier of row n of a kind: a TypeID as the server makes
// them, ordered by n.
func ID(kind string, n int) string {
	chance := mix(mix(seed^uint64(n)) ^ sum(kind))
	hi := uint64(Epoch.UnixMilli()+int64(n)*1000)<<16 | 0x7000 | chance>>52
	return kind + "_" + encode(hi, 1<<63|mix(chance)>>2)
}

// NewID returns a fresh identifier of a kind, ordered by the time, of 74 bits of
// chance that the caller gives.
func NewID(kind string, now time.Time, chance [10]byte) string {
	hi := uint64(now.UnixMilli())<<16 | 0x7000 | uint64(binary.BigEndian.Uint16(chance[:]))&0xfff
	return kind + "_" + encode(hi, 1<<63|binary.BigEndian.Uint64(chance[2:])>>2)
}

// encode writes 128 bits as 26 characters of five bits, the first holding three.
func encode(hi, lo uint64) string {
	var out [26]byte
	for i := 25; i >= 0; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}

// mix is the finisher of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// sum is FNV-1a.
func sum(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h
}
