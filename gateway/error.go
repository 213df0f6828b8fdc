package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"fondaco/gateway/operation"
	"fondaco/schema"
)

// The codes of errors of whole requests, in extensions.code, beside those of
// package operation.
const (
	codeBadRequest      = "BAD_REQUEST"
	codeUnauthenticated = "UNAUTHENTICATED"
	codeInvalid         = "INVALID"
	codeNotFound        = "NOT_FOUND"
	codeDenied          = "DENIED"
	codeConflict        = "CONFLICT"
	codeThrottled       = "THROTTLED"
	codeUnavailable     = "UNAVAILABLE"
	codeInternal        = "INTERNAL"
)

// responseError is an error as the client gets it.
type responseError struct {
	Message    string              `json:"message"`
	Locations  []gqlerror.Location `json:"locations,omitempty"`
	Path       []any               `json:"path,omitempty"`
	Extensions errorExtensions     `json:"extensions"`
}

type errorExtensions struct {
	Code      string `json:"code"`
	Field     string `json:"field,omitempty"`
	RequestID string `json:"requestId,omitempty"`
	// RetryAfter is in how many seconds to try again, with THROTTLED.
	RetryAfter int `json:"retryAfter,omitempty"`
}

// appendTo appends the error as JSON.
func (e responseError) appendTo(b []byte) []byte {
	raw, err := json.Marshal(e)
	if err != nil {
		panic("gateway: an error always encodes: " + err.Error())
	}
	return append(b, raw...)
}

// pathError is an error that knows where in the response it belongs.
type pathError struct {
	path []any
	err  error
}

func (e *pathError) Error() string { return e.err.Error() }
func (e *pathError) Unwrap() error { return e.err }

// at notes that err arose below a key of the response.
func at(key any, err error) error {
	if inner, ok := errors.AsType[*pathError](err); ok {
		return &pathError{append([]any{key}, inner.path...), inner.err}
	}
	return &pathError{[]any{key}, err}
}

// inputError is a mistake of the client in an argument.
type inputError struct{ message string }

func (e *inputError) Error() string { return e.message }

func refuse(format string, args ...any) error { return &inputError{fmt.Sprintf(format, args...)} }

// translate gives the error of a request as the client may see it. What is
// not meant for users is logged with its cause, once, and shown as "internal
// error" with the id of the request.
func translate(ctx context.Context, log *slog.Logger, err error) responseError {
	r := responseError{}
	if p, ok := errors.AsType[*pathError](err); ok {
		r.Path, err = p.path, p.err
	}
	r.Extensions.RequestID = requestID(ctx)
	if e, ok := errors.AsType[*gqlerror.Error](err); ok {
		code, _ := e.Extensions["code"].(string)
		r.Message, r.Locations, r.Extensions.Code = e.Message, e.Locations, code
		return r
	}
	if e, ok := errors.AsType[*inputError](err); ok {
		r.Message, r.Extensions.Code = e.message, operation.CodeInput
		return r
	}
	if e, ok := errors.AsType[*throttledError](err); ok {
		r.Message, r.Extensions.Code, r.Extensions.RetryAfter = e.Error(), codeThrottled, e.seconds()
		return r
	}
	r.Message, r.Extensions.Code = err.Error(), codeOf(schema.Code(err))
	switch e, ok := errors.AsType[*schema.Error](err); {
	case errors.Is(err, context.Canceled):
		r.Message, r.Extensions.Code = "the request was cancelled", codeUnavailable
	case errors.Is(err, context.DeadlineExceeded):
		r.Message, r.Extensions.Code = "the request took too long; ask for less at once", codeUnavailable
	case r.Extensions.Code == codeInternal:
		log.ErrorContext(ctx, "internal error", slog.String("request", requestID(ctx)), slog.Any("path", r.Path), slog.Any("error", err))
		r.Message = "internal error; give the request id to whoever runs this node"
	case r.Extensions.Code == codeUnavailable:
		log.WarnContext(ctx, "unavailable", slog.String("request", requestID(ctx)), slog.Any("error", err))
		r.Message = e.Message
	case ok:
		r.Message, r.Extensions.Field = e.Message, e.Field
	}
	return r
}

func codeOf(c schema.ErrorCode) string {
	switch c {
	case schema.CodeInvalid:
		return codeInvalid
	case schema.CodeNotFound:
		return codeNotFound
	case schema.CodeDenied:
		return codeDenied
	case schema.CodeConflict:
		return codeConflict
	case schema.CodeLimit:
		return operation.CodeLimit
	case schema.CodeUnavailable:
		return codeUnavailable
	default:
		return codeInternal
	}
}
