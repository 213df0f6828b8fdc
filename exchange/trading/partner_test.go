package trading_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/ack"
	"fondaco/edi/sets"
	"fondaco/exchange/trading"
	"fondaco/policy"
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

func TestSetPartnerNames(t *testing.T) {
	t.Parallel()
	w := open(t)
	other := w.partner
	other.Name, other.SenderID = "other", "OTHER"
	other, _, err := w.AddPartner(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	changed := w.partner
	changed.SenderQualifier, changed.SenderID, changed.SenderGroup = "01", "123456789", "ERP"
	changed.TestAllowed, changed.HoldReused, changed.TA1 = false, true, ack.Always
	changed.Terms = trading.Terms{
		Form: "999", AcceptErrors: true, RejectDamaged: true, OnlyAsked: true, ReceiptOnly: true, AnswerAdvice: true,
		Transport: "https", AcknowledgeWithin: 90 * time.Minute,
	}
	if err := w.SetPartner(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	found, err := w.Mailbox(t.Context(), "lusodist")
	if diff := cmp.Diff(changed, found); err != nil || diff != "" {
		t.Errorf("Mailbox() = %v (-want +got):\n%s", err, diff)
	}
	taken := other
	taken.SenderQualifier, taken.SenderID = "01", "123456789"
	if err := w.SetPartner(t.Context(), taken); schema.Code(err) != schema.CodeConflict {
		t.Errorf("SetPartner() with the names of another = %v, want a conflict", err)
	}
	other.ID = schema.NewID()
	if err := w.SetPartner(t.Context(), other); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("SetPartner() of nobody = %v, want not found", err)
	}
	if _, err := w.Mailbox(t.Context(), "nobody"); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("Mailbox() of nobody = %v, want not found", err)
	}
}

func TestSendFile(t *testing.T) {
	t.Parallel()
	w := open(t)
	maker := policy.With(t.Context(), w.maker)
	good, err := fs.ReadFile(sets.Files(), "x12/004010/850/sample.edi")
	if err != nil {
		t.Fatal(err)
	}
	sent, err := w.SendFile(maker, w.partner.ID, bytes.NewReader(good), true)
	if err != nil || len(sent) != 1 || !bytes.Contains(sent[0].Bytes, []byte("*LUSODIST ")) {
		t.Fatalf("SendFile() = %s, %v, want one interchange to the partner", sent, err)
	}
	for name, file := range map[string][]byte{
		"a document with errors":  bytes.Replace(good, []byte("BEG"), []byte("BEX"), 1),
		"nothing":                 nil,
		"a set that has no guide": bytes.ReplaceAll(good, []byte("ST*850"), []byte("ST*859")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if sent, err := w.SendFile(maker, w.partner.ID, bytes.NewReader(file), true); schema.Code(err) != schema.CodeInvalid || len(sent) > 0 {
				t.Errorf("SendFile() = %v, %v, want it refused", sent, err)
			}
		})
	}
	if _, err := w.SendFile(policy.With(t.Context(), w.third), w.partner.ID, bytes.NewReader(good), true); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("SendFile() by another firm = %v, want not found", err)
	}
}
