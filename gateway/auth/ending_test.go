package auth

import (
	"net/http"
	"testing"

	"fondaco/schema"
)

// TestEndings: whatever takes a proof back says of whom, once, and wakes who
// waits for it in the same process.
func TestEndings(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	client := w.browser()
	w.signIn(client, ana.Email, password)
	other := w.browser()
	w.signIn(other, ana.Email, password)
	sessions, err := w.Sessions(t.Context(), ana.User)
	if err != nil || len(sessions) != 2 {
		t.Fatalf("sessions = %v, %v", sessions, err)
	}
	token, _, err := w.CreateToken(t.Context(), NewToken{User: ana.User, Name: "nightly"})
	if err != nil {
		t.Fatal(err)
	}
	count := func() int {
		t.Helper()
		ended, err := w.Ended(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, user := range ended {
			if user != ana.User {
				t.Errorf("a proof of %v was taken back", user)
			}
		}
		return len(ended)
	}
	if n := count(); n != 0 {
		t.Fatalf("%d endings before anything ended", n)
	}
	for i, end := range []struct {
		name string
		do   func() error
	}{
		{"a session is ended", func() error { return w.EndSession(t.Context(), ana.User, sessions[0].ID) }},
		{"a token is revoked", func() error { return w.RevokeToken(t.Context(), token.ID) }},
		{"a new password ends all sessions", func() error { return w.SetPassword(t.Context(), ana, "outra senha muito comprida") }},
		{"the account is removed", func() error { return w.Remove(t.Context(), ana.User) }},
	} {
		rung := w.Revoked()
		if err := end.do(); err != nil {
			t.Fatalf("%s: %v", end.name, err)
		}
		select {
		case <-rung:
		default:
			t.Errorf("%s: nobody is woken", end.name)
		}
		if n := count(); n != i+1 {
			t.Errorf("%s: %d endings in all, want %d", end.name, n, i+1)
		}
	}
	if err := w.RevokeToken(t.Context(), schema.NewID()); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("a token there is not: %v", err)
	}
	if n := count(); n != 4 {
		t.Errorf("%d endings after nothing more ended", n)
	}
}

func TestSigningOutIsAnEnding(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	client := w.browser()
	w.signIn(client, ana.Email, password)
	if status, body, _ := w.call(client, "POST", "/auth/sign-out", ""); status >= http.StatusBadRequest {
		t.Fatalf("%d %s", status, body)
	}
	if ended, err := w.Ended(t.Context()); err != nil || len(ended) != 1 {
		t.Errorf("Ended() = %v, %v, want one", ended, err)
	}
}
