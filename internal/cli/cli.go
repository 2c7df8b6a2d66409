package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"tenantry/internal/fault"
)

// Version is the release, set when a release is built.
var Version = "0.1.0"

// commands are what the program can be told to do.
type commands struct {
	Dev     Dev        `cmd:"" default:"withargs" help:"Run on this machine: demo data, mailbox, playground (the default)."`
	Serve   Serve      `cmd:"" help:"Run for others."`
	Migrate migrate    `cmd:"" help:"Bring the database up to date."`
	Seed    seed       `cmd:"" help:"Put demo data into an empty database."`
	Schema  schema     `cmd:"" help:"Print the GraphQL schema."`
	Audit   audit      `cmd:"" help:"Check the history of accounts."`
	User    users      `cmd:"" help:"Help somebody back in."`
	Account accounts   `cmd:"" help:"Suspend an account, lift a suspension, set its number, see what was ordered."`
	Token   tokens     `cmd:"" help:"Make and revoke the tokens of the company's own systems."`
	Key     keyCommand `cmd:"" help:"Make a key file."`
	Keyset  keyset     `cmd:"" help:"Make and rotate the keys that stored secrets are encrypted with."`
	Version version    `cmd:"" help:"Print the version."`
}

// remarks is where a command says what is not part of its result.
type remarks struct{ io.Writer }

// Run runs the program with its arguments and returns its exit code.
func Run(ctx context.Context, args []string, out, errs io.Writer) int {
	run, code := parse(ctx, args, out, errs)
	if run == nil {
		return code
	}
	if err := run(); err != nil {
		said := err.Error()
		if refusals := fault.All(err); refusals != nil {
			said = refusals[0].Message
		}
		fmt.Fprintln(errs, "tenantry:", said)
		return 1
	}
	return 0
}

// parse returns what runs the command that the arguments name. If they name none,
// or ask for help, it says so to out or errs and returns nil and the exit code.
func parse(ctx context.Context, args []string, out, errs io.Writer) (func() error, int) {
	var c commands
	code := -1
	parser, err := kong.New(&c, kong.Name("tenantry"),
		kong.Description("The account layer of a customer portal: people, accounts, invitations, permissions, contacts."),
		kong.UsageOnError(), kong.Writers(out, errs), kong.Exit(func(i int) { code = i }),
		kong.DefaultEnvars("TENANTRY"), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(out, (*io.Writer)(nil)), kong.Bind(remarks{errs}))
	if err != nil {
		fmt.Fprintln(errs, "tenantry:", err)
		return nil, 1
	}
	k, err := parser.Parse(args)
	if code >= 0 {
		return nil, code // help was asked for
	}
	if err != nil {
		parser.FatalIfErrorf(err)
		return nil, 2
	}
	// The parser describes every flag of every command, in more than half a
	// megabyte. A server would keep it for weeks, so the command gets what most
	// take from here, and the parser runs only those that take something else.
	if chosen := k.Selected(); chosen != nil {
		if command, ok := chosen.Target.Addr().Interface().(interface {
			Run(context.Context, io.Writer) error
		}); ok {
			return func() error { return command.Run(ctx, out) }, 0
		}
	}
	return func() error { return k.Run() }, 0
}

type version struct{}

// Run implements the command.
func (version) Run(out io.Writer) error {
	_, err := fmt.Fprintln(out, "tenantry", Version)
	return err
}

// operator is what the history calls whoever runs a command.
func operator() string {
	if u := os.Getenv("USER"); u != "" {
		return "operator " + u
	}
	return "operator"
}
