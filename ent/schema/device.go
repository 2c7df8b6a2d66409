package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
	"tenantry/internal/instant"
)

// Device is a browser or an app that a person has signed in with before.
type Device struct{ ent.Schema }

// Mixin of Device.
func (Device) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Device}} }

// Fields of Device.
func (Device) Fields() []ent.Field {
	return []ent.Field{
		field.String("user_id").Immutable(),
		field.String("token_hash").Sensitive().Comment("SHA-256 of what the device keeps, in hex."),
		field.String("user_agent").Default(""),
		field.Time("last_seen_at").Default(instant.Now),
	}
}

// Edges of Device.
func (Device) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Field("user_id").Unique().Required().Immutable().
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of Device.
func (Device) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("token_hash").Unique(),
		index.Fields("user_id", "last_seen_at"),
		index.Fields("last_seen_at"),
	}
}
