package partners_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestSubtreeOfTeams: in trees of teams made at random, whoever may see the
// records of teams below its own sees exactly those, by list, as by what and by who.
func TestSubtreeOfTeams(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	rng := rand.New(rand.NewPCG(max(*seed, 1), 7))
	const size = 9
	teams, people, kept := make([]schema.ID, size), make([]policy.Principal, size), make([]schema.ID, size)
	up := make([]int, size) // the team of which each is a part, itself for none
	for i := range size {
		values := partners.Values{"name": fmt.Sprintf("Team %d", i)}
		if up[i] = i; i > 0 && rng.IntN(4) > 0 {
			up[i] = rng.IntN(i)
			values["parent"] = teams[up[i]]
		}
		teams[i] = n.Create(maker, schema.Teams, values)
		p := n.Person(maker.Firm, fmt.Sprintf("Person %d", i), schema.Sales)
		n.Create(maker, schema.Memberships, partners.Values{"member": p.User.ID(), "team": teams[i]})
		kept[i] = n.Create(p, schema.Customers, customer(fmt.Sprintf("Kept by %d", i), "PL"))
		people[i] = p
	}
	lines := "p, role:SALES, " + maker.Firm.String() + ", Customer, read, beyond:subtree, *, deny\n"
	if err := n.SetOverrides(policy.With(t.Context(), maker), lines); err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		for i := range size {
			var want []schema.ID
			for j := range size {
				at := j
				for at != i && up[at] != at {
					at = up[at]
				}
				if at == i {
					want = append(want, kept[j])
				}
			}
			subtreeSees(t, n, maker, people[i].User, want, kept)
		}
	}
	check()
	for range 4 { // teams change their place
		i, j := rng.IntN(size), rng.IntN(size)
		at := j
		for at != i && up[at] != at {
			at = up[at]
		}
		_, err := n.Write(policy.With(t.Context(), maker), []partners.Command{
			{Verb: partners.Update, Kind: schema.Teams, ID: teams[i], Values: partners.Values{"parent": teams[j]}},
		})
		if at == i != (schema.Code(err) == schema.CodeInvalid) {
			t.Fatalf("team %d becomes part of %d, above which it is: %t: %v", i, j, at == i, err)
		}
		if err == nil {
			up[i] = j
		}
	}
	check()
}

// subtreeSees asks by list, what and who which of the records a person sees.
func subtreeSees(t *testing.T, n *partnerstest.Node, admin policy.Principal, user schema.Ref[schema.User], want, all []schema.ID) {
	t.Helper()
	p, err := n.Principal(t.Context(), user.ID())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := n.Read(policy.With(t.Context(), p), &partners.Plan{Kind: schema.Customers, Order: []partners.Order{{}}, First: 100})
	if err != nil {
		t.Fatal(err)
	}
	var listed, what, who []schema.ID
	for _, row := range pages[0].Rows {
		listed = append(listed, row.ID)
	}
	ctx := policy.With(t.Context(), admin)
	sightings, err := n.What(ctx, partners.Viewer{User: user}, schema.Customers, partners.Span{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sightings.List {
		what = append(what, s.ID)
	}
	for _, id := range all {
		seers, err := n.Who(ctx, partners.Record{Kind: schema.Customers, ID: id}, partners.Span{First: 100})
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(seers.List, func(s partners.Seer) bool { return s.User == user }) {
			who = append(who, id)
		}
	}
	for way, got := range map[string][]schema.ID{"the list": listed, "what": what, "who": who} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", way, user, diff)
		}
	}
}

// TestTeamsAreATree: no team is part of itself, whoever moves what at once,
// and no tree is too deep.
func TestTeamsAreATree(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Wisła Pompy", "PL")
	move := func(team, to schema.ID) error {
		_, err := n.Write(policy.With(t.Context(), maker), []partners.Command{
			{Verb: partners.Update, Kind: schema.Teams, ID: team, Values: partners.Values{"parent": to}},
		})
		return err
	}
	one, two := n.Create(maker, schema.Teams, partners.Values{"name": "One"}), n.Create(maker, schema.Teams, partners.Values{"name": "Two"})
	if err := move(one, one); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("a team becomes part of itself: %v, want invalid", err)
	}
	stranger := n.Firm("Nordwind", "DE")
	foreign := n.Create(stranger, schema.Teams, partners.Values{"name": "Foreign"})
	if err := move(one, foreign); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("a team becomes part of another firm's: %v, want invalid", err)
	}
	for range 5 { // each half of a circle by itself would do
		var wait sync.WaitGroup
		errs := make([]error, 2)
		wait.Go(func() { errs[0] = move(one, two) })
		wait.Go(func() { errs[1] = move(two, one) })
		wait.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("two teams become part of each other: %v", errors.Join(errs...))
		}
		for _, team := range []schema.ID{one, two} {
			n.Do(maker, partners.Command{Verb: partners.Update, Kind: schema.Teams, ID: team, Values: partners.Values{"parent": nil}})
		}
	}
	last, deep := one, 1
	for ; deep < 100; deep++ {
		id := schema.NewID()
		_, err := n.Write(policy.With(t.Context(), maker), []partners.Command{
			{Verb: partners.Create, Kind: schema.Teams, ID: id, Values: partners.Values{"name": "Deeper", "parent": last}},
		})
		if err != nil {
			if schema.Code(err) != schema.CodeInvalid || !strings.Contains(err.Error(), "16 deep") {
				t.Errorf("team %d: %v", deep, err)
			}
			break
		}
		last = id
	}
	if deep != 16 {
		t.Errorf("%d teams lie above one another, want 16", deep)
	}
	if err := move(one, two); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("a whole tree becomes too deep: %v, want invalid", err)
	}
}
