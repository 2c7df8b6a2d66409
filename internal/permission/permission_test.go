package permission

import (
	"slices"
	"strings"
	"testing"
)

// TestHostingCatalogue holds the default to the contract: who may hold what.
func TestHostingCatalogue(t *testing.T) {
	c := Hosting()
	all := []Key{"profile", "users", "contacts", "products.view", "products.manage", "products.sso", "domains.view", "domains.manage",
		"invoices", "quotes", "payments", "pricing", "tickets", "affiliates", "emails", "orders", "audit", "developer"}
	if got := c.Keys(c.Ceiling(Owner)); !slices.Equal(got, all) {
		t.Errorf("an owner holds %v", got)
	}
	if got := c.Keys(c.Ceiling(Admin)); !slices.Equal(got, all) {
		t.Errorf("an administrator may hold %v", got)
	}
	if got := c.Keys(c.Ceiling(Billing)); !slices.Equal(got, []Key{"invoices", "quotes", "payments", "pricing"}) {
		t.Errorf("billing may hold %v", got)
	}
	for _, never := range []Key{"pricing", "payments", "users", "notify"} {
		if c.Has(c.Ceiling(User), never) {
			t.Errorf("a user may hold %s", never)
		}
	}
	if got := len(c.Keys(c.Ceiling(User))); got != len(all)-3 {
		t.Errorf("a user may hold %d permissions, not all but three", got)
	}
	if !c.Ceiling(Owner).Admin() || !c.Ceiling(Admin).Admin() || c.Ceiling(Billing).Admin() || c.Ceiling(User).Admin() {
		t.Error("being an administrator follows the types OWNER and ADMIN")
	}
	for key, risk := range map[Key]Risk{"profile": Critical, "users": Critical, "contacts": High, "invoices": Medium, "tickets": Low, "notify": High} {
		if got := c.Permission(key).Risk; got != risk {
			t.Errorf("the risk of %s is %s, not %s", key, got, risk)
		}
	}
	var mandatory []CategoryKey
	for _, cat := range c.Categories {
		if cat.Mandatory {
			mandatory = append(mandatory, cat.Key)
		}
	}
	if !slices.Equal(mandatory, []CategoryKey{"invoice", "security", "legal"}) {
		t.Errorf("mandatory are %v", mandatory)
	}
}

func TestEffective(t *testing.T) {
	c := Hosting()
	admin, billing := *c.Role("role_administrator"), *c.Role("role_billing")
	own := func(t Type, keys ...Key) Role { return Role{ID: "role_own", Type: t, Permissions: keys} }
	tests := []struct {
		name  string
		grant Grant
		want  []Key
		over  []Key
	}{
		{name: "nothing", want: []Key{}},
		{name: "a role", grant: Grant{Roles: []Role{billing}}, want: []Key{"invoices", "quotes", "payments", "pricing"}},
		{name: "two roles add up", grant: Grant{Roles: []Role{own(User, "tickets"), own(User, "audit")}}, want: []Key{"tickets", "audit"}},
		{name: "each role within its own type", grant: Grant{Roles: []Role{own(User, "tickets", "payments"), billing}}, want: []Key{"invoices", "quotes", "payments", "pricing", "tickets"}},
		{name: "a role above its type", grant: Grant{Roles: []Role{own(User, "users", "tickets")}}, want: []Key{"tickets"}},
		{name: "without a role the ceiling is USER", grant: Grant{Extra: []Key{"invoices", "payments"}}, want: []Key{"invoices"}, over: []Key{"payments"}},
		{name: "a role lifts the ceiling of single permissions", grant: Grant{Roles: []Role{billing}, Extra: []Key{"payments"}}, want: []Key{"invoices", "quotes", "payments", "pricing"}},
		{name: "a ceiling grants nothing", grant: Grant{Roles: []Role{own(Admin)}}, want: []Key{}},
		{name: "billing never lifts to tickets", grant: Grant{Roles: []Role{billing}, Extra: []Key{"tickets"}}, want: []Key{"invoices", "quotes", "payments", "pricing"}, over: []Key{"tickets"}},
		{name: "tokens only", grant: Grant{Roles: []Role{admin}, Extra: []Key{"notify"}}, want: c.Keys(c.Ceiling(Admin)), over: []Key{"notify"}},
		{name: "a key that the catalogue lost", grant: Grant{Extra: []Key{"fax", "tickets"}}, want: []Key{"tickets"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := c.Keys(c.Effective(test.grant)); !slices.Equal(got, test.want) {
				t.Errorf("effective: %v, not %v", got, test.want)
			}
			if got := c.OverCeiling(test.grant); !slices.Equal(got, test.over) {
				t.Errorf("over the ceiling: %v, not %v", got, test.over)
			}
		})
	}
}

// TestBeyond is the table of what may be given: who holds a pair of account and
// permission may give it, nobody else.
func TestBeyond(t *testing.T) {
	c := Hosting()
	tickets, both := c.Set("tickets"), c.Set("tickets", "invoices")
	tests := []struct {
		name        string
		added, mine Reach
		beyond      []string
	}{
		{"what I have here", Reach{"a": tickets}, Reach{"a": both}, nil},
		{"what I have not", Reach{"a": both}, Reach{"a": tickets}, []string{"a"}},
		{"having it in all sub-accounts is having it in each", Reach{"s1": tickets}, Reach{"a": tickets, "*": tickets}, nil},
		{"having it in each is not having it in all", Reach{"*": tickets}, Reach{"a": tickets, "s1": tickets, "s2": tickets}, []string{"*"}},
		{"having it here is not having it in a sub-account", Reach{"s1": tickets}, Reach{"a": tickets}, []string{"s1"}},
		{"having it in all sub-accounts is not having it here", Reach{"a": tickets}, Reach{"*": tickets}, []string{"a"}},
		{"more in one sub-account", Reach{"s1": both, "s2": tickets}, Reach{"s1": tickets, "s2": both}, []string{"s1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for a := range test.added.Beyond(test.mine, "a") {
				got = append(got, a)
			}
			if !slices.Equal(got, test.beyond) {
				t.Errorf("beyond: %v, not %v", got, test.beyond)
			}
		})
	}
}

func TestReach(t *testing.T) {
	c := Hosting()
	g := Grant{Extra: []Key{"tickets", "affiliates"}, Scope: ScopeSelected, SubAccounts: []string{"s1"}}
	r := c.Reach("a", g)
	if !c.Has(r["a"], "affiliates") || c.Has(r["s1"], "affiliates") || !c.Has(r["s1"], "tickets") || len(r) != 2 {
		t.Errorf("only what follows sub-account access does: %v", r)
	}
	g.Scope = ScopeAll
	if r = c.Reach("a", g); len(r) != 2 || !c.Has(r[AllSubAccounts], "tickets") {
		t.Errorf("ALL is one pair for all: %v", r)
	}
	g.Scope = ScopeNone
	if r = c.Reach("a", g); len(r) != 1 {
		t.Errorf("NONE reaches nothing else, whatever the list says: %v", r)
	}
}

func TestWarnings(t *testing.T) {
	c := Hosting()
	none, everything := Set{}, c.Ceiling(Owner)
	tests := []struct {
		name     string
		has, had Set
		want     []Key // "" is a warning about the whole
	}{
		{"nothing risky", c.Set("tickets", "invoices"), none, nil},
		{"a critical permission", c.Set("users"), none, []Key{"users"}},
		{"two of them", c.Set("users", "profile"), none, []Key{"profile", "users"}},
		{"one they have already", c.Set("users", "tickets"), c.Set("users"), nil},
		{"everything", everything, none, []Key{"", "profile", "users"}},
		{"everything, of which they have the critical", everything, c.Set("users", "profile"), []Key{""}},
		{"taking away", none, everything, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []Key
			for _, w := range c.Warnings(test.has, test.had) {
				if got = append(got, w.Key); w.Message == "" {
					t.Error("a warning without a text")
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("warnings: %q, not %q", got, test.want)
			}
		})
	}
	c.Notice = "Read this."
	if got := c.Warnings(c.Set("tickets"), none); len(got) != 1 || got[0].Message != "Read this." {
		t.Errorf("the company's notice comes with every grant: %v", got)
	}
	if got := c.Warnings(none, c.Set("tickets")); len(got) != 0 {
		t.Errorf("and with nothing that is taken away: %v", got)
	}
}

// TestParse names what is wrong with a company's own file.
func TestParse(t *testing.T) {
	good := string(hosting)
	swap := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the catalogue has no %q", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	tests := []struct{ name, file, complaint string }{
		{"not JSON", "hello", "invalid character"},
		{"a word that nobody knows", swap(`"module"`, `"modul"`), `unknown field "modul"`},
		{"something behind it", good + "{}", "follows the closing brace"},
		{"a key of its own making", swap(`"key": "tickets"`, `"key": "Tickets!"`), `"Tickets!" is not a key`},
		{"a key twice", swap(`"key": "tickets"`, `"key": "orders"`), `"orders" is there twice`},
		{"no label", swap(`"label": "Place orders, upgrades and cancellations", `, ``), `"orders" needs a label`},
		{"no such risk", swap(`"risk": "MEDIUM"`, `"risk": "SOME"`), `risk "SOME"`},
		{"a type that nobody has", swap(`"heldBy": ["ADMIN", "BILLING"]`, `"heldBy": ["BOSS"]`), `heldBy "BOSS"`},
		{"a permission that we ask for is missing", swap(`"key": "audit"`, `"key": "history"`), `the permission "audit" is missing`},
		{"tokens for nobody", swap(`"key": "developer"`, `"key": "coder"`), `the permission "developer" is missing`},
		{"notify for people", swap(`"tokensOnly": true, `, ``), `"notify": tokensOnly must be true`},
		{"something of people for tokens alone", swap(`"key": "audit", `, `"key": "audit", "tokensOnly": true, `), `"audit": tokensOnly must be false`},
		{"users for everybody", swap(`was sie selbst hat."}, "subAccounts": true, "heldBy": ["ADMIN"]`, `was sie selbst hat."}, "subAccounts": true, "heldBy": ["ADMIN", "USER"]`), `"users" must not be held by the type USER`},
		{"a role above its type", swap(`"permissions": ["products.view", "domains.view"]`, `"permissions": ["payments"]`), `of type USER and cannot hold ["payments"]`},
		{"a role with an unknown permission", swap(`"permissions": ["products.view", "domains.view"]`, `"permissions": ["fax"]`), `role "role_read_only" holds ["fax"]`},
		{"a role id that looks like another kind", swap(`"id": "role_billing"`, `"id": "billing"`), `"billing" must look like`},
		{"nobody to become", swap(`"all": true`, `"all": false`), "who hands an account over becomes it"},
		{"a critical permission without a warning", swap(`"risk": "LOW", "subAccounts": true, "heldBy": ["ADMIN", "USER"]}`, `"risk": "CRITICAL", "subAccounts": true, "heldBy": ["ADMIN", "USER"]}`), "needs a warning"},
		{"a language by its name", swap(`"de": "Rechnungen"`, `"German": "Rechnungen"`), `category "invoice": labels: "German" is not a locale`},
		{"a language twice", swap(`"de": "Rechnungen"`, `"pt-BR": "Faturas", "pt-br": "Faturas"`), `category "invoice": labels: "pt-br" is there twice`},
		{"a label without words", swap(`"de": "Rechnungen"`, `"de": " "`), `category "invoice": labels: that of "de" must be one line`},
		{"a label of two lines", swap(`"de": "Rechnungen"`, `"de": "Rech\nnungen"`), `category "invoice": labels: that of "de" must be one line`},
		{"a label that is a book", swap(`"de": "Rechnungen"`, `"de": "`+strings.Repeat("ä", maxLabel+1)+`"`), `must be one line of 1 to 80 characters`},
		{"a text of a category that is a book", swap(`"de": "Geplante Arbeiten und Störungen."`, `"de": "`+strings.Repeat("ä", maxText+1)+`"`), `category "maintenance": descriptions: that of "de" must be one line of 1 to 500 characters`},
		{"a label of a permission in no language", swap(`"de": "Preise ansehen"`, `"German": "Preise ansehen"`), `permission "pricing": labels: "German" is not a locale`},
		{"a description of a permission without words", swap(`"de": "Rechnungen sehen und bezahlen."`, `"de": ""`), `permission "invoices": descriptions: that of "de" must be one line`},
		{"a module twice in a language", swap(`"modules": {"de": "Domains"}`, `"modules": {"de": "Domains", "DE": "Domänen"}`), `permission "domains.view": modules: "DE" is not a locale`},
		{"a warning of two lines", swap(`"de": "E-Mails können`, `"de": "E-Mails\nkönnen`), `permission "emails": warnings: that of "de" must be one line`},
		{"a warning in German alone", swap(`"risk": "MEDIUM", `, `"risk": "MEDIUM", "warnings": {"de": "Vorsicht."}, `), `warnings: there is nothing that they translate`},
		{"a name of a role of two lines", swap(`"de": "Nur lesen"`, `"de": "Nur\nlesen"`), `role "role_read_only": names: that of "de" must be one line`},
		{"a description of a role in no language", swap(`"descriptions": {"de": "Sieht Produkte`, `"descriptions": {"d": "Sieht Produkte`), `role "role_read_only": descriptions: "d" is not a locale`},
		{"a category twice", swap(`"key": "legal"`, `"key": "general"`), `"general" is there twice`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(test.file))
			if err == nil || !strings.Contains(err.Error(), test.complaint) {
				t.Errorf("said %v, not %q", err, test.complaint)
			}
		})
	}
}

// A category is called what it is in the language of whoever reads, or in the nearest
// there is.
func TestLabels(t *testing.T) {
	c := Category{Label: "Invoice", Labels: map[string]string{"de": "Rechnungen", "pt-BR": "Faturas"}}
	for locale, want := range map[string]string{"de": "Rechnungen", "de-AT": "Rechnungen", "DE_ch": "Rechnungen", "pt-BR": "Faturas", "pt_br": "Faturas",
		"pt": "Invoice", "en": "Invoice", "": "Invoice", "-": "Invoice", "deutsch": "Invoice"} {
		if got := c.In(locale).Label; got != want {
			t.Errorf("in %q it is %q, want %q", locale, got, want)
		}
	}
	// What is compiled in has all languages that letters are in.
	for _, one := range Hosting().Categories {
		for _, locale := range []string{"de", "fr", "es"} {
			if one.Labels[locale] == "" {
				t.Errorf("%s has no label in %q", one.Key, locale)
			}
		}
	}
}

// Whatever the compiled-in catalogue shows to people, it has in German; and it is given
// to whoever asks for it.
func TestTexts(t *testing.T) {
	german := "de-AT"
	said := func(what string, in func(*string) string, all string) {
		if in(nil) != all {
			t.Errorf("%s: %q without a language, want %q", what, in(nil), all)
		}
		if all != "" && (in(&german) == all) && !slices.Contains([]string{"Domains", "Support"}, all) {
			t.Errorf("%s: nothing in German for %q", what, all)
		}
	}
	c := Hosting()
	for i := range c.Permissions {
		p := &c.Permissions[i]
		said(string(p.Key), p.LabelIn, p.Label)
		said(string(p.Key), p.DescriptionIn, p.Description)
		said(string(p.Key), p.ModuleIn, p.Module)
		said(string(p.Key), p.WarningIn, p.Warning)
	}
	for i := range c.Roles {
		said(c.Roles[i].ID, c.Roles[i].NameIn, c.Roles[i].Name)
		said(c.Roles[i].ID, c.Roles[i].DescriptionIn, c.Roles[i].Description)
	}
	for i := range c.Categories {
		said(string(c.Categories[i].Key), c.Categories[i].LabelIn, c.Categories[i].Label)
		said(string(c.Categories[i].Key), c.Categories[i].DescriptionIn, c.Categories[i].Description)
	}
	if long := strings.Repeat("-", maxLocale+1); (Texts{long: "x"}).In(long, "all") != "all" {
		t.Error("a locale that none can be is looked up")
	}

	c.Notice = "Think twice."
	warnings := c.Warnings(c.Ceiling(Owner), Set{})
	for _, w := range warnings {
		if got := c.MessageIn(w, ""); got != w.Message {
			t.Errorf("%q without a language", got)
		}
	}
	if got := c.MessageIn(warnings[0], german); got != c.Notice {
		t.Errorf("the notice is said as %q", got)
	}
	for i, beginning := range []string{"Damit sind alle Rechte", "Stammdaten des Hauptkontos ändern: Diese Person sieht"} {
		if got := c.MessageIn(warnings[i+1], german); !strings.HasPrefix(got, beginning) {
			t.Errorf("%q, want %q…", got, beginning)
		}
	}
}

// What only tokens hold is given by whoever is an administrator, and by nobody else.
func TestGivable(t *testing.T) {
	c := Hosting()
	if s := c.Givable(c.Ceiling(Owner)); !c.Has(s, Notify) || !c.Ceiling(Owner).In(s) {
		t.Error("an owner gives it")
	}
	if s := c.Givable(c.Holds(*c.Administrator())); !c.Has(s, Notify) || !s.Admin() {
		t.Error("an administrator gives it, and is one still")
	}
	for _, s := range []Set{{}, c.Set("developer", "users", Notify).Minus(c.Set(Notify)), c.Ceiling(Billing), c.Ceiling(User)} {
		if c.Givable(s) != s {
			t.Errorf("%q give more than themselves", c.Keys(s))
		}
	}
	if c.Has(c.Ceiling(Owner), Notify) || c.Has(c.Ceiling(Admin), Notify) {
		t.Error("somebody holds what only tokens hold")
	}
	r := c.Spread("a", c.Set("tickets", "affiliates"), ScopeSelected, []string{"s1"})
	if !c.Has(r["a"], "affiliates") || c.Has(r["s1"], "affiliates") || !c.Has(r["s1"], "tickets") || len(r) != 2 {
		t.Errorf("only what follows sub-account access does: %v", r)
	}
}
