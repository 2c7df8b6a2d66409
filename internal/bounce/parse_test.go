package bounce_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenantry/internal/bounce"
)

// What mail servers of five makes send back, as they document it.
func TestParseDSN(t *testing.T) {
	ada := bounce.Report{Kind: bounce.Dead, Delivery: "DELIVERY", Recipient: "ada@example.com"}
	with := func(kind bounce.Kind, words string) []bounce.Report {
		one := ada
		one.Kind, one.Words = kind, words
		return []bounce.Report{one}
	}
	for name, want := range map[string][]bounce.Report{
		"postfix":  with(bounce.Dead, "550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown in virtual mailbox table"),
		"exim":     with(bounce.Dead, "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 Please try double-checking the address."),
		"exchange": with(bounce.Dead, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
		"full":     with(bounce.Refused, "552-5.2.2 The email account that you tried to reach is over quota."),
		"delayed":  nil,
	} {
		message, err := os.ReadFile(filepath.Join("testdata", name+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		for ending, text := range map[string][]byte{"LF": message, "CRLF": []byte(strings.ReplaceAll(string(message), "\n", "\r\n"))} {
			got, err := bounce.ParseDSN(text)
			if err != nil {
				t.Errorf("%s (%s): %v", name, ending, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (%s) (-want +got):\n%s", name, ending, diff)
			}
		}
	}
	for name, message := range map[string]string{
		"nothing":            "",
		"a letter":           "From: ada@example.com\nSubject: Hello\n\nI am on holiday.\n",
		"a disposition":      "Content-Type: multipart/report; boundary=b; report-type=disposition-notification\n\n--b\nContent-Type: message/disposition-notification\n\nDisposition: displayed\n\n--b--\n",
		"without boundary":   "Content-Type: multipart/report; report-type=delivery-status\n\n",
		"a forwarded report": "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nA: b\n\nFinal-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
	} {
		if got, err := bounce.ParseDSN([]byte(message)); err == nil {
			t.Errorf("%s was taken for a report: %+v", name, got)
		}
	}
}

// What the companies that deliver mail report, in the forms that they document.
func TestParseJSON(t *testing.T) {
	for _, test := range []struct {
		name, body, confirm string
		want                []bounce.Report
	}{
		{name: "Postmark, hard bounce", body: `{"RecordType":"Bounce","ID":42,"Type":"HardBounce","TypeCode":1,"Name":"Hard bounce","Tag":"","MessageID":"00000000-0000-0000-0000-000000000000","Metadata":{"delivery":"dlv_1"},"Description":"The server was unable to deliver your message (ex: unknown user, mailbox not found).","Details":"smtp;550 5.1.1 unknown","Email":"ada@example.com","From":"portal@acme.example","BouncedAt":"2026-11-22T10:00:00Z","Inactive":true}`,
			want: []bounce.Report{{Kind: bounce.Dead, Delivery: "dlv_1", Recipient: "ada@example.com", Words: "smtp;550 5.1.1 unknown"}}},
		{name: "Postmark, soft bounce", body: `{"RecordType":"Bounce","Type":"SoftBounce","Email":"ada@example.com","Description":"Mailbox\r\nfull"}`,
			want: []bounce.Report{{Kind: bounce.Refused, Recipient: "ada@example.com", Words: "Mailbox full"}}},
		{name: "Postmark, spam", body: `{"RecordType":"SpamComplaint","Type":"SpamComplaint","Email":"ada@example.com"}`,
			want: []bounce.Report{{Kind: bounce.Complaint, Recipient: "ada@example.com"}}},
		{name: "Postmark, delivery", body: `{"RecordType":"Delivery","Recipient":"ada@example.com"}`},
		{name: "Postmark, out of office", body: `{"RecordType":"Bounce","Type":"AutoResponder","Email":"ada@example.com"}`},
		{name: "SES through SNS, nobody there", body: `{"Type":"Notification","MessageId":"m","TopicArn":"arn:aws:sns:eu-west-1:1:mail","Message":"{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":\"General\",\"bouncedRecipients\":[{\"emailAddress\":\"ada@example.com\",\"action\":\"failed\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}]},\"mail\":{\"headers\":[{\"name\":\"Message-ID\",\"value\":\"<dlv_2@acme.example>\"}],\"commonHeaders\":{\"messageId\":\"<dlv_2@acme.example>\"}}}"}`,
			want: []bounce.Report{{Kind: bounce.Dead, Delivery: "dlv_2", Recipient: "ada@example.com", Words: "550 5.1.1 user unknown"}}},
		{name: "SES raw, content refused", body: `{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"ada@example.com","status":"5.7.1","diagnosticCode":"smtp; 554 5.7.1 spam"}]},"mail":{"commonHeaders":{"messageId":"<dlv_2@acme.example>"}}}`,
			want: []bounce.Report{{Kind: bounce.Refused, Delivery: "dlv_2", Recipient: "ada@example.com", Words: "554 5.7.1 spam"}}},
		{name: "SES, full", body: `{"notificationType":"Bounce","bounce":{"bounceType":"Transient","bounceSubType":"MailboxFull","bouncedRecipients":[{"emailAddress":"ada@example.com"}]}}`,
			want: []bounce.Report{{Kind: bounce.Refused, Recipient: "ada@example.com", Words: "Transient MailboxFull"}}},
		{name: "SES, spam", body: `{"notificationType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"ada@example.com"},{"emailAddress":"bob@example.com"}]}}`,
			want: []bounce.Report{{Kind: bounce.Complaint, Recipient: "ada@example.com", Words: "The reader called it spam."}, {Kind: bounce.Complaint, Recipient: "bob@example.com", Words: "The reader called it spam."}}},
		{name: "SNS asks to confirm", body: `{"Type":"SubscriptionConfirmation","SubscribeURL":"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"}`, confirm: "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"},
		{name: "Mailgun, failed for good", body: `{"signature":{"token":"t"},"event-data":{"event":"failed","severity":"permanent","reason":"bounce","recipient":"ada@example.com","delivery-status":{"code":550,"enhanced-code":"5.1.1","message":"5.1.1 no such user"},"message":{"headers":{"message-id":"dlv_3@acme.example","size":1}}}}`,
			want: []bounce.Report{{Kind: bounce.Dead, Delivery: "dlv_3", Recipient: "ada@example.com", Words: "5.1.1 no such user"}}},
		{name: "Mailgun, will be tried again", body: `{"event-data":{"event":"failed","severity":"temporary","recipient":"ada@example.com"}}`},
		{name: "SendGrid, a batch", body: ` [{"email":"ada@example.com","event":"bounce","type":"bounce","status":"5.1.1","reason":"550 5.1.1 unknown","smtp-id":"<dlv_4@acme.example>"},{"email":"bob@example.com","event":"bounce","type":"blocked","status":"5.7.1","reason":"550 5.7.1 blocked"},{"email":"cy@example.com","event":"delivered"},{"email":"dee@example.com","event":"spamreport"}]`,
			want: []bounce.Report{{Kind: bounce.Dead, Delivery: "dlv_4", Recipient: "ada@example.com", Words: "550 5.1.1 unknown"}, {Kind: bounce.Refused, Recipient: "bob@example.com", Words: "550 5.7.1 blocked"}, {Kind: bounce.Complaint, Recipient: "dee@example.com", Words: "The reader called it spam."}}},
	} {
		got, confirm, err := bounce.ParseJSON([]byte(test.body))
		for i := range test.want {
			test.want[i].Trusted = true
		}
		if err != nil || confirm != test.confirm {
			t.Errorf("%s: %v, to confirm %q", test.name, err, confirm)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	for _, body := range []string{"", "{}", "null", "7", `{"Type":"Notification","Message":"no JSON"}`, `[1]`, `{"event-data":7}`} {
		if got, _, err := bounce.ParseJSON([]byte(body)); err == nil {
			t.Errorf("%q was understood: %+v", body, got)
		}
	}
}

// Whatever is sent, a report has one line of at most 300 bytes of words, and there are
// not more than were sent.
func FuzzReports(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.eml")
	for _, name := range files {
		message, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(message)
	}
	f.Add([]byte(`[{"email":"ada@example.com","event":"bounce","reason":"550"}]`))
	f.Add([]byte(`{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"ada@example.com"}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		mails, _ := bounce.ParseDSN(body)
		events, _, _ := bounce.ParseJSON(body)
		if len(mails) > 101 {
			t.Errorf("%d reports of one mail", len(mails))
		}
		for _, r := range append(mails, events...) {
			if len(r.Words) > 300 || strings.ContainsAny(r.Words, "\r\n") || r.Kind == "" {
				t.Errorf("%+v", r)
			}
		}
	})
}
