package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/lib/pq"

	"tenantry/ent"
)

func openPostgres(ctx context.Context, c Config) (*DB, error) {
	if c.Pooler && c.DirectURL == "" {
		return nil, errors.New("a transaction pooler cannot carry migrations and LISTEN: give a direct database URL as well")
	}
	k, err := postgresConnector(c, c.URL)
	if err != nil {
		return nil, err
	}
	direct, err := pinned(cmp.Or(c.DirectURL, c.URL))
	if err != nil {
		return nil, fmt.Errorf("the direct URL: %w", err)
	}
	if c.Pooler {
		k.cache, k.explicit = 0, true
	}
	pool := sql.OpenDB(k)
	conns := cmp.Or(c.MaxConns, 16)
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to PostgreSQL: %w", err), pool.Close())
	}
	return &DB{
		Client:    ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, pool))),
		config:    c,
		dialect:   Postgres,
		together:  k.plain && k.cache > 0,
		directURL: direct,
		writer:    pool,
		reader:    pool,
	}, nil
}

// postgresConnector returns connections that keep prepared statements and notice
// a silent network.
func postgresConnector(c Config, address string) (*connector, error) {
	cfg, err := postgresConfig(address)
	if err != nil {
		return nil, err
	}
	if !c.Pooler {
		setDefault(cfg.Runtime, "statement_timeout", milliseconds(c.StatementTimeout))
		setDefault(cfg.Runtime, "lock_timeout", milliseconds(c.LockTimeout))
		setDefault(cfg.Runtime, "idle_in_transaction_session_timeout", milliseconds(c.IdleInTransactionTimeout))
	}
	return &connector{
		dial:  func(ctx context.Context) (driver.Conn, *line, error) { return dialPostgres(ctx, cfg, c.IOTimeout) },
		cache: cachedStatements,
		plain: cfg.SSLMode == pq.SSLModeDisable,
	}, nil
}

// postgresConfig reads a URL and settles what it leaves open.
func postgresConfig(address string) (pq.Config, error) {
	cfg, err := pq.NewConfig(address)
	if err != nil {
		if parse, ok := errors.AsType[*url.Error](err); ok {
			// A *url.Error quotes the whole URL and so the password.
			err = parse.Err
		}
		return pq.Config{}, fmt.Errorf("read the database URL: %w", err)
	}
	if cfg.SSLMode == "" {
		cfg.SSLMode = pq.SSLModeRequire
		if local(cfg) {
			cfg.SSLMode = pq.SSLModeDisable
		}
	}
	cfg.ApplicationName = cmp.Or(cfg.ApplicationName, "tenantry")
	cfg.ConnectTimeout = cmp.Or(cfg.ConnectTimeout, 5*time.Second)
	setDefault(cfg.Runtime, "TimeZone", "UTC")
	return cfg, nil
}

// pinned returns the URL with the sslmode that postgresConfig chooses.
func pinned(address string) (string, error) {
	cfg, err := postgresConfig(address)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("read the database URL")
	}
	q := u.Query()
	q.Set("sslmode", string(cfg.SSLMode))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// local reports whether nothing that is sent leaves the machine.
func local(cfg pq.Config) bool {
	hosts := []pq.ConfigMultihost{{Host: cfg.Host, Hostaddr: cfg.Hostaddr}}
	for _, h := range append(hosts, cfg.Multi...) {
		switch {
		case h.Hostaddr.IsValid():
			if !h.Hostaddr.IsLoopback() {
				return false
			}
		case h.Host == "localhost", filepath.IsAbs(h.Host), strings.HasPrefix(h.Host, "@"):
		default:
			if ip := net.ParseIP(h.Host); ip == nil || !ip.IsLoopback() {
				return false
			}
		}
	}
	return true
}

// setDefault sets a run-time parameter that is not there, in whatever case.
func setDefault(m map[string]string, key, value string) {
	for k := range m {
		if strings.EqualFold(k, key) {
			return
		}
	}
	m[key] = value
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
