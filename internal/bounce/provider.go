package bounce

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// errUnknownForm is JSON in a form that nobody here knows.
var errUnknownForm = errors.New("this JSON is in none of the forms that are known: Postmark, Amazon SNS, Mailgun, SendGrid")

// ParseJSON reads what a company that delivers mail reports: Postmark's bounce and
// spam-complaint webhooks, Amazon SES notifications and events through SNS, Mailgun's
// webhooks and SendGrid's event webhook. What is no bounce and no complaint is no
// report. confirm is the address that Amazon SNS wants to be opened once, or "".
func ParseJSON(body []byte) (reports []Report, confirm string, err error) {
	if body = []byte(strings.TrimSpace(string(body))); len(body) == 0 {
		return nil, "", errUnknownForm
	}
	if body[0] == '[' {
		reports, err = sendGrid(body)
		return trusted(reports), "", err
	}
	var form struct {
		RecordType string
		Type       string
		Message    string
		Subscribe  string          `json:"SubscribeURL"`
		EventData  json.RawMessage `json:"event-data"`
		notification
	}
	if err := json.Unmarshal(body, &form); err != nil {
		return nil, "", errUnknownForm
	}
	switch {
	case form.RecordType != "":
		reports, err = postmark(body)
	case form.EventData != nil:
		reports, err = mailgun(form.EventData)
	case form.Type == "SubscriptionConfirmation":
		return nil, form.Subscribe, nil
	case form.Type == "UnsubscribeConfirmation":
		return nil, "", nil
	case form.Type == "Notification":
		var inner notification
		if err := json.Unmarshal([]byte(form.Message), &inner); err != nil {
			return nil, "", errUnknownForm
		}
		reports, err = inner.reports()
	case form.EventType != "" || form.NotificationType != "":
		reports, err = form.reports() // SNS with raw delivery
	default:
		return nil, "", errUnknownForm
	}
	return trusted(reports), "", err
}

func trusted(reports []Report) []Report {
	for i := range reports {
		reports[i].Trusted, reports[i].Words = true, line(reports[i].Words)
	}
	return reports
}

func postmark(body []byte) ([]Report, error) {
	var p struct {
		RecordType, Type, Email, Details, Description string
		Metadata                                      map[string]string
	}
	if err := json.Unmarshal(body, &p); err != nil {
		return nil, fmt.Errorf("postmark: %w", err)
	}
	r := Report{Recipient: p.Email, Delivery: p.Metadata["delivery"], Words: p.Details}
	if r.Words == "" {
		r.Words = p.Description
	}
	switch {
	case p.RecordType == "SpamComplaint" || p.Type == "SpamComplaint" || p.Type == "SpamNotification":
		r.Kind = Complaint
	case p.RecordType != "Bounce":
		return nil, nil
	case p.Type == "HardBounce" || p.Type == "BadEmailAddress" || p.Type == "AddressChange":
		r.Kind = Dead
	case p.Type == "SoftBounce" || p.Type == "Blocked" || p.Type == "DMARCPolicy" || p.Type == "Undeliverable" || p.Type == "SMTPApiError" || p.Type == "DnsError":
		r.Kind = Refused
	default:
		return nil, nil // out of office, delays, subscriptions
	}
	return []Report{r}, nil
}

// notification is a notification or an event of Amazon SES.
type notification struct {
	NotificationType string `json:"notificationType"`
	EventType        string `json:"eventType"`
	Mail             struct {
		Headers []struct{ Name, Value string } `json:"headers"`
		Common  struct {
			MessageID string `json:"messageId"`
		} `json:"commonHeaders"`
	} `json:"mail"`
	Bounce struct {
		Type       string `json:"bounceType"`
		SubType    string `json:"bounceSubType"`
		Recipients []struct {
			Email      string `json:"emailAddress"`
			Status     string `json:"status"`
			Diagnostic string `json:"diagnosticCode"`
		} `json:"bouncedRecipients"`
	} `json:"bounce"`
	Complaint struct {
		Recipients []struct {
			Email string `json:"emailAddress"`
		} `json:"complainedRecipients"`
	} `json:"complaint"`
}

func (s *notification) reports() ([]Report, error) {
	delivery := deliveryOf(s.Mail.Common.MessageID)
	for _, h := range s.Mail.Headers {
		if strings.EqualFold(h.Name, "Message-ID") {
			delivery = deliveryOf(h.Value)
		}
	}
	var out []Report
	for _, r := range s.Bounce.Recipients {
		one := Report{Kind: Refused, Delivery: delivery, Recipient: r.Email, Words: typed(r.Diagnostic)}
		if s.Bounce.Type == "Permanent" && (s.Bounce.SubType == "NoEmail" || kindOf(r.Status, r.Diagnostic) == Dead) {
			one.Kind = Dead
		}
		if one.Words == "" {
			one.Words = strings.TrimSpace(s.Bounce.Type + " " + s.Bounce.SubType)
		}
		out = append(out, one)
	}
	for _, r := range s.Complaint.Recipients {
		out = append(out, Report{Kind: Complaint, Delivery: delivery, Recipient: r.Email, Words: "The reader called it spam."})
	}
	return out, nil
}

func mailgun(event json.RawMessage) ([]Report, error) {
	var e struct {
		Event, Severity, Reason, Recipient string
		Status                             struct {
			Enhanced             string `json:"enhanced-code"`
			Message, Description string
		} `json:"delivery-status"`
		Message struct{ Headers map[string]any }
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, fmt.Errorf("mailgun: %w", err)
	}
	messageID, _ := e.Message.Headers["message-id"].(string)
	r := Report{Delivery: deliveryOf(messageID), Recipient: e.Recipient, Words: e.Status.Message}
	if r.Words == "" {
		r.Words = e.Status.Description
	}
	switch {
	case e.Event == "complained":
		r.Kind = Complaint
	case e.Event != "failed" || e.Severity != "permanent":
		return nil, nil
	default:
		r.Kind = kindOf(e.Status.Enhanced, r.Words)
	}
	return []Report{r}, nil
}

func sendGrid(body []byte) ([]Report, error) {
	var events []struct {
		Email, Event, Type, Reason, Status string
		SMTPID                             string `json:"smtp-id"`
	}
	if err := json.Unmarshal(body, &events); err != nil {
		return nil, errUnknownForm
	}
	var out []Report
	for _, e := range events {
		r := Report{Delivery: deliveryOf(e.SMTPID), Recipient: e.Email, Words: e.Reason}
		switch {
		case e.Event == "spamreport":
			r.Kind, r.Words = Complaint, "The reader called it spam."
		case e.Event == "bounce" && e.Type == "blocked":
			r.Kind = Refused
		case e.Event == "bounce":
			r.Kind = kindOf(e.Status, e.Reason)
		default:
			continue
		}
		out = append(out, r)
	}
	return out, nil
}
