package cli

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// usage writes the help of the command, which is called path.
func (c *command) usage(out io.Writer, path string) {
	f := c.flagSet()
	h := helpText{width: width(out)}
	summary, rows := "Usage: "+path, [][2]string{{"-h, --help", "Show context-sensitive help."}}
	if f.HasFlags() {
		rows = append(rows, [2]string{})
	}
	f.VisitAll(func(flag *pflag.Flag) {
		shown := shownFlag(f, flag)
		if flag.Annotations[needed] != nil {
			summary += " " + shown
		}
		if !flag.Hidden {
			rows = append(rows, [2]string{"    " + shown, withVariables(flag)})
		}
	})
	for _, a := range c.args {
		summary += " " + a.String()
	}
	switch {
	case c.run == nil:
		summary += " <command>"
	case f.HasFlags():
		summary += " [flags]"
	}
	h.line(0, summary)
	for _, words := range []string{c.help, c.more} {
		if words != "" {
			h.line(0, "")
			for _, line := range wrapped(words, h.width) {
				h.line(0, line)
			}
		}
	}
	if c.args != nil {
		var args [][2]string
		for _, a := range c.args {
			args = append(args, [2]string{a.String(), a.help})
		}
		h.columns("Arguments:", args)
	}
	h.columns("Flags:", rows)
	if c.commands != nil {
		_, below, _ := strings.Cut(path, " ")
		h.columns("Commands:", c.leaves(nil, below))
	}
	if !strings.Contains(path, " ") {
		h.line(0, "")
		h.line(0, `Run "`+path+` <command> --help" for more information on a command.`)
	}
	_, _ = io.WriteString(out, h.String())
}

// leaves lists what can be run of a group, with its name and help.
func (c *command) leaves(rows [][2]string, path string) [][2]string {
	for _, of := range c.commands {
		name := strings.TrimSpace(path + " " + of.name)
		if of.commands == nil {
			rows = append(rows, [2]string{name, of.help})
		}
		rows = of.leaves(rows, name)
	}
	return rows
}

// shownFlag is how a flag is given: --name=VALUE.
func shownFlag(f *pflag.FlagSet, flag *pflag.Flag) string {
	name := flag.Name
	if f.Lookup("no-"+name) != nil {
		name = "[no-]" + name
	}
	if kind := flag.Value.Type(); kind != "" {
		name += "=" + kind
	}
	return "--" + name
}

// withVariables is the help of a flag, with the variables that it is read from.
func withVariables(flag *pflag.Flag) string {
	names := flag.Annotations[fromEnvironment]
	if names == nil {
		return flag.Usage
	}
	return strings.TrimSuffix(flag.Usage, ".") + " ($" + strings.Join(names, ", $") + ")."
}

// width is how wide lines may be: as the terminal, else 80 characters.
func width(out io.Writer) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil {
		return n
	}
	if f, ok := out.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return 80
}

// helpText is help being written.
type helpText struct {
	strings.Builder
	width int
}

func (h *helpText) line(indent int, s string) {
	h.WriteString(strings.TrimRight(strings.Repeat(" ", indent)+s, " ") + "\n")
}

// columns writes a title and rows of names and what they mean, beside each other where
// the name is short.
func (h *helpText) columns(title string, rows [][2]string) {
	h.line(0, "")
	h.line(0, title)
	const indent, gap = 2, 4
	widest := max(30, (h.width-indent)*3/8)
	left := 0
	for _, row := range rows {
		if n := len(row[0]); n < widest {
			left = max(left, n)
		}
	}
	for _, row := range rows {
		lines := wrapped(row[1], h.width-indent-left-gap)
		if len(row[0]) < widest {
			h.line(indent, fmt.Sprintf("%-*s%s", left+gap, row[0], lines[0]))
			lines = lines[1:]
		} else {
			h.line(indent, row[0])
		}
		for _, line := range lines {
			h.line(indent+left+gap, line)
		}
	}
}

// wrapped breaks s into lines of at most so many characters, as far as its words allow.
// An indented line stays as it is.
func wrapped(s string, width int) []string {
	var out []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(paragraph, " ") {
			out = append(out, paragraph)
			continue
		}
		line, used := "", 0
		for word := range strings.FieldsSeq(paragraph) {
			n := utf8.RuneCountInString(word)
			if line != "" && used+1+n > width {
				out = append(out, line)
				line, used = "", 0
			}
			if line != "" {
				line, used = line+" ", used+1
			}
			line, used = line+word, used+n
		}
		out = append(out, line)
	}
	return out
}
