package token

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tenantry/ent"
	"tenantry/ent/apitoken"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/once"
	"tenantry/internal/page"
	"tenantry/internal/permission"
	"tenantry/internal/session"
	"tenantry/internal/text"
)

// apiPrefix begins every API token, as prefix does every operator's.
const apiPrefix = "tenantry_api_"

// Limits of API tokens.
const (
	// MaxAPI is how many an account has at most, those that have expired included.
	MaxAPI = 50
	// APILifetime is how long one works if nobody says how long.
	APILifetime = 90 * 24 * time.Hour
	// MaxAPILifetime is how far ahead one may expire.
	MaxAPILifetime = 366 * 24 * time.Hour
)

// API manages the tokens that programs present who act for an account.
type API struct {
	client *ent.Client
	gate   *access.Gate
	texts  sync.Map // the statements of Authenticate

	mu   sync.Mutex
	used map[string]string // the address by the token's id
}

// NewAPI returns the accounts' tokens in the database.
func NewAPI(client *ent.Client, gate *access.Gate) *API {
	return &API{client: client, gate: gate, used: map[string]string{}}
}

// State says whether a token works.
type State string

// The states. A token that works in a suspended account reads there, as people do.
const (
	Active            State = "ACTIVE"
	Expired           State = "EXPIRED"
	AccountClosed     State = "ACCOUNT_CLOSED"
	CreatorLostAccess State = "CREATOR_LOST_ACCESS"
)

// Token is an API token without its secret, and what it may do now.
type Token struct {
	*ent.APIToken
	State State
	// EffectivePermissions are those in its own account.
	EffectivePermissions []permission.Key
}

// Account is where it acts.
func (t *Token) Account() *ent.Account { return t.Edges.Account }

// CreatedBy is who made it.
func (t *Token) CreatedBy() *ent.User { return t.Edges.CreatedBy }

// LastUsedFrom is the address that it was last used from. Nil if that is not known.
func (t *Token) LastUsedFrom() *string {
	if t.LastUsedAddress == "" {
		return nil
	}
	return &t.LastUsedAddress
}

// judge says of tokens, which were read with their accounts and makers, what they may
// do now.
func (a *API) judge(ctx context.Context, rows []*ent.APIToken) ([]*Token, error) {
	standings, err := a.gate.Programs(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := make([]*Token, len(rows))
	for i, row := range rows {
		out[i] = judged(row, standings[i])
	}
	return out, nil
}

func judged(row *ent.APIToken, st *access.Standing) *Token {
	t := &Token{APIToken: row, State: Active, EffectivePermissions: st.Permissions()}
	switch {
	case over(row):
		t.State = Expired
	case st.NeedNotClosed() != nil:
		t.State = AccountClosed
	case row.Edges.CreatedBy.DisabledAt != nil || st.Enter() != nil || len(t.EffectivePermissions) == 0:
		t.State = CreatorLostAccess
	}
	if t.State != Active {
		t.EffectivePermissions = []permission.Key{}
	}
	return t
}

// over reports whether the time of a token is over.
func over(t *ent.APIToken) bool { return t.ExpiresAt != nil && !instant.Now().Before(*t.ExpiresAt) }

// Draft is what a token is to be.
type Draft struct {
	AccountID   string
	Name        string
	Permissions []permission.Key
	Scope       permission.Scope
	SubAccounts []string
	// ExpiresAt is when it ends; nil for the usual time, or never if it is Endless.
	ExpiresAt      *time.Time
	Endless        bool
	Acknowledged   bool   `json:"-"`
	IdempotencyKey string `json:"-"`
}

// Made is a token that was made.
type Made struct {
	Token *Token
	// Secret is the token itself: nobody can read it again.
	Secret   string
	Warnings []permission.Warning
}

// Create makes a token for an account and shows it, once. The warnings come with a
// refusal as well. For the same request again it returns the token without the secret,
// and CONFLICT. Refusals: UNAUTHENTICATED, FORBIDDEN, REAUTH_REQUIRED, NOT_FOUND,
// BAD_INPUT, CONFLICT, QUOTA_EXCEEDED, PERMISSION_OUT_OF_REACH, RISK_NOT_ACKNOWLEDGED,
// ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (a *API) Create(ctx context.Context, by *access.Actor, d Draft) (Made, error) {
	out := Made{Warnings: []permission.Warning{}}
	if err := session.Proved(by); err != nil {
		return out, err
	}
	var b [32]byte
	rand.Read(b[:])
	secret := apiPrefix + base64.RawURLEncoding.EncodeToString(b[:])
	var row *ent.APIToken // as this call has made it, unless it was rolled back
	tokenID, err := once.InTx(ctx, a.client, by, "createApiToken", d.IdempotencyKey, d, func(tx *ent.Tx) (string, error) {
		st, err := a.gate.Change(ctx, tx, by, d.AccountID, permission.Developer)
		if err != nil {
			return "", err
		}
		if out.Warnings, err = a.weigh(ctx, tx, st, &d); err != nil {
			return "", err
		}
		// Whoever was signed out makes no token, even if the request had begun before.
		if _, err := session.LockSession(ctx, tx, by); err != nil {
			return "", err
		}
		row, err = tx.APIToken.Create().SetAccountID(d.AccountID).SetName(d.Name).SetTokenHash(hash(secret)).SetHint(secret[len(secret)-4:]).
			SetPermissions(d.Permissions).SetSubAccountAccess(d.Scope).SetSubAccountIds(d.SubAccounts).SetCreatedByID(by.UserID()).
			SetNillableExpiresAt(d.ends(instant.Now())).Save(ctx)
		if err != nil {
			return "", err
		}
		row.Edges.Account, row.Edges.CreatedBy = st.Account, by.User
		return row.ID, event.Record(ctx, tx, by, event.Entry{AccountID: d.AccountID, Action: "api_token.created", Target: row.ID, TargetName: row.Name,
			After: words(row)})
	})
	if err == nil && d.IdempotencyKey != "" {
		// The same request again is answered to nobody who could no longer make it.
		_, err = a.gate.Require(ctx, by, d.AccountID, permission.Developer)
	}
	if err != nil {
		return out, err
	}
	if row == nil || row.ID != tokenID {
		return a.madeBefore(ctx, tokenID)
	}
	made, err := a.judge(ctx, []*ent.APIToken{row})
	if err != nil {
		return out, err
	}
	out.Token, out.Secret = made[0], secret
	return out, nil
}

// madeBefore answers a request that was answered before.
func (a *API) madeBefore(ctx context.Context, tokenID string) (Made, error) {
	out := Made{Warnings: []permission.Warning{}}
	t, err := a.read(ctx, tokenID)
	if err != nil && !fault.Has(err, fault.NotFound) {
		return out, err
	}
	out.Token = t
	return out, fault.On("idempotencyKey", fault.Conflict, "This very request has made a token before. It was shown then and cannot be shown again: revoke it and make another.")
}

// weigh judges a draft, cleans it, and returns what has to be read before.
func (a *API) weigh(ctx context.Context, tx *ent.Tx, st *access.Standing, d *Draft) (warnings []permission.Warning, err error) {
	warnings = []permission.Warning{}
	if d.Name, err = text.Line("name", d.Name, true, 60); err != nil {
		return warnings, err
	}
	now := instant.Now()
	if d.ExpiresAt != nil && (!d.ExpiresAt.After(now) || d.ExpiresAt.After(now.Add(MaxAPILifetime))) {
		return warnings, fault.On("expiresAt", fault.BadInput, "A token expires in the future, within a year.")
	}
	o := access.Offer{Permissions: d.Permissions, Scope: d.Scope, SubAccounts: d.SubAccounts}
	set, reach, err := a.gate.ResolveToken(ctx, tx, st, &o)
	if err != nil {
		return warnings, err
	}
	c := a.gate.Catalogue()
	d.Permissions, d.SubAccounts = c.Keys(set), o.SubAccounts
	warnings = c.Warnings(set, permission.Set{})
	if d.Endless {
		warnings = append(warnings, permission.Warning{Message: "This token never stops working by itself. Whoever finds it years from now can use it."})
	}
	if err := a.gate.Delegate(ctx, tx, st, permission.Reach{}, reach); err != nil {
		return warnings, err
	}
	if err := access.Acknowledge(warnings, d.Acknowledged); err != nil {
		return warnings, err
	}
	names, err := tx.APIToken.Query().Where(apitoken.AccountID(d.AccountID)).Select(apitoken.FieldName).Strings(ctx)
	if err != nil {
		return warnings, fmt.Errorf("read names of tokens: %w", err)
	}
	if len(names) >= MaxAPI {
		return warnings, fault.New(fault.QuotaExceeded, "An account has at most %d API tokens, those that have expired included. Revoke what is not needed.", MaxAPI)
	}
	if slices.ContainsFunc(names, func(n string) bool { return text.Fold(n) == text.Fold(d.Name) }) {
		return warnings, fault.On("name", fault.Conflict, "Another token is called %s.", d.Name)
	}
	return warnings, nil
}

// ends returns when the token expires that is made now, or nil.
func (d Draft) ends(now time.Time) *time.Time {
	if d.ExpiresAt == nil && !d.Endless {
		usual := now.Add(APILifetime)
		return &usual
	}
	return d.ExpiresAt
}

func words(t *ent.APIToken) map[string]any {
	return map[string]any{"permissions": t.Permissions, "subAccountAccess": t.SubAccountAccess, "subAccountIds": t.SubAccountIds, "expiresAt": t.ExpiresAt}
}

// List pages through the tokens of an account, oldest first. Refusals: as
// access.Gate.Require for developer, BAD_INPUT.
func (a *API) List(ctx context.Context, by *access.Actor, accountID string, r page.Request) (page.Page[*Token], error) {
	none := page.Page[*Token]{}
	if _, err := a.gate.Require(ctx, by, accountID, permission.Developer); err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	rows, err := a.client.APIToken.Query().Where(page.Within(apitoken.FieldAccountID, apitoken.FieldID, accountID, r.After)).
		WithAccount().WithCreatedBy().Limit(r.Limit()).All(ctx)
	if err != nil {
		return none, fmt.Errorf("list API tokens: %w", err)
	}
	all, err := a.judge(ctx, rows)
	return page.Cut(all, r), err
}

// Get returns a token of an account that the actor manages, or their own. Refusals:
// UNAUTHENTICATED, NOT_FOUND.
func (a *API) Get(ctx context.Context, by *access.Actor, tokenID string) (*Token, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	t, err := a.read(ctx, tokenID)
	if err != nil || t.ID == by.Token {
		return t, err
	}
	if _, err := a.gate.Require(ctx, by, t.AccountID, permission.Developer); err != nil {
		return nil, fault.Hide(err, "API token")
	}
	return t, nil
}

// Presented returns the token that the actor presents, or nil for everybody but a
// program.
func (a *API) Presented(ctx context.Context, by *access.Actor) (*Token, error) {
	if by.API == nil {
		return nil, nil
	}
	return a.read(ctx, by.Token)
}

func (a *API) read(ctx context.Context, tokenID string) (*Token, error) {
	if !id.Is(id.APIToken, tokenID) {
		return nil, fault.Missing("API token")
	}
	row, err := a.client.APIToken.Query().Where(apitoken.ID(tokenID)).WithAccount().WithCreatedBy().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.Missing("API token")
	}
	if err != nil {
		return nil, fmt.Errorf("read API token: %w", err)
	}
	t, err := a.judge(ctx, []*ent.APIToken{row})
	if err != nil {
		return nil, err
	}
	return t[0], nil
}

// Revoke deletes a token and returns its id: it is dead from the next request on, and
// for requests that are under way from their next change on. Who made it may, and the
// token itself, besides those who hold developer. Refusals: UNAUTHENTICATED,
// FORBIDDEN, NOT_FOUND, ACCOUNT_CLOSED.
func (a *API) Revoke(ctx context.Context, by *access.Actor, tokenID string) (string, error) {
	if err := by.NeedMember(); err != nil {
		return "", err
	}
	if !id.Is(id.APIToken, tokenID) {
		return "", fault.Missing("API token")
	}
	return db.InTx(ctx, a.client, func(tx *ent.Tx) (string, error) {
		row, err := tx.APIToken.Get(ctx, tokenID)
		if ent.IsNotFound(err) {
			return "", fault.Missing("API token")
		}
		if err != nil {
			return "", err
		}
		if row.ID == by.Token || row.CreatedByID == by.UserID() {
			_, err = a.gate.LockAccounts(ctx, tx, row.AccountID)
		} else if _, err = a.gate.Narrow(ctx, tx, by, row.AccountID, permission.Developer); fault.Has(err, fault.NotFound) {
			err = fault.Missing("API token")
		}
		if err != nil {
			return "", err
		}
		n, err := tx.APIToken.Delete().Where(apitoken.ID(tokenID)).Exec(ctx)
		if err != nil {
			return "", err
		}
		if n == 0 { // somebody else was faster
			return "", fault.Missing("API token")
		}
		if err := access.MembersChanged(ctx, tx, row.AccountID); err != nil {
			return "", err
		}
		return tokenID, event.Record(ctx, tx, by, event.Entry{AccountID: row.AccountID, Action: "api_token.revoked", Target: row.ID, TargetName: row.Name,
			Before: words(row)})
	})
}

// IsAPI reports whether a bearer token is an account's, by its look alone.
func IsAPI(presented string) bool { return strings.HasPrefix(presented, apiPrefix) }

var (
	// A token of 256 random bits is found by nobody who guesses, so that guesses need
	// no counting; one that is too long or too short costs no statement.
	apiLength  = len(apiPrefix) + base64.RawURLEncoding.EncodedLen(32)
	apiColumns = []string{apitoken.FieldID, apitoken.FieldAccountID, apitoken.FieldName, apitoken.FieldPermissions, apitoken.FieldSubAccountAccess,
		apitoken.FieldSubAccountIds, apitoken.FieldCreatedByID, apitoken.FieldExpiresAt, apitoken.FieldLastUsedAt}
	makerColumns = []string{user.FieldID, user.FieldEmail, user.FieldEmailKey, user.FieldName, user.FieldDisabledAt, user.FieldTwoFactorAt}
)

// Authenticate returns the program whose token it is, together with what it may do in
// the accounts that the operation is about, all from one statement. Refusals:
// UNAUTHENTICATED.
func (a *API) Authenticate(ctx context.Context, presented string, at session.Places, address, agent string) (*access.Actor, error) {
	if len(presented) != apiLength {
		return nil, access.DeadToken()
	}
	args := []any{hash(presented)}
	for _, n := range at.Named {
		args = append(args, n)
	}
	var (
		row    ent.APIToken
		maker  ent.User
		around access.Around
	)
	err := db.ReadAll(ctx, a.client, db.Reading{Text: a.statement(len(at.Named), at.Breadth), Args: args, Row: around.Keep,
		Places: slices.Concat(row.Places(apiColumns), maker.Places(makerColumns), around.Places(at.Breadth))})
	if err != nil {
		return nil, fmt.Errorf("read API token: %w", err)
	}
	own := slices.IndexFunc(around.Accounts, func(acct *ent.Account) bool { return acct.ID == row.AccountID })
	if row.ID == "" || own < 0 || over(&row) || maker.DisabledAt != nil {
		return nil, access.DeadToken()
	}
	row.Edges.Account, row.Edges.CreatedBy = around.Accounts[own], &maker
	by := access.Using(&row)
	by.Breadth, by.Address, by.Agent = at.Breadth, address, agent
	if err := a.gate.Admit(ctx, by, at.Named, around.Accounts, around.Members); err != nil {
		return nil, err
	}
	if !at.Watching && (row.LastUsedAt == nil || instant.Now().Sub(*row.LastUsedAt) >= session.Grain) {
		a.mu.Lock()
		a.used[row.ID] = address
		a.mu.Unlock()
	}
	return by, nil
}

// Ends returns when each token ends: the zero time for one that is good for nothing.
func (a *API) Ends(ctx context.Context, presented []string) ([]time.Time, error) {
	hashes := hashes(presented)
	rows, err := a.client.APIToken.Query().Where(apitoken.TokenHashIn(hashes...), apitoken.HasCreatedByWith(user.DisabledAtIsNil())).
		Select(apitoken.FieldTokenHash, apitoken.FieldExpiresAt).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the ends of API tokens: %w", err)
	}
	ends := make(map[string]time.Time, len(rows))
	for _, row := range rows {
		ends[row.TokenHash] = endOf(row.ExpiresAt)
	}
	return inOrder(hashes, ends), nil
}

// statement reads the token whose hash is the first argument, who made it, and the
// accounts around it: its own, and those that are named by the other arguments.
func (a *API) statement(named int, b access.Breadth) string {
	key := [2]int{named, int(b)}
	if known, ok := a.texts.Load(key); ok {
		return known.(string)
	}
	about := []string{"t.account_id"}
	for i := range named {
		about = append(about, "$"+strconv.Itoa(i+2))
	}
	columns, joins := access.AroundText("t.created_by_id", about, b)
	written := "SELECT " + column.List("t", apiColumns) + ", " + column.List("u", makerColumns) + columns +
		" FROM " + apitoken.Table + " t JOIN users u ON u.id = t.created_by_id" + joins + " WHERE t.token_hash = $1"
	a.texts.Store(key, written)
	return written
}

// WriteUsed writes which tokens were used since the last time, and from where: no
// request waits for it, and the minute is enough.
func (a *API) WriteUsed(ctx context.Context) error {
	a.mu.Lock()
	from := map[string][]string{}
	for tokenID, address := range a.used {
		from[address] = append(from[address], tokenID)
	}
	clear(a.used)
	a.mu.Unlock()
	now := instant.Now()
	for address, ids := range from {
		slices.Sort(ids)
		if err := a.client.APIToken.Update().Where(apitoken.IDIn(ids...)).SetLastUsedAt(now).SetLastUsedAddress(address).Exec(ctx); err != nil {
			return fmt.Errorf("write last use: %w", err)
		}
	}
	return nil
}

// Introspect returns the token that is presented, and what it may do in an account: ""
// for its own. Nil for one that does not work; without a standing for an account that
// it does not reach, or that cannot be worked in. For an operator with the power.
// Refusals: FORBIDDEN.
func (a *API) Introspect(ctx context.Context, by *access.Actor, presented, accountID string) (*ent.APIToken, *access.Standing, error) {
	if err := by.NeedPower(permission.Introspect); err != nil {
		return nil, nil, err
	}
	program, err := a.Authenticate(ctx, presented, session.Places{}, by.Address, "")
	if fault.Has(err, fault.Unauthenticated) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if accountID == "" {
		accountID = program.API.AccountID
	}
	st, err := a.gate.Enter(ctx, program, accountID)
	if fault.All(err) != nil {
		return program.API, nil, nil
	}
	return program.API, st, err
}
