package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// Ceremony is an exchange with a client or a provider that was begun and waits for
// its answer: the challenge of a passkey, or the state of a sign-in elsewhere. It is
// deleted by its answer, so that each answer counts once.
type Ceremony struct{ ent.Schema }

// Mixin of Ceremony.
func (Ceremony) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Ceremony}} }

// Fields of Ceremony.
func (Ceremony) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("kind").Values("PASSKEY_REGISTRATION", "PASSKEY_SIGN_IN", "PASSKEY_PROOF", "OPENID").Immutable(),
		field.String("user_id").Default("").Immutable().Comment("Whose it is. Empty before that is known."),
		field.String("session_id").Default("").Immutable().Comment("The only session that may answer. Empty for a client without one."),
		field.Bytes("data").Immutable().Sensitive(),
		field.Time("expires_at").Immutable(),
	}
}

// Indexes of Ceremony.
func (Ceremony) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id"), index.Fields("expires_at")}
}
