package wire

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// talk is what a client sends.
type talk struct{ bytes.Buffer }

func (t *talk) say(kind byte, parts ...string) *talk {
	if kind != 0 {
		t.WriteByte(kind)
	}
	body := strings.Join(parts, "\x00") + "\x00"
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(body)+4))
	t.Write(n[:])
	t.WriteString(body)
	return t
}

func counted(t *talk) Count {
	tap := &Tap{Background: func(first string) bool { return strings.Contains(first, "events") }}
	r := &reader{in: t, tap: tap, names: map[string]string{}, portals: map[string]string{}}
	_ = r.read() // it ends with the talk
	return tap.Take()
}

func begun() *talk { return new(talk).say(0, "\x00\x03\x00\x00user") }

func TestCount(t *testing.T) {
	for _, c := range []struct {
		name                            string
		said                            *talk
		statements, trips, transactions int
	}{
		{"prepared, then executed", begun().say('P', "", "SELECT 1", "").say('D', "S").say('S').say('B', "", "", "").say('E', "").say('S'), 1, 2, 0},
		{"prepared before", begun().say('P', "a", "SELECT 1", "").say('S').say('B', "", "a", "").say('E', "").say('S').say('B', "", "a", "").say('E', "").say('S'), 2, 3, 0},
		{"three in one trip", begun().say('P', "a", "SELECT 1", "").say('B', "", "a", "").say('E', "").say('B', "", "a", "").say('E', "").say('B', "", "a", "").say('E', "").say('S'), 3, 1, 0},
		{"a transaction", begun().say('Q', "BEGIN").say('Q', "UPDATE x").say('Q', "COMMIT"), 1, 3, 1},
		{"a transaction of the background", begun().say('Q', "BEGIN").say('Q', "SELECT FROM events").say('Q', "UPDATE x").say('Q', "COMMIT"), 0, 0, 0},
		{"the background, and then a request", begun().say('Q', "BEGIN").say('Q', "SELECT FROM events").say('Q', "ROLLBACK").say('Q', "SELECT 1"), 1, 1, 0},
		{"nothing within a transaction", begun().say('Q', "BEGIN").say('Q', "ROLLBACK").say('Q', ";"), 0, 0, 0},
		{"not over yet", begun().say('Q', "BEGIN").say('Q', "UPDATE x"), 0, 0, 0},
	} {
		got := counted(c.said)
		if got.Statements != c.statements || got.Trips != c.trips || got.Transactions != c.transactions {
			t.Errorf("%s: %d statements, %d trips, %d transactions; want %d, %d, %d", c.name, got.Statements, got.Trips, got.Transactions, c.statements, c.trips, c.transactions)
		}
	}
}
