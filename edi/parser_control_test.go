package edi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The control numbers of X12 groups and interchanges are numbers: zeros before
// them are worth a warning alone. Those of transactions are text.
func TestControlNumbersWrittenOtherwise(t *testing.T) {
	t.Parallel()
	good := document(report("0001"))
	group, isa := "warning x12.group.control-form group=", "warning x12.interchange.control-form interchange="
	for name, c := range map[string]struct {
		old, replacement string
		want             []string
	}{
		"as in the header":           {"", "", nil},
		"IEA02 without zeros":        {"IEA*1*000000001", "IEA*1*1", []string{isa}},
		"IEA02 with more zeros":      {"IEA*1*000000001", "IEA*1*0000000001", []string{isa}},
		"IEA02 without terminator":   {"IEA*1*000000001~", "IEA*1*1", []string{"warning x12.segment.unterminated interchange=", isa}},
		"IEA02 is another":           {"IEA*1*000000001", "IEA*1*10", []string{"error x12.interchange.control-mismatch interchange=001"}},
		"IEA02 is none":              {"IEA*1*000000001", "IEA*1*1A", []string{"error x12.interchange.control-mismatch interchange=001"}},
		"IEA02 is empty":             {"IEA*1*000000001", "IEA*1*", []string{"error x12.interchange.control-mismatch interchange=001"}},
		"GE02 with zeros":            {"GE*1*1", "GE*1*0001", []string{group}},
		"GE02 is another":            {"GE*1*1", "GE*1*2", []string{"error x12.group.control-mismatch group=4"}},
		"GE02 is too long a number":  {"GE*1*1", "GE*1*4294967297", []string{"error x12.group.control-mismatch group=4"}},
		"SE02 without zeros is text": {"SE*8*0001", "SE*8*1", []string{"error x12.transaction.control-mismatch transaction=3"}},
	} {
		var got []string
		for _, line := range toldOf(t, strings.Replace(good, c.old, c.replacement, 1)) {
			if !strings.Contains(line, "element.") && !strings.Contains(line, "trailing-separator") { // which the guide has to say
				got = append(got, line)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: findings differ (-want +got):\n%s", name, diff)
		}
	}
	edifact := strings.Replace(unb, "+R1'", "+0001'", 1) + message("M1") + "UNZ+1+1'"
	if diff := cmp.Diff([]string{"error edifact.interchange.control-mismatch interchange=28"}, toldOf(t, edifact)); diff != "" {
		t.Errorf("EDIFACT references are text, findings differ (-want +got):\n%s", diff)
	}
}

// Every element of a UNB has its length.
func TestLengthsOfUNB(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 36)
	value := func(code string) []string {
		return []string{"error edifact.interchange.header-value interchange=" + code}
	}
	for header, want := range map[string][]string{
		"UNB+UNOC:3+A:ZZ:ROUTE+B:ZZ:ROUTE+240408:0612+R1+PASSWORD:AA+ORDERS+A+1+AGREED+1'": nil,
		"UNB+UNOC:3+A:ZZZZZ+B+240408:0612+R1'":                                             value("39"),
		"UNB+UNOC:3+A+B:ZZZZZ+240408:0612+R1'":                                             value("39"),
		"UNB+UNOC:3+A:ZZ:" + long + "+B+240408:0612+R1'":                                   value("39"),
		"UNB+UNOC:3+A+B:ZZ:" + long + "+240408:0612+R1'":                                   value("39"),
		"UNB+UNOC:3+A:ZZ:" + long[:15] + "+B+240408:0612+R1'":                              value("39"),
		"UNB+UNOC:4+A:ZZ:" + long[:35] + ":" + long[:35] + "+B+20240408:0612+R1'":          nil,
		"UNB+UNOC:4+A:ZZ:" + long + "+B+20240408:0612+R1'":                                 value("39"),
		"UNB+UNOC:3+A:ZZ::INTERNAL:MORE+B+240408:0612+R1'":                                 value("16"),
		"UNB+UNOC:3+A+B+240408:0612+R1++++1:2'":                                            value("16"),
		"UNB+UNOC:3+A+B+240408:0612+R1+++++++MORE'":                                        value("16"),
		"UNB+UNOC:3+" + long + "+B+240408:0612+R1'":                                        value("39"),
		"UNB+UNOC:3+A+B+240408:0612+R1+" + long[:15] + "'":                                 value("39"),
		"UNB+UNOC:3+A+B+240408:0612+R1+P:A'":                                               value("40"),
		"UNB+UNOC:3+A+B+240408:0612+R1+P:AAA'":                                             value("39"),
		"UNB+UNOC:3+A+B+240408:0612+R1++" + long[:15] + "'":                                value("39"),
		"UNB+UNOC:3+A+B+240408:0612+R1+++1'":                                               value("37"),
		"UNB+UNOC:3+A+B+240408:0612+R1+++AB'":                                              value("39"),
		"UNB+UNOC:3+A+B+240408:0612+R1++++3'":                                              value("12"),
		"UNB+UNOC:3+A+B+240408:0612+R1+++++" + long + "'":                                  value("39"),
		"UNB+UNOC:3+A+B+240408:0612+R1++++++9'":                                            value("12"),
		"UNB+UNOC:3+A+B+240408:0612+R1++++++11'":                                           value("39"),
		"UNB+UNOC:3+" + strings.Repeat("?+", 35) + "+B+240408:0612+R1'":                    nil, // released characters count once
		"UNB+UNOW:4+" + strings.Repeat("Ł", 35) + "+B+20240408:0612+R1'":                   nil, // and so do those of more bytes
		"UNB+UNOW:4+" + strings.Repeat("Ł", 36) + "+B+20240408:0612+R1'":                   value("39"),
	} {
		if diff := cmp.Diff(want, toldOf(t, header+message("M1")+"UNZ+1+R1'")); diff != "" {
			t.Errorf("%s: findings differ (-want +got):\n%s", header, diff)
		}
	}
}
