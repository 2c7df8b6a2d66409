// Command generate runs gqlgen, and writes beside its executor how to read each
// field without it (graph/straight).
package main

import (
	"fmt"
	"log"
	"os"
	"regexp"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	log.SetFlags(0)
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		log.Fatal(err)
	}
	if err := api.Generate(cfg, api.AddPlugin(&straight{})); err != nil {
		log.Fatal(err)
	}
	if err := lighten(cfg.Exec.Filename); err != nil {
		log.Fatal(err)
	}
}

var unmarshalers = regexp.MustCompile(`(?s)graphql\.BuildUnmarshalerMap\(.*?\n\t\)`)

// lighten spares every request a map of all inputs by their Go types, which the
// executor makes for graphql.UnmarshalInputFromContext. Nothing here calls that; what
// did would be told that the map is empty.
func lighten(executor string) error {
	b, err := os.ReadFile(executor)
	if err != nil {
		return err
	}
	if n := len(unmarshalers.FindAll(b, -1)); n != 1 {
		return fmt.Errorf("%s makes %d maps of inputs, not one: see lighten", executor, n)
	}
	return os.WriteFile(executor, unmarshalers.ReplaceAll(b, []byte("graphql.BuildUnmarshalerMap()")), 0o644)
}
