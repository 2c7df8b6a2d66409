package openid

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const whole = `{
  "providers": [{"key": "acme", "label": " Acme  Ltd ", "issuer": "https://id.acme.example/realms/staff", "clientId": "portal", "clientSecretFile": "acme.secret",
    "domains": ["ACME.example", "bücher.example"], "hosts": ["Keys.acme.example:8443"], "addressesVerified": true},
    {"key": "local", "label": "Local", "issuer": "http://127.0.0.1:5556/", "clientId": "portal", "clientSecret": "s", "scopes": ["openid", "email"], "domains": ["local.example"]}],
  "redirectUris": ["com.example.app:/openid", "https://app.example.com/openid", "http://127.0.0.1/back"]
}`

func TestLoad(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{"acme.secret": "hush\n", "openid.json": whole} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(filepath.Join(folder, "openid.json"))
	if err != nil {
		t.Fatal(err)
	}
	p := c.Providers[0]
	if p.Label != "Acme Ltd" || p.ClientSecret != "hush" || strings.Join(p.Domains, " ") != "acme.example xn--bcher-kva.example" ||
		strings.Join(p.Scopes, " ") != "openid email profile" || p.Hosts[0] != "keys.acme.example:8443" {
		t.Errorf("%+v", p)
	}
	if !p.AddressesVerified || c.Providers[1].AddressesVerified {
		t.Errorf("whose addresses are verified unsaid: %+v", c)
	}
	if c.Providers[1].Issuer != "http://127.0.0.1:5556/" || len(c.RedirectURIs) != 3 {
		t.Errorf("%+v", c)
	}
	if _, err := Load(filepath.Join(folder, "none.json")); err == nil {
		t.Error("a file that is not there")
	}
}

// Each mistake is told in words that name it.
func TestLoadRefuses(t *testing.T) {
	with := func(old, new string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("%q is not in the file", old)
		}
		return strings.Replace(whole, old, new, 1)
	}
	for _, tc := range []struct{ name, file, says string }{
		{"no provider", `{"providers": []}`, "1 to 20 providers"},
		{"not JSON", `providers:`, "invalid character"},
		{"two objects", whole + whole, "more than one"},
		{"a word that means nothing", with(`"label"`, `"lable"`), "lable"},
		{"a key in capitals", with(`"key": "acme"`, `"key": "Acme"`), "key: give"},
		{"no label", with(`" Acme  Ltd "`, `""`), "label: give"},
		{"a label of two lines", with(`" Acme  Ltd "`, `"a\nb"`), "label: give"},
		{"the same key twice", with(`"key": "local"`, `"key": "acme"`), "the same key"},
		{"the same issuer twice", with(`http://127.0.0.1:5556/`, `https://id.acme.example/realms/staff`), "the same key or issuer"},
		{"an issuer without encryption", with(`https://id`, `http://id`), "give an https:// address"},
		{"an issuer that is loopback in name only", with(`http://127.0.0.1:5556/`, `http://127.0.0.1.evil.example/`), "give an https:// address"},
		{"an issuer with a query", with(`realms/staff`, `?realm=staff`), "issuer: give"},
		{"an issuer with a fragment", with(`realms/staff`, `#`), "issuer: give"},
		{"an issuer with a user", with(`https://id`, `https://me@id`), "issuer: give"},
		{"no issuer", with(`https://id.acme.example/realms/staff`, ``), "issuer: give"},
		{"no client", with(`"clientId": "portal"`, `"clientId": ""`), "clientId: give"},
		{"no secret", with(`"clientSecret": "s"`, `"clientSecret": ""`), "clientSecret: give"},
		{"two secrets", with(`"clientSecretFile"`, `"clientSecret": "s", "clientSecretFile"`), "not both"},
		{"a secret file that is not there", with(`acme.secret`, `none.secret`), "none.secret"},
		{"scopes without openid", with(`["openid", "email"]`, `["email"]`), `"openid" must be`},
		{"two scopes in one", with(`["openid", "email"]`, `["openid", "email profile"]`), "is none"},
		{"no domain", with(`["local.example"]`, `[]`), "domains: give"},
		{"any domain", with(`local.example`, `*.example`), "domains:"},
		{"an address for a domain", with(`local.example`, `me@local.example`), "domains:"},
		{"a host with a path", with(`Keys.acme.example:8443`, `keys.acme.example/x`), "hosts:"},
		{"an app's address without a dot", with(`com.example.app:/openid`, `app:/openid`), "redirectUris:"},
		{"an app's address without encryption", with(`https://app.example.com/openid`, `http://app.example.com/openid`), "redirectUris:"},
		{"a script for an address", with(`https://app.example.com/openid`, `javascript:alert(1)`), "redirectUris:"},
		{"an app's address with a fragment", with(`https://app.example.com/openid`, `https://app.example.com/#x`), "redirectUris:"},
	} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "acme.secret"), []byte("hush"), 0o600); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "openid.json")
		if err := os.WriteFile(path, []byte(tc.file), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}
