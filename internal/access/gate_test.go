package access_test

import (
	"sync"
	"testing"

	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/permission"
)

// What is read of a standing is there for the field that asked for it, also where
// another field of the operation makes the actor forget.
func TestForgottenWhileRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acct, by := w.Account("olive", "Olive"), w.Actor("olive")
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for range 100 {
					if _, err := w.Gate.Enter(t.Context(), by, acct.ID); err != nil {
						t.Error(err)
						return
					}
					checks, err := w.Gate.Check(t.Context(), by, "", []access.Question{{AccountID: acct.ID, Permission: permission.Users}})
					if err != nil || !checks[0].Allowed {
						t.Error("the owner may not", err)
						return
					}
				}
			})
		}
		read := make(chan struct{})
		go func() {
			readers.Wait()
			close(read)
		}()
		for {
			select {
			case <-read:
				return
			default:
				by.Forget()
			}
		}
	})
}
