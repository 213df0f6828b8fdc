package partners_test

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	reader := n.Person(maker.Firm, "Reader", schema.ReadOnly)
	n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	shared := n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	hidden := n.Create(maker, schema.Customers, customer("Wodociągi Kraków", "PL"))
	note := func(customer schema.ID, more partners.Values) partners.Values {
		v := partners.Values{"customer": customer, "interactionType": "NOTE", "subject": "Visit"}
		maps.Copy(v, more)
		return v
	}
	for _, test := range []struct {
		name    string
		by      policy.Principal
		command partners.Command
		code    schema.ErrorCode
		field   string
	}{
		{"a field that does not exist", maker, partners.Command{Verb: "create", Kind: schema.Customers, Values: partners.Values{"nme": "x"}}, schema.CodeInvalid, "nme"},
		{"a required field that is absent", maker, partners.Command{Verb: "create", Kind: schema.Customers, Values: partners.Values{"customerType": "PERSON", "status": "ACTIVE"}}, schema.CodeInvalid, "name"},
		{"an enum value that does not exist", maker, partners.Command{Verb: "update", Kind: schema.Customers, ID: shared, Values: partners.Values{"status": "GONE"}}, schema.CodeInvalid, "status"},
		{"a role that may not create", reader, partners.Command{Verb: "create", Kind: schema.Customers, Values: customer("x", "PL")}, schema.CodeDenied, ""},
		{"a stale version", maker, partners.Command{Verb: "update", Kind: schema.Customers, ID: shared, ExpectedVersion: 7, Values: partners.Values{"city": "Porto"}}, schema.CodeConflict, "expectedVersion"},
		{"a record of another firm that is shared", distributor, partners.Command{Verb: "update", Kind: schema.Customers, ID: shared, Values: partners.Values{"city": "Porto"}}, schema.CodeDenied, ""},
		{"a record of another firm that is not shared", distributor, partners.Command{Verb: "update", Kind: schema.Customers, ID: hidden, Values: partners.Values{"city": "Porto"}}, schema.CodeNotFound, ""},
		{"a record that does not exist", distributor, partners.Command{Verb: "update", Kind: schema.Customers, ID: schema.NewID(), Values: partners.Values{"city": "Porto"}}, schema.CodeNotFound, ""},
		{"a note on a hidden customer", distributor, partners.Command{Verb: "create", Kind: schema.Interactions, Values: note(hidden, nil)}, schema.CodeInvalid, "customer"},
		{"a note on no customer", distributor, partners.Command{Verb: "create", Kind: schema.Interactions, Values: note(schema.NewID(), nil)}, schema.CodeInvalid, "customer"},
		{"an audience without firms", maker, partners.Command{Verb: "create", Kind: schema.Interactions, Values: note(shared, partners.Values{"audience": "FIRMS"})}, schema.CodeInvalid, "audience"},
		{"a read-only kind", maker, partners.Command{Verb: "create", Kind: schema.SalesReports, Values: partners.Values{}}, schema.CodeDenied, ""},
		{"a verb that does not exist", maker, partners.Command{Verb: "frobnicate", Kind: schema.Partnerships, ID: shared}, schema.CodeInvalid, ""},
		{"terms that name no kind", maker, partners.Command{Verb: "create", Kind: schema.SharingAgreements, Values: partners.Values{"name": "x", "addressedTo": distributor.Firm.ID(), "partnership": shared, "terms": raw(`[{"kind":"Custmer","level":"ALL","actions":["read"]}]`)}}, schema.CodeInvalid, "terms"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := n.Write(policy.With(t.Context(), test.by), []partners.Command{test.command})
			if got := schema.Code(err); got != test.code {
				t.Fatalf("code %q (%v), want %q", got, err, test.code)
			}
			if test.field != "" && !hasField(err, test.field) {
				t.Errorf("error %v names no field %q", err, test.field)
			}
		})
	}
}

func hasField(err error, field string) bool {
	if many, ok := errors.AsType[schema.Errors](err); ok {
		for _, e := range many {
			if e.Field == field {
				return true
			}
		}
	}
	e, ok := errors.AsType[*schema.Error](err)
	return ok && e.Field == field
}

func TestUnknownAndForbiddenAreToldAlike(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, outsider := n.Firm("Wisła Pompy", "PL"), n.Firm("Nordwind", "DE")
	hidden := n.Create(maker, schema.Customers, customer("Wodociągi Kraków", "PL"))
	ask := func(id schema.ID) string {
		_, err := n.Write(policy.With(t.Context(), outsider), []partners.Command{{Verb: "delete", Kind: schema.Customers, ID: id}})
		return strings.ReplaceAll(err.Error(), id.String(), "ID")
	}
	if forbidden, unknown := ask(hidden), ask(schema.NewID()); forbidden != unknown {
		t.Errorf("forbidden is told as %q, unknown as %q", forbidden, unknown)
	}
}

func TestVersionsTellNothingOfHiddenFields(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	id := n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	before := list(t, n, distributor)["Águas do Porto"]
	revenue, _ := schema.ParseMoney("1.00", "EUR")
	n.Do(maker, partners.Command{Verb: "update", Kind: schema.Customers, ID: id, Values: partners.Values{"annualRevenue": revenue}})
	after := list(t, n, distributor)["Águas do Porto"]
	if after.Version != before.Version || !after.UpdatedAt.Equal(before.UpdatedAt) || after.Cursor() != before.Cursor() {
		t.Errorf("an edit of a hidden field shows: version %d to %d, updated %v to %v", before.Version, after.Version, before.UpdatedAt, after.UpdatedAt)
	}
	n.Do(maker, partners.Command{Verb: "update", Kind: schema.Customers, ID: id, Values: partners.Values{"phone": "+351 22 111 111"}})
	if seen := list(t, n, distributor)["Águas do Porto"]; seen.Version <= before.Version {
		t.Errorf("an edit of a shown field does not show: version %d", seen.Version)
	}
	if own := list(t, n, maker)["Águas do Porto"]; own.Version != 3 {
		t.Errorf("the owner sees version %d, want 3", own.Version)
	}
}

func TestReplyStaysWithinItsAudience(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	id := n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	internal := n.Create(maker, schema.Interactions, partners.Values{"customer": id, "interactionType": "NOTE", "subject": "Internal"})
	reply := partners.Values{
		"customer": id, "interactionType": "NOTE", "subject": "Re: Internal", "replyTo": internal,
		"audience": "FIRMS", "audienceFirms": []schema.ID{distributor.Firm.ID()},
	}
	_, err := n.Write(policy.With(t.Context(), maker), []partners.Command{{Verb: "create", Kind: schema.Interactions, Values: reply}})
	if schema.Code(err) != schema.CodeInvalid || !hasField(err, "audience") {
		t.Errorf("a reply wider than its parent: %v, want invalid audience", err)
	}
	delete(reply, "audienceFirms")
	reply["audience"] = "FIRM"
	n.Create(maker, schema.Interactions, reply)
}
