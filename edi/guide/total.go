package guide

import (
	"bytes"
	"strconv"

	"fondaco/edi"
)

// target remembers what a document says a total is.
func (v *Validator) target(s *edi.Segment, i int, r *rule, st *ruleState) {
	if !r.target.holds(s) {
		return
	}
	if st.told {
		v.settle(i)
	}
	value := s.Component(r.target.element, r.target.component)
	st.said, st.told = parseFixed(value, int(decimals(v.Use().Segment, r.target.element)))
	st.thenPlace = v.spot(s, &r.target)
}

// decimals are those that the element's type implies.
func decimals(d *Segment, element int) uint8 {
	if element <= len(d.Fields) && element > 0 {
		if e := d.Fields[element-1].Element; e != nil {
			return uint8(e.Decimals)
		}
	}
	return 0
}

// term adds what a segment has of a total, or counts it.
func (v *Validator) term(s *edi.Segment, r *rule, st *ruleState, t *term, w *watch) {
	switch {
	case r.kind == sumRule:
		v.summand(s, st, t, w)
	case r.kind == hashRule:
		hashed(v.piece(s, t.element, t.component), st, int(w.implied))
	case t.element == 0 || t.holds(s):
		ok := true
		st.add(fixedUnit, &ok)
		st.lost = st.lost || !ok
		if r.kind == limitRule && st.sum == fixed(r.limit+1)*fixedUnit {
			v.exceeded(s, r)
		}
	}
}

// exceeded tells the segment that is one too many for a limit.
func (v *Validator) exceeded(s *edi.Segment, r *rule) {
	f := v.breach("transaction.limit")
	f.Rule, f.Unconfirmed = r.text, r.unconfirmed
	v.Add(v.about(f), s)
}

// hashed adds a value to a hash total, and to the sum that it may be taken for.
func hashed(value piece, st *ruleState, implied int) {
	if value.from == value.to {
		return
	}
	n, ok := value.number()
	if ok && !n.short {
		st.hash.add(n.digits)
	} else if !st.hash.Add(value.bytes()) {
		st.lost = true
		return
	}
	var f fixed
	if ok {
		f, ok = n.fixed(implied)
	}
	st.add(f, &ok)
	st.vague = st.vague || !ok
}

// summand adds one part of a sum. Where it should stand and does not, the sum
// would not be what is meant.
func (v *Validator) summand(s *edi.Segment, st *ruleState, t *term, w *watch) {
	st.terms++
	value, ok := v.piece(s, t.element, t.component).fixed(int(w.implied))
	if t.times > 0 && ok {
		var factor fixed
		if factor, ok = v.piece(s, t.times, 1).fixed(int(w.factor)); ok {
			value, ok = value.times(factor)
		}
		st.products++
	}
	if t.minus {
		value = -value
	}
	st.add(value, &ok)
	st.lost = st.lost || !ok
}

// add adds n to the sum; ok is false if it was before or if the sum is too large.
func (st *ruleState) add(n fixed, ok *bool) {
	if *ok {
		st.sum, *ok = st.sum.plus(n)
		*ok = *ok || n == 0
	}
}

// judgeTotal compares what a document says with what is there.
func (v *Validator) judgeTotal(r *rule, st *ruleState) {
	if r.kind == hashRule {
		v.judgeHash(r, st)
		return
	}
	if r.kind == sumRule && st.terms == 0 || near(st.said, st.sum, st.products) {
		return // what a message does not itemize it may still say the total of
	}
	f := v.breach("transaction.total")
	if e := v.totalElement(r, st); e != nil && e.Type == N {
		f.Expected = st.sum.write(e.Decimals, true)
	} else {
		f.Expected = st.sum.write(0, false)
	}
	v.addTotal(f, r, st)
}

// judgeHash compares a hash total. The notes of many X12 sets call it the sum of
// quantities, so that some senders regard signs and decimal points: what is meant
// is clear then, and nothing is refused for it.
func (v *Validator) judgeHash(r *rule, st *ruleState) {
	digits := 0
	if e := v.totalElement(r, st); e != nil {
		digits = e.Max
	}
	said := st.thenPlace.value[:st.thenPlace.size]
	expected := st.hash.Text(digits)
	if n, err := strconv.ParseUint(string(said), 10, 64); err == nil && strconv.FormatUint(n, 10) == expected {
		return
	}
	rule := "transaction.hash-total"
	if !st.vague && st.said == st.sum {
		rule = "transaction.hash-as-sum"
	}
	f := v.breach(rule)
	f.Expected = expected
	v.addTotal(f, r, st)
}

func (v *Validator) totalElement(r *rule, st *ruleState) *Element {
	return v.walk.g.nodes[st.thenPlace.node].use.Segment.element(&r.target)
}

func (v *Validator) addTotal(f edi.Finding, r *rule, st *ruleState) {
	f.Value = string(st.thenPlace.value[:st.thenPlace.size])
	v.addRule(f, r, &st.thenPlace, &r.target)
}

// near allows half a cent of rounding for each product.
func near(a, b fixed, products int) bool {
	d := a - b
	return max(d, -d) <= fixed(products)*fixedUnit/200
}

// HashTotal adds numbers as X12 has it for data element 347, of which CTT02 is
// one: without regard to signs and decimal points, so that 1.8 adds 18, as does
// -.18. The zero value is an empty total.
type HashTotal struct{ sum uint64 }

// hashModulus is beyond what any hash total keeps.
const hashModulus = 1_000_000_000_000_000_000

// hashDigits is how many digits that leaves.
const hashDigits = 18

// Add adds a number as it stands in a document, with its exponent left out, and
// tells whether it is one. What is none leaves the total as it was.
func (h *HashTotal) Add(value []byte) bool {
	if i := bytes.IndexByte(value, 'E'); i > 0 && isNumber(value[i+1:], false) {
		value = value[:i]
	}
	n, digits := uint64(0), 0
	for i, c := range value {
		switch {
		case c >= '0' && c <= '9':
			n = (n*10 + uint64(c-'0')) % hashModulus
			digits++
		case c == '.', c == ',', c == '-' && i == 0:
		default:
			return false
		}
	}
	if digits == 0 {
		return false
	}
	h.add(n)
	return true
}

// add adds a number that is less than the modulus.
func (h *HashTotal) add(n uint64) {
	if h.sum += n; h.sum >= hashModulus {
		h.sum -= hashModulus
	}
}

// Text is the total as an element of so many digits holds it, which loses those
// on the left where there are more. Zero digits stand for as many as there are.
func (h *HashTotal) Text(digits int) string {
	n := h.sum
	if digits > 0 && digits < hashDigits {
		most := uint64(1)
		for range digits {
			most *= 10
		}
		n %= most
	}
	return strconv.FormatUint(n, 10)
}
