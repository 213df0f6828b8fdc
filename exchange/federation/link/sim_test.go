package link

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"
)

var (
	seeds    = flag.Uint64("link.seeds", 20_000, "how many seeds the simulator runs")
	seed     = flag.Uint64("link.seed", 0, "run and trace this seed alone")
	duration = flag.Duration("link.for", 0, "run the simulator with fresh seeds for so long, and print where it stands")
)

// run plays one seed to its end and tells what was violated, or "".
func run(number uint64, m mutants, trace func(string, ...any)) (violation string, injected int) {
	w := newWorld(number, m)
	w.trace = trace
	for range 60 + w.rng.IntN(120) {
		w.step++
		w.act()
		w.check()
		if w.broken != "" {
			return w.broken, w.injected
		}
	}
	w.heal()
	return w.broken, w.injected
}

// act does one random thing.
func (w *world) act() {
	switch n := w.rng.IntN(100); {
	case n < 16:
		w.change()
	case n < 32:
		w.tail()
	case n < 52:
		w.build(false)
	case n < 60:
		w.purge(!w.faults.cut || !w.one(3))
	case n < 68:
		w.pull()
	case n < 78:
		w.apply()
	case n < 88:
		w.hear()
	case n < 90:
		w.report()
	case n < 92:
		w.probe()
	case n < 93:
		w.carry(w.owner.sender.Confirm())
	default:
		w.fault()
	}
}

// fault does one random bad thing, if the seed allows it.
func (w *world) fault() {
	f := w.faults
	switch n := w.rng.IntN(8); {
	case n == 0 && f.crash:
		w.say("sender crashes")
		w.crashSender()
	case n == 1 && f.crash:
		w.say("partner crashes")
		w.injected++
		w.crashPartner()
	case n == 2 && f.loss && len(w.mail) > 0:
		w.injected++
		cut := w.rng.IntN(len(w.mail))
		w.say("store loses %d", len(w.mail)-cut)
		w.mail = slices.Clone(w.mail[:cut])
	case n == 3 && f.dup && len(w.mail) > 0:
		w.injected++
		w.mail = append(w.mail, w.mail[w.rng.IntN(len(w.mail))])
	case n == 4 || n == 5:
		w.backUp()
	case n == 6 && f.ownerBack && len(w.ownerBackups) > 0:
		w.injected++
		w.owner = w.ownerBackups[w.rng.IntN(len(w.ownerBackups))].clone()
		w.sending = false
		w.closing = nil
		w.say("owner set back to %+v", w.owner.sender)
		w.crashSender()
	case n == 7 && f.partnerBack && len(w.partnerBackups) > 0:
		w.injected++
		w.partner = w.partnerBackups[w.rng.IntN(len(w.partnerBackups))].clone()
		w.say("partner set back to %+v", w.partner.receiver)
		w.crashPartner()
	}
}

func (w *world) backUp() {
	const keep = 3
	if w.one(2) {
		w.ownerBackups = append(w.ownerBackups, w.owner.clone())
		w.ownerBackups = w.ownerBackups[max(0, len(w.ownerBackups)-keep):]
		return
	}
	w.partnerBackups = append(w.partnerBackups, w.partner.clone())
	w.partnerBackups = w.partnerBackups[max(0, len(w.partnerBackups)-keep):]
}

// heal lets both programs work without faults until nothing is left to do,
// and then compares.
func (w *world) heal() {
	w.say("healed")
	w.faults = faults{}
	const rounds = 200
	for range rounds {
		w.step++
		w.carry(w.owner.sender.Confirm())
		w.tail()
		w.purge(true)
		w.build(true)
		for _, m := range w.mail {
			w.deliver(m)
		}
		w.apply()
		w.take(w.reports[len(w.reports)-1])
		w.reports = nil
		if w.quiet() {
			break
		}
		if w.owner.sender.State == Open && len(w.mail) == 0 {
			w.probe()
		}
		if w.broken != "" {
			return
		}
	}
	if !w.quiet() {
		w.violate("liveness: not at rest after %d rounds: %+v", rounds, w.owner.sender)
		return
	}
	if differs := w.converged(); differs != "" {
		w.violate("%s", differs)
	}
}

func (w *world) quiet() bool {
	o := &w.owner
	return o.cursor == len(o.log) && o.pending == [records]lane{} && len(w.mail) == 0 &&
		o.sender.State == Open && !o.sender.PurgeDue && !o.sender.Snapshot && len(o.sender.Flight) == 0
}

func TestLinkSurvivesFaults(t *testing.T) {
	t.Parallel()
	if *seed != 0 {
		if broken, _ := run(*seed, mutants{}, t.Logf); broken != "" {
			t.Fatalf("seed %d: %s", *seed, broken)
		}
		return
	}
	injected, started := 0, time.Now()
	last := *seeds
	for n := uint64(1); n <= last; n++ {
		broken, faults := run(n, mutants{}, nil)
		if broken != "" {
			t.Fatalf("seed %d: %s\nreplay with: go test ./exchange/federation/link -run Survives -v -link.seed=%d", n, broken, n)
		}
		injected += faults
		if *duration > 0 && n == last {
			if time.Since(started) < *duration {
				last += *seeds
			}
			fmt.Printf("link: seeds 1 to %d, %d faults, %.0f seeds/s\n", n, injected, float64(n)/time.Since(started).Seconds())
		}
	}
	t.Logf("%d seeds, %d faults, no violation", last, injected)
}

func TestEveryMutantIsCaught(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]mutants{
		"nogap":     {nogap: true},
		"seqtoken":  {seqtoken: true},
		"sameepoch": {sameepoch: true},
		"nosweep":   {nosweep: true},
		"nosent":    {nosent: true},
		"grantlog":  {grantlog: true},
		"queue":     {queue: true},
		"nopurge":   {nopurge: true},
		"nofence":   {nofence: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const most = 20_000
			for n := uint64(1); n <= most; n++ {
				if broken, _ := run(n, m, nil); broken != "" {
					t.Logf("caught at seed %d: %s", n, broken)
					return
				}
			}
			t.Fatalf("the simulator does not notice the mutant %s in %d seeds", name, most)
		})
	}
}

func TestSeedReplaysExactly(t *testing.T) {
	t.Parallel()
	trace := func(n uint64) (lines []string) {
		run(n, mutants{}, func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) })
		return lines
	}
	for n := uint64(1); n <= 20; n++ {
		if !slices.Equal(trace(n), trace(n)) {
			t.Fatalf("seed %d does not replay", n)
		}
	}
}
