package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/notification"
	"tenantry/internal/column"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

const (
	// lease is how long a claimed delivery is left to its worker. One that died
	// after sending leaves a second mail behind with the same Message-ID.
	lease = 2 * time.Minute
	// attempts is how often a delivery is tried, over about two days.
	attempts = 14
	// fresh is for how long what was read for letters may be told. Mails are read for,
	// and written down as sent, together as far as they leave within it.
	fresh = 250 * time.Millisecond
)

// lane is a part of the queue.
type lane struct {
	number int
	// batch is how many deliveries a worker takes at once, and workers how many of them
	// a process has at most.
	batch, workers int
	// paced says that only so much of it leaves in a second; see Pace.
	paced bool
}

var lanes = []lane{{laneSoon, 50, 2, false}, {laneMany, 100, 4, true}, {laneCalls, 20, 8, true}, {laneTold, 50, 2, true}}

// fanningLane stands for notifications that wait for their deliveries.
const fanningLane = -1

// work is something that waits: a lane, or fanning out, and since when or until when.
type work struct {
	lane int
	at   time.Time
}

var asking = func() string {
	parts := []string{"SELECT " + strconv.Itoa(fanningLane) + " AS lane, f.at FROM (SELECT " + notification.FieldCreatedAt + " AS at FROM " + notification.Table +
		" WHERE " + notification.FieldFannedOutAt + " IS NULL ORDER BY " + notification.FieldCreatedAt + " LIMIT 1) f"}
	for _, l := range lanes {
		parts = append(parts, fmt.Sprintf("SELECT %d AS lane, q%d.at FROM (SELECT "+delivery.FieldNextAttemptAt+" AS at FROM "+delivery.Table+" WHERE "+
			delivery.FieldState+" = 'QUEUED' AND "+delivery.FieldLane+" = %d ORDER BY "+delivery.FieldNextAttemptAt+" LIMIT 1) q%d", l.number, l.number, l.number, l.number))
	}
	return strings.Join(parts, " UNION ALL ")
}()

// waits returns what each lane waits for next, those first that others wait for.
func (s *Service) waits(ctx context.Context) (out []work, err error) {
	var one work
	err = db.Read(ctx, s.client, asking, nil, []column.Place{column.Number(&one.lane), column.Plain(&one.at)}, func() { out = append(out, one) })
	if err != nil {
		return nil, fmt.Errorf("ask what is due: %w", err)
	}
	slices.SortFunc(out, func(a, b work) int { return cmp.Compare(a.lane, b.lane) })
	return out, nil
}

// step does a part of what is due in a lane. full says that there was more than one
// worker takes, before it is done, so that another may begin.
func (s *Service) step(ctx context.Context, number int, full func()) error {
	if number == fanningLane {
		n, err := s.fanOut(ctx)
		if n == fanned {
			full()
		}
		return err
	}
	for _, l := range lanes {
		if l.number == number {
			return s.some(ctx, l, full)
		}
	}
	return fmt.Errorf("there is no lane %d", number)
}

// workers is how many may be at work in a lane.
func workers(number int) int {
	for _, l := range lanes {
		if l.number == number {
			return l.workers
		}
	}
	return 1
}

// Drain does everything that is due, one thing after another.
func (s *Service) Drain(ctx context.Context) error {
	for {
		waiting, err := s.waits(ctx)
		if err != nil {
			return err
		}
		now := instant.Now()
		next := slices.IndexFunc(waiting, func(w work) bool { return !w.at.After(now) })
		if next < 0 {
			return nil
		}
		if err := s.step(ctx, waiting[next].lane, func() {}); err != nil {
			return err
		}
	}
}

// Run does what is due, at once after it is written in this process, when its time has
// come, and every interval for what other processes wrote, until ctx ends.
func (s *Service) Run(ctx context.Context, every time.Duration) {
	var crew sync.WaitGroup
	defer crew.Wait()
	busy, done := map[int]int{}, make(chan int)
	begin := func(number int, waited time.Duration) {
		busy[number]++
		crew.Go(func() {
			begun := time.Now()
			err := s.step(ctx, number, s.ring)
			pause := s.requests.Rest(time.Since(begun), waited)
			if err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "sending failed; it is tried again", "err", err)
				pause = every
			}
			sleep(ctx, pause)
			select {
			case done <- number:
			case <-ctx.Done():
			}
		})
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		until := every
		waiting, err := s.waits(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "sending failed; it is tried again", "err", err)
		}
		now := instant.Now()
		for _, w := range waiting {
			switch {
			case w.at.After(now):
				until = min(until, w.at.Sub(now))
			case busy[w.lane] < workers(w.lane):
				begin(w.lane, now.Sub(w.at))
			}
		}
		timer.Reset(until)
		select {
		case <-ctx.Done():
			return
		case number := <-done:
			busy[number]--
		case <-s.wake:
		case <-timer.C:
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// ring has Run look at once for what is due.
func (s *Service) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// some sends a batch of a lane. Of calls, those to one host wait for one another, and
// for no others.
func (s *Service) some(ctx context.Context, l lane, full func()) error {
	due, all, err := s.claim(ctx, l)
	if err != nil {
		return fmt.Errorf("claim deliveries: %w", err)
	}
	if all {
		full()
	}
	if l.number != laneCalls {
		return s.through(ctx, due)
	}
	groups := map[string][]*ent.Delivery{}
	for _, d := range due {
		groups[d.Domain] = append(groups[d.Domain], d)
	}
	failed := make(chan error, len(groups))
	for host, group := range groups {
		go func() {
			defer s.hosts.leave(host)
			failed <- s.through(ctx, group)
		}()
	}
	for range groups {
		err = errors.Join(err, <-failed)
	}
	return err
}

// through sends claimed deliveries, one after another.
func (s *Service) through(ctx context.Context, due []*ent.Delivery) error {
	for len(due) > 0 {
		sent, err := s.deliver(ctx, due)
		if err != nil {
			return err
		}
		if due = due[sent:]; len(due) == 0 {
			break
		}
		if until := s.hosts.rests(due[0].Domain); due[0].Channel == permission.Webhook && until != nil {
			return s.putBack(ctx, due, *until)
		}
		if due, err = s.renew(ctx, due); err != nil {
			return fmt.Errorf("renew deliveries: %w", err)
		}
	}
	return nil
}

var (
	claimed = []string{delivery.FieldID, delivery.FieldCreatedAt, delivery.FieldEventID, delivery.FieldAccountID, delivery.FieldNotificationID, delivery.FieldChannel,
		delivery.FieldContactID, delivery.FieldWebhookID, delivery.FieldRule, delivery.FieldKind, delivery.FieldSubjectID, delivery.FieldTo, delivery.FieldToKey,
		delivery.FieldToName, delivery.FieldLocale, delivery.FieldData, delivery.FieldDomain, delivery.FieldLane, delivery.FieldAttempts,
		delivery.FieldNextAttemptAt, delivery.FieldPaced}
	claiming = "SELECT " + db.Names(claimed) + " FROM " + delivery.Table + " WHERE " + delivery.FieldState + " = 'QUEUED' AND " + delivery.FieldLane +
		" = $1 AND " + delivery.FieldNextAttemptAt + " <= $2 ORDER BY " + delivery.FieldNextAttemptAt + ", " + delivery.FieldID + " LIMIT $3"

	leasing, sending, postponing, turning, returning db.Texts
)

// claim takes deliveries of a lane that are due for this worker. Those whose turn is
// later by the pace, or whose host is at rest, are put off until then. all says that
// there may be more.
func (s *Service) claim(ctx context.Context, l lane) (due []*ent.Delivery, all bool, err error) {
	now := instant.Now()
	var entered []string
	due, err = db.InTx(ctx, s.client, func(tx *ent.Tx) ([]*ent.Delivery, error) {
		for _, host := range entered {
			s.hosts.leave(host) // another try of the transaction
		}
		entered = nil
		var found []*ent.Delivery
		var one ent.Delivery
		err := db.Read(ctx, tx, s.claiming, []any{l.number, now, l.batch}, one.Places(claimed), func() {
			d := one
			found, one = append(found, &d), ent.Delivery{}
		})
		all = len(found) == l.batch
		if err != nil || len(found) == 0 {
			return nil, err
		}
		mine := found
		if l.number == laneCalls {
			var off map[string]time.Time
			entered, off = s.hosts.enter(mine, now)
			if mine, err = postpone(ctx, tx, mine, off, false); err != nil {
				return nil, err
			}
		}
		if l.paced {
			later, err := s.turns(ctx, tx, mine, now)
			if err != nil {
				return nil, err
			}
			if mine, err = postpone(ctx, tx, mine, later, true); err != nil {
				return nil, err
			}
		}
		if len(mine) == 0 {
			return nil, nil
		}
		until := now.Add(lease)
		for _, d := range mine {
			d.NextAttemptAt = until
		}
		n := db.Rounded(len(mine))
		_, err = tx.ExecContext(ctx, leasing.Of(n, func(n int) string {
			return "UPDATE " + delivery.Table + " SET " + delivery.FieldAttempts + " = " + delivery.FieldAttempts + " + 1, " + delivery.FieldNextAttemptAt + " = $1 WHERE " +
				delivery.FieldID + " IN (" + db.Args(2, n) + ")"
		}), db.Filled(append([]any{until}, idsOf(mine)...), 1+n)...)
		return mine, err
	})
	// Hosts of which nothing is left to send, and all of them if it failed.
	for _, host := range entered {
		if err != nil || !slices.ContainsFunc(due, func(d *ent.Delivery) bool { return d.Domain == host }) {
			s.hosts.leave(host)
		}
	}
	return due, all, err
}

func idsOf(all []*ent.Delivery) []any {
	out := make([]any, len(all))
	for i, d := range all {
		out[i] = d.ID
	}
	return out
}

// postpone puts those of the deliveries off, none of which had an attempt, that have
// something to wait for, which is their turn if turn is true. It returns the others.
func postpone(ctx context.Context, tx *ent.Tx, found []*ent.Delivery, later map[string]time.Time, turn bool) ([]*ent.Delivery, error) {
	if len(later) == 0 {
		return found, nil
	}
	var args []any
	n := db.Rounded(len(later))
	for _, one := range slices.Sorted(maps.Keys(later)) {
		args = append(args, one, later[one])
	}
	texts, paced := &postponing, ""
	if turn {
		texts, paced = &turning, delivery.FieldPaced+" = TRUE, "
	}
	_, err := tx.ExecContext(ctx, texts.Of(n, func(n int) string {
		cases, in := "", make([]string, n)
		for i := range n {
			cases += fmt.Sprintf(" WHEN $%d THEN $%d", 2*i+1, 2*i+2)
			in[i] = "$" + strconv.Itoa(2*i+1)
		}
		return "UPDATE " + delivery.Table + " SET " + paced + delivery.FieldNextAttemptAt + " = CASE " + delivery.FieldID + cases +
			" ELSE " + delivery.FieldNextAttemptAt + " END WHERE " + delivery.FieldID + " IN (" + strings.Join(in, ", ") + ")"
	}), db.Filled(args, 2*n)...)
	if err != nil {
		return nil, fmt.Errorf("put off: %w", err)
	}
	return slices.DeleteFunc(found, func(d *ent.Delivery) bool { _, off := later[d.ID]; return off }), nil
}

// putBack returns claimed deliveries that were not tried to the queue.
func (s *Service) putBack(ctx context.Context, due []*ent.Delivery, until time.Time) error {
	n := db.Rounded(len(due))
	_, err := s.client.ExecContext(context.WithoutCancel(ctx), returning.Of(n, func(n int) string {
		return "UPDATE " + delivery.Table + " SET " + delivery.FieldAttempts + " = " + delivery.FieldAttempts + " - 1, " + delivery.FieldNextAttemptAt + " = $1 WHERE " +
			delivery.FieldState + " = 'QUEUED' AND " + delivery.FieldNextAttemptAt + " = $2 AND " + delivery.FieldID + " IN (" + db.Args(3, n) + ")"
	}), db.Filled(append([]any{until, due[0].NextAttemptAt}, idsOf(due)...), 2+n)...)
	return err
}

// renew begins the lease of deliveries anew before they are sent, since those before
// them have taken a while. It returns those that are still this worker's.
func (s *Service) renew(ctx context.Context, due []*ent.Delivery) ([]*ent.Delivery, error) {
	ids := make([]string, len(due))
	for i, d := range due {
		ids[i] = d.ID
	}
	until := instant.Now().Add(lease)
	kept, err := db.InTx(ctx, s.client, func(tx *ent.Tx) ([]string, error) {
		n, err := tx.Delivery.Update().Where(delivery.IDIn(ids...), delivery.StateEQ(delivery.StateQUEUED),
			delivery.NextAttemptAt(due[0].NextAttemptAt)).SetNextAttemptAt(until).Save(ctx)
		if err != nil || n == len(ids) {
			return ids, err
		}
		return tx.Delivery.Query().Where(delivery.IDIn(ids...), delivery.StateEQ(delivery.StateQUEUED), delivery.NextAttemptAt(until)).IDs(ctx)
	})
	if err != nil {
		return nil, err
	}
	due = slices.DeleteFunc(due, func(d *ent.Delivery) bool { return !slices.Contains(kept, d.ID) })
	for _, d := range due {
		d.NextAttemptAt = until
	}
	return due, nil
}

// outcome is what became of a delivery that was not accepted.
type outcome struct {
	delivery *ent.Delivery
	state    delivery.State
	words    string
	next     time.Time
	dead     bool // the address does not exist
}

// deliver sends deliveries, at least one and for as long as what it reads for them is
// fresh, writes down what became of them, and returns how many that were.
func (s *Service) deliver(ctx context.Context, due []*ent.Delivery) (n int, err error) {
	begun := time.Now()
	known, err := s.known(ctx, due)
	if err != nil {
		return 0, err
	}
	var accepted []any
	var others []outcome
	for n < len(due) && (n == 0 || time.Since(begun) < fresh) {
		d := due[n]
		n++
		failed := fault.Caught(func() error { return s.send(ctx, d, known) })
		if failed == nil {
			accepted = append(accepted, d.ID)
			continue
		}
		if ctx.Err() != nil {
			err = ctx.Err() // stopped in the middle: the lease runs out and it is tried again
			break
		}
		others = append(others, s.judged(ctx, d, failed))
		if d.Channel == permission.Webhook && s.hosts.rests(d.Domain) != nil {
			break
		}
	}
	// What was accepted is written down though the program is being stopped, or it
	// would be sent again.
	ctx = context.WithoutCancel(ctx)
	if len(others) > 0 {
		return n, errors.Join(err, s.writeDown(ctx, accepted, others))
	}
	return n, errors.Join(err, markSent(ctx, s.client, accepted))
}

// markSent writes down what was accepted, unless it came back meanwhile.
func markSent(ctx context.Context, q db.Queryer, accepted []any) error {
	if len(accepted) == 0 {
		return nil
	}
	rows := db.Rounded(len(accepted))
	_, err := q.ExecContext(ctx, sending.Of(rows, func(n int) string {
		return "UPDATE " + delivery.Table + " SET " + delivery.FieldState + " = 'SENT', " + delivery.FieldLastError + " = '', " + delivery.FieldSentAt + " = $1 WHERE " +
			delivery.FieldState + " = 'QUEUED' AND " + delivery.FieldID + " IN (" + db.Args(2, n) + ")"
	}), db.Filled(append([]any{instant.Now()}, accepted...), 1+rows)...)
	if err != nil {
		return fmt.Errorf("write down what was sent: %w", err)
	}
	return nil
}

// judged says what becomes of a delivery that was not accepted.
func (s *Service) judged(ctx context.Context, d *ent.Delivery, err error) outcome {
	if why, ok := errors.AsType[suppressed](err); ok {
		return outcome{d, delivery.StateSUPPRESSED, string(why), d.NextAttemptAt, false}
	}
	f, tried := judge(err), d.Attempts+1
	slog.WarnContext(ctx, "a message was not accepted", "delivery", d.ID, "channel", d.Channel, "kind", d.Kind, "attempt", tried, "err", err)
	switch {
	case f.bounced:
		return outcome{d, delivery.StateBOUNCED, f.words, d.NextAttemptAt, f.dead}
	case f.permanent || tried >= attempts:
		return outcome{d, delivery.StateFAILED, f.words, d.NextAttemptAt, false}
	}
	if d.Channel == permission.Webhook && errors.Is(err, context.DeadlineExceeded) {
		s.hosts.rest(d.Domain)
	}
	return outcome{d, delivery.StateQUEUED, f.words, instant.Now().Add(max(backoff(tried), min(f.after, longest))), false}
}

// writeDown stores what became of deliveries of which some were not accepted. Those
// that share an end travel together.
func (s *Service) writeDown(ctx context.Context, accepted []any, others []outcome) error {
	type end struct {
		state delivery.State
		words string
	}
	alike := map[end][]string{}
	for _, o := range others {
		if o.state != delivery.StateQUEUED {
			alike[end{o.state, o.words}] = append(alike[end{o.state, o.words}], o.delivery.ID)
		}
	}
	return db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		if err := markSent(ctx, tx, accepted); err != nil {
			return err
		}
		for _, o := range others {
			if o.state != delivery.StateQUEUED {
				continue
			}
			err := tx.Delivery.Update().Where(delivery.ID(o.delivery.ID), delivery.StateEQ(delivery.StateQUEUED)).SetLastError(o.words).SetNextAttemptAt(o.next).SetPaced(false).Exec(ctx)
			if err != nil {
				return fmt.Errorf("write down a failure: %w", err)
			}
		}
		for e, ids := range alike {
			u := tx.Delivery.Update().Where(delivery.IDIn(ids...)).SetState(e.state).SetLastError(e.words)
			if e.state == delivery.StateBOUNCED {
				u.SetBouncedAt(instant.Now())
			}
			if err := u.Exec(ctx); err != nil {
				return fmt.Errorf("write down an end: %w", err)
			}
		}
		for _, o := range others {
			if !o.dead {
				continue
			}
			if err := contact.Suppress(ctx, tx, o.delivery.ToKey, "", o.words); err != nil {
				return fmt.Errorf("suppress an address: %w", err)
			}
		}
		return s.fallBack(ctx, tx, others)
	})
}

func short(s string) string {
	if r := []rune(s); len(r) > 500 {
		return string(r[:500])
	}
	return s
}

// longest is the longest time between two attempts.
const longest = 6 * time.Hour

// backoff doubles from half a minute to six hours, spread by a fifth so that
// what failed together is not tried together.
func backoff(tried int) time.Duration {
	d := min(30*time.Second<<min(tried-1, 20), longest)
	return (d - rand.N(d/5)).Truncate(time.Microsecond)
}
