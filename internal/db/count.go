package db

import (
	"context"
	"slices"
	"sync"
)

// Counter counts what is asked of a database under one context. It is safe for
// concurrent use.
type Counter struct {
	mu           sync.Mutex
	texts        []string
	transactions int
}

type counterKey struct{}

// CountStatements returns a context, and the counter of everything that is done
// under it. It keeps every text: it is for tests, not for production.
func CountStatements(ctx context.Context) (context.Context, *Counter) {
	c := new(Counter)
	return context.WithValue(ctx, counterKey{}, c), c
}

// Statements returns how many statements ran, without BEGIN, COMMIT and
// ROLLBACK. A statement that failed counts.
func (c *Counter) Statements() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.texts)
}

// Transactions returns how many transactions began.
func (c *Counter) Transactions() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.transactions
}

// Texts returns the statements in the order in which they began, without their
// arguments.
func (c *Counter) Texts() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.texts)
}

func count(ctx context.Context, text string) {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.texts = append(c.texts, text)
	}
}

func countTransaction(ctx context.Context) {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.transactions++
	}
}
