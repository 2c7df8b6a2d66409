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

// Notification is something that an account's contacts are told, in one category:
// what one of the company's systems sends, or what Tenantry tells of an event. Who
// gets it is decided by the contacts' preferences when it leaves.
type Notification struct{ ent.Schema }

// Mixin of Notification.
func (Notification) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Notification}} }

// Fields of Notification.
func (Notification) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("category").GoType(permission.CategoryKey("")).Immutable(),
		field.String("event_id").Immutable().Comment("The event that it follows from."),
		field.String("kind").Default("").Immutable().Comment("The letter for what Tenantry tells by itself; empty for what was written by a sender."),
		field.String("subject_id").Default("").Immutable().Comment("What such a letter is about."),
		field.Bool("test").Default(false).Immutable().Comment("Asked for to see whether a contact gets anything; goes to that contact alone."),
		field.Enum("sender_kind").Values("USER", "SYSTEM", "OPERATOR", "TOKEN").Immutable(),
		field.String("sender_id").Default("").Immutable(),
		field.String("sender_name").Default("").Immutable().Comment("As it was then."),
		field.String("subject").Default("").Immutable().Comment("One line."),
		field.Text("text").Default("").Immutable(),
		field.Text("html").Default("").Immutable().Comment("Made harmless. Empty for a notification in plain text only."),
		field.Text("data").Default("").Immutable().Comment("A JSON object for programs. Empty for none."),
		field.Time("fanned_out_at").Optional().Nillable().Comment("When its deliveries were written. Null while that is to come."),
	}
}

// Edges of Notification.
func (Notification) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required().Immutable(),
		edge.From("deliveries", Delivery.Type).Ref("notification"),
	}
}

// Indexes of Notification.
func (Notification) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("account_id", "id"),
		index.Fields("account_id", "category", "id"),
		index.Fields("event_id").Unique(),
		index.Fields("created_at").StorageKey("notification_waiting").Annotations(entsql.IndexWhere("fanned_out_at IS NULL")),
	}
}
