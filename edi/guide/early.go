package guide

import "fondaco/edi"

// early remembers the segment that has last passed over required places. If it has
// passed over one alone, and what comes next belongs there, it is this segment
// that stands too early, and nothing is missing or too late.
type early struct {
	segment int // its number in the transaction
	missed  int // the place that was told as missing
	told    int // how many were
	finding int // which of the transaction's tells it, negative if none is kept
}

// lost notes that a place was told as missing, before which the transaction had so
// many findings.
func (v *Validator) lost(n, before int) {
	if v.ts == nil {
		return
	}
	if v.early.segment != v.ts.Segments {
		v.early = early{segment: v.ts.Segments}
	}
	v.early.told++
	if v.early.missed, v.early.finding = n, before; len(v.ts.List) != before+1 {
		v.early.finding = -1
	}
}

// foregone tells whether the place of the segment at hand, where it comes too late,
// is the only one that the segment before it has passed over. What was missing then
// becomes that segment, out of sequence.
func (v *Validator) foregone(n int) bool {
	e, g := &v.early, v.walk.g
	if v.ts == nil || e.told != 1 || e.segment != v.ts.Segments-1 || e.finding < 0 || e.finding >= len(v.ts.List) || v.walk.from == 0 {
		return false
	}
	if e.missed != n && (g.nodes[e.missed].loop == nil || e.missed+1 != n) {
		return false
	}
	was := &v.ts.List[e.finding]
	f := v.finding(problem{"segment.sequence", v.walk.from})
	_, one := v.opt.Tolerances[was.ID]
	_, other := v.opt.Tolerances[f.ID]
	if one || other || was.Severity != f.Severity || was.Unconfirmed != f.Unconfirmed || was.Level != f.Level {
		return false // they do not count alike
	}
	f.Position, f.Length, f.Unit = was.Position, was.Length, was.Unit
	f.InterchangeControl, f.GroupControl, f.TransactionControl = was.InterchangeControl, was.GroupControl, was.TransactionControl
	place := was.Path
	place.Tag, place.Loop = g.nodes[v.walk.from].use.ID, f.Path.Loop
	f.Path = place
	*was = f
	e.told = 0
	return true
}

// finding makes one of what the walk found in a place.
func (v *Validator) finding(p problem) edi.Finding {
	g := v.walk.g
	f := v.breach(p.rule)
	f.Guide = g.Name
	n := &g.nodes[p.node]
	f.Path.Loop = v.walk.loopPath(p.node)
	lost := p.rule == "segment.missing"
	if lost && n.narrow && v.std == edi.X12 {
		f.Code = "I8"
		if n.loop != nil {
			f.Code = "I7"
		}
	}
	if n.loop != nil {
		f.LoopID, f.Expected = n.loop.ID, atMost(n)
		f.Unconfirmed = n.loop.Unconfirmed
		if lost {
			u := g.nodes[p.node+1].use
			f.Name, f.Expected, f.Path.Tag = u.Segment.Name, expected(u), u.ID
		}
		return f
	}
	u := n.use
	f.Name, f.Unconfirmed = u.Segment.Name, u.Unconfirmed
	if u.Loop != nil {
		f.LoopID = u.Loop.ID
	}
	if lost {
		f.Expected, f.Path.Tag = expected(u), u.ID
	} else if u.Max > 0 {
		f.Expected = atMost(n)
	}
	return f
}
