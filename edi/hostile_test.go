package edi_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// Inputs made to be slow are read in time that grows with their length alone.
// The bound is generous: a quadratic reader needs minutes.
func TestHostileInputsAreLinear(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads much in many ways")
	}
	size := 256 << 10
	if raced {
		size /= 4
	}
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	unpadded := "ISA*00**00**ZZ*S*ZZ*R*240408*0612*U*00401*1*0*P*>~"
	inputs := map[string]string{
		"headers without end":           isa + fill("ISA*"),
		"interchanges without segments": fill(unpadded),
		"damage before each header":     isa + fill("? "+unpadded),
		"headers inside damage":         isa + "?" + fill(" "+strings.Replace(unpadded, "~", "|", 1)),
		"words like headers":            isa + "IEA*0*1~" + fill("ISA UNA UNB STX= "),
		"no terminator":                 isa + fill("x"),
		"only separators":               isa + fill("*"),
		"only terminators":              isa + fill("~"),
		"white space":                   isa + fill(" \n"),
		"binary that never ends":        isa + fill("BIN*900000*x~"),
		"stray segments":                isa + fill("SE*1~ST~GS~GE~"),
		"transactions without end":      document()[:150] + fill("ST*867*0001~"),
		"components and repetitions":    document()[:150] + "ST*867*0001~" + fill("UIT*>>>>>>>>>>^^^^^^^^~"),
		"release characters":            "UNB+UNOC:3'" + fill("?"),
	}
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, out, err := copyAll(strings.NewReader(input))
			if err != nil || string(out) != input {
				t.Fatalf("copy gave %d of %d bytes, %v", len(out), len(input), err)
			}
			_, _ = guide.Check(io.Discard, strings.NewReader(input), library, guide.CheckOptions{})
			if err := edi.EncodeJSON(io.Discard, bytes.NewReader([]byte(input))); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			} else {
				t.Logf("%v", took)
			}
		})
	}
}
