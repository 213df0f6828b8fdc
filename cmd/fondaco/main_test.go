package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

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
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"await": awaitFile, "until": until, "capture": capture},
		Setup: func(e *testscript.Env) error {
			e.Setenv("DSN", postgrestest.Database(e.T().(testing.TB), nil, "empty"))
			here, err := os.Getwd()
			e.Setenv("STORY", filepath.Join(here, "story"))
			return err
		},
	})
}

// awaitFile waits until a file matches a pattern, as in await data/*.sock. With
// a second one it copies the file there.
func awaitFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: await pattern [copy]")
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		found, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		if len(found) > 0 {
			if len(args) > 1 {
				text, err := os.ReadFile(found[0])
				ts.Check(err)
				ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o600))
			}
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("there is no %s after a minute", args[0])
		}
	}
}

// until runs a command again and again, until its output matches an expression.
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until expression command [arguments]")
	}
	want := regexp.MustCompile(args[0])
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		ts.Check(ts.Exec(args[1], args[2:]...))
		if want.MatchString(ts.ReadFile("stdout")) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("no match of %s after a minute", args[0])
		}
	}
}

// capture sets a variable to what a group of an expression matches in the last
// command's output.
func capture(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: capture NAME expression")
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("no match of %s", args[1])
	}
	ts.Setenv(args[0], found[1])
}
