package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

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
// agreement. It never changes.
//
// Casbin reads every rule that it holds for every question. The shard is
// therefore parted by what a rule speaks of: a question about one subject,
// kind and action is put to an enforcer that holds the few rules which speak of
// the three, and of no others; what it leaves out is what the matcher would
// pass over. So a question costs as much with a thousand rules as with ten,
// and as no two questions have an enforcer at the same time, many may ask side
// by side. And since the matcher knows nothing but equality, it
// cannot tell two questions apart to which rules of the same subjects with the
// same effects apply: that which was asked first is the answer to both.
type shard struct {
	domain  string
	books   []map[topic][]*line
	edges   []edge
	answers sync.Map // answer by form
}

// A form is what Casbin can tell of a question.
type form struct {
	subject string
	who     uint64 // two bits for each of the subjects from which it inherits: allowed by a rule, denied by a rule
}

// An answer is what Casbin said. Neither is so when no rule was met.
type answer struct{ yes, no bool }

// A topic is what a rule is about.
type topic struct {
	kind   *schema.Kind
	action Action
}

func newShard(domain string, edges []edge, books ...map[topic][]*line) *shard {
	return &shard{domain: domain, books: books, edges: edges}
}

// byTopic sorts lines by what they speak of.
func byTopic(lines []line) map[topic][]*line {
	about := map[topic][]*line{}
	for i := range lines {
		l := &lines[i]
		kinds, actions := schema.Kinds(), Actions()
		if l.typ != every {
			kinds = []*schema.Kind{schema.KindNamed(l.typ)}
		}
		if l.act != every {
			actions = []Action{Action(l.act)}
		}
		for _, k := range kinds {
			for _, a := range actions {
				about[topic{k, a}] = append(about[topic{k, a}], l)
			}
		}
	}
	return about
}

// A cell is the answer for one subject, kind and action, by row scope.
type cell struct {
	allow [rowScopes]schema.Mask // fields that some rule allows and none denies to the subject
	deny  [rowScopes]schema.Mask // fields that some rule denies; it denies them to whoever has the subject among others
	need  schema.Mask            // fields of which one must be left, or nothing is allowed
	rule  string                 // the rules that decided, each with its source, one on a line
	alone Verdict                // for whoever has this subject and no other
}

// verdict draws the line between yes and no: something must be allowed and
// not denied, and a record of which not even the basic fields may be read
// cannot be read at all.
func (c *cell) verdict() Verdict {
	v := Verdict{Rule: c.rule}
	for r := range v.Within {
		if m := c.allow[r] &^ c.deny[r]; m&c.need != 0 {
			v.Within[r] = m
			v.Mask |= m
		}
	}
	v.Allowed = v.Mask != 0
	return v
}

// ask puts the question to Casbin: once for each way in which the rules tell
// scopes and fields apart.
func (s *shard) ask(subject string, k *schema.Kind, a Action) (cell, error) {
	if subject == "" || a == "" {
		return cell{}, fmt.Errorf("decide %q on %s for %q: subject and action must be stated", a, k, subject)
	}
	subjects := s.inherited(subject)
	lines := s.concerning(subjects, topic{k, a})
	c := cell{need: schema.AllFields, rule: strings.Join(sourcesOf(lines), "\n")}
	if a == Read {
		c.need = k.FieldsOf(schema.Basic)
	}
	inquiries := inquire(lines, subjects, k)
	if err := s.settle(inquiries, subjects, topic{k, a}); err != nil {
		return cell{}, err
	}
	for _, q := range inquiries {
		known, _ := s.answers.Load(form{subject, q.who})
		switch {
		case known.(answer).yes:
			q.mark(&c.allow)
		case known.(answer).no:
			q.mark(&c.deny)
		}
	}
	c.alone = c.verdict()
	return c, nil
}

// settle puts to Casbin what it was not asked before.
func (s *shard) settle(inquiries []*inquiry, subjects []string, t topic) error {
	open := slices.DeleteFunc(slices.Clone(inquiries), func(q *inquiry) bool {
		_, known := s.answers.Load(form{subjects[0], q.who})
		return known
	})
	if len(open) == 0 { // Casbin without rules judges its matcher on empty texts, which nobody means
		return nil
	}
	var rules [][]string
	for _, q := range open {
		rules = append(rules, written(subjects, q, t)...)
	}
	return benchOf(s.links(subjects)).judge(rules, func(enforce func(...any) (bool, []string, error)) error {
		for _, q := range open {
			yes, decisive, err := enforce(subjects[0], here, t.kind.Name, string(t.action), q.scope, q.fields)
			if err != nil {
				return fmt.Errorf("decide %s on %s for %s: %w", t.action, t.kind, subjects[0], err)
			}
			// When a rule was met and the answer is no, the rule denies.
			s.answers.Store(form{subjects[0], q.who}, answer{yes, !yes && len(decisive) > 0})
		}
		return nil
	})
}

// concerning gives the lines that speak of one of the subjects and of a topic.
func (s *shard) concerning(subjects []string, t topic) []*line {
	var lines []*line
	for _, book := range s.books {
		for _, l := range book[t] {
			if slices.Contains(subjects, l.sub) {
				lines = append(lines, l)
			}
		}
	}
	return lines
}

// links gives the steps of inheritance between the subjects.
func (s *shard) links(subjects []string) [][]string {
	var links [][]string
	for _, e := range s.edges {
		if slices.Contains(subjects, e.role) {
			links = append(links, []string{e.role, e.from, here})
		}
	}
	return links
}
