package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
	"tenantry/internal/instant"
)

// Delivery is one mail to one recipient, owed because of one event. It holds
// what the template needs and never a finished mail or a link.
type Delivery struct{ ent.Schema }

// Mixin of Delivery.
func (Delivery) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Delivery}} }

// Fields of Delivery.
func (Delivery) Fields() []ent.Field {
	return []ent.Field{
		field.String("event_id").Immutable(),
		field.String("account_id").Optional().Nillable().Immutable(),
		field.String("kind").Immutable().Comment("Which mail."),
		field.String("subject_id").Immutable().Comment("What the mail is about."),
		field.String("to").Immutable(),
		field.String("to_key").Immutable(),
		field.String("to_name").Default("").Immutable(),
		field.String("locale").Default("en").Immutable(),
		field.JSON("data", map[string]string{}).Immutable(),
		field.Enum("state").Values("QUEUED", "SENT", "FAILED", "BOUNCED", "SUPPRESSED").Default("QUEUED"),
		field.Int("attempts").Default(0),
		field.Time("next_attempt_at").Default(instant.Now),
		field.Time("sent_at").Optional().Nillable(),
		field.String("last_error").Default(""),
	}
}

// Indexes of Delivery.
func (Delivery) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("event_id", "kind", "to_key").Unique(),
		index.Fields("state", "next_attempt_at"),
		index.Fields("account_id", "id"),
	}
}
