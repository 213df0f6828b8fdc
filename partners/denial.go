package partners

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/policy"
	"fondaco/schema"
)

// DenialWindow is how much of what was refused a process that dies may not
// have written down: all that one person was refused of one sort within it is
// one line.
const DenialWindow = time.Minute

// The bounds of what somebody can cause by asking for what it may not have:
// lines a window for each firm that asks, ids in a line, and what is kept until
// then.
const (
	denialLines   = 20
	denialIDs     = 20
	denialPending = 1000
)

// Denial is what somebody was refused, once or more often: a command, or
// records of another firm that were asked for by their ids.
type Denial struct {
	Number    int64
	First, At time.Time     // of the first and the last of them
	Owner     schema.FirmID // whose records; the firm of who was refused, where none is known or many were summed up
	Reader    schema.FirmID // the firm of who was refused
	Actor     schema.Ref[schema.User]
	ActorKind policy.ActorKind
	Via       string
	Cause     string       // of the last
	Kind      *schema.Kind // nil where many were summed up
	Action    string       // read, or the verb of the command
	Code      schema.ErrorCode
	Times     int64
	IDs       []schema.ID // some of them
}

// denialKey is what one line is about.
type denialKey struct {
	reader    schema.FirmID
	actor     schema.Ref[schema.User]
	actorKind policy.ActorKind
	via       string
	kind      *schema.Kind
	action    string
	code      schema.ErrorCode
}

// denials gathers what was refused until it is noted.
type denials struct {
	mu   sync.Mutex
	all  map[denialKey]*Denial
	last time.Time // when they were noted last
}

// add counts a refusal. Nothing is looked up here: an answer must not take
// longer for an id that is somebody else's than for one that does not exist.
func (d *denials) add(p *policy.Principal, now time.Time, kind *schema.Kind, action string, code schema.ErrorCode, ids ...schema.ID) {
	key := denialKey{p.Firm, p.User, p.Actor, p.Via, kind, action, code}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all == nil {
		d.all = map[denialKey]*Denial{}
	}
	one := d.all[key]
	if one == nil && len(d.all) >= denialPending {
		key = denialKey{reader: p.Firm, code: code} // its firm asks for too much: the rest is summed up
		one = d.all[key]
	}
	if one == nil {
		one = &Denial{First: now, Reader: key.reader, Actor: key.actor, ActorKind: key.actorKind, Via: key.via, Kind: key.kind, Action: key.action, Code: code}
		d.all[key] = one
	}
	one.At, one.Cause, one.Times = now, p.Cause, one.Times+int64(max(len(ids), 1))
	if key.kind == nil {
		return
	}
	for _, id := range ids {
		if len(one.IDs) < denialIDs && !id.IsZero() && !slices.Contains(one.IDs, id) {
			one.IDs = append(one.IDs, id)
		}
	}
}

// take gives what was gathered, if it is due or is asked for.
func (d *denials) take(now time.Time, due bool) map[denialKey]*Denial {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.all) == 0 || !due && now.Sub(d.last) < DenialWindow {
		return nil
	}
	all := d.all
	d.all, d.last = nil, now
	return all
}

// putBack keeps what could not be noted for the next time.
func (d *denials) putBack(all map[denialKey]*Denial) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key, since := range d.all {
		if one := all[key]; one != nil {
			one.At, one.Cause, one.Times = since.At, since.Cause, one.Times+since.Times
		} else {
			all[key] = since
		}
	}
	d.all = all
}

// noteRefusal notes that a command failed because it was denied, or because its
// record is out of sight, which is no different to who asks.
func (s *Service) noteRefusal(p *policy.Principal, c Command, err error) {
	if p.Actor == policy.ActorSystem {
		return // a rule of the node asks for nothing on its own
	}
	code := schema.Code(err)
	if all, ok := errors.AsType[schema.Errors](err); ok {
		for _, e := range all {
			if e.Code == schema.CodeDenied {
				code = e.Code
			}
		}
	}
	if code == schema.CodeDenied || code == schema.CodeNotFound {
		s.denials.add(p, s.Now(), c.Kind, c.Verb, code, c.ID)
	}
}

// turnedAway notes what another firm's node sent and may not: records of a
// third firm, or the withdrawal of some.
func (s *Service) turnedAway(in Incoming, applied Applied) {
	sender := policy.Node(in.From)
	sender.Cause = in.Cause
	for _, r := range applied.Refused {
		if schema.Code(r.Err) != schema.CodeDenied {
			continue
		}
		c := Command{Verb: "put"}
		if r.Place < len(in.Puts) {
			c.Kind, c.ID = in.Puts[r.Place].Kind, in.Puts[r.Place].ID
		} else {
			again := in.Redactions[r.Place-len(in.Puts)]
			c.Verb, c.Kind, c.ID = "redact", again.Kind, again.ID
		}
		s.noteRefusal(&sender, c, r.Err)
	}
}

// missing notes records that were asked for by their ids and not given. Of
// some a filter may be the reason.
func (s *Service) missing(p *policy.Principal, now time.Time, plan *Plan, page *Page) {
	if plan.IDs == nil || len(page.Rows) >= len(plan.IDs) || plan.Where != nil || plan.Search != "" ||
		p.Actor == policy.ActorSystem || p.Actor == policy.ActorNode {
		return
	}
	given := make(map[schema.ID]bool, len(page.Rows))
	for i := range page.Rows {
		given[page.Rows[i].ID] = true
	}
	lacking := slices.DeleteFunc(slices.Clone(plan.IDs), func(id schema.ID) bool { return given[id] })
	if len(lacking) > 0 {
		s.denials.add(p, now, plan.Kind, string(policy.Read), schema.CodeNotFound, lacking...)
	}
}

// noteDenials writes down and seals what was refused, if it is due or is
// asked for.
func (s *Service) noteDenials(ctx context.Context, due bool) error {
	all := s.denials.take(s.Now(), due)
	if len(all) == 0 {
		return nil
	}
	err := s.transact(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if _, _, err := lockSeal(ctx, tx); err != nil {
			return err
		}
		lines, err := byOwner(ctx, tx, all)
		if err != nil {
			return err
		}
		return writeDenials(ctx, tx, bounded(lines))
	})
	if err != nil {
		s.denials.putBack(all)
		return fmt.Errorf("note %d denials: %w", len(all), err)
	}
	return nil
}

// byOwner parts what was refused by the firms whose records were meant. Reads
// of ids that are the reader's own are none across firms.
func byOwner(ctx context.Context, tx pgx.Tx, all map[denialKey]*Denial) ([]Denial, error) {
	var wanted []schema.ID
	for _, d := range all {
		wanted = append(wanted, d.IDs...)
	}
	rows, err := tx.Query(ctx, "SELECT r.id, r.owner_firm_id FROM records r WHERE r.id = ANY ($1) AND r.owner_firm_id IS NOT NULL", uuids(wanted))
	if err != nil {
		return nil, err
	}
	owners := map[schema.ID]schema.FirmID{}
	var id schema.ID
	var owner schema.FirmID
	if _, err := pgx.ForEachRow(rows, []any{(*[16]byte)(&id), (*[16]byte)(&owner)}, func() error {
		owners[id] = owner
		return nil
	}); err != nil {
		return nil, err
	}
	var lines []Denial
	for _, d := range all {
		lines = append(lines, d.byOwner(owners)...)
	}
	return lines, nil
}

func (d *Denial) byOwner(owners map[schema.ID]schema.FirmID) []Denial {
	parts := map[schema.FirmID]*Denial{}
	var order []schema.FirmID
	own := int64(0) // reads of the reader's own records, which are no matter of this audit
	for _, id := range d.IDs {
		owner, known := owners[id]
		if !known {
			owner = d.Reader
		} else if owner == d.Reader && d.Action == string(policy.Read) {
			own++
			continue
		}
		if parts[owner] == nil {
			one := *d
			one.Owner, one.IDs, one.Times = owner, nil, 0
			parts[owner], order = &one, append(order, owner)
		}
		parts[owner].IDs, parts[owner].Times = append(parts[owner].IDs, id), parts[owner].Times+1
	}
	var lines []Denial
	for _, owner := range order {
		lines = append(lines, *parts[owner])
	}
	// What is known of by its number alone is told to the first firm that is concerned, or to the reader's own.
	rest := d.Times - int64(len(d.IDs))
	switch {
	case len(lines) > 0:
		lines[0].Times += rest
	case own == 0:
		one := *d
		one.Owner = d.Reader
		return []Denial{one}
	}
	return lines
}

// bounded leaves a number of lines for each firm that was refused something,
// those of which there is most, and sums up the rest.
func bounded(lines []Denial) []Denial {
	slices.SortStableFunc(lines, func(a, b Denial) int { return int(b.Times - a.Times) })
	count, rest := map[schema.FirmID]int{}, map[schema.FirmID]*Denial{}
	kept := lines[:0:0]
	for _, d := range lines {
		if count[d.Reader]++; count[d.Reader] <= denialLines {
			kept = append(kept, d)
			continue
		}
		sum := rest[d.Reader]
		if sum == nil {
			sum = &Denial{First: d.First, At: d.At, Owner: d.Reader, Reader: d.Reader, Code: d.Code}
			rest[d.Reader] = sum
		}
		sum.Times += d.Times
		if d.First.Before(sum.First) {
			sum.First = d.First
		}
		if d.At.After(sum.At) {
			sum.At = d.At
		}
	}
	for _, sum := range rest {
		kept = append(kept, *sum)
	}
	return kept
}

func writeDenials(ctx context.Context, tx pgx.Tx, lines []Denial) error {
	const statement = `
		INSERT INTO audit_denials (first_at, at, owner_firm_id, reader_firm_id, actor, actor_kind, via, cause, kind, action, code, times, ids)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		RETURNING number`
	batch := &pgx.Batch{}
	leaves := make([]leaf, len(lines))
	for i := range lines {
		d := &lines[i]
		batch.Queue(statement, d.First, d.At, uuid(d.Owner.ID()), uuid(d.Reader.ID()), uuid(d.Actor.ID()), string(d.ActorKind), d.Via, d.Cause,
			d.kindName(), d.Action, string(d.Code), d.Times, uuids(d.IDs)).QueryRow(func(row pgx.Row) error {
			err := row.Scan(&d.Number)
			leaves[i] = leaf{firm: d.Owner, source: sourceDenial, line: d.Number, at: d.At, data: d.line()}
			return err
		})
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	return seal(ctx, tx, leaves)
}

func (d *Denial) kindName() string {
	if d.Kind == nil {
		return ""
	}
	return d.Kind.Name
}

// denialColumns are those of a Denial, of audit_denials d.
const denialColumns = `d.number, d.first_at, d.at, d.owner_firm_id, d.reader_firm_id, d.actor, d.actor_kind, d.via, d.cause, d.kind, d.action,
	d.code, d.times, d.ids`

func scanDenial(row pgx.CollectableRow) (d Denial, err error) {
	var actor pgtype.UUID
	var kind, actorKind, code string
	var records [][16]byte
	err = row.Scan(&d.Number, &d.First, &d.At, (*[16]byte)(&d.Owner), (*[16]byte)(&d.Reader), &actor, &actorKind, &d.Via, &d.Cause, &kind, &d.Action,
		&code, &d.Times, &records)
	d.Actor, d.ActorKind, d.Kind, d.Code = schema.Ref[schema.User](actor.Bytes), policy.ActorKind(actorKind), schema.KindNamed(kind), schema.ErrorCode(code)
	d.First, d.At, d.IDs = d.First.UTC(), d.At.UTC(), ids(records)
	return d, err
}

// line is what the seal is put on.
func (d *Denial) line() []byte {
	return fmt.Appendf(nil, "denial %d %d %d %s %s %s %q %q %q %q %q %q %d %s", d.Number, d.First.UnixMicro(), d.At.UnixMicro(), d.Owner, d.Reader, d.Actor,
		d.ActorKind, d.Via, d.Cause, d.kindName(), d.Action, d.Code, d.Times, d.IDs)
}

// Denials lists, the latest first, what was refused that concerns the
// principal's firm: to its own people, and to other firms of its records. A
// process notes it every DenialWindow. before, if above 0, is the number behind
// which the list begins. It is for administrators and auditors of the firm, and
// rules of the node.
func (s *Service) Denials(ctx context.Context, before int64, most int) ([]Denial, error) {
	var list []Denial
	err := s.audit(ctx, func(tx pgx.Tx, firm schema.FirmID) error {
		const statement = `
			SELECT ` + denialColumns + `
			FROM audit_denials d
			WHERE d.owner_firm_id = $1 AND ($2::bigint = 0 OR d.number < $2)
			ORDER BY d.number DESC
			LIMIT $3`
		rows, err := tx.Query(ctx, statement, uuid(firm.ID()), before, min(most, PageLimit))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanDenial)
		return err
	})
	return list, err
}
