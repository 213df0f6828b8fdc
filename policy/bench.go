package policy

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/casbin/casbin/v2"
)

// here is the domain of all rules that an enforcer is given: those of one
// shard, and so of one firm.
const here = "here"

// A bench keeps enforcers of the same role inheritance that no question has at
// present. To parse the matcher and to link the roles takes ten times as long
// as to judge a handful of rules. A question takes an enforcer for itself, puts
// in the few rules that speak of it, and takes them out again: no enforcer is
// ever changed while somebody asks it.
//
// The idle ones are held, and not left to the garbage collector as those of a
// sync.Pool: it would take them away between two questions of a rare role, and
// one question in a hundred would wait for a new one. There are few, as many
// for ten thousand firms as for one.
type bench struct {
	links [][]string
	idle  chan *casbin.Enforcer
}

// maxIdle is how many enforcers a bench holds that nobody asks at present.
const maxIdle = 8

// benches are those that were needed, by their links: there are as many as
// shipped roles that inherit differently.
var benches = sync.OnceValue(func() *sync.Map { return &sync.Map{} })

func benchOf(links [][]string) *bench {
	var key strings.Builder
	for _, l := range links {
		key.WriteString(strings.Join(l, " "))
		key.WriteByte('\n')
	}
	if b, known := benches().Load(key.String()); known {
		return b.(*bench)
	}
	b, _ := benches().LoadOrStore(key.String(), &bench{links, make(chan *casbin.Enforcer, maxIdle)})
	return b.(*bench)
}

// judge puts questions to an enforcer that holds some rules and no others.
// One with which something failed is not used again.
func (b *bench) judge(rules [][]string, ask func(enforce func(...any) (bool, []string, error)) error) error {
	var e *casbin.Enforcer
	select {
	case e = <-b.idle:
	default:
		var err error
		if e, err = newEnforcer(nil, b.links); err != nil {
			return err
		}
	}
	held := e.GetModel()["p"]["p"]
	held.Policy = rules
	if err := ask(e.EnforceEx); err != nil {
		return err
	}
	held.Policy = nil
	select {
	case b.idle <- e:
	default: // there are enough
	}
	return nil
}

// warmed makes an enforcer ready for each shipped role before somebody asks,
// and asks it once: Casbin parses its matcher at the first question. It is done
// when the first snapshot is compiled.
var warmed = sync.OnceValue(func() error {
	s := newShard("", shipped().edges)
	var failed error
	for _, role := range append(slices.Clone(roleNames), "") { // no role: what is between firms
		b := benchOf(s.links(s.inherited(rolePrefix + role)))
		failed = errors.Join(failed, b.judge([][]string{{here, here, here, here, here, here, effectAllow}},
			func(enforce func(...any) (bool, []string, error)) error {
				_, _, err := enforce(here, here, here, here, here, here)
				return err
			}))
	}
	return failed
})

// newEnforcer makes an enforcer. It is the plain one: Casbin's caching one
// answers from its cache after a rule is gone.
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
