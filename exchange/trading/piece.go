package trading

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
)

// piece is one interchange of a file, read and validated.
type piece struct {
	place     int // in the file, from 1
	ic        *edi.Interchange
	data      []byte       // the interchange alone
	start     edi.Position // of the header, or of the UNA before it
	sum       string       // SHA-256 of data
	groups    byGroup      // until match has found the transactions
	documents map[*edi.Transaction]*mapping.Document
	findings  []edi.Finding // of the file, told with its first interchange
	standard  string
}

// read splits a file into its interchanges. A file without any, or in a
// standard that is not read, is one piece with a nil interchange.
func (s *Service) read(data []byte) []*piece {
	c := &cutter{reader: edi.NewReader(bytes.NewReader(data), edi.Options{}), data: data}
	src := &mapping.Source{
		Validator: guide.NewValidator(c.reader, s.guides, guide.Options{RequireGuide: true}),
		Done:      func(_ *edi.Event, d *mapping.Document) { c.documents = append(c.documents, d) },
	}
	c.Source = src
	report, err := edi.Collect(c)
	c.end(len(data))
	if len(c.pieces) == 0 || err != nil && len(report.Interchanges) < len(c.pieces) {
		return []*piece{unreadable(data, c.reader.Standard(), err)}
	}
	for i, ic := range report.Interchanges {
		c.pieces[i].ic = ic
		c.pieces[i].match()
	}
	c.pieces[0].findings = report.List
	if err != nil {
		c.pieces[0].findings = append(c.pieces[0].findings, broken(err))
	}
	return c.pieces
}

// unreadable is a file of which nothing can be taken.
func unreadable(data []byte, standard edi.Standard, err error) *piece {
	p := &piece{place: 1, data: data, sum: sumOf(data), findings: []edi.Finding{broken(err)}}
	if standard != 0 {
		p.standard = standard.String()
	}
	return p
}

func broken(err error) edi.Finding {
	f := edi.Finding{ID: "trading.unreadable", Severity: edi.Error, Level: edi.LevelFile}
	if err != nil {
		f.Rule = err.Error()
	}
	return f
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// cutter notes, as the events pass by, where each interchange begins and ends
// and which documents it has.
type cutter struct {
	*mapping.Source
	reader    *edi.Reader
	data      []byte
	pieces    []*piece
	open      bool
	documents []*mapping.Document
	groups    [][]*mapping.Document // by group, of the last piece
}

// Next gives the next event.
func (c *cutter) Next() (*edi.Event, error) {
	e, err := c.Source.Next()
	if err != nil {
		return nil, err
	}
	switch e.Kind {
	case edi.InterchangeStart:
		at := e.Interchange.Start
		c.end(int(at.Offset))
		c.pieces = append(c.pieces, &piece{place: len(c.pieces) + 1, start: at, standard: e.Interchange.Standard().String()})
		c.open, c.groups = true, nil
	case edi.GroupStart:
		c.documents = nil
	case edi.GroupEnd:
		c.groups = append(c.groups, c.documents)
		c.pieces[len(c.pieces)-1].keep(c.groups)
	case edi.InterchangeEnd:
		if e.Segment != nil {
			c.end(int(e.Segment.Position().Offset) + len(e.Segment.Body()) + len(e.Segment.Terminator()))
		}
	}
	return e, nil
}

// end closes the piece at hand before the byte at.
func (c *cutter) end(at int) {
	if !c.open {
		return
	}
	c.open = false
	p := c.pieces[len(c.pieces)-1]
	p.data = c.data[p.start.Offset:at]
	p.sum = sumOf(p.data)
}

// byGroup carries documents until the report says which transactions they are.
type byGroup = [][]*mapping.Document

func (p *piece) keep(groups byGroup) { p.groups = groups }

// match finds the transaction of each document.
func (p *piece) match() {
	p.documents = map[*edi.Transaction]*mapping.Document{}
	for i, g := range p.ic.Groups {
		if i >= len(p.groups) {
			return
		}
		for _, d := range p.groups[i] {
			if d.Transaction <= len(g.Transactions) {
				p.documents[g.Transactions[d.Transaction-1]] = d
			}
		}
	}
}
