package link

// Receiver is the durable state of the receiving side, and what it knows of
// its own run. Its zero value is that of a new link.
type Receiver struct {
	Position
	// Boot names this run, and Count the reports made in it; neither is stored.
	Boot  Token `json:"-"`
	Count int64 `json:"-"`

	mutants mutants
}

// Verdict is what the receiver makes of a batch.
type Verdict uint8

// The verdicts.
const (
	Apply Verdict = iota + 1 // it continues the chain
	Old                      // it was applied before, or belongs to an epoch that is over
	Gap                      // others must come before it
	Asked                    // it is a probe, and the receiver stands where the sender thinks
)

// Judge tells what to do with a batch. It changes nothing.
func (r *Receiver) Judge(h Header) Verdict {
	switch {
	case h.Probe() && h.Epoch == r.Epoch && h.Token == r.Token:
		return Asked
	case r.mutants.nogap && !h.Probe():
		return Apply
	case h.Start && !h.Probe() && (h.Epoch > r.Epoch || r.mutants.sameepoch && h.Epoch == r.Epoch):
		return Apply
	case h.Epoch < r.Epoch:
		return Old
	case h.Epoch > r.Epoch:
		return Gap
	case h.Prev == r.Token && !h.Start && !h.Probe():
		return Apply
	case h.Number <= r.Number:
		return Old
	}
	return Gap
}

// Take moves on to the place after a batch that is judged [Apply]. It belongs
// into the transaction that applies the records. sweep tells that all copies
// which the present epoch has not mentioned must go, after the batch's own
// records were applied.
func (r *Receiver) Take(h Header) (sweep bool) {
	r.Position = h.Position
	return h.End && !r.mutants.nosweep
}

// Report tells the sender where the receiver stands. gap is the last batch
// judged [Gap] since the last report, or nil.
func (r *Receiver) Report(gap *Header) Report {
	r.Count++
	report := Report{Position: r.Position, Boot: r.Boot, Count: r.Count}
	if gap != nil {
		report.Gap, report.Try = true, gap.Try
	}
	return report
}
