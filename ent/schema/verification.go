package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// Verification is a proof that was asked of an address by mail: to sign up, to
// take up an ordered account, or to set a new password. There is one for each purpose and address, whether or
// not the address has a user, so that asking again costs and shows the same.
type Verification struct{ ent.Schema }

// Mixin of Verification.
func (Verification) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Verification}} }

// Fields of Verification.
func (Verification) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("purpose").Values("SIGN_UP", "PASSWORD_RESET", "RECOVERY", "ORDER").Immutable(),
		field.String("email"),
		field.String("email_key"),
		field.String("name").Default(""),
		field.String("locale").Default("en"),
		field.Int("generation").Default(0).Comment("Raised by every new request and by use, which kills older links."),
		field.Time("expires_at"),
	}
}

// Indexes of Verification.
func (Verification) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("purpose", "email_key").Unique(),
		index.Fields("expires_at"),
	}
}
