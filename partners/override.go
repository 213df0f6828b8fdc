package partners

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// OverridesBit stands for a firm's own rules in the ledger: a line about the
// firm's record with this bit among its fields says that somebody changed
// them, and its values are the text before and after. No field has it, so that
// it is part of no reader's view of the record.
const OverridesBit = 62

// Overrides gives the rules that the principal's firm has set beside the
// shipped ones, empty if none. Its administrators and auditors may ask, and
// rules of the node.
func (s *Service) Overrides(ctx context.Context) (string, error) {
	var text string
	err := s.audit(ctx, func(tx pgx.Tx, firm schema.FirmID) error {
		var err error
		text, err = storedOverrides(ctx, tx, firm, "")
		return err
	})
	return text, err
}

// SetOverrides replaces the rules that the principal's firm has beside the
// shipped ones; see [policy.CheckOverrides] for what they may say. Only
// somebody who may administer the firm can. Text with a mistake, and rules that
// break what holds at every firm, are refused with the reason and change
// nothing. The new rules bind everything that begins after the commit, at
// every process. The same text again is no change.
func (s *Service) SetOverrides(ctx context.Context, text string) error {
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	// Asked before the check too, which takes its time: nobody else shall cause it.
	may, err := s.May(ctx, schema.Firms, policy.Administer)
	if err != nil {
		return err
	}
	if !may {
		return notAdministrator()
	}
	if err := policy.CheckOverrides(p.Firm, text); err != nil {
		return &schema.Error{Code: schema.CodeInvalid, Op: "set overrides", Field: "overrides", Message: err.Error(), Err: err}
	}
	var rules *ruleSet
	err = s.transactWith(ctx, p.Firm, pgx.TxOptions{}, &rules, func(tx pgx.Tx) error {
		if !rules.Decide(p, schema.Firms, policy.Administer).Allowed {
			return notAdministrator()
		}
		w := &writer{service: s, tx: tx, rules: rules, principal: p, now: s.Now()}
		return w.setOverrides(ctx, text)
	})
	if err == nil {
		s.news.tell()
	}
	return err
}

func notAdministrator() error {
	return denied(schema.Firms, "may not be administered by your roles; ask an administrator of your firm")
}

// storedOverrides reads the rules of a firm, with FOR UPDATE to replace them.
func storedOverrides(ctx context.Context, tx pgx.Tx, firm schema.FirmID, lock string) (string, error) {
	var text string
	err := tx.QueryRow(ctx, "SELECT o.lines FROM policy_overrides o WHERE o.firm_id = $1 "+lock, uuid(firm.ID())).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return text, err
}

func (w *writer) setOverrides(ctx context.Context, text string) error {
	firm := w.principal.Firm
	if err := fence(ctx, w.tx, firm); err != nil {
		return err
	}
	// Of two administrators at once, the second one waits here for the first.
	if _, err := w.tx.Exec(ctx, "INSERT INTO policy_overrides (firm_id, lines) VALUES ($1, '') ON CONFLICT DO NOTHING", uuid(firm.ID())); err != nil {
		return err
	}
	before, err := storedOverrides(ctx, w.tx, firm, "FOR UPDATE")
	if err != nil || before == text {
		return err
	}
	if _, err := w.tx.Exec(ctx, "UPDATE policy_overrides SET lines = $2 WHERE firm_id = $1", uuid(firm.ID()), text); err != nil {
		return err
	}
	if err := w.noteOverrides(ctx, before, text); err != nil {
		return err
	}
	return raiseEpochs(ctx, w.tx, firm)
}

// noteOverrides writes the line of the ledger, about the firm's own record.
func (w *writer) noteOverrides(ctx context.Context, before, after string) error {
	e, err := loadRow(ctx, w.tx, schema.Firms, w.principal.Firm, w.principal.Firm.ID(), true)
	if err != nil {
		return err
	}
	if e == nil {
		return schema.NotFound(schema.Firms.Name)
	}
	h := *e.Header()
	h.UpdatedAt = w.now
	line := ledgerEntry{principal: w.principal, op: schema.OpUpdate, kind: schema.Firms, header: &h, fields: schema.Mask(0).With(OverridesBit)}
	line.add(newChangedValue(OverridesBit, textJSON(before), textJSON(after)))
	return line.write(ctx, w.tx)
}

// textJSON gives a text as JSON.
func textJSON(text string) json.RawMessage {
	raw, err := json.Marshal(text)
	if err != nil {
		panic("partners: a text always encodes: " + err.Error())
	}
	return raw
}
