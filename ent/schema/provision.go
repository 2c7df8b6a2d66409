package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// Provision is an account that the company ordered for an address which nobody
// has proved yet. The account is opened, and the row deleted, when its owner
// comes to exist.
type Provision struct{ ent.Schema }

// Mixin of Provision.
func (Provision) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Provision}} }

// Fields of Provision.
func (Provision) Fields() []ent.Field {
	return []ent.Field{
		field.String("email"),
		field.String("email_key"),
		field.String("name").Comment("Of the account."),
		field.String("company").Default(""),
		field.String("external_id").Optional().Nillable().Unique(),
		field.String("operator").Comment("Who ordered it."),
	}
}

// Indexes of Provision.
func (Provision) Indexes() []ent.Index {
	return []ent.Index{index.Fields("email_key")}
}
