package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"tenantry/graph"
	"tenantry/graph/transport"
	"tenantry/internal/db"
	"tenantry/internal/demo"
	"tenantry/internal/document"
	"tenantry/internal/invite"
	"tenantry/internal/mail"
	"tenantry/internal/notify"
	"tenantry/internal/passkey"
	"tenantry/internal/session"
	"tenantry/internal/web"
	pages "tenantry/web"
)

// Dev runs everything on this machine: demo data, mailbox and playground.
type Dev struct {
	Config
	Serving
	Demo bool
}

func (c *Dev) command() *command {
	return &command{name: "dev", help: "Run on this machine: demo data, mailbox, playground (the default).",
		more: "Listens on loopback only. Mail goes to the built-in mailbox unless --smtp-url is given. Demo data goes into an empty database only; --no-demo (or --demo=false) starts empty.",
		flags: []func(*pflag.FlagSet){c.Config.flags, c.Serving.flags, func(f *pflag.FlagSet) {
			negatable(f, &c.Demo, "demo", "Fill an empty database with demo data.")
		}}, run: c.Run}
}

// Run implements the command.
func (c *Dev) Run(ctx context.Context, out io.Writer) error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("--listen %q: %w", c.Listen, err)
	}
	if !loopback(host) {
		return fmt.Errorf("--listen %s: the development mode has demo logins and an open mailbox, so it listens on this machine only; use `tenantry serve` for others", c.Listen)
	}
	c.desk = true
	return serve(ctx, out, &c.Config, &c.Serving, true, c.Demo, true)
}

// Serve runs the portal for others.
type Serve struct {
	Config
	Serving
	Playground bool
}

func (c *Serve) command() *command {
	return &command{name: "serve", help: "Run for others.",
		more: "No demo data and no mailbox. Refuses an unsafe configuration with a sentence that says how to mend it.",
		flags: []func(*pflag.FlagSet){c.Config.flags, c.Serving.flags, func(f *pflag.FlagSet) {
			toggle(f, &c.Playground, "playground", "Serve the playground to everybody, not to the signed-in only.")
		}}, run: c.Run}
}

// Run implements the command.
func (c *Serve) Run(ctx context.Context, out io.Writer) error {
	u, err := c.public(c.Listen)
	if err != nil {
		return err
	}
	if err := c.safe(u); err != nil {
		return err
	}
	return serve(ctx, out, &c.Config, &c.Serving, false, false, c.Playground)
}

// open opens and migrates the database and wires the program.
func open(ctx context.Context, c *Config, public string, sender mail.Sender) (*App, error) {
	if c.InvitationDays < 1 || c.InvitationDays > 30 {
		return nil, fmt.Errorf("--invitation-days %d: give 1 to 30", c.InvitationDays)
	}
	if c.SessionIdle < time.Minute || c.SessionAbsolute < c.SessionIdle {
		return nil, errors.New("--session-idle and --session-absolute: give at least 1m, and an absolute end after the idle one")
	}
	if c.KeepNotifications < notify.LeastKept {
		return nil, fmt.Errorf("--keep-notifications %s: give at least %s, since calls of webhooks are shown for as long", c.KeepNotifications, notify.LeastKept)
	}
	if c.SendPerDomain < 1 || c.SendPerAccount < 1 || max(c.SendPerDomain, c.SendPerAccount) > 100_000 {
		return nil, errors.New("--send-per-domain and --send-per-account: give 1 to 100000 a second")
	}
	brand, catalogue, err := c.words()
	if err != nil {
		return nil, err
	}
	providers, err := c.openID()
	if err != nil {
		return nil, err
	}
	for _, app := range c.PasskeyApps {
		if err := passkey.CheckApp(app); err != nil {
			return nil, fmt.Errorf("--passkey-apps: %w", err)
		}
	}
	calls, err := c.webhooks()
	if err != nil {
		return nil, err
	}
	keys, err := c.keys()
	if err != nil {
		return nil, err
	}
	seals, err := c.seals()
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, c.database())
	if err != nil {
		return nil, err
	}
	if _, err := d.Migrate(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return Wire(Parts{DB: d, Keys: keys, Seals: seals, Catalogue: catalogue, Brand: brand, Sender: sender, Public: public,
		SessionConfig: session.Config{Idle: c.SessionIdle, Absolute: c.SessionAbsolute, SignUp: c.SignUp},
		InviteConfig:  invite.Config{Lifetime: time.Duration(c.InvitationDays) * 24 * time.Hour}, OpenIDConfig: providers, PasskeyApps: c.PasskeyApps,
		Webhooks: calls, Pace: notify.Pace{Domain: c.SendPerDomain, Account: c.SendPerAccount}, Kept: c.KeepNotifications, NoReminders: !c.Reminders}), nil
}

// sender returns where mail goes: a server, or the built-in mailbox.
func (c *Config) sender() (mail.Sender, *mail.Mailbox, error) {
	if c.SMTPURL != "" {
		s, err := mail.NewSMTP(c.SMTPURL, c.MailFrom)
		if err != nil {
			return nil, nil, err
		}
		signer, err := c.signer()
		if signer != nil {
			s.Sign(signer)
			name, text := signer.Record()
			slog.Info("mail is signed; its key has to be published as a TXT record", "name", name, "text", text)
		}
		return s, nil, err
	}
	box, err := mail.NewMailbox(c.MailFrom)
	return box, box, err
}

// serve opens, listens, serves and stops.
func serve(ctx context.Context, out io.Writer, c *Config, s *Serving, dev, withDemo, openPlayground bool) error {
	log := c.log(os.Stderr)
	slog.SetDefault(log)
	u, err := c.public(s.Listen)
	if err != nil {
		return err
	}
	proxies, err := s.proxies()
	if err != nil {
		return err
	}
	trusted, err := s.trusted(log)
	if err != nil {
		return err
	}
	sender, box, err := c.sender()
	if err != nil {
		return err
	}
	secret, err := c.reportSecret()
	if err != nil {
		return err
	}
	listeners, err := listen(s.Listen)
	if err != nil {
		return err
	}
	for _, ln := range listeners {
		defer ln.Close()
	}
	a, err := open(ctx, c, u.String(), sender)
	if err != nil {
		return err
	}
	defer a.DB.Close()
	if !dev {
		if known, err := demo.Known(ctx, a.DB.Client); err != nil {
			return err
		} else if known {
			return errors.New("this database holds demo people, whose password everybody knows: start with a database of its own")
		}
	}
	var shown *demo.Data
	if dev && withDemo {
		if shown, err = demo.Fill(ctx, a.demo()); err != nil {
			return err
		}
	}
	if !dev {
		box = nil
	}
	probes := web.NewProbes(a.DB.Ping)
	handler, err := a.Routes(Surface{Serving: *s, Public: u, Proxies: proxies, Log: log, Probes: probes, Mailbox: box,
		Dev: dev, Closed: !dev && !openPlayground, Trusted: trusted, Demo: shown, ReportSecret: secret, Stop: ctx.Done()})
	if err != nil {
		return err
	}
	tuneCollector()
	greet(out, u, c, box != nil, shown)
	return a.run(ctx, web.NewServer(handler, log), listeners, probes, dev)
}

// run serves and works until ctx ends, and then ends both.
func (a *App) run(ctx context.Context, srv *http.Server, listeners []net.Listener, probes *web.Probes, dev bool) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var workers sync.WaitGroup
	for _, w := range a.Workers() {
		workers.Go(func() { w(work) })
	}
	linger := 3 * time.Second
	if dev {
		linger = 0
	}
	err := web.Serve(ctx, srv, listeners, probes, linger)
	stop()
	workers.Wait()
	return err
}

// Workers are what the program does beside answering: each until its context ends.
func (a *App) Workers() []func(context.Context) {
	return []func(context.Context){
		func(ctx context.Context) { a.Dispatcher.Run(ctx, 500*time.Millisecond) },
		func(ctx context.Context) { a.Notify.Run(ctx, 5*time.Second) },
		func(ctx context.Context) { a.Feed.Run(ctx, 500*time.Millisecond) },
		a.Listen,
		a.Documents.Run,
		a.housekeep,
	}
}

// Surface is what the program shows to the outside.
type Surface struct {
	Serving
	Public  *url.URL
	Proxies []netip.Prefix
	Log     *slog.Logger
	Probes  *web.Probes
	// Mailbox is shown at /dev/mail. Nil for none.
	Mailbox *mail.Mailbox
	// Dev answers to the names of this machine only, and lets nobody
	// introspect.
	Dev bool
	// Closed keeps the playground from those who are not signed in.
	Closed bool
	// Trusted are the documents of the company's own clients. Nil for none.
	Trusted *document.Trusted
	// Demo is what the playground knows of the demo data. Nil for none.
	Demo *demo.Data
	// ReportSecret is presented by whoever reports bounces. "" takes no reports.
	ReportSecret string
	// Stop ends all streams when it is closed.
	Stop <-chan struct{}
}

// Routes says what is served where.
func (a *App) Routes(s Surface) (http.Handler, error) {
	api := graph.Handler(a.Resolver, graph.Options{
		Transport: transport.Options{Origins: s.AllowedOrigins, Own: s.Public.Scheme + "://" + s.Public.Host, Named: web.NameOperation, Open: a.opened, Stop: s.Stop, Begin: a.Requests.Begin, End: a.Requests.End},
		Address:   addressOf,
		Closed:    !s.Dev,
		Trusted:   s.Trusted,
		Untrusted: graph.Untrusted(s.UntrustedDocuments),
		Shared:    a.Documents,
		Generated: s.Executor == "generated",
	})
	mux := http.NewServeMux()
	mux.Handle("/graphql", api)
	mux.HandleFunc("GET /schema.graphql", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, graph.SDL)
	})
	dashboard, playground := pages.Dashboard(nil), pages.Playground(nil)
	if s.Demo != nil {
		dashboard, playground = pages.Dashboard(s.Demo.People), pages.Playground(s.Demo.Variables)
	}
	for _, p := range append([]string{"/dashboard/"}, pages.DashboardPages...) {
		mux.Handle(p, dashboard)
	}
	if s.Closed {
		playground = a.signedIn(playground)
	}
	mux.Handle("/playground", playground)
	mux.Handle("/playground/", playground)
	links := pages.Links()
	mux.Handle("/links/", links)
	for _, p := range pages.LinkPages {
		mux.Handle(p, links)
	}
	mux.Handle("POST /unsubscribe", a.unsubscribe(links))
	if s.Mailbox != nil {
		mux.Handle("/dev/mail", s.Mailbox.Handler())
		mux.Handle("/dev/mail/", s.Mailbox.Handler())
	}
	if s.ReportSecret != "" {
		mux.Handle("POST /hooks/mail", a.Bounces.Handler(s.ReportSecret))
	}
	files, err := s.Apps.wellKnown()
	if err != nil {
		return nil, err
	}
	for path, file := range files {
		mux.Handle("GET "+path, file)
	}
	mux.HandleFunc("GET /healthz", s.Probes.Alive)
	mux.HandleFunc("GET /readyz", s.Probes.Ready)
	wrap, err := web.New(web.Options{PublicURL: s.Public, Origins: s.AllowedOrigins, Proxies: s.Proxies, Log: s.Log,
		Authenticate: func(ctx context.Context, c web.Credential) context.Context {
			return graph.WithCredential(ctx, graph.Credential(c))
		}})
	if err != nil {
		return nil, err
	}
	h := wrap(mux)
	if s.Dev {
		h = ownHost(s.Public, byName(s.Public, h))
	}
	return h, nil
}

// signedIn shows the playground to the signed-in only; others sign in first.
func (a *App) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := graph.CredentialOf(r.Context())
		if by, err := a.Sessions.Authenticate(r.Context(), c.Token, c.Bearer, session.Places{}, "", ""); err != nil || by.NeedPerson() != nil {
			http.Redirect(w, r, "/sign-in", http.StatusFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func addressOf(ctx context.Context) string {
	if a := web.ClientAddr(ctx); a.IsValid() {
		return a.String()
	}
	return ""
}

// near returns a path as somebody in the working directory would write it.
func near(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// greet says in a few lines where everything is.
func greet(out io.Writer, u *url.URL, c *Config, mailbox bool, shown *demo.Data) {
	fmt.Fprintf(out, "\n  Tenantry is running.\n\n")
	fmt.Fprintf(out, "  Dashboard   %s/\n", u)
	fmt.Fprintf(out, "  Playground  %s/playground\n", u)
	if mailbox {
		fmt.Fprintf(out, "  Mailbox     %s/dev/mail\n", u)
	}
	fmt.Fprintf(out, "  API         %s/graphql   (schema: %s/schema.graphql)\n", u, u)
	if shown != nil {
		fmt.Fprintf(out, "  Sign in as  %s   password: %s\n", shown.Email, shown.Password)
	}
	if c.postgres() {
		fmt.Fprintf(out, "  Data        PostgreSQL\n")
	} else {
		fmt.Fprintf(out, "  Data        %s\n", near(c.database().Path))
	}
	fmt.Fprintf(out, "\n  Press Ctrl+C to stop.\n\n")
}
