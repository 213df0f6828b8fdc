package auth

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fondaco/policy"
	"fondaco/schema"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	use := func(header string) (policy.Principal, error) {
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.Header.Set("Authorization", header)
		return w.Authenticate(r)
	}
	made, secret, err := w.CreateToken(t.Context(), NewToken{User: ana.User, Name: "nightly", Scopes: []string{"Customer:read", "*:create"}, Lifetime: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	p, err := use("bearer " + secret)
	if err != nil {
		t.Fatal(err)
	}
	want := policy.Principal{Firm: firm, User: schema.Ref[schema.User](ana.User), Actor: policy.ActorToken, Roles: []schema.Role{schema.Sales},
		Scopes: []policy.Scope{{Kind: "Customer", Action: "read"}, {Kind: "*", Action: "create"}}, Via: "gateway"}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("principal (-want +got):\n%s", diff)
	}
	list, err := w.Tokens(t.Context(), ana.User)
	if err != nil || len(list) != 1 || list[0].Prefix != secret[:prefixLength] || list[0].LastUsedAt == nil {
		t.Errorf("tokens = %+v, %v", list, err)
	}
	if text, _ := json.Marshal(list); strings.Contains(string(text), secret[prefixLength:]) {
		t.Error("the list of tokens shows the secret")
	}
	for name, header := range map[string]string{
		"unknown": "Bearer " + newSecret().token(), "not whole": "Bearer " + secret[:30], "another scheme": "Basic YTpi", "empty": "Bearer ",
	} {
		if _, err := use(header); schema.Code(err) != schema.CodeDenied {
			t.Errorf("a token that is %s: %v, want denied", name, err)
		}
	}
	w.clock.pass(time.Hour)
	if _, err := use("Bearer " + secret); schema.Code(err) != schema.CodeDenied {
		t.Errorf("an expired token: %v, want denied", err)
	}
	endless, secret, err := w.CreateToken(t.Context(), NewToken{User: ana.User, Name: "endless"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := use("Bearer " + secret); err != nil {
		t.Errorf("an endless token: %v", err)
	}
	if err := w.RevokeToken(t.Context(), endless.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := use("Bearer " + secret); schema.Code(err) != schema.CodeDenied {
		t.Errorf("a revoked token: %v, want denied", err)
	}
	if err := w.RevokeToken(t.Context(), schema.NewID()); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("revoking what is not there: %v, want not found", err)
	}
	if made.ExpiresAt == nil || endless.ExpiresAt != nil {
		t.Errorf("ends are %v and %v", made.ExpiresAt, endless.ExpiresAt)
	}
}

func TestScopesAreChecked(t *testing.T) {
	t.Parallel()
	if list, err := parseScopes(nil); list != nil || err != nil {
		t.Errorf("parseScopes(nil) = %v, %v; want nil, which does not narrow", list, err)
	}
	if list, err := parseScopes([]string{}); list == nil || err != nil {
		t.Errorf("parseScopes of an empty list = %v, %v; want an empty list, which allows nothing", list, err)
	}
	for _, text := range []string{"Customer", "Customers:read", "Customer:fly", ":", "", "customer:read"} {
		if _, err := parseScopes([]string{text}); schema.Code(err) != schema.CodeInvalid {
			t.Errorf("parseScopes(%q) = %v, want invalid", text, err)
		}
	}
}
