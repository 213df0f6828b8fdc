package schema_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// goodNote and goodCustomer are records in which nothing is wrong.
func goodNote(change ...func(*schema.Interaction)) *schema.Interaction {
	i := &schema.Interaction{
		Audience: schema.Audience{Audience: schema.AudienceIsFirm}, Customer: schema.Ref[schema.Customer](schema.NewID()),
		InteractionType: schema.Note, OccurredAt: time.Now(), Subject: "Visit",
	}
	for _, c := range change {
		c(i)
	}
	return i
}

func goodCustomer(change ...func(*schema.Customer)) *schema.Customer {
	c := &schema.Customer{Name: "Águas do Porto", CustomerType: schema.Organisation, Status: schema.Active}
	for _, change := range change {
		change(c)
	}
	return c
}

func goodAgreement(terms string) *schema.SharingAgreement {
	return &schema.SharingAgreement{
		Addressed: schema.Addressed{AddressedTo: schema.FirmID(schema.NewID())}, Name: "Portugal", State: schema.SharingDraft,
		Partnership: schema.Ref[schema.Partnership](schema.NewID()), Terms: json.RawMessage(terms),
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	customer, note := goodCustomer, goodNote
	many := func(n int) []string { return strings.Split(strings.Repeat("a,", n-1)+"a", ",") }
	for _, test := range []struct {
		name string
		e    schema.Entity
		want string // errors joined, none for ""
	}{
		{"a customer", customer(), ""},
		{"nothing stated", &schema.Customer{}, "name: must be stated; customerType: must be stated; status: must be stated"},
		{"a text of the greatest length", customer(func(c *schema.Customer) { c.Name = strings.Repeat("ż", 200) }), ""},
		{"a text that is too long", customer(func(c *schema.Customer) { c.Name = strings.Repeat("ż", 201) }), "name: has 201 characters; at most 200 are allowed"},
		{"a long text", customer(func(c *schema.Customer) { c.Description = strings.Repeat("a", 100_000) }), ""},
		{"an enum value that is none", customer(func(c *schema.Customer) { c.Status = "GONE" }), `status: "GONE" is not one of UNCONFIRMED, PROSPECT, ACTIVE, INACTIVE`},
		{"a text that is no text", customer(func(c *schema.Customer) { c.City = "\xff" }), "city: must be text in UTF-8 without NUL characters"},
		{"a NUL character", customer(func(c *schema.Customer) { c.City = "a\x00b" }), "city: must be text in UTF-8 without NUL characters"},
		{
			"a currency that is none",
			customer(func(c *schema.Customer) { c.AnnualRevenue = schema.Money{Amount: decimal.New(1, 0), Currency: "EURO"} }),
			`annualRevenue: currency "EURO" is not one of ISO 4217`,
		},
		{"an entry of the greatest length", note(func(i *schema.Interaction) { i.Participants = []string{strings.Repeat("a", 500)} }), ""},
		{"an entry that is too long", note(func(i *schema.Interaction) { i.Participants = []string{"Ana", strings.Repeat("a", 501)} }), "participants: has 501 characters; at most 500 are allowed"},
		{"too many entries", note(func(i *schema.Interaction) { i.Participants = many(51) }), "participants: has 51 entries; at most 50 are allowed"},
		{"too many links", &schema.Promotion{
			Name: "Spring", StartsOn: schema.Date{Year: 2026, Month: 3, Day: 1}, EndsOn: schema.Date{Year: 2026, Month: 4, Day: 1},
			Products: make([]schema.Ref[schema.Product], 1001),
		}, "products: has 1001 entries; at most 1000 are allowed"},
		{"an enum value that is none, in a list", &schema.Firm{LegalName: "Wisła", PartnerTypes: []schema.PartnerType{schema.Reseller, "BROKER"}}, `partnerTypes: "BROKER" is not one of MANUFACTURER, DISTRIBUTOR, RESELLER, MANAGED_SERVICE, MARKETING_PARTNER, SERVICES_PARTNER, TRAINING_PARTNER`},

		{"a document", goodAgreement(`[{"kind":"Customer","n":[1,2.5e10,null,true]}]`), ""},
		{"a document with a NUL character", goodAgreement(`[{"kind":"a\u0000b"}]`), "terms: must have no NUL characters in its texts"},
		{"a document with a NUL character in a key", goodAgreement(`[{"a\u0000b":1}]`), "terms: must have no NUL characters in its texts"},
		{"a document with a number beyond all", goodAgreement(`[1e400]`), "terms: the number 1e400 is too large"},
		{"a document that is none", goodAgreement(`[{"kind":`), "terms: must be a JSON object or array"},

		{"a team", note(func(i *schema.Interaction) {
			i.Audience = schema.Audience{Audience: schema.AudienceIsTeam, AudienceTeam: schema.Ref[schema.Team](schema.NewID())}
		}), ""},
		{"no audience", note(func(i *schema.Interaction) { i.Audience = schema.Audience{} }), "audience: must be stated"},
		{"a team that is not named", note(func(i *schema.Interaction) { i.Audience.Audience = schema.AudienceIsTeam }), "audience: TEAM needs audienceTeam"},
		{"a team beside the firm", note(func(i *schema.Interaction) { i.AudienceTeam = schema.Ref[schema.Team](schema.NewID()) }), "audience: audienceTeam goes with TEAM alone"},
		{"firms that are not named", note(func(i *schema.Interaction) { i.Audience.Audience = schema.AudienceIsFirms }), "audience: FIRMS needs at least one firm in audienceFirms"},
		{"firms beside the firm", note(func(i *schema.Interaction) { i.AudienceFirms = []schema.FirmID{schema.FirmID(schema.NewID())} }), "audience: audienceFirms goes with FIRMS alone"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := schema.Check(test.e)
			got := ""
			if err != nil {
				got = err.Error()
				if schema.Code(err) != schema.CodeInvalid {
					t.Errorf("code is %q, want invalid", schema.Code(err))
				}
			}
			if got != test.want {
				t.Errorf("Check = %q, want %q", got, test.want)
			}
		})
	}
}

func TestNormalize(t *testing.T) {
	t.Parallel()
	c := goodCustomer(func(c *schema.Customer) {
		c.Name, c.City, c.Region = " A\u0301guas do Porto\n", "\t \u2003", "Norte"
		c.AnnualRevenue = schema.Money{Amount: decimal.RequireFromString("10.005"), Currency: "EUR"}
	})
	i := goodNote(func(i *schema.Interaction) { i.Participants = []string{" Ana ", "  ", "Łukasz"} })
	a := goodAgreement("[ {\"b\": 1.0, \"a\": \"\\ud800x\"} ]")
	for _, e := range []schema.Entity{c, i, a} {
		schema.Normalize(e)
	}
	if c.Name != "Águas do Porto" || c.City != "" || c.Region != "Norte" {
		t.Errorf("texts are %q, %q, %q", c.Name, c.City, c.Region)
	}
	if got := c.AnnualRevenue.String(); got != "10.01 EUR" {
		t.Errorf("amount is %s, want it rounded half away from zero", got)
	}
	if diff := cmp.Diff([]string{"Ana", "Łukasz"}, i.Participants); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if want := "[{\"a\":\"\ufffdx\",\"b\":1.0}]"; string(a.Terms) != want {
		t.Errorf("terms are %s, want %s", a.Terms, want)
	}
}
