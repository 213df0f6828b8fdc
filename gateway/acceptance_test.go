package gateway_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fondaco/partners"
	"fondaco/schema"
)

// TestAnOfferIsAcceptedForATeam: what is accepted for some teams opens nothing
// to others of the firm, until it is accepted for all.
func TestAnOfferIsAcceptedForATeam(t *testing.T) {
	t.Parallel()
	h := open(t)
	team := h.Create(h.partner, schema.Teams, partners.Values{"name": "Porto"})
	inside, outside := h.Person(h.partner.Firm, "Inside", schema.ChannelManager), h.Person(h.partner.Firm, "Outside", schema.ChannelManager)
	h.Create(h.partner, schema.Memberships, partners.Values{"member": inside.User.ID(), "team": team})
	inside, err := h.Principal(t.Context(), inside.User.ID())
	if err != nil {
		t.Fatal(err)
	}
	offer := h.Create(h.maker, schema.SharingAgreements, partners.Values{
		"name": "All", "addressedTo": h.partner.Firm.ID(), "partnership": h.partnership,
		"terms": json.RawMessage(`[{"kind": "Customer", "level": "ALL", "actions": ["read"]}]`),
	})
	h.Do(h.maker, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: offer})
	h.customer(h.maker, "Opened", nil)

	var answered struct {
		P struct {
			Acceptance *struct{ Teams []string }
			UserErrors []userError
		}
	}
	c := h.As(inside)
	accept := func(teams any) {
		t.Helper()
		answered.P.Acceptance, answered.P.UserErrors = nil, nil
		c.Must(`mutation($in: AnswerSharingAgreementInput!) { p: answerSharingAgreement(input: $in) { acceptance { teams } userErrors { __typename code message path } } }`,
			vars{"in": vars{"id": gid(schema.SharingAgreements, offer), "answer": "ACCEPTED", "teams": teams}}, &answered)
	}
	sees := func(who string) bool {
		t.Helper()
		p := inside
		if who == "outside" {
			p = outside
		}
		return strings.Contains(h.As(p).Do(`{ customers(first: 5) { nodes { name } } }`, nil).Body, "Opened")
	}

	accept([]string{gid(schema.Customers, team)})
	if len(answered.P.UserErrors) != 1 || fmt.Sprint(answered.P.UserErrors[0].Path) != "[input teams]" {
		t.Errorf("an id of another kind is answered by %+v", answered.P)
	}
	foreign := h.Create(h.maker, schema.Teams, partners.Values{"name": "Theirs"})
	accept([]string{gid(schema.Teams, foreign)})
	if len(answered.P.UserErrors) != 1 || sees("inside") {
		t.Errorf("a team of another firm is answered by %+v", answered.P)
	}
	accept([]string{gid(schema.Teams, team)})
	if answered.P.Acceptance == nil || fmt.Sprint(answered.P.Acceptance.Teams) != "["+gid(schema.Teams, team)+"]" {
		t.Fatalf("answerSharingAgreement = %+v", answered.P)
	}
	if !sees("inside") || sees("outside") {
		t.Errorf("accepted for a team: a member sees it: %v, another person: %v", sees("inside"), sees("outside"))
	}
	accept(nil)
	if !sees("inside") || !sees("outside") {
		t.Errorf("accepted for all: a member sees it: %v, another person: %v", sees("inside"), sees("outside"))
	}
}
