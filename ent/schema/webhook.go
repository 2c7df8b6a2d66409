package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// Webhook is an address of the account's own that is called with what happens in
// it, and with the notifications that contacts want on the channel WEBHOOK.
type Webhook struct{ ent.Schema }

// Mixin of Webhook.
func (Webhook) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Webhook}} }

// Fields of Webhook.
func (Webhook) Fields() []ent.Field {
	return []ent.Field{
		field.String("account_id").Immutable(),
		field.String("url"),
		field.String("description").Default(""),
		field.JSON("events", []string{}).Comment("The actions that it is called with, such as member.removed, or all of a noun, such as member.*; empty for notifications only."),
		field.Bool("notifications").Default(true).Comment("Called with the notifications that contacts want on the channel WEBHOOK."),
		field.Bytes("secret").Sensitive().Comment("What calls are signed with. Sealed, and bound to the webhook."),
		field.Bytes("former_secret").Optional().Nillable().Sensitive().Comment("The one before, which signs as well until former_secret_until."),
		field.Time("former_secret_until").Optional().Nillable(),
		field.Enum("state").Values("ACTIVE", "PAUSED", "FAILING").Default("ACTIVE").Comment("PAUSED by a person; FAILING was switched off after days without an answer."),
		field.Time("failing_since").Optional().Nillable().Comment("Since when no call was answered well. Null while calls are."),
		field.Time("last_success_at").Optional().Nillable(),
		field.String("last_error").Default(""),
		field.Int("version").Default(1),
		field.Time("updated_at"),
	}
}

// Edges of Webhook.
func (Webhook) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required().Immutable(),
	}
}

// Indexes of Webhook.
func (Webhook) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("account_id", "id"),
		index.Fields("account_id", "url").Unique(),
	}
}
