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

// Invitation is an address that was asked to become a member. It is kept as
// history in every state.
type Invitation struct{ ent.Schema }

// Mixin of Invitation.
func (Invitation) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Invitation}} }

// Fields of Invitation.
func (Invitation) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("email").Immutable(),
		field.String("email_key").Immutable(),
		field.String("name").Default(""),
		field.String("search").Comment("Name and address, folded, for lists."),
		field.Enum("state").Values("PENDING", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED").Default("PENDING").
			Comment("PENDING with expires_at in the past reads as EXPIRED."),
		field.String("ended_reason").Default("").Comment("Why it was canceled, where a rule did it."),
		field.Time("ended_at").Optional().Nillable(),
		field.JSON("role_ids", []string{}),
		field.JSON("permissions", []permission.Key{}),
		field.Enum("sub_account_access").GoType(permission.Scope("")).Default(string(permission.ScopeNone)),
		field.JSON("sub_account_ids", []string{}),
		field.String("message").Default(""),
		field.String("locale").Default("en"),
		field.Int("generation").Default(1).Comment("Raised by resending, which kills older links."),
		field.Bool("mailed").Default(true).Comment("False: the link was handed over by the inviter."),
		field.Int("sends").Default(1),
		field.Time("sent_at"),
		field.Time("expires_at").Comment("Whole seconds, as links carry them."),
		field.Time("access_ends_at").Optional().Nillable().Comment("When the membership would end."),
		field.Time("reminded_at").Optional().Nillable(),
		field.String("invited_by_id").Comment("Who asked first."),
		field.String("granted_by_id").Comment("Who last set what is offered, and must still be able to give it."),
		field.String("accepted_by_id").Optional().Nillable(),
		field.String("contact_id").Optional().Nillable().Comment("The contact whose login this is."),
	}
}

// Edges of Invitation.
func (Invitation) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required().Immutable(),
		edge.To("invited_by", User.Type).Field("invited_by_id").Unique().Required(),
		edge.To("contact", Contact.Type).Field("contact_id").Unique().
			Annotations(entsql.OnDelete(entsql.SetNull)),
	}
}

// Indexes of Invitation.
func (Invitation) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("account_id", "email_key").Unique().StorageKey("invitation_one_pending").
			Annotations(entsql.IndexWhere("state = 'PENDING'")),
		index.Fields("account_id", "id"),
		index.Fields("account_id", "id").StorageKey("invitation_waiting").Annotations(entsql.IndexWhere("state = 'PENDING'")),
		index.Fields("email_key"),
		index.Fields("contact_id"),
		index.Fields("invited_by_id"),
	}
}
