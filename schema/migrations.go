package schema

import "embed"

// Migrations are the numbered SQL files that make the tables, in the form of
// goose: forward only, each in a transaction of its own.
//
//go:embed sql/*.sql
var Migrations embed.FS

// Indexes are the statements for the indexes on which nothing depends but
// speed, one a line. Comments begin with --.
//
//go:embed indexes.sql
var Indexes string
