package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/instant"
)

// IdempotencyKey remembers what a request with a key did, so that the same
// request again does nothing and answers the same.
type IdempotencyKey struct{ ent.Schema }

// Fields of IdempotencyKey.
func (IdempotencyKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").Immutable().Comment("Hash of user, operation and key."),
		field.String("payload_hash").Immutable(),
		field.Text("result").Default("").Comment("JSON of ids, never a secret."),
		field.Time("created_at").Default(instant.Now).Immutable(),
	}
}

// Indexes of IdempotencyKey.
func (IdempotencyKey) Indexes() []ent.Index { return []ent.Index{index.Fields("created_at")} }
