package guide_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/sets"
)

// partner restricts the shipped 850.
const partner = `
guide x12 004010 850 PO "Order to Maker" extends x12/004010/850
restrict
  BEG
    02 codes DS SA
    03 length 1 10
    05 format CCYYMMDD
  CUR M
  TAX N
  PO1 max 3
    03 codes EA
    07 M
  N1[01=ST] M max 1
    04 check duns
  N1[01=ST]/N4 M
  N1[01=BY] O max 1
  N1 N
rules
  if BEG/02=DS then PO1/SCH
  if BEG/02=SA then not REF[01=CT]
  within PO1 if PO1/06=VP then PO1/PID
  limit PO1 2
`

func order(body string) string {
	n := strings.Count(body, "~") + 2
	return strings.Replace("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~"+
		"GS*PO*SENDER*RECEIVER*20240408*0612*1*X*004010~ST*850*0001~"+body+"SE*N*0001~GE*1*1~IEA*1*000000001~", "*N*", "*"+itoa(n)+"*", 1)
}

func TestOverlay(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	g, err := lib.Read("partner", partner)
	if err != nil {
		t.Fatal(err)
	}
	const (
		begin = "BEG*00*SA*PO1**20240408~CUR*BY*EUR~"
		to    = "N1*ST*Luso*1*364128874~N4*Porto~"
		line  = "PO1*1*2*EA*9.5**VP*MX-1~PID*F****Text~"
		end   = "CTT*1~"
	)
	tests := []struct {
		name, body string
		want       []string
	}{
		{"all that the partner asks for", begin + to + line + end, nil},
		{"code that the base has, and the partner has not", "BEG*00*RL*PO1**20240408~CUR*BY*EUR~" + to + line + end, []string{"element.code BEG[1]/02 I6"}},
		{"longer than the partner takes", "BEG*00*SA*PO123456789**20240408~CUR*BY*EUR~" + to + line + end, []string{"element.too-long BEG[1]/03 5"}},
		{"day in a form of its own", "BEG*00*SA*PO1**20240408~CUR*BY*EUR~" + to + line + end, nil},
		{"segment that the partner requires", "BEG*00*SA*PO1**20240408~" + to + line + end, []string{"segment.missing CUR#3 I8"}},
		{"segment that the partner does not use", begin + "TAX*1~" + to + line + end, []string{"segment.not-used TAX#4 I4"}},
		{"place that another qualifier has", begin + to + "N1*SE*Maker~" + line + end, []string{"segment.not-used N1[1]/N1#6 I4"}},
		{"place required by its qualifier", begin + line + end, []string{"segment.missing N1#4 I7"}},
		{"segment required in a place of its own", begin + "N1*ST*Luso*1*364128874~" + line + end, []string{"segment.missing N1[1]/N4#5 I8"}},
		{"more than a qualified place takes", begin + to + "N1*BY*A~N1*BY*B~" + line + end, []string{"loop.too-many N1#7 4"}},
		{"check of an identification", begin + "N1*ST*Luso*1*36412887X~N4*Porto~" + line + end, []string{"element.check-digit N1[1]/N1[1]/04 I12"}},
		{"element that the partner requires", begin + to + "PO1*1*2*EA*9.5~" + end, []string{"element.missing PO1[1]/PO1[1]/07 1"}},
		{"condition across segments", "BEG*00*DS*PO1**20240408~CUR*BY*EUR~" + to + line + end, []string{"transaction.condition BEG#2/02 I6"}},
		{"exclusion across segments", begin + "REF*CT*1~" + to + line + end, []string{"transaction.exclusion REF#4 I9"}},
		{"condition within a loop", begin + to + "PO1*1*2*EA*9.5**VP*MX-1~PO1*2*2*EA*9.5**BP*MX-1~" + "CTT*2~", []string{"transaction.condition PO1[1]/PO1#6/06 I6"}},
		{"limit of a rule", begin + to + line + line + line + "CTT*3~", []string{"transaction.limit PO1[3]/PO1[1] 5"}},
		{"limit of the loop", begin + to + line + line + line + line + "CTT*4~", []string{"transaction.limit PO1[3]/PO1[1] 5", "loop.too-many PO1#12 4"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range findings(t, []byte(order(test.body)), lib, guide.Options{Guide: g}) {
				got = append(got, strings.TrimPrefix(f.ID, "x12.")+" "+strings.TrimPrefix(f.Path.String(), "ISA[1]/GS[1]/ST[1]/")+" "+f.Code)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings of %s (-want +got):\n%s", test.body, diff)
			}
		})
	}
}

func TestOverlayRefusesWhatWidens(t *testing.T) {
	t.Parallel()
	d, err := guide.ParseDictionary("dictionary", smallDictionary)
	if err != nil {
		t.Fatal(err)
	}
	base, err := guide.Parse("small", smallGuide, d)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"AA O":                          `line 3: O widens the base, where AA is M`,
		"AA N":                          `line 3: N widens the base, where AA is M`,
		"BB max 3":                      `line 3: max 3 widens the base, where BB may stand 2 times`,
		"QQ M":                          `line 3: small has no place QQ`,
		"CC/QQ M":                       `line 3: small has no place CC/QQ`,
		"CC[05=X] O":                    `line 3: CC has no element 05 to qualify by`,
		"AA[01=X] O":                    `line 3: AA[01=X] widens the base, where the place is required`,
		"TX[02=CC] O":                   `line 3: code CC widens the base`,
		"TX\n    02 codes CC":           `line 4: code CC widens the base, which has only: AA BB`,
		"TX\n    01 codes ABCD":         `line 4: code ABCD does not fit element 1`,
		"TX\n    01 length 0 3":         `line 4: 0 to 3 characters widen`,
		"TX\n    01 length 1 4":         `line 4: 1 to 4 characters widen`,
		"TX\n    01 length 3 2":         `line 4: lengths 3 to 2 make no sense`,
		"TX\n    07 repeat 3":           `line 4: 3 repetitions widen the 2 of the base`,
		"TX\n    08 O":                  `line 4: O widens the base, where it is N`,
		"TX\n    07-1 O":                `line 4: O widens the base, where it is M`,
		"TX\n    07-9 M":                `line 4: TX has no component 07-9`,
		"TX\n    10 M":                  `line 4: TX has no element 10`,
		"TX\n    01 check luhn":         `line 4: check "luhn" is none of`,
		"TX\n    05 format":             `line 4: a format is one such as CCYYMMDD`,
		"TX\n    07 codes A":            `line 4: 07 is a composite`,
		"TX often":                      `usage "often" is none of`,
		"AA\nrules\n  if QQ/01 then AA": `rule "if QQ/01 then AA": there is no place QQ`,
		"AA\nrules\n  within QQ if AA/01 then BB": `there is no loop QQ`,
		"AA\nstructure\n  ST M 1":                 `"structure" is none of restrict, rules`,
	} {
		text = "guide x12 009999 999 ZZ \"P\" extends small\nrestrict\n  " + text
		if _, err := guide.ParseOverlay("p", text, base); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseOverlay(%q) = %v, want an error with %q", text, err, want)
		}
	}
	if _, err := guide.ParseOverlay("p", `guide x12 009999 998 ZZ "P" extends small`, base); err == nil {
		t.Error("a guide of another set extends small")
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	base, err := lib.Load("x12/004010/850")
	if err != nil {
		t.Fatal(err)
	}
	g, err := lib.Read("partner", partner)
	if err != nil {
		t.Fatal(err)
	}
	if same := guide.Diff(base, base); len(same) != 0 {
		t.Errorf("Diff(base, base) = %v, want nothing", same)
	}
	var lines []string
	for _, d := range guide.Diff(base, g) {
		lines = append(lines, d.String())
	}
	golden(t, "diff.txt", []byte(strings.Join(lines, "\n")+"\n"))
	if back := guide.Diff(g, base); len(back) != len(lines) {
		t.Errorf("Diff the other way has %d differences, want %d", len(back), len(lines))
	}
}

// A finding about a condition says what makes it apply, and which document it
// is about where the guide tells.
func TestTriggerAndUnit(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	g, err := lib.Read("partner", strings.Replace(partner, "rules\n", "rules\n  unit BEG/03\n", 1))
	if err != nil {
		t.Fatal(err)
	}
	list := findings(t, []byte(order("BEG*00*DS*PO1**20240408~CUR*BY*EUR~N1*ST*Luso*1*364128874~N4*Porto~PO1*1*2*EA*9.5**VP~PID*F****Text~CTT*1~")), lib, guide.Options{Guide: g})
	got := map[string]*edi.Trigger{}
	for _, f := range list {
		got[f.ID] = f.Trigger
		if f.Unit == nil || *f.Unit != (edi.Unit{Name: "BEG03", Reference: "PO1"}) {
			t.Errorf("%s has unit %v, want BEG03 PO1", f.ID, f.Unit)
		}
	}
	want := map[string]*edi.Trigger{
		"x12.element.missing":       nil,
		"x12.element.condition":     {Tag: "PO1", Segment: 6, LoopID: "PO1", Element: 6, DataElement: "235"},
		"x12.transaction.condition": {Tag: "BEG", Segment: 2, Element: 2, DataElement: "92"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("triggers (-want +got):\n%s", diff)
	}
}
