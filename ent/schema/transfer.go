package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// OwnershipTransfer is an offer to hand an account over.
type OwnershipTransfer struct{ ent.Schema }

// Mixin of OwnershipTransfer.
func (OwnershipTransfer) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Transfer}} }

// Fields of OwnershipTransfer.
func (OwnershipTransfer) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("from_user_id").Immutable(),
		field.String("to_user_id").Immutable(),
		field.Enum("state").Values("PENDING", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED").Default("PENDING").
			Comment("PENDING with expires_at in the past reads as EXPIRED."),
		field.Time("expires_at").Optional().Nillable().Immutable().Comment("Null for one that takes effect instead."),
		field.String("operator").Default("").Immutable().
			Comment("The company's system that started it, since the owner is gone. Empty for the owner's own offer."),
		field.String("operator_token_id").Default("").Immutable().Comment("Empty for the command line."),
		field.Time("effective_at").Optional().Nillable().Comment("When one of an operator's takes effect, at the earliest."),
		field.Int("notices").Default(0).Comment("How often owner and administrators were told."),
		field.Time("noticed_at").Optional().Nillable().Comment("When they were last told."),
		field.Time("ended_at").Optional().Nillable(),
		field.Bool("objected").Default(false).Comment("Ended by the owner, whom an operator took to be gone."),
	}
}

// Edges of OwnershipTransfer.
func (OwnershipTransfer) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required().Immutable(),
		edge.To("from", User.Type).Field("from_user_id").Unique().Required().Immutable(),
		edge.To("to", User.Type).Field("to_user_id").Unique().Required().Immutable(),
	}
}

// Indexes of OwnershipTransfer.
func (OwnershipTransfer) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("account_id").Unique().StorageKey("transfer_one_pending").
			Annotations(entsql.IndexWhere("state = 'PENDING'")),
		index.Fields("from_user_id"),
		index.Fields("to_user_id"),
		index.Fields("effective_at").StorageKey("transfer_to_take_effect").
			Annotations(entsql.IndexWhere("state = 'PENDING' AND effective_at IS NOT NULL")),
	}
}
