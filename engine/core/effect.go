package core

import (
	"encoding/json"
	"time"

	"github.com/guicheng/guicheng/definitions/formula"
)

// Effect is what the world must keep or do because of a Step. Effects are rows of the same commit as the events.
//
//sumtype:decl
type Effect interface{ effect() }

// PutTask adds or replaces an open task.
type PutTask struct {
	Slot       ID
	Act        ID
	Step       string // id
	Title      string // in the office's language
	Row        string // which row of a `for_each`, for people; "" = none
	Candidates []formula.Candidate
	Holder     string // id of the person who works on it; "" = unclaimed
	Held       bool   // it waits for signers whom Holder has asked, or for a detour: it is in nobody's inbox
	Waiting    bool   // the turn of Holder has not come: nor is it in his
	Priority   int64  // sorts the inbox, the greatest first; 0 = the usual
	Opened     time.Time
	Clock
}

// DropTask removes a task that is no longer open, with its draft.
type DropTask struct{ Slot ID }

// PutDraft keeps a draft with its task; an empty one takes it away. Drafts stand beside the state, not in it.
type PutDraft struct {
	Slot  ID
	Draft []byte
}

// PutTimer adds a timer.
type PutTimer struct {
	Timer ID
	At    time.Time
}

// DropTimer removes a timer, fired or not.
type DropTimer struct{ Timer ID }

// Subscribe makes the case reachable by a message's key.
type Subscribe struct {
	Act  ID
	Name string
	Key  string
}

// Unsubscribe ends a subscription.
type Unsubscribe struct {
	Act  ID
	Name string
}

// PutJob gives work to a machine.
type PutJob struct {
	Job  ID
	Act  ID
	Step string
	Name string          // kind of work; RequestName for requests
	Body json.RawMessage // what is given; a RequestBody for requests
	At   time.Time       // from when on
	Most int             // how often it may be given out
}

// DelayJob gives it out again, at a later time.
type DelayJob struct {
	Job ID
	At  time.Time
}

// DropJob takes it away: it was done, or is withdrawn.
type DropJob struct{ Job ID }

// StartCase starts a called case.
type StartCase struct {
	Case      string
	Act       ID
	Procedure string
	Values    json.RawMessage // by the callee's fields
	Depth     int
	NoWait    bool
}

// CancelCase withdraws a called case.
type CancelCase struct{ Case string }

// EndChild tells the calling case how this one ended.
type EndChild struct {
	Parent  Parent
	Outcome string
	Code    string // CallCancelled: it has no result; Failed says why
	Failed  string
}

// Notify tells people something; it blocks nothing.
type Notify struct {
	Kind string // reminded, escalated
	To   []formula.Candidate
	Act  ID
	Step string
}

// Copy gives people a document for information 抄送. Once per person, document edition and case.
type Copy struct {
	To       []formula.Candidate
	Document string
	Number   string
	Edition  int
}

// Draw says that number N of the series was used: the commit must find N-1 there.
type Draw struct {
	Series string
	N      int64
}

func (PutTask) effect()     {}
func (DropTask) effect()    {}
func (PutDraft) effect()    {}
func (PutTimer) effect()    {}
func (DropTimer) effect()   {}
func (Subscribe) effect()   {}
func (Unsubscribe) effect() {}
func (PutJob) effect()      {}
func (DelayJob) effect()    {}
func (DropJob) effect()     {}
func (StartCase) effect()   {}
func (CancelCase) effect()  {}
func (EndChild) effect()    {}
func (Notify) effect()      {}
func (Copy) effect()        {}
func (Draw) effect()        {}
