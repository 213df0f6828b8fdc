package link

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// token gives a token that reads well in a failure.
func token(n byte) Token { return Token{0: n} }

// opened gives a sender whose first batch is confirmed, and that position.
func opened(t *testing.T) (Sender, Position) {
	t.Helper()
	s := Sender{State: Fresh}
	if e := s.Begin(); !e.Everything {
		t.Fatalf("Begin = %+v; want a snapshot", e)
	}
	s.Purged()
	h := s.Next(token(1), false, true)
	e := s.Report(Report{Position: h.Position, Boot: token(200), Count: 1}, Memory{Known: true, Epoch: 1, Number: 1, Oldest: 1})
	if diff := cmp.Diff(Effect{Confirmed: []int64{1}}, e); diff != "" {
		t.Fatalf("Report of the first batch differs (-want +got):\n%s", diff)
	}
	return s, h.Position
}

func TestFirstBatchStartsAnEpoch(t *testing.T) {
	t.Parallel()
	s := Sender{State: Fresh}
	s.Begin()
	if s.MayFly() {
		t.Error("a batch may go before the mailbox is purged")
	}
	s.Purged()
	h := s.Next(token(1), false, false)
	if !h.Start || h.Epoch != 1 || !h.Prev.IsZero() || h.End {
		t.Errorf("first batch %+v; want the start of epoch 1", h)
	}
	next := s.Next(token(2), false, true)
	if next.Start || next.Prev != token(1) || !next.End {
		t.Errorf("second batch %+v; want the end of the snapshot, after the first", next)
	}
	if s.MayEnd() {
		t.Error("the snapshot may end once more while its end is under way")
	}
}

func TestOnlySomeBatchesMayBeUnderWay(t *testing.T) {
	t.Parallel()
	s, _ := opened(t)
	for n := range MaxFlight {
		if !s.MayFly() {
			t.Fatalf("MayFly = false with %d under way; want %d allowed", n, MaxFlight)
		}
		s.Next(token(byte(10+n)), false, false)
	}
	if s.MayFly() {
		t.Errorf("MayFly = true with %d under way", MaxFlight)
	}
}

func TestGapIsRepeatedOnce(t *testing.T) {
	t.Parallel()
	s, at := opened(t)
	s.Next(token(2), false, false)
	lost := Report{Position: at, Gap: true, Try: s.Try, Boot: token(200), Count: 2}
	m := Memory{Known: true, Epoch: 1, Number: 1, Oldest: 1}
	if e := s.Report(lost, m); !e.Requeue || e.After != 1 {
		t.Errorf("Report of a gap = %+v; want all after batch 1 again", e)
	}
	s.Purged()
	s.Next(token(3), false, false)
	lost.Count++
	if e := s.Report(lost, m); e.Requeue {
		t.Errorf("Report of the same gap, made before the rewind, = %+v; want nothing", e)
	}
	lost.Count--
	if e := s.Report(lost, m); e.Requeue || e.Confirmed != nil {
		t.Errorf("Report that comes late = %+v; want nothing", e)
	}
}

func TestReceiverSetBackIsSentTheRest(t *testing.T) {
	t.Parallel()
	s, first := opened(t)
	h := s.Next(token(2), false, false)
	s.Report(Report{Position: h.Position, Boot: token(200), Count: 2}, Memory{Known: true, Epoch: 1, Number: 2, Oldest: 1})
	back := Report{Position: first, Boot: token(201), Count: 1}
	if e := s.Report(back, Memory{Known: true, Epoch: 1, Number: 1, Oldest: 1}); !e.Requeue || e.After != 1 {
		t.Errorf("Report of an older place = %+v; want all after batch 1 again", e)
	}
	s.Purged()
	if h := s.Next(token(3), false, false); h.Prev != token(1) || h.Epoch != 1 {
		t.Errorf("next batch %+v; want one after the first, in the same epoch", h)
	}
	forgotten := Report{Position: first, Boot: token(202), Count: 1}
	if e := s.Report(forgotten, Memory{Oldest: 3}); !e.Everything || e.Fenced || s.Epoch != 2 {
		t.Errorf("Report of a place long forgotten = %+v in epoch %d; want a snapshot in epoch 2 and no alarm", e, s.Epoch)
	}
}

func TestOwnerSetBackIsFenced(t *testing.T) {
	t.Parallel()
	unknown := func(withdrawn int64) Report {
		return Report{Position: Position{Epoch: 4, Number: 9, Token: token(99), Withdrawn: withdrawn}, Boot: token(200), Count: 2}
	}
	t.Run("it goes on by itself when nothing was taken back since", func(t *testing.T) {
		t.Parallel()
		s, _ := opened(t)
		e := s.Report(unknown(0), Memory{Oldest: 1})
		if !e.Fenced || !e.Everything || s.State != Open || s.Epoch != 5 || !s.PurgeDue {
			t.Errorf("Report = %+v, sender %+v; want an alarm, a purge and a snapshot in epoch 5", e, s)
		}
		s.Purged()
		again := unknown(0)
		again.Count++
		if e := s.Report(again, Memory{Oldest: 1}); e.Fenced {
			t.Errorf("Report of the same place once more = %+v; want no second alarm", e)
		}
	})
	t.Run("it waits for a person when something was", func(t *testing.T) {
		t.Parallel()
		s, _ := opened(t)
		e := s.Report(unknown(1), Memory{Oldest: 1})
		if !e.Fenced || e.Everything || s.State != Fenced || s.MayFly() {
			t.Errorf("Report = %+v, sender %+v; want it fenced", e, s)
		}
		s.Purged()
		if s.MayFly() {
			t.Error("a fenced link sends")
		}
		if e := s.Confirm(); !e.Everything || s.State != Open || s.Epoch != 5 || s.Withdrawn != 1 {
			t.Errorf("Confirm = %+v, sender %+v; want a snapshot in epoch 5", e, s)
		}
	})
}

func TestNarrowingTakesBackWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	s, _ := opened(t)
	h := s.Next(token(2), false, false)
	if !s.Afloat(h.Number) {
		t.Error("a batch just sent does not count as afloat")
	}
	if e := s.Narrow(); !e.Requeue || e.After != 1 || s.MayFly() {
		t.Errorf("Narrow = %+v, may fly %v; want batch 2 again, after a purge", e, s.MayFly())
	}
	s.Purged()
	if s.Afloat(h.Number) {
		t.Error("a batch counts as afloat after the purge")
	}
	if e := s.Narrow(); e.Requeue || s.PurgeDue {
		t.Errorf("Narrow with a clean mailbox = %+v, purge %v; want nothing", e, s.PurgeDue)
	}
}

func TestUnpublishedBatchIsTakenBackAlone(t *testing.T) {
	t.Parallel()
	s, _ := opened(t)
	s.Next(token(2), false, false)
	h := s.Next(token(3), false, false)
	if e := s.Unpublished(2); e.Requeue {
		t.Errorf("Unpublished of a batch that is not the last = %+v; want nothing", e)
	}
	if e := s.Unpublished(h.Number); !e.Requeue || e.After != 2 || len(s.Flight) != 1 {
		t.Errorf("Unpublished = %+v with %d under way; want batch 3 again and batch 2 kept", e, len(s.Flight))
	}
	again := s.Next(token(4), false, false)
	if again.Prev != token(2) || again.Number != 4 {
		t.Errorf("next batch %+v; want number 4 after batch 2", again)
	}
}

func TestReceiverJudges(t *testing.T) {
	t.Parallel()
	at := Position{Epoch: 2, Number: 5, Token: token(5)}
	follow := Header{Position: Position{Epoch: 2, Number: 6, Token: token(6)}, Prev: token(5)}
	with := func(change func(*Header)) Header {
		h := follow
		change(&h)
		return h
	}
	for name, c := range map[string]struct {
		header Header
		want   Verdict
	}{
		"the next batch":                {follow, Apply},
		"the next but one":              {with(func(h *Header) { h.Prev, h.Number = token(6), 7 }), Gap},
		"the last batch once more":      {Header{Position: at, Prev: token(4)}, Old},
		"an older batch":                {with(func(h *Header) { h.Prev, h.Number = token(3), 4 }), Old},
		"a batch of an older epoch":     {with(func(h *Header) { h.Epoch = 1 }), Old},
		"the start of an older epoch":   {with(func(h *Header) { h.Epoch, h.Start = 1, true }), Old},
		"the start of this epoch again": {with(func(h *Header) { h.Start, h.Number = true, 4 }), Old},
		"the start of the next epoch":   {with(func(h *Header) { h.Epoch, h.Start, h.Prev = 3, true, Token{} }), Apply},
		"a later batch of a new epoch":  {with(func(h *Header) { h.Epoch = 3 }), Gap},
		"a probe at this place":         {Header{Position: at, Prev: at.Token}, Asked},
		"a probe further on":            {with(func(h *Header) { h.Prev = h.Token }), Gap},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := Receiver{Position: at}
			if got := r.Judge(c.header); got != c.want {
				t.Errorf("Judge(%+v) = %v; want %v", c.header, got, c.want)
			}
			if r.Position != at {
				t.Error("Judge has moved the receiver")
			}
		})
	}
}

func TestStateSurvivesStorage(t *testing.T) {
	t.Parallel()
	s, _ := opened(t)
	s.Next(token(2), true, false)
	text, err := json.Marshal(&s)
	if err != nil {
		t.Fatal(err)
	}
	var got Sender
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, got, cmp.AllowUnexported(Sender{}, mutants{})); diff != "" {
		t.Errorf("the sender differs after storage (-want +got):\n%s", diff)
	}
	for _, text := range []string{"", "AAAA", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAAA=", "äAAAAAAAAAAAAAAAAAAAA"} {
		var token Token
		if err := token.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("UnmarshalText(%q) = %v; want an error", text, token)
		}
	}
}
