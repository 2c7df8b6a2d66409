package db

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/binary"
	"net"
	"testing"
	"time"

	"tenantry/internal/column"
)

// script is a network connection whose other side says what it was given, in pieces,
// and hangs up.
type script struct {
	net.Conn
	says *bytes.Reader
	each int
}

func (s *script) Read(b []byte) (int, error)       { return s.says.Read(b[:min(len(b), s.each)]) }
func (s *script) Write(b []byte) (int, error)      { return len(b), nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }
func (s *script) SetDeadline(time.Time) error      { return nil }

// idleDriver stands where lib/pq does.
type idleDriver struct{ driverConn }

func (idleDriver) IsValid() bool { return true }

// Whatever the other side says, a trip ends; if it says that all went well, it said a
// row for each row that was told; and if anything was left, or out of order, the
// connection is not used again.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		"2\x00\x00\x00\x04D\x00\x00\x00\x0b\x00\x01\x00\x00\x00\x017C\x00\x00\x00\x0dSELECT 1\x00Z\x00\x00\x00\x05I",
		"1\x00\x00\x00\x042\x00\x00\x00\x04D\x00\x00\x00\x0a\x00\x01\xff\xff\xff\xffC\x00\x00\x00\x0dSELECT 1\x00Z\x00\x00\x00\x05T",
		"E\x00\x00\x00\x18SERROR\x00C23505\x00Mno\x00\x00Z\x00\x00\x00\x05E",
		"N\x00\x00\x00\x05\x00Z\x00\x00\x00\x05I", "D\xff\xff\xff\xff", "",
	} {
		f.Add([]byte(seed), uint8(3))
		f.Add([]byte(seed), uint8(255))
	}
	f.Fuzz(func(t *testing.T, says []byte, each uint8) {
		w := &wire{Conn: &script{says: bytes.NewReader(says), each: int(each) + 1}, framed: true}
		l := &line{framed: true, wire: w}
		c := &conn{driverConn: idleDriver{}, connector: &connector{}, line: l, statements: newStatements(0), direct: &direct{statements: newStatements(4)}}
		n, told := 0, 0
		s := &leg{text: "SELECT $1", args: []driver.NamedValue{{Ordinal: 1, Value: int64(1)}}, into: &sink{places: []column.Place{column.Number(&n)}, row: func() { told++ }}}
		err := c.trip(context.Background(), []*leg{s}, false)
		if rows := bytes.Count(says, []byte{'D'}); told > rows {
			t.Errorf("%d rows told of %d", told, rows)
		}
		if err == nil && c.status == 0 {
			t.Error("it went well without a ReadyForQuery")
		}
	})
}

// lib/pq is handed every byte, and never one beyond a ReadyForQuery with those before.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("Z\x00\x00\x00\x05IS\x00\x00\x00\x08a\x00b\x00Z\x00\x00\x00\x05T"), uint8(2), uint8(7))
	f.Add([]byte("R\x00\x00\x00\x08\x00\x00\x00\x00K\x00\x00\x00\x0c\x00\x00\x00\x01\x00\x00\x00\x02Z\x00\x00\x00\x05I"), uint8(200), uint8(200))
	f.Add([]byte("Ecould not fork"), uint8(200), uint8(200))
	f.Add([]byte("Z\x00\x00\x00\x05IS\x00\x00\x00\x08a\x00b\x00Z\x00\x00\x00\x05T"), uint8(200), uint8(200))
	f.Fuzz(func(t *testing.T, says []byte, each, room uint8) {
		var ends []int // of answers
		for at := 0; at+header <= len(says); {
			last := says[at] == 'Z'
			if at += 1 + int(binary.BigEndian.Uint32(says[at+1:])); last {
				ends = append(ends, at)
			}
		}
		w := &wire{Conn: &script{says: bytes.NewReader(says), each: int(each) + 1}, framed: true}
		var got []byte
		b := make([]byte, int(room)+1)
		for {
			n, err := w.Read(b)
			for _, end := range ends {
				if len(got) < end && end < len(got)+n {
					t.Errorf("%d bytes after %d, although an answer ends at %d", n, len(got), end)
				}
			}
			got = append(got, b[:n]...)
			if err != nil {
				break
			}
			if n == 0 {
				t.Fatal("nothing, and no error")
			}
		}
		if !bytes.HasPrefix(says, got) || len(says)-len(got) >= header+1000 {
			t.Errorf("handed out %d of %d bytes", len(got), len(says))
		}
	})
}
