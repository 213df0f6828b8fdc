package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fondaco/schema"
)

// Refusal is a line of a firm's own rules that is not in force as it was
// written, because this version of the program cannot take it.
type Refusal struct {
	Line   int    `json:"line"` // from 1
	Text   string `json:"text"` // as it was written
	Reason string `json:"reason"`
	// InForce is what holds in its place, in the words of the rules; "" for nothing.
	InForce string `json:"inForce,omitempty"`
}

// String tells the refusal in a sentence.
func (r Refusal) String() string {
	rest := "nothing of it is in force"
	if r.InForce != "" {
		rest = "in force is " + r.InForce
	}
	return fmt.Sprintf("overrides:%d: %s; %s", r.Line, r.Reason, rest)
}

// Salvage is [Compile] for rules that were good once: when the firm's own
// lines are refused, as after an upgrade, the firm goes on under the shipped
// rules and what its lines deny. It is never given more than before:
//
//   - No line that allows is in force while any line is refused.
//   - A line that denies stays. One that can be read in part denies what it
//     names and is known here, all fields where a class or a set is not known,
//     and whatever lies within the firm where the scope is not.
//   - What would keep administrators from mending the rules is left out.
//
// [Snapshot.Refusals] tells each line that is not in force as written, and
// why. A line that names no role, kind or action known here denies nothing.
func Salvage(r Rules) (*Snapshot, error) {
	s, err := Compile(r)
	if err == nil || r.Firm.IsZero() {
		return s, err
	}
	whole := err
	bare := r
	bare.Overrides = ""
	if s, err = Compile(bare); err != nil {
		return nil, err // the fault is not in the firm's own lines
	}
	s.rules = r
	rest := salvage(r.Firm, r.Overrides)
	for spare := range sparingAll + 1 {
		s.own, s.refusals = rest.inForce(spare)
		s.firm = newShard(r.Firm.String(), shipped().edges, shipped().about, byTopic(s.own))
		if err = keepsAdministrators(s.firm); err == nil {
			return s, nil
		}
	}
	return nil, errors.Join(whole, err)
}

// Refusals lists the lines of the firm's own rules that are not in force as
// they were written; none for a snapshot that [Compile] made.
func (s *Snapshot) Refusals() []Refusal { return slices.Clone(s.refusals) }

// What administrators need to change the rules is taken out of no line, of
// those that were read in part, or of all: no more than it takes.
const (
	sparingNone = iota
	sparingPartial
	sparingAll
)

// A remnant is what is left of a firm's line.
type remnant struct {
	Refusal // without a reason if the line stands as it was written
	lines   []line
}

type remnants []remnant

// salvage reads a firm's lines one by one and keeps what denies.
func salvage(firm schema.FirmID, text string) (list remnants) {
	d := overrideDialect(firm)
	for i, raw := range strings.Split(text, "\n") {
		written := strings.TrimSpace(raw)
		if written == "" || strings.HasPrefix(written, "#") {
			continue
		}
		source := fmt.Sprintf("%s:%d: %s", d.name, i+1, written)
		lines, _, err := d.parseLine(raw, source)
		r := remnant{Refusal: Refusal{Line: i + 1, Text: written}, lines: lines}
		switch {
		case err != nil:
			r.Reason, r.InForce = err.Error(), legible(firm, raw)
			if r.lines, _, err = d.parseLine(r.InForce, source+" (as far as it can be read)"); err != nil {
				r.lines, r.InForce = nil, ""
			}
		case lines[0].eft == effectAllow:
			r.lines, r.Reason = nil, "it allows, and no line that allows is in force until all lines can be read again"
		}
		list = append(list, r)
	}
	return list
}

// inForce gives the lines that are in force, and tells of those that are not
// as they were written.
func (list remnants) inForce(spare int) (kept []line, refused []Refusal) {
	for _, r := range list {
		lines := r.lines
		if spare == sparingAll || spare == sparingPartial && r.Reason != "" {
			var cut bool
			if lines, cut = sparingAdministrators(lines); cut {
				if r.Reason == "" {
					r.Reason, r.InForce = "it would keep administrators from changing the rules", r.Text
				}
				r.InForce += ", but for what administrators need to change the rules"
			}
		}
		if r.Reason != "" {
			refused = append(refused, r.Refusal)
		}
		kept = append(kept, lines...)
	}
	return kept, refused
}

// legible writes a line that denies without what is not known here, "" if
// too little of it is.
func legible(firm schema.FirmID, raw string) string {
	t := strings.Split(raw, ",")
	for i := range t {
		t[i] = strings.Trim(t[i], " \t\r")
	}
	if len(t) != 8 || t[0] != "p" || t[7] == effectAllow || t[2] != firm.String() {
		return ""
	}
	subjects := among(strings.TrimPrefix(t[1], rolePrefix), func(role string) bool { return overrideSubject(rolePrefix+role) == nil })
	types := among(t[3], func(typ string) bool { return slices.Contains(kindNames, typ) })
	actions := among(t[4], func(action string) bool { return slices.Contains(actionNames, action) })
	if subjects == "" || types == "" || actions == "" {
		return ""
	}
	scope, fields := t[5], t[6]
	if !slices.Contains(beyondNames, scope) {
		scope = scopeFirm
	}
	if _, err := spreadFields(fields, strings.Split(types, "|")); err != nil {
		fields = every
	}
	return strings.Join([]string{"p", rolePrefix + subjects, t[2], types, actions, scope, fields, effectDeny}, ", ")
}

// among leaves the words of a list that are known, each once.
func among(token string, known func(string) bool) string {
	if slices.Contains(strings.Split(token, "|"), every) {
		return every
	}
	var all []string
	for word := range strings.SplitSeq(token, "|") {
		if known(word) && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return strings.Join(all, "|")
}

// sparingAdministrators takes out of lines that deny what administrators need
// to change the rules again, and tells whether there was anything.
func sparingAdministrators(lines []line) (kept []line, cut bool) {
	admin := rolePrefix + string(schema.Administrator)
	meant := newShard("", shipped().edges).inherited(admin)
	for i := range lines {
		l := &lines[i]
		if !slices.Contains(meant, l.sub) || !slices.ContainsFunc(adminNeeds, func(n topic) bool { return l.speaksOf(n) }) {
			kept = append(kept, *l)
			continue
		}
		cut = true
		kept = append(kept, l.without(admin)...)
	}
	return kept, cut
}

// speaksOf tells whether a line is about a topic.
func (l *line) speaksOf(t topic) bool {
	return (l.typ == every || l.typ == t.kind.Name) && (l.act == every || l.act == string(t.action))
}

// without spreads a line, so that for administrators it leaves out what they
// need; for other roles it says what it said.
func (l *line) without(admin string) (list []line) {
	subjects := []string{l.sub}
	if l.sub != admin {
		subjects = nil
		for _, role := range schema.Role("").Values() {
			if slices.Contains(newShard("", shipped().edges).inherited(rolePrefix+role), l.sub) {
				subjects = append(subjects, rolePrefix+role)
			}
		}
	}
	for topic := range byTopic([]line{*l}) {
		for _, subject := range subjects {
			if subject == admin && slices.Contains(adminNeeds, topic) {
				continue
			}
			one := *l
			one.sub, one.typ, one.act = subject, topic.kind.Name, string(topic.action)
			list = append(list, one)
		}
	}
	return list
}
