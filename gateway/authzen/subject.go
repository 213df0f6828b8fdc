package authzen

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// The types of subjects.
const (
	typeUser = "user"
	typeFirm = "firm"
	typeNode = "node"
)

// question is a tuple that is understood.
type question struct {
	as       *policy.Principal // nil for the caller itself, and for a colleague until resolve has found it
	viewer   partners.Viewer   // the same, as lists are asked for
	node     bool
	action   policy.Action
	record   partners.Record
	field    *schema.Field
	resource *schema.Kind
}

// errNobody tells that a subject is nobody about whom the caller can ask.
var errNobody = &failure{http.StatusNotFound, "there is no such subject"}

// errOthers tells that the caller may ask about itself alone.
var errOthers = &failure{http.StatusForbidden, "subject: what others may do is for administrators of your firm to ask"}

// subject reads about whom is asked.
func subject(ctx context.Context, e *entity, q *question) error {
	caller, ok := policy.From(ctx)
	if !ok {
		return errors.New("no principal in the context")
	}
	if e == nil || e.Type == "" || e.ID == "" {
		return bad("subject: want a type and an id")
	}
	k, id, err := sdl.ParseGlobalID(e.ID)
	want := map[string]*schema.Kind{typeUser: schema.Users, typeFirm: schema.Firms, typeNode: schema.Firms}[e.Type]
	switch {
	case want == nil:
		return bad("subject: there is no type %q; write user, firm or node", e.Type)
	case err != nil || k != want:
		return bad("subject: want the global id of a %s", want)
	case want == schema.Users:
		q.viewer = partners.Viewer{User: schema.Ref[schema.User](id)}
		return nil
	case schema.FirmID(id) == caller.Firm:
		return bad("subject: name another firm than your own, or a person of yours")
	}
	p := policy.System(schema.FirmID(id))
	if q.node = e.Type == typeNode; q.node {
		p = policy.Node(p.Firm)
	}
	q.as, q.viewer = &p, partners.Viewer{Firm: p.Firm}
	return nil
}

// resolve finds the colleague of the caller who is the subject, if one is. What
// the caller may ask is for package partners to say; but nobody else than those
// who may ask about others learns who is there.
func (h *Handler) resolve(ctx context.Context, q *question) error {
	caller, _ := policy.From(ctx)
	if q.viewer.User.IsZero() || q.viewer.User == caller.User {
		return nil
	}
	may, err := h.Partners.May(ctx, schema.Firms, policy.Administer)
	if err != nil {
		return err
	}
	if !may {
		return errOthers
	}
	return h.colleague(ctx, q)
}

// colleague finds the person who is the subject, if one is, among those of the
// caller's firm. What single people of others see can be listed, and is not told
// here: no evaluation would say the same of them, as the standard wants of what
// a search finds.
func (h *Handler) colleague(ctx context.Context, q *question) error {
	caller, _ := policy.From(ctx)
	if q.viewer.User.IsZero() || q.viewer.User == caller.User {
		return nil
	}
	p, err := h.Partners.Principal(ctx, q.viewer.User.ID())
	if code := schema.Code(err); code == schema.CodeNotFound || code == schema.CodeDenied || err == nil && p.Firm != caller.Firm {
		return errNobody
	}
	q.as = &p
	return err
}

// act finds what is to be done.
func act(a *action, q *question) error {
	if a == nil || a.Name == "" {
		return bad("action: want a name")
	}
	if q.action = sdl.ActionOf(strings.ToUpper(a.Name)); string(q.action) != a.Name {
		return bad("action: there is no action %q; write one of %v", a.Name, policy.Actions())
	}
	return nil
}

// resource finds with what, up to its kind: for a search of resources.
func resourceKind(e *entity, q *question) error {
	if e == nil || e.Type == "" {
		return bad("resource: want a type")
	}
	if q.resource = schema.KindNamed(e.Type); q.resource == nil {
		return bad("resource: there is no type %q; write a kind of record as in the API, such as Customer", e.Type)
	}
	if len(e.Properties) == 0 {
		return nil
	}
	var of struct {
		Field *string `json:"field"`
	}
	if err := json.Unmarshal(e.Properties, &of); err != nil {
		return bad("resource: want properties that are an object, of which field is a text")
	}
	if of.Field != nil {
		if q.field = q.resource.FieldNamed(*of.Field); q.field == nil {
			return bad("resource: there is no field %q of a %s", *of.Field, q.resource)
		}
	}
	return nil
}

// resource finds with which record.
func resource(e *entity, q *question) error {
	if err := resourceKind(e, q); err != nil {
		return err
	}
	id, err := sdl.ParseIDOf(q.resource, e.ID)
	if err != nil {
		return bad("resource: want the global id of a %s", q.resource)
	}
	q.record = partners.Record{Kind: q.resource, ID: id}
	return nil
}
