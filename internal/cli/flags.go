package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// What is noted of a flag besides.
const (
	fromEnvironment = "environment" // the variables that it is read from where it is not given
	needed          = "needed"      // it has to be given
)

// value is what a flag is read into.
type value[T any] struct {
	into *T
	read func(string) (T, error)
	// shown stands for the value in the help: what it is when nothing is given, or its kind.
	shown string
}

// Set implements pflag.Value.
func (v value[T]) Set(s string) error {
	got, err := v.read(s)
	if err == nil {
		*v.into = got
	}
	return err
}

// String and Type implement pflag.Value.
func (v value[T]) String() string { return "" }
func (v value[T]) Type() string   { return v.shown }

// declare adds a flag that can be set by the environment as well.
func declare[T any](f *pflag.FlagSet, into *T, name, shown, help string, read func(string) (T, error)) *pflag.Flag {
	flag := f.VarPF(value[T]{into, read, shown}, name, "", help)
	flag.Annotations = map[string][]string{fromEnvironment: {"TENANTRY_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))}}
	return flag
}

// text adds a flag that takes anything.
func text(f *pflag.FlagSet, into *string, name, standard, help string) *pflag.Flag {
	*into = standard
	return declare(f, into, name, shownText(standard), help, func(s string) (string, error) { return s, nil })
}

func shownText(standard string) string {
	if standard == "" {
		return "STRING"
	}
	return strconv.Quote(standard)
}

// file adds a flag that takes the path of a file or folder.
func file(f *pflag.FlagSet, into *string, name, standard, help string) {
	*into = absolute(standard)
	declare(f, into, name, shownText(standard), help, func(s string) (string, error) {
		if s == "" {
			s = standard
		}
		return absolute(s), nil
	})
}

// absolute is the path from the root, with ~/ for the home folder. An empty one stays.
func absolute(path string) string {
	if path == "" {
		return ""
	}
	if below, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, below)
		}
	}
	if from, err := filepath.Abs(path); err == nil {
		return from
	}
	return path
}

// choice adds a flag that takes one of a few words, the first if none is given.
func choice(f *pflag.FlagSet, into *string, name, help string, among ...string) *pflag.Flag {
	*into = among[0]
	return declare(f, into, name, strconv.Quote(among[0]), help, func(s string) (string, error) {
		if !slices.Contains(among, s) {
			return "", fmt.Errorf(`must be one of "%s" but got %q`, strings.Join(among, `","`), s)
		}
		return s, nil
	})
}

// number adds a flag that takes a whole number.
func number(f *pflag.FlagSet, into *int, name string, standard int, help string) *pflag.Flag {
	*into = standard
	return declare(f, into, name, strconv.Itoa(standard), help, func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil {
			return 0, fmt.Errorf("expected a whole number but got %q", s)
		}
		return n, nil
	})
}

// duration adds a flag that takes a duration, by default so many hours.
func duration(f *pflag.FlagSet, into *time.Duration, name string, hours int, help string) {
	*into = time.Duration(hours) * time.Hour
	declare(f, into, name, strconv.Itoa(hours)+"h", help, func(s string) (time.Duration, error) {
		d, err := time.ParseDuration(s)
		if err != nil {
			return 0, fmt.Errorf("expected duration but got %q: %w", s, err)
		}
		return d, nil
	})
}

// list adds a flag that takes several words, separated by commas or given one after the other.
func list(f *pflag.FlagSet, into *[]string, name, of, help string) *pflag.Flag {
	return declare(f, into, name, of+",...", help, func(s string) ([]string, error) {
		if s == "" {
			return *into, nil
		}
		return append(*into, strings.Split(s, ",")...), nil
	})
}

// yes is what a flag means that is given without a value.
const yes = "true"

// toggle adds a flag that is on or off.
func toggle(f *pflag.FlagSet, into *bool, name, help string) *pflag.Flag {
	flag := declare(f, into, name, "", help, truth)
	flag.NoOptDefVal = yes
	return flag
}

// negatable adds a flag that is on, and which --no-NAME turns off.
func negatable(f *pflag.FlagSet, into *bool, name, help string) {
	*into = true
	flag := toggle(f, into, name, help)
	not := f.VarPF(value[bool]{into: into, read: func(s string) (bool, error) {
		b, err := truth(s)
		flag.Changed = true // it is said, so the environment is not asked
		return !b, err
	}}, "no-"+name, "", "")
	not.NoOptDefVal, not.Hidden = yes, true
}

func truth(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "true", "1", "yes":
		return true, nil
	case "false", "0", "no":
		return false, nil
	}
	return false, fmt.Errorf("bool value must be true, 1, yes, false, 0 or no but got %q", s)
}

// argumentOnly takes what is decided anew at each call: the environment has no part in it.
func argumentOnly(flag *pflag.Flag) *pflag.Flag {
	delete(flag.Annotations, fromEnvironment)
	return flag
}

// environment reads the flags that were not given from the environment.
func environment(f *pflag.FlagSet) (err error) {
	f.VisitAll(func(flag *pflag.Flag) {
		if flag.Changed || err != nil {
			return
		}
		for _, name := range flag.Annotations[fromEnvironment] {
			if given, ok := os.LookupEnv(name); ok {
				if wrong := flag.Value.Set(given); wrong != nil {
					err = fmt.Errorf("--%s: %w (from envar %s=%q)", flag.Name, wrong, name, given)
				}
				return
			}
		}
	})
	return err
}
