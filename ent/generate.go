package ent

//go:generate go run entgo.io/ent/cmd/ent generate --template ./template --feature sql/lock,sql/modifier,sql/execquery,sql/versioned-migration,schema/snapshot,namedges,bidiedges ./schema
