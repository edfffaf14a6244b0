package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// The codes of errors beside those of [core.Code]. They are stable and part of the API.
const (
	CodeNotFound     = "not-found"          // there is no such thing, or the actor may not know of it
	CodeForbidden    = "forbidden"          // the actor may know of it, but not do this
	CodeNotSignedIn  = "not-signed-in"      // the actor is nobody of this office, or has left it
	CodeBusy         = "busy"               // more is asked than can be done now: try again in a moment
	CodeUnavailable  = "unavailable"        // the store takes no writes, or the engine is closing: try again later
	CodeKeyReused    = "key-reused"         // the idempotency key was used with another request
	CodeInternal     = "internal"           // our mistake; the log says more
	CodeNotDeployed  = "not-deployed"       // the office has no such procedure in force
	CodeNotMigrated  = "unknown-migration"  // no case of the procedure was last moved by it
	CodeRefused      = "refused"            // the deployment has problems; they come beside the error
	CodeWouldRemove  = "would-remove"       // the files lack procedures in force, and it was not said that they are to go
	CodeNotAllHanded = "not-all-handed"     // one of the tasks may not be the other person's; none was handed over
	CodeLastAdmin    = "last-administrator" // nobody would be left who keeps the office; nothing was changed
	CodeWithdrawn    = "job-withdrawn"      // the job is not wanted any more, or was done
	CodeLockLost     = "lock-lost"          // another has the job: whoever had it took too long
)

// Error implements error. It is meant for logs; people are shown a sentence for the code.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	for _, name := range slices.Sorted(maps.Keys(e.Args)) {
		fmt.Fprintf(&b, " %s=%q", name, e.Args[name])
	}
	if e.Say != "" {
		b.WriteString(": " + e.Say)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s %s]", f.Path, f.Code)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Is makes errors.Is compare by code: errors.Is(err, &engine.Error{Code: engine.CodeBusy}).
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Unwrap gives the cause, for logs and for the context's errors.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf gives the code of an error that an Engine returned: "" for nil, internal for a foreign error.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	if own, ok := errors.AsType[*Error](err); ok {
		return own.Code
	}
	return CodeInternal
}

func fail(code string, cause error) *Error { return &Error{Code: code, Cause: cause} }

func notFound() *Error { return &Error{Code: CodeNotFound} }

// wrong refuses a request for one part of it, as a form is refused for one of its fields.
func wrong(path, code string, pairs ...string) *Error {
	return &Error{Code: string(core.Invalid), Fields: []value.Fault{faultAt(path, code, pairs...)}}
}

func faultAt(path, code string, pairs ...string) value.Fault {
	f := value.Fault{Path: path, Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Args[pairs[i]] = pairs[i+1]
	}
	return f
}

// tooLong refuses a text of more than maxName characters.
func tooLong(path string) *Error {
	return wrong(path, "max", "max", strconv.Itoa(maxName), "of", "characters")
}

// rejected turns the core's rejection into the caller's error.
func rejected(r *core.Rejection) *Error {
	return &Error{Code: string(r.Code), Args: r.Args, Say: r.Say, Fields: r.Fields, Cause: nil}
}

// asError gives any error its code. What nobody foresaw is internal, with its cause kept for the log.
func asError(err error) *Error {
	var own *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.Is(err, store.ErrNotFound):
		return notFound()
	case errors.Is(err, store.ErrBadCursor):
		out := wrong("query.after", "cursor")
		out.Cause = err
		return out
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrUnknown), errors.Is(err, core.ErrNewer),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fail(CodeUnavailable, err)
	}
	return fail(CodeInternal, err)
}

// codeOf is the code that an error will have; "" for nil.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return asError(err).Code
}

// told prepares an error for the caller: internal ones are logged whole. A nil error stays nil.
func (e *Engine) told(err error) error {
	own := asError(err)
	if own == nil {
		return nil
	}
	if own.Code == CodeInternal {
		e.log.Error("internal error", "error", own.Error())
	}
	return own
}
