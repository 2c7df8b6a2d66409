package webhook

import (
	"slices"
	"testing"

	"tenantry/internal/permission"
)

// Whoever has a webhook called with something may read all that it tells: a confirmed
// review of access names members and contacts.
func TestCarried(t *testing.T) {
	for _, c := range []struct {
		events        []string
		notifications bool
		need          []permission.Key
	}{
		{[]string{"member.removed"}, false, []permission.Key{permission.Audit, permission.Users}},
		{[]string{"access.reviewed"}, false, []permission.Key{permission.Audit, permission.Contacts, permission.Users}},
		{[]string{"contact.updated"}, false, []permission.Key{permission.Audit, permission.Contacts}},
		{nil, true, []permission.Key{permission.Contacts, permission.Emails}},
	} {
		if got := carried(c.events, c.notifications); !slices.Equal(got, c.need) {
			t.Errorf("%v, notifications %v: needs %v, want %v", c.events, c.notifications, got, c.need)
		}
	}
}
