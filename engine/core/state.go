package core

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// ID names a frame, activation, token, slot or timer of one case. One counter gives them all: a higher ID is younger.
type ID int64

// State is everything that a case is. Lists are ordered by ID; nothing is decided by the order of a map.
type State struct {
	Office    string        `json:"office,omitempty"`
	Case      string        `json:"case,omitempty"` // unique in the office; time-ordered
	Procedure string        `json:"procedure,omitempty"`
	Version   int           `json:"version,omitempty"`
	Number    string        `json:"number,omitempty"`
	Status    Status        `json:"status"`
	Outcome   string        `json:"outcome,omitempty"`
	Started   time.Time     `json:"started,omitzero"`
	Starter   value.Person  `json:"starter,omitzero"`
	Ended     time.Time     `json:"ended,omitzero"`
	Suspended time.Time     `json:"suspended,omitzero"` // since when; zero = it is not
	Parent    *Parent       `json:"parent,omitempty"`   // of a called case
	Depth     int           `json:"depth,omitempty"`    // calls above this case
	Settings  value.Record  `json:"-"`
	Data      value.Record  `json:"-"`
	Counter   ID            `json:"counter"`
	Seq       int64         `json:"seq"` // events so far
	Frames    []*Frame      `json:"frames,omitempty"`
	Past      []Past        `json:"past,omitempty"` // steps that were done in frames that have closed, by owner and id
	Acts      []*Activation `json:"acts,omitempty"`
	Tokens    []Token       `json:"tokens,omitempty"`
	Rounds    []Round       `json:"rounds,omitempty"`
	Kept      []KeptMessage `json:"-"`
	Happened  []Happened    `json:"happened,omitempty"` // once-events that have happened
	Locks     []Lock        `json:"locks,omitempty"`
	Undoable  []Undoable    `json:"undoable,omitempty"` // what was done and can be compensated, by order of completion
	Papers    []Paper       `json:"papers,omitempty"`
	Urged     []time.Time   `json:"urged,omitempty"`  // when, within the hour before the last one
	Copied    []string      `json:"copied,omitempty"` // ids of those who got the case to read
	MovedTo   *MovedTo      `json:"moved_to,omitempty"`
	Parts     []*Part       `json:"parts,omitempty"` // that have come to their end and may be opened again, in order
}

// Status is where a case stands.
type Status string

// The states of a case.
const (
	Running   Status = "running"
	Suspended Status = "suspended" // stopped by a person until it is resumed
	Finished  Status = "finished"
	Cancelled Status = "cancelled" // ended from outside, with outcome empty
	Frozen    Status = "frozen"    // an invariant of ours broke: nothing moves it but a repair
)

// Parent is the activation that called this case.
type Parent struct {
	Case string `json:"case"`
	Act  ID     `json:"act"`
}

// Frame is one run of a graph: of the procedure, of a block, or of one row of a `for_each`.
type Frame struct {
	ID     ID              `json:"id"`
	Owner  ID              `json:"owner"`            // the activation it belongs to; the case's own is activation 1
	Row    int             `json:"row"`              // row of a `for_each`, from 0; -1 for other frames
	Was    json.RawMessage `json:"was,omitempty"`    // what the row held before it was emptied, for drafts
	Ends   []Arrival       `json:"ends,omitempty"`   // the ends reached, in order
	Undoes *Undoable       `json:"undoes,omitempty"` // it compensates this; its graph is the one of that step
}

// Arrival says which activation brought a thread to an end of its frame.
type Arrival struct {
	End   string `json:"end"`
	By    ID     `json:"by"`
	Error bool   `json:"error,omitempty"` // the thread ended by an error that was taken beside
}

// Outcome is the end that the frame has come to; reached tells whether it has come to any.
func (f *Frame) Outcome() (outcome string, reached bool) {
	for _, e := range f.Ends {
		if e.End != definitions.StopEnd {
			outcome = e.End
		}
	}
	return outcome, len(f.Ends) > 0
}

// Activation is one run of one step.
type Activation struct {
	ID       ID             `json:"id"`
	Frame    ID             `json:"frame"` // 0 for the case itself
	Step     string         `json:"step"`
	N        int            `json:"n"` // the n-th run of this step in the frame
	State    ActState       `json:"state"`
	Opened   time.Time      `json:"opened"`
	Due      time.Time      `json:"due,omitzero"`     // zero = no clock of its own
	Detour   ID             `json:"detour,omitempty"` // the parked activation that waits for this one; 0 = none
	Parked   time.Time      `json:"parked,omitzero"`  // since when its clocks stand still
	Stood    time.Duration  `json:"stood,omitempty"`  // for how long they have stood still
	Into     string         `json:"into,omitempty"`   // the step inside it at which it begins; "" = at its start
	Sent     bool           `json:"sent,omitempty"`   // somebody has sent the case here: `only_while` is not asked
	Last     ID             `json:"last,omitempty"`   // the task whose answer decided it
	Ate      []Eaten        `json:"ate,omitempty"`    // the threads that its join consumed
	Missed   []string       `json:"missed,omitempty"` // inputs that an active join did not wait for
	By       []value.Person `json:"by,omitempty"`     // who did it
	Answer   string         `json:"answer,omitempty"` // outcome of its work
	Slots    []*Slot        `json:"slots,omitempty"`
	Groups   []Group        `json:"groups,omitempty"`  // of signers who were added, by id
	Against  []string       `json:"against,omitempty"` // ids of those in By who rejected, and it passed all the same
	Timers   []Timer        `json:"timers,omitempty"`
	Keys     []Key          `json:"keys,omitempty"`     // by which messages find it
	Total    int            `json:"total,omitempty"`    // rows of a `for_each`, rounds of a repeat
	Begun    int            `json:"begun,omitempty"`    // of the rows, begun
	Finished int            `json:"finished,omitempty"` // of them, ended
	Race     ID             `json:"race,omitempty"`     // the activation whose ways race; 0 = none
	Armed    bool           `json:"armed,omitempty"`    // it has been open: its timers run
	Undo     *Undoing       `json:"undo,omitempty"`     // what it compensates before it goes on
	// What the rows of a `for_each` held before they were emptied, for those whose turn has not come.
	Was      []json.RawMessage `json:"was,omitempty"`
	Called   string            `json:"called,omitempty"` // case of a call
	Job      ID                `json:"job,omitempty"`    // what a machine was asked; 0 = nothing
	Back     *Back             `json:"back,omitempty"`   // what it came to, while it could not be taken
	Sealed   []Sealed          `json:"sealed,omitempty"` // tasks done in frames of it that have closed
	Held     *Held             `json:"held,omitempty"`   // until its result, while one of its parts may be opened again
	Incident *Incident         `json:"incident,omitempty"`
	Order    int64             `json:"order,omitempty"` // when it was done, as an event number; 0 = not yet
}

// Back is what a called case came to.
type Back struct {
	Code    string          `json:"code,omitempty"` // it came to nothing: the code of the incident, and the reason
	Failed  string          `json:"failed,omitempty"`
	Outcome string          `json:"outcome,omitempty"`
	Values  json.RawMessage `json:"values,omitempty"` // by the callee's fields
}

// Sealed is a task that its step let one take back, while what it was done in had not come to its end.
type Sealed struct {
	Slot ID             `json:"slot"`
	Step string         `json:"step"`
	By   []value.Person `json:"by"`
}

// Past is what is kept of a step's runs when their frame has closed: for done('x') and done_by('x').
type Past struct {
	Owner ID             `json:"owner"` // the activation that had them inside, in a frame that is still open
	Step  string         `json:"step"`
	Times int64          `json:"times"`
	By    []value.Person `json:"by,omitempty"` // who did it the last time
	Order int64          `json:"order"`        // when that was, as an event number

	Answer  string   `json:"answer,omitempty"`  // what it came to then
	Against []string `json:"against,omitempty"` // see Activation
}

// Key makes an activation reachable by a message's correlation key.
type Key struct {
	Name string `json:"name"`
	Key  string `json:"key"`
}

// ActState is where an activation stands. See lifecycle.go for what may follow what.
type ActState string

// The states of an activation; terminal are Done, Withdrawn and Undone.
const (
	Ready     ActState = "ready"
	Open      ActState = "open"
	Leaving   ActState = "leaving"
	Trailing  ActState = "trailing"
	Reverting ActState = "reverting" // its ways are chosen; what they undo is compensated first
	Parked    ActState = "parked"    // a detour is under way
	Failed    ActState = "failed"
	Done      ActState = "done"
	Withdrawn ActState = "withdrawn"
	Undone    ActState = "undone" // it was done, and then taken back
)

// Live tells whether an activation in this state can still move the case on.
func (s ActState) Live() bool {
	return s == Ready || s == Open || s == Leaving || s == Parked || s == Failed || s == Reverting
}

// Over tells whether nothing more comes of an activation in this state.
func (s ActState) Over() bool { return s == Done || s == Withdrawn || s == Undone }

// Lock is held by an activation: no other may start that needs it, but those inside it.
type Lock struct {
	Name  string `json:"name,omitempty"`  // "" = that of an any_order list
	Frame ID     `json:"frame,omitempty"` // the run of that list; 0 for a named one
	Act   ID     `json:"act"`
}

// Undoable is a run of a step that can be compensated.
type Undoable struct {
	Act    ID              `json:"act"`
	Frame  ID              `json:"frame"` // where it counts now: its own frame, or the nearest around it that still runs
	Step   string          `json:"step"`
	Order  int64           `json:"order"`            // when it was done, as an event number
	Row    int             `json:"row"`              // row of the `for_each` around it; -1 = none
	Owners []ID            `json:"owners,omitempty"` // activations whose frames have closed around it, inner ones first
	Was    json.RawMessage `json:"was,omitempty"`    // what it had filled in when it was done
}

// Undoing is what an activation compensates, and what it does then.
type Undoing struct {
	Left    []ID   `json:"left,omitempty"` // activations to undo, the next one first
	Ways    []int  `json:"ways,omitempty"` // of its step
	Timeout *int   `json:"timeout,omitempty"`
	Event   *int   `json:"event,omitempty"`
	End     string `json:"end,omitempty"` // the case ends with this outcome,
	By      string `json:"by,omitempty"`  // since this person wants it
	Reason  string `json:"reason,omitempty"`
}

// Eaten is a token that a join consumed.
type Eaten struct {
	Token ID     `json:"token"` // 0: it never waited, so that nothing can put it back
	Input string `json:"input"` // step it came from; "" = the start
	By    ID     `json:"by"`    // the activation that made it; 0 = the start
	// At is the join where it had waited, if not at the step's own: a jump has handed it on.
	At string `json:"at,omitempty"`
}

// Token is a thread that waits at a join.
type Token struct {
	ID    ID     `json:"id"`
	Frame ID     `json:"frame"`
	To    string `json:"to"`    // the join's step
	Input string `json:"input"` // the step it came from; "" = the start
	By    ID     `json:"by"`    // the activation that made it; 0 = the start
}

// Round is one firing of a join that does not wait for all, until the rest has come. One that has closed is kept as
// long as its frame: what is taken back may open it again.
type Round struct {
	ID     ID      `json:"id"`
	Frame  ID      `json:"frame"`
	Step   string  `json:"step"`
	Seen   []Eaten `json:"seen"` // who came, in order; those after the firing were absorbed
	Fired  ID      `json:"fired,omitempty"`
	Open   bool    `json:"open"`
	Closed int64   `json:"closed,omitempty"` // when nothing more could come, as an event number; 0 = all had come
}

// saw tells whether an input has come in this round.
func (r *Round) saw(input string) bool {
	return slices.ContainsFunc(r.Seen, func(e Eaten) bool { return e.Input == input })
}

// Timer is a moment at which a timeout of an activation falls due.
type Timer struct {
	ID   ID        `json:"id"`
	Kind TimerKind `json:"kind"`
	// Index of the timeout, or of the thing waited for.
	Index int       `json:"index"`
	At    time.Time `json:"at"` // UTC
}

// TimerKind says what a timer belongs to.
type TimerKind string

// The kinds of timers.
const (
	TimeoutTimer TimerKind = "timeout"
	WaitTimer    TimerKind = "wait"
	KeepTimer    TimerKind = "keep" // drops a kept message
	MoreTimer    TimerKind = "more" // begins further rows of a large table
)

// ofWork tells a timer of a step's own work from one that only stands with it, for a kept message.
func (t Timer) ofWork() bool { return t.Kind != KeepTimer }

// KeptMessage came before anyone waited for it.
type KeptMessage struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	Sender value.Person `json:"sender"`
	Values value.Record `json:"-"`
	Until  time.Time    `json:"until"`
	Timer  ID           `json:"timer,omitempty"` // of the case's own activation: drops it at Until
}

// Happened names an event with `once` that has happened.
type Happened struct {
	Act   ID     `json:"act"`
	Step  string `json:"step"`
	Event int    `json:"event"`
}

// Paper is the latest edition of an issued document.
type Paper struct {
	Document   string `json:"document"`
	Number     string `json:"number"`
	Edition    int    `json:"edition"`
	Act        ID     `json:"act,omitempty"`        // that issued it, or had that one inside
	Superseded bool   `json:"superseded,omitempty"` // what it said was taken back
}

// Incident is a fault of this case that somebody must resolve; the rest of the case goes on.
type Incident struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Formula string `json:"formula,omitempty"`
	Phase   Phase  `json:"phase"`
}

// Phase says where in an activation's life an incident happened, and so what a retry does again.
type Phase string

// The phases of an incident. Beside leaves the activation as it is: only what a
// timer, a condition or a kept message should have done failed.
const (
	AtOpen  Phase = "open"
	AtLeave Phase = "leave"
	AtTake  Phase = "take" // of a call: its case has ended, what it gave could not be taken
	Beside  Phase = "beside"
)
