package authzen

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// token is where a search goes on. It names all that the search asks, so that
// it goes on with no other one.
type token struct {
	Search string // of what
	Print  []byte // of the rest
	Firm   schema.FirmID
	After  schema.ID
}

// span reads the page that is asked for.
func (h *Handler) span(ctx context.Context, s *search, name string) (partners.Span, token, error) {
	p, ok := policy.From(ctx)
	if !ok {
		return partners.Span{}, token{}, errors.New("no principal in the context")
	}
	limit := defaultLimit
	if s.Page.Limit != nil {
		if limit = *s.Page.Limit; limit < 1 {
			return partners.Span{}, token{}, bad("page: limit must be 1 or more")
		}
		limit = min(limit, maxLimit) // it is the most that the caller takes; how large a page is, is for us to say
	}
	mark, err := s.print()
	if err != nil {
		return partners.Span{}, token{}, err
	}
	t := token{Search: name, Print: mark, Firm: p.Firm}
	if s.Page.Token != "" {
		var given token
		if h.Open(s.Page.Token, &given) != nil || given.Search != t.Search || given.Firm != t.Firm || !bytes.Equal(given.Print, t.Print) {
			return partners.Span{}, token{}, bad("page: the token is not one of this search; send everything else as in the request before")
		}
		t = given
	}
	return partners.Span{After: t.After, First: limit}, t, nil
}

// found makes a page of results.
func (h *Handler) found(list []any, t token, more bool) results {
	r := results{Page: page{Count: len(list)}, Results: list}
	if more {
		r.Page.NextToken = h.Seal(t)
	}
	return r
}

// listing translates the errors of lists.
func listing(err error) error {
	switch schema.Code(err) {
	case schema.CodeDenied:
		return &failure{http.StatusForbidden, "searches are for administrators and auditors of your firm"}
	case schema.CodeNotFound:
		return errNobody
	}
	return err
}

// subjects lists who may do something with a record: of those who see it, those
// who may do that, too. A page can hold fewer than were asked for, and is
// followed by others nonetheless.
func (h *Handler) subjects(ctx context.Context, s *search) (any, error) {
	var q question
	if err := errors.Join(act(s.Action, &q), resource(s.Resource, &q)); err != nil {
		return nil, first(err)
	}
	if s.Subject == nil || s.Subject.Type != typeUser && s.Subject.Type != typeFirm {
		return nil, bad("subject: want the type user or firm")
	}
	span, t, err := h.span(ctx, s, "subject")
	if err != nil {
		return nil, err
	}
	if err := h.spend(ctx, span.First); err != nil {
		return nil, err
	}
	seers, err := h.Partners.Who(ctx, q.record, span)
	if err != nil {
		return nil, listing(err)
	}
	list := []any{}
	for i := range seers.List {
		seer := &seers.List[i]
		t.After = seer.ID()
		e := entity{Type: typeUser, ID: sdl.GlobalID(schema.Users, seer.User.ID())}
		if seer.User.IsZero() {
			e = entity{Type: typeFirm, ID: sdl.GlobalID(schema.Firms, seer.Firm.ID())}
		}
		if e.Type != s.Subject.Type {
			continue
		}
		may, err := h.confirm(ctx, &q, &e, seer.Mask)
		if err != nil {
			return nil, err
		}
		if may {
			list = append(list, e)
		}
	}
	return h.found(list, t, seers.HasNext), nil
}

// confirm tells whether somebody who sees a record may do with it what is
// asked.
func (h *Handler) confirm(ctx context.Context, q *question, who *entity, seen schema.Mask) (bool, error) {
	if q.action == policy.Read {
		return q.field == nil || seen.Has(q.field.Bit), nil
	}
	one := *q
	if err := subject(ctx, who, &one); err != nil {
		return false, err
	}
	if err := h.resolve(ctx, &one); err != nil {
		if errors.Is(err, errNobody) {
			return false, nil // who has left since
		}
		return false, err
	}
	x, err := h.why(ctx, &one, q.record.ID, q.action)
	if err != nil {
		return false, err
	}
	return x.Allowed, nil
}

// resources lists the records of a kind with which somebody may do something:
// of those that it sees, those with which it may do that, too.
func (h *Handler) resources(ctx context.Context, s *search) (any, error) {
	var q question
	if err := errors.Join(subject(ctx, s.Subject, &q), act(s.Action, &q), resourceKind(s.Resource, &q)); err != nil {
		return nil, first(err)
	}
	if q.action != policy.Read {
		if err := h.resolve(ctx, &q); err != nil {
			return h.nobody(err)
		}
	}
	if q.node {
		return nil, bad("subject: what a node may be sent is listed for its firm as such; write the type firm")
	}
	span, t, err := h.span(ctx, s, "resource")
	if err != nil {
		return nil, err
	}
	if err := h.spend(ctx, span.First); err != nil {
		return nil, err
	}
	sightings, err := h.Partners.What(ctx, q.viewer, q.resource, span)
	if err != nil {
		return h.nobody(listing(err))
	}
	if err := h.colleague(ctx, &q); err != nil {
		return h.nobody(err)
	}
	list := []any{}
	for _, seen := range sightings.List {
		t.After = seen.ID
		may := q.field == nil || seen.Mask.Has(q.field.Bit)
		if q.action != policy.Read {
			x, err := h.why(ctx, &q, seen.ID, q.action)
			if err != nil {
				return nil, err
			}
			may = x.Allowed
		}
		if may {
			list = append(list, entity{Type: q.resource.Name, ID: sdl.GlobalID(q.resource, seen.ID)})
		}
	}
	return h.found(list, t, sightings.HasNext), nil
}

// nobody gives nothing for a subject that there is not.
func (h *Handler) nobody(err error) (any, error) {
	if errors.Is(err, errNobody) {
		return h.found([]any{}, token{}, false), nil
	}
	return nil, err
}

// actions lists what somebody may do with a record.
func (h *Handler) actions(ctx context.Context, s *search) (any, error) {
	var q question
	if err := errors.Join(subject(ctx, s.Subject, &q), resource(s.Resource, &q)); err != nil {
		return nil, first(err)
	}
	if err := h.resolve(ctx, &q); err != nil {
		return h.nobody(err)
	}
	if err := h.spend(ctx, len(policy.Actions())); err != nil {
		return nil, err
	}
	list := []any{}
	for _, a := range policy.Actions() {
		x, err := h.why(ctx, &q, q.record.ID, a)
		if err != nil {
			return nil, err
		}
		if x.Allowed {
			list = append(list, action{Name: string(a)})
		}
	}
	return h.found(list, token{}, false), nil
}
