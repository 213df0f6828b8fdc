package measure

import (
	"flag"
	"os"
	"testing"
)

// What a benchmark reports is there after its first round. For figures that mean something, give -test.benchtime.
func TestMain(m *testing.M) {
	if err := flag.Set("test.benchtime", "1x"); err != nil { // the command line is read later, and wins
		panic(err)
	}
	os.Exit(m.Run())
}
