package webhook

import (
	"crypto/x509"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tenantry/internal/address"
	"tenantry/internal/fault"
)

// Network says where calls may go. The zero value is the internet.
type Network struct {
	// Private are networks that receivers may be in although they are not the
	// internet's: those inside a company, say.
	Private []netip.Prefix
	// Loopback admits receivers on this machine, without TLS too: for whoever tries
	// things out.
	Loopback bool
	// Roots are whose certificates are believed. Nil for those of the system.
	Roots *x509.CertPool
	// Resolver finds the addresses of names. Nil for the system's.
	Resolver *net.Resolver
}

// special are the addresses in the ranges of the internet that are not on it, by IANA's
// registries of special-purpose addresses, and one by which a cloud tells the machines
// in it their secrets. Those that embed another address (6to4, Teredo) are among them.
var special = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/3", "168.63.129.16/32",
	"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")

var (
	global      = netip.MustParsePrefix("2000::/3")     // all that IPv6 has given out
	translating = netip.MustParsePrefix("64:ff9b::/96") // NAT64: the last 32 bits are an IPv4 address
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// Admits reports whether a call may go to an address.
func (n Network) Admits(a netip.Addr) bool { return n.opened(a) || public(a) }

// opened reports whether an address is admitted although it is not on the internet.
func (n Network) opened(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return n.Loopback && a.IsLoopback() || within(n.Private, a)
}

func within(list []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}

// public reports whether an address is one machine's on the internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if translating.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	return a.IsValid() && a.Zone() == "" && (a.Is4() || global.Contains(a)) && !within(special, a)
}

// maxURL is how long an address may be, in bytes.
const maxURL = 2000

// inside are the ends of names that no name on the internet has.
var inside = []string{"localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa", "onion", "invalid"}

// URL judges the address of a receiver and returns the one spelling of it: https, on
// the port of https or one that any program may have, to a name or an address on the
// internet. Where a name leads is judged when it is called. Refusals: BAD_INPUT on url.
func (n Network) URL(s string) (string, error) {
	bad := func(why string, args ...any) (string, error) {
		return "", fault.On("url", fault.BadInput, why, args...)
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return bad("Give the address that is to be called.")
	}
	if len(s) > maxURL {
		return bad("At most %d characters, not %d.", maxURL, len(s))
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Opaque != "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) ||
		strings.ContainsFunc(u.RawQuery, func(r rune) bool { return r > 0x7f }) {
		return bad("This is not an address such as https://example.com/hooks.")
	}
	if u.User != nil {
		return bad("Leave name and password out: everybody who sees the webhook would see them. Calls are signed.")
	}
	if strings.Contains(s, "#") {
		return bad("Leave out what follows the #: it is never sent.")
	}
	host, here, why := n.host(u.Hostname())
	if why != "" {
		return bad("%s", why)
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && here:
	default:
		return bad("The address begins with https://: what is sent must not be read on the way.")
	}
	port := u.Port()
	if usual := map[string]string{"https": "443", "http": "80"}[u.Scheme]; port == usual {
		port = ""
	}
	if port != "" {
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil || number < 1024 {
			return bad("Calls go to port 443, or to one from 1024 to 65535.")
		}
		port = strconv.FormatUint(number, 10)
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if u.Host = host; port != "" {
		u.Host += ":" + port
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.ForceQuery = false
	if s = u.String(); len(s) > maxURL {
		return bad("At most %d characters, not %d.", maxURL, len(s))
	}
	return s, nil
}

// host judges the host of an address and returns its one spelling, whether it is this
// machine, which was admitted, and why it is refused.
func (n Network) host(s string) (host string, here bool, why string) {
	const notThere = "Calls go to receivers on the internet only, not to addresses inside a network."
	const noName = "This is not the name of a machine on the internet."
	if a, err := netip.ParseAddr(s); err == nil {
		if a.Zone() != "" || !n.Admits(a) {
			return "", false, notThere
		}
		return a.Unmap().String(), n.Loopback && a.Unmap().IsLoopback(), ""
	}
	name := strings.ToLower(strings.TrimSuffix(s, "."))
	if n.Loopback && name == "localhost" {
		return name, true, ""
	}
	if len(n.Private) > 0 && single(name) {
		return name, false, ""
	}
	name, err := address.ParseDomain(s)
	if err != nil {
		return "", false, noName
	}
	// What some resolver takes for a number is an address in a form of which nobody
	// sees where it leads.
	last := name[strings.LastIndexByte(name, '.')+1:]
	if _, err := netip.ParseAddr(name); err == nil || '0' <= last[0] && last[0] <= '9' {
		return "", false, noName
	}
	if len(n.Private) == 0 && slices.ContainsFunc(inside, func(end string) bool { return strings.HasSuffix("."+name, "."+end) }) {
		return "", false, notThere
	}
	return name, false, ""
}

// single reports whether a name is one label, which only networks inside have.
func single(name string) bool {
	return name != "" && len(name) <= 63 && name[0] >= 'a' && name[0] <= 'z' && !strings.HasSuffix(name, "-") &&
		strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Host returns the host of a webhook's address, which is all that is told of it where
// the rest may be a secret.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
