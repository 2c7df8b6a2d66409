package mail

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	html "github.com/DataDog/datadog-agent/pkg/template/html"
	template "github.com/DataDog/datadog-agent/pkg/template/text"
)

// A letter is one kind of mail in one locale, written once for both parts of
// the mail. Its file is a subject and then blocks, with a blank line between
// them, each a text/template of its own over the cleaned data:
//
//	Subject: one line
//
//	# The heading
//
//	A paragraph with *stressed* words; it may go over
//	several lines.
//
//	- An item of a list; several of them are one block
//
//	> A quotation
//
//	[The button]({{.Link}})
//
//	~ Small print, or ~ [a lesser link]({{.Link}}) in it
//
//	| Prose, which brings its own paragraphs and lines
//
// A block that comes out blank is left out. The shape of a block, and what is
// stressed, is settled before anything is filled in, so no data can alter it.
type letter struct {
	subject *template.Template
	blocks  []block
}

// block is a part of a letter that is still to be filled in.
type block struct {
	shape shape
	text  *template.Template
	// link is the address of a button or a lesser link, else nil.
	link *template.Template
}

type shape string

const (
	heading    shape = "heading"
	paragraph  shape = "paragraph"
	list       shape = "list"
	quotation  shape = "quotation"
	button     shape = "button"
	smallPrint shape = "small print"
	lesserLink shape = "lesser link"
	prose      shape = "prose"
	// foreign is prose in the HTML of its sender, in the rich part only.
	foreign shape = "foreign"
)

// stress toggles strong type. It is a private use character, which no cleaned
// text contains.
const stress = "\uE000"

//go:embed templates
var files embed.FS

// readLetters parses the letters of a locale, all in one set of templates, so that they
// share what they may call.
func readLetters(locale string, functions template.FuncMap) map[string]letter {
	names, err := fs.Glob(files, "templates/"+locale+"/*.txt")
	if err != nil {
		panic(err)
	}
	all := template.New(locale).Option("missingkey=error").Funcs(functions)
	out := make(map[string]letter)
	for _, name := range names {
		source, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		out[strings.TrimSuffix(path.Base(name), ".txt")] = parseLetter(all, name, string(source))
	}
	return out
}

func parseLetter(all *template.Template, name, source string) letter {
	parts := 0
	parse := func(s string) *template.Template {
		parts++
		return template.Must(all.New(fmt.Sprintf("%s:%d", name, parts)).Parse(s))
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(source), "\n\n")
	subject, ok := strings.CutPrefix(first, "Subject: ")
	if !ok {
		panic(fmt.Sprintf("%s does not begin with a subject", name))
	}
	l := letter{subject: parse(subject)}
	for part := range strings.SplitSeq(strings.ReplaceAll(rest, "*", stress), "\n\n") {
		part = strings.TrimSpace(part)
		b := block{shape: paragraph}
		switch {
		case strings.HasPrefix(part, "# "):
			b.shape, part = heading, part[2:]
		case strings.HasPrefix(part, "> "):
			b.shape, part = quotation, part[2:]
		case strings.HasPrefix(part, "- "):
			b.shape, part = list, strings.ReplaceAll(part[2:], "\n- ", "\n")
		case strings.HasPrefix(part, "~ "):
			b.shape, part = smallPrint, part[2:]
		case strings.HasPrefix(part, "| "):
			b.shape, part = prose, part[2:]
		}
		if strings.HasPrefix(part, "[") && strings.HasSuffix(part, ")") {
			label, address, ok := strings.Cut(part[1:len(part)-1], "](")
			if !ok {
				panic(fmt.Sprintf("%s: %q is half a link", name, part))
			}
			if b.shape == smallPrint {
				b.shape = lesserLink
			} else {
				b.shape = button
			}
			part, b.link = label, parse(address)
		}
		if b.shape != list && b.shape != quotation && b.shape != prose {
			part = strings.ReplaceAll(part, "\n", " ")
		}
		b.text = parse(part)
		l.blocks = append(l.blocks, b)
	}
	return l
}

// written is a block that is filled in.
type written struct {
	Shape shape
	// Lines has several for a list, a quotation or prose, and one for all else.
	Lines []line
	Link  string
	// HTML is what is foreign.
	HTML html.HTML
}

// line is a line of a block, in pieces of which some are stressed.
type line []piece

type piece struct {
	Words    string
	Stressed bool
}

// String gives the words without the stress.
func (l line) String() string {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.Words)
	}
	return b.String()
}

func parseLine(s string) line {
	var l line
	for i, words := range strings.Split(s, stress) {
		if words != "" {
			l = append(l, piece{Words: words, Stressed: i%2 == 1})
		}
	}
	return l
}

// fill writes the letter for the data.
func (l letter) fill(data map[string]any) (subject string, blocks []written, err error) {
	if subject, err = execute(l.subject, data); err != nil {
		return "", nil, err
	}
	for _, b := range l.blocks {
		text, err := execute(b.text, data)
		if err != nil {
			return "", nil, err
		}
		if b.shape == prose {
			for part := range strings.SplitSeq(text, "\n\n") {
				if lines := linesOf(part); lines != nil {
					blocks = append(blocks, written{Shape: prose, Lines: lines})
				}
			}
			continue
		}
		w := written{Shape: b.shape, Lines: linesOf(text)}
		if w.Lines == nil {
			continue
		}
		if b.link != nil {
			if w.Link, err = execute(b.link, data); err != nil {
				return "", nil, err
			}
		}
		blocks = append(blocks, w)
	}
	return shorten(flatten(subject), maxSubject), blocks, nil
}

// linesOf reads the lines of a block that are not blank.
func linesOf(text string) []line {
	var out []line
	for words := range strings.Lines(text) {
		if words = strings.TrimSpace(words); words != "" {
			out = append(out, parseLine(words))
		}
	}
	return out
}

func execute(t *template.Template, data map[string]any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", err
	}
	return b.String(), nil
}
