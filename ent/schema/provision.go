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
		field.String("external_id").Unique().Comment("The company's own number of the account: the same number is the same order."),
		field.String("operator").Comment("Who ordered it."),
		field.String("operator_token_id").Default("").Comment("Empty for the command line."),
		field.Time("expires_at").Comment("When the order lapses."),
	}
}

// Indexes of Provision.
func (Provision) Indexes() []ent.Index {
	return []ent.Index{index.Fields("email_key"), index.Fields("expires_at")}
}
