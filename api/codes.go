package api

import (
	"net/http"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
)

// The codes of what is refused at the door, before the engine is asked. They are stable and part of the API.
const (
	codeUnknownRoute  = "unknown-route"  // there is no such address
	codeWrongMethod   = "wrong-method"   // there is, but not by this method
	codeBadJSON       = "bad-json"       // the body is not one JSON object
	codeTooLarge      = "too-large"      // the body is too long
	codeWrongType     = "wrong-type"     // the body is not said to be application/json
	codeTooSlow       = "too-slow"       // the body did not come in time
	codeForeignOrigin = "foreign-origin" // another site's page sent the request
	codeLinkSpent     = "link-spent"     // a sign-in link is unknown, was used, or is too old
	codeSetUpSpent    = "set-up-spent"   // the secret for the first administrator is
	codeSetUpDone     = "set-up-done"    // the office has an administrator already
	codeNoOffice      = "no-such-office" // set-up names an office that is not deployed
	codeNoWorker      = "no-such-worker" // the secret is no worker's
	codeOtherPerson   = "other-person"   // the session is not that of the person whom the page was opened by
)

// statuses is the one map from codes to HTTP statuses. What is not in it is 500.
var statuses = map[string]int{
	codeUnknownRoute:  http.StatusNotFound,
	codeWrongMethod:   http.StatusMethodNotAllowed,
	codeBadJSON:       http.StatusBadRequest,
	codeTooLarge:      http.StatusRequestEntityTooLarge,
	codeWrongType:     http.StatusUnsupportedMediaType,
	codeTooSlow:       http.StatusRequestTimeout,
	codeForeignOrigin: http.StatusForbidden,
	codeLinkSpent:     http.StatusGone,
	codeSetUpSpent:    http.StatusGone,
	codeSetUpDone:     http.StatusConflict,
	codeNoOffice:      http.StatusUnprocessableEntity,
	codeNoWorker:      http.StatusUnauthorized,
	codeOtherPerson:   http.StatusConflict,

	engine.CodeNotFound:     http.StatusNotFound,
	engine.CodeForbidden:    http.StatusForbidden,
	engine.CodeNotSignedIn:  http.StatusUnauthorized,
	engine.CodeBusy:         http.StatusServiceUnavailable,
	engine.CodeUnavailable:  http.StatusServiceUnavailable,
	engine.CodeKeyReused:    http.StatusUnprocessableEntity,
	engine.CodeInternal:     http.StatusInternalServerError,
	engine.CodeNotDeployed:  http.StatusNotFound,
	engine.CodeNotMigrated:  http.StatusNotFound,
	engine.CodeRefused:      http.StatusUnprocessableEntity,
	engine.CodeWouldRemove:  http.StatusConflict,
	engine.CodeNotAllHanded: http.StatusConflict,
	engine.CodeLastAdmin:    http.StatusConflict,
	engine.CodeWithdrawn:    http.StatusGone,
	engine.CodeLockLost:     http.StatusConflict,

	string(core.NotOpen):        http.StatusConflict,
	string(core.NotACandidate):  http.StatusForbidden,
	string(core.NotAllowed):     http.StatusForbidden,
	string(core.HeldByOther):    http.StatusConflict,
	string(core.NotHeld):        http.StatusConflict,
	string(core.NotEligible):    http.StatusUnprocessableEntity,
	string(core.Asking):         http.StatusConflict,
	string(core.NoSignatures):   http.StatusConflict,
	string(core.TooMany):        http.StatusUnprocessableEntity,
	string(core.LastSigner):     http.StatusConflict,
	string(core.HasActed):       http.StatusConflict,
	string(core.AlreadyDone):    http.StatusConflict,
	string(core.Excluded):       http.StatusConflict,
	string(core.Invalid):        http.StatusUnprocessableEntity,
	string(core.CheckFailed):    http.StatusUnprocessableEntity,
	string(core.UnknownAnswer):  http.StatusUnprocessableEntity,
	string(core.UnknownName):    http.StatusNotFound,
	string(core.NotExpected):    http.StatusConflict,
	string(core.Repeated):       http.StatusConflict,
	string(core.CaseEnded):      http.StatusConflict,
	string(core.CaseFrozen):     http.StatusConflict,
	string(core.TooDeep):        http.StatusUnprocessableEntity,
	string(core.UrgedLately):    http.StatusTooManyRequests,
	string(core.NobodyToUrge):   http.StatusConflict,
	string(core.NotUpstream):    http.StatusConflict,
	string(core.NotReturnable):  http.StatusConflict,
	string(core.WouldStrand):    http.StatusConflict,
	string(core.TooManyDetours): http.StatusConflict,
	string(core.NotRecallable):  http.StatusConflict,
	string(core.PartOver):       http.StatusConflict,
	string(core.SuccessorActed): http.StatusConflict,
	string(core.NotRevocable):   http.StatusConflict,
	string(core.UnknownStep):    http.StatusUnprocessableEntity,
	string(core.RunsAlready):    http.StatusConflict,
	string(core.IntoRows):       http.StatusConflict,
	string(core.CaseSuspended):  http.StatusConflict,
	string(core.NotSuspended):   http.StatusConflict,
	string(core.CannotMove):     http.StatusConflict,
	string(core.Unfit):          http.StatusUnprocessableEntity,
}

// statusOf is the HTTP status of a code.
func statusOf(code string) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return http.StatusInternalServerError
}
