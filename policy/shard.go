package policy

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"fondaco/schema"
)

//go:embed model.conf
var modelText string

// coarseModel is the model without rules; each enforcer gets a copy.
var coarseModel = sync.OnceValue(func() model.Model {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		panic("policy: model.conf: " + err.Error())
	}
	return m
})

// A shard holds the rules of one domain: of a firm, or of one sharing
// agreement. It puts questions to Casbin, each of which costs some
// microseconds: a snapshot asks once and remembers.
//
// The shard never changes. A rule about one kind and action says nothing
// about another, so that each pair gets an enforcer of its own, made when it
// is first asked about, with the rules that speak of it: a question costs as
// much with a thousand rules as with ten.
type shard struct {
	domain string
	lines  []line
	edges  []edge

	mu     sync.Mutex // held while Casbin thinks: its role manager is not made for questions side by side
	judges map[topic]*casbin.Enforcer
}

// A topic is what an enforcer is about.
type topic struct {
	kind   *schema.Kind
	action Action
}

func newShard(domain string, lines []line, edges []edge) *shard {
	return &shard{domain: domain, lines: lines, edges: edges, judges: map[topic]*casbin.Enforcer{}}
}

// A cell is the answer for one subject, kind and action.
type cell struct {
	allow schema.Mask // fields that some rule allows and none denies to the subject
	deny  schema.Mask // fields that some rule denies; it denies them to whoever has the subject among others
	need  schema.Mask // fields of which one must be left, or nothing is allowed
	rule  string      // the rules that decided, each with its source, one on a line
	alone Verdict     // for whoever has this subject and no other
}

// verdict draws the line between yes and no: something must be allowed and
// not denied, and a record of which not even the basic fields may be read
// cannot be read at all.
func (c *cell) verdict() Verdict {
	v := Verdict{Mask: c.allow &^ c.deny, Rule: c.rule}
	if v.Mask&c.need == 0 {
		v.Mask = 0
	}
	v.Allowed = v.Mask != 0
	return v
}

// ask puts the question to Casbin, a class of fields at a time.
func (s *shard) ask(subject string, k *schema.Kind, a Action) (cell, error) {
	if subject == "" || a == "" {
		return cell{}, fmt.Errorf("decide %q on %s for %q: subject and action must be stated", a, k, subject)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	judge, err := s.judge(topic{k, a})
	if judge == nil || err != nil {
		return cell{}, err
	}
	c := cell{need: schema.AllFields, rule: strings.Join(s.matching(subject, k, a), "\n")}
	if a == Read {
		c.need = k.FieldsOf(schema.Basic)
	}
	for _, class := range schema.Classes() {
		yes, decisive, err := judge.EnforceEx(subject, s.domain, k.Name, string(a), string(class))
		switch {
		case err != nil:
			return cell{}, fmt.Errorf("decide %s on %s for %s: %w", a, k, subject, err)
		case yes:
			c.allow |= k.FieldsOf(class)
		case len(decisive) > 0: // a rule was met, and the answer is no: it denies
			c.deny |= k.FieldsOf(class)
		}
	}
	c.alone = c.verdict()
	return c, nil
}

// judge gives the enforcer for a topic, nil when no rule speaks of it: Casbin
// without rules judges its matcher on empty texts, which nobody means.
func (s *shard) judge(t topic) (*casbin.Enforcer, error) {
	if judge, ok := s.judges[t]; ok {
		return judge, nil
	}
	var judge *casbin.Enforcer
	if rules := s.rules(t); len(rules) > 0 {
		var err error
		if judge, err = newEnforcer(rules, s.links()); err != nil {
			return nil, fmt.Errorf("compile the rules on %s of %s: %w", t.action, t.kind, err)
		}
	}
	s.judges[t] = judge
	return judge, nil
}

// rules writes out the rules that speak of a topic in Casbin's form, each once.
func (s *shard) rules(t topic) [][]string {
	var rules [][]string
	seen := map[string]bool{}
	for _, l := range s.lines {
		if !l.speaksOf(t.kind, t.action) {
			continue
		}
		classes := []string{l.fields}
		if l.fields == every {
			classes = classNames
		}
		for _, class := range classes {
			rule := []string{l.sub, s.domain, t.kind.Name, string(t.action), l.scope, class, l.eft}
			if key := strings.Join(rule, ","); !seen[key] {
				seen[key] = true
				rules = append(rules, rule)
			}
		}
	}
	return rules
}

func (l *line) speaksOf(k *schema.Kind, a Action) bool {
	return (l.typ == every || l.typ == k.Name) && (l.act == every || l.act == string(a))
}

func (s *shard) links() [][]string {
	var links [][]string
	for _, e := range s.edges {
		links = append(links, []string{e.role, e.from, s.domain})
	}
	return links
}

// newEnforcer makes an enforcer that is never changed. It is the plain one:
// Casbin's caching one answers from its cache after a rule is gone.
func newEnforcer(rules, links [][]string) (*casbin.Enforcer, error) {
	m := coarseModel().Copy()
	if err := m.AddPolicies("p", "p", rules); err != nil {
		return nil, err
	}
	if err := m.AddPolicies("g", "g", links); err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	return e, e.BuildRoleLinks()
}
