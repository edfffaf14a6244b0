package definitions

import (
	"time"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Request asks another system over HTTP and waits for its answer.
type Request struct {
	Given
	System  string // id, declared by the office
	Method  string
	Path    *formula.Template // behind the system's address
	Headers []*Header
	OK      []Statuses // what is an answer
	Timeout time.Duration
}

// Job is work that a worker outside fetches, does and completes.
type Job struct {
	Given
	Name string // the kind of work, by which workers find it
	// Collect is set where the engine itself does it: it gathers lines of a register. Name is CollectName then.
	Collect *Collect
}

// CollectName is the name of the jobs that gather lines of a register: no author can write it.
const CollectName = "@collect"

// Collect gathers lines of a register into a table.
type Collect struct {
	Procedure string         // whose register it is
	Register  *Register      // as it was when this version was compiled: for its types
	When      *formula.Guard // over `row` and the case's own data; nil = all lines
	Into      *value.Field
	of        *Procedure // whose register it is
}

// Given is what requests and jobs have in common: what they are given, what they answer, what is done when they fail.
type Given struct {
	With     []*Argument
	Answer   *value.Field // a record; nil = whatever is answered is not looked at
	Optional []*value.Field
	Take     []*Assign // over answer and, for a request, status
	Errors   []*NamedError
	Retry    Retry
}

// Argument is a value that is given under a name.
type Argument struct {
	Name  string
	Value *formula.Value
	Field *value.Field // how it is written; Kind 0 = as it comes
}

// Header is a header of a request.
type Header struct {
	Name string
	Text *formula.Template
}

// Statuses is a range of HTTP statuses, both included.
type Statuses struct{ From, To int }

// Has tells whether a status is in the range.
func (s Statuses) Has(status int) bool { return status >= s.From && status <= s.To }

// NamedError is an error that has a name in the procedure.
type NamedError struct {
	ID       string
	Title    string
	Statuses []Statuses // of a request
}

// Retry says how often, and how soon, something that failed is tried again.
type Retry struct {
	Times int           // besides the first
	First time.Duration // pause before the second try; doubled each time
	Most  time.Duration // the longest pause
}

// The retries of work that says nothing of its own.
const (
	defaultTimes   = 5
	defaultFirst   = 10 * time.Second
	defaultMost    = time.Hour
	defaultTimeout = 10 * time.Second
)

// Bounds of what an author may ask for.
const (
	MaxRetries = 50
	MaxPause   = 7 * 24 * time.Hour
	MaxTimeout = time.Minute
)

// GivenOf is what a request or job is given and answers; nil for other work.
func GivenOf(w Work) *Given {
	switch x := w.(type) {
	case *Request:
		return &x.Given
	case *Job:
		return &x.Given
	case *Junction, *Task, *Wait, *Call, *Block, *Multi, *Repeat, *Set, *Decide:
	}
	return nil
}
