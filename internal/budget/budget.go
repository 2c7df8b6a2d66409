// Package budget bounds how often something may be tried, the same on all
// instances: every attempt is counted in the database before it is made.
package budget

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"tenantry/ent"
	entbudget "tenantry/ent/budget"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/fault"
)

// Rule is how many attempts fit into a time. A used attempt comes back after
// Per/Count, so that the whole is never available twice in one Per.
type Rule struct {
	// Name is part of the key, so rules do not share attempts.
	Name  string
	Count int
	Per   time.Duration
}

// The budgets of every public surface that checks a secret or sends mail.
var (
	PasswordByAddress = Rule{"password", 10, 15 * time.Minute}
	PasswordByNetwork = Rule{"password-net", 100, 15 * time.Minute}
	PasswordByDevice  = Rule{"password-device", 10, 15 * time.Minute}
	DeviceByNetwork   = Rule{"device-net", 300, 15 * time.Minute}
	PasswordByUser    = Rule{"password-user", 10, 15 * time.Minute}
	TokenByNetwork    = Rule{"token-net", 60, 15 * time.Minute}
	PasskeyByNetwork  = Rule{"passkey-net", 300, 15 * time.Minute}
	// A code of an authenticator app is one of a million, and three are good at a
	// time: by itself somebody who has the password gets 48 tries a day.
	CodeByUser       = Rule{"code", 10, 5 * time.Hour}
	CodeInside       = Rule{"code-inside", 10, 5 * time.Hour}
	RecoveryByUser   = Rule{"recovery", 20, 15 * time.Minute}
	CodeByNetwork    = Rule{"code-net", 100, 15 * time.Minute}
	AlarmByUser      = Rule{"alarm", 1, 24 * time.Hour}
	RefreshByNetwork = Rule{"refresh-net", 1000, 15 * time.Minute}
	SignUpByAddress  = Rule{"mail-sign-up", 5, time.Hour}
	ResetByAddress   = Rule{"mail-reset", 5, time.Hour}
	ConfirmByAddress = Rule{"mail-confirm", 5, time.Hour}
	ChangeByAddress  = Rule{"mail-change", 5, time.Hour}
	ChangeByUser     = Rule{"mail-change-user", 5, time.Hour}
	DataByUser       = Rule{"personal-data", 200, time.Hour}
	MailByNetwork    = Rule{"mail-net", 60, time.Hour}
	InviteByAddress  = Rule{"invited", 10, 24 * time.Hour}
	SendsByAccount   = Rule{"sends", 1000, 24 * time.Hour}
	RefusalByUser    = Rule{"refused", 20, time.Hour}
	OrderByAddress   = Rule{"mail-order", 10, 24 * time.Hour}
	// What the people of an account can cause to be mailed to addresses that they wrote
	// down as contacts. By contact is by account and address, so that one which is made
	// anew has no budget of its own; by address is from all accounts together.
	ClearingByContact = Rule{"clear-suppression", 3, 24 * time.Hour}
	VerifyByContact   = Rule{"mail-verify", 5, 24 * time.Hour}
	AskedByAddress    = Rule{"asked-address", 20, 24 * time.Hour}
	AskedByAccount    = Rule{"asked", 500, 24 * time.Hour}
	ToldByAddress     = Rule{"told-address", 200, 24 * time.Hour}
	ToldByAccount     = Rule{"told", 2000, 24 * time.Hour}
	// What members are told of what others do to their membership, again and again: of
	// each kind by account, membership and address.
	ChangesByMember   = Rule{"mail-member", 20, 24 * time.Hour}
	TransferByAccount = Rule{"transfers", 5, 24 * time.Hour}
	TestByContact     = Rule{"test-contact", 5, time.Hour}
	TestByWebhook     = Rule{"test-webhook", 20, time.Hour}
	ReplayByAccount   = Rule{"replay", 1000, time.Hour}
	DocumentsByUser   = Rule{"documents", 300, 24 * time.Hour}
	// Nothing can be guessed there; a whole office may come in from one network.
	OpenIDStartByNetwork  = Rule{"openid-start-net", 300, 15 * time.Minute}
	OpenIDFinishByNetwork = Rule{"openid-finish-net", 300, 15 * time.Minute}
)

// Book keeps the budgets.
type Book struct {
	client           *ent.Client
	key              []byte
	spends, reserves db.Texts
	all              db.Kept[*db.Must]
}

// Network returns what a budget by network is kept for: an IPv4 address, or the
// 64 bits of an IPv6 network, any of whose addresses its holder can use.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

// New returns a book in the database. Keys such as addresses are stored as a
// MAC under the secret.
func New(client *ent.Client, secret []byte) *Book {
	return &Book{client: client, key: secret}
}

// Take uses n attempts of the rule for the key. Refusals: RATE_LIMITED, with
// the time after which the attempts fit again; nothing is then used.
//
// It is one statement (the generic cell rate algorithm), so that any number of
// parallel attempts on any number of instances use exactly what there is.
func (b *Book) Take(ctx context.Context, r Rule, key string, n int) error {
	if key == "" {
		return nil
	}
	ok, wait, err := b.take(ctx, r, key, n)
	if err != nil {
		return fmt.Errorf("budget %s: %w", r.Name, err)
	}
	if !ok {
		return Refusal(wait)
	}
	return nil
}

// Refusal is the answer to one attempt too many.
func Refusal(wait time.Duration) error {
	wait = max(wait.Truncate(time.Second)+time.Second, time.Second)
	return fault.Wait(fault.RateLimited, wait, "Too many attempts. Try again in %s.", spell(wait))
}

func spell(d time.Duration) string {
	if m := int((d + time.Minute - 1) / time.Minute); d > 90*time.Second {
		return fmt.Sprintf("%d minutes", m)
	}
	return fmt.Sprintf("%d seconds", int(d/time.Second))
}

func (b *Book) take(ctx context.Context, r Rule, key string, n int) (bool, time.Duration, error) {
	now := time.Now().UnixMicro()
	uses := int64(n) * r.each()
	limit := now + r.Per.Microseconds()
	if now+uses > limit {
		return false, r.Per, nil
	}
	id := b.ID(r, key)
	res, err := b.client.ExecContext(ctx, taking, arguments(now, r.Per, cost{id, uses})...)
	if err != nil {
		return false, 0, err
	}
	if done, err := res.RowsAffected(); err != nil || done > 0 {
		return done > 0, 0, err
	}
	row, err := b.client.Budget.Get(ctx, id)
	if err != nil && !ent.IsNotFound(err) {
		return false, 0, err
	}
	wait := time.Second
	if row != nil {
		wait = time.Duration(row.FullAt+uses-limit) * time.Microsecond
	}
	return false, wait, nil
}

// cost is what is used of one budget, in microseconds of its period.
type cost struct {
	id   string
	uses int64
}

// arguments are those of using. All budgets have the same period.
func arguments(now int64, per time.Duration, costs ...cost) []any {
	args := make([]any, 2, 2+2*len(costs))
	args[0], args[1] = now, now+per.Microseconds()
	for _, c := range costs {
		args = append(args, c.id, now+c.uses)
	}
	return args
}

// using uses the cost of each budget that has as much left. Its arguments are the
// instant and the latest at which a budget may be whole again, and for each budget
// its id and when its cost alone would be made up for.
func using(budgets int) string {
	const (
		fullAt = entbudget.Table + "." + entbudget.FieldFullAt
		after  = "CASE WHEN " + fullAt + " > $1 THEN " + fullAt + " ELSE $1 END + excluded." + entbudget.FieldFullAt + " - $1"
	)
	rows := make([]string, budgets)
	for i := range rows {
		rows[i] = "(" + db.Args(3+2*i, 2) + ")"
	}
	return "INSERT INTO " + entbudget.Table + " (" + entbudget.FieldID + ", " + entbudget.FieldFullAt + ") VALUES " + strings.Join(rows, ", ") +
		" ON CONFLICT (" + entbudget.FieldID + ") DO UPDATE SET " + entbudget.FieldFullAt + " = " + after +
		" WHERE " + after + " <= $2"
}

// spending names the budgets of which was used.
func spending(budgets int) string { return using(budgets) + " RETURNING " + entbudget.FieldID }

var taking = using(1)

// Ask is how many attempts of one budget are wanted.
type Ask struct {
	Rule Rule
	// ID is what Book.ID calls it.
	ID string
	N  int
}

// Left returns how many attempts are left of a budget whose row says that it is
// whole again at an instant, 0 for a budget without a row.
func (r Rule) Left(fullAt int64) int {
	now := time.Now().UnixMicro()
	return max(int((now+r.Per.Microseconds()-max(now, fullAt))/r.each()), 0)
}

// each is after how many microseconds an attempt comes back.
func (r Rule) each() int64 { return r.Per.Microseconds() / int64(r.Count) }

// Spend uses attempts of several budgets with the same period, in a transaction
// and in one statement, and says of which there were as many left, by ID. The
// others are left alone.
func (b *Book) Spend(ctx context.Context, tx *ent.Tx, asks ...Ask) (map[string]bool, error) {
	now, out := time.Now().UnixMicro(), map[string]bool{}
	costs, per, err := sum(asks)
	if err != nil {
		return nil, err
	}
	costs = slices.DeleteFunc(costs, func(c cost) bool { return c.uses > per.Microseconds() })
	if len(costs) == 0 {
		return out, nil
	}
	var id string
	if err := db.Read(ctx, tx, b.spends.Of(len(costs), spending), arguments(now, per, costs...), []column.Place{column.Text(&id)}, func() { out[id] = true }); err != nil {
		return nil, fmt.Errorf("spend budgets: %w", err)
	}
	return out, nil
}

// SpendAll is Spend for attempts that the transaction has seen to be left, and may
// travel as db.Later says. If one is left no more the transaction starts over, to see
// that.
func (b *Book) SpendAll(ctx context.Context, tx *ent.Tx, asks ...Ask) error {
	costs, per, err := sum(asks)
	if err != nil || len(costs) == 0 {
		return err
	}
	return b.all.Of(len(costs), spendingAll).Exec(ctx, tx, usedUp, arguments(time.Now().UnixMicro(), per, costs...)...)
}

func spendingAll(budgets int) *db.Must { return db.MustWrite(using(budgets), budgets) }

func usedUp(err error) error {
	if errors.Is(err, db.ErrRows) {
		return db.ErrAgain
	}
	return fmt.Errorf("spend budgets: %w", err)
}

// sum returns what attempts cost, in the order of budgets so that two transactions
// cannot wait for each other, and the period, which must be the same for all.
func sum(asks []Ask) (costs []cost, per time.Duration, err error) {
	for _, a := range asks {
		if a.N == 0 {
			continue
		}
		if per != 0 && per != a.Rule.Per {
			return nil, 0, fmt.Errorf("budget %s: another period than the others", a.Rule.Name)
		}
		per = a.Rule.Per
		costs = append(costs, cost{a.ID, int64(a.N) * a.Rule.each()})
	}
	slices.SortFunc(costs, func(a, b cost) int { return strings.Compare(a.id, b.id) })
	return costs, per, nil
}

// Reset makes the budget whole, after a success.
func (b *Book) Reset(ctx context.Context, r Rule, key string) error {
	_, err := b.client.Budget.Delete().Where(entbudget.ID(b.ID(r, key))).Exec(ctx)
	return err
}

// Sweep forgets budgets that are whole.
func (b *Book) Sweep(ctx context.Context) (int, error) {
	return b.client.Budget.Delete().Where(entbudget.FullAtLT(time.Now().UnixMicro())).Exec(ctx)
}

// ID returns what the row of a budget is called.
func (b *Book) ID(r Rule, key string) string {
	m := hmac.New(sha256.New, b.key)
	m.Write([]byte(r.Name + "\x00" + key))
	return r.Name + ":" + base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}

// GiveBack returns one used attempt, in the transaction of its success. Unlike a
// reset it leaves counted what others have tried in vain.
func (b *Book) GiveBack(ctx context.Context, tx *ent.Tx, r Rule, key string) error {
	return tx.Budget.Update().Where(entbudget.ID(b.ID(r, key))).AddFullAt(-r.Per.Microseconds() / int64(r.Count)).Exec(ctx)
}

// Forgive is Reset inside a transaction.
func (b *Book) Forgive(ctx context.Context, tx *ent.Tx, r Rule, key string) error {
	_, err := tx.Budget.Delete().Where(entbudget.ID(b.ID(r, key))).Exec(ctx)
	return err
}

// Reserve takes attempts of several budgets however long they take to come, in a
// transaction and in one statement, and returns when the first of each comes, by ID;
// the others follow one each Per/Count. It is for what is put off where Spend refuses.
func (b *Book) Reserve(ctx context.Context, tx *ent.Tx, asks ...Ask) (map[string]time.Time, error) {
	now, uses := time.Now().UnixMicro(), map[string]int64{}
	var costs []cost
	for _, a := range asks {
		uses[a.ID] = int64(a.N) * (a.Rule.Per.Microseconds() / int64(a.Rule.Count))
		costs = append(costs, cost{a.ID, uses[a.ID]})
	}
	slices.SortFunc(costs, func(a, b cost) int { return strings.Compare(a.id, b.id) })
	args := []any{now}
	for _, c := range costs {
		args = append(args, c.id, now+c.uses)
	}
	out := make(map[string]time.Time, len(costs))
	var id string
	var whole int64
	err := db.Read(ctx, tx, b.reserves.Of(len(costs), reserving), args, []column.Place{column.Text(&id), column.Number(&whole)},
		func() { out[id] = time.UnixMicro(whole - uses[id]) })
	if err != nil {
		return nil, fmt.Errorf("reserve of budgets: %w", err)
	}
	return out, nil
}

// reserving is using without a limit.
func reserving(budgets int) string {
	const fullAt = entbudget.Table + "." + entbudget.FieldFullAt
	rows := make([]string, budgets)
	for i := range rows {
		rows[i] = "(" + db.Args(2+2*i, 2) + ")"
	}
	return "INSERT INTO " + entbudget.Table + " (" + entbudget.FieldID + ", " + entbudget.FieldFullAt + ") VALUES " + strings.Join(rows, ", ") +
		" ON CONFLICT (" + entbudget.FieldID + ") DO UPDATE SET " + entbudget.FieldFullAt + " = CASE WHEN " + fullAt + " > $1 THEN " + fullAt +
		" ELSE $1 END + excluded." + entbudget.FieldFullAt + " - $1 RETURNING " + entbudget.FieldID + ", " + entbudget.FieldFullAt
}
