package federation_test

import (
	"sync"
	"testing"

	"fondaco/exchange/exchangetest"
	"fondaco/exchange/federation"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// house is a pair whose first node houses another firm beside A: guest is paired
// with B as A is, and A sees guest's customers, on which it may write notes.
type house struct {
	*exchangetest.Two
	guest *exchangetest.Side
	// While tail is held, their node does not read its ledger.
	tail *sync.Mutex
	// toB and ofGuest are the partnerships of guest, with B and with A.
	toB, ofGuest schema.ID
}

func newHouse(t *testing.T) *house {
	t.Helper()
	var tail sync.Mutex
	p := exchangetest.Pair(t, federation.GateTail(&tail))
	side := *p.A
	h := &house{Two: p, guest: &side, tail: &tail}
	side.Admin = p.A.Firm("Odra Handel", "PL")
	invitation, err := p.A.Federation.Invite(t.Context(), side.Admin.Firm)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.B.Federation.Join(t.Context(), p.B.Admin.Firm, invitation)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.A.Federation.Accept(policy.With(t.Context(), side.Admin), side.Admin.Firm, answer); err != nil {
		t.Fatal(err)
	}
	offered := func(rows []partners.Row) *partners.Row {
		for i := range rows {
			if rows[i].Owner == side.Admin.Firm {
				return &rows[i]
			}
		}
		return nil
	}
	rows := p.B.Await("the guest's partnership arrives", schema.Partnerships, func(rows []partners.Row) bool { return offered(rows) != nil })
	h.toB = offered(rows).ID
	p.B.Create(p.B.Admin, schema.Acceptances, partners.Values{"partnership": h.toB, "answer": "ACCEPTED"})
	side.Await("the guest's partnership is accepted", schema.Acceptances, func(rows []partners.Row) bool { return len(rows) == 1 })
	h.ofGuest = p.A.Partnership(side.Admin, p.A.Admin)
	p.A.Node.Share(side.Admin, p.A.Admin, h.ofGuest, `[
		{"kind":"Customer","level":"ALL","actions":["read","comment"]},
		{"kind":"Interaction","level":"CHILDREN","actions":["read","comment"]}]`)
	return h
}

// guestTerms let B see the guest's customers in Portugal, with what is written
// about them.
const guestTerms = `[
	{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"eq","value":"PT"},"actions":["read"]},
	{"kind":"Interaction","level":"CHILDREN","actions":["read"]}]`

// TestNotesOnANeighboursCustomer: what one firm here writes on another's
// customer is at the peer as long as the other one shows the customer, and no
// longer, whatever ends it.
func TestNotesOnANeighboursCustomer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	customer := h.guest.Create(h.guest.Admin, schema.Customers, partners.Values{
		"name": "Padaria", "customerType": "ORGANISATION", "status": "ACTIVE", "country": "PT",
	})
	note := h.A.Create(h.A.Admin, schema.Interactions, partners.Values{
		"customer": customer, "interactionType": "NOTE", "occurredAt": h.A.Now(), "subject": "Wants a price",
		"audience": "FIRMS", "audienceFirms": []schema.ID{h.B.Admin.Firm.ID()},
	})
	there := func(want bool, when string) {
		t.Helper()
		h.A.Settle()
		checkCopies(t, h.A, h.B)
		checkCopies(t, h.guest, h.B)
		if got := len(h.B.Rows(schema.Interactions)) == 1; got != want {
			t.Errorf("%s the note %s is at the peer: %v; want %v", when, note, got, want)
		}
	}
	country := func(name string) {
		h.guest.Do(h.guest.Admin, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: customer, Values: partners.Values{"country": name}})
	}
	there(false, "before anything is shared")
	agreement := h.guest.ShareWith(h.B, h.toB, guestTerms)
	there(true, "with an agreement")
	country("DE")
	there(false, "behind the filter")
	country("PT")
	there(true, "before the filter again")
	h.tail.Lock()
	country("DE")
	lookAt(t, h.A, h.B.Admin.Firm, schema.Interactions, note)
	country("PT")
	h.tail.Unlock()
	there(true, "after it was looked at within a window")
	for _, verb := range []string{"suspend", "resume", "revoke"} {
		h.guest.Do(h.guest.Admin, partners.Command{Verb: verb, Kind: schema.SharingAgreements, ID: agreement})
		there(verb == "resume", "after "+verb)
	}
}
