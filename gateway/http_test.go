package gateway_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"fondaco/gateway"
	"fondaco/gateway/gatewaytest"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
)

func TestStrangersAreTurnedAwayBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	s := gatewaytest.Serve(t, partnerstest.Open(t))
	anonymous := &gatewaytest.Client{Server: s}
	for _, body := range []string{`{"query":"{__schema{types{name}}}"}`, `{"query":"{"}`, `not JSON`, ``} {
		status, header, raw := anonymous.Send("POST", "/graphql", strings.NewReader(body), "Content-Type", "application/json")
		if status != 401 || header.Get("WWW-Authenticate") == "" || !strings.Contains(string(raw), "UNAUTHENTICATED") {
			t.Errorf("%q is answered with %d %s", body, status, raw)
		}
	}
	for _, path := range []string{"/graphiql", "/graphiql/graphiql.min.js"} {
		if status, _, _ := anonymous.Send("GET", path, nil); status != 401 {
			t.Errorf("%s is answered with %d", path, status)
		}
	}
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, _, raw := anonymous.Send("GET", path, nil); status != 200 || string(raw) != want {
			t.Errorf("%s is answered with %d %s", path, status, raw)
		}
	}
}

func TestRequestsAreAnsweredByHTTPsRules(t *testing.T) {
	t.Parallel()
	s := gatewaytest.Serve(t, partnerstest.Open(t))
	c := s.As(s.Firm("Maker", "PL"))
	const js, gql = "application/json", "application/graphql-response+json"
	const good, bad, wrong = `{"query":"{__typename}"}`, `{"query":"{"}`, `{"query":"{nothing}"}`
	for _, x := range []struct {
		name, method, path, content, accept, body string
		status                                    int
		typ, contains                             string
	}{
		{"a query", "POST", "/graphql", js, gql, good, 200, gql, `{"data":{"__typename":"Query"}}`},
		{"a query for plain JSON", "POST", "/graphql", js, js, good, 200, js, `"data"`},
		{"a query for anything", "POST", "/graphql", js, "*/*", good, 200, js, `"data"`},
		{"a query without Accept", "POST", "/graphql", js, "", good, 200, js, `"data"`},
		{"an answer that we do not have", "POST", "/graphql", js, "text/html", good, 406, js, `BAD_REQUEST`},
		{"UTF-8", "POST", "/graphql", "application/json; charset=UTF-8", gql, good, 200, gql, `"data"`},
		{"another charset", "POST", "/graphql", "application/json; charset=latin1", gql, good, 415, gql, `UTF-8`},
		{"a form", "POST", "/graphql", "application/x-www-form-urlencoded", gql, "query={__typename}", 415, gql, `BAD_REQUEST`},
		{"no type", "POST", "/graphql", "", gql, good, 415, gql, `BAD_REQUEST`},
		{"what does not parse", "POST", "/graphql", js, gql, bad, 400, gql, `GRAPHQL_PARSE_FAILED`},
		{"what does not parse, for plain JSON", "POST", "/graphql", js, js, bad, 200, js, `GRAPHQL_PARSE_FAILED`},
		{"what is not valid", "POST", "/graphql", js, gql, wrong, 400, gql, `GRAPHQL_VALIDATION_FAILED`},
		{"no JSON", "POST", "/graphql", js, gql, `{`, 400, gql, `BAD_REQUEST`},
		{"a batch", "POST", "/graphql", js, gql, `[` + good + `]`, 400, gql, `batches`},
		{"no query", "POST", "/graphql", js, gql, `{}`, 400, gql, `no query`},
		{"a query that is a number", "POST", "/graphql", js, gql, `{"query":1}`, 400, gql, `BAD_REQUEST`},
		{"variables that are a list", "POST", "/graphql", js, gql, `{"query":"{__typename}","variables":[]}`, 400, gql, `BAD_REQUEST`},
		{"more than 1 MiB", "POST", "/graphql", js, gql, `{"query":"` + strings.Repeat(" ", 1<<20) + `"}`, 413, gql, `1 MiB`},
		{"an operation that is not there", "POST", "/graphql", js, gql, `{"query":"query A{__typename} query B{__typename}"}`, 400, gql, `OPERATION_RESOLUTION_FAILURE`},
		{"a variable that is missing", "POST", "/graphql", js, gql, `{"query":"query($id:ID!){node(id:$id){id}}"}`, 400, gql, `BAD_USER_INPUT`},
		{"a subscription", "POST", "/graphql", js, gql, `{"query":"subscription{changes{id}}"}`, 400, gql, `WebSocket`},
		{"a GET", "GET", "/graphql?query={__typename}", "", gql, "", 200, gql, `"data"`},
		{"a GET with variables", "GET", `/graphql?query=query($n:Int!){teams(first:$n){nodes{id}}}&variables={"n":1}`, "", gql, "", 200, gql, `"nodes":[]`},
		{"a mutation by GET", "GET", `/graphql?query=mutation{__typename}`, "", gql, "", 405, gql, `POST`},
		{"another method", "DELETE", "/graphql", js, gql, good, 405, gql, `POST`},
		{"too much at once", "POST", "/graphql", js, gql, `{"query":"{customers(first:100){nodes{contacts(first:100){nodes{id}}}}}"}`, 400, gql, `LIMIT`},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			path := strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22").Replace(x.path)
			status, header, raw := c.Send(x.method, path, strings.NewReader(x.body), "Content-Type", x.content, "Accept", x.accept)
			if status != x.status || !strings.HasPrefix(header.Get("Content-Type"), x.typ+";") || !strings.Contains(string(raw), x.contains) {
				t.Errorf("answered with %d, %s, %s; want %d, %s, ...%s...", status, header.Get("Content-Type"), raw, x.status, x.typ, x.contains)
			}
			if status != 200 && strings.Contains(string(raw), `"data"`) {
				t.Errorf("a refused request has data: %s", raw)
			}
			if !json.Valid(raw) || header.Get("X-Request-ID") == "" {
				t.Errorf("answered with %v %s", header, raw)
			}
		})
	}
}

// Each of these ended, or stopped for half a minute, servers that validate
// before they count.
func TestTheProcessSurvivesHostileDocuments(t *testing.T) {
	t.Parallel()
	s := gatewaytest.Serve(t, partnerstest.Open(t))
	c := s.As(s.Firm("Maker", "PL"))
	for name, query := range map[string]string{
		"fragments in a circle": "{...A ...B} fragment A on Query{__typename ...B} fragment B on Query{__typename ...A}",
		"a list 1000 deep":      "{nodes(ids:" + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "){id}}",
		"selections 1600 deep":  "{" + strings.Repeat("viewer{", 1600) + "__typename" + strings.Repeat("}", 1600) + "}",
		"one field 4000 times":  "{" + strings.Repeat("__typename ", 4000) + "}",
		"a million letters":     "{" + strings.Repeat("x", 1_000_000) + "}",
	} {
		if r := c.Do(query, nil); len(r.Errors) == 0 || r.Data != nil {
			t.Errorf("%s is answered with %.200s", name, r.Body)
		}
	}
	deep := strings.Repeat(`{"and":[`, 2000) + strings.Repeat(`]}`, 2000)
	_, _, raw := c.Send("POST", "/graphql", strings.NewReader(`{"query":"query($f: CustomerFilter){customers(first:1,filter:$f){nodes{id}}}","variables":{"f":`+deep+`}}`),
		"Content-Type", "application/json")
	if !strings.Contains(string(raw), "nests deeper") {
		t.Errorf("a deep variable is answered with %.200s", raw)
	}
	if r := c.Do("{__typename}", nil); string(r.Data) != `{"__typename":"Query"}` {
		t.Errorf("afterwards %s", r.Body)
	}
}

func TestOtherOriginsCannotChangeAnything(t *testing.T) {
	t.Parallel()
	s := gatewaytest.Serve(t, partnerstest.Open(t), func(o *gateway.Options) { o.Origins = []string{"https://friend.example"} })
	c := s.As(s.Firm("Maker", "PL"))
	for origin, want := range map[string]int{"https://evil.example": 403, "https://friend.example": 200, c.URL: 200} {
		status, _, raw := c.Send("POST", "/graphql", strings.NewReader(`{"query":"{__typename}"}`), "Content-Type", "application/json", "Origin", origin)
		if status != want {
			t.Errorf("a request of %s is answered with %d %s, want %d", origin, status, raw, want)
		}
	}
	//nolint:bodyclose // a refusal has no body to close
	_, resp, err := websocket.Dial(t.Context(), c.URL+"/graphql", &websocket.DialOptions{
		Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {"https://evil.example"}}})
	if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a WebSocket of another origin is answered with %v, %v", resp, err)
	}
}

func TestAFirmThatAsksTooMuchIsThrottledAloneAndGetsUnusedCostBack(t *testing.T) {
	t.Parallel()
	s := gatewaytest.Serve(t, partnerstest.Open(t), func(o *gateway.Options) { o.CostRate, o.CostBurst = 1, 250 })
	greedy, modest := s.As(s.Firm("Greedy", "PL")), s.As(s.Firm("Modest", "PT"))
	const query = `{"query":"{customers(first:100){nodes{id}}}","extensions":{"cost":true}}`
	send := func(c *gatewaytest.Client, body string) (int, http.Header, []byte) {
		return c.Send("POST", "/graphql", strings.NewReader(body), "Content-Type", "application/json")
	}
	for range 20 { // 2020 of cost, of which almost nothing is used
		if status, _, raw := send(greedy, query); status != 200 || !strings.Contains(string(raw), `"cost":{"actual":1,"limit":1000,"remaining":`) {
			t.Fatalf("answered with %d %s", status, raw)
		}
	}
	status, header := 200, http.Header{}
	for i := 0; status == 200 && i < 100; i++ {
		status, header, _ = send(greedy, `{"query":"mutation{createTeam(input:{name:\"`+fmt.Sprint("T", i)+`\"}){userErrors{code}}}"}`)
	}
	if status != 429 || header.Get("Retry-After") == "" {
		t.Errorf("a greedy firm is answered with %d, Retry-After %q", status, header.Get("Retry-After"))
	}
	if status, _, raw := send(modest, query); status != 200 {
		t.Errorf("another firm is answered with %d %s", status, raw)
	}
}

func TestAFaultOfOursIsNotShown(t *testing.T) {
	t.Parallel()
	var fault error
	s := gatewaytest.Serve(t, partnerstest.Open(t), func(o *gateway.Options) {
		inner := o.Authenticator
		o.Authenticator = authenticator(func(r *http.Request) error { _, err := inner.Authenticate(r); return errors.Join(fault, err) })
	})
	fault = errors.New("sentinel: password of the database")
	c := s.As(s.Firm("Maker", "PL"))
	status, _, raw := c.Send("POST", "/graphql", strings.NewReader(`{"query":"{__typename}"}`), "Content-Type", "application/json")
	if status != 500 || strings.Contains(string(raw), "sentinel") || !strings.Contains(string(raw), `"requestId"`) {
		t.Errorf("a fault is answered with %d %s", status, raw)
	}
}

func TestADatabaseThatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	node := partnerstest.Open(t)
	s := gatewaytest.Serve(t, node)
	c := s.As(s.Firm("Maker", "PL"))
	node.Pool().Close()
	r := c.Do(`{customers(first: 1) { nodes { id } }}`, nil)
	if len(r.Errors) != 1 || strings.Contains(r.Body, "closed pool") {
		t.Errorf("answered with %d %s", r.Status, r.Body)
	}
	if status, _, raw := c.Send("GET", "/readyz", nil); status != 503 {
		t.Errorf("/readyz is answered with %d %s", status, raw)
	}
}

func TestLongAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	s := gatewaytest.Serve(t, partnerstest.Open(t))
	c := s.As(s.Firm("Maker", "PL"))
	body := `{"query":"{__schema{types{name description}}}"}`
	_, header, raw := c.Send("POST", "/graphql", strings.NewReader(body), "Content-Type", "application/json", "Accept-Encoding", "gzip")
	if header.Get("Content-Encoding") != "gzip" || len(raw) < 1000 || len(raw) > 40_000 {
		t.Errorf("%v, %d bytes", header, len(raw))
	}
	_, header, raw = c.Send("POST", "/graphql", strings.NewReader(body), "Content-Type", "application/json", "Accept-Encoding", "identity")
	if header.Get("Content-Encoding") != "" || header.Get("Content-Length") != strconv.Itoa(len(raw)) {
		t.Errorf("%v, %d bytes", header, len(raw))
	}
}

func TestGraphiQLComesFromTheNodeAlone(t *testing.T) {
	t.Parallel()
	s := gatewaytest.Serve(t, partnerstest.Open(t))
	c := s.As(s.Firm("Maker", "PL"))
	status, header, page := c.Send("GET", "/graphiql", nil)
	if status != 200 || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(string(page), "//unpkg") {
		t.Fatalf("%d %v", status, header)
	}
	for part := range strings.SplitSeq(string(page), `"`) {
		if !strings.HasPrefix(part, "/graphiql/") {
			continue
		}
		if status, _, raw := c.Send("GET", part, nil); status != 200 || len(raw) == 0 {
			t.Errorf("%s is answered with %d, %d bytes", part, status, len(raw))
		}
	}
	for _, name := range []string{"page.html", "graphiql.go", "..%2Fgraphiql.go", "none.js", "dist"} {
		if status, _, _ := c.Send("GET", "/graphiql/"+name, nil); status != 404 {
			t.Errorf("/graphiql/%s is answered with %d", name, status)
		}
	}
}

// TestAuditsOfGraphQLOverHTTP runs the audits of the npm package graphql-http.
// It needs node, and a folder in which graphql-http is installed beside the
// script audit.mjs, which takes a URL and headers.
func TestAuditsOfGraphQLOverHTTP(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("FONDACO_GRAPHQL_AUDIT")
	if folder == "" {
		t.Skip("NOT RUN: set FONDACO_GRAPHQL_AUDIT to a folder with audit.mjs and graphql-http")
	}
	s := gatewaytest.Serve(t, partnerstest.Open(t))
	c := s.As(s.Firm("Maker", "PL"))
	command := exec.CommandContext(t.Context(), "node", "audit.mjs", s.URL+"/graphql", `{"authorization":"Bearer `+c.Token+`"}`)
	command.Dir = folder
	out, err := command.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

// authenticator lets a test fail authentication.
type authenticator func(*http.Request) error

func (a authenticator) Authenticate(r *http.Request) (policy.Principal, error) {
	return policy.Principal{}, a(r)
}
