package partners_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

func deal(vendor schema.FirmID, company string, more partners.Values) partners.Values {
	size, _ := schema.ParseMoney("48000.00", "EUR")
	v := partners.Values{
		"name": "Pumping station", "addressedTo": vendor.ID(), "companyName": company, "companyCountry": "PT",
		"estimatedDealSize": size, "estimatedCloseOn": schema.Date{Year: 2027, Month: 3, Day: 31}, "internalNotes": "our margin is 22 %",
	}
	maps.Copy(v, more)
	return v
}

// decisions reads the vendor's decisions as a principal sees them.
func decisions(t *testing.T, n *partnerstest.Node, p policy.Principal) []partners.Row {
	t.Helper()
	pages, err := n.Read(policy.With(t.Context(), p), &partners.Plan{Kind: schema.DealDecisions, Fields: schema.DealDecisions.Fields, First: 50})
	if err != nil {
		t.Fatalf("read decisions: %v", err)
	}
	return pages[0].Rows
}

// shown gives the cell of a field as text, "" where it is null or hidden.
func shown(r partners.Row, k *schema.Kind, field string) string {
	place := 0
	for _, f := range k.Fields {
		if f.Name == field {
			return string(r.Cells[place])
		}
		place += len(f.Columns())
	}
	return ""
}

func TestLoserOfADealLearnsOnlyThatAConflictExists(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	vendor, first, second := n.Firm("Wisła Pompy", "PL"), n.Firm("Mercado Sur", "ES"), n.Firm("Lusitânia", "PT")
	n.Partnership(vendor, first)
	n.Partnership(vendor, second)
	submit := func(p policy.Principal, company string, more partners.Values) schema.ID {
		id := n.Create(p, schema.DealRegistrations, deal(vendor.Firm, company, more))
		n.Do(p, partners.Command{Verb: "submit", Kind: schema.DealRegistrations, ID: id})
		return id
	}
	winner := submit(first, "Müller Maschinenbau GmbH", partners.Values{"companyWebsite": "https://www.mueller-mb.de/", "companyCity": "Porto"})
	if got := decisions(t, n, first); len(got) != 1 || shown(got[0], schema.DealDecisions, "reviewStatus") != "UNDER_REVIEW" || got[0].Cells[4] == nil {
		t.Fatalf("the first partner sees %d decisions, want one, under review", len(got))
	}
	loser := submit(second, "Mueller Maschinenbau", partners.Values{"companyCity": "Porto"})

	got := decisions(t, n, second)
	if len(got) != 1 {
		t.Fatalf("the second partner sees %d decisions, want its own", len(got))
	}
	if conflict := shown(got[0], schema.DealDecisions, "conflict"); conflict != "\x01" {
		t.Errorf("conflict is %q, want true", conflict)
	}
	everything := ""
	for _, cell := range got[0].Cells {
		everything += string(cell) + "\n"
	}
	for _, secret := range []string{"Müller Maschinenbau GmbH", string(winner[:]), "score"} {
		if strings.Contains(everything, secret) {
			t.Errorf("the second partner is shown %q", secret)
		}
	}
	var mine partners.Row
	for _, d := range decisions(t, n, vendor) {
		if strings.Contains(shown(d, schema.DealDecisions, "conflictReport"), "Müller Maschinenbau GmbH") {
			mine = d
		}
	}
	if report := shown(mine, schema.DealDecisions, "conflictReport"); !strings.Contains(report, "like name") {
		t.Errorf("the vendor reads %q, want the reason of the conflict", report)
	}

	// The first is approved and protected; then the second cannot be.
	for _, d := range decisions(t, n, vendor) {
		if shown(d, schema.DealDecisions, "dealRegistration") == string(winner[:]) {
			n.Do(vendor, partners.Command{Verb: "approve", Kind: schema.DealDecisions, ID: d.ID})
		}
	}
	for _, d := range decisions(t, n, vendor) {
		if shown(d, schema.DealDecisions, "dealRegistration") != string(loser[:]) {
			continue
		}
		_, err := n.Write(policy.With(t.Context(), vendor), []partners.Command{{Verb: "approve", Kind: schema.DealDecisions, ID: d.ID}})
		if schema.Code(err) != schema.CodeConflict {
			t.Errorf("a second protection: %v, want a conflict", err)
		}
		n.Do(vendor, partners.Command{Verb: "reject", Kind: schema.DealDecisions, ID: d.ID, Values: partners.Values{"comments": "Another partner was first."}})
	}
}

func TestSubmittedDealIsFrozenAndKeepsItsNotes(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	vendor, partner := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Partnership(vendor, partner)
	id := n.Create(partner, schema.DealRegistrations, deal(vendor.Firm, "Águas do Porto", nil))
	read := func(p policy.Principal) []partners.Row {
		pages, err := n.Read(policy.With(t.Context(), p), &partners.Plan{Kind: schema.DealRegistrations, Fields: schema.DealRegistrations.Fields, First: 10})
		if err != nil {
			t.Fatal(err)
		}
		return pages[0].Rows
	}
	if got := read(vendor); len(got) != 0 {
		t.Errorf("the vendor sees %d drafts, want none", len(got))
	}
	n.Do(partner, partners.Command{Verb: "submit", Kind: schema.DealRegistrations, ID: id})
	got := read(vendor)
	if len(got) != 1 || shown(got[0], schema.DealRegistrations, "internalNotes") != "" {
		t.Errorf("the vendor sees %d registrations with the notes %q, want one without them", len(got), shown(got[0], schema.DealRegistrations, "internalNotes"))
	}
	_, err := n.Write(policy.With(t.Context(), partner), []partners.Command{{Verb: "update", Kind: schema.DealRegistrations, ID: id, Values: partners.Values{"companyName": "Another"}}})
	if schema.Code(err) != schema.CodeConflict {
		t.Errorf("a submitted registration was changed: %v", err)
	}
	n.Do(partner, partners.Command{Verb: "update", Kind: schema.DealRegistrations, ID: id, Values: partners.Values{"internalNotes": "called them"}})
}

func TestExpiredProtectionIsAnEvent(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	n := partnerstest.Open(t, func(o *partners.Options) { o.Now = func() time.Time { return clock } })
	vendor, partner := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Partnership(vendor, partner)
	id := n.Create(partner, schema.DealRegistrations, deal(vendor.Firm, "Águas do Porto", nil))
	n.Do(partner, partners.Command{Verb: "submit", Kind: schema.DealRegistrations, ID: id})
	n.Do(vendor, partners.Command{Verb: "approve", Kind: schema.DealDecisions, ID: decisions(t, n, vendor)[0].ID})
	if expired, err := n.ExpireDeals(t.Context()); err != nil || expired != 0 {
		t.Errorf("expired %d, %v; want none before the window ends", expired, err)
	}
	clock = clock.Add(partners.ProtectionWindow)
	if expired, err := n.ExpireDeals(t.Context()); err != nil || expired != 1 {
		t.Errorf("expired %d, %v; want one", expired, err)
	}
	if state := shown(decisions(t, n, partner)[0], schema.DealDecisions, "reviewStatus"); state != "EXPIRED" {
		t.Errorf("the partner sees %s, want EXPIRED", state)
	}
}
