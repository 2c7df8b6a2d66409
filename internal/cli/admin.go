package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/pflag"

	"tenantry/graph"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/demo"
	"tenantry/internal/event"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/permission"
)

// with opens the program without serving it. Mail that follows from a command
// waits in the database for a server that sends it.
func (c *Config) with(ctx context.Context, do func(*App) error) error {
	public, err := c.public("localhost:8080")
	if err != nil {
		return err
	}
	box, err := mail.NewMailbox(c.MailFrom)
	if err != nil {
		return err
	}
	a, err := open(ctx, c, public.String(), box)
	if err != nil {
		return err
	}
	return errors.Join(do(a), a.DB.Close())
}

type migrate struct{ Config }

func (c *migrate) command() *command {
	return &command{name: "migrate", help: "Bring the database up to date.",
		flags: []func(*pflag.FlagSet){c.flags}, run: c.Run}
}

// Run implements the command.
func (c *migrate) Run(ctx context.Context, out io.Writer) error {
	d, err := db.Open(ctx, c.database())
	if err != nil {
		return err
	}
	n, err := d.Migrate(ctx)
	if err == nil {
		fmt.Fprintf(out, "%d migrations applied; the database is up to date.\n", n)
	}
	return errors.Join(err, d.Close())
}

type seed struct{ Config }

func (c *seed) command() *command {
	return &command{name: "seed", help: "Put demo data into an empty database.",
		flags: []func(*pflag.FlagSet){c.flags}, run: c.Run}
}

// Run implements the command.
func (c *seed) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		shown, err := demo.Fill(ctx, a.demo())
		if err != nil {
			return err
		}
		if shown == nil {
			return errors.New("the database has data of its own; demo data goes into an empty one only")
		}
		_, err = fmt.Fprintf(out, "Demo data is there. Sign in as %s with the password %q.\n", shown.Email, shown.Password)
		return err
	})
}

type schema struct{}

func (c schema) command() *command {
	return &command{name: "schema", help: "Print the GraphQL schema.", run: c.Run}
}

// Run implements the command.
func (schema) Run(_ context.Context, out io.Writer) error {
	_, err := io.WriteString(out, graph.SDL)
	return err
}

func audit() *command {
	return &command{name: "audit", help: "Check the history of accounts.", commands: []*command{
		new(auditVerify).command(),
	}}
}

type auditVerify struct{ Config }

func (c *auditVerify) command() *command {
	return &command{name: "verify", help: "Check the chain of hashes: fails if a sealed event was changed or removed.",
		flags: []func(*pflag.FlagSet){c.flags}, run: c.Run}
}

// Run implements the command.
func (c *auditVerify) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		n, wrong, err := event.Verify(ctx, a.DB.Client)
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			return fmt.Errorf("the history was tampered with:\n  %s", strings.Join(wrong, "\n  "))
		}
		_, err = fmt.Fprintf(out, "%d sealed events, all intact.\n", n)
		return err
	})
}

func users() *command {
	return &command{name: "user", help: "Help somebody back in.", commands: []*command{
		new(userCreate).command(), new(userList).command(), new(userRecover).command(), new(userEnd).command(), new(userLift).command(),
	}}
}

type userCreate struct {
	Config
	Email string
	Name  string
}

func (c *userCreate) command() *command {
	return &command{name: "create", help: "Create a user and print a link to set the password.",
		flags: []func(*pflag.FlagSet){c.flags},
		args: []argument{
			{into: &c.Email, name: "email", help: "The address; whoever runs this vouches for it."},
			{into: &c.Name, name: "name", help: "What to call them."},
		}, run: c.Run}
}

// Run implements the command.
func (c *userCreate) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		if _, err := a.Sessions.CreateUser(ctx, access.Company(operator()), c.Email, c.Name); err != nil {
			return err
		}
		return a.recover(ctx, out, c.Email)
	})
}

type userList struct {
	Config
	Search string
}

func (c *userList) command() *command {
	return &command{name: "list", help: "Find users by name or address.",
		flags: []func(*pflag.FlagSet){c.flags},
		args:  []argument{{into: &c.Search, name: "search", help: "Part of the name or address.", optional: true}}, run: c.Run}
}

// Run implements the command.
func (c *userList) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		found, err := a.Sessions.Find(ctx, c.Search)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tADDRESS\tSINCE")
		for _, u := range found {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.ID, u.Name, u.Email, u.CreatedAt.Format(time.DateOnly))
		}
		return w.Flush()
	})
}

type userRecover struct {
	Config
	Email string
}

func (c *userRecover) command() *command {
	return &command{name: "recover", help: "Mail a link to set a new password, and print it.",
		flags: []func(*pflag.FlagSet){c.flags},
		args:  []argument{{into: &c.Email, name: "email", help: "The address of the user."}}, run: c.Run}
}

// Run implements the command.
func (c *userRecover) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error { return a.recover(ctx, out, c.Email) })
}

func (a *App) recover(ctx context.Context, out io.Writer, email string) error {
	claim, err := a.Sessions.Recover(ctx, access.Company(operator()), email)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "This link sets a new password, once, until %s. It is mailed as well when a server runs.\n%s\n",
		claim.ExpiresAt.Format(time.RFC1123), a.Site.Recover(claim))
	return err
}

type userEnd struct {
	Config
	Email string
}

func (c *userEnd) command() *command {
	return &command{name: "end-sessions", help: "Sign somebody out everywhere.",
		flags: []func(*pflag.FlagSet){c.flags},
		args:  []argument{{into: &c.Email, name: "email", help: "The address of the user."}}, run: c.Run}
}

// Run implements the command.
func (c *userEnd) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		n, err := a.Sessions.EndAll(ctx, access.Company(operator()), c.Email)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%d sessions ended.\n", n)
		return err
	})
}

type userLift struct {
	Config
	Email  string
	Reason string
}

func (c *userLift) command() *command {
	return &command{name: "lift-two-factors", help: "Take somebody's authenticator app, passkeys and recovery codes away, for one who has lost them.",
		flags: []func(*pflag.FlagSet){c.flags},
		args: []argument{
			{into: &c.Email, name: "email", help: "The address of the user."},
			{into: &c.Reason, name: "reason", help: "How they proved who they are. They read it in a mail, and it stays in their history."},
		}, run: c.Run}
}

// Run implements the command.
func (c *userLift) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		err := a.Sessions.LiftTwoFactors(ctx, access.Company(operator()), c.Email, c.Reason)
		if err == nil {
			fmt.Fprintf(out, "%s signs in with the password alone, and is signed out everywhere. They are told by mail.\n", c.Email)
		}
		return err
	})
}

func accounts() *command {
	return &command{name: "account", help: "Suspend an account, lift a suspension, set its number, see what was ordered.", commands: []*command{
		new(accountOrders).command(), new(accountWithdraw).command(), new(accountSuspend).command(), new(accountReinstate).command(), new(accountNumber).command(),
	}}
}

type accountOrders struct{ Config }

func (c *accountOrders) command() *command {
	return &command{name: "orders", help: "List the accounts that were ordered and wait for their owner to prove the address.",
		flags: []func(*pflag.FlagSet){c.flags}, run: c.Run}
}

// Run implements the command.
func (c *accountOrders) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		all, err := a.Accounts.Orders(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "NUMBER\tNAME\tFOR\tORDERED BY\tSINCE\tUNTIL")
		for _, p := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", p.ExternalID, p.Name, p.Email, p.Operator,
				p.CreatedAt.Format(time.DateOnly), p.ExpiresAt.Format(time.DateOnly))
		}
		return w.Flush()
	})
}

type accountWithdraw struct {
	Config
	Number string
}

func (c *accountWithdraw) command() *command {
	return &command{name: "withdraw", help: "Take such an order back.",
		flags: []func(*pflag.FlagSet){c.flags},
		args:  []argument{{into: &c.Number, name: "number", help: "The number of the ordered account."}}, run: c.Run}
}

// Run implements the command.
func (c *accountWithdraw) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		err := a.Accounts.Withdraw(ctx, access.Company(operator()), c.Number)
		if err == nil {
			fmt.Fprintf(out, "The order %s is taken back.\n", c.Number)
		}
		return err
	})
}

type accountSuspend struct {
	Config
	ID     string
	Reason string
}

func (c *accountSuspend) command() *command {
	return &command{name: "suspend", help: "Suspend an account for a reason that its people see.",
		flags: []func(*pflag.FlagSet){c.flags},
		args: []argument{
			{into: &c.ID, name: "id", help: "The account."},
			{into: &c.Reason, name: "reason", help: "The reason, as its people see it."},
		}, run: c.Run}
}

// Run implements the command.
func (c *accountSuspend) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		row, err := a.Accounts.SetSuspended(ctx, access.Company(operator()), c.ID, true, c.Reason)
		if err == nil {
			fmt.Fprintf(out, "%s is suspended.\n", row.Name)
		}
		return err
	})
}

type accountReinstate struct {
	Config
	ID string
}

func (c *accountReinstate) command() *command {
	return &command{name: "reinstate", help: "Lift the suspension of an account.",
		flags: []func(*pflag.FlagSet){c.flags},
		args:  []argument{{into: &c.ID, name: "id", help: "The account."}}, run: c.Run}
}

// Run implements the command.
func (c *accountReinstate) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		row, err := a.Accounts.SetSuspended(ctx, access.Company(operator()), c.ID, false, "")
		if err == nil {
			fmt.Fprintf(out, "%s is active.\n", row.Name)
		}
		return err
	})
}

type accountNumber struct {
	Config
	ID     string
	Number string
}

func (c *accountNumber) command() *command {
	return &command{name: "number", help: "Set the company's own number of an account.",
		flags: []func(*pflag.FlagSet){c.flags},
		args: []argument{
			{into: &c.ID, name: "id", help: "The account."},
			{into: &c.Number, name: "number", help: "The number, unique among all accounts. Left out: takes it away.", optional: true},
		}, run: c.Run}
}

// Run implements the command.
func (c *accountNumber) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		row, err := a.Accounts.SetNumber(ctx, access.Company(operator()), c.ID, c.Number)
		if err == nil {
			fmt.Fprintf(out, "The number of %s is set.\n", row.Name)
		}
		return err
	})
}

func tokens(said io.Writer) *command {
	return &command{name: "token", help: "Make and revoke the tokens of the company's own systems.", commands: []*command{
		(&tokenCreate{said: said}).command(), new(tokenList).command(), new(tokenRevoke).command(),
	}}
}

type tokenCreate struct {
	Config
	Name string
	May  []string
	Days int
	// said is where it says what is not part of its result.
	said io.Writer
}

func (c *tokenCreate) command() *command {
	return &command{name: "create", help: "Make a token and print it: this is the only time that it is shown.", more: powers(),
		flags: []func(*pflag.FlagSet){c.flags, func(f *pflag.FlagSet) {
			argumentOnly(list(f, &c.May, "may", "POWER", "What it may do in every account, separated by commas.")).Annotations[needed] = []string{}
			argumentOnly(number(f, &c.Days, "days", 365, "Days until it expires; 0 for never."))
		}},
		args: []argument{{into: &c.Name, name: "name", help: "What the history of accounts calls whoever uses it, such as \"Billing\"."}}, run: c.Run}
}

// powers lists what can be given.
func powers() string {
	var b strings.Builder
	b.WriteString("A system of the company presents the token as \"Authorization: Bearer …\". The powers:\n")
	for _, p := range permission.Powers() {
		fmt.Fprintf(&b, "\n    %-20s %s", p, p.Meaning())
	}
	return b.String()
}

// Run implements the command.
func (c *tokenCreate) Run(ctx context.Context, out io.Writer) error {
	if c.Days < 0 {
		return errors.New("--days: give 0 or more")
	}
	return c.with(ctx, func(a *App) error {
		var expires *time.Time
		until := "It never expires."
		if c.Days > 0 {
			at := time.Now().AddDate(0, 0, c.Days).UTC().Truncate(time.Second)
			expires, until = &at, "It expires on "+at.Format(time.DateOnly)+"."
		}
		var powers []permission.Power
		for _, p := range c.May {
			powers = append(powers, permission.Power(strings.TrimSpace(p)))
		}
		secret, _, err := a.Tokens.Create(ctx, access.Company(operator()), c.Name, powers, expires)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.said, "Keep this token safe: it is not shown again. %s\n", until)
		_, err = fmt.Fprintln(out, secret)
		return err
	})
}

type tokenList struct{ Config }

func (c *tokenList) command() *command {
	return &command{name: "list", help: "List the tokens: what they may do, until when, and when they were last used.",
		flags: []func(*pflag.FlagSet){c.flags}, run: c.Run}
}

// Run implements the command.
func (c *tokenList) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		all, err := a.Tokens.List(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tMAY\tEXPIRES\tLAST USED")
		day := func(t *time.Time) string {
			if t == nil {
				return "never"
			}
			return t.Format(time.DateOnly)
		}
		for _, t := range all {
			var may []string
			for _, p := range t.Powers {
				may = append(may, string(p))
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", t.Name, strings.Join(may, ","), day(t.ExpiresAt), day(t.LastUsedAt))
		}
		return w.Flush()
	})
}

type tokenRevoke struct {
	Config
	Name string
}

func (c *tokenRevoke) command() *command {
	return &command{name: "revoke", help: "End a token at once.",
		flags: []func(*pflag.FlagSet){c.flags},
		args:  []argument{{into: &c.Name, name: "name", help: "The name of the token."}}, run: c.Run}
}

// Run implements the command.
func (c *tokenRevoke) Run(ctx context.Context, out io.Writer) error {
	return c.with(ctx, func(a *App) error {
		t, err := a.Tokens.Revoke(ctx, access.Company(operator()), c.Name)
		if err == nil {
			fmt.Fprintf(out, "%s can do nothing any more.\n", t.Name)
		}
		return err
	})
}

func keys() *command {
	return &command{name: "key", help: "Make a key file.", commands: []*command{
		new(keyCreate).command(),
	}}
}

type keyCreate struct {
	Path string
}

func (c *keyCreate) command() *command {
	return &command{name: "create", help: "Make a key file for --secret-key-file; every instance needs the same.",
		args: []argument{{into: &c.Path, name: "path", help: "Where to write it."}}, run: c.Run}
}

// Run implements the command.
func (c *keyCreate) Run(_ context.Context, out io.Writer) error {
	c.Path = absolute(c.Path)
	if _, err := link.CreateKeyring(c.Path); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s is made. Keep it safe: links that were mailed are valid only with it.\n", c.Path)
	return err
}
