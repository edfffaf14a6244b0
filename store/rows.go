package store

import (
	"time"
)

// Change is everything that one step of one case does. It is applied whole or not at all.
//
// Its rows are kept under Office and Case.ID, whatever office and case they name. Of each kind, rows are removed
// before others are put. Case.ID may be "": such a change writes no case and has no rows of one, as when a letter to
// a case that is no more is taken away.
type Change struct {
	Office string
	// Case.Revision is the one that it was read at; 0 = the case is new. The store counts it up by one. Procedure,
	// Starter, Started and Parent stay as they were written first. Number is "" or the case's alone in its office: one
	// that is taken makes the change Stale.
	Case     CaseRow
	Events   []EventRow
	Draws    []Draw
	PutTasks []TaskRow // added or replaced, by ID
	Drafts   []Draft
	Drops    []string // ids of tasks
	Timers   []TimerRow
	Disarm   []string // ids of timers
	Subs     []Subscription
	Unsubs   []string // ids of subscriptions
	Letters  []Letter // to other cases, or to the office
	Jobs     []JobRow // added
	Delays   []JobDelay
	DropJobs []string // ids of jobs
	Copies   []CopyRow
	Searches []SearchRow
	// Deeds count up who did what: Times is added, Last is the later one.
	Deeds  []DeedRow
	Answer *Answer // idempotency: refused as Repeated when the key was used
	// Files are ids of files that become the case's. One that is there no more, or that is another case's and not
	// shared with this one, makes the change Stale.
	Files []string
	// Shares are ids of files that the case may use beside those whose they are: they came from another case. One that
	// the office does not have is passed over.
	Shares []string

	TakesLetter string // id of the letter that caused it: must be there, and is removed
	TakesTimer  string // id of the timer that caused it: must be there, and is removed
	TakesKept   string // id of the kept message that caused it: must be there, and is removed
	Job         string // id of the job that caused it: must be there, under the number Fence
	Fence       int64
	Message     string // id of a message from outside: must not have been seen in this office

	// Redraw makes the change anew with these last numbers of the series that it draws from; nil = it cannot. A store
	// that several nodes share may ask for it when the draws were not as read: it holds the series meanwhile and commits
	// what it gets, so that nodes that begin cases of one series at once take turns. An error leaves the change Stale.
	Redraw func(last map[string]int64) (Change, error)
}

// Result is what became of one Change.
type Result uint8

// The results of a Change.
const (
	Applied  Result = iota + 1
	Stale           // the case, or a counter, is not as it was read: read again and step again
	Repeated        // its idempotency key or message was used before; see Cases.Answer
	Gone            // the letter, timer, kept message or job that caused it is not there any more: somebody else did it
)

// CaseRow is a case as it stands.
type CaseRow struct {
	Office    string
	ID        string
	Revision  int64
	Procedure string
	Version   int
	Number    string
	Title     string // of the procedure
	Status    string
	Outcome   string
	Starter   string // person's id; "" = nobody
	Started   time.Time
	Ended     time.Time // zero while it runs
	Parent    string    // the calling case
	State     []byte    // core's encoding
}

// EventRow is one entry of a case's history. Seq counts from 1 without gaps.
type EventRow struct {
	Office string
	Case   string
	Seq    int64
	At     time.Time
	Actor  string // person's id; "" = the engine
	Kind   string
	Body   []byte // core's encoding: a JSON value, or nothing
}

// Candidate is a post or a person: "post:gate", "person:chan", or for claimed tasks "holder:chan".
type Candidate string

// TaskRow is an open task.
type TaskRow struct {
	Office     string
	ID         string // "<case>.<slot>"
	Case       string
	Slot       int64
	Act        int64
	Number     string // of the case
	Procedure  string
	Step       string
	Title      string // of the step, in the office's language
	Row        string
	Candidates []Candidate // who is offered it while it is unclaimed
	Holder     string      // person's id; "" = unclaimed
	Opened     time.Time
	Due        time.Time // by when it is to be done, or is taken away; zero = no clock
	Priority   int64     // the greatest first; 0 = the usual
	Draft      []byte    // the holder's; filled by Task only
}

// Draft belongs to an open task, and stays when the task is replaced. An empty body takes it away; one for a task that
// is not open is dropped.
type Draft struct {
	Task string
	Body []byte
}

// TimerRow is an armed timer. ID is "<case>.<timer>".
type TimerRow struct {
	Office string
	ID     string
	Case   string
	Timer  int64
	At     time.Time
}

// Letter is a message from a case to a case, delivered at least once and taken exactly once.
type Letter struct {
	Office string
	ID     string // unique in the office, time-ordered within its sender
	From   string
	To     string // case id; "" = the office itself
	Kind   string // of the engine's choice: start, ended, cancel, kept, hand-over, staff
	Body   []byte
}

// JobRow is something that a machine is asked to do. ID is "<case>.<job>".
type JobRow struct {
	Office    string
	ID        string
	Case      string
	Number    string // of the case
	Procedure string
	Step      string
	Name      string // kind of work
	Body      []byte
	Most      int       // how often it may be given out
	Given     int       // how often it was
	Free      time.Time // from when on it may be given out
	Fence     int64     // number of whoever has it; 0 = nobody has had it
	Worker    string    // who has it, or had it last
}

// JobDelay makes a job free at a later time, under the next fencing number: who had it cannot keep it any more.
type JobDelay struct {
	ID string
	At time.Time
}

// JobFetch says which jobs are wanted, by whom and for how long.
type JobFetch struct {
	Office string // "" = of all
	Names  []string
	Worker string
	Now    time.Time
	Until  time.Time
	Limit  int // 1 to 200; below 1 means 50
}

// ScheduleRow is a start of a procedure by the calendar.
type ScheduleRow struct {
	Office    string
	ID        string // "<procedure>/<way>"
	Procedure string
	Way       int       // which of its starts
	Spec      string    // what it says, to tell whether it is still the same
	Last      time.Time // up to which it was done
	Next      time.Time // when it is due
}

// WorkerRow is a machine that fetches jobs.
type WorkerRow struct {
	ID        string
	Title     string
	Names     []string // kinds of work that it may fetch
	Hash      []byte   // of its secret
	Changed   time.Time
	ChangedBy string // person's id
}

// Subscription makes a case reachable by key. ID is "<case>.<activation>.<name>".
type Subscription struct {
	Office string
	ID     string
	Case   string
	Name   string
	Key    string
}

// KeptMessage is a keyed message that came before any case waited for it.
type KeptMessage struct {
	ID     string
	Name   string
	Key    string
	Sender string // person's id; "" = another system
	Body   []byte
	Until  time.Time
}

// Draw uses number N of a series: the last one must be N-1.
type Draw struct {
	Series string
	N      int64
}

// The kinds of copies.
const (
	PaperCopy   = ""        // a document that the case issued
	CaseCopy    = "case"    // the case itself, copied by hand
	UrgeCopy    = "urge"    // somebody waits for the recipient; made by the core, which knows no store
	CommentCopy = "comment" // to nobody: whoever sees the case reads it
)

// CopyRow is something sent for information: a document, a case, a word on it.
type CopyRow struct {
	Office   string
	ID       string // begins with "<case>."; the same again is kept once
	Kind     string // one of the kinds above
	By       string // person's id; "" = the engine
	Text     string // what he wrote
	Case     string
	Number   string // of the document
	Title    string // of the document
	Document string
	Edition  int
	To       Candidate
	At       time.Time
	Read     bool // by the person that asked
}

// SearchRow is what a case has in a searchable field, replaced by (case, field).
type SearchRow struct {
	Case  string
	Field string
	Text  string // the value's key: keys are in the order of the values; "" = none
}

// Answer is what an idempotency key was answered.
type Answer struct {
	Key     string
	Request []byte // digest of the request: the same key with another request is a mistake of the caller
	Body    []byte
	At      time.Time
}

// BundleRow is an office's deployed files.
type BundleRow struct {
	Hash  string
	Files []byte // encoded by the engine
	// Of the last time it was deployed.
	At       time.Time
	By       string
	Warnings []byte // encoded by the engine
}

// ProcedureHash names a procedure of a bundle and the digest of all that decides how it runs.
type ProcedureHash struct {
	Procedure string
	Title     string
	Hash      string
}

// VersionRow is a version of a procedure.
type VersionRow struct {
	Office    string
	Procedure string
	Version   int
	Title     string
	Hash      string
	Bundle    string // hash of the bundle it came with
	At        time.Time
}

// DeedRow says how often a person did a step of a procedure, and when last.
type DeedRow struct {
	Procedure string
	Step      string
	Person    string
	Times     int64
	Last      time.Time
}

// SubstituteRow lets somebody do another's work for a while.
type SubstituteRow struct {
	ID         string
	Person     string    // who is away
	Substitute string    // who stands in
	From       time.Time // inclusive
	Until      time.Time // exclusive
	Procedures []string  // ids; none = all
	Changed    time.Time
	ChangedBy  string // person's id
}

// SettingRow is what an office has made of a setting of a procedure.
type SettingRow struct {
	Procedure string
	Name      string
	Value     []byte // encoded by the engine
	Changed   time.Time
	ChangedBy string // person's id
}

// PersonRow is somebody of an office.
type PersonRow struct {
	ID      string
	Name    string
	Posts   []string
	Skills  []string
	Unit    string
	Admin   bool // may deploy, and keep the directory
	Gone    bool // left: cannot sign in, is offered nothing
	Lang    string
	Changed time.Time
}

// FileRow is an uploaded file.
type FileRow struct {
	Office string
	ID     string
	Name   string
	Type   string // media type
	Size   int64  // bytes
	SHA256 []byte // of Body
	By     string // person's id
	At     time.Time
	Case   string   // whose it is; "" = nobody's yet
	Shared []string // further cases that use it, by id
	Body   []byte   // filled by File only
}

// LinkRow is a one-time link: to sign in, or to set up the first administrator.
type LinkRow struct {
	Hash    []byte
	Office  string
	Person  string // "" for a set-up link
	Purpose string // sign-in, set-up
	Until   time.Time
}

// SessionRow is a signed-in browser or client.
type SessionRow struct {
	Hash   []byte
	Office string
	Person string
	Until  time.Time
}

// CaseQuery filters CasesOf. Zero fields do not filter.
type CaseQuery struct {
	Procedure string
	Status    string
	Starter   string
	Number    string // prefix
	Field     string // cases whose SearchRow of this field is from From to To, both included; "" = all
	From, To  string // "" = without this limit
	After     string // cursor of the page before
	Limit     int    // 1 to 200; below 1 means 50
}

// InboxQuery filters Inbox. Zero fields do not filter.
type InboxQuery struct {
	Who       []Candidate // a task of any of these; one task comes once
	Procedure string
	Step      string
	Number    string // prefix of the case's number
	After     string // cursor of the page before
	Limit     int    // 1 to 200; below 1 means 50
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T
	Next  string // cursor of the next page; "" = this is the last
}
