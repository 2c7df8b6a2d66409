package main

//go:generate go generate ./ent
//go:generate go run ./graph/print
//go:generate go run ./graph/generate
