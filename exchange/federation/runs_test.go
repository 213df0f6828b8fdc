package federation

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"fondaco/exchange/federation/link"
	"fondaco/partners/partnerstest"
)

// TestOnlyTheLastRunOfALinkStores lets two runs of one link meet, as when a
// node is started again while the database still works on what it sent last.
func TestOnlyTheLastRunOfALinkStores(t *testing.T) {
	t.Parallel()
	house := partnerstest.Open(t)
	node, err := New(Options{Service: house.Service, Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	l := pair{house.Firm("Wisła Works", "PL").Firm, newFirm()}
	p := peering{pair: l, Key: make([]byte, 32), PairedAt: house.Service.Now(), Sender: link.Sender{State: link.Fresh}}
	if err := node.store.add(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	earlier, later := newRelay(node, p, nil), newRelay(node, p, nil)
	begin := func(r *relay) {
		t.Helper()
		if _, err := r.begin(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	batch := func(r *relay) error {
		next := r.sender
		h := next.Next(newToken(), false, false)
		return r.keep(t.Context(), "note a batch", next, nil, func(b *pgx.Batch) { expose(b, l, h, nil, p.PairedAt) })
	}
	stored := func(what string, r *relay, batches int) {
		t.Helper()
		now, err := node.store.peering(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r.sender, now.Sender, cmpopts.IgnoreUnexported(link.Sender{})); diff != "" {
			t.Errorf("%s: the stored sender is not that of the last run (-run +stored):\n%s", what, diff)
		}
		var n int
		if err := house.Service.Pool().QueryRow(t.Context(), "SELECT count(*) FROM federation_batches").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != batches {
			t.Errorf("%s: %d batches are noted; want %d", what, n, batches)
		}
	}

	begin(earlier)
	if err := batch(earlier); err != nil {
		t.Fatal(err)
	}
	begin(later)
	stored("the later run began", later, 1)
	if err := batch(earlier); !errors.Is(err, errOvertaken) {
		t.Errorf("a batch of the earlier run arrives late: %v; want errOvertaken", err)
	}
	if _, err := earlier.fill(t.Context()); !errors.Is(err, errOvertaken) {
		t.Errorf("ids collected by the earlier run arrive late: %v; want errOvertaken", err)
	}
	stored("the earlier run came late", later, 1)

	// The other way round: the batch arrived after the later run had read where the link stands.
	begin(earlier)
	if err := batch(earlier); err != nil {
		t.Fatal(err)
	}
	if err := batch(later); !errors.Is(err, errOvertaken) {
		t.Errorf("a batch over a step that is not known: %v; want errOvertaken", err)
	}
	begin(later)
	if err := batch(later); err != nil {
		t.Errorf("a batch after the link was taken over again: %v", err)
	}
	stored("the later run took over", later, 3)
}
