package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"tenantry/internal/fault"
)

// Version is the release, set when a release is built.
var Version = "0.1.0"

// program is all that it can be told to do. What a command says that is not part of its
// result goes to said.
func program(said io.Writer) *command {
	return &command{name: "tenantry", help: "The account layer of a customer portal: people, accounts, invitations, permissions, contacts.",
		commands: []*command{new(Dev).command(), new(Serve).command(), new(migrate).command(), new(seed).command(), schema{}.command(), audit(),
			users(), accounts(), tokens(said), keys(), keyset(), version{}.command()}}
}

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
// or ask for help, it says so to out or errs and returns nil and the exit code. What runs
// keeps its configuration alone: a server would keep all that describes the flags for weeks.
func parse(ctx context.Context, args []string, out, errs io.Writer) (func() error, int) {
	whole := program(errs)
	chosen, path, rest := whole.find(args)
	asked := chosen
	if chosen == whole && !slices.Contains([]string{"-h", "--help"}, strings.Join(rest, " ")) {
		chosen = whole.commands[0] // the default
	}
	err := chosen.read(rest)
	if err == nil {
		run := chosen.run
		return func() error { return run(ctx, out) }, 0
	}
	asked.usage(out, path)
	if errors.Is(err, errHelp) {
		return nil, 0
	}
	fmt.Fprintln(out)
	fmt.Fprintln(errs, "tenantry: error:", err)
	return nil, 2
}

type version struct{}

func (c version) command() *command {
	return &command{name: "version", help: "Print the version.", run: c.Run}
}

// Run implements the command.
func (version) Run(_ context.Context, out io.Writer) error {
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
