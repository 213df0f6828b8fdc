package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// The bounds of what one subscription remembers.
const (
	seenMax  = 10_000
	watchMax = 1000
)

// subscription is one client's following of changes.
type subscription struct {
	gateway    *Gateway
	op         *operation.Operation
	document   string // names the selection
	group      operation.Group
	parts      []operation.Group
	recordSets []ast.SelectionSet
	kinds      map[*schema.Kind]bool // nil for all
	kindNames  string
	principal  policy.Principal
	session    prover
	// seen holds the records that the client knows of through this subscription, and that it is to be told of when
	// they leave its view.
	seen map[seenRecord]struct{}
	next func(payload []byte) error
}

// prover proves who reads.
type prover interface {
	// reader gives who reads, as it was proved last.
	reader() policy.Principal
	// prove finds out anew; an error ends what is read.
	prove(ctx context.Context) error
}

type seenRecord struct {
	kind *schema.Kind
	id   schema.ID
}

// errUnseen refuses to show anything while it is not known what may be seen.
var errUnseen = &schema.Error{Code: schema.CodeUnavailable, Message: "what you may see cannot be looked up now; try again, and resume after the last cursor"}

// errLagging ends what cannot keep up, or is not followed any more.
var errLagging = &schema.Error{Code: schema.CodeUnavailable, Message: "too many changes at once, or the node is stopping; resume after the last cursor"}

// follow runs a subscription until ctx ends, or its client cannot keep up.
func (g *Gateway) follow(ctx context.Context, op *operation.Operation, r request, who prover, next func([]byte) error) error {
	if err := g.sees(ctx); err != nil {
		return err
	}
	root := op.Root()
	if len(root) != 1 {
		return refuse("the subscription selects nothing")
	}
	args, problem := op.Arguments(root[0].Field)
	if problem != nil {
		return problem
	}
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	s := &subscription{gateway: g, op: op, document: selectionKey(r, root[0].Field), group: root[0], principal: p, session: who, next: next, seen: map[seenRecord]struct{}{}}
	s.parts = op.Collect(op.Type("Change"), root[0].Sets...)
	s.recordSets = recordSetsOf(s.parts)
	s.chooseKinds(args["kinds"])
	if err := s.watch(ctx, args["watch"]); err != nil {
		return err
	}
	after, _ := args["after"].(string)
	return s.run(ctx, after)
}

// selectionKey names what a subscription selects: its text and its variables,
// but for those that only say where it begins and what its client holds. So
// clients that differ in nothing else share what is rendered.
func selectionKey(r request, root *ast.Field) string {
	vars := maps.Clone(r.Variables)
	for _, own := range []string{"after", "watch"} {
		arg := root.Arguments.ForName(own)
		// Twice is where it is declared and where it is given; a third place may be in the selection.
		if arg != nil && arg.Value.Kind == ast.Variable && strings.Count(r.Query, "$"+arg.Value.Raw) == 2 {
			delete(vars, arg.Value.Raw)
		}
	}
	raw, err := json.Marshal(vars)
	if err != nil {
		panic("gateway: variables that were JSON are JSON: " + err.Error())
	}
	return r.OperationName + "\n" + r.Query + "\n" + string(raw)
}

func (s *subscription) chooseKinds(arg any) {
	list, given := arg.([]any)
	if !given {
		return
	}
	s.kinds = map[*schema.Kind]bool{}
	for _, k := range schema.Kinds() {
		for _, name := range list {
			if name == sdl.KindEnum(k) {
				s.kinds[k] = true
				s.kindNames += k.Name + " "
			}
		}
	}
}

func (s *subscription) wants(k *schema.Kind) bool { return k != nil && (s.kinds == nil || s.kinds[k]) }

// watch takes in the records that the client holds already: those of them
// that the reader sees.
func (s *subscription) watch(ctx context.Context, arg any) error {
	list, _ := arg.([]any)
	if len(list) > watchMax {
		return refuse("watch has %d entries; at most %d are allowed", len(list), watchMax)
	}
	byKind := map[*schema.Kind][]schema.ID{}
	for _, text := range list {
		k, id, err := sdl.ParseGlobalID(text.(string))
		if err != nil {
			return refuse("watch: %v", err)
		}
		byKind[k] = append(byKind[k], id)
	}
	visible, err := s.visible(ctx, byKind)
	for r := range visible {
		s.seen[r] = struct{}{}
	}
	return err
}

// visible tells which of the records the reader sees now.
func (s *subscription) visible(ctx context.Context, byKind map[*schema.Kind][]schema.ID) (map[seenRecord]bool, error) {
	var plans []*partners.Plan
	for k, ids := range byKind {
		plans = append(plans, &partners.Plan{Kind: k, IDs: ids})
	}
	if len(plans) == 0 {
		return nil, nil
	}
	pages, err := s.gateway.partners.Read(ctx, plans...)
	if err != nil {
		return nil, err
	}
	found := map[seenRecord]bool{}
	for i, page := range pages {
		for _, row := range page.Rows {
			found[seenRecord{plans[i].Kind, row.ID}] = true
		}
	}
	return found, nil
}

// run joins the tail, replays what happened since the client's cursor, and
// then goes on live. Between the two nothing is lost and nothing comes twice:
// the replay ends at the snapshot at which the tail stood when it was joined.
func (s *subscription) run(ctx context.Context, after string) error {
	live, place, err := s.gateway.hub.join(ctx, s.principal.Firm)
	if err != nil {
		return err
	}
	defer s.gateway.hub.leave(live)
	if after != "" {
		var from partners.Cursor
		if err := s.gateway.sealer.open(forCursor, after, &from); err != nil {
			return refuse("after: %v", err)
		}
		if err := s.replay(ctx, from, place); err != nil {
			return err
		}
	}
	recheck := time.NewTicker(s.gateway.options.Recheck)
	defer recheck.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-live.lost:
			if s.gateway.partners.Blind() {
				return errUnseen
			}
			return errLagging
		case b := <-live.batches:
			err = s.deliver(ctx, b)
		case <-recheck.C:
			// An agreement may have begun or ended with the time.
			err = s.sweep(s.as(ctx), event{change: &schema.Change{At: s.gateway.now()}, cursor: s.cursor()})
		}
		if err != nil {
			return err
		}
	}
}

// cursor gives where the tail stands, for the client.
func (s *subscription) cursor() string {
	return s.gateway.sealer.sealCursor(s.gateway.hub.place())
}

// as gives the context of the reader as it is now.
func (s *subscription) as(ctx context.Context) context.Context {
	s.principal = s.session.reader()
	return policy.With(ctx, s.principal)
}

// replay delivers what lies between two places.
func (s *subscription) replay(ctx context.Context, from, until partners.Cursor) error {
	base, rest, last := until.Split()
	if err := s.pump(ctx, from.Bounded(base), base, 0); err != nil || rest == "" {
		return err
	}
	// The tail stands within a large gap: it has handed out the beginning of it.
	return s.pump(ctx, rest, "", last)
}

// pump delivers page after page until it stands at a place, or has delivered
// the change with number last.
func (s *subscription) pump(ctx context.Context, from, until partners.Cursor, last int64) error {
	for from != until {
		changes, next, err := s.gateway.partners.Tail(ctx, from, tailPage)
		if errors.Is(err, partners.ErrHistory) {
			return refuse("after: %v", err)
		}
		if err != nil {
			return fmt.Errorf("replay: %w", err)
		}
		b := &batch{from: from, next: next, changes: changes, rendered: map[string]*rendering{}}
		if last > 0 {
			b.changes = slices.DeleteFunc(changes, func(c schema.Change) bool { return c.Seq > last })
		}
		if err := s.deliver(ctx, b); err != nil {
			return err
		}
		if len(b.changes) == 0 || last > 0 && b.changes[len(b.changes)-1].Seq >= last {
			if until == "" || next == until {
				return nil
			}
		}
		// A cursor inside an earlier page first leads to the end of that page.
		from = next.Bounded(until)
		if next == until {
			return nil
		}
	}
	return nil
}

// deliver sends the changes of a batch, and tells of records that have left.
// Each is judged anew: what is sent was read in a transaction that began after
// the change was committed, under the rules of that moment or later ones.
func (s *subscription) deliver(ctx context.Context, b *batch) error {
	if b.concernsPeople(s.principal.Firm) {
		if err := s.session.prove(ctx); err != nil {
			return err
		}
	}
	ctx = s.as(ctx)
	events, err := s.changes(ctx, b)
	if err != nil {
		return err
	}
	if s.gateway.partners.Blind() {
		return errUnseen
	}
	for i := range events {
		e := &events[i]
		r := seenRecord{e.change.Kind, e.change.ID}
		switch _, known := s.seen[r]; {
		case e.visible:
			s.remember(r)
			err = s.next(e.payload)
		case known:
			err = s.bury(r, *e)
		}
		if err != nil {
			return err
		}
	}
	for i := range b.changes {
		if c := &b.changes[i]; decides(c, s.principal.Firm) {
			last := b.changes[len(b.changes)-1]
			return s.sweep(ctx, event{change: &schema.Change{At: c.At}, cursor: s.gateway.sealer.sealCursor(b.from.Behind(b.next, last.Seq))})
		}
	}
	return nil
}

// remember keeps a record that the client has got. When there are too many,
// any of them is dropped: its leaving will not be told.
func (s *subscription) remember(r seenRecord) {
	if len(s.seen) >= seenMax {
		for other := range s.seen {
			delete(s.seen, other)
			break
		}
	}
	s.seen[r] = struct{}{}
}

// bury sends the tombstone of a record that has left the view.
func (s *subscription) bury(r seenRecord, e event) error {
	delete(s.seen, r)
	e.change = &schema.Change{Kind: r.kind, ID: r.id, At: e.change.At}
	w := &rowWriter{}
	s.write(w, &e, nil, nil)
	return s.next(w.b)
}

// sweep looks which records have left the view because the rules have
// changed, rather than the records.
func (s *subscription) sweep(ctx context.Context, e event) error {
	byKind := map[*schema.Kind][]schema.ID{}
	for r := range s.seen {
		byKind[r.kind] = append(byKind[r.kind], r.id)
	}
	visible, err := s.visible(ctx, byKind)
	if err != nil {
		return err
	}
	for r := range s.seen {
		if !visible[r] {
			if err := s.bury(r, e); err != nil {
				return err
			}
		}
	}
	return nil
}
