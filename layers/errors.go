package layers

import (
	"errors"
	"fmt"
)

// Kind sorts the errors that a person can cause. Anything that is not an
// *Error is internal: its text is for the log and not for the page.
type Kind string

// The kinds; web turns each into an HTTP status in one table.
const (
	BadRequest   Kind = "bad-request"  // a parameter that cannot be understood: 400
	Unauthorized Kind = "unauthorized" // sign in first: 401
	Forbidden    Kind = "forbidden"    // signed in, without the right: 403
	NotFound     Kind = "not-found"    // no such layer or feature: 404
	Conflict     Kind = "conflict"     // clashes with what is stored: 409
	Stale        Kind = "stale"        // somebody changed it since: 412
	TooLarge     Kind = "too-large"    // 413
	Invalid      Kind = "invalid"      // well written, but breaks a rule: 422
	WrongType    Kind = "wrong-type"   // a media type that is not understood: 415
	TooMany      Kind = "too-many"     // try again later: 429
	Unavailable  Kind = "unavailable"  // not now: 503
)

// Error is an error that a person caused, in words that person may read.
type Error struct {
	Kind   Kind
	Detail string  // what is wrong and what to change
	Faults []Fault // each value at fault, when there are several or they have a place

	Conflicts []StaleFeature // for Stale: what is stored now

	cause error
}

// Fault is one value that breaks a rule.
type Fault struct {
	Location string // such as "changes[0].properties.number" or "query.limit"
	Message  string // what is wrong and what to change
	Value    any    // the value at fault, when it is short enough to show
}

// StaleFeature is a feature that was changed or deleted since the version
// that a change was based on.
type StaleFeature struct {
	Change  int // index in the transaction
	Layer   string
	ID      string
	Current *Feature // nil when it was deleted
	Shown   any      // the same as the interface that answers shows it
}

func (e *Error) Error() string {
	if e.cause == nil || e.cause.Error() == "" {
		return e.Detail
	}
	return e.Detail + ": " + e.cause.Error()
}

// Unwrap gives the private cause.
func (e *Error) Unwrap() error { return e.cause }

// Errorf makes an Error of the kind; its text is shown to people. A %w is
// kept as the private cause and also printed, so wrap only errors whose text
// may be read by anybody.
func Errorf(kind Kind, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Detail: err.Error(), cause: hideText(errors.Unwrap(err))}
}

// BadParameter makes a BadRequest that names the parameter at fault.
func BadParameter(name string, value any, format string, args ...any) *Error {
	message := fmt.Sprintf(format, args...)
	return &Error{
		Kind:   BadRequest,
		Detail: fmt.Sprintf("parameter %s: %s", name, message),
		Faults: []Fault{{Location: "query." + name, Message: message, Value: value}},
	}
}

// KindOf returns the kind of err, "" when a person did not cause it.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// hiddenText keeps an error for errors.Is without printing its text twice.
type hiddenText struct{ error }

func (hiddenText) Error() string   { return "" }
func (h hiddenText) Unwrap() error { return h.error }

func hideText(err error) error {
	if err == nil {
		return nil
	}
	return hiddenText{err}
}
