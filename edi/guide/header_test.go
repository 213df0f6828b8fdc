package guide_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/sets"
)

// enveloped are the findings of a file about its envelopes.
func enveloped(t *testing.T, lib *guide.Library, file string) []string {
	t.Helper()
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(strings.NewReader(file), edi.Options{}), lib, guide.Options{RequireGuide: true}))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	rep.All(func(f *edi.Finding) {
		list = append(list, strings.Join(strings.Fields(f.Severity.String()+" "+f.ID+" "+f.Code+" "+f.Path.String()+" "+f.Value+" "+f.Expected), " "))
	})
	return list
}

// anOrder is a file of one order, with parts of it replaced.
func anOrder(replace ...string) string {
	file := string(generate.PurchaseOrders(generate.Options{Transactions: 2, Lines: 1}))
	return strings.NewReplacer(replace...).Replace(file)
}

func TestGroupVersion(t *testing.T) {
	t.Parallel()
	three := guide.NewLibrary(sets.Files(), fstest.MapFS{"x12/004012/850/guide": {Data: []byte("guide x12 004012 850 PO \"x\"\n")}})
	read := func(version, release string) []string {
		return []string{"warning x12.set.version-read ISA[1]/GS[1]/08 " + version + " " + release}
	}
	unknown := func(version string) []string {
		return []string{
			"error x12.element.code 2 ISA[1]/GS[1]/08 " + version,
			"error x12.set.no-guide 1 ISA[1]/GS[1]/ST[1]/01 850 " + version,
			"error x12.set.no-guide 1 ISA[1]/GS[1]/ST[2]/01 850 " + version,
		}
	}
	for _, test := range []struct {
		version string
		lib     *guide.Library
		want    []string
	}{
		{"004010", library, nil},
		{"004010VICS", library, nil},
		{"005010", library, nil},
		{"4010", library, read("4010", "004010")},
		{"04010", library, read("04010", "004010")},
		{"00401", library, read("00401", "004010")},
		{"00501", library, read("00501", "005010")},
		{"00402", library, unknown("00402")},
		{"40", library, unknown("40")},
		{"4O10", library, unknown("4O10")},
		{"004090", library, unknown("004090")},
		{"4010", three, read("4010", "004010")},
		{"00401", three, unknown("00401")}, // which could be 004012 as well
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, enveloped(t, test.lib, anOrder("*X*004010", "*X*"+test.version))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGroupDate(t *testing.T) {
	t.Parallel()
	short := []string{"warning x12.element.too-short ISA[1]/GS[1]/04 240331 8"}
	gs := func(date string) string {
		b := []byte(anOrder())
		at := bytes.Index(b, []byte("GS*"))
		return string(b[:at]) + strings.Replace(string(b[at:]), "*20240331*", "*"+date+"*", 1)
	}
	if diff := cmp.Diff(short, enveloped(t, library, gs("240331"))); diff != "" {
		t.Errorf("six digits in 004010 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"error x12.element.date ISA[1]/GS[1]/04 241331 CCYYMMDD"}, enveloped(t, library, gs("241331"))); diff != "" {
		t.Errorf("a day that does not exist (-want +got):\n%s", diff)
	}
	old := fstest.MapFS{"x12/003070/850/guide": {Data: []byte("guide x12 003070 850 PO \"x\" extends x12/004010/850\nrestrict\n")}}
	if got := enveloped(t, guide.NewLibrary(sets.Files(), old), strings.Replace(gs("240331"), "*X*004010", "*X*003070", 1)); len(got) > 0 {
		t.Errorf("six digits before 004010: %q", got)
	}
}

// A control number that is the same number in other digits is the parser's to tell.
func TestControlInOtherDigits(t *testing.T) {
	t.Parallel()
	for _, id := range enveloped(t, library, anOrder("IEA*1*000000001", "IEA*1*1")) {
		if strings.Contains(id, "too-short") {
			t.Error(id)
		}
	}
	if got := enveloped(t, library, anOrder("IEA*1*000000001", "IEA*1*2")); !strings.Contains(strings.Join(got, "\n"), "error x12.element.too-short 001 ISA[1]/IEA/02 2 9") {
		t.Errorf("another number: %q", got)
	}
}
