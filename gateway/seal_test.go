package gateway

import (
	"strings"
	"testing"

	"fondaco/partners"
)

// TestACursorDoesNotTellHowManyWrite: the more transactions are open, the
// longer is the text of a place in the ledger, and its token is not.
func TestACursorDoesNotTellHowManyWrite(t *testing.T) {
	t.Parallel()
	s, err := newSealer(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	const epoch = "/0b9a4bd2-7e56-4b8e-9c3f-1f0a2b3c4d5e"
	idle := partners.Cursor("741:741:" + epoch)
	long := len(s.sealCursor(idle))
	for name, place := range map[string]partners.Cursor{
		"years later":       "18446744073:18446744073:" + epoch,
		"others write":      "4294967:4294990:4294967,4294970,4294971,4294988" + epoch,
		"within a gap":      "4294967:4294990:4294967,4294970" + epoch + "/4294999:4295010:4294999,4295002/918273645",
		"all, but one byte": partners.Cursor(strings.Repeat("1", cursorStep-3)),
	} {
		token := s.sealCursor(place)
		if len(token) != long {
			t.Errorf("%s: the token has %d bytes, want %d as when nobody writes", name, len(token), long)
		}
		var back partners.Cursor
		if err := s.open(forCursor, token, &back); err != nil || back != place {
			t.Errorf("%s: open() = %q, %v, want %q", name, back, err, place)
		}
	}
	// Beyond that it grows in steps, and can still be read.
	crowd := partners.Cursor(strings.Repeat("4294967,", 100) + epoch)
	var back partners.Cursor
	if err := s.open(forCursor, s.sealCursor(crowd), &back); err != nil || back != crowd {
		t.Errorf("open() = %q, %v", back, err)
	}
}
