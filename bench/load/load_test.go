package load

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tenantry/bench/data"
)

func TestQuantile(t *testing.T) {
	var all []time.Duration
	for i := range 100 {
		all = append(all, time.Duration(i))
	}
	for q, want := range map[float64]time.Duration{0: 0, 0.5: 50, 0.99: 99, 1: 99} {
		if got := Quantile(all, q); got != want {
			t.Errorf("%g: %d, want %d", q, got, want)
		}
	}
}

// A wrong answer ends the run with what was asked.
func TestWrongAnswers(t *testing.T) {
	s, err := data.New(0.02)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, answer string
		status       int
		want         string
	}{
		{"right", `{"data":{"viewer":{"id":"u","name":"n","email":"e"}}}`, 200, ""},
		{"an error", `{"errors":[{"message":"no"}],"data":{"viewer":null}}`, 200, "not an answer without errors"},
		{"a status", `{"data":{}}`, 401, "HTTP status 401"},
		{"nothing", `{"data":{"viewer":null}}`, 200, "stands 0 times"},
		{"too much", `{"data":{"viewer":{"email":"a","more":{"email":"b"}}}}`, 200, "stands 2 times"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked atomic.Int32
			target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				body, err := io.ReadAll(r.Body)
				if err != nil || !strings.Contains(string(body), "query Viewer") || !strings.HasSuffix(string(body), `"variables":{}}`) || r.URL.Path != "/graphql" {
					t.Errorf("asked %s with %s, %v", r.URL, body, err)
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.answer)
			}))
			defer target.Close()
			got, err := Run(s, Job{Slot: 1, Workload: "R1", URL: target.URL, GraphQL: true, Conns: 2, Requests: 5}, func() error { return nil })
			if c.want == "" {
				if err != nil || got.Requests != 10 || asked.Load() != 10 || got.Bytes != len(c.answer) {
					t.Errorf("%+v, %d asked, %v", got, asked.Load(), err)
				}
			} else if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// Two workloads are asked for at once, and told apart.
func TestBeside(t *testing.T) {
	s, err := data.New(0.02)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{"Viewer": `{"data":{"viewer":{"email":"e"}}}`, "Can": `{"data":{"account":{"viewerCan":true}}}`}
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		for name, answer := range answers {
			if strings.Contains(string(body), "query "+name) {
				fmt.Fprint(w, answer)
			}
		}
	}))
	defer target.Close()
	got, err := Run(s, Job{Slot: 1, Workload: "R1", URL: target.URL, GraphQL: true, Conns: 2, Requests: 5, Beside: "R5", BesideConns: 3}, func() error { return nil })
	if err != nil || got.Requests != 10 || got.Bytes != len(answers["Viewer"]) || got.Beside.Requests != 15 || got.Beside.Bytes != len(answers["Can"]) {
		t.Errorf("%+v, beside %+v, %v", got, got.Beside, err)
	}
}

// Connections and slots draw requests of their own.
func TestDifferentRequests(t *testing.T) {
	s, err := data.New(0.02)
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan string, 1000)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked <- r.URL.Path + r.Header.Get("Authorization") + string(body)
		fmt.Fprint(w, `{"data":{"account":{"viewerCan":true}}}`)
	}))
	defer target.Close()
	for slot := range uint64(2) {
		if _, err := Run(s, Job{Slot: slot, Workload: "R5", URL: target.URL, Conns: 2, Requests: 20}, func() error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	close(asked)
	different := map[string]bool{}
	for q := range asked {
		if !strings.HasPrefix(q, "/r5Bearer ") {
			t.Fatalf("asked %s", q)
		}
		different[q] = true
	}
	if len(different) < 75 {
		t.Errorf("80 requests are %d different ones", len(different))
	}
}

// What is asked at a rate is asked at that rate, and counts from when it was due: a
// target that answers nothing for a while is not spared what would have been asked.
func TestRate(t *testing.T) {
	s, err := data.New(0.02)
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	hold := make(chan struct{})
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			<-hold
		} else if asked.Load() == 2 {
			close(hold)
		}
		fmt.Fprint(w, `{"data":{"viewer":{"email":"e"}}}`)
	}))
	defer target.Close()
	// The second connection asks half a period after the first, which has waited since.
	got, err := Run(s, Job{Slot: 1, Workload: "R1", URL: target.URL, GraphQL: true, Conns: 2, Rate: 20, Requests: 3}, func() error { return nil })
	if err != nil || got.Requests != 6 || got.Elapsed < 250*time.Millisecond || got.P99 < 50*time.Millisecond {
		t.Errorf("%+v, %v", got, err)
	}
}

// Who is told to come back later is counted apart, and comes from nowhere twice.
func TestRefusals(t *testing.T) {
	s, err := data.New(0.02)
	if err != nil {
		t.Fatal(err)
	}
	from := make(chan string, 100)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a stranger has a token")
		}
		from <- r.Header.Get("X-Forwarded-For")
		if len(from)%2 == 0 {
			fmt.Fprintf(w, `{"data":{"signIn":{"viewer":null,"errors":[{"code":"RATE_LIMITED","retryAfter":%d}]}}}`, len(from))
			return
		}
		fmt.Fprint(w, `{"data":{"signIn":{"viewer":null,"errors":[{"code":"INVALID_CREDENTIALS","retryAfter":null}]}}}`)
	}))
	defer target.Close()
	got, err := Run(s, Job{Slot: 1, Workload: "S2", URL: target.URL, GraphQL: true, Conns: 1, Requests: 20}, func() error { return nil })
	if err != nil || got.Requests != 10 || got.Refused != 10 || got.RetryAfter != [2]int{2, 20} || got.RefusedP50 == 0 {
		t.Errorf("%+v, %v", got, err)
	}
	close(from)
	seen := map[string]bool{}
	for f := range from {
		seen[f] = true
	}
	if len(seen) < 19 {
		t.Errorf("20 requests come from %d addresses", len(seen))
	}
}
