// Command generate runs ent. What it writes knows the tables (ent/migrate), but
// not how to make them: the server would link all of atlas for that, and only
// internal/db/plan needs it.
package main

import (
	"log"

	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
)

func main() {
	log.SetFlags(0)
	storage, err := gen.NewStorage("sql")
	if err != nil {
		log.Fatal(err)
	}
	storage.SchemaMode &^= gen.Migrate
	tables := gen.Feature{Name: "tables", GraphTemplates: []gen.GraphTemplate{{Name: "schema", Format: "migrate/schema.go"}}}
	err = entc.Generate("./schema", &gen.Config{
		Storage: storage,
		Features: []gen.Feature{gen.FeatureLock, gen.FeatureModifier, gen.FeatureExecQuery, gen.FeatureSnapshot,
			gen.FeatureNamedEdges, gen.FeatureBidiEdgeRefs, tables},
	}, entc.TemplateDir("./template"))
	if err != nil {
		log.Fatal(err)
	}
}
