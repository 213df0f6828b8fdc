package link

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// The simulated world: an owner with a few records of two fields, which it
// grants field by field; a partner that holds copies; and a mailbox between
// them that loses, doubles and shuffles. All of it is values, so that a
// backup is an assignment, and one random source decides all.

const records = 5

// shape is what the partner may see of a record: which fields, and their
// values. The zero shape is "nothing".
type shape struct {
	mask    uint8
	version int64
	field   [2]int // each value ever written is unique: a canary
}

func (p shape) visible() bool { return p.mask != 0 }

type exposure struct {
	sent, known, withdrawn bool
	print                  shape
	last                   int64 // number of the batch that carried it last
}

type memo struct {
	at    Position
	items []int
}

// owner is the owner's database.
type owner struct {
	exists  [records]bool
	version [records]int64
	field   [records][2]int
	grant   [records]uint8
	log     []entry
	cursor  int
	pending [records]lane
	frozen  [records]shape // for the mutant that queues payloads
	expo    [records]exposure
	sent    []memo
	sender  Sender
}

type entry struct {
	id     int
	policy bool // a grant changed, or a record was deleted
	then   shape
}

type lane uint8

const (
	none lane = iota
	live
	backfill
)

func (o *owner) clone() owner {
	c := *o
	c.log, c.sent = slices.Clone(o.log), slices.Clone(o.sent)
	c.sender.Flight = slices.Clone(o.sender.Flight)
	return c
}

// project is what the partner may see of a record now. Besides the grant, a
// filter decides: a record whose first value is a multiple of seven is outside.
func (o *owner) project(id int) shape {
	if !o.exists[id] || o.grant[id] == 0 || o.field[id][0]%7 == 0 {
		return shape{}
	}
	p := shape{mask: o.grant[id], version: o.version[id]}
	for f := range p.field {
		if p.mask&(1<<f) != 0 {
			p.field[f] = o.field[id][f]
		}
	}
	return p
}

// holding is the partner's database.
type holding struct {
	copies   [records]shape
	epoch    [records]int64 // in which each copy was mentioned last
	receiver Receiver
	applied  []Token
}

func (h holding) clone() holding {
	h.applied = slices.Clone(h.applied)
	return h
}

type item struct {
	id   int
	what shape
}

type message struct {
	header Header
	items  []item
	built  int // the step at which it was built
}

// world is everything, and what the checks need to know.
type world struct {
	rng     *rand.Rand
	mutants mutants
	faults  faults

	owner   owner
	partner holding
	mail    []message
	pulled  []message
	gap     *Header
	reports []Report

	ownerBackups   []owner
	partnerBackups []holding

	step     int
	canary   int
	shut     int                  // nothing built before this step may be delivered any more
	closed   [records][2]int      // likewise for a field of a record
	closing  []func()             // what becomes so once the mailbox is purged
	sending  bool                 // the sender is known to be whole: no backup was restored without being noticed
	broken   string               // the first violation
	trace    func(string, ...any) // nil but when a seed is replayed
	injected int
}

// faults are what may happen in one run; each seed switches its own choice on.
type faults struct {
	drop, dup, reorder, crash, loss, ownerBack, partnerBack, refuse, cut bool
}

func newWorld(seed uint64, m mutants) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 0x9E3779B97F4A7C15)), mutants: m, sending: true}
	on := func() bool { return w.rng.IntN(2) == 0 }
	w.faults = faults{on(), on(), on(), on(), on(), on(), on(), on(), on()}
	w.owner.sender = Sender{State: Fresh, mutants: m}
	w.partner.receiver = Receiver{Boot: w.token(), mutants: m}
	for id := range records {
		w.edit(id)
		w.owner.grant[id] = uint8(w.rng.IntN(4))
	}
	w.carry(w.owner.sender.Begin())
	return w
}

func (w *world) token() (t Token) {
	for i := range t {
		t[i] = byte(w.rng.Uint32())
	}
	return t
}

// one tells, with a chance of one in n, yes.
func (w *world) one(n int) bool { return w.rng.IntN(n) == 0 }

func (w *world) say(format string, args ...any) {
	if w.trace != nil {
		w.trace("%4d "+format, append([]any{w.step}, args...)...)
	}
}

func (w *world) violate(format string, args ...any) {
	if w.broken == "" {
		w.broken = fmt.Sprintf("step %d: ", w.step) + fmt.Sprintf(format, args...)
		w.say("VIOLATION %s", w.broken)
	}
}

// check holds what must be true at every moment.
func (w *world) check() {
	if !w.sending || w.faults.partnerBack {
		return // what an older backup holds is not known until the link is whole again
	}
	for id, c := range w.partner.copies {
		if e := w.owner.expo[id]; c.visible() && (!e.sent || e.withdrawn) {
			w.violate("I7: the partner holds record %d, which the owner does not know to have sent", id)
		}
	}
}

// converged tells what still differs after everything is healed.
func (w *world) converged() string {
	o := &w.owner
	for id := range records {
		want, got := o.project(id), w.partner.copies[id]
		switch {
		case want != got:
			return fmt.Sprintf("I2: record %d: the partner holds %+v, the owner shows %+v", id, got, want)
		case got.visible() && !o.expo[id].sent:
			return fmt.Sprintf("I7: record %d is held and was never noted as sent", id)
		case !got.visible() && o.expo[id].sent && !o.expo[id].withdrawn:
			return fmt.Sprintf("I7: record %d is gone at the partner, and no receipt says so", id)
		}
	}
	return ""
}
