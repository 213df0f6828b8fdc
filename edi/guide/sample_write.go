package guide

import (
	"bytes"
	"fmt"
	"strconv"

	"fondaco/edi"
)

// bytes writes the document with its envelopes.
func (d *draft) bytes() []byte {
	var b bytes.Buffer
	w := &sampleWriter{&b, d.o.Delimiters, d.o.Newline}
	if d.g.Standard == edi.EDIFACT {
		d.edifact(w)
	} else {
		d.x12(w)
	}
	return b.Bytes()
}

func (d *draft) x12(w *sampleWriter) {
	l := w.delims
	eleventh := "U"
	if l.Repetition != 0 {
		eleventh = string(rune(l.Repetition))
	}
	version := "00401"
	if len(d.g.Version) >= 5 {
		version = d.g.Version[:5]
	}
	w.simple("ISA", "00", "          ", "00", "          ", "ZZ", "SENDER         ", "ZZ", "RECEIVER       ",
		"240408", "0612", eleventh, version, "000000001", "0", "T", string(rune(l.Component)))
	w.simple("GS", d.g.Group, "SENDER", "RECEIVER", "20240408", "0612", "1", "X", d.g.Version)
	d.body(w, "SE", "0001")
	w.simple("GE", "1", "1")
	w.simple("IEA", "1", "000000001")
}

func (d *draft) edifact(w *sampleWriter) {
	l := w.delims
	rep := byte(' ')
	syntax, date := "3", "240408"
	if l.Repetition != 0 {
		rep, syntax, date = l.Repetition, "4", "20240408"
	}
	fmt.Fprintf(w.b, "UNA%c%c%c%c%c%s%s", l.Component, l.Element, l.Decimal, l.Release, rep, l.Terminator, w.newline)
	w.write("UNB", [][][]string{{{"UNOC", syntax}}, {{"SENDER"}}, {{"RECEIVER"}}, {{date, "0612"}}, {{"1"}}})
	d.body(w, "UNT", "1")
	w.simple("UNZ", "1", "1")
}

func (d *draft) body(w *sampleWriter, trailer, control string) {
	for i := range d.segs {
		s := &d.segs[i]
		if s.tag != trailer {
			w.segment(s)
		}
	}
	if d.control != 0 {
		control += "9"
	}
	w.simple(trailer, strconv.Itoa(len(d.segs)+d.count), control)
}

type sampleWriter struct {
	b       *bytes.Buffer
	delims  edi.Delimiters
	newline string
}

func (w *sampleWriter) simple(tag string, values ...string) {
	w.b.WriteString(tag)
	for _, v := range values {
		w.b.WriteByte(w.delims.Element)
		w.b.WriteString(v)
	}
	w.end()
}

func (w *sampleWriter) end() {
	w.b.WriteString(w.delims.Terminator)
	w.b.WriteString(w.newline)
}

func (w *sampleWriter) write(tag string, elements [][][]string) {
	w.segment(&segment{tag: tag, elements: elements})
}

func (w *sampleWriter) segment(s *segment) {
	elements := s.elements
	w.b.WriteString(s.tag)
	last := len(elements)
	for last > 0 && empty(elements[last-1]) {
		last--
	}
	for _, e := range elements[:last] {
		w.b.WriteByte(w.delims.Element)
		for r, parts := range e {
			if r > 0 {
				w.b.WriteByte(w.delims.Repetition)
			}
			w.parts(parts)
		}
	}
	if s.tail {
		w.b.WriteByte(w.delims.Element)
	}
	w.end()
}

func (w *sampleWriter) parts(parts []string) {
	n := len(parts)
	for n > 0 && parts[n-1] == "" {
		n--
	}
	for i, p := range parts[:n] {
		if i > 0 {
			w.b.WriteByte(w.delims.Component)
		}
		out, _ := w.delims.Escape(nil, []byte(p))
		w.b.Write(out)
	}
}

func empty(e [][]string) bool {
	for _, parts := range e {
		for _, p := range parts {
			if p != "" {
				return false
			}
		}
	}
	return true
}
