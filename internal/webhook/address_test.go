package webhook_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"code.dny.dev/ssrf"

	"tenantry/internal/fault"
	"tenantry/internal/webhook"
)

// Invariant 41: what may be called, and in which one spelling, and what may not,
// however it is written. Where a name leads is judged when it is dialled: see TestCall.
func TestURL(t *testing.T) {
	for given, want := range map[string]string{
		"https://example.com":                              "https://example.com/",
		"https://example.com/":                             "https://example.com/",
		" https://example.com/hooks?a=b&c=%20 ":            "https://example.com/hooks?a=b&c=%20",
		"HTTPS://Example.COM:443/Hooks":                    "https://example.com/Hooks",
		"https://example.com:8443/":                        "https://example.com:8443/",
		"https://example.com:08443/":                       "https://example.com:8443/",
		"https://example.com:/":                            "https://example.com/",
		"https://example.com./":                            "https://example.com/",
		"https://example.com/?":                            "https://example.com/",
		"https://münchen.example/ü":                        "https://xn--mnchen-3ya.example/%C3%BC",
		"https://xn--mnchen-3ya.example/":                  "https://xn--mnchen-3ya.example/",
		"https://198.41.0.4/":                              "https://198.41.0.4/",
		"https://[2001:4860:4860::8888]/":                  "https://[2001:4860:4860::8888]/",
		"https://[2001:4860:4860:0:0:0:0:8888]:8443/":      "https://[2001:4860:4860::8888]:8443/",
		"https://[::ffff:198.41.0.4]/":                     "https://198.41.0.4/",
		"https://[64:ff9b::198.41.0.4]/":                   "https://[64:ff9b::c629:4]/",
		"https://a.b.c.d.example.com/":                     "https://a.b.c.d.example.com/",
		"https://example.com/a%2Fb":                        "https://example.com/a%2Fb",
		"https://1.example.com/":                           "https://1.example.com/",
		"https://localhost.example.com/":                   "https://localhost.example.com/",
		"https://127.0.0.1.example.com/":                   "https://127.0.0.1.example.com/",
		"https://example.com/" + strings.Repeat("a", 1980): "https://example.com/" + strings.Repeat("a", 1980),

		"": "", " ": "", "example.com": "", "//example.com/": "", "/hooks": "", "https:": "", "https:/": "", "https://": "", "https:///hooks": "",
		"https:example.com": "", "https:/example.com": "", "https//example.com": "", "http://example.com/": "", "ftp://example.com/": "", "file:///etc/passwd": "",
		"gopher://example.com/": "", "javascript:alert(1)": "", "data:text/plain,x": "", "unix:///run/socket": "", "ws://example.com/": "", "httpss://example.com/": "",
		"https://user@example.com/": "", "https://user:password@example.com/": "", "https://@example.com/": "", "https://example.com@127.0.0.1/": "", "https://:@example.com/": "",
		"https://example.com/#": "", "https://example.com/#part": "", "https://example.com#@127.0.0.1/": "",
		"https://example.com:22/": "", "https://example.com:25/": "", "https://example.com:80/": "", "https://example.com:0/": "", "https://example.com:1023/": "", "https://example.com:65536/": "",
		"https://example.com:99999999999999999999/": "", "https://example.com:-1/": "", "https://example.com:https/": "", "https://example.com: 443/": "",
		"https://exa mple.com/": "", "https://example.com/a b": "", "https://example.com/\x00": "", "https://example.com/\r\nHost: x": "", "https://example.com\t/": "", "https://example.com/\x7f": "",
		"https://example.com\\@127.0.0.1/": "", "https:\\\\example.com/": "", "https://example.com/a\\b": "", "https://example.com/%zz": "", "https://example.com/?ü": "",
		"https://" + strings.Repeat("a", 64) + ".com/": "", "https://example.com/" + strings.Repeat("a", 1981): "", "https://example.com/" + strings.Repeat("ü", 700): "",

		"https://localhost/": "", "https://LOCALHOST/": "", "https://localhost./": "", "https://localhost:8443/": "", "https://a.localhost/": "", "https://db/": "", "https://db.local/": "",
		"https://metadata.google.internal/": "", "https://vault.service.internal./": "", "https://printer.lan/": "", "https://router.home.arpa/": "", "https://x.onion/": "", "https://x.corp/": "", "https://x.invalid/": "",
		"https://-a.example/": "", "https://a-.example/": "", "https://a..example/": "", "https://.example.com/": "", "https://example.com../": "", "https://a_b.example/": "", "https://*.example.com/": "", "https://%65xample.com/": "",
		"https://еxample.com/": "", "https://ｅxample.com/": "", "https://exa\u00admple.com/": "", "https://example。com/": "", "https://①.example/": "",

		"https://0/": "", "https://127.1/": "", "https://127.0.1/": "", "https://2130706433/": "", "https://0x7f000001/": "", "https://0x7f.0.0.1/": "", "https://0x7f.1/": "", "https://017700000001/": "",
		"https://0177.0.0.1/": "", "https://127.0.0.01/": "", "https://127.0.0.1./": "", "https://00127.0.0.1/": "", "https://256.256.256.256/": "", "https://1.2.3.4.5/": "", "https://1.2.3/": "", "https://127.0.0.0x1/": "", "https://a.0x1/": "", "https://example.1/": "",
		"https://１２７.0.0.1/": "", "https://127。0。0。1/": "", "https://①②⑦.0.0.1/": "", "https://127.0.0.1%2f.example.com/": "", "https://127.0.0.1%00.example.com/": "", "https://127.0.0.1:8443@example.com/": "",
		"https://0.0.0.0/": "", "https://0.1.2.3/": "", "https://127.0.0.1/": "", "https://127.255.255.254/": "", "https://10.0.0.1/": "", "https://10.255.255.255/": "", "https://172.16.0.1/": "", "https://172.31.255.255/": "",
		"https://192.168.0.1/": "", "https://192.168.255.255/": "", "https://169.254.0.1/": "", "https://169.254.169.254/": "", "https://169.254.170.2/": "", "https://100.64.0.1/": "", "https://100.100.100.200/": "", "https://100.127.255.255/": "",
		"https://192.0.0.1/": "", "https://192.0.0.192/": "", "https://192.0.2.1/": "", "https://198.18.0.1/": "", "https://198.19.255.255/": "", "https://198.51.100.1/": "", "https://203.0.113.1/": "", "https://192.88.99.1/": "",
		"https://224.0.0.1/": "", "https://239.255.255.255/": "", "https://240.0.0.1/": "", "https://255.255.255.255/": "", "https://168.63.129.16/": "",
		"https://[::]/": "", "https://[::1]/": "", "https://[0:0:0:0:0:0:0:1]/": "", "https://[::1]:8443/": "", "https://[::127.0.0.1]/": "", "https://[::ffff:127.0.0.1]/": "", "https://[::ffff:7f00:1]/": "", "https://[::ffff:a00:1]/": "", "https://[::ffff:0:127.0.0.1]/": "",
		"https://[fc00::1]/": "", "https://[fd00:ec2::254]/": "", "https://[fd20:ce::254]/": "", "https://[fe80::1]/": "", "https://[fe80::1%25eth0]/": "", "https://[2001:4860:4860::8888%25eth0]/": "", "https://[fec0::1]/": "", "https://[ff02::1]/": "", "https://[100::1]/": "",
		"https://[2001:db8::1]/": "", "https://[3fff::1]/": "", "https://[5f00::1]/": "", "https://[2001::1]/": "", "https://[2001:0:53aa:64c:0:0:f5ff:fffe]/": "", "https://[2002:7f00:1::]/": "", "https://[2002:a00:1::1]/": "", "https://[2001:20::1]/": "",
		"https://[64:ff9b::10.0.0.1]/": "", "https://[64:ff9b::7f00:1]/": "", "https://[64:ff9b::a9fe:a9fe]/": "", "https://[64:ff9b:1::a00:1]/": "", "https://[::1": "", "https://::1/": "", "https://[example.com]/": "", "https://[127.0.0.1]/": "", "https://[]/": "",
	} {
		got, err := webhook.Network{}.URL(given)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q becomes %q, %v; want %q", given, got, err, want)
		}
		if err != nil && !errors.Is(err, &fault.Error{Code: fault.BadInput}) {
			t.Errorf("%q: %v", given, err)
		}
	}
}

// A company opens networks of its own, and somebody at a desk their own machine.
func TestOpened(t *testing.T) {
	inside := webhook.Network{Private: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}}
	desk := webhook.Network{Loopback: true}
	for _, c := range []struct {
		n           webhook.Network
		given, want string
	}{
		{inside, "https://10.1.2.3/", "https://10.1.2.3/"},
		{inside, "https://[::ffff:10.1.2.3]/", "https://10.1.2.3/"},
		{inside, "https://[fd00:1::2]/", "https://[fd00:1::2]/"},
		{inside, "https://billing/", "https://billing/"},
		{inside, "https://billing.corp.internal/", "https://billing.corp.internal/"},
		{inside, "https://example.com/", "https://example.com/"},
		{inside, "https://10.2.0.1/", ""},
		{inside, "https://127.0.0.1/", ""},
		{inside, "https://169.254.169.254/", ""},
		{inside, "https://[fd00:1::2%25eth0]/", ""},
		{inside, "https://0x0a010203/", ""},
		{inside, "http://10.1.2.3/", ""},
		{inside, "http://billing/", ""},
		{desk, "http://localhost:3000/hooks", "http://localhost:3000/hooks"},
		{desk, "http://localhost:80/", "http://localhost/"},
		{desk, "http://127.0.0.1:3000/", "http://127.0.0.1:3000/"},
		{desk, "http://[::1]:3000/", "http://[::1]:3000/"},
		{desk, "https://localhost:3000/", "https://localhost:3000/"},
		{desk, "http://127.0.0.1:22/", ""},
		{desk, "http://example.com/", ""},
		{desk, "http://10.0.0.1/", ""},
		{desk, "http://localhost.example.com/", ""},
		{desk, "https://db/", ""},
	} {
		if got, _ := c.n.URL(c.given); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.given, got, c.want)
		}
	}
}

// Whatever somebody types is refused, or becomes one spelling that is judged the same,
// to a name, or to an address that calls may go to.
func FuzzURL(f *testing.F) {
	for _, s := range []string{"https://example.com/a?b", "https://[::ffff:127.0.0.1]:8443/", "https://0x7f.1/", "https://münchen.example", "https://u:p@a.example#x", "https://[64:ff9b::a00:1]/",
		"https://a.example:65535/%2e%2e/", "https://１２７。１/", "https://a.example\\@b.example/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := webhook.Network{}.URL(s)
		if err != nil {
			return
		}
		again, err := webhook.Network{}.URL(got)
		if err != nil || again != got || !strings.HasPrefix(got, "https://") || len(got) > 2000 {
			t.Fatalf("%q becomes %q, and that %q, %v", s, got, again, err)
		}
		host := webhook.Host(got)
		if a, err := netip.ParseAddr(host); err == nil && !(webhook.Network{}).Admits(a) || err != nil && !strings.Contains(host, ".") {
			t.Fatalf("%q leads to %s", s, host)
		}
	})
}

// FuzzAdmits asks a library about addresses. We admit what it admits but for one
// address of a cloud, and what it does not know how to unpack: NAT64.
func FuzzAdmits(f *testing.F) {
	for _, s := range []string{"10.0.0.1", "198.41.0.4", "168.63.129.16", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b::c629:4", "2001:db8::1", "2002:a00:1::1", "2a00::1", "fe80::1", "192.31.196.1"} {
		f.Add(netip.MustParseAddr(s).AsSlice())
	}
	guard := ssrf.New(ssrf.WithAnyPort())
	f.Fuzz(func(t *testing.T, b []byte) {
		a, ok := netip.AddrFromSlice(b)
		if !ok {
			return
		}
		network, judged := "tcp4", a.Unmap()
		if nat := netip.MustParsePrefix("64:ff9b::/96"); nat.Contains(judged) {
			judged, _ = netip.AddrFromSlice(b[12:])
		}
		if judged.Is6() {
			network = "tcp6"
		}
		want := guard.Safe(network, netip.AddrPortFrom(judged, 443).String(), nil) == nil && judged.String() != "168.63.129.16"
		if got := (webhook.Network{}).Admits(a); got != want {
			t.Fatalf("%v is admitted: %t, want %t", a, got, want)
		}
	})
}

// The addresses at both ends of every range that the library knows, in every run.
func TestAdmitsAsTheLibrary(t *testing.T) {
	guard := ssrf.New(ssrf.WithAnyPort())
	for _, p := range append(append([]netip.Prefix{}, ssrf.IPv4DeniedPrefixes...), ssrf.IPv6DeniedPrefixes...) {
		first, last := p.Masked().Addr(), p.Masked().Addr().AsSlice()
		for i := p.Bits(); i < len(last)*8; i++ {
			last[i/8] |= 1 << (7 - i%8)
		}
		end, _ := netip.AddrFromSlice(last)
		for _, a := range []netip.Addr{first, first.Prev(), first.Next(), end, end.Prev(), end.Next()} {
			if !a.IsValid() {
				continue
			}
			network := "tcp4"
			if a.Is6() {
				network = "tcp6"
			}
			want := guard.Safe(network, netip.AddrPortFrom(a, 443).String(), nil) == nil
			if got := (webhook.Network{}).Admits(a); got != want {
				t.Errorf("%v, at an end of %v, is admitted: %t, want %t", a, p, got, want)
			}
		}
	}
}
