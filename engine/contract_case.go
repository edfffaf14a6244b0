package engine

import "encoding/json"

// ReturnRequest sends a case back from a task to an earlier step.
type ReturnRequest struct {
	To       string // step
	Straight bool   // when the step is done, the case comes straight back; else all after it is done again
	Reason   string
	Dry      bool // only tells what would come of it
	Key      string
}

// RecallRequest takes back what the actor has done himself.
type RecallRequest struct {
	Dry bool
	Key string
}

// RevokeRequest ends a case by its starter.
type RevokeRequest struct {
	Reason string
	Dry    bool
	Key    string
}

// CancelRequest ends a case from outside. It needs a reason.
type CancelRequest struct {
	Reason string
	Dry    bool
	Key    string
}

// JumpRequest leaves open work and opens a step in its stead.
type JumpRequest struct {
	Leave  []int64 // activations, as in OpenView
	To     string  // step
	Reason string
	Dry    bool
	Key    string
}

// SuspendRequest stops a case, or takes it up again.
type SuspendRequest struct {
	Reason string
	Key    string
}

// SkipRequest completes an activation as if it had come to an outcome.
type SkipRequest struct {
	Act    int64
	Answer string          // outcome; "" = the one that it had, if it failed on its way out
	To     string          // step or end to go on to; "" = as the procedure's guards say
	Values json.RawMessage // of the procedure's data; may be nil
	Dry    bool
	Key    string
}

// PreviewView tells what an act on a case would come to.
type PreviewView struct {
	Withdrawn   []RunView  `json:"withdrawn" doc:"open work that would be gone"`
	Parked      []RunView  `json:"parked" doc:"open work that would wait"`
	Undone      []RunView  `json:"undone" doc:"done work that would be no longer valid"`
	Restored    []WaitView `json:"restored" doc:"branches that would wait at their joins again"`
	Compensated []RunView  `json:"compensated" doc:"done work that would be compensated, the first one first"`
	Superseded  []string   `json:"superseded" doc:"papers that would be void"`
	Cancelled   []string   `json:"cancelled" doc:"ids of called cases that would be asked to stop"`
	Messages    []string   `json:"messages" doc:"messages that came and would be waited for again"`
	Opened      []RunView  `json:"opened" doc:"what would be open then"`
	Later       []RunView  `json:"later" doc:"what would open once all is compensated"`
	Ends        bool       `json:"ends" doc:"the case would end with it, at once or once all is compensated"`
}

// RunView is a run of a step.
type RunView struct {
	Act   int64  `json:"act"`
	Step  string `json:"step"`
	Title string `json:"title"`
	Row   int    `json:"row,omitempty" doc:"which row, from 1, where a step runs once for each"`
	// RowName is what people know the row by.
	RowName string `json:"row_name,omitempty" doc:"what the row is called: its first value that is a name"`
}

// WaitView is a branch that waits at a join.
type WaitView struct {
	From string `json:"from" doc:"title of the step that it comes from"`
	At   string `json:"at" doc:"title of the step at which it waits"`
}

// TargetView is a step to which a case may be led, or the reason why not.
type TargetView struct {
	Step  string `json:"step"`
	Title string `json:"title"`
	MayView
}

// ReturnView is a step to which a task may be returned: all that came of it is done again, or the task waits meanwhile.
type ReturnView struct {
	TargetView
	Straight MayView `json:"straight" doc:"whether it may come straight back from there (mode: straight)"`
}

// MayView says whether something can be done, or the reason why not.
type MayView struct {
	May    bool              `json:"may" doc:"whether you may do it now"`
	WhyNot string            `json:"why_not,omitempty" doc:"code of the reason if not"`
	Args   map[string]string `json:"args,omitempty" doc:"what the reason speaks of"`
	Reason string            `json:"reason,omitempty" doc:"one sentence in the asked language"`
}

// RecallView is a task that the reader has done and might take back.
type RecallView struct {
	Task string `json:"task"`
	TargetView
}

// OpenView is something that runs in a case, as an administrator sees it who repairs it.
type OpenView struct {
	RunView
	State   string   `json:"state" enum:"ready,open,parked,leaving,trailing,failed"`
	Answers []Choice `json:"answers" doc:"outcomes that it may be skipped with; empty: it has none"`
	Leads   []Lead   `json:"leads" doc:"where a skip may go on to, other than as the procedure says"`
	// Form is what may be filled in with a skip. Later steps may read it, and nothing is asked for.
	Form *FormView `json:"form,omitempty" doc:"what may be filled in with a skip; absent: nothing"`
}

// Lead is a step or an end that follows.
type Lead struct {
	Choice
	Answer string `json:"answer,omitempty" doc:"the outcome that it is for; absent: any"`
}
