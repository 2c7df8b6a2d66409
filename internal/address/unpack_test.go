package address

import (
	"bytes"
	"compress/gzip"
	"testing"
)

// The list is unpacked once in a process, so its time is measured here.
func BenchmarkUnpack(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
}

func TestUnpack(t *testing.T) {
	tests := []struct {
		name string
		text string
		want []string // nil for a list that cannot be read
	}{
		{"shared beginnings", "comAaliceDnaEx\nxyzAb\n", []string{"alice.com", "alina.com", "alinx.com", "b.xyz"}},
		{"wildcards", "*Aexample.com\n", []string{"*.example.com"}},
		{"line without names", "com\n", nil},
		{"keeps more than there is", "comAabDx\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			z.Write([]byte(tt.text))
			z.Close()
			got, err := unpack(packed.Bytes())
			if (err == nil) != (tt.want != nil) || len(got) != len(tt.want) {
				t.Fatalf("got %d names, %v", len(got), err)
			}
			for _, name := range tt.want {
				if !got.has(name) {
					t.Errorf("%s is not there", name)
				}
			}
		})
	}
	if _, err := unpack([]byte("no archive")); err == nil {
		t.Error("read what is no archive")
	}
}
