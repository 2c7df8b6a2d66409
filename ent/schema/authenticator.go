package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// Authenticator is a person's app for time-based one-time passwords (RFC 6238).
// There is one for each person; until its first code was right it protects nothing.
type Authenticator struct{ ent.Schema }

// Mixin of Authenticator.
func (Authenticator) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Authenticator}} }

// Fields of Authenticator.
func (Authenticator) Fields() []ent.Field {
	return []ent.Field{
		field.String("user_id").Immutable(),
		field.Bytes("secret").Sensitive().Comment("Sealed, and bound to the person."),
		field.Time("confirmed_at").Optional().Nillable(),
		field.Int64("last_step").Default(0).Comment("The time step of the last code that was taken: no code of it or before is."),
	}
}

// Edges of Authenticator.
func (Authenticator) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Field("user_id").Unique().Required().Immutable().
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of Authenticator.
func (Authenticator) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id").Unique()}
}
