package partners

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/policy"
	"fondaco/schema"
)

// Where a sealed line stands.
const (
	sourceLedger int16 = iota
	sourceRead
	sourceDenial
)

// sources names them.
var sources = [...]string{"ledger", "reads", "denials"}

// lineStatements read lines of the firm $1 by their numbers $2; looseStatements
// the numbers of those that no leaf of the firm names, and of the ledger whether
// they lie behind the seal, which begins at $2.
var (
	lineStatements = [len(sources)]string{
		"SELECT " + ledgerColumns + " FROM changes c WHERE c.holder_firm_id = $1 AND c.seq = ANY ($2)",
		"SELECT " + readColumns + " FROM audit_reads r WHERE r.owner_firm_id = $1 AND r.number = ANY ($2)",
		"SELECT " + denialColumns + " FROM audit_denials d WHERE d.owner_firm_id = $1 AND d.number = ANY ($2)",
	}
	looseStatements = [len(sources)]string{
		loose(`SELECT c.seq AS line, pg_visible_in_snapshot(c.xid, split_part(coalesce(nullif(t.cursor, ''), $2), '/', 1)::pg_snapshot) AS behind
			FROM changes c
			CROSS JOIN audit_tail t
			WHERE c.holder_firm_id = $1`, sourceLedger),
		loose("SELECT r.number AS line, $2::text IS NOT NULL AS behind FROM audit_reads r WHERE r.owner_firm_id = $1", sourceRead),
		loose("SELECT d.number AS line, $2::text IS NOT NULL AS behind FROM audit_denials d WHERE d.owner_firm_id = $1", sourceDenial),
	}
)

// loose prints the statement for lines without a leaf. It sorts both together:
// of an anti-join PostgreSQL makes a loop within a loop when it believes that
// there are few lines.
func loose(lines string, source int16) string {
	return fmt.Sprintf(`
		SELECT u.line, bool_or(u.behind)
		FROM (
			SELECT x.line, x.behind, false AS sealed
			FROM (%s) x
			UNION ALL
			SELECT l.line, false, true
			FROM audit_leaves l
			WHERE l.firm_id = $1 AND l.source = %d
		) u
		GROUP BY u.line
		HAVING NOT bool_or(u.sealed)`, lines, source)
}

// scanLine reads a line of a source: its number, and what the seal is put on.
func scanLine(source int16, row pgx.CollectableRow) (number int64, text []byte, err error) {
	switch source {
	case sourceRead:
		r, err := scanRead(row)
		return r.Number, r.line(), err
	case sourceDenial:
		d, err := scanDenial(row)
		return d.Number, d.line(), err
	}
	l, err := scanLedgerLine(row)
	return l.Seq, l.line(), err
}

// A leaf is a line to be sealed, for the firm that holds the record, or whose
// records were read.
type leaf struct {
	firm   schema.FirmID
	source int16
	line   int64 // its number there
	at     time.Time
	data   []byte
}

// ledgerLine is a line of the ledger with all its columns.
type ledgerLine struct {
	schema.Change
	xid    string
	kind   string
	hashes []byte
}

// ledgerColumns are those of ledgerLine, of changes c.
const ledgerColumns = `c.seq, c.xid::text, c.at, c.holder_firm_id, c.owner_firm_id, c.kind, c.id, c.version, c.op, c.fields,
	c.actor, c.actor_firm_id, c.via, c.cause, c.hashes`

func (l *ledgerLine) targets(actor *pgtype.UUID, fields *int64) []any {
	return []any{
		&l.Seq, &l.xid, &l.At, (*[16]byte)(&l.Holder), (*[16]byte)(&l.Owner), &l.kind, (*[16]byte)(&l.ID), &l.Version, &l.Op, fields,
		actor, (*[16]byte)(&l.Firm), &l.Via, &l.Cause, &l.hashes,
	}
}

func scanLedgerLine(row pgx.CollectableRow) (l ledgerLine, err error) {
	var actor pgtype.UUID
	var fields int64
	err = row.Scan(l.targets(&actor, &fields)...)
	l.Actor, l.Fields = schema.Ref[schema.User](actor.Bytes), schema.Mask(fields)
	return l, err
}

// line is what the seal is put on: a text that says all that the line says,
// so that each of its characters counts.
func (l *ledgerLine) line() []byte {
	return fmt.Appendf(nil, "change %d %s %d %s %s %q %s %d %q %d %s %s %q %q %x", l.Seq, l.xid, l.At.UnixMicro(), l.Holder, l.Owner,
		l.kind, l.ID, l.Version, l.Op, uint64(l.Fields), l.Actor, l.Firm, l.Via, l.Cause, l.hashes)
}

func (l *ledgerLine) leaf() leaf {
	return leaf{firm: l.Holder, source: sourceLedger, line: l.Seq, at: l.At, data: l.line()}
}

// readColumns are those of an AuditedRead, of audit_reads r.
const readColumns = `r.number, r.at, r.owner_firm_id, r.reader_firm_id, r.actor, r.actor_kind, r.via, r.cause, r.kind, r.action, r.fields,
	r.agreements, r.epoch, r.ids`

func scanRead(row pgx.CollectableRow) (r AuditedRead, err error) {
	var actor pgtype.UUID
	var kind, actorKind, action string
	var fields int64
	var agreements, records [][16]byte
	err = row.Scan(&r.Number, &r.At, (*[16]byte)(&r.Owner), (*[16]byte)(&r.Reader), &actor, &actorKind, &r.Via, &r.Cause, &kind, &action,
		&fields, &agreements, &r.Epoch, &records)
	r.Actor, r.ActorKind, r.Action, r.Kind = schema.Ref[schema.User](actor.Bytes), policy.ActorKind(actorKind), policy.Action(action), schema.KindNamed(kind)
	r.At, r.Fields, r.Agreements, r.IDs = r.At.UTC(), schema.Mask(fields), ids(agreements), ids(records)
	return r, err
}

// line is what the seal is put on.
func (r *AuditedRead) line() []byte {
	return fmt.Appendf(nil, "read %d %d %s %s %s %q %q %q %q %q %d %s %d %s", r.Number, r.At.UnixMicro(), r.Owner, r.Reader, r.Actor,
		r.ActorKind, r.Via, r.Cause, r.Kind, r.Action, uint64(r.Fields), r.Agreements, r.Epoch, r.IDs)
}
