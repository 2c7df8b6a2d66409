package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
	"tenantry/internal/permission"
)

// Role is an account's own role. Ready-made roles are in the catalogue.
type Role struct{ ent.Schema }

// Mixin of Role.
func (Role) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Role}} }

// Fields of Role.
func (Role) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("name"),
		field.String("name_key").Comment("The name, folded: unique in the account."),
		field.String("description").Default(""),
		field.Enum("type").GoType(permission.Type("")),
		field.JSON("permissions", []permission.Key{}),
		field.Int("version").Default(1),
	}
}

// Edges of Role.
func (Role) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required().Immutable(),
	}
}

// Indexes of Role.
func (Role) Indexes() []ent.Index {
	return []ent.Index{index.Fields("account_id", "name_key").Unique()}
}
