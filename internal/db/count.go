package db

import (
	"context"
	"database/sql/driver"
	"slices"
	"sync"
)

// Counter counts what is asked of a database under one context. It is safe for
// concurrent use.
type Counter struct {
	mu           sync.Mutex
	asked        []Statement
	transactions int
	waits        int
}

// Statement is what was asked of a database.
type Statement struct {
	Text string
	Args []any
	// Together says that it travelled with the one before.
	Together bool
}

type counterKey struct{}

// CountStatements returns a context, and the counter of everything that is done
// under it. It keeps everything: it is for tests, not for production.
func CountStatements(ctx context.Context) (context.Context, *Counter) {
	c := new(Counter)
	return context.WithValue(ctx, counterKey{}, c), c
}

// Statements returns how many statements ran, without BEGIN, COMMIT and
// ROLLBACK. A statement that failed counts.
func (c *Counter) Statements() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.asked)
}

// Transactions returns how many transactions began.
func (c *Counter) Transactions() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.transactions
}

// Waits returns how often a connection on which statements travel together waited for
// the server, with BEGIN, COMMIT and ROLLBACK. What lib/pq runs is not counted.
func (c *Counter) Waits() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waits
}

// Texts returns the statements in the order in which they began, without their
// arguments.
func (c *Counter) Texts() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]string, len(c.asked))
	for i, s := range c.asked {
		out[i] = s.Text
	}
	return out
}

// Asked returns the statements in the order in which they began.
func (c *Counter) Asked() []Statement {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.asked)
}

func count(ctx context.Context, text string, args []driver.NamedValue, together bool) {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		values := make([]any, len(args))
		for i, a := range args {
			values[i] = a.Value
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.asked = append(c.asked, Statement{text, values, together})
	}
}

func countTransaction(ctx context.Context) {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.transactions++
	}
}

func countWait(ctx context.Context) {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.waits++
	}
}
