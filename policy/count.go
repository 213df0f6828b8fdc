package policy

import "fondaco/schema"

// CountPath leads to rows that may be counted, and none of which can be read:
// level COUNTS of a sharing agreement. Its rows are those that the Path
// reaches; they are in no list and have no fields. The Mask has the fields by
// which the count may be narrowed.
type CountPath struct {
	Path
	// Floor is the number below which nothing is told.
	Floor int64
}

// Show gives what may be told of a count: nothing below the floor, and from
// there on the count rounded down to a multiple of the floor, since whoever
// knows the count before and after could else tell a single record.
func (c *CountPath) Show(n int64) (atLeast int64, ok bool) {
	if n < c.Floor {
		return 0, false
	}
	return n - n%c.Floor, true
}

// OverlapPath leads from the reader's own records to the fact that another
// firm holds the same ones: level OVERLAP of a sharing agreement. Own record
// x overlaps with a row r that the Path reaches when one of Keys is stated by
// both, and equal byte by byte. The answer names x and the owner of r; of r
// itself nothing is shown.
type OverlapPath struct {
	Path
	Keys []*schema.Field
}

// Same tells whether two records have a key in common. Whether the Path
// reaches the other firm's is for [View.MatchOne] to tell.
func (o *OverlapPath) Same(mine, theirs schema.Entity) bool {
	for _, key := range o.Keys {
		if v := key.Value(mine); v != nil && schema.SameValue(v, key.Value(theirs)) {
			return true
		}
	}
	return false
}

// countsAndOverlaps adds what agreements tell of a kind without letting any
// row be read.
func (r *reach) countsAndOverlaps(v *View, k *schema.Kind) {
	if k.Private {
		return
	}
	for _, g := range r.s.agreements {
		if !g.open(r.now) {
			continue
		}
		for _, t := range g.terms {
			if t.kind != k || t.reads() || t.level == schema.ShareHidden || !t.open(r.now) || !r.openTo(g, t) {
				continue
			}
			path := Path{Type: Agreement, Within: FirmRows, Owner: g.Owner, Agreement: g.ID, Filter: t.filter, Named: k.HasAudience}
			for _, p := range r.open(nil, path, g.verdict(t, Read), k, Read) {
				if t.level == schema.ShareCounts {
					v.Counts = append(v.Counts, CountPath{p, t.floor})
				} else {
					v.Overlaps = append(v.Overlaps, OverlapPath{p, t.keys})
				}
			}
		}
	}
}
