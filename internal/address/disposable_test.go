package address_test

import (
	"os"
	"testing"

	"tenantry/internal/address"
)

func TestIsDisposable(t *testing.T) {
	tests := []struct {
		name   string
		domain string
		want   bool
	}{
		{"known", "mailinator.com", true},
		{"first of the list", "0-180.com", true},
		{"in another alphabet", "xn--gmal-nza.net", true},
		{"wildcard itself", "33mail.com", true},
		{"under a wildcard", "olive.33mail.com", true},
		{"deep under a wildcard", "a.b.c.33mail.com", true},
		{"ends like a wildcard", "not33mail.com", false},
		{"under one that is no wildcard", "shop.0-180.com", false},
		{"parent of a wildcard", "com", false},
		{"ordinary provider", "gmail.com", false},
		{"ordinary company", "example.com", false},
		{"nothing", "", false},
		{"only dots", "...", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := address.IsDisposable(tt.domain); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// The list weighs on every binary, and on every clone of the repository.
func TestDisposableListIsSmall(t *testing.T) {
	info, err := os.Stat("data/disposable.gz")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 600_000 {
		t.Errorf("%d bytes, more than 600,000", info.Size())
	}
}

func BenchmarkIsDisposable(b *testing.B) {
	for name, domain := range map[string]string{"known": "mailinator.com", "not": "mail.example.com"} {
		address.IsDisposable(domain)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				address.IsDisposable(domain)
			}
		})
	}
}
