package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"

	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// slow is a client who takes an answer while others are answered.
type slow struct {
	*httptest.ResponseRecorder
	meanwhile func()
}

func (s *slow) Write(b []byte) (int, error) {
	before := bytes.Clone(b)
	s.meanwhile()
	if !bytes.Equal(b, before) {
		return 0, fmt.Errorf("while %s was sent it became %s", before, b)
	}
	return s.ResponseRecorder.Write(b)
}

// The memory that an answer lies in is used again when it has been sent, and not
// before: what one person is shown never turns up in what another gets.
func TestAnswersShareNoMemory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		ask := func(who string) *slow {
			body, _ := json.Marshal(map[string]any{"query": "{ viewer { id name email } }"})
			r := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body)).WithContext(t.Context())
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+w.Person(who).Token)
			s := &slow{ResponseRecorder: httptest.NewRecorder(), meanwhile: func() {}}
			if who == "olive" {
				s.meanwhile = func() { w.Ask("stan", "{ viewer { id name email } }", nil) }
			}
			w.HTTP.ServeHTTP(s, r)
			return s
		}
		for range 20 {
			if got := (lab.Answer{Body: ask("olive").Body.Bytes()}).Get("data.viewer.email"); got != w.Person("olive").User.Email {
				t.Fatalf("Olive is told of %v", got)
			}
			if got := (lab.Answer{Body: ask("stan").Body.Bytes()}).Get("data.viewer.email"); got != w.Person("stan").User.Email {
				t.Fatalf("Stan is told of %v", got)
			}
		}
	})
}
