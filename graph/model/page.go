package model

import (
	"context"

	"tenantry/ent"
)

// Counter counts a list when its totalCount is asked for.
type Counter func(context.Context) (int, error)

// TotalCount counts the items on all pages.
func (c Counter) TotalCount(ctx context.Context) (*int, error) {
	n, err := c(ctx)
	return &n, err
}

// MembershipConnection is a page of memberships.
type MembershipConnection struct {
	Nodes    []*ent.Membership
	Edges    []*MembershipEdge
	PageInfo *PageInfo
	Counter
}

// InvitationConnection is a page of invitations.
type InvitationConnection struct {
	Nodes    []*ent.Invitation
	Edges    []*InvitationEdge
	PageInfo *PageInfo
	Counter
}

// ContactConnection is a page of contacts.
type ContactConnection struct {
	Nodes    []*ent.Contact
	Edges    []*ContactEdge
	PageInfo *PageInfo
	Counter
}
