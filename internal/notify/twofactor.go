package notify

import (
	"context"

	"tenantry/ent"
	"tenantry/internal/mail"
)

// The mails about second factors.
const (
	kindTwoFactorEnabled     = "two_factor_enabled"
	kindTwoFactorDisabled    = "two_factor_disabled"
	kindTwoFactorGuessed     = "two_factor_guessed"
	kindTwoFactorLifted      = "two_factor_lifted"
	kindRecoveryCodesRenewed = "recovery_codes_renewed"
	kindRecoveryCodeUsed     = "recovery_code_used"
)

// twoFactor are the actions that a person is told of, by the mail that follows.
var twoFactor = map[string]string{
	"two_factor.enabled": kindTwoFactorEnabled, "two_factor.disabled": kindTwoFactorDisabled, "two_factor.guessed": kindTwoFactorGuessed,
	"two_factor.lifted": kindTwoFactorLifted, "recovery_codes.renewed": kindRecoveryCodesRenewed, "recovery_code.used": kindRecoveryCodeUsed,
}

// secondFactor owes the mail to the person in whose history the event is.
func (s *Service) secondFactor(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	data := map[string]string{"address": e.Address}
	for _, field := range []string{"device", "left", "reason", "passkeys"} {
		if v := afterField(e, field); v != "" {
			data[field] = v
		}
	}
	return s.person(ctx, tx, e.Stream, owed{kind: twoFactor[e.Action], subject: e.Stream, data: data})
}

func (s *Service) twoFactorLetter(d *ent.Delivery) mail.Template {
	name, at, address, device, reset := d.ToName, d.CreatedAt, addr(d.Data["address"]), d.Data["device"], s.site.Public("/forgot-password")
	changed := mail.TwoFactorEnabled{Name: name, At: at, Address: address, Device: device, ResetLink: reset}
	switch d.Kind {
	case kindTwoFactorDisabled:
		return mail.TwoFactorDisabled{Name: name, At: at, Address: address, Device: device, PasskeysStay: d.Data["passkeys"] != "", ResetLink: reset}
	case kindTwoFactorGuessed:
		return mail.TwoFactorGuessed(changed)
	case kindTwoFactorLifted:
		return mail.TwoFactorLifted{Name: name, At: at, Reason: d.Data["reason"], SignInLink: s.site.Public("/sign-in"), ResetLink: reset}
	case kindRecoveryCodesRenewed:
		return mail.RecoveryCodesRenewed(changed)
	case kindRecoveryCodeUsed:
		return mail.RecoveryCodeUsed{Name: name, At: at, Left: d.Data["left"], Address: address, Device: device, ResetLink: reset}
	}
	return changed
}
