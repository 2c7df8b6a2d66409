package password

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

func TestUnpack(t *testing.T) {
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(text))
		z.Close()
		return b.Bytes()
	}
	list, err := unpack(pack("the\n\nand\nyou\n\nwas\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[uint64]uint64{}
	for _, entry := range list {
		got[entry&^levels] = entry & levels
	}
	for word, level := range map[string]uint64{"the": 0, "and": 1, "you": 1, "was": 2} {
		if l, ok := got[hash([]byte(word))]; !ok || l != level {
			t.Errorf("%s is on level %d (there: %v), want %d", word, l, ok, level)
		}
	}
	if len(list) != 4 {
		t.Errorf("%d words, want 4", len(list))
	}

	if _, err := unpack(pack(strings.Repeat("\n", levels))); err != nil {
		t.Errorf("%d levels: %v", levels+1, err)
	}
	if _, err := unpack(pack(strings.Repeat("\n", levels+1))); err == nil {
		t.Errorf("read %d levels", levels+2)
	}
	if _, err := unpack([]byte("no archive")); err == nil {
		t.Error("read what is no archive")
	}
}

func TestList(t *testing.T) {
	long := 0
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	for word := range strings.Lines(text.String()) {
		n := len([]rune(strings.TrimSuffix(word, "\n")))
		if n > longestWord {
			t.Errorf("%q is longer than longestWord", word)
		}
		if n >= MinRunes {
			long++
		}
	}
	if long < 10_000 {
		t.Errorf("the list has %d words that could be passwords, and needs 10,000", long)
	}
	if len(packed) > 600_000 {
		t.Errorf("%d bytes, more than 600,000", len(packed))
	}
	if rank("password") > rank("sunflower") || rank("sunflower") > rank("sherepakistan42") {
		t.Error("what is common does not come first")
	}
	if rank("kx9$mq2!vl") != never {
		t.Error("chance has a rank")
	}
}

// The list is unpacked once in a process, so its time is measured here.
func BenchmarkUnpack(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
}
