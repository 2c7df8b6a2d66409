package password_test

import (
	"context"
	"encoding/base64"
	"errors"
	"runtime"
	"strings"
	"testing"

	"tenantry/internal/password"
)

// cheap is what tests pay for a hash.
var cheap = password.Params{Memory: 64, Passes: 1, Lanes: 1}

const secret = "correct horse battery staple"

func TestHashThenVerify(t *testing.T) {
	h := password.New(cheap, 2)
	encoded := hashed(t, h, secret)
	if !strings.HasPrefix(encoded, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("got %s", encoded)
	}
	if hashed(t, h, secret) == encoded {
		t.Error("two hashes of one password are the same")
	}
	tests := []struct {
		name     string
		password string
		want     bool
	}{
		{"right", secret, true},
		{"other", "correct horse battery stapler", false},
		{"other case", strings.ToUpper(secret), false},
		{"space at the end", secret + " ", false},
		{"empty", "", false},
		{"as a Mac types a space", "correct\u00a0horse battery staple", true},
		{"too long", strings.Repeat("x", password.MaxBytes+1), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ok, stale, err := h.Verify(t.Context(), encoded, tt.password)
			if err != nil || ok != tt.want || stale {
				t.Errorf("got %v, %v, %v, want %v", ok, stale, err, tt.want)
			}
		})
	}
}

func TestNormalForm(t *testing.T) {
	h := password.New(cheap, 1)
	encoded := hashed(t, h, "z\u00fcrich caf\u00e9 \u304c\u304e")
	for _, same := range []string{"zu\u0308rich cafe\u0301 か\u3099き\u3099", "z\u00fcrich\u2003cafe\u0301\u3000\u304c\u304e"} {
		if ok, _, err := h.Verify(t.Context(), encoded, same); !ok || err != nil {
			t.Errorf("%+q: %v, %v", same, ok, err)
		}
	}
	// Compatible characters are different keys on a keyboard.
	if ok, _, _ := h.Verify(t.Context(), hashed(t, h, "\ufb01nn kelvin 10"), "finn kelvin 10"); ok {
		t.Error("the ligature fi is as good as f and i")
	}
}

func TestHashRefusesWhatIsTooLong(t *testing.T) {
	h := password.New(cheap, 1)
	if _, err := h.Hash(t.Context(), strings.Repeat("x", password.MaxBytes)); err != nil {
		t.Error(err)
	}
	_, err := h.Hash(t.Context(), strings.Repeat("x", password.MaxBytes+1))
	if _, isWeakness := errors.AsType[password.Weakness](err); !isWeakness {
		t.Errorf("got %v, want a Weakness", err)
	}
}

// Hashes made elsewhere: the first by the reference implementation of argon2,
// the others by PHP's password_hash and by OpenBSD's and Python's bcrypt.
func TestVerifyOthers(t *testing.T) {
	h := password.New(cheap, 1)
	tests := []struct {
		name, encoded, password string
	}{
		{"argon2id", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password"},
		{"bcrypt of PHP", "$2y$10$.vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a", "rasmuslerdorf"},
		{"bcrypt a", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"},
		{"bcrypt b", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"},
		{"bcrypt looks at 72 bytes", "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
			"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ok, stale, err := h.Verify(t.Context(), tt.encoded, tt.password)
			if !ok || !stale || err != nil {
				t.Errorf("the right one: %v, %v, %v", ok, stale, err)
			}
			ok, stale, err = h.Verify(t.Context(), tt.encoded, "x"+tt.password)
			if ok || stale || err != nil {
				t.Errorf("a wrong one: %v, %v, %v", ok, stale, err)
			}
		})
	}
}

func TestStale(t *testing.T) {
	tests := []struct {
		name string
		made password.Params
		want bool
	}{
		{"same", cheap, false},
		{"other memory", password.Params{Memory: 128, Passes: 1, Lanes: 1}, true},
		{"other passes", password.Params{Memory: 64, Passes: 2, Lanes: 1}, true},
		{"other lanes", password.Params{Memory: 64, Passes: 1, Lanes: 2}, true},
	}
	h := password.New(cheap, 1)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			encoded := hashed(t, password.New(tt.made, 1), secret)
			ok, stale, err := h.Verify(t.Context(), encoded, secret)
			if !ok || stale != tt.want || err != nil {
				t.Errorf("got %v, %v, %v, want true, %v", ok, stale, err, tt.want)
			}
		})
	}
}

func TestMalformed(t *testing.T) {
	h := password.New(cheap, 1)
	good := hashed(t, h, secret)
	salt, key := strings.Split(good, "$")[4], strings.Split(good, "$")[5]
	b64 := base64.RawStdEncoding.EncodeToString
	tests := []struct {
		name, encoded string
	}{
		{"a word", "secret"},
		{"md5", "$1$abcdefgh$1234567890123456789012"},
		{"argon2i", "$argon2i$v=19$m=64,t=1,p=1$" + salt + "$" + key},
		{"old version", "$argon2id$v=16$m=64,t=1,p=1$" + salt + "$" + key},
		{"no version", "$argon2id$m=64,t=1,p=1$" + salt + "$" + key},
		{"too much memory", "$argon2id$v=19$m=262145,t=1,p=1$" + salt + "$" + key},
		{"memory beyond all numbers", "$argon2id$v=19$m=99999999999,t=1,p=1$" + salt + "$" + key},
		{"too little memory", "$argon2id$v=19$m=7,t=1,p=1$" + salt + "$" + key},
		{"too many passes", "$argon2id$v=19$m=64,t=17,p=1$" + salt + "$" + key},
		{"no passes", "$argon2id$v=19$m=64,t=0,p=1$" + salt + "$" + key},
		{"too many lanes", "$argon2id$v=19$m=1024,t=1,p=17$" + salt + "$" + key},
		{"no lanes", "$argon2id$v=19$m=64,t=1,p=0$" + salt + "$" + key},
		{"other order", "$argon2id$v=19$t=1,m=64,p=1$" + salt + "$" + key},
		{"leading zero", "$argon2id$v=19$m=064,t=1,p=1$" + salt + "$" + key},
		{"more after it", good + "$"},
		{"space after it", good + " "},
		{"no key", "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$"},
		{"short key", "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + b64(make([]byte, 15))},
		{"long key", "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + b64(make([]byte, 65))},
		{"short salt", "$argon2id$v=19$m=64,t=1,p=1$" + b64(make([]byte, 7)) + "$" + key},
		{"padded key", "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + key + "="},
		{"bcrypt that costs too much", "$2y$15$.vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a"},
		{"bcrypt that costs ages", "$2y$31$.vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a"},
		{"bcrypt cut short", "$2y$10$.vGA1O9wmRjr"},
		{"broken bcrypt of 2011", "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ok, stale, err := h.Verify(t.Context(), tt.encoded, secret)
			if ok || stale || !errors.Is(err, password.ErrMalformed) {
				t.Errorf("got %v, %v, %v", ok, stale, err)
			}
			if err != nil && strings.Contains(err.Error(), key) {
				t.Errorf("the error shows the hash: %v", err)
			}
		})
	}
}

// The allocation of argon2's memory shows that the work was done. A pass over
// it cannot be skipped, since both take the same way.
//
// Invariant 36.
func TestNobodyCostsTheSame(t *testing.T) {
	h := password.New(password.Params{Memory: 4096, Passes: 1, Lanes: 1}, 1)
	encoded := hashed(t, h, secret)
	known := allocated(func() {
		if ok, _, err := h.Verify(t.Context(), encoded, "wrong wrong wrong"); ok || err != nil {
			t.Errorf("a wrong password: %v, %v", ok, err)
		}
	})
	for _, p := range []string{"wrong wrong wrong", secret, ""} {
		nobody := allocated(func() {
			if ok, stale, err := h.Verify(t.Context(), "", p); ok || stale || err != nil {
				t.Errorf("nobody's password: %v, %v, %v", ok, stale, err)
			}
		})
		if known < 4<<20 || nobody < known-known/100 || nobody > known+known/100 {
			t.Errorf("%d bytes of work for somebody, %d for nobody", known, nobody)
		}
	}
}

// allocated returns how many bytes f takes from the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestEndedContext(t *testing.T) {
	h := password.New(cheap, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, secret); !errors.Is(err, context.Canceled) {
		t.Errorf("Hash: %v", err)
	}
	if _, _, err := h.Verify(ctx, "", secret); !errors.Is(err, context.Canceled) {
		t.Errorf("Verify: %v", err)
	}
}

func TestNewPanics(t *testing.T) {
	tests := []struct {
		name     string
		params   password.Params
		parallel int
	}{
		{"nothing", password.Params{}, 1},
		{"no passes", password.Params{Memory: 64, Lanes: 1}, 1},
		{"no lanes", password.Params{Memory: 64, Passes: 1}, 1},
		{"little memory", password.Params{Memory: 15, Passes: 1, Lanes: 2}, 1},
		{"none at once", cheap, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("did not panic")
				}
			}()
			password.New(tt.params, tt.parallel)
		})
	}
}

func TestDefaults(t *testing.T) {
	if got, want := password.Defaults(), (password.Params{Memory: 19 << 10, Passes: 2, Lanes: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func hashed(t testing.TB, h *password.Hasher, p string) string {
	t.Helper()
	encoded, err := h.Hash(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func BenchmarkVerify(b *testing.B) {
	h := password.New(password.Defaults(), 1)
	encoded := hashed(b, h, secret)
	for name, e := range map[string]string{"somebody": encoded, "nobody": ""} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				h.Verify(b.Context(), e, "wrong wrong wrong")
			}
		})
	}
}
