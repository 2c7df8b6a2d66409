package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
	"tenantry/internal/permission"
)

// FormerAddress is what an account has to remember of an address that none of its
// contacts has any more: what its reader unsubscribed from, and that mail to it came
// back. A contact that gets the address takes it over, and the row goes.
type FormerAddress struct{ ent.Schema }

// Mixin of FormerAddress.
func (FormerAddress) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.FormerAddress}} }

// Fields of FormerAddress.
func (FormerAddress) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("email_key").Immutable(),
		field.JSON("unsubscribed", []permission.CategoryKey{}).Optional().Immutable(),
		field.Time("suppressed_at").Optional().Nillable().Immutable(),
		field.String("suppressed_reason").Default("").Immutable(),
	}
}

// Edges of FormerAddress.
func (FormerAddress) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required().Immutable().
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of FormerAddress.
func (FormerAddress) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("account_id", "email_key").Unique(),
		index.Fields("email_key"),
	}
}
