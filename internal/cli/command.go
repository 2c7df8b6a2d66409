package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// command is something that the program can be told to do, or a group of such.
//
// The parser is pflag, and the rest is here, since what most programs take for commands
// finds their methods by name, which keeps every method of every type in the program.
type command struct {
	name string
	// help is a sentence; more is what its own help says besides.
	help, more string
	flags      []func(*pflag.FlagSet)
	args       []argument
	run        func(context.Context, io.Writer) error
	// commands are those of a group, which has nothing to run.
	commands []*command
}

// argument is what a command takes by its place.
type argument struct {
	into       *string
	name, help string
	// optional ones come last.
	optional bool
}

func (a argument) String() string {
	if a.optional {
		return "[<" + a.name + ">]"
	}
	return "<" + a.name + ">"
}

// find follows the words to a command, and returns it with its full name and the words
// that are left.
func (c *command) find(words []string) (*command, string, []string) {
	path := c.name
	for len(words) > 0 {
		i := slices.IndexFunc(c.commands, func(of *command) bool { return of.name == words[0] })
		if i < 0 {
			break
		}
		c, words = c.commands[i], words[1:]
		path += " " + c.name
	}
	return c, path, words
}

// errHelp says that help was asked for.
var errHelp = errors.New("help")

// read takes the words for the flags and arguments of the command.
func (c *command) read(words []string) error {
	f := c.flagSet()
	if err := f.Parse(words); err != nil {
		return said(err)
	}
	given := f.Args()
	for i, a := range c.args {
		if i < len(given) {
			*a.into = given[i]
		} else if !a.optional {
			var missing []string
			for _, a := range c.args[i:] {
				if !a.optional {
					missing = append(missing, a.String())
				}
			}
			return fmt.Errorf("expected %q", strings.Join(missing, " "))
		}
	}
	if len(given) > len(c.args) {
		return fmt.Errorf("unexpected argument %s", given[len(c.args)])
	}
	if c.run == nil {
		var names []string
		for _, of := range c.commands {
			names = append(names, `"`+of.name+`"`)
		}
		return errors.New("expected one of " + strings.Join(names, ", "))
	}
	var missing []string
	f.VisitAll(func(flag *pflag.Flag) {
		if flag.Annotations[needed] != nil && !flag.Changed {
			missing = append(missing, shownFlag(f, flag))
		}
	})
	if missing != nil {
		return errors.New("missing flags: " + strings.Join(missing, ", "))
	}
	return environment(f)
}

func (c *command) flagSet() *pflag.FlagSet {
	f := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	for _, declare := range c.flags {
		declare(f)
	}
	return f
}

// said puts what pflag says of a flag into our words.
func said(err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if short := unknown.GetSpecifiedShortnames(); short != "" {
			return fmt.Errorf("unknown flag -%s", short)
		}
		return fmt.Errorf("unknown flag --%s", unknown.GetSpecifiedName())
	}
	if alone, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return fmt.Errorf("--%s: expected a value", alone.GetSpecifiedName())
	}
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return fmt.Errorf("--%s: %w", wrong.GetFlag().Name, wrong.Unwrap())
	}
	if errors.Is(err, pflag.ErrHelp) {
		return errHelp
	}
	return err
}
