package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"fondaco/gateway/web/browsertest"
	"fondaco/gateway/web/internal/bundle"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

func TestModulesOfTheAppInABrowser(t *testing.T) {
	t.Parallel()
	ctx := browsertest.Open(t)
	program, err := bundle.Tests(".")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	t.Cleanup(server.Close)
	var report struct {
		Ran      int
		Failures []string
	}
	if err := chromedp.Run(ctx, chromedp.Navigate(server.URL), chromedp.Evaluate(program+";globalThis.report", &report)); err != nil {
		t.Fatal(err)
	}
	for _, failure := range report.Failures {
		t.Error(failure)
	}
	if report.Ran < 50 {
		t.Errorf("%d checks ran; where are the others?", report.Ran)
	}
}

// TestPageStartsUnderItsPolicy opens the built app and sees that it asks for
// sign-in, with nothing refused by its own content policy.
func TestPageStartsUnderItsPolicy(t *testing.T) {
	t.Parallel()
	ctx := browsertest.Open(t)
	mux := http.NewServeMux()
	mux.Handle("/", Handler())
	mux.HandleFunc("GET /auth/session", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"signedIn":false}`))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	var title, active string
	var refused []string
	watch := `new Promise(done => {
		const refused = [];
		addEventListener("securitypolicyviolation", e => refused.push(e.violatedDirective + " " + e.blockedURI));
		const look = () => document.querySelector("input[name=password]") ? done(refused) : requestAnimationFrame(look);
		look();
	})`
	err := chromedp.Run(ctx,
		chromedp.Navigate(server.URL+"/customers?q=pump"),
		chromedp.Evaluate(watch, &refused, chromedp.EvalAsValue, awaited),
		chromedp.Evaluate(`document.querySelector("h1").textContent`, &title),
		chromedp.Evaluate(`document.activeElement.name`, &active),
	)
	if err != nil {
		t.Fatal(err)
	}
	if title != "Sign in to Fondaco" || active != "email" || len(refused) > 0 {
		t.Errorf("heading %q, focus in %q, refused %v; want the sign-in with the focus in email and nothing refused", title, active, refused)
	}
}
