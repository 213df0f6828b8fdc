package link

import "slices"

// State is where the sending side of a link stands.
type State string

// The states.
const (
	Fresh  State = "FRESH"  // nothing was ever sent
	Open   State = "OPEN"   // batches may go
	Fenced State = "FENCED" // the sender was set back to an older backup; a person has to confirm
)

// Sender is the durable state of the sending side. Its zero value, with
// State Fresh, is that of a new link. Each method is one step; the caller
// stores the Sender and carries out the [Effect] in one transaction.
type Sender struct {
	State State `json:"state"`
	Epoch int64 `json:"epoch"`
	// Number is that of the last batch built. It never goes back, so that a batch built later has a higher one.
	Number int64 `json:"number"`
	// Try counts the rewinds.
	Try int64 `json:"try"`
	// Withdrawn is how many batches took something back.
	Withdrawn int64 `json:"withdrawn"`
	// Acked is the last position that the receiver confirmed.
	Acked Position `json:"acked"`
	// Flight are the positions after the batches under way, in order.
	Flight []Position `json:"flight"`
	// Snapshot is set until the receiver has confirmed the batch that ends the epoch's snapshot. EndAt is that
	// batch's number, or 0 while it is not under way.
	Snapshot bool  `json:"snapshot"`
	EndAt    int64 `json:"endAt"`
	// PurgeDue is set when the undelivered batches must leave the mailbox before another may be sent.
	PurgeDue bool `json:"purgeDue"`
	// Clean is the number of the last batch at the time when the mailbox was purged last: no batch up to it can
	// be in there.
	Clean int64 `json:"clean"`
	// Lost is the last position that proved a restored backup: the receiver stays there, and says so again, until
	// the new epoch reaches it.
	Lost Token `json:"lost"`
	// Boot and Count are those of the last report.
	Boot  Token `json:"boot"`
	Count int64 `json:"count"`

	mutants mutants
}

// Effect is what the caller has to do after a step, in the transaction that
// stores the new state.
type Effect struct {
	// Requeue: the records of all batches with a number above After are pending again, and nothing is known
	// about what the receiver holds of them.
	Requeue bool
	After   int64
	// Everything: all that may be seen or was ever sent is pending, and nothing is known about what the
	// receiver holds. It includes what Requeue would do.
	Everything bool
	// Confirmed are the batches that the receiver has committed, by their numbers.
	Confirmed []int64
	// Fenced: the sender was set back to an older backup. People must be told.
	Fenced bool
}

// Memory is what the caller finds about a reported token among the batches
// whose records it still remembers.
type Memory struct {
	// Known tells that such a batch was sent; Epoch and Number are the batch's.
	Known  bool
	Epoch  int64
	Number int64
	// Oldest is the lowest number of a batch that is remembered, or one above the last if none is.
	Oldest int64
}

// MayFly tells whether another batch may be built now.
func (s *Sender) MayFly() bool {
	return s.State == Open && !s.PurgeDue && len(s.Flight) < MaxFlight
}

// MayEnd tells whether the snapshot of this epoch still needs a batch that
// ends it, even one without records.
func (s *Sender) MayEnd() bool { return s.Snapshot && s.EndAt == 0 }

// tip is the place after the last batch under way.
func (s *Sender) tip() Position {
	if n := len(s.Flight); n > 0 {
		return s.Flight[n-1]
	}
	return s.Acked
}

// started tells whether a batch of the present epoch is under way or
// confirmed, so that another can follow it.
func (s *Sender) started() bool {
	return s.tip().Epoch == s.Epoch && !s.tip().Token.IsZero()
}

// Next takes the next place in the chain for a batch. withdraws tells that
// the batch takes something back; end that everything the snapshot had to
// mention is in it or in an earlier one. Call it only when MayFly.
func (s *Sender) Next(token Token, withdraws, end bool) Header {
	s.Number++
	if withdraws {
		s.Withdrawn++
	}
	if s.mutants.seqtoken {
		token = numbered(s.Number)
	}
	h := Header{
		Position: Position{Epoch: s.Epoch, Number: s.Number, Token: token, Withdrawn: s.Withdrawn},
		Try:      s.Try,
		Start:    !s.started(),
		End:      end && s.MayEnd(),
	}
	if !h.Start {
		h.Prev = s.tip().Token
	}
	if h.End {
		s.EndAt = s.Number
	}
	s.Flight = append(slices.Clip(s.Flight), h.Position)
	return h
}

// Probe gives a batch without records that asks the receiver where it stands.
// It is for when batches under way stay unconfirmed although the receiver
// reports: the mailbox may have lost them.
func (s *Sender) Probe() (h Header, ok bool) {
	if s.State != Open || s.PurgeDue || len(s.Flight) == 0 {
		return Header{}, false
	}
	return Header{Position: s.tip(), Prev: s.tip().Token, Try: s.Try}, true
}

// Begin opens a new link.
func (s *Sender) Begin() Effect {
	if s.State != Fresh {
		return Effect{}
	}
	s.State = Open
	return s.snapshot(0)
}

// Narrow takes back what may lie in the mailbox: something in it may no
// longer be seen. Also a batch that is confirmed may still lie there, to be
// delivered once more.
func (s *Sender) Narrow() Effect {
	if s.State != Open || s.Number == s.Clean || s.mutants.nopurge {
		return Effect{}
	}
	s.PurgeDue = true
	if len(s.Flight) == 0 {
		return Effect{}
	}
	return s.rewind(s.Acked)
}

// Afloat tells whether the batch of this number may lie in the mailbox.
func (s *Sender) Afloat(number int64) bool { return number > s.Clean }

// Restart is called once when the program starts: nobody knows which of the
// batches under way were really published. Nor does anybody know whether the
// database is an older backup by now: what the mailbox holds may come from a
// time of which this sender knows nothing.
func (s *Sender) Restart() Effect {
	s.PurgeDue = !s.mutants.nofence
	if s.State != Open || len(s.Flight) == 0 {
		return Effect{}
	}
	return s.rewind(s.Acked)
}

// Unpublished is called when the transport refused the last batch, or did not
// say whether it took it.
func (s *Sender) Unpublished(number int64) Effect {
	n := len(s.Flight)
	if n == 0 || s.Flight[n-1].Number != number {
		return Effect{}
	}
	if n == 1 {
		return s.rewind(s.Acked)
	}
	return s.rewind(s.Flight[n-2])
}

// Purged is called when the mailbox holds nothing more of this link.
func (s *Sender) Purged() { s.PurgeDue, s.Clean = false, s.Number }

// Confirm ends a fence: a person has seen that the records and agreements of
// the restored backup are as they should be.
func (s *Sender) Confirm() Effect {
	if s.State != Fenced {
		return Effect{}
	}
	s.State = Open
	return s.snapshot(s.Epoch)
}

// Renew sends everything again, under a new epoch.
func (s *Sender) Renew() Effect {
	if s.State != Open {
		return Effect{}
	}
	return s.snapshot(s.Epoch)
}

// Report takes in what the receiver says. m is what is remembered about the
// reported token.
func (s *Sender) Report(r Report, m Memory) Effect {
	if s.late(r) {
		return Effect{}
	}
	s.Boot, s.Count = r.Boot, r.Count
	switch {
	case s.State == Fresh:
		s.State = Open
		return s.snapshot(r.Epoch)
	case s.State == Fenced:
		s.Epoch = max(s.Epoch, r.Epoch)
		return Effect{}
	case s.betrays(r, m):
		return s.fence(r)
	case !m.Known || m.Epoch < s.Epoch:
		return s.behind(r)
	case s.underway(r.Token) >= 0 || r.Token == s.Acked.Token:
		return s.advance(r)
	}
	// The receiver stands on a branch that was given up, or was itself set back to an older backup.
	return s.adopt(Position{Epoch: m.Epoch, Number: m.Number, Token: r.Token, Withdrawn: min(r.Withdrawn, s.Withdrawn)})
}

// late tells whether a later report of the same run was heard before.
func (s *Sender) late(r Report) bool { return r.Boot == s.Boot && r.Count <= s.Count }

// underway gives the place of a batch in Flight, or -1.
func (s *Sender) underway(token Token) int {
	return slices.IndexFunc(s.Flight, func(p Position) bool { return p.Token == token })
}

// betrays tells whether the receiver is where this sender never was, which
// proves that the sender was set back to an older backup.
func (s *Sender) betrays(r Report, m Memory) bool {
	unknown := !m.Known && !r.Token.IsZero() && r.Number >= m.Oldest && r.Token != s.Lost
	return r.Epoch > s.Epoch || unknown
}

// fence stops the link. What was withdrawn in the time that is lost may be
// open again by the backup: then a person has to look first.
func (s *Sender) fence(r Report) Effect {
	if s.mutants.nofence {
		due := s.PurgeDue
		e := s.snapshot(r.Epoch)
		s.PurgeDue = due
		return e
	}
	s.Lost = r.Token
	s.Number = max(s.Number, r.Number)
	// Batches under way at the time of the backup may have withdrawn something too, so the comparison is with
	// the last confirmed position.
	if r.Withdrawn > s.Acked.Withdrawn {
		s.Withdrawn = max(s.Withdrawn, r.Withdrawn)
		s.Epoch = max(s.Epoch, r.Epoch)
		s.State, s.PurgeDue, s.Flight = Fenced, true, nil
		return Effect{Fenced: true}
	}
	e := s.snapshot(r.Epoch)
	e.Fenced = true
	return e
}

// behind answers a receiver that has not yet entered the present epoch, or
// whose place is forgotten.
func (s *Sender) behind(r Report) Effect {
	unconfirmed := len(s.Flight) > 0 && s.Acked.Epoch < s.Epoch
	if unconfirmed && !s.gap(r) || !s.started() {
		return Effect{} // the start of the epoch is on its way, or has yet to be sent
	}
	return s.snapshot(r.Epoch)
}

// gap tells whether the report speaks of a gap in what was sent since the
// last rewind.
func (s *Sender) gap(r Report) bool { return r.Gap && r.Try == s.Try }

// advance confirms what is under way up to the reported position.
func (s *Sender) advance(r Report) Effect {
	var e Effect
	if i := s.underway(r.Token); i >= 0 {
		for _, p := range s.Flight[:i+1] {
			e.Confirmed = append(e.Confirmed, p.Number)
		}
		s.Acked, s.Flight = s.Flight[i], slices.Clone(s.Flight[i+1:])
		if s.EndAt != 0 && s.EndAt <= s.Acked.Number {
			s.Snapshot, s.EndAt = false, 0
		}
	}
	if s.gap(r) && len(s.Flight) > 0 {
		s.PurgeDue = true
		again := s.rewind(s.Acked)
		again.Confirmed = e.Confirmed
		return again
	}
	return e
}

// adopt goes on from where the receiver is.
func (s *Sender) adopt(at Position) Effect {
	var done []int64
	for _, p := range s.Flight {
		// A batch under way that is older than the branch the receiver stands on lies on that branch too.
		if p.Number < at.Number {
			done = append(done, p.Number)
		}
	}
	s.Acked, s.Flight, s.PurgeDue = at, nil, true
	// The snapshot may have ended after this place; ending it once more does no harm.
	s.Snapshot, s.EndAt = true, 0
	e := s.rewind(at)
	e.Confirmed = done
	return e
}

// rewind goes back to a position, which is Acked or one of Flight.
func (s *Sender) rewind(to Position) Effect {
	if to.Epoch < s.Epoch || to.Token.IsZero() {
		// Not even the start of the epoch is certain. A snapshot is never sent twice under one epoch: parts of
		// the first could be taken for the second.
		return s.snapshot(s.Epoch)
	}
	s.Flight = slices.Clone(s.Flight[:s.underway(to.Token)+1])
	s.Try++
	if s.EndAt > to.Number {
		s.EndAt = 0
	}
	return Effect{Requeue: true, After: to.Number}
}

// snapshot begins an epoch higher than the present one and than seen.
func (s *Sender) snapshot(seen int64) Effect {
	s.PurgeDue = true
	s.Epoch = max(s.Epoch, seen)
	if !s.mutants.sameepoch || s.Epoch == 0 {
		s.Epoch++
	}
	s.Try++
	s.Flight, s.Snapshot, s.EndAt = nil, true, 0
	if s.mutants.sameepoch {
		s.Acked = Position{}
	}
	return Effect{Everything: true}
}

func numbered(n int64) (t Token) {
	for i := range 8 {
		t[i] = byte(n >> (8 * i))
	}
	t[15] = 1
	return t
}
