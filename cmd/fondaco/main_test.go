package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// asProgram makes the test binary behave as the program itself, so that tests
// run the real thing in a process of its own without building it twice.
const asProgram = "FONDACO_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := run(ctx, os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr})
		stop()
		os.Exit(code)
	}
	os.Exit(m.Run())
}
