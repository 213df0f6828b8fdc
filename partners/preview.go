package partners

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// Record names a record.
type Record struct {
	Kind *schema.Kind
	ID   schema.ID
}

// Supposition is what a preview supposes beside what stands. The zero
// Supposition supposes nothing.
type Supposition struct {
	// Agreement, if not zero, is a sharing agreement of the asking firm, in any state but revoked. It is supposed to
	// be offered and accepted as it is written now, with the partnership and the paper on which it rests.
	Agreement schema.ID
	// Terms, if not nil, are supposed in place of those of Agreement; without an Agreement, in one of their own.
	Terms []schema.SharingTerm
	// Grants are records supposed to be granted under the agreement.
	Grants []Record
	// Ended supposes instead that Agreement opens nothing any more.
	Ended bool
}

// none tells whether nothing is supposed.
func (s *Supposition) none() bool {
	return s.Agreement.IsZero() && s.Terms == nil && len(s.Grants) == 0 && !s.Ended
}

// Preview is what another firm sees of the asking firm's records, and what it
// would see under a Supposition. It is exactly that: rows, fields and values
// come from the statements by which that firm itself will read, under rules
// compiled from what stands and what is supposed.
type Preview struct {
	To schema.FirmID
	At time.Time
	// From and Until bound the supposed agreement by its days, zero for no bound. The preview supposes a day between.
	From, Until time.Time
	// Hindrances are what must still come true before it is so, in sentences.
	Hindrances []string
	// Kinds has an entry for each kind of which the firm sees something, or would, in the order of their names.
	Kinds []KindPreview
}

// KindPreview is what another firm sees, and would see, of the asking firm's
// records of a kind.
type KindPreview struct {
	Kind *schema.Kind
	// Before and After count the records seen as things stand and as supposed; Gained and Lost are in one of them
	// alone, and of Changed more or fewer fields are seen.
	Before, After, Gained, Lost, Changed int
	// Exact is false where there are more than PreviewLimit records; they are then counted up to it.
	Exact bool
	// Some has the fields that are shown of at least one record as supposed, Every those that are shown of all.
	Some, Every schema.Mask
	// Sample has some of the records whose sight changes, or if nothing is supposed, of all; as they would be seen.
	// A value that the asking person may not read is left out of it.
	Sample []Projection
}

// PreviewLimit is up to how many records of a kind a preview counts.
const PreviewLimit = 10_000

// Preview tells what another firm sees of the principal's firm's records, and
// what it would see under a supposition: of each kind the number of rows, the
// fields, and a sample of at most so many rows. Only kinds that the principal
// may read are told of, and only somebody who may share on behalf of the firm
// is told anything; others are denied. What that firm sees of third firms'
// records, or through them, is in no preview.
func (s *Service) Preview(ctx context.Context, to schema.FirmID, suppose Supposition, sample int) (*Preview, error) {
	var found *Preview
	err := s.scene(ctx, to, suppose, func(sc *scene) error {
		found = &Preview{To: to, At: sc.asker.now, From: sc.from, Until: sc.until, Hindrances: sc.hindrances}
		if !sc.asker.rules.Decide(sc.asker.principal, schema.SharingAgreements, policy.Share).Allowed {
			return denied(schema.SharingAgreements, "may not be previewed by your roles; ask an administrator of your firm")
		}
		for _, k := range schema.Kinds() {
			kind, err := sc.kind(ctx, k, min(sample, PageLimit))
			if err != nil {
				return fmt.Errorf("preview %s: %w", k, err)
			}
			if kind.Before+kind.After > 0 {
				found.Kinds = append(found.Kinds, kind)
			}
		}
		return nil
	})
	if err != nil {
		s.notePreview(ctx, Command{Verb: askedPreview, Kind: schema.SharingAgreements}, err)
		return nil, err
	}
	return found, nil
}

// notePreview notes a preview that was refused, as commands are.
func (s *Service) notePreview(ctx context.Context, about Command, err error) {
	if p, none := principal(ctx); none == nil {
		s.noteRefusal(&p, about, err)
	}
}

// SharedView is one record as another firm sees it as things stand, and as it
// would see it; nil where it does not see it at all.
type SharedView struct {
	Before, After *Projection
	// From, Until and Hindrances are those of Preview.
	From, Until time.Time
	Hindrances  []string
}

// SharedView tells how another firm sees one record of the principal's firm,
// and how it would see it under a supposition. A record that the principal
// may not share is not found.
func (s *Service) SharedView(ctx context.Context, to schema.FirmID, record Record, suppose Supposition) (*SharedView, error) {
	var found *SharedView
	err := s.scene(ctx, to, suppose, func(sc *scene) error {
		shareable, err := sc.shareable(ctx, record)
		if err != nil {
			return err
		}
		if !shareable {
			return schema.NotFound(record.Kind.Name)
		}
		found = &SharedView{From: sc.from, Until: sc.until, Hindrances: sc.hindrances}
		for _, w := range []struct {
			sight *writer
			into  **Projection
		}{{sc.before, &found.Before}, {sc.after, &found.After}} {
			list, err := sc.project(ctx, w.sight, record.Kind, []schema.ID{record.ID})
			if err != nil {
				return err
			}
			if len(list) > 0 {
				*w.into = &list[0]
			}
		}
		return nil
	})
	if err != nil {
		s.notePreview(ctx, Command{Verb: askedPreview, Kind: record.Kind, ID: record.ID}, err)
		return nil, err
	}
	return found, nil
}

// scene runs do in one read transaction in which the sight of the asking firm
// and that of the other one, before and after, come from one snapshot.
func (s *Service) scene(ctx context.Context, to schema.FirmID, suppose Supposition, do func(*scene) error) error {
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	if to == p.Firm || to.IsZero() {
		return invalid("firm", "want another firm than your own")
	}
	var rules *ruleSet
	return s.transactWith(ctx, p.Firm, readOnly, &rules, func(tx pgx.Tx) error {
		sc := &scene{to: to, asker: &writer{service: s, tx: tx, rules: rules, principal: p, now: s.Now()}}
		if err := sc.set(ctx, suppose); err != nil {
			return err
		}
		return do(sc)
	})
}
