package mapping_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// TestTreesOfManyRounds: rounds find those to which they belong far away, by
// the last of equal names, and in a time that grows with the file alone.
func TestTreesOfManyRounds(t *testing.T) {
	t.Parallel()
	const orders = 40000
	var b strings.Builder
	fmt.Fprintf(&b, oneInterchange, "SH", "856")
	b.WriteString("BSN*00*S1*20240408*0612~\nHL*1**S~\n")
	segments := 4
	for i := range orders {
		fmt.Fprintf(&b, "HL*%d*1*O~\nPRF*PO%d~\n", i+2, i)
		segments += 2
	}
	// An item of an order in the middle, and rounds that belong to none.
	fmt.Fprintf(&b, "HL*900001*%d*I~\nLIN**VP*FAR~\nSN1**3*EA~\n", orders/2)
	for i := range orders {
		fmt.Fprintf(&b, "HL*%d*nobody*I~\n", 1000000+i)
	}
	fmt.Fprintf(&b, oneEnd, segments+3+orders)
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	docs, _, err := mapping.Documents(strings.NewReader(b.String()), guides, guide.Options{RequireGuide: true})
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	m, err := maps.Map(docs[0].Guide)
	if err != nil {
		t.Fatal(err)
	}
	o, _ := m.Decode(docs[0])
	list := o.Objects("shipments")[0].Objects("orders")
	if len(list) != orders {
		t.Fatalf("%d orders, want %d", len(list), orders)
	}
	for i, order := range list {
		if items := order.Objects("lines"); (len(items) > 0) != (i == orders/2-2) {
			t.Fatalf("order %d has %d lines", i, len(items))
		}
	}
	// Written while it is read, the order in the middle is gone: that is told, and nothing wrong is written.
	if err := mapping.JSON(&bytes.Buffer{}, strings.NewReader(b.String()), guides, maps); err == nil || !strings.Contains(err.Error(), "in one piece") {
		t.Errorf("JSON() = %v, want that the levels are not in one piece", err)
	}
}
