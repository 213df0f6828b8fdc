package policy

import (
	"slices"
	"time"

	"fondaco/schema"
)

// View is what a principal may reach of one kind, for one action, at one
// instant: a union of paths. A row is reached if one path reaches it; its
// fields are those of all paths that do.
type View struct {
	Kind  *schema.Kind
	Firm  schema.FirmID // the reader's firm
	Paths []Path
	// Counts are the ways to rows that may be counted and not read, Overlaps those to the knowledge that another firm
	// holds a record too. Neither reaches a row: they are in no list, and have questions of their own.
	Counts   []CountPath
	Overlaps []OverlapPath
	// Class is equal for views of the same shape and masks: ids and literals are left out, so that a statement
	// printed for one view serves all views of its class with other parameters. Paths stand in the order of Class.
	Class string
	// Until is the instant at which an agreement begins or ends and the view with it, zero for none. The view
	// holds until then, unless the snapshot is replaced.
	Until time.Time
}

// PathType is a sort of reason for which a row is reached.
type PathType uint8

// The path types, as predicates over a row r for the reader's firm F.
const (
	// Member: r.holder = F. Own rows whose audience is a team only for Teams, unless AllTeams is set. A row that
	// is a copy shows no more than the fields that it holds. With Within narrower than FirmRows r.owner = F too, and
	// one of Keepers keeps it: see KeeperField. A view may have several of these, narrow ones that show more.
	Member PathType = iota + 1
	// Agreement: r.holder = r.owner = Owner, and Filter matches.
	Agreement
	// Grant: r.holder = r.owner = Owner, r is granted, in force, under Agreement, and Filter matches: to Through, if
	// Owner let that firm pass on what was granted to it, else to F.
	Grant
	// Addressed: r.holder = r.owner, which is not F, r was addressed to F, and was sent.
	Addressed
	// Parent: r.holder = r.owner, which is not F, and one of the Parent paths reaches the row to which r belongs.
	// Unless the path is Named, r must belong to the owner of that row.
	Parent
	// ParentOwned: r.holder = r.owner, which is not F, and the row to which r belongs is F's own. Always Named.
	ParentOwned
)

// String gives the name of the path type.
func (t PathType) String() string {
	return [...]string{"none", "member", "agreement", "grant", "addressed", "parent", "parentOwned"}[t]
}

// Path is one reason for which rows are reached.
type Path struct {
	Type PathType
	// Mask has the fields that the path shows, or lets set for a write.
	Mask schema.Mask
	// Owner is the firm whose rows are reached: Agreement and Grant.
	Owner schema.FirmID
	// Agreement is the agreement that opens the path, and under which rows are granted: Agreement, Grant, and a
	// Parent below them.
	Agreement schema.ID
	// Filter chooses the rows of an Agreement or a Grant path; nil for all.
	Filter *Filter
	// Within is how far a Member path reaches; FirmRows on all others.
	Within RowScope
	// Keepers are the people whose records a Member path narrower than FirmRows reaches.
	Keepers []schema.Ref[schema.User]
	// Teams are the principal's teams: Member.
	Teams []schema.Ref[schema.Team]
	// AllTeams is set on the Member path of a rule of the node, which no team narrows.
	AllTeams bool
	// Named asks, on every path from another firm to a kind with an audience, that the row's audience names F.
	Named bool
	// Through is the firm to which the rows of a Grant path were granted, and which passes them on; zero when they were
	// granted to F itself.
	Through schema.FirmID
	// Except are firms whose rows the path leaves out, on Parent and ParentOwned: no partners of F, but firms of which
	// another one passes something on.
	Except []schema.FirmID
	// Parent are the paths to the row to which r belongs, any one of which opens the Parent path.
	Parent []Path
	// Rule is the rule, or the rules, by which the path is open, each with its source.
	Rule string
}

// View gives the paths by which the principal reaches rows of a kind for an
// action at an instant. Without any path nothing is reached.
func (s *Snapshot) View(p Principal, k *schema.Kind, a Action, now time.Time) View {
	v := View{Kind: k, Firm: s.rules.Firm, Until: s.nextTurn(now)}
	if p.Firm == s.rules.Firm {
		r := reach{s: s, p: &p, judge: s.For(&p), now: now}
		v.Paths = r.paths(k, a)
		if a == Read {
			r.countsAndOverlaps(&v, k)
		}
	}
	v.Paths, v.Class = arrange(k, v.Paths)
	return v
}

// nextTurn gives the first instant after now at which some agreement begins or ends.
func (s *Snapshot) nextTurn(now time.Time) time.Time {
	for _, turn := range s.turns {
		if turn.After(now) {
			return turn
		}
	}
	return time.Time{}
}

// reach collects the paths of one principal at one instant.
type reach struct {
	s   *Snapshot
	p   *Principal
	now time.Time

	judge Judge
}

func (r *reach) paths(k *schema.Kind, a Action) []Path {
	paths := r.member(k, a)
	for _, one := range r.s.agreements {
		if !k.Private && one.open(r.now) {
			paths = r.addUnder(paths, one, k, a)
		}
	}
	return append(paths, r.builtIn(k, a)...)
}

// member gives the path to what lies with the principal's own firm.
func (r *reach) member(k *schema.Kind, a Action) []Path {
	own := r.judge.Judge(k, a)
	var paths []Path
	var wider schema.Mask
	for within := FirmRows; ; within-- {
		if mask := own.Within[within]; mask&^wider != 0 {
			paths, wider = append(paths, r.memberWithin(k, within, mask, own.Rule)...), mask
		}
		if within == OwnRows {
			return paths
		}
	}
}

// memberWithin gives the path to the own firm's rows within a scope; none for
// a scope narrower than the firm when nobody in person asks.
func (r *reach) memberWithin(k *schema.Kind, within RowScope, mask schema.Mask, rule string) []Path {
	path := Path{Type: Member, Mask: mask, Within: within, Rule: rule}
	if within != FirmRows {
		if path.Keepers = r.p.keepers(within); len(path.Keepers) == 0 {
			return nil
		}
	}
	if k.HasAudience {
		path.Teams, path.AllTeams = slices.Clone(r.p.Teams), r.p.Actor == ActorSystem
	}
	return []Path{path}
}

// under gives the paths that one agreement opens to a kind, term by term.
func (r *reach) under(g *agreement, k *schema.Kind, a Action) []Path {
	return r.addUnder(nil, g, k, a)
}

func (r *reach) addUnder(paths []Path, g *agreement, k *schema.Kind, a Action) []Path {
	for _, t := range g.terms {
		if t.kind == k && t.reads() && t.open(r.now) && r.openTo(g, t) {
			paths = r.opened(paths, g, t, k, a)
		}
	}
	return paths
}

// open adds a path from another firm, as far as the rules of that path and
// those of the principal's own firm allow it. A firm as such, to whose node
// something is sent, has no role that could narrow it. Rows of other firms are
// kept by nobody here: who may work with some people's records alone reaches
// none of them.
func (r *reach) open(paths []Path, path Path, v Verdict, k *schema.Kind, a Action) []Path {
	path.Mask, path.Rule = v.Mask, v.Rule
	if r.p.Actor != ActorNode {
		own := r.judge.Judge(k, a)
		path.Mask &= own.Within[FirmRows]
		path.Rule += "\n" + own.Rule
	}
	if !v.Allowed || path.Mask == 0 {
		return paths
	}
	return append(paths, path)
}

// builtIn gives the paths that need no agreement: who the firm's partners are,
// what was addressed to the firm, what partners state on its own records with
// an audience that names it, and what belongs to either.
func (r *reach) builtIn(k *schema.Kind, a Action) []Path {
	if k.Private {
		return nil
	}
	var paths []Path
	if k == schema.Firms {
		// A partnership lets the firms know who the other is: each shows its own record, as if it opened all of that kind.
		verdict := r.s.builtIn(placeAddressed, k, a)
		for _, partner := range r.s.rules.Partners {
			paths = r.open(paths, Path{Type: Agreement, Within: FirmRows, Owner: partner}, verdict, k, a)
		}
	}
	if k.HasAddress {
		path := Path{Type: Addressed, Within: FirmRows, Named: k.HasAudience}
		paths = r.open(paths, path, r.s.builtIn(placeAddressed, k, a), k, a)
	}
	if k.Parent == nil {
		return paths
	}
	child := r.s.builtIn(placeChild, k, a)
	if k.HasAudience {
		return r.open(paths, Path{Type: ParentOwned, Within: FirmRows, Named: true, Except: r.s.strangers}, child, k, a)
	}
	path := Path{Type: Parent, Within: FirmRows, Except: r.s.strangers}
	if path.Parent = r.builtIn(k.Parent.Target(), Read); len(path.Parent) > 0 {
		paths = r.open(paths, path, child, k, a)
	}
	return paths
}

// builtIn asks the shipped rules what a firm may see without an agreement.
func (s *Snapshot) builtIn(subject int, k *schema.Kind, a Action) Verdict {
	place := s.place(k, a)
	if place < 0 {
		return Verdict{}
	}
	return s.cell(place+subject, k, a).alone
}
