// Package engine runs procedures: it is the Go API for offices that embed Guicheng, and what the server is built on.
//
// An [Engine] collects what people, clocks and messages do, steps each case by the pure core, commits many cases'
// steps together, and only then answers. Errors are *Error with a stable code.
package engine

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/outgoing"
	"github.com/guicheng/guicheng/store"
)

// Options of an engine. The zero value of each but Store is a sensible default.
type Options struct {
	Store  store.Store
	Logger *slog.Logger
	// Clock gives the present time; nil = the store's. Tests and simulations put their own.
	Clock Clock
	// Random gives the chance in the ids of cases; nil = crypto/rand. Simulations put their own.
	Random io.Reader
	// Systems are those that procedures may send requests to, by "<office>/<system>".
	Systems map[string]outgoing.System
	// Retention says how long what has served is kept; the zero value: for ever.
	Retention store.Retention
}

// Clock is the time that an engine lives in.
type Clock interface {
	Now() time.Time
	// After is as time.After.
	After(d time.Duration) <-chan time.Time
}

// Actor is the signed-in person on whose behalf something is done. Posts come from the directory, never from the
// caller.
type Actor struct {
	Office string
	Person string // id
	Lang   string // of what errors say; "" = the person's own

	operator bool // see Operator
}

// StartRequest starts a case.
type StartRequest struct {
	Procedure string
	Way       int             // index of the procedure's start; mostly 0
	Values    json.RawMessage // object of the start's form; may be nil
	Key       string          // idempotency key; "" = none
}

// CompleteRequest completes a task.
type CompleteRequest struct {
	Answer string
	Values json.RawMessage
	Note   string // a remark that stands in the story of the case
	Key    string
	// Pile asks for the next task of the same step, of another case.
	Pile bool
	Dry  bool // only tells what would come of it
}

// RowRequest adds a row to a step that runs once for each, or ends the step early.
type RowRequest struct {
	Act    int64           // of the step; see RowsView
	Values json.RawMessage // object of a new row's form, under the row's name
	Dry    bool            // of FinishRows: only tells what would come of it
	Key    string          // idempotency key; "" = none
}

// MessageRequest sends a message to a case, or by key to whoever waits for it.
type MessageRequest struct {
	Case   string // "" = by key
	Name   string
	Key    string // correlation key
	ID     string // the sender's id of this message; the same id is taken once
	Values json.RawMessage
	// Once is the idempotency key of a message to a case; "" = none. A message by key has its ID for that.
	Once string
	Dry  bool // of a message to a case: only tells what would come of it
}

// Started is the answer to a start.
type Started struct {
	Case   string `json:"case" doc:"id of the case"`
	Number string `json:"number" doc:"number of the case, counted by the office"`
	Status string `json:"status" enum:"running,suspended,finished,cancelled,frozen"`
	// Tasks are the open tasks that the actor may do next, so that the page can go on.
	Tasks []TaskLine `json:"tasks" doc:"open tasks of the case that you may do"`
}

// Done is the answer to any other act on a case.
type Done struct {
	Case    string     `json:"case"`
	Number  string     `json:"number"`
	Status  string     `json:"status" enum:"running,suspended,finished,cancelled,frozen,kept" doc:"kept: a message waits"`
	Outcome string     `json:"outcome,omitempty" doc:"end that the case reached"`
	Tasks   []TaskLine `json:"tasks" doc:"open tasks of the case that you may do"`
	// Piled is filled in where it was asked for.
	Piled *TaskLine `json:"piled,omitempty" doc:"the next task of the same step, of another case"`
	// Incidents are told to administrators: whether a retry has helped is what they want to know.
	Preview   *PreviewView `json:"preview,omitempty" doc:"of an act that was only tried out: what it would come to"`
	Incidents []Incident   `json:"incidents,omitempty" doc:"of the case, for administrators: what still cannot go on"`
}

// ProcedureLine is a procedure that a person may start.
type ProcedureLine struct {
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty" doc:"what it is for"`
	Version     int         `json:"version"`
	Starts      []StartForm `json:"starts"`
}

// StartForm is one way to start, with its form.
type StartForm struct {
	Way  int      `json:"way"`
	Form FormView `json:"form"`
}

// TaskLine is a task in a list.
type TaskLine struct {
	ID        string   `json:"id"`
	Case      string   `json:"case"`
	Number    string   `json:"number" doc:"number of the case"`
	Procedure string   `json:"procedure"`
	Step      string   `json:"step"`
	Title     string   `json:"title"`
	Subject   string   `json:"subject,omitempty" doc:"what the case is about"`
	Row       string   `json:"row,omitempty" doc:"which row, where a step runs once for each"`
	RowName   string   `json:"row_name,omitempty" doc:"what the row is called: its first value that is a name"`
	Posts     []string `json:"posts,omitempty" doc:"posts that it is offered to"`
	Holder    string   `json:"holder,omitempty" doc:"id of the person who claimed it"`
	// HolderName is for people to read.
	HolderName string `json:"holder_name,omitempty"`
	// For is whose task it is, where the reader stands in for somebody.
	For     string     `json:"for,omitempty" doc:"id of the person who is away, and for whom you do it"`
	ForName string     `json:"for_name,omitempty"`
	Held    bool       `json:"held,omitempty" doc:"it waits for whom its holder has asked, or sent it back to"`
	Opened  time.Time  `json:"opened"`
	Due     *time.Time `json:"due,omitempty" doc:"the earliest limit that it stands under"`
	Overdue bool       `json:"overdue,omitempty"`
	// MayOpen is said of the tasks of a case, which are shown to more people than may open them.
	MayOpen bool `json:"may_open,omitempty" doc:"in a case: whether you may open it"`
	// Yours is narrower: managers and administrators may open what is not theirs to do.
	Yours bool `json:"yours,omitempty" doc:"in a case: whether it is yours to do, or of somebody for whom you stand in"`
	// Until is when a timeout takes it away, and Otherwise what comes then.
	Until     *time.Time `json:"until,omitempty" doc:"when it is taken away, unless it is done by then"`
	Otherwise string     `json:"otherwise,omitempty" doc:"title of what comes in its place then"`
	// Priority sorts the inbox, the greatest first.
	Priority int64 `json:"priority,omitempty" doc:"the greatest comes first; 0 is the usual"`
}

// TaskView is a task to work on.
type TaskView struct {
	TaskLine
	ProcedureTitle string          `json:"procedure_title"`
	Note           string          `json:"note,omitempty"`
	Answers        []Choice        `json:"answers" doc:"the buttons; empty = one plain done"`
	Form           FormView        `json:"form"`
	Show           []ShownField    `json:"show" doc:"data to read"`
	Values         json.RawMessage `json:"values" doc:"what the form begins with: values set earlier"`
	Draft          json.RawMessage `json:"draft,omitempty" doc:"what its holder saved"`
	May            bool            `json:"may" doc:"whether you may complete it now"`
	WhyNot         string          `json:"why_not,omitempty" doc:"code of the reason if not"`
	Acts           []ActView       `json:"acts" doc:"what can be done with it, and why you may not do the rest"`
	Returns        []ReturnView    `json:"returns" doc:"steps to which you may return it, nearest first, or why not"`
	Proposed       *ProposalView   `json:"proposed,omitempty" doc:"what the delegate proposes; his values are the draft"`
	Signers        []SignerView    `json:"signers,omitempty" doc:"who signs the step, each behind the one who asked him"`
	CallsIn        *CallInView     `json:"calls_in,omitempty" doc:"who else gets it, unless it is done by then"`
}

// CallInView is a timeout that lets others do a task.
type CallInView struct {
	At      time.Time `json:"at"`
	People  string    `json:"people" doc:"posts, or whom the procedure names, in words"`
	Instead bool      `json:"instead,omitempty" doc:"in the place of those who have it, not beside them"`
}

// FormView is a form to fill in.
type FormView struct {
	Fields   []FieldView `json:"fields"`
	Add      string      `json:"add,omitempty" doc:"table to which the form adds a row"`
	EditRows []string    `json:"edit_rows,omitempty" doc:"tables whose rows may be added and removed"`
	Tables   []TableView `json:"tables,omitempty" doc:"tables whose columns the form has"`
	Groups   []Choice    `json:"groups,omitempty" doc:"records whose fields the form has; id is the head of their paths"`
}

// TableView is a table of a form: its columns are the fields that name it.
type TableView struct {
	Path  string `json:"path" doc:"where its rows stand in values"`
	Title string `json:"title"`
	Row   string `json:"row" doc:"what one row is called"`
	Min   int64  `json:"min,omitempty" doc:"rows at least"`
	Max   int64  `json:"max,omitempty" doc:"rows at most; absent: as many as there is room for"`
}

// FieldView is a field of a form.
type FieldView struct {
	Path     string      `json:"path" doc:"where its value stands in values: resident.name; a column: papers.price"`
	Title    string      `json:"title"`
	Type     string      `json:"type"`
	Required bool        `json:"required"`
	Judged   bool        `json:"judged,omitempty" doc:"not required by itself, but a check of the form may want it"`
	Table    string      `json:"table,omitempty" doc:"table whose column it is"`
	Options  []Choice    `json:"options,omitempty"`
	When     string      `json:"when,omitempty" doc:"asked only when this holds, as the author wrote it"`
	Min      string      `json:"min,omitempty"`
	Max      string      `json:"max,omitempty"`
	Pattern  string      `json:"pattern,omitempty"`
	Hint     string      `json:"hint,omitempty"`
	Places   int         `json:"places,omitempty"`
	Private  bool        `json:"private,omitempty"`
	Columns  []FieldView `json:"columns,omitempty"`
	// Default is what the form begins with; Now says that it is the present moment, for whoever fills it in later.
	Default json.RawMessage `json:"default,omitempty" doc:"what it begins with, where there is no value yet"`
	Now     bool            `json:"now,omitempty" doc:"the default is the moment at which it is sent"`
}

// Choice is an id with its title.
type Choice struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// ShownField is a field with its value, to read.
type ShownField struct {
	Path    string          `json:"path"`
	Title   string          `json:"title"`
	Type    string          `json:"type"`
	Value   json.RawMessage `json:"value,omitempty" doc:"absent: not filled in"`
	Text    string          `json:"text,omitempty" doc:"the value as people read it"`
	Group   string          `json:"group,omitempty" doc:"title of the record that it belongs to"`
	Columns []ShownField    `json:"columns,omitempty" doc:"titles of a table's columns"`
	Rows    [][]string      `json:"rows,omitempty" doc:"of a table: each row's values by its columns, as people read them"`
}

// CaseLine is a case in a list.
type CaseLine struct {
	ID        string `json:"id"`
	Number    string `json:"number"`
	Procedure string `json:"procedure"`
	Title     string `json:"title"`
	Subject   string `json:"subject,omitempty" doc:"what it is about"`
	Version   int    `json:"version"`
	Status    string `json:"status" enum:"running,suspended,finished,cancelled,frozen"`
	Outcome   string `json:"outcome,omitempty"`
	// OutcomeTitle is for people to read.
	OutcomeTitle string `json:"outcome_title,omitempty"`
	Starter      string `json:"starter,omitempty" doc:"id of the person who started it"`
	// StarterName is for people to read.
	StarterName string     `json:"starter_name,omitempty"`
	Started     time.Time  `json:"started"`
	Ended       *time.Time `json:"ended,omitempty"`
	Open        []TaskLine `json:"open" doc:"tasks that are open, whoever has them; of a case in a list the first few"`
	More        int        `json:"more,omitempty" doc:"open tasks beyond those"`
	Waits       []string   `json:"waits" doc:"steps that wait for something other than a person"`
	Called      []CaseLine `json:"called,omitempty" doc:"of the cases that it waits for, those that you have to do with"`
	Acts        []ActView  `json:"acts" doc:"what can be done with it, and, but for lists, why you may not do the rest"`
}

// CaseView is a case with all that its reader may see. Private fields are masked.
type CaseView struct {
	CaseLine
	Data      []ShownField  `json:"data"`
	Messages  []MessageView `json:"messages" doc:"messages that you may send now"`
	Rows      []RowsView    `json:"rows,omitempty" doc:"steps that run for each row, and that you may add to or end"`
	Incidents []Incident    `json:"incidents,omitempty"`
	Papers    []PaperLine   `json:"papers" doc:"what it has issued"`
	Recalls   []RecallView  `json:"recalls" doc:"tasks that you have done and might take back"`
	Running   []OpenView    `json:"running,omitempty" doc:"all that runs in the case, for administrators"`
	Parent    string        `json:"parent,omitempty" doc:"case that called this one"`
	// ParentNumber is for people to read.
	ParentNumber string `json:"parent_number,omitempty" doc:"its number; absent: you have nothing to do with it"`
}

// RowsView is a step that runs once for each row of a table, to which its reader may do something.
type RowsView struct {
	Act       int64     `json:"act"`
	Step      string    `json:"step"`
	Title     string    `json:"title"`
	Total     int       `json:"total" doc:"rows"`
	Finished  int       `json:"finished" doc:"of them, done"`
	Form      *FormView `json:"form,omitempty" doc:"of a new row; absent: you may not add one"`
	MayFinish bool      `json:"may_finish,omitempty" doc:"you may end it early"`
}

// MessageView is a message that may be sent by hand.
type MessageView struct {
	Name  string   `json:"name"`
	Title string   `json:"title"`
	Form  FormView `json:"form"`
}

// Incident is a step of a case that is stuck.
type Incident struct {
	Act     int64  `json:"act"`
	Step    string `json:"step"`
	Title   string `json:"title" doc:"of the step"`
	Code    string `json:"code"`
	Message string `json:"message" doc:"what the machine says of it"`
	Text    string `json:"text" doc:"what is wrong, for people to read"`
}

// EventView is an entry of a case's history.
type EventView struct {
	Seq    int64           `json:"seq"`
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor,omitempty" doc:"person; absent: the engine"`
	Kind   string          `json:"kind"`
	Step   string          `json:"step,omitempty"`
	Title  string          `json:"title,omitempty" doc:"of the step"`
	Text   string          `json:"text" doc:"one sentence"`
	Detail bool            `json:"detail,omitempty" doc:"inner working: a page hides it"`
	Why    []WhyView       `json:"why,omitempty" doc:"the guards that decided, what they read and what came out"`
	Body   json.RawMessage `json:"body,omitempty" doc:"the event itself; private values are masked"`
}

// WhyView is one guard's decision.
type WhyView struct {
	Guard  string            `json:"guard"`
	Said   string            `json:"said" doc:"the guard in words"`
	Values []ReadView        `json:"values" doc:"the fields among what it read, in words"`
	Read   map[string]string `json:"read" doc:"values it read, by name; an empty field is absent"`
	Result bool              `json:"result"`
	To     string            `json:"to,omitempty" doc:"step or end that the way leads to"`
}

// ReadView is a field as a guard found it.
type ReadView struct {
	Title string `json:"title"`
	Text  string `json:"text" doc:"the word for nothing, where it was empty"`
}

// FileView is a file with its content.
type FileView struct {
	value.Attachment
	Body []byte
}

// CopyLine is what was sent to the reader for information: a document, a case, or that somebody waits for him.
type CopyLine struct {
	Kind     string    `json:"kind,omitempty" enum:"case,urge" doc:"absent: a document; urge: somebody waits for you"`
	ID       string    `json:"id"`
	Case     string    `json:"case"`
	Number   string    `json:"number"`
	Title    string    `json:"title"`
	Document string    `json:"document"`
	Edition  int       `json:"edition"`
	By       string    `json:"by,omitempty" doc:"id of the person who sent it; absent: the procedure did"`
	ByName   string    `json:"by_name,omitempty"`
	Text     string    `json:"text,omitempty"`
	At       time.Time `json:"at"`
	Read     bool      `json:"read"`
}

// InboxQuery filters and pages the inbox.
type InboxQuery struct {
	Post      string
	Procedure string
	Number    string
	Find      string // instead of Number: how the number begins, or the value of a searchable field; one page
	Mine      bool   // only what I claimed
	Team      bool   // what those have, or are offered, whose superior the actor is
	After     string
	Limit     int
}

// InboxPage is a part of the inbox.
type InboxPage struct {
	Tasks  []TaskLine     `json:"tasks"`
	Next   string         `json:"next,omitempty" doc:"cursor of the next page"`
	Counts map[string]int `json:"counts" doc:"open tasks by post, and mine, capped at 1000"`
}

// CaseList is a part of a list of cases.
type CaseList struct {
	Cases []CaseLine `json:"cases"`
	Next  string     `json:"next,omitempty"`
}

// CopyList is a part of a list of copies.
type CopyList struct {
	Copies []CopyLine `json:"copies"`
	Next   string     `json:"next,omitempty"`
}

// Deployment says what a deployment put in force, and of what it warned.
type Deployment struct {
	Office   string           `json:"office"`
	Versions []VersionLine    `json:"versions"`
	Removed  []VersionLine    `json:"removed,omitempty" doc:"no longer in force: none begins, running cases go on"`
	Warnings []report.Problem `json:"warnings,omitempty"`
	At       time.Time        `json:"at,omitzero"`
	By       string           `json:"by,omitempty" doc:"id of the person; absent: it came with the server's folder"`
}

// VersionLine is a procedure in force.
type VersionLine struct {
	Procedure string `json:"procedure"`
	Version   int    `json:"version"`
	Title     string `json:"title"`
}

// Error is what an engine's methods return. Compare by code with errors.Is, or switch on Code.
type Error struct {
	Code   string            // a core.Code, or one of the codes of errors.go
	Args   map[string]string // what a sentence for the code names
	Say    string            // the procedure's own sentence, for a check
	Fields []value.Fault     // wrong fields
	Cause  error             // for the log, never for the caller
}

// The acts, reads, files and administration of an Engine; *Engine has them all.
type (
	// Acts move cases.
	Acts interface {
		Start(ctx context.Context, a Actor, r StartRequest) (Started, error)
		Claim(ctx context.Context, a Actor, task string) (Done, error)
		Release(ctx context.Context, a Actor, task string) (Done, error)
		SaveDraft(ctx context.Context, a Actor, task string, draft json.RawMessage) error
		Complete(ctx context.Context, a Actor, task string, r CompleteRequest) (Done, error)
		Send(ctx context.Context, a Actor, r MessageRequest) (Done, error)
		Cancel(ctx context.Context, a Actor, caseID string, q CancelRequest) (Done, error)
	}
	// TaskActs take tasks to other people, and other people to tasks.
	TaskActs interface {
		StartWork(ctx context.Context, a Actor, task string) (Done, error)
		Transfer(ctx context.Context, a Actor, task string, r TransferRequest) (Done, error)
		Delegate(ctx context.Context, a Actor, task string, r DelegateRequest) (Done, error)
		AddSigners(ctx context.Context, a Actor, task string, r SignersRequest) (Done, error)
		RemoveSigner(ctx context.Context, a Actor, task string, r RemoveRequest) (Done, error)
	}
	// Rows changes what runs once for each row of a table.
	Rows interface {
		AddRow(ctx context.Context, a Actor, caseID string, r RowRequest) (Done, error)
		FinishRows(ctx context.Context, a Actor, caseID string, r RowRequest) (Done, error)
	}
	// CaseActs are what people do with a whole case: they send it back, end it, stop it. Those with Dry only
	// tell what would come of it.
	CaseActs interface {
		Return(ctx context.Context, a Actor, task string, q ReturnRequest) (Done, error)
		Recall(ctx context.Context, a Actor, task string, q RecallRequest) (Done, error)
		Revoke(ctx context.Context, a Actor, caseID string, q RevokeRequest) (Done, error)
		Suspend(ctx context.Context, a Actor, caseID string, q SuspendRequest) (Done, error)
		Resume(ctx context.Context, a Actor, caseID string, q SuspendRequest) (Done, error)
	}
	// Repairs are what administrators do where a case cannot go on as its procedure says.
	Repairs interface {
		JumpTargets(ctx context.Context, a Actor, lang, caseID string, leave []int64) ([]TargetView, error)
		Jump(ctx context.Context, a Actor, caseID string, q JumpRequest) (Done, error)
		SkipStep(ctx context.Context, a Actor, caseID string, q SkipRequest) (Done, error)
		Retry(ctx context.Context, a Actor, caseID string, act int64) (Done, error)
	}
	// Reads show what the actor may see, in language lang (zh-Hant, zh-Hans, en; "" = the office's).
	Reads interface {
		Startable(ctx context.Context, a Actor, lang string) ([]ProcedureLine, error)
		Inbox(ctx context.Context, a Actor, lang string, q InboxQuery) (InboxPage, error)
		Task(ctx context.Context, a Actor, lang, id string) (TaskView, error)
		Case(ctx context.Context, a Actor, lang, id string) (CaseView, error)
		Cases(ctx context.Context, a Actor, lang string, q store.CaseQuery) (CaseList, error)
		History(ctx context.Context, a Actor, lang, id string, after int64, limit int) ([]EventView, error)
		Copies(ctx context.Context, a Actor, lang, after string, limit int) (CopyList, error)
	}
	// Diagrams draw procedures and cases as SVG, in language lang.
	Diagrams interface {
		Diagram(ctx context.Context, a Actor, lang, procedure string, narrow bool) ([]byte, error)
		CaseDiagram(ctx context.Context, a Actor, lang, id string, narrow bool) ([]byte, error)
	}
	// OfficeActs are what people do beside their tasks: they stand in for one another, and say things on cases.
	OfficeActs interface {
		PutSubstitute(ctx context.Context, a Actor, q SubstituteRequest) (SubstituteLine, error)
		Substitutes(ctx context.Context, a Actor) ([]SubstituteLine, error)
		EndSubstitute(ctx context.Context, a Actor, id string) error
		Urge(ctx context.Context, a Actor, q SayRequest) (Done, error)
		CopyCase(ctx context.Context, a Actor, q SayRequest) (Done, error)
		Comment(ctx context.Context, a Actor, q SayRequest) (Done, error)
		Sayings(ctx context.Context, a Actor, caseID string) (Sayings, error)
	}
	// Succession moves work from those who leave to those who stay.
	Succession interface {
		HandOver(ctx context.Context, a Actor, q HandOverRequest) (HandedOver, error)
	}
	// Jobs is for workers: machines outside that do jobs of cases.
	Jobs interface {
		Worker(ctx context.Context, secret string) (Worker, error)
		FetchJobs(ctx context.Context, w Worker, r FetchRequest) ([]JobView, error)
		HoldJob(ctx context.Context, w Worker, id string, fence int64, lockFor time.Duration) (time.Time, error)
		CompleteJob(ctx context.Context, w Worker, id string, fence int64, r JobAnswer) error
		FailJob(ctx context.Context, w Worker, id string, fence int64, r JobFailure) error
	}
	// Machines keeps the workers of an office. Every method needs an administrator.
	Machines interface {
		PutWorker(ctx context.Context, a Actor, w WorkerView) (secret string, err error)
		Workers(ctx context.Context, a Actor) ([]WorkerView, error)
		DropWorker(ctx context.Context, a Actor, id string) error
	}
	// Books are the registers of procedures.
	Books interface {
		Registers(ctx context.Context, a Actor, lang string) ([]RegisterLine, error)
		Register(ctx context.Context, a Actor, lang string, q RegisterQuery) (RegisterPage, error)
	}
	// Timetable is what begins by the calendar.
	Timetable interface {
		Schedules(ctx context.Context, a Actor, lang string) ([]ScheduleLine, error)
	}
	// Papers are what cases have issued.
	Papers interface {
		Papers(ctx context.Context, a Actor, lang, id string) ([]PaperLine, error)
		Paper(ctx context.Context, a Actor, lang, id, document string, edition int) (Sheet, error)
	}
	// Files keeps what people attach to cases.
	Files interface {
		PutFile(ctx context.Context, a Actor, name, mediaType string, body []byte) (value.Attachment, error)
		File(ctx context.Context, a Actor, id string) (FileView, error)
	}
	// Deployments put procedures in force. Deploy and InForce need an administrator.
	Deployments interface {
		Deploy(ctx context.Context, a Actor, files []definitions.File, removes ...string) (
			Deployment, []report.Problem, error,
		)
		Foresee(ctx context.Context, a Actor, files []definitions.File) (Deployment, []report.Problem, error)
		Versions(ctx context.Context, office string) ([]VersionLine, error)
		InForce(ctx context.Context, a Actor) (Deployment, error)
	}
	// Administration keeps an office. Every method needs an administrator.
	Administration interface {
		PutPerson(ctx context.Context, a Actor, p store.PersonRow) error
		ChangePerson(ctx context.Context, a Actor, id string, change func(*store.PersonRow)) (
			store.PersonRow, []Unattended, error,
		)
		ForeseePerson(ctx context.Context, a Actor, id string, change func(*store.PersonRow)) (
			store.PersonRow, []Unattended, error,
		)
		People(ctx context.Context, a Actor) ([]store.PersonRow, error)
		ReadCopy(ctx context.Context, a Actor, id string) error
	}
	// Migrations move running cases to other versions of their procedures.
	Migrations interface {
		Migrate(ctx context.Context, a Actor, lang string, q MigrateRequest) (Migration, error)
		MigrationState(ctx context.Context, a Actor, procedure string) (MigrationState, error)
	}
	// Settings are the constants of procedures, which an office changes without a new version.
	Settings interface {
		SettingsOf(ctx context.Context, a Actor, lang, procedure string) ([]SettingLine, error)
		SetSetting(ctx context.Context, a Actor, lang, procedure, name string, raw json.RawMessage) (SettingLine, error)
	}
)
