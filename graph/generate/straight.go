package main

import (
	_ "embed"
	"errors"
	"go/types"
	"log"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed straight.gotpl
var text string

// straight is a plugin of gqlgen that writes straight.go into the package of the
// executor.
type straight struct {
	*codegen.Data

	// Types are what the template writes: objects and interfaces by name.
	Types []*typ
	// Refs are the pairs of a type of the schema and one of Go that fields have.
	Refs []*config.TypeReference
	// Results are the types of the schema that resolvers return, with their pairs.
	Results map[string][]*config.TypeReference

	// gathers are the types whose objects know their siblings.
	gathers map[string]bool
}

// typ is an object with the fields that can be written, or an interface.
type typ struct {
	Name      string
	Object    *codegen.Object
	Fields    []*codegen.Field
	Interface *codegen.Interface
}

// Root reports whether it is the root of queries, of which there is no value.
func (t *typ) Root() bool { return t.Object != nil && t.Object.Root }

func (*straight) Name() string { return "straight" }

// GenerateCode implements plugin.CodeGenerator.
func (s *straight) GenerateCode(data *codegen.Data) error {
	if len(data.AllDirectives.LocationDirectives("FIELD")) > 0 {
		return errors.New("a directive on the fields of documents runs in the executor only: teach it to graph/straight first")
	}
	s.Data, s.Results = data, map[string][]*config.TypeReference{}
	refs := map[string]*config.TypeReference{}
	need := func(r *config.TypeReference) {
		for ; ; r = r.Elem() {
			refs[r.UniquenessKey()] = r
			if !r.IsSlice() {
				return
			}
		}
	}
	for _, o := range data.Objects {
		t := &typ{Name: o.Name, Object: o}
		for _, f := range o.Fields {
			if strings.HasPrefix(o.Name, "__") || strings.HasPrefix(f.Name, "__") {
				continue
			}
			r := f.TypeReference
			known := s.writes(r)
			if known && composite(r) && !f.Stream {
				need(r)
				all := s.Results[r.GQL.String()]
				if !slices.ContainsFunc(all, func(o *config.TypeReference) bool { return types.Identical(o.GO, r.GO) }) {
					s.Results[r.GQL.String()] = append(all, r)
				}
			}
			switch {
			case o.Root && o != data.QueryRoot:
			case known && reads(f):
				need(r)
				t.Fields = append(t.Fields, f)
			default:
				log.Printf("%s.%s is left to the executor", o.Name, f.Name)
			}
		}
		if (!o.Root || o == data.QueryRoot) && !o.IsReserved() {
			s.Types = append(s.Types, t)
		}
	}
	for _, i := range data.Interfaces {
		s.Types = append(s.Types, &typ{Name: i.Name, Interface: i})
	}
	slices.SortFunc(s.Types, func(a, b *typ) int { return strings.Compare(a.Name, b.Name) })
	for _, key := range slices.Sorted(maps.Keys(refs)) {
		s.Refs = append(s.Refs, refs[key])
	}
	s.gather()
	return templates.Render(templates.Options{
		PackageName: data.Config.Exec.Package,
		Filename:    filepath.Join(data.Config.Exec.Dir(), "straight.go"),
		Template:    text,
		Data:        s,
		Funcs: map[string]any{
			"composite": composite,
			"appender":  s.appender,
			"number":    func(i int) int { return i + 1 },
			"gathers":   func(name string) bool { return s.gathers[name] },
			"knows":     s.knows,
			"carries":   s.carries,
		},
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

// gather finds the types whose objects are told their siblings: those with a batch
// resolver, or a field of one object that leads to one, if they are elements of lists
// or what such an element holds.
func (s *straight) gather() {
	leads, given := map[string]bool{}, map[string]bool{}
	for _, t := range s.Types {
		if t.Object != nil && s.HasBatchFields(t.Name) {
			leads[t.Name], given[t.Name] = true, true
		}
	}
	for _, r := range s.Refs {
		if r.IsSlice() && !r.Elem().IsSlice() && r.Elem().IsNilable() {
			given[r.Definition.Name] = true
		}
	}
	for before := -1; before < len(leads)+len(given); {
		before = len(leads) + len(given)
		for _, t := range s.Types {
			for _, f := range t.Fields {
				to := f.TypeReference.Definition.Name
				if s.single(f) && leads[to] {
					leads[t.Name] = true
					if given[t.Name] {
						given[to] = true
					}
				}
			}
		}
	}
	s.gathers = map[string]bool{}
	for name := range leads {
		s.gathers[name] = given[name]
	}
}

// single reports whether a field holds one object, as the writer of its type takes it.
func (s *straight) single(f *codegen.Field) bool {
	r := f.TypeReference
	if !composite(r) || abstract(r) || r.IsSlice() {
		return false
	}
	o := s.Objects.ByName(r.Definition.Name)
	return o != nil && types.Identical(o.Reference(), r.GO)
}

// carries reports whether the siblings of an object tell those of what the field holds.
func (s *straight) carries(t *typ, f *codegen.Field) bool {
	return s.gathers[t.Name] && s.single(f) && s.gathers[f.TypeReference.Definition.Name]
}

// knows reports whether what a pair writes is one object that is told its siblings.
func (s *straight) knows(r *config.TypeReference) bool {
	return composite(r) && !r.IsSlice() && s.gathers[r.Definition.Name]
}

func abstract(r *config.TypeReference) bool {
	return r.Definition.Kind == ast.Interface || r.Definition.Kind == ast.Union
}

func composite(r *config.TypeReference) bool { return r.Definition.IsCompositeType() }

// reads reports whether a field is read as the template knows: from a struct, a
// method or a resolver, without directives that run.
func reads(f *codegen.Field) bool {
	return (f.IsResolver || f.IsVariable() || f.IsMethod()) && !f.VOkFunc && !f.HasHaser && !f.HasDirectives() && !f.HasFederationRequiresArg()
}

// writes reports whether the template knows how to write a value: an object, an
// interface, a leaf with a function that appends it, and lists, but of interfaces,
// whose elements batch resolvers would have to be asked for by type.
func (s *straight) writes(r *config.TypeReference) bool {
	switch {
	case r.IsRoot || r.GQL.Elem != nil && !r.IsSlice() || r.IsPtrToSlice() || r.IsPtrToPtr() || r.IsPtrToIntf():
		return false
	case r.IsSlice():
		return !abstract(r) && (!s.HasBatchFields(r.Definition.Name) || r.Elem().IsNilable()) && s.writes(r.Elem())
	case abstract(r):
		return types.IsInterface(r.GO)
	case composite(r):
		return !r.IsMarshaler && r.Marshaler == nil
	}
	return s.appender(r) != nil
}

// appender finds the function that appends a leaf: AppendX beside the MarshalX
// that the executor uses, or in graph/straight for gqlgen's own.
func (s *straight) appender(r *config.TypeReference) *types.Func {
	if r.Marshaler == nil || r.IsContext || r.HasEnumValues() || r.IsTargetNilable() {
		return nil
	}
	path := r.Marshaler.Pkg().Path()
	if path == "github.com/99designs/gqlgen/graphql" {
		path = "tenantry/graph/straight"
	}
	pkg := s.Config.Packages.LoadWithTypes(path)
	if pkg == nil {
		return nil
	}
	f, _ := pkg.Types.Scope().Lookup("Append" + strings.TrimPrefix(r.Marshaler.Name(), "Marshal")).(*types.Func)
	if f == nil || f.Signature().Params().Len() != 2 ||
		!types.Identical(f.Signature().Params().At(1).Type(), r.Marshaler.Signature().Params().At(0).Type()) {
		return nil
	}
	return f
}
