package mail

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	template "github.com/DataDog/datadog-agent/pkg/template/text"
	"golang.org/x/text/feature/plural"
	text "golang.org/x/text/language"
)

// A language is a folder of letters, and a file of the words around every letter: how
// times and lists are written, why a notification comes, and what security notices
// tell.
type language struct {
	locale string
	// tag is the locale for those who know its plurals.
	tag   text.Tag
	words map[string]message
	// letters are by kind.
	letters map[string]letter
}

// A message is a piece of text for each plural it has in its language, as the Unicode
// CLDR calls them: "one", "few" and so on. What does not count is "other" alone.
type message map[string]*template.Template

// fallback is the locale for everybody whose own there is not.
const fallback = "en"

// languages has an entry for each folder of templates. A language is read when the
// first mail in it is written, since most companies write in one or two.
var languages = map[string]func() *language{
	fallback: sync.OnceValue(func() *language { return readLanguage(fallback) }),
	"de":     sync.OnceValue(func() *language { return readLanguage("de") }),
	"fr":     sync.OnceValue(func() *language { return readLanguage("fr") }),
	"es":     sync.OnceValue(func() *language { return readLanguage("es") }),
}

// Locales lists the languages that letters are written in, such as "de".
func Locales() []string { return slices.Sorted(maps.Keys(languages)) }

// readLanguage reads what is compiled in. A mistake there is a mistake of this package,
// so it panics.
func readLanguage(locale string) *language {
	name := "templates/" + locale + ".json"
	source, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(source, &tree); err != nil {
		panic(fmt.Errorf("%s: %w", name, err))
	}
	l := &language{locale: locale, tag: text.MustParse(locale), words: make(map[string]message)}
	l.readWords("", tree, template.New(locale).Option("missingkey=error"))
	l.letters = readLetters(locale, l.functions())
	return l
}

// readWords reads messages by their ids, which are the keys on the way to them with dots
// between. As with letters, all are in one set of templates.
func (l *language) readWords(prefix string, tree map[string]any, all *template.Template) {
	parse := func(id string, source any) *template.Template {
		return template.Must(all.New(id).Parse(source.(string)))
	}
	for key, node := range tree {
		id := prefix + key
		below, ok := node.(map[string]any)
		switch {
		case !ok:
			l.words[id] = message{"other": parse(id, node)}
		case below["other"] == nil:
			l.readWords(id+".", below, all)
		default:
			l.words[id] = make(message)
			for form, source := range below {
				l.words[id][form] = parse(id+"."+form, source)
			}
		}
	}
}

// nearest finds the language for a locale: that of "de-AT", "de", then English.
func nearest(locale string) *language {
	locale = strings.ToLower(strings.ReplaceAll(locale, "_", "-"))
	for locale != "" {
		if l, ok := languages[locale]; ok {
			return l()
		}
		locale = locale[:max(strings.LastIndexByte(locale, '-'), 0)]
	}
	return languages[fallback]()
}

// about is what a message may speak of.
type about map[string]any

// say writes a message.
func (l *language) say(id string, a about) (string, error) { return l.inForm("other", id, a) }

// forms are the plurals of a language.
var forms = map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}

// count writes a message about n things.
func (l *language) count(id string, n int) (string, error) {
	return l.inForm(forms[plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)], id, about{"N": n})
}

func (l *language) inForm(form, id string, a about) (string, error) {
	m, ok := l.words[id]
	if !ok {
		return "", fmt.Errorf("there are no words for %q in %s", id, l.locale)
	}
	words, ok := m[form]
	if !ok {
		words = m["other"]
	}
	return execute(words, a)
}

// maxItems is how many lines a list has before the rest is only counted.
const maxItems = 25

// functions are what letters may call.
func (l *language) functions() template.FuncMap {
	return template.FuncMap{
		"date":  l.date,
		"until": func(t time.Time) (string, error) { return l.span(time.Until(t)) },
		"list":  l.list,
		"lines": l.lines,
		"happened": func(what Happening, brand string) (string, error) {
			return l.say("happening."+string(what)+".subject", about{"Brand": brand})
		},
		"detail": func(what Happening, fact string) (string, error) {
			return l.say("happening."+string(what)+".detail", about{"Fact": fact})
		},
	}
}

// date writes an instant to the minute, always in UTC.
func (l *language) date(t time.Time) (string, error) {
	t = t.UTC()
	weekdays, err := l.say("weekdays", nil)
	if err != nil {
		return "", err
	}
	months, err := l.say("months", nil)
	if err != nil {
		return "", err
	}
	return l.say("date", about{
		"Weekday": strings.Fields(weekdays)[t.Weekday()], "Day": t.Day(), "Month": strings.Fields(months)[t.Month()-1], "Year": t.Year(),
		"Hour": t.Hour(), "Time": t.Format("15:04"),
	})
}

// span writes how long something lasts, in one unit, rounded to the nearest.
func (l *language) span(d time.Duration) (string, error) {
	const day = 24 * time.Hour
	rounded := func(unit time.Duration) int { return int(d.Round(unit) / unit) }
	switch {
	case d >= 47*time.Hour+30*time.Minute:
		return l.count("days", rounded(day))
	case d >= 119*time.Minute+30*time.Second:
		return l.count("hours", rounded(time.Hour))
	case d >= 30*time.Second:
		return l.count("minutes", rounded(time.Minute))
	}
	return l.say("moment", nil)
}

// list writes "a, b and c".
func (l *language) list(items []string) (string, error) {
	if len(items) < 2 {
		return strings.Join(items, ""), nil
	}
	last := len(items) - 1
	return l.say("list", about{"Most": strings.Join(items[:last], ", "), "Last": items[last], "LikeI": soundsLikeI(items[last])})
}

// soundsLikeI reports whether a Spanish word begins with the sound of "i", before
// which "y" becomes "e". The one of "hierro" is another.
func soundsLikeI(word string) bool {
	word = strings.TrimPrefix(strings.ToLower(word), "h")
	if strings.HasPrefix(word, "í") {
		return true
	}
	rest, ok := strings.CutPrefix(word, "i")
	return ok && !strings.HasPrefix(rest, "e") && !strings.HasPrefix(rest, "a") && !strings.HasPrefix(rest, "o")
}

// lines writes one line for each item, and counts those that are too many.
func (l *language) lines(items []string) (string, error) {
	if extra := len(items) - maxItems; extra > 0 {
		more, err := l.say("more", about{"N": extra})
		if err != nil {
			return "", err
		}
		items = append(items[:maxItems:maxItems], more)
	}
	return strings.Join(items, "\n"), nil
}
