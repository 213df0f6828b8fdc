package partners

import (
	"time"

	"fondaco/policy"
	"fondaco/schema"
)

// Plan says what to read: records of one kind, which of their fields, in
// which order, and what hangs below them. It says nothing about what may be
// seen: that is joined when it is read.
type Plan struct {
	Kind   *schema.Kind
	Action policy.Action   // what the reader wants it for; empty is policy.Read
	Fields []*schema.Field // the values wanted, in the order of the cells
	IDs    []schema.ID     // if not nil, these records alone, in this order where no Order is given
	Where  *policy.Filter  // those that match
	Search string          // those in which all these words are found
	Order  []Order         // at most one field; nil is by label, or else by creation
	First  int             // at most so many, from the beginning or after After
	Last   int             // at most so many, to the end or before Before, instead of First
	After  string          // what Row.Cursor gives
	Before string          // what Row.Cursor gives
	// CountMax, if above 0, also counts the visible records that match, up to this many.
	CountMax int
	Children []*Child
}

// Order is a field to order by. Lists always end their order in the id.
type Order struct {
	Field *schema.Field // nil is by creation
	Desc  bool
}

// Child is a plan below another. If Link is a field of the kind above, it is
// read along that link, one record at most a row. Else Link is a field of the
// plan's own kind that points up, and each row has a list.
type Child struct {
	Link *schema.Field
	Plan *Plan
}

// toOne tells whether the child is read along a link of the kind above.
func (c *Child) toOne(above *schema.Kind) bool { return c.Link.Kind == above }

// Page is what was read for a plan, or for a child below one row.
type Page struct {
	Rows                 []Row
	Count                int  // only with CountMax
	CountExact           bool // false where there are more than CountMax
	HasNext, HasPrevious bool
}

// Row is one record as its reader sees it.
type Row struct {
	ID        schema.ID
	Owner     schema.FirmID
	Holder    schema.FirmID
	Version   int64 // the highest over the fields that the reader sees
	CreatedAt time.Time
	UpdatedAt time.Time // the latest over the fields that the reader sees
	Mask      schema.Mask
	// Cells are the values in PostgreSQL's binary format, nil for null, one for each column of Plan.Fields: an Amount
	// has two, amount and currency. A field outside Mask is null.
	Cells    [][]byte
	Children []*Page // for each of Plan.Children; along a link the page has one row or none

	list *listing
	key  []byte // by which the list is ordered, as text; nil for null
}

// Cursor gives the place of a row in its list, from which a page can go on; ""
// for a row that was asked for by its id, or is read along a link. It is made
// when it is asked for: of most rows nobody wants it.
func (r Row) Cursor() string {
	if r.list == nil {
		return ""
	}
	at := place{Order: r.list.order, ID: r.ID}
	if r.key != nil {
		key := string(r.key)
		at.Key = &key
	}
	return r.list.service.seal(at)
}

// A listing is the list in which rows stand.
type listing struct {
	service *Service
	order   string
}

// PageLimit is the most rows that one page can have.
const PageLimit = 500
