package partners

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"

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

// OverrideRefusals lists the lines of the principal's firm's own rules that
// are not in force as they were written, because this version of the program
// cannot take them, with the reason and with what is in force instead; see
// [policy.Salvage]. They were taken once: SetOverrides takes no such line. For
// the administrators and auditors of the firm, and rules of the node.
func (s *Service) OverrideRefusals(ctx context.Context) ([]policy.Refusal, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	var list []policy.Refusal
	var rules *ruleSet
	err = s.transactWith(ctx, p.Firm, readOnly, &rules, func(pgx.Tx) error {
		if !mayAudit(rules, p) {
			return notAuditor()
		}
		list = rules.Refusals()
		return nil
	})
	return list, err
}

// warnOfRefusals logs, once for each state of a firm's own rules, what of
// them is not in force.
func (s *Service) warnOfRefusals(ctx context.Context, rules *ruleSet) {
	refusals := rules.Refusals()
	lines := make([]string, len(refusals))
	for i, r := range refusals {
		lines[i] = r.String()
	}
	text := strings.Join(lines, "\n")
	if before, known := s.refused.Swap(rules.Firm(), text); text == "" || known && before == text {
		return
	}
	s.log.WarnContext(ctx, "some of a firm's own rules cannot be read by this version and are not in force as written; an administrator of the firm has to set them anew",
		slog.Any("firm", rules.Firm()), slog.Any("lines", lines))
}

// SetOverrides replaces the rules that the principal's firm has beside the
// shipped ones; see [policy.CheckOverrides] for what they may say. Only
// somebody who may administer the firm can. Text with a mistake, and rules that
// break what holds at every firm, are refused with the reason and change
// nothing. The new rules bind everything that begins after the commit, at
// every process. The same text again is no change.
//
// The hooks run before that is looked at, while no other change of the rules
// can come between; what one of them refuses is returned as it is.
func (s *Service) SetOverrides(ctx context.Context, text string, hooks ...OverridesHook) error {
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
		err := notAdministrator()
		s.noteRefusal(&p, Command{Verb: setOverridesVerb, Kind: schema.Firms, ID: p.Firm.ID()}, err)
		return err
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
		return w.setOverrides(ctx, text, hooks)
	})
	if err == nil {
		s.news.tell()
	}
	return err
}

// setOverridesVerb is how an attempt to replace a firm's own rules is noted.
const setOverridesVerb = "setOverrides"

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

// OverridesHook runs in the transaction of SetOverrides with the rules as they
// stand before it. Like a Hook it touches its door's own tables alone.
type OverridesHook func(ctx context.Context, tx pgx.Tx, before string) error

func (w *writer) setOverrides(ctx context.Context, text string, hooks []OverridesHook) error {
	firm := w.principal.Firm
	if err := fence(ctx, w.tx, firm); err != nil {
		return err
	}
	// Of two administrators at once, the second one waits here for the first.
	if _, err := w.tx.Exec(ctx, "INSERT INTO policy_overrides (firm_id, lines) VALUES ($1, '') ON CONFLICT DO NOTHING", uuid(firm.ID())); err != nil {
		return err
	}
	before, err := storedOverrides(ctx, w.tx, firm, "FOR UPDATE")
	if err != nil {
		return err
	}
	for _, h := range hooks {
		if err := h(ctx, w.tx, before); err != nil {
			return err
		}
	}
	if before == text {
		return nil
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
	line := ledgerEntry{principal: w.principal, at: w.now, op: schema.OpUpdate, kind: schema.Firms, header: e.Header(), fields: schema.Mask(0).With(OverridesBit)}
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
