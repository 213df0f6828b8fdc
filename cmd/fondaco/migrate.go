package main

import (
	"context"
	"encoding/json"
	"fmt"

	"fondaco/partners"
)

type migrateCommand struct {
	nodeOptions
	JSON bool `help:"Write JSON."`
}

// Run brings the database up to date.
func (m *migrateCommand) Run(ctx context.Context, c console) error {
	if m.DatabaseURL == "" {
		return errNoDatabase
	}
	n, err := partners.Migrate(ctx, m.DatabaseURL)
	if err != nil {
		return databaseError(err)
	}
	built, err := partners.BuildIndexes(ctx, m.DatabaseURL)
	if err != nil {
		return databaseError(err)
	}
	if m.JSON {
		return json.NewEncoder(c.out).Encode(map[string]int{"migrations": n, "indexes": built})
	}
	_, err = fmt.Fprintf(c.out, "%d migrations ran, %d indexes were built; the database is up to date\n", n, built)
	return err
}
