package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fondaco/schema"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	client := w.browser()
	if w.signedIn(client) {
		t.Fatal("signed in before signing in")
	}
	status, body, header := w.signIn(client, " ANA@example.com ", password)
	if status != http.StatusOK || !strings.Contains(body, ana.User.String()) {
		t.Fatalf("sign in: %d %s", status, body)
	}
	cookie := header.Get("Set-Cookie")
	for _, want := range []string{w.cookieName() + "=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	if !w.signedIn(client) {
		t.Error("not signed in after signing in")
	}
	if status, body, _ := w.call(client, "POST", "/auth/sign-out", ""); status != http.StatusOK {
		t.Fatalf("sign out: %d %s", status, body)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Cookie", strings.SplitN(cookie, ";", 2)[0])
	if _, err := w.Authenticate(r); schema.Code(err) != schema.CodeDenied {
		t.Errorf("a cookie kept back after signing out: %v, want denied", err)
	}
}

func TestAllWrongProofsGetTheSameAnswer(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	bia := Account{User: schema.NewID(), Firm: firm, Email: "bia@example.com"}
	leo := Account{User: schema.NewID(), Firm: firm, Email: "leo@example.com"}
	if err := w.Enrol(t.Context(), bia); err != nil {
		t.Fatal(err)
	}
	if err := w.SetPassword(t.Context(), leo, password); err != nil {
		t.Fatal(err)
	}
	w.people.remove(leo.User)
	client := w.browser()
	_, want, _ := w.signIn(client, ana.Email, "not the password")
	for name, in := range map[string][2]string{
		"an address nobody has":             {"nobody@example.com", password},
		"a person without password":         {bia.Email, password},
		"a person who may not sign in":      {leo.Email, password},
		"no address at all":                 {"ana", password},
		"a password longer than one can be": {ana.Email, strings.Repeat("x", 1000)},
	} {
		status, got, _ := w.signIn(client, in[0], in[1])
		if status != http.StatusUnauthorized || got != want {
			t.Errorf("%s: %d %s, want 401 %s", name, status, got, want)
		}
	}
}

func TestAttemptsAreLimited(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *Options) { o.Limits.AccountBurst, o.Limits.AddressBurst = 3, 5 })
	client := w.browser()
	for range 3 {
		w.signIn(client, ana.Email, "not the password")
	}
	status, body, header := w.signIn(client, ana.Email, password)
	if status != http.StatusTooManyRequests || header.Get("Retry-After") != "20" {
		t.Errorf("the fourth attempt: %d %s, Retry-After %q; want 429 and 20", status, body, header.Get("Retry-After"))
	}
	w.signIn(client, "one@example.com", password)
	if status, _, _ := w.signIn(client, "two@example.com", password); status != http.StatusTooManyRequests {
		t.Errorf("the sixth attempt from one address: %d, want 429", status)
	}
	w.clock.pass(time.Minute)
	if status, body, _ := w.signIn(client, ana.Email, password); status != http.StatusOK {
		t.Errorf("after a minute: %d %s", status, body)
	}
}

func TestRequestsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	client := w.browser()
	body := `{"email":"ana@example.com","password":"` + password + `"}`
	if status, _, _ := w.call(client, "POST", "/auth/sign-in", body, "Sec-Fetch-Site", "cross-site"); status != http.StatusForbidden {
		t.Errorf("a cross-site sign-in: %d, want 403", status)
	}
	if status, _, _ := w.call(client, "POST", "/auth/sign-in", body, "Content-Type", "text/plain"); status != http.StatusBadRequest {
		t.Errorf("a sign-in as plain text: %d, want 400", status)
	}
	if status, _, _ := w.call(client, "POST", "/auth/sign-in", `{"email":`+strings.Repeat(" ", 5000)+`}`); status != http.StatusBadRequest {
		t.Errorf("an oversize sign-in: %d, want 400", status)
	}
}

func TestSignInIsRefusedBeyondLoopback(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *Options) { o.Listen = "0.0.0.0:8080" })
	status, body, header := w.signIn(w.browser(), ana.Email, password)
	if status != http.StatusUnauthorized || !strings.Contains(body, "--behind-proxy") || header.Get("Set-Cookie") != "" {
		t.Errorf("sign in: %d %s", status, body)
	}
	path, err := w.CreateLink(t.Context(), ana.User, time.Minute, "")
	if err != nil {
		t.Fatal(err)
	}
	if status, body, _ := w.call(w.browser(), "GET", path, ""); status != http.StatusUnauthorized || !strings.Contains(body, "TLS") {
		t.Errorf("link: %d %s", status, body)
	}
}

func TestOldHashIsRenewedAtSignIn(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	before, err := w.credential(t.Context(), "ana@example.com")
	if err != nil {
		t.Fatal(err)
	}
	w.hasher = newHasher(1, 4, cost{memory: 128, time: 1, lanes: 1})
	if _, _, _, err := w.SignIn(t.Context(), ana.Email, password, Origin{}); err != nil {
		t.Fatal(err)
	}
	after, err := w.credential(t.Context(), "ana@example.com")
	if err != nil || !strings.Contains(after.hash, "m=128,") || after.hash == before.hash {
		t.Errorf("hash after sign-in %q, %v; want one with m=128", after.hash, err)
	}
}
