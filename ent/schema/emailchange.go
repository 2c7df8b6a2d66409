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
// the way back to the old one. There is one for each person.
type EmailChange struct{ ent.Schema }

// Mixin of EmailChange.
func (EmailChange) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.EmailChange}} }

// Fields of EmailChange.
func (EmailChange) Fields() []ent.Field {
	return []ent.Field{
		field.String("user_id").Immutable(),
		field.String("email").Comment("The new address, as the person writes it."),
		field.String("email_key"),
		field.String("former_email"),
		field.String("former_email_key"),
		field.Int("generation").Default(1).Comment("Raised by every new request and by use, which kills older links."),
		field.Time("expires_at").Comment("When the proof lapses, and once it was given, the way back."),
		field.Time("confirmed_at").Optional().Nillable(),
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
		index.Fields("user_id").Unique(),
		index.Fields("former_email_key"),
		index.Fields("expires_at"),
	}
}
