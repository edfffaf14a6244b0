package core

import (
	"encoding/json"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Event is something that has happened to a case. Events are its history: their fold is its state.
//
//sumtype:decl
type Event interface {
	// Kind names the event in storage and in the API; it never changes.
	Kind() string
	apply(p *definitions.Procedure, s *State)
}

// CaseStarted begins the history.
type CaseStarted struct {
	Procedure string       `json:"procedure,omitempty"`
	Version   int          `json:"version"`
	Number    string       `json:"number,omitempty"`
	At        time.Time    `json:"at,omitzero"`
	Starter   value.Person `json:"starter,omitzero"`
	Settings  value.Record `json:"settings,omitempty"`
	Parent    *Parent      `json:"parent,omitempty"`
	Depth     int          `json:"depth"`
}

// DataSet changes the data. Computed fields stand in it beside those that were filled in.
type DataSet struct {
	Values []Assignment `json:"values,omitempty"`
}

// Assignment sets or empties one field.
type Assignment struct {
	Path  string `json:"path,omitempty"`  // "resident.name", "papers" (whole table), "papers.price" with Row
	Row   int    `json:"row"`             // row of a column, from 0; -1 = not a column
	Value any    `json:"value,omitempty"` // nil = emptied
}

// FrameOpened begins a run of a graph.
type FrameOpened struct {
	Frame ID              `json:"frame"`
	Owner ID              `json:"owner"`
	Row   int             `json:"row"`
	Was   json.RawMessage `json:"was,omitempty"`
	Undo  ID              `json:"undo,omitempty"` // it compensates this activation
}

// FrameClosed ends it. All that was in it is gone.
type FrameClosed struct {
	Frame ID   `json:"frame"`
	Cut   bool `json:"cut,omitempty"`   // it compensated something, and had not come to its end: that can be undone still
	Ended bool `json:"ended,omitempty"` // it has come to its end
}

// Opened begins a run of a step.
type Opened struct {
	Act    ID        `json:"act"`
	Frame  ID        `json:"frame"`
	Step   string    `json:"step,omitempty"`
	N      int       `json:"n"`
	At     time.Time `json:"at,omitzero"`
	Due    time.Time `json:"due,omitzero"`
	Ate    []Eaten   `json:"ate,omitempty"`
	Missed []string  `json:"missed,omitempty"`
	Race   ID        `json:"race,omitempty"`   // the activation whose ways race
	Detour ID        `json:"detour,omitempty"` // the parked activation that waits for it
	Into   string    `json:"into,omitempty"`   // the step inside it at which it begins, since somebody has jumped there
	Sent   bool      `json:"sent,omitempty"`   // somebody has sent the case here: `only_while` is not asked
}

// Moved takes an activation to another state of its life.
type Moved struct {
	Act ID       `json:"act"`
	To  ActState `json:"to"`
	Why string   `json:"why,omitempty"` // for Withdrawn: interrupted, cancelled, ended, stopped, returned
}

// Passed puts a token on a way, to wait at a join.
type Passed struct {
	Token ID     `json:"token"`
	Frame ID     `json:"frame"`
	To    string `json:"to,omitempty"`
	Input string `json:"input,omitempty"`
	By    ID     `json:"by"`
}

// Joined consumes tokens that waited at a join; Opened follows.
type Joined struct {
	Frame  ID     `json:"frame"`
	Step   string `json:"step,omitempty"`
	Tokens []ID   `json:"tokens,omitempty"`
}

// Dropped removes tokens without a run: absorbed or cancelled.
type Dropped struct {
	Tokens []ID   `json:"tokens,omitempty"`
	Why    string `json:"why,omitempty"`
}

// RoundChanged keeps the count of a join that does not wait for all.
type RoundChanged struct {
	Round Round `json:"round"`
}

// Spread says over how many rows a `for_each` runs.
type Spread struct {
	Act   ID  `json:"act"`
	Total int `json:"total"`
	// Was is, one by one, what each row held before it was emptied; the first row's stands with its frame.
	Was []json.RawMessage `json:"was,omitempty"`
}

// RowEnded says that the body of a `for_each` has ended for one row.
type RowEnded struct {
	Act ID             `json:"act"`
	By  []value.Person `json:"by,omitempty"`
}

// Grown says that a `for_each` has more rows, and who added them, or a repeat one more round.
type Grown struct {
	Act   ID           `json:"act"`
	Total int          `json:"total"`
	By    value.Person `json:"by,omitzero"`
}

// EndedEarly says who ended a `for_each` by hand.
type EndedEarly struct {
	Act ID           `json:"act"`
	By  value.Person `json:"by"`
}

// Locked gives a lock to an activation; it is free again when the activation is over.
type Locked struct {
	Lock Lock `json:"lock"`
}

// Raised says that an error came up in an activation and which one takes it.
type Raised struct {
	Act   ID     `json:"act"`
	Error string `json:"error,omitempty"`
	Taker ID     `json:"taker"` // 0 = none does
}

// CanUndo keeps what is needed to compensate a step that was done.
type CanUndo struct {
	Act ID              `json:"act"`
	Was json.RawMessage `json:"was,omitempty"`
}

// UndoBegan says what an activation compensates before it goes on, and how it goes on.
type UndoBegan struct {
	Act  ID      `json:"act"`
	Undo Undoing `json:"undo"`
}

// UndoEnded says that all of it was compensated.
type UndoEnded struct {
	Act ID `json:"act"`
}

// Subscribed makes an activation reachable by a message's key.
type Subscribed struct {
	Act ID  `json:"act"`
	Key Key `json:"key"`
}

// Unsubscribed ends a subscription whose key has changed.
type Unsubscribed struct {
	Act ID  `json:"act"`
	Key Key `json:"key"`
}

// Drew says that a number of a series was used.
type Drew struct {
	Series string `json:"series"`
	N      int64  `json:"n"`
}

// Resulted says what an activation's work came to.
type Resulted struct {
	Act    ID             `json:"act"`
	Answer string         `json:"answer,omitempty"`
	By     []value.Person `json:"by,omitempty"`
	// Against are ids of those in By who rejected, where it passed all the same.
	Against []string `json:"against,omitempty"`
	Early   bool     `json:"early,omitempty"` // a clock or a message has ended a `for_each`: it does not go on
}

// Chosen says which ways were taken out of a step, and why.
type Chosen struct {
	Act  ID    `json:"act"`
	Ways []int `json:"ways,omitempty"` // indexes, in file order
	Why  []Why `json:"why,omitempty"`
}

// Why is one guard's decision.
type Why struct {
	Way    int               `json:"way"`             // index of the way; -1 for other decisions
	Guard  string            `json:"guard,omitempty"` // as the author wrote it
	Read   []formula.Reading `json:"read,omitempty"`  // what it read
	Result bool              `json:"result,omitempty"`
}

// Judged records a guard that decided something other than a way: `until`, an event's or a wait's `when`.
type Judged struct {
	Act  ID     `json:"act"`
	What string `json:"what,omitempty"`
	Why  Why    `json:"why"`
}

// Decided says which rows of a decision table fitted, and what its rows read.
type Decided struct {
	Act  ID                `json:"act"`
	Hits []Hit             `json:"hits,omitempty"` // none: what stands under else
	Read []formula.Reading `json:"read,omitempty"`
}

// Hit is one row that fitted.
type Hit struct {
	Row  int    `json:"row"`            // from 1
	When string `json:"when,omitempty"` // its cells as one condition
}

// EndReached says that a thread came to an end.
type EndReached struct {
	Frame ID     `json:"frame"`
	End   string `json:"end,omitempty"`
	By    ID     `json:"by"`
	Error bool   `json:"error,omitempty"` // the thread ended by an error that was taken beside
}

// TimerSet arms a timer.
type TimerSet struct {
	Act   ID    `json:"act"`
	Timer Timer `json:"timer"`
}

// TimerCleared disarms it; Fired tells whether its time had come.
type TimerCleared struct {
	Act   ID   `json:"act"`
	Timer ID   `json:"timer"`
	Fired bool `json:"fired,omitempty"`
}

// Received says that a message came and what became of it.
type Received struct {
	ID     string       `json:"i_d,omitempty"`
	Name   string       `json:"name,omitempty"`
	Sender value.Person `json:"sender,omitzero"`
	Act    ID           `json:"act"` // the activation that took it; 0 = nobody waited
	Fate   string       `json:"fate,omitempty"`
}

// Kept puts a message by until somebody waits for it.
type Kept struct {
	Act     ID          `json:"act"` // the case's own activation, which carries the timer
	Message KeptMessage `json:"message"`
	Timer   Timer       `json:"timer"`
}

// Unkept takes it out again.
type Unkept struct {
	ID   string `json:"i_d,omitempty"`
	Name string `json:"name,omitempty"`
}

// Once marks an event that has happened: one that may happen at most once, or a condition that has turned true.
type Once struct {
	Act   ID   `json:"act"`
	Event int  `json:"event"`
	Over  bool `json:"over,omitempty"` // its condition is false again: it may happen again
}

// Called starts another case.
type Called struct {
	Call      ID              `json:"call"`
	NoWait    bool            `json:"no_wait,omitempty"`
	Act       ID              `json:"act"`
	Case      string          `json:"case,omitempty"`
	Procedure string          `json:"procedure,omitempty"`
	Values    json.RawMessage `json:"values,omitempty"` // by the callee's fields
}

// Returned keeps what a called case came to when it could not be taken: a retry takes it, or the case's being resumed.
type Returned struct {
	Act       ID              `json:"act"`
	Case      string          `json:"case,omitempty"`
	Procedure string          `json:"procedure,omitempty"`
	Outcome   string          `json:"outcome,omitempty"`
	Values    json.RawMessage `json:"values,omitempty"` // by the callee's fields
	Code      string          `json:"code,omitempty"`   // it came to nothing: the code of the incident
	Failed    string          `json:"failed,omitempty"` // and the reason
}

// Asked gives work to a machine: a request to another system, or a job for a worker.
type Asked struct {
	Act  ID              `json:"act"`
	Job  ID              `json:"job"`
	Name string          `json:"name,omitempty"` // kind of work
	Body json.RawMessage `json:"body,omitempty"` // what is given, or what is sent
	At   time.Time       `json:"at,omitzero"`
	Most int             `json:"most"` // how often it may be given out
}

// Tried says that it failed, and when it is tried again.
type Tried struct {
	Act     ID        `json:"act"`
	Job     ID        `json:"job"`
	Given   int       `json:"given"` // how often it was given out so far
	Worker  string    `json:"worker,omitempty"`
	Error   string    `json:"error,omitempty"`
	Message string    `json:"message,omitempty"`
	Again   time.Time `json:"again,omitzero"` // zero = it is not
}

// Replied says that a machine has answered.
type Replied struct {
	Act    ID     `json:"act"`
	Given  int    `json:"given"` // how often it was given out; more than the tries that failed: once without an answer
	Worker string `json:"worker,omitempty"`
	Status int    `json:"status,omitempty"` // of a request
	Wrong  string `json:"wrong,omitempty"`  // place in the answer that is not as it was declared; "" = none
}

// Reminded tells people about an open step.
type Reminded struct {
	Act ID                  `json:"act"`
	To  []formula.Candidate `json:"to,omitempty"`
	How string              `json:"how,omitempty"` // reminded, escalated
}

// Issued makes a paper.
type Issued struct {
	Act      ID                  `json:"act"`
	Document string              `json:"document,omitempty"`
	Number   string              `json:"number,omitempty"`
	Edition  int                 `json:"edition"`
	Instead  string              `json:"instead,omitempty"` // number of the paper that it replaces, which was superseded
	Copies   []formula.Candidate `json:"copies,omitempty"`
}

// SentBack takes back all that came of a run of a step: it is done again.
type SentBack struct {
	How    string        `json:"how,omitempty"` // return, way, recall, jump
	Person value.Person  `json:"person,omitzero"`
	Act    ID            `json:"act"` // whence
	Frame  ID            `json:"frame"`
	To     string        `json:"to,omitempty"`     // step
	Of     ID            `json:"of,omitempty"`     // the run that is done again; 0 = none, the step opens by itself
	Region []ID          `json:"region,omitempty"` // the activations that are taken back
	Tokens []Token       `json:"tokens,omitempty"` // what they consumed and did not make: it waits again
	Reason string        `json:"reason,omitempty"`
	For    *value.Person `json:"for,omitempty"` // whose the task was: Person stands in for him
}

// Superseded says that a paper holds no longer: what it says was taken back.
type Superseded struct {
	Act      ID     `json:"act"`
	Document string `json:"document,omitempty"`
	Number   string `json:"number,omitempty"`
	Edition  int    `json:"edition"`
}

// Detoured puts a task aside until an earlier step was done once more.
type Detoured struct {
	Act    ID            `json:"act"`
	To     string        `json:"to,omitempty"` // step
	Person value.Person  `json:"person,omitzero"`
	Reason string        `json:"reason,omitempty"`
	At     time.Time     `json:"at,omitzero"`
	For    *value.Person `json:"for,omitempty"` // whose the task is: Person stands in for him
}

// Reopened says that a block, a row or a round goes on as it was before it came to its end: what was done last in it is
// taken back.
type Reopened struct {
	Act   ID `json:"act"` // the activation that has it inside
	Frame ID `json:"frame"`
}

// Rejoined takes it up again, as it was; its clocks have stood still.
type Rejoined struct {
	Act ID        `json:"act"`
	At  time.Time `json:"at,omitzero"`
}

// Suspension stops the case; its clocks are taken down.
type Suspension struct {
	Person value.Person `json:"person,omitzero"`
	Reason string       `json:"reason,omitempty"`
	At     time.Time    `json:"at,omitzero"`
}

// Resumption takes it up again; its clocks are set again, later by Shift.
type Resumption struct {
	Person value.Person  `json:"person,omitzero"`
	Reason string        `json:"reason,omitempty"`
	At     time.Time     `json:"at,omitzero"`
	Shift  time.Duration `json:"shift,omitempty"`
}

// Forced completes an activation by an administrator's word.
type Forced struct {
	Act    ID           `json:"act"`
	Person value.Person `json:"person,omitzero"`
	Answer string       `json:"answer,omitempty"`
}

// Stuck raises an incident.
type Stuck struct {
	Act      ID       `json:"act"`
	Incident Incident `json:"incident"`
}

// Resolved ends it.
type Resolved struct {
	Act ID `json:"act"`
}

// Ended closes the case.
type Ended struct {
	By      string    `json:"by,omitempty"` // who cancelled it; "" = it came to its end, or its caller did
	Status  Status    `json:"status"`
	Outcome string    `json:"outcome,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Code    string    `json:"code,omitempty"` // why, where no person says it: CalledOff
	Reason  string    `json:"reason,omitempty"`
}

func (CaseStarted) Kind() string  { return "case-started" }
func (DataSet) Kind() string      { return "data-set" }
func (FrameOpened) Kind() string  { return "frame-opened" }
func (FrameClosed) Kind() string  { return "frame-closed" }
func (Opened) Kind() string       { return "opened" }
func (Moved) Kind() string        { return "moved" }
func (Passed) Kind() string       { return "passed" }
func (Joined) Kind() string       { return "joined" }
func (Dropped) Kind() string      { return "dropped" }
func (RoundChanged) Kind() string { return "round-changed" }
func (Spread) Kind() string       { return "spread" }
func (RowEnded) Kind() string     { return "row-ended" }
func (Grown) Kind() string        { return "grown" }

// Kind implements Event.
func (EndedEarly) Kind() string   { return "ended-early" }
func (Locked) Kind() string       { return "locked" }
func (Raised) Kind() string       { return "raised" }
func (CanUndo) Kind() string      { return "can-undo" }
func (UndoBegan) Kind() string    { return "undo-began" }
func (UndoEnded) Kind() string    { return "undo-ended" }
func (Subscribed) Kind() string   { return "subscribed" }
func (Unsubscribed) Kind() string { return "unsubscribed" }
func (Drew) Kind() string         { return "drew" }
func (Resulted) Kind() string     { return "resulted" }
func (Chosen) Kind() string       { return "chosen" }
func (Judged) Kind() string       { return "judged" }
func (Decided) Kind() string      { return "decided" }
func (EndReached) Kind() string   { return "end-reached" }
func (TimerSet) Kind() string     { return "timer-set" }
func (TimerCleared) Kind() string { return "timer-cleared" }
func (Received) Kind() string     { return "received" }
func (Kept) Kind() string         { return "kept" }
func (Unkept) Kind() string       { return "unkept" }
func (Once) Kind() string         { return "once" }
func (Called) Kind() string       { return "called" }
func (Returned) Kind() string     { return "returned" }
func (Asked) Kind() string        { return "asked" }
func (Tried) Kind() string        { return "tried" }
func (Replied) Kind() string      { return "replied" }
func (Reminded) Kind() string     { return "reminded" }
func (Issued) Kind() string       { return "issued" }
func (SentBack) Kind() string     { return "sent-back" }
func (Suspension) Kind() string   { return "case-suspended" }
func (Resumption) Kind() string   { return "case-resumed" }
func (Forced) Kind() string       { return "forced" }
func (Superseded) Kind() string   { return "superseded" }
func (Detoured) Kind() string     { return "detoured" }
func (Rejoined) Kind() string     { return "rejoined" }
func (Reopened) Kind() string     { return "reopened" }
func (Stuck) Kind() string        { return "stuck" }
func (Resolved) Kind() string     { return "resolved" }
func (Ended) Kind() string        { return "ended" }
