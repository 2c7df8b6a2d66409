package person_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/schema/field"

	"tenantry/ent"
	"tenantry/ent/contact"
	"tenantry/ent/event"
	"tenantry/ent/membership"
	tables "tenantry/ent/migrate"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/invite"
	"tenantry/internal/lab"
	"tenantry/internal/permission"
)

// table says where an export has the rows of a table.
type table struct {
	// list is what the export calls them.
	list string
	// told are the columns that are told, under their names in camel case, or where
	// one is written column=name.
	told string
	// kept says of columns why they are not told; "*" is for all the others.
	kept map[string]string
}

// the reasons why something is no person's data, or is not told.
const (
	secret  = "it is a secret, or opens one"
	inner   = "it says nothing about a person that another column does not"
	account = "it is the account's, and told to those who may read the account"
)

// stored says of every column of every table whether it is told to the person whom it
// is about. A column that is not here fails the test.
var stored = map[string]table{
	"users": {"user", "id created_at email email_key name locale password_hash=hasPassword password_changed_at default_account_id external_id disabled_at two_factor_at",
		map[string]string{"search": inner, "deleted_at": "nobody asks who is deleted", "former_id": "nobody asks who is deleted"}},
	"memberships": {"memberships", "id created_at state deactivated_at access_ends_at role_ids=roles permissions sub_account_access sub_account_ids last_access_at invitation_id account_id=account",
		map[string]string{"version": inner, "user_id": "it is the person's own", "access_ended": "the state and the end say it", "access_end_set_by_id": account, "access_end_noticed_at": inner}},
	"ownership_transfers": {"ownershipTransfers", "id created_at account_id=account from_user_id=fromMe to_user_id=toMe state expires_at effective_at=takesEffectAt ended_at objected",
		map[string]string{"operator": account, "operator_token_id": account, "notices": inner, "noticed_at": inner}},
	"contacts": {"contacts", "id created_at updated_at account_id=account email first_name last_name company phone address_line1 address_line2 city region postal_code country locale type preferences unsubscribed suppressed_at suppressed_reason verified_at verification_sent_at",
		map[string]string{"membership_id": "it is the person's own", "email_key": inner, "search": inner, "version": inner, "verification_generation": inner,
			"notes": account, "external_id": account, "sub_account_access": account, "sub_account_ids": account}},
	"sessions": {"sessions", "id created_at last_seen_at proved_at expires_at token_expires_at address user_agent device_id bearer pending active_account_id",
		map[string]string{"token_hash": secret, "user_id": "it is the person's own"}},
	"refresh_tokens": {kept: map[string]string{"token_hash": secret, "*": "told beneath the session"}},
	"former_tokens":  {kept: map[string]string{"*": "kept for minutes, and no more than that a cookie was replaced"}},
	"devices":        {"devices", "id created_at last_seen_at user_agent", map[string]string{"token_hash": secret, "user_id": "it is the person's own"}},
	"authenticators": {"authenticators", "id created_at confirmed_at", map[string]string{"secret": secret, "last_step": secret, "user_id": "it is the person's own"}},
	"recovery_codes": {"recoveryCodes", "id created_at used_at", map[string]string{"code_hash": secret, "user_id": "it is the person's own"}},
	"passkeys":       {"passkeys", "id created_at name last_used_at", map[string]string{"credential": secret, "credential_id": secret, "user_id": "it is the person's own"}},
	"identities":     {"identities", "id created_at issuer subject email last_used_at", map[string]string{"user_id": "it is the person's own"}},
	"ceremonies":     {"ceremonies", "id created_at kind expires_at", map[string]string{"data": secret, "user_id": "it is the person's own", "session_id": inner}},
	"email_changes": {"emailChanges", "id created_at email former_email confirmed_at expires_at ended_at",
		map[string]string{"email_key": inner, "former_email_key": inner, "user_id": "it is the person's own"}},
	"verifications":    {"verifications", "id created_at purpose email name locale expires_at", map[string]string{"email_key": inner, "generation": inner}},
	"provisions":       {"orders", "id created_at email name company external_id expires_at", map[string]string{"email_key": inner, "operator": account, "operator_token_id": account}},
	"former_addresses": {"formerAddresses", "id created_at account_id=account unsubscribed suppressed_at suppressed_reason", map[string]string{"email_key": "it is the person's own"}},
	"blocks":           {"blocks", "id created_at account_id", map[string]string{"email_key": "it is the person's own"}},
	"invitations": {"invitations", "id created_at account_id=account invited_by_id=byMe accepted_by_id=acceptedByMe email name message locale state sent_at sends expires_at access_ends_at ended_at",
		map[string]string{"email_key": inner, "search": inner, "role_ids": account, "permissions": account, "sub_account_access": account, "sub_account_ids": account, "ended_reason": account,
			"generation": inner, "mailed": inner, "reminded_at": inner, "contact_id": account, "granted_by_id": "that somebody sent it anew is among the events they did"}},
	"events": {"events", "id created_at account_id actor_id=byMe actor_name action target_id target_name before after address",
		map[string]string{"stream": inner, "actor_kind": inner, "seq": inner, "hash": inner, "handled": inner}},
	"deliveries": {"deliveries", "id created_at kind channel account_id to to_name locale data state sent_at",
		map[string]string{"event_id": inner, "subject_id": inner, "to_key": inner, "attempts": inner, "next_attempt_at": inner, "last_error": "the mail server's words",
			"notification_id": account, "contact_id": account, "webhook_id": account, "rule": account, "domain": inner, "lane": inner, "paced": inner, "bounced_at": "the state says it", "answered": account, "took": account}},
	"api_tokens": {"apiTokens", "id created_at account_id=account name permissions sub_account_access sub_account_ids expires_at last_used_at",
		map[string]string{"token_hash": secret, "hint": secret, "created_by_id": "it is the person's own", "last_used_address": account}},
	"accounts": {"ownedAccounts", "id name state", map[string]string{"*": account}},

	"notifications":       {kept: map[string]string{"*": "the account's; what was mailed of them is told as a delivery"}},
	"webhooks":            {kept: map[string]string{"*": account}},
	"budgets":             {kept: map[string]string{"*": "how often something was tried, under a MAC of whom or what it concerns"}},
	"chains":              {kept: map[string]string{"*": "hashes"}},
	"idempotency_keys":    {kept: map[string]string{"*": "hashes, and ids that are told where they belong"}},
	"persisted_documents": {kept: map[string]string{"*": "what programs ask, without a text in it; not by whom"}},
	"operator_tokens":     {kept: map[string]string{"*": "of systems, not of people"}},
	"roles":               {kept: map[string]string{"*": account}},
}

// planted is a world in which olive has one row of everything, with something in every
// column, by table.
func planted(t *testing.T, w *lab.World) map[string]string {
	ctx, c := context.Background(), w.DB.Client
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	now := instant.Now()
	operator := access.Company("operator")
	w.Operator("shop")
	w.Ask("shop", `mutation { provisionAccount(input: {name: "Elsewhere", externalId: "K-1", ownerEmail: "olive@elsewhere.example"}) { errors { code } } }`, nil)
	olive := w.Person("olive")
	own := w.Account("olive", "Olives")
	acme := w.Account("vera", "Acme")
	_, err := w.Accounts.SetNumber(ctx, operator, own.ID, "7")
	must(err)
	rows, _, err := w.Invites.Invite(ctx, w.Actor("vera"), invite.Draft{AccountID: acme.ID, SendEmail: true, Locale: "en", Message: "Welcome",
		Invitees: []invite.Invitee{{Email: "olive@example.com", Name: "Olive"}}, Offer: access.Offer{RoleIDs: []string{"role_support"}, Scope: permission.ScopeNone}})
	must(err)
	accepted := rows[0].Invitation.ID
	w.Settle()
	w.Ask("olive", fmt.Sprintf(`mutation { acceptInvitation(input: {invitationId: %q}) { errors { code } } }`, accepted), nil)
	w.Ask("olive", `mutation { updateProfile(input: {name: "Olive Branch", locale: "de"}) { errors { code } } }`, nil)
	w.Ask("olive", `mutation { requestPasswordReset(input: {email: "olive@example.com"}) { mailed } }`, nil)
	m := c.Membership.Query().Where(membership.AccountID(acme.ID), membership.UserID(olive.ID)).OnlyX(ctx)
	w.Settle()

	s := olive.Session
	must(c.Session.UpdateOneID(s.ID).SetUserAgent("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0").SetDeviceID("dev_x").SetTokenExpiresAt(now).SetActiveAccountID(own.ID).Exec(ctx))
	must(c.User.UpdateOneID(olive.ID).SetDefaultAccountID(own.ID).SetExternalID("C-9").SetDisabledAt(now).SetTwoFactorAt(now).Exec(ctx))
	must(c.Membership.UpdateOneID(m.ID).SetDeactivatedAt(now).SetLastAccessAt(now).SetAccessEndsAt(now.Add(24 * time.Hour)).Exec(ctx))
	put := map[string]string{"users": olive.ID, "sessions": s.ID, "memberships": m.ID, "accounts": own.ID, "invitations": accepted}
	must(c.RefreshToken.Create().SetSessionID(s.ID).SetTokenHash("hash-of-refresh").SetUsedAt(now).Exec(ctx))
	must(c.FormerToken.Create().SetSessionID(s.ID).SetTokenHash("hash-of-former").Exec(ctx))
	put["devices"] = c.Device.Create().SetUserID(olive.ID).SetTokenHash("hash-of-device").SetUserAgent("curl/8").SaveX(ctx).ID
	put["authenticators"] = c.Authenticator.Create().SetUserID(olive.ID).SetSecret([]byte("seed-of-app")).SetConfirmedAt(now).SaveX(ctx).ID
	put["recovery_codes"] = c.RecoveryCode.Create().SetUserID(olive.ID).SetCodeHash("hash-of-code").SetUsedAt(now).SaveX(ctx).ID
	put["passkeys"] = c.Passkey.Create().SetUserID(olive.ID).SetName("Laptop").SetCredentialID("id-of-key").SetCredential([]byte("key-of-key")).SetLastUsedAt(now).SaveX(ctx).ID
	put["identities"] = c.Identity.Create().SetUserID(olive.ID).SetIssuer("https://id.example").SetSubject("o1").SetEmail("o@id.example").SetLastUsedAt(now).SaveX(ctx).ID
	put["ceremonies"] = c.Ceremony.Create().SetKind("PASSKEY_PROOF").SetUserID(olive.ID).SetData([]byte("challenge-of-key")).SetExpiresAt(now).SaveX(ctx).ID
	put["email_changes"] = c.EmailChange.Create().SetUserID(olive.ID).SetEmail("olive@example.com").SetEmailKey("olive@example.com").SetFormerEmail("first@example.com").
		SetFormerEmailKey("first@example.com").SetExpiresAt(now).SetConfirmedAt(now).SetEndedAt(now).SaveX(ctx).ID
	put["verifications"] = c.Verification.Query().Where(verification.EmailKey("olive@example.com")).OnlyX(ctx).ID
	must(c.Verification.UpdateOneID(put["verifications"]).SetName("Olive").Exec(ctx))
	put["provisions"] = c.Provision.Query().OnlyX(ctx).ID
	must(c.Provision.UpdateOneID(put["provisions"]).SetEmail("olive@example.com").SetEmailKey("olive@example.com").SetCompany("Olives Ltd").Exec(ctx))
	put["api_tokens"] = c.APIToken.Create().SetAccountID(acme.ID).SetName("Robot").SetTokenHash("hash-of-token").SetHint("xxxx").SetPermissions([]permission.Key{"tickets"}).
		SetSubAccountIds([]string{}).SetCreatedByID(olive.ID).SetExpiresAt(now).SetLastUsedAt(now).SetLastUsedAddress("192.0.2.9").SaveX(ctx).ID
	put["blocks"] = c.Block.Create().SetAccountID(acme.ID).SetEmailKey("olive@example.com").SaveX(ctx).ID
	put["former_addresses"] = c.FormerAddress.Create().SetAccountID(acme.ID).SetEmailKey("olive@example.com").SetUnsubscribed([]permission.CategoryKey{"general"}).
		SetSuppressedAt(now).SetSuppressedReason("550 5.1.1 unknown").SaveX(ctx).ID
	put["ownership_transfers"] = c.OwnershipTransfer.Create().SetAccountID(acme.ID).SetFromUserID(acme.OwnerUserID).SetToUserID(olive.ID).SetExpiresAt(now).
		SetEffectiveAt(now).SetEndedAt(now).SetState("DECLINED").SaveX(ctx).ID
	put["contacts"] = c.Contact.Create().SetAccountID(acme.ID).SetMembershipID(m.ID).SetEmail("olive@example.com").SetEmailKey("olive@example.com").SetSearch("olive").
		SetFirstName("Olive").SetLastName("Branch").SetCompany("Olives").SetPhone("+4930123456").SetAddressLine1("1 Grove").SetAddressLine2("Left").SetCity("Athens").
		SetRegion("Attica").SetPostalCode("10431").SetCountry("GR").SetSubAccountIds([]string{}).SetType(contact.TypeTECHNICAL).SetPreferences([]permission.Preference{{Channel: permission.Email}}).
		SetSuppressedAt(now).SetSuppressedReason("550 5.1.1 unknown").SetVerifiedAt(now).SetVerificationSentAt(now).SetUnsubscribed([]permission.CategoryKey{"general"}).
		SetUpdatedAt(now).SaveX(ctx).ID
	must(c.Invitation.UpdateOneID(accepted).SetEndedAt(now).SetAccessEndsAt(now.Add(24 * time.Hour)).Exec(ctx))
	put["events"] = c.Event.Query().Where(event.Action("user.updated")).OnlyX(ctx).ID
	for _, d := range c.Delivery.Query().AllX(ctx) {
		if d.Kind == "invitation" {
			put["deliveries"] = d.ID
		}
	}
	return put
}

// Everything that is stored about a person is in the export, or has a reason not to
// be; and no secret is.
func TestExportIsComplete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		put := planted(t, w)
		whole, text := export(t, w, "olive")
		known := map[string]bool{}
		for _, tbl := range tables.Tables {
			known[tbl.Name] = true
			entry, ok := stored[tbl.Name]
			if !ok {
				t.Errorf("%s: say whether its rows are about people", tbl.Name)
				continue
			}
			told := map[string]string{}
			for _, word := range strings.Fields(entry.told) {
				column, name, renamed := strings.Cut(word, "=")
				if !renamed {
					name = camel(column)
				}
				told[column] = name
			}
			row := find(whole[entry.list], put[tbl.Name])
			if entry.told != "" && row == nil {
				t.Errorf("%s: the export has no row %q in %s", tbl.Name, put[tbl.Name], entry.list)
			}
			for _, c := range tbl.Columns {
				name, is := told[c.Name]
				_, reason := entry.kept[c.Name]
				_, all := entry.kept["*"]
				delete(told, c.Name)
				switch {
				case is && reason, !is && !reason && !all:
					t.Errorf("%s.%s: say whether it is told, or why not", tbl.Name, c.Name)
				case !is || row == nil || tbl.Name == "events" && c.Name == "account_id":
				case row[name] == nil:
					t.Errorf("%s.%s is not told: %v", tbl.Name, c.Name, row)
				case c.Type == field.TypeString && c.Name != "before" && c.Name != "after" && reflect.TypeOf(row[name]).Kind() == reflect.String:
					if want := value(t, d, tbl.Name, c.Name, put[tbl.Name]); row[name] != want || want == "" {
						t.Errorf("%s.%s is told as %q and is %q", tbl.Name, c.Name, row[name], want)
					}
				}
			}
			for column := range told {
				t.Errorf("%s has no column %s", tbl.Name, column)
			}
		}
		for name := range stored {
			if !known[name] {
				t.Errorf("there is no table %s", name)
			}
		}
		if n := len(find(whole["sessions"], put["sessions"])["refreshTokens"].([]any)); n != 2 {
			t.Errorf("%d refresh tokens", n)
		}
		for _, hidden := range []string{"hash-of", "seed-of", "-of-key", w.Person("olive").Token, d.Client.User.GetX(t.Context(), put["users"]).PasswordHash,
			d.Client.Session.GetX(t.Context(), put["sessions"]).TokenHash} {
			if strings.Contains(text, hidden) {
				t.Errorf("the export has the secret %q", hidden)
			}
		}
	})
}

// value reads a text as it is stored.
func value(t *testing.T, d *db.DB, table, column, id string) (out string) {
	t.Helper()
	if err := d.Writer().QueryRow(`SELECT "` + column + `" FROM "` + table + `" WHERE id = '` + id + `'`).Scan(&out); err != nil {
		t.Fatalf("%s.%s: %v", table, column, err)
	}
	return out
}

func camel(column string) string {
	words := strings.Split(column, "_")
	for i := range words[1:] {
		words[i+1] = strings.ToUpper(words[i+1][:1]) + words[i+1][1:]
	}
	return strings.Join(words, "")
}

// find returns the row with an id of a list, or the only one there is.
func find(list any, id string) map[string]any {
	if only, ok := list.(map[string]any); ok {
		return only
	}
	rows, _ := list.([]any)
	for _, r := range rows {
		if row := r.(map[string]any); row["id"] == id {
			return row
		}
	}
	return nil
}

// export puts the parts together, as a client does, and returns them as one and as text.
func export(t *testing.T, w *lab.World, who string) (map[string]any, string) {
	t.Helper()
	out, text, after := map[string]any{}, "", ""
	for {
		document, next, err := w.People.Export(t.Context(), w.Actor(who), after)
		if err != nil {
			t.Fatal(err)
		}
		var part map[string]any
		if err := json.Unmarshal(document, &part); err != nil {
			t.Fatal(err)
		}
		for name, v := range part {
			if list, ok := out[name].([]any); ok {
				out[name] = append(list, v.([]any)...)
			} else {
				out[name] = v
			}
		}
		text += string(document)
		if after = next; after == "" {
			return out, text
		}
	}
}

// A long life comes in parts, and nothing in it twice; what strangers do in between is
// not in it, nor what went to somebody who had the address before.
func TestExportInParts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := lab.New(t, d)
		// Who had the address first is gone, and was told of it.
		vera := w.Account("vera", "Acme")
		w.Person("olive")
		w.Member(vera, "olive", "tickets")
		north := w.Account("vera", "North")
		invited := w.Ask("vera", fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "olive@example.com"}]}) { results { invitation { id } } errors { code } } }`, north.ID), nil)
		w.Ask("olive", fmt.Sprintf(`mutation { declineInvitation(input: {invitationId: %q}) { errors { code } } }`, invited.String("data.inviteUsers.results.0.invitation.id")), nil)
		w.Ask("vera", fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "carl@example.com"}]}) { errors { code } } }`, vera.ID), nil)
		first := w.Ask("olive", `mutation { deleteUser(input: {email: "olive@example.com"}) { deletedUserId errors { code } } }`, nil).String("data.deleteUser.deletedUserId")
		w.Settle()
		heir := w.SignIn(w.NewUser("olive"))
		w.Meet("heir", heir.Token)
		by := &access.Actor{Kind: access.Person, User: heir.User, Session: heir.Session}

		busy, strange := 2500, 25000
		for from := 0; from < strange; from += 500 {
			err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
				var rows []*ent.EventCreate
				for i := range 500 {
					e := tx.Event.Create().SetStream(vera.ID).SetAccountID(vera.ID).SetActorKind(event.ActorKindUSER).SetAction("test.done").SetHandled(true).SetSeq(1000 + from + i)
					if (from+i)%(strange/busy) == 0 {
						e.SetActorID(heir.User.ID)
					}
					rows = append(rows, e)
				}
				return tx.Event.CreateBulk(rows...).Exec(ctx)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		seen, parts := map[string]int{}, 0
		for after := ""; ; parts++ {
			document, next, err := w.People.Export(ctx, by, after)
			if err != nil {
				t.Fatal(err)
			}
			var part struct{ Events, Deliveries, Invitations []struct{ ID, Action string } }
			if err := json.Unmarshal(document, &part); err != nil {
				t.Fatal(err)
			}
			if n := len(part.Events); n > 1000 {
				t.Errorf("a part of %d events", n)
			}
			for _, e := range part.Events {
				seen[e.Action]++
			}
			if len(part.Deliveries)+len(part.Invitations) > 0 || strings.Contains(string(document), first) {
				t.Errorf("what was another's: %s", document)
			}
			if after = next; next == "" {
				break
			}
		}
		if seen["test.done"] != busy || seen["user.data_exported"] != 1 || parts != 2 {
			t.Errorf("in %d parts: %v", parts+1, seen)
		}

		by.Session.ProvedAt = time.Now().Add(-10 * time.Minute)
		if _, _, err := w.People.Export(ctx, by, ""); !fault.Has(err, fault.ReauthRequired) {
			t.Errorf("without a fresh proof: %v", err)
		}
	})
}

// What is left of somebody who deleted their user is a name for their invitations and
// their closed account, and the id in histories of accounts; after 30 days nothing else.
func TestWhatIsLeft(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		put := planted(t, w)
		userID := put["users"]
		ctx := t.Context()
		if err := d.Client.User.UpdateOneID(userID).ClearDisabledAt().Exec(ctx); err != nil {
			t.Fatal(err)
		}
		if err := d.Client.Session.Update().SetPending(false).ClearTokenExpiresAt().Exec(ctx); err != nil {
			t.Fatal(err)
		}
		w.Ask("olive", fmt.Sprintf(`mutation { closeAccount(input: {accountId: %q}) { errors { code } } }`, put["accounts"]), nil)
		a := w.Ask("olive", `mutation { deleteUser(input: {email: "olive@example.com"}) { deletedUserId errors { code } } }`, nil)
		if a.String("data.deleteUser.deletedUserId") != userID {
			t.Fatalf("%s", a.Body)
		}
		w.Settle()
		time.Sleep(31 * 24 * time.Hour)
		if err := w.Due(ctx); err != nil {
			t.Fatal(err)
		}
		left := map[string]bool{}
		for line := range strings.Lines(dbtest.Dump(t, d)) {
			at, v, _ := strings.Cut(line, "=")
			if strings.Contains(v, userID) || strings.Contains(v, put["sessions"]) {
				left[at] = true
			}
		}
		if got, want := slices.Sorted(maps.Keys(left)), []string{"events.actor_id", "events.after", "events.before", "invitations.accepted_by_id", "notifications.sender_id"}; !slices.Equal(got, want) {
			t.Errorf("the id is left in %v, want %v", got, want)
		}
	})
}
