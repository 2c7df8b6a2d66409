// Package cli holds the commands of the program and wires the rooms together.
package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tenantry/internal/bounce"
	"tenantry/internal/db"
	"tenantry/internal/keyfile"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/openid"
	"tenantry/internal/permission"
	"tenantry/internal/seal"
)

// Config is what every command that opens the database needs. Each flag can be
// set by an environment variable TENANTRY_… of the same name.
type Config struct {
	DataDir              string        `help:"Where the embedded database and its secret key are kept." default:"./data" type:"path"`
	DatabaseURL          string        `help:"postgres://… for PostgreSQL. Left out: the embedded SQLite file in the data directory." env:"TENANTRY_DATABASE_URL,DATABASE_URL"`
	DatabaseDirectURL    string        `help:"The same PostgreSQL past a transaction pooler, for migrations and for waking each other. Giving it says that --database-url is a pooler."`
	PublicURL            string        `help:"Where people reach this portal. Links in mails begin with it and with nothing else, and passkeys are made for its host, which has to be a name. Default: the address it listens on, by the name localhost where that is this machine."`
	SMTPURL              string        `name:"smtp-url" help:"smtp://user:password@host:587 or smtps://…:465. Left out: the built-in mailbox."`
	MailFrom             string        `help:"Who mail comes from." default:"Tenantry <no-reply@localhost>"`
	MailReportSecretFile string        `help:"A file with the secret that whoever reports bounces presents at /hooks/mail. Left out: no reports are taken." type:"path"`
	DKIMKeyFile          string        `name:"dkim-key-file" help:"A PEM file with an RSA (2048 bits or more) or Ed25519 key that mail is signed with." type:"path"`
	DKIMSelector         string        `name:"dkim-selector" help:"Where the public key is published: SELECTOR._domainkey.DOMAIN." default:"tenantry"`
	DKIMDomain           string        `name:"dkim-domain" help:"The domain that signs. Default: that of --mail-from."`
	SecretKeyFile        string        `help:"The file of keys that links are signed with. Default: secret.key in the data directory, made at the first start of an embedded database." type:"path"`
	EncryptionKeysetFile string        `help:"The file of keys that stored secrets are encrypted with, in Tink's JSON form. Default: encryption.json in the data directory, made at the first start of an embedded database." type:"path"`
	Catalogue            string        `help:"A file of permissions, ready-made roles and notification categories. Default: a hosting company's, compiled in." type:"path"`
	Brand                string        `help:"A JSON file with name, logoUrl, support (an address) and notice (to be acknowledged before permissions are given)." type:"path"`
	SignUp               string        `help:"Who may become a user: open, invited (by invitation only) or closed." enum:"open,invited,closed" default:"open"`
	OpenIDFile           string        `name:"openid-file" help:"A JSON file of the OpenID Connect providers through which people may sign in." type:"path"`
	PasskeyApps          []string      `help:"Android apps that use this portal's passkeys, such as android:apk-key-hash:… with the SHA-256 of the certificate that the app is signed with, in base64url."`
	SessionIdle          time.Duration `help:"A session ends when it was not used for so long." default:"336h"`
	SessionAbsolute      time.Duration `help:"A session ends after so long at the latest." default:"2160h"`
	InvitationDays       int           `help:"For how many days an invitation can be accepted, 1 to 30." default:"7"`
	Reminders            bool          `help:"Remind invited people the day before an invitation lapses." default:"true" negatable:""`
	LogFormat            string        `help:"text or json." enum:"text,json" default:"text"`
}

// Serving is what a command that serves needs besides.
type Serving struct {
	Listen         string   `help:"Where to listen; localhost is 127.0.0.1 and ::1." default:"localhost:8080"`
	AllowedOrigins []string `help:"Origins of pages elsewhere that may call with cookies, such as https://app.example.com."`
	TrustedProxies []string `help:"Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8."`
	Executor       string   `help:"written or generated: how answers are made, to measure and to compare." enum:"written,generated" default:"written" hidden:""`
}

// log returns the structured log that the configuration asks for.
func (c *Config) log(w io.Writer) *slog.Logger {
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// postgres reports whether the database is a PostgreSQL server.
func (c *Config) postgres() bool { return c.DatabaseURL != "" }

// database says how to open the database.
func (c *Config) database() db.Config {
	return db.Config{URL: c.DatabaseURL, DirectURL: c.DatabaseDirectURL, Pooler: c.DatabaseDirectURL != "",
		Path: filepath.Join(c.DataDir, "tenantry.db")}
}

// keys loads the keyring, or makes one for an embedded database that has none.
func (c *Config) keys() (*link.Keyring, error) {
	path := c.SecretKeyFile
	if path == "" {
		path = filepath.Join(c.DataDir, "secret.key")
	}
	ring, err := link.LoadKeyring(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) || c.SecretKeyFile != "" {
		return ring, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if ring, err = link.CreateKeyring(path); errors.Is(err, fs.ErrExist) {
		return link.LoadKeyring(path) // another process was faster
	}
	return ring, err
}

// seals loads the keyset that stored secrets are encrypted with, or makes one for an
// embedded database that has none.
func (c *Config) seals() (*seal.Keyset, error) {
	path := c.EncryptionKeysetFile
	if path == "" {
		path = filepath.Join(c.DataDir, "encryption.json")
	}
	ks, err := seal.Load(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) || c.EncryptionKeysetFile != "" {
		return ks, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if ks, err = seal.Create(path); errors.Is(err, fs.ErrExist) {
		return seal.Load(path) // another process was faster
	}
	return ks, err
}

// brandFile is the form of the file that --brand names.
type brandFile struct {
	Name    string `json:"name"`
	LogoURL string `json:"logoUrl"`
	Support string `json:"support"`
	Notice  string `json:"notice"`
}

// words loads what the company says of itself, and what can be granted.
func (c *Config) words() (mail.Brand, *permission.Catalogue, error) {
	brand, catalogue := mail.Brand{Name: "Tenantry"}, permission.Hosting()
	if c.Catalogue != "" {
		data, err := os.ReadFile(c.Catalogue)
		if err != nil {
			return brand, nil, err
		}
		if catalogue, err = permission.Parse(data); err != nil {
			return brand, nil, fmt.Errorf("%s: %w", c.Catalogue, err)
		}
	}
	if c.Brand != "" {
		data, err := os.ReadFile(c.Brand)
		if err != nil {
			return brand, nil, err
		}
		var f brandFile
		dec := json.NewDecoder(strings.NewReader(string(data)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&f); err != nil {
			return brand, nil, fmt.Errorf("%s: %w", c.Brand, err)
		}
		if f.Name != "" {
			brand.Name = f.Name
		}
		brand.LogoURL, brand.Support, catalogue.Notice = f.LogoURL, f.Support, f.Notice
	}
	return brand, catalogue, brand.Check()
}

// signer loads the key that mail is signed with. Nil without one.
func (c *Config) signer() (*mail.Signer, error) {
	if c.DKIMKeyFile == "" {
		return nil, nil
	}
	key, err := keyfile.Read(c.DKIMKeyFile)
	if err != nil {
		return nil, fmt.Errorf("--dkim-key-file: %w", err)
	}
	s, err := mail.NewSigner(key, c.DKIMSelector, c.DKIMDomain, c.MailFrom)
	if err != nil {
		return nil, fmt.Errorf("--dkim-key-file: %w", err)
	}
	return s, nil
}

// reportSecret loads the secret that whoever reports bounces presents. "" for none.
func (c *Config) reportSecret() (string, error) {
	if c.MailReportSecretFile == "" {
		return "", nil
	}
	secret, err := bounce.LoadSecret(c.MailReportSecretFile)
	if err != nil {
		return "", fmt.Errorf("--mail-report-secret-file: %w", err)
	}
	return secret, nil
}

// openID loads the providers through which people may sign in.
func (c *Config) openID() (openid.Config, error) {
	if c.OpenIDFile == "" {
		return openid.Config{}, nil
	}
	out, err := openid.Load(c.OpenIDFile)
	if err != nil {
		return out, fmt.Errorf("--openid-file: %w", err)
	}
	return out, nil
}

// public returns the address that links begin with.
func (c *Config) public(listen string) (*url.URL, error) {
	address := c.PublicURL
	if address == "" {
		host, port, err := net.SplitHostPort(listen)
		if err != nil {
			return nil, fmt.Errorf("--listen %q: %w", listen, err)
		}
		if ip, err := netip.ParseAddr(host); host == "" || err == nil && (ip.IsUnspecified() || ip.IsLoopback()) {
			host = "localhost" // browsers make passkeys for names only
		}
		address = "http://" + net.JoinHostPort(host, port)
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("--public-url %q: give scheme and host only, such as https://portal.example.com", address)
	}
	u.Path = ""
	return u, nil
}

// loopback reports whether a host is this machine only.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// proxies parses the networks whose word is taken for a client's address.
func (s *Serving) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, p := range s.TrustedProxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			if ip, ierr := netip.ParseAddr(p); ierr == nil {
				prefix, err = ip.Prefix(ip.BitLen())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies %q: give networks such as 10.0.0.0/8", p)
		}
		out = append(out, prefix)
	}
	return out, nil
}

// safe refuses a configuration that must not meet the world, with a sentence
// that says how to mend it.
func (c *Config) safe(u *url.URL) error {
	if c.postgres() && c.SecretKeyFile == "" {
		return errors.New("with PostgreSQL every instance needs the same keys: make a key file with `tenantry key create PATH`, and name it with --secret-key-file")
	}
	if c.postgres() && c.EncryptionKeysetFile == "" {
		return errors.New("with PostgreSQL every instance needs the same keyset to encrypt stored secrets with: make one with `tenantry keyset create PATH`, and name it with --encryption-keyset-file")
	}
	if u.Scheme != "https" && !loopback(u.Hostname()) {
		return fmt.Errorf("--public-url %s is not encrypted: sessions could be stolen on the way; put the server behind TLS and give an https:// address", u)
	}
	if c.SMTPURL == "" {
		return errors.New("without --smtp-url no invitation would arrive: give the address of a mail server, such as smtp://user:password@mail.example.com:587")
	}
	return nil
}
