package mail_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"tenantry/internal/mail"
)

var shots = flag.String("shots", "", "a folder to write every letter into as a page, for pictures")

// TestShots writes the letters that web/check/mail.mjs takes pictures of.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("run by make mail-shots")
	}
	invoice := mail.Notification{
		Name: "Ada Lovelace", Account: "Northwind Traders", Category: "Invoice", Subject: "Invoice 2000-0418: €61.40, due on 22 January", Body: "Your invoice is ready.",
		HTML: `<p>Dear Ada Lovelace,</p><p>your invoice 2000-0418 is ready.</p>
			<table width="100%" cellpadding="8" style="border-collapse:collapse;font-size:15px"><tr style="background-color:#f3f4f6"><th align="left">What</th><th align="right">Price</th></tr>
			<tr><td style="border-bottom:1px solid #e3e6ea">Web hosting, 1 year</td><td align="right" style="border-bottom:1px solid #e3e6ea">€49.20</td></tr>
			<tr><td>Domain names</td><td align="right">€12.20</td></tr><tr><td><b>Together</b></td><td align="right"><b>€61.40</b></td></tr></table>
			<p><a href="https://billing.acme.example/invoices/2000-0418">See and pay the invoice</a></p><p style="color:#b42318">After 22 January a reminder follows.</p>`,
		Sender: "Acme billing", Reason: mail.ReasonAll, PreferencesLink: "https://portal.acme.example/preferences#token=t8",
	}
	synctest.Test(t, func(t *testing.T) {
		for _, locale := range mail.Locales() {
			write := func(name string, letter mail.Template) {
				_, _, rich, err := mail.Render(acme, locale, letter)
				if err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(*shots, locale, name+".html")
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(rich), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, letter := range letters() {
				write(letter.Kind(), letter)
			}
			write("notification_html", invoice)
		}
	})
}
