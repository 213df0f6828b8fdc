package mapping_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// report gives the map of the 867.
func report(t testing.TB) (*guide.Library, *mapping.Map) {
	t.Helper()
	lib := guide.NewLibrary(sets.Files())
	g, err := lib.Guide("004010", "867")
	if err != nil {
		t.Fatal(err)
	}
	m, err := mapping.NewLibrary(sets.Files()).Map(g)
	if err != nil {
		t.Fatal(err)
	}
	return lib, m
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(sets.Files(), "x12/004010/867/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func documents(t testing.TB, lib *guide.Library, data []byte) []*mapping.Document {
	t.Helper()
	docs, _, err := mapping.Documents(bytes.NewReader(data), lib, guide.Options{RequireGuide: true})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; run the test with -update and read the file", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update if it should:\n%s", name, diff)
	}
}

func TestJSONOfSamples(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sample", "damaged"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lib, _ := report(t)
			var out, pretty bytes.Buffer
			err := mapping.JSON(&out, bytes.NewReader(sample(t, name+".edi")), lib, mapping.NewLibrary(sets.Files()))
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if err := json.Indent(&pretty, []byte(line), "", "  "); err != nil {
					t.Fatalf("%v in %s", err, line)
				}
			}
			golden(t, "testdata/"+name+".json", pretty.Bytes())
		})
	}
}

func TestOriginsPointToTheirElements(t *testing.T) {
	t.Parallel()
	lib, m := report(t)
	data := sample(t, "sample.edi")
	o, problems := m.Decode(documents(t, lib, data)[0])
	if len(problems) > 0 {
		t.Fatalf("Decode() reports %v", problems)
	}
	line := o.Objects("sales")[1].Objects("lines")[0]
	for name, want := range map[string][2]string{
		"partNumber": {"ISA[1]/GS[1]/ST[1]/PTD[2]/QTY[1]/LIN#47/03", "MX-SW-24P"},
		"unitPrice":  {"ISA[1]/GS[1]/ST[1]/PTD[2]/QTY[1]/UIT#48/02", "655"},
	} {
		at := line.Origin(name)
		from := at.Position().Offset
		got := [2]string{at.Path().String(), string(data[from : from+int64(at.Length())])}
		if got != want {
			t.Errorf("origin of %s = %v, want %v", name, got, want)
		}
	}
	if o.Origin("nothing").Known() {
		t.Error("a field that is not there has an origin")
	}
}

func TestPutChangesNothingElse(t *testing.T) {
	t.Parallel()
	lib, m := report(t)
	d := documents(t, lib, sample(t, "sample.edi"))[0]
	for _, c := range []struct {
		name, from, to string
		lines          map[string]string // of the document, before and after
	}{
		{"a value", `"orderNumber":"PO-55120"`, `"orderNumber":"PO-1"`, map[string]string{"REF*PO*PO-55120~": "REF*PO*PO-1~"}},
		{"a value taken away with its segment", `"orderNumber":"PO-55120",`, ``, map[string]string{"REF*PO*PO-55120~\n": ""}},
		{"a value beside one that stays", `"streetContinued":"Sao Victor",`, ``, map[string]string{"N3*Sete Fontes*Sao Victor~": "N3*Sete Fontes~"}},
		{"a sum with the number under it", `"amount":"183.6"`, `"amount":"183.7"`, map[string]string{"AMT*1*183.6~": "AMT*1*183.7~", "AMT*TT*16563.1~": "AMT*TT*16563.2~"}},
		{"a number that says the same in other digits", `"unitPrice":"412.5"`, `"unitPrice":"412.500"`, nil},
		{"a product number among several", `"gtin":"036000291452",`, ``, map[string]string{
			"LIN*1*VP*MX-AP-650*UP*036000291452*SK*LD-88213~": "LIN*1*VP*MX-AP-650*SK*LD-88213~"}},
		{"another serial number", `"MX450B0001207"`, `"MX450B0001207","MX450B0001208"`, map[string]string{
			"REF*SE*MX450B0001207~\n": "REF*SE*MX450B0001207~\nREF*SE*MX450B0001208~\n", "SE*67*": "SE*68*"}},
		{"a serial number less", `"MX450B0001204",`, ``, map[string]string{
			"REF*SE*MX450B0001204~\nREF*SE*MX450B0001207~\n": "REF*SE*MX450B0001207~\n", "SE*67*": "SE*66*"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o, _ := m.Decode(d)
			text, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(text, []byte(c.from)) {
				t.Fatalf("the record has no %s:\n%s", c.from, text)
			}
			changed, err := m.ReadJSON(bytes.Replace(text, []byte(c.from), []byte(c.to), 1))
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Put(changed, d)
			if err != nil {
				t.Fatal(err)
			}
			want := string(d.Bytes())
			removed := got.Segments() - d.Segments()
			for from, to := range c.lines {
				want = strings.Replace(want, from, to, 1)
			}
			if removed == -1 {
				want = strings.Replace(want, "SE*67*", "SE*66*", 1)
			}
			if diff := cmp.Diff(want, string(got.Bytes())); diff != "" {
				t.Errorf("Put() differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPutRefuses(t *testing.T) {
	t.Parallel()
	lib, m := report(t)
	docs := documents(t, lib, sample(t, "sample.edi"))
	damaged := documents(t, lib, sample(t, "damaged.edi"))
	for _, c := range []struct{ name, from, to, want string }{
		{"a return that is not negative", `"quantity":"-2"`, `"quantity":"2"`, "2 must be negative here"},
		{"a name longer than the guide allows", `"Hospital de Braga EPE"`, `"` + strings.Repeat("x", 61) + `"`, "too long"},
		{"a delimiter in a text", `"Hospital de Braga EPE"`, `"Hospital*Braga"`, "separates in this document"},
		{"two numbers where one fits", `"partyNumber":"E90012"`, `"gln":"5601234567895","partyNumber":"E90012"`, "no room left"},
		{"a line without a product", `"partNumber":"MX-LIC-3Y",`, ``, "LIN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o, _ := m.Decode(docs[0])
			text, _ := json.Marshal(o)
			if !bytes.Contains(text, []byte(c.from)) {
				t.Fatalf("the record has no %s:\n%s", c.from, text)
			}
			changed, err := m.ReadJSON(bytes.Replace(text, []byte(c.from), []byte(c.to), 1))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.Put(changed, docs[0]); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Put() = %v, want an error with %q", err, c.want)
			}
		})
	}
	o, _ := m.Decode(damaged[1])
	if _, err := m.Put(o, damaged[1]); err == nil || !strings.Contains(err.Error(), "correct it first") {
		t.Errorf("Put() into a damaged document = %v, want a refusal", err)
	}
}

func TestReadJSONRefuses(t *testing.T) {
	t.Parallel()
	_, m := report(t)
	for in, want := range map[string]string{
		`{"reportedOn":"2026-13-01"}`:                 `reportedOn: date "2026-13-01"`,
		`{"reportedOn":20260101}`:                     "reportedOn: json",
		`{"purpose":"invented"}`:                      `purpose: the table purpose has no "invented"`,
		`{"color":"red"}`:                             `there is no field "color"`,
		`{"sales":[{"lines":[{"quantity":"many"}]}]}`: `sales: entry 0: lines: entry 0: quantity: number "many"`,
		`[]`: "want an object",
	} {
		if _, err := m.ReadJSON([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ReadJSON(%s) = %v, want an error with %q", in, err, want)
		}
	}
}
