package core

import (
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/calendar"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Input is anything that can move a case. Time, fresh names and the office's people ride in its Context.
//
//sumtype:decl
type Input interface{ input() }

// Context is what a Step may know of the world. The same context and input on the same state give the same outcome.
type Context struct {
	Now   time.Time // UTC
	Staff formula.Staff
	// Series holds the last number given of each series that the procedure uses, by the text before its {n}.
	// A missing entry is 0. See Numbers.
	Series map[string]int64
	// For is whom the actor of the input stands in for, as the directory says; nil = he acts for himself. It counts for
	// what he does with his task: claim, start, draft, release, complete.
	For *value.Person
	// Work is what the office's people have to do; nil where the procedure does not ask (Procedure.Asks).
	Work formula.Work
	// Office is the office as it is now, for its calendars; nil = as it was when the procedure was deployed.
	Office *definitions.Office
	// Explore bounds the markings that are looked at before something is taken back, to find a way to the end; 0 = 10,000.
	Explore int
}

// calendar is the one by which a procedure counts working time.
func (c Context) calendar(p *definitions.Procedure) *calendar.Calendar {
	if c.Office != nil {
		return c.Office.Calendar(p.Calendar)
	}
	return p.Office.Calendar(p.Calendar)
}

// Start begins a case. The state is New(office, case).
type Start struct {
	Way      int           // index of the procedure's start
	Starter  *value.Person // nil = schedule or call
	Values   value.Record  // of the start's form, decoded
	Settings value.Record  // as the office has set them; what is missing takes the procedure's own
	Parent   *Parent
	Depth    int
	// As is the time by which what the start sets is computed: that of the calendar, however late it is; zero = now.
	As   time.Time
	Each any // the entry of the start's for_each for which the case begins
	// Key is under which the message came that begins the case; its sender has been looked at. "" = no message.
	Key string
}

// Deliver brings a message to the case.
type Deliver struct {
	ID     string // unique in the office; a repeated one is refused
	Name   string
	Key    string        // under which it must be waited for; "" = the case itself is addressed
	Sender *value.Person // nil = another system, by key
	Values value.Record
	Dry    bool
}

// Due tells that a timer's time has come.
type Due struct {
	Timer ID
}

// ChildEnded brings the result of a called case.
type ChildEnded struct {
	Act     ID
	Case    string // the called case: an earlier one's answer is too late
	Outcome string
	Data    value.Record // the callee's, decoded by its own version
	// Code is CallFailed or CallCancelled if it has no result: it could not be started, or was cancelled. Failed says why.
	Code   string
	Failed string
}

// JobDone brings the answer of a machine to a request or job.
type JobDone struct {
	Job     ID
	Given   int           // how often it was given out so far
	Worker  string        // id of who did it; "" = the engine itself sent it
	Outcome string        // of a job
	Status  int           // of a request
	Answer  []byte        // JSON
	After   time.Duration // how long a system that could not answer asks to wait
}

// JobFailed tells that a machine could not do what it was asked.
type JobFailed struct {
	Job     ID
	Given   int
	Worker  string
	Error   string        // one of the errors that the procedure names; "" = none of them
	Message string        // for people
	After   time.Duration // how long it asks to wait
	Final   bool          // trying again is of no use
}

// Cancel ends the whole case from outside.
type Cancel struct {
	Actor  *value.Person // nil = the calling case withdrew the call
	Code   string        // CalledOff, where no person says why
	Reason string
	Dry    bool
}

// CalledOff is the code of a Cancel by the case that had called this one.
const CalledOff = "called-off"

// Retry evaluates again what failed in an activation with an incident.
type Retry struct {
	Actor value.Person
	Act   ID
}

// AddRow adds a row to a `for_each` that is under way.
type AddRow struct {
	Actor  value.Person
	Act    ID
	Values value.Record // of the form of a new row
}

// FinishRows ends a `for_each` early: what has ended counts, the rest is withdrawn or goes on beside.
type FinishRows struct {
	Actor value.Person
	Act   ID
	Dry   bool
}

// Return sends a case back from a task to an earlier step of it.
type Return struct {
	Actor    value.Person
	Slot     ID
	To       string // step
	Straight bool   // nothing is taken back: when the step is done, the case comes straight back to the task
	Reason   string
	Dry      bool // it is only told what would come of it
}

// Recall takes back what a person has done himself, while nobody has gone on from it.
type Recall struct {
	Actor value.Person
	Slot  ID // the task that he has done
	Dry   bool
}

// Revoke ends a case by the one who started it.
type Revoke struct {
	Actor  value.Person
	Reason string
	Dry    bool
}

// Jump leaves activations and opens a step in their stead: a repair.
type Jump struct {
	Actor  value.Person
	Acts   []ID // to leave
	To     string
	Reason string
	Dry    bool
}

// Suspend stops a case until it is resumed.
type Suspend struct {
	Actor  value.Person
	Reason string
}

// Resume takes a suspended case up again.
type Resume struct {
	Actor  value.Person
	Reason string
}

// Skip completes an activation as if it had come to an outcome: a repair.
type Skip struct {
	Actor  value.Person
	Act    ID
	Answer string       // outcome; "" = the one that it had, if it failed on its way out
	To     string       // the step or end to go on to; "" = as the guards say
	Values value.Record // what is filled in with it, by the procedure's fields
	Dry    bool
}

func (Return) input()     {}
func (Recall) input()     {}
func (Revoke) input()     {}
func (Jump) input()       {}
func (Suspend) input()    {}
func (Resume) input()     {}
func (Skip) input()       {}
func (Start) input()      {}
func (AddRow) input()     {}
func (FinishRows) input() {}
func (Deliver) input()    {}
func (Due) input()        {}
func (ChildEnded) input() {}
func (JobDone) input()    {}
func (JobFailed) input()  {}
func (Cancel) input()     {}
func (Retry) input()      {}
