package gateway_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/schema"
)

const previewQuery = `query($firm: ID!, $agreement: ID, $terms: JSON, $grants: [ID!], $ended: Boolean) {
	sharingPreview(firmId: $firm, sharingAgreementId: $agreement, terms: $terms, grants: $grants, ended: $ended, sample: 5) {
		hindrances
		kinds { kind before after gained lost changed isExact fields hiddenFields sample { id fields hiddenFields } }
	}
}`

type preview struct {
	SharingPreview *struct {
		Hindrances []string
		Kinds      []kindPreview
	}
}

type kindPreview struct {
	Kind                                 string
	Before, After, Gained, Lost, Changed int
	IsExact                              bool
	Fields, HiddenFields                 []string
	Sample                               []struct {
		ID           string
		Fields       map[string]any
		HiddenFields []string
	}
}

// TestAPreviewIsWhatThePartnerSeesAfterwards: terms that nobody has agreed on
// yet are previewed, and then come true.
func TestAPreviewIsWhatThePartnerSeesAfterwards(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.customer(h.maker, "Shared", partners.Values{"country": "PT", "email": "secret@example.com", "annualRevenue": money(t, "5", "EUR")})
	h.customer(h.maker, "Hidden", partners.Values{"country": "PL"})
	const terms = `[{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"eq","value":"PT"},"actions":["read"],"classes":["commercial"]}]`
	firm := gid(schema.Firms, h.partner.Firm.ID())

	var told preview
	h.As(h.maker).Must(previewQuery, vars{"firm": firm, "terms": json.RawMessage(terms)}, &told)
	at := slices.IndexFunc(told.SharingPreview.Kinds, func(k kindPreview) bool {
		return k.Kind == "CUSTOMER"
	})
	if at < 0 {
		t.Fatalf("the preview tells nothing of customers: %+v", told.SharingPreview)
	}
	k := told.SharingPreview.Kinds[at]
	if k.Before != 0 || k.After != 1 || k.Gained != 1 || !k.IsExact || len(k.Sample) != 1 {
		t.Fatalf("the preview of customers is %+v, want one gained", k)
	}

	agreement := h.Share(h.maker, h.partner, h.partnership, terms)
	var seen struct {
		Customers struct {
			Nodes []struct {
				ID, Name     string
				MaskedFields []string
			}
		}
	}
	h.As(h.partner).Must(`{customers(first: 10) {nodes {id name maskedFields}}}`, nil, &seen)
	if len(seen.Customers.Nodes) != k.After || seen.Customers.Nodes[0].ID != k.Sample[0].ID || seen.Customers.Nodes[0].Name != k.Sample[0].Fields["name"] {
		t.Errorf("the partner sees %+v, was told %+v", seen.Customers.Nodes, k.Sample)
	}
	if diff := cmp.Diff(seen.Customers.Nodes[0].MaskedFields, k.HiddenFields); diff != "" {
		t.Errorf("hidden fields (-seen +told):\n%s", diff)
	}
	if k.Sample[0].Fields["email"] != nil || k.Sample[0].Fields["annualRevenue"] == nil {
		t.Errorf("the sample is %v, want the revenue and no e-mail", k.Sample[0].Fields)
	}

	told = preview{}
	h.As(h.maker).Must(previewQuery, vars{"firm": firm, "agreement": gid(schema.SharingAgreements, agreement), "ended": true}, &told)
	if text := fmt.Sprintf("%+v", told.SharingPreview); !strings.Contains(text, "Kind:CUSTOMER Before:1 After:0 Gained:0 Lost:1") {
		t.Errorf("the end of the agreement is previewed as %s, want one customer lost", text)
	}
}

func TestAGrantIsPreviewed(t *testing.T) {
	t.Parallel()
	h := open(t)
	customer := gid(schema.Customers, h.customer(h.maker, "One", partners.Values{"email": "one@example.com"}))
	agreement := gid(schema.SharingAgreements, h.Share(h.maker, h.partner, h.partnership,
		`[{"kind":"Customer","level":"GRANTED","actions":["read"],"classes":["personal"]}]`))
	firm := gid(schema.Firms, h.partner.Firm.ID())
	const query = `query($id: ID!, $firm: ID!, $agreement: ID!) {
		now: sharedView(id: $id, firmId: $firm) { visible fields }
		then: sharedView(id: $id, firmId: $firm, sharingAgreementId: $agreement, granted: true) { visible fields hiddenFields }
	}`
	var view struct {
		Now, Then struct {
			Visible      bool
			Fields       map[string]any
			HiddenFields []string
		}
	}
	h.As(h.maker).Must(query, vars{"id": customer, "firm": firm, "agreement": agreement}, &view)
	if view.Now.Visible || view.Now.Fields != nil {
		t.Errorf("before it is granted the record is seen: %+v", view.Now)
	}
	if !view.Then.Visible || view.Then.Fields["email"] != "one@example.com" || !slices.Contains(view.Then.HiddenFields, "annualRevenue") {
		t.Errorf("granted it would be seen as %+v, want the e-mail and not the revenue", view.Then)
	}
}

func TestPreviewsAreForThoseWhoMayShare(t *testing.T) {
	t.Parallel()
	h := open(t)
	agreement := gid(schema.SharingAgreements, h.Share(h.maker, h.partner, h.partnership, `[{"kind":"Customer","level":"ALL","actions":["read"]}]`))
	firm := gid(schema.Firms, h.partner.Firm.ID())
	sales := h.Person(h.maker.Firm, "Sales", schema.Sales)
	for name, test := range map[string]struct {
		vars vars
		code string
	}{
		"a person without the right":    {vars{"firm": firm}, "DENIED"},
		"an agreement of somebody else": {vars{"firm": firm, "agreement": gid(schema.SharingAgreements, schema.NewID())}, "INVALID"},
		"terms that are no list":        {vars{"firm": firm, "terms": json.RawMessage(`{"kind":"Customer"}`)}, "BAD_USER_INPUT"},
		"terms that open nothing":       {vars{"firm": firm, "terms": json.RawMessage(`[{"kind":"Nobody","level":"ALL","actions":["read"]}]`)}, "INVALID"},
		"one's own firm":                {vars{"firm": gid(schema.Firms, h.maker.Firm.ID())}, "INVALID"},
		"a grant that is no record":     {vars{"firm": firm, "agreement": agreement, "grants": []string{"x"}}, "BAD_USER_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			who := h.maker
			if test.code == "DENIED" {
				who = sales
			}
			r := h.As(who).Do(previewQuery, test.vars)
			if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != test.code {
				t.Errorf("answer %s, want an error of code %s", r.Body, test.code)
			}
		})
	}
}
