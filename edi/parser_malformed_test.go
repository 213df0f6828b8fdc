package edi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each case is a kind of damage on which engines lose good transactions, stop,
// or report one error ten times over. Every one is told once, where it is, and
// every transaction around it survives.
func TestParserDamage(t *testing.T) {
	t.Parallel()
	good := document(report("0001"), report("0002"))
	cut := func(s, before string, n int) string { return s[:strings.LastIndex(s, before)+n] }
	tests := []struct {
		name  string
		input string
		want  []string
	}{
		{"nothing is wrong", good, []string{
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"wrong count in SE01", strings.Replace(good, "SE*8*0001", "SE*9*0001", 1), []string{
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=false segments=8`,
			`  error x12.transaction.count transaction=4 at "9*0001~\nS"`,
			`ST 0002 ok=true segments=8`,
		}},
		{"missing SE before the next ST", strings.Replace(good, "SE*8*0001~\n", "", 1), []string{
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=false segments=7`,
			`  error x12.transaction.trailer-missing transaction=2 at "ST*867*00"`,
			`ST 0002 ok=true segments=8`,
		}},
		{"bad character in a segment's tag", strings.Replace(good, "QTY*", "Q$Y*", 1), []string{
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=false segments=8`,
			`  error x12.segment.tag-invalid segment=1 at "Q$Y*32*1~"`,
			`  error x12.segment.missing segment=3 at "LIN*1*VP*"`,
			`ST 0002 ok=true segments=8`,
		}},
		{"junk line between two interchanges", good + "-- forwarded by relay 7 --\n" + good, []string{
			`  warning x12.file.skipped file= at "-- forwar"`,
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"two interchanges in one file", good + good, []string{
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"ISA shorter than 106 bytes", strings.Replace(good, "*00*          *00*          *ZZ*SENDER         *", "*00**00**ZZ*SENDER*", 1), []string{
			`ISA 000000001 complete=true`,
			`  error x12.interchange.header-length interchange=022 at "ISA*00**0"`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"control character inside data", strings.Replace(good, "MX-1", "MX\x01-1", 1), []string{
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=false segments=8`,
			`  error x12.element.character element=6 at "MX\x01-1~\nUI"`,
			`ST 0002 ok=true segments=8`,
		}},
		{"file cut in SE", cut(good, "SE*8*0002", 6), []string{
			`ISA 000000001 complete=false`,
			`  error x12.interchange.trailer-missing interchange=023 at ""`,
			`GS 1 complete=false`,
			`  error x12.group.trailer-missing group=3 at ""`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=false segments=8`,
			`  error x12.segment.unterminated segment=8 at "SE*8*0"`,
			`  error x12.transaction.trailer-missing transaction=2 at ""`,
		}},
		{"missing terminator merges two segments", strings.Replace(good, "QTY*32*1~\nLIN", "QTY*32*1LIN", 1), []string{
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=false segments=7`,
			`  error x12.segment.merged segment=8 at "1LIN*1*VP"`,
			`  error x12.transaction.count transaction=4 at "8*0001~\nS"`,
			`  warning x12.transaction.total element=7 at "1~\nSE*8*0"`,
			`ST 0002 ok=true segments=8`,
		}},
		{"lost GE and IEA before the next interchange", cut(good, "GE*", 0) + good, []string{
			`ISA 000000001 complete=false`,
			`  error x12.interchange.trailer-missing interchange=022 at "ISA*00*  "`,
			`GS 1 complete=false`,
			`  error x12.group.trailer-missing group=3 at "ISA*00*  "`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"lost GS", strings.Replace(good, "GS*PT*SENDER*RECEIVER*20240408*0612*1*X*004010~\n", "", 1), []string{
			`ISA 000000001 complete=true`,
			`  error x12.group.header-missing interchange=024 at "ST*867*00"`,
			`GS  complete=true`,
			`ST 0001 ok=false segments=8`,
			`  error x12.set.no-guide transaction=1 at "867*0001~"`,
			`ST 0002 ok=false segments=8`,
			`  error x12.set.no-guide transaction=1 at "867*0002~"`,
		}},
		{"terminator of IEA lost at the end of the file", strings.TrimSuffix(good, "~\n") + "\n", []string{
			`ISA 000000001 complete=true`,
			`  warning x12.segment.unterminated interchange= at "IEA*1*000"`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"terminator of IEA lost before the next interchange", strings.TrimSuffix(good, "~\n") + "\n" + good, []string{
			`ISA 000000001 complete=true`,
			`  warning x12.segment.unterminated interchange= at "IEA*1*000"`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"damage swallows no interchange", cut(good, "CTT", 0) + "?? lost *** text\n" + good, []string{
			`ISA 000000001 complete=false`,
			`  error x12.interchange.trailer-missing interchange=022 at "ISA*00*  "`,
			`GS 1 complete=false`,
			`  error x12.group.trailer-missing group=3 at "ISA*00*  "`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=false segments=7`,
			`  error x12.segment.unterminated segment=8 at "?? lost *"`,
			`  error x12.transaction.trailer-missing transaction=2 at "ISA*00*  "`,
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"segments where none belong", strings.Replace(good, "GE*2*1~\n", "REF*IV*1~\nGE*2*1~\nSE*1*0001~\n", 1), []string{
			`ISA 000000001 complete=true`,
			`  error x12.segment.stray interchange=022 at "SE*1*0001"`,
			`GS 1 complete=true`,
			`  error x12.segment.stray group= at "REF*IV*1~"`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"an interchange without a readable header is told as lost", good + strings.Replace(good, "ISA*", "IS*", 1), []string{
			`  error x12.file.lost file= at "IS*00*   "`,
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"one control number twice", strings.ReplaceAll(good, "0002", "0001"), []string{
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`ST 0001 ok=false segments=8`,
			`  error x12.transaction.control-duplicate transaction=23 at "0001~\nBPT"`,
		}},
		{"wrong trailers of group and interchange", strings.Replace(good, "GE*2*1~\nIEA*1*000000001", "GE*3*7~\nIEA*2*000000009", 1), []string{
			`ISA 000000001 complete=true`,
			`  error x12.interchange.count interchange=021 at "2*0000000"`,
			`  error x12.interchange.control-mismatch interchange=001 at "000000009"`,
			`GS 1 complete=true`,
			`  error x12.group.count group=5 at "3*7~\nIEA*"`,
			`  error x12.group.control-mismatch group=4 at "7~\nIEA*2*"`,
			`ST 0001 ok=true segments=8`,
			`ST 0002 ok=true segments=8`,
		}},
		{"an empty segment", strings.Replace(good, "QTY*32*1~", "QTY*32*1~~", 1), []string{
			`ISA 000000001 complete=true`,
			`GS 1 complete=true`,
			`ST 0001 ok=true segments=8`,
			`  warning x12.segment.empty segment= at "~\nLIN*1*V"`,
			`ST 0002 ok=true segments=8`,
		}},
		{"file cut in the ISA", isa[:60], []string{
			`ISA  complete=false`,
			`  error x12.interchange.header-incomplete interchange=022 at "ISA*00*  "`,
			`  error x12.interchange.trailer-missing interchange=023 at ""`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, outcome(t, test.input)); diff != "" {
				t.Errorf("outcome(%q) differs (-want +got):\n%s", test.input, diff)
			}
		})
	}
}
