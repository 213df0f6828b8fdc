package guide_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// The guides of all sets are held, and samples are read beside them and forgotten: with the usual percentage a quarter of
// the time goes into looking at the same guides again.
func TestMain(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	os.Exit(m.Run())
}
