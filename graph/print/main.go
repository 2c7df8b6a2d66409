// Command print writes graph/schema.graphql: the whole schema in one file, for
// clients and for comparing releases.
package main

import (
	"bytes"
	"log"
	"os"
	"path/filepath"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

func main() {
	names, err := filepath.Glob("graph/schema/*.graphql")
	if err != nil {
		log.Fatal(err)
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			log.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	formatter.NewFormatter(&out, formatter.WithIndent("  ")).FormatSchema(schema)
	if err := os.WriteFile("graph/schema.graphql", out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
