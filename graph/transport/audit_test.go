package transport_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"tenantry/graph/transport"
)

// TestAudit asks the audits of GraphQL over HTTP, where they are installed.
func TestAudit(t *testing.T) {
	const dir = "../../.ci/audit"
	if _, err := os.Stat(dir + "/node_modules"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the audits are required here: run npm ci in .ci/audit first")
		}
		t.Skip("to run the audits, have Node and run npm ci in .ci/audit first")
	}
	srv := httptest.NewServer(newServer(newToy(), transport.Options{}, nil))
	defer srv.Close()
	out, err := exec.Command("node", dir+"/audit.js", srv.URL).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
