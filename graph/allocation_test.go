package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"tenantry/ent"
	"tenantry/internal/access"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/invite"
	"tenantry/internal/lab"
	"tenantry/internal/permission"
)

// newDesk fills an account of Olive's with what the measured reads show: as many
// rows of each kind as bench has.
func newDesk(t testing.TB, d *db.DB) (*lab.World, *ent.Account) {
	t.Helper()
	w := lab.New(t, d)
	ctx := t.Context()
	acct := w.Account("olive", "Olive")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 49 {
		w.Member(acct, fmt.Sprint("member", i), "role_support")
	}
	offer := access.Offer{RoleIDs: []string{"role_support"}, Scope: permission.ScopeNone}
	for i := range 20 {
		_, _, err := w.Invites.Invite(ctx, w.Actor("olive"), invite.Draft{AccountID: acct.ID, SendEmail: true, Offer: offer,
			Invitees: []invite.Invitee{{Email: fmt.Sprintf("guest%d@example.com", i)}}})
		must(err)
	}
	for i := range 50 {
		email, first, last, phone := fmt.Sprintf("contact%d@example.com", i), "Connie", fmt.Sprint("Contact ", i), "+44 20 7946 0958"
		_, err := w.Contacts.Create(ctx, w.Actor("olive"), acct.ID, contact.Details{Email: &email, FirstName: &first, LastName: &last, Phone: &phone,
			Preferences: []permission.Preference{{Channel: permission.Email, Categories: []permission.CategoryKey{"invoice", "support"}},
				{Channel: permission.Phone, Categories: []permission.CategoryKey{"invoice"}}}}, "")
		must(err)
	}
	for i := range 4 {
		w.Member(w.Account(fmt.Sprint("owner", i), fmt.Sprint("Other ", i)), "olive", "role_support")
	}
	_, err := w.Sessions.Switch(ctx, w.Actor("olive"), acct.ID, true)
	must(err)
	w.Settle()
	return w, acct
}

// cost is what a request takes from the heap.
type cost struct{ objects, bytes uint64 }

// over reports whether a count is more than 3 % and the slack above another: sizes
// of ids and of maps differ a little between requests, code that changed differs more.
func over(got, kept, slack uint64) bool { return got*100 > kept*103+slack*100 }

// TestAllocations keeps how much each measured operation takes from the heap, from
// the HTTP handler down to the driver, in testdata/allocations.txt. What is counted
// does not depend on the machine.
func TestAllocations(t *testing.T) {
	const golden = "testdata/allocations.txt"
	if b, ok := debug.ReadBuildInfo(); testing.CoverMode() != "" || ok && slices.Contains(b.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("what is instrumented allocates more")
	}
	text, err := os.ReadFile(golden)
	if err != nil && !*update {
		t.Fatal(err)
	}
	kept := map[string]cost{}
	for line := range strings.Lines(string(text)) {
		name, numbers, _ := strings.Cut(line, ": ")
		var c cost
		if _, err := fmt.Sscanf(numbers, "%d objects, %d bytes", &c.objects, &c.bytes); err != nil {
			t.Fatalf("%s: %v: %s", golden, err, line)
		}
		kept[name] = c
	}
	const renew = "renew the counts with `make counts`"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, acct := newDesk(t, d)
		for _, m := range measured {
			name := m.name + ", " + d.Dialect()
			got, was := allocated(t, w, acct, m.query), kept[name]
			if kept[name] = got; *update {
				continue
			}
			if over(got.objects, was.objects, 5) || over(got.bytes, was.bytes, 4096) {
				t.Errorf("%s: %d objects of %d bytes, not %d of %d. Find what allocates (go test ./graph -run - -bench Answer -memprofile FILE), or, where it buys something, %s",
					name, got.objects, got.bytes, was.objects, was.bytes, renew)
			}
			if over(was.objects, got.objects, 5) || over(was.bytes, got.bytes, 4096) {
				t.Logf("%s: %d objects of %d bytes, and no longer %d of %d, which could be lost again unseen, so %s", name, got.objects, got.bytes, was.objects, was.bytes, renew)
			}
		}
	})
	if !*update || t.Failed() {
		return
	}
	var out strings.Builder
	for _, m := range measured {
		for _, dialect := range []string{db.SQLite, db.Postgres} { // the latter as it was, if it is not there
			if c, ok := kept[m.name+", "+dialect]; ok {
				fmt.Fprintf(&out, "%s, %s: %d objects, %d bytes\n", m.name, dialect, c.objects, c.bytes)
			}
		}
	}
	if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// allocated returns the median of what an operation takes from the heap, once all
// that is kept in memory is there. The collector rests, since it empties pools, and
// one request more or less that grows a map makes no difference.
func allocated(t *testing.T, w *lab.World, acct *ent.Account, query string) cost {
	t.Helper()
	const warm, runs = 5, 15
	requests := make([]*http.Request, warm+runs)
	for i := range requests {
		body, err := json.Marshal(map[string]any{"query": query, "variables": variables(acct.ID, query, fmt.Sprint("n", i))})
		if err != nil {
			t.Fatal(err)
		}
		requests[i] = httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body)).WithContext(t.Context())
		requests[i].Header.Set("Content-Type", "application/json")
		requests[i].Header.Set("Authorization", "Bearer "+w.Person("olive").Token)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // pools are of processors
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var objects, size []uint64
	answer := &plainWriter{header: http.Header{}}
	for i, r := range requests {
		answer.body.Reset()
		clear(answer.header)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		w.HTTP.ServeHTTP(answer, r)
		runtime.ReadMemStats(&after)
		if answer.status != http.StatusOK || !bytes.HasPrefix(answer.body.Bytes(), []byte(`{"data":{`)) {
			t.Fatalf("%s\nis answered %d %s", query, answer.status, &answer.body)
		}
		if i >= warm {
			objects, size = append(objects, after.Mallocs-before.Mallocs), append(size, after.TotalAlloc-before.TotalAlloc)
		}
	}
	if testing.Verbose() {
		t.Log(objects, size)
	}
	slices.Sort(objects)
	slices.Sort(size)
	return cost{objects[runs/2], size[runs/2]}
}

// plainWriter is a client that costs nothing.
type plainWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *plainWriter) Header() http.Header         { return w.header }
func (w *plainWriter) WriteHeader(status int)      { w.status = status }
func (w *plainWriter) Write(b []byte) (int, error) { return w.body.Write(b) }
