package mapping

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// useOf is a place in a guide.
type useOf = guide.Use

// required tells whether the element stands in a segment that every document has.
func (c *computed) required() bool { return c.place.use.Required && c.place.use.Loop == nil }

// value makes up what the element has to say, "" for nothing.
func (c *computed) value(o *Object, root *round) (string, error) {
	if c.count != "" {
		if n := root.count(c.count); n > 0 || c.required() {
			return strconv.Itoa(n), nil
		}
		return "", nil
	}
	if c.hash != nil {
		var total hashTotal
		c.hash.hashOf(root, &total)
		return string(total.text(c.hash.digits)), nil
	}
	total, found := decimal.Zero, false
	err := o.each(c.sum, func(v string) error {
		d, err := decimal.NewFromString(v)
		total, found = total.Add(d), true
		return err
	})
	if err != nil || !found {
		return "", err
	}
	return total.String(), nil
}

// each calls fn for every text at the end of the path.
func (o *Object) each(path []string, fn func(string) error) error {
	f := o.Field(path[0])
	if f == nil {
		return nil
	}
	if len(path) == 1 {
		for _, v := range append(f.Texts, f.Text) {
			if v == "" {
				continue
			}
			if err := fn(v); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
		return nil
	}
	for _, sub := range append(f.Objects, f.Object) {
		if sub == nil {
			continue
		}
		if err := sub.each(path[1:], fn); err != nil {
			return err
		}
	}
	return nil
}

// computed writes a sum that has changed. A document that was read keeps what
// it says as long as that is the same, and gets no sum that it did not have.
func (w *putter) computed(c *computed, was, is string) error {
	at := w.d.root.having(&c.place)
	if was == is || at == nil || c.hash != nil && c.place.best(at, c.place.holds) == nil {
		return nil
	}
	r := &rule{place: c.place, convert: asText{}}
	return w.text(at, w.m.top, r, is)
}

// proof reads what was written with the validator: it must be valid, and state
// what the object does.
func (m *Map) proof(o *Object, body []byte, delims edi.Delimiters) (*Document, error) {
	file := envelope(m.Guide, delims, body)
	docs, rep, err := Documents(bytes.NewReader(file), nil, guide.Options{Guide: m.Guide, RequireGuide: true})
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", m.Guide.Set, err)
	}
	if err := invalid(rep); err != nil {
		return nil, fmt.Errorf("write %s: %w", m.Guide.Set, err)
	}
	if len(docs) != 1 {
		return nil, fmt.Errorf("write %s: it reads back as %d documents", m.Guide.Set, len(docs))
	}
	back, _ := m.Decode(docs[0])
	if at := unsaid(m.rules, o, back); at != "" {
		return nil, fmt.Errorf("write %s: %s cannot be said in this document as the record has it", m.Guide.Set, at)
	}
	docs[0].Transaction = 0
	return docs[0], nil
}

// invalid gives the first error of a report.
func invalid(rep *edi.Report) error {
	texts, err := guide.Messages("en")
	if err != nil {
		return err
	}
	var first error
	rep.All(func(f *edi.Finding) {
		if first == nil && f.Severity == edi.Error {
			first = fmt.Errorf("%s: %s", f.Path, texts.Message(f))
		}
	})
	return first
}

// having is the round that has a place's segment, nil if there is none.
func (r *round) having(p *place) *round {
	if len(p.matches(r)) > 0 {
		return r
	}
	for _, it := range r.items {
		if it.sub == nil {
			continue
		}
		if found := it.sub.having(p); found != nil {
			return found
		}
	}
	return nil
}
