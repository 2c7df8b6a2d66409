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

	"github.com/spf13/pflag"

	"tenantry/graph"
	"tenantry/internal/bounce"
	"tenantry/internal/db"
	"tenantry/internal/document"
	"tenantry/internal/keyfile"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/notify"
	"tenantry/internal/openid"
	"tenantry/internal/permission"
	"tenantry/internal/seal"
	"tenantry/internal/webhook"
	pages "tenantry/web"
)

// Config is what every command that opens the database needs. Each flag can be
// set by an environment variable TENANTRY_… of the same name.
type Config struct {
	DataDir, DatabaseURL, DatabaseDirectURL string
	PublicURL                               string
	SMTPURL, MailFrom, MailReportSecretFile string
	DKIMKeyFile, DKIMSelector, DKIMDomain   string
	SendPerDomain, SendPerAccount           int
	SecretKeyFile, EncryptionKeysetFile     string
	Catalogue, Brand, SignUp, OpenIDFile    string
	PasskeyApps                             []string
	SessionIdle, SessionAbsolute            time.Duration
	KeepNotifications                       time.Duration
	InvitationDays                          int
	Reminders                               bool
	WebhookAllowPrivate                     []string
	LogFormat                               string

	desk bool // one person's own machine: see Dev
}

func (c *Config) flags(f *pflag.FlagSet) {
	file(f, &c.DataDir, "data-dir", "./data", "Where the embedded database and its secret key are kept.")
	url := text(f, &c.DatabaseURL, "database-url", "", "postgres://… for PostgreSQL. Left out: the embedded SQLite file in the data directory.")
	url.Annotations[fromEnvironment] = append(url.Annotations[fromEnvironment], "DATABASE_URL")
	text(f, &c.DatabaseDirectURL, "database-direct-url", "", "The same PostgreSQL past a transaction pooler, for migrations and for waking each other. Giving it says that --database-url is a pooler.")
	text(f, &c.PublicURL, "public-url", "", "Where people reach this portal. Links in mails begin with it and with nothing else, and passkeys are made for its host, which has to be a name. Default: the address it listens on, by the name localhost where that is this machine.")
	text(f, &c.SMTPURL, "smtp-url", "", "smtp://user:password@host:587 or smtps://…:465. Left out: the built-in mailbox.")
	text(f, &c.MailFrom, "mail-from", "Tenantry <no-reply@localhost>", "Who mail comes from.")
	file(f, &c.MailReportSecretFile, "mail-report-secret-file", "", "A file with the secret that whoever reports bounces presents at /hooks/mail. Left out: no reports are taken.")
	file(f, &c.DKIMKeyFile, "dkim-key-file", "", "A PEM file with an RSA (2048 bits or more) or Ed25519 key that mail is signed with.")
	text(f, &c.DKIMSelector, "dkim-selector", "tenantry", "Where the public key is published: SELECTOR._domainkey.DOMAIN.")
	text(f, &c.DKIMDomain, "dkim-domain", "", "The domain that signs. Default: that of --mail-from.")
	number(f, &c.SendPerDomain, "send-per-domain", 20, "How many notifications a second go to one domain of addresses, or to one host of webhooks.")
	duration(f, &c.KeepNotifications, "keep-notifications", int(notify.Kept/time.Hour), "How long notifications, mails and calls of webhooks are kept that are done with, at least 720h. The history is kept for good.")
	number(f, &c.SendPerAccount, "send-per-account", 50, "How many notifications a second go to the contacts of one account.")
	file(f, &c.SecretKeyFile, "secret-key-file", "", "The file of keys that links are signed with. Default: secret.key in the data directory, made at the first start of an embedded database.")
	file(f, &c.EncryptionKeysetFile, "encryption-keyset-file", "", "The file of keys that stored secrets are encrypted with, in Tink's JSON form. Default: encryption.json in the data directory, made at the first start of an embedded database.")
	file(f, &c.Catalogue, "catalogue", "", "A file of permissions, ready-made roles and notification categories. Default: a hosting company's, compiled in.")
	file(f, &c.Brand, "brand", "", "A JSON file with name, logoUrl, support (an address) and notice (to be acknowledged before permissions are given).")
	choice(f, &c.SignUp, "sign-up", "Who may become a user: open, invited (by invitation only) or closed.", "open", "invited", "closed")
	file(f, &c.OpenIDFile, "openid-file", "", "A JSON file of the OpenID Connect providers through which people may sign in.")
	list(f, &c.PasskeyApps, "passkey-apps", "ORIGIN", "Android apps that use this portal's passkeys, such as android:apk-key-hash:… with the SHA-256 of the certificate that the app is signed with, in base64url.")
	duration(f, &c.SessionIdle, "session-idle", 336, "A session ends when it was not used for so long.")
	duration(f, &c.SessionAbsolute, "session-absolute", 2160, "A session ends after so long at the latest.")
	number(f, &c.InvitationDays, "invitation-days", 7, "For how many days an invitation can be accepted, 1 to 30.")
	negatable(f, &c.Reminders, "reminders", "Remind invited people the day before an invitation lapses.")
	list(f, &c.WebhookAllowPrivate, "webhook-allow-private", "NETWORK", "Networks inside, such as 10.1.0.0/16, in which the receivers of webhooks may be. Every account's webhooks can then call what is there.")
	choice(f, &c.LogFormat, "log-format", "text or json.", "text", "json")
}

// Serving is what a command that serves needs besides.
type Serving struct {
	Listen                         string
	AllowedOrigins, TrustedProxies []string
	TrustedDocuments               []string
	UntrustedDocuments             string
	Apps                           Apps
	// Executor is written or generated: how answers are made, to measure and to compare.
	Executor string
}

func (s *Serving) flags(f *pflag.FlagSet) {
	text(f, &s.Listen, "listen", "localhost:8080", "Where to listen; localhost is 127.0.0.1 and ::1.")
	list(f, &s.AllowedOrigins, "allowed-origins", "ALLOWED-ORIGINS", "Origins of pages elsewhere that may call with cookies, such as https://app.example.com.")
	list(f, &s.TrustedProxies, "trusted-proxies", "TRUSTED-PROXIES", "Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8.")
	list(f, &s.Apps.IOS, "ios-apps", "APP", "iPhone apps that open links of this portal and use its passkeys, such as ABCDE12345.com.example.portal: served as /.well-known/apple-app-site-association.")
	list(f, &s.Apps.Android, "android-apps", "APP", "Android apps that open links of this portal and use its passkeys, such as com.example.portal=AB:CD:… with the SHA-256 of the certificate that signs it: served as /.well-known/assetlinks.json.")
	list(f, &s.Apps.Links, "app-links", "PATH", "Which mailed links iPhone apps open. Default: /invitation.")
	list(f, &s.TrustedDocuments, "trusted-documents", "FILE", "Manifests of the documents of the company's own clients: an Apollo persisted query manifest, or a JSON object of documents by their ids. Clients name them by id or by hash. The portal's own are always trusted.")
	choice(f, &s.UntrustedDocuments, "untrusted-documents", "Who is answered other documents than the trusted ones: everybody, programs (operator and API tokens) or nobody.", "everybody", "programs", "nobody")
	choice(f, &s.Executor, "executor", "How answers are made.", "written", "generated").Hidden = true
}

// trusted loads the documents of the portal itself and of the manifests that are given. It
// warns of those among the latter that would be refused: an app may be older than this
// release, or newer.
func (s *Serving) trusted(log *slog.Logger) (*document.Trusted, error) {
	t := &document.Trusted{}
	for _, manifest := range pages.Documents() {
		if _, err := t.Add(manifest); err != nil {
			return nil, err
		}
	}
	given, err := t.Load(s.TrustedDocuments...)
	if err != nil {
		return nil, fmt.Errorf("--trusted-documents: %w", err)
	}
	for _, d := range given {
		if err := graph.Check(d.Body); err != nil {
			log.Warn("a trusted document will be refused", "id", d.ID, "operation", d.Name, "err", err)
		}
	}
	return t, nil
}

// webhooks says where calls of webhooks go: to this machine, too, for whoever tries
// things out on it.
func (c *Config) webhooks() (webhook.Config, error) {
	out := webhook.Config{Network: webhook.Network{Loopback: c.desk}}
	for _, s := range c.WebhookAllowPrivate {
		p, err := netip.ParsePrefix(s)
		if err != nil || p != p.Masked() {
			return out, fmt.Errorf("--webhook-allow-private %q: give networks such as 10.1.0.0/16", s)
		}
		out.Private = append(out.Private, p)
	}
	return out, nil
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
