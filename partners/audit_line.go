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
)

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
