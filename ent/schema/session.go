package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"tenantry/internal/id"
	"tenantry/internal/instant"
)

// Session is one signed-in client. Ending a session deletes its row.
type Session struct{ ent.Schema }

// Mixin of Session.
func (Session) Mixin() []ent.Mixin { return []ent.Mixin{base{prefix: id.Session}} }

// Fields of Session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		field.String("user_id").Immutable(),
		field.String("token_hash").Sensitive().Comment("SHA-256 of the token, in hex."),
		field.Bool("bearer").Immutable().Comment("Handed over in a payload rather than as a cookie."),
		field.Time("proved_at").Default(instant.Now).Comment("When the person last proved who they are."),
		field.Time("last_seen_at").Default(instant.Now),
		field.Time("expires_at").Comment("The absolute end."),
		field.String("user_agent").Default(""),
		field.String("address").Default("").Comment("Where the person signed in from."),
		field.String("active_account_id").Optional().Nillable(),
		field.Bool("pending").Default(false).Comment("Only the first factor has been passed: good for the second step and nothing else."),
		field.String("device_id").Optional().Nillable().Comment("The device that is known to the person's browser or app."),
		field.Time("token_expires_at").Optional().Nillable().Comment("When the bearer token has to be refreshed. Null where the session's own end is the token's."),
	}
}

// Edges of Session.
func (Session) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Field("user_id").Unique().Required().Immutable().
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of Session.
func (Session) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("token_hash").Unique(),
		index.Fields("user_id"),
		index.Fields("active_account_id"),
		index.Fields("expires_at"),
	}
}
