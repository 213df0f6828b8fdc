package gateway

import (
	"context"
	"errors"
	"strconv"

	"fondaco/gateway/operation"
	"fondaco/partners"
	"fondaco/schema"
)

// userError is something that stands in the way of a mutation and about which
// the user can do something.
type userError struct {
	typ     string // the GraphQL type
	code    string
	message string
	path    []string
	current int64        // with VersionConflict
	kind    *schema.Kind // with VersionConflict
	id      schema.ID    // with VersionConflict
	max     int64        // with LimitExceeded; -1 where it is no number
	line    int64        // with PolicyRuleError; 0 where it is about none
	rules   *ownRules    // with PolicyRulesConflict
}

// exceeded is a limit that is a number.
type exceeded struct{ max int64 }

func (e *exceeded) Error() string { return "at most " + strconv.FormatInt(e.max, 10) }

// errKeyUsed tells that an idempotency key went with another request before.
var errKeyUsed = &schema.Error{
	Code: schema.CodeConflict, Field: "idempotencyKey", Message: "was used for another request before; choose a new one for this request",
}

// userErrors sorts an error of a command into what the user can act upon, or
// into the error of a request that is broken.
func userErrors(err error) ([]userError, error) {
	if several, ok := errors.AsType[schema.Errors](err); ok {
		var list []userError
		for _, one := range several {
			more, broken := userErrors(one)
			if broken != nil {
				return nil, err
			}
			list = append(list, more...)
		}
		return list, nil
	}
	if list, ok := rulesUserError(err); ok {
		return list, nil
	}
	e, ok := errors.AsType[*schema.Error](err)
	if !ok {
		return nil, err
	}
	u := userError{message: e.Message, path: []string{"input"}, code: codeOf(e.Code)}
	if e.Field != "" {
		u.path = append(u.path, e.Field)
	}
	switch e.Code {
	case schema.CodeInvalid:
		u.typ = "ValidationError"
	case schema.CodeNotFound:
		u.typ = "NotFound"
	case schema.CodeDenied:
		u.typ = "Forbidden"
	case schema.CodeLimit:
		u.typ, u.max = "LimitExceeded", -1
		if limit, ok := errors.AsType[*exceeded](err); ok {
			u.max = limit.max
		}
	case schema.CodeConflict:
		u.typ = "Conflict"
		if v, ok := errors.AsType[*partners.VersionConflict](err); ok {
			u.typ, u.current, u.path = "VersionConflict", v.Current, []string{"input", "expectedVersion"}
			if u.message == "" {
				u.message = v.Error()
			}
		}
		if e == errKeyUsed {
			u.typ = "IdempotencyConflict"
		}
	default:
		return nil, err
	}
	return []userError{u}, nil
}

// concern notes the record that an error of versions is about.
func (u *userError) concern(k *schema.Kind, input map[string]any) {
	if u.typ != "VersionConflict" {
		return
	}
	if id, err := inputID(k, input, "id"); err == nil {
		u.kind, u.id = k, id
	}
}

// userErrors compiles the list of errors of a payload.
func (q *query) userErrors(ctx context.Context, list []userError, g operation.Group) (func(*rowWriter), error) {
	objects := make([][]field, len(list))
	for i := range list {
		u := &list[i]
		for _, part := range q.compiler.op.Collect(q.compiler.op.Type(u.typ), g.Sets...) {
			write, err := q.userErrorField(ctx, u, part)
			if err != nil {
				return nil, at(part.Key, err)
			}
			objects[i] = append(objects[i], field{keyOf(part.Key), write})
		}
	}
	return func(w *rowWriter) {
		w.b = append(w.b, '[')
		for i, fields := range objects {
			w.comma(i)
			w.fields(fields)
		}
		w.b = append(w.b, ']')
	}, nil
}

func (q *query) userErrorField(ctx context.Context, u *userError, g operation.Group) (func(*rowWriter), error) {
	switch g.Field.Name {
	case "code":
		return func(w *rowWriter) { w.text(u.code) }, nil
	case "message":
		return func(w *rowWriter) { w.text(u.message) }, nil
	case "path":
		return func(w *rowWriter) { w.names(u.path) }, nil
	case "currentVersion":
		return func(w *rowWriter) { w.b = strconv.AppendInt(w.b, u.current, 10) }, nil
	case "max":
		if u.max < 0 {
			return (*rowWriter).null, nil
		}
		return func(w *rowWriter) { w.text(strconv.FormatInt(u.max, 10)) }, nil
	case "line":
		return func(w *rowWriter) { w.numberOrNull(u.line) }, nil
	case "current":
		if u.rules != nil {
			s, err := q.ownRules(ctx, g)
			return func(w *rowWriter) { s.write(w, *u.rules) }, err
		}
		if u.kind == nil {
			return (*rowWriter).null, nil
		}
		return q.record(u.kind, u.id, g.Sets)
	default:
		return func(w *rowWriter) { w.text(u.typ) }, nil
	}
}
