package partners

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// readOnly is how reads run: decision and data come from one snapshot of the
// database.
var readOnly = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// Read reads the plans for the principal of the context, all from one
// snapshot, and gives a page for each. The number of statements depends on
// the plans alone, never on how many rows they find: one for each level of
// each plan and one for each count. An id that does not exist and one that
// may not be seen are both absent from the page.
func (s *Service) Read(ctx context.Context, plans ...*Plan) ([]*Page, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	return s.readFor(ctx, p, plans)
}

func (s *Service) readFor(ctx context.Context, p policy.Principal, plans []*Plan) ([]*Page, error) {
	for _, plan := range plans {
		if err := plan.check(); err != nil {
			return nil, err
		}
	}
	r, pages, err := s.readAtOnce(ctx, p, plans)
	if errors.Is(err, errStaleRules) {
		var rules *ruleSet
		err = s.transactWith(ctx, p.Firm, readOnly, &rules, func(tx pgx.Tx) (err error) {
			r = &reader{service: s, tx: tx, rules: rules, principal: p, now: s.Now()}
			pages, err = r.roots(ctx, plans)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	if p.Actor != policy.ActorNode { // of what goes to a node, its sender keeps what it sent
		r.audited(ctx, plans, pages)
	}
	return pages, nil
}

// transactWith runs do under the rules of a firm, compiled for this very
// transaction, with the fence set.
func (s *Service) transactWith(ctx context.Context, firm schema.FirmID, options pgx.TxOptions, rules **ruleSet, do func(pgx.Tx) error) error {
	const tries = 8
	var err error
	for range tries {
		if *rules, err = s.ruleSet(ctx, firm); err != nil {
			return err
		}
		err = s.transact(ctx, options, func(tx pgx.Tx) error {
			err := s.enter(ctx, tx, *rules)
			if errors.Is(err, errStaleRules) && options == readOnly {
				// Its snapshot holds the new ones.
				if *rules, err = s.reload(ctx, tx, firm); err == nil {
					err = fence(ctx, tx, (*rules).fence...)
				}
			}
			if err != nil {
				return err
			}
			return do(tx)
		})
		if !errors.Is(err, errStaleRules) {
			return err
		}
	}
	return fmt.Errorf("the rules of firm %s change too fast: %w", firm, err)
}

// check refuses a plan that no list can serve.
func (p *Plan) check() error {
	refuse := func(field, message string) error {
		return &schema.Error{Code: schema.CodeInvalid, Op: "read", Kind: p.Kind.Name, Field: field, Message: message}
	}
	switch {
	case p.First > 0 && p.Last > 0:
		return refuse("first", "give first or last, not both")
	case p.First < 0 || p.Last < 0 || p.First > PageLimit || p.Last > PageLimit:
		return refuse("first", fmt.Sprintf("a page has 1 to %d records", PageLimit))
	case len(p.Order) > 1:
		return refuse("orderBy", "a list is ordered by one field")
	case len(p.Order) == 1 && p.Order[0].Field != nil && !p.Order[0].Field.Sort:
		return refuse("orderBy", "a list cannot be ordered by "+p.Order[0].Field.Name)
	}
	for _, c := range p.Children {
		if c.toOne(p.Kind) && columnOf(p, c.Link) < 0 {
			return fmt.Errorf("plan of %s: the link %s is not among its fields", p.Kind, c.Link)
		}
		if err := c.Plan.check(); err != nil {
			return err
		}
	}
	return nil
}

// reader reads plans in one transaction, level by level.
type reader struct {
	service   *Service
	tx        sender
	rules     *ruleSet
	principal policy.Principal
	now       time.Time
	lens      lens
	views     map[viewKey]policy.View // supposed ones
	outlooks  map[viewKey]*outlook
	closing   func() // tells that what is sent next is the last; may be nil
	sent      bool
	whole     bool // read of each firm as much as of all together
	short     bool // some page may lack rows, because not enough were read of a firm
}

type viewKey struct {
	kind   *schema.Kind
	action policy.Action
}

// view gives what the reader may reach of a plan's kind.
func (r *reader) view(plan *Plan) policy.View { return r.outlook(plan).view }

// outlook gives what the reader may reach of a plan's kind, compiled once.
func (r *reader) outlook(plan *Plan) *outlook {
	key := viewKey{plan.Kind, plan.Action}
	if key.action == "" {
		key.action = policy.Read
	}
	known := r.outlooks[key]
	if known == nil {
		if r.outlooks == nil {
			r.outlooks = map[viewKey]*outlook{}
		}
		if supposed, is := r.views[key]; is {
			known = newOutlook(supposed, r.now)
		} else if r.lens.owner.IsZero() {
			known = r.rules.outlook(r.principal, key, r.now)
		} else {
			known = newOutlook(r.lens.narrow(r.rules.View(r.principal, key.kind, key.action, r.now)), r.now)
		}
		r.outlooks[key] = known
	}
	return known
}

// printer begins the statements of a plan, with what the reader may reach.
func (r *reader) printer(plan *Plan) *pagePrinter {
	seen := r.outlook(plan)
	p := newPagePrinter(plan, viewPrinter{view: seen.view, ways: seen.ways, lens: r.lens})
	p.whole, p.printed = r.whole, seen.printed
	return p
}

// job is a statement that waits for its batch, with what is done with its rows.
type job struct {
	statement statement
	take      func(pgx.Rows) error
}

// run sends the statements of one level together.
func (r *reader) run(ctx context.Context, jobs []job) error {
	batch := &pgx.Batch{}
	for _, j := range jobs {
		if j.statement.sql != "" {
			batch.Queue(j.statement.sql, j.statement.args...).Query(j.take)
		}
	}
	if batch.Len() == 0 {
		return nil
	}
	r.sent = true
	return r.tx.SendBatch(ctx, batch).Close()
}

// lastOf tells that the statements sent next are the last if none of the
// plans has children.
func (r *reader) lastOf(plans []*Plan) {
	if r.closing != nil && !slices.ContainsFunc(plans, func(p *Plan) bool { return len(p.Children) > 0 }) {
		r.closing()
	}
}

func (r *reader) roots(ctx context.Context, plans []*Plan) ([]*Page, error) {
	pages := make([]*Page, len(plans))
	proposals, err := r.propose(ctx, plans)
	if err != nil {
		return nil, err
	}
	var jobs []job
	for i, plan := range plans {
		pages[i] = newPage(plan)
		more, err := r.root(plan, pages[i], proposals[i])
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, more...)
	}
	r.lastOf(plans)
	if err := r.run(ctx, jobs); err != nil {
		return nil, err
	}
	if r.short && !r.whole {
		r.whole = true
		return r.roots(ctx, plans)
	}
	var level []below
	for i, plan := range plans {
		level = append(level, childrenOf(plan, pages[i].Rows)...)
	}
	return pages, r.descend(ctx, level)
}

func (r *reader) root(plan *Plan, page *Page, proposed *proposal) ([]job, error) {
	p := r.printer(plan)
	p.words, p.proposed, p.rowsFirst = searchWords(plan.Search), proposed, proposed != nil
	var jobs []job
	switch {
	case plan.IDs != nil:
		jobs = append(jobs, job{p.byID(plan.IDs), single(func(row Row) { page.Rows = append(page.Rows, row) })})
	case p.limit > 0:
		if err := r.begin(p); err != nil {
			return nil, err
		}
		jobs = append(jobs, job{p.page(), func(rows pgx.Rows) error {
			page.Rows = make([]Row, 0, min(p.limit+1, rowsAtOnce))
			err := r.collect(p, func(_ int64, row Row) { page.Rows = append(page.Rows, row) })(rows)
			p.finish(page)
			r.short = r.short || p.short(page)
			return err
		}})
	}
	if plan.CountMax > 0 {
		c := p.again()
		jobs = append(jobs, job{c.count(), counts(func(_ int64, n int) { page.setCount(n, plan.CountMax) })})
	}
	return jobs, nil
}

// rowsAtOnce is for how many rows there is room before it is known how many come.
const rowsAtOnce = 64

// begin finds the place where the page begins.
func (r *reader) begin(p *pagePrinter) error {
	cursor := p.plan.After
	if p.back {
		cursor = p.plan.Before
	}
	if cursor == "" {
		return nil
	}
	from, err := r.service.unseal(cursor, orderName(p.plan.Kind, []Order{p.order}))
	if err != nil {
		return err
	}
	p.from = &from
	return nil
}

// finish cuts the row that only told that there is more, and puts rows that
// were read backwards into the order of the list.
func (p *pagePrinter) finish(page *Page) {
	more := len(page.Rows) > p.limit
	if more {
		page.Rows = page.Rows[:p.limit]
	}
	page.HasNext, page.HasPrevious = more, p.from != nil
	if p.back {
		slices.Reverse(page.Rows)
		page.HasNext, page.HasPrevious = p.from != nil, more
	}
}

// newPage is the page of a reader whom no path leads anywhere: nothing, and
// exactly so.
func newPage(plan *Plan) *Page { return &Page{CountExact: plan.CountMax > 0} }

func (p *Page) setCount(n, most int) { p.Count, p.CountExact = min(n, most), n <= most }

// below is a child plan with the rows above it.
type below struct {
	child *Child
	index int // in Plan.Children
	rows  []*Row
	above *Plan
}

func childrenOf(plan *Plan, rows []Row) []below {
	if len(plan.Children) == 0 || len(rows) == 0 {
		return nil
	}
	all := make([]*Row, len(rows))
	for i := range rows {
		rows[i].Children = make([]*Page, len(plan.Children))
		all[i] = &rows[i]
	}
	list := make([]below, len(plan.Children))
	for i, c := range plan.Children {
		list[i] = below{c, i, all, plan}
	}
	return list
}

// descend reads all child plans of one level, and then those below them.
func (r *reader) descend(ctx context.Context, level []below) error {
	for len(level) > 0 {
		var jobs []job
		plans := make([]*Plan, len(level))
		for i, b := range level {
			plans[i] = b.child.Plan
			more, err := r.below(b)
			if err != nil {
				return err
			}
			jobs = append(jobs, more...)
		}
		r.lastOf(plans)
		if err := r.run(ctx, jobs); err != nil {
			return err
		}
		var next []below
		for _, b := range level {
			next = append(next, b.next()...)
		}
		level = next
	}
	return nil
}

// next gathers the level below b: one entry for each grandchild plan, with
// the rows of all pages together.
func (b below) next() []below {
	plan := b.child.Plan
	list := make([]below, len(plan.Children))
	for i, c := range plan.Children {
		list[i] = below{child: c, index: i, above: plan}
	}
	if len(list) == 0 {
		return nil
	}
	for _, up := range b.rows {
		rows := up.Children[b.index].Rows
		for i := range rows {
			rows[i].Children = make([]*Page, len(list))
			for j := range list {
				list[j].rows = append(list[j].rows, &rows[i])
			}
		}
	}
	return slices.DeleteFunc(list, func(b below) bool { return len(b.rows) == 0 })
}

func (r *reader) below(b below) ([]job, error) {
	for _, row := range b.rows {
		row.Children[b.index] = newPage(b.child.Plan)
	}
	if b.child.toOne(b.above.Kind) {
		return r.along(b)
	}
	return r.under(b)
}

// under reads the lists of records that point to the rows.
func (r *reader) under(b below) ([]job, error) {
	plan := b.child.Plan
	p := r.printer(plan)
	p.words, p.link = searchWords(plan.Search), b.child.Link
	for _, row := range b.rows {
		p.parents = append(p.parents, row.ID)
	}
	if err := r.begin(p); err != nil {
		return nil, err
	}
	var jobs []job
	if p.limit > 0 {
		jobs = append(jobs, job{p.children(), func(rows pgx.Rows) error {
			err := r.collect(p, func(place int64, row Row) {
				page := b.rows[place-1].Children[b.index]
				page.Rows = append(page.Rows, row)
			})(rows)
			for _, row := range b.rows {
				p.finish(row.Children[b.index])
			}
			return err
		}})
	}
	if plan.CountMax > 0 {
		c := p.again()
		jobs = append(jobs, job{c.count(), counts(func(place int64, n int) {
			b.rows[place-1].Children[b.index].setCount(n, plan.CountMax)
		})})
	}
	return jobs, nil
}

// along reads the records to which the rows point by a link.
func (r *reader) along(b below) ([]job, error) {
	plan := b.child.Plan
	places := map[schema.ID][]*Row{}
	var targets []schema.ID
	column := columnOf(b.above, b.child.Link)
	for _, row := range b.rows {
		cell := row.Cells[column]
		if cell == nil {
			continue
		}
		id := schema.ID(cell)
		if places[id] == nil {
			targets = append(targets, id)
		}
		places[id] = append(places[id], row)
	}
	p := r.printer(plan)
	return []job{{p.byID(targets), single(func(row Row) {
		for _, up := range places[row.ID] {
			up.Children[b.index].Rows = []Row{row}
		}
	})}}, nil
}

// collect turns the rows of a page's statement into Rows.
func (r *reader) collect(p *pagePrinter, take func(place int64, row Row)) func(pgx.Rows) error {
	list := &listing{r.service, orderName(p.plan.Kind, []Order{p.order})}
	return each(func(number int64, row Row) {
		row.list = list
		take(number, row)
	})
}

// single turns the rows of records that were asked for by their ids into Rows.
// No list goes on behind them: they have no cursor.
func single(take func(row Row)) func(pgx.Rows) error {
	return each(func(_ int64, row Row) { take(row) })
}

func each(take func(place int64, row Row)) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var t taker
		for rows.Next() {
			take(t.take(rows.RawValues()))
		}
		return rows.Err()
	}
}

func counts(take func(place int64, n int)) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		for rows.Next() {
			raw := rows.RawValues()
			take(int64(binary.BigEndian.Uint64(raw[0])), int(binary.BigEndian.Uint64(raw[1])))
		}
		return rows.Err()
	}
}
