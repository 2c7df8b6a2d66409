package model

import (
	"context"
	"sync"

	"tenantry/ent"
	"tenantry/internal/review"
)

// Counter counts a list when its totalCount is asked for.
type Counter func(context.Context) (int, error)

// Once returns a counter that counts when it is first asked: aliases may ask for it
// side by side.
func Once(count Counter) Counter {
	var mu sync.Mutex
	var known *int
	return func(ctx context.Context) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		if known == nil {
			n, err := count(ctx)
			if err != nil {
				return 0, err
			}
			known = &n
		}
		return *known, nil
	}
}

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

// ReviewedMemberConnection is a page of the members that a review of access names.
type ReviewedMemberConnection struct {
	Nodes    []*review.Member
	Edges    []*ReviewedMemberEdge
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
