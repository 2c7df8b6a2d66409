package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tenantry/ent"
	"tenantry/ent/notification"
	"tenantry/ent/ownershiptransfer"
	"tenantry/internal/db"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

// The categories of what Tenantry tells by itself. Where the company's catalogue has
// one of them not, contacts are not told.
const (
	general  permission.CategoryKey = "general"
	security permission.CategoryKey = "security"
)

// builtin is something that the contacts of an account are told without anybody
// having written it.
type builtin struct {
	kind     string
	category permission.CategoryKey
	// subject is what it is called in lists, where the letters are in the languages of
	// their readers.
	subject func(e *ent.Event) string
	// asks reports whether the event is worth telling. Nil for always.
	asks func(e *ent.Event) bool
}

// builtins are what contacts are told, by the action of the event. Whoever is told by
// a letter of their own, and whoever did it, is not told as a contact.
var builtins = map[string]builtin{
	"invitation.accepted": {kind: kindInvitationAccepted, category: general,
		subject: func(e *ent.Event) string { return e.ActorName + " has joined" }},
	"member.removed": {kind: kindMemberRemoved, category: security,
		subject: func(e *ent.Event) string { return e.TargetName + " is no longer a member" }},
	"member.left": {kind: kindMemberLeft, category: security,
		subject: func(e *ent.Event) string { return e.TargetName + " has left" }},
	"member.permissions_changed": {kind: kindPermissionsWidened, category: security, asks: widens,
		subject: func(e *ent.Event) string { return e.TargetName + " may do more" }},
	"member.access_ending": {kind: kindAccessEnding, category: general,
		subject: func(e *ent.Event) string { return "The access of " + e.TargetName + " ends soon" }},
	"ownership_transfer.accepted": {kind: kindTransferred, category: security,
		subject: func(e *ent.Event) string { return e.TargetName + " is the new owner" }},
}

var storing = db.NewInsert(notification.Table, []string{notification.FieldCreatedAt}, []string{notification.FieldID, notification.FieldAccountID,
	notification.FieldCategory, notification.FieldEventID, notification.FieldKind, notification.FieldSubjectID, notification.FieldSenderKind,
	notification.FieldSenderID, notification.FieldSenderName, notification.FieldSubject})

// tell stores a notification for each event that the contacts of its account are told
// of.
func (s *Service) tell(ctx context.Context, tx *ent.Tx, events []*ent.Event) error {
	var rows []any
	for _, e := range events {
		b, ok := builtins[e.Action]
		if !ok || e.AccountID == nil || s.gate.Catalogue().Category(b.category) == nil || b.asks != nil && !b.asks(e) {
			continue
		}
		rows = append(rows, id.New(id.Notification), *e.AccountID, string(b.category), e.ID, b.kind, e.TargetID, string(e.ActorKind), e.ActorID,
			e.ActorName, b.subject(e))
	}
	if len(rows) == 0 {
		return nil
	}
	if err := storing.Exec(ctx, tx, []any{instant.Now()}, rows); err != nil {
		return fmt.Errorf("store notifications: %w", err)
	}
	s.wakeAfter(tx)
	return nil
}

// grant is what an event says of the grants of a member, where it changed.
type grant struct {
	RoleIDs     []string         `json:"roleIds"`
	Permissions []permission.Key `json:"permissions"`
	Scope       permission.Scope `json:"subAccountAccess"`
	SubAccounts []string         `json:"subAccountIds"`
}

// grants reads what an event says of a member's grants before and after.
func grants(e *ent.Event) (was, is grant, err error) {
	for text, into := range map[string]*grant{e.Before: &was, e.After: &is} {
		if text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return was, is, fmt.Errorf("event %s: %w", e.ID, err)
		}
	}
	return was, is, nil
}

// widens reports whether a change of permissions gave anything, and did not only take.
func widens(e *ent.Event) bool {
	was, is, err := grants(e)
	return err == nil && (more(is.RoleIDs, was.RoleIDs) || more(is.Permissions, was.Permissions) || more(is.SubAccounts, was.SubAccounts) ||
		is.Scope == permission.ScopeAll && was.Scope != permission.ScopeAll)
}

func more[T comparable](is, was []T) bool {
	return slices.ContainsFunc(is, func(v T) bool { return !slices.Contains(was, v) })
}

// accepted tells whoever invited somebody that they have joined.
func (s *Service) accepted(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	i, err := tx.Invitation.Get(ctx, e.TargetID)
	if err != nil {
		return nil, err
	}
	if i.InvitedByID == "" || i.InvitedByID == e.ActorID {
		return nil, nil
	}
	return s.person(ctx, tx, i.InvitedByID, owed{kind: kindInvitationAccepted, subject: i.ID, data: map[string]string{"member": e.ActorName, "email": i.Email}})
}

// facts are what a letter tells of an event. It is in the past, so it stays true.
func (s *Service) facts(ctx context.Context, tx *ent.Tx, a *ent.Account, e *ent.Event) (map[string]string, error) {
	out := map[string]string{"by": teller(e)}
	switch e.Action {
	case "invitation.accepted":
		out = map[string]string{"member": e.ActorName, "email": e.TargetName}
	case "member.removed", "member.left":
		out["member"] = e.TargetName
	case "member.access_ending":
		out["member"], out["endsAt"] = e.TargetName, afterField(e, "accessEndsAt")
	case "member.permissions_changed":
		roles, err := s.gate.RolesTx(ctx, tx, a)
		if err != nil {
			return nil, err
		}
		added, _, err := s.spelled(e, roles)
		if err != nil {
			return nil, err
		}
		out["member"], out["added"] = e.TargetName, strings.Join(added, "\n")
	case "ownership_transfer.accepted":
		t, err := tx.OwnershipTransfer.Query().Where(ownershiptransfer.ID(e.TargetID)).WithFrom().WithTo().Only(ctx)
		if err != nil {
			return nil, err
		}
		out = map[string]string{"from": t.Edges.From.Name, "to": t.Edges.To.Name}
		if t.EffectiveAt != nil {
			out["company"] = "true"
		}
	}
	return out, nil
}
