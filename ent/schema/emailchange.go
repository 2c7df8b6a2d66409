package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// EmailChange is a new address that a person wants to sign in with, and afterwards
// the way back to the old one. One for each person waits at a time.
type EmailChange struct{ ent.Schema }

// Mixin of EmailChange.
func (EmailChange) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.EmailChange}} }

// Fields of EmailChange.
func (EmailChange) Fields() []ent.Field {
	return []ent.Field{
		field.String("user_id").Immutable(),
		field.String("email").Immutable().Comment("The new address, as the person writes it."),
		field.String("email_key").Immutable(),
		field.String("former_email").Immutable(),
		field.String("former_email_key").Immutable(),
		field.Time("expires_at").Comment("When the proof lapses, and once it was given, the way back. Whole seconds, as links carry them."),
		field.Time("confirmed_at").Optional().Nillable(),
		field.Time("ended_at").Optional().Nillable().Comment("When the way back was taken, or lost to one further back."),
	}
}

// Edges of EmailChange.
func (EmailChange) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Field("user_id").Unique().Required().Immutable().
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of EmailChange.
func (EmailChange) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("user_id").Unique().StorageKey("emailchange_one_waiting").
			Annotations(entsql.IndexWhere("confirmed_at IS NULL")),
		index.Fields("user_id", "id"),
		index.Fields("expires_at"),
	}
}
