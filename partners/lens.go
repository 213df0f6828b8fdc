package partners

import (
	"fmt"
	"slices"

	"fondaco/policy"
	"fondaco/schema"
)

// A lens is put before a view by a firm that asks what another one sees: it
// shows the asking firm's own rows alone, and may show them as if something
// were granted that is not. The zero lens changes nothing.
type lens struct {
	// owner is the firm whose rows alone are shown.
	owner schema.FirmID
	// agreement and granted are points of reach that are supposed beside those that stand.
	agreement schema.ID
	granted   []Record
}

// narrow leaves the paths that the owner itself has opened. What a third firm
// opens to the reader is not the asking firm's to know, not even by what it
// would open of the asking firm's own notes.
func (l *lens) narrow(v policy.View) policy.View {
	if !l.owner.IsZero() {
		v.Paths = l.opened(v.Paths)
	}
	return v
}

func (l *lens) opened(paths []policy.Path) []policy.Path {
	var list []policy.Path
	for _, p := range paths {
		switch p.Type {
		case policy.Member:
			continue
		case policy.Agreement, policy.Grant:
			if p.Owner != l.owner {
				continue
			}
		case policy.Parent:
			if p.Parent = l.opened(slices.Clone(p.Parent)); len(p.Parent) == 0 {
				continue
			}
		case policy.Addressed, policy.ParentOwned:
		}
		list = append(list, p)
	}
	return list
}

// points is the table of what was granted record by record, with what is
// supposed to be.
func (v *viewPrinter) points() string {
	if len(v.lens.granted) == 0 {
		return "reach"
	}
	records, kinds := make([][16]byte, len(v.lens.granted)), make([]string, len(v.lens.granted))
	for i, g := range v.lens.granted {
		records[i], kinds[i] = g.ID, g.Kind.Name
	}
	return fmt.Sprintf("(SELECT x.agreement_id, x.record_id, x.kind, x.firm_id, x.owner_firm_id FROM reach x UNION ALL SELECT %s, g.id, g.kind, %s, %s FROM unnest(%s::uuid[], %s::text[]) AS g (id, kind))",
		v.id(v.lens.agreement), v.id(v.view.Firm.ID()), v.id(v.lens.owner.ID()), v.args.Add(records), v.args.Add(kinds))
}
