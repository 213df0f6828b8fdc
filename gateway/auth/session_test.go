package auth

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"fondaco/schema"
)

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	tests := map[string]struct {
		waits []time.Duration
		want  bool
	}{
		"used again within the day":         {[]time.Duration{11 * time.Hour, 11 * time.Hour}, true},
		"left alone for twelve hours":       {[]time.Duration{12 * time.Hour}, false},
		"used for longer than seven days":   {repeat(11*time.Hour, 16), false},
		"used for just under seven days":    {repeat(11*time.Hour, 15), true},
		"idle just short of the limit":      {[]time.Duration{12*time.Hour - time.Second}, true},
		"seen within a minute, then idle":   {[]time.Duration{30 * time.Second, 12 * time.Hour}, false},
		"seen after two minutes, then less": {[]time.Duration{2 * time.Minute, 12*time.Hour - time.Minute}, true},
	}
	for name, test := range tests {
		client := w.browser()
		w.signIn(client, ana.Email, password)
		got := true
		for _, d := range test.waits {
			w.clock.pass(d)
			got = w.signedIn(client)
		}
		if got != test.want {
			t.Errorf("%s: signed in %v, want %v", name, got, test.want)
		}
	}
}

func repeat(d time.Duration, n int) (all []time.Duration) {
	for range n {
		all = append(all, d)
	}
	return all
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	laptop, phone := w.browser(), w.browser()
	w.signIn(laptop, ana.Email, password)
	w.clock.pass(2 * time.Minute)
	w.signIn(phone, ana.Email, password)
	var list struct {
		Current  string
		Sessions []Session
	}
	_, body, _ := w.call(phone, "GET", "/auth/sessions", "")
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Sessions) != 2 {
		t.Fatalf("sessions: %s, %v", body, err)
	}
	if list.Sessions[0].ID.String() != list.Current {
		t.Errorf("the session seen last is %s, want the phone's %s", list.Sessions[0].ID, list.Current)
	}
	if err := w.EndSession(t.Context(), schema.NewID(), list.Sessions[1].ID); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("ending another person's session: %v, want not found", err)
	}
	if status, body, _ := w.call(phone, "DELETE", "/auth/sessions/"+list.Sessions[1].ID.String(), ""); status != http.StatusNoContent {
		t.Errorf("ending the laptop's session: %d %s", status, body)
	}
	if w.signedIn(laptop) || !w.signedIn(phone) {
		t.Error("want the laptop out and the phone in")
	}
	if err := w.SetPassword(t.Context(), ana, "outra senha muito comprida"); err != nil {
		t.Fatal(err)
	}
	if w.signedIn(phone) {
		t.Error("a new password leaves old sessions open")
	}
}
