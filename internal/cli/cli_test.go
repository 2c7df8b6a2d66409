package cli

import (
	"bytes"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// What cannot be meant is answered with the help of what was meant, and a sentence.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, words, usage, says string }{
		{"no such command", "usr", "tenantry <command>", "unexpected argument usr"},
		{"no such flag", "--foo", "tenantry <command>", "unknown flag --foo"},
		{"no such short flag", "-x", "tenantry <command>", "unknown flag -x"},
		{"no such flag of a command", "serve --foo", "tenantry serve [flags]", "unknown flag --foo"},
		{"half a command", "user", "tenantry user <command>", `expected one of "create", "list", "recover", "end-sessions", "lift-two-factors"`},
		{"half a command and a flag", "user --foo", "tenantry user <command>", "unknown flag --foo"},
		{"no such command of a group", "user foo", "tenantry user <command>", "unexpected argument foo"},
		{"an argument is missing", "user create a@example.com", "tenantry user create <email> <name> [flags]", `expected "<name>"`},
		{"what may be left out is not missing", "account number", "tenantry account number <id> [<number>] [flags]", `expected "<id>"`},
		{"an argument too many", "user create a b c", "tenantry user create <email> <name> [flags]", "unexpected argument c"},
		{"a flag is missing", "token create X", "tenantry token create --may=POWER,... <name> [flags]", "missing flags: --may=POWER,..."},
		{"a value is missing", "dev --listen", "tenantry dev [flags]", "--listen: expected a value"},
		{"no number", "token create X --may a --days y", "tenantry token create --may=POWER,... <name> [flags]", `--days: expected a whole number but got "y"`},
		{"no duration", "migrate --session-idle x", "tenantry migrate [flags]", `--session-idle: expected duration but got "x": time: invalid duration "x"`},
		{"no truth", "serve --playground=maybe", "tenantry serve [flags]", `--playground: bool value must be true, 1, yes, false, 0 or no but got "maybe"`},
		{"not to be turned off", "serve --no-playground", "tenantry serve [flags]", "unknown flag --no-playground"},
		{"none of the choices", "serve --sign-up x", "tenantry serve [flags]", `--sign-up: must be one of "open","invited","closed" but got "x"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := Run(t.Context(), strings.Fields(c.words), &out, &errs); code != 2 {
				t.Errorf("exit code %d", code)
			}
			if usage, _, _ := strings.Cut(out.String(), "\n"); usage != "Usage: "+c.usage {
				t.Errorf("%s", usage)
			}
			if got := errs.String(); got != "tenantry: error: "+c.says+"\n" {
				t.Errorf("%s", got)
			}
		})
	}
}

// A flag is what was given, else what a variable says, else what it is by default.
func TestWhereFlagsComeFrom(t *testing.T) {
	for name, value := range map[string]string{
		"TENANTRY_MAIL_FROM": "env@example.com", "TENANTRY_SESSION_IDLE": "3h", "TENANTRY_REMINDERS": "no", "TENANTRY_DEMO": "no", "TENANTRY_BRAND": "",
		"TENANTRY_TRUSTED_PROXIES": "10.0.0.1,10.0.0.2", "TENANTRY_ALLOWED_ORIGINS": "https://env.example", "DATABASE_URL": "postgres://there",
	} {
		t.Setenv(name, value)
	}
	c := new(Dev)
	if err := c.command().read(strings.Fields("--mail-from=me@example.com --no-demo=false --allowed-origins https://a.example,https://b.example --allowed-origins https://c.example")); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if c.MailFrom != "me@example.com" || !c.Demo || strings.Join(c.AllowedOrigins, " ") != "https://a.example https://b.example https://c.example" {
		t.Errorf("given: %+v", c)
	}
	if c.SessionIdle != 3*time.Hour || c.Reminders || strings.Join(c.TrustedProxies, " ") != "10.0.0.1 10.0.0.2" || c.DatabaseURL != "postgres://there" || c.Brand != "" {
		t.Errorf("from variables: %+v", c)
	}
	if c.SessionAbsolute != 2160*time.Hour || c.InvitationDays != 7 || c.SignUp != "open" || c.Executor != "written" || c.DataDir != here+"/data" {
		t.Errorf("by default: %+v", c)
	}
	t.Setenv("TENANTRY_DATABASE_URL", "postgres://here")
	t.Setenv("TENANTRY_DAYS", "no part of it")
	token := &tokenCreate{}
	if err := token.command().read([]string{"Billing", "--may", "accounts.read"}); err != nil || token.Days != 365 || token.DatabaseURL != "postgres://here" {
		t.Errorf("%v %+v", err, token)
	}
	t.Setenv("TENANTRY_TRUSTED_PROXIES", "")
	c = new(Dev)
	if err := c.command().read(nil); err != nil || len(c.TrustedProxies) != 0 {
		t.Errorf("%v: an empty list has %q", err, c.TrustedProxies)
	}
	t.Setenv("TENANTRY_SESSION_IDLE", "x")
	if err := new(Serve).command().read(nil); err == nil || err.Error() != `--session-idle: expected duration but got "x": time: invalid duration "x" (from envar TENANTRY_SESSION_IDLE="x")` {
		t.Error(err)
	}
}

// The help of every command names whatever it takes, in lines that fit.
func TestHelp(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	var all func(c *command, words []string)
	all = func(c *command, words []string) {
		var out, errs bytes.Buffer
		if code := Run(t.Context(), append(words, "--help"), &out, &errs); code != 0 || errs.Len() > 0 {
			t.Errorf("%v: exit code %d, %s", words, code, &errs)
		}
		for line := range strings.Lines(out.String()) {
			if len([]rune(line)) > 81 {
				t.Errorf("%v: a long line: %s", words, line)
			}
		}
		for _, a := range c.args {
			if !strings.Contains(out.String(), "  "+a.String()+" ") || a.help == "" {
				t.Errorf("%v says nothing of %s", words, a)
			}
		}
		f := c.flagSet()
		f.VisitAll(func(flag *pflag.Flag) {
			if shown := strings.Contains(out.String(), "      "+shownFlag(f, flag)); shown == flag.Hidden || !flag.Hidden && flag.Usage == "" {
				t.Errorf("%v and --%s", words, flag.Name)
			}
			for _, name := range flag.Annotations[fromEnvironment] {
				if !flag.Hidden && !strings.Contains(out.String(), "$"+name) {
					t.Errorf("%v says nothing of %s", words, name)
				}
			}
		})
		for _, of := range c.commands {
			if !strings.Contains(out.String(), strings.Join(append(words, of.name), " ")) {
				t.Errorf("%v says nothing of %s", words, of.name)
			}
			all(of, append(words[:len(words):len(words)], of.name))
		}
	}
	all(program(io.Discard), nil)
}

// What runs a server keeps nothing of the parser, which describes every flag of
// every command.
func TestParserGoes(t *testing.T) {
	alive := func() uint64 {
		runtime.GC()
		runtime.GC() // what pools keep for one more
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	parsed := func() func() error {
		run, _ := parse(t.Context(), []string{"serve", "--smtp-url", "smtp://mail.example"}, io.Discard, io.Discard)
		if run == nil {
			t.Fatal("there is nothing to run")
		}
		return run
	}
	parsed() // what the program keeps for good is made
	before := alive()
	run := parsed()
	if after := alive(); after > before+64<<10 {
		t.Errorf("it keeps %d kB", (after-before)>>10)
	}
	runtime.KeepAlive(run)
}
