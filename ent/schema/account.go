package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// Account is a customer. Rows are never deleted.
type Account struct{ ent.Schema }

// Mixin of Account.
func (Account) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Account}} }

// Fields of Account.
func (Account) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("search").Comment("The name, folded, for lists."),
		field.Enum("state").Values("ACTIVE", "SUSPENDED", "CLOSED").Default("ACTIVE"),
		field.String("owner_user_id").Comment("Exactly one owner: never null. A sub-account's is its parent's."),
		field.String("parent_id").Optional().Nillable().Immutable(),
		field.String("suspended_reason").Default(""),
		field.Time("closed_at").Optional().Nillable(),
		field.String("external_id").Optional().Nillable().Unique(),

		field.String("company").Default(""),
		field.String("billing_email").Default(""),
		field.String("phone").Default(""),
		field.String("tax_id").Default(""),
		field.String("address_line1").Default(""),
		field.String("address_line2").Default(""),
		field.String("city").Default(""),
		field.String("region").Default(""),
		field.String("postal_code").Default(""),
		field.String("country").Default(""),

		field.Time("two_factor_from").Optional().Nillable().Comment("From when on members without two factors are kept out. Null while they are not."),
		field.Time("two_factor_reminded_at").Optional().Nillable().Comment("When members without two factors were reminded of that date. Null while that is to come."),
		field.JSON("allowed_domains", []string{}).Optional().Comment("Domains that may be invited, in their ASCII form. Empty for any."),
		field.Bool("owner_fallback").Default(true).Comment("Mandatory notices nobody gets go to the owner."),
		field.Int("version").Default(1).Comment("Raised by every change of the profile."),
		field.Int("policies_version").Default(1).Comment("Raised by every change of the account's policies."),
		field.Int("roles_version").Default(0).Comment("Raised by every change of the account's own roles."),
		field.String("access_review_id").Optional().Nillable().Comment("The event of the last review of access that somebody confirmed."),
		field.Int("members_version").Default(0).Comment("Raised by every change of who belongs to the account and what they were given."),
	}
}

// Edges of Account.
func (Account) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("owner", User.Type).Field("owner_user_id").Unique().Required(),
		edge.To("parent", Account.Type).Field("parent_id").Unique().Immutable().From("sub_accounts"),
		edge.From("memberships", Membership.Type).Ref("account"),
	}
}

// Indexes of Account.
func (Account) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("owner_user_id"),
		index.Fields("parent_id", "id"),
		index.Fields("two_factor_from").StorageKey("account_two_factor_to_come").Annotations(entsql.IndexWhere("two_factor_from IS NOT NULL AND two_factor_reminded_at IS NULL")),
	}
}
