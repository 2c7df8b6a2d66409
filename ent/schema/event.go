package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
)

// Event is something that happened, written in the transaction that did it.
// Rows are never changed but for the seal and the mark of having been handed on.
type Event struct{ ent.Schema }

// Mixin of Event.
func (Event) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Event}} }

// Fields of Event.
func (Event) Fields() []ent.Field {
	return []ent.Field{
		field.String("stream").Immutable().Comment("The chain it belongs to: an account, a user, or system."),
		field.String("account_id").Optional().Nillable().Immutable(),
		field.Enum("actor_kind").Values("USER", "SYSTEM", "OPERATOR", "TOKEN").Immutable(),
		field.String("actor_id").Default("").Immutable(),
		field.String("actor_name").Default("").Immutable().Comment("As it was then."),
		field.String("action").Immutable(),
		field.String("target_id").Default("").Immutable(),
		field.String("target_name").Default("").Immutable().Comment("As it was then."),
		field.String("before").Default("").Immutable().Comment("JSON, without secrets."),
		field.String("after").Default("").Immutable().Comment("JSON, without secrets."),
		field.String("address").Default("").Immutable(),
		field.Int("seq").Optional().Nillable().Comment("The place in the chain, given by the seal."),
		field.String("hash").Default(""),
		field.Bool("handled").Default(false).Comment("Handed on to every handler."),
	}
}

// Indexes of Event.
func (Event) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("stream", "seq").Unique(),
		index.Fields("account_id", "id"),
		index.Fields("id").Annotations(entsql.IndexWhere("NOT handled OR seq IS NULL")).StorageKey("event_waiting"),
	}
}
