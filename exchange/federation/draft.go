package federation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"fondaco/exchange/federation/link"
	"fondaco/partners"
	"fondaco/schema"
)

// A draft is what becomes of a list of pending records: they are projected as
// the peer may see them now, and compared with what it was sent before.
type draft struct {
	looked     []pending // all that the draft has dealt with
	items      []item
	sent       []sent
	turned     []key // what appeared or went; what belongs to it or names it is to be looked at too
	children   []key
	referrers  []partners.Referrer
	withdraws  bool
	narrows    bool // something in the mailbox may show more than may be seen now; nothing else counts then
	unsendable []unsendable
}

type unsendable struct {
	key
	reason string
}

// taken is the fingerprint of a record that was taken back.
var taken = func() []byte { sum := sha256.Sum256([]byte("taken back")); return sum[:] }()

// draft looks at pending records until the batch is full.
func (r *relay) draft(ctx context.Context, list []pending) (*draft, error) {
	d := &draft{}
	if len(list) == 0 {
		return d, nil
	}
	shown, err := r.project(ctx, list)
	if err != nil {
		return nil, err
	}
	keys := make([]key, len(list))
	for i, p := range list {
		keys[i] = p.key
	}
	before, err := r.node.store.exposures(ctx, r.pair, keys)
	if err != nil {
		return nil, err
	}
	size := 0
	for _, p := range list {
		now, was := shown[p.key], before[p.key]
		gone := was.Shown &^ now.mask
		if gone != 0 && r.sender.Afloat(was.LastNumber) && r.sender.State == link.Open {
			return &draft{narrows: true}, nil
		}
		if size > 0 && size+len(now.text) > wantedBytes {
			break
		}
		d.looked = append(d.looked, p)
		size += d.add(p.key, now, was)
		// A snapshot mentions by itself what hangs on a record.
		if p.lane != laneAgain && (was.Shown == 0) != (now.mask == 0) {
			d.turned = append(d.turned, p.key)
		}
	}
	return d, errors.Join(r.addChildren(ctx, d), r.addReferrers(ctx, d))
}

// shape is what the peer may see of a record now; the zero shape is nothing.
type shape struct {
	mask    schema.Mask
	version int64
	text    []byte
	print   []byte
}

// add takes a record into the draft if the peer does not hold it in this
// shape already. It gives the bytes added.
func (d *draft) add(k key, now shape, was exposure) int {
	switch {
	case now.mask == 0 && (was.LastNumber == 0 || was.Redacted || bytes.Equal(was.Fingerprint, taken)):
		return 0 // it was never sent, or is taken back already
	case now.mask == 0:
		d.items = append(d.items, item{Op: take, Kind: k.Kind, ID: k.ID})
		d.sent = append(d.sent, sent{key: k, fingerprint: taken})
		d.withdraws = true
		return 100
	case bytes.Equal(was.Fingerprint, now.print):
		return 0
	case len(now.text) > MaxMessage/2:
		d.unsendable = append(d.unsendable, unsendable{k, fmt.Sprintf("the record has %d bytes; at most %d can be sent", len(now.text), MaxMessage/2)})
		if was.Shown&^now.mask == 0 {
			return 0
		}
		// What the peer holds shows more than it may see now, and cannot be replaced: it goes.
		d.items = append(d.items, item{Op: take, Kind: k.Kind, ID: k.ID})
		d.sent = append(d.sent, sent{key: k, fingerprint: taken})
		d.withdraws = true
		return 100
	}
	d.items = append(d.items, item{Op: put, Kind: k.Kind, ID: k.ID, Record: now.text})
	d.sent = append(d.sent, sent{key: k, mask: now.mask, version: now.version, fingerprint: now.print})
	d.withdraws = d.withdraws || was.Shown&^now.mask != 0
	return len(now.text) + 120
}

// project shapes records as the peer may see them at this moment.
func (r *relay) project(ctx context.Context, list []pending) (map[key]shape, error) {
	byKind := map[string][]schema.ID{}
	for _, p := range list {
		byKind[p.Kind] = append(byKind[p.Kind], p.ID)
	}
	shown := map[key]shape{}
	for _, k := range sharedKinds {
		ids := byKind[k.Name]
		if len(ids) == 0 {
			continue
		}
		projections, err := r.node.service.Project(ctx, r.Peer, k, ids)
		if err != nil {
			return nil, fmt.Errorf("project %s for %s: %w", k, r.Peer, err)
		}
		for _, p := range projections {
			if err := r.shape(shown, p); err != nil {
				return nil, err
			}
		}
	}
	return shown, nil
}

// shape notes a projection of a record of our own. Another firm on this node
// that shares with the peer has a link of its own.
func (r *relay) shape(shown map[key]shape, p partners.Projection) error {
	if p.Owner != r.Firm {
		return nil
	}
	text, fingerprint, err := encodeRecord(p)
	if err != nil {
		return err
	}
	shown[key{p.Kind.Name, p.ID}] = shape{p.Mask & p.Kind.Every(), p.Version, text, fingerprint}
	return nil
}

// addChildren puts on the list what belongs to the records that appeared or
// went, which is seen or not seen along with them.
func (r *relay) addChildren(ctx context.Context, d *draft) error {
	for _, k := range d.turned {
		kind := schema.KindNamed(k.Kind)
		if kind == nil || len(kind.Children()) == 0 {
			continue
		}
		children, err := r.node.service.ChildrenOf(ctx, kind, k.ID)
		if err != nil {
			return fmt.Errorf("children of %s %s: %w", k.Kind, k.ID, err)
		}
		for _, c := range kind.Children() {
			for _, id := range children[c] {
				d.children = append(d.children, key{c.Name, id})
			}
		}
	}
	slices.SortFunc(d.children, func(a, b key) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return nil
}

// addReferrers puts on the list what names the records that appeared or went:
// their ids appear and go in it.
func (r *relay) addReferrers(ctx context.Context, d *draft) error {
	turned := map[string][]schema.ID{}
	for _, k := range d.turned {
		turned[k.Kind] = append(turned[k.Kind], k.ID)
	}
	for _, kind := range sharedKinds {
		list, err := r.node.service.Referrers(ctx, kind, turned[kind.Name])
		if err != nil {
			return fmt.Errorf("who names a %s: %w", kind, err)
		}
		d.referrers = append(d.referrers, list...)
	}
	return nil
}
