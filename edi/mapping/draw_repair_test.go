package mapping

import (
	"bytes"
	"strings"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// repair mends what the validator finds: what notes and totals ask for cannot
// be drawn element by element. It tells whether the document is valid then.
func (d *drawing) repair() (*Document, bool) {
	for range 12 {
		file := envelope(d.m.Guide, delimiters(d.m.Guide), d.body())
		docs, rep, err := Documents(bytes.NewReader(file), nil, guide.Options{Guide: d.m.Guide, RequireGuide: true})
		if err != nil || len(docs) != 1 {
			d.t.Fatalf("%d documents, %v in\n%s", len(docs), err, file)
		}
		if docs[0].Errors == 0 {
			return docs[0], true
		}
		mended := false
		from := len(d.segs)
		rep.All(func(f *edi.Finding) {
			if f.Severity == edi.Error && len(d.segs) == from {
				mended = d.mend(f) || mended
			}
		})
		if !mended {
			return docs[0], false
		}
	}
	return nil, false
}

func (d *drawing) mend(f *edi.Finding) bool {
	at := f.Path.Segment - 1
	if at < 0 || at >= len(d.segs) {
		return false
	}
	s := d.segs[at]
	fields := d.fields(s.use)
	switch _, id, _ := strings.Cut(f.ID, "."); id {
	case "segment.too-many", "loop.too-many", "segment.sequence", "segment.unexpected", "segment.stray", "segment.not-in-set":
		if at == 0 {
			return false
		}
		d.segs = append(d.segs[:at], d.segs[at+1:]...)
		return true
	}
	if f.Path.Element < 1 || f.Path.Element > len(fields) {
		return false
	}
	c := cell{f.Path.Element, max(f.Path.Component, 1)}
	field := &fields[c.element-1]
	e := field.Element
	if field.Composite != nil {
		e = field.Composite.Fields[c.component-1].Element
	}
	switch _, id, _ := strings.Cut(f.ID, "."); id {
	case "element.missing", "element.condition":
		*s.at(c.element, c.component) = d.value(s, c, e)
	case "element.exclusion":
		for i := range s.elements[c.element-1] {
			s.elements[c.element-1][i] = ""
		}
	case "transaction.total", "transaction.hash-total":
		*s.at(c.element, c.component) = f.Expected
	case "element.date":
		*s.at(c.element, c.component) = "20240408"
		if isEDIFACT(d.m.Guide) && c.component == 2 {
			*s.at(c.element, 3) = "102"
		}
	default:
		return false
	}
	return true
}
