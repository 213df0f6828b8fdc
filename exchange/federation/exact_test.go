package federation_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

var (
	exactSeed  = flag.Uint64("federation.exact.seed", 0, "first seed of the random test of exact copies; 0 takes a new one")
	exactSeeds = flag.Int("federation.exact", 1, "how many seeds the random test of exact copies runs")
)

// TestCopiesAreExactAfterEverySettling does random things at a node that change
// what a peer may see, by every way there is, while the node looks at records at
// random moments in between. Whenever all has settled, the peer holds exactly
// what it may hold then.
func TestCopiesAreExactAfterEverySettling(t *testing.T) {
	t.Parallel()
	first := *exactSeed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	for i := range *exactSeeds {
		seed := first + uint64(i)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			t.Logf("repeat with -federation.exact.seed=%d -federation.exact=1", seed)
			s := newShifts(t, seed)
			copies := 0
			for round := range 6 {
				s.round()
				copies += checkCopies(t, s.A, s.B) + checkCopies(t, s.guest, s.B)
				if t.Failed() {
					t.Fatalf("in round %d, after:\n%s", round, strings.Join(s.did, "\n"))
				}
			}
			t.Logf("%d things done, %d of them refused; %d copies compared", len(s.did), s.refused, copies)
			if copies == 0 {
				t.Error("the peer never held anything: the test tests nothing")
			}
		})
	}
}

// grantTerms are a second way to customers, with their contacts and notes, and
// to products; a third one depends on two fields at once.
const grantTerms = `[
	{"kind":"Customer","level":"GRANTED","actions":["read"]},
	{"kind":"Contact","level":"CHILDREN","actions":["read"]},
	{"kind":"Interaction","level":"CHILDREN","actions":["read"]},
	{"kind":"Product","level":"GRANTED","actions":["read"]}]`

const bothTerms = `[
	{"kind":"Customer","level":"FILTER","filter":{"and":[{"field":"status","op":"eq","value":"ACTIVE"},{"field":"country","op":"in","value":["DE","FR"]}]},"actions":["read"]},
	{"kind":"Interaction","level":"CHILDREN","actions":["read"]}]`

// shifts are what the test has made so far, by which it goes on.
type shifts struct {
	*house
	t      *testing.T
	rng    *rand.Rand
	made   map[*schema.Kind][]schema.ID // of A
	theirs []schema.ID                  // customers of the guest
	about  map[schema.ID]schema.ID      // the customers of notes
	grants []schema.ID
	// agreements of A, of which the second one is that by which grants are given, and of the guest.
	agreements []schema.ID
	guests     schema.ID
	did        []string
	refused    int
}

func newShifts(t *testing.T, seed uint64) *shifts {
	t.Helper()
	s := &shifts{house: newHouse(t), t: t, rng: rand.New(rand.NewPCG(seed, 22)), made: map[*schema.Kind][]schema.ID{}, about: map[schema.ID]schema.ID{}}
	s.agreements = []schema.ID{s.Share(windowTerms), s.Share(grantTerms), s.Share(bothTerms)}
	s.guests = s.guest.ShareWith(s.B, s.toB, guestTerms)
	for range 4 {
		s.create()
	}
	return s
}

// round does some things, some of them while the ledger is not read.
func (s *shifts) round() {
	s.t.Helper()
	for range 2 + s.rng.IntN(3) {
		s.stretch(s.rng.IntN(4) > 0)
	}
	s.Wire.Mend()
	s.A.Settle()
}

// stretch does some things, while the ledger is not read if it is held.
func (s *shifts) stretch(held bool) {
	if held {
		s.tail.Lock()
		defer s.tail.Unlock()
	}
	for range 1 + s.rng.IntN(6) {
		s.act()
	}
}

// act does one random thing. That the rules of a kind refuse it is no matter.
func (s *shifts) act() {
	switch n := s.rng.IntN(20); {
	case n < 2:
		s.create()
	case n < 8:
		s.update()
	case n < 9:
		k := s.kind()
		s.write(s.A.Admin, partners.Command{Verb: partners.Delete, Kind: k, ID: s.any(k)})
	case n < 11:
		s.grant()
	case n < 12:
		verb := one(s, "suspend", "resume", "resume")
		s.write(s.A.Admin, partners.Command{Verb: verb, Kind: schema.SharingAgreements, ID: one(s, s.agreements...)})
	case n < 13:
		s.write(s.guest.Admin, partners.Command{Verb: one(s, "suspend", "resume", "resume"), Kind: schema.SharingAgreements, ID: s.guests})
	case n < 14:
		s.write(s.guest.Admin, partners.Command{
			Verb: partners.Update, Kind: schema.Customers, ID: one(s, s.theirs...), Values: partners.Values{"country": s.country()},
		})
	case n < 15:
		one(s, s.Wire.Cut, s.Wire.Mend, func() { _ = s.Server.LoseMailbox(s.t.Context(), s.B.Admin.Firm) })() // there may be none now
	default:
		s.look()
	}
}

// look lets the node look at a record of A at this moment, and mostly waits
// until it has, which a cut wire would keep it from.
func (s *shifts) look() {
	k := s.kind()
	id := s.any(k)
	if id.IsZero() {
		return
	}
	s.did = append(s.did, "look at "+k.Name+" "+id.String())
	look(s.t, s.A, s.B.Admin.Firm, k, id, 100*time.Millisecond)
}

func one[T any](s *shifts, list ...T) T { return list[s.rng.IntN(len(list))] }

func (s *shifts) country() string { return one(s, "PT", "PT", "DE", "FR") }

// kind draws one of the kinds of which A has records.
func (s *shifts) kind() *schema.Kind {
	return one(s, schema.Customers, schema.Contacts, schema.Products, schema.Promotions, schema.Interactions, schema.Documents, schema.DocumentVersions)
}

// any draws a record of a kind; the zero id if there is none.
func (s *shifts) any(k *schema.Kind) schema.ID {
	if len(s.made[k]) == 0 {
		return schema.ID{}
	}
	return one(s, s.made[k]...)
}

func (s *shifts) write(p policy.Principal, c partners.Command) {
	s.did = append(s.did, fmt.Sprintf("%s %s %s %v", c.Verb, c.Kind, c.ID, c.Values))
	out, err := s.A.Write(policy.With(s.t.Context(), p), []partners.Command{c})
	switch {
	case err != nil && schema.Code(err) == schema.CodeInternal:
		s.t.Fatalf("%s %s: %v", c.Verb, c.Kind, err)
	case err != nil:
		s.refused++
		s.did[len(s.did)-1] += ": " + err.Error()
	case c.Verb != partners.Create:
	case c.Kind == schema.Grants:
		s.grants = append(s.grants, out[0].ID)
	case p.Firm == s.guest.Admin.Firm:
		s.theirs = append(s.theirs, out[0].ID)
	default:
		s.made[c.Kind] = append(s.made[c.Kind], out[0].ID)
		if c.Kind == schema.Interactions {
			s.about[out[0].ID] = c.Values["customer"].(schema.ID)
		}
	}
}

// grant gives a grant, or takes one back.
func (s *shifts) grant() {
	if len(s.grants) > 0 && s.rng.IntN(2) == 0 {
		i := s.rng.IntN(len(s.grants))
		s.write(s.A.Admin, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: s.grants[i]})
		s.grants = append(s.grants[:i], s.grants[i+1:]...)
		return
	}
	k := one(s, schema.Customers, schema.Products)
	s.write(s.A.Admin, partners.Command{Verb: partners.Create, Kind: schema.Grants, Values: partners.Values{
		"sharingAgreement": s.agreements[1], "recordKind": k.Name, "recordId": s.any(k).String(),
	}})
}

// audience draws who may see a note or a document.
func (s *shifts) audience(values partners.Values) partners.Values {
	if s.rng.IntN(3) == 0 {
		values["audience"], values["audienceFirms"] = "FIRM", []schema.ID{}
	} else {
		values["audience"], values["audienceFirms"] = "FIRMS", []schema.ID{s.B.Admin.Firm.ID()}
	}
	return values
}

// products draws some products that a promotion names.
func (s *shifts) products() []schema.ID {
	var list []schema.ID
	for _, id := range s.made[schema.Products] {
		if s.rng.IntN(2) == 0 {
			list = append(list, id)
		}
	}
	return list
}
