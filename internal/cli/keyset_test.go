package cli_test

import (
	"bytes"
	"context"
	"encoding/base32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/internal/access"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/permission"
	"tenantry/internal/seal"
	"tenantry/internal/session"
	"tenantry/internal/totp"
)

// An embedded database gets its keyset at the first start. A rotation seals what is
// stored anew, a server that runs needs no restart, pruning drops the old key, and the
// app of somebody who set it up before goes on working through all of it.
func TestKeysetCommand(t *testing.T) {
	d := desk{t, t.TempDir()}
	d.must("migrate")
	file := filepath.Join(d.dir, "encryption.json")
	if _, err := os.Stat(file); err == nil {
		t.Error("migrating has made a keyset")
	}
	d.must("user", "create", "olive@example.com", "Olive")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("no keyset of its own: %v", err)
	}

	running := d.server(t)
	u := running.DB.Client.User.Query().OnlyX(t.Context())
	by := &access.Actor{Address: "192.0.2.1"}
	st, err := db.InTx(t.Context(), running.DB.Client, func(tx *ent.Tx) (*session.Started, error) {
		return running.Sessions.Begin(t.Context(), tx, by, u, session.Token)
	})
	if err != nil {
		t.Fatal(err)
	}
	session.Become(by, st)
	setup, err := running.Sessions.StartSetup(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.ReplaceAll(setup.Secret, " ", "")
	stored := func() []byte { return running.DB.Client.Authenticator.Query().OnlyX(t.Context()).Secret }
	before := stored()
	code := func(ahead int64) string {
		c, err := totp.Code(decode(t, secret), totp.Step(time.Now())+ahead)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}

	if out := d.must("keyset", "rotate", "--prepare"); !strings.Contains(out, "waits") || !bytes.Equal(stored(), before) {
		t.Errorf("prepared: %s", out)
	}
	if out := d.must("keyset", "rotate"); !strings.Contains(out, "1 secrets") || bytes.Equal(stored(), before) {
		t.Errorf("rotated: %s", out)
	}
	if _, err := running.Sessions.ConfirmSetup(t.Context(), by, code(-1)); err != nil {
		t.Errorf("after the rotation the app does not work: %v", err)
	}
	if out := d.must("keyset", "prune"); !strings.Contains(out, "1 keys dropped") {
		t.Errorf("pruned: %s", out)
	}
	proof := code(0)
	if _, err := running.Sessions.Reauthenticate(t.Context(), by, nil, &proof); err != nil {
		t.Errorf("after pruning the app does not work: %v", err)
	}
	if text, err := os.ReadFile(file); err != nil || strings.Count(string(text), `"keyId"`) != 1 {
		t.Errorf("the keyset holds more than the new key: %v", err)
	}
	var out bytes.Buffer
	if code := cli.Run(t.Context(), []string{"keyset", "create", file}, &out, &out); code != 1 || !strings.Contains(out.String(), "already") {
		t.Errorf("a keyset was written over: %s", &out)
	}

	// The company lifts what she has lost.
	if out, code := d.run("user", "lift-two-factors", "olive@example.com", " "); code != 1 {
		t.Errorf("lifted without a reason: %s", out)
	}
	d.must("user", "lift-two-factors", "olive@example.com", "Called from the number on file.")
	u = running.DB.Client.User.Query().OnlyX(t.Context())
	if u.TwoFactorAt != nil || running.DB.Client.Authenticator.Query().CountX(t.Context()) != 0 || running.DB.Client.RecoveryCode.Query().CountX(t.Context()) != 0 ||
		running.DB.Client.Session.Query().CountX(t.Context()) != 0 {
		t.Error("something of her second factors is left")
	}
	if e := running.DB.Client.Event.Query().Where(event.Action("two_factor.lifted")).OnlyX(t.Context()); e.ActorKind != event.ActorKindOPERATOR || !strings.Contains(e.After, "number on file") {
		t.Errorf("the history: %+v", e)
	}
	if out, code := d.run("user", "lift-two-factors", "olive@example.com", "Again."); code != 1 || !strings.Contains(out, "no second factor") {
		t.Errorf("lifted twice: %s", out)
	}
}

// server is a second process on the database and the keyset of the desk.
func (d desk) server(t *testing.T) *cli.App {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	opened, err := db.Open(context.Background(), db.Config{Path: filepath.Join(d.dir, "tenantry.db")})
	must(err)
	t.Cleanup(func() { opened.Close() })
	keys, err := link.LoadKeyring(filepath.Join(d.dir, "secret.key"))
	must(err)
	seals, err := seal.Load(filepath.Join(d.dir, "encryption.json"))
	must(err)
	box, err := mail.NewMailbox("Tenantry <no-reply@portal.example>")
	must(err)
	return cli.Wire(cli.Parts{DB: opened, Keys: keys, Seals: seals, Catalogue: permission.Hosting(), Brand: mail.Brand{Name: "Tenantry"}, Sender: box, Public: "https://portal.example"})
}

func decode(t *testing.T, secret string) []byte {
	t.Helper()
	plain, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// On PostgreSQL a server without a keyset says how to make one, and a keyset is
// rotated only where it is named.
func TestKeysetIsNamed(t *testing.T) {
	d := desk{t, t.TempDir()}
	url := []string{"--database-url", "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable"}
	out, code := d.run(append([]string{"serve", "--secret-key-file", filepath.Join(d.dir, "secret.key"), "--smtp-url", "smtp://127.0.0.1:25"}, url...)...)
	if code != 1 || !strings.Contains(out, "tenantry keyset create PATH") || !strings.Contains(out, "--encryption-keyset-file") {
		t.Errorf("%d %s", code, out)
	}
	for _, command := range []string{"rotate", "prune"} {
		if out, code := d.run(append([]string{"keyset", command}, url...)...); code != 1 || !strings.Contains(out, "--encryption-keyset-file") {
			t.Errorf("%s: %d %s", command, code, out)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(d.dir, "*")); len(files) > 0 {
		t.Errorf("files were left: %v", files)
	}
}
