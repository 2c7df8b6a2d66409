package mail_test

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"tenantry/internal/mail"
)

// foreign gives what is left of a sender's HTML, as it stands in the mail; "" if the
// text is shown instead.
func foreign(t must, document string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	cell := find(root, "td", "foreign")
	if cell == nil {
		return ""
	}
	var b strings.Builder
	for n := range find(cell, "div", "").ChildNodes() {
		if err := html.Render(&b, n); err != nil {
			t.Fatal(err)
		}
	}
	return strings.ReplaceAll(b.String(), "/>", ">")
}

// find gives the first element of a name and, where it is not empty, a class.
func find(n *html.Node, name, class string) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name && (class == "" || attribute(d, "class") == class) {
			return d
		}
	}
	return nil
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// Invariant 39.
func TestForeignHTML(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"plain", `<p>Dear <b>Ada</b>,<br>pay &euro;48.20.</p>`, `<p>Dear <b>Ada</b>,<br>pay €48.20.</p>`},
		{"table", `<table width="100%" cellpadding=4><tr><td align=right bgcolor="#eee">1</table>`, `<table width="100%" cellpadding="4"><tbody><tr><td align="right" bgcolor="#eee">1</td></tr></tbody></table>`},
		{"links", `<a href="https://acme.example/pay?a=1&b=2" target=_blank>Pay</a> <a href="mailto:help@acme.example">us</a>`, `<a href="https://acme.example/pay?a=1&amp;b=2">Pay</a> <a href="mailto:help@acme.example">us</a>`},
		{"picture", `<img src="https://acme.example/a.png" alt="A" width=10>`, `<img src="https://acme.example/a.png" alt="A" width="10">`},
		{"picture that cannot be fetched", `<img src="http://acme.example/a.png" alt="A <b>"> <img src="cid:x" alt=B> <img src="data:image/png;base64,AA==" alt=C>`, `A &lt;b&gt; B C`},
		{"style", `<span style="color:#c00; font-weight: bold; background-color:rgb(1, 2, 3)">x</span>`, `<span style="color:#c00;font-weight:bold;background-color:rgb(1, 2, 3)">x</span>`},
		{"style that fetches", `<p style="background:url(https://evil.example/);color:red;width:expression(alert(1));font-family:'a;b'">x</p>`, `<p style="color:red">x</p>`},
		{"style that hides in escapes", `<p style="color:r\65 d;col/**/or:red;background-color:u\72l(x)">x</p>`, `<p>x</p>`},
		{"style out of its place", `<p style="position:fixed;top:0;margin-top:-300px;z-index:9;float:left;width:4px">x</p>`, `<p style="width:4px">x</p>`},
		{"script", `<script>alert(1)</script><p onclick="alert(1)">x</p><a href="javascript:alert(1)">y</a><a href=" jAvAsCrIpT:x">z</a>`, `<p>x</p><a>y</a><a>z</a>`},
		{"document", `<!DOCTYPE html><html><head><title>t</title><style>p{color:red}</style></head><body class="b" bgcolor=red><!-- c --><p class="x" id="y">x</p></body></html>`, `<p>x</p>`},
		{"out of the cell", `</div></td></tr></tbody></table></body><p>x</p><td>y</td></table>`, `<p>x</p>y`},
		{"half open", `<b><table><tr><td><i>x`, `<b><table><tbody><tr><td><i>x</i></td></tr></tbody></table></b>`},
		{"markup that is written out", `<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;b&amp;gt;</p>`, `<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;b&amp;gt;</p>`},
		{"quotes in attributes", `<p title='" onclick="x'>x</p>`, `<p title="&#34; onclick=&#34;x">x</p>`},
		{"forms", `<form action="https://evil.example"><input value="card number"><button>Pay</button><textarea>t</textarea><p>x</p></form>`, ``},
		{"frames and drawings", `<iframe src="https://evil.example"></iframe><svg><a href="javascript:x"><text>s</text></a></svg><math><mtext></p></math><p>x</p>`, `<p>x</p>`},
		{"two ways to read", `<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript><p>x</p>`, `&#34;&gt;<p>x</p>`},
		{"another two", `<style><img title="</style><img src=x onerror=alert(1)>"></style><p>x</p>`, `&#34;&gt;<p>x</p>`},
		{"invisible", "<p title=\"a\u202eb\">a\u202egpj.exe\u200b&#8238;&#x2066;&zwj;\x00</p>", `<p title="ab">agpj.exe</p>`},
		{"unknown elements", `<marquee><blink>x</blink></marquee><o:p>y</o:p><bdo dir=rtl>z</bdo>`, `xyz`},
		{"template syntax", `<p title="{{.Brand}}">{{.Brand}} {{template "x"}}</p>`, `<p title="{{.Brand}}">{{.Brand}} {{template &#34;x&#34;}}</p>`},
		{"password in a link", `<a href="https://bank.example@evil.example/">x</a>`, `<a>x</a>`},
		{"path for a link", `<a href="/x">x</a><a href="//evil.example">y</a><a href="https:evil">z</a>`, `<a>x</a><a>y</a><a>z</a>`},
		{"nothing to see", "<p> \u200b</p><br><table><tr><td></td></tr></table>", ``},
		{"too long", `<p>` + strings.Repeat("x", 100<<10) + `</p>`, ``},
		{"deep", strings.Repeat("<div>", 400) + "x", ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, text, rich, err := mail.Render(acme, "en", mail.Notification{Subject: "S", Body: "the text", HTML: test.in})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text, "\nthe text\n") {
				t.Errorf("no text in\n%s", text)
			}
			if (test.want == "") != strings.Contains(rich, "the text") {
				t.Errorf("text and HTML are both shown, or neither:\n%s", rich)
			}
			if got := foreign(t, rich); got != test.want {
				t.Errorf("%s\n is %s\nwant %s", test.in, got, test.want)
			}
		})
	}
}

// markup makes what a stranger might call HTML.
func markup() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{
			"<p>", "</p>", "<div style=\"", "\">", "'>", "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "</tbody>", "<a href=\"", "<img src=\"", "<b>", "<i", ">", "<",
			"</div>", "</body>", "</html>", "<svg>", "<math>", "<mtext>", "<style>", "</style>", "<script>", "</script>", "<noscript>", "<template>", "<select>", "<option>", "<form>",
			"<textarea>", "<title>", "<plaintext>", "<xmp>", "<!--", "-->", "<![CDATA[", "]]>", "<!--[if mso]>", "<![endif]-->", "<base href=https://evil.example>", "<frameset>",
			"<caption>", "<col>", "<h1>", "</h2>", "<li>", "<foreignObject>", "<annotation-xml encoding=\"text/html\">", "<mglyph>", "<malignmark>", "<a><table><td><a>",
			" onerror=alert(1) ", " style=\"color:red;background:url(x)\" ", " href=javascript:alert(1) ", " src=https://acme.example/a.png ", " dir=rtl ", " class=card ", " id=x ",
			"javascript:alert(1)", "https://acme.example/?a=1&b=2", "mailto:a@b.example", "data:text/html,x", "vbscript:x", "&#106;avascript:", "&lt;script&gt;", "&#8238;", "&nbsp;",
			"\u202e", "\u200b", "\x00", "\xff", "\r\n", "{{.Brand}}", "`", "\\", "expression(", "url(", "position:fixed;", "margin:-9px;", "font:", ";", ":", "Ada", " ",
			strings.Repeat("<b>", 70), strings.Repeat("<div>", 90), strings.Repeat("long", 2560),
		}),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 0, 25).Draw(t, "parts"), "")
	})
}

// oracle is a sanitizer that is widely used, told what a mail may hold. It finds nothing
// to take away from what is harmless.
func oracle() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(strings.Fields("abbr b big blockquote br caption center code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp " +
		"small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var a img")...)
	p.AllowNoAttrs().OnElements("a", "font", "span", "q", "abbr", "img")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("style", "align", "valign", "bgcolor", "width", "height", "dir", "lang", "title", "border", "cellpadding", "cellspacing", "role", "colspan", "rowspan", "scope",
		"span", "color", "size", "face", "start", "type").Globally()
	p.AllowStyles("background-color", "border", "color", "display", "font", "font-family", "font-size", "font-weight", "margin", "padding", "text-align", "width").
		Matching(regexp.MustCompile(`^[^:\\/<>]*$`)).Globally()
	return p
}

// Invariant 39.
func TestForeignHTMLIsHarmless(t *testing.T) {
	policy := oracle()
	words := hostile()
	box := mailbox(t)
	rapid.Check(t, func(t *rapid.T) {
		source := markup().Draw(t, "HTML")
		letter := mail.Notification{Subject: words.Draw(t, "subject"), Body: words.Draw(t, "text"), HTML: source, Reason: mail.ReasonSelected,
			PreferencesLink: "https://portal.acme.example/preferences"}
		subject, text, rich, err := mail.Render(acme, rapid.SampledFrom(mail.Locales()).Draw(t, "locale"), letter)
		if err != nil {
			t.Fatal(err)
		}
		if err := box.Send(context.Background(), mail.Message{ID: "dlv_1", To: "ada@example.com", Subject: subject, Text: text, HTML: rich}); err != nil {
			t.Fatal(err)
		}
		got := parse(t, box.Messages("")[0].Source)
		if diff := cmp.Diff(headers, got.headers); diff != "" {
			t.Fatalf("headers (-want +got):\n%s", diff)
		}
		if utf8.RuneCountInString(got.subject) > 150 || got.subject == "" || strings.ContainsFunc(got.subject, func(r rune) bool { return r == '\n' || invisible(r) }) {
			t.Fatalf("subject %q", got.subject)
		}
		if strings.ContainsFunc(got.text, invisible) || strings.ContainsFunc(got.html, invisible) {
			t.Fatalf("something invisible in\n%q\n%q", got.text, got.html)
		}

		// Around it stands what always stands there, in its place.
		root, err := html.Parse(strings.NewReader(got.html))
		if err != nil {
			t.Fatal(err)
		}
		foot := find(root, "td", "faint link")
		if foot == nil || find(root, "body", "page") == nil {
			t.Fatalf("there is no foot in\n%s", got.html)
		}
		depth := 0
		for n := foot; n != nil; n = n.Parent {
			depth++
			if attribute(n, "class") == "foreign" {
				t.Fatalf("the foot is foreign in\n%s", got.html)
			}
		}
		if depth != 14 {
			t.Fatalf("the foot lies %d deep in\n%s", depth, got.html)
		}

		inner := foreign(t, rich)
		check := func(s string) map[string]int {
			seen := make(map[string]int)
			var open []string
			for z := html.NewTokenizer(strings.NewReader(s)); z.Next() != html.ErrorToken; {
				token := z.Token()
				switch token.Type {
				case html.CommentToken, html.DoctypeToken:
					t.Fatalf("%s in\n%s", token, s)
				case html.StartTagToken:
					seen[token.Data]++
					for _, a := range token.Attr {
						seen[token.Data+" "+a.Key]++
						if strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"class", "id", "srcset", "background", "action"}, a.Key) {
							t.Fatalf("an attribute %s in\n%s", a.Key, s)
						}
						if a.Key == "href" && !regexp.MustCompile(`^(https?://|mailto:)[!-~]+$`).MatchString(a.Val) || a.Key == "src" && !regexp.MustCompile(`^https://[!-~]+$`).MatchString(a.Val) {
							t.Fatalf("%s to %q in\n%s", a.Key, a.Val, s)
						}
						if a.Key == "style" && regexp.MustCompile(`(?i)url|expression|position|import|[\\/<>@]|-\d`).MatchString(a.Val) {
							t.Fatalf("a style %q in\n%s", a.Val, s)
						}
					}
					if !slices.Contains([]string{"br", "hr", "img", "col"}, token.Data) {
						open = append(open, token.Data)
					}
				case html.EndTagToken:
					if len(open) == 0 || open[len(open)-1] != token.Data {
						t.Fatalf("</%s> closes %v in\n%s", token.Data, open, s)
					}
					open = open[:len(open)-1]
				}
			}
			if len(open) > 0 {
				t.Fatalf("%v stays open in\n%s", open, s)
			}
			return seen
		}
		harmless, sanitized := check(inner), check(policy.Sanitize(inner))
		for _, seen := range []map[string]int{harmless, sanitized} {
			maps.DeleteFunc(seen, func(key string, _ int) bool {
				return strings.HasSuffix(key, " style") || strings.HasSuffix(key, " rel")
			})
		}
		if diff := cmp.Diff(harmless, sanitized); diff != "" {
			t.Fatalf("another sanitizer finds (-harmless +sanitized):\n%s\nin %s", diff, inner)
		}
	})
}

// What could be slow to read, and is not.
func BenchmarkForeignHTML(b *testing.B) {
	for _, part := range []string{"<b>", "<b><p>", "<a>", "<a><table>", "<p a a1 a2", "<table><td>", `<p style="color:red;`, "&#8238;", "<font><div>", "<form><table>", "<", "<nobr><div>"} {
		b.Run(part, func(b *testing.B) {
			letter := mail.Notification{Subject: "S", Body: "B", HTML: strings.Repeat(part, 100<<10/len(part))}
			for b.Loop() {
				if _, _, _, err := mail.Render(acme, "en", letter); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
