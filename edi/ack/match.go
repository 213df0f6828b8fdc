package ack

import (
	"strings"

	"fondaco/edi"
)

// Sent is a document that was sent, by the control numbers around it. Fields
// that are empty are not compared.
type Sent struct {
	Sender, Receiver    string // of the interchange
	Interchange         string // control numbers, as sent
	FunctionalID, Group string // of an EDIFACT message that stands in no group both are empty
	Set, Transaction    string
	Document            string // its own number, which an 824 or APERAK may name instead
}

// Verdict is what was said of a document that was sent. A status is empty
// while nothing was said.
type Verdict struct {
	Interchange Status // of the TA1 or UCI
	Syntax      Status // of the 997, 999 or CONTRL
	Content     Status // of the 824 or APERAK
	Results     []*Result
}

// Open tells that the syntax of the document is not judged yet: no 997, 999 or
// CONTRL has come, and no TA1 that rejects the interchange.
func (v *Verdict) Open() bool {
	return v.Syntax == "" && v.Interchange != Rejected || v.Syntax == Arrived
}

// Matched is what Match finds.
type Matched struct {
	Verdicts  []Verdict // of each document, in the order of those sent
	Unmatched []Result  // about nothing that was sent
	Doubled   []Doubled // said once more
}

// Doubled is a result that repeats what another one had said of the same thing.
type Doubled struct {
	Result *Result
	First  *Result
	// Contradicts says that the verdict is another one. The first one holds.
	Contradicts bool
}

// Match finds what acknowledgments say of what was sent: by control numbers,
// whose leading zeros do not count, and by the addresses of sender and
// receiver. Where several documents sent have the same numbers, an answer
// belongs to the first that has none yet.
func Match(sent []Sent, received []Received) *Matched {
	m := &matcher{sent: sent, out: &Matched{Verdicts: make([]Verdict, len(sent))}, index: map[key][]int{}}
	for i := range sent {
		m.add(i)
	}
	for i := range received {
		results := received[i].Results()
		for j := range results {
			m.match(&results[j])
		}
	}
	return m.out
}

type matcher struct {
	sent  []Sent
	out   *Matched
	index map[key][]int
}

// key is one number of a document by which an answer may name it.
type key struct {
	level  edi.Level
	number string
}

// documentLevel is the level of a key that is the document's own number.
const documentLevel = edi.LevelFile

func (m *matcher) add(i int) {
	s := &m.sent[i]
	for _, k := range []key{{edi.LevelInterchange, plain(s.Interchange)}, {edi.LevelGroup, plain(s.Group)},
		{edi.LevelTransaction, plain(s.Transaction)}, {documentLevel, s.Document}} {
		if k.number != "" {
			m.index[k] = append(m.index[k], i)
		}
	}
}

func (m *matcher) match(r *Result) {
	found := m.candidates(r)
	if len(found) == 0 {
		m.out.Unmatched = append(m.out.Unmatched, *r)
		return
	}
	if r.Level == edi.LevelTransaction {
		found = []int{m.firstOpen(r, found)}
	}
	if first := m.said(r, found); first != nil {
		m.out.Doubled = append(m.out.Doubled, Doubled{Result: r, First: first, Contradicts: first.Status != r.Status})
		return
	}
	for _, i := range found {
		m.out.Verdicts[i].take(r)
	}
}

// candidates are the documents that a result may be about.
func (m *matcher) candidates(r *Result) []int {
	k := key{edi.LevelInterchange, plain(r.Interchange)}
	switch {
	case r.Level == edi.LevelTransaction && r.Transaction != "":
		k = key{edi.LevelTransaction, plain(r.Transaction)}
	case r.Level == edi.LevelTransaction:
		k = key{documentLevel, r.Document}
	case r.Level == edi.LevelGroup:
		k = key{edi.LevelGroup, plain(r.Group)}
	}
	found := m.known(k, r)
	if len(found) == 0 && k.level == documentLevel {
		// an 824 without the number of the group names a transaction in this way
		found = m.known(key{edi.LevelTransaction, plain(r.Document)}, r)
	}
	return found
}

func (m *matcher) known(k key, r *Result) []int {
	var found []int
	for _, i := range m.index[k] {
		if m.sent[i].is(r) {
			found = append(found, i)
		}
	}
	return found
}

// is tells whether all that a result says of the document's identity fits.
func (s *Sent) is(r *Result) bool {
	fits := func(a, b string) bool { return a == "" || b == "" || a == b }
	if !fits(s.Sender, r.Sender) || !fits(s.Receiver, r.Receiver) || !fits(plain(s.Interchange), plain(r.Interchange)) {
		return false
	}
	if r.Level == edi.LevelInterchange {
		return true
	}
	if !fits(plain(s.Group), plain(r.Group)) || !fits(s.FunctionalID, r.FunctionalID) {
		return false
	}
	return r.Level == edi.LevelGroup || fits(plain(s.Transaction), plain(r.Transaction)) && fits(s.Set, r.Set)
}

// firstOpen is the first document of which nothing of this kind was said.
func (m *matcher) firstOpen(r *Result, found []int) int {
	for _, i := range found {
		if m.out.Verdicts[i].like(r) == nil {
			return i
		}
	}
	return found[len(found)-1]
}

// said is the result that had said the same of one of the documents.
func (m *matcher) said(r *Result, found []int) *Result {
	for _, i := range found {
		if first := m.out.Verdicts[i].like(r); first != nil {
			return first
		}
	}
	return nil
}

// like is a result of the same sort on the same level. The receipt of an
// interchange is followed by its verdict, which repeats nothing.
func (v *Verdict) like(r *Result) *Result {
	for _, other := range v.Results {
		if other.Level == r.Level && other.kind() == r.kind() && other.Status != Arrived {
			return other
		}
	}
	return nil
}

// kind is what a form judges.
func (r *Result) kind() string {
	switch r.Form {
	case Form824, FormAPERAK:
		return "content"
	case FormTA1:
		return "interchange"
	}
	return "syntax"
}

// take adds a result. What an outer level says of all holds for a document
// until something is said of the document itself.
func (v *Verdict) take(r *Result) {
	v.Results = append(v.Results, r)
	switch {
	case r.kind() == "content":
		v.Content = r.Status
	case r.Level == edi.LevelTransaction:
		v.Syntax = r.Status
	case r.Level == edi.LevelInterchange:
		v.Interchange = r.Status
		if r.Form == FormCONTRL {
			v.rest(r)
		}
	default:
		v.rest(r)
	}
}

// rest takes over what an outer level says of what it does not list. Where the
// document is listed, that result comes later and holds.
func (v *Verdict) rest(r *Result) {
	if v.Syntax != "" && v.Syntax != Arrived {
		return
	}
	switch {
	case r.Rest != "":
		v.Syntax = r.Rest
	case r.Status == Arrived:
		v.Syntax = Arrived
	}
}

// plain is a control number without leading zeros, which the two sides may
// write differently.
func plain(n string) string {
	n = strings.TrimSpace(n)
	if t := strings.TrimLeft(n, "0"); t != "" || n == "" {
		return t
	}
	return "0"
}
