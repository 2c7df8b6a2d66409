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

// Membership is a user in an account. Removing a member deletes the row; what
// they did stays in the history.
type Membership struct{ ent.Schema }

// Mixin of Membership.
func (Membership) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Membership}} }

// Fields of Membership.
func (Membership) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("user_id").Immutable(),
		field.Enum("state").Values("ACTIVE", "DEACTIVATED").Default("ACTIVE"),
		field.Time("deactivated_at").Optional().Nillable(),
		field.Time("access_ends_at").Optional().Nillable().Comment("An ACTIVE one that has reached it reads as DEACTIVATED."),
		field.Bool("access_ended").Default(false).Comment("Whether it was its end that deactivated it."),
		field.String("access_end_set_by_id").Optional().Nillable().Comment("Who set the end, and is told before it."),
		field.Time("access_end_noticed_at").Optional().Nillable(),
		field.JSON("role_ids", []string{}),
		field.JSON("permissions", []permission.Key{}).Comment("Given one by one, beside the roles."),
		field.Enum("sub_account_access").GoType(permission.Scope("")).Default(string(permission.ScopeNone)),
		field.JSON("sub_account_ids", []string{}),
		field.Int("version").Default(1).Comment("Raised by every change of what the member may do."),
		field.Time("last_access_at").Optional().Nillable(),
		field.String("invitation_id").Optional().Nillable().Comment("The invitation that led here."),
	}
}

// Edges of Membership.
func (Membership) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required().Immutable(),
		edge.To("user", User.Type).Field("user_id").Unique().Required().Immutable(),
	}
}

// Indexes of Membership.
func (Membership) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("account_id", "user_id").Unique(),
		index.Fields("account_id", "id"),
		index.Fields("user_id", "id"),
		index.Fields("access_ends_at").StorageKey("membership_ending").
			Annotations(entsql.IndexWhere("access_ends_at IS NOT NULL AND state = 'ACTIVE'")),
	}
}
