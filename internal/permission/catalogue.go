// Package permission is the whole answer to "what can be held, and by whom": a
// catalogue of data and the pure rules over it.
package permission

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Key names one thing that a member may be allowed to do, such as "invoices".
type Key string

// The permissions that Tenantry itself asks for. Every catalogue has them.
const (
	Profile   Key = "profile"
	Users     Key = "users"
	Contacts  Key = "contacts"
	Invoices  Key = "invoices"
	Emails    Key = "emails"
	Audit     Key = "audit"
	Developer Key = "developer"
)

// CategoryKey names what a notification is about, such as "invoice".
type CategoryKey string

// Risk says how much harm a permission can do in the wrong hands.
type Risk string

// The risks, mildest first.
const (
	Low      Risk = "LOW"
	Medium   Risk = "MEDIUM"
	High     Risk = "HIGH"
	Critical Risk = "CRITICAL"
)

// Type is the kind of a role. It is a ceiling: it grants nothing, and nothing
// above it can be granted through the role.
type Type string

// The types of role. Owner is implicit: no role has it.
const (
	Owner   Type = "OWNER"
	Admin   Type = "ADMIN"
	Billing Type = "BILLING"
	User    Type = "USER"
)

// Values lists the types a role can have, for ent.
func (Type) Values() []string { return []string{string(Admin), string(Billing), string(User)} }

// Texts are what something is called in other languages, by locale, such as "de" or
// "pt-BR", beside what it is called for all.
type Texts map[string]string

// In returns the text in the language of a locale: that of "de-AT", then of "de", then
// the one for all languages.
func (t Texts) In(locale, all string) string {
	if len(locale) > maxLocale {
		return all
	}
	for locale = tag(locale); locale != ""; locale = locale[:max(strings.LastIndexByte(locale, '-'), 0)] {
		for of, text := range t {
			if tag(of) == locale {
				return text
			}
		}
	}
	return all
}

// of is In, or the text for all languages where nobody asks for one.
func (t Texts) of(locale *string, all string) string {
	if locale == nil {
		return all
	}
	return t.In(*locale, all)
}

// Permission is one entry of the catalogue.
type Permission struct {
	Key          Key    `json:"key"`
	Label        string `json:"label"`
	Labels       Texts  `json:"labels"`
	Description  string `json:"description"`
	Descriptions Texts  `json:"descriptions"`
	// Module groups permissions on a screen.
	Module  string `json:"module"`
	Modules Texts  `json:"modules"`
	Risk    Risk   `json:"risk"`
	// Warning is shown before the permission is given; empty for none.
	Warning  string `json:"warning"`
	Warnings Texts  `json:"warnings"`
	// SubAccounts says that the permission follows sub-account access.
	SubAccounts bool `json:"subAccounts"`
	// TokensOnly says that no person holds it, only API tokens.
	TokensOnly bool `json:"tokensOnly"`
	// HeldBy lists the role types that may hold it. Owners hold everything.
	HeldBy []Type `json:"heldBy"`
}

// LabelIn returns what people call the permission in the language of a locale. Nil asks
// for no language in particular, here and below.
func (p *Permission) LabelIn(locale *string) string { return p.Labels.of(locale, p.Label) }

// DescriptionIn returns what the permission allows.
func (p *Permission) DescriptionIn(locale *string) string {
	return p.Descriptions.of(locale, p.Description)
}

// ModuleIn returns the group that the permission is shown in.
func (p *Permission) ModuleIn(locale *string) string { return p.Modules.of(locale, p.Module) }

// WarningIn returns what is to be read before the permission is given; empty for nothing.
func (p *Permission) WarningIn(locale *string) string { return p.Warnings.of(locale, p.Warning) }

// Role is a named set of permissions, ready-made or an account's own.
type Role struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Names and Descriptions are of ready-made roles: an account's own is called as it says.
	Names        Texts  `json:"names"`
	Description  string `json:"description"`
	Descriptions Texts  `json:"descriptions"`
	Type         Type   `json:"type"`
	Permissions  []Key  `json:"permissions"`
	// All says that the role holds whatever its type may hold, entries added to
	// the catalogue later included.
	All bool `json:"all"`
	// AccountID is whose own role it is; empty for a ready-made one.
	AccountID string `json:"-"`
	// Version is raised by every change; 0 for a ready-made role.
	Version int `json:"-"`
}

// NameIn returns what people call the role in the language of a locale.
func (r *Role) NameIn(locale *string) string { return r.Names.of(locale, r.Name) }

// DescriptionIn returns what the role is for.
func (r *Role) DescriptionIn(locale *string) string { return r.Descriptions.of(locale, r.Description) }

// Predefined reports whether the role is ready-made, the same in every account.
func (r Role) Predefined() bool { return r.AccountID == "" }

// Category is one kind of notification.
type Category struct {
	Key   CategoryKey `json:"key"`
	Label string      `json:"label"`
	// Labels are also what it is called in letters, and to who chooses by a link in one. See In.
	Labels       Texts  `json:"labels"`
	Description  string `json:"description"`
	Descriptions Texts  `json:"descriptions"`
	// Mandatory says that somebody must always receive it.
	Mandatory bool `json:"mandatory"`
	// Transactional says that it is part of the service and cannot be
	// unsubscribed from by a link.
	Transactional bool `json:"transactional"`
	// Default says that a new contact receives it unless told otherwise.
	Default bool `json:"default"`
}

// In returns the category with the label that it has in the language of a locale.
func (c Category) In(locale string) Category {
	c.Label = c.Labels.In(locale, c.Label)
	return c
}

// LabelIn returns what people call the category in the language of a locale.
func (c *Category) LabelIn(locale *string) string { return c.Labels.of(locale, c.Label) }

// DescriptionIn returns what is in the category.
func (c *Category) DescriptionIn(locale *string) string {
	return c.Descriptions.of(locale, c.Description)
}

// tag writes a locale as locales are compared.
func tag(locale string) string { return strings.ToLower(strings.ReplaceAll(locale, "_", "-")) }

// Catalogue is what can be granted and what can be notified about. It is data:
// the company's file, or the hosting one compiled in. It never changes while
// the server runs.
type Catalogue struct {
	Permissions []Permission `json:"permissions"`
	// Roles are the ready-made roles, the same in every account.
	Roles      []Role     `json:"roles"`
	Categories []Category `json:"categories"`
	// Notice is what the company wants read before anything is given; empty for
	// nothing. It comes from the brand, not from the catalogue's file.
	Notice string `json:"-"`

	bit      map[Key]int
	ceiling  map[Type]Set
	subs     Set
	critical Set
	tokens   Set // what no person holds
	role     map[string]*Role
	category map[CategoryKey]*Category
}

// What a text in another language has at most, in characters: a label, a name or a
// module; a description or a warning.
const (
	maxLabel = 80
	maxText  = 500
	// maxLocale is how long locales are looked up, in bytes; none in use is longer.
	maxLocale = 35
)

//go:embed hosting.json
var hosting []byte

// Hosting returns the catalogue compiled in: a hosting company's.
func Hosting() *Catalogue {
	c, err := Parse(hosting)
	if err != nil {
		panic(err) // compiled in, and tested
	}
	return c
}

var (
	keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?$`)
	// localeForm is a language, and what it is narrowed to.
	localeForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	roleForm   = regexp.MustCompile(`^role_[a-z][a-z0-9_]{0,19}$`)
)

// Parse reads a catalogue file and names everything that is wrong with it.
func Parse(data []byte) (*Catalogue, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	c := &Catalogue{}
	if err := dec.Decode(c); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	if dec.More() {
		return nil, errors.New("catalogue: something follows the closing brace")
	}
	return c, c.index()
}

// index validates the catalogue and prepares its look-ups.
func (c *Catalogue) index() error {
	var wrong []error
	complain := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("catalogue: "+format, args...))
	}
	translated := func(what, name string, texts Texts, all string, most int) {
		if len(texts) > 0 && all == "" {
			complain("%s: %s: there is nothing that they translate", what, name)
		}
		for _, locale := range slices.Sorted(maps.Keys(texts)) {
			same := func(other string) bool { return other < locale && tag(other) == tag(locale) }
			switch text := texts[locale]; {
			case !localeForm.MatchString(locale):
				complain("%s: %s: %q is not a locale; use such as \"de\" or \"pt-BR\"", what, name, locale)
			case slices.ContainsFunc(slices.Collect(maps.Keys(texts)), same):
				complain("%s: %s: %q is there twice", what, name, locale)
			case strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > most || strings.ContainsFunc(text, unicode.IsControl):
				complain("%s: %s: that of %q must be one line of 1 to %d characters", what, name, locale, most)
			}
		}
	}
	c.bit, c.ceiling = map[Key]int{}, map[Type]Set{}
	c.role, c.category = map[string]*Role{}, map[CategoryKey]*Category{}
	if len(c.Permissions) > adminBit {
		return fmt.Errorf("catalogue: %d permissions, at most %d fit", len(c.Permissions), adminBit)
	}
	for i, p := range c.Permissions {
		if !keyForm.MatchString(string(p.Key)) {
			complain("permissions[%d]: %q is not a key; use lower-case words such as \"products.view\"", i, p.Key)
		}
		if _, twice := c.bit[p.Key]; twice {
			complain("permissions[%d]: %q is there twice", i, p.Key)
		}
		if p.Label == "" || p.Description == "" || p.Module == "" {
			complain("permission %q needs a label, a description and a module", p.Key)
		}
		if !slices.Contains([]Risk{Low, Medium, High, Critical}, p.Risk) {
			complain("permission %q: risk %q is none of LOW, MEDIUM, HIGH, CRITICAL", p.Key, p.Risk)
		}
		if p.Risk == Critical && p.Warning == "" {
			complain("permission %q is CRITICAL and needs a warning", p.Key)
		}
		what := fmt.Sprintf("permission %q", p.Key)
		translated(what, "labels", p.Labels, p.Label, maxLabel)
		translated(what, "descriptions", p.Descriptions, p.Description, maxText)
		translated(what, "modules", p.Modules, p.Module, maxLabel)
		translated(what, "warnings", p.Warnings, p.Warning, maxText)
		c.bit[p.Key] = i
		if p.SubAccounts {
			c.subs.add(i)
		}
		if p.Risk == Critical {
			c.critical.add(i)
		}
		for _, t := range p.HeldBy {
			if !slices.Contains([]Type{Admin, Billing, User}, t) {
				complain("permission %q: heldBy %q is none of ADMIN, BILLING, USER", p.Key, t)
			}
			if !p.TokensOnly {
				s := c.ceiling[t]
				s.add(i)
				c.ceiling[t] = s
			}
		}
		if p.TokensOnly {
			c.tokens.add(i)
		} else {
			s := c.ceiling[Owner]
			s.add(i)
			c.ceiling[Owner] = s
		}
	}
	// Being an administrator is a right of its own (sub-accounts, policies) and
	// follows the type of the role, so it is guarded like a permission.
	for _, t := range []Type{Owner, Admin} {
		s := c.ceiling[t]
		s.add(adminBit)
		c.ceiling[t] = s
	}
	c.subs.add(adminBit)
	for _, need := range []Key{Profile, Users, Contacts, Invoices, Emails, Audit, Developer, Notify} {
		switch p := c.Permission(need); {
		case p == nil:
			complain("the permission %q is missing; Tenantry itself asks for it", need)
		case p.TokensOnly != (need == Notify):
			complain("the permission %q: tokensOnly must be %v", need, need == Notify)
		}
	}
	for key, types := range map[Key][]Type{Users: {User, Billing}, Profile: {Billing}, "pricing": {User}, "payments": {User}} {
		for _, t := range types {
			if c.Has(c.ceiling[t], key) {
				complain("permission %q must not be held by the type %s", key, t)
			}
		}
	}
	for i := range c.Roles {
		r := &c.Roles[i]
		if !roleForm.MatchString(r.ID) {
			complain("roles[%d]: the id %q must look like \"role_billing\"", i, r.ID)
		}
		if c.role[r.ID] != nil {
			complain("roles[%d]: the id %q is there twice", i, r.ID)
		}
		c.role[r.ID] = r
		if r.Name == "" || len(r.Name) > 80 {
			complain("role %q needs a name of at most 80 characters", r.ID)
		}
		translated(fmt.Sprintf("role %q", r.ID), "names", r.Names, r.Name, maxLabel)
		translated(fmt.Sprintf("role %q", r.ID), "descriptions", r.Descriptions, r.Description, maxText)
		if _, ok := c.ceiling[r.Type]; !ok || r.Type == Owner {
			complain("role %q: type %q is none of ADMIN, BILLING, USER", r.ID, r.Type)
			continue
		}
		if unknown := c.Unknown(r.Permissions); len(unknown) > 0 {
			complain("role %q holds %q, which no permission has as its key", r.ID, unknown)
		}
		if over := c.Keys(c.Set(r.Permissions...).minus(c.ceiling[r.Type])); len(over) > 0 {
			complain("role %q is of type %s and cannot hold %q", r.ID, r.Type, over)
		}
		if r.All {
			r.Permissions = c.Keys(c.ceiling[r.Type])
		}
	}
	if c.Administrator() == nil {
		complain("one ready-made role must be of type ADMIN and hold all: who hands an account over becomes it")
	}
	for i := range c.Categories {
		k := &c.Categories[i]
		if !keyForm.MatchString(string(k.Key)) {
			complain("categories[%d]: %q is not a key", i, k.Key)
		}
		if c.category[k.Key] != nil {
			complain("categories[%d]: %q is there twice", i, k.Key)
		}
		c.category[k.Key] = k
		if k.Label == "" || k.Description == "" {
			complain("category %q needs a label and a description", k.Key)
		}
		translated(fmt.Sprintf("category %q", k.Key), "labels", k.Labels, k.Label, maxLabel)
		translated(fmt.Sprintf("category %q", k.Key), "descriptions", k.Descriptions, k.Description, maxText)
	}
	if len(c.Categories) == 0 {
		complain("there is no category")
	}
	return errors.Join(wrong...)
}

// at returns the position of a key, or -1.
func (c *Catalogue) at(k Key) int {
	if i, ok := c.bit[k]; ok {
		return i
	}
	return -1
}

// Permission returns the entry with the key, or nil.
func (c *Catalogue) Permission(k Key) *Permission {
	if i := c.at(k); i >= 0 {
		return &c.Permissions[i]
	}
	return nil
}

// Role returns the ready-made role with the id, or nil.
func (c *Catalogue) Role(id string) *Role { return c.role[id] }

// Administrator returns the ready-made role that holds all but ownership.
func (c *Catalogue) Administrator() *Role {
	for i := range c.Roles {
		if c.Roles[i].Type == Admin && c.Roles[i].All {
			return &c.Roles[i]
		}
	}
	return nil
}

// Category returns the category with the key, or nil.
func (c *Catalogue) Category(k CategoryKey) *Category { return c.category[k] }

// Unknown returns those of the keys that the catalogue does not have.
func (c *Catalogue) Unknown(keys []Key) []Key {
	var out []Key
	for _, k := range keys {
		if c.at(k) < 0 {
			out = append(out, k)
		}
	}
	return out
}

// Label returns what a person calls the permission, or its key if the
// catalogue no longer has it.
func (c *Catalogue) Label(k Key) string {
	if p := c.Permission(k); p != nil {
		return p.Label
	}
	return string(k)
}

// Ceiling returns what a role of the type may hold at most.
func (c *Catalogue) Ceiling(t Type) Set { return c.ceiling[t] }

// Set returns the keys as a set; keys that the catalogue does not have are
// left out, since they grant nothing.
func (c *Catalogue) Set(keys ...Key) Set {
	var s Set
	for _, k := range keys {
		if i := c.at(k); i >= 0 {
			s.add(i)
		}
	}
	return s
}

// Keys returns the members of the set in the order of the catalogue.
func (c *Catalogue) Keys(s Set) []Key {
	out := []Key{}
	for i, p := range c.Permissions {
		if s.has(i) {
			out = append(out, p.Key)
		}
	}
	return out
}

// Has reports whether the set holds the key.
func (c *Catalogue) Has(s Set, k Key) bool { i := c.at(k); return i >= 0 && s.has(i) }

// Holds returns what the role gives: its permissions within its type.
func (c *Catalogue) Holds(r Role) Set {
	ceiling := c.ceiling[r.Type]
	if r.All {
		return ceiling
	}
	s := c.Set(r.Permissions...)
	if r.Type == Admin {
		s.add(adminBit)
	}
	return s.and(ceiling)
}

// Warning is a text to read before a grant is made.
type Warning struct {
	// Key is the permission that the warning is about; empty for a warning about
	// the grant as a whole.
	Key     Key
	Message string
}

// Warnings returns what must be acknowledged before the set is given to
// somebody who holds already: a text for each CRITICAL permission that is new,
// and one for a grant of everything.
func (c *Catalogue) Warnings(set, already Set) []Warning {
	out := []Warning{}
	added := set.minus(already)
	if c.Notice != "" && !added.Empty() {
		out = append(out, Warning{Message: c.Notice})
	}
	return append(out, c.Risks(set, already)...)
}

// Risks returns what is dangerous about a set in the hands of somebody who holds
// already: the warnings without the company's notice, which is about every grant.
func (c *Catalogue) Risks(set, already Set) []Warning {
	out := []Warning{}
	added := set.minus(already)
	all := c.ceiling[Owner]
	if all.In(set) && !all.In(already) {
		out = append(out, Warning{Message: everything})
	}
	for _, k := range c.Keys(added.and(c.critical)) {
		p := c.Permission(k)
		out = append(out, Warning{Key: k, Message: p.Label + ": " + p.Warning})
	}
	return out
}

// everything is the warning about a grant of every permission there is, and everythingIn
// the same in other languages.
const everything = "This gives every permission there is. Only the owner should have all of them: whoever has them acts for you."

var everythingIn = Texts{
	"de": "Damit sind alle Rechte gegeben, die es gibt. Nur der Inhaber sollte alle haben: Wer sie hat, handelt für Sie.",
	"fr": "Cela donne toutes les autorisations qui existent. Seul le propriétaire devrait les avoir toutes : qui les a agit pour vous.",
	"es": "Esto da todos los permisos que existen. Solo el propietario debería tenerlos todos: quien los tiene actúa por usted.",
}

// MessageIn returns the message of a warning in the language of a locale, as far as there
// is one: the company's notice is said as it is.
func (c *Catalogue) MessageIn(w Warning, locale string) string {
	if p := c.Permission(w.Key); p != nil {
		return p.Labels.In(locale, p.Label) + ": " + p.Warnings.In(locale, p.Warning)
	}
	if w.Message == everything {
		return everythingIn.In(locale, everything)
	}
	return w.Message
}

// Told joins the messages of warnings, for a refusal that shows them.
func Told(ws []Warning) string {
	var s []string
	for _, w := range ws {
		s = append(s, w.Message)
	}
	return strings.Join(s, " ")
}
