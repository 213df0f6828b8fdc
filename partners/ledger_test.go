package partners_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// A reader by number would skip the first writer, which takes its number
// early and commits late. A reader by snapshot skips nobody and waits for nobody.
func TestTailNeverSkipsALateCommit(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	ctx := policy.With(t.Context(), maker)
	start, err := n.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	hold, release := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		_, err := n.Write(ctx, []partners.Command{{Verb: partners.Create, Kind: schema.Customers, Values: customer("Late", "PL")}},
			func(_ context.Context, _ pgx.Tx, _ []partners.Outcome) error {
				close(hold)
				<-release
				return nil
			})
		done <- err
	}()
	<-hold
	early := n.Create(maker, schema.Customers, customer("Early", "PL"))

	first, cursor, err := n.Tail(ctx, start, 100)
	if err != nil || len(first) != 1 || first[0].ID != early {
		t.Fatalf("while the late writer is open: %d changes, %v; want the early one at once", len(first), err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	second, cursor, err := n.Tail(ctx, cursor, 100)
	if err != nil || len(second) != 1 || second[0].Seq > first[0].Seq {
		t.Fatalf("after it committed: %v, %v; want the late change, whose number is lower", second, err)
	}
	if third, _, err := n.Tail(ctx, cursor, 100); err != nil || len(third) != 0 {
		t.Fatalf("then: %v, %v; want nothing", third, err)
	}
}

// A copy of a database would take the cursors of its original for its own, and skip what they stand behind.
func TestACopyOfADatabaseHasAHistoryOfItsOwn(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	ctx := policy.With(t.Context(), maker)
	before, err := n.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := partners.NewHistory(ctx, n.DSN); err != nil {
		t.Fatal(err)
	}
	if _, _, err := n.Tail(ctx, before, 1); !errors.Is(err, partners.ErrHistory) {
		t.Errorf("Tail from a cursor of the original = %v, want ErrHistory", err)
	}
	after, err := n.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := n.Tail(ctx, after, 1); err != nil {
		t.Errorf("Tail from a cursor of the copy = %v", err)
	}
}

func TestTailPagesALargeGap(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	ctx := policy.With(t.Context(), maker)
	cursor, err := n.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var want []schema.ID
	for range 7 {
		want = append(want, n.Create(maker, schema.Products, partners.Values{"name": "Pump", "partNumber": "P-1"}))
	}
	var got []schema.ID
	for range 10 {
		var changes []schema.Change
		if changes, cursor, err = n.Tail(ctx, cursor, 3); err != nil {
			t.Fatal(err)
		}
		if len(changes) > 3 {
			t.Fatalf("a page has %d changes, want at most 3", len(changes))
		}
		for _, c := range changes {
			got = append(got, c.ID)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("read %d changes, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("change %d is of %s, want %s", i, got[i], want[i])
		}
	}
}

func TestLedgerHasAPartitionForThisMonthAndTheNextOnes(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	n.Firm("Wisła Pompy", "PL")
	var ahead, misplaced int
	conn, err := pgx.Connect(t.Context(), n.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	const statement = `
		SELECT (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = 'changes'::regclass) - 1,
			(SELECT count(*) FROM changes_default)`
	if err := conn.QueryRow(t.Context(), statement).Scan(&ahead, &misplaced); err != nil {
		t.Fatal(err)
	}
	if ahead != 4 || misplaced != 0 {
		t.Errorf("%d partitions ahead and %d lines in the default one; want 4 and none", ahead, misplaced)
	}
}
