package permission

// Channel is a way to reach a contact.
type Channel string

// The channels. Phone sends nothing: it tells the company's staff to call.
const (
	Email   Channel = "EMAIL"
	Webhook Channel = "WEBHOOK"
	Phone   Channel = "PHONE"
)

// Channels lists the channels in the order of a screen.
func Channels() []Channel { return []Channel{Email, Webhook, Phone} }

// Preference is what a contact wants on one channel. A contact without an
// entry for a channel follows the defaults of the categories; an empty entry
// wants nothing.
type Preference struct {
	Channel Channel `json:"channel"`
	// All takes every category, those added later included.
	All bool `json:"all,omitempty"`
	// Categories are wanted where All is false.
	Categories []CategoryKey `json:"categories,omitempty"`
	// Except are not wanted where All is true.
	Except []CategoryKey `json:"except,omitempty"`
}

// Rule is what decides whether somebody gets a category on a channel.
type Rule string

// The rules.
const (
	RuleAll           Rule = "ALL"
	RuleExcepted      Rule = "EXCEPTED"
	RuleSelected      Rule = "SELECTED"
	RuleNotSelected   Rule = "NOT_SELECTED"
	RuleDefaultOn     Rule = "DEFAULT_ON"
	RuleDefaultOff    Rule = "DEFAULT_OFF"
	RuleSuppressed    Rule = "SUPPRESSED"
	RuleUnsubscribed  Rule = "UNSUBSCRIBED"
	RuleOwnerFallback Rule = "OWNER_FALLBACK"
)

// Values lists the rules, as ent asks of an enum.
func (Rule) Values() []string {
	return []string{string(RuleAll), string(RuleExcepted), string(RuleSelected), string(RuleNotSelected), string(RuleDefaultOn), string(RuleDefaultOff),
		string(RuleSuppressed), string(RuleUnsubscribed), string(RuleOwnerFallback)}
}

// Values lists the channels, as ent asks of an enum.
func (Channel) Values() []string { return []string{string(Email), string(Webhook), string(Phone)} }
