package federation

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fondaco/partners"
	"fondaco/schema"
)

func TestRecordComesBackAsItWas(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 30, 15, 123456000, time.UTC)
	want := partners.Projection{
		Kind: schema.Products, ID: schema.ID{15: 7}, Owner: schema.FirmID{15: 1}, Version: 3, Mask: 0b101,
		Fields: json.RawMessage(`{"name":"Pump <1> & \"2\"","gtin":"04012345678901"}`), Versions: []int64{3, 0, 1},
		Times: []time.Time{at, {}, at.Add(-time.Hour)}, CreatedAt: at.Add(-time.Hour), UpdatedAt: at,
	}
	text, fingerprint, err := encodeRecord(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeRecord(want.Owner, item{Op: put, Kind: "Product", ID: want.ID, Record: text})
	if err != nil {
		t.Fatal(err)
	}
	sameJSON := cmp.Transformer("JSON", func(raw json.RawMessage) (v any) { _ = json.Unmarshal(raw, &v); return v })
	sameKind := cmp.Comparer(func(a, b *schema.Kind) bool { return a == b })
	if diff := cmp.Diff(want, got, sameJSON, sameKind, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("decodeRecord(encodeRecord(p)) differs (-want +got):\n%s", diff)
	}
	if strings.ContainsAny(string(text), "\n\r") {
		t.Errorf("a record has several lines: %q", text)
	}
	_, same, err := encodeRecord(got)
	if err != nil || string(same) != string(fingerprint) {
		t.Errorf("the fingerprint of the same record differs: %x and %x, %v", same, fingerprint, err)
	}
}

func TestRecordThatCannotBeOnesOwnIsRefused(t *testing.T) {
	t.Parallel()
	from, good := schema.FirmID{15: 1}, json.RawMessage(`{"version":1,"mask":1,"versions":[1],"times":[0],"fields":{}}`)
	for name, c := range map[string]struct {
		item item
		want string
	}{
		"another firm":           {item{Kind: "Firm", ID: schema.ID{15: 2}, Record: good}, "not its to state"},
		"a kind from the future": {item{Kind: "Certification", ID: schema.ID{15: 9}, Record: good}, "does not know the kind"},
		"a private kind":         {item{Kind: "Partner", ID: schema.ID{15: 9}, Record: good}, "cannot be shared"},
		"lists that do not fit":  {item{Kind: "Customer", ID: schema.ID{15: 9}, Record: json.RawMessage(`{"versions":[1],"fields":{}}`)}, "do not fit"},
		"no fields":              {item{Kind: "Customer", ID: schema.ID{15: 9}, Record: json.RawMessage(`{}`)}, "do not fit"},
		"another shape":          {item{Kind: "Customer", ID: schema.ID{15: 9}, Record: json.RawMessage(`{"version":"x"}`)}, "decode"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := decodeRecord(from, c.item); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("decodeRecord = %v; want an error with %q", err, c.want)
			}
		})
	}
	if _, err := decodeRecord(from, item{Kind: "Firm", ID: from.ID(), Record: good}); err != nil {
		t.Errorf("a firm's own record: %v", err)
	}
}
