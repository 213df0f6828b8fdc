package link

import "slices"

// The steps of the world: what the two programs do, and what happens to them.

func (w *world) edit(id int) {
	o := &w.owner
	o.exists[id] = true
	o.version[id]++
	w.canary++
	o.field[id][w.rng.IntN(2)] = w.canary
	w.write(id, false)
}

func (w *world) write(id int, policy bool) {
	o := &w.owner
	if policy && w.mutants.grantlog {
		return
	}
	o.log = append(o.log, entry{id, policy, o.project(id)})
}

func (w *world) change() {
	id, o := w.rng.IntN(records), &w.owner
	switch w.rng.IntN(6) {
	case 0:
		o.exists[id] = false
		o.version[id]++
		w.write(id, true)
		w.say("delete %d", id)
	case 1, 2:
		o.grant[id] = uint8(w.rng.IntN(4))
		w.write(id, true)
		w.say("grant %d %b", id, o.grant[id])
	default:
		w.edit(id)
		w.say("edit %d to %v", id, o.field[id])
	}
}

// tail moves lines of the ledger to what is pending.
func (w *world) tail() {
	o := &w.owner
	for range 1 + w.rng.IntN(4) {
		if o.cursor == len(o.log) {
			return
		}
		e := o.log[o.cursor]
		o.cursor++
		if o.pending[e.id] == none {
			o.pending[e.id], o.frozen[e.id] = live, e.then
		}
		if e.policy {
			w.carry(o.sender.Narrow())
			w.close(e.id, o.project(e.id))
		}
	}
}

// close notes that what p lacks of a record may no longer be delivered, from
// the moment at which the mailbox is known to be clean.
func (w *world) close(id int, p shape) {
	w.closing = append(w.closing, func() {
		for f := range 2 {
			if p.mask&(1<<f) == 0 {
				w.closed[id][f] = w.step
			}
		}
	})
	w.settle()
}

func (w *world) settle() {
	if w.owner.sender.PurgeDue {
		return
	}
	for _, f := range w.closing {
		f()
	}
	w.closing = nil
}

// carry does what a step of the sender asks for.
func (w *world) carry(e Effect) {
	o := &w.owner
	for _, n := range e.Confirmed {
		for id := range o.expo {
			if x := &o.expo[id]; x.last == n && x.known && !x.print.visible() {
				x.withdrawn = true
			}
		}
	}
	again := func(id int) {
		o.pending[id], o.expo[id].known, o.expo[id].withdrawn = backfill, false, false
		o.frozen[id] = o.project(id)
	}
	if e.Everything {
		for id := range records {
			if x := o.expo[id]; o.project(id).visible() || x.sent && !x.withdrawn {
				again(id)
			}
		}
	}
	if e.Requeue {
		for _, b := range o.sent {
			if b.at.Number > e.After {
				for _, id := range b.items {
					again(id)
				}
			}
		}
	}
	if e.Fenced {
		w.say("fenced: %+v", o.sender)
	}
	w.settle()
}

// purge empties the mailbox, if it can be reached.
func (w *world) purge(reachable bool) {
	if !w.owner.sender.PurgeDue || !reachable {
		return
	}
	w.mail = nil
	w.owner.sender.Purged()
	w.say("purged")
	w.settle()
}

// build makes a batch of what is pending and publishes it.
func (w *world) build(sound bool) {
	o := &w.owner
	if !o.sender.MayFly() {
		return
	}
	items, ids, withdraws := w.pick()
	if !o.sender.MayFly() {
		return // something in flight was narrowed
	}
	end := o.sender.MayEnd() && !slices.Contains(o.pending[:], backfill)
	if len(items) == 0 && !end {
		return
	}
	m := message{o.sender.Next(w.token(), withdraws, end), items, w.step}
	for _, id := range ids {
		o.expo[id].last = m.header.Number
	}
	o.sent = append(o.sent, memo{m.header.Position, ids})
	w.forget()
	w.say("publish %+v %+v", m.header, items)
	w.publish(m, sound)
}

// forget drops the records of batches long confirmed.
func (w *world) forget() {
	const keep = 3
	o := &w.owner
	old := 0
	for old < len(o.sent) && o.sent[old].at.Number <= o.sender.Acked.Number {
		old++
	}
	if old > keep {
		o.sent = slices.Clone(o.sent[old-keep:])
	}
}

func (w *world) publish(m message, sound bool) {
	if !sound && w.faults.crash && w.one(20) {
		w.say("crash before publishing")
		w.crashSender()
		return
	}
	if !sound && w.faults.refuse && w.one(6) {
		if w.one(2) {
			w.mail = append(w.mail, m) // it was taken, and the answer was lost
		}
		w.say("publish without answer")
		w.carry(w.owner.sender.Unpublished(m.header.Number))
		return
	}
	if !sound && w.faults.drop && w.one(8) {
		w.injected++
		w.say("lost after acknowledgment")
		return
	}
	w.mail = append(w.mail, m)
}

// pick takes up to two pending records and shapes them as they may be seen now.
func (w *world) pick() (items []item, ids []int, withdraws bool) {
	o := &w.owner
	chosen := w.rng.Perm(records)
	chosen = slices.DeleteFunc(chosen, func(id int) bool { return o.pending[id] == none })
	chosen = chosen[:min(2, len(chosen))]
	if w.narrowed(chosen) {
		return nil, nil, false
	}
	for _, id := range chosen {
		now, x := w.shape(id), o.expo[id]
		o.pending[id] = none
		switch {
		case x.known && x.print == now:
			continue
		case !now.visible() && (!x.sent || x.withdrawn):
			continue
		}
		if now.mask&^o.project(id).mask != 0 {
			w.violate("I1: record %d is sent with fields %b that may not be seen", id, now.mask)
		}
		withdraws = withdraws || x.print.mask&^now.mask != 0
		o.expo[id] = exposure{sent: !w.mutants.nosent, known: true, print: now, last: x.last}
		items, ids = append(items, item{id, now}), append(ids, id)
	}
	return items, ids, withdraws
}

// narrowed takes back what is under way if it shows more of one of the
// records than may be seen by now.
func (w *world) narrowed(ids []int) bool {
	for _, id := range ids {
		if x, now := w.owner.expo[id], w.shape(id); x.print.mask&^now.mask != 0 && w.owner.sender.Afloat(x.last) {
			w.carry(w.owner.sender.Narrow())
			w.close(id, now)
		}
	}
	return w.owner.sender.PurgeDue
}

func (w *world) shape(id int) shape {
	if w.mutants.queue {
		return w.owner.frozen[id]
	}
	return w.owner.project(id)
}

// pull delivers messages to the partner's program; they stay in the mailbox
// until they are acknowledged.
func (w *world) pull() {
	n := len(w.mail)
	if n == 0 {
		return
	}
	for range 1 + w.rng.IntN(3) {
		i := len(w.pulled)
		if i >= n {
			i = w.rng.IntN(n) // delivered again
		}
		if w.faults.reorder && w.one(4) {
			w.injected++
			i = w.rng.IntN(n)
		}
		w.deliver(w.mail[i])
	}
}

func (w *world) deliver(m message) {
	for _, it := range m.items {
		for f := range 2 {
			if it.what.mask&(1<<f) != 0 && m.built < w.closed[it.id][f] {
				w.violate("I1: field %d of record %d is delivered after it was taken back", f, it.id)
			}
		}
	}
	if m.built < w.shut {
		w.violate("I1: a batch of a history that never was is delivered")
	}
	w.pulled = append(w.pulled, m)
}

// apply commits what was pulled, acknowledges and reports.
func (w *world) apply() {
	db := w.partner.clone()
	for _, m := range w.pulled {
		switch db.receiver.Judge(m.header) {
		case Apply:
			w.commit(&db, m)
		case Gap:
			w.gap = &m.header
		}
	}
	if w.faults.crash && w.one(15) {
		w.injected++
		if w.one(2) {
			w.partner = db // after the commit, before the acknowledgment
		}
		w.say("partner crashes")
		w.crashPartner()
		return
	}
	w.partner = db
	for _, m := range w.pulled {
		w.mail = slices.DeleteFunc(w.mail, func(x message) bool { return x.header.Token == m.header.Token })
	}
	w.pulled = nil
	w.report()
}

func (w *world) commit(db *holding, m message) {
	if slices.Contains(db.applied, m.header.Token) && !w.mutants.seqtoken {
		w.violate("I4: batch %d is applied twice", m.header.Number)
	}
	db.applied = append(db.applied, m.header.Token)
	sweep := db.receiver.Take(m.header)
	for _, it := range m.items {
		held := db.copies[it.id]
		if db.epoch[it.id] == m.header.Epoch && held.visible() && it.what.visible() && it.what.version < held.version {
			w.violate("I5: record %d goes back from version %d to %d", it.id, held.version, it.what.version)
		}
		db.copies[it.id], db.epoch[it.id] = it.what, m.header.Epoch
	}
	for id := range records {
		if sweep && db.epoch[id] < m.header.Epoch {
			db.copies[id] = shape{}
		}
	}
	w.say("applied %d, sweep %v: %v", m.header.Number, sweep, db.copies)
}

func (w *world) report() {
	w.reports = append(w.reports, w.partner.receiver.Report(w.gap))
	w.gap = nil
}

// hear gives the sender a report: the last one, but for faults.
func (w *world) hear() {
	n := len(w.reports)
	if n == 0 {
		return
	}
	i := n - 1
	if w.faults.reorder && w.one(3) {
		i = w.rng.IntN(n)
	}
	r := w.reports[i]
	if !w.faults.dup || !w.one(3) {
		w.reports = slices.Delete(w.reports, i, i+1)
	}
	if i == n-1 && w.one(2) {
		w.reports = nil
	}
	if w.faults.cut && w.one(4) {
		w.injected++
		return
	}
	w.take(r)
}

func (w *world) take(r Report) {
	o := &w.owner
	m := Memory{Oldest: o.sender.Number + 1}
	for _, b := range o.sent {
		m.Oldest = min(m.Oldest, b.at.Number)
		if b.at.Token == r.Token {
			m.Known, m.Epoch, m.Number = true, b.at.Epoch, b.at.Number
		}
	}
	if o.sender.State == Open && !o.sender.late(r) && o.sender.betrays(r, m) {
		w.closing = append(w.closing, func() { w.shut = w.step })
	}
	w.say("report %+v, remembered %+v", r, m)
	w.carry(o.sender.Report(r, m))
	w.say("sender %+v", o.sender)
}

func (w *world) probe() {
	if h, ok := w.owner.sender.Probe(); ok {
		w.mail = append(w.mail, message{h, nil, w.step})
	}
}

func (w *world) crashSender() {
	w.injected++
	w.carry(w.owner.sender.Restart())
}

func (w *world) crashPartner() {
	w.pulled, w.gap = nil, nil
	w.partner.receiver.Boot, w.partner.receiver.Count = w.token(), 0
	w.report()
}
