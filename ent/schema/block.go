package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// Block is an address that does not want to be invited by an account again.
type Block struct{ ent.Schema }

// Mixin of Block.
func (Block) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Block}} }

// Fields of Block.
func (Block) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("email_key").Immutable(),
	}
}

// Indexes of Block.
func (Block) Indexes() []ent.Index {
	return []ent.Index{index.Fields("account_id", "email_key").Unique()}
}
