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

// APIToken is what a program presents that acts for an account. It holds no more
// than whoever made it, and goes with their membership. Revoking one deletes its row.
type APIToken struct{ ent.Schema }

// Mixin of APIToken.
func (APIToken) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.APIToken}} }

// Fields of APIToken.
func (APIToken) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("name").Comment("What histories call whoever uses it."),
		field.String("token_hash").Unique().Immutable().Sensitive().Comment("SHA-256 of the token, in hex."),
		field.String("hint").Immutable().Comment("The last four characters of the token."),
		field.JSON("permissions", []permission.Key{}).Immutable(),
		field.Enum("sub_account_access").GoType(permission.Scope("")).Default(string(permission.ScopeNone)).Immutable(),
		field.JSON("sub_account_ids", []string{}).Immutable(),
		field.String("created_by_id").Immutable().Comment("The user who made it."),
		field.Time("expires_at").Optional().Nillable().Immutable(),
		field.Time("last_used_at").Optional().Nillable(),
		field.String("last_used_address").Default(""),
	}
}

// Edges of APIToken.
func (APIToken) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required().Immutable(),
		edge.To("created_by", User.Type).Field("created_by_id").Unique().Required().Immutable().
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of APIToken.
func (APIToken) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("account_id", "name").Unique(),
		index.Fields("account_id", "id"),
		index.Fields("created_by_id", "account_id"),
	}
}
