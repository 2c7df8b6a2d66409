package model_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"tenantry/graph/model"
)

// A list is counted once, however often and by whomever it is asked for, and again
// only if that failed.
func TestCountedOnce(t *testing.T) {
	calls := 0
	counter := model.Once(func(context.Context) (int, error) {
		if calls++; calls == 1 {
			return 0, errors.New("not now")
		}
		return 42, nil
	})
	if _, err := counter.TotalCount(t.Context()); err == nil {
		t.Error("the error is lost")
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if n, err := counter.TotalCount(t.Context()); *n != 42 || err != nil {
				t.Error(*n, err)
			}
		})
	}
	all.Wait()
	if calls != 2 {
		t.Errorf("counted %d times", calls)
	}
}
