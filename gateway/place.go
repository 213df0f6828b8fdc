package gateway

import (
	"fondaco/partners"
	"fondaco/schema"
)

// place is what is in the cursor of a list of objects that are no records: the
// list, and the last entry that was given of it.
type place struct {
	List  string
	Firm  schema.FirmID
	ID    schema.ID
	Owner schema.FirmID
}

// span reads first and after of a list. name tells the list from all others.
func (q *query) span(name string, args map[string]any) (partners.Span, place, error) {
	var from place
	first, _ := args["first"].(int64)
	if first < 1 || first > pageMax {
		return partners.Span{}, from, refuse("first must be 1 to %d", pageMax)
	}
	if after, ok := args["after"].(string); ok {
		if q.gateway.sealer.open(forPlace, after, &from) != nil || from.List != name || from.Firm != q.principal.Firm {
			return partners.Span{}, from, refuse("after is no cursor of this list")
		}
	}
	return partners.Span{After: from.ID, First: int(first)}, from, nil
}

// placed gives the cursor of an entry of a list.
func (q *query) placed(name string, id schema.ID, owner schema.FirmID) string {
	return q.gateway.sealer.seal(forPlace, place{name, q.principal.Firm, id, owner})
}
