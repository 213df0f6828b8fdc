package trading

import (
	"context"
	"errors"
	"fmt"
	"io"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/schema"
)

// SendFile sends the documents of an EDI file to a trading partner, as Send
// does: it reads them, and writes them anew in an interchange for each guide,
// with the names that were agreed on and numbers of the firm's own. What is
// wrong with a document is told, and nothing is sent.
func (s *Service) SendFile(ctx context.Context, partner schema.ID, r io.Reader, test bool) ([]Sending, error) {
	list, err := s.documents(r)
	if err != nil {
		return nil, &schema.Error{Code: schema.CodeInvalid, Op: "send", Field: "file", Message: err.Error(), Err: err}
	}
	var sent []Sending
	for _, o := range list {
		o.Partner, o.Test = partner, test
		one, err := s.Send(ctx, o)
		if err != nil {
			return sent, err
		}
		sent = append(sent, one)
	}
	return sent, nil
}

// documents reads the records of a file, those of one guide together.
func (s *Service) documents(r io.Reader) ([]Outgoing, error) {
	documents, report, err := mapping.Documents(r, s.guides, guide.Options{RequireGuide: true})
	if err != nil {
		return nil, err
	}
	if err := firstError(report); err != nil {
		return nil, err
	}
	var list []Outgoing
	place := map[string]int{}
	for _, d := range documents {
		m, err := s.maps.Map(d.Guide)
		if err != nil {
			return nil, err
		}
		record, wrong := m.Decode(d)
		if len(wrong) > 0 {
			return nil, fmt.Errorf("document %s: %w", d.ControlNumber(), wrong[0])
		}
		i, there := place[d.Guide.Name]
		if !there {
			i, list = len(list), append(list, Outgoing{Guide: d.Guide.Name})
			place[d.Guide.Name] = i
		}
		list[i].Documents = append(list[i].Documents, OutgoingDocument{Record: record, Number: record.Text("documentNumber")})
	}
	if len(list) == 0 {
		return nil, errors.New("there is no document in it")
	}
	return list, nil
}

// firstError tells the first of the errors that were found in a file.
func firstError(report *edi.Report) error {
	total, _ := report.Totals()
	if total == 0 {
		return nil
	}
	var first *edi.Finding
	report.All(func(f *edi.Finding) {
		if first == nil && f.Severity == edi.Error {
			first = f
		}
	})
	texts, err := guide.Messages("en")
	if err != nil {
		return err
	}
	return fmt.Errorf("%d errors were found in it, the first at %s: %s; 'fondaco edi validate' tells them all", total, first.Path, texts.Message(first))
}
