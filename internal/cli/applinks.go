package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	pages "tenantry/web"
)

// Apps are the company's apps that links of the portal open.
type Apps struct {
	IOS, Android, Links []string
}

var (
	iosApp      = regexp.MustCompile(`^[A-Z0-9]{10}\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
	androidName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$`)
	certificate = regexp.MustCompile(`^([0-9A-F]{2}:){31}[0-9A-F]{2}$`)
)

// association is what iOS asks a site about its apps.
type association struct {
	AppLinks struct {
		Details []detail `json:"details"`
	} `json:"applinks"`
	WebCredentials struct {
		Apps []string `json:"apps"`
	} `json:"webcredentials"`
}

type detail struct {
	AppIDs     []string            `json:"appIDs"`
	Components []map[string]string `json:"components"`
}

// assetLink is what Android asks a site about one of its apps.
type assetLink struct {
	Relation []string `json:"relation"`
	Target   target   `json:"target"`
}

type target struct {
	Namespace    string   `json:"namespace"`
	Package      string   `json:"package_name"`
	Fingerprints []string `json:"sha256_cert_fingerprints"`
}

// wellKnown returns the files by which phones find out which apps may open links of the
// portal and use its passkeys, by path. What nobody has configured is not there.
func (a *Apps) wellKnown() (map[string]http.Handler, error) {
	out := map[string]http.Handler{}
	if len(a.IOS) > 0 {
		var f association
		f.AppLinks.Details, f.WebCredentials.Apps = []detail{{AppIDs: a.IOS}}, a.IOS
		for _, app := range a.IOS {
			if !iosApp.MatchString(app) {
				return nil, fmt.Errorf("--ios-apps %q: give the team's id and the bundle's, such as ABCDE12345.com.example.portal", app)
			}
		}
		links := a.Links
		if len(links) == 0 {
			links = []string{"/invitation"}
		}
		for _, path := range links {
			if !slices.Contains(pages.LinkPages, path) {
				return nil, fmt.Errorf("--app-links %q: no mailed link leads there, but to %s", path, strings.Join(pages.LinkPages, ", "))
			}
			f.AppLinks.Details[0].Components = append(f.AppLinks.Details[0].Components, map[string]string{"/": path})
		}
		out["/.well-known/apple-app-site-association"] = jsonFile(f)
	}
	if len(a.Android) > 0 {
		var f []assetLink
		for _, app := range a.Android {
			name, cert, _ := strings.Cut(app, "=")
			if !androidName.MatchString(name) || !certificate.MatchString(cert) {
				return nil, fmt.Errorf("--android-apps %q: give the package and the SHA-256 of the certificate that signs it, such as com.example.portal=AB:CD:… (32 bytes)", app)
			}
			if i := slices.IndexFunc(f, func(l assetLink) bool { return l.Target.Package == name }); i >= 0 {
				f[i].Target.Fingerprints = append(f[i].Target.Fingerprints, cert)
				continue
			}
			f = append(f, assetLink{Relation: []string{"delegate_permission/common.handle_all_urls", "delegate_permission/common.get_login_creds"},
				Target: target{Namespace: "android_app", Package: name, Fingerprints: []string{cert}}})
		}
		out["/.well-known/assetlinks.json"] = jsonFile(f)
	}
	return out, nil
}

// jsonFile serves a value that does not change. Phones follow no redirect to it and ask no
// name that ends in .json.
func jsonFile(v any) http.Handler {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // made above
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		_, _ = w.Write(text)
	})
}
