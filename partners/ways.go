package partners

import (
	"slices"
	"strconv"
	"strings"

	"fondaco/policy"
	"fondaco/schema"
)

// ways are the paths of a view as statements are printed from them: what is
// alike stands together, so that the text of a statement grows with the sorts
// of paths and not with the number of firms and agreements behind them. They
// are made once for a view and never change.
type ways struct {
	kind   *schema.Kind
	single []policy.Path // each is a way of its own
	grants []*grantWay
	owners []*ownerWay
	below  []*belowWay
}

// A grantWay is what was granted one by one under agreements that show the same.
type grantWay struct {
	first      policy.Path
	agreements [][16]byte
	list       *array // the agreements
}

func newGrantWay(p policy.Path) *grantWay {
	g := &grantWay{first: p, agreements: [][16]byte{p.Agreement}}
	g.list = newArray(g.agreements)
	return g
}

// An ownerWay is what firms open of their rows by conditions of one form. The
// firms and their literals are columns of one list, in which each firm has a
// place.
type ownerWay struct {
	firms   [][16]byte
	list    *array // the firms
	columns []*column
	where   template // which rows of a firm; empty for all
	mask    template
}

// A belowWay is what belongs to rows that are reached by some paths.
type belowWay struct {
	first policy.Path
	above *ways
}

// newWays sorts the paths to rows of a kind. The order in which they come out
// follows from that in which they stand in their view.
func newWays(k *schema.Kind, paths []policy.Path) *ways {
	w := &ways{kind: k}
	var owners []schema.FirmID
	ofOwner, ofAbove := map[schema.FirmID][]policy.Path{}, map[*belowWay][]policy.Path{}
	for _, p := range paths {
		switch {
		case p.Type == policy.Agreement:
			if ofOwner[p.Owner] == nil {
				owners = append(owners, p.Owner)
			}
			ofOwner[p.Owner] = append(ofOwner[p.Owner], p)
		case p.Type == policy.Grant && !p.Named && p.Filter == nil:
			w.addGrant(p)
		case p.Type == policy.Parent:
			b := w.belowLike(p)
			ofAbove[b] = append(ofAbove[b], p.Parent...)
		default:
			w.single = append(w.single, p)
		}
	}
	for _, owner := range owners {
		w.addOwner(owner, ofOwner[owner])
	}
	for _, b := range w.below {
		b.above = newWays(k.Parent.Target(), ofAbove[b])
	}
	w.ready()
	return w
}

// ready makes the lists of the ways ready to be sent.
func (w *ways) ready() {
	for _, g := range w.grants {
		g.list = newArray(g.agreements)
	}
	for _, o := range w.owners {
		o.list = newArray(o.firms)
		for _, c := range o.columns {
			c.ready()
		}
	}
}

func (w *ways) none() bool {
	return len(w.single)+len(w.grants)+len(w.owners)+len(w.below) == 0
}

func (w *ways) addGrant(p policy.Path) {
	for _, g := range w.grants {
		if g.first.Mask == p.Mask && g.first.Through == p.Through {
			g.agreements = append(g.agreements, p.Agreement)
			return
		}
	}
	w.grants = append(w.grants, newGrantWay(p))
}

func (w *ways) belowLike(p policy.Path) *belowWay {
	for _, b := range w.below {
		if b.first.Mask == p.Mask && b.first.Named == p.Named && slices.Equal(b.first.Except, p.Except) {
			return b
		}
	}
	b := &belowWay{first: p}
	w.below = append(w.below, b)
	return b
}

// addOwner gives a firm a place among those whose conditions have its form.
func (w *ways) addOwner(owner schema.FirmID, paths []policy.Path) {
	fresh := newOwnerWay(owner, paths)
	for _, known := range w.owners {
		if known.where.equal(fresh.where) && known.mask.equal(fresh.mask) {
			known.firms = append(known.firms, fresh.firms...)
			for i, c := range known.columns {
				c.append(fresh.columns[i])
			}
			return
		}
	}
	w.owners = append(w.owners, fresh)
}

// newOwnerWay prints the conditions of one firm's paths with marks in place
// of the literals.
func newOwnerWay(owner schema.FirmID, paths []policy.Path) *ownerWay {
	w := &ownerWay{firms: [][16]byte{owner}}
	name := func(f *schema.Field) string { return recordMark + "." + f.Columns()[0] }
	wheres, masks := make([]string, len(paths)), make([]string, len(paths))
	whole := false
	for i, p := range paths {
		var all []string
		if p.Named {
			all = append(all, readerMark+" = ANY ("+recordMark+".audience_firms)")
		}
		if p.Filter != nil {
			all = append(all, p.Filter.SQL(w, name))
		}
		wheres[i], masks[i] = strings.Join(all, " AND "), w.Bind(int64(p.Mask), "bigint")
		if len(paths) > 1 && wheres[i] != "" {
			masks[i] = "CASE WHEN " + wheres[i] + " THEN " + masks[i] + " ELSE 0 END"
		}
		whole = whole || wheres[i] == ""
	}
	if !whole {
		w.where = parse(strings.Join(wheres, " OR "))
	}
	w.mask = parse(strings.Join(masks, " | "))
	return w
}

// Bind puts a literal into a column of its own.
func (w *ownerWay) Bind(value any, sqlType string) string {
	w.columns = append(w.columns, newColumn(value, sqlType))
	return columnMark + strconv.Itoa(len(w.columns)-1) + " " + sqlType + columnMark
}
