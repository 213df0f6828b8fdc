package gateway_test

import (
	"os"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fondaco/gateway/sdl"
	"fondaco/schema"
)

// What is compiled of kinds and policies stays, and is not looked at as often as usual when rubbish is collected.
func TestMain(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	goleak.VerifyTestMain(m,
		// The pool of connections of net/http's default client outlives the tests.
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
}

func money(t *testing.T, amount, currency string) schema.Money {
	t.Helper()
	m, err := schema.ParseMoney(amount, currency)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := schema.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func parse(t *testing.T, id string) schema.ID {
	t.Helper()
	_, parsed, err := sdl.ParseGlobalID(id)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func day(t *testing.T, text string) schema.Date {
	t.Helper()
	d, err := schema.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const (
	second = time.Second
	minute = time.Minute
)

// clock is a time that passes when the test says so.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Now().UnixMicro())
	return c
}

func (c *clock) now() time.Time { return time.UnixMicro(c.at.Load()) }

func (c *clock) pass(d time.Duration) { c.at.Add(d.Microseconds()) }
