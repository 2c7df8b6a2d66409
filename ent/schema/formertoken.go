package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// FormerToken is a cookie's token that another one of the same browser has replaced a
// moment ago. It lets nobody in: a request that was on its way with it must not take
// the new one away.
type FormerToken struct{ ent.Schema }

// Mixin of FormerToken.
func (FormerToken) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.FormerToken}} }

// Fields of FormerToken.
func (FormerToken) Fields() []ent.Field {
	return []ent.Field{
		field.String("session_id").Immutable().Comment("Whose token has replaced it."),
		field.String("token_hash").Immutable().Sensitive().Comment("SHA-256 of the token, in hex."),
	}
}

// Edges of FormerToken.
func (FormerToken) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("session", Session.Type).Field("session_id").Unique().Required().Immutable().
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of FormerToken.
func (FormerToken) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("token_hash"),
		index.Fields("session_id"),
	}
}
