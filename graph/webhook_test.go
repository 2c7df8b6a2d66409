package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"tenantry/internal/lab"
)

// answersCalls has the receiver at a host answer calls so from then on.
func (s *story) answersCalls(host, status string, headers []string, text string) {
	s.t.Helper()
	for i, h := range headers {
		headers[i] = strings.Replace(h, "=", ": ", 1)
	}
	if status == "hangs" {
		s.Receivers.Does(host, func(q *http.Request) (*http.Response, error) {
			<-q.Context().Done()
			return nil, q.Context().Err()
		})
		return
	}
	code, err := strconv.Atoi(status)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Receivers.Does(host, func(*http.Request) (*http.Response, error) { return lab.Answered(code, text, headers...), nil })
}

// called prints what the receiver at a host was called with since it was asked last, and
// whether it can believe that by each of the secrets.
func (s *story) called(host string, secrets []string) []byte {
	s.t.Helper()
	s.Settle()
	all := s.Receivers.Calls(host)
	var out bytes.Buffer
	for _, c := range all[s.heard[host]:] {
		fmt.Fprintf(&out, "POST %s\nwebhook-id: %s\n", c.URL, c.Header.Get("webhook-id"))
		for _, name := range secrets {
			wh, err := standard.NewWebhook(s.names["$"+name])
			if err != nil {
				s.t.Fatalf("$%s: %v", name, err)
			}
			signed := "signed"
			if wh.VerifyIgnoringTimestamp(c.Body, c.Header) != nil { // the library asks a clock of its own
				signed = "not signed"
			}
			fmt.Fprintf(&out, "%s with %s\n", signed, name)
		}
		if err := json.Indent(&out, c.Body, "", "  "); err != nil {
			s.t.Fatal(err)
		}
		out.WriteString("\n")
	}
	s.heard[host] = len(all)
	return []byte(s.named(out.String()))
}
