package documents

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"tenantry/bench/data"
)

// The same slot asks the same, another slot something else.
func TestDraw(t *testing.T) {
	s, err := data.New(0.02)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range All {
		draw := func(slot uint64) (all []byte) {
			random := rand.New(rand.NewPCG(slot, 0))
			for range 20 {
				q, err := w.Draw(s, random, "x", nil)
				if err != nil {
					t.Fatal(err)
				}
				all = append(append(all, q.Token...), q.Variables...)
				body, err := w.Body(q.Variables)
				if err != nil || !json.Valid(body) {
					t.Fatalf("%s: %s, %v", w.Name, body, err)
				}
			}
			return all
		}
		if !bytes.Equal(draw(1), draw(1)) {
			t.Errorf("%s: the same slot asks something else", w.Name)
		}
		if bytes.Equal(draw(1), draw(2)) {
			t.Errorf("%s: two slots ask the same", w.Name)
		}
	}
}
