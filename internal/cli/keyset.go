package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"tenantry/internal/seal"
)

func keyset() *command {
	return &command{name: "keyset", help: "Make and rotate the keys that stored secrets are encrypted with.", commands: []*command{
		new(keysetCreate).command(), new(keysetRotate).command(), new(keysetPrune).command(),
	}}
}

type keysetCreate struct {
	Path string
}

func (c *keysetCreate) command() *command {
	return &command{name: "create", help: "Make a keyset for --encryption-keyset-file; every instance needs the same.",
		args: []argument{{into: &c.Path, name: "path", help: "Where to write it."}}, run: c.Run}
}

// Run implements the command.
func (c *keysetCreate) Run(_ context.Context, out io.Writer) error {
	c.Path = absolute(c.Path)
	if _, err := seal.Create(c.Path); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s is made. Keep a copy, apart from those of the database: without it every authenticator app has to be set up anew, and every webhook needs another secret.\n", c.Path)
	return err
}

// rotating are the commands that change the file of a keyset, which must be the one
// that the servers use.
func (c *Config) rotating(ctx context.Context, do func(*App) error) error {
	if c.postgres() && c.EncryptionKeysetFile == "" {
		return errors.New("name the keyset of the servers with --encryption-keyset-file")
	}
	return c.with(ctx, do)
}

type keysetRotate struct {
	Config
	Prepare bool
}

func (c *keysetRotate) command() *command {
	return &command{name: "rotate", help: "Encrypt with a new key from now on, and encrypt all that is stored anew.",
		more: "A running server reads the file again by itself. Older keys stay in it until they are pruned, so that copies of the database from before can be read.",
		flags: []func(*pflag.FlagSet){c.flags, func(f *pflag.FlagSet) {
			argumentOnly(toggle(f, &c.Prepare, "prepare", "Only add the new key to the file. For servers on several machines: bring the file to each of them, and then rotate."))
		}}, run: c.Run}
}

// Run implements the command.
func (c *keysetRotate) Run(ctx context.Context, out io.Writer) error {
	return c.rotating(ctx, func(a *App) error {
		if c.Prepare {
			if err := a.Seals.Prepare(); err != nil {
				return err
			}
			_, err := fmt.Fprintln(out, "A new key is in the keyset and waits. Bring the file to every server, and then run `tenantry keyset rotate`.")
			return err
		}
		if err := a.Seals.Rotate(); err != nil {
			return err
		}
		n, err := a.reseal(ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%d secrets are encrypted with the new key. The older ones are still in the file, for copies of the database from before;\n"+
			"drop them with `tenantry keyset prune` when every server has the file and no such copy is needed.\n", n)
		return err
	})
}

// reseal seals all that is stored with the newest key, and counts what was not.
func (a *App) reseal(ctx context.Context) (int, error) {
	apps, err := a.Sessions.Reseal(ctx)
	if err != nil {
		return apps, err
	}
	calls, err := a.Webhooks.Reseal(ctx)
	return apps + calls, err
}

type keysetPrune struct{ Config }

func (c *keysetPrune) command() *command {
	return &command{name: "prune", help: "Drop the keys that a rotation has left, when nothing is encrypted with them any more.",
		flags: []func(*pflag.FlagSet){c.flags}, run: c.Run}
}

// Run implements the command.
func (c *keysetPrune) Run(ctx context.Context, out io.Writer) error {
	return c.rotating(ctx, func(a *App) error {
		if _, err := a.reseal(ctx); err != nil {
			return err
		}
		n, err := a.Seals.Prune()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%d keys dropped. What is encrypted with them, in copies of the database, can no longer be read.\n", n)
		return err
	})
}
