package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fondaco/schema"
)

func TestCheckTermsByLevel(t *testing.T) {
	t.Parallel()
	read := []string{"read"}
	country := []byte(`{"field":"country","op":"eq","value":"PT"}`)
	team := id(7)
	for _, test := range []struct {
		name string
		term schema.SharingTerm
		want string // "" for a term that is taken
	}{
		{"hidden", schema.SharingTerm{Kind: "Customer", Level: schema.ShareHidden}, ""},
		{"hidden with an action", schema.SharingTerm{Kind: "Customer", Level: schema.ShareHidden, Actions: read}, "HIDDEN opens nothing"},
		{"hidden with a filter", schema.SharingTerm{Kind: "Customer", Level: schema.ShareHidden, Filter: country}, "HIDDEN opens nothing"},
		{"counts", schema.SharingTerm{Kind: "Customer", Level: schema.ShareCounts, Actions: read, Floor: 5}, ""},
		{"counts of some", schema.SharingTerm{Kind: "Customer", Level: schema.ShareCounts, Actions: read, Floor: 10, Filter: country, FieldSets: []string{"contact@1"}}, ""},
		{"counts without a floor", schema.SharingTerm{Kind: "Customer", Level: schema.ShareCounts, Actions: read}, "a floor, of 5"},
		{"counts of a few", schema.SharingTerm{Kind: "Customer", Level: schema.ShareCounts, Actions: read, Floor: 4}, "a floor, of 5"},
		{"counts of a negative floor", schema.SharingTerm{Kind: "Customer", Level: schema.ShareCounts, Actions: read, Floor: -9}, "a floor, of 5"},
		{"counts that export", schema.SharingTerm{Kind: "Customer", Level: schema.ShareCounts, Actions: []string{"read", "export"}, Floor: 5}, "the action read alone"},
		{"counts that are passed on", schema.SharingTerm{Kind: "Customer", Level: schema.ShareCounts, Actions: read, Floor: 5, Reshare: true}, "cannot be passed on"},
		{"a floor for all", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, Floor: 5}, "a floor, of 5"},
		{"overlap", schema.SharingTerm{Kind: "Customer", Level: schema.ShareOverlap, Actions: read, Keys: []string{"duns", "vatId"}}, ""},
		{"overlap without keys", schema.SharingTerm{Kind: "Customer", Level: schema.ShareOverlap, Actions: read}, "keys go with level OVERLAP"},
		{"overlap by a hidden field", schema.SharingTerm{Kind: "Customer", Level: schema.ShareOverlap, Actions: read, Keys: []string{"customerNumber"}}, `key "customerNumber"`},
		{"overlap by an enum", schema.SharingTerm{Kind: "Customer", Level: schema.ShareOverlap, Actions: read, Keys: []string{"status"}}, `key "status"`},
		{"overlap by one key twice", schema.SharingTerm{Kind: "Customer", Level: schema.ShareOverlap, Actions: read, Keys: []string{"duns", "duns"}}, `key "duns"`},
		{"overlap that shows fields", schema.SharingTerm{Kind: "Customer", Level: schema.ShareOverlap, Actions: read, Keys: []string{"duns"}, Classes: []schema.Class{"personal"}}, "shows no fields"},
		{"keys for all", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, Keys: []string{"duns"}}, "keys go with"},
		{"a set of fields", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, FieldSets: []string{"contact@1"}}, ""},
		{"a set of another kind", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, FieldSets: []string{"price@1"}}, `set of fields "price@1"`},
		{"a set of no version", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, FieldSets: []string{"contact"}}, `set of fields "contact"`},
		{"a class for a set", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, FieldSets: []string{"internal"}}, `set of fields "internal"`},
		{"teams", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, Teams: []schema.ID{team}}, ""},
		{"a team twice", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, Teams: []schema.ID{team, team}}, "stands twice"},
		{"no team", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, Teams: []schema.ID{{}}}, "is none"},
		{"passed on", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, Reshare: true}, ""},
		{"a filter on a list", schema.SharingTerm{Kind: "Customer", Level: schema.ShareGranted, Actions: read, Filter: country}, "a filter goes with"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := CheckTerms([]schema.SharingTerm{test.term})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("CheckTerms(%+v) = %v, want an error with %q", test.term, err, test.want)
			}
		})
	}
}

// What may be counted and what overlaps is in no list; both are those of the
// naive words: the rows of the owner that meet the filter, while the term is
// in force and meant for the reader.
func TestCountsAndOverlapsAreTheNaiveModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t).compiled(t)
		p := drawPrincipal(t)
		for _, e := range w.rows {
			k := schema.KindOf(e)
			v := w.snap.View(p, k, Read, noon)
			var counted, overlapping int
			for i := range v.Counts {
				if c := &v.Counts[i]; v.MatchOne(&c.Path, e, w.row, w.granted) {
					counted++
				}
			}
			for i := range v.Overlaps {
				if o := &v.Overlaps[i]; v.MatchOne(&o.Path, e, w.row, w.granted) {
					overlapping++
				}
			}
			n := naive{w, p}
			if want := n.told(e, schema.ShareCounts); counted != want {
				t.Fatalf("%s of firm %d is counted %d times, the model says %d\nunder %+v", k, e.Header().Owner[15], counted, want, w.rules)
			}
			if want := n.told(e, schema.ShareOverlap); overlapping != want {
				t.Fatalf("%s of firm %d overlaps %d times, the model says %d\nunder %+v", k, e.Header().Owner[15], overlapping, want, w.rules)
			}
		}
	})
}

// told counts the terms of a level that speak of a row.
func (n naive) told(e schema.Entity, level schema.ShareLevel) (terms int) {
	h, k := e.Header(), schema.KindOf(e)
	own := n.p.Actor == ActorNode || n.snap.Decide(n.p, k, Read).Within[FirmRows] != 0
	for _, g := range n.rules.Agreements {
		for _, t := range g.Terms {
			if t.Level != level || !own || h.Owner != g.Owner || h.Holder != h.Owner || k.HasAudience && !n.names(e) {
				continue
			}
			if n.says(t, e, Read) && inForce(g) && n.meant(g.Teams) && n.meant(teamsOf(t)) && n.shown(t, e) &&
				(len(t.Filter) == 0 || e.(*schema.Customer).Country != "PT") {
				terms++
			}
		}
	}
	return terms
}

// shown tells whether the reader's own roles leave anything of what a term shows.
func (n naive) shown(t schema.SharingTerm, e schema.Entity) bool {
	mask := fieldsOf(t)
	if n.p.Actor != ActorNode {
		mask &= n.snap.Decide(n.p, schema.KindOf(e), Read).Within[FirmRows]
	}
	return mask != 0
}

func TestCountIsShownFromTheFloorOn(t *testing.T) {
	t.Parallel()
	c := CountPath{Floor: 10}
	for n, want := range map[int64]int64{0: -1, 1: -1, 9: -1, 10: 10, 11: 10, 19: 10, 20: 20, 999: 990} {
		got, ok := c.Show(n)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("Show(%d) = %d, want %d (-1 for nothing)", n, got, want)
		}
	}
}

func TestOverlapIsByAnyKeyThatBothState(t *testing.T) {
	t.Parallel()
	keys, err := overlapKeys(schema.Customers, []string{"duns", "gln"})
	if err != nil {
		t.Fatal(err)
	}
	o := OverlapPath{Keys: keys}
	for _, test := range []struct {
		name         string
		mine, theirs schema.Customer
		want         bool
	}{
		{"one key", schema.Customer{DUNS: "1"}, schema.Customer{DUNS: "1", GLN: "2"}, true},
		{"the other key", schema.Customer{DUNS: "1", GLN: "2"}, schema.Customer{DUNS: "9", GLN: "2"}, true},
		{"nothing stated", schema.Customer{Name: "A"}, schema.Customer{Name: "A"}, false},
		{"stated by one", schema.Customer{DUNS: "1"}, schema.Customer{}, false},
		{"one's key as the other's other key", schema.Customer{DUNS: "1"}, schema.Customer{GLN: "1"}, false},
	} {
		if got := o.Same(&test.mine, &test.theirs); got != test.want {
			t.Errorf("%s: Same() = %v, want %v", test.name, got, test.want)
		}
	}
}

func TestStandingOf(t *testing.T) {
	t.Parallel()
	hour := time.Hour
	for _, test := range []struct {
		name        string
		state       schema.SharingState
		answer      schema.Answer
		partnership bool
		rules       AgreementRules
		want        Standing
	}{
		{"a draft", schema.SharingDraft, "", true, AgreementRules{}, StandsDraft},
		{"not answered", schema.SharingOffered, "", true, AgreementRules{}, StandsOffered},
		{"accepted", schema.SharingOffered, schema.Accepted, true, AgreementRules{}, StandsAccepted},
		{"declined", schema.SharingOffered, schema.Declined, true, AgreementRules{}, StandsDeclined},
		{"taken back", schema.SharingOffered, schema.Withdrawn, true, AgreementRules{}, StandsDeclined},
		{"suspended", schema.SharingSuspended, schema.Accepted, true, AgreementRules{}, StandsSuspended},
		{"revoked", schema.SharingRevoked, schema.Accepted, true, AgreementRules{Until: noon.Add(-hour)}, StandsRevoked},
		{"expired", schema.SharingOffered, schema.Accepted, true, AgreementRules{Until: noon}, StandsExpired},
		{"expired while suspended", schema.SharingSuspended, schema.Accepted, true, AgreementRules{Until: noon}, StandsExpired},
		{"not begun", schema.SharingOffered, schema.Accepted, true, AgreementRules{From: noon.Add(hour)}, StandsNotYet},
		{"without a partnership", schema.SharingOffered, schema.Accepted, false, AgreementRules{}, StandsPartedWith},
		{"without its paper", schema.SharingOffered, schema.Accepted, true, AgreementRules{Requires: []Requirement{{Until: noon}}}, StandsUnrested},
		{"without what it rests on", schema.SharingOffered, schema.Accepted, true, AgreementRules{RestsOn: &AgreementRules{Until: noon}}, StandsUnrested},
	} {
		if got := StandingOf(test.state, test.answer, test.partnership, &test.rules, noon); got != test.want {
			t.Errorf("%s: StandingOf() = %s, want %s", test.name, got, test.want)
		}
		if missing := test.want.missing(); (missing == "") != (test.want == StandsAccepted) {
			t.Errorf("%s: what is missing is told as %q", test.want, missing)
		}
	}
}

// A term ends with its day in the time zone of the firm that shares, and what
// an agreement requires bounds it: the view turns at each of these instants.
func TestViewTurnsWithTermsAndPapers(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("east", 3*3600)
	term := shareTerm("Customer", schema.ShareAll)
	term.ValidUntil = schema.DateOf(noon)
	ends := time.Date(2026, 5, 5, 0, 0, 0, 0, zone)
	a := agreementOf(9, vend, term)
	a.Zone, a.Requires = zone, []Requirement{{Name: "NDA", From: noon.Add(time.Hour), Until: ends.Add(-time.Minute)}}
	s := compile(t, Rules{Agreements: []AgreementRules{a}})
	var got []string
	for now := noon; !now.IsZero(); {
		v := s.View(Node(home), schema.Customers, Read, now)
		got = append(got, now.UTC().Format("02 15:04")+map[bool]string{true: " open", false: " closed"}[len(v.Paths) > 0])
		now = v.Until
	}
	want := []string{"04 12:00 closed", "04 13:00 open", "04 20:59 closed", "04 21:00 closed"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the view turns (-want +got):\n%s", diff)
	}
}

// What was passed on once is not passed on again, nor back to whose it is.
func TestAChainOfSharingHasOneLink(t *testing.T) {
	t.Parallel()
	all := shareTerm("Customer", schema.ShareAll)
	all.Reshare = true
	first := AgreementRules{ID: id(1), Owner: vend, Recipient: third, Terms: []schema.SharingTerm{all}}
	second := AgreementRules{ID: id(2), Owner: third, Recipient: home, Terms: []schema.SharingTerm{all}, RestsOn: &first}
	fourth := firm(4)
	for name, r := range map[string]AgreementRules{
		"rests on an agreement that rests on another one": {ID: id(3), Owner: home, Recipient: fourth, Terms: []schema.SharingTerm{all}, RestsOn: &second},
		"passes a firm's own records back":                {ID: id(3), Owner: third, Recipient: vend, Terms: []schema.SharingTerm{all}, RestsOn: &first},
		"rests on an agreement with another firm":         {ID: id(3), Owner: fourth, Recipient: home, Terms: []schema.SharingTerm{all}, RestsOn: &first},
	} {
		s, err := Compile(Rules{Firm: r.Recipient, Agreements: []AgreementRules{r}})
		if err != nil || len(s.Problems()) != 1 || !strings.Contains(s.Problems()[0].Error(), name) {
			t.Errorf("%s: got %v, problems %v", name, err, s.Problems())
			continue
		}
		if v := s.View(Node(r.Recipient), schema.Customers, Read, noon); len(v.Paths) != 0 {
			t.Errorf("%s: opens %+v", name, v.Paths)
		}
	}
	if v := compile(t, Rules{Agreements: []AgreementRules{second}}).View(System(home), schema.Customers, Read, noon); len(v.Paths) != 2 || v.Paths[1].Owner != vend {
		t.Errorf("passed on once: %+v, want a path to the rows of the first firm", v.Paths)
	}
}
