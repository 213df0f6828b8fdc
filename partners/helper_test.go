package partners_test

import (
	"encoding/json"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func raw(text string) json.RawMessage { return json.RawMessage(text) }
