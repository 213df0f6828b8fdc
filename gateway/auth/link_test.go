package auth

import (
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"fondaco/schema"
)

func TestOneTimeLink(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	path, err := w.CreateLink(t.Context(), ana.User, 15*time.Minute, "/customers?q=a b")
	if err != nil {
		t.Fatal(err)
	}
	first, second := w.browser(), w.browser()
	status, body, header := w.call(first, "GET", path, "")
	if status != http.StatusSeeOther || header.Get("Location") != "/customers?q=a b" {
		t.Fatalf("link: %d %s to %s", status, body, header.Get("Location"))
	}
	if !w.signedIn(first) {
		t.Error("the link does not sign in")
	}
	if _, _, header := w.call(second, "GET", path, ""); header.Get("Location") != "/?link=spent" || w.signedIn(second) {
		t.Errorf("the link used twice leads to %q, want to the sign-in", header.Get("Location"))
	}
	late, err := w.CreateLink(t.Context(), ana.User, 15*time.Minute, "")
	if err != nil {
		t.Fatal(err)
	}
	w.clock.pass(15 * time.Minute)
	if _, _, header := w.call(second, "GET", late, ""); header.Get("Location") != "/?link=spent" || w.signedIn(second) {
		t.Errorf("a link past its time leads to %q, want to the sign-in", header.Get("Location"))
	}
	if _, err := w.CreateLink(t.Context(), schema.NewID(), time.Minute, ""); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("a link for somebody unknown: %v, want not found", err)
	}
}

func TestLinkIsSpentOnce(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	path, err := w.CreateLink(t.Context(), ana.User, time.Minute, "")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(path)
	var wg sync.WaitGroup
	won := make(chan bool, 8)
	for range 8 {
		wg.Go(func() {
			_, _, _, err := w.UseLink(t.Context(), u.Query().Get("t"), Origin{})
			won <- err == nil
		})
	}
	wg.Wait()
	close(won)
	n := 0
	for ok := range won {
		if ok {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d of 8 callers at once used the link, want 1", n)
	}
}
