// Command tenantry is the account layer of a customer portal.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"tenantry/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
