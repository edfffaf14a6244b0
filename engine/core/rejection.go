package core

import (
	"fmt"

	"github.com/guicheng/guicheng/definitions/value"
)

// Rejection is the caller's mistake: nothing changed. Codes are stable and part of the API.
type Rejection struct {
	Code   Code
	Args   map[string]string // what the sentence for the code names: step, state, holder …
	Say    string            // the author's own sentence, for a check; in the office's language
	Fields []value.Fault     // what is wrong with which field, for CodeInvalid
}

// Code names a kind of rejection.
type Code string

// The codes of rejections.
const (
	NotOpen        Code = "not-open"        // the task, step or case does not wait for this
	NotACandidate  Code = "not-a-candidate" // this person is not among those who may do the task
	NotAllowed     Code = "not-allowed"     // a candidate, but the task's `allow` says no; or may not send or start
	Forbidden      Code = "forbidden"       // a repair, which is for administrators
	HeldByOther    Code = "held-by-other"   // somebody else has claimed the task
	NotHeld        Code = "not-held"        // one can only release what one holds
	NotEligible    Code = "not-eligible"    // the person named may not be given the task, or asked to sign
	Asking         Code = "asking"          // the task waits for signers whom its holder has asked
	NoSignatures   Code = "no-signatures"   // the task asks for one answer: there is nothing to sign beside or after
	TooMany        Code = "too-many-signers"
	LastSigner     Code = "last-signer"     // nobody would be left to sign
	AlreadyDone    Code = "already-done"    // one has done this before: it makes no difference
	HasActed       Code = "has-acted"       // a signer who has begun or answered is not taken out
	Invalid        Code = "invalid"         // fields are missing or wrong
	CheckFailed    Code = "check"           // a check of the procedure does not hold
	UnknownAnswer  Code = "unknown-answer"  // not one of the task's answers
	UnknownName    Code = "unknown-message" // the procedure has no such message
	NotExpected    Code = "not-expected"    // a message that nothing in the case waits for
	Repeated       Code = "repeated"        // this message or start has come before
	CaseEnded      Code = "case-ended"
	CaseFrozen     Code = "case-frozen"
	Excluded       Code = "excluded"       // something that excludes it is under way
	TooDeep        Code = "too-deep"       // calls within calls
	UrgedLately    Code = "urged-lately"   // as often as is allowed within an hour
	NobodyToUrge   Code = "nobody-to-urge" // no task of the case is open
	NotUpstream    Code = "not-upstream"   // the step was not done before this one, so that nothing came of it
	NotReturnable  Code = "not-returnable" // a step that the procedure closes to returns, or that nobody does
	WouldStrand    Code = "would-strand"   // the case could not come to its end any more
	TooManyDetours Code = "too-many-detours"
	NotRecallable  Code = "not-recallable"  // the step does not let what was done be taken back
	PartOver       Code = "part-over"       // the block, row or round in which it was done has come to its end
	SuccessorActed Code = "successor-acted" // somebody has gone on from it
	NotRevocable   Code = "not-revocable"   // the procedure does not let the starter end his case, or not any more
	UnknownStep    Code = "unknown-step"    // no such step or end where it is asked for
	RunsAlready    Code = "runs-already"    // the step is under way, and one run of it at a time is meant
	IntoRows       Code = "into-rows"       // the step stands inside a `for_each`: in which row?
	CaseSuspended  Code = "suspended"
	NotSuspended   Code = "not-suspended"
	CannotMove     Code = "cannot-move" // to another version of its procedure
	Unfit          Code = "unfit"       // a formula needed for the decision could not be evaluated
)

// Error implements error.
func (r *Rejection) Error() string {
	if r.Say != "" {
		return fmt.Sprintf("%s: %s", r.Code, r.Say)
	}
	if len(r.Fields) > 0 {
		return fmt.Sprintf("%s: %s %s", r.Code, r.Fields[0].Path, r.Fields[0].Code)
	}
	return string(r.Code)
}

// Is makes errors.Is compare by code.
func (r *Rejection) Is(target error) bool {
	t, ok := target.(*Rejection)
	return ok && t.Code == r.Code
}

// Broken is an invariant of the core that does not hold: our mistake.
type Broken struct{ What string }

// Error implements error.
func (b *Broken) Error() string { return "broken invariant: " + b.What }
