package cli

import (
	"bytes"
	"strings"
	"testing"
)

// Where nothing is said of it, people reach the portal by a name on this machine,
// whatever address of it the server listens on.
func TestPublicAddress(t *testing.T) {
	for listen, want := range map[string]string{
		"localhost:8080": "http://localhost:8080", "127.0.0.1:8080": "http://localhost:8080", "[::1]:81": "http://localhost:81", ":8080": "http://localhost:8080",
		"0.0.0.0:8080": "http://localhost:8080", "[::]:8080": "http://localhost:8080", "10.0.0.5:8080": "http://10.0.0.5:8080", "portal.test:8080": "http://portal.test:8080",
	} {
		if u, err := (&Config{}).public(listen); err != nil || u.String() != want {
			t.Errorf("listening on %s: %v, %v", listen, u, err)
		}
	}
	if u, err := (&Config{PublicURL: "http://127.0.0.1:9"}).public("localhost:8080"); err != nil || u.String() != "http://127.0.0.1:9" {
		t.Errorf("configured: %v, %v", u, err)
	}
	var out bytes.Buffer
	if Run(t.Context(), []string{"dev", "--help"}, &out, &out); !strings.Contains(out.String(), `--listen="localhost:8080"`) {
		t.Errorf("the help says %s", out.String())
	}
}
