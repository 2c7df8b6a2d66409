package cli

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// Fifty of one user's are let in and the next is not; another's is, and so is one
// more when one has ended.
func TestSocketsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s sockets
		var last context.CancelFunc
		for i := range maxSockets {
			ctx, cancel := context.WithCancel(t.Context())
			if last = cancel; s.enter(ctx, "olive") != nil {
				t.Fatalf("number %d is refused", i+1)
			}
		}
		if err := s.enter(t.Context(), "olive"); !errors.Is(err, tooMany) {
			t.Errorf("one more: %v", err)
		}
		if err := s.enter(t.Context(), "mia"); err != nil {
			t.Errorf("another's: %v", err)
		}
		last()
		synctest.Wait()
		if err := s.enter(t.Context(), "olive"); err != nil {
			t.Errorf("after one has ended: %v", err)
		}
	})
}
