package postgres_test

import (
	"context"
	"fmt"
	"os"

	"fondaco/partners/postgres"

	"github.com/jackc/pgx/v5"
)

// The first Open of a folder makes the data, later ones find them.
func ExampleOpen() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "fondaco-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()

	cluster, err := postgres.Open(ctx, postgres.Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = cluster.Stop(ctx) }()

	if _, err := cluster.EnsureDatabase(ctx, "maker", ""); err != nil {
		fmt.Println(err)
		return
	}
	if err := cluster.Flushed(ctx); err != nil { // from here on nothing gets lost
		fmt.Println(err)
		return
	}
	conn, err := pgx.Connect(ctx, cluster.DSN("maker", ""))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = conn.Close(ctx) }()

	var database, role string
	if err := conn.QueryRow(ctx, "SELECT current_database(), current_user").Scan(&database, &role); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(database, role, cluster.Created)
	// Output: maker fondaco true
}
