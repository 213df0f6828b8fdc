package schema

import (
	"errors"
	"strings"
)

// ErrorCode classes what went wrong, for a program. Each door translates it
// once into its own answer.
type ErrorCode string

// The codes. Everything that is not one of the first six is CodeInternal.
const (
	CodeInvalid     ErrorCode = "invalid"     // the input breaks a rule; correct it
	CodeNotFound    ErrorCode = "not_found"   // there is no such record, or it may not be seen
	CodeDenied      ErrorCode = "denied"      // it may be seen, but not changed in this way
	CodeConflict    ErrorCode = "conflict"    // it was changed meanwhile, or stands already
	CodeLimit       ErrorCode = "limit"       // too much, too many or too often
	CodeUnavailable ErrorCode = "unavailable" // a part that is needed is away; try again
	CodeInternal    ErrorCode = "internal"    // a fault of ours
)

// Error is an error that a user can act on. Its message names cause and
// remedy and may be shown; its cause Err may not.
type Error struct {
	Code    ErrorCode
	Op      string // what was tried, such as "update Customer"
	Kind    string // the kind concerned, if one is
	Field   string // the field concerned, by its API name, if one is
	Message string
	Err     error
}

// Error gives operation, field and message, without the cause.
func (e *Error) Error() string {
	var b strings.Builder
	for _, part := range []string{e.Op, e.Field} {
		if part != "" {
			b.WriteString(part)
			b.WriteString(": ")
		}
	}
	b.WriteString(e.Message)
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Code tells the class of err: that of the first [Error] in its tree, none
// for nil, CodeInternal for all else.
func Code(err error) ErrorCode {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	if errs, ok := errors.AsType[Errors](err); ok && len(errs) > 0 {
		return errs[0].Code
	}
	return CodeInternal
}

// Errors are several errors of one input, so that a form can show all at once.
type Errors []*Error

// Error gives the messages, joined.
func (e Errors) Error() string {
	var all []string
	for _, one := range e {
		all = append(all, one.Error())
	}
	return strings.Join(all, "; ")
}

// Err gives e as an error, or nil when there is none.
func (e Errors) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// NotFound is the one answer for a record that does not exist and for one
// that may not be seen: nobody can tell them apart.
func NotFound(kind string) error {
	return &Error{Code: CodeNotFound, Kind: kind, Message: "no such " + kind}
}
