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
	v := &verifier{tx: tx, firm: firm, report: &AuditReport{Checkpoint: Checkpoint{Firm: firm}}, checkpoint: checkpoint}
	for _, step := range []func(context.Context) error{v.leaves, v.root, v.loose, v.values} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("verify the audit of firm %s: %w", firm, err)
		}
	}
	return v.report, nil
}

// A verifier goes through the seal page by page, and through what it seals
// with it: it needs as much memory for a long history as for a short one.
type verifier struct {
	tx         pgx.Tx
	firm       schema.FirmID
	report     *AuditReport
	checkpoint *Checkpoint
	seen       tree // over the lines as they are
	sealed     tree // as it was stored
}

func (v *verifier) find(number int64, source int16, line int64, problem string) {
	if len(v.report.Findings) < FindingsLimit {
		v.report.Findings = append(v.report.Findings, AuditFinding{number, sources[source], line, problem})
	}
}

// verifyPage is how many sealed lines are looked at together.
const verifyPage = 1000

// A sealedLine is what the seal stores of a line.
type sealedLine struct {
	Number int64
	Source int16
	Line   int64
	Hashes []byte
}

// leaves holds each sealed line against the line as it is, and the hashes
// stored with it against those before.
func (v *verifier) leaves(ctx context.Context) error {
	const statement = `
		SELECT l.number, l.source, l.line, l.hashes
		FROM audit_leaves l
		WHERE l.firm_id = $1 AND l.number > $2
		ORDER BY l.number
		LIMIT $3`
	for last := int64(-1 << 62); ; {
		rows, err := v.tx.Query(ctx, statement, uuid(v.firm.ID()), last, verifyPage)
		if err != nil {
			return err
		}
		page, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sealedLine])
		if err != nil {
			return err
		}
		if err := v.page(ctx, page); err != nil {
			return err
		}
		if len(page) < verifyPage {
			break
		}
		last = page[len(page)-1].Number
	}
	v.report.Size = v.sealed.size
	return v.twice(ctx)
}

// page looks at some sealed lines, in their order.
func (v *verifier) page(ctx context.Context, page []sealedLine) error {
	are, err := v.lines(ctx, page)
	if err != nil {
		return err
	}
	for _, l := range page {
		if l.Number != v.sealed.size {
			v.find(v.sealed.size, sourceLedger, l.Line, "the seal before this line is missing")
		}
		hashes := splitHashes(l.Hashes)
		if len(hashes) == 0 || l.Source < 0 || int(l.Source) >= len(sources) {
			v.find(v.sealed.size, sourceLedger, l.Line, "the seal of this line cannot be read")
			continue
		}
		is, there := are[l.Source][l.Line]
		if err := v.leaf(l, hashes, is, there); err != nil {
			return err
		}
	}
	return nil
}

// lines hashes the lines of a page as they are, by source and number.
func (v *verifier) lines(ctx context.Context, page []sealedLine) ([len(sources)]map[int64]tlog.Hash, error) {
	var are [len(sources)]map[int64]tlog.Hash
	for source := range are {
		var numbers []int64
		for _, l := range page {
			if int(l.Source) == source {
				numbers = append(numbers, l.Line)
			}
		}
		are[source] = map[int64]tlog.Hash{}
		if len(numbers) == 0 {
			continue
		}
		rows, err := v.tx.Query(ctx, lineStatements[source], uuid(v.firm.ID()), numbers)
		if err != nil {
			return are, err
		}
		for rows.Next() {
			number, text, err := scanLine(int16(source), rows)
			if err != nil {
				rows.Close()
				return are, err
			}
			if _, twice := are[source][number]; twice {
				v.find(-1, int16(source), number, "stands twice")
			}
			are[source][number] = tlog.RecordHash(text)
		}
		if err := rows.Err(); err != nil {
			return are, err
		}
	}
	return are, nil
}

func (v *verifier) leaf(l sealedLine, hashes []tlog.Hash, is tlog.Hash, there bool) error {
	number := v.sealed.size
	switch {
	case !there:
		v.find(number, l.Source, l.Line, "is sealed, and missing")
		is = hashes[0]
	case is != hashes[0]:
		v.find(number, l.Source, l.Line, "is not the line that was sealed")
	}
	want, err := v.sealed.add(hashes[0])
	if err != nil {
		return err
	}
	if !equalHashes(want, hashes) {
		v.find(number, l.Source, l.Line, "the seal does not follow from the seals before it")
		// Those after it are held against what stands, so that one fault is one finding.
		v.sealed.learn(number, append(hashes, want[min(len(hashes), len(want)):]...)[:len(want)])
	}
	if _, err := v.seen.add(is); err != nil {
		return err
	}
	if v.checkpoint != nil && v.seen.size == v.checkpoint.Size {
		return v.compare()
	}
	return nil
}

// twice finds lines that were sealed more than once.
func (v *verifier) twice(ctx context.Context) error {
	const statement = `
		SELECT l.source, l.line
		FROM audit_leaves l
		WHERE l.firm_id = $1
		GROUP BY l.source, l.line
		HAVING count(*) > 1
		LIMIT $2`
	rows, err := v.tx.Query(ctx, statement, uuid(v.firm.ID()), FindingsLimit)
	if err != nil {
		return err
	}
	var source int16
	var line int64
	_, err = pgx.ForEachRow(rows, []any{&source, &line}, func() error {
		v.find(-1, min(max(source, 0), int16(len(sources)-1)), line, "is sealed twice")
		return nil
	})
	return err
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

// loose looks at lines without a seal: those of the ledger that were written
// since the last one are counted, all others were slipped in.
func (v *verifier) loose(ctx context.Context) error {
	for source, statement := range looseStatements {
		rows, err := v.tx.Query(ctx, statement, uuid(v.firm.ID()), beginning)
		if err != nil {
			return err
		}
		var number int64
		var behind bool
		_, err = pgx.ForEachRow(rows, []any{&number, &behind}, func() error {
			switch {
			case source != int(sourceLedger):
				v.find(-1, int16(source), number, "was never sealed")
			case behind:
				v.find(-1, sourceLedger, number, "was slipped in behind the seal")
			default:
				v.report.Unsealed++
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
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
