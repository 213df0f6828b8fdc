package guide

import (
	"bytes"
	"errors"
	"strconv"

	"fondaco/edi"
)

// Options shape a validation. The zero value checks with the guides there are
// and warns where there is none.
type Options struct {
	edi.ParserOptions
	// RequireGuide makes it an error when a transaction has no guide, as a
	// receiver that acknowledges must: it can't accept what it can't read.
	RequireGuide bool
	// Guide is used for every transaction of its set, whatever its version.
	Guide *Guide
}

// Validator checks what a Reader reads against the guides of a library. It
// gives the parser's events; by the time of TransactionEnd everything found is
// in the event's Transaction. Nothing is allocated for what is in order.
type Validator struct {
	*edi.Parser
	lib      *Library
	opt      Options
	walk     walk
	seg      *edi.Segment
	ts       *edi.Transaction
	node     int // the place of the segment of the last event, 0 when it has none
	report   func(problem)
	rules    ruleRun
	early    early
	unguided bool // no guide for the transaction at hand
	before   int  // errors of the transaction after the last event
	told     bool // the parser has told what is wrong with the trailer

	// the interchange at hand
	std       edi.Standard
	ic        *edi.Interchange
	delims    edi.Delimiters // that classes was made for
	classes   [256]edi.Class // of bytes, delimiters regarded
	repeats   bool           // there is a separator for repetitions
	release   byte
	separates [256]uint8        // 1 for the separators of elements and components
	ends      [maxSplit]edi.End // of the tag and the units of a segment
	seps      uint64            // where those of the segment at hand end, zero if that is not told
	missed    uint              // segments that were like none before in their place
	decimal   byte
	plain     []byte // a value without its release characters
	unit      []byte // what a guide's unit rule names, and where it stands
	unitOf    *ref

	// the guide used last, so that a run of transactions looks it up once
	known         edi.Standard
	first, second []byte // what identified it
	guide         *Guide
	guideErr      error
	readAs        string // the release that the version was taken for, if it is none
}

var _ edi.Source = (*Validator)(nil)

// NewValidator returns a validator of what r reads.
func NewValidator(r *edi.Reader, lib *Library, o Options) *Validator {
	v := &Validator{Parser: edi.NewParser(r, o.ParserOptions), lib: lib, opt: o}
	v.report = v.misplaced
	v.walk.room(1)
	return v
}

// Add reports a finding about the segment or envelope at hand, as the parser's
// Add does, with the unit that the guide names.
func (v *Validator) Add(f edi.Finding, s *edi.Segment) {
	if u := v.unitOf; u != nil && f.Level >= edi.LevelSegment && f.Unit == nil {
		f.Unit = &edi.Unit{Name: u.path + place(u.element, u.component), Reference: text(v.unit)}
	}
	v.Parser.Add(f, s)
}

// Use is the place of the segment of the last event in its guide, nil when it
// has none.
func (v *Validator) Use() *Use {
	if v.node == 0 {
		return nil
	}
	return v.walk.g.nodes[v.node].use
}

// Separators are those of the segment of the last event, as its own Separators
// gives them; zero if they were not asked for while it was checked.
func (v *Validator) Separators() uint64 {
	if v.node == 0 {
		return 0
	}
	return v.seps
}

// LoopPath is where the segment of the last event stands: PTD[3]/QTY[1].
func (v *Validator) LoopPath() string {
	if v.node == 0 {
		return ""
	}
	return v.walk.loopPath(v.node)
}

// Guide is that of the transaction at hand, nil if there is none.
func (v *Validator) Guide() *Guide {
	if v.unguided {
		return nil
	}
	return v.walk.g
}

// Next returns the next event, with the findings about its segment added to
// its envelope.
func (v *Validator) Next() (*edi.Event, error) {
	e, err := v.Parser.Next()
	if err != nil {
		return nil, err
	}
	if e.Kind == edi.TransactionSegment { // as nearly all are
		v.seg, v.node = e.Segment, 0
		v.place(e.Segment)
		v.before = e.Transaction.Errors
		return e, nil
	}
	v.ic = e.Interchange
	v.seg, v.node, v.ts = e.Segment, 0, e.Transaction
	switch e.Kind {
	case edi.TransactionStart:
		v.begin(e)
	case edi.TransactionEnd:
		if e.Segment != nil {
			v.told = v.before < e.Transaction.Errors
			v.place(e.Segment)
			v.told = false
		}
		v.settleAll()
	case edi.InterchangeStart:
		v.interchange(e)
	case edi.GroupStart, edi.GroupEnd, edi.InterchangeEnd, edi.InterchangeControl:
		v.envelope(e)
	case edi.TransactionSegment, edi.Stray, edi.Skipped, edi.Advice:
	}
	if e.Transaction != nil {
		v.before = e.Transaction.Errors
	}
	return e, nil
}

// interchange takes over what an interchange declares.
func (v *Validator) interchange(e *edi.Event) {
	v.std = e.Interchange.Standard()
	v.delimiters(e.Segment)
}

// delimiters makes the table that splits composites. Messages can come without
// an interchange header, and then their first segment tells.
func (v *Validator) delimiters(s *edi.Segment) {
	if s == nil {
		return
	}
	d := s.Delimiters()
	if d == v.delims {
		return
	}
	v.delims, v.repeats, v.release, v.decimal = d, d.Repetition != 0, d.Release, d.Decimal
	v.separates = [256]uint8{}
	v.separates[d.Component], v.separates[0] = 1, 0
	v.separates[d.Element] = 1
	v.walk.forget() // segments without repetitions are others
	for b := range v.classes {
		v.classes[b] = edi.ClassOf([]byte{byte(b)})
	}
	if d.Release != 0 {
		v.classes[d.Release] = edi.Released
	}
	if d.Repetition != 0 {
		v.classes[d.Repetition] = edi.Repeated
	}
	if d.Component != 0 {
		v.classes[d.Component] = edi.Composed
	}
}

// begin chooses the guide of a transaction and checks its header.
func (v *Validator) begin(e *edi.Event) {
	v.std = e.Segment.Standard()
	v.delimiters(e.Segment)
	g, err := v.choose(e)
	v.unguided = err != nil
	if err != nil {
		v.noGuide(e, err)
		return
	}
	e.Transaction.Guide = g.Name
	v.taken(e)
	v.walk.start(g)
	v.rules.start(g)
	v.early = early{}
	v.unitOf = nil
	if v.std == edi.X12 && e.Group.Header.Kind() != 0 && string(e.Group.Header.Element(1)) != g.Group {
		f := v.breach("set.wrong-group")
		f.Path.Element, f.Value, f.Expected, f.Guide = 1, e.Group.FunctionalID(), g.Group, g.Name
		if group := envelopes().Element("479"); group.Meaning(f.Value) != "" {
			f.Severity = edi.Warning // published guides do it too: what it is, is clear all the same
		} else if v.opt.RequireGuide {
			v.group(e)
		}
		v.Add(f, e.Segment)
	}
	v.node = 1
	if v.std == edi.X12 || e.Transaction.Errors == 0 { // else the parser has told of the header
		if v.seps = separators(e.Segment); !v.like(e.Segment) {
			v.elements(e.Segment, g.nodes[1].use.Segment)
		}
	}
}

func (v *Validator) noGuide(e *edi.Event, err error) {
	rule := "set.no-guide"
	if !errors.Is(err, ErrNoGuide) {
		rule = "set.bad-guide"
	}
	f := v.breach(rule)
	f.Path.Element, f.Value = 1, e.Transaction.Set()
	if v.std == edi.EDIFACT {
		f.Path.Element, f.Expected = 2, e.Transaction.Version()
	} else {
		f.Expected = e.Group.Version()
	}
	if rule == "set.bad-guide" {
		f.Rule = err.Error()
	}
	if v.std == edi.X12 && (len(f.Value) != 3 || !plain(f.Value)) {
		f.Code = headerCode(1) // no set has such a name
	}
	if v.opt.RequireGuide {
		f.Severity = edi.Error
		v.group(e)
	}
	v.Add(f, e.Segment)
}

// group tells, at its first transaction, a group from which nothing can be
// accepted, since nobody knows its version or its kind.
func (v *Validator) group(e *edi.Event) {
	if v.std != edi.X12 || e.Transaction.Index > 1 || e.Group.Header.Kind() == 0 || e.Group.Errors > 0 {
		return
	}
	tell := func(n int, number string) {
		f := v.breach("element.code")
		f.Level, f.Code, f.Path.Element = edi.LevelGroup, envelopeCode(edi.GS, n), n
		f.DataElement, f.Name, f.Value = number, envelopes().Element(number).Name, text(e.Group.Header.Element(n))
		v.Add(f, &e.Group.Header)
	}
	if envelopes().Element("479").Meaning(e.Group.FunctionalID()) == "" {
		tell(1, "479")
	}
	if !v.lib.knows(e.Group.Version()) {
		tell(8, "480")
	}
}

func (v *Validator) choose(e *edi.Event) (*Guide, error) {
	if o := v.opt.Guide; o != nil && o.Standard == v.std && o.Set == e.Transaction.Set() {
		v.known = 0
		v.readAs = ""
		return o, nil
	}
	first, second := v.identity(e)
	if v.known != v.std || !bytes.Equal(v.first, first) || !bytes.Equal(v.second, second) {
		v.known = v.std
		v.first, v.second = append(v.first[:0], first...), append(v.second[:0], second...)
		v.guide, v.readAs, v.guideErr = v.look(e)
	}
	return v.guide, v.guideErr
}

// identity is what tells two kinds of transactions apart, as it was sent.
func (v *Validator) identity(e *edi.Event) (first, second []byte) {
	if v.std != edi.EDIFACT {
		return e.Group.Header.Element(8), e.Segment.Element(1)
	}
	if e.Segment.Tag() == edi.UNH {
		return e.Segment.Element(2), nil
	}
	return e.Segment.Element(1), nil
}

// place finds the segment's place, and checks its elements there.
func (v *Validator) place(s *edi.Segment) {
	if v.unguided {
		return
	}
	g := v.walk.g
	n := v.walk.step(s, v.report)
	if n == 0 {
		// one finding is enough for a segment that the set does not have
		if d := g.Dictionary.Segment(s.Tag()); d != nil && g.table.index(s.Tag()) >= 0 {
			v.elements(s, d)
		}
		return
	}
	k := &g.table.places[n]
	v.node, v.seps = n, separators(s)
	if k.flags&unsurePlace != 0 {
		v.unsure(s)
	}
	if k.flags&watchedPlace != 0 {
		v.observe(s, n, k.watches)
	}
	if !v.told && !v.like(s) {
		v.elements(s, k.segment)
	}
}

// unsure tells that no public guide confirms the place of the segment.
func (v *Validator) unsure(s *edi.Segment) {
	v.Add(v.about(v.breach("segment.unconfirmed")), s)
}

// envelope checks the elements of a segment outside of transactions. The
// header of an interchange is the parser's.
func (v *Validator) envelope(e *edi.Event) {
	s := e.Segment
	if s == nil || s.Kind() != edi.Data {
		return
	}
	v.delimiters(s)
	envelopes := envelopes()
	if v.std == edi.EDIFACT {
		envelopes = service()
	}
	if d := envelopes.Segment(s.Tag()); d != nil {
		v.elements(s, d)
	}
	if e.Kind == edi.GroupStart && v.std == edi.X12 {
		v.day(s)
	}
}

// breach begins the finding about a rule.
func (v *Validator) breach(rule string) edi.Finding { return breach(v.std, rule) }

// verdict is the finding about a value.
func (v *Validator) verdict(r verdict) edi.Finding {
	f := v.breach(r.rule)
	f.Expected, f.Rule, f.Unconfirmed = r.expected, r.text, r.unsure
	if r.rule == "element.code" && r.narrow && v.std == edi.X12 {
		f.Code = "I6"
	}
	return f
}

// misplaced turns what the walk found into a finding.
func (v *Validator) misplaced(p problem) {
	switch {
	case p.node == 0:
		f := v.breach(p.rule)
		f.Guide = v.walk.g.Name
		v.Add(f, v.seg)
	case p.rule == "segment.missing":
		before := 0
		if v.ts != nil {
			before = len(v.ts.List)
		}
		v.Add(v.finding(p), v.seg)
		v.lost(p.node, before)
	case p.rule == "segment.sequence" && v.foregone(p.node):
		v.walk.back = true
	default:
		v.Add(v.finding(p), v.seg)
	}
}

// atMost is how often a place or loop may occur, with those it was split from.
func atMost(n *node) string {
	limit := n.max
	if n.family != nil {
		limit = min(limit, n.family.max)
	}
	return strconv.FormatUint(uint64(limit), 10)
}

// expected names a place as a guide does: N1[01=ST].
func expected(u *Use) string {
	if u.Qualifier == "" {
		return u.ID
	}
	return u.ID + "[" + u.Qualifier + "]"
}

// about fills in the place of the segment at hand.
func (v *Validator) about(f edi.Finding) edi.Finding {
	if v.node == 0 {
		return f
	}
	g := v.walk.g
	u := g.nodes[v.node].use
	f.Guide = g.Name
	f.Path.Loop, f.Path.Use = v.walk.loopPath(v.node), int(v.walk.counts[v.node])
	if f.Name == "" {
		f.Name = u.Segment.Name
	}
	if u.Loop != nil {
		f.LoopID = u.Loop.ID
	}
	return f
}
