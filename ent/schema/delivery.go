package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

// Delivery is one message to one recipient on one channel, owed because of one
// event. It holds what the template needs and never a finished mail or a link.
type Delivery struct{ ent.Schema }

// Mixin of Delivery.
func (Delivery) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Delivery}} }

// Fields of Delivery.
func (Delivery) Fields() []ent.Field {
	return []ent.Field{
		field.String("event_id").Immutable(),
		field.String("account_id").Optional().Nillable().Immutable(),
		field.String("notification_id").Optional().Nillable().Immutable().Comment("Null for what is about one person, such as the reset of a password."),
		field.Enum("channel").GoType(permission.Channel("")).Default(string(permission.Email)).Immutable(),
		field.String("contact_id").Default("").Immutable().Comment("The contact it is for; empty for a user."),
		field.String("webhook_id").Default("").Immutable().Comment("The webhook that is called; empty on other channels."),
		field.Enum("rule").GoType(permission.Rule("")).Optional().Nillable().Immutable().Comment("Why they get it; null where nobody could choose."),
		field.String("kind").Immutable().Comment("Which mail."),
		field.String("subject_id").Immutable().Comment("What the mail is about."),
		field.String("to").Immutable(),
		field.String("to_key").Immutable(),
		field.String("to_name").Default("").Immutable(),
		field.String("locale").Default("en").Immutable(),
		field.JSON("data", map[string]string{}).Immutable(),
		field.String("domain").Default("").Immutable().Comment("Where it goes, in lower case, so that nobody is sent too much at once."),
		field.Int("lane").Default(0).Immutable().Comment("0 for what somebody waits for, 1 for mail that many get, 2 for calls, 3 for mail that people cause by what they do: none waits for another."),
		field.Bool("paced").Default(false).Comment("It has its turn in what its domain and its account get, which next_attempt_at is."),
		field.Enum("state").Values("QUEUED", "SENT", "FAILED", "BOUNCED", "SUPPRESSED").Default("QUEUED"),
		field.Int("attempts").Default(0),
		field.Time("next_attempt_at").Default(instant.Now),
		field.Time("sent_at").Optional().Nillable(),
		field.Time("bounced_at").Optional().Nillable(),
		field.String("last_error").Default(""),
		field.Int("answered").Optional().Nillable().Comment("The status that a receiver answered the last call with; null if it did not, and on other channels."),
		field.Int("took").Optional().Nillable().Comment("How long the last call took, in milliseconds; null before it, and on other channels."),
	}
}

// Edges of Delivery.
func (Delivery) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("notification", Notification.Type).Field("notification_id").Unique().Immutable(),
	}
}

// Indexes of Delivery.
func (Delivery) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("event_id", "kind", "to_key", "channel", "webhook_id").Unique(),
		index.Fields("lane", "next_attempt_at").StorageKey("delivery_queued").Annotations(entsql.IndexWhere("state = 'QUEUED'")),
		index.Fields("account_id", "id"),
		index.Fields("notification_id", "id"),
		index.Fields("contact_id", "id"),
		index.Fields("webhook_id", "id").StorageKey("delivery_calls").Annotations(entsql.IndexWhere("webhook_id <> ''")),
	}
}
