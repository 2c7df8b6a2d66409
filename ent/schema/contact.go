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

// Contact is a recipient of notifications. It never signs in by itself.
type Contact struct{ ent.Schema }

// Mixin of Contact.
func (Contact) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Contact}} }

// Fields of Contact.
func (Contact) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("email"),
		field.String("email_key"),
		field.String("search").Comment("Names, company and address, folded, for lists."),
		field.String("first_name").Default(""),
		field.String("last_name").Default(""),
		field.String("company").Default(""),
		field.String("phone").Default("").Comment("E.164."),
		field.String("address_line1").Default(""),
		field.String("address_line2").Default(""),
		field.String("city").Default(""),
		field.String("region").Default(""),
		field.String("postal_code").Default(""),
		field.String("country").Default("").Comment("ISO 3166-1 alpha-2."),
		field.String("locale").Default("en"),
		field.Enum("type").Values("BILLING", "TECHNICAL", "ADMINISTRATIVE", "CONTRACTUAL", "OTHER").Default("OTHER"),
		field.String("notes").Default(""),
		field.String("external_id").Optional().Nillable(),
		field.JSON("preferences", []permission.Preference{}),
		field.Enum("sub_account_access").GoType(permission.Scope("")).Default(string(permission.ScopeNone)),
		field.JSON("sub_account_ids", []string{}),
		field.String("membership_id").Optional().Nillable().Comment("The linked login."),
		field.JSON("unsubscribed", []permission.CategoryKey{}).Optional().Comment("The categories that whoever reads the mail does not want. Nobody else puts one back."),
		field.Time("suppressed_at").Optional().Nillable().Comment("Mail to the address bounced for good."),
		field.String("suppressed_reason").Default("").Comment("What the mail server said."),
		field.Time("verified_at").Optional().Nillable().Comment("Whoever reads the mail has said that the address is right. Null again with another address."),
		field.Time("verification_sent_at").Optional().Nillable(),
		field.Int("verification_generation").Default(0).Comment("Raised by every mail that asks, and by another address: older links are dead."),
		field.Int("version").Default(1),
		field.Time("updated_at"),
	}
}

// Edges of Contact.
func (Contact) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required().Immutable(),
		edge.To("membership", Membership.Type).Field("membership_id").Unique().
			Annotations(entsql.OnDelete(entsql.SetNull)),
	}
}

// Indexes of Contact.
func (Contact) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("account_id", "email_key").Unique(),
		index.Fields("account_id", "id"),
		index.Fields("account_id", "external_id").Unique(),
		index.Fields("membership_id"),
		index.Fields("email_key"),
	}
}
