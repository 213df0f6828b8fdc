package schema

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ goName, api, column string }{
		{"Name", "name", "name"},
		{"PassedOn", "passedOn", "passed_on"},
		{"ID", "id", "id"},
		{"VATID", "vatId", "vat_id"},
		{"CompanyVATID", "companyVatId", "company_vat_id"},
		{"DUNS", "duns", "duns"},
		{"GLN", "gln", "gln"},
		{"GTIN", "gtin", "gtin"},
		{"SHA256", "sha256", "sha256"},
		{"TextSHA256", "textSha256", "text_sha256"},
		{"SetID", "setId", "set_id"},
		{"RecordID", "recordId", "record_id"},
		{"NDA", "nda", "nda"},
		{"EDIPartner", "ediPartner", "edi_partner"},
		{"LogoURL", "logoUrl", "logo_url"},
		{"MayShareInfo", "mayShareInfo", "may_share_info"},
		{"DealRegistration", "dealRegistration", "deal_registration"},
	} {
		if got := apiName(test.goName); got != test.api {
			t.Errorf("apiName(%q) = %q, want %q", test.goName, got, test.api)
		}
		if got := columnName(test.goName); got != test.column {
			t.Errorf("columnName(%q) = %q, want %q", test.goName, got, test.column)
		}
	}
}

// TestNamesAreReadable finds capitals that the rule takes apart letter by
// letter, because the initialism is not among those that it knows.
func TestNamesAreReadable(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds() {
		for _, f := range k.Fields {
			for word := range strings.SplitSeq(f.Column, "_") {
				if len(word) < 2 {
					t.Errorf("%s has the column %s: add its initialism to the list in field.go", f, f.Column)
				}
			}
		}
	}
}

type wrongState string

func (wrongState) Values() []string { return []string{"DRAFT", "DONE"} }

// TestMistakesPanicAtStart: a mistake in a kind ends the program when it
// starts, and says where it is.
func TestMistakesPanicAtStart(t *testing.T) {
	t.Parallel()
	type unknownFact struct {
		Record
		Name string `fact:"lable"`
	}
	type unknownClass struct {
		Record
		Name string `fact:"class=secret"`
	}
	type badMax struct {
		Record
		Name string `fact:"max=many"`
	}
	type hiddenOrder struct {
		Record
		Name string `fact:"sort,class=personal"`
	}
	type noType struct {
		Record
		Price float64
	}
	type twice struct {
		Record
		VATID string
		VatID string
	}
	type noRecord struct{ Name string }
	type stateful struct {
		Record
		State wrongState
		Name  string
	}
	for _, test := range []struct {
		name   string
		define func() *Kind
		want   string
	}{
		{"an unknown fact", func() *Kind { return define[unknownFact]("x1") }, `unknownFact.name: unknown fact "lable"`},
		{"an unknown class", func() *Kind { return define[unknownClass]("x2") }, `unknownClass.name: unknown class "secret"`},
		{"a maximum that is no number", func() *Kind { return define[badMax]("x3") }, `badMax.name: max=many is not a number`},
		{"an order by what some do not see", func() *Kind { return define[hiddenOrder]("x4") }, `hiddenOrder.name: only a basic field can be sorted by`},
		{"a Go type that no field has", func() *Kind { return define[noType]("x5") }, `noType.Price: no field type for float64`},
		{"two fields of one name", func() *Kind { return define[twice]("x6") }, `twice has two fields named vatId`},
		{"no header", func() *Kind { return define[noRecord]("x7") }, `noRecord does not embed Record`},
		{"a kind that is there already", func() *Kind { return define[Customer]("x8") }, `Customer, or its plural x8, is registered twice`},
		{"a plural that is there already", func() *Kind { return define[stateful]("customers") }, `stateful, or its plural customers, is registered twice`},
		{
			"a lifecycle of no field", func() *Kind { return define[stateful]("x9", lifecycle(&Lifecycle{Field: "status"})) },
			`stateful: the lifecycle's field "status" is no enum of the kind`,
		},
		{
			"a lifecycle of a text", func() *Kind { return define[stateful]("x9", lifecycle(&Lifecycle{Field: "name"})) },
			`stateful: the lifecycle's field "name" is no enum of the kind`,
		},
		{
			"a state that no enum has", func() *Kind {
				return define[stateful]("x9", lifecycle(&Lifecycle{
					Field: "state", Start: "DRAFT", Transitions: []Transition{{[]string{"DRAFT"}, "OVER", "end"}},
				}))
			},
			`stateful: the lifecycle's state "OVER" is no wrongState`,
		},
		{
			"an editable field that is none", func() *Kind {
				return define[stateful]("x9", lifecycle(&Lifecycle{
					Field: "state", Start: "DRAFT", Editable: map[string][]string{"DONE": {"nme"}},
				}))
			},
			`stateful: "nme", editable in state DONE, is no field of the kind`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := fmt.Sprint(recover()); got != "schema: "+test.want {
					t.Errorf("define panics with %q, want %q", got, "schema: "+test.want)
				}
			}()
			test.define()
		})
	}
}

func TestDefine(t *testing.T) {
	t.Parallel()
	k := Customers
	if k.Name != "Customer" || k.Field != "customer" || k.Plural != "customers" || k.Table != "customers" || k.Label.Name != "name" {
		t.Errorf("Customers = %+v", k)
	}
	if got := DealRegistrations.Table; got != "deal_registrations" {
		t.Errorf("table of DealRegistration is %q", got)
	}
	f := Contacts.FieldNamed("customer")
	if Contacts.Parent != f || !f.Frozen || !f.Filter || f.Target() != Customers || f.String() != "Contact.customer" {
		t.Errorf("Contact.customer = %+v", f)
	}
	if got := Customers.FieldNamed("annualRevenue").Columns(); len(got) != 2 || got[0] != "annual_revenue_amount" || got[1] != "annual_revenue_currency" {
		t.Errorf("columns of an amount are %q", got)
	}
	if !Interactions.HasAudience || !Partnerships.HasAddress || Customers.HasAudience || Customers.HasAddress {
		t.Error("audience and address are not told from the embedded structs")
	}
	children := fmt.Sprint(Customers.Children())
	if want := "[Contact Document Goal Interaction Preference Task]"; children != want {
		t.Errorf("children of Customer are %s, want %s", children, want)
	}
	if KindNamed("Customer") != k || KindNamed("customer") != nil || k.FieldNamed("nme") != nil || k.FieldNamed("name").Target() != nil {
		t.Error("names are not looked up as they are")
	}
}

func TestKindsAreWhole(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds() {
		if KindOf(k.New()) != k {
			t.Errorf("KindOf(%s.New()) is another kind", k)
		}
		if k.Every() != Mask(1)<<len(k.Fields)-1 || k.FieldsOf(Classes()...) != k.Every() {
			t.Errorf("%s: the classes do not make up every field", k)
		}
		for i, f := range k.Fields {
			if f.Bit != i || f.Kind != k {
				t.Errorf("%s has bit %d and kind %s, want %d and %s", f, f.Bit, f.Kind, i, k)
			}
			if (f.Type == Link || f.Type == LinkList) && f.Target() == nil {
				t.Errorf("%s refers to a type that is no kind", f)
			}
			if f.Search && f.Type != Text {
				t.Errorf("%s is searched in, but is no text", f)
			}
			if f.Parent && f != k.Parent {
				t.Errorf("%s is a second parent of %s", f, k)
			}
		}
	}
}

func TestLifecycles(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds() {
		l := k.Lifecycle
		if l == nil {
			continue
		}
		reached := map[string]bool{l.Start: true}
		for range l.Transitions {
			for _, step := range l.Transitions {
				for _, from := range step.From {
					reached[step.To] = reached[step.To] || reached[from]
				}
			}
		}
		for _, state := range k.FieldNamed(l.Field).Enum {
			if !reached[state] {
				t.Errorf("%s: no course leads to the state %s", k, state)
			}
		}
		verbs := map[string]bool{}
		for _, step := range l.Transitions {
			for _, from := range step.From {
				if key := from + " " + step.Action; verbs[key] {
					t.Errorf("%s: %s leads from %s to two states", k, step.Action, from)
				} else {
					verbs[key] = true
				}
			}
		}
		if f := k.FieldNamed(l.Field); !f.System || !f.Required {
			t.Errorf("%s: the state %s can be written past the lifecycle: it must be system and required", k, f)
		}
	}
}

func TestLifecycleSteps(t *testing.T) {
	t.Parallel()
	l := DealRegistrations.Lifecycle
	if step, ok := l.Step("DRAFT", "submit"); !ok || step.To != "SUBMITTED" {
		t.Errorf(`Step("DRAFT", "submit") = %v, %t, want SUBMITTED`, step, ok)
	}
	if _, ok := l.Step("WON", "submit"); ok {
		t.Error("a deal that is won can be submitted")
	}
	if got := fmt.Sprint(l.Actions("DRAFT"), l.Actions("SUBMITTED"), l.Actions("LOST")); got != "[submit withdraw] [withdraw win lose] []" {
		t.Errorf("actions are %s", got)
	}
	for _, test := range []struct {
		state, field string
		want         bool
	}{
		{"DRAFT", "name", true},
		{"SUBMITTED", "name", false},
		{"SUBMITTED", "internalNotes", true},
		{"WITHDRAWN", "internalNotes", false},
	} {
		if got := l.MayEdit(test.state, test.field); got != test.want {
			t.Errorf("MayEdit(%q, %q) = %t, want %t", test.state, test.field, got, test.want)
		}
	}
}

func TestNormalJSONLeavesWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "{", "{} {}", "{}x"} {
		if got := normalJSON(json.RawMessage(raw)); string(got) != raw {
			t.Errorf("normalJSON(%q) = %q, want it as it was", raw, got)
		}
	}
}
