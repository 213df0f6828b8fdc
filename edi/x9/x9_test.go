package x9_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/x9"
)

func TestEveryFormIsReadAndWritten(t *testing.T) {
	t.Parallel()
	for _, o := range forms {
		data := cashLetter(t, o)
		f, ebcdic, ok := x9.Detect(data[:256])
		if !ok || f != o.Framing || ebcdic != o.EBCDIC {
			t.Errorf("Detect(%+v) = %v, %v, %v", o, f, ebcdic, ok)
		}
		if out, err := copied(data); err != nil || !bytes.Equal(out, data) {
			t.Errorf("%+v: the copy differs: %v", o, err)
		}
		if list := found(t, data); len(list) > 0 {
			t.Errorf("%+v: found %v in a good file", o, list)
		}
		checkJSON(t, data)
		r := x9.NewReader(bytes.NewReader(data))
		var types, images []string
		for {
			rec, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			types = append(types, rec.Type())
			if rec.Type() == "25" && (rec.Field("amount") != "0000012050" || strings.TrimSpace(rec.Field("onUs")) != "99887766/101") {
				t.Errorf("%+v: cheque %q", o, rec.Text())
			}
			b, err := io.ReadAll(rec.Image())
			if err != nil {
				t.Fatal(err)
			}
			if len(b) > 0 {
				images = append(images, string(b))
			}
		}
		if got := strings.Join(types, " "); got != "01 10 20 25 26 50 52 50 52 25 26 50 52 50 52 70 90 99" {
			t.Errorf("%+v: types %s", o, got)
		}
		if diff := cmp.Diff([]string{picture, picture, picture, picture}, images); diff != "" {
			t.Errorf("%+v: images differ:\n%s", o, diff)
		}
	}
}

// checkJSON turns data into JSON and back.
func checkJSON(t *testing.T, data []byte) {
	t.Helper()
	var form, back bytes.Buffer
	if err := x9.EncodeJSON(&form, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(form.Bytes()) {
		t.Fatalf("no JSON: %s", form.Bytes())
	}
	if err := x9.DecodeJSON(&back, &form); err != nil || !bytes.Equal(back.Bytes(), data) {
		t.Errorf("JSON there and back = %q, %v, want %q", back.Bytes(), err, data)
	}
}

func TestCheckFindsWrongTotals(t *testing.T) {
	t.Parallel()
	good := string(cashLetter(t, x9.WriterOptions{Framing: x9.Lines}))
	control := func(old, now string) string {
		if strings.Count(good, old) != 1 {
			t.Fatalf("%q occurs %d times", old, strings.Count(good, old))
		}
		return strings.Replace(good, old, now, 1)
	}
	line := func(typ string) string {
		at := strings.LastIndex(good, "\n"+typ) + 1
		return good[at : at+81]
	}
	tests := map[string]struct {
		in   string
		want []string
	}{
		"bundle":          {control("700002000000024100000000024100"+"00004", "700003000000024101000000024100"+"00005"), []string{"16 x9.bundle.items 2", "16 x9.bundle.amount 24100", "16 x9.bundle.images 4"}},
		"cash letter":     {control("900000010000000200000000024100000000004", "900000020000000300000000024101000000005"), []string{"17 x9.cash-letter.bundles 1", "17 x9.cash-letter.items 2", "17 x9.cash-letter.amount 24100", "17 x9.cash-letter.images 4"}},
		"file":            {control("9900000100000018000000020000000000024100", "9900000200000019000000030000000000024101"), []string{"18 x9.file.cash-letters 1", "18 x9.file.records 18", "18 x9.file.items 2", "18 x9.file.amount 24100"}},
		"no number":       {control("700002000000024100", "7000020000000241O0"), []string{"16 x9.field.number 24100"}},
		"lost bundle end": {control(line("70"), ""), []string{"16 x9.bundle.open", "17 x9.file.records 17"}},
		"lost file end":   {control(line("99"), ""), []string{"17 x9.file.open"}},
		"cheque outside":  {control(line("99"), line("25")+line("99")), []string{"18 x9.record.misplaced", "19 x9.file.records 19"}},
		"short record":    {control("99000001", "9900001"), []string{"18 x9.record.length 80", "18 x9.file.cash-letters 1", "18 x9.file.records 18", "18 x9.file.items 2"}},
		"junk between":    {control(line("70"), "-- page 2 --\n"+line("70")), []string{"16 x9.record.junk", "19 x9.file.records 19"}},
	}
	for name, test := range tests {
		if diff := cmp.Diff(test.want, found(t, []byte(test.in))); diff != "" {
			t.Errorf("%s: findings differ (-want +got):\n%s", name, diff)
		}
		if out, err := copied([]byte(test.in)); err != nil || string(out) != test.in {
			t.Errorf("%s: the copy differs: %v", name, err)
		}
		checkJSON(t, []byte(test.in))
	}
}

func TestCredits(t *testing.T) {
	t.Parallel()
	good := string(cashLetter(t, x9.WriterOptions{Framing: x9.Lines}))
	credit := "61" + strings.Repeat(" ", 45) + "0000024100" + strings.Repeat(" ", 23) + "\n"
	in := strings.Replace(good, "\n20", "\n"+credit+"20", 1)
	in = strings.Replace(in, "9900000100000018", "9900000100000019", 1)
	if list := found(t, []byte(in)); len(list) > 0 {
		t.Errorf("a credit that is not counted: %v", list)
	}
	// the cash letter now says that it counts credits
	at := strings.Index(in, "\n90") + 1
	counted := in[:at] + "90000001" + "00000003" + "00000000048200" + in[at+30:at+65] + "1" + in[at+66:]
	if list := found(t, []byte(counted)); len(list) > 0 {
		t.Errorf("a credit that is counted: %v", list)
	}
}

func TestDamage(t *testing.T) {
	t.Parallel()
	for _, o := range forms {
		good := cashLetter(t, o)
		for at := range good {
			cut := good[:at]
			if out, err := copied(cut); err == nil && !bytes.Equal(out, cut) {
				t.Fatalf("%+v cut at %d: the copy differs", o, at)
			}
		}
		broken := bytes.Clone(good)
		broken[200] ^= 0xff
		broken[330] ^= 0x0f
		if out, err := copied(broken); err != nil || !bytes.Equal(out, broken) {
			t.Errorf("%+v: the copy of a broken file differs: %v", o, err)
		}
		checkJSON(t, broken)
	}
}

func TestWhatIsNoCashLetter(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "hello", "ISA*00*", "\x00\x00\x00\x50hello", "0A"} {
		if _, err := x9.NewReader(strings.NewReader(in)).Next(); !errors.Is(err, x9.ErrFormat) {
			t.Errorf("Next of %q = %v, want ErrFormat", in, err)
		}
		if err := x9.EncodeJSON(io.Discard, strings.NewReader(in)); !errors.Is(err, x9.ErrFormat) {
			t.Errorf("EncodeJSON of %q = %v, want ErrFormat", in, err)
		}
	}
	for _, in := range []string{"", "[]", `{"format":"other"}`, `{"format":"fondaco.edi.x9/1","framing":"lines","records":[{"type":"01","fields":{}}]}`} {
		if err := x9.DecodeJSON(io.Discard, strings.NewReader(in)); err == nil {
			t.Errorf("DecodeJSON(%q) = nil, want an error", in)
		}
	}
}

func TestWriterRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*x9.Writer) error{
		"a value that is too long":           func(w *x9.Writer) error { return w.Record("70", map[string]string{"items": "12345"}) },
		"a field that is not there":          func(w *x9.Writer) error { return w.Record("70", map[string]string{"item": "1"}) },
		"a type that is not taken apart":     func(w *x9.Writer) error { return w.Record("54", nil) },
		"a letter that EBCDIC does not have": func(w *x9.Writer) error { return w.Record("01", map[string]string{"originName": "€"}) },
		"an image that is too large":         func(w *x9.Writer) error { return w.Image(nil, "", strings.NewReader(""), 1e7) },
		"an image that is too short":         func(w *x9.Writer) error { return w.Image(nil, "", strings.NewReader("x"), 2) },
	}
	for name, write := range tests {
		w := x9.NewWriter(io.Discard, x9.WriterOptions{EBCDIC: true})
		if err := write(w); err == nil || w.Flush() == nil {
			t.Errorf("%s: %v, want an error that stays", name, err)
		}
	}
}

// Every byte has a character in each set, and goes back to itself.
func TestAllBytes(t *testing.T) {
	t.Parallel()
	for _, ebcdic := range []bool{false, true} {
		data := cashLetter(t, x9.WriterOptions{Framing: x9.Lengths, EBCDIC: ebcdic})
		for b := range 256 {
			data[4+30] = byte(b)
			checkJSON(t, data)
		}
	}
}

// TestCorpus reads the files of the folder named by FONDACO_EDI_CORPUS that are
// image cash letters.
func TestCorpus(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("FONDACO_EDI_CORPUS")
	if dir == "" {
		t.Skip("DID NOT RUN: set FONDACO_EDI_CORPUS to a folder of EDI files to read them all")
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, ebcdic, ok := x9.Detect(data[:min(256, len(data))])
		if !ok {
			return nil
		}
		if out, err := copied(data); err != nil || !bytes.Equal(out, data) {
			t.Errorf("%s: the copy differs: %v", path, err)
		}
		checkJSON(t, data)
		list := found(t, data)
		t.Logf("%s: framing %v, EBCDIC %v, %d findings %q", strings.TrimPrefix(path, dir), f, ebcdic, len(list), list[:min(len(list), 6)])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// FuzzRoundTrip: whatever is read is written back byte for byte, directly and
// by way of JSON, and checking it ends.
func FuzzRoundTrip(f *testing.F) {
	for _, o := range forms {
		f.Add(cashLetter(f, o))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := copied(data)
		if errors.Is(err, x9.ErrFormat) {
			return
		}
		if err != nil || !bytes.Equal(out, data) {
			t.Fatalf("copy = %q, %v", out, err)
		}
		checkJSON(t, data)
		_ = found(t, data)
	})
}
