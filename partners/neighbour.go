package partners

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"fondaco/schema"
)

// What changes at one record may change what is shown of others: those that
// belong to it, those that name it, and, if it is a paper, those that it opens.

// ChildrenOf lists the records on this node that belong to a record, by kind:
// those whose visibility may change with it.
func (s *Service) ChildrenOf(ctx context.Context, kind *schema.Kind, id schema.ID) (map[*schema.Kind][]schema.ID, error) {
	children := map[*schema.Kind][]schema.ID{}
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		if err := fenceHosted(ctx, tx); err != nil {
			return err
		}
		for _, child := range kind.Children() {
			statement := fmt.Sprintf("SELECT c.id\nFROM %s c\nWHERE c.%s = $1 AND c.deleted_at IS NULL\nORDER BY c.id", child.Table, child.Parent.Column)
			rows, err := tx.Query(ctx, statement, uuid(id))
			if err != nil {
				return err
			}
			list, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
			if err != nil {
				return err
			}
			if len(list) > 0 {
				children[child] = ids(list)
			}
		}
		return nil
	})
	return children, err
}

// Referrer is a record that names another in one of its fields.
type Referrer struct {
	Kind  *schema.Kind
	ID    schema.ID
	Owner schema.FirmID
}

// Referrers lists the records of firms on this node that name one of the
// records of a kind, in the order of their ids. A reader who does not see the
// named record is not shown that it is named, so that these change with it.
// Those that belong to it are not among them; see [Service.ChildrenOf].
func (s *Service) Referrers(ctx context.Context, kind *schema.Kind, named []schema.ID) ([]Referrer, error) {
	statement := referrers(kind)
	if statement == "" || len(named) == 0 {
		return nil, nil
	}
	var list []Referrer
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		if err := fenceHosted(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, statement, uuids(named))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Referrer, err error) {
			var name string
			err = row.Scan(&name, (*[16]byte)(&r.ID), (*[16]byte)(&r.Owner))
			r.Kind = schema.KindNamed(name)
			return r, err
		})
		return err
	})
	return list, err
}

// referrers is the statement that finds who names records of a kind; empty if
// no field does. Each part walks an index that begins with the firm and the
// field, or the index of a list's elements.
func referrers(kind *schema.Kind) string {
	const (
		one = `
			SELECT '%[1]s', x.id, x.owner_firm_id
			FROM hosted_firms h
			JOIN %[2]s x ON x.holder_firm_id = h.firm_id AND x.%[3]s = ANY ($1)
			WHERE x.owner_firm_id = h.firm_id AND x.deleted_at IS NULL`
		many = `
			SELECT '%[1]s', x.id, x.owner_firm_id
			FROM %[2]s x
			WHERE x.%[3]s && $1 AND x.owner_firm_id = x.holder_firm_id AND x.deleted_at IS NULL`
	)
	var parts []string
	if kind.Private || kind == schema.Firms { // nobody else sees who names them, or everybody
		return ""
	}
	for _, k := range schema.Kinds() {
		if k.Private {
			continue
		}
		for _, f := range k.Fields {
			switch {
			case f.Target() != kind || f.Parent:
			case f.Type == schema.LinkList:
				parts = append(parts, fmt.Sprintf(many, k.Name, k.Table, f.Column))
			default:
				parts = append(parts, fmt.Sprintf(one, k.Name, k.Table, f.Column))
			}
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "\nUNION") + "\nORDER BY 2"
}

// Concern is a firm whose records another firm sees or does not see by a
// ruling record.
type Concern struct{ Owner, To schema.FirmID }

// Concerned lists whose view of whose records hangs on a partnership, a sharing
// agreement, an acceptance or a paper: those between whom it is, those between
// whom there are agreements that need it, and those to whom records are
// passed on by agreements that rest on such a one.
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
			WHERE a.id IN (SELECT m.id FROM named m) OR a.partnership IN (SELECT m.id FROM named m) OR a.requires IN (SELECT m.id FROM named m))
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
		JOIN sharing_agreements a ON a.rests_on = n.id`, named, kind.Table)
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
