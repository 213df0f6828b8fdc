package partners

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/policy"
	"fondaco/schema"
)

// An inquiry is one transaction in which somebody asks who sees what, and
// why. It reads rows past the visible view, and tells no value of them.
type inquiry struct {
	*writer
	// rows and grants are what was looked up, by record and by agreement and record.
	rows   map[schema.ID]schema.Entity
	grants map[[2]schema.ID]bool
	err    error // of the first look-up that failed: policy asks by functions that have none
}

// Questions are noted under these names when they are denied.
const (
	askedWhy     = "why"
	askedWho     = "who"
	askedWhat    = "what"
	askedPast    = "past"
	askedPreview = "preview"
)

// inquire runs do for the principal of the context. A question that it may not
// ask is noted as commands are that were refused.
func (s *Service) inquire(ctx context.Context, about Command, do func(*inquiry) error) error {
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	var rules *ruleSet
	err = s.transactWith(ctx, p.Firm, readOnly, &rules, func(tx pgx.Tx) error {
		q := &inquiry{
			writer: &writer{service: s, tx: tx, rules: rules, principal: p, now: s.Now()},
			rows:   map[schema.ID]schema.Entity{}, grants: map[[2]schema.ID]bool{},
		}
		return errors.Join(do(q), q.err)
	})
	if schema.Code(err) == schema.CodeDenied {
		s.noteRefusal(&p, about, err)
	}
	return err
}

// administers tells whether the asking person administers its firm.
func (q *inquiry) administers() bool {
	return q.rules.Decide(q.principal, schema.Firms, policy.Administer).Allowed
}

// audits tells whether the asking person may look at how the firm's records
// are kept.
func (q *inquiry) audits() bool { return mayAudit(q.rules, q.principal) }

// subject is whose sight an inquiry is about.
type subject struct {
	rules     *policy.Snapshot
	principal policy.Principal
	lens      lens
	// apart is set for a firm without an active partnership with the asking one: it reaches what is addressed to
	// it and what a partner passes on to it, and nothing else.
	apart bool
}

// member is a person of the asking firm, or a rule of the node for it.
func (q *inquiry) member(p policy.Principal) *subject {
	return &subject{rules: q.rules.Snapshot, principal: p}
}

// employer is the firm of a person: the asking one, or a partner on the node.
func (q *inquiry) employer(ctx context.Context, user schema.Ref[schema.User]) (schema.FirmID, error) {
	const statement = `
		SELECT r.owner_firm_id
		FROM records r
		WHERE r.id = $1 AND r.kind = 'User'
			AND (r.owner_firm_id = $2
				OR r.owner_firm_id IN (SELECT h.firm_id FROM hosted_firms h)
				AND EXISTS (
					SELECT FROM partnerships p
					WHERE p.deleted_at IS NULL AND (p.owner_firm_id, p.addressed_to) IN (($2, r.owner_firm_id), (r.owner_firm_id, $2))))`
	var firm schema.FirmID
	err := q.tx.QueryRow(ctx, statement, uuid(user.ID()), uuid(q.principal.Firm.ID())).Scan((*[16]byte)(&firm))
	if errors.Is(err, pgx.ErrNoRows) {
		return firm, schema.NotFound(schema.Users.Name)
	}
	return firm, err
}

// firm is another firm or a person of it, as far as the asking firm's own rows
// go and what it opened itself. The fence is that of the asking firm when it
// returns.
func (q *inquiry) firm(ctx context.Context, p policy.Principal) (*subject, error) {
	own := q.principal.Firm
	rules, err := loadRules(ctx, q.tx, p.Firm)
	if err != nil {
		return nil, err
	}
	if p.Actor == policy.ActorUser {
		if err := loadRoles(ctx, q.tx, &p); err != nil {
			return nil, err
		}
	} else {
		rules.Overrides = "" // they bind people of that firm one by one
	}
	// With whom else that firm is a partner, and by what agreements, is not to be found out by what is missing here.
	apart := !slices.Contains(rules.Partners, own)
	rules.Partners = slices.DeleteFunc(slices.Clone(rules.Partners), func(f schema.FirmID) bool { return f != own })
	rules.Agreements = slices.DeleteFunc(rules.Agreements, func(a policy.AgreementRules) bool {
		return a.Owner != own && (a.RestsOn == nil || a.RestsOn.Owner != own)
	})
	if rules.Closed, err = q.closed(ctx, p.Firm, rules); err != nil {
		return nil, err
	}
	if err := fence(ctx, q.tx, own); err != nil {
		return nil, err
	}
	snapshot, err := policy.Salvage(rules)
	if err != nil {
		return nil, err
	}
	return &subject{snapshot, p, lens{owner: own}, apart}, nil
}

// closed lists the asking firm's agreements with another one that open
// nothing now, each with the reason.
func (q *inquiry) closed(ctx context.Context, to schema.FirmID, rules policy.Rules) ([]policy.ClosedAgreement, error) {
	all, err := loadOffers(ctx, q.tx, offers, uuid(to.ID()), uuids([]schema.FirmID{q.principal.Firm}))
	if err != nil {
		return nil, err
	}
	var list []policy.ClosedAgreement
	for _, o := range all {
		open := func(r policy.AgreementRules) bool { return r.ID == o.agreement.ID }
		rule, ok := o.rule()
		if !ok || slices.ContainsFunc(rules.Agreements, open) {
			continue
		}
		list = append(list, policy.ClosedAgreement{AgreementRules: rule, Standing: o.standing(&rule, q.now)})
	}
	return list, nil
}

// standing tells where an agreement stands that opens nothing.
func (o *offer) standing(rule *policy.AgreementRules, now time.Time) policy.Standing {
	var answer schema.Answer
	if o.answer() != nil {
		answer = schema.Accepted
	}
	standing := policy.StandingOf(o.agreement.State, answer, !o.partnershipMissing, rule, now)
	if standing == policy.StandsAccepted {
		standing = policy.StandsUnrested // all that is left: what it requires is missing
	}
	return standing
}

// view gives what the subject reaches of a kind.
func (s *subject) view(k *schema.Kind, a policy.Action, now time.Time) policy.View {
	v := s.lens.narrow(s.rules.View(s.principal, k, a, now))
	if s.apart && !k.HasAddress {
		v.Paths = slices.DeleteFunc(slices.Clone(v.Paths), func(p policy.Path) bool { return p.Agreement.IsZero() })
	}
	return v
}

// row gives a record as the asking firm holds it, or as it lies with its
// owner behind the fence; nil for any other, and for one that was deleted.
func (q *inquiry) row(ctx context.Context, r Record) (schema.Entity, error) {
	e, err := loadRow(ctx, q.tx, r.Kind, q.principal.Firm, r.ID, false)
	if err == nil && e == nil {
		e, _, err = q.kept(ctx, r.Kind, r.ID)
	}
	if err != nil || e == nil || !e.Header().DeletedAt.IsZero() {
		return nil, err
	}
	return e, nil
}

// kept gives the row of a record that lies with its owner, nil if it is not
// behind the fence, and the owner, if it is known.
func (q *inquiry) kept(ctx context.Context, k *schema.Kind, id schema.ID) (schema.Entity, schema.FirmID, error) {
	var owner pgtype.UUID
	err := q.tx.QueryRow(ctx, "SELECT r.owner_firm_id FROM records r WHERE r.id = $1 AND r.kind = $2", uuid(id), k.Name).Scan(&owner)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !owner.Valid {
		return nil, schema.FirmID{}, nil
	}
	if err != nil {
		return nil, schema.FirmID{}, err
	}
	e, err := loadRow(ctx, q.tx, k, owner.Bytes, id, false)
	return e, owner.Bytes, err
}

// parents finds, for policy, the row to which a record belongs. What was
// deleted, or does not lie behind the fence, opens nothing but has its owner.
func (q *inquiry) parents(ctx context.Context) func(*schema.Kind, schema.ID) (schema.Entity, bool) {
	return func(k *schema.Kind, id schema.ID) (schema.Entity, bool) {
		e, known := q.rows[id]
		if known {
			return e, e != nil
		}
		row, owner, err := q.kept(ctx, k, id)
		switch {
		case err != nil:
			q.err = errors.Join(q.err, err)
		case row != nil && row.Header().DeletedAt.IsZero():
			e = row
		case !owner.IsZero():
			e = k.New()
			e.Header().ID, e.Header().Owner = id, owner
		}
		q.rows[id] = e
		return e, e != nil
	}
}

// granted tells policy whether a record is granted under an agreement.
func (q *inquiry) granted(ctx context.Context) func(agreement, id schema.ID) bool {
	return func(agreement, id schema.ID) bool {
		key := [2]schema.ID{agreement, id}
		if is, known := q.grants[key]; known {
			return is
		}
		var is bool
		err := q.tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM reach r WHERE r.agreement_id = $1 AND r.record_id = $2)",
			uuid(agreement), uuid(id)).Scan(&is)
		q.err = errors.Join(q.err, err)
		q.grants[key] = is
		return is
	}
}
