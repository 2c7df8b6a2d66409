// Package schema says what is stored: fields, edges and indexes, and nothing
// about who may see or change them.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"

	"tenantry/internal/id"
	"tenantry/internal/instant"
)

// base gives an entity its prefixed id and the time it was made.
type base struct {
	mixin.Schema
	prefix string
}

// Fields of every named entity.
func (b base) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").DefaultFunc(func() string { return id.New(b.prefix) }).Immutable(),
		field.Time("created_at").Default(instant.Now).Immutable(),
	}
}
