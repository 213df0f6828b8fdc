package edi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// toldOf lists severity, id, level and code of what the parser alone finds.
func toldOf(t *testing.T, input string) []string {
	t.Helper()
	var list []string
	for _, line := range envelopes(t, input) {
		if f := strings.Fields(line); strings.HasPrefix(line, "  ") {
			list = append(list, strings.Join(f[:3], " "))
		}
	}
	return list
}

// The header of an interchange, field by field, and the code of TA105 for each.
func TestHeaderOfX12(t *testing.T) {
	t.Parallel()
	good := document(report("0001"))
	change := func(old, now string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the header", old)
		}
		return strings.Replace(good, old, now, 1)
	}
	value := func(code string) []string { return []string{"error x12.interchange.header-value interchange=" + code} }
	tests := map[string]struct {
		in   string
		want []string
	}{
		"good":                     {good, nil},
		"authorization qualifier":  {change("ISA*00*", "ISA*?0*"), value("010")},
		"security qualifier":       {change("*00*          *ZZ", "*a0*          *ZZ"), value("012")},
		"sender qualifier":         {change("*ZZ*SENDER ", "*  *SENDER "), value("005")},
		"sender":                   {change("*SENDER         *", "*               *"), value("006")},
		"receiver qualifier":       {change("*ZZ*RECEIVER ", "*z *RECEIVER "), value("007")},
		"receiver":                 {change("*RECEIVER       *", "*               *"), value("008")},
		"date":                     {change("*240408*0612*U", "*240431*0612*U"), value("014")},
		"time":                     {change("*240408*0612*U", "*240408*2460*U"), value("015")},
		"standard":                 {change("*U*00401*", "*^*00401*"), []string{"warning x12.interchange.standard-id interchange=016"}},
		"repetition separator":     {change("*U*00401*", "*U*00501*"), []string{"warning x12.interchange.repetition interchange=026"}},
		"good repetition":          {change("*U*00401*", "*^*00501*"), nil},
		"version":                  {change("*00401*", "*O0401*"), value("017")},
		"control number":           {change("*000000001*0*P", "*00000000A*0*P"), []string{value("018")[0], "error x12.interchange.control-mismatch interchange=001"}},
		"acknowledgment requested": {change("*0*P*", "*2*P*"), value("019")},
		"usage":                    {change("*0*P*", "*0*Q*"), value("020")},
		"component separator":      {change("*0*P*>~", "*0*P*A~"), []string{"error x12.interchange.separator interchange=027"}},
		"no terminator":            {change("*P*>~\n", "*P*>"), []string{"error x12.interchange.terminator-missing interchange=004"}},
		"width":                    {change("*SENDER         *", "*SENDER*"), []string{"error x12.interchange.header-length interchange=022"}},
		"binary without its end":   {strings.Replace(good, "CTT*1~", "BIN*11a*data~", 1), []string{"error x12.segment.binary-length element=6"}},
		"binary of wrong length":   {strings.Replace(good, "CTT*1~", "BIN*9*data~", 1), []string{"error x12.segment.binary-length element=6"}},
		"binary":                   {strings.Replace(good, "CTT*1~", "BIN*4*da~a~", 1), nil},
	}
	for name, test := range tests {
		if diff := cmp.Diff(test.want, toldOf(t, test.in)); diff != "" {
			t.Errorf("%s: findings differ (-want +got):\n%s", name, diff)
		}
	}
}

// Whatever a segment has swallowed because its end was lost, the next
// interchange is not lost with it.
func TestDamageEndsBeforeTheNextHeader(t *testing.T) {
	t.Parallel()
	x12, edifact := document(report("0001")), exchange(message("M1"))
	cutX12 := x12[:strings.Index(x12, "LIN*1*VP")+10]
	cutEDIFACT := edifact[:strings.Index(edifact, "BGM+220")+9]
	for name, in := range map[string]string{
		"X12 in X12":                  cutX12 + x12,
		"X12 in X12, on a new line":   cutX12 + "\r\n" + x12,
		"EDIFACT in EDIFACT":          cutEDIFACT + edifact,
		"UNA in EDIFACT":              cutEDIFACT + "UNA:+.? '" + edifact,
		"UNA in EDIFACT, new line":    cutEDIFACT + "\nUNA:+.? '\n" + edifact,
		"EDIFACT in X12, new line":    cutX12 + "\n" + edifact,
		"X12 in EDIFACT, new line":    cutEDIFACT + "\n" + x12,
		"after a long damaged text":   cutX12 + strings.Repeat("x", 9000) + "\n" + x12,
		"after a long segment":        cutX12 + strings.Repeat("*x", 4000) + x12,
		"ISA after a lost terminator": strings.TrimSuffix(x12, "~\n") + x12,
		"UNB after a lost terminator": strings.TrimSuffix(edifact, "'\n") + edifact,
	} {
		lines := envelopes(t, in)
		last := lines[len(lines)-1]
		if !strings.Contains(last, "ok=true") || strings.Count(strings.Join(lines, "\n"), "complete=") < 2 {
			t.Errorf("%s: the second interchange is lost:\n%s", name, strings.Join(lines, "\n"))
		}
	}
}

// Files of habits that no standard has, but many programs.
func TestHabits(t *testing.T) {
	t.Parallel()
	lines := strings.NewReplacer("'\n", "\n", "'", "\n").Replace(exchange(message("M1"), message("M2")))
	for name, test := range map[string]struct {
		in   string
		want []string
	}{
		"EDIFACT, lines without terminator":       {lines, nil},
		"EDIFACT, CR LF without terminator":       {strings.ReplaceAll(lines, "\n", "\r\n"), nil},
		"X12, lines without terminator":           {strings.ReplaceAll(document(report("0001")), "~\n", "\n"), nil},
		"X12, CR LF and a terminator":             {strings.ReplaceAll(document(report("0001")), "~\n", "~\r\n"), nil},
		"X12, separators 1C to 1F":                {strings.NewReplacer("*", "\x1d", "~\n", "\x1c", ">", "\x1f").Replace(document(report("0001"))), nil},
		"EDIFACT, separators of level B":          {strings.NewReplacer("+", "\x1d", "'\n", "\x1c", "'", "\x1c", ":", "\x1f", "UNOC", "UNOB").Replace(exchange(message("M1"))), nil},
		"byte order mark":                         {"\xef\xbb\xbf" + exchange(message("M1")), nil},
		"end-of-file mark and blanks at the end":  {exchange(message("M1")) + "\r\n\x1a\x00\x00", nil},
		"service string advice, no header at all": {"UNA:+.? '\nBGM+220+1+9'\n" + message("M1"), []string{"error edifact.segment.stray interchange=33", "error edifact.interchange.header-missing interchange=13"}},
		"mail header before":                      {"Subject: orders\n\n" + exchange(message("M1")), []string{"warning x12.file.skipped file="}},
	} {
		if diff := cmp.Diff(test.want, toldOf(t, test.in)); diff != "" {
			t.Errorf("%s: findings differ (-want +got):\n%s", name, diff)
		}
		_, out, err := copyAll(strings.NewReader(test.in))
		if err != nil || string(out) != test.in {
			t.Errorf("%s: the copy differs: %v", name, err)
		}
	}
}
