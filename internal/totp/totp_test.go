package totp

import (
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/boombuler/barcode/qr"
)

// The test vectors of RFC 6238, appendix B, for SHA-1: codes of eight digits, of
// which ours are the last six.
func TestVectors(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		got, err := Code(secret, Step(time.Unix(at, 0)))
		if err != nil || got != want[2:] {
			t.Errorf("at %d: %s, %v, want %s", at, got, err, want[2:])
		}
	}
}

func TestMatch(t *testing.T) {
	secret := []byte("12345678901234567890")
	at := time.Unix(1111111111, 0)
	for _, tc := range []struct {
		name  string
		steps int64
		ok    bool
	}{{"now", 0, true}, {"a clock that is late", -1, true}, {"a clock that is ahead", 1, true}, {"too late", -2, false}, {"too far ahead", 2, false}} {
		code, err := Code(secret, Step(at)+tc.steps)
		if err != nil {
			t.Fatal(err)
		}
		step, ok, err := Match(secret, code, at)
		if err != nil || ok != tc.ok || ok && step != Step(at)+tc.steps {
			t.Errorf("%s: %d %v %v", tc.name, step-Step(at), ok, err)
		}
	}
	for _, code := range []string{"", "0", "00000", "1234567", "０５０４７１"} {
		if _, ok, _ := Match(secret, code, at); ok {
			t.Errorf("%q is taken", code)
		}
	}
}

func TestURI(t *testing.T) {
	secret := []byte("12345678901234567890")
	for _, tc := range []struct{ issuer, account, path string }{
		{"Tenantry", "olive@example.com", "/Tenantry:olive@example.com"},
		{`Ba & Sons: "quick" <b>`, "o+1@example.com", `/Ba & Sons  "quick" <b>:o+1@example.com`},
		{"Größe?x=1#y", "a%2fb@example.com", "/Größe?x=1#y:a%2fb@example.com"},
	} {
		text := URI(secret, tc.issuer, tc.account)
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != tc.path || u.Fragment != "" || strings.Contains(text, "+") && !strings.Contains(tc.account, "+") {
			t.Errorf("%s: %v, %v", text, u, err)
		}
		q := u.Query()
		if q.Get("issuer") != strings.ReplaceAll(tc.issuer, ":", " ") || q.Get("secret") != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" ||
			q.Get("algorithm") != "SHA1" || q.Get("digits") != "6" || q.Get("period") != "30" || len(q) != 5 {
			t.Errorf("%s: %v", text, q)
		}
	}
	if got := Text(secret); got != "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ" {
		t.Error(got)
	}
}

// The drawing is the code of the text, module by module, dark on light, with the
// margin that scanners need, and its title says nothing but what it says.
func TestSVG(t *testing.T) {
	for _, text := range []string{"x", "otpauth://totp/Tenantry:olive@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tenantry", strings.Repeat("0123456789", 100)} {
		const title = `</title><script>alert("1")</script>&`
		svg, err := SVG(text, title)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			ViewBox string `xml:"viewBox,attr"`
			Title   string `xml:"title"`
			Paths   []struct {
				Fill string `xml:"fill,attr"`
				D    string `xml:"d,attr"`
			} `xml:"path"`
			Others []struct{} `xml:"script"`
		}
		if err := xml.Unmarshal([]byte(svg), &doc); err != nil || doc.Title != title || len(doc.Others) > 0 || len(doc.Paths) != 2 {
			t.Fatalf("%v %+v", err, doc)
		}
		want, err := qr.Encode(text, qr.M, qr.Unicode)
		if err != nil {
			t.Fatal(err)
		}
		n := want.Bounds().Dx()
		if full := n + 8; doc.ViewBox != fmt.Sprintf("0 0 %d %[1]d", full) || doc.Paths[0].Fill != "#fff" || doc.Paths[0].D != fmt.Sprintf("M0 0h%dv%[1]dH0z", full) || doc.Paths[1].Fill != "#000" {
			t.Errorf("%s: %s %s", doc.ViewBox, doc.Paths[0].Fill, doc.Paths[0].D)
		}
		got := image.NewGray(image.Rect(0, 0, n+8, n+8))
		for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(doc.Paths[1].D, -1) {
			x, _ := strconv.Atoi(run[1])
			y, _ := strconv.Atoi(run[2])
			w, _ := strconv.Atoi(run[3])
			for i := range w {
				got.SetGray(x+i, y, color.Gray{255})
			}
		}
		for y := range n + 8 {
			for x := range n + 8 {
				dark := x >= 4 && y >= 4 && x < n+4 && y < n+4 && want.At(x-4, y-4) == color.Black
				if (got.GrayAt(x, y).Y == 255) != dark {
					t.Fatalf("%.20s: module %d %d is dark: %v", text, x, y, !dark)
				}
			}
		}
	}
}
