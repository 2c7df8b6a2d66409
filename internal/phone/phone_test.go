package phone_test

import (
	"fmt"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"tenantry/internal/phone"
)

func TestE164(t *testing.T) {
	for _, c := range []struct{ name, typed, want string }{
		{"as it is", "+49301234567", "+49301234567"},
		{"with spaces", " +49 30 1234567 ", "+49301234567"},
		{"with what is dialled at home only", "+49 (0)30/1234-567", "+49301234567"},
		{"the same unbracketed", "+44 020 7946 0958", "+442079460958"},
		{"a zero that belongs to the number", "+39 06 1234 5678", "+390612345678"},
		{"a mobile number of Argentina", "+54 11 15 2345 6789", "+5491123456789"},
		{"as a link", "tel:+1-212-555-0123", "+12125550123"},
		{"from a keyboard of wide digits", "＋４９ ３０ １２３４５６７", "+49301234567"},
		{"with wide brackets", "＋49（0）30／123ー4567", "+49301234567"},
		{"from an Arabic keyboard", "+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "+966501234567"},
		{"with other dashes", "+1 212–555‑0123", "+12125550123"},
		{"of no country", "+800 1234 5678", "+80012345678"},
		{"nothing", "", ""},
		{"as it is dialled at home", "030 1234567", ""},
		{"with what is dialled before abroad", "0049 30 1234567", ""},
		{"a code that nobody has", "+999 30 1234567", ""},
		{"too short", "+49 3", ""},
		{"too long", "+1 212 555 01234", ""},
		{"a code alone", "+49", ""},
		{"letters", "+1 800 FLOWERS", ""},
		{"an extension", "+49 30 1234567 ext. 12", ""},
		{"two numbers", "+49 30 1234567, +49 30 7654321", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := phone.E164(c.typed)
			if got != c.want || ok != (c.want != "") {
				t.Errorf("%q is %q, %v, want %q", c.typed, got, ok, c.want)
			}
		})
	}
}

// oracle is what libphonenumber makes of the same.
func oracle(typed string) string {
	n, err := phonenumbers.Parse(typed, "ZZ")
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

func TestExamplesOfAllCountries(t *testing.T) {
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE} {
			n := phonenumbers.GetExampleNumberForType(region, kind)
			if n == nil {
				continue
			}
			for _, f := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL, phonenumbers.RFC3966} {
				typed := phonenumbers.Format(n, f)
				if got, _ := phone.E164(typed); got != oracle(typed) || got == "" {
					t.Errorf("%s: %q is %q, want %q", region, typed, got, oracle(typed))
				}
			}
		}
	}
}

// Numbers of each length, with and without what is dialled at home only.
func TestLengthsOfAllCountries(t *testing.T) {
	for code := range phonenumbers.GetSupportedCallingCodes() {
		for _, trunk := range []string{"", "0", "1", "8", "15"} {
			for n := range 15 {
				typed := fmt.Sprint("+", code, trunk, "234567892345678"[:n])
				if got, _ := phone.E164(typed); got != oracle(typed) {
					t.Errorf("%q is %q, want %q", typed, got, oracle(typed))
				}
			}
		}
	}
}

// Whatever somebody types with digits and what stands between them, it is the
// number that libphonenumber finds in it.
func TestLikeLibphonenumber(t *testing.T) {
	var codes []int
	for code := range phonenumbers.GetSupportedCallingCodes() {
		codes = append(codes, code)
	}
	between := rapid.SampledFrom([]string{"", "", "", "", " ", "-", ".", "(0)", ") ", " ("})
	rapid.Check(t, func(t *rapid.T) {
		typed := "+"
		if rapid.Bool().Draw(t, "a code that is one") {
			typed = phonenumbers.Format(&phonenumbers.PhoneNumber{CountryCode: new(int32(rapid.SampledFrom(codes).Draw(t, "code"))), NationalNumber: new(uint64(0))}, phonenumbers.E164)
			typed = typed[:len(typed)-1]
		}
		for range rapid.IntRange(0, 15).Draw(t, "length") {
			typed += between.Draw(t, "between") + rapid.StringMatching(`[0-9]`).Draw(t, "digit")
		}
		if got, _ := phone.E164(typed); got != oracle(typed) {
			t.Fatalf("%q is %q, want %q", typed, got, oracle(typed))
		}
	})
}
