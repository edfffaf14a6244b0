// Package formula compiles and runs the two expression languages of a procedure.
//
// CEL decides: a [Guard] is true or false, a [When] is a duration or a moment. Expr computes: a [Value].
// Both are compiled once for a version, against types that come from the procedure's own data, and both
// are bounded: whatever an author writes, compiling and evaluating end soon and in little memory.
package formula

import (
	"time"

	"github.com/guicheng/guicheng/definitions/calendar"
	"github.com/guicheng/guicheng/definitions/value"
)

// Fault is an error in the text of a formula.
type Fault struct {
	Offset  int    // in characters from the start of the text
	Width   int    // characters it spans, at least 1
	Code    string // stable, kebab-case
	Message string
	Hint    string
}

// Names says which names exist at a place and what they mean there. Data, settings, today and case exist everywhere.
type Names struct {
	Row     *value.Field   // the table whose row name is in scope; nil = none
	Extra   []*value.Field // other typed names: its (the callee's data), row (a register's columns)
	Actor   bool
	Answers []string // ids that `answer` can have; nil = the name does not exist
	Outcome bool
	Due     bool
	Now     bool
	Settled bool // it is judged when something happens, not when a day begins: there is no today
	Counts  bool // total, finished, running
	Manager bool // Expr persons: manager, holders
	Choose  bool // one of several people is chosen here: least_loaded, next_in_turn, random_of …
	// Outcomes are those of the step whose way this guards: answer and outcome do not exist there, and a hint says so.
	Outcomes []string
}

// Scope gives the names their values for one evaluation. Nothing in it is changed.
type Scope struct {
	Data     value.Record
	Settings value.Record
	Row      value.Record // the row in scope
	Extra    value.Record // values of Names.Extra by name
	Case     Case
	Now      time.Time // UTC; the moment of the input that is being stepped
	Zone     *time.Location
	Calendar *calendar.Calendar // by which working time is counted; nil = that of the options
	Actor    *value.Person
	Answer   string
	Outcome  string
	Due      time.Time
	Total    int64
	Finished int64
	Running  int64
	Manager  []Candidate
	Holders  []value.Person // who have the tasks that are open here
	Marking  Marking
	Staff    Staff
	Work     Work   // nil: nobody has anything to do
	Turn     int64  // how often somebody was chosen in turn here
	Seed     uint64 // of random_of; the same seed, the same choice
}

// Case is what a formula may know of the case itself: `case.number` and so on.
type Case struct {
	Number  string
	Started time.Time
	Starter value.Person
	State   string // running, finished …
	Outcome string
	Ended   time.Time // zero while it runs
}

// Marking answers open('x'), done('x'), times('x') and done_by('x') from the state of the case.
type Marking interface {
	Open(step string) bool
	Done(step string) bool
	Times(step string) int64
	DoneBy(step string) []value.Person
}

// Staff answers questions about the office's people. Lists are empty when there is nobody, in a stable order.
type Staff interface {
	Everyone() []value.Person
	Holders(post string) []value.Person
	InUnit(post, unit string) []value.Person // holders of post in unit
	Units() []value.Unit
	Heads(unit string) []value.Person
	Superiors(person string) []value.Person
	Able(skill string) []value.Person
}

// Work tells what people have to do and what they have done, as it was when the input came.
type Work interface {
	// Open counts the open tasks that a person holds, or that are offered to him alone.
	Open(person string) int64
	// Done says how often a person did a step of this procedure, in all its cases, and when last; zero = never.
	Done(step, person string) (times int64, last time.Time)
}

// Candidate is one entry of a list of people who may do a task: exactly one of the two is set.
type Candidate struct {
	Post   string `json:"post,omitempty"`
	Person string `json:"person,omitempty"` // id
}

// Reading is one value that a formula read, for the record of why a decision went as it did.
type Reading struct {
	Name  string `json:"name"`            // as written: "matter.handled_by"
	Value any    `json:"value,omitempty"` // absent: the field was empty
}

// Fact is something that the truth (or untruth) of a guard tells about the data.
type Fact struct {
	Path  string // "matter.needs"; of the row in scope by its row name: "party.coming"
	Op    FactOp
	Value string   // for Is and IsNot: the option's id, "true" or "false"; for Holds: the condition, normalised
	Reads []string // for Holds: the paths on which it depends
}

// FactOp says what a fact claims about its path.
type FactOp uint8

// The claims a fact can make.
const (
	Exists FactOp = iota + 1
	Absent
	Is    // implies Exists
	IsNot // implies Exists
	Holds // a condition holds as long as the data that it reads stay as they are
)

// Known is what is known of the data at a place. It is immutable.
type Known interface {
	Covers(path string) bool // reading path is safe
	With(facts []Fact) Known // what is known when these hold as well
	Said(text string) bool   // a fact that says Holds said so
}

// Read is a place in a formula that reads a field.
type Read struct {
	Path   string
	Offset int
	Width  int
}
