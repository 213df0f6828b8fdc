package trading_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"fondaco/exchange/trading"
	"fondaco/schema"
)

// points are the places between durable steps at which a process can die.
var points = []string{
	"receive: staged", "receive: settled", "receive: entered", "folder: received", "work: built", "work: before commit",
	"work: committed", "deliver: written",
}

// TestKilledBetweenAnyTwoSteps stops the service at each point, starts it
// again, and finds every effect once.
func TestKilledBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	for _, point := range points {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			died := false
			w.Step(func(p string) error {
				if p == point {
					died = true
					return trading.ErrStopped
				}
				return nil
			})
			w.drop("week.edi", file(1, sale("R1", "FT 1", hospital, "MX-1", 3), bad("R2"))+file(2, sale("R3", "FT 3", hospital, "MX-1", 4)))
			w.runOnce(t) // sees the file
			w.runOnce(t) // takes it, unless it dies
			if !died {
				t.Fatalf("the service did not come to %q", point)
			}
			w.restart()
			for range 3 {
				w.cycle()
			}
			w.exactlyOnce()
		})
	}
}

// TestKilledAtEveryStepInTurn lets the service die at its n-th step, again and
// again, as often as it takes.
func TestKilledAtEveryStepInTurn(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.drop("week.edi", file(1, sale("R1", "FT 1", hospital, "MX-1", 3), bad("R2"))+file(2, sale("R3", "FT 3", hospital, "MX-1", 4)))
	deaths := 0
	for n := range 24 {
		steps := 0
		w.Step(func(string) error {
			if steps++; steps > n/3 {
				deaths++
				return trading.ErrStopped
			}
			return nil
		})
		w.runOnce(t)
		w.runOnce(t)
		w.restart()
	}
	w.cycle()
	if deaths < 10 {
		t.Errorf("the service died %d times; the test shows little", deaths)
	}
	w.exactlyOnce()
}

// runOnce works as long as it lives.
func (w *world) runOnce(t *testing.T) {
	t.Helper()
	if err := w.Cycle(t.Context()); err != nil && !errors.Is(err, trading.ErrStopped) {
		t.Fatal(err)
	}
}

// exactlyOnce checks all that may come of the two interchanges.
func (w *world) exactlyOnce() {
	t := w.t
	t.Helper()
	want(t, "interchanges", w.list(w.maker, schema.Interchanges, "fileName", "state", "controlNumber"), []string{
		"week.edi | PARTLY | 000000001", "997-000000001.edi | DELIVERED | 000000001",
		"week.edi | POSTED | 000000002", "997-000000002.edi | DELIVERED | 000000002"})
	want(t, "lines", w.list(w.maker, schema.SalesReportLines, "invoiceNumber"), []string{"FT 1", "FT 3"})
	want(t, "customers", w.list(w.maker, schema.Customers, "name"), []string{"Hospital de Braga EPE"})
	want(t, "match", w.list(w.maker, schema.SalesReportLines, "matchState"), []string{"UNMATCHED", "MATCHED"})
	want(t, "in/", w.files("in"), []string{"week.edi.done"})
	want(t, "out/", w.files("out"), []string{"997-000000001.edi", "997-000000002.edi"})
	want(t, "err/", w.files("err"), []string{"week.edi.err.txt"})
	if n := w.one("SELECT count(*) FROM trading_receipts WHERE state = 'PROCESSED'"); n != 1 {
		t.Errorf("%d receipts, want 1", n)
	}
}

func TestDatabaseRefusesASecondEffect(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := file(1, sale("R1", "FT 1", hospital, "MX-1", 3))
	// Between its verdict and its commit, another process has posted the same.
	other := false
	w.Step(func(p string) error {
		if p == "work: built" && !other {
			other = true
			_, err := w.node.Pool().Exec(t.Context(), "UPDATE trading_lease SET holder = 'other'")
			return err
		}
		return nil
	})
	rec, err := w.Receive(t.Context(), trading.Delivery{Partner: w.partner.ID, Firm: w.distributor.Firm, Transport: "https", Name: "a.edi"}, strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Cycle(t.Context()); err == nil {
		t.Error("Cycle() without the lease = nil, want an error")
	}
	if n := len(w.list(w.maker, schema.SalesReports)); n != 0 {
		t.Errorf("%d reports were written without the lease", n)
	}
	if err := w.Cycle(t.Context()); err != nil { // waits for the other one
		t.Fatal(err)
	}
	if st := w.status(rec.ID); st.State != "RECEIVED" {
		t.Errorf("state = %s, want RECEIVED", st.State)
	}
	if _, err := w.node.Pool().Exec(t.Context(), "UPDATE trading_lease SET until = '-infinity'"); err != nil {
		t.Fatal(err)
	}
	w.cycle()
	if st := w.status(rec.ID); st.State != "PROCESSED" || len(w.list(w.maker, schema.SalesReports)) != 1 {
		t.Errorf("status = %+v, want it posted once the lease is free", st)
	}
}

func TestBytesThatChangedOnDiskAreNotWorkedOff(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := file(1, sale("R1", "FT 1", hospital, "MX-1", 3))
	rec, err := w.Receive(t.Context(), trading.Delivery{Partner: w.partner.ID, Firm: w.distributor.Firm, Transport: "https", Name: "a.edi"}, strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	kept := w.stored()
	if len(kept) != 1 {
		t.Fatalf("files kept = %v, want one", kept)
	}
	if err := os.WriteFile(kept[0], []byte(in+"~"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.cycle()
	if st := w.status(rec.ID); st.State != "RECEIVED" || len(st.Interchanges) != 0 {
		t.Errorf("status = %+v, want it still to be worked off", st)
	}
	if n := w.one("SELECT count(*) FROM trading_receipts WHERE attempts = 1 AND error LIKE '%was changed on disk%'"); n != 1 {
		t.Error("the receipt does not tell why the try failed")
	}
	if err := os.WriteFile(kept[0], []byte(in), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.node.Pool().Exec(t.Context(), "UPDATE trading_receipts SET next_try = now()"); err != nil {
		t.Fatal(err)
	}
	w.cycle()
	if st := w.status(rec.ID); st.State != "PROCESSED" || st.Interchanges[0].State != "POSTED" {
		t.Errorf("status = %+v, want it posted after the bytes were restored", st)
	}
}
