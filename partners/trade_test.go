package partners_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// paper is a kind of trade paper with its lines, and the steps by which it
// reaches the firm addressed: none of them but the last shows it.
type paper struct {
	kind, line *schema.Kind
	values     partners.Values
	steps      []string
	maker      schema.Role // who may write it and take all steps
	denied     map[string]schema.Role
}

func papers(n *partnerstest.Node) []paper {
	today := schema.DateOf(n.Now())
	with := func(values partners.Values) partners.Values {
		values["flow"] = "SENT"
		return values
	}
	return []paper{
		{
			schema.PriceAuthorizations, schema.PriceAuthorizationLines, with(partners.Values{"authorizationNumber": "A1", "validFrom": today}),
			[]string{"approve", "activate"},
			schema.ChannelManager, map[string]schema.Role{"approve": schema.Sales},
		},
		{
			schema.PriceLists, schema.PriceListItems, with(partners.Values{"name": "2026", "validFrom": today}), []string{"publish"},
			schema.ChannelManager, map[string]schema.Role{"publish": schema.Finance},
		},
		{
			schema.RebateClaims, schema.RebateClaimLines, with(partners.Values{"claimNumber": "C1", "claimedOn": today}), []string{"submit"},
			schema.Sales, map[string]schema.Role{"submit": schema.Marketing},
		},
		{
			schema.ClaimResponses, schema.ClaimResponseLines, with(partners.Values{"responseNumber": "R1", "respondedOn": today}), []string{"approve"},
			schema.Finance, map[string]schema.Role{"approve": schema.Sales},
		},
		{
			schema.ClaimResponses, schema.ClaimResponseLines, with(partners.Values{"responseNumber": "R2", "respondedOn": today}), []string{"approvePartly"},
			schema.Finance, nil,
		},
		{
			schema.ClaimResponses, schema.ClaimResponseLines, with(partners.Values{"responseNumber": "R3", "respondedOn": today}), []string{"reject"},
			schema.Finance, nil,
		},
	}
}

// TestTradePaperIsSentByItsStep: until the step that sends it the firm
// addressed sees nothing of a paper or its lines; from then on it sees both,
// and they are frozen. Who may not decide, or not send, is denied.
func TestTradePaperIsSentByItsStep(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Partnership(maker, distributor)
	for _, p := range papers(n) {
		t.Run(p.kind.Name+" "+p.steps[0], func(t *testing.T) {
			t.Parallel()
			by := n.Person(maker.Firm, "Writer", p.maker)
			write := func(by policy.Principal, c partners.Command) schema.ErrorCode {
				_, err := n.Write(policy.With(t.Context(), by), []partners.Command{c})
				return schema.Code(err)
			}
			own := partners.Values{"addressedTo": maker.Firm.ID()}
			maps.Copy(own, p.values)
			if got := write(by, partners.Command{Verb: partners.Create, Kind: p.kind, Values: own}); got != schema.CodeInvalid {
				t.Errorf("a paper for the own firm: %q, want it refused", got)
			}
			p.values["addressedTo"] = distributor.Firm.ID()
			id := n.Create(by, p.kind, p.values)
			line := n.Create(by, p.line, aLine(p.line, id, 1))
			for i, step := range p.steps {
				if got := seenOf(t, n, distributor, p, id, line); got != (sight{}) {
					t.Fatalf("before %s the firm addressed sees %+v", step, got)
				}
				if role, ok := p.denied[step]; ok {
					other := n.Person(maker.Firm, "Other", role)
					if got := write(other, partners.Command{Verb: step, Kind: p.kind, ID: id}); got != schema.CodeDenied && got != schema.CodeNotFound {
						t.Errorf("%s by %s: %q, want it denied", step, role, got)
					}
				}
				n.Do(by, partners.Command{Verb: step, Kind: p.kind, ID: id})
				if last := i == len(p.steps)-1; seenOf(t, n, distributor, p, id, line).sent != last {
					t.Errorf("after %s it is sent: %t", step, !last)
				}
			}
			want := sight{paper: true, line: true, sent: true}
			if diff := cmp.Diff(want, seenOf(t, n, distributor, p, id, line), cmp.AllowUnexported(sight{})); diff != "" {
				t.Errorf("the firm addressed sees (-want +got):\n%s", diff)
			}
			for name, c := range map[string]partners.Command{
				"change a line":  {Verb: partners.Update, Kind: p.line, ID: line, Values: partners.Values{"partNumber": "P-2"}},
				"remove a line":  {Verb: partners.Delete, Kind: p.line, ID: line},
				"add a line":     {Verb: partners.Create, Kind: p.line, Values: aLine(p.line, id, 2)},
				"remove a paper": {Verb: partners.Delete, Kind: p.kind, ID: id},
			} {
				if got := write(maker, c); got != schema.CodeConflict {
					t.Errorf("%s of what was sent: %q, want a conflict", name, got)
				}
			}
		})
	}
}

// aLine gives a line of a paper, with what lines of its kind must state.
func aLine(k *schema.Kind, paper schema.ID, number int64) partners.Values {
	values := partners.Values{k.Parent.Name: paper, "lineNumber": number, "partNumber": "P-1"}
	if k == schema.RebateClaimLines {
		values["quantity"] = decimal.New(1, 0)
	}
	return values
}

// sight is what somebody sees of a paper.
type sight struct{ paper, line, sent bool }

func seenOf(t *testing.T, n *partnerstest.Node, by policy.Principal, p paper, id, line schema.ID) sight {
	t.Helper()
	pages, err := n.Read(policy.With(t.Context(), by),
		&partners.Plan{Kind: p.kind, IDs: []schema.ID{id}, Fields: []*schema.Field{p.kind.FieldNamed("sentAt")}},
		&partners.Plan{Kind: p.line, IDs: []schema.ID{line}})
	if err != nil {
		t.Fatal(err)
	}
	s := sight{paper: len(pages[0].Rows) > 0, line: len(pages[1].Rows) > 0}
	s.sent = s.paper && pages[0].Rows[0].Cells[0] != nil
	return s
}
