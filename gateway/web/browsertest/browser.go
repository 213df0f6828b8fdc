package browsertest

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// within is how long a test may use its browser.
const within = 4 * time.Minute

// Need skips a test where there is no browser, or nobody wants to wait for one, loudly. A test calls it before it makes
// what its pages show.
func Need(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("NOT RUN: it starts a browser")
	}
	if find() == "" {
		t.Skip("NOT RUN: no browser was found; install chromium or set FONDACO_BROWSER to its path")
	}
}

// Open gives a browser with an empty page, that ends with the test. It shares neither cookies nor anything else with
// others, and its page has the focus as far as the page can tell. It skips the test as Need does.
func Open(t testing.TB) context.Context {
	t.Helper()
	Need(t)
	program, err := shared.join(find())
	if err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	t.Cleanup(shared.leave)
	ctx, cancel := context.WithTimeout(program, within)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx, emulation.SetFocusEmulationEnabled(true)); err != nil {
		t.Fatalf("open a window: %v", err)
	}
	return ctx
}
