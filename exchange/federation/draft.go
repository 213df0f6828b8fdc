package federation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"fondaco/exchange/federation/link"
	"fondaco/partners"
	"fondaco/schema"
)

// A draft is what becomes of a list of pending records: they are projected as
// the peer may see them now, and compared with what it was sent before.
type draft struct {
	looked []pending // all that the draft has dealt with
	items  []item
	sent   []sent
	// What belongs to the records that have moved, and what names them, is to be looked at too.
	children, referrers []partners.Neighbour
	withdraws           bool
	narrows             bool // something in the mailbox may show more than may be seen now; nothing else counts then
	unsendable          []unsendable
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
	shown, moved, err := r.project(ctx, list)
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
	}
	return d, r.addNeighbours(ctx, d, moved)
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

// project shapes records as the peer may see them at this moment, and tells
// which of them have moved.
func (r *relay) project(ctx context.Context, list []pending) (map[key]shape, []partners.Wanted, error) {
	wanted := make([]partners.Wanted, 0, len(list))
	for _, p := range list {
		// Of an unknown kind, after a return to an older version, nothing is shown.
		if k := schema.KindNamed(p.Kind); k != nil && !k.Private {
			wanted = append(wanted, partners.Wanted{Kind: k, ID: p.ID, Changed: p.fields, Since: p.since})
		}
	}
	d, err := r.node.service.Draft(ctx, r.Firm, r.Peer, wanted)
	if err != nil {
		return nil, nil, fmt.Errorf("project records for %s: %w", r.Peer, err)
	}
	shown := make(map[key]shape, len(d.Projections))
	for _, p := range d.Projections {
		if err := r.shape(shown, p); err != nil {
			return nil, nil, err
		}
	}
	return shown, d.Moved, nil
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

// addNeighbours puts on the list what belongs to the records that have moved,
// which is seen or not seen along with them, and what names them, in which
// their ids appear and go. That a record is seen as it was before does not
// count: one of these may have been looked at when it was not.
func (r *relay) addNeighbours(ctx context.Context, d *draft, moved []partners.Wanted) error {
	looked := make(map[schema.ID]bool, len(d.looked))
	for _, p := range d.looked {
		looked[p.ID] = true
	}
	ids := map[*schema.Kind][]schema.ID{}
	for _, m := range moved {
		if looked[m.ID] {
			ids[m.Kind] = append(ids[m.Kind], m.ID)
		}
	}
	for kind, list := range ids {
		children, err := r.node.service.Children(ctx, r.Peer, kind, list)
		if err != nil {
			return fmt.Errorf("what belongs to a %s: %w", kind, err)
		}
		referrers, err := r.node.service.Referrers(ctx, r.Peer, kind, list)
		if err != nil {
			return fmt.Errorf("who names a %s: %w", kind, err)
		}
		d.children, d.referrers = append(d.children, children...), append(d.referrers, referrers...)
	}
	return nil
}
