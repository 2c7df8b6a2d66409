// Package limit bounds what one GraphQL operation may cost before any of it runs.
package limit

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"tenantry/graph/transport"
	"tenantry/internal/fault"
)

// Rules are the limits of one document and its operations. Fragments count as
// often as they are spread.
type Rules struct {
	// Tokens is how many tokens a document may have.
	Tokens int
	// Depth is how deep fields may nest. Full introspection by graphql-js is 15
	// deep.
	Depth int
	// Aliases, Fields and Directives are how many of each an operation may have.
	Aliases, Fields, Directives int
	// Fragments is how many fragments a document may define.
	Fragments int
	// RootFields is how many fields a mutation may have at its root.
	RootFields int
	// Secrets names the fields that check a secret. An operation may have one
	// of them, once: aliases would make it a list of guesses.
	Secrets []string
	// Complexity is how many fields an operation may make the server resolve,
	// counting each element of each list: a page by its first or last argument,
	// another list of objects as ten.
	Complexity int
	// Costs is what a field weighs by itself, by "Type.field", where it reads
	// much more than it returns. Others weigh 1.
	Costs map[string]int
	// Lists is how long a list is taken to be, by "Type.field", where no argument
	// says so. Others are taken to be 10 long.
	Lists map[string]int
	// Introspection is the same for __schema and __type, which do not count
	// towards Complexity.
	Introspection int
}

// Defaults returns the limits of the public API, without secrets.
func Defaults() Rules {
	return Rules{
		Tokens: 2000, Depth: 15, Aliases: 30, Fields: 500, Directives: 50, Fragments: 30, RootFields: 5,
		Complexity: 5000, Introspection: 100_000,
	}
}

const (
	maxCachedDocument = 8 << 10   // bytes of text
	maxDocuments      = 1000      // parsed documents kept
	maxDocumentBytes  = 512 << 10 // bytes of their text; parsed, they take a hundred times as much
	maxPersisted      = 64 << 10  // bytes of one persisted document
	maxPersistedBytes = 4 << 20   // bytes of all of them
)

// Install puts the limits, the document cache and the documents that clients name
// before everything else that srv does with an operation. Extensions that srv
// uses afterwards see admitted operations only. Introspection stays off until
// the extension Introspection is used.
func Install(srv *handler.Server, r Rules, known Known) {
	srv.SetParserTokenLimit(r.Tokens)
	srv.SetDisableSuggestion(true)
	srv.SetValidationRulesFn(silentRules)
	d := newDocuments(r, known)
	srv.SetQueryCache(d.parsed)
	srv.Use(d)
	srv.Use(&complexity{rules: r})
}

// Check returns why a document would be refused before it is known who asks, and with
// which variables, or nil.
func Check(schema *ast.Schema, r Rules, text string) error {
	d := newDocuments(r, Known{})
	if err := d.admit(text); err != nil {
		return err
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return err
	}
	if errs := validator.ValidateWithRules(schema, doc, silentRules()); len(errs) > 0 {
		return errs
	}
	return nil
}

// silentRules are the rules of the specification without suggestions, which
// tell about the schema and take time proportional to it for each long name.
func silentRules() *rules.Rules {
	return rules.NewRules(
		rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.FragmentsOnCompositeTypesRule,
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownDirectivesRule,
		rules.KnownFragmentNamesRule,
		rules.KnownRootTypeRule,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.LoneAnonymousOperationRule,
		rules.MaxIntrospectionDepth,
		rules.NoFragmentCyclesRule,
		rules.NoUndefinedVariablesRule,
		rules.NoUnusedFragmentsRule,
		rules.NoUnusedVariablesRule,
		rules.OverlappingFieldsCanBeMergedRule,
		rules.PossibleFragmentSpreadsRule,
		rules.ProvidedRequiredArgumentsRule,
		rules.ScalarLeafsRuleWithoutSuggestions,
		rules.SingleFieldSubscriptionsRule,
		rules.UniqueArgumentNamesRule,
		rules.UniqueDirectivesPerLocationRule,
		rules.UniqueFragmentNamesRule,
		rules.UniqueInputFieldNamesRule,
		rules.UniqueOperationNamesRule,
		rules.UniqueVariableNamesRule,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		rules.VariablesAreInputTypesRule,
		rules.VariablesInAllowedPositionRule,
	)
}

func exceeded(what string, most int) *gqlerror.Error {
	return transport.Refusal(fault.New(transport.LimitExceeded, "The operation has more than %d %s.", most, what))
}

// always is the part of an extension that any schema satisfies.
type always struct{}

func (always) Validate(graphql.ExecutableSchema) error { return nil }
