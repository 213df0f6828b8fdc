package gateway

import (
	"context"
	"errors"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// result is what came of one field of a mutation.
type result struct {
	kind    *schema.Kind
	id      schema.ID
	deleted bool
	upload  *uploadTicket
	rules   *ruleChange // with replacePolicyRules
	errors  []userError
	madeAt  time.Time // if it was carried out before
}

// mutate carries out a mutation and appends the value of "data".
func (g *Gateway) mutate(ctx context.Context, op *operation.Operation) ([]byte, []error) {
	groups := op.Root()
	payloads := map[string][]byte{}
	var problems []error
	var steps []operation.Group
	for _, group := range groups {
		if group.Field.Name == "__typename" {
			payloads[group.Key] = []byte(`"Mutation"`)
			continue
		}
		steps = append(steps, group)
	}
	byKey := func(key string) operation.Group {
		for _, group := range steps {
			if group.Key == key {
				return group
			}
		}
		return operation.Group{}
	}
	err := g.executor.run(steps, func(key string) error {
		payload, errs := g.mutateField(ctx, op, byKey(key), len(steps) == 1)
		for _, e := range errs {
			problems = append(problems, at(key, e))
		}
		payloads[key] = payload
		return nil
	})
	if err != nil {
		problems = append(problems, err)
	}
	b := []byte{'{'}
	for i, group := range groups {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, keyOf(group.Key)...), orNull(payloads[group.Key])...)
	}
	return append(b, '}'), problems
}

func orNull(b []byte) []byte {
	if b == nil {
		return []byte("null")
	}
	return b
}

// mutateField carries out one field, and reads its payload back by the same
// planner that reads queries. A payload of nil stands for null.
func (g *Gateway) mutateField(ctx context.Context, op *operation.Operation, group operation.Group, alone bool) ([]byte, []error) {
	args, problem := op.Arguments(group.Field)
	if problem != nil {
		return nil, []error{problem}
	}
	command := commandNamed(group.Field.Name)
	input := args["input"].(map[string]any)
	if key := headerKey(ctx); alone && key != "" && input["idempotencyKey"] == nil {
		input["idempotencyKey"] = key
	}
	r, err := g.carryOut(ctx, command, input)
	if err != nil {
		problems, broken := userErrors(err)
		if broken != nil {
			return nil, []error{broken}
		}
		for i := range problems {
			problems[i].concern(command.Kind, input)
		}
		r = result{kind: command.Kind, errors: problems}
	}
	return g.payload(ctx, op, group, r)
}

func commandNamed(name string) *sdl.Command {
	for _, c := range sdl.Commands() {
		if c.Name == name {
			return c
		}
	}
	panic("gateway: no command " + name)
}

// carryOut does what a command says.
func (g *Gateway) carryOut(ctx context.Context, c *sdl.Command, input map[string]any) (result, error) {
	once, err := newOnce(ctx, c, input)
	if err != nil {
		return result{}, err
	}
	if c.Name == "createDocumentUpload" {
		return g.startUpload(ctx, once, input)
	}
	r, err := g.idempotent(ctx, once, func() (result, error) {
		switch c.Name {
		case sdl.ReplaceRules:
			return g.replaceRules(ctx, once, input)
		case "shareRecord":
			return g.share(ctx, once, input)
		case "unshareRecord":
			return g.unshare(ctx, once, input)
		case "answerPartnership":
			return g.answer(ctx, once, input, schema.Partnerships)
		case "answerSharingAgreement":
			return g.answer(ctx, once, input, schema.SharingAgreements)
		case "completeDocumentUpload":
			return g.completeUpload(ctx, once, input)
		}
		return g.write(ctx, once, c, input)
	})
	if err == nil && c.Name == sdl.ReplaceRules && r.rules == nil {
		return g.replacedEarlier(ctx, r)
	}
	return r, err
}

// write carries out a command that follows from the facts of its kind.
func (g *Gateway) write(ctx context.Context, once *once, c *sdl.Command, input map[string]any) (result, error) {
	command := partners.Command{Verb: c.Verb, Kind: c.Kind}
	var err error
	if command.Values, err = values(c, input); err != nil {
		return result{}, err
	}
	if c.Verb != partners.Create {
		if command.ID, err = inputID(c.Kind, input, "id"); err != nil {
			return result{}, err
		}
		if command.ExpectedVersion = input["expectedVersion"].(int64); command.ExpectedVersion < 1 {
			return result{}, invalid("expectedVersion", "must be the version that was read, 1 or more")
		}
	}
	return g.do(ctx, once, command)
}

// do writes one command, with the row that makes it happen once.
func (g *Gateway) do(ctx context.Context, once *once, command partners.Command, hooks ...partners.Hook) (result, error) {
	outcomes, err := g.partners.Write(ctx, []partners.Command{command}, append(hooks, once.hook(g.now))...)
	if err != nil {
		return result{}, err
	}
	return result{kind: command.Kind, id: outcomes[0].ID, deleted: command.Verb == partners.Delete}, nil
}

// payload writes what is selected of a payload.
func (g *Gateway) payload(ctx context.Context, op *operation.Operation, group operation.Group, r result) ([]byte, []error) {
	q := g.query(ctx, op)
	def := op.Type(group.Field.Definition.Type.Name())
	var fields []field
	for _, part := range op.Collect(def, group.Sets...) {
		write, err := q.payloadField(ctx, def, part, r)
		if err != nil {
			return nil, []error{at(part.Key, err)}
		}
		fields = append(fields, field{keyOf(part.Key), write})
	}
	w, err := q.read(ctx)
	if err != nil {
		// The change is committed. Only the reading back failed, and the error says so.
		return nil, []error{&readBackError{err}}
	}
	w.fields(fields)
	return w.b, q.errors
}

// readBackError tells that a mutation was carried out, and that its payload
// could not be read.
type readBackError struct{ err error }

func (e *readBackError) Error() string { return "done, but the payload could not be read" }
func (e *readBackError) Unwrap() error { return e.err }

func (q *query) payloadField(ctx context.Context, def *ast.Definition, g operation.Group, r result) (func(*rowWriter), error) {
	switch g.Field.Name {
	case "__typename":
		return func(w *rowWriter) { w.text(def.Name) }, nil
	case "query":
		fields := q.roots(ctx, g.Sets...)
		return func(w *rowWriter) { w.fields(fields) }, nil
	case "userErrors":
		return q.userErrors(ctx, r.errors, g)
	case "deletedId":
		if !r.deleted {
			return (*rowWriter).null, nil
		}
		return func(w *rowWriter) { w.b = encode.ID(w.b, r.kind, r.id[:]) }, nil
	case "upload":
		return q.upload(r.upload, g)
	case "policyRules", "findings", "difference":
		return q.rulePayload(ctx, r.rules, g)
	}
	if r.id.IsZero() || r.deleted {
		return (*rowWriter).null, nil
	}
	return q.record(r.kind, r.id, g.Sets)
}

// share opens a record under a sharing agreement.
func (g *Gateway) share(ctx context.Context, once *once, input map[string]any) (result, error) {
	k, id, err := sdl.ParseGlobalID(input["recordId"].(string))
	if err != nil {
		return result{}, invalid("recordId", "%v", err)
	}
	agreement, err := inputID(schema.SharingAgreements, input, "sharingAgreementId")
	if err != nil {
		return result{}, err
	}
	values := partners.Values{"sharingAgreement": agreement, "recordKind": k.Name, "recordId": id.String()}
	if reason, _ := input["reason"].(string); reason != "" {
		values["reason"] = reason
	}
	return g.do(ctx, once, partners.Command{Verb: partners.Create, Kind: schema.Grants, Values: values})
}

// unshare takes back the grant of a record under a sharing agreement.
func (g *Gateway) unshare(ctx context.Context, once *once, input map[string]any) (result, error) {
	_, id, err := sdl.ParseGlobalID(input["recordId"].(string))
	if err != nil {
		return result{}, invalid("recordId", "%v", err)
	}
	agreement, err := inputID(schema.SharingAgreements, input, "sharingAgreementId")
	if err != nil {
		return result{}, err
	}
	where, err := filter(schema.Grants, map[string]any{
		"recordId":         map[string]any{"eq": id.String()},
		"sharingAgreement": map[string]any{"eq": sdl.GlobalID(schema.SharingAgreements, agreement)},
	})
	if err != nil {
		return result{}, err
	}
	pages, err := g.partners.Read(ctx, &partners.Plan{Kind: schema.Grants, Where: where, First: 1})
	if err != nil {
		return result{}, err
	}
	if len(pages[0].Rows) == 0 {
		return result{}, &schema.Error{Code: schema.CodeNotFound, Field: "recordId", Message: "is not granted under this agreement"}
	}
	grant := pages[0].Rows[0]
	return g.do(ctx, once, partners.Command{Verb: partners.Delete, Kind: schema.Grants, ID: grant.ID, ExpectedVersion: grant.Version})
}

// answer accepts or declines an offer.
func (g *Gateway) answer(ctx context.Context, once *once, input map[string]any, k *schema.Kind) (result, error) {
	id, err := inputID(k, input, "id")
	if err != nil {
		return result{}, err
	}
	values := partners.Values{k.Field: id, "answer": input["answer"].(string)}
	if teams, stated := input["teams"].([]any); stated {
		if values["teams"], err = value(schema.Acceptances.FieldNamed("teams"), teams); err != nil {
			return result{}, invalid("teams", "%v", err)
		}
	}
	return g.do(ctx, once, partners.Command{Verb: partners.Create, Kind: schema.Acceptances, Values: values})
}

// principal gives who asks; the handler has put it there.
func principal(ctx context.Context) (policy.Principal, error) {
	p, ok := policy.From(ctx)
	if !ok {
		return p, errors.New("no principal in the context")
	}
	return p, nil
}
