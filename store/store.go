// Package store is the contract of what Guicheng keeps. Drivers stand in its subfolders; storetest is the suite that
// each of them passes.
//
// Every key begins with the office, and no method crosses offices but those of [Work] that find work for the engine,
// [Sessions], whose secrets tell the office, and [Offices]. Times are kept to the microsecond and come back in UTC.
package store

import (
	"context"
	"time"
)

// Store is a whole driver.
type Store interface {
	Cases
	Tasks
	Work
	Bundles
	Directory
	Substitutes
	Settings
	Deeds
	Sessions
	Offices
	Files
	Nodes
	Bulk
	Jobs
	Workers
	Schedules
	// Close waits for what is under way and releases the files or connections.
	Close() error
}

// Cases keeps cases and their history.
type Cases interface {
	// Commit applies each change by itself, all in one durable transaction, and says what became of each. A change
	// that is repeated, gone or stale (judged in this order) changes nothing and does not hinder the others; one sees
	// what those before it did. ctx ends the wait for a turn only: what has begun is finished. An error means that none
	// was applied, but ErrUnknown that they may have been; a *BadChangeError names the change that broke a rule.
	Commit(ctx context.Context, changes []Change) ([]Result, error)
	// Case returns the case's record. ErrNotFound if the office has no such case.
	Case(ctx context.Context, office, id string) (CaseRow, error)
	// CaseByNumber finds a case by its number. ErrNotFound if there is none, and for "".
	CaseByNumber(ctx context.Context, office, number string) (CaseRow, error)
	// CasesOf lists cases, youngest first: by Started, then by id, both descending.
	CasesOf(ctx context.Context, office string, q CaseQuery) (Page[CaseRow], error)
	// History returns up to limit of a case's events with a sequence number above after, oldest first.
	History(ctx context.Context, office, id string, after int64, limit int) ([]EventRow, error)
	// Answer returns what was answered under an idempotency key. ErrNotFound if nothing was.
	Answer(ctx context.Context, office, key string) (Answer, error)
	// Counters returns the last numbers of series; a series that was never used is 0.
	Counters(ctx context.Context, office string, series []string) (map[string]int64, error)
}

// Tasks reads open tasks and copies.
type Tasks interface {
	// Inbox lists the open tasks of those who, the greatest priority first, then soonest due (no clock: last), then
	// oldest first, then by id. A claimed task is offered to "holder:<person>" only.
	Inbox(ctx context.Context, office string, q InboxQuery) (Page[TaskRow], error)
	// InboxCounts counts open tasks for each of who, up to limit.
	InboxCounts(ctx context.Context, office string, who []Candidate, limit int) (map[Candidate]int, error)
	// Task returns one open task. ErrNotFound if it is not open.
	Task(ctx context.Context, office, id string) (TaskRow, error)
	// TasksOf lists the open tasks of a case, oldest first, then by slot.
	TasksOf(ctx context.Context, office, caseID string) ([]TaskRow, error)
	// Copies lists documents that were copied to who, youngest first; Read is for the person.
	Copies(ctx context.Context, office string, who []Candidate, person, after string, limit int) (Page[CopyRow], error)
	// ReadCopy marks a copy as read by a person. Again is no error. ErrNotFound if the office has no such copy.
	ReadCopy(ctx context.Context, office, id, person string, at time.Time) error
	// CopiesOf lists the copies of a case, oldest first; Read is whether anybody has read it.
	CopiesOf(ctx context.Context, office, caseID string) ([]CopyRow, error)
}

// Work finds what the engine must do by itself. Rows are removed by the Change that did it. Where several nodes share
// the database, a timer or letter that one of them was given is kept from the others for LeaseTime, so that they do not
// all do the same work; whoever does it late, and finds it done, is told Gone.
type Work interface {
	// DueTimers lists timers due at or before now, of all offices, by (At, Case, Timer).
	DueTimers(ctx context.Context, now time.Time, limit int) ([]TimerRow, error)
	// NextTimer says when the first timer after now falls due; false if there is none.
	NextTimer(ctx context.Context, now time.Time) (time.Time, bool, error)
	// Letters lists messages between cases that were not delivered, of all offices, in the order of their commits.
	Letters(ctx context.Context, limit int) ([]Letter, error)
	// Subscribers lists the subscriptions of an office to a message's key, oldest first.
	Subscribers(ctx context.Context, office, name, key string) ([]Subscription, error)
	// KeepMessage keeps a message with a key that no case waits for, until msg.Until. ErrRepeated if its id was seen.
	KeepMessage(ctx context.Context, office string, msg KeptMessage) error
	// KeptMessages lists kept messages with this key, oldest first, that have not passed their time at now.
	KeptMessages(ctx context.Context, office, name, key string, now time.Time) ([]KeptMessage, error)
	// Now is the time that decides what is due: the database's own where several nodes share it.
	Now(ctx context.Context) (time.Time, error)
}

// Bulk reads many things at once, of all offices: the engine's own work is on many cases, one round trip for all.
type Bulk interface {
	// CasesByRef returns the records of those cases that are there, in any order.
	CasesByRef(ctx context.Context, refs []CaseRef) ([]CaseRow, error)
}

// LeaseTime is how long what a node was given is its own. One that died, hangs or is cut off keeps nothing for longer.
const LeaseTime = 10 * time.Second

// Nodes is for several nodes on one database, and for what is done now and then by any of them.
type Nodes interface {
	// Wakes tells of what other nodes did, until ctx or the store ends: then the channel is closed. It is a help, not a
	// promise: work and changes are found without it, later. A store that no other node can share says nothing.
	Wakes(ctx context.Context) <-chan Wake
	// Upkeep makes room for what is to come and forgets what r says, as of now. Any number of nodes may do it at once.
	// It returns how much was forgotten. What others hinder is left for the next time.
	Upkeep(ctx context.Context, now time.Time, r Retention) (Forgotten, error)
}

// Wake is what other nodes did.
type Wake struct {
	Work    bool      // there are new timers or letters
	Offices []string  // people or procedures of these changed
	Cases   []CaseRef // these moved on
	Missed  bool      // there may have been more
}

// CaseRef names a case among those of all offices.
type CaseRef struct{ Office, ID string }

// Retention says how long what has served is kept. What is 0 or less is kept for ever.
type Retention struct {
	// Answers are idempotency keys with their answers, and ids of messages from outside. One that comes again later is
	// taken for new.
	Answers time.Duration
	// Uploads are files that no case uses.
	Uploads time.Duration
	// History is what cases did: whole months of it are forgotten, where the driver keeps it by months. Their state stays.
	History time.Duration
}

// Forgotten counts what an upkeep took away.
type Forgotten struct {
	Answers  int64 // with ids of messages
	Uploads  int64
	Secrets  int64 // links and sessions whose time is over
	Messages int64 // kept ones that nobody came for
	Months   int64 // of history
}

// Jobs gives out what machines are asked to do. A job is put, delayed and taken away by a Change; whoever has it holds
// it by a fencing number, which is a new one each time that it is given out.
type Jobs interface {
	// FetchJobs gives out up to q.Limit jobs that are free at q.Now, soonest free first, until q.Until. Of several that
	// fetch at once each gets others.
	FetchJobs(ctx context.Context, q JobFetch) ([]JobRow, error)
	// HoldJob keeps a job until a later time, or gives it back at an earlier one. ErrNotFound if the office has no such
	// job any more, ErrStale if fence is not its number.
	HoldJob(ctx context.Context, office, id string, fence int64, until time.Time) error
	// Job returns a job. ErrNotFound if the office has no such job.
	Job(ctx context.Context, office, id string) (JobRow, error)
	// NextJob says when the first job of one of these names becomes free, in an office ("" = in any); false if there is
	// none.
	NextJob(ctx context.Context, office string, names []string) (time.Time, bool, error)
}

// Workers keeps the machines that may fetch jobs. Their secrets are stored as SHA-256 only.
type Workers interface {
	// PutWorker adds or replaces a worker.
	PutWorker(ctx context.Context, office string, w WorkerRow) error
	// Workers lists all of an office, by id.
	Workers(ctx context.Context, office string) ([]WorkerRow, error)
	// WorkerBySecret finds a worker and its office. ErrNotFound if there is none.
	WorkerBySecret(ctx context.Context, hash []byte) (office string, w WorkerRow, err error)
	// DropWorker takes one away. Again is no error.
	DropWorker(ctx context.Context, office, id string) error
}

// Schedules keeps what begins by the calendar.
type Schedules interface {
	// PutSchedules makes these the schedules of an office, in place of those that it had.
	PutSchedules(ctx context.Context, office string, rows []ScheduleRow) error
	// Schedules lists those of an office, by id.
	Schedules(ctx context.Context, office string) ([]ScheduleRow, error)
	// DueSchedules lists those whose next time is at or before now, of all offices, by (Next, Office, ID). What a node was
	// given is kept from the others for LeaseTime, as a timer is.
	DueSchedules(ctx context.Context, now time.Time, limit int) ([]ScheduleRow, error)
	// NextSchedule says when the first after now falls due; false if there is none.
	NextSchedule(ctx context.Context, now time.Time) (time.Time, bool, error)
	// RanSchedule notes that row was done up to Last and is due next at Next, unless it is not due at was any more.
	RanSchedule(ctx context.Context, row ScheduleRow, was time.Time) error
}

// Bundles keeps deployed procedures.
type Bundles interface {
	// Deploy keeps an office's bundle and gives each of its procedures whose hash is not that of the procedure's newest
	// version the next version number: going back to an older text is a new version. It returns the newest versions of
	// the bundle's procedures, by id. The same bundle again changes nothing.
	Deploy(ctx context.Context, office string, b BundleRow, procedures []ProcedureHash) ([]VersionRow, error)
	// Bundle returns a bundle by hash.
	Bundle(ctx context.Context, office, hash string) (BundleRow, error)
	// Versions lists the newest version of each procedure of an office, by id.
	Versions(ctx context.Context, office string) ([]VersionRow, error)
	// Version returns one version; version 0 means the newest.
	Version(ctx context.Context, office, procedure string, version int) (VersionRow, error)
}

// Directory keeps the people of an office.
type Directory interface {
	// PutPerson adds or replaces a person. ErrLastAdmin if the office had somebody who keeps it (Admin and not Gone), and
	// would have nobody any more: judged by the store, so that no two who leave at once can both be let go.
	PutPerson(ctx context.Context, office string, p PersonRow) error
	// ChangePerson is PutPerson on the condition that the person is as was; ErrNotFound if the office has no such
	// person any more, ErrStale if another has changed it. In the same transaction a letter is written, if there is one.
	ChangePerson(ctx context.Context, office string, was, p PersonRow, letter *Letter) error
	// Person returns one person. ErrNotFound if the office has no such person.
	Person(ctx context.Context, office, id string) (PersonRow, error)
	// People lists all persons of an office, by id.
	People(ctx context.Context, office string) ([]PersonRow, error)
}

// Substitutes keeps who stands in for whom while somebody is away.
type Substitutes interface {
	// PutSubstitute adds or replaces a substitute, by ID.
	PutSubstitute(ctx context.Context, office string, s SubstituteRow) error
	// Substitutes lists all of an office, by id: also those whose time has not come or is over.
	Substitutes(ctx context.Context, office string) ([]SubstituteRow, error)
	// DropSubstitute takes one away. Again is no error.
	DropSubstitute(ctx context.Context, office, id string) error
}

// Settings keeps what offices have made of the settings of their procedures.
type Settings interface {
	// PutSetting adds or replaces one, by Procedure and Name.
	PutSetting(ctx context.Context, office string, s SettingRow) error
	// Settings lists all of an office, by procedure and name.
	Settings(ctx context.Context, office string) ([]SettingRow, error)
	// DropSetting takes one away. Again is no error.
	DropSetting(ctx context.Context, office, procedure, name string) error
}

// Deeds counts who did which step.
type Deeds interface {
	// DeedsOf lists what was counted of a procedure's steps, by step and person.
	DeedsOf(ctx context.Context, office, procedure string, steps []string) ([]DeedRow, error)
}

// Sessions keeps sign-in links and sessions. Secrets are stored as SHA-256 only.
type Sessions interface {
	// PutLink keeps a one-time link.
	PutLink(ctx context.Context, l LinkRow) error
	// TakeLink removes a link and returns it: of several takers exactly one gets it. ErrNotFound otherwise.
	TakeLink(ctx context.Context, hash []byte) (LinkRow, error)
	// PutSession keeps a session, or prolongs it.
	PutSession(ctx context.Context, s SessionRow) error
	// Session returns a session that has not expired at now. ErrNotFound otherwise.
	Session(ctx context.Context, hash []byte, now time.Time) (SessionRow, error)
	// DropSession ends a session. Again is no error.
	DropSession(ctx context.Context, hash []byte) error
}

// Offices lists the offices that have a bundle or a person.
type Offices interface {
	// OfficeIDs lists them, by id.
	OfficeIDs(ctx context.Context) ([]string, error)
}

// Files keeps what people upload. A file never changes; which cases use it is said by changes.
type Files interface {
	// PutFile keeps a new file that no case uses yet; Case and Shared are not taken, and Size is that of Body.
	// ErrRepeated if the office has a file with this id.
	PutFile(ctx context.Context, office string, f FileRow) error
	// File returns a file. ErrNotFound if the office has no such file.
	File(ctx context.Context, office, id string) (FileRow, error)
	// FileInfo returns a file without its Body.
	FileInfo(ctx context.Context, office, id string) (FileRow, error)
}
