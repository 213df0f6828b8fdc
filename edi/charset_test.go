package edi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
)

// One text for each set, in that set and in UTF-8.
func TestCharsets(t *testing.T) {
	t.Parallel()
	tests := []struct{ id, bytes, text string }{
		{"UNOA", "ORDER 12/A", "ORDER 12/A"},
		{"UNOB", "Order 12/a", "Order 12/a"},
		{"UNOC", "Jos\xe9 \xa7", "José §"},
		{"UNOD", "\xa3\xf3d\xbc", "Łódź"},
		{"UNOE", "\xbc\xde\xe1\xda\xd2\xd0", "Москва"},
		{"UNOF", "\xc1\xe8\xde\xed\xe1", "Αθήνα"},
		{"UNOG", "\xa1\xe5", "Ħċ"},
		{"UNOH", "R\xeega", "Rîga"},
		{"UNOI", "\xc7\xe4", "ال"},
		{"UNOJ", "\xf9\xec", "של"},
		{"UNOK", "\xddzmir", "İzmir"},
		{"UNOL", "5 \xa4", "5 €"},
		{"UNOW", "Łódź €", "Łódź €"},
		{"UNOY", "Łódź €", "Łódź €"},
	}
	for _, test := range tests {
		c, err := edi.CharsetOf(test.id)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := c.Decode(nil, []byte(test.bytes)); !ok || string(got) != test.text {
			t.Errorf("%s: Decode(%q) = %q, %v, want %q", test.id, test.bytes, got, ok, test.text)
		}
		if got, err := c.Encode(nil, test.text, nil); err != nil || string(got) != test.bytes {
			t.Errorf("%s: Encode(%q) = %q, %v, want %q", test.id, test.text, got, err, test.bytes)
		}
	}
}

func TestCharsetRefusals(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"UNOX", "UNOZ", "UNOM", "", "KECA"} {
		var e *edi.CharsetError
		if _, err := edi.CharsetOf(id); !errors.As(err, &e) || !strings.Contains(err.Error(), id) {
			t.Errorf("CharsetOf(%q) = %v, want a CharsetError", id, err)
		}
	}
	c, err := edi.CharsetOf("UNOC")
	if err != nil {
		t.Fatal(err)
	}
	var e *edi.CharsetError
	if got, err := c.Encode([]byte("x"), "Łódź", nil); !errors.As(err, &e) || e.Rune != 'Ł' || string(got) != "x" {
		t.Errorf("Encode = %q, %v, want a refusal of Ł", got, err)
	}
	polish := map[rune]string{'Ł': "L", 'ź': "z", '€': "EUR"}
	if got, err := c.Encode(nil, "Łódź 5 €", polish); err != nil || string(got) != "L\xf3dz 5 EUR" {
		t.Errorf("Encode with substitutes = %q, %v", got, err)
	}
	if _, err := c.Encode(nil, "€", map[rune]string{'€': "€"}); !errors.As(err, &e) {
		t.Errorf("a substitute that cannot be written = %v, want a refusal", err)
	}
	upper, err := edi.CharsetOf("UNOA")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := upper.Encode(nil, "a", nil); err == nil {
		t.Error("UNOA takes lower case")
	}
	if got, ok := upper.Decode(nil, []byte("a\xe9")); ok || string(got) != "a\uFFFD" {
		t.Errorf("Decode = %q, %v", got, ok)
	}
	utf8, err := edi.CharsetOf("UNOY")
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := utf8.Decode(nil, []byte("a\xe9")); ok || string(got) != "a\uFFFD" {
		t.Errorf("Decode = %q, %v", got, ok)
	}
}

func TestCharacterFindings(t *testing.T) {
	t.Parallel()
	in := func(syntax, text string) string {
		return strings.Replace(exchange("UNH+1+ORDERS:D:96A:UN'FTX+AAI+++"+text+"'FTX+AAI+++"+text+"'UNT+4+1'"), "UNOC:3", syntax, 1)
	}
	told := func(ids ...string) []string { return ids }
	tests := map[string]struct {
		in   string
		want []string
	}{
		"Latin 1 in UNOC":       {in("UNOC:3", "Jos\xe9"), nil},
		"UTF-8 in UNOC":         {in("UNOC:3", "José"), told("warning edifact.interchange.charset interchange=")},
		"UTF-8 in UNOY":         {in("UNOY:3", "José"), nil},
		"Latin 1 in UNOY":       {in("UNOY:3", "Jos\xe9"), told("error edifact.element.character element=21", "error edifact.element.character element=21")},
		"undefined byte":        {in("UNOF:3", "\xff"), told("error edifact.element.character element=21", "error edifact.element.character element=21")},
		"control character":     {in("UNOC:3", "a\x01b"), told("error edifact.element.character element=21", "error edifact.element.character element=21")},
		"lower case in UNOA":    {in("UNOA:1", "low"), told("warning edifact.element.character element=21", "warning edifact.element.character element=21")},
		"lower case in UNOB":    {in("UNOB:1", "low"), nil},
		"accent in UNOB":        {in("UNOB:1", "Jos\xe9"), told("error edifact.element.character element=21", "error edifact.element.character element=21")},
		"UNOX":                  {in("UNOX:3", "Jos\xe9"), told("error edifact.interchange.charset-unsupported interchange=46")},
		"UNOZ, agreed upon":     {in("UNOZ:3", "Jos\xe9"), nil},
		"asterisk in version 3": {in("UNOC:3", "2*3"), nil},
		"two equal separators":  {"UNA::.? '" + strings.ReplaceAll(exchange("UNH:1:ORDERS'UNT:2:1'"), "+", ":"), told("error edifact.interchange.separator interchange=22")},
	}
	for name, test := range tests {
		var got []string
		for _, line := range envelopes(t, test.in) {
			if f := strings.Fields(line); strings.HasPrefix(line, "  ") && !strings.Contains(line, "header") {
				got = append(got, strings.Join(f[:3], " "))
			}
		}
		if name == "two equal separators" && len(got) > 0 {
			got = got[:1]
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: findings differ (-want +got):\n%s", name, diff)
		}
	}
}

// Nothing repeats before syntax version 4, whatever the advice says.
func TestRepetitionOfEDIFACT(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		head string
		want int
	}{
		"version 3":                          {"UNB+UNOC:3+A+B+240408:0612+1'", 1},
		"version 3, advice with a separator": {"UNA:+.?*'UNB+UNOC:3+A+B+240408:0612+1'", 1},
		"version 4":                          {"UNB+UNOC:4+A+B+20240408:0612+1'", 2},
		"version 4, advice":                  {"UNA:+.?*'UNB+UNOC:4+A+B+20240408:0612+1'", 2},
		"version 4, another separator":       {"UNA:+.?^'UNB+UNOC:4+A+B+20240408:0612+1'", 1},
	}
	for name, test := range tests {
		all := readAll(t, strings.NewReader(test.head+"ABC+1*2'"), edi.Options{})
		n := 0
		for range all[len(all)-1].Repetitions(1) {
			n++
		}
		if n != test.want {
			t.Errorf("%s: %d repetitions, want %d", name, n, test.want)
		}
	}
}

func TestServiceStringAdvice(t *testing.T) {
	t.Parallel()
	body := "UNB+UNOC:3+A+B+240408:0612+1'UNH+1+ORDERS:D:96A:UN'QTY+21:1,5'FTX+a?+b'UNT+4+1'UNZ+1+1'"
	tests := map[string]struct {
		in      string
		decimal byte
		release byte
	}{
		"comma":            {"UNA:+,? '" + body, ',', '?'},
		"lines":            {"UNA:+.? '\r\n" + body, '.', '?'},
		"byte order mark":  {"\xef\xbb\xbfUNA:+.? '" + body, '.', '?'},
		"blank release":    {"UNA:+.  '" + strings.ReplaceAll(body, "a?+b", "ab"), '.', 0},
		"space before UNB": {"UNA:+.? ' " + body, '.', '?'},
	}
	for name, test := range tests {
		all := readAll(t, strings.NewReader(test.in), edi.Options{})
		d := all[len(all)-1].Delimiters()
		if d.Decimal != test.decimal || d.Release != test.release || rawOf(all) != test.in || len(all) != 7 {
			t.Errorf("%s: %d segments, delimiters %+v", name, len(all), d)
		}
		for _, line := range envelopes(t, test.in) {
			if strings.HasPrefix(line, "  ") {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

// ISX declares a release character from version 007040 on, and is a segment
// like any other before.
func TestReleaseOfX12(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"00704": "a*b", "00501": `a\`} {
		head := strings.Replace(isa, "*U*00401", "*^*"+version, 1)
		in := head + `ISX*\~GS*PT*A*B*20240408*0612*1*X*007040~ST*867*0001~REF*IV*a\*b~SE*3*0001~GE*1*1~IEA*1*000000001~`
		all := readAll(t, strings.NewReader(in), edi.Options{})
		if got := all[4].Text(2, 1); got != want {
			t.Errorf("version %s: REF02 = %q, want %q", version, got, want)
		}
		if rawOf(all) != in {
			t.Errorf("version %s: the bytes differ", version)
		}
		var form, back strings.Builder
		if err := edi.EncodeJSON(&form, strings.NewReader(in)); err != nil {
			t.Fatal(err)
		}
		if err := edi.DecodeJSON(&back, strings.NewReader(form.String())); err != nil || back.String() != in {
			t.Errorf("version %s: JSON there and back = %q, %v", version, back.String(), err)
		}
	}
}
