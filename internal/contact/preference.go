package contact

import (
	"fmt"
	"slices"

	"tenantry/ent"
	"tenantry/internal/fault"
	"tenantry/internal/permission"
)

// Decide says whether a contact gets a category on a channel, and by which
// rule. It is the one preference engine: lists, coverage and sending all ask it.
//
//	what the contact chose on the channel     | answer
//	mail bounced for good, channel EMAIL       | no, SUPPRESSED
//	the reader unsubscribed, channel EMAIL     | no, UNSUBSCRIBED (from what is mandatory or transactional nobody can)
//	everything                                 | yes, ALL
//	everything except this                     | no, EXCEPTED
//	some categories, this among them           | yes, SELECTED
//	some categories or none, not this          | no, NOT_SELECTED
//	nothing was chosen, channel EMAIL          | the category's default
//	nothing was chosen, another channel        | no, DEFAULT_OFF
func Decide(c *ent.Contact, cat permission.Category, on permission.Channel) (bool, permission.Rule) {
	if on == permission.Email && c.SuppressedAt != nil {
		return false, permission.RuleSuppressed
	}
	if on == permission.Email && !cat.Mandatory && !cat.Transactional && slices.Contains(c.Unsubscribed, cat.Key) {
		return false, permission.RuleUnsubscribed
	}
	for _, p := range c.Preferences {
		switch {
		case p.Channel != on:
		case p.All && slices.Contains(p.Except, cat.Key):
			return false, permission.RuleExcepted
		case p.All:
			return true, permission.RuleAll
		case slices.Contains(p.Categories, cat.Key):
			return true, permission.RuleSelected
		default:
			return false, permission.RuleNotSelected
		}
	}
	if on == permission.Email && cat.Default {
		return true, permission.RuleDefaultOn
	}
	return false, permission.RuleDefaultOff
}

// Receives lists the categories that a contact gets on a channel, in the order
// of the catalogue.
func Receives(c *ent.Contact, catalogue *permission.Catalogue, on permission.Channel) []permission.CategoryKey {
	out := []permission.CategoryKey{}
	for _, cat := range catalogue.Categories {
		if yes, _ := Decide(c, cat, on); yes {
			out = append(out, cat.Key)
		}
	}
	return out
}

// clean judges preferences and returns them in the order of the channels.
// Refusals: BAD_INPUT on the field.
func clean(prefs []permission.Preference, catalogue *permission.Catalogue) ([]permission.Preference, error) {
	out := []permission.Preference{}
	for i, p := range prefs {
		field := fmt.Sprintf("preferences.%d", i)
		if slices.ContainsFunc(out, func(o permission.Preference) bool { return o.Channel == p.Channel }) {
			return nil, fault.On(field+".channel", fault.BadInput, "The channel %s is there twice.", p.Channel)
		}
		if p.All && len(p.Categories) > 0 {
			return nil, fault.On(field+".categories", fault.BadInput, "With all, only exceptions are listed.")
		}
		if !p.All && len(p.Except) > 0 {
			return nil, fault.On(field+".except", fault.BadInput, "Exceptions are listed only with all.")
		}
		var err error
		if p.Categories, err = known(field+".categories", p.Categories, catalogue); err != nil {
			return nil, err
		}
		if p.Except, err = known(field+".except", p.Except, catalogue); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b permission.Preference) int {
		return slices.Index(permission.Channels(), a.Channel) - slices.Index(permission.Channels(), b.Channel)
	})
	return out, nil
}

// known drops duplicates, puts keys in the order of the catalogue and refuses
// those that it does not have.
func known(field string, keys []permission.CategoryKey, catalogue *permission.Catalogue) ([]permission.CategoryKey, error) {
	for _, k := range keys {
		if catalogue.Category(k) == nil {
			return nil, fault.On(field, fault.BadInput, "There is no category %q.", k)
		}
	}
	var out []permission.CategoryKey
	for _, cat := range catalogue.Categories {
		if slices.Contains(keys, cat.Key) {
			out = append(out, cat.Key)
		}
	}
	return out, nil
}

// Warning is something to know about a contact that was saved all the same.
type Warning string

// The warnings.
const (
	ReceivesNothing Warning = "CONTACT_RECEIVES_NOTHING"
	OwnerIsFallback Warning = "OWNER_IS_FALLBACK"
)

// nothing reports whether a contact gets nothing on any channel.
func nothing(c *ent.Contact, catalogue *permission.Catalogue) bool {
	for _, on := range permission.Channels() {
		if len(Receives(c, catalogue, on)) > 0 {
			return false
		}
	}
	return true
}
