package gateway_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

const replaceRules = `mutation($t: String!, $v: String!, $dry: Boolean, $key: String) { p: replacePolicyRules(input: {text: $t, expectedVersion: $v, dryRun: $dry, idempotencyKey: $key}) {
	policyRules { text version findings { wrong } }
	findings { line message wrong }
	difference { asked cells { subject kind action gained { rows fields } lost { rows fields } before after } }
	userErrors { __typename code message path ... on PolicyRuleError { line } ... on PolicyRulesConflict { current { text version } } }
} }`

type rulesText struct{ Text, Version string }

type replaced struct {
	P struct {
		PolicyRules *rulesText
		Findings    []struct {
			Line    *int
			Message string
			Wrong   bool
		}
		Difference *struct {
			Asked int
			Cells []struct {
				Subject, Kind, Action string
				Gained, Lost          []struct {
					Rows   string
					Fields []string
				}
				Before, After []string
			}
		}
		UserErrors []struct {
			Typename string `json:"__typename"`
			Code     string
			Message  string
			Path     []string
			Line     *int
			Current  *rulesText
		}
	}
}

func (h *house) rules(t *testing.T, p policy.Principal) rulesText {
	t.Helper()
	var now struct{ PolicyRules rulesText }
	h.As(p).Must(`{policyRules { text version }}`, nil, &now)
	return now.PolicyRules
}

func (h *house) replace(t *testing.T, p policy.Principal, v vars) replaced {
	t.Helper()
	var r replaced
	h.As(p).Must(replaceRules, v, &r)
	return r
}

// TestAFirmsRulesAreReplaced: first tried, then put into force, then refused
// where somebody else was faster.
func TestAFirmsRulesAreReplaced(t *testing.T) {
	t.Parallel()
	h := open(t)
	seller := h.Person(h.maker.Firm, "Seller", schema.Sales)
	id := gid(schema.Customers, h.customer(h.maker, "One", partners.Values{"email": "one@example.com"}))
	email := func() any {
		var seen struct{ Customer struct{ Email *string } }
		h.As(seller).Must(`query($id: ID!) {customer(id: $id) {email}}`, vars{"id": id}, &seen)
		return seen.Customer.Email
	}
	line := "# Sellers see no personal fields.\np, role:SALES, " + h.maker.Firm.String() + ", Customer, read, firm, personal, deny\n"
	began := h.rules(t, h.maker)
	if began.Text != "" || began.Version == "" {
		t.Fatalf("at first the rules are %+v", began)
	}

	dry := h.replace(t, h.maker, vars{"t": line, "v": began.Version, "dry": true})
	if len(dry.P.UserErrors) > 0 || dry.P.Difference == nil || len(dry.P.Difference.Cells) != 1 || dry.P.PolicyRules.Text != "" {
		t.Fatalf("a trial tells %+v", dry.P)
	}
	cell := dry.P.Difference.Cells[0]
	if cell.Subject != "role:SALES" || cell.Kind != "CUSTOMER" || cell.Action != "READ" || len(cell.Gained) != 0 || len(cell.Lost) != 4 ||
		cell.Lost[3].Rows != "FIRM" || !slices.Contains(cell.Lost[3].Fields, "email") || len(cell.After) == 0 {
		t.Errorf("a trial tells the difference %+v", cell)
	}
	if email() == (*string)(nil) || h.rules(t, h.maker) != began {
		t.Error("a trial has changed something")
	}

	set := h.replace(t, h.maker, vars{"t": line, "v": began.Version, "key": "k"})
	if len(set.P.UserErrors) > 0 || set.P.PolicyRules.Text != line || set.P.PolicyRules.Version == began.Version || len(set.P.Difference.Cells) != 1 {
		t.Fatalf("the change tells %+v", set.P)
	}
	if email() != (*string)(nil) {
		t.Error("the next request does not obey the new rules")
	}
	again := h.replace(t, h.maker, vars{"t": line, "v": began.Version, "key": "k"})
	if len(again.P.UserErrors) > 0 || again.P.Difference != nil || again.P.PolicyRules.Version != set.P.PolicyRules.Version {
		t.Errorf("the same request again tells %+v", again.P)
	}
	other := h.replace(t, h.maker, vars{"t": "", "v": began.Version, "key": "k"})
	if len(other.P.UserErrors) != 1 || other.P.UserErrors[0].Typename != "IdempotencyConflict" {
		t.Errorf("another request with the same key tells %+v", other.P)
	}
	late := h.replace(t, h.maker, vars{"t": "", "v": began.Version})
	if len(late.P.UserErrors) != 1 || late.P.UserErrors[0].Typename != "PolicyRulesConflict" || late.P.UserErrors[0].Current.Text != line ||
		fmt.Sprint(late.P.UserErrors[0].Path) != "[input expectedVersion]" {
		t.Errorf("who comes late is told %+v", late.P)
	}
	if now := h.rules(t, h.maker); now != *set.P.PolicyRules {
		t.Errorf("the rules are %+v, want %+v", now, set.P.PolicyRules)
	}
}

func TestRulesAreRefusedWithTheirLine(t *testing.T) {
	t.Parallel()
	h := open(t)
	firm := h.maker.Firm.String()
	version := h.rules(t, h.maker).Version
	for name, test := range map[string]struct { //nolint:paralleltest // what is in force is looked at afterwards
		text string
		line int
		says string
	}{
		"a kind that there is not":         {"# one\n\np, role:SALES, " + firm + ", Custmer, read, firm, *, deny", 3, "Custmer"},
		"the domain of another firm":       {"p, role:SALES, " + h.partner.Firm.String() + ", Customer, read, firm, *, deny", 1, "domain"},
		"no rule":                          {"hello", 1, "begins with p"},
		"nobody could change them":         {"p, role:ADMINISTRATOR, " + firm + ", Firm, administer, firm, *, deny", 1, "ADMINISTRATOR"},
		"what holds at every firm":         {"p, role:AUDITOR, " + firm + ", Customer, edit, own, *, allow", 0, "every firm"},
		"a sort of action that there isnt": {"p, role:SALES, " + firm + ", Customer, reed, firm, *, deny", 1, "reed"},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.replace(t, h.maker, vars{"t": test.text, "v": version})
			if len(r.P.UserErrors) == 0 {
				t.Fatalf("nothing is refused: %+v", r.P)
			}
			e, line := r.P.UserErrors[0], 0
			if e.Line != nil {
				line = *e.Line
			}
			if e.Typename != "PolicyRuleError" || line != test.line || !strings.Contains(e.Message, test.says) || r.P.Difference != nil || !r.P.Findings[0].Wrong {
				t.Errorf("refused as %+v, want line %d and %q", r.P, test.line, test.says)
			}
		})
	}
	if now := h.rules(t, h.maker); now.Version != version {
		t.Errorf("refused rules are in force: %+v", now)
	}
}

func TestRulesAreForAdministrators(t *testing.T) {
	t.Parallel()
	h := open(t)
	auditor, seller := h.Person(h.maker.Firm, "Auditor", schema.Auditor), h.Person(h.maker.Firm, "Seller", schema.Sales)
	began := h.rules(t, auditor)
	for _, p := range []policy.Principal{auditor, seller} {
		r := h.replace(t, p, vars{"t": "", "v": began.Version, "dry": true})
		if len(r.P.UserErrors) != 1 || r.P.UserErrors[0].Typename != "Forbidden" || r.P.PolicyRules != nil {
			t.Errorf("%v is told %+v", p.Roles, r.P)
		}
	}
	if r := h.As(seller).Do(`{policyRules {text}}`, nil); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "DENIED" {
		t.Errorf("a seller reads the rules: %s", r.Body)
	}
}

// TestOfTwoWhoReplaceRulesOneIsTold: both have seen the same rules, and one
// of them wins.
func TestOfTwoWhoReplaceRulesOneIsTold(t *testing.T) {
	t.Parallel()
	h := open(t)
	version := h.rules(t, h.maker).Version
	var all sync.WaitGroup
	results := make([]replaced, 4)
	for i, kind := range []string{"Customer", "Contact", "Task", "Deal"} {
		all.Go(func() {
			if kind == "Deal" {
				kind = "Product"
			}
			results[i] = h.replace(t, h.maker, vars{"t": "p, role:SALES, " + h.maker.Firm.String() + ", " + kind + ", delete, firm, *, deny\n", "v": version})
		})
	}
	all.Wait()
	won := slices.DeleteFunc(slices.Clone(results), func(r replaced) bool { return len(r.P.UserErrors) > 0 })
	if len(won) != 1 || h.rules(t, h.maker) != *won[0].P.PolicyRules {
		t.Errorf("%d of four have replaced the same rules", len(won))
	}
}
