// Command hand serves the hand-written handler for cmd/bench.
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"

	"tenantry/bench/hand"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "where to listen")
	database := flag.String("database-url", "", "the PostgreSQL database")
	conns := flag.Int("conns", 16, "how many connections to PostgreSQL, as many as the server has")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *listen, *database, *conns); err != nil {
		fmt.Fprintln(os.Stderr, "hand:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, listen, database string, conns int) error {
	c, err := pgxpool.ParseConfig(database)
	if err != nil {
		return err
	}
	c.MaxConns, c.MinConns = int32(conns), 1
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return err
	}
	defer pool.Close()
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	secret := make([]byte, 32)
	rand.Read(secret)
	s := &http.Server{Handler: hand.Handler(pool, secret)}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	if err := s.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}
