package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Chain is the head of one sealed history: removing the last rows of it shows.
type Chain struct{ ent.Schema }

// Fields of Chain.
func (Chain) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").Immutable().Comment("The stream."),
		field.Int("seq"),
		field.String("hash"),
	}
}
