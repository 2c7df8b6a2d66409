package notify

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tenantry/ent"
	"tenantry/internal/budget"
)

// The budgets that pace what many get, the same on all instances.
func (p Pace) rules() (domain, account budget.Rule) {
	return budget.Rule{Name: "send-domain", Count: p.Domain, Per: time.Second}, budget.Rule{Name: "send-account", Count: p.Account, Per: time.Second}
}

// turns gives every delivery that has none yet its turn: the next place of its domain
// and of its account, however far ahead those are taken. Those whose turn is to come
// are in later, by id: until then they stand in nobody's way.
func (s *Service) turns(ctx context.Context, tx *ent.Tx, due []*ent.Delivery, now time.Time) (later map[string]time.Time, err error) {
	ofDomain, ofAccount := s.pace.rules()
	type places struct {
		rule  budget.Rule
		taken int
	}
	asked := map[string]*places{}
	keys := func(d *ent.Delivery) [2]string {
		domain := string(d.Channel) + " " + d.Domain
		if d.Lane == laneTold {
			domain = "told " + domain // or strangers could put off what the company sends there
		}
		return [2]string{s.book.ID(ofDomain, domain), s.book.ID(ofAccount, accountOf(d))}
	}
	var fresh []*ent.Delivery
	for _, d := range due {
		if d.Paced {
			continue
		}
		fresh = append(fresh, d)
		for i, key := range keys(d) {
			if asked[key] == nil {
				asked[key] = &places{rule: [2]budget.Rule{ofDomain, ofAccount}[i]}
			}
			asked[key].taken++
		}
	}
	var asks []budget.Ask
	for key, p := range asked {
		asks = append(asks, budget.Ask{Rule: p.rule, ID: key, N: p.taken})
		p.taken = 0
	}
	if len(asks) == 0 {
		return nil, nil
	}
	first, err := s.book.Reserve(ctx, tx, asks...)
	if err != nil {
		return nil, fmt.Errorf("take turns: %w", err)
	}
	later = map[string]time.Time{}
	for _, d := range fresh {
		for _, key := range keys(d) {
			p := asked[key]
			each := time.Duration(p.rule.Per.Microseconds()/int64(p.rule.Count)) * time.Microsecond
			// As much as leaves in a second may leave at once.
			turn := first[key].Add(time.Duration(p.taken) * each).Add(each - p.rule.Per)
			p.taken++
			if turn.After(now) && turn.After(later[d.ID]) {
				later[d.ID] = turn.UTC()
			}
		}
	}
	return later, nil
}

func accountOf(d *ent.Delivery) string {
	if d.AccountID == nil {
		return ""
	}
	return *d.AccountID
}

const (
	// mostCalls is how many batches of calls to one host are under way in a process.
	mostCalls = 2
	// hostRest is how long a host that did not answer in time is left alone.
	hostRest = 30 * time.Second
	// hostBusy is how long calls are put off to a host that is busy.
	hostBusy = time.Second
)

// hosts keeps a host that is slow from holding back the calls to others. The zero
// value is ready.
type hosts struct {
	mu      sync.Mutex
	busy    map[string]int
	resting map[string]time.Time
}

// enter begins with the hosts of deliveries, and returns which, and until when those
// deliveries are put off, by id, whose host is busy or at rest.
func (h *hosts) enter(due []*ent.Delivery, now time.Time) (entered []string, later map[string]time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy == nil {
		h.busy = map[string]int{}
	}
	later = map[string]time.Time{}
	off := map[string]time.Time{}
	for _, d := range due {
		until, decided := off[d.Domain]
		if !decided {
			switch rest, rests := h.resting[d.Domain]; {
			case rests && rest.After(now):
				until = rest
			case h.busy[d.Domain] >= mostCalls:
				until = now.Add(hostBusy)
			default:
				h.busy[d.Domain]++
				entered = append(entered, d.Domain)
			}
			off[d.Domain] = until
		}
		if !until.IsZero() {
			later[d.ID] = until
		}
	}
	return entered, later
}

func (h *hosts) leave(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy[host]--; h.busy[host] <= 0 {
		delete(h.busy, host)
	}
}

// rest leaves a host alone for a while.
func (h *hosts) rest(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if h.resting == nil || len(h.resting) > 10_000 {
		h.resting = map[string]time.Time{}
	}
	h.resting[host] = now.UTC().Truncate(time.Microsecond).Add(hostRest)
}

// rests returns until when a host is left alone, or nil.
func (h *hosts) rests(host string) *time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	until, ok := h.resting[host]
	if !ok || !until.After(time.Now()) {
		delete(h.resting, host)
		return nil
	}
	return &until
}
