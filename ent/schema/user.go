package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
	"tenantry/internal/instant"
)

// User is a person who signs in. A row exists only once the address is proved.
type User struct{ ent.Schema }

// Mixin of User.
func (User) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.User}} }

// Fields of User.
func (User) Fields() []ent.Field {
	return []ent.Field{
		field.String("email").Comment("As the person writes it."),
		field.String("email_key").Comment("The one identity of the address."),
		field.String("name"),
		field.String("search").Comment("Name and address, folded, for lists."),
		field.String("locale").Default("en"),
		field.String("password_hash").Optional().Sensitive(),
		field.Time("password_changed_at").Default(instant.Now),
		field.String("default_account_id").Optional().Nillable(),
		field.String("external_id").Optional().Nillable().Unique(),
		field.Time("disabled_at").Optional().Nillable(),
		field.Time("two_factor_at").Optional().Nillable().Comment("Since when signing in takes a second factor or a passkey. Null while it does not."),
		field.Time("deleted_at").Optional().Nillable().Comment("When the person deleted their user. What is left is a name for what they did, with an id of its own."),
		field.String("former_id").Optional().Nillable().Comment("The id of the deleted user, until their own history is forgotten."),
	}
}

// Indexes of User.
func (User) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("email_key").Unique(),
		index.Fields("former_id").Unique().Annotations(entsql.IndexWhere("former_id IS NOT NULL")),
	}
}
