package mapping

import (
	"io"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/schema"
)

// SalesReports gives the sales reports of r one after the other, as their
// transactions end, with what was found in each. No document is kept: values
// know no place in the file. Transactions of other kinds are passed over.
func SalesReports(r io.Reader, guides *guide.Library, maps *Library, take func(*edi.Event, *SalesReport) error) error {
	s := newStream(r, guides, maps, guide.Options{})
	var y nursery
	for {
		e, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e.Kind != edi.TransactionEnd || s.m == nil || s.m.Target != schema.SalesReports.Name {
			continue
		}
		if err := take(e, NewSalesReport(y.read(&s.t))); err != nil {
			return err
		}
	}
}
