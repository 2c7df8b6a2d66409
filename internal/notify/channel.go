package notify

import (
	"context"
	"errors"
	"time"

	"tenantry/ent"
	"tenantry/internal/mail"
	"tenantry/internal/permission"
)

// Channel is a way out for what contacts are told. One more way is a type with this
// method, and a line where the program is wired.
type Channel interface {
	// Send hands one message over and waits until it is accepted, a minute at most.
	// A nil error says that it was: it is not sent again. It is called for several at a
	// time. An error is a *mail.Error, suppressed for what is not to be sent, or refused.
	Send(context.Context, Outgoing) error
}

// Outgoing is a message that is about to leave, with all that it is about as it is at
// this moment.
type Outgoing struct {
	// Delivery is what is sent; its id is the same each time that it is tried.
	Delivery     *ent.Delivery
	Notification *ent.Notification
	Category     permission.Category
	Account      *ent.Account
	// Contact is whom it is for. Nil for the owner who gets what no contact does.
	Contact *ent.Contact
	// Rule is why they get it, by their preferences as they are now.
	Rule permission.Rule
	// Event is what is told of where there is no notification. Nil otherwise, as are
	// Notification and what is about it then.
	Event *ent.Event
	// Webhook is what is called. Nil on other channels.
	Webhook *ent.Webhook
	// To, Name and Locale are the address of the contact, or of the owner.
	To, Name, Locale string
}

// key is what the address is known by.
func (o Outgoing) key() string {
	if o.Contact != nil {
		return o.Contact.EmailKey
	}
	return o.Account.Edges.Owner.EmailKey
}

// Use sends on a channel by way of c, from then on: before Run and Drain.
func (s *Service) Use(on permission.Channel, c Channel) { s.channels[on] = c }

// suppressed says why a message is no longer to be sent.
type suppressed string

func (s suppressed) Error() string { return string(s) }

// refused is why a message was not accepted, on a channel that is not mail.
type refused struct {
	// why is what people who see the delivery are told.
	why string
	// permanent is true if the same message would be refused again.
	permanent bool
	// after is how long whoever refused wants to be left alone; 0 if they did not say.
	after time.Duration
}

func (r *refused) Error() string { return r.why }

// failure is what is to be known of an error of a channel.
type failure struct {
	// words are for people who see the delivery, without what is inside the server.
	words              string
	permanent, bounced bool
	dead               bool // the address does not exist
	after              time.Duration
}

// judge tells from an error of a channel what becomes of the delivery.
func judge(err error) failure {
	if r, ok := errors.AsType[*refused](err); ok {
		return failure{words: short(r.why), permanent: r.permanent, after: r.after}
	}
	e, ok := errors.AsType[*mail.Error](err)
	switch {
	case ok && e.Reply() != "":
		return failure{words: short("The mail server answered: " + e.Reply()), permanent: e.Permanent, bounced: e.Bounced, dead: e.Dead}
	case ok && e.Permanent:
		return failure{words: "The message cannot be sent as it is.", permanent: true, bounced: e.Bounced}
	case errors.Is(err, context.DeadlineExceeded):
		return failure{words: "No answer came in time."}
	case ok:
		return failure{words: "The mail server could not be reached, or broke off."}
	}
	return failure{words: "Something went wrong on our side."}
}
