package permission

// Power is what a system of the company that runs the portal may do in every
// account. It is held by operator tokens, never by people.
type Power string

// The powers.
const (
	ReadAccounts      Power = "accounts.read"
	ProvisionAccounts Power = "accounts.provision"
	SuspendAccounts   Power = "accounts.suspend"
	TransferOwnership Power = "accounts.transfer"
	Introspect        Power = "sessions.introspect"
)

// Notify is both the permission of API tokens to send notifications for their account
// and the power of operators to send them for any.
const Notify = "notify"

// Powers returns every power, in the order of a list.
func Powers() []Power {
	return []Power{ReadAccounts, ProvisionAccounts, SuspendAccounts, TransferOwnership, Introspect, Notify}
}

// Meaning says what the power lets its holder do.
func (p Power) Meaning() string {
	switch p {
	case ReadAccounts:
		return "read any account: people, contacts, history"
	case ProvisionAccounts:
		return "open accounts for customers"
	case SuspendAccounts:
		return "suspend and reinstate accounts"
	case TransferOwnership:
		return "start a transfer of ownership where the owner is gone"
	case Introspect:
		return "ask whose session a token is, and what people may do"
	case Notify:
		return "send notifications to the contacts of any account"
	}
	return ""
}
