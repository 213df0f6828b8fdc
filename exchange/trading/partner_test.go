package trading_test

import (
	"strings"
	"testing"

	"fondaco/exchange/trading"
	"fondaco/schema"
)

func TestAddPartner(t *testing.T) {
	t.Parallel()
	w := open(t)
	if !strings.HasPrefix(w.token, "fdm_") {
		t.Errorf("token = %q, want one that tells what it is", w.token)
	}
	again, token, err := w.AddPartner(t.Context(), w.partner)
	if err != nil || token != "" || again.ID != w.partner.ID {
		t.Errorf("AddPartner() again = %v, %q, %v, want the first one without a token", again, token, err)
	}
	if n := w.one("SELECT count(*) FROM trading_partners WHERE encode(token_hash, 'escape') LIKE '%fdm%'"); n != 0 {
		t.Error("the token itself is kept")
	}
	for name, c := range map[string]struct {
		change func(*trading.Partner)
		code   schema.ErrorCode
	}{
		"a mailbox that is a path": {func(p *trading.Partner) { p.Name = "../x" }, schema.CodeInvalid},
		"no sender":                {func(p *trading.Partner) { p.Sender = schema.FirmID{} }, schema.CodeInvalid},
		"an id that is too long":   {func(p *trading.Partner) { p.SenderID = strings.Repeat("X", 36) }, schema.CodeInvalid},
		"a name that is taken":     {func(p *trading.Partner) { p.SenderID = "OTHER" }, schema.CodeConflict},
		"another firm's names":     {func(p *trading.Partner) { p.Sender = w.third.Firm }, schema.CodeConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := w.partner
			c.change(&p)
			if _, _, err := w.AddPartner(t.Context(), p); schema.Code(err) != c.code {
				t.Errorf("AddPartner() = %v, want %s", err, c.code)
			}
		})
	}
}
