package partners

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// FieldOfConstraint lets the parity test ask which field an error would name.
var FieldOfConstraint = fieldOfConstraint

// AllRows loads the rows of a kind's table, whoever holds them. conn is the
// role that owns the table.
func AllRows(ctx context.Context, conn *pgx.Conn, k *schema.Kind) ([]schema.Entity, error) {
	rows, err := conn.Query(ctx, fmt.Sprintf("SELECT %s\nFROM %s\nORDER BY id, holder_firm_id", entityColumns(k), k.Table))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (schema.Entity, error) { return scanEntity(k, row) })
}

// Misfence makes the node decide for readers of a firm by its own rules, but
// behind the fence of other firms.
func (s *Service) Misfence(ctx context.Context, firm schema.FirmID, fence []schema.FirmID) error {
	s.rules.drop(firm)
	set, err := s.ruleSet(ctx, firm)
	if err == nil {
		s.rules.put(&ruleSet{Snapshot: set.Snapshot, fence: fence})
	}
	return err
}

// Misjudge makes the node decide for readers of a firm as if the owners had
// opened everything to it, behind its own fence, and gives that fence.
func (s *Service) Misjudge(ctx context.Context, firm schema.FirmID, owners []schema.FirmID, terms []schema.SharingTerm) ([]schema.FirmID, error) {
	s.rules.drop(firm)
	honest, err := s.ruleSet(ctx, firm)
	if err != nil {
		return nil, err
	}
	rules := policy.Rules{Firm: firm, Epoch: honest.Epoch(), Partners: owners}
	for _, o := range owners {
		for part := range slices.Chunk(terms, 20) { // as many as one agreement may have
			rules.Agreements = append(rules.Agreements, policy.AgreementRules{ID: schema.NewID(), Owner: o, Recipient: firm, Terms: part})
		}
	}
	wrong, err := policy.Compile(rules)
	if err != nil {
		return nil, err
	}
	if problems := wrong.Problems(); len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	s.rules.put(&ruleSet{Snapshot: wrong, fence: honest.fence})
	return honest.fence, nil
}

// Honest makes the node decide by the rules that stand.
func (s *Service) Honest(firm schema.FirmID) { s.rules.drop(firm) }

func (c *rulesCache) drop(firm schema.FirmID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.at[firm]; e != nil {
		c.remove(e)
	}
}

// NoteReads writes down what was read across firms.
func (s *Service) NoteReads(ctx context.Context) error { return s.noteReads(ctx) }

// VerifyIn verifies a firm's audit within a transaction, which may have
// tampered with it.
func VerifyIn(ctx context.Context, tx pgx.Tx, firm schema.FirmID, c *Checkpoint) (*AuditReport, error) {
	return verifyAudit(ctx, tx, firm, c)
}

// Reseal seals all lines of the ledger in a transaction that has deleted the
// seals, as one would who rewrites history.
func Reseal(ctx context.Context, tx pgx.Tx) error {
	lines, err := unsealed(ctx, tx, beginning, "9000000000000000000:9000000000000000000:", 0)
	if err != nil {
		return err
	}
	leaves := make([]leaf, len(lines))
	for i := range lines {
		leaves[i] = lines[i].leaf()
	}
	return seal(ctx, tx, leaves)
}

// RuleSet and RulesCache are for the test of the cache.
type (
	RuleSet    = ruleSet
	RulesCache rulesCache
)

// NewRulesCache makes a cache for so many firms.
func NewRulesCache(most int) *RulesCache { return &RulesCache{most: most} }

// Compiled compiles rules.
func Compiled(rules policy.Rules) (*RuleSet, error) { return compile(rules) }

// Put is rulesCache.put.
func (c *RulesCache) Put(s *RuleSet) { (*rulesCache)(c).put(s) }

// Get is rulesCache.get for the firm of a set.
func (c *RulesCache) Get(s *RuleSet) *RuleSet { return (*rulesCache)(c).get(s.Firm()) }

// Forget is rulesCache.forget.
func (c *RulesCache) Forget(s *RuleSet) { (*rulesCache)(c).forget(s) }

// NoteDenials writes down what was refused.
func (s *Service) NoteDenials(ctx context.Context) error { return s.noteDenials(ctx, true) }

// SameOutlook is equal for principals to whom the same outlook is given.
func SameOutlook(p policy.Principal) string { return sameOutlook(&p) }

// RecordsUntilAudit tells how many records are read before Audit is woken to
// note them, and whether it sleeps again when they were taken.
func RecordsUntilAudit(page int) (records int, sleeps bool) {
	var r reads
	woken := r.many()
	for !rung(woken) {
		r.add(use{shown: make([]shown, page)})
		records += page
	}
	woken = r.many()
	r.take()
	r.add(use{shown: make([]shown, page)})
	return records, !rung(woken)
}
