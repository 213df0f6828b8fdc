package edi_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"fondaco/edi"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, input, contains string }{
		{"simple", document(report("0001")), `{"gap":"\n","tag":"QTY","elements":["32","1"]}`},
		{"composite", isa + "UIT*EA>1*9.5~", `{"tag":"UIT","elements":[["EA","1"],"9.5"]}`},
		{"repetition", strings.Replace(strings.Replace(isa, "*U*00401*", "*^*00501*", 1), ">~", ":~", 1) + "AB*x^y:z^~", `["x"`},
		{"bytes that are no UTF-8", isa + "N1*ST*caf\xe9 \xff\xfe~", `"N1","elements":["ST","caf` + "\uf7e9 \uf7ff\uf7fe" + `"]`},
		{"characters that stand for bytes", isa + "N1*ST*\uf7e9~", "\uf7ef\uf79f\uf7a9"},
		{"control characters and quotes", isa + "N1*ST*\x01\"\\\t\x7f~", `"\u0001\"\\\t\u007f"`},
		{"no terminator at the end", isa + "SE*1", `{"tag":"SE","elements":["1"],"end":""}`},
		{"junk around", "junk\n" + isa + "IEA*0*1~\n-- bye --", `{"filler":"\n-- bye --"}`},
		{"binary data", isa + "BIN*5*a~*~b~IEA*0*1~", `"raw":"BIN*5*a~*~b"`},
		{"empty segment", isa + "~~IEA*0*1~", `{"tag":""}`},
		{"only separators", isa + "***~", `{"tag":"","elements":["","",""]}`},
		{"release characters", "UNA:+.? 'UNB+UNOC:3+a?+b+c'", `["UNOC","3"],"a+b","c"]`},
		{"needless release characters", "UNB+UNOC:3+?a'", `"raw":"UNB+UNOC:3+?a"`},
		{"TRADACOMS", "STX=ANA:1+S'MHD=1+ORDHDR:9'X'", `{"tag":"MHD","elements":["1",["ORDHDR","9"]]}`},
		{"TRADACOMS without its tag separator", "STX=ANA:1+S'MHD+1'", `"raw":"MHD+1"`},
		{"two standards in one file", isa + "IEA*0*1~UNB+UNOC:3'UNZ+0'" + isa, `"release":"?"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var form, back bytes.Buffer
			if err := edi.EncodeJSON(&form, strings.NewReader(test.input)); err != nil {
				t.Fatal(err)
			}
			if !json.Valid(form.Bytes()) || !strings.Contains(form.String(), test.contains) {
				t.Errorf("EncodeJSON(%q) =\n%s\nwant valid JSON with %s", test.input, form.String(), test.contains)
			}
			if err := edi.DecodeJSON(&back, bytes.NewReader(form.Bytes())); err != nil {
				t.Fatal(err)
			}
			if back.String() != test.input {
				t.Errorf("there and back: %q, want %q", back.String(), test.input)
			}
		})
	}
}

func TestDecodeJSONByHand(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, form, want, err string }{
		{"without anything but tags and values", `{"segments":[{"tag":"N1","elements":["ST",["a","b"],{"repeat":["x",["y","z"]]}]}]}`, "N1*ST*a:b*x^y:z~", ""},
		{"a value with a delimiter", `{"segments":[{"tag":"N1","elements":["a*b"]}]}`, "", "N101"},
		{"another format", `{"format":"other","segments":[]}`, "", "segment form"},
		{"not the form", `[1]`, "", "segment form"},
		{"no JSON", `ISA*00*`, "", "segment form"},
		{"cut", `{"segments":[{"tag":"N1"}`, "", "EOF"},
		{"repetition where there is none", `{"segments":[{"delimiters":{"element":"*","terminator":"~"},"tag":"A1","elements":[{"repeat":["a","b"]}]}]}`, "", "no repetition separator"},
		{"delimiter of two bytes", `{"segments":[{"delimiters":{"element":"**","terminator":"~"},"tag":"A1"}]}`, "", "more than one byte"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := edi.DecodeJSON(&out, strings.NewReader(test.form))
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("DecodeJSON(%s) = %v, want an error with %q", test.form, err, test.err)
				}
				return
			}
			if err != nil || out.String() != test.want {
				t.Errorf("DecodeJSON(%s) = %q, %v, want %q", test.form, out.String(), err, test.want)
			}
		})
	}
}
