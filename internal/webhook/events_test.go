package webhook_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tenantry/internal/webhook"
)

// elsewhere are the events of these nouns that belong to no account.
var elsewhere = []string{"account.ordered", "account.order_withdrawn"}

// Whatever is recorded of an account can be asked for, and nothing else: every action
// that the program has in a text, of the nouns of accounts.
func TestActions(t *testing.T) {
	nouns := map[string]bool{}
	for _, a := range webhook.Actions {
		noun, _, _ := strings.Cut(a, ".")
		nouns[noun] = true
	}
	action := regexp.MustCompile(`^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$`)
	found := map[string]bool{}
	err := filepath.WalkDir("..", func(name string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{"demo", "lab", "testdata"}, d.Name()):
			return filepath.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || filepath.Base(name) == "events.go":
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, err := strconv.Unquote(lit.Value)
				if noun, _, _ := strings.Cut(s, "."); err == nil && nouns[noun] && action.MatchString(s) {
					found[s] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range append(slices.Clone(elsewhere), "webhook.test") {
		if !found[a] {
			t.Errorf("%s is nowhere any more", a)
		}
		delete(found, a)
	}
	for a := range found {
		if !slices.Contains(webhook.Actions, a) {
			t.Errorf("no webhook can ask for %s", a)
		}
	}
	for _, a := range webhook.Actions {
		if !found[a] {
			t.Errorf("nothing is called %s", a)
		}
	}
	if !slices.IsSorted(webhook.Actions) || len(slices.Compact(slices.Clone(webhook.Actions))) != len(webhook.Actions) {
		t.Error("they are not in order")
	}
}

func TestWants(t *testing.T) {
	for _, c := range []struct {
		events []string
		action string
		want   bool
	}{
		{nil, "member.removed", false},
		{[]string{"member.removed"}, "member.removed", true},
		{[]string{"member.removed"}, "member.removed_again", false},
		{[]string{"member.*"}, "member.removed", true},
		{[]string{"member.*"}, "members.removed", false},
		{[]string{"member"}, "member.removed", false},
		{[]string{"role.*", "*"}, "member.removed", true},
	} {
		if got := webhook.Wants(c.events, c.action); got != c.want {
			t.Errorf("%v wants %s: %t", c.events, c.action, got)
		}
	}
}

// The dashboard offers every action, by its noun.
func TestActionsOfDashboard(t *testing.T) {
	source, err := os.ReadFile("../../web/dashboard/src/screens/webhooks/actions.ts")
	if err != nil {
		t.Fatal(err)
	}
	var offered []string
	for _, line := range regexp.MustCompile(`(?m)^  (\w+): '(.*)',$`).FindAllStringSubmatch(string(source), -1) {
		for _, verb := range strings.Fields(line[2]) {
			offered = append(offered, line[1]+"."+verb)
		}
	}
	if want := slices.Sorted(slices.Values(webhook.Actions)); !slices.Equal(slices.Sorted(slices.Values(offered)), want) {
		t.Errorf("the dashboard offers %q, and there are %q", offered, want)
	}
}
