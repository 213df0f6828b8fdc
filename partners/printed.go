package partners

import (
	"sync"
	"unique"

	"fondaco/schema"
)

// A statement is SQL with its arguments.
type statement struct {
	sql  string
	args []any
}

// A slot stands among the arguments of a printed statement for what each use
// of it has of its own.
type slot int

const (
	fromKey slot = iota // where the page begins
	fromID
	aboveIDs // the parents, or the records that are asked for by their ids
)

// A form is which statement of a plan is printed.
type form int

const (
	formPage form = iota
	formChildren
	formByID
	formCount
)

// A shape is all by which the statements of plans differ for one reader and
// kind, as long as the plans ask for nothing by its value.
type shape struct {
	form              form
	fields            string // their bits
	order             Order
	back, from, whole bool
	limit             int // or how far is counted
	link              *schema.Field
}

// printed keeps statements for the next plan of the same shape: to print one
// takes as long as to send it.
type printed struct {
	mu   sync.Mutex
	list map[shape]printedStatement
}

// printedStatement shares its text with all who have the same, who are many:
// it names no reader and no firm.
type printedStatement struct {
	sql  unique.Handle[string]
	args []any
}

// maxPrinted is how many statements are kept for one reader and kind.
const maxPrinted = 32

func (p *printed) get(s shape) (printedStatement, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.list[s]
	return known, ok
}

func (p *printed) put(s shape, fresh printedStatement) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.list == nil || len(p.list) >= maxPrinted {
		p.list = map[shape]printedStatement{}
	}
	p.list[s] = fresh
}

// print gives a statement of the plan: as it was printed once for a plan of
// the same shape, or by text.
func (p *pagePrinter) print(f form, text func() string) statement {
	switch {
	case p.ways.none():
		return statement{}
	case p.printed == nil || p.plan.Where != nil || len(p.words) > 0:
		sql := text()
		return statement{sql, p.filled(p.args.Values)}
	}
	s := p.shape(f)
	known, ok := p.printed.get(s)
	if !ok {
		known = printedStatement{unique.Make(text()), p.args.Values}
		p.printed.put(s, known)
	}
	return statement{known.sql.Value(), p.filled(known.args)}
}

func (p *pagePrinter) shape(f form) shape {
	s := shape{form: f, fields: bitsOf(p.plan.Fields), order: p.order, back: p.back, from: p.from != nil, whole: p.whole, limit: p.limit, link: p.link}
	if f == formCount {
		s.fields, s.limit = "", p.plan.CountMax // the order tells from which list is counted
	}
	return s
}

func bitsOf(fields []*schema.Field) string {
	bits := make([]byte, len(fields))
	for i, f := range fields {
		bits[i] = byte(f.Bit)
	}
	return string(bits)
}

// filled gives the arguments with what this plan has in place of the slots.
func (p *pagePrinter) filled(args []any) []any {
	all := make([]any, len(args))
	for i, a := range args {
		switch a {
		case fromKey:
			a = *p.from.Key
		case fromID:
			a = uuid(p.from.ID)
		case aboveIDs:
			a = uuids(p.parents)
		}
		all[i] = a
	}
	return all
}
