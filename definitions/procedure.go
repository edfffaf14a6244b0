package definitions

import (
	"time"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// Procedure is one version of a compiled procedure. It is immutable and shared by all its cases.
type Procedure struct {
	ID          string
	Title       string
	Description string // what it is for; "" = nothing is said
	Office      *Office
	Version     int    // counted by the store at deployment, from 1; 0 = not deployed
	Hash        string // of the source texts it was compiled from
	Number      Series // of its cases
	Manager     Who
	// Subject are the fields whose values say what a case is about, to those who see it in a list.
	Subject []*value.Field

	Revoke      *Step // the starter may end his case until this step is done; nil = he may not
	PauseClocks bool  // the clocks of a suspended case stand still

	// Calendar is the id of the office's calendar by which its working time is counted; "" = the office's first.
	Calendar string

	Settings []*Setting
	Data     *value.Schema
	Rules    []*FieldRule // in the order in which they are evaluated: what one reads stands before it
	// Defaults are what forms begin with; they read the time, the person and the settings.
	Defaults map[*value.Field]*formula.Value
	Messages []*Message
	Starts   []*Start
	Again    Again // of the tasks that do not say

	// Case is the procedure itself seen as a block: its events, timeouts, clock and ends are those of the whole case.
	Case *Step
	// Steps holds every step of every graph by id, for open('x') and for reading history.
	Steps map[string]*Step

	Documents []*Document
	Registers []*Register

	Formulas *formula.Env

	// Asks is what the choice of people in this procedure must know of the office's work.
	Asks Asks

	// texts tells where a formula, message, document or register stands in its file; by pointer. Only while checking.
	texts map[any]textPlace
}

// Setting is a constant of a procedure that an office may change without a new version.
type Setting struct {
	*value.Field
	Value any
}

// FieldRule is what a procedure says of a field beyond its type.
type FieldRule struct {
	Field  *value.Field
	When   *formula.Guard // asked only then; nil = always
	Value  *formula.Value // computed; nil = filled in
	Checks []*Check
	Key    *formula.Value // of a table: what tells one row from another; nil = its place
}

// Check is a condition that a form's values must meet.
type Check struct {
	That *formula.Guard
	Say  string       // shown to the person when it does not hold
	At   *value.Field // where it is shown; nil = the whole form
}

// Series is the pattern of a running number: 'LF{yyyy}{mm}{dd}-{n:3}'. Each text that it gives up to the {n} counts
// on its own, from 1, without gaps, in one office.
type Series struct {
	Pattern string
	Parts   []SeriesPart
}

// SeriesPart is a literal or one placeholder of a Series.
type SeriesPart struct {
	Text  string // literal, when Name is empty
	Name  string // yyyy, mm, dd or n
	Width int    // of n: filled with zeros on the left
}

// Who names the people of an act: posts by id, or a computed list.
type Who struct {
	Posts      []string            // in the order of the file; used when Expr is nil
	Candidates []formula.Candidate // these posts
	Expr       *formula.Who        // written `=…`
	Place      report.Place        // where they are named; zero = nowhere
}

// Asks says which of the office's records are needed to choose people.
type Asks struct {
	Load  bool     // how many open tasks each person has
	Turns []string // steps whose people are chosen in turn, in file order
	Deeds []string // steps of which it is counted who did them, in order of their ids
}

// Message is something that can come to a running case.
type Message struct {
	ID    string
	Title string
	By    Who  // who may send it by hand
	Open  bool // By was given
	Form  *Form
	Key   *formula.Value // text that a sender from outside must give; nil = the case itself is addressed
	Keep  time.Duration  // how long it waits for someone to take it; 0 = dropped when nobody waits
	Each  bool           // `to: each`: every one who waits gets it
}

// Start is one way in which a case begins.
type Start struct {
	Index    int
	By       Who
	Form     *Form
	Checks   []*Check
	Schedule *Schedule      // nil = by hand, by a call or by a message
	Message  *Message       // from outside, that begins a case where none waits for its key; By and Form are its own
	ForEach  *formula.Value // of a schedule: one case for each entry; nil = one case
	Each     *value.Field   // what an entry is called and of which type it is; nil without ForEach
	Set      []*Assign
}

// Form is what a person fills in and sees at one place.
type Form struct {
	Fields   []*FormField
	Show     []*value.Field // read only
	Add      *value.Field   // table to which one new row is added; Fields are its columns then
	EditRows []*value.Field // tables whose rows may be added and removed
}

// FormField is one field to fill in: a plain field, or a column of a table (filled for each row, or for the row in
// scope where the form stands inside `for_each` over that table).
type FormField struct {
	*value.Field
	Table    *value.Field // the table whose column it is; nil = a plain field
	OfRow    bool         // for the one row in scope
	Optional bool
}

// Graph is a list of steps that one frame runs.
type Graph struct {
	Owner *Step // the block or multi step whose inside it is; the procedure's Case for the outermost
	Steps []*Step
	Ends  []*End
	Joins []*Step // steps with a join that waits, in file order
	// Shared are values by which several of its steps choose, in words: one case chooses by one of them everywhere.
	Shared []string
	// Conditions are what the check found of those for which its steps, or what is inside them, wait.
	Conditions []*Condition
	// AnyOrder: its steps are all offered, and done one at a time; Entries are those that wait for no other.
	AnyOrder bool
	Entries  []*Step // where threads begin; the first step where the order is that of the list
}

// End is a place where a thread of a graph ends.
type End struct {
	ID      string // "done" and "stop" are reserved: done = the only outcome where none is declared, stop = no outcome
	Title   string
	Cancels bool // everything else in the graph (for the procedure: in the case) is withdrawn
	Undo    *Undo
	Error   bool // it is raised where the list stands, not reached as an outcome
	Place   report.Place
}

// The reserved ends: DoneEnd is the only outcome of a list that declares none, StopEnd ends a thread without outcome.
const (
	DoneEnd = "done"
	StopEnd = "stop"
)

// How plays name what no end stands for: a case that was withdrawn, or that its starter has taken back.
const (
	CancelledEnd = "cancelled"
	RevokedEnd   = "revoked"
)

// Step returns the step with the given id in this list; nil if there is none.
func (g *Graph) Step(id string) *Step {
	for _, s := range g.Steps {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Containing returns the step of this list that is s or in which s stands; nil if it stands elsewhere.
func (g *Graph) Containing(s *Step) *Step {
	for s != nil && s.Graph != nil && s.Graph != g {
		s = s.Graph.Owner
	}
	if s == nil || s.Graph == nil {
		return nil
	}
	return s
}

// Step is one entry of a graph.
type Step struct {
	ID    string
	Title string
	Graph *Graph // the list it stands in; nil for a procedure's Case
	Index int    // in Graph.Steps
	Place report.Place
	Rules []string // the rules of the office that it keeps: "visitor.4"

	Work   Work
	Join   Join
	Inputs []int // indexes of the steps that have a way here; -1 = the start of the graph or an event of its owner
	// Reach[k] belongs to Inputs[k] of a join that waits: the steps (as a bit set by index) from which that input can
	// still be reached without passing the join. Empty where nothing waits.
	Reach []Bits

	Choose   Choose
	Outcomes []Outcome // what its work can come to; empty = one nameless outcome
	Ways     []*Way    // in file order
	Exits    []Exit    // what the check found of how it can be left by its ways; empty = it was not looked at
	Facts    []Place   // what the check found filled in whenever it opens
	Needs    []Place   // of what is filled in then or by itself, what its formulas read without asking

	Within   *formula.When // how long after opening it is due; nil = no clock of its own
	Timeouts []*Timeout
	Events   []*Event
	Issues   []*Issue
	Cancels  []*Step
	Final    bool // `returnable: false`: nobody returns to it once it is done

	Lock       *Lock          // held from its start to its end; nil = none
	OnlyWhile  *formula.Guard // offered only while this holds, until somebody starts; nil = always
	Compensate *Step          // the step of the same list that undoes it; nil = nothing does
	// Kept is what the step that undoes it sees as it was when this one was done: the fields and the columns of its row
	// that it fills in, and what is computed from them. Empty without Compensate.
	Kept []*FormField
	// Undoes is set for a step that is some other's Compensate: no way leads to it.
	Undoes bool
}

// Inside is the list of steps that the step runs, once or for each row or round; nil = none.
func (s *Step) Inside() *Graph {
	switch w := s.Work.(type) {
	case *Block:
		return w.Graph
	case *Multi:
		return w.Body
	case *Repeat:
		return w.Body
	case *Junction, *Task, *Wait, *Call, *Set, *Decide, *Request, *Job:
	}
	return nil
}

// Lock is what steps share that are never under way at the same time.
type Lock struct {
	Name  string // of the procedure's choice; "" = that of the any_order list in which the step stands
	Place report.Place
}

// Undo says what of that which was done is compensated, the latest first.
type Undo struct {
	All   bool    // in the whole case; else in the list, or of Steps only
	Steps []*Step // nil = every step that has a Compensate
}

// Place is where a value stands: a plain field, a table, or a column in every row or in the row in scope.
type Place struct {
	Field *value.Field
	OfRow bool
}

// Outcome is one of the results that a step can have.
type Outcome struct {
	ID    string
	Title string
}

// Choose says how many ways are taken.
type Choose uint8

// The ways of choosing.
const (
	ChooseOne   Choose = iota // the first whose guard holds
	ChooseAll                 // every one whose guard holds
	ChooseFirst               // all are offered, and the first at which something happens is taken
)

// Way leads on from a step. Exactly one of To, End and Return is set.
type Way struct {
	Index   int
	Outcome string         // taken only for this outcome; empty = for any
	When    *formula.Guard // nil = always
	Else    bool           // only if no other was taken
	To      *Step
	End     *End
	Threads int   // how many threads go this way; 0 = one
	Return  *Step // goes back to it: what came of its last run is taken back
	Cancels []*Step
	Undo    *Undo
	Place   report.Place
}

// Leads is the id of the step or end to which the way leads.
func (w *Way) Leads() string {
	switch {
	case w.To != nil:
		return w.To.ID
	case w.Return != nil:
		return w.Return.ID
	}
	return w.End.ID
}

// Leaves tells whether a deed leaves the step whose it is, with all that is inside: for another one, or because all
// is over.
func (d *Deed) Leaves() bool {
	return d.Kind == DeedTo || d.Way != nil && d.Way.End != nil && d.Way.End.Cancels
}

// JoinKind says what a step waits for before it opens.
type JoinKind uint8

// The joins. JoinNone opens at each arrival and is proved to be entered by one thread at a time.
const (
	JoinNone JoinKind = iota
	JoinEach
	JoinAll
	JoinActive
	JoinSome    // N distinct inputs; `first` is N = 1
	JoinThreads // N tokens, whatever input
)

// Join is how arriving threads become one run of a step.
type Join struct {
	Kind      JoinKind
	N         int
	Of        []int // indexes into Inputs that count; nil = all
	Absorb    bool  // rest: absorb (else cancel), for JoinSome
	Keep      bool
	Withdraws []*Step // what `rest: cancel` withdraws
}

// Several tells whether runs of a step with this join may be under way beside one another.
func (j Join) Several() bool { return j.Kind == JoinEach || j.Kind == JoinThreads || j.Keep }

// Work is what a step does: one of Junction, Task, Wait, Call, Block, Multi, Repeat, Set, Decide, Request, Job.
//
//sumtype:decl
type Work interface{ work() }

// Junction does nothing: it joins and chooses.
type Junction struct{}

// Wait lets the first of several things decide.
type Wait struct {
	For []*WaitFor
}

// WaitFor is one thing that a Wait waits for. Exactly one of Message, When and Time is set.
type WaitFor struct {
	Outcome string
	Message *Message
	When    *formula.Guard
	Time    *formula.When
}

// Call runs another procedure as a case of its own.
type Call struct {
	Procedure string
	Callee    *Procedure // the newest version at compile time, for its types; the case is started on the newest then
	With      []*Assign  // Into is a field of the callee
	Take      []*Assign  // Into is a field of the caller; the value is computed over the callee's data
	NoWait    bool
}

// Block runs a graph.
type Block struct {
	Graph *Graph
}

// Multi runs a graph once for each row of a table.
type Multi struct {
	Table   *value.Field
	Until   *formula.Guard // passes on as soon as it holds; nil = when all have ended
	Cancel  bool           // rest: cancel (else absorb)
	InOrder bool           // order: one-by-one
	Fills   []*value.Field // columns of Table that the inside fills: emptied at opening
	Body    *Graph         // for a single kind of work: a graph of one step with the same id
	Add     *Adding        // rows may be added while it runs; nil = not
	Finish  *Who           // who may end it early by hand; nil = nobody
}

// Adding says who may add rows to a step that runs once for each, and what a new row must say.
type Adding struct {
	By   Who
	Form *Form
}

// Repeat runs a graph again and again. Its outcome is an end of the graph that leaves it; done, if it declares any,
// when it came to its end by itself.
type Repeat struct {
	Body  *Graph
	While *formula.Guard // judged before each round; nil = it begins
	Until *formula.Guard // judged after each round; nil = another one follows
	Limit int            // of rounds, after which it is an incident
}

// Set computes values.
type Set struct {
	Values []*Assign
}

// Assign puts a computed value into a field.
type Assign struct {
	Into  *value.Field
	OfRow bool // Into is a column of the row in scope
	Value *formula.Value
}

func (*Junction) work() {}
func (*Task) work()     {}
func (*Wait) work()     {}
func (*Call) work()     {}
func (*Block) work()    {}
func (*Multi) work()    {}
func (*Repeat) work()   {}
func (*Set) work()      {}
func (*Decide) work()   {}
func (*Request) work()  {}
func (*Job) work()      {}

// Timeout is something that happens at a time while a step is open.
type Timeout struct {
	Index int
	Time  *formula.When // counted from the opening of the step; a moment stands for itself
	Every *formula.When // repeats after this span; nil = once
	Do    Deed
}

// TakesAway tells whether it takes the tasks of the step, and those inside it, from those who have them.
func (t *Timeout) TakesAway() bool { return t.Do.Kind == DeedTo || t.Do.Kind == DeedReassign }

// CallsIn tells whether it lets others do the task, as well or instead.
func (t *Timeout) CallsIn() bool { return t.Do.Kind == DeedEscalate || t.Do.Kind == DeedReassign }

// Event is something that happens when a message comes, a condition becomes true or an error is raised inside.
// Exactly one of Message, When and Error is set.
type Event struct {
	Index   int
	Message *Message
	When    *formula.Guard
	Error   string // an error's id, or "*"
	Once    bool   // at most once in the life of the case
	Do      Deed
}

// DeedKind says what a timeout or an event does.
type DeedKind uint8

// The deeds. DeedTo interrupts the step, DeedAlso leaves it and adds a thread beside it.
const (
	DeedTo DeedKind = iota + 1
	DeedAlso
	DeedRemind
	DeedEscalate
	DeedReassign
	DeedFinish // ends a multi step early
)

// Deed is what a timeout or an event does.
type Deed struct {
	Kind    DeedKind
	Way     *Way // for DeedTo and DeedAlso; its place is in the step's own list (for the procedure: its steps)
	Who     Who  // for the others
	Cancels []*Step
	Undo    *Undo
}

// Issue is a paper that is made when a step completes.
type Issue struct {
	Document *Document
	Outcome  string // only for this outcome; empty = for any
}

// Document is a paper printed from the data.
type Document struct {
	ID     string
	Title  string
	Number *Series // nil = it carries the number of the case
	Copies Who     // who gets a copy for information, each time it is issued
	Body   []*DocumentPart
}

// DocumentPart is one piece of a paper: exactly one of the fields is set.
type DocumentPart struct {
	Text       *formula.Template
	Fields     []*Printed
	Table      *TablePart
	Signatures []*Step
}

// TablePart prints rows of a table.
type TablePart struct {
	Cards   bool // each as a card to cut out
	Table   *value.Field
	When    *formula.Guard
	Columns []*Printed
}

// Printed is a field or a computed value with a title: a line of a paper, a column of a register.
type Printed struct {
	Name  string
	Title string
	Field *value.Field   // nil for a value and for names of the case
	Value *formula.Value // what is printed; nil where Field or Case says it
	Case  string         // "number", "started" …: one of the names of `case`
	Key   string         // of a register's column: its name in filters and in collect
	As    *value.Field   // the type of what is printed
	// Private says of a register's column that it shows personal data: it is masked.
	Private bool
}

// Register is a view over the cases of a procedure.
type Register struct {
	ID      string
	Title   string
	Table   *value.Field // one line for each row; nil = one for each case
	From    *Step        // only cases that completed this step
	When    *formula.Guard
	Columns []*Printed
	By      Who  // who may read it, besides administrators and the manager
	Open    bool // By was given
	Sort    []SortKey
	Totals  []*Printed   // computed over Lines
	Row     *value.Field // `row`: a record of the columns by their keys
	Lines   *value.Field // `lines`: a table of them
}

// SortKey is a column by which a register is sorted.
type SortKey struct {
	Column int // in Columns
	Down   bool
}

// Register returns the register with the given id; nil if there is none.
func (p *Procedure) Register(id string) *Register {
	for _, r := range p.Registers {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Bits is a set of step indexes.
type Bits []uint64

// NewBits makes room for n indexes.
func NewBits(n int) Bits { return make(Bits, (n+63)/64) }

// Set adds i.
func (b Bits) Set(i int) { b[i/64] |= 1 << (i % 64) }

// Has tells whether i is in the set.
func (b Bits) Has(i int) bool { return i/64 < len(b) && b[i/64]&(1<<(i%64)) != 0 }

// Clear removes i.
func (b Bits) Clear(i int) { b[i/64] &^= 1 << (i % 64) }

// Meets tells whether the two sets share an index.
func (b Bits) Meets(o Bits) bool {
	for i := range min(len(b), len(o)) {
		if b[i]&o[i] != 0 {
			return true
		}
	}
	return false
}
