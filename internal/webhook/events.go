package webhook

import (
	"slices"
	"strings"

	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/permission"
)

// Actions are the events of accounts that a webhook can be called with.
var Actions = []string{
	"access.refused", "access.reviewed",
	"account.closed", "account.created", "account.number_set", "account.owner_changed", "account.owner_fallback_set", "account.policies_changed",
	"account.policies_reminded", "account.reinstated", "account.reopened", "account.sub_account_created", "account.suspended", "account.updated",
	"api_token.created", "api_token.revoked",
	"contact.complained", "contact.created", "contact.deleted", "contact.disowned", "contact.linked", "contact.login_revoked", "contact.resubscribed", "contact.suppressed",
	"contact.suppression_cleared", "contact.unlinked", "contact.unsubscribed", "contact.updated", "contact.verification_requested", "contact.verified",
	"delivery.retried",
	"invitation.accepted", "invitation.canceled", "invitation.confirmation_requested", "invitation.declined", "invitation.reminded", "invitation.reported",
	"invitation.resent", "invitation.sent",
	"member.access_end_set", "member.access_ended", "member.access_ending", "member.deactivated", "member.joined", "member.left", "member.permissions_changed", "member.reactivated", "member.removed",
	"notification.sent", "notification.tested",
	"ownership_transfer.accepted", "ownership_transfer.canceled", "ownership_transfer.declined", "ownership_transfer.noticed", "ownership_transfer.requested",
	"role.created", "role.deleted", "role.updated",
	"webhook.created", "webhook.deleted", "webhook.delivery_replayed", "webhook.paused", "webhook.resumed", "webhook.secret_rotated", "webhook.stopped",
	"webhook.tested", "webhook.updated",
}

// maxEvents is how many actions, or groups of them, a webhook names at most.
const maxEvents = 50

// everything stands for all events.
const everything = "*"

// Wants reports whether an action is one of those that a webhook names: by itself, by
// its noun as in member.*, or by * for all.
func Wants(events []string, action string) bool {
	noun, _, _ := strings.Cut(action, ".")
	return slices.ContainsFunc(events, func(e string) bool { return e == action || e == everything || e == noun+".*" })
}

// cleanEvents judges and sorts what a webhook is to be called with. Refusals:
// BAD_INPUT on events.
func cleanEvents(events []string) ([]string, error) {
	if len(events) > maxEvents {
		return nil, fault.On("events", fault.BadInput, "At most %d events, not %d. Groups such as member.* take in many.", maxEvents, len(events))
	}
	for _, e := range events {
		if !slices.ContainsFunc(Actions, func(a string) bool { return Wants([]string{e}, a) }) {
			return nil, fault.On("events", fault.BadInput, "There is no event %q. Give an action such as member.removed, a group such as member.*, or * for all.", e)
		}
	}
	if slices.Contains(events, everything) {
		return []string{everything}, nil
	}
	return append([]string{}, slices.Compact(slices.Sorted(slices.Values(events)))...), nil
}

// carried are the permissions that show what a webhook is called with: nobody sends
// elsewhere what they may not read.
func carried(events []string, notifications bool) []permission.Key {
	var keys []permission.Key
	if notifications {
		keys = append(keys, permission.Emails, permission.Contacts)
	}
	if len(events) > 0 {
		keys = append(keys, permission.Audit)
	}
	for _, a := range Actions {
		if Wants(events, a) {
			keys = append(keys, event.Guard(a))
			if a == "access.reviewed" { // it names contacts as well
				keys = append(keys, permission.Contacts)
			}
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(keys)))
}
