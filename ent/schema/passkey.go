package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// Passkey is a WebAuthn credential of a person.
type Passkey struct{ ent.Schema }

// Mixin of Passkey.
func (Passkey) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Passkey}} }

// Fields of Passkey.
func (Passkey) Fields() []ent.Field {
	return []ent.Field{
		field.String("user_id").Immutable(),
		field.String("name"),
		field.String("credential_id").Immutable().Comment("As the authenticator names it, in base64url."),
		field.Bytes("credential").Comment("Public key, flags and counter, as JSON of the WebAuthn library."),
		field.Time("last_used_at").Optional().Nillable(),
	}
}

// Edges of Passkey.
func (Passkey) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Field("user_id").Unique().Required().Immutable().
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of Passkey.
func (Passkey) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("credential_id").Unique(),
		index.Fields("user_id", "id"),
	}
}
