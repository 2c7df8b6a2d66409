// Package openid signs people in through the OpenID Connect providers of companies.
package openid

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"tenantry/internal/address"
	"tenantry/internal/text"
)

// Provider is one company's provider, as the operator describes it.
type Provider struct {
	// Key names the provider in the API, and Label to people.
	Key, Label string
	// Issuer is the provider's own name for itself, an https URL to the letter.
	Issuer string
	// ClientID and ClientSecret are what the provider knows this portal by.
	ClientID, ClientSecret string
	// Scopes are what is asked for, "openid" among them.
	Scopes []string
	// Domains are the address domains that the provider speaks for: whose
	// addresses it can prove.
	Domains []string
	// Hosts are where its endpoints may be besides the issuer's own host.
	Hosts []string
	// AddressesVerified takes its addresses for verified where it says nothing of it.
	// Dangerous: where people can give themselves an address there, whoever gives
	// themselves that of a colleague who is not here yet arrives as the colleague.
	AddressesVerified bool
}

// speaksFor reports whether the provider can prove the address.
func (p *Provider) speaksFor(a address.Address) bool { return slices.Contains(p.Domains, a.Domain) }

// proves reports whether the provider proves that the address is the person's.
func (p *Provider) proves(a address.Address, said claims) bool {
	return p.speaksFor(a) && (said.Verified || said.Silent && p.AddressesVerified)
}

// Config is whom people may come from, and how they are let in. The zero value has
// no provider.
type Config struct {
	Providers []Provider
	// RedirectURIs are the addresses of apps that a provider may send people back
	// to, besides this portal's own page.
	RedirectURIs []string
	// Transport carries the requests to providers. Nil for the network.
	Transport http.RoundTripper
}

// The greatest numbers and sizes of a file of providers.
const (
	maxFile      = 256 << 10
	maxProviders = 20
	maxDomains   = 100
	maxURL       = 1000
)

// file is the form of the file that Load reads.
type file struct {
	Providers []struct {
		Key              string   `json:"key"`
		Label            string   `json:"label"`
		Issuer           string   `json:"issuer"`
		ClientID         string   `json:"clientId"`
		ClientSecret     string   `json:"clientSecret"`
		ClientSecretFile string   `json:"clientSecretFile"`
		Scopes           []string `json:"scopes"`
		Domains          []string `json:"domains"`
		Hosts            []string `json:"hosts"`
		// See Provider.AddressesVerified.
		AddressesVerified bool `json:"addressesVerified"`
	} `json:"providers"`
	RedirectURIs []string `json:"redirectUris"`
}

// Load reads a file of providers. What is wrong with it is told in a sentence that
// says how to mend it.
func Load(path string) (Config, error) {
	data, err := readFile(path)
	if err != nil {
		return Config{}, err
	}
	c, err := parse(data, filepath.Dir(path))
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s: more than %d kB", path, maxFile>>10)
	}
	return data, err
}

func parse(data []byte, folder string) (Config, error) {
	var f file
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return Config{}, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Config{}, errors.New("there is more than one JSON object")
	}
	c := Config{RedirectURIs: f.RedirectURIs}
	if len(f.Providers) == 0 || len(f.Providers) > maxProviders {
		return Config{}, fmt.Errorf("give 1 to %d providers", maxProviders)
	}
	for i, e := range f.Providers {
		p := Provider{Key: e.Key, Label: e.Label, Issuer: e.Issuer, ClientID: e.ClientID, ClientSecret: e.ClientSecret,
			Scopes: e.Scopes, Domains: e.Domains, Hosts: e.Hosts, AddressesVerified: e.AddressesVerified}
		if e.ClientSecretFile != "" {
			if e.ClientSecret != "" {
				return Config{}, fmt.Errorf("provider %q: give clientSecret or clientSecretFile, not both", e.Key)
			}
			from := e.ClientSecretFile
			if !filepath.IsAbs(from) {
				from = filepath.Join(folder, from)
			}
			secret, err := readFile(from)
			if err != nil {
				return Config{}, fmt.Errorf("provider %q: clientSecretFile: %w", e.Key, err)
			}
			p.ClientSecret = strings.TrimSpace(string(secret))
		}
		if err := p.check(); err != nil {
			return Config{}, fmt.Errorf("provider %d (%q): %w", i+1, e.Key, err)
		}
		for _, other := range c.Providers {
			if other.Key == p.Key || other.Issuer == p.Issuer {
				return Config{}, fmt.Errorf("provider %d (%q): another provider has the same key or issuer", i+1, e.Key)
			}
		}
		c.Providers = append(c.Providers, p)
	}
	for _, u := range c.RedirectURIs {
		if err := checkRedirect(u); err != nil {
			return Config{}, err
		}
	}
	return c, nil
}

var aKey = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// check judges one provider, and fills in what was left out.
func (p *Provider) check() error {
	if !aKey.MatchString(p.Key) {
		return errors.New("key: give 1 to 32 small letters, digits and hyphens, beginning with a letter")
	}
	label, err := text.Line("label", p.Label, true, 60)
	if err != nil {
		return errors.New("label: give the name that people know the provider by, at most 60 characters")
	}
	p.Label = label
	if err := checkIssuer(p.Issuer); err != nil {
		return err
	}
	if p.ClientID == "" || len(p.ClientID) > 255 || !printable(p.ClientID) {
		return errors.New("clientId: give what the provider calls this portal")
	}
	if p.ClientSecret == "" || len(p.ClientSecret) > 1000 || !printable(p.ClientSecret) {
		return errors.New("clientSecret: give the secret that the provider issued, or clientSecretFile with it")
	}
	if len(p.Scopes) == 0 {
		p.Scopes = []string{"openid", "email", "profile"}
	}
	if !slices.Contains(p.Scopes, "openid") || len(p.Scopes) > 20 {
		return errors.New(`scopes: "openid" must be among them, and at most 20`)
	}
	for _, s := range p.Scopes {
		if s == "" || strings.ContainsAny(s, ` "\`) || !printable(s) {
			return fmt.Errorf("scopes: %q is none", s)
		}
	}
	if len(p.Domains) == 0 || len(p.Domains) > maxDomains {
		return fmt.Errorf("domains: give 1 to %d address domains that the provider speaks for, such as example.com", maxDomains)
	}
	for i, d := range p.Domains {
		if p.Domains[i], err = address.ParseDomain(d); err != nil {
			return fmt.Errorf("domains: %q: %w", d, err)
		}
	}
	for i, h := range p.Hosts {
		u, err := url.Parse("https://" + h)
		if err != nil || u.Host != h || u.Hostname() == "" {
			return fmt.Errorf("hosts: %q: give a host such as login.example.com, with a port if it has one", h)
		}
		p.Hosts[i] = strings.ToLower(h)
	}
	return nil
}

func checkIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(issuer, "#") || len(issuer) > maxURL || !printable(issuer) {
		return errors.New("issuer: give the provider's address to the letter, such as https://login.example.com")
	}
	if !secure(u) {
		return fmt.Errorf("issuer: %s is not encrypted: give an https:// address", issuer)
	}
	return nil
}

// secure reports whether nobody on the way can read along: https, or this machine.
func secure(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// checkRedirect judges an app's address (RFC 8252): a page of its own over https, a
// scheme of its own, which has a dot, or a port of the person's machine.
func checkRedirect(s string) error {
	u, err := url.Parse(s)
	if err == nil && len(s) <= maxURL && printable(s) && !strings.Contains(s, "#") && u.User == nil {
		if secure(u) && u.Host != "" || strings.Contains(u.Scheme, ".") {
			return nil
		}
	}
	return fmt.Errorf("redirectUris: %q: give an https:// address, http:// with a loopback host, or a scheme such as com.example.app:/openid", s)
}

// printable reports whether s is ASCII without spaces at its ends and without
// control characters.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return s == strings.TrimSpace(s)
}
