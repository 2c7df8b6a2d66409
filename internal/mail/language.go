package mail

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	text "golang.org/x/text/language"
)

// A language is a folder of letters, and a file of the words around every letter: how
// times and lists are written, why a notification comes, and what security notices
// tell. The words are messages of go-i18n, which knows the plurals.
type language struct {
	locale string
	words  *i18n.Localizer
	// letters are by kind.
	letters map[string]letter
}

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
	bundle := i18n.NewBundle(text.MustParse(locale))
	if _, err := bundle.ParseMessageFileBytes(source, name); err != nil {
		panic(fmt.Errorf("%s: %w", name, err))
	}
	l := &language{locale: locale, words: i18n.NewLocalizer(bundle, locale)}
	l.letters = readLetters(locale, l.functions())
	return l
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
func (l *language) say(id string, a about) (string, error) {
	return l.words.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: a})
}

// count writes a message about n things.
func (l *language) count(id string, n int) (string, error) {
	return l.words.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: about{"N": n}, PluralCount: n})
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
