// Package postgrestest gives tests real PostgreSQL databases. It is imported from _test.go files alone.
//
//	func TestLedger(t *testing.T) {
//		dsn := postgrestest.Database(t, migrate, fingerprint)
//		...
//	}
//
// # Nouns
//
// A server is shared by all test processes of one user: go test runs a process per package. A template is a database that
// was migrated once, named after its fingerprint. A test's database is a copy of a template and is dropped when the test
// ends.
//
// # The keeper
//
// The first test process that needs the server starts the keeper: its own test binary again, which [init] turns into a
// program that runs the cluster. Every test process holds a shared lock for as long as it lives, whatever ends it. When
// nobody has held it for a few seconds, the keeper stops the server, deletes the data and ends. A keeper that was killed
// takes its server with it, and the next test process starts another one from nothing.
//
// The cluster lives in memory (/dev/shm) where there is enough, and has no durability.
//
// With FONDACO_TEST_DATABASE_URL that server is used instead; its role must be allowed to create databases.
package postgrestest
