package partners_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// second opens another service on a node's database, as another process would:
// it shares no memory with the first, and hears of nothing.
func second(t *testing.T, n *partnerstest.Node, change ...func(*partners.Options)) *partners.Service {
	t.Helper()
	pool, err := partners.Connect(t.Context(), n.DSN, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	o := partners.Options{Pool: pool, CursorKey: make([]byte, 32)}
	for _, c := range change {
		c(&o)
	}
	s, err := partners.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// opening is something that decides whether the distributor sees the maker's
// customer, with how it is taken away and given back.
type opening struct {
	name        string
	close, open func()
}

// stage is a maker that shares a customer with a distributor, with all ways to
// open and close it.
type stage struct {
	*partnerstest.Node
	maker, distributor policy.Principal
	customer           schema.ID
	openings           []opening
}

func newStage(t *testing.T) *stage {
	t.Helper()
	n := partnerstest.Open(t)
	s := &stage{Node: n, maker: n.Firm("Wisła Pompy", "PL"), distributor: n.Firm("Lusitânia", "PT")}
	s.customer = n.Create(s.maker, schema.Customers, customer("Águas do Porto", "PT"))
	partnership := n.Partnership(s.maker, s.distributor)
	paper := n.Create(s.maker, schema.Agreements, partners.Values{
		"name": "NDA", "addressedTo": s.distributor.Firm.ID(), "agreementType": "NDA", "effectiveOn": schema.DateOf(n.Now()).AddDays(-10),
	})
	agreement := n.Create(s.maker, schema.SharingAgreements, partners.Values{
		"name": "Portugal", "addressedTo": s.distributor.Firm.ID(), "partnership": partnership, "requires": paper,
		"terms": raw(`[{"kind": "Customer", "level": "GRANTED", "actions": ["read"]}]`),
	})
	n.Do(s.maker, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: agreement})
	answer := func(answer string) func() {
		return func() {
			n.Create(s.distributor, schema.Acceptances, partners.Values{"sharingAgreement": agreement, "answer": answer})
		}
	}
	answer("ACCEPTED")()
	step := func(k *schema.Kind, id schema.ID, verb string) func() {
		return func() { n.Do(s.maker, partners.Command{Verb: verb, Kind: k, ID: id}) }
	}
	var grant schema.ID
	give := func() {
		grant = n.Create(s.maker, schema.Grants, partners.Values{"sharingAgreement": agreement, "recordKind": "Customer", "recordId": s.customer.String()})
	}
	give()
	end := func(day any) func() {
		return func() {
			n.Do(s.maker, partners.Command{Verb: partners.Update, Kind: schema.Agreements, ID: paper, Values: partners.Values{"terminatedOn": day}})
		}
	}
	s.openings = []opening{
		{"the agreement is suspended", step(schema.SharingAgreements, agreement, "suspend"), step(schema.SharingAgreements, agreement, "resume")},
		{"the partnership is suspended", step(schema.Partnerships, partnership, "suspend"), step(schema.Partnerships, partnership, "resume")},
		{"the acceptance is withdrawn", answer("WITHDRAWN"), answer("ACCEPTED")},
		{"the grant is deleted", func() { n.Do(s.maker, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: grant}) }, give},
		{"the paper is terminated", end(schema.DateOf(n.Now()).AddDays(-1)), end(nil)},
	}
	return s
}

// seesCustomer tells by every way whether the distributor sees the customer at
// another process; an answer that is not the same by all ways is an error.
func (s *stage) seesCustomer(ctx context.Context, t *testing.T, other *partners.Service) bool {
	t.Helper()
	as := policy.With(ctx, s.distributor)
	pages, err := other.Read(as,
		&partners.Plan{Kind: schema.Customers, First: 5, CountMax: 5},
		&partners.Plan{Kind: schema.Customers, IDs: []schema.ID{s.customer}},
		&partners.Plan{Kind: schema.Customers, First: 5, Search: "porto"})
	if err != nil {
		t.Errorf("read: %v", err)
		return false
	}
	n := len(pages[0].Rows)
	if pages[0].Count != n || len(pages[1].Rows) != n || len(pages[2].Rows) != n {
		t.Errorf("list %d, count %d, by id %d, search %d: the ways differ", n, pages[0].Count, len(pages[1].Rows), len(pages[2].Rows))
	}
	return n > 0
}

// TestRuleIsGoneAfterItsCommit: whatever closes the sight of a record, no
// query, projection or command that another process starts after the commit
// has it, and what opens it again is seen as soon. Nothing tells the other
// process: no notice, no bus, no poll.
func TestRuleIsGoneAfterItsCommit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	other := second(t, s.Node)
	for _, o := range s.openings { //nolint:paralleltest // one after the other on one stage
		t.Run(o.name, func(t *testing.T) {
			if !s.seesCustomer(t.Context(), t, other) {
				t.Fatal("the customer is not seen before")
			}
			o.close()
			if s.seesCustomer(t.Context(), t, other) {
				t.Error("a query started after the commit still sees the customer")
			}
			if list, err := other.Project(t.Context(), s.distributor.Firm, schema.Customers, []schema.ID{s.customer}); err != nil || len(list) > 0 {
				t.Errorf("a projection started after the commit gives %v, %v", list, err)
			}
			note := partners.Command{Verb: partners.Create, Kind: schema.Interactions, Values: partners.Values{
				"customer": s.customer, "interactionType": "NOTE", "subject": "Hello", "body": "Hello",
			}}
			if _, err := other.Write(policy.With(t.Context(), s.distributor), []partners.Command{note}); schema.Code(err) != schema.CodeInvalid {
				t.Errorf("a note on the customer started after the commit: %v, want no such customer", err)
			}
			o.open()
			if !s.seesCustomer(t.Context(), t, other) {
				t.Error("a query started after it was opened again does not see the customer")
			}
		})
	}
}

// TestRevocationRaces: readers in other processes ask without a pause while
// the sight of a record is closed and opened by changing means. What began
// after a commit and ended before the next one has its state, and no other.
func TestRevocationRaces(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var state, asked, judged atomic.Int64 // the state is even while open, and -1 added while it changes
	const changing = -1
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 3 {
		other := second(t, s.Node)
		readers.Go(func() {
			for ctx.Err() == nil {
				before := state.Load()
				seen := s.seesCustomer(context.WithoutCancel(ctx), t, other)
				asked.Add(1)
				if before == changing || state.Load() != before {
					continue
				}
				judged.Add(1)
				if want := before%2 == 0; seen != want {
					t.Errorf("in state %d the customer is seen: %t, want %t", before, seen, want)
				}
			}
		})
	}
	rng := rand.New(rand.NewPCG(max(*seed, 1), 2))
	rounds := int64(40)
	if testing.Short() {
		rounds = 5
	}
	for round := range rounds {
		o := s.openings[rng.IntN(len(s.openings))]
		for i, change := range []func(){o.close, o.open} {
			state.Store(changing)
			change()
			state.Store(2*round + 1 + int64(i))
			for enough := judged.Load() + 4; judged.Load() < enough && !t.Failed(); { // each state meets some readers
				s.seesCustomer(t.Context(), t, s.Service)
			}
		}
	}
	stop()
	readers.Wait()
	t.Logf("%d questions, of which %d fell within one state, over %d changes", asked.Load(), judged.Load(), 2*rounds)
}

// TestEachEventIsJudgedWhenItIsTold: what a stream finds in the ledger it
// judges anew, by the rules of that moment; an event from before a revocation
// that is told after it has nothing to show.
func TestEachEventIsJudgedWhenItIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	other := second(t, s.Node)
	for _, o := range s.openings { //nolint:paralleltest // one after the other on one stage
		t.Run(o.name, func(t *testing.T) {
			from, err := other.Position(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			s.Do(s.maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: s.customer, Values: partners.Values{"phone": o.name}})
			told := func() (lines, shown int) {
				changes, next, err := other.Tail(t.Context(), from, 100)
				if err != nil {
					t.Fatal(err)
				}
				from = next
				for _, c := range changes {
					if c.ID != s.customer {
						continue
					}
					lines++
					list, err := other.Project(t.Context(), s.distributor.Firm, c.Kind, []schema.ID{c.ID})
					if err != nil {
						t.Fatal(err)
					}
					shown += len(list)
				}
				return lines, shown
			}
			o.close()
			if lines, shown := told(); lines != 1 || shown != 0 {
				t.Errorf("%d lines tell %d records, want one line and nothing of it", lines, shown)
			}
			o.open()
			s.Do(s.maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: s.customer, Values: partners.Values{"phone": "again"}})
			if lines, shown := told(); lines != 1 || shown != 1 {
				t.Errorf("opened again, %d lines tell %d records, want one and one", lines, shown)
			}
		})
	}
}

// TestStreamsCloseWhenNoEpochCanBeRead: five seconds without an epoch, and not
// a moment before, end a watch; the database that comes back ends none.
func TestStreamsCloseWhenNoEpochCanBeRead(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	var clock atomic.Int64
	var away atomic.Bool
	config, err := pgxpool.ParseConfig(n.DSN)
	if err != nil {
		t.Fatal(err)
	}
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if away.Load() {
			return nil, errors.New("the database is away")
		}
		return dial(ctx, network, address)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s := second(t, n, func(o *partners.Options) {
		o.Pool, o.Now = pool, func() time.Time { return time.UnixMicro(clock.Load()) }
	})
	tick, ended := make(chan time.Time), make(chan error, 1)
	go func() { ended <- s.Watch(t.Context(), tick) }()
	// pass lets time pass and the watch look; the second tick is taken when the look of the first is over.
	pass := func(d time.Duration) error {
		clock.Add(d.Microseconds())
		for range 2 {
			select {
			case tick <- time.Time{}:
			case err := <-ended:
				return err
			}
		}
		return nil
	}
	steps := []time.Duration{time.Second, time.Second, time.Second, time.Second, time.Second}
	for range 2 { // the database goes away for five seconds, and comes back just in time
		away.Store(true)
		pool.Reset()
		for i, d := range steps {
			if err := pass(d); err != nil {
				t.Fatalf("after %d s without an epoch: %v, want the watch to go on", i+1, err)
			}
		}
		away.Store(false)
		if err := pass(0); err != nil {
			t.Fatalf("when the database is back: %v", err)
		}
	}
	away.Store(true)
	pool.Reset()
	for range 6 {
		err = pass(time.Second)
	}
	if !errors.Is(err, partners.ErrBlind) {
		t.Errorf("after 6 s without an epoch the watch says %v, want %v", err, partners.ErrBlind)
	}
	if !s.Blind() {
		t.Error("the service says that it can see")
	}
}
