package document

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"tenantry/ent"
	"tenantry/ent/persisteddocument"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/fault"
)

// Shared are the documents that clients have named by their hash, the same for all
// instances: automatic persisted queries. It is safe for concurrent use.
//
// What a document says becomes readable to whoever knows its hash, and stays for a month,
// so that one with a text or a comment in it, which may be somebody's secret, is not kept.
type Shared struct {
	client *ent.Client
	book   *budget.Book
	wake   chan struct{}

	mu      sync.Mutex // guards all below
	settled map[string]struct{}
	waiting map[string]named
}

// named is a document that is to be written, and who has named it.
type named struct{ text, by string }

const (
	// MaxShared is how many documents are kept: beyond that the oldest go.
	MaxShared = 2000
	// Kept is for how long. A client whose document is gone names it again.
	Kept = 30 * 24 * time.Hour

	maxSharedText = 16 << 10 // bytes of one
	maxWaiting    = 200      // to be written by this process
	maxSettled    = 10_000   // hashes that this process remembers
)

// NewShared returns the documents in the database. Run writes what is new.
func NewShared(client *ent.Client, book *budget.Book) *Shared {
	return &Shared{client: client, book: book, wake: make(chan struct{}, 1), settled: map[string]struct{}{}, waiting: map[string]named{}}
}

// Find returns the document with a hash. Call it for those who present a credential:
// asking for hashes that nobody has named must not become a way for strangers to keep the
// database busy.
func (s *Shared) Find(ctx context.Context, hash string) (text string, ok bool) {
	row, err := s.client.PersistedDocument.Get(ctx, hash)
	switch {
	case ent.IsNotFound(err):
		s.unsettle(hash) // it may have been there, and is to be written when it is named again
		return "", false
	case err != nil:
		slog.WarnContext(ctx, "a persisted document could not be looked up; the client sends it", "err", err)
		return "", false
	case Hash(row.Text) != hash || time.Since(row.CreatedAt) >= Kept:
		return "", false
	}
	s.settle(hash)
	return row.Text, true
}

// Keep has a document written soon that somebody known has named by its hash, unless it is
// not to be shared. It does not wait, and costs next to nothing for one that it has seen.
func (s *Shared) Keep(by, hash, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.settled[hash]; ok {
		return
	}
	if len(text) > maxSharedText || strings.ContainsAny(text, "\"#") {
		s.remember(hash)
		return
	}
	if len(s.waiting) < maxWaiting {
		s.waiting[hash] = named{text, by}
	}
	select {
	case s.wake <- struct{}{}:
	default: // it will be looked after already
	}
}

func (s *Shared) settle(hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember(hash)
}

func (s *Shared) unsettle(hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.settled, hash)
}

// remember needs the lock.
func (s *Shared) remember(hash string) {
	if len(s.settled) >= maxSettled {
		clear(s.settled)
	}
	s.settled[hash] = struct{}{}
}

// Run writes what is new, until ctx ends.
func (s *Shared) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		if err := s.Write(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "writing persisted documents failed; clients name them again", "err", err)
		}
	}
}

// Write writes what is new at once. Whoever has named more than a day's budget has the
// rest forgotten.
func (s *Shared) Write(ctx context.Context) error {
	s.mu.Lock()
	waiting := s.waiting
	s.waiting = map[string]named{}
	s.mu.Unlock()
	for hash, d := range waiting {
		if err := s.write(ctx, hash, d); err != nil {
			return err
		}
		s.settle(hash)
	}
	return nil
}

func (s *Shared) write(ctx context.Context, hash string, d named) error {
	known, err := s.client.PersistedDocument.Query().Where(persisteddocument.ID(hash)).Exist(ctx)
	if err != nil || known {
		return err
	}
	if err := s.book.Take(ctx, budget.DocumentsByUser, d.by, 1); err != nil {
		if fault.Has(err, fault.RateLimited) {
			return nil
		}
		return err
	}
	_, err = db.InTx(ctx, s.client, func(tx *ent.Tx) (struct{}, error) {
		none := struct{}{}
		if err := tx.PersistedDocument.Create().SetID(hash).SetText(d.text).Exec(ctx); err != nil {
			return none, err
		}
		n, err := tx.PersistedDocument.Query().Count(ctx)
		if err != nil || n <= MaxShared {
			return none, err
		}
		oldest, err := tx.PersistedDocument.Query().Order(persisteddocument.ByCreatedAt(), persisteddocument.ByID()).Limit(n - MaxShared).IDs(ctx)
		if err != nil {
			return none, err
		}
		_, err = tx.PersistedDocument.Delete().Where(persisteddocument.IDIn(oldest...)).Exec(ctx)
		return none, err
	})
	if errors.Is(err, context.Canceled) || !db.IsUnique(err) {
		return err
	}
	return nil // another instance was faster
}

// Sweep forgets documents that were named a month ago.
func (s *Shared) Sweep(ctx context.Context) (int, error) {
	return s.client.PersistedDocument.Delete().Where(persisteddocument.CreatedAtLT(time.Now().Add(-Kept))).Exec(ctx)
}
