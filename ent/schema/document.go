package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/instant"
)

// PersistedDocument is a GraphQL document that clients name by its hash, the same on all
// instances.
type PersistedDocument struct{ ent.Schema }

// Fields of PersistedDocument.
func (PersistedDocument) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").Immutable().Comment("SHA-256 of the text, in hexadecimal digits."),
		field.Text("text").Immutable().Comment("Without texts that somebody wrote into it, which may be secret."),
		field.Time("created_at").Default(instant.Now).Immutable(),
	}
}

// Indexes of PersistedDocument.
func (PersistedDocument) Indexes() []ent.Index { return []ent.Index{index.Fields("created_at")} }
