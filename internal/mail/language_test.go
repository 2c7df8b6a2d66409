package mail_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tenantry/internal/mail"
)

// placeholder is what is filled in: a field of the letter, or what a function makes of one.
var placeholder = regexp.MustCompile(`(?:\b(?:until|date|list|lines|happened|detail) )?\.[A-Z]\w*`)

// TestTranslations compares each letter with the English one: what is filled in, where
// it links to, and how long it is.
func TestTranslations(t *testing.T) {
	english, err := filepath.Glob("templates/en/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, locale := range mail.Locales() {
		written, err := filepath.Glob("templates/" + locale + "/*.txt")
		if err != nil {
			t.Fatal(err)
		}
		if len(written) != len(english) {
			t.Errorf("%d letters in %s, %d in English", len(written), locale, len(english))
		}
		for _, name := range english {
			kind := filepath.Base(name)
			original, translated := read(t, name), read(t, "templates/"+locale+"/"+kind)
			if diff := cmp.Diff(placeholders(original), placeholders(translated)); diff != "" {
				t.Errorf("%s in English (-) and in %s (+):\n%s", kind, locale, diff)
			}
			for _, link := range linkTargets.FindAllString(original, -1) {
				if strings.Count(translated, link) != strings.Count(original, link) {
					t.Errorf("%s in %s has %d times %s", kind, locale, strings.Count(translated, link), link)
				}
			}
			if long, short := utf8.RuneCountInString(translated), utf8.RuneCountInString(original); long*2 > short*5 {
				t.Errorf("%s in %s has %d characters, %d in English", kind, locale, long, short)
			}
			if locale != "en" && translated == original {
				t.Errorf("%s in %s is English", kind, locale)
			}
		}
	}
}

var linkTargets = regexp.MustCompile(`\]\(\{\{\.\w+\}\}\)`)

// placeholders lists what a source fills in, each once: a language may have to say
// something twice that another says once.
func placeholders(source string) []string {
	found := placeholder.FindAllString(withoutQuoted.ReplaceAllString(actionsOnly(source), ""), -1)
	slices.Sort(found)
	return slices.Compact(found)
}

var withoutQuoted = regexp.MustCompile(`"[^"]*"`)

// actionsOnly keeps what stands in {{…}}.
func actionsOnly(source string) string {
	return strings.Join(regexp.MustCompile(`\{\{[^}]*\}\}`).FindAllString(source, -1), " ")
}

func read(t *testing.T, name string) string {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// TestMessages compares the words around letters: the same messages in each language,
// with the same things filled in.
func TestMessages(t *testing.T) {
	want := messages(t, "en")
	for _, locale := range mail.Locales() {
		got := messages(t, locale)
		for id, source := range want {
			if got[id] == "" {
				t.Errorf("%s has no words for %s", locale, id)
			}
			if strings.HasPrefix(id, "date.") || id == "date" || id == "list" || strings.HasSuffix(id, ".one") {
				continue // each language puts these together from what it needs
			}
			if diff := cmp.Diff(placeholders(source), placeholders(got[id])); diff != "" {
				t.Errorf("%s in English (-) and in %s (+):\n%s", id, locale, diff)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d messages in %s, %d in English", len(got), locale, len(want))
		}
	}
}

// messages reads the words of a locale by their ids.
func messages(t *testing.T, locale string) map[string]string {
	t.Helper()
	var tree map[string]any
	if err := json.Unmarshal([]byte(read(t, "templates/"+locale+".json")), &tree); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string)
	var walk func(prefix string, node any)
	walk = func(prefix string, node any) {
		switch v := node.(type) {
		case string:
			out[prefix] = v
		case map[string]any:
			for key, child := range v {
				walk(strings.TrimPrefix(prefix+"."+key, "."), child)
			}
		}
	}
	walk("", tree)
	return out
}

// Whatever people are told of has its words in each language.
func TestHappeningsHaveWords(t *testing.T) {
	told := 0
	for id := range messages(t, "en") {
		action, ok := strings.CutSuffix(strings.TrimPrefix(id, "happening."), ".subject")
		if !ok {
			continue
		}
		told++
		if !mail.Told(action) {
			t.Errorf("there are words for %s, of which nobody is told", action)
		}
		for _, locale := range mail.Locales() {
			_, text, _, err := mail.Render(acme, locale, mail.SecurityNotice{
				What: mail.Happening(action), At: time.Now(), Fact: "the-fact", DenyLink: "https://a.example/", ExpiresAt: time.Now(),
			})
			if err != nil {
				t.Errorf("%s in %s: %v", action, locale, err)
			}
			if strings.Contains(messages(t, locale)["happening."+action+".detail"], ".Fact") != strings.Contains(text, "the-fact") {
				t.Errorf("%s in %s without its fact:\n%s", action, locale, text)
			}
		}
	}
	if told < 15 || mail.Told("account.created") {
		t.Errorf("people are told of %d things", told)
	}
}

func TestTimeInEachLanguage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const day = 24 * time.Hour
		for _, test := range []struct {
			locale string
			left   time.Duration
			want   string
		}{
			{"de", 7 * day, "noch 7 Tage, bis Samstag, 8. Januar 2000, um 00:00 Uhr (UTC)."},
			{"de", 61 * time.Minute, "noch 61 Minuten,"},
			{"de", time.Minute, "noch 1 Minute,"},
			{"de", time.Second, "noch weniger als eine Minute,"},
			{"fr", 31 * day, "pendant 31 jours, jusqu’au mardi 1er février 2000 à 00:00 (UTC)."},
			{"fr", 7 * day, "jusqu’au samedi 8 janvier 2000 à 00:00 (UTC)."},
			{"fr", 2*time.Hour - time.Second, "pendant 2 heures,"},
			{"fr", time.Minute, "pendant 1 minute,"},
			{"fr", time.Second, "pendant moins d’une minute,"},
			{"es", 7 * day, "durante 7 días, hasta el sábado, 8 de enero de 2000, a las 00:00 (UTC)."},
			{"es", time.Hour, "durante 60 minutos, hasta el sábado, 1 de enero de 2000, a la 01:00 (UTC)."},
			{"es", 4 * time.Hour, "durante 4 horas,"},
			{"es", time.Second, "durante menos de un minuto,"},
		} {
			_, text, _, err := mail.Render(acme, test.locale, mail.SignUp{Link: "https://a.example/", ExpiresAt: time.Now().Add(test.left)})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text, test.want) {
				t.Errorf("with %v left there is no %q in\n%s", test.left, test.want, text)
			}
		}
	})
}

func TestListsInEachLanguage(t *testing.T) {
	for _, test := range []struct {
		locale string
		items  []string
		want   string
	}{
		{"en", []string{"A"}, "Role: A"},
		{"en", []string{"A", "B", "C"}, "Roles: A, B and C"},
		{"de", []string{"A", "B", "C"}, "Rollen: A, B und C"},
		{"fr", []string{"A", "B", "C"}, "Rôles\u00a0: A, B et C"},
		{"es", []string{"A", "B"}, "Funciones: A y B"},
		{"es", []string{"Ventas", "Informes"}, "Funciones: Ventas e Informes"},
		{"es", []string{"Ventas", "Hilos"}, "Funciones: Ventas e Hilos"},
		{"es", []string{"Ventas", "Hierro"}, "Funciones: Ventas y Hierro"},
		{"es", []string{"Ventas", "Historia"}, "Funciones: Ventas e Historia"},
		{"es", []string{"Ventas", "Índices"}, "Funciones: Ventas e Índices"},
	} {
		letter := mail.Invitation{Roles: test.items, AcceptLink: "https://a.example/", UnknownSenderLink: "https://a.example/", ExpiresAt: time.Now()}
		for range 30 {
			letter.Permissions = append(letter.Permissions, "p")
		}
		_, text, _, err := mail.Render(acme, test.locale, letter)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, test.want+"\n") {
			t.Errorf("no %q in\n%s", test.want, text)
		}
		if more := map[string]string{"en": "and 5 more", "de": "und 5 weitere", "fr": "et 5 de plus", "es": "y 5 más"}[test.locale]; !strings.Contains(text, "- "+more+"\n") {
			t.Errorf("no %q in\n%s", more, text)
		}
	}
}
