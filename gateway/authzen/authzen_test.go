package authzen_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"fondaco/gateway"
	"fondaco/gateway/authzen"
	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The pool of connections of net/http's default client outlives the tests.
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
}

type object = map[string]any

// stage is a maker that shares its Portuguese customers with a partner.
type stage struct {
	*gatewaytest.Server
	maker, partner, seller, auditor policy.Principal
	shared, hidden                  object // resources
}

func newStage(t *testing.T, change ...func(*gateway.Options)) *stage {
	t.Helper()
	s := &stage{Server: gatewaytest.Serve(t, partnerstest.Open(t), change...)}
	s.maker, s.partner = s.Firm("Maker", "PL"), s.Firm("Partner", "PT")
	s.seller, s.auditor = s.Person(s.maker.Firm, "Seller", schema.Sales), s.Person(s.maker.Firm, "Auditor", schema.Auditor)
	s.Share(s.maker, s.partner, s.Partnership(s.maker, s.partner),
		`[{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"eq","value":"PT"},"actions":["read"],"classes":["commercial"]}]`)
	s.shared, s.hidden = s.customer("PT"), s.customer("PL")
	return s
}

func (s *stage) customer(country string) object {
	return record(s.Create(s.maker, schema.Customers, partners.Values{
		"name": "Customer in " + country, "customerType": "ORGANISATION", "status": "ACTIVE", "country": country, "email": "a@example.com"}))
}

func record(id schema.ID) object {
	return object{"type": "Customer", "id": sdl.GlobalID(schema.Customers, id)}
}

func user(p policy.Principal) object {
	return object{"type": "user", "id": sdl.GlobalID(schema.Users, p.User.ID())}
}

func firm(typ string, p policy.Principal) object {
	return object{"type": typ, "id": sdl.GlobalID(schema.Firms, p.Firm.ID())}
}

func do(name string) object { return object{"name": name} }

func field(of object, name string) object {
	return object{"type": of["type"], "id": of["id"], "properties": object{"field": name}}
}

// ask sends a question, and gives the status and the body.
func (s *stage) ask(t *testing.T, by policy.Principal, path string, question any) (int, string) {
	t.Helper()
	raw, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	status, _, answer := s.As(by).Send(http.MethodPost, path, strings.NewReader(string(raw)), "Content-Type", "application/json")
	return status, string(answer)
}

func TestEvaluation(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	none := record(schema.NewID())
	for name, test := range map[string]struct {
		by                        policy.Principal
		subject, action, resource object
		decision                  bool
		missing                   string // in the reason for administrators; "" for no reason at all
	}{
		"the seller itself":                  {s.seller, user(s.seller), do("read"), s.shared, true, ""},
		"the seller itself, a field":         {s.seller, user(s.seller), do("edit"), field(s.shared, "city"), true, ""},
		"the seller itself, what it may not": {s.seller, user(s.seller), do("administer"), s.shared, false, ""},
		"a colleague":                        {s.maker, user(s.seller), do("edit"), s.shared, true, ""},
		"a colleague, what it may not":       {s.maker, user(s.auditor), do("edit"), s.shared, false, "AUDITOR"},
		"the partner":                        {s.maker, firm("firm", s.partner), do("read"), s.shared, true, ""},
		"the partner, out of its reach":      {s.maker, firm("firm", s.partner), do("read"), s.hidden, false, "country"},
		"the partner's node":                 {s.maker, firm("node", s.partner), do("read"), s.shared, true, ""},
		"the partner, a field":               {s.maker, firm("node", s.partner), do("read"), field(s.shared, "email"), false, "field"},
		"the partner itself":                 {s.partner, user(s.partner), do("read"), s.shared, true, ""},
		"the partner itself, out of reach":   {s.partner, user(s.partner), do("read"), s.hidden, false, ""},
		"what there is not":                  {s.maker, user(s.seller), do("read"), none, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, body := s.ask(t, test.by, authzen.EvaluationPath, object{"subject": test.subject, "action": test.action, "resource": test.resource, "context": object{"time": "now"}})
			var got struct {
				Decision *bool
				Context  *struct {
					ReasonAdmin map[string]string `json:"reason_admin"`
				}
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK || got.Decision == nil || *got.Decision != test.decision {
				t.Fatalf("answer %d %s, want the decision %t", status, body, test.decision)
			}
			switch {
			case test.missing == "" && got.Context != nil:
				t.Errorf("the answer %s tells more than the decision", body)
			case test.missing != "" && (got.Context == nil || !strings.Contains(got.Context.ReasonAdmin["en"], test.missing)):
				t.Errorf("the answer %s does not tell %q", body, test.missing)
			}
		})
	}
}

// TestEvaluationTellsNothingOfWhatIsOutOfReach: hidden and absent records, and
// foreign and absent people, are answered by the same bytes.
func TestEvaluationTellsNothingOfWhatIsOutOfReach(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	none := schema.NewID()
	stranger := policy.Principal{User: schema.Ref[schema.User](none), Firm: schema.FirmID(none)}
	foreign := record(s.Create(s.partner, schema.Customers, partners.Values{"name": "Theirs", "customerType": "PERSON", "status": "ACTIVE"}))
	for name, pair := range map[string][2]any{
		"a record":         {object{"subject": user(s.partner), "action": do("read"), "resource": s.hidden}, object{"subject": user(s.partner), "action": do("read"), "resource": record(none)}},
		"a foreign record": {object{"subject": user(s.maker), "action": do("read"), "resource": foreign}, object{"subject": user(s.maker), "action": do("read"), "resource": record(none)}},
		"a person":         {object{"subject": user(s.partner), "action": do("read"), "resource": s.shared}, object{"subject": user(stranger), "action": do("read"), "resource": s.shared}},
		"a firm":           {object{"subject": firm("firm", s.partner), "action": do("read"), "resource": record(none)}, object{"subject": firm("firm", stranger), "action": do("read"), "resource": record(none)}},
	} {
		by := s.maker
		if name == "a record" {
			by = s.partner
		}
		for _, path := range []string{authzen.EvaluationPath, authzen.ActionPath} {
			statusA, a := s.ask(t, by, path, pair[0])
			statusB, b := s.ask(t, by, path, pair[1])
			if a != b || statusA != statusB || statusA != http.StatusOK {
				t.Errorf("%s at %s: %d %s, and of none %d %s", name, path, statusA, a, statusB, b)
			}
		}
	}
}

func TestEvaluations(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	yes, no := object{"resource": s.shared}, object{"resource": s.hidden}
	defaults := object{"subject": firm("firm", s.partner), "action": do("read")}
	decisions := func(semantic string, list ...any) string {
		t.Helper()
		q := object{"evaluations": list}
		if semantic != "" {
			q["options"] = object{"evaluations_semantic": semantic, "other": 1}
		}
		maps.Copy(q, defaults)
		status, body := s.ask(t, s.maker, authzen.EvaluationsPath, q)
		var got struct {
			Decision    *bool
			Evaluations []struct {
				Decision bool
				Context  struct{ Error *struct{ Status int } }
			}
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK || got.Decision != nil {
			t.Fatalf("%d %s", status, body)
		}
		var b strings.Builder
		for _, e := range got.Evaluations {
			fmt.Fprint(&b, e.Decision)
			if e.Context.Error != nil {
				fmt.Fprint(&b, " ", e.Context.Error.Status)
			}
			b.WriteString(",")
		}
		return b.String()
	}
	for _, test := range []struct {
		semantic string
		list     []any
		want     string
	}{
		{"", []any{yes, no, yes}, "true,false,true,"},
		{"execute_all", []any{no, no, yes}, "false,false,true,"},
		{"deny_on_first_deny", []any{yes, no, yes}, "true,false,"},
		{"deny_on_first_deny", []any{object{"action": do("smell"), "resource": s.shared}, yes}, "false 400,"},
		{"permit_on_first_permit", []any{no, yes, yes}, "false,true,"},
		{"", []any{object{"subject": user(s.seller), "action": do("edit"), "resource": s.hidden}, yes}, "true,true,"},
		{"", []any{object{"subject": user(s.partner), "resource": s.shared}, object{}, object{"resource": object{"type": "Customer", "id": "x"}}, yes}, "false 404,false 400,false 400,true,"},
	} {
		if got := decisions(test.semantic, test.list...); got != test.want {
			t.Errorf("%s: %s, want %s", test.semantic, got, test.want)
		}
	}
	if status, body := s.ask(t, s.seller, authzen.EvaluationsPath, object{"subject": user(s.maker), "action": do("read"), "evaluations": []any{yes, object{"subject": user(s.seller), "resource": s.hidden}}}); status != http.StatusOK ||
		strings.Count(body, `"status":403`) != 1 || !strings.HasSuffix(body, `{"decision":true}]}`) {
		t.Errorf("who asks about others and itself is answered %d %s", status, body)
	}
	// Without a list it is a single evaluation.
	if status, body := s.ask(t, s.maker, authzen.EvaluationsPath, object{"subject": user(s.seller), "action": do("read"), "resource": s.shared, "evaluations": []any{}}); status != http.StatusOK || body != `{"decision":true}` {
		t.Errorf("a single one is answered %d %s", status, body)
	}
}

// all pages through a search.
func (s *stage) all(t *testing.T, by policy.Principal, path string, q object, limit int) (list []string) {
	t.Helper()
	for token := ""; ; {
		page := object{"limit": limit}
		if token != "" {
			page["token"] = token
		}
		q["page"] = page
		status, body := s.ask(t, by, path, q)
		var got struct {
			Page *struct {
				NextToken *string `json:"next_token"`
				Count     int
			}
			Results []struct{ Type, ID, Name string }
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK || got.Page == nil || got.Page.NextToken == nil || got.Page.Count != len(got.Results) {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		for _, r := range got.Results {
			list = append(list, r.Type+r.ID+r.Name)
		}
		if token = *got.Page.NextToken; token == "" {
			slices.Sort(list)
			return list
		}
	}
}

// TestSearchesFindWhatEvaluationsPermit: whatever is found is permitted, and
// whatever is permitted is found, page by page.
func TestSearchesFindWhatEvaluationsPermit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	records := []object{s.shared, s.hidden, s.customer("PT"), s.customer("FR")}
	subjects := []object{user(s.maker), user(s.seller), user(s.auditor), firm("firm", s.partner)}
	permitted := func(subject object, action string, resource object) bool {
		t.Helper()
		status, body := s.ask(t, s.maker, authzen.EvaluationPath, object{"subject": subject, "action": do(action), "resource": resource})
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		return strings.HasPrefix(body, `{"decision":true`)
	}
	name := func(o object) string { return fmt.Sprint(o["type"], o["id"]) }
	for _, action := range []string{"read", "edit", "delete"} {
		for _, typ := range []string{"user", "firm"} {
			var want []string
			for _, who := range subjects {
				if who["type"] == typ && permitted(who, action, s.shared) {
					want = append(want, name(who))
				}
			}
			slices.Sort(want)
			got := s.all(t, s.maker, authzen.SubjectPath, object{"subject": object{"type": typ}, "action": do(action), "resource": s.shared}, 1)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("subjects of type %s who may %s (-evaluated +found):\n%s", typ, action, diff)
			}
		}
		for _, who := range subjects {
			var want []string
			for _, r := range records {
				if permitted(who, action, r) {
					want = append(want, name(r))
				}
			}
			slices.Sort(want)
			got := s.all(t, s.maker, authzen.ResourcePath, object{"subject": who, "action": do(action), "resource": object{"type": "Customer"}}, 3)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("resources that %v may %s (-evaluated +found):\n%s", who, action, diff)
			}
		}
	}
	for _, who := range subjects {
		var want []string
		for _, a := range policy.Actions() {
			if permitted(who, string(a), s.shared) {
				want = append(want, string(a))
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, s.all(t, s.maker, authzen.ActionPath, object{"subject": who, "resource": s.shared}, 10)); diff != "" {
			t.Errorf("actions of %v (-evaluated +found):\n%s", who, diff)
		}
	}
	// An auditor lists what others see, though it may not ask what else they may do.
	if got := s.all(t, s.auditor, authzen.ResourcePath, object{"subject": user(s.seller), "action": do("read"), "resource": object{"type": "Customer"}}, 10); len(got) != len(records) {
		t.Errorf("an auditor finds %v, want all", got)
	}
	for _, who := range []object{user(s.partner), user(policy.Principal{User: schema.Ref[schema.User](schema.NewID())})} {
		if got := s.all(t, s.maker, authzen.ResourcePath, object{"subject": who, "action": do("read"), "resource": object{"type": "Customer"}}, 10); len(got) > 0 {
			t.Errorf("of a person who is none of the firm is found %v", got)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	good := object{"subject": user(s.seller), "action": do("read"), "resource": s.shared}
	with := func(key string, v any) object {
		q := object{}
		maps.Copy(q, good)
		if q[key] = v; v == nil {
			delete(q, key)
		}
		return q
	}
	page := func(limit int, token string) object {
		return with("page", object{"limit": limit, "token": token})
	}
	for name, test := range map[string]struct {
		by     policy.Principal
		path   string
		q      any
		status int
		says   string
	}{
		"no subject":                    {s.maker, authzen.EvaluationPath, with("subject", nil), 400, "subject"},
		"no action":                     {s.maker, authzen.EvaluationPath, with("action", nil), 400, "action"},
		"no resource":                   {s.maker, authzen.EvaluationPath, with("resource", nil), 400, "resource"},
		"a subject without an id":       {s.maker, authzen.EvaluationPath, with("subject", object{"type": "user"}), 400, "type and an id"},
		"a type of subject there isnt":  {s.maker, authzen.EvaluationPath, with("subject", object{"type": "robot", "id": "1"}), 400, "robot"},
		"one's own firm":                {s.maker, authzen.EvaluationPath, with("subject", firm("firm", s.maker)), 400, "another firm"},
		"an action there isnt":          {s.maker, authzen.EvaluationPath, with("action", do("READ")), 400, "READ"},
		"a kind there isnt":             {s.maker, authzen.EvaluationPath, with("resource", object{"type": "Robot", "id": "1"}), 400, "Robot"},
		"an id of another kind":         {s.maker, authzen.EvaluationPath, with("resource", object{"type": "Contact", "id": s.shared["id"]}), 400, "Contact"},
		"a field there isnt":            {s.maker, authzen.EvaluationPath, with("resource", field(s.shared, "smell")), 400, "smell"},
		"a list":                        {s.maker, authzen.EvaluationPath, []any{good}, 400, "one JSON object"},
		"a subject that is a number":    {s.maker, authzen.EvaluationPath, with("subject", 1), 400, "cannot be read"},
		"others, by a seller":           {s.seller, authzen.EvaluationPath, with("subject", user(s.maker)), 403, "administrators"},
		"a firm, by a seller":           {s.seller, authzen.EvaluationPath, with("subject", firm("firm", s.partner)), 403, "administrators"},
		"others, by an auditor":         {s.auditor, authzen.EvaluationPath, good, 403, "administrators"},
		"a semantic there isnt":         {s.maker, authzen.EvaluationsPath, object{"evaluations": []any{good}, "options": object{"evaluations_semantic": "guess"}}, 400, "guess"},
		"too many at once":              {s.maker, authzen.EvaluationsPath, object{"evaluations": make([]object, 101)}, 400, "at most 100"},
		"a search by a seller":          {s.seller, authzen.SubjectPath, good, 403, "auditors"},
		"its own records, by a seller":  {s.seller, authzen.ResourcePath, good, 403, "auditors"},
		"nodes that see":                {s.maker, authzen.SubjectPath, with("subject", object{"type": "node"}), 400, "user or firm"},
		"resources of a node":           {s.maker, authzen.ResourcePath, with("subject", firm("node", s.partner)), 400, "firm"},
		"a page of none":                {s.maker, authzen.ResourcePath, page(0, ""), 400, "limit"},
		"a page of less than none":      {s.maker, authzen.ResourcePath, page(-1, ""), 400, "limit"},
		"a page of very many":           {s.maker, authzen.ResourcePath, page(100_000, ""), 200, `"next_token":""`},
		"a token that is none":          {s.maker, authzen.ResourcePath, page(1, "x"), 400, "token"},
		"actions of others by a seller": {s.seller, authzen.ActionPath, with("subject", user(s.maker)), 403, "administrators"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, body := s.ask(t, test.by, test.path, test.q)
			if status != test.status || !strings.Contains(body, test.says) {
				t.Errorf("answer %d %s, want %d and %q", status, body, test.status, test.says)
			}
		})
	}
}

// TestATokenGoesOnWithItsOwnSearchAlone: all else must be as it was.
func TestATokenGoesOnWithItsOwnSearchAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	hour := 1
	ask := func(by policy.Principal, path string, subject object, action string, resource object, limit int, token string) (int, string) {
		page := object{"limit": limit}
		if token != "" {
			page["token"] = token
		}
		status, body := s.ask(t, by, path, object{"subject": subject, "action": do(action), "resource": resource, "page": page, "context": object{"hour": hour}})
		var got struct {
			Page struct {
				NextToken string `json:"next_token"`
			}
		}
		_ = json.Unmarshal([]byte(body), &got) // a refusal is no JSON
		return status, got.Page.NextToken
	}
	status, token := ask(s.maker, authzen.ResourcePath, user(s.seller), "read", object{"type": "Customer"}, 1, "")
	if status != http.StatusOK || token == "" {
		t.Fatalf("the first page is answered %d with the token %q", status, token)
	}
	colleague := s.Person(s.partner.Firm, "Auditor", schema.Auditor)
	for name, again := range map[string]func() (int, string){
		"another action": func() (int, string) {
			return ask(s.maker, authzen.ResourcePath, user(s.seller), "edit", object{"type": "Customer"}, 1, token)
		},
		"another subject": func() (int, string) {
			return ask(s.maker, authzen.ResourcePath, user(s.auditor), "read", object{"type": "Customer"}, 1, token)
		},
		"another kind": func() (int, string) {
			return ask(s.maker, authzen.ResourcePath, user(s.seller), "read", object{"type": "Contact"}, 1, token)
		},
		"a field": func() (int, string) {
			return ask(s.maker, authzen.ResourcePath, user(s.seller), "read", object{"type": "Customer", "properties": object{"field": "city"}}, 1, token)
		},
		"another limit": func() (int, string) {
			return ask(s.maker, authzen.ResourcePath, user(s.seller), "read", object{"type": "Customer"}, 2, token)
		},
		"another search": func() (int, string) {
			return ask(s.maker, authzen.SubjectPath, user(s.seller), "read", s.shared, 1, token)
		},
		"another context": func() (int, string) {
			hour = 2
			defer func() { hour = 1 }()
			return ask(s.maker, authzen.ResourcePath, user(s.seller), "read", object{"type": "Customer"}, 1, token)
		},
		"another firm": func() (int, string) {
			return ask(colleague, authzen.ResourcePath, user(s.seller), "read", object{"type": "Customer"}, 1, token)
		},
	} {
		if status, _ := again(); status != http.StatusBadRequest {
			t.Errorf("%s goes on with the token: %d", name, status)
		}
	}
	if status, last := ask(s.maker, authzen.ResourcePath, user(s.seller), "read", object{"type": "Customer"}, 1, token); status != http.StatusOK || last != "" {
		t.Errorf("the second page is answered %d with the token %q", status, last)
	}
}
