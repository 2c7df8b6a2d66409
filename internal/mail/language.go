package mail

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
	"text/template"
	"time"
)

// language is what a locale needs beside its folder of letters: the words
// around every letter, and how times and lists are written.
type language struct {
	// hint stands before the address of the button, written out.
	hint string
	// questions stands before the support address.
	questions string
	// date writes an instant, always in UTC.
	date func(time.Time) string
	// span writes how long something lasts, in one rounded unit.
	span func(time.Duration) string
	// enumerate writes "a, b and c".
	enumerate func([]string) string
	// more writes that n further items are left out.
	more func(n int) string
	// reasons say why a notification comes, given the account and the label of the
	// category, neither of which need be known.
	reasons map[Reason]func(account, category string) string
	// change is the link to where that is changed, unsubscribe the one that ends it.
	change      string
	unsubscribe func(category string) string
	// happenings are the words of security notices.
	happenings map[Happening]happened
}

// languages has an entry for each folder of templates.
var languages = map[string]language{
	fallback: {
		hint:      "If the button does not work, open this address:",
		questions: "Questions? Write to",
		date:      func(t time.Time) string { return t.UTC().Format("Monday, 2 January 2006 at 15:04 UTC") },
		span:      englishSpan,
		enumerate: func(items []string) string { return enumerate(items, "and") },
		more:      func(n int) string { return fmt.Sprintf("and %d more", n) },

		reasons: englishReasons,
		change:  "Change what you get",
		unsubscribe: func(category string) string {
			if category == "" {
				return "Unsubscribe"
			}
			return fmt.Sprintf("Unsubscribe from “%s”", category)
		},
		happenings: englishHappenings,
	},
}

// fallback is the locale that has every letter.
const fallback = "en"

// maxItems is how many lines a list has before the rest is only counted.
const maxItems = 25

// words are the functions that letters may call.
func (l language) words() template.FuncMap {
	out := template.FuncMap{
		"date":  l.date,
		"until": func(t time.Time) string { return l.span(time.Until(t)) },
		"list":  l.enumerate,
		"lines": func(items []string) string {
			if extra := len(items) - maxItems; extra > 0 {
				items = append(items[:maxItems:maxItems], l.more(extra))
			}
			return strings.Join(items, "\n")
		},
	}
	maps.Copy(out, l.tell())
	return out
}

var englishReasons = map[Reason]func(account, category string) string{
	ReasonAll: func(account, _ string) string {
		return fmt.Sprintf("You get this because everything about %s goes to this address.", cmp.Or(account, "the account"))
	},
	ReasonSelected: func(account, category string) string {
		return fmt.Sprintf("You get this because “%s” was chosen for this address in %s.", cmp.Or(category, "this"), cmp.Or(account, "the account"))
	},
	ReasonDefaultOn: func(account, category string) string {
		return fmt.Sprintf("You get this because every contact of %s gets “%s”, unless something else was chosen.", cmp.Or(account, "the account"), cmp.Or(category, "this"))
	},
	ReasonOwnerFallback: func(account, category string) string {
		return fmt.Sprintf("You get this because you own %s, and nobody else there gets “%s”.", cmp.Or(account, "the account"), cmp.Or(category, "this"))
	},
	ReasonPersonal: func(account, _ string) string {
		return fmt.Sprintf("You get this because it is about you and %s.", cmp.Or(account, "your account"))
	},
}

func englishSpan(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 47*time.Hour+30*time.Minute:
		return plural(d, day, "day")
	case d >= 119*time.Minute+30*time.Second:
		return plural(d, time.Hour, "hour")
	case d >= 30*time.Second:
		return plural(d, time.Minute, "minute")
	}
	return "less than a minute"
}

// plural writes d in whole units, rounded to the nearest.
func plural(d, unit time.Duration, name string) string {
	n := int64(d.Round(unit) / unit)
	if n == 1 {
		return "1 " + name
	}
	return fmt.Sprintf("%d %ss", n, name)
}

func enumerate(items []string, and string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " " + and + " " + items[last]
}
