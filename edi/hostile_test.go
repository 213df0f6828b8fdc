package edi_test

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"fondaco/edi"
	"fondaco/edi/ack"
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

// What is found, told and answered of inputs that are wrong all over takes memory
// that grows with their length alone, and no more of it once the findings of an
// envelope are as many as are kept.
//
//nolint:paralleltest // it counts what is allocated
func TestFindingsOfHostileInputsAreLinear(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates")
	}
	x12 := document()[:150] + "ST*867*0001~"
	edifact := "UNB+UNOC:3+A+B+240408:0612+1'UNH+1+ORDERS:D:96A:UN'"
	for name, c := range map[string]struct{ start, again string }{
		"unknown segments":             {x12, "QQQ*1~"},
		"segments out of place":        {x12, "LIN*1~BPT*00~PTD*SS~"},
		"elements without end":         {x12 + "BPT", "*x"},
		"components without end":       {x12 + "UIT*EA", ">x"},
		"bad values":                   {x12, "DTM*003*20249999*9999~"},
		"transactions without content": {document()[:150], "ST*867*0001~SE*2*0001~"},
		"transactions without end":     {document()[:150], "ST*867*0001~"},
		"groups without end":           {document()[:106], "GS*PT*A*B*20240408*0612*1*X*004010~"},
		"messages without content":     {edifact, "UNH+1+ORDERS:D:96A:UN'UNT+2+1'"},
		"unknown segments of EDIFACT":  {edifact, "QQQ+1'"},
		"repetitions":                  {strings.Replace(edifact, "UNOC:3", "UNOC:4", 1) + "BGM+220", "*x"},
		"loops":                        {edifact, "RFF+CT:1'LIN+1'LOC+1'"},
		"stray segments":               {edifact, "UNT+1+1'UNE+1+1'"},
	} {
		t.Run(name, func(t *testing.T) {
			input := func(size int) string { return c.start + strings.Repeat(c.again, size/len(c.again)) }
			work := func(size int) int64 {
				in := input(size)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				if _, err := guide.Check(io.Discard, strings.NewReader(in), library, guide.CheckOptions{}); err != nil {
					t.Fatal(err)
				}
				v := guide.NewValidator(edi.NewReader(strings.NewReader(in), edi.Options{}), library, guide.Options{RequireGuide: true})
				if err := ack.NewStream(io.Discard, ack.StreamOptions{}).Run(v); err != nil {
					t.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				return int64(after.TotalAlloc - before.TotalAlloc)
			}
			work(1 << 10) // the guides are loaded
			once, twice := work(128<<10), work(256<<10)
			if twice > 5*once/2+256<<10 {
				t.Errorf("%d KB allocated for an input, %d KB for one of twice the size", once>>10, twice>>10)
			}
			if kept := once / (128 << 10); kept > 2000 {
				t.Errorf("%d bytes allocated for each byte of the input", kept)
			}
			t.Logf("%d and %d KB", once>>10, twice>>10)
		})
	}
}
