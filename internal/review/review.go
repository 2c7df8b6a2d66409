// Package review shows an account who has access that should perhaps not have it any
// more, and keeps that somebody looked.
package review

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/contact"
	"tenantry/ent/membership"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/instant"
	"tenantry/internal/page"
	"tenantry/internal/permission"
)

const (
	// IdleAfter is how long a member has not worked in the account who is named as idle.
	IdleAfter = 90 * 24 * time.Hour
	// UnverifiedAfter is how long nobody has said of a contact that its address is right.
	UnverifiedAfter = 365 * 24 * time.Hour
)

// Service shows and confirms reviews.
type Service struct {
	client *ent.Client
	gate   *access.Gate
}

// New returns a service.
func New(client *ent.Client, gate *access.Gate) *Service { return &Service{client, gate} }

// Reason is why a member is named.
type Reason string

// The reasons, in the order in which they are told.
const (
	Idle     Reason = "IDLE"
	Risky    Reason = "RISKY_GRANT"
	Outsider Reason = "OUTSIDER_WITHOUT_END"
)

// Review is whom a review of access names, as of one moment.
type Review struct {
	// Version tells it from one that names others, or the same with other grants, or that
	// follows another confirmed one.
	Version string
	// At is when it was read.
	At time.Time
	// Domains are those whose addresses are no outsiders', sorted.
	Domains []string
	// Account is whose it is.
	Account *ent.Account

	members []found
	// contacts are the ids of those named, of whoever may see contacts; sees says who.
	contacts []string
	sees     bool
}

// found is a member who is named.
type found struct {
	id      string
	reasons []Reason
	risks   []permission.Warning
}

// Member is a member who is named, with why.
type Member struct {
	Membership *ent.Membership
	Reasons    []Reason
	// Risks are what is dangerous about what they hold; empty for who is named for
	// another reason alone.
	Risks []*permission.Warning
}

// Of reads the review of an account. Contacts are part of it for whoever holds
// contacts. Refusals: as access.Gate.Require for users.
func (s *Service) Of(ctx context.Context, by *access.Actor, accountID string) (*Review, error) {
	st, err := s.gate.Require(ctx, by, accountID, permission.Users)
	if err != nil {
		return nil, err
	}
	roles, err := s.gate.Roles(ctx, st.Account)
	if err != nil {
		return nil, err
	}
	r, _, err := s.read(ctx, s.client, st, roles)
	return r, err
}

// looked are the columns by which members are judged.
var looked = []string{membership.FieldID, membership.FieldUserID, membership.FieldVersion, membership.FieldCreatedAt, membership.FieldLastAccessAt,
	membership.FieldAccessEndsAt, membership.FieldRoleIds, membership.FieldPermissions, membership.FieldSubAccountAccess, membership.FieldSubAccountIds}

// told are the columns of an account, and of the one above, that a review reads beside
// what the actor's standing knows of them: that may be lean.
var told = []string{account.FieldAllowedDomains, account.FieldAccessReviewID}

// The statements of a review: what is told of the account, its active members, and
// contacts of whom nobody has said for long that the address is right. What is risky is
// decided in one place, in Go, so every active member is read, once. The person of each
// is looked up: joined, PostgreSQL may read everybody there is.
var (
	ofAccount = "SELECT " + column.List("a", told) + ", " + column.List("p", told) + ", (SELECT o." + user.FieldEmailKey + " FROM " + user.Table + " o WHERE o." +
		user.FieldID + " = a." + account.FieldOwnerUserID + ") FROM " + account.Table + " a LEFT JOIN " + account.Table + " p ON p." + account.FieldID + " = a." +
		account.FieldParentID + " WHERE a." + account.FieldID + " = $1"
	ofMembers = "SELECT " + column.List("m", looked) + ", (SELECT u." + user.FieldEmailKey + " FROM " + user.Table + " u WHERE u." + user.FieldID + " = m." +
		membership.FieldUserID + ") FROM " + membership.Table + " m WHERE m." + membership.FieldAccountID + " = $1 AND " +
		access.StateText(membership.StateACTIVE, "m", "$2")
	ofContacts = "SELECT c." + contact.FieldID + ", c." + contact.FieldVersion + ", c." + contact.FieldEmailKey + ", c." + contact.FieldCreatedAt + ", c." +
		contact.FieldVerifiedAt + " FROM " + contact.Table + " c WHERE c." + contact.FieldAccountID + " = $1"
)

// read judges everybody, and returns the last confirmed review's event beside, or "".
func (s *Service) read(ctx context.Context, q db.Queryer, st *access.Standing, roles access.Roles) (*Review, string, error) {
	now := instant.Now()
	r := &Review{At: now, Account: st.Account, sees: st.Can(permission.Contacts)}
	var (
		a, parent ent.Account
		owner     string
		m         ent.Membership
		email     string
		c         ent.Contact
	)
	type seen struct {
		ent.Membership
		email string
	}
	var members []seen
	var contacts []ent.Contact
	readings := []db.Reading{{Text: ofMembers, Args: []any{st.Account.ID, now}, Places: append(m.Places(looked), column.Text(&email)),
		Row: func() { members = append(members, seen{m, email}) }}}
	if r.sees {
		readings = append(readings, db.Reading{Text: ofContacts, Args: []any{st.Account.ID},
			Places: c.Places([]string{contact.FieldID, contact.FieldVersion, contact.FieldEmailKey, contact.FieldCreatedAt, contact.FieldVerifiedAt}),
			Row: func() {
				if !now.Before(latest(c.CreatedAt, c.VerifiedAt).Add(UnverifiedAfter)) {
					contacts = append(contacts, c)
				}
			}})
	}
	err := db.ReadAll(ctx, q, db.Reading{Text: ofAccount, Args: []any{st.Account.ID}, Row: func() {},
		Places: append(append(a.Places(told), parent.Places(told)...), column.Text(&owner))}, readings...)
	if err != nil {
		return nil, "", fmt.Errorf("read the review of access: %w", err)
	}
	last := ""
	if a.AccessReviewID != nil {
		last = *a.AccessReviewID
	}
	r.Domains = domains(&a, &parent, owner)
	version := sha256.New()
	line(version, st.Account.ID, last, strings.Join(r.Domains, " "), fmt.Sprint(r.sees))
	slices.SortFunc(members, func(a, b seen) int { return cmp.Compare(a.ID, b.ID) })
	for i := range members {
		m := &members[i]
		one := s.judge(st, &m.Membership, m.email, r.Domains, roles, now)
		if len(one.reasons) > 0 {
			r.members = append(r.members, one)
			line(version, m.ID, fmt.Sprint(m.Version), m.email, fmt.Sprint(one.reasons, one.risks))
		}
	}
	slices.SortFunc(contacts, func(a, b ent.Contact) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range contacts {
		r.contacts = append(r.contacts, c.ID)
		line(version, c.ID, fmt.Sprint(c.Version), c.EmailKey)
	}
	r.Version = hex.EncodeToString(version.Sum(nil)[:16])
	return r, last, nil
}

// line adds words to what a version is made of; none of them has a line break.
func line(to hash.Hash, words ...string) { fmt.Fprintln(to, strings.Join(words, "\t")) }

// judge names a member, or finds nothing. The owner holds everything for good: of them
// it is told only that they stay away.
func (s *Service) judge(st *access.Standing, m *ent.Membership, email string, inside []string, roles access.Roles, now time.Time) found {
	out := found{id: m.ID, risks: []permission.Warning{}}
	if !now.Before(latest(m.CreatedAt, m.LastAccessAt).Add(IdleAfter)) {
		out.reasons = append(out.reasons, Idle)
	}
	if m.UserID == st.Account.OwnerUserID {
		return out
	}
	c := s.gate.Catalogue()
	if out.risks = c.Risks(c.Reach(st.Account.ID, access.GrantOf(m, roles)).Union(), permission.Set{}); len(out.risks) > 0 {
		out.reasons = append(out.reasons, Risky)
	}
	if m.AccessEndsAt == nil && !slices.Contains(inside, domain(email)) {
		out.reasons = append(out.reasons, Outsider)
	}
	return out
}

// latest returns the last time that something was done, or since when there was
// something to do it to.
func latest(since time.Time, done *time.Time) time.Time {
	if done != nil {
		return *done
	}
	return since
}

// domains returns those whose addresses are no outsiders': those that the account and
// the one above name for invitations, and else that of the owner's address.
func domains(a, parent *ent.Account, owner string) []string {
	named := slices.Concat(a.AllowedDomains, parent.AllowedDomains)
	if len(named) == 0 {
		return []string{domain(owner)}
	}
	slices.Sort(named)
	return slices.DeleteFunc(slices.Compact(named), func(d string) bool { return !access.Admits(a, parent, d) })
}

func domain(email string) string {
	_, after, _ := strings.Cut(email, "@")
	return after
}

// Members pages through the members that a review names, for any reason or for one,
// longest in the account first. Refusals: BAD_INPUT.
func (s *Service) Members(ctx context.Context, r *Review, why *Reason, req page.Request) (page.Page[*Member], error) {
	named := r.members
	if why != nil {
		named = slices.DeleteFunc(slices.Clone(named), func(f found) bool { return !slices.Contains(f.reasons, *why) })
	}
	ids := make([]string, len(named))
	for i, f := range named {
		ids[i] = f.id
	}
	return show(req, ids, func(ids []string) ([]*Member, error) {
		rows, err := s.client.Membership.Query().Where(membership.IDIn(ids...)).WithUser().Order(ent.Asc(membership.FieldID)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read members under review: %w", err)
		}
		out := make([]*Member, len(rows))
		for i, m := range rows {
			m.Edges.Account = r.Account
			at, _ := slices.BinarySearchFunc(named, m.ID, func(f found, id string) int { return cmp.Compare(f.id, id) })
			out[i] = &Member{m, named[at].reasons, []*permission.Warning{}}
			for j := range named[at].risks {
				out[i].Risks = append(out[i].Risks, &named[at].risks[j])
			}
		}
		return out, nil
	})
}

// Contacts pages through the contacts that a review names, oldest first. Nil for
// somebody who may not see contacts. Refusals: BAD_INPUT.
func (s *Service) Contacts(ctx context.Context, r *Review, req page.Request) (*page.Page[*ent.Contact], error) {
	if !r.sees {
		return nil, nil
	}
	p, err := show(req, r.contacts, func(ids []string) ([]*ent.Contact, error) {
		rows, err := s.client.Contact.Query().Where(contact.IDIn(ids...)).Order(ent.Asc(contact.FieldID)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read contacts under review: %w", err)
		}
		return rows, nil
	})
	return &p, err
}

// show makes a page of what has the sorted ids.
func show[T any](r page.Request, ids []string, read func([]string) ([]T, error)) (page.Page[T], error) {
	if err := r.Check(); err != nil {
		return page.Page[T]{}, err
	}
	total := len(ids)
	after, found := slices.BinarySearch(ids, r.After)
	if found {
		after++
	}
	cut := page.Cut(ids[after:], r)
	p := page.Page[T]{Request: r, More: cut.More, Count: page.Known(total, nil)}
	if len(cut.Items) == 0 {
		return p, nil
	}
	var err error
	p.Items, err = read(cut.Items)
	return p, err
}
