package notify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/internal/access"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/mail"
	"tenantry/internal/membership"
	"tenantry/internal/permission"
)

// Every letter to a contact, whatever it tells, calls its category in the language of its
// reader, says where that is changed, and where it is left if it can be: in a catalogue
// of which everything can be left, all can.
func TestFootOfLetters(t *testing.T) {
	hosting := permission.Hosting()
	free := permission.Hosting()
	for i := range free.Categories {
		free.Categories[i].Mandatory, free.Categories[i].Transactional = false, false
	}
	for name, catalogue := range map[string]*permission.Catalogue{"hosting": hosting, "everything can be left": free} {
		t.Run(name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w, ctx := lab.New(t, d, func(p *cli.Parts) { p.Catalogue = catalogue }), t.Context()
				acme := w.Account("olive", "Acme")
				everything := permission.Preference{Channel: permission.Email, All: true}
				d.Client.Contact.UpdateOne(addContact(t, w, acme.ID, "carl@example.com", everything)).SetLocale("de-AT").ExecX(ctx)
				must := func(err error) {
					t.Helper()
					if err != nil {
						t.Fatal(err)
					}
				}

				for _, c := range []permission.CategoryKey{"general", "invoice", "maintenance"} {
					tell(t, w, acme.ID, c)
				}
				carl := d.Client.Contact.Query().OnlyX(ctx)
				_, err := w.Notify.Test(ctx, w.Actor("olive"), carl.ID, "general", permission.Email)
				must(err)
				w.Ask("olive", fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "ivy@example.com"}]}) { errors { code } } }`, acme.ID), nil)
				invited := d.Client.Invitation.Query().OnlyX(ctx)
				w.Ask("ivy", fmt.Sprintf(`mutation { acceptInvitation(input: {invitationId: %q}) { errors { code } } }`, invited.ID), nil)
				mia, adam := w.Member(acme, "mia", "tickets"), w.Member(acme, "adam", "tickets")
				w.Member(acme, "noah", "tickets")
				_, err = w.Members.Remove(ctx, w.Actor("olive"), mia.ID)
				must(err)
				_, err = w.Members.Leave(ctx, w.Actor("noah"), acme.ID)
				must(err)
				_, err = w.Members.UpdatePermissions(ctx, w.Actor("olive"), membership.Change{MembershipID: adam.ID, Version: d.Client.Membership.GetX(ctx, adam.ID).Version,
					Offer: access.Offer{Permissions: []permission.Key{"tickets", "domains.view"}, Scope: permission.ScopeNone}, Acknowledged: true})
				must(err)
				offer, err := w.Accounts.RequestTransfer(ctx, w.Actor("olive"), acme.ID, adam.ID)
				must(err)
				_, _, err = w.Accounts.AcceptTransfer(ctx, w.Actor("adam"), offer.ID)
				must(err)
				w.Settle()

				var kinds []string
				letters := w.Box.Messages("carl@example.com")
				for _, one := range d.Client.Delivery.Query().Where(delivery.ContactID(carl.ID)).WithNotification().AllX(ctx) {
					i := slices.IndexFunc(letters, func(m mail.Received) bool { return strings.Contains(string(m.Source), "Message-ID: <"+one.ID+"@") })
					if i < 0 {
						t.Fatalf("the delivery of %q is %s: %s", one.Edges.Notification.Subject, one.State, one.LastError)
					}
					checkFoot(t, w, letters[i], one.Edges.Notification)
					kinds = append(kinds, one.Edges.Notification.Kind)
				}
				slices.Sort(kinds)
				want := []string{"", "", "", "", "invitation_accepted", "member_left", "member_removed", "ownership_transferred", "permissions_widened"}
				if !slices.Equal(kinds, want) {
					t.Errorf("letters %q, want %q", kinds, want)
				}
			})
		})
	}
}

// checkFoot demands of a letter to a contact who reads German what its foot has to say.
func checkFoot(t *testing.T, w *lab.World, m mail.Received, n *ent.Notification) {
	t.Helper()
	cat := w.Gate.Catalogue().Category(n.Category)
	can := !cat.Mandatory && !cat.Transactional
	what := fmt.Sprintf("%q (%s, %s)", m.Subject, n.Kind, n.Category)
	if !strings.Contains(m.Text, lab.Public+"/preferences#token=") || !strings.Contains(m.HTML, lab.Public+"/preferences#token=") {
		t.Errorf("%s does not say where it is changed:\n%s", what, m.Text)
	}
	const leave = lab.Public + "/unsubscribe?token="
	for part, has := range map[string]bool{"text": strings.Contains(m.Text, leave), "HTML": strings.Contains(m.HTML, leave),
		"header": strings.Contains(string(m.Source), "List-Unsubscribe-Post: List-Unsubscribe=One-Click")} {
		if has != can {
			t.Errorf("%s can be left: %v, and its %s says %v", what, can, part, has)
		}
	}
	if german := cat.Labels["de"]; can && !strings.Contains(m.Text, "„"+german+"“") || cat.Label != german && strings.Contains(m.Text, "„"+cat.Label+"“") {
		t.Errorf("%s is not called %q:\n%s", what, german, m.Text)
	}
}
