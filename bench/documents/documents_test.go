package documents

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"tenantry/bench/data"
)

// The same slot asks the same, another slot something else.
func TestDraw(t *testing.T) {
	s, err := data.New(0.02)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range append(slices.Clone(All), Entry...) {
		draw := func(slot uint64) (all []byte) {
			random := rand.New(rand.NewPCG(slot, 0))
			for range 20 {
				q, err := w.Draw(s, random, "x", nil)
				if err != nil {
					t.Fatal(err)
				}
				all = append(append(append(all, q.Token...), q.Variables...), q.From...)
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

// A refusal is one only for who may be refused.
func TestRefused(t *testing.T) {
	signIn, err := Find("S2")
	if err != nil {
		t.Fatal(err)
	}
	later := []byte(`{"data":{"signIn":{"viewer":null,"token":null,"errors":[{"code":"RATE_LIMITED","retryAfter":2}]}}}`)
	if refused, after := signIn.Refused(later); !refused || after != 2 {
		t.Errorf("%v, %d", refused, after)
	}
	wrong := []byte(`{"data":{"signIn":{"viewer":null,"token":null,"errors":[{"code":"INVALID_CREDENTIALS","retryAfter":null}]}}}`)
	if refused, _ := signIn.Refused(wrong); refused || signIn.Check(200, wrong) != nil {
		t.Errorf("%v, %v", refused, signIn.Check(200, wrong))
	}
	if refused, _ := All[0].Refused(later); refused {
		t.Error("who am I may be refused")
	}
}
