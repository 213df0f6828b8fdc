package trading_test

import (
	"fmt"
	"strings"
	"testing"

	"fondaco/edi/sets"
	"fondaco/exchange/trading"
)

// TestDamagedFilesAreAllWorkedOff damages a good file in many places: each is
// kept, read, listed with a state, and none of them stops the service.
func TestDamagedFilesAreAllWorkedOff(t *testing.T) {
	t.Parallel()
	w := open(t)
	p := w.partner
	p.Name = "lusodist-edifact"
	edifact(&p)
	if _, _, err := w.AddPartner(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	n := 0
	send := func(text []byte) {
		if len(text) == 0 {
			return
		}
		n++
		_, err := w.Receive(t.Context(), trading.Delivery{Partner: w.partner.ID, Firm: w.distributor.Firm, Transport: "https", Name: fmt.Sprintf("%d.edi", n)}, strings.NewReader(string(text)))
		if err != nil {
			t.Fatalf("Receive(%q) = %v", text, err)
		}
	}
	for name, signs := range map[string]string{
		"x12/004010/867/damaged.edi": "\x00~*\xff\n", "x12/004010/844/sample.edi": "~*", "edifact/d96a/SLSRPT/sample.edi": "\x00'+:?\xff",
		"edifact/d96a/ORDERS/sample.edi": "'+:",
	} {
		data, err := sets.Files().ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for at := 7; at < len(data); at += 41 {
			send(data[:at])
			for _, c := range []byte(signs) {
				changed := append([]byte(nil), data...)
				changed[at] = c
				send(changed)
			}
		}
	}
	w.cycle()
	if done := w.one("SELECT count(*) FROM trading_receipts WHERE state IN ('PROCESSED', 'HELD') AND attempts = 0"); done != n {
		t.Errorf("%d of %d files were worked off; of the others: %s", done, n, w.text("SELECT string_agg(DISTINCT error, '; ') FROM trading_receipts WHERE attempts > 0"))
	}
	if got := w.one("SELECT count(*) FROM trading_receipts r WHERE NOT EXISTS (SELECT FROM trading_processed d JOIN interchanges i ON i.id = d.interchange_id WHERE d.receipt_id = r.id AND i.state IS NOT NULL)"); got != 0 {
		t.Errorf("%d files have no interchange that tells their state", got)
	}
	if got := w.one("SELECT count(*) FROM (SELECT FROM trading_processed d WHERE d.effect GROUP BY d.sender, d.control_number HAVING count(*) > 1) x"); got > 0 {
		t.Errorf("%d control numbers took effect twice", got)
	}
}
