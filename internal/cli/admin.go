package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

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

// Run implements the command.
func (schema) Run(out io.Writer) error {
	_, err := io.WriteString(out, graph.SDL)
	return err
}

type audit struct {
	Verify auditVerify `cmd:"" help:"Check the chain of hashes: fails if a sealed event was changed or removed."`
}

type auditVerify struct{ Config }

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

type users struct {
	Create         userCreate  `cmd:"" help:"Create a user and print a link to set the password."`
	List           userList    `cmd:"" help:"Find users by name or address."`
	Recover        userRecover `cmd:"" help:"Mail a link to set a new password, and print it."`
	EndSessions    userEnd     `cmd:"" help:"Sign somebody out everywhere."`
	LiftTwoFactors userLift    `cmd:"" help:"Take somebody's authenticator app, passkeys and recovery codes away, for one who has lost them."`
}

type userCreate struct {
	Config
	Email string `arg:"" help:"The address; whoever runs this vouches for it."`
	Name  string `arg:"" help:"What to call them."`
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
	Search string `arg:"" optional:"" help:"Part of the name or address."`
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
	Email string `arg:"" help:"The address of the user."`
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
	Email string `arg:"" help:"The address of the user."`
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
	Email  string `arg:"" help:"The address of the user."`
	Reason string `arg:"" help:"How they proved who they are. They read it in a mail, and it stays in their history."`
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

type accounts struct {
	Orders    accountOrders    `cmd:"" help:"List the accounts that were ordered and wait for their owner to prove the address."`
	Withdraw  accountWithdraw  `cmd:"" help:"Take such an order back."`
	Suspend   accountSuspend   `cmd:"" help:"Suspend an account for a reason that its people see."`
	Reinstate accountReinstate `cmd:"" help:"Lift the suspension of an account."`
	Number    accountNumber    `cmd:"" help:"Set the company's own number of an account."`
}

type accountOrders struct{ Config }

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
	Number string `arg:"" help:"The number of the ordered account."`
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
	ID     string `arg:"" help:"The account."`
	Reason string `arg:"" help:"The reason, as its people see it."`
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
	ID string `arg:"" help:"The account."`
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
	ID     string `arg:"" help:"The account."`
	Number string `arg:"" optional:"" help:"The number, unique among all accounts. Left out: takes it away."`
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

type tokens struct {
	Create tokenCreate `cmd:"" help:"Make a token and print it: this is the only time that it is shown."`
	List   tokenList   `cmd:"" help:"List the tokens: what they may do, until when, and when they were last used."`
	Revoke tokenRevoke `cmd:"" help:"End a token at once."`
}

type tokenCreate struct {
	Config
	Name string   `arg:"" help:"What the history of accounts calls whoever uses it, such as \"Billing\"."`
	May  []string `required:"" env:"-" help:"What it may do in every account, separated by commas." placeholder:"POWER"`
	Days int      `help:"Days until it expires; 0 for never." env:"-" default:"365"`
}

// Help lists what can be given.
func (tokenCreate) Help() string {
	var b strings.Builder
	b.WriteString("A system of the company presents the token as \"Authorization: Bearer …\". The powers:\n")
	for _, p := range permission.Powers() {
		fmt.Fprintf(&b, "\n    %-20s %s", p, p.Meaning())
	}
	return b.String()
}

// Run implements the command.
func (c *tokenCreate) Run(ctx context.Context, out io.Writer, said remarks) error {
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
		fmt.Fprintf(said, "Keep this token safe: it is not shown again. %s\n", until)
		_, err = fmt.Fprintln(out, secret)
		return err
	})
}

type tokenList struct{ Config }

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
	Name string `arg:"" help:"The name of the token."`
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

type keyCommand struct {
	Create keyCreate `cmd:"" help:"Make a key file for --secret-key-file; every instance needs the same."`
}

type keyCreate struct {
	Path string `arg:"" help:"Where to write it." type:"path"`
}

// Run implements the command.
func (c *keyCreate) Run(out io.Writer) error {
	if _, err := link.CreateKeyring(c.Path); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s is made. Keep it safe: links that were mailed are valid only with it.\n", c.Path)
	return err
}
