package partners

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// kind finds out what the other firm sees and would see of a kind.
func (sc *scene) kind(ctx context.Context, k *schema.Kind, sample int) (KindPreview, error) {
	found := KindPreview{Kind: k, Exact: true}
	if !sc.asker.rules.Decide(sc.asker.principal, k, policy.Read).Allowed {
		return found, nil
	}
	p := sc.comparison(k)
	if p == nil {
		return found, nil
	}
	counted, chosen := p.statement(sc.supposes, sample)
	batch := &pgx.Batch{}
	var all int
	var some, every int64
	batch.Queue(counted.sql, counted.args...).QueryRow(func(row pgx.Row) error {
		return row.Scan(&all, &found.Before, &found.After, &found.Gained, &found.Lost, &found.Changed, &some, &every)
	})
	var shown [][16]byte
	batch.Queue(chosen.sql, chosen.args...).Query(func(rows pgx.Rows) (err error) {
		shown, err = pgx.CollectRows(rows, pgx.RowTo[[16]byte])
		return err
	})
	if err := sc.asker.tx.SendBatch(ctx, batch).Close(); err != nil {
		return found, err
	}
	found.Exact, found.Some, found.Every = all <= PreviewLimit, schema.Mask(some), schema.Mask(every)
	sight := sc.after
	if found.After == 0 {
		sight = sc.before // all that is seen would be lost: this is what
	}
	var err error
	found.Sample, err = sc.project(ctx, sight, k, ids(shown))
	return found, err
}

// comparison prints two views of one kind side by side, as statements with
// arguments of their own.
type comparison struct {
	kind          *schema.Kind
	before, after viewPrinter
	args          *policy.Args
}

// comparison gives nil where neither view leads anywhere.
func (sc *scene) comparison(k *schema.Kind) *comparison {
	c := &comparison{kind: k}
	for _, w := range []struct {
		sight *writer
		into  *viewPrinter
	}{{sc.before, &c.before}, {sc.after, &c.after}} {
		l := w.sight.lens
		*w.into = newViewPrinter(l.narrow(w.sight.rules.View(w.sight.principal, k, policy.Read, w.sight.now)), l)
	}
	if len(c.before.view.Paths)+len(c.after.view.Paths) == 0 {
		return nil
	}
	return c
}

// statement prints how records are counted, and which make the sample: of a
// supposition, those whose sight changes.
func (c *comparison) statement(supposes bool, sample int) (counted, shown statement) {
	every := int64(c.kind.Every())
	from := c.begin()
	counted.sql = fmt.Sprintf(`SELECT count(*), count(*) FILTER (WHERE x.before <> 0), count(*) FILTER (WHERE x.after <> 0),
	count(*) FILTER (WHERE x.before = 0), count(*) FILTER (WHERE x.after = 0),
	count(*) FILTER (WHERE x.before <> 0 AND x.after <> 0 AND (x.before # x.after) & %d <> 0),
	coalesce(bit_or(x.after), 0) & %d, coalesce(bit_and(x.after) FILTER (WHERE x.after <> 0), 0) & %d
FROM (%s) x`, every, every, every, from)
	counted.args = c.args.Values
	order, only := "c.id", "true"
	if c.kind.Label != nil {
		order = "c.sort_key, c.id"
	}
	if supposes {
		only = fmt.Sprintf("(x.before # x.after) & %d <> 0", every)
	}
	shown.sql = fmt.Sprintf("SELECT c.id\nFROM (%s) x\nJOIN %s c ON c.holder_firm_id = x.holder AND c.id = x.id\nWHERE %s\nORDER BY %s\nLIMIT %d",
		c.begin(), c.kind.Table, only, order, sample)
	shown.args = c.args.Values
	return counted, shown
}

// begin prints the records that either view reaches, with both masks. The
// branches of both propose; the masks decide.
func (c *comparison) begin() string {
	c.args = &policy.Args{}
	var union []string
	for _, v := range []*viewPrinter{&c.before, &c.after} {
		v.args = c.args
		for _, b := range v.branches(false) {
			union = append(union, fmt.Sprintf("(SELECT c.id, c.holder_firm_id AS holder\n FROM %s\n WHERE %s AND c.deleted_at IS NULL\n LIMIT %d)",
				b.from, b.where, PreviewLimit+1))
		}
	}
	return fmt.Sprintf("SELECT c.id, c.holder_firm_id AS holder, %s AS before, %s AS after\nFROM (SELECT DISTINCT u.id, u.holder FROM (\n%s\n) u LIMIT %d) d\nJOIN %s c ON c.holder_firm_id = d.holder AND c.id = d.id",
		c.before.mask(), c.after.mask(),
		strings.Join(union, "\nUNION ALL\n"), PreviewLimit+1, c.kind.Table)
}
