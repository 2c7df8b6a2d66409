package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Budget counts attempts at something by somebody, the same for all instances.
type Budget struct{ ent.Schema }

// Fields of Budget.
func (Budget) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").Immutable().Comment("What is counted and for whom; addresses hashed."),
		field.Int64("full_at").Comment("Unix microseconds at which the budget is whole again."),
	}
}

// Indexes of Budget.
func (Budget) Indexes() []ent.Index { return []ent.Index{index.Fields("full_at")} }
