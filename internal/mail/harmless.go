package mail

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	template "github.com/DataDog/datadog-agent/pkg/template/html"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// maxHTML is how much of a sender's HTML is read, in bytes. What is longer is not
	// shown at all, but the plain text: half a table is worse.
	maxHTML = 100 << 10
	// maxDepth is how deep elements may lie in each other.
	maxDepth = 100
	// maxAttribute is how long the words of an attribute may be, in characters.
	maxAttribute = 300
)

// allowed is what a sender's HTML may consist of.
type allowed struct {
	// elements are kept. Any other is replaced by what is in it, and one of the unseen
	// is left out with it.
	elements, unseen map[string]bool
	// everywhere are attributes of each element, attributes those of one.
	everywhere map[string]bool
	attributes map[atom.Atom]map[string]bool
	// properties may stand in an attribute style.
	properties map[string]bool
	// value is what an attribute may say that is for the eye only, declared the same of
	// a property: words, numbers and colours, nothing below zero and nothing to fetch.
	value, declared *regexp.Regexp
}

var harmlessParts = sync.OnceValue(func() allowed {
	set := func(words string) map[string]bool {
		out := make(map[string]bool)
		for word := range strings.FieldsSeq(words) {
			out[word] = true
		}
		return out
	}
	return allowed{
		elements: set("a abbr b big blockquote br caption center code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li " +
			"mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var"),
		unseen: set("applet audio button canvas datalist dialog embed form frame frameset head iframe input link map math meta noembed noframes noscript " +
			"object optgroup option plaintext script select style svg template textarea title track video xmp"),
		everywhere: set("style align valign bgcolor width height dir lang title"),
		attributes: map[atom.Atom]map[string]bool{
			atom.A:        set("href"),
			atom.Img:      set("src alt"),
			atom.Table:    set("border cellpadding cellspacing role"),
			atom.Td:       set("colspan rowspan"),
			atom.Th:       set("colspan rowspan scope"),
			atom.Col:      set("span"),
			atom.Colgroup: set("span"),
			atom.Font:     set("color size face"),
			atom.Ol:       set("start type"),
			atom.Ul:       set("type"),
		},
		properties: set("background-color border border-bottom border-collapse border-color border-left border-radius border-right border-spacing border-style " +
			"border-top border-width color display font font-family font-size font-style font-weight height letter-spacing line-height list-style-type margin " +
			"margin-bottom margin-left margin-right margin-top max-width min-width overflow-wrap padding padding-bottom padding-left padding-right padding-top " +
			"table-layout text-align text-decoration text-transform vertical-align white-space width word-break"),
		value:    regexp.MustCompile(`^[#\w ,.%]*$`),
		declared: regexp.MustCompile(`^(?:[\w ,.%!]|-[a-zA-Z]|#[0-9a-fA-F]|"[\w -]*"|'[\w -]*'|\b(?:rgb|hsl)a?\([\d ,.%/]*\))+$`),
	}
})

// harmless makes a stranger's HTML fit to stand within a mail: text, tables, pictures
// from https addresses, and links to http, https and mail addresses. It is read as a
// browser reads it and written anew, so what comes out closes whatever it opens, and
// nothing in it can be read in two ways. It is empty if there is nothing to see in it.
func harmless(s string) template.HTML {
	if s == "" || len(s) > maxHTML {
		return ""
	}
	nodes, err := html.ParseFragment(strings.NewReader(strings.ToValidUTF8(s, "")), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return ""
	}
	w := fragment{allowed: harmlessParts()}
	for _, n := range nodes {
		w.write(n, 0)
	}
	if !w.seen {
		return ""
	}
	return template.HTML(strings.TrimSpace(w.String()))
}

// fragment is harmless HTML being written.
type fragment struct {
	strings.Builder
	allowed
	// seen is true once there is something to see.
	seen bool
}

func (w *fragment) write(n *html.Node, depth int) {
	switch {
	case depth > maxDepth:
	case n.Type == html.TextNode:
		words := visible(n.Data)
		w.seen = w.seen || strings.TrimSpace(words) != ""
		w.WriteString(html.EscapeString(words))
	case n.Type != html.ElementNode || n.Namespace != "" || w.unseen[n.Data]:
	case n.DataAtom == atom.Img:
		w.picture(n)
	case w.elements[n.Data]:
		w.open(n)
		if n.DataAtom == atom.Br || n.DataAtom == atom.Hr || n.DataAtom == atom.Col {
			return
		}
		w.children(n, depth)
		w.WriteString("</" + n.Data + ">")
	default:
		w.children(n, depth)
	}
}

func (w *fragment) children(n *html.Node, depth int) {
	for c := range n.ChildNodes() {
		w.write(c, depth+1)
	}
}

// picture writes a picture, or the words that stand for it where it may not be fetched.
func (w *fragment) picture(n *html.Node) {
	var alt string
	fetched := false
	for _, a := range n.Attr {
		if a.Key == "alt" {
			alt = attributeWords(a.Val)
		}
		fetched = fetched || a.Key == "src" && linksTo(a.Val, "https")
	}
	w.seen = w.seen || fetched || alt != ""
	if fetched {
		w.open(n)
	} else {
		w.WriteString(html.EscapeString(alt))
	}
}

func (w *fragment) open(n *html.Node) {
	w.WriteString("<" + n.Data)
	for _, a := range n.Attr {
		if a.Namespace != "" || !w.everywhere[a.Key] && !w.attributes[n.DataAtom][a.Key] {
			continue
		}
		value, ok := w.attribute(a)
		if ok {
			w.WriteString(" " + a.Key + `="` + html.EscapeString(value) + `"`)
		}
	}
	w.WriteString(">")
}

func (w *fragment) attribute(a html.Attribute) (string, bool) {
	switch a.Key {
	case "href":
		return a.Val, linksTo(a.Val, "http", "https", "mailto")
	case "src":
		return a.Val, linksTo(a.Val, "https")
	case "style":
		style := w.style(a.Val)
		return style, style != ""
	case "alt", "title":
		return attributeWords(a.Val), true
	}
	return a.Val, len(a.Val) <= maxAttribute && w.value.MatchString(a.Val)
}

// style keeps the declarations that only change how a piece of text looks. None of them
// can lift it out of its place, and none fetches anything.
func (w *fragment) style(s string) string {
	var kept []string
	for declaration := range strings.SplitSeq(s, ";") {
		property, value, _ := strings.Cut(declaration, ":")
		property, value = strings.ToLower(strings.TrimSpace(property)), strings.TrimSpace(value)
		if w.properties[property] && len(value) <= maxAttribute && w.declared.MatchString(value) {
			kept = append(kept, property+":"+value)
		}
	}
	return strings.Join(kept, ";")
}

func attributeWords(s string) string { return shorten(flatten(s), maxAttribute) }

// linksTo reports whether s is an absolute address of one of the schemes, which any
// program reads alike.
func linksTo(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	if err != nil || !slices.Contains(schemes, u.Scheme) || strings.ContainsFunc(s, unsafeInLink) {
		return false
	}
	if u.Scheme == "mailto" {
		return u.Opaque != "" && !strings.HasPrefix(u.Opaque, "/")
	}
	return u.Host != "" && u.User == nil
}
