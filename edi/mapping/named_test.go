package mapping_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// promised are the sets that come with the engine, each in two versions;
// CONTRL is in those of its syntax.
var promised = map[string][]string{
	"x12/004010":   {"850", "855", "860", "865", "856", "810", "820", "812", "832", "840", "843", "844", "845", "846", "849", "852", "867", "816", "838", "824", "864", "997", "999"},
	"x12/005010":   {"850", "855", "860", "865", "856", "810", "820", "812", "832", "840", "843", "844", "845", "846", "849", "852", "867", "816", "838", "824", "864", "997", "999"},
	"edifact/d96a": {"ORDERS", "ORDRSP", "ORDCHG", "DESADV", "INVOIC", "REMADV", "RECADV", "PRICAT", "SLSRPT", "INVRPT", "PARTIN", "REQOTE", "QUOTES", "APERAK"},
	"edifact/d01b": {"ORDERS", "ORDRSP", "ORDCHG", "DESADV", "INVOIC", "REMADV", "RECADV", "PRICAT", "SLSRPT", "INVRPT", "PARTIN", "REQOTE", "QUOTES", "APERAK"},
	"edifact/d3":   {"CONTRL"},
	"edifact/41":   {"CONTRL"},
}

// kinds are the sets that become records, and of which kind.
var kinds = map[string]string{
	"867": "SalesReport", "SLSRPT": "SalesReport", "844": "RebateClaim", "845": "PriceAuthorization", "849": "ClaimResponse",
	"832": "PriceList", "PRICAT": "PriceList", "846": "InventoryReport", "852": "InventoryReport", "INVRPT": "InventoryReport",
	"850": "TradeDocument", "855": "TradeDocument", "856": "TradeDocument", "810": "TradeDocument", "ORDERS": "TradeDocument",
	"ORDRSP": "TradeDocument", "DESADV": "TradeDocument", "INVOIC": "TradeDocument", "816": "PartnerProfile", "838": "PartnerProfile",
	"PARTIN": "PartnerProfile",
}

// TestEveryPromisedSet holds each set that comes with the engine against what
// is promised of all: a guide, samples that it makes up and that are valid, and
// canonical JSON by the guide alone that is written back segment by segment;
// and a map to the kind where there is one.
func TestEveryPromisedSet(t *testing.T) {
	t.Parallel()
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	for folder, names := range promised {
		for _, set := range names {
			t.Run(folder+"/"+set, func(t *testing.T) {
				t.Parallel()
				g, err := guides.Load(folder + "/" + set)
				if err != nil {
					t.Fatal(err)
				}
				for seed := range uint64(3) {
					sampleThereAndBack(t, guides, g, seed)
				}
				m, err := maps.Map(g)
				if want := kinds[set]; want == "" && err == nil || want != "" && (err != nil || m.Target != want) {
					t.Errorf("Map() = %v, %v, want one of a %s", m, err, want)
				}
			})
		}
	}
}

// sampleThereAndBack makes a document up, and takes it to JSON and back.
func sampleThereAndBack(t *testing.T, guides *guide.Library, g *guide.Guide, seed uint64) {
	t.Helper()
	data, err := guide.Sample(g, guide.SampleOptions{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(bytes.NewReader(data), edi.Options{}), guides, guide.Options{Guide: g, RequireGuide: true}))
	if err != nil {
		t.Fatal(err)
	}
	if errs, _ := rep.Totals(); errs > 0 {
		t.Fatalf("the sample has %d errors:\n%s", errs, data)
	}
	var records, back bytes.Buffer
	if err := mapping.JSON(&records, bytes.NewReader(data), guides, nil); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(records.String(), "\n"); n != 1 || !json.Valid(records.Bytes()) || strings.Contains(records.String(), `"unplaced"`) {
		t.Fatalf("JSON() wrote %d records:\n%s", n, records.String())
	}
	o := options()
	if g.Standard == edi.X12 {
		o.Delimiters = edi.X12Delimiters
	} else {
		o.Delimiters = edi.EDIFACTDelimiters
	}
	if g.Version == "4.1" {
		o.Delimiters.Repetition = '*'
	}
	if g.Standard == edi.X12 && g.Version < "00402" {
		o.Delimiters.Repetition = 0
	}
	if err := mapping.Write(&back, bytes.NewReader(records.Bytes()), guides, nil, o); err != nil {
		t.Fatalf("Write() = %v of\n%s\nfor\n%s", err, records.String(), data)
	}
	if diff := cmp.Diff(bodies(t, data), bodies(t, back.Bytes())); diff != "" {
		t.Errorf("Write(JSON()) differs (-want +got):\n%s", diff)
	}
}
