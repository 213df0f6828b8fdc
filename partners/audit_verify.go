package partners

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
	"golang.org/x/mod/sumdb/tlog"

	"fondaco/schema"
)

// AuditReport is what came of a verification.
type AuditReport struct {
	Checkpoint // the state that was found
	// Unsealed lines were written since the last seal.
	Unsealed int
	// Findings are signs that lines or values were tampered with, at most FindingsLimit; none is a clean history.
	Findings []AuditFinding
}

// FindingsLimit is how many findings a report lists.
const FindingsLimit = 100

// AuditFinding is a sign that somebody went past the service.
type AuditFinding struct {
	Number  int64  // of the sealed line, -1 where there is none
	Source  string // ledger or reads
	Line    int64  // its number there
	Problem string
}

// String says it in a sentence.
func (f AuditFinding) String() string {
	return fmt.Sprintf("%s line %d: %s", f.Source, f.Line, f.Problem)
}

// VerifyAudit holds all lines of the principal's firm against their seal, the
// values against the hashes in their lines, and the seal against a checkpoint
// that was kept outside the database. A line that was edited, deleted, put
// elsewhere or slipped in is found by the seal; a tail that was cut with its
// seal, and a history that was sealed anew, by the checkpoint. Values that
// were erased are no finding.
func (s *Service) VerifyAudit(ctx context.Context, checkpoint *Checkpoint) (*AuditReport, error) {
	var report *AuditReport
	err := s.audit(ctx, func(tx pgx.Tx, firm schema.FirmID) error {
		var err error
		report, err = verifyAudit(ctx, tx, firm, checkpoint)
		return err
	})
	return report, err
}

func verifyAudit(ctx context.Context, tx pgx.Tx, firm schema.FirmID, checkpoint *Checkpoint) (*AuditReport, error) {
	if checkpoint != nil && checkpoint.Firm != firm {
		return nil, invalid("checkpoint", "the checkpoint is of another firm")
	}
	v := &verifier{tx: tx, firm: firm, report: &AuditReport{Checkpoint: Checkpoint{Firm: firm}}, checkpoint: checkpoint, seen: tree{known: map[int64]tlog.Hash{}}}
	for _, step := range []func(context.Context) error{v.ledger, v.reads, v.leaves, v.root, v.loose, v.values} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("verify the audit of firm %s: %w", firm, err)
		}
	}
	return v.report, nil
}

type verifier struct {
	tx         pgx.Tx
	firm       schema.FirmID
	report     *AuditReport
	checkpoint *Checkpoint
	seen       tree // over the lines as they are
	// lines has the hash of each line as it is, by its source and number, until its leaf was found.
	lines [2]map[int64]tlog.Hash
}

func (v *verifier) find(number int64, source int16, line int64, problem string) {
	if len(v.report.Findings) < FindingsLimit {
		v.report.Findings = append(v.report.Findings, AuditFinding{number, [...]string{"ledger", "reads"}[source], line, problem})
	}
}

// ledger hashes the firm's lines of the ledger.
func (v *verifier) ledger(ctx context.Context) error {
	v.lines[sourceLedger] = map[int64]tlog.Hash{}
	rows, err := v.tx.Query(ctx, "SELECT "+ledgerColumns+" FROM changes c WHERE c.holder_firm_id = $1", uuid(v.firm.ID()))
	if err != nil {
		return err
	}
	for rows.Next() {
		l, err := scanLedgerLine(rows)
		if err != nil {
			return err
		}
		v.line(sourceLedger, l.Seq, l.line())
	}
	return rows.Err()
}

func (v *verifier) line(source int16, number int64, line []byte) {
	if _, twice := v.lines[source][number]; twice {
		v.find(-1, source, number, "stands twice")
	}
	v.lines[source][number] = tlog.RecordHash(line)
}

// reads hashes what is noted of reads of the firm's records.
func (v *verifier) reads(ctx context.Context) error {
	v.lines[sourceRead] = map[int64]tlog.Hash{}
	rows, err := v.tx.Query(ctx, "SELECT "+readColumns+" FROM audit_reads r WHERE r.owner_firm_id = $1", uuid(v.firm.ID()))
	if err != nil {
		return err
	}
	for rows.Next() {
		r, err := scanRead(rows)
		if err != nil {
			return err
		}
		v.line(sourceRead, r.Number, r.line())
	}
	return rows.Err()
}

// leaves holds each sealed line against the line as it is, and the hashes
// stored with it against those before.
func (v *verifier) leaves(ctx context.Context) error {
	rows, err := v.tx.Query(ctx, "SELECT l.number, l.source, l.line, l.hashes FROM audit_leaves l WHERE l.firm_id = $1 ORDER BY l.number", uuid(v.firm.ID()))
	if err != nil {
		return err
	}
	sealed := tree{known: map[int64]tlog.Hash{}}
	var number, line int64
	var source int16
	var stored []byte
	_, err = pgx.ForEachRow(rows, []any{&number, &source, &line, &stored}, func() error {
		if number != sealed.size {
			v.find(sealed.size, source, line, "the seal before this line is missing")
		}
		hashes := splitHashes(stored)
		if len(hashes) == 0 || source < 0 || int(source) >= len(v.lines) {
			v.find(sealed.size, sourceLedger, line, "the seal of this line cannot be read")
			return nil
		}
		return v.leaf(&sealed, source, line, hashes)
	})
	v.report.Size = sealed.size
	return err
}

func (v *verifier) leaf(sealed *tree, source int16, line int64, hashes []tlog.Hash) error {
	number := sealed.size
	is, there := v.lines[source][line]
	switch {
	case !there:
		v.find(number, source, line, "is sealed, and missing")
		is = hashes[0]
	case is != hashes[0]:
		v.find(number, source, line, "is not the line that was sealed")
	}
	delete(v.lines[source], line)
	want, err := sealed.add(hashes[0])
	if err != nil {
		return err
	}
	if !equalHashes(want, hashes) {
		v.find(number, source, line, "the seal does not follow from the seals before it")
		// Those after it are held against what stands, so that one fault is one finding.
		sealed.learn(number, append(hashes, want[min(len(hashes), len(want)):]...)[:len(want)])
	}
	if _, err := v.seen.add(is); err != nil {
		return err
	}
	if v.checkpoint != nil && v.seen.size == v.checkpoint.Size {
		return v.compare()
	}
	return nil
}

func equalHashes(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// compare holds the lines, as many as the checkpoint has, against its root.
func (v *verifier) compare() error {
	root, err := v.seen.root()
	if err == nil && root != v.checkpoint.Root {
		v.find(v.checkpoint.Size-1, sourceLedger, -1, fmt.Sprintf("the first %d lines are not those of the checkpoint: the history was written anew", v.checkpoint.Size))
	}
	return err
}

// root notes the state that was found, and a tail that is missing.
func (v *verifier) root(context.Context) error {
	var err error
	v.report.Root, err = v.seen.root()
	if v.checkpoint != nil && v.checkpoint.Size > v.report.Size {
		v.find(v.report.Size, sourceLedger, -1, fmt.Sprintf("the checkpoint has %d lines, and %d are here: the tail was cut", v.checkpoint.Size, v.report.Size))
	}
	return err
}

// loose looks at lines without a seal: those written since the last one are
// counted, all others were slipped in.
func (v *verifier) loose(ctx context.Context) error {
	for number := range v.lines[sourceRead] {
		v.find(-1, sourceRead, number, "was never sealed")
	}
	if len(v.lines[sourceLedger]) == 0 {
		return nil
	}
	var numbers []int64
	for number := range v.lines[sourceLedger] {
		numbers = append(numbers, number)
	}
	const statement = `
		SELECT c.seq, pg_visible_in_snapshot(c.xid, split_part(coalesce(nullif(t.cursor, ''), $2), '/', 1)::pg_snapshot)
		FROM changes c
		CROSS JOIN audit_tail t
		WHERE c.holder_firm_id = $3 AND c.seq = ANY ($1)`
	rows, err := v.tx.Query(ctx, statement, numbers, beginning, uuid(v.firm.ID()))
	if err != nil {
		return err
	}
	var number int64
	var behind bool
	_, err = pgx.ForEachRow(rows, []any{&number, &behind}, func() error {
		if behind {
			v.find(-1, sourceLedger, number, "was slipped in behind the seal")
		} else {
			v.report.Unsealed++
		}
		return nil
	})
	return err
}

// values holds the values of changes against the hashes in their lines.
func (v *verifier) values(ctx context.Context) error {
	const statement = `
		SELECT x.seq, x.field, x.before, x.after, x.salt, coalesce(c.fields, 0), coalesce(c.hashes, '')
		FROM change_values x
		LEFT JOIN changes c ON c.seq = x.seq AND c.holder_firm_id = x.holder_firm_id
		WHERE x.holder_firm_id = $1`
	rows, err := v.tx.Query(ctx, statement, uuid(v.firm.ID()))
	if err != nil {
		return err
	}
	var seq, fields int64
	var field int16
	var before, after, salt, hashes []byte
	_, err = pgx.ForEachRow(rows, []any{&seq, &field, &before, &after, &salt, &fields, &hashes}, func() error {
		place := 0
		for bit := range int(field) {
			if schema.Mask(fields).Has(bit) {
				place++
			}
		}
		sum := valueHash(salt, before, after)
		if !schema.Mask(fields).Has(int(field)) || len(hashes) < (place+1)*len(sum) || !bytes.Equal(hashes[place*len(sum):(place+1)*len(sum)], sum[:]) {
			v.find(-1, sourceLedger, seq, fmt.Sprintf("its value of field %d is not the one that was written", field))
		}
		return nil
	})
	return err
}

// valueHash is the salted hash of a value and the one before it, over the
// form that JSON and jsonb have in common.
func valueHash(salt []byte, before, after json.RawMessage) [sha256.Size]byte {
	text := append(bytes.Clone(salt), plainJSON(before)...)
	return sha256.Sum256(append(append(text, 0), plainJSON(after)...))
}

// plainJSON writes JSON with its keys sorted, without white space, its texts
// escaped in one way and its numbers without an exponent or needless zeros.
// What cannot be read stays as it is.
func plainJSON(raw json.RawMessage) []byte {
	var value any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&value) != nil {
		return raw
	}
	plain, err := json.Marshal(plainNumbers(value))
	if err != nil {
		return raw
	}
	return plain
}

func plainNumbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		if n, err := decimal.NewFromString(v.String()); err == nil {
			return json.Number(n.String())
		}
	case []any:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plainNumbers(v[k])
		}
	}
	return value
}
