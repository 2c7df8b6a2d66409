package cli

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWellKnown(t *testing.T) {
	print := strings.Repeat("AB:", 31) + "01"
	other := strings.Repeat("CD:", 31) + "02"
	apple, android := "/.well-known/apple-app-site-association", "/.well-known/assetlinks.json"
	for _, c := range []struct {
		name          string
		apps          Apps
		refusal       string
		iosFile, file string
	}{
		{"none", Apps{}, "", "", ""},
		{"iOS", Apps{IOS: []string{"ABCDE12345.com.example.portal"}}, "",
			`{"applinks":{"details":[{"appIDs":["ABCDE12345.com.example.portal"],"components":[{"/":"/invitation"}]}]},"webcredentials":{"apps":["ABCDE12345.com.example.portal"]}}`, ""},
		{"other links", Apps{IOS: []string{"ABCDE12345.com.example.portal"}, Links: []string{"/reset-password", "/transfer"}}, "",
			`{"applinks":{"details":[{"appIDs":["ABCDE12345.com.example.portal"],"components":[{"/":"/reset-password"},{"/":"/transfer"}]}]},"webcredentials":{"apps":["ABCDE12345.com.example.portal"]}}`, ""},
		{"Android, with the certificate of a store and one's own", Apps{Android: []string{"com.example.portal=" + print, "com.example.portal=" + other}}, "", "",
			`[{"relation":["delegate_permission/common.handle_all_urls","delegate_permission/common.get_login_creds"],"target":{"namespace":"android_app","package_name":"com.example.portal","sha256_cert_fingerprints":["` + print + `","` + other + `"]}}]`},
		{"no team", Apps{IOS: []string{"com.example.portal"}}, "--ios-apps", "", ""},
		{"no link of ours", Apps{IOS: []string{"ABCDE12345.com.example.portal"}, Links: []string{"/accounts"}}, "--app-links", "", ""},
		{"no certificate", Apps{Android: []string{"com.example.portal"}}, "--android-apps", "", ""},
		{"another hash", Apps{Android: []string{"com.example.portal=AB:CD"}}, "--android-apps", "", ""},
		{"no package", Apps{Android: []string{"portal=" + print}}, "--android-apps", "", ""},
	} {
		files, err := c.apps.wellKnown()
		if (err == nil) != (c.refusal == "") || err != nil && !strings.Contains(err.Error(), c.refusal) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil {
			continue
		}
		for path, want := range map[string]string{apple: c.iosFile, android: c.file} {
			h, ok := files[path]
			if ok != (want != "") {
				t.Errorf("%s: %s is there: %t", c.name, path, ok)
			}
			if !ok {
				continue
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			if got := w.Body.String(); got != want || w.Header().Get("Content-Type") != "application/json" || w.Code != 200 {
				t.Errorf("%s: %s is %d %v\n%s, want\n%s", c.name, path, w.Code, w.Header(), got, want)
			}
		}
	}
}
