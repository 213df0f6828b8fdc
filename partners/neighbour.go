package partners

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"fondaco/schema"
)

// What changes at one record may change what is shown of others: those that
// belong to it, those that name it, and, if it is a paper, those that it opens.

// Neighbour is a record that belongs to another one, or names it in one of its
// fields.
type Neighbour struct {
	Kind  *schema.Kind
	ID    schema.ID
	Owner schema.FirmID
}

// Children lists the records of firms on this node that belong to one of the
// records of a kind, and that another firm may see along with it: of kinds with
// an audience only those that name that firm. The others it does not see
// whatever becomes of the record above.
func (s *Service) Children(ctx context.Context, to schema.FirmID, kind *schema.Kind, above []schema.ID) ([]Neighbour, error) {
	const part = `
		SELECT '%[1]s', x.id, x.owner_firm_id
		FROM %[2]s x
		WHERE x.%[3]s = ANY ($1) AND x.owner_firm_id = x.holder_firm_id AND x.deleted_at IS NULL%[4]s`
	var parts []string
	for _, child := range kind.Children() {
		if !child.Private {
			parts = append(parts, fmt.Sprintf(part, child.Name, child.Table, child.Parent.Column, naming(child)))
		}
	}
	return s.neighbours(ctx, parts, to, above)
}

// naming is the condition that the audience of a row x names the firm $2.
func naming(k *schema.Kind) string {
	if !k.HasAudience {
		return ""
	}
	// That some firm is named is said as well, because there is an index of such rows.
	return " AND x.audience_firms IS NOT NULL AND $2 = ANY (x.audience_firms)"
}

// Referrers lists the records of firms on this node that name one of the
// records of a kind, and that another firm may see, as far as their audience
// tells; in the order of their ids. A reader who does not see the named record
// is not shown that it is named, so that these change with it. Those that belong
// to it are not among them; see [Service.Children].
func (s *Service) Referrers(ctx context.Context, to schema.FirmID, kind *schema.Kind, named []schema.ID) ([]Neighbour, error) {
	return s.neighbours(ctx, referrers(kind), to, named)
}

// neighbours reads a union of statements that each find neighbours of records.
func (s *Service) neighbours(ctx context.Context, parts []string, to schema.FirmID, of []schema.ID) ([]Neighbour, error) {
	if len(parts) == 0 || len(of) == 0 {
		return nil, nil
	}
	// What the firm owns itself is shown to it by nobody else.
	statement := fmt.Sprintf("SELECT n.kind, n.id, n.owner\nFROM (%s) AS n (kind, id, owner)\nWHERE n.owner <> $2\nORDER BY n.id", strings.Join(parts, "\nUNION"))
	var list []Neighbour
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		if err := fenceHosted(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, statement, uuids(of), uuid(to.ID()))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Neighbour, err error) {
			var name string
			err = row.Scan(&name, (*[16]byte)(&n.ID), (*[16]byte)(&n.Owner))
			n.Kind = schema.KindNamed(name)
			return n, err
		})
		return err
	})
	return list, err
}

// referrers are the statements that find who names records of a kind. Each
// walks an index that begins with the firm and the field, or the index of a
// list's elements.
func referrers(kind *schema.Kind) []string {
	const (
		one = `
			SELECT '%[1]s', x.id, x.owner_firm_id
			FROM hosted_firms h
			JOIN %[2]s x ON x.holder_firm_id = h.firm_id AND x.%[3]s = ANY ($1)
			WHERE x.owner_firm_id = h.firm_id AND x.deleted_at IS NULL%[4]s`
		many = `
			SELECT '%[1]s', x.id, x.owner_firm_id
			FROM %[2]s x
			WHERE x.%[3]s && $1 AND x.owner_firm_id = x.holder_firm_id AND x.deleted_at IS NULL%[4]s`
	)
	var parts []string
	if kind.Private || kind == schema.Firms { // nobody else sees who names them, or everybody
		return nil
	}
	for _, k := range schema.Kinds() {
		if k.Private {
			continue
		}
		for _, f := range k.Fields {
			switch {
			case f.Target() != kind || f.Parent:
			case f.Type == schema.LinkList:
				parts = append(parts, fmt.Sprintf(many, k.Name, k.Table, f.Column, naming(k)))
			default:
				parts = append(parts, fmt.Sprintf(one, k.Name, k.Table, f.Column, naming(k)))
			}
		}
	}
	return parts
}

// Granted gives the record that a grant of a firm on this node opens or opened;
// false if nothing is known of the grant any more.
func (s *Service) Granted(ctx context.Context, grant schema.ID) (Neighbour, bool, error) {
	const statement = `
		SELECT g.record_kind, g.record_id, g.owner_firm_id
		FROM grants g
		WHERE g.id = $1 AND g.owner_firm_id = g.holder_firm_id`
	var kind, id string
	var n Neighbour
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		if err := fenceHosted(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, statement, uuid(grant)).Scan(&kind, &id, (*[16]byte)(&n.Owner))
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return n, false, nil
	}
	if err == nil {
		n.Kind = schema.KindNamed(kind)
		n.ID, err = schema.ParseID(id)
	}
	return n, err == nil && n.Kind != nil, err
}

// Concern is a firm whose records another firm sees or does not see by a
// ruling record.
type Concern struct{ Owner, To schema.FirmID }

// Concerned lists whose view of whose records hangs on a partnership, a sharing
// agreement, an acceptance or a paper: those between whom it is, those between
// whom there are agreements that need it, and those to whom records are
// passed on by agreements that rest on such a one. A partner of the firm whose
// records they are may have written notes on them, or name them, and is
// concerned as well.
func (s *Service) Concerned(ctx context.Context, kind *schema.Kind, id schema.ID) ([]Concern, error) {
	named := "SELECT $1::uuid AS id"
	if kind == schema.Acceptances {
		named = "SELECT unnest(ARRAY[c.id, c.partnership, c.sharing_agreement]) AS id FROM acceptances c WHERE c.id = $1"
	}
	statement := fmt.Sprintf(`
		WITH named AS (%s),
		needing AS (
			SELECT a.id, a.owner_firm_id, a.addressed_to, a.rests_on
			FROM sharing_agreements a
			WHERE a.id IN (SELECT m.id FROM named m) OR a.partnership IN (SELECT m.id FROM named m) OR a.requires IN (SELECT m.id FROM named m)),
		concerned (owner, addressee) AS (
		SELECT t.owner_firm_id, t.addressed_to
		FROM %s t
		WHERE t.id = $1
		UNION
		SELECT n.owner_firm_id, n.addressed_to
		FROM needing n
		UNION
		SELECT source.owner_firm_id, n.addressed_to
		FROM needing n
		JOIN sharing_agreements source ON source.id = n.rests_on
		UNION
		SELECT n.owner_firm_id, a.addressed_to
		FROM needing n
		JOIN sharing_agreements a ON a.rests_on = n.id
		UNION
		SELECT a.owner_firm_id, a.addressed_to
		FROM needing n
		JOIN sharing_agreements a ON a.rests_on = n.id)
		SELECT c.owner, c.addressee
		FROM concerned c
		UNION
		SELECT CASE p.owner_firm_id WHEN c.owner THEN p.addressed_to ELSE p.owner_firm_id END, c.addressee
		FROM concerned c
		JOIN partnerships p ON c.owner IN (p.owner_firm_id, p.addressed_to)`, named, kind.Table)
	var list []Concern
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		if err := fenceHosted(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, statement, uuid(id))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Concern, err error) {
			return c, row.Scan((*[16]byte)(&c.Owner), (*[16]byte)(&c.To))
		})
		return err
	})
	return list, err
}

// fenceHosted opens the fence to the rows of all firms that live here, for
// work of the node that no reader sees.
func fenceHosted(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "SELECT set_config('fondaco.fence', (SELECT coalesce(string_agg(h.firm_id::text, ','), '') FROM hosted_firms h), true)")
	return err
}
