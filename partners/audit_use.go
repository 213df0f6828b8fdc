package partners

import (
	"context"
	"log/slog"
	"sync"

	"fondaco/policy"
	"fondaco/schema"
)

// auditBatch is from how many records on that were read they are noted at once by the reader itself: memory is
// bounded, whether somebody runs Audit or not. At half as many Audit is woken.
const auditBatch = 32_768

// A use is what one statement gave a reader of the records of other firms. A
// page has records of many firms, and each firm gets a line of its own: the
// lines are made when they are written, which is no reader's time.
type use struct {
	line    AuditedRead // of records shown without owner, fields, agreements and ids
	outlook *outlook    // by which records were shown
	shown   []shown     // nil where no record was given
}

type shown struct {
	owner  schema.FirmID
	id     schema.ID
	fields schema.Mask
}

// lines adds the lines of the audit for a use to a list, one for each owner.
func (u *use) lines(list []AuditedRead) []AuditedRead {
	if u.shown == nil {
		return append(list, u.line)
	}
	places := map[schema.FirmID]int{}
	for _, row := range u.shown {
		i, known := places[row.owner]
		if !known {
			line := u.line
			line.Owner, line.Agreements = row.owner, u.outlook.agreementsOf(row.owner)
			i, list = len(list), append(list, line)
			places[row.owner] = i
		}
		list[i].IDs = append(list[i].IDs, row.id)
		list[i].Fields |= row.fields
	}
	return list
}

// reads collects what was read across firms until it is noted.
type reads struct {
	mu      sync.Mutex
	list    []use
	records int
	wake    chan struct{} // made when it is waited for
}

// add gives how many records have been read since they were noted.
func (r *reads) add(list ...use) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, list...)
	for i := range list {
		r.records += max(len(list[i].shown), 1)
	}
	if r.wake != nil && r.records >= auditBatch/2 {
		close(r.wake)
		r.wake = nil
	}
	return r.records
}

func (r *reads) take() []use {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.list
	r.list, r.records = nil, 0
	return list
}

// many gives a channel that is closed when much waits to be noted.
func (r *reads) many() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.wake == nil {
		r.wake = make(chan struct{})
	}
	return r.wake
}

// audited notes the rows of other firms among the pages that a reader was
// given. It is called when the reader's transaction has ended.
func (r *reader) audited(ctx context.Context, plans []*Plan, pages []*Page) {
	a := auditor{reader: r}
	for i, plan := range plans {
		a.page(plan, pages[i])
		r.service.missing(&r.principal, r.now, plan, pages[i])
	}
	r.service.noteUses(ctx, a.uses)
}

// noteUses takes uses in, and writes them down when there are many.
func (s *Service) noteUses(ctx context.Context, list []use) {
	if len(list) == 0 || s.reads.add(list...) < auditBatch {
		return
	}
	if err := s.noteReads(ctx); err != nil { // they are kept, and tried again
		s.log.WarnContext(ctx, "what was read across firms could not be noted; trying again", slog.Any("error", err))
	}
}

// auditor gathers the rows of each plan.
type auditor struct {
	*reader
	plans []*Plan
	uses  []use // of the plans
}

func (a *auditor) page(plan *Plan, page *Page) {
	var u *use
	fields := wanted(plan)
	for i := range page.Rows {
		row := &page.Rows[i]
		if row.Owner == a.principal.Firm {
			continue
		}
		if u == nil {
			u = a.use(plan, len(page.Rows)-i)
		}
		u.shown = append(u.shown, shown{row.Owner, row.ID, row.Mask & fields})
	}
	for i := range page.Rows {
		for j, below := range page.Rows[i].Children {
			if below != nil {
				a.page(plan.Children[j].Plan, below)
			}
		}
	}
}

// use gives that of a plan, with room for some rows.
func (a *auditor) use(plan *Plan, room int) *use {
	for i, p := range a.plans {
		if p == plan {
			return &a.uses[i]
		}
	}
	action := plan.Action
	if action == "" {
		action = policy.Read
	}
	a.plans = append(a.plans, plan)
	a.uses = append(a.uses, use{
		line: AuditedRead{
			At: a.now, Reader: a.principal.Firm, Actor: a.principal.User, ActorKind: a.principal.Actor,
			Via: a.principal.Via, Cause: a.principal.Cause, Kind: plan.Kind, Action: action, Epoch: a.rules.Epoch(),
		},
		outlook: a.outlook(plan), shown: make([]shown, 0, room),
	})
	return &a.uses[len(a.uses)-1]
}

// wanted are the fields whose values a plan asks for. That a record is there
// is told even where none is.
func wanted(plan *Plan) schema.Mask {
	var m schema.Mask
	for _, f := range plan.Fields {
		m = m.With(f.Bit)
	}
	return m
}
