// Package schema says what is stored: fields, edges and indexes, and nothing
// about who may see or change them.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
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

// prefix tells the template of ent/runtime.go, which sees no functions, what ids begin with.
type prefix struct{ Of string }

// Name is what the template finds it by.
func (prefix) Name() string { return "Prefix" }

// Annotations of every named entity.
func (b base) Annotations() []schema.Annotation { return []schema.Annotation{prefix{b.prefix}} }

// Fields of every named entity. What is called for a value is known to the template of
// ent/runtime.go as well: here ids, and instant.Now for times.
func (b base) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").DefaultFunc(func() string { return id.New(b.prefix) }).Immutable(),
		field.Time("created_at").Default(instant.Now).Immutable(),
	}
}
