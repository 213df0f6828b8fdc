package auth

import (
	"net/http"
	"testing"

	"fondaco/schema"
)

func TestAddressBelongsToOnePerson(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	err := w.Enrol(t.Context(), Account{User: schema.NewID(), Firm: firm, Email: "ANA@example.com"})
	if schema.Code(err) != schema.CodeConflict {
		t.Errorf("a second person with the address: %v, want conflict", err)
	}
	if err := w.Enrol(t.Context(), Account{User: schema.NewID(), Firm: firm, Email: "Ana <a@example.com>"}); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("an address with a name: %v, want invalid", err)
	}
	if err := w.Remove(t.Context(), ana.User); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := w.signIn(w.browser(), ana.Email, password); status != http.StatusUnauthorized {
		t.Errorf("a person who was removed: %d, want 401", status)
	}
}
