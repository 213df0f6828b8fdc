package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"fondaco/partners/postgres/postgrestest"
)

// asProgram makes the test binary behave as the program itself, so that tests
// run the real thing in a process of its own without building it twice.
const asProgram = "FONDACO_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		programMain()
	}
	testscript.Main(m, map[string]func(){"fondaco": programMain})
}

// programMain is main.main, for a process that the test binary starts.
func programMain() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// TestScripts runs the command line as people do; see testdata/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("DSN", postgrestest.Database(e.T().(testing.TB), nil, "empty"))
			e.Setenv("STORY", e.Cd+"/../../story")
			return nil
		},
	})
}
