package limit

import (
	"container/list"
	"context"
	"sync"
)

// lru keeps what was used last, bounded in entries and in bytes.
type lru[V any] struct {
	size                    func(key string, value V) int // bytes
	entries, bytes, largest int                           // the most of each; largest is of one entry

	mu    sync.Mutex // guards all below
	used  int        // bytes
	order *list.List // of entry[V], the last used in front
	at    map[string]*list.Element
}

type entry[V any] struct {
	key   string
	value V
}

func newLRU[V any](entries, bytes, largest int, size func(string, V) int) *lru[V] {
	return &lru[V]{size: size, entries: entries, bytes: bytes, largest: largest, order: list.New(), at: map[string]*list.Element{}}
}

// Get returns the value of key and makes it the last used.
func (c *lru[V]) Get(_ context.Context, key string) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.at[key]
	if !ok {
		return value, false
	}
	c.order.MoveToFront(el)
	return el.Value.(entry[V]).value, true
}

// Add keeps the value unless it is too large, at the cost of what was used
// least recently. A key that is there already keeps its value.
func (c *lru[V]) Add(_ context.Context, key string, value V) {
	n := c.size(key, value)
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.at[key]; ok || n > c.largest {
		return
	}
	c.at[key] = c.order.PushFront(entry[V]{key, value})
	c.used += n
	for c.order.Len() > c.entries || c.used > c.bytes {
		last := c.order.Remove(c.order.Back()).(entry[V])
		delete(c.at, last.key)
		c.used -= c.size(last.key, last.value)
	}
}
