package partners

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// ProtectionWindow is how long an approved deal is protected for its partner,
// unless the vendor says otherwise when it approves.
const ProtectionWindow = 90 * 24 * time.Hour

func beforeDeal(_ context.Context, w *writer, c Command, _, e schema.Entity) error {
	d := e.(*schema.DealRegistration)
	if d.AddressedTo == w.principal.Firm {
		return invalid("addressedTo", "a deal is registered with another firm; name the vendor")
	}
	if c.Verb == "submit" {
		d.SentAt = w.now
	}
	return nil
}

// afterDeal lets a submitted registration reach a vendor that lives on this
// node too.
func afterDeal(ctx context.Context, w *writer, c Command, _, e schema.Entity) error {
	d := e.(*schema.DealRegistration)
	if c.Verb != "submit" {
		return nil
	}
	here, err := w.hosted(ctx, d.AddressedTo)
	if err != nil || !here {
		return err
	}
	return w.receiveDeal(ctx, d)
}

func arrivedDeal(ctx context.Context, w *writer, e schema.Entity) error {
	d := e.(*schema.DealRegistration)
	if d.State != schema.DealSubmitted || d.AddressedTo != d.Holder {
		return nil
	}
	return w.receiveDeal(ctx, d)
}

// receiveDeal makes the vendor's decision on a registration that has reached
// it: under review, with what stands in its way. The vendor's clock and
// ledger say who came first.
func (w *writer) receiveDeal(ctx context.Context, d *schema.DealRegistration) error {
	vendor, back, err := w.as(ctx, d.AddressedTo)
	if err != nil {
		return err
	}
	var known bool
	const decided = "SELECT EXISTS (SELECT FROM deal_decisions x WHERE x.deal_registration = $1 AND x.holder_firm_id = $2)"
	if err := w.tx.QueryRow(ctx, decided, uuid(d.ID), uuid(d.AddressedTo.ID())).Scan(&known); err != nil {
		return err
	}
	if !known {
		if err := vendor.review(ctx, d); err != nil {
			return err
		}
	}
	return back()
}

func (w *writer) review(ctx context.Context, d *schema.DealRegistration) error {
	// Two registrations at once must each see the other, or both would be free of conflict.
	if _, err := w.tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('deals ' || $1, 0))", w.principal.Firm.String()); err != nil {
		return err
	}
	found, err := w.conflicts(ctx, d)
	if err != nil {
		return err
	}
	values := Values{
		"dealRegistration": d.ID, "addressedTo": d.Owner.ID(), "sentAt": w.now, "receivedAt": w.now,
		"conflict": found.registrations != nil, "conflictReport": found.report(),
	}
	if found.registrations != nil {
		values["conflictingRegistrations"] = found.registrations
	}
	if found.customers != nil {
		values["matchingCustomers"] = found.customers
	}
	_, err = w.create(ctx, Command{Verb: Create, Kind: schema.DealDecisions, Values: values})
	return err
}

// beforeDecision sets the window of protection when a vendor approves or
// extends, and refuses a second protection for the same deal.
func beforeDecision(ctx context.Context, w *writer, c Command, old, e schema.Entity) error {
	d := e.(*schema.DealDecision)
	switch c.Verb {
	case "approve":
		d.ProtectionStartsAt, d.ProtectionEndsAt = w.now, w.now.Add(ProtectionWindow)
		return w.checkProtection(ctx, d)
	case "extend":
		d.ProtectionEndsAt = old.(*schema.DealDecision).ProtectionEndsAt.Add(ProtectionWindow)
	case "expire":
		if w.now.Before(d.ProtectionEndsAt) {
			return &schema.Error{Code: schema.CodeConflict, Field: "protectionEndsAt", Message: "the protection has not run out yet"}
		}
	}
	return nil
}

// checkProtection refuses to protect a deal while a conflicting registration
// is protected.
func (w *writer) checkProtection(ctx context.Context, d *schema.DealDecision) error {
	const statement = `
		SELECT count(*)
		FROM deal_decisions x
		WHERE x.holder_firm_id = $1
			AND x.review_status = 'APPROVED'
			AND x.protection_ends_at > $2
			AND x.deleted_at IS NULL
			AND x.id <> $3
			AND (x.deal_registration = ANY ($4) OR $5 = ANY (x.conflicting_registrations))`
	var protected int
	err := w.tx.QueryRow(ctx, statement, uuid(w.principal.Firm.ID()), w.now, uuid(d.ID), uuids(d.ConflictingRegistrations),
		uuid(d.DealRegistration.ID())).Scan(&protected)
	if err == nil && protected > 0 {
		return &schema.Error{
			Code: schema.CodeConflict, Field: "reviewStatus",
			Message: "a conflicting registration is protected; reject this one, or wait until that protection ends",
		}
	}
	return err
}

// conflict is one reason to think that two records mean the same customer.
type conflict struct {
	id     schema.ID
	what   string // registration or customer
	name   string
	score  float64 // from 0 to 1
	reason string
}

type conflictsFound struct {
	registrations, customers []schema.ID
	all                      []conflict
}

// report tells the vendor's people how the conflicts were found.
func (f *conflictsFound) report() any {
	if len(f.all) == 0 {
		return nil
	}
	var b strings.Builder
	for _, c := range f.all {
		fmt.Fprintf(&b, "- %s **%s**, score %.2f: %s\n", c.what, c.name, c.score, c.reason)
	}
	return b.String()
}

// conflictThreshold is the score from which a likeness counts. Exact keys
// score 1; names alone need to be nearly equal, and count for more where the
// towns agree.
const conflictThreshold = 0.6

// conflictScore explains itself in the statement: an equal number is certain;
// the likeness of names is that of their trigrams (pg_trgm), weighted by
// whether the country and the town agree.
const conflictScore = `
	SELECT x.id, x.name,
		CASE
			WHEN x.vat_id = $2 THEN 1
			WHEN x.duns = $3 THEN 1
			WHEN x.domain = $4 THEN 0.95
			ELSE similarity(fondaco_company(x.name), fondaco_company($5)) * CASE
				WHEN x.country <> $6 THEN 0.5
				WHEN fondaco_key(x.city) = fondaco_key($7) THEN 1
				ELSE 0.9
			END
		END AS score,
		CASE
			WHEN x.vat_id = $2 THEN 'same VAT number'
			WHEN x.duns = $3 THEN 'same D-U-N-S number'
			WHEN x.domain = $4 THEN 'same web site'
			ELSE 'like name' || CASE
				WHEN x.country <> $6 THEN ', other country'
				WHEN fondaco_key(x.city) = fondaco_key($7) THEN ', same town'
				ELSE ''
			END
		END AS reason
	FROM (%s) x
	WHERE x.vat_id = $2 OR x.duns = $3 OR x.domain = $4 OR fondaco_company(x.name) %% fondaco_company($5)`

const rivalRegistrations = `
	SELECT d.id, d.company_name AS name, d.company_vat_id AS vat_id, d.company_duns AS duns,
		fondaco_domain(d.company_website) AS domain, d.company_country AS country, d.company_city AS city
	FROM deal_registrations d
	WHERE d.addressed_to = $1
		AND d.id <> $8
		AND d.owner_firm_id <> $9
		AND d.state IN ('SUBMITTED', 'WON')
		AND d.deleted_at IS NULL
		AND NOT EXISTS (
			SELECT FROM deal_decisions y
			WHERE y.deal_registration = d.id AND y.holder_firm_id = $1 AND y.review_status IN ('REJECTED', 'EXPIRED'))`

const likeCustomers = `
	SELECT c.id, c.name, c.vat_id, c.duns, fondaco_domain(c.website) AS domain, c.country, c.city
	FROM customers c
	WHERE c.holder_firm_id = $1 AND c.owner_firm_id = $1 AND c.deleted_at IS NULL AND c.id <> $8 AND c.owner_firm_id <> $9`

// conflicts finds what stands in the way of a registration: registrations of
// other partners, and which of the vendor's customers may be meant.
func (w *writer) conflicts(ctx context.Context, d *schema.DealRegistration) (*conflictsFound, error) {
	found := &conflictsFound{}
	for _, search := range []struct {
		what, rows string
		ids        *[]schema.ID
	}{{"registration", rivalRegistrations, &found.registrations}, {"customer", likeCustomers, &found.customers}} {
		list, err := w.alike(ctx, d, search.what, search.rows)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			*search.ids = append(*search.ids, c.id)
		}
		found.all = append(found.all, list...)
	}
	return found, nil
}

func (w *writer) alike(ctx context.Context, d *schema.DealRegistration, what, from string) ([]conflict, error) {
	rows, err := w.tx.Query(ctx, fmt.Sprintf(conflictScore, from), uuid(w.principal.Firm.ID()),
		text(strings.ToUpper(d.CompanyVATID)), text(d.CompanyDUNS), text(domainOf(d.CompanyWebsite)), d.CompanyName, d.CompanyCountry,
		text(d.CompanyCity), uuid(d.ID), uuid(d.Owner.ID()))
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c conflict, err error) {
		c.what = what
		return c, row.Scan((*[16]byte)(&c.id), &c.name, &c.score, &c.reason)
	})
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c conflict) bool { return c.score < conflictThreshold })
	slices.SortFunc(list, func(a, b conflict) int {
		if a.score != b.score {
			return int((b.score - a.score) * 1e6)
		}
		return strings.Compare(a.name, b.name)
	})
	return list, nil
}

// text gives NULL for a text that is not stated, which equals nothing.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// domainOf gives the host of a web address without "www.", as fondaco_domain does.
func domainOf(website string) string {
	host := strings.ToLower(strings.TrimSpace(website))
	if _, rest, ok := strings.Cut(host, "://"); ok {
		host = rest
	}
	host, _, _ = strings.Cut(host, "/")
	return strings.TrimPrefix(host, "www.")
}

// ExpireDeals ends the protections whose window is over, for all firms on
// this node, and says how many. That a protection has ended is so an event,
// which the partner sees, and no surprise at the next look.
func (s *Service) ExpireDeals(ctx context.Context) (int, error) {
	firms, err := s.Hosted(ctx)
	if err != nil {
		return 0, err
	}
	expired := 0
	for _, firm := range firms {
		due, err := s.dueDeals(ctx, firm)
		if err != nil {
			return expired, err
		}
		p := policy.System(firm)
		p.Cause = "protection window"
		for _, id := range due {
			_, err := s.Write(policy.With(ctx, p), []Command{{Verb: "expire", Kind: schema.DealDecisions, ID: id}})
			if err != nil && schema.Code(err) != schema.CodeConflict { // a person was faster
				return expired, err
			}
			expired++
		}
	}
	return expired, nil
}

func (s *Service) dueDeals(ctx context.Context, firm schema.FirmID) ([]schema.ID, error) {
	var due []schema.ID
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		if err := fence(ctx, tx, firm); err != nil {
			return err
		}
		const statement = `
			SELECT d.id
			FROM deal_decisions d
			WHERE d.holder_firm_id = $1 AND d.owner_firm_id = $1 AND d.review_status = 'APPROVED'
				AND d.protection_ends_at <= $2 AND d.deleted_at IS NULL
			ORDER BY d.id`
		rows, err := tx.Query(ctx, statement, uuid(firm.ID()), s.Now())
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
		due = ids(list)
		return err
	})
	return due, err
}
