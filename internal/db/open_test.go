package db_test

import (
	"net/url"
	"strings"
	"testing"

	"tenantry/internal/db"
)

func TestSSLModeIsPinned(t *testing.T) {
	for _, c := range []struct{ name, url, want string }{
		{"loopback", "postgres://u:p@127.0.0.1:5432/x", "disable"},
		{"loopback of IPv6", "postgres://u:p@[::1]:5432/x", "disable"},
		{"localhost", "postgresql://u@localhost/x", "disable"},
		{"socket", "postgres:///x?host=/var/run/postgresql", "disable"},
		{"elsewhere", "postgres://u:p@db.example.com/x", "require"},
		{"address elsewhere", "postgres://u:p@10.0.0.7/x", "require"},
		{"one of two elsewhere", "postgres:///x?host=localhost,db.example.com", "require"},
		{"name of loopback, address elsewhere", "postgres://u@localhost/x?hostaddr=10.0.0.7", "require"},
		{"said", "postgres://u:p@db.example.com/x?sslmode=verify-full", "verify-full"},
		{"said to be none", "postgres://u:p@db.example.com/x?sslmode=disable", "disable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pinned, err := db.Pinned(c.url)
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(pinned)
			if err != nil {
				t.Fatal(err)
			}
			if got := u.Query().Get("sslmode"); got != c.want {
				t.Errorf("sslmode=%s, want %s", got, c.want)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		config db.Config
		want   string
	}{
		{"nothing", db.Config{}, "neither"},
		{"another database", db.Config{URL: "mysql://root@localhost/x"}, "not mysql://"},
		{"a pooler alone", db.Config{URL: "postgres://u:hunter2@127.0.0.1:1/x", Pooler: true}, "direct database URL"},
		{"a URL that is none", db.Config{URL: "postgres://u:hunter2@127.0.0.1:x/x"}, "invalid port"},
		{"a direct URL that is none", db.Config{URL: "postgres://127.0.0.1/x", DirectURL: "postgres://u:hunter2@127.0.0.1:x/x"}, "direct URL"},
		{"nobody there", db.Config{URL: "postgres://u:hunter2@127.0.0.1:1/x"}, "connect to PostgreSQL"},
		{"a directory", db.Config{Path: t.TempDir()}, "is a directory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := db.Open(t.Context(), c.config)
			if err == nil {
				d.Close()
				t.Fatal("it opened")
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %q, want %q and no password", err, c.want)
			}
		})
	}
}
