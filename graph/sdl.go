package graph

import _ "embed"

// SDL is the printed schema, as it is served at /schema.graphql.
//
//go:embed schema.graphql
var SDL string
