package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"tenantry/internal/id"
	"tenantry/internal/permission"
)

// OperatorToken is what a system of the company that runs the portal presents.
// It belongs to no account. Revoking one deletes its row.
type OperatorToken struct{ ent.Schema }

// Mixin of OperatorToken.
func (OperatorToken) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.OperatorToken}} }

// Fields of OperatorToken.
func (OperatorToken) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique().Comment("What histories call whoever uses it."),
		field.String("token_hash").Unique().Sensitive().Comment("SHA-256 of the token, in hex."),
		field.JSON("powers", []permission.Power{}),
		field.Time("expires_at").Optional().Nillable(),
		field.Time("last_used_at").Optional().Nillable(),
	}
}
