package policy

import (
	"strings"
	"testing"
	"testing/fstest"

	"fondaco/schema"
)

func TestCheckOverridesNamesLineAndRemedy(t *testing.T) {
	t.Parallel()
	h := home.String()
	for _, test := range []struct{ name, text, want string }{
		{"a rule too short", "p, role:SALES, " + h + ", Customer, read, firm, basic", "has 7 entries: write p, subject"},
		{"a rule too long", "p, role:SALES, " + h + ", Customer, read, firm, basic, allow, 1", "has 9 entries"},
		{"an empty entry", "p, role:SALES, " + h + ", , read, firm, basic, allow", "empty entry: state it"},
		{"quotes", "p, role:SALES, " + h + `, "Customer", read, firm, basic, allow`, "has a character"},
		{"a return", "p, role:SALES, " + h + ", Customer, read, firm, basic, allow\r", "has a character"},
		{"an unknown sort of line", "p2, role:SALES, " + h + ", Customer, read, firm, basic, allow", "write a rule that begins with p"},
		{"inheritance", "g, role:SALES, role:AUDITOR, " + h, "write a rule that begins with p"},
		{"a subject without role:", "p, SALES, " + h + ", Customer, read, firm, basic, allow", "write role:"},
		{"a person", "p, user:anna, " + h + ", Customer, read, firm, basic, allow", "write role:"},
		{"an unknown role", "p, role:OWNER, " + h + ", Customer, read, firm, basic, allow", "role \"OWNER\" is not known"},
		{"a role in lower case", "p, role:sales, " + h + ", Customer, read, firm, basic, allow", "is not known: write one of ADMINISTRATOR"},
		{"the node's own role", "p, role:SYSTEM, " + h + ", Customer, read, firm, basic, deny", "is the node's own"},
		{"the mailbox among roles", "p, role:SALES|EDI, " + h + ", Customer, read, firm, basic, deny", "is the node's own"},
		{"a role twice", "p, role:SALES|SALES, " + h + ", Customer, read, firm, basic, deny", "stands twice"},
		{"an agreement", "p, agreement:" + h + "/1, " + h + ", Customer, read, all, basic, allow", "write role:"},
		{"what is addressed", "p, addressed, " + h + ", Customer, read, firm, basic, allow", "write role:"},
		{"another firm", "p, role:SALES, " + vend.String() + ", Customer, read, firm, basic, allow", "write " + h},
		{"every firm", "p, role:SALES, *, Customer, read, firm, basic, allow", "write " + h},
		{"an unknown kind", "p, role:SALES, " + h + ", Customers, read, firm, basic, allow", "type \"Customers\" is not known"},
		{"a kind twice", "p, role:SALES, " + h + ", Task|Task, read, firm, basic, allow", "stands twice"},
		{"a kind beside all", "p, role:SALES, " + h + ", Task|*, read, firm, basic, allow", "type \"*\" is not known"},
		{"an unknown action", "p, role:SALES, " + h + ", Task, write, firm, basic, allow", "action \"write\" is not known"},
		{"another scope", "p, role:SALES, " + h + ", Task, read, all, basic, allow", "scope \"all\" is not known: write one of own, team, subtree, firm"},
		{"an unknown class", "p, role:SALES, " + h + ", Task, read, firm, secret, allow", "class \"secret\" is not known"},
		{"an unknown effect", "p, role:SALES, " + h + ", Task, read, firm, basic, Deny", "effect \"Deny\" is not known"},
		{"a lock-out by role", "p, role:ADMINISTRATOR, " + h + ", Firm, administer, firm, *, deny", "nobody could change the rules again"},
		{"a lock-out of everybody", "p, role:MEMBER, " + h + ", *, *, firm, *, deny", "nobody could change the rules again"},
		{"a lock-out from memberships", "p, role:MEMBER, " + h + ", Membership, edit, firm, *, deny", "nobody could change the rules again"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := CheckOverrides(home, "# first a comment\n\n"+test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "overrides") {
				t.Fatalf("CheckOverrides(%q) = %v, want an error with %q", test.text, err, test.want)
			}
			if !strings.Contains(test.name, "lock-out") && !strings.Contains(err.Error(), "overrides:3") {
				t.Errorf("CheckOverrides(%q) = %v, want line 3 to be named", test.text, err)
			}
		})
	}
}

func TestCheckOverridesCountsRules(t *testing.T) {
	t.Parallel()
	rule := "p, role:SALES, " + home.String() + ", Task, read, firm, basic, allow\n# with a comment\n"
	if err := CheckOverrides(home, strings.Repeat(rule, maxOverrides)); err != nil {
		t.Errorf("%d rules: %v", maxOverrides, err)
	}
	if err := CheckOverrides(home, strings.Repeat(rule, maxOverrides+1)); err == nil {
		t.Errorf("%d rules are taken", maxOverrides+1)
	}
}

func TestReadTemplatesRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"a firm", "p, role:SALES, " + home.String() + ", Task, read, firm, basic, allow", "write *"},
		{"class internal between firms", "p, addressed, *, Grant, read, addressed, internal, allow", "opens class internal"},
		{"all classes between firms", "p, child:Task, *, Task, read, children, *, allow", "opens class internal"},
		{"an unknown child", "p, child:Tasks, *, Task, read, children, basic, allow", "child kind \"Tasks\" is not known"},
		{"a circle", "p, role:SALES, *, Task, read, firm, basic, allow\ng, role:SALES, role:SUPPORT, *\ng, role:SUPPORT, role:SALES, *", "inherits from itself"},
		{"inheritance too short", "g, role:SALES, role:SUPPORT", "has 3 entries"},
		{"inheritance in a firm", "g, role:SALES, role:SUPPORT, " + home.String(), "write *"},
		{"inheritance of a person", "g, anna, role:SUPPORT, *", "write role:"},
		{"nothing", "# nothing", "no rules"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := readTemplates(fstest.MapFS{"templates/x.csv": {Data: []byte(test.text)}})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("readTemplates(%q) = %v, want an error with %q", test.text, err, test.want)
			}
		})
	}
}

func TestCheckTerms(t *testing.T) {
	t.Parallel()
	read := []string{"read"}
	for _, test := range []struct {
		name string
		term schema.SharingTerm
		want string // "" for none
	}{
		{"all", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read}, ""},
		{"classes", schema.SharingTerm{Kind: "Customer", Level: schema.ShareGranted, Actions: []string{"read", "comment", "attach", "edit", "export"}, Classes: []schema.Class{schema.Personal, schema.Commercial}}, ""},
		{"a filter", schema.SharingTerm{Kind: "Customer", Level: schema.ShareFilter, Actions: read, Filter: []byte(`{"field":"country","op":"eq","value":"PT"}`)}, ""},
		{"children", schema.SharingTerm{Kind: "Contact", Level: schema.ShareChildren, Actions: read}, ""},
		{"an unknown kind", schema.SharingTerm{Kind: "customer", Level: schema.ShareAll, Actions: read}, "kind \"customer\" is not known"},
		{"a private kind", schema.SharingTerm{Kind: "CustomerOverlay", Level: schema.ShareAll, Actions: read}, "is private"},
		{"an unknown level", schema.SharingTerm{Kind: "Customer", Level: "SOME", Actions: read}, "level \"SOME\""},
		{"children of nobody", schema.SharingTerm{Kind: "Customer", Level: schema.ShareChildren, Actions: read}, "belongs to no other record"},
		{"a filter with all", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, Filter: []byte(`{}`)}, "a filter goes with level FILTER"},
		{"no filter", schema.SharingTerm{Kind: "Customer", Level: schema.ShareFilter, Actions: read}, "a filter goes with level FILTER"},
		{"a broken filter", schema.SharingTerm{Kind: "Customer", Level: schema.ShareFilter, Actions: read, Filter: []byte(`{`)}, "filter Customer"},
		{"contains", schema.SharingTerm{Kind: "Customer", Level: schema.ShareFilter, Actions: read, Filter: []byte(`{"not":{"field":"city","op":"contains","value":"x"}}`)}, "contains cannot choose"},
		{"no actions", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll}, "lack read"},
		{"no read", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: []string{"edit"}}, "lack read"},
		{"re-sharing", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: []string{"read", "share"}}, "action \"share\""},
		{"an unknown action", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: []string{"read", "*"}}, "action \"*\""},
		{"class internal", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, Classes: []schema.Class{schema.Internal}}, "class \"internal\""},
		{"an unknown class", schema.SharingTerm{Kind: "Customer", Level: schema.ShareAll, Actions: read, Classes: []schema.Class{"*"}}, "class \"*\""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := CheckTerms([]schema.SharingTerm{{Kind: "Product", Level: schema.ShareAll, Actions: read}, test.term})
			switch {
			case test.want == "" && err != nil:
				t.Errorf("CheckTerms(%+v) = %v, want none", test.term, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), "term 2: ") || !strings.Contains(err.Error(), test.want)):
				t.Errorf("CheckTerms(%+v) = %v, want an error of term 2 with %q", test.term, err, test.want)
			}
		})
	}
	if CheckTerms(nil) == nil || CheckTerms(make([]schema.SharingTerm, maxTerms+1)) == nil {
		t.Error("no terms, or too many, are taken")
	}
}

func TestCompileRefusesAgreementsOfOthers(t *testing.T) {
	t.Parallel()
	good := agreementOf(9, vend, shareTerm("Customer", schema.ShareAll))
	for name, change := range map[string]func(*AgreementRules){
		"another recipient": func(r *AgreementRules) { r.Recipient = third },
		"the firm itself":   func(r *AgreementRules) { r.Owner = home },
		"no owner":          func(r *AgreementRules) { r.Owner = schema.FirmID{} },
		"no id":             func(r *AgreementRules) { r.ID = schema.ID{} },
	} {
		bad := good
		change(&bad)
		if _, err := Compile(Rules{Firm: home, Agreements: []AgreementRules{good, bad}}); err == nil {
			t.Errorf("%s: the agreement is taken", name)
		}
	}
	if _, err := Compile(Rules{}); err == nil {
		t.Error("rules without a firm are taken")
	}
}

// A line of any text is refused or taken, and never leaves a rule with a word
// that is in no list.
func FuzzCheckOverrides(f *testing.F) {
	for _, seed := range []string{
		"p, role:SALES|SUPPORT, " + home.String() + ", Task|Goal, read|edit, firm, basic|personal, deny",
		"g, role:SALES, role:AUDITOR, *", "p,,,,,,,", "# nothing", "p, role:MEMBER, *, *, *, firm, *, allow",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := parseOverrides(home, text)
		if err != nil {
			return
		}
		for _, l := range lines {
			for _, err := range []error{
				overrideSubject(l.sub), oneOf("type", l.typ, append(listKinds(), every)),
				oneOf("action", l.act, append(texts(Actions()), every)), oneOf("effect", l.eft, []string{"allow", "deny"}),
				oneOf("class", l.fields, append(texts(schema.Classes()), every)), oneOf("domain", l.dom, []string{home.String()}),
			} {
				if err != nil {
					t.Errorf("parseOverrides(%q) has the line %+v: %v", text, l, err)
				}
			}
		}
	})
}
