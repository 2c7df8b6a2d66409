package graph

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"tenantry/ent"
	"tenantry/graph/model"
	"tenantry/internal/access"
	"tenantry/internal/contact"
	"tenantry/internal/fault"
	"tenantry/internal/membership"
	"tenantry/internal/page"
	"tenantry/internal/review"
	"tenantry/internal/token"
)

// Cursors makes and opens the cursors of pages. A cursor is bound to its list,
// so that one of another list, or an altered one, is refused.
type Cursors struct{ key []byte }

// NewCursors returns cursors under a secret.
func NewCursors(secret []byte) *Cursors { return &Cursors{secret} }

func (c *Cursors) mac(list, key string) []byte {
	m := hmac.New(sha256.New, c.key)
	m.Write([]byte(list + "\x00" + key))
	return m.Sum(nil)[:12]
}

func (c *Cursors) seal(list, key string) string {
	return base64.RawURLEncoding.EncodeToString(append(c.mac(list, key), key...))
}

// request returns what a page of the list asks for. Refusals: BAD_INPUT.
func (c *Cursors) request(ctx context.Context, list string, first int, after *string) (page.Request, error) {
	r := page.Request{First: first, Fields: askedOf(ctx)}
	if after == nil {
		return r, nil
	}
	var ok bool
	if r.After, ok = c.open(list, *after); !ok {
		return r, fault.On("after", fault.BadInput, "This is not a cursor of this list.")
	}
	return r, nil
}

// open returns the key in a cursor of the list.
func (c *Cursors) open(list, cursor string) (key string, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	// Written anew, since the decoder reads over line breaks.
	if err != nil || len(raw) <= 12 || len(raw) > 100 || !hmac.Equal(raw[:12], c.mac(list, string(raw[12:]))) ||
		base64.RawURLEncoding.EncodeToString(raw) != cursor {
		return "", false
	}
	return string(raw[12:]), true
}

// info describes a page by the cursors of its ends.
func info[T any](p page.Page[T], cursor func(T) string) *model.PageInfo {
	out := &model.PageInfo{HasNextPage: p.More}
	if n := len(p.Items); n > 0 {
		start, end := cursor(p.Items[0]), cursor(p.Items[n-1])
		out.StartCursor, out.EndCursor = &start, &end
	}
	return out
}

// connect makes the edges of a page, with the cursors that the document may ask
// for.
func connect[T, E any](p page.Page[T], cursor func(T) string, edge func(T, string) E) ([]T, []E, *model.PageInfo) {
	edges := []E{}
	if p.Asks("edges") {
		for _, v := range p.Items {
			edges = append(edges, edge(v, cursor(v)))
		}
	}
	nodes, about := p.Items, &model.PageInfo{}
	if nodes == nil {
		nodes = []T{}
	}
	if p.Asks("pageInfo") {
		about = info(p, cursor)
	}
	return nodes, edges, about
}

func (r *Resolver) membershipPage(list string, p page.Page[*ent.Membership], err error) (*model.MembershipConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.MembershipConnection{Counter: model.Once(p.Count)}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(m *ent.Membership) string { return r.Cursors.seal(list, m.ID) },
		func(m *ent.Membership, c string) *model.MembershipEdge {
			return &model.MembershipEdge{Node: m, Cursor: c}
		})
	return out, nil
}

func (r *Resolver) invitationPage(list string, p page.Page[*ent.Invitation], err error) (*model.InvitationConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.InvitationConnection{Counter: model.Once(p.Count)}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(i *ent.Invitation) string { return r.Cursors.seal(list, i.ID) },
		func(i *ent.Invitation, c string) *model.InvitationEdge {
			return &model.InvitationEdge{Node: i, Cursor: c}
		})
	return out, nil
}

func (r *Resolver) contactPage(list string, p page.Page[*ent.Contact], err error) (*model.ContactConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.ContactConnection{Counter: model.Once(p.Count)}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(v *ent.Contact) string { return r.Cursors.seal(list, v.ID) },
		func(v *ent.Contact, c string) *model.ContactEdge { return &model.ContactEdge{Node: v, Cursor: c} })
	return out, nil
}

func (r *Resolver) reviewedPage(list string, p page.Page[*review.Member], err error) (*model.ReviewedMemberConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.ReviewedMemberConnection{Counter: model.Once(p.Count)}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(v *review.Member) string { return r.Cursors.seal(list, v.Membership.ID) },
		func(v *review.Member, c string) *model.ReviewedMemberEdge {
			return &model.ReviewedMemberEdge{Node: v, Cursor: c}
		})
	return out, nil
}

func (r *Resolver) accountPage(list string, p page.Page[*ent.Account], err error) (*model.AccountConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.AccountConnection{}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(a *ent.Account) string { return r.Cursors.seal(list, a.ID) },
		func(a *ent.Account, c string) *model.AccountEdge { return &model.AccountEdge{Node: a, Cursor: c} })
	return out, nil
}

func (r *Resolver) personPage(list string, p page.Page[*membership.Person], err error) (*model.PersonConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.PersonConnection{}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(v *membership.Person) string { return r.Cursors.seal(list, v.Key()) },
		func(v *membership.Person, c string) *model.PersonEdge { return &model.PersonEdge{Node: v, Cursor: c} })
	return out, nil
}

func (r *Resolver) recipientPage(list string, p page.Page[*contact.Recipient], err error) (*model.RecipientConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.RecipientConnection{}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(v *contact.Recipient) string { return r.Cursors.seal(list, v.Key()) },
		func(v *contact.Recipient, c string) *model.RecipientEdge {
			return &model.RecipientEdge{Node: v, Cursor: c}
		})
	return out, nil
}

// The keys that cursors of events are made of: in an account's history and in a
// person's.
func eventID(e *ent.Event) string    { return e.ID }
func eventPlace(e *ent.Event) string { return fmt.Sprintf("%012d", *e.Seq) }

func (r *Resolver) eventPage(list string, key func(*ent.Event) string, p page.Page[*ent.Event], err error) (*model.EventConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.EventConnection{}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(e *ent.Event) string { return r.Cursors.seal(list, key(e)) },
		func(e *ent.Event, c string) *model.EventEdge { return &model.EventEdge{Node: e, Cursor: c} })
	return out, nil
}

func (r *Resolver) apiTokenPage(list string, p page.Page[*token.Token], err error) (*model.APITokenConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.APITokenConnection{}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(t *token.Token) string { return r.Cursors.seal(list, t.ID) },
		func(t *token.Token, c string) *model.APITokenEdge { return &model.APITokenEdge{Node: t, Cursor: c} })
	return out, nil
}

// personalData returns a part of a person's data, and the cursor of the next, if any.
func (r *Resolver) personalData(ctx context.Context, after *string) (data, next *string, err error) {
	by := access.From(ctx)
	list := "personalData:" + by.UserID()
	at, err := r.Cursors.request(ctx, list, 1, after)
	if err != nil {
		return nil, nil, err
	}
	part, row, err := r.People.Export(ctx, by, at.After)
	if row != "" {
		sealed := r.Cursors.seal(list, row)
		next = &sealed
	}
	return some(string(part)), next, err
}
