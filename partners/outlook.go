package partners

import (
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"fondaco/policy"
	"fondaco/schema"
)

// An outlook is what one principal may reach of a kind for an action, ready to
// be printed.
type outlook struct {
	view policy.View
	ways *ways
	from time.Time // when it was made; it holds until view.Until
	// printed are statements for this reader and kind; nil for what is asked once, by supposition.
	printed *printed
	rests   struct {
		once sync.Once
		on   map[schema.FirmID][]schema.ID
	}
}

func newOutlook(v policy.View, now time.Time) *outlook {
	return &outlook{view: v, ways: newWays(v.Kind, v.Paths), from: now}
}

// agreementsOf lists the agreements of a firm on which paths to its rows
// rest. All who ask share the list.
func (s *outlook) agreementsOf(owner schema.FirmID) []schema.ID {
	s.rests.once.Do(func() {
		s.rests.on = map[schema.FirmID][]schema.ID{}
		addAgreements(s.rests.on, s.view.Paths)
	})
	return s.rests.on[owner]
}

func addAgreements(on map[schema.FirmID][]schema.ID, paths []policy.Path) {
	for _, p := range paths {
		if !p.Agreement.IsZero() && !slices.Contains(on[p.Owner], p.Agreement) {
			on[p.Owner] = append(on[p.Owner], p.Agreement)
		}
		addAgreements(on, p.Parent)
	}
}

// holds tells whether no agreement began or ended since the outlook was made.
func (s *outlook) holds(now time.Time) bool {
	return !now.Before(s.from) && (s.view.Until.IsZero() || now.Before(s.view.Until))
}

// outlooks keeps those of a set of rules, with which they die: a change of
// rules makes a new set, and so no outlook outlives a revocation.
type outlooks struct {
	mu   sync.Mutex
	list map[outlookKey]*outlook
}

type outlookKey struct {
	viewKey
	principal string
}

// maxOutlooks is how many are kept of one firm's readers. A person reads some
// tens of kinds.
const maxOutlooks = 2048

// outlook gives what a principal may reach of a kind at an instant.
func (r *ruleSet) outlook(p policy.Principal, key viewKey, now time.Time) *outlook {
	k := outlookKey{key, sameOutlook(&p)}
	r.outlooks.mu.Lock()
	known := r.outlooks.list[k]
	r.outlooks.mu.Unlock()
	if known != nil && known.holds(now) {
		return known
	}
	fresh := newOutlook(r.View(p, key.kind, key.action, now), now)
	fresh.printed = &printed{}
	r.outlooks.mu.Lock()
	defer r.outlooks.mu.Unlock()
	if r.outlooks.list == nil || len(r.outlooks.list) >= maxOutlooks {
		r.outlooks.list = map[outlookKey]*outlook{}
	}
	r.outlooks.list[k] = fresh
	return fresh
}

// sameOutlook is equal for principals who reach the same: it has all of a
// principal but the door through which it came, and the cause.
func sameOutlook(p *policy.Principal) string {
	b := make([]byte, 0, 256)
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	b = append(append(b, p.Firm[:]...), p.User[:]...)
	text(string(p.Actor))
	b = binary.AppendUvarint(b, uint64(len(p.Roles)))
	for _, role := range p.Roles {
		text(string(role))
	}
	b = appendIDs(b, p.Teams)
	b = appendIDs(b, p.TeamMembers)
	b = appendIDs(b, p.SubtreeMembers)
	if p.Scopes == nil {
		return string(b)
	}
	b = binary.AppendUvarint(b, uint64(len(p.Scopes)))
	for _, scope := range p.Scopes {
		text(scope.Kind)
		text(string(scope.Action))
	}
	return string(b)
}

func appendIDs[E any](b []byte, ids []schema.Ref[E]) []byte {
	b = binary.AppendUvarint(b, uint64(len(ids)))
	for _, id := range ids {
		b = append(b, id[:]...)
	}
	return b
}
