package authzen_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/gateway"
	"fondaco/gateway/authzen"
	"fondaco/gateway/gatewaytest"
	"fondaco/partners/partnerstest"
)

func TestTheBindingIsThatOfHTTP(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *gateway.Options) { o.PublicURL = "https://crm.example.com/" })
	anonymous := &gatewaytest.Client{Server: s.Server}
	good := fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":"read"},"resource":{"type":"Customer","id":%q},"more":[1]}`, user(s.seller)["id"], s.shared["id"])
	for _, path := range authzen.Paths() {
		method, want := http.MethodPost, http.StatusUnauthorized
		if path == authzen.MetadataPath {
			method, want = http.MethodGet, http.StatusOK
		}
		status, header, _ := anonymous.Send(method, path, strings.NewReader(good), "Content-Type", "application/json", "X-Request-ID", "mine-0")
		if got := header.Get("X-Request-ID"); got != "mine-0" {
			t.Errorf("%s gives a stranger's request the id %q, want its own", path, got)
		}
		if status != want || status == http.StatusUnauthorized && header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s is answered %d to a stranger, want %d", path, status, want)
		}
		if status, _, _ := s.As(s.maker).Send(http.MethodDelete, path, nil); status != http.StatusMethodNotAllowed {
			t.Errorf("DELETE %s is answered %d", path, status)
		}
	}
	c := s.As(s.maker)
	status, header, body := c.Send(http.MethodPost, authzen.EvaluationPath, strings.NewReader(good), "Content-Type", "application/json; charset=utf-8", "X-Request-ID", "mine-1")
	if status != http.StatusOK || string(body) != `{"decision":true}` || header.Get("X-Request-ID") != "mine-1" || header.Get("Content-Type") != "application/json" {
		t.Errorf("answer %d %s %v", status, body, header)
	}
	if status, _, body := c.Send(http.MethodPost, authzen.EvaluationPath, strings.NewReader(good), "Content-Type", "text/plain"); status != http.StatusUnsupportedMediaType {
		t.Errorf("a text is answered %d %s", status, body)
	}
	if status, _, body := c.Send(http.MethodPost, authzen.EvaluationPath, strings.NewReader(`{"a":"`+strings.Repeat("x", 300<<10)+`"}`), "Content-Type", "application/json"); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large request is answered %d %s", status, body)
	}
	_, header, raw := anonymous.Send(http.MethodGet, authzen.MetadataPath, nil)
	if got := header.Get("Cache-Control"); got != "public, max-age=3600" {
		t.Errorf("metadata are kept by %q", got)
	}
	var told authzen.Metadata
	if err := json.Unmarshal(raw, &told); err != nil {
		t.Fatal(err)
	}
	want := authzen.Metadata{
		PolicyDecisionPoint: "https://crm.example.com", AccessEvaluationEndpoint: "https://crm.example.com/access/v1/evaluation",
		AccessEvaluationsEndpoint: "https://crm.example.com/access/v1/evaluations", SearchSubjectEndpoint: "https://crm.example.com/access/v1/search/subject",
		SearchResourceEndpoint: "https://crm.example.com/access/v1/search/resource", SearchActionEndpoint: "https://crm.example.com/access/v1/search/action",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func TestDecisionsSpendTheFirmsBudget(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *gateway.Options) { o.CostRate, o.CostBurst = 1, 50 })
	q := object{"subject": user(s.seller), "action": do("read"), "resource": s.shared}
	for range 2 {
		if status, body := s.ask(t, s.maker, authzen.EvaluationPath, q); status != http.StatusOK {
			t.Fatalf("answer %d %s", status, body)
		}
	}
	raw, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	status, header, body := s.As(s.maker).Send(http.MethodPost, authzen.EvaluationPath, strings.NewReader(string(raw)), "Content-Type", "application/json")
	if status != http.StatusTooManyRequests || header.Get("Retry-After") == "" {
		t.Errorf("the third is answered %d %s, Retry-After %q", status, body, header.Get("Retry-After"))
	}
}

// FuzzRequests: whatever comes, the answer is one of the standard's, and never
// a fault of ours.
func FuzzRequests(f *testing.F) {
	for _, seed := range []string{`{}`, `{"subject":{"type":"user","id":"x"},"action":{"name":"read"},"resource":{"type":"Customer","id":"y"}}`,
		`{"evaluations":[{},null]}`, `{"page":{"limit":-1,"token":"x"}}`, `[`, "\xff", `{"resource":{"type":"Customer","properties":[]}}`} {
		f.Add(seed)
	}
	s := gatewaytest.Serve(f, partnerstest.Open(f))
	c := s.As(s.Firm("Maker", "PL"))
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range authzen.Paths()[:5] {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+c.Token)
			r.Header.Set("Content-Type", "application/json")
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil || resp.StatusCode >= 500 {
				t.Errorf("%s answers %q by %d (%v)", path, body, resp.StatusCode, err)
			}
		}
	})
}
