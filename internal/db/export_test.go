package db

import (
	"context"
	"io/fs"
)

// MigrateFrom is Migrate with other files.
func (d *DB) MigrateFrom(ctx context.Context, files fs.FS) (int, error) {
	all, err := readMigrations(files)
	if err != nil {
		return 0, err
	}
	return d.migrate(ctx, all)
}

// Migrations are the embedded files.
var Migrations = migrations

// Pinned is what Open makes of a PostgreSQL URL.
var Pinned = pinned
