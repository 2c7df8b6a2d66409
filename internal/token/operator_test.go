package token_test

import (
	"strings"
	"testing"
	"time"

	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
	"tenantry/internal/token"
)

// A token is known by nothing but itself: it works as it was given, until its
// last second or until it is revoked, and it is nowhere in the database.
func TestLifeOfAToken(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx, o, by := t.Context(), token.New(d.Client), access.Company("operator")
		ends := instant.Now().Add(30 * 24 * time.Hour)
		secret, row, err := o.Create(ctx, by, "Billing", []permission.Power{permission.SuspendAccounts, permission.ReadAccounts, permission.ReadAccounts}, &ends)
		if err != nil {
			t.Fatal(err)
		}
		if !token.Is(secret) || len(secret) < 40 {
			t.Errorf("%q does not look like an operator's token", secret)
		}
		dump := dbtest.Dump(t, d)
		if _, random, _ := strings.Cut(secret, "_op_"); strings.Contains(dump, secret) || strings.Contains(dump, random) {
			t.Error("the token is in the database")
		}
		who, err := o.Authenticate(ctx, secret, "192.0.2.1", "curl")
		if err != nil || who.Kind != access.Operator || who.Name != "Billing" || who.NeedPower(permission.SuspendAccounts) != nil {
			t.Errorf("authenticated as %+v, %v", who, err)
		}
		if err := who.NeedPower(permission.TransferOwnership); !fault.Has(err, fault.Forbidden) {
			t.Errorf("a power that was not given: %v", err)
		}
		for _, bad := range []string{"", "tenantry_op_", secret[:len(secret)-1], secret + "A", strings.ToUpper(secret), row.ID} {
			if _, err := o.Authenticate(ctx, bad, "", ""); !fault.Has(err, fault.Unauthenticated) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if err := o.WriteUsed(ctx); err != nil {
			t.Fatal(err)
		}
		if all, err := o.List(ctx); err != nil || len(all) != 1 || all[0].LastUsedAt == nil {
			t.Errorf("listed %v, %v", all, err)
		}

		time.Sleep(30*24*time.Hour - time.Second)
		if _, err := o.Authenticate(ctx, secret, "", ""); err != nil {
			t.Errorf("in its last second: %v", err)
		}
		time.Sleep(time.Second)
		if _, err := o.Authenticate(ctx, secret, "", ""); !fault.Has(err, fault.Unauthenticated) {
			t.Errorf("after its end: %v", err)
		}
		if _, err := o.Revoke(ctx, by, "Billing"); err != nil {
			t.Error(err)
		}
		secret, _, err = o.Create(ctx, by, "Billing", permission.Powers(), nil)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * 366 * 24 * time.Hour)
		if _, err := o.Authenticate(ctx, secret, "", ""); err != nil {
			t.Errorf("one without an end, after ten years: %v", err)
		}
		if _, err := o.Revoke(ctx, by, "Billing"); err != nil {
			t.Error(err)
		}
		if _, err := o.Authenticate(ctx, secret, "", ""); !fault.Has(err, fault.Unauthenticated) {
			t.Errorf("revoked: %v", err)
		}
		if _, err := o.Revoke(ctx, by, "Billing"); !fault.Has(err, fault.NotFound) {
			t.Errorf("revoked twice: %v", err)
		}
	})
}

func TestRefusedTokens(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx, o, by := t.Context(), token.New(d.Client), access.Company("operator")
	read := []permission.Power{permission.ReadAccounts}
	past, far := instant.Now().Add(-time.Second), instant.Now().Add(token.MaxLifetime+time.Hour)
	if _, _, err := o.Create(ctx, by, "Taken", read, nil); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		by     *access.Actor
		name   string
		powers []permission.Power
		ends   *time.Time
		code   fault.Code
		field  string
	}{
		"no name":             {by, " ", read, nil, fault.BadInput, "name"},
		"a name of two lines": {by, "a\nb", read, nil, fault.BadInput, "name"},
		"a name that is used": {by, "Taken", read, nil, fault.Conflict, "name"},
		"no power":            {by, "New", nil, nil, fault.BadInput, "powers"},
		"an unknown power":    {by, "New", []permission.Power{"everything"}, nil, fault.BadInput, "powers"},
		"an end in the past":  {by, "New", read, &past, fault.BadInput, "expires"},
		"an end far away":     {by, "New", read, &far, fault.BadInput, "expires"},
		"a person":            {&access.Actor{Kind: access.Person}, "New", read, nil, fault.Forbidden, ""},
		"another token":       {&access.Actor{Kind: access.Operator, Token: "optk_x", Powers: permission.Powers()}, "New", read, nil, fault.Forbidden, ""},
		"nobody":              {&access.Actor{}, "New", read, nil, fault.Forbidden, ""},
	} {
		_, _, err := o.Create(ctx, c.by, c.name, c.powers, c.ends)
		if f := fault.All(err); len(f) != 1 || f[0].Code != c.code || f[0].Field != c.field {
			t.Errorf("%s: %v", what, err)
		}
	}
	if all, err := o.List(ctx); err != nil || len(all) != 1 {
		t.Errorf("a refused token was made: %v, %v", all, err)
	}
	for _, p := range permission.Powers() {
		if p.Meaning() == "" {
			t.Errorf("nothing says what %s means", p)
		}
	}
}
