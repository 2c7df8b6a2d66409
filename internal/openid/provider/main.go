// Command provider is an OpenID Connect provider with people of its own, for tests of
// internal/openid: a certified library and its example storage, in a process of its
// own, so that nothing of ours is on its side.
//
// It reads one line of JSON from standard input, prints its issuer, and serves on
// loopback until standard input ends. It is a module of its own, since no server of
// ours links it.
package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// setup is what the test says of the provider.
type setup struct {
	// RedirectURIs are where it sends people back to.
	RedirectURIs []string
	// Secret is that of its two clients. "portal" gets addresses in the ID token,
	// "thin" from userinfo only.
	Secret string
	Users  []*storage.User
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return err
	}
	var s setup
	if err := json.Unmarshal(line, &s); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	people := &people{users: map[string]*storage.User{}}
	for _, u := range s.Users {
		people.put(u)
	}
	storage.RegisterClients(storage.WebClient("portal", s.Secret, s.RedirectURIs...), storage.WebClient("thin", s.Secret, s.RedirectURIs...))
	store := &store{Storage: storage.NewStorage(people)}
	if err := store.rotate(); err != nil {
		return err
	}
	issuer := "http://" + ln.Addr().String()
	mux := http.NewServeMux()
	mux.Handle("/", exampleop.SetupServer(issuer, store, slog.New(slog.DiscardHandler), false))
	mux.HandleFunc("POST /-/rotate", func(w http.ResponseWriter, r *http.Request) {
		if err := store.rotate(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("POST /-/user", func(w http.ResponseWriter, r *http.Request) {
		var u storage.User
		if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		people.put(&u)
	})
	served := make(chan error, 2)
	go func() { served <- http.Serve(ln, mux) }()
	go func() {
		_, err := io.Copy(io.Discard, lines)
		served <- err
	}()
	if _, err := fmt.Fprintln(out, issuer); err != nil {
		return err
	}
	return <-served
}

// people are the provider's users.
type people struct {
	mu    sync.Mutex
	users map[string]*storage.User
}

func (p *people) put(u *storage.User) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users[u.ID] = u
}

// GetUserByID implements storage.UserStore.
func (p *people) GetUserByID(id string) *storage.User {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.users[id]
}

// GetUserByUsername implements storage.UserStore.
func (p *people) GetUserByUsername(name string) *storage.User {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range p.users {
		if u.Username == name {
			return u
		}
	}
	return nil
}

// ExampleClientID implements storage.UserStore.
func (p *people) ExampleClientID() string { return "service" }

// store is the example's storage with keys that change.
type store struct {
	*storage.Storage
	mu    sync.Mutex
	key   *key
	count int
}

// key signs tokens, and is shown as the only one there is.
type key struct {
	id   string
	pair *rsa.PrivateKey
}

func (k *key) ID() string                                  { return k.id }
func (k *key) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k *key) Key() any                                    { return k.pair }

// shown is the public half of a key.
type shown struct{ *key }

func (s shown) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (s shown) Use() string                        { return "sig" }
func (s shown) Key() any                           { return &s.pair.PublicKey }

// rotate replaces the key; the old one is gone at once.
func (s *store) rotate() error {
	pair, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	s.key = &key{"key-" + strconv.Itoa(s.count), pair}
	return nil
}

func (s *store) current() *key {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key
}

// SigningKey implements op.AuthStorage.
func (s *store) SigningKey(context.Context) (op.SigningKey, error) { return s.current(), nil }

// KeySet implements op.AuthStorage.
func (s *store) KeySet(context.Context) ([]op.Key, error) { return []op.Key{shown{s.current()}}, nil }

// GetClientByClientID implements op.OPStorage.
func (s *store) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	c, err := s.Storage.GetClientByClientID(ctx, id)
	if err != nil {
		return nil, err
	}
	if id == "portal" {
		return wordy{c}, nil
	}
	return c, nil
}

// wordy is a client that finds everything about a person in the ID token.
type wordy struct{ op.Client }

// IDTokenUserinfoClaimsAssertion implements op.Client.
func (wordy) IDTokenUserinfoClaimsAssertion() bool { return true }
