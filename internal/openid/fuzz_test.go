package openid_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"tenantry/internal/access"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/lab"
	"tenantry/internal/openid"
	"tenantry/internal/session"
)

// visitors come from a network of their own each, so that no budget is in the way.
type visitors struct {
	w *lab.World
	n uint32
}

// come sends somebody to the provider and back with what it made of them.
func (v *visitors) come(t *testing.T, subject string, claims map[string]any, change func(*openid.Answer)) (*openid.Outcome, error) {
	v.n++
	by := &access.Actor{Address: netip.AddrFrom4([4]byte{10, byte(v.n >> 16), byte(v.n >> 8), byte(v.n)}).String()}
	begun, err := v.w.OpenID.Start(t.Context(), by, openid.Request{Provider: "acme", Delivery: session.Token})
	if err != nil {
		t.Fatal(err)
	}
	a := openid.Answer{Binding: begun.Binding}
	a.Code, a.State = v.w.Provider.SignIn(begun.URL, subject, claims)
	change(&a)
	out, err := v.w.OpenID.Finish(t.Context(), by, a)
	if _, ok := errors.AsType[*fault.Error](err); err != nil && !ok {
		t.Errorf("not a refusal: %v", err)
	}
	return out, err
}

// Whatever comes back from a provider, in the browser or behind it, nobody is signed in
// by it whom the provider has not signed for.
func FuzzCallback(f *testing.F) {
	w := lab.New(f, dbtest.SQLite(f))
	v := &visitors{w: w}
	good := w.Provider.Signed(map[string]any{"iss": lab.Issuer, "aud": "portal", "sub": "1", "nonce": "another", "iat": 1, "exp": 1 << 40, "email": "ivan@example.com", "email_verified": true})
	for _, token := range []string{good, good + ".", strings.Replace(good, ".", "..", 1), strings.TrimRight(good, "="), "a.b.c", "eyJhbGciOiJub25lIn0.e30.", ""} {
		body, _ := json.Marshal(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": token})
		f.Add("", "", "", "application/json", body, 200)
	}
	for _, body := range []string{"", "[]", "null", `{"id_token":1}`, `{"id_token":["a"],"access_token":{}}`, "access_token=a&id_token=b", strings.Repeat("[", 1000), "\xff"} {
		f.Add("code", lab.Issuer, "cer_01h455vb4pex5vsknk084sn02q", "application/x-www-form-urlencoded", []byte(body), 400)
	}
	f.Add("a\nb", "https://evil.example", "\x00", "text/html; charset=\"", []byte(`{"error":"x"}`), 302)
	f.Fuzz(func(t *testing.T, code, issuer, state, contentType string, body []byte, status int) {
		if status < 200 || status > 599 {
			status = 200
		}
		w.Provider.Answer = func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/token" {
				return lab.Reply(r, status, contentType, string(body)), nil
			}
			return nil, nil
		}
		out, err := v.come(t, "1", proved("ivan@example.com"), func(a *openid.Answer) {
			if code != "" {
				a.Code = code
			}
			if state != "" {
				a.State = state
			}
			a.Issuer = issuer
		})
		if err == nil {
			t.Errorf("%q lets somebody in: %+v", body, out)
		}
	})
}

// Whatever a provider says of somebody and signs, they become a user only by an address
// that it says is theirs and may speak for, and are called what shows on a page.
func FuzzClaims(f *testing.F) {
	w := lab.New(f, dbtest.SQLite(f))
	v := &visitors{w: w}
	for i, c := range []string{`{"email":"a%d@example.com","email_verified":true,"name":"Nora"}`, `{"email":"b%d@example.com","email_verified":"true","given_name":"\u202e","locale":"xx-\u0000"}`, `{"email":"c%d@EXAMPLE.com.","email_verified":1}`,
		`{"email":"d%d@example.com.evil.example","email_verified":true}`, `{"email":["e%d@example.com"],"email_verified":true}`, `{"email":"f%d@example.com","email_verified":true,"name":{"a":1}}`, `{"sub":"","email":"g%d@example.com","email_verified":true}`,
		`{"sub":1}`, `{"aud":["portal","other"],"azp":"other","x":%d}`, `{"auth_time":1e400,"x":%d}`, `{"iat":-1,"exp":"%d"}`, `{"nonce":""}`, `{"iss":"https://evil.example","n":%d}`, `{"email_verified":true,"email":"\u0000%d@example.com"}`} {
		if strings.Contains(c, "%d") {
			c = fmt.Sprintf(c, i)
		}
		f.Add([]byte(c))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var said map[string]any
		if json.Unmarshal(text, &said) != nil || said == nil {
			return
		}
		out, err := v.come(t, fmt.Sprint("subject ", v.n), said, func(*openid.Answer) {})
		if err != nil {
			return
		}
		if iss, ok := said["iss"]; said["nonce"] != nil || ok && iss != lab.Issuer {
			t.Errorf("%s is believed", text)
		}
		if out.Started == nil {
			return // somebody is to prove that they are the user of that address
		}
		u := w.DB.Client.User.GetX(context.Background(), out.Started.User.ID)
		_, again := said["sub"] // who may have come before, with another address
		verified := said["email_verified"] == true || said["email_verified"] == "true"
		if !strings.HasSuffix(u.EmailKey, "@example.com") || !verified && !again || u.Name == "" || strings.ContainsAny(u.Name, "\n\x00\u202e") {
			t.Errorf("%s makes %q, %q", text, u.EmailKey, u.Name)
		}
	})
}
