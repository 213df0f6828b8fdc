package mapping

import (
	"os"
	"runtime/debug"
	"testing"
)

// The guides of all sets are held, and documents are drawn beside them and forgotten: with the usual percentage two fifths
// of the time go into looking at the same guides again. What measures memory collects before it looks.
func TestMain(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	os.Exit(m.Run())
}
