package hand

import "bytes"

// keys are the permissions in the order of the hosting catalogue; a set of them
// is a bit for each.
var keys = []string{"profile", "users", "contacts", "products.view", "products.manage", "products.sso", "domains.view", "domains.manage", "invoices",
	"quotes", "payments", "pricing", "tickets", "affiliates", "emails", "orders", "audit", "developer", "notify"}

type set uint32

func setOf(names ...string) (s set) {
	for _, n := range names {
		s |= bit([]byte(n))
	}
	return s
}

func bit(key []byte) set {
	for i, k := range keys {
		if k == string(key) {
			return 1 << i
		}
	}
	return 0
}

// What each type of role may hold at most. No person holds notify.
var (
	ofOwner   = set(1)<<len(keys) - 1 - setOf("notify")
	ofAdmin   = ofOwner
	ofBilling = setOf("invoices", "quotes", "payments", "pricing")
	ofUser    = ofOwner &^ setOf("users", "payments", "pricing")
	inherited = ofOwner &^ setOf("affiliates")
)

func ceiling(kind []byte) set {
	switch string(kind) {
	case "ADMIN":
		return ofAdmin
	case "BILLING":
		return ofBilling
	}
	return ofUser
}

// role is a role as an answer shows it.
type role struct {
	name, permissions []byte // in JSON
	holds, ceiling    set
}

var (
	users, contacts = setOf("users"), setOf("contacts")

	readyMade = map[string]role{
		"role_administrator": ready("Administrator", ofAdmin, ofAdmin),
		"role_billing":       ready("Billing", ofBilling, ofBilling, "invoices", "quotes", "payments", "pricing"),
		"role_support":       ready("Developer / Support", 0, ofUser, "tickets", "products.view", "domains.view"),
		"role_technical":     ready("Technical", 0, ofUser, "products.view", "products.manage", "products.sso", "domains.view", "domains.manage", "tickets"),
		"role_read_only":     ready("Read-only", 0, ofUser, "products.view", "domains.view"),
	}
)

// ready is a ready-made role. Its permissions are shown in the order in which the
// catalogue lists them for it, or in that of the catalogue for one that holds
// all.
func ready(name string, holds, ceiling set, listed ...string) role {
	if listed == nil {
		listed = holds.names()
	}
	out := []byte{'['}
	for i, k := range listed {
		if i > 0 {
			out = append(out, ',')
		}
		out = quote(out, []byte(k))
	}
	return role{quote(nil, []byte(name)), append(out, ']'), setOf(listed...), ceiling}
}

func (s set) names() []string {
	out := []string{}
	for i, k := range keys {
		if s&(1<<i) != 0 {
			out = append(out, k)
		}
	}
	return out
}

// appendNames writes the set as a list.
func (s set) appendNames(out []byte) []byte {
	out = append(out, '[')
	first := true
	for i, k := range keys {
		if s&(1<<i) == 0 {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(append(append(out, '"'), k...), '"')
	}
	return append(out, ']')
}

// own are an account's own roles, as PostgreSQL makes them of its rows: a list of
// [id, name, type, permissions]. Nil for none.
type own []byte

// find looks a role up, in the catalogue or among the account's own.
func (o own) find(id []byte) (role, bool) {
	if r, ok := readyMade[string(id)]; ok {
		return r, true
	}
	at := bytes.Index(o, id)
	if at < 1 || o[at-1] != '"' {
		return role{}, false
	}
	rest := o[at+len(id)+1:]
	name, rest := word(rest)
	kind, rest := word(rest)
	list := rest[bytes.IndexByte(rest, '['):]
	list = list[:bytes.IndexByte(list, ']')+1]
	top := ceiling(kind[1 : len(kind)-1])
	return role{name, compact(list), keySet(list) & top, top}, true
}

// effective is what roles and single permissions allow together.
func effective(roleIDs, extra []byte, o own) set {
	var out, top set
	any := false
	each(roleIDs, func(id []byte) {
		if r, ok := o.find(id); ok {
			out, top, any = out|r.holds, top|r.ceiling, true
		}
	})
	if !any {
		top = ofUser
	}
	return out | keySet(extra)&top
}

func keySet(list []byte) (s set) {
	each(list, func(k []byte) { s |= bit(k) })
	return s
}
