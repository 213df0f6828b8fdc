package partners

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// Past answers why, who and what, and reads records, as at an instant that has
// gone by: for any person of the asking firm and for any other firm. All of it
// is rebuilt from the ledger: the records, the agreements with their answers,
// partnerships and papers, grants, people, roles, teams, and the firm's own
// rules.
//
// It is for administrators and auditors of a firm, and rules of the node, and
// it tells of the firm's own records alone. What other firms showed to it is in
// no history here: of a copy no values are kept beside it, so that it can be
// taken back whole.
//
// As at an instant means: what was written until then by the clock of this
// node, the instant itself included. A change that took its time before the
// instant and was committed after it counts, though nobody could see it then.
// Days begin and end in the time zone that the firm had. The rules that ship
// with the program are those of the running version, which a later version
// may have made narrower or wider; what a firm wrote itself is that of the time.
//
// Of another firm is told what somebody or other of its people may have seen
// by what the asking firm opened: which people of it had which role is that
// firm's own to know. Copies that had gone to its node before are not looked
// at; they are in the audit of reads, and in what federation sent.
//
// Nobody learns more by it than by asking at the time, and today: a value is
// given if the viewer saw it then, and if the asking person may read the record
// and the field now, both as the record is and as it was.
//
// What was erased stays erased. A field that the viewer saw and whose value is
// gone is told as erased. Where an erased value decided whether a record was
// seen, that is told as uncertain, and nothing of the record is shown by that
// way. Where one is missing on which all of the answer rests, such as the terms
// of an agreement, Gaps says so.
type Past struct {
	service *Service
	at      time.Time
}

// At gives the questions as at an instant. One that lies ahead is answered as
// things stand.
func (s *Service) At(at time.Time) *Past {
	at = at.UTC().Truncate(time.Microsecond)
	if now := s.Now(); at.After(now) {
		at = now
	}
	return &Past{s, at}
}

// PastLimit is how many records a question of a whole kind looks at before it
// ends its page: most of them may not have been seen.
const PastLimit = 5000

// PastAnswer is what all answers about the past have in common.
type PastAnswer struct {
	At time.Time
	// Gaps tells, in sentences, what was erased on which the answer rests.
	Gaps []string
}

// PastExplanation answers why.
type PastExplanation struct {
	PastAnswer
	policy.Explanation
	// Uncertain tells that a value of the record was erased that decided by which paths it was reached.
	Uncertain bool
}

// PastSeers answers who: those who saw a record, in the order of their ids.
type PastSeers struct {
	PastAnswer
	Seers
	// Uncertain are those who may have seen the record, or more fields of it, by a value that was erased.
	Uncertain []Viewer
}

// PastSighting is a record that was seen.
type PastSighting struct {
	Sighting
	// Erased has the fields that were seen and whose values are gone.
	Erased schema.Mask
	// Uncertain tells that the record, or more fields of it, may have been seen by a value that was erased.
	Uncertain bool
}

// PastSightings answers what: a page, in the order of ids.
type PastSightings struct {
	PastAnswer
	List []PastSighting
	// HasNext tells that there may be more behind Through, from where the next page goes on.
	HasNext bool
	Through schema.ID
}

// PastRecord is a record as it was seen, with its values.
type PastRecord struct {
	PastSighting
	// Version and UpdatedAt are what the viewer was told of the record, by the fields that it saw.
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
	// Withheld has the fields that were seen, and that the asking person may not read now.
	Withheld schema.Mask
	// Fields are schema.EncodeFields of what was seen, without what was erased or is withheld.
	Fields json.RawMessage
}

// PastRecords is a page of records as they were seen, in the order of ids.
type PastRecords struct {
	PastAnswer
	List    []PastRecord
	HasNext bool
	Through schema.ID
}

// Why tells by which reasons somebody could do something with a record, or
// with a field of it. Administrators get all reasons, those too that did not
// hold; auditors those that held. Of a record that was not there, or is not
// the firm's own, there is no reason.
func (p *Past) Why(ctx context.Context, record Record, field *schema.Field, action policy.Action, viewer Viewer) (*PastExplanation, error) {
	if field != nil && field.Kind != record.Kind {
		return nil, invalid("field", "there is no such field of a %s", record.Kind)
	}
	found := &PastExplanation{}
	return answered(found, p.inquire(ctx, Command{Verb: askedPast, Kind: record.Kind, ID: record.ID}, func(q *past) error {
		*found = PastExplanation{PastAnswer: q.answer()}
		who, err := q.viewer(ctx, viewer)
		if err != nil {
			return err
		}
		if who.principal.Firm != q.principal.Firm && who.principal.Actor == policy.ActorUser {
			return reasonsAreTheirs()
		}
		r, err := q.row(ctx, record)
		if err != nil || r == nil {
			return err
		}
		found.Explanation = who.explain(policy.Question{
			Record: r.entity, Field: field, Action: action, Now: q.at, Parents: q.parents(ctx), Granted: q.granted(ctx),
		})
		if !q.administers() {
			q.withhold(&found.Explanation)
		}
		found.Uncertain = q.sight(ctx, who.view(record.Kind, action, q.at), r).uncertain
		found.Gaps = q.gaps
		return nil
	}))
}

// Who lists who saw a record: people of the firm, and other firms.
func (p *Past) Who(ctx context.Context, record Record, span Span) (*PastSeers, error) {
	if err := span.check(); err != nil {
		return nil, err
	}
	found := &PastSeers{}
	return answered(found, p.inquire(ctx, Command{Verb: askedPast, Kind: record.Kind, ID: record.ID}, func(q *past) error {
		*found = PastSeers{PastAnswer: q.answer()}
		r, err := q.row(ctx, record)
		if err != nil || r == nil {
			return err
		}
		list, err := q.candidates(ctx, r)
		if err != nil {
			return err
		}
		err = q.who(ctx, r, list, span, found)
		found.Gaps = q.gaps
		return err
	}))
}

// What lists the records of a kind that somebody saw.
func (p *Past) What(ctx context.Context, viewer Viewer, kind *schema.Kind, span Span) (*PastSightings, error) {
	found := &PastSightings{}
	return answered(found, p.walk(ctx, viewer, kind, span, func(q *past, page *pastPage) error {
		*found = PastSightings{PastAnswer: q.answer(), HasNext: page.hasNext, Through: page.through}
		for _, s := range page.list {
			found.List = append(found.List, s.PastSighting)
		}
		return nil
	}))
}

// Read gives a page of the records of a kind as somebody saw them.
func (p *Past) Read(ctx context.Context, viewer Viewer, kind *schema.Kind, span Span) (*PastRecords, error) {
	found := &PastRecords{}
	return answered(found, p.walk(ctx, viewer, kind, span, func(q *past, page *pastPage) error { return q.read(ctx, page, found) }))
}

// Record gives one record as somebody saw it, as the only one of a page; not
// found if it was not seen, or is not the firm's own.
func (p *Past) Record(ctx context.Context, viewer Viewer, record Record) (*PastRecords, error) {
	found := &PastRecords{}
	return answered(found, p.inquire(ctx, Command{Verb: askedPast, Kind: record.Kind, ID: record.ID}, func(q *past) error {
		who, err := q.viewer(ctx, viewer)
		if err != nil {
			return err
		}
		r, err := q.row(ctx, record)
		if err != nil {
			return err
		}
		page := &pastPage{who: who, kind: record.Kind}
		if q.judge(ctx, page, r); len(page.list) == 0 {
			return schema.NotFound(record.Kind.Name)
		}
		return q.read(ctx, page, found)
	}))
}

func answered[T any](found *T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return found, nil
}

// A past is an inquiry as at an instant.
type past struct {
	*inquiry
	at    time.Time
	rows  map[schema.ID]*pastRow // parents that were looked up
	given map[[2]schema.ID]bool  // grants that were looked up
	crew  *staff
	own   *policy.Snapshot
	gaps  []string
}

func (q *past) answer() PastAnswer { return PastAnswer{q.at, q.gaps} }

func (p *Past) inquire(ctx context.Context, about Command, do func(*past) error) error {
	return p.service.inquire(ctx, about, func(q *inquiry) error {
		if !q.audits() {
			return notAuditor()
		}
		// Answers and partnerships of firms on this node stand in their own lines of the ledger.
		if err := fenceHosted(ctx, q.tx); err != nil {
			return err
		}
		one := &past{inquiry: q, at: p.at, rows: map[schema.ID]*pastRow{}, given: map[[2]schema.ID]bool{}}
		return do(one)
	})
}

// row rebuilds a record of the asking firm, nil if it was not there.
func (q *past) row(ctx context.Context, record Record) (*pastRow, error) {
	found, err := pastRows(ctx, q.tx, record.Kind, []schema.ID{record.ID}, q.at)
	if r := found[record.ID]; err == nil && r.there() && r.entity.Header().Holder == q.principal.Firm && r.entity.Header().Own() {
		return r, nil
	}
	return nil, err
}

// viewer finds whose sight is asked for, as it was.
func (q *past) viewer(ctx context.Context, v Viewer) (*subject, error) {
	switch {
	case v.User.IsZero() == v.Firm.IsZero():
		return nil, invalid("viewer", "name a person, or another firm than yours")
	case v.Firm == q.principal.Firm:
		return nil, invalid("viewer", "name another firm than your own, or a person of yours")
	case !v.Firm.IsZero():
		return q.otherFirm(ctx, policy.System(v.Firm), "")
	}
	firm, err := q.employer(ctx, v.User)
	if err != nil {
		return nil, err
	}
	if firm != q.principal.Firm {
		return q.otherPerson(ctx, firm, v.User)
	}
	if err := q.learn(ctx); err != nil {
		return nil, err
	}
	p, ok := q.crew.principal(v.User)
	if !ok {
		return nil, schema.NotFound(schema.Users.Name)
	}
	return &subject{rules: q.own, principal: p}, nil
}

// learn rebuilds the firm's people and own rules, once.
func (q *past) learn(ctx context.Context) (err error) {
	if q.crew != nil {
		return nil
	}
	if q.own, err = q.ownRules(ctx); err == nil {
		q.crew, err = q.staff(ctx, q.principal.Firm)
	}
	return err
}

// otherPerson is a person of another firm on the node as it was.
func (q *past) otherPerson(ctx context.Context, firm schema.FirmID, user schema.Ref[schema.User]) (*subject, error) {
	gaps := q.gaps
	crew, err := q.staff(ctx, firm)
	if err != nil {
		return nil, err
	}
	overrides, err := q.overrides(ctx, firm)
	if err != nil {
		return nil, err
	}
	if len(q.gaps) > len(gaps) { // what exactly is for that firm to know
		q.gaps = append(gaps, fmt.Sprintf("values of people, teams or rules of firm %s were erased: what rests on them cannot be told", firm))
	}
	p, ok := crew.principal(user)
	if !ok {
		return nil, schema.NotFound(schema.Users.Name)
	}
	return q.otherFirm(ctx, p, overrides)
}

// otherFirm is another firm as it was, or a person of it under that firm's own
// rules, as far as the asking firm's records go.
func (q *past) otherFirm(ctx context.Context, p policy.Principal, overrides string) (*subject, error) {
	rules, err := q.rulesFor(ctx, p.Firm)
	if err != nil {
		return nil, err
	}
	rules.Overrides = overrides
	snapshot, err := policy.Salvage(rules)
	if err != nil {
		return nil, err
	}
	own := q.principal.Firm
	return &subject{snapshot, p, lens{owner: own}, !slices.Contains(rules.Partners, own)}, nil
}

// parents finds, for policy, the row to which a record belonged.
func (q *past) parents(ctx context.Context) func(*schema.Kind, schema.ID) (schema.Entity, bool) {
	return func(k *schema.Kind, id schema.ID) (schema.Entity, bool) {
		r := q.parent(ctx, k, id)
		if r == nil {
			return nil, false
		}
		return r.entity, true
	}
}

// parent rebuilds a row to which others belonged. What was deleted, or is not
// the asking firm's own, opens nothing but has its owner.
func (q *past) parent(ctx context.Context, k *schema.Kind, id schema.ID) *pastRow {
	if r, known := q.rows[id]; known {
		return r
	}
	var r *pastRow
	found, err := pastRows(ctx, q.tx, k, []schema.ID{id}, q.at)
	if row := found[id]; row.there() && row.entity.Header().Own() && row.entity.Header().Owner == q.principal.Firm {
		r = row
	} else if err == nil {
		r, err = q.registered(ctx, k, id)
	}
	q.err = errors.Join(q.err, err)
	q.rows[id] = r
	return r
}

// registered gives a row that has nothing but its id and its owner.
func (q *past) registered(ctx context.Context, k *schema.Kind, id schema.ID) (*pastRow, error) {
	e := k.New()
	e.Header().ID = id
	err := q.tx.QueryRow(ctx, "SELECT r.owner_firm_id FROM records r WHERE r.id = $1 AND r.kind = $2 AND r.owner_firm_id IS NOT NULL", uuid(id), k.Name).
		Scan((*[16]byte)(&e.Header().Owner))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &pastRow{entity: e}, err
}

// granted tells policy whether a record was granted under an agreement.
func (q *past) granted(ctx context.Context) func(agreement, id schema.ID) bool {
	// What a grant is about is frozen, and its row stays when it is taken back.
	const statement = `
		SELECT EXISTS (
			SELECT FROM grants g
			WHERE g.holder_firm_id = $1 AND g.owner_firm_id = $1 AND g.sharing_agreement = $2 AND g.record_id = $3
				AND g.created_at <= $4 AND (g.deleted_at IS NULL OR g.deleted_at > $4))`
	return func(agreement, id schema.ID) bool {
		key := [2]schema.ID{agreement, id}
		if is, known := q.given[key]; known {
			return is
		}
		var is bool
		err := q.tx.QueryRow(ctx, statement, uuid(q.principal.Firm.ID()), uuid(agreement), id.String(), q.at).Scan(&is)
		q.err = errors.Join(q.err, err)
		q.given[key] = is
		return is
	}
}
