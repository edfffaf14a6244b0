package definitions

import (
	"time"

	"github.com/guicheng/guicheng/definitions/report"
)

// Scenarios are the plays that show how a procedure behaves: the file <procedure>.scenarios.yaml.
type Scenarios struct {
	Procedure *Procedure
	File      string
	Begin     time.Time // virtual time at which each play begins, UTC
	Staff     []Player
	Plays     []*Play
}

// Player is a person of the scenarios.
type Player struct {
	ID     string
	Name   string
	Posts  []string
	Unit   string
	Skills []string
	// Substitute does his work while he is away: what a check with this staff reckons with. "" = nobody. A play needs no
	// such word: an act says `for`.
	Substitute string
}

// Load is how much there is to do in an office, and who is there to do it: the file load.yaml.
type Load struct {
	Begin    time.Time                     // the first day, UTC; zero = the first of January of the plays' year
	Staff    []Player                      // nil = who is in the plays
	Cases    map[string]float64            // that begin on a workday, by procedure; nil = two of each
	Work     time.Duration                 // that half of the tasks take at most
	Steps    map[string]time.Duration      // the same of single steps, by "procedure.step"
	Answers  map[string]map[string]float64 // weights, by "procedure.step"; none = as in the plays
	Plays    map[string]map[string]float64 // how often cases follow a play, by procedure and title; none = all alike
	Hours    map[string]string             // the calendar by which the holders of a post work; none = the first
	Away     float64                       // days a year that each is away
	Mistakes float64                       // share of tasks that are first answered wrongly
}

// Play is one story: acts in order, each with what must come of it.
type Play struct {
	Title string
	Rules []string // of the office that it shows: "complaint.3"
	From  *Play    // goes on where that one ended; nil = begins afresh
	Acts  []*Act
	Place report.Place
}

// Act is one line of a play. Exactly one of the pointers and Verb is meaningful.
type Act struct {
	Place   report.Place
	Who     string // player's id
	For     string // id of the player in whose stead he does a task; "" = his own
	Each    string // of a start by the calendar: the entry of its list whose case the play goes on with; "" = the first
	Message string // of a start: the message from outside that begins the case; "" = a person does
	Verb    string // one of the verbs of scenario_read.go: starts, does, sends, claims …
	Target  string // procedure, step or message
	Row     int    // which instance of a `for_each`, from 1; 0 = the only one, or the one of the player
	Fill    map[string]any
	Answer  string
	Refused string // the code it must be refused with; empty = it must be accepted
	Says    string // the sentence of the refusal
	At      string // the field of the refusal

	Whom      []string // players or posts to whom a task goes, or who sign as well
	SignPlace string   // of adds_signers: before, after, beside
	Sign      Mode     // of adds_signers: how those make one answer

	To       string // of returns: a step
	Straight bool   // of returns: nothing is taken back, the case comes straight back

	After time.Duration // lets time pass
	Until time.Time     // lets time pass up to this moment, UTC

	Called   *Called
	Recorded *Recorded
	Answered *Answered
	Expect   *Expect
}

// Called ends an open call by hand, in place of the called procedure.
type Called struct {
	Step  string
	Row   int // as of an act
	Ends  string
	Gives map[string]any // the callee's fields by full name, as YAML values
}

// Recorded is a case that stands there without having been played, for what collects from registers.
type Recorded struct {
	Procedure string
	Ends      string         // empty: it is still running
	Gives     map[string]any // its fields by full name, as YAML values
}

// Answered plays the machine that a request or job waits for.
type Answered struct {
	Step   string
	Row    int // as of an act
	Failed bool
	Error  string         // of a failure: one that the procedure names; empty = none of them
	Final  bool           // of a failure: trying again is of no use
	Status int            // of a request's answer
	Ends   string         // of a job's answer: its outcome
	Gives  map[string]any // what is answered, as YAML values
}

// Expect is what must hold at a point of a play. Absent entries are not looked at.
type Expect struct {
	Open    []string // steps on which somebody or something is waited for: at least these, or with Only exactly these
	Only    bool
	NotOpen []string
	WhoMay  []string // exactly the players who may do the one open task of Open
	Data    map[string]any
	Empty   []string  // fields that must not be set
	Due     time.Time // until when the one open task of Open is to be done; zero = nothing is said of it
	// Registers are the lines of registers of the procedure, by id, as JSON has them: of each the columns that matter.
	Registers map[string]any
	Issued    map[string]int
	Copied    []string // posts or persons that got a copy
	Told      []string // posts or persons that were reminded or called in
	Called    []string // procedures of which a case was started
	Times     map[string]int
	Number    string
	Ended     string // outcome
	Running   bool
}
