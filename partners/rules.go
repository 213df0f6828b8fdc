package partners

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// errStaleRules tells that a transaction began with rules that a newer epoch
// has replaced: it is rolled back and tried again with the new ones.
var errStaleRules = errors.New("the rules were replaced meanwhile")

// ruleSet is all that decides for readers of one firm, compiled.
type ruleSet struct {
	*policy.Snapshot
	fence    []schema.FirmID // the firms whose rows such a reader may ever touch
	outlooks outlooks
	behind   struct {
		once sync.Once
		text string
	}
}

// fenceText is the fence as PostgreSQL is told it, written once.
func (r *ruleSet) fenceText() string {
	r.behind.once.Do(func() { r.behind.text = fenceText(r.fence) })
	return r.behind.text
}

func compile(rules policy.Rules) (*ruleSet, error) {
	snapshot, err := policy.Salvage(rules)
	if err != nil {
		return nil, err
	}
	return &ruleSet{Snapshot: snapshot, fence: fenceOf(&rules)}, nil
}

// ruleSet gives the compiled rules for readers of a firm, as they are known;
// the caller's transaction compares the epoch, by enter.
func (s *Service) ruleSet(ctx context.Context, firm schema.FirmID) (*ruleSet, error) {
	if known := s.rules.get(firm); known != nil {
		return known, nil
	}
	var fresh *ruleSet
	err := pgx.BeginTxFunc(ctx, s.pool, readOnly, func(tx pgx.Tx) (err error) {
		fresh, err = s.reload(ctx, tx, firm)
		return err
	})
	return fresh, classify(err)
}

// reload reads and compiles the rules for readers of a firm in a transaction
// that sees one state of the database, and keeps them for the next ones.
func (s *Service) reload(ctx context.Context, tx pgx.Tx, firm schema.FirmID) (*ruleSet, error) {
	rules, err := loadRules(ctx, tx, firm)
	if err != nil {
		return nil, fmt.Errorf("load the rules of firm %s: %w", firm, err)
	}
	fresh, err := compile(rules)
	if err != nil {
		return nil, err
	}
	s.rules.put(fresh)
	s.warnOfRefusals(ctx, fresh)
	return fresh, nil
}

// enter begins a transaction's work for a reader: it sets the fence, and
// finds out whether the rules at hand are those of this transaction.
func (s *Service) enter(ctx context.Context, tx pgx.Tx, rules *ruleSet) error {
	batch := &pgx.Batch{}
	s.enterIn(batch, rules)
	return tx.SendBatch(ctx, batch).Close()
}

// enterIn is enter as a part of more statements, which give errStaleRules.
func (s *Service) enterIn(batch *pgx.Batch, rules *ruleSet) {
	const statement = `
		SELECT set_config('fondaco.fence', $1, true) IS NOT NULL, coalesce((SELECT e.epoch FROM policy_epochs e WHERE e.firm_id = $2), 0)`
	sent := s.Now()
	batch.Queue(statement, rules.fenceText(), uuid(rules.Firm().ID())).QueryRow(func(row pgx.Row) error {
		var set bool
		var epoch int64
		if err := row.Scan(&set, &epoch); err != nil {
			return fmt.Errorf("read the epoch of the rules: %w", err)
		}
		s.sighted(sent)
		if epoch != rules.Epoch() {
			s.rules.forget(rules)
			return errStaleRules
		}
		return nil
	})
}

// loadRules reads all that decides for readers of one firm.
func loadRules(ctx context.Context, tx pgx.Tx, firm schema.FirmID) (policy.Rules, error) {
	rules := policy.Rules{Firm: firm}
	if err := fence(ctx, tx, firm); err != nil {
		return rules, err
	}
	const statement = `
		SELECT coalesce((SELECT e.epoch FROM policy_epochs e WHERE e.firm_id = $1), 0),
			coalesce((SELECT o.lines FROM policy_overrides o WHERE o.firm_id = $1), ''),
			ARRAY(SELECT h.firm_id FROM hosted_firms h)`
	var hosted [][16]byte
	if err := tx.QueryRow(ctx, statement, uuid(firm.ID())).Scan(&rules.Epoch, &rules.Overrides, &hosted); err != nil {
		return rules, err
	}
	// Terms and acceptances of all firms on this node are read, whoever holds them.
	firms := []schema.FirmID{firm}
	for _, id := range hosted {
		firms = append(firms, schema.FirmID(id))
	}
	if err := fence(ctx, tx, firms...); err != nil {
		return rules, err
	}
	var err error
	if rules.Partners, err = activePartners(ctx, tx, firm); err != nil {
		return rules, err
	}
	rules.Agreements, err = openAgreements(ctx, tx, firm, rules.Partners)
	return rules, err
}

// activePartners lists the firms with which the firm has an active partnership.
func activePartners(ctx context.Context, tx pgx.Tx, firm schema.FirmID) ([]schema.FirmID, error) {
	const statement = `
		SELECT DISTINCT CASE p.owner_firm_id WHEN $1 THEN p.addressed_to ELSE p.owner_firm_id END AS partner
		FROM partnerships p
		WHERE (p.owner_firm_id = $1 OR p.addressed_to = $1)
			AND p.state = 'ACTIVE'
			AND p.deleted_at IS NULL
		ORDER BY partner`
	rows, err := tx.Query(ctx, statement, uuid(firm.ID()))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (firm schema.FirmID, err error) {
		return firm, row.Scan((*[16]byte)(&firm))
	})
}
