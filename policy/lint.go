package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fondaco/schema"
)

// Finding is something in a policy that somebody should look at.
type Finding struct {
	// Wrong tells an error, by which nothing is opened or activated, from a warning.
	Wrong bool `json:"wrong"`
	// Source is the line of rules, or the agreement and its term.
	Source  string `json:"source"`
	Message string `json:"message"`
}

// String tells the finding in a line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s", map[bool]string{true: "error", false: "warning"}[f.Wrong], f.Source, f.Message)
}

// Lint looks through the rules of a firm: what cannot be understood, what
// breaks an invariant, and what is understood and does nothing, or more than
// its writer may have meant.
func Lint(r Rules) []Finding {
	var l linter
	if err := CheckOverrides(r.Firm, r.Overrides); err != nil {
		l.overrides(r.Firm, r.Overrides, err)
	} else if own, err := parseOverrides(r.Firm, r.Overrides); err == nil {
		l.lines(shipped(), own)
	}
	for _, rules := range r.Agreements {
		a, problems, err := compileAgreement(r.Firm, rules)
		for _, problem := range problems {
			l.add(true, "agreement "+rules.Name, "%s", strings.TrimPrefix(problem.Error(), fmt.Sprintf("agreement %s (%s): ", rules.ID, rules.Name)))
		}
		if err != nil {
			l.add(true, "agreement "+rules.Name, "%v", err)
			continue
		}
		l.agreement(a)
	}
	return l.findings
}

type linter struct{ findings []Finding }

func (l *linter) add(wrong bool, source, format string, args ...any) {
	l.findings = append(l.findings, Finding{wrong, source, fmt.Sprintf(format, args...)})
}

// overrides tells each line of a firm's own rules that cannot be read, where
// the check of the whole ends at the first; else what the check found.
func (l *linter) overrides(firm schema.FirmID, text string, err error) {
	found := len(l.findings)
	for i, raw := range strings.Split(text, "\n") {
		if written := strings.TrimSpace(raw); written == "" || strings.HasPrefix(written, "#") {
			continue
		}
		if _, _, err := overrideDialect(firm).parseLine(raw, ""); err != nil {
			l.add(true, fmt.Sprintf("overrides:%d", i+1), "%v", err)
		}
	}
	if len(l.findings) > found {
		return
	}
	for message := range strings.SplitSeq(err.Error(), "\n") {
		l.add(true, "overrides", "%s", strings.TrimPrefix(message, "overrides "))
	}
}

// lines looks for rules of a firm that change nothing: a rule that stands on
// one line does so if all that it was spread into does.
func (l *linter) lines(book rulebook, own []line) {
	s := newShard("", book.edges, book.about, byTopic(own))
	idle, first := map[string]string{}, []string(nil)
	for i := range own {
		source, why := own[i].source, s.idle(&own[i])
		if before, known := idle[source]; !known {
			idle[source], first = why, append(first, source)
		} else if before != "" {
			idle[source] = why
		}
	}
	for _, source := range first {
		if idle[source] != "" {
			l.add(false, source, "%s", idle[source])
		}
	}
}

// idle tells why a line changes nothing, "" if it may change something.
func (s *shard) idle(own *line) string {
	above := s.inherited(own.sub)
	why := ""
	for topic := range byTopic([]line{*own}) {
		reason := ""
		met := false
		for _, other := range s.about(topic) {
			if other == own || other.source == own.source {
				continue
			}
			same := slices.Contains(above, other.sub)
			switch {
			case same && other.eft == own.eft && other.covers(own):
				reason = "says what is said already by " + other.source + ": take it out"
			case same && other.eft == effectDeny && own.eft == effectAllow && other.covers(own):
				reason = "allows what is denied by " + other.source + ": take one of them out"
			case own.eft == effectDeny && other.eft == effectAllow && other.meets(own) &&
				(same || slices.Contains(s.inherited(other.sub), own.sub)):
				met = true
			}
		}
		if own.eft == effectDeny && !met && reason == "" {
			reason = "denies what nothing allows: take it out"
		}
		if reason == "" {
			return ""
		}
		why = reason
	}
	return why
}

// about gives all lines on a topic.
func (s *shard) about(t topic) (lines []*line) {
	for _, book := range s.books {
		lines = append(lines, book[t]...)
	}
	return lines
}

// covers tells whether the line speaks of all the rows and fields of another
// one on the same topic; meets, whether it speaks of some of them.
func (l *line) covers(other *line) bool {
	return l.rings&other.rings == other.rings && (l.fields == every || l.fields == other.fields)
}

func (l *line) meets(other *line) bool {
	class := func(name string) bool { return slices.Contains(classNames, name) }
	return l.rings&other.rings != 0 &&
		(l.fields == every || other.fields == every || l.fields == other.fields || class(l.fields) != class(other.fields))
}

// agreement looks for terms that open more, or less, than it seems.
func (l *linter) agreement(a *agreement) {
	personal := false
	for _, t := range a.terms {
		source := fmt.Sprintf("agreement %s, term %d (%s %s)", a.Name, t.number, t.kind, t.level)
		personal = personal || a.verdict(t, Read).Mask&t.kind.FieldsOf(schema.Personal) != 0
		if t.level == schema.ShareChildren && !slices.ContainsFunc(a.terms, func(up *term) bool { return up.kind == t.kind.Parent.Target() && up.reads() }) {
			l.add(false, source, "opens what belongs to a %s, and no term opens any: add one", t.kind.Parent.Target())
		}
		if t.reshare && len(t.teams) > 0 {
			l.add(false, source, "is for teams alone and cannot be passed on: take teams or reshare out")
		}
		if t.reads() && a.verdict(t, Edit).Allowed && t.level == schema.ShareAll {
			l.add(false, source, "lets the other firm change every record of the kind: a filter or a list would narrow it")
		}
		l.swallowed(a, t, source)
		l.unshared(a, t, source)
	}
	if personal && a.Purpose == "" {
		l.add(false, "agreement "+a.Name, "shows personal fields and states no purpose (GDPR, article 5.1.b): state it")
	}
	if a.Until.IsZero() {
		l.add(false, "agreement "+a.Name, "has no last day: state one, it can be made anew")
	}
}

// swallowed finds a term that opens nothing beside a wider one.
func (l *linter) swallowed(a *agreement, t *term, source string) {
	for _, wide := range a.terms {
		if wide == t || wide.kind != t.kind || wide.level != schema.ShareAll || !t.reads() || t.level == schema.ShareAll ||
			len(wide.teams) > 0 || !wide.window.until.IsZero() {
			continue
		}
		more := slices.ContainsFunc(shareable(), func(action Action) bool {
			return a.verdict(t, action).Mask&^a.verdict(wide, action).Mask != 0
		})
		if !more {
			l.add(false, source, "opens nothing beside term %d, which opens all: take one of them out", wide.number)
			return
		}
	}
}

// unshared finds a term that passes on what cannot be passed on.
func (l *linter) unshared(a *agreement, t *term, source string) {
	if a.source == nil || !t.reads() {
		return
	}
	for _, from := range a.source.terms {
		if from.kind == t.kind && a.source.passesOn(from) && (t.level != schema.ShareGranted || from.level != schema.ShareGranted) {
			return
		}
	}
	l.add(false, source, "passes on what agreement %q does not let be passed on: it opens nothing", a.source.Name)
}

// instant writes an instant in words, "any time" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return "any time"
	}
	return t.UTC().Format(time.RFC3339)
}
