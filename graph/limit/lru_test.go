package limit

import (
	"context"
	"testing"
)

func TestLRU(t *testing.T) {
	ctx := context.Background()
	c := newLRU(3, 10, 6, func(_, v string) int { return len(v) })
	has := func(want map[string]bool) {
		t.Helper()
		for key, want := range want {
			if _, got := c.at[key]; got != want {
				t.Errorf("%s: got %v, want %v", key, got, want)
			}
		}
	}
	c.Add(ctx, "too large", "1234567")
	c.Add(ctx, "a", "1")
	c.Add(ctx, "b", "1")
	c.Add(ctx, "c", "1")
	c.Get(ctx, "a")
	c.Add(ctx, "d", "1") // over the entries
	has(map[string]bool{"too large": false, "a": true, "b": false, "c": true, "d": true})
	c.Add(ctx, "e", "123456")
	c.Add(ctx, "f", "1234") // over the bytes
	has(map[string]bool{"a": false, "c": false, "d": false, "e": true, "f": true})
	c.Add(ctx, "f", "0")
	if v, _ := c.Get(ctx, "f"); v != "1234" || c.used != 10 {
		t.Errorf("f is %q, %d bytes used", v, c.used)
	}
}
