package partners

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// What is noted of questions to which no record is the answer, in place of an
// action of policy.
const (
	ActionCount   policy.Action = "count"   // how many of a firm's records there are
	ActionOverlap policy.Action = "overlap" // which of the reader's own records a firm holds too
)

// Counted tells how many records another firm has, no more: there are AtLeast
// so many, and fewer than that and a floor that the firm has set.
type Counted struct {
	Owner   schema.FirmID
	AtLeast int64
	// Floor is the step in which is counted, and below which nothing is told.
	Floor int64
}

// Counts tells how many records of a kind other firms have that let them be
// counted by a term of level COUNTS: an entry for each such term that tells
// something. With a filter, those that match: it may compare fields whose
// values are few, which are enums, booleans and codes such as that of a
// country, and which every one of these terms shows. By a name or a number one
// record could be told from the rest.
//
// Below the floor of a term nothing is told, and with a filter neither where
// the records that do not match are fewer than the floor: they could else be
// told one by one, as what is missing. Each use is noted in the audit of the
// firm that is asked; how often somebody may ask is the door's to bound.
func (s *Service) Counts(ctx context.Context, kind *schema.Kind, filter *policy.Filter) ([]Counted, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	var list []Counted
	var used []use
	var rules *ruleSet
	err = s.transactWith(ctx, p.Firm, readOnly, &rules, func(tx pgx.Tx) error {
		list, used = nil, nil
		r := &reader{service: s, tx: tx, rules: rules, principal: p, now: s.Now()}
		view := r.view(&Plan{Kind: kind})
		if err := checkCountFilter(view, filter); err != nil {
			return err
		}
		var jobs []job
		for i := range view.Counts {
			c := &view.Counts[i]
			used = append(used, r.noted(kind, ActionCount, c.Owner, c.Agreement, filter.Fields()))
			jobs = append(jobs, job{countStatement(view, c.Path, filter), func(rows pgx.Rows) error {
				n, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[tally])
				if shown, ok := n.show(c, filter); ok {
					list = append(list, Counted{c.Owner, shown, c.Floor})
				}
				return err
			}})
		}
		return r.run(ctx, jobs)
	})
	if err != nil {
		return nil, err
	}
	s.noteUses(ctx, used)
	return list, nil
}

// tally is how many records a path reaches, and how many of them match.
type tally struct{ All, Matching int64 }

// show gives what may be told.
func (n tally) show(c *policy.CountPath, filter *policy.Filter) (int64, bool) {
	if filter != nil && n.All-n.Matching < c.Floor {
		return 0, false
	}
	return c.Show(n.Matching)
}

// checkCountFilter refuses a filter by what is not shown, whatever the
// records hold, and in the same words for all fields.
func checkCountFilter(view policy.View, filter *policy.Filter) error {
	if filter == nil {
		return nil
	}
	if filter.Kind() != view.Kind {
		return invalid("filter", "the filter is not of kind %s", view.Kind)
	}
	compared := filter.Fields()
	for _, f := range view.Kind.Fields {
		shown := countable(f) && !slices.ContainsFunc(view.Counts, func(c policy.CountPath) bool { return !c.Mask.Has(f.Bit) })
		if compared.Has(f.Bit) && !shown {
			return invalid("filter", "records of other firms cannot be counted by %s", f.Name)
		}
	}
	return nil
}

// countable tells whether records can be counted by a field: each of its
// values is one of a closed list.
func countable(f *schema.Field) bool {
	const code = 3 // letters of the longest code, that of a currency
	switch f.Type {
	case schema.Enum, schema.EnumList, schema.Bool:
		return f.Filter
	case schema.Text:
		return f.Filter && f.Max <= code
	default:
		return false
	}
}

func countStatement(view policy.View, path policy.Path, filter *policy.Filter) statement {
	v := newViewPrinter(view, lens{})
	matching := "true"
	if filter != nil {
		matching = "(" + filter.SQL(v.args, func(f *schema.Field) string { return "c." + f.Columns()[0] }) + ") IS TRUE"
	}
	sql := fmt.Sprintf("SELECT count(*), count(*) FILTER (WHERE %s)\nFROM %s c\nWHERE %s AND c.deleted_at IS NULL",
		matching, view.Kind.Table, v.condition("c", view.Kind, path))
	return statement{sql, v.args.Values}
}

// Overlap is a record of the reader's own firm that another firm holds too.
type Overlap struct {
	ID    schema.ID
	Owner schema.FirmID // who holds it too
}

// Overlaps is a page of them, in the order of ids and owners.
type Overlaps struct {
	List    []Overlap
	HasNext bool
}

// Overlaps lists the records of the principal's own firm that other firms
// hold too, as far as these let it be known by a term of level OVERLAP: those
// that have a key in common with a record that the term means. Of the other
// firm's record nothing is told. The principal must see the own record and its
// key. Each use is noted in the audit of the firm that is asked; how often
// somebody may ask is the door's to bound.
func (s *Service) Overlaps(ctx context.Context, kind *schema.Kind, after Overlap, first int) (*Overlaps, error) {
	if err := (Span{First: first}).check(); err != nil {
		return nil, err
	}
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	found := &Overlaps{}
	var used []use
	var rules *ruleSet
	err = s.transactWith(ctx, p.Firm, readOnly, &rules, func(tx pgx.Tx) error {
		*found, used = Overlaps{}, nil
		r := &reader{service: s, tx: tx, rules: rules, principal: p, now: s.Now()}
		view := r.view(&Plan{Kind: kind})
		for _, o := range view.Overlaps {
			used = append(used, r.noted(kind, ActionOverlap, o.Owner, o.Agreement, fieldsOf(o.Keys)))
		}
		return r.run(ctx, []job{{overlapStatement(view, after, first+1), func(rows pgx.Rows) error {
			list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Overlap, err error) {
				return o, row.Scan((*[16]byte)(&o.ID), (*[16]byte)(&o.Owner))
			})
			found.List, found.HasNext = list[:min(len(list), first)], len(list) > first
			return err
		}}})
	})
	if err != nil {
		return nil, err
	}
	s.noteUses(ctx, used)
	return found, nil
}

func fieldsOf(fields []*schema.Field) schema.Mask {
	var m schema.Mask
	for _, f := range fields {
		m = m.With(f.Bit)
	}
	return m
}

// overlapStatement prints one join for each way to the own rows, each term
// and each key, so that an index of a key can serve; none where no way leads
// anywhere.
func overlapStatement(view policy.View, after Overlap, limit int) statement {
	v := newViewPrinter(view, lens{})
	k := view.Kind
	var union []string
	for _, own := range view.Paths {
		if own.Type != policy.Member {
			continue
		}
		for _, o := range view.Overlaps {
			for _, key := range o.Keys {
				if own.Mask.Has(key.Bit) {
					union = append(union, fmt.Sprintf("SELECT c.id, r.owner_firm_id AS owner\nFROM %s c\nJOIN %s r ON r.%s = c.%s\nWHERE %s AND c.owner_firm_id = c.holder_firm_id AND c.deleted_at IS NULL\n AND %s AND r.deleted_at IS NULL",
						k.Table, k.Table, key.Column, key.Column, v.condition("c", k, own), v.condition("r", k, o.Path)))
				}
			}
		}
	}
	if len(union) == 0 {
		return statement{}
	}
	sql := fmt.Sprintf("SELECT DISTINCT u.id, u.owner\nFROM (\n%s\n) u\nWHERE (u.id, u.owner) > (%s, %s)\nORDER BY u.id, u.owner\nLIMIT %d",
		strings.Join(union, "\nUNION ALL\n"), v.key(after.ID), v.key(after.Owner.ID()), limit)
	return statement{sql, v.args.Values}
}

// key is an id to compare with; the zero id comes before all others.
func (v *viewPrinter) key(id schema.ID) string { return v.args.Add([16]byte(id)) + "::uuid" }

// noted is what the audit has of a question to one firm. It has no ids:
// none of its records was given, and what the reader holds is not the firm's
// to know.
func (r *reader) noted(k *schema.Kind, action policy.Action, owner schema.FirmID, agreement schema.ID, fields schema.Mask) use {
	return use{line: AuditedRead{
		At: r.now, Owner: owner, Reader: r.principal.Firm, Actor: r.principal.User, ActorKind: r.principal.Actor,
		Via: r.principal.Via, Cause: r.principal.Cause, Kind: k, Action: action, Fields: fields, Agreements: []schema.ID{agreement},
		Epoch: r.rules.Epoch(),
	}}
}
