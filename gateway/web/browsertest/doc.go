// Package browsertest gives tests a browser without a screen, as each person has one of their own. It is imported from
// _test.go files alone.
//
//	func TestSignIn(t *testing.T) {
//		ctx := browsertest.Open(t)
//		err := chromedp.Run(ctx, chromedp.Navigate(url))
//		...
//	}
//
// # Nouns
//
// A browser here is a private window: cookies, storage and caches of its own, like a browser that was just installed. The
// program is the process behind the windows: it starts with the first one and ends with the last, so that tests which run
// beside one another share it. A start costs as much as a short journey through the app.
//
// The program is the one that FONDACO_BROWSER names; else the one that is made to run without a screen, which does the
// same work with two thirds of the time of a full browser; else the full one.
package browsertest
