package mapping

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// useOf is a place in a guide.
type useOf = guide.Use

// value makes up what the element has to say, "" for nothing.
func (c *computed) value(o *Object, root *round) (string, error) {
	if c.count != "" {
		if n := root.count(c.count); n > 0 {
			return strconv.Itoa(n), nil
		}
		return "", nil
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
	if was == is && !w.fresh {
		return nil
	}
	r := &rule{place: c.place, convert: asText{}}
	if !w.fresh && len(c.place.matches(w.d.root)) == 0 {
		return nil
	}
	return w.text(w.d.root, w.m.top, r, is)
}

// proof reads what was written with the validator: it must be valid, and state
// what the object does.
func (m *Map) proof(o *Object, d *Document) error {
	var b bytes.Buffer
	out := edi.NewWriter(&b, edi.WriterOptions{Delimiters: d.delims})
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	err := out.BeginInterchange(edi.InterchangeHeader{Sender: "SENDER", Receiver: "RECEIVER", Date: day, ControlNumber: 1})
	group := edi.GroupHeader{FunctionalID: m.Guide.Group, Sender: "SENDER", Receiver: "RECEIVER", Date: day, ControlNumber: 1, Version: m.Guide.Version}
	if err = errors.Join(err, out.BeginGroup(group), out.Flush()); err != nil {
		return fmt.Errorf("write %s: %w", m.Guide.Set, err)
	}
	b.Write(d.Bytes())
	if err := errors.Join(out.Segment("GE", "1", "1"), out.Segment("IEA", "1", "000000001"), out.Flush()); err != nil {
		return fmt.Errorf("write %s: %w", m.Guide.Set, err)
	}
	docs, rep, err := Documents(&b, nil, guide.Options{Guide: m.Guide, RequireGuide: true})
	if err != nil {
		return fmt.Errorf("write %s: %w", m.Guide.Set, err)
	}
	if err := invalid(rep); err != nil {
		return fmt.Errorf("write %s: %w", m.Guide.Set, err)
	}
	if len(docs) != 1 {
		return fmt.Errorf("write %s: it reads back as %d documents", m.Guide.Set, len(docs))
	}
	back, _ := m.Decode(docs[0])
	if at := difference(o, back); at != "" {
		return fmt.Errorf("write %s: %s cannot be said in this document as the record has it", m.Guide.Set, at)
	}
	return nil
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
