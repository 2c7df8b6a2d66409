package hand_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tenantry/bench/documents"
	_ "tenantry/bench/hand" // built by the lab; here for the test cache
	"tenantry/bench/lab"
)

func open(t *testing.T) (*lab.Lab, map[string]*lab.Running) {
	if _, err := exec.LookPath("initdb"); err != nil {
		if found, _ := filepath.Glob("/usr/*/postgresql/*/bin/initdb"); found == nil {
			const how = "H is compared with the server on PostgreSQL, which is not installed: apt-get install postgresql"
			if os.Getenv("CI") != "" {
				t.Fatal(how)
			}
			t.Skip(how)
		}
	}
	ctx := context.Background()
	dir := t.TempDir()
	for d := dir; d != "/tmp" && d != "/"; d = filepath.Dir(d) {
		if err := exec.Command("chmod", "a+x", d).Run(); err != nil {
			t.Fatal(err)
		}
	}
	l, err := lab.Open(ctx, "../..", dir, 0.02, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	running := map[string]*lab.Running{}
	for _, target := range lab.Targets[:2] {
		place, err := l.Prepare(ctx, target)
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.Start(ctx, target, place, "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := r.Stop(); err != nil {
				t.Error(err)
			}
		})
		running[target.Name] = r
	}
	return l, running
}

// fresh are the identifiers that each target makes for itself.
var fresh = regexp.MustCompile(`"id":"(cont|inv)_[0-9a-z]{26}"`)

// TestSameAnswers asks the server and the handler the same. Every answer is the
// same byte for byte but for the identifiers of what was made, which are of
// chance.
func TestSameAnswers(t *testing.T) {
	l, running := open(t)
	ask := func(name string, w documents.Workload, q documents.Request) []byte {
		t.Helper()
		r, path, body := running[name], "/"+strings.ToLower(w.Name), q.Variables
		if !r.Hand {
			var err error
			path = "/graphql"
			if body, err = w.Body(body); err != nil {
				t.Fatal(err)
			}
		}
		req, err := http.NewRequest("POST", r.URL+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+q.Token)
		a, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		answer, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Check(a.StatusCode, answer); err != nil {
			t.Fatalf("%s: %v\nasked with %s", name, err, q.Variables)
		}
		return fresh.ReplaceAll(answer, []byte(`"id":"$1"`))
	}
	for _, w := range documents.All {
		t.Run(w.Name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			for i := range 60 {
				q, err := w.Draw(l.Set, random, fmt.Sprint(i), nil)
				if err != nil {
					t.Fatal(err)
				}
				server, hand := ask("server", w, q), ask("hand", w, q)
				if !bytes.Equal(server, hand) {
					t.Fatalf("asked with %s\nthe server says\n%s\nthe handler\n%s", q.Variables, server, hand)
				}
			}
		})
	}
	t.Run("rows", func(t *testing.T) { sameRows(t, l, running) })
}

// sameRows compares what both have written, but for identifiers, times, and what
// is done with events later.
func sameRows(t *testing.T, l *lab.Lab, running map[string]*lab.Running) {
	for table, query := range map[string]string{
		"contacts": `SELECT account_id, email, email_key, search, first_name, last_name, company, phone, locale, type, notes, preferences::text, sub_account_access,
			sub_account_ids::text, version::text FROM contacts WHERE email LIKE 'contact.%' ORDER BY email`,
		"invitations": `SELECT account_id, email, email_key, name, search, state, role_ids::text, permissions::text, sub_account_access, sub_account_ids::text, message, locale,
			generation::text, mailed::text, sends::text, invited_by_id, granted_by_id, (expires_at = date_trunc('second', expires_at))::text
			FROM invitations WHERE email LIKE 'guest.%' ORDER BY email`,
		"events":   `SELECT stream, account_id, actor_kind, actor_id, actor_name, action, target_name, before, after, address FROM events ORDER BY target_name`,
		"budgets":  `SELECT split_part(id, ':', 1), count(*)::text FROM budgets GROUP BY 1 ORDER BY 1`,
		"sessions": `SELECT user_id, active_account_id FROM sessions ORDER BY id`,
	} {
		read := func(name string) [][]string {
			c, err := l.Postgres.Connect(context.Background(), running[name].Database)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close(context.Background())
			rows, err := c.Query(context.Background(), query)
			if err != nil {
				t.Fatal(err)
			}
			all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (out []string, err error) {
				for _, v := range r.RawValues() {
					out = append(out, string(v))
				}
				return out, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		server, hand := read("server"), read("hand")
		if len(server) != len(hand) || len(server) == 0 {
			t.Errorf("%s: the server has %d rows, the handler %d", table, len(server), len(hand))
			continue
		}
		for i := range server {
			if table == "events" {
				server[i][8], hand[i][8] = timeless(t, server[i][8]), timeless(t, hand[i][8])
			}
			if !reflect.DeepEqual(server[i], hand[i]) {
				t.Errorf("%s: the server wrote\n%q\nthe handler\n%q", table, server[i], hand[i])
				break
			}
		}
	}
}

// timeless blots out when an invitation lapses.
func timeless(t *testing.T, after string) string {
	var m map[string]any
	if err := json.Unmarshal([]byte(after), &m); err != nil {
		t.Fatal(err)
	}
	if _, ok := m["expiresAt"]; ok {
		m["expiresAt"] = "soon"
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
