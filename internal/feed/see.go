package feed

import (
	"context"

	"tenantry/ent"
	"tenantry/internal/access"
	"tenantry/internal/fault"
	"tenantry/internal/permission"
)

// shown says by what an event is about who may know of it, beside whoever holds audit:
// who may see the object itself. What is not here is for audit alone.
var shown = map[string]func(*access.Standing) bool{
	"account":            everybody,
	"member":             holders(permission.Users),
	"invitation":         holders(permission.Users),
	"contact":            holders(permission.Contacts),
	"role":               everybody,
	"ownership_transfer": administrators, // and the nominee, who is told of what concerns them
	"notification":       holders(permission.Emails),
	"delivery":           holders(permission.Emails),
	"api_token":          holders(permission.Developer),
	"webhook":            holders(permission.Developer),
}

func everybody(*access.Standing) bool { return true }

func administrators(st *access.Standing) bool { return st.NeedAdmin() == nil }

func holders(k permission.Key) func(*access.Standing) bool {
	return func(st *access.Standing) bool { return st.Can(k) }
}

// Sees reports whether the actor, who may look into the account of the event, may know of
// it: whoever may see what it is about, or reads the history. Everybody may of what is
// done to their own membership.
func Sees(ctx context.Context, gate *access.Gate, by *access.Actor, e *ent.Event) (bool, error) {
	st, err := gate.Enter(ctx, by, e.Stream)
	if err != nil {
		return false, err
	}
	if st.Can(permission.Audit) || st.Membership != nil && st.Membership.ID == e.TargetID {
		return true, nil
	}
	if e.Action == "account.sub_account_created" { // by its id alone they learn that there is another
		_, err := gate.Enter(ctx, by, e.TargetID)
		if fault.All(err) != nil {
			return false, nil
		}
		return err == nil, err
	}
	may, ok := shown[noun(e)]
	return ok && may(st), nil
}
