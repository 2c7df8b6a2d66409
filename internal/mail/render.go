package mail

import (
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"time"

	html "github.com/DataDog/datadog-agent/pkg/template/html"
	text "github.com/DataDog/datadog-agent/pkg/template/text"
)

// Brand is who the letters are from, in the reader's eyes.
type Brand struct {
	// Name is what the company is called.
	Name string
	// LogoURL is the http(s) address of a picture, shown 32 pixels high; empty
	// for none. It should be one that may be seen without signing in.
	LogoURL string
	// Support is the mail address for questions, or empty.
	Support string
}

// Check returns an error that says what is wrong with the brand, or nil. With a
// brand that is wrong nothing can be rendered.
func (b Brand) Check() error {
	if b.Name == "" || flatten(b.Name) != b.Name {
		return errors.New("the brand needs a name of one line")
	}
	if b.LogoURL != "" {
		if err := checkLink(b.LogoURL); err != nil {
			return fmt.Errorf("the logo of the brand: %w", err)
		}
	}
	if b.Support != "" {
		if _, err := bareAddress(b.Support); err != nil {
			return fmt.Errorf("the support address of the brand: %w", err)
		}
	}
	return nil
}

// layout is what the two layouts are filled in with.
type layout struct {
	Locale  string
	Subject string
	Brand   Brand
	Blocks  []written
	// Hint stands before the address of the button, written out, and Questions before
	// the support address. Colon ends what a list or an address follows.
	Hint, Questions, Colon string
	Footer                 footer
}

var (
	htmlLayout = sync.OnceValue(func() *html.Template {
		// html/template drops comments, and those of the layout are read by Outlook.
		keep := html.FuncMap{"comment": func(s string) html.HTML { return html.HTML(s) }}
		return html.Must(html.New("layout.html").Funcs(keep).ParseFS(files, "templates/layout.html", "templates/words.html"))
	})
	textLayout = sync.OnceValue(func() *text.Template { return text.Must(text.ParseFS(files, "templates/layout.txt")) })
)

// Render writes the letter of t in the language of the locale, such as "de-AT":
// in the nearest language there is, else in English. The subject is one line of
// at most 150 characters. An error means that the brand or a link of t is
// wrong, or a time is missing.
func Render(b Brand, locale string, t Template) (subject, plain, rich string, err error) {
	if err := b.Check(); err != nil {
		return "", "", "", err
	}
	data, err := cleaned(t)
	if err != nil {
		return "", "", "", err
	}
	data["Brand"] = b.Name

	l := nearest(locale)
	letter, ok := l.letters[t.Kind()]
	if !ok {
		return "", "", "", fmt.Errorf("there is no letter of kind %q", t.Kind())
	}
	page := layout{Locale: l.locale, Brand: b}
	if page.Subject, page.Blocks, err = letter.fill(data); err != nil {
		return "", "", "", err
	}
	if page.Footer, err = l.footer(data); err != nil {
		return "", "", "", fmt.Errorf("a mail of kind %s: %w", t.Kind(), err)
	}
	for id, word := range map[string]*string{"hint": &page.Hint, "questions": &page.Questions, "colon": &page.Colon} {
		if *word, err = l.say(id, nil); err != nil {
			return "", "", "", err
		}
	}
	var plainPart, richPart strings.Builder
	if err := textLayout().Execute(&plainPart, page); err != nil {
		return "", "", "", err
	}
	if rich, _ := data["HTML"].(html.HTML); rich != "" {
		page.Blocks = withForeign(page.Blocks, rich)
	}
	if err := htmlLayout().Execute(&richPart, page); err != nil {
		return "", "", "", err
	}
	return page.Subject, plainPart.String(), richPart.String(), nil
}

// withForeign puts the sender's own HTML where the text is that it has written as well.
func withForeign(blocks []written, rich html.HTML) []written {
	var out []written
	for _, b := range blocks {
		switch {
		case b.Shape != prose:
			out = append(out, b)
		case len(out) == 0 || out[len(out)-1].Shape != foreign:
			out = append(out, written{Shape: foreign, HTML: rich})
		}
	}
	return out
}

// cleaned gives the fields of t by name, fit to be shown. It goes by the type of
// a field and its "mail" tag, so that no letter can forget it.
func cleaned(t Template) (map[string]any, error) {
	data := make(map[string]any)
	for field, value := range reflect.Indirect(reflect.ValueOf(t)).Fields() {
		rule, optional := strings.CutSuffix(field.Tag.Get("mail"), "optional")
		rule = strings.TrimSuffix(rule, ",")
		switch v := value.Interface().(type) {
		case string:
			switch rule {
			case "link":
				if err := checkLink(v); err != nil && (v != "" || !optional) {
					return nil, fmt.Errorf("the %s of a mail of kind %s: %w", field.Name, t.Kind(), err)
				}
				data[field.Name] = v
			case "message":
				data[field.Name] = cleanMessage(v)
			case "subject":
				data[field.Name] = shorten(flatten(v), maxSubject)
			case "text":
				data[field.Name] = cleanText(v)
			case "html":
				data[field.Name] = harmless(v)
			default:
				data[field.Name] = Clean(v, maxName)
			}
		case []string:
			var names []string
			for _, name := range v {
				if name = Clean(name, maxName); name != "" {
					names = append(names, name)
				}
			}
			data[field.Name] = names
		case time.Time:
			if v.IsZero() && !optional {
				return nil, fmt.Errorf("the %s of a mail of kind %s is missing", field.Name, t.Kind())
			}
			data[field.Name] = v
			if v.IsZero() {
				data[field.Name] = nil // letters call no methods to find out
			}
		case bool, Happening, Reason:
			data[field.Name] = v
		case netip.Addr:
			data[field.Name] = ""
			if v.IsValid() {
				data[field.Name] = v.Unmap().WithZone("").String()
			}
		default:
			return nil, fmt.Errorf("the %s of a mail of kind %s has the unknown type %T", field.Name, t.Kind(), v)
		}
	}
	return data, nil
}
