// Command generate runs gqlgen, and writes beside its executor how to read each
// field without it (graph/straight).
package main

import (
	"log"

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
}
