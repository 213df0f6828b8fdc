package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fondaco/gateway/web/internal/bundle"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// needBrowser skips a test where there is no browser, loudly. It gives the
// browser's path, or none where chromedp finds it by itself.
func needBrowser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("NOT RUN: it starts a browser")
	}
	path := os.Getenv("FONDACO_BROWSER")
	if path == "" && !installed("chromium-headless-shell", "headless-shell", "chromium", "google-chrome") {
		t.Skip("NOT RUN: no browser was found; install chromium or set FONDACO_BROWSER to its path")
	}
	return path
}

// browser starts a headless browser that ends with the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	if path := needBrowser(t); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	// Events that chromedp does not know yet are no errors of ours.
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start browser: %v", err)
	}
	return ctx
}

func installed(names ...string) bool {
	for _, name := range names {
		for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				return true
			}
		}
	}
	return false
}

func TestModulesOfTheAppInABrowser(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
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
	ctx := browser(t)
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
