package edi

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
)

// jsonSegment is one line of the form.
type jsonSegment struct {
	Filler     *string         `json:"filler"`
	Gap        string          `json:"gap"`
	Delimiters *jsonDelimiters `json:"delimiters"`
	Tag        string          `json:"tag"`
	Elements   []jsonElement   `json:"elements"`
	Raw        *string         `json:"raw"`
	End        *string         `json:"end"`
}

type jsonDelimiters struct {
	Element    string `json:"element"`
	Component  string `json:"component"`
	Repetition string `json:"repetition"`
	Release    string `json:"release"`
	Decimal    string `json:"decimal"`
	Tag        string `json:"tag"`
	Terminator string `json:"terminator"`
}

func (j *jsonDelimiters) delimiters() (Delimiters, error) {
	d := Delimiters{Terminator: string(fromJSON(nil, j.Terminator))}
	for _, p := range []struct {
		name string
		to   *byte
		from string
	}{
		{"element", &d.Element, j.Element}, {"component", &d.Component, j.Component}, {"repetition", &d.Repetition, j.Repetition},
		{"release", &d.Release, j.Release}, {"decimal", &d.Decimal, j.Decimal}, {"tag", &d.Tag, j.Tag},
	} {
		b := fromJSON(nil, p.from)
		if len(b) > 1 {
			return d, fmt.Errorf("delimiter %s: %q is more than one byte", p.name, p.from)
		}
		if len(b) == 1 {
			*p.to = b[0]
		}
	}
	if d.Element == 0 {
		return d, errors.New("delimiters without an element separator")
	}
	return d, nil
}

// jsonElement is an element: its repetitions, each with its components.
type jsonElement [][]string

func (e *jsonElement) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		c, err := components(b)
		*e = jsonElement{c}
		return err
	}
	var o struct {
		Repeat []json.RawMessage `json:"repeat"`
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	for _, r := range o.Repeat {
		c, err := components(r)
		if err != nil {
			return err
		}
		*e = append(*e, c)
	}
	return nil
}

func components(b []byte) ([]string, error) {
	if b[0] == '[' {
		var c []string
		return c, json.Unmarshal(b, &c)
	}
	var s string
	err := json.Unmarshal(b, &s)
	return []string{s}, err
}

type jsonDecoder struct {
	w       *bufio.Writer
	d       Delimiters
	seg     jsonSegment
	buf     []byte
	scratch []byte
}

func (j *jsonDecoder) segment() error {
	s := &j.seg
	if s.Filler != nil {
		_, err := j.w.Write(fromJSON(j.buf[:0], *s.Filler))
		return err
	}
	if s.Delimiters != nil {
		d, err := s.Delimiters.delimiters()
		if err != nil {
			return err
		}
		j.d = d
	}
	j.buf = fromJSON(j.buf[:0], s.Gap)
	if s.Raw != nil {
		j.buf = fromJSON(j.buf, *s.Raw)
	} else if err := j.body(); err != nil {
		return err
	}
	if s.End != nil {
		j.buf = fromJSON(j.buf, *s.End)
	} else {
		j.buf = append(j.buf, j.d.Terminator...)
	}
	_, err := j.w.Write(j.buf)
	return err
}

func (j *jsonDecoder) body() error {
	j.buf = fromJSON(j.buf, j.seg.Tag)
	for n, e := range j.seg.Elements {
		sep := j.d.Element
		if n == 0 && j.d.Tag != 0 {
			sep = j.d.Tag
		}
		j.buf = append(j.buf, sep)
		if err := j.element(n+1, e); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonDecoder) element(n int, e jsonElement) error {
	if len(e) > 1 && j.d.Repetition == 0 {
		return fmt.Errorf("%s%02d repeats, but these delimiters have no repetition separator", j.seg.Tag, n)
	}
	for r, composite := range e {
		if r > 0 {
			j.buf = append(j.buf, j.d.Repetition)
		}
		if len(composite) > 1 && j.d.Component == 0 {
			return fmt.Errorf("%s%02d has components, but these delimiters have no component separator", j.seg.Tag, n)
		}
		for c, v := range composite {
			if c > 0 {
				j.buf = append(j.buf, j.d.Component)
			}
			if err := j.value(n, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *jsonDecoder) value(n int, v string) error {
	j.scratch = fromJSON(j.scratch[:0], v)
	// the header of an X12 interchange declares its delimiters as data
	if j.seg.Tag == "ISA" && j.d.Release == 0 {
		j.buf = append(j.buf, j.scratch...)
		return nil
	}
	var ok bool
	if j.buf, ok = j.d.Escape(j.buf, j.scratch); !ok {
		return &DelimiterError{Tag: j.seg.Tag, Element: n, Value: v}
	}
	return nil
}
