package federation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/exchange/federation/link"
	"fondaco/schema"
)

func sampleBatch() *batch {
	return &batch{
		From: schema.FirmID{15: 1}, To: schema.FirmID{15: 2}, Schema: 7,
		Link: link.Header{
			Position: link.Position{Epoch: 1, Number: 2, Token: link.Token{0: 3}, Withdrawn: 1},
			Prev:     link.Token{0: 2}, Try: 1, End: true,
		},
		Items: []item{
			{Op: put, Kind: "Customer", ID: schema.ID{15: 9}, Record: json.RawMessage(`{"name":"Padaria Ribeiro"}`)},
			{Op: take, Kind: "Contact", ID: schema.ID{15: 8}},
		},
	}
}

func TestBatchComesBackAsItWas(t *testing.T) {
	t.Parallel()
	id := newIdentity(t, newFirm())
	want := sampleBatch()
	text, err := want.encode()
	if err != nil {
		t.Fatal(err)
	}
	body, err := unseal(batchType, id.SigningKey(), seal(batchType, id.signing, text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeBatch(body)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decodeBatch(encode(b)) differs (-want +got):\n%s", diff)
	}
}

func TestForgedMessageIsRefused(t *testing.T) {
	t.Parallel()
	id, other := newIdentity(t, newFirm()), newIdentity(t, newFirm())
	text, err := sampleBatch().encode()
	if err != nil {
		t.Fatal(err)
	}
	sealed := seal(batchType, id.signing, text)
	changed := bytes.Replace(sealed, []byte("Padaria"), []byte("Pasaria"), 1)
	for name, c := range map[string]struct {
		message []byte
		key     *Identity
	}{
		"signed by another firm":  {seal(batchType, other.signing, text), id},
		"checked by another key":  {sealed, other},
		"changed on the way":      {changed, id},
		"of another type":         {bytes.Replace(seal(reportType, id.signing, text), []byte(reportType), []byte(batchType), 1), id},
		"without a signature":     {append([]byte(batchType+" \n"), text...), id},
		"with a broken signature": {append([]byte(batchType+" AAAA\n"), text...), id},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := unseal(batchType, c.key.SigningKey(), c.message); !errors.Is(err, errForged) {
				t.Errorf("unseal = %v; want %v", err, errForged)
			}
		})
	}
}

func TestBatchIsReadStrictly(t *testing.T) {
	t.Parallel()
	text, err := sampleBatch().encode()
	if err != nil {
		t.Fatal(err)
	}
	good := string(text)
	replace := func(old, by string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the sample has no %q", old)
		}
		return strings.Replace(good, old, by, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":                       {"", "first line"},
		"cut within the head":         {good[:20], "first line"},
		"cut after a record":          {good[:strings.LastIndex(good[:len(good)-1], "\n")+1], "states 2"},
		"without the last line break": {good[:len(good)-1], "states 2"},
		"one record too many":         {good + `{"op":"take","kind":"Contact","id":"00000000-0000-0000-0000-000000000001"}` + "\n", "more than"},
		"an unknown name":             {replace(`"op":"put"`, `"op":"put","x":1`), "not the line"},
		"a name in another case":      {replace(`"op"`, `"OP"`), "not the line"},
		"a name twice":                {replace(`"op":"put"`, `"op":"put","op":"put"`), "not the line"},
		"white space":                 {replace(`"op":"put"`, `"op": "put"`), "not the line"},
		"a space in the head":         {replace(`"schema":7`, `"schema": 7`), "canonical"},
		"an unknown name in the head": {replace(`"schema":7`, `"schema":7,"x":1`), "unknown field"},
		"a record that is not JSON":   {replace(`{"name":"Padaria Ribeiro"}`, `{"name":}`), "not JSON"},
		"an unknown operation":        {replace(`"op":"take"`, `"op":"keep"`), "not the line"},
		"a put without a record":      {replace(`,"record":{"name":"Padaria Ribeiro"}`, ""), "not JSON"},
		"a token that is too short":   {replace(`"prev":"`, `"prev":"A`), "token"},
		"too many records":            {replace(`"count":2`, `"count":501`), "at most 500"},
		"a negative count":            {replace(`"count":2`, `"count":-1`), "at most 500"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := decodeBatch([]byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("decodeBatch = %v; want an error with %q", err, c.want)
			}
		})
	}
}

func FuzzDecodeBatch(f *testing.F) {
	text, err := sampleBatch().encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("{}\n"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := decodeBatch(text)
		if err != nil {
			return
		}
		again, err := b.encode()
		if err != nil || !bytes.Equal(again, text) {
			t.Errorf("encode(decodeBatch(%q)) = %q, %v; want the same text", text, again, err)
		}
	})
}

func FuzzUnseal(f *testing.F) {
	id, err := OpenIdentity(f.TempDir(), newFirm())
	if err != nil {
		f.Fatal(err)
	}
	good := seal(batchType, id.signing, []byte("body"))
	f.Add(good)
	f.Add([]byte(batchType + " \n"))
	f.Fuzz(func(t *testing.T, message []byte) {
		body, err := unseal(batchType, id.SigningKey(), message)
		if err == nil && !bytes.Equal(message, good) {
			t.Errorf("unseal(%q) = %q; only our own message is signed", message, body)
		}
	})
}

func BenchmarkBatch(b *testing.B) {
	id, err := OpenIdentity(b.TempDir(), newFirm())
	if err != nil {
		b.Fatal(err)
	}
	full := sampleBatch()
	full.Items = nil
	for n := range maxItems {
		record := fmt.Sprintf(`{"version":%d,"fields":{"name":"Padaria Ribeiro %d","notes":%q}}`, n, n, strings.Repeat("pão ", 150))
		full.Items = append(full.Items, item{Op: put, Kind: "Customer", ID: schema.NewID(), Record: json.RawMessage(record)})
	}
	text, err := full.encode()
	if err != nil {
		b.Fatal(err)
	}
	sealed := seal(batchType, id.signing, text)
	b.Run("encode and sign", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(sealed)))
		for b.Loop() {
			text, err := full.encode()
			if err != nil {
				b.Fatal(err)
			}
			seal(batchType, id.signing, text)
		}
	})
	b.Run("verify and decode", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(sealed)))
		for b.Loop() {
			body, err := unseal(batchType, id.SigningKey(), sealed)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := decodeBatch(body); err != nil {
				b.Fatal(err)
			}
		}
	})
}
