package definitions

import "github.com/guicheng/guicheng/definitions/formula"

// Condition is what a step of a list, or one inside it, waits for: as far as it asks of the list's steps, and as far as
// it depends on data that change while the list runs.
type Condition struct {
	Of     *Step            // the step of the list that does not go on; the procedure's Case for its own events
	Asks   *Step            // the step that waits: Of, or one inside it
	Deed   *Deed            // it is only this that does not happen; nil = the step is not left by its ways
	Guards []*formula.Guard // one that holds is enough
	Admits bool             // Asks has not begun while they do not hold: nothing else can happen to it but its conditions
	Ends   bool             // a wait is over when they hold; something else may end it as well
	Once   bool             // once they have held it has begun, whatever comes afterwards
	Data   bool             // whether they hold depends on data that change here
	First  Truth            // of the data, when the list begins
	Opens  Truth            // when Of opens
	Left   []Truth          // by step: when it has been left by its ways
	Moves  []bool           // by step: what is inside may change them while it is open
	By     map[*Way]Truth   // of those: where the way itself tells more
	Does   map[*Deed]Truth  // when a time limit or an event has done this
	Sure   []*Step          // steps inside others that were done whenever those were
	Usual  []*Step          // those, and others that only what happens once in a case passes by
	Single []*Step          // steps inside others that open no more often than those do, and those around that open once
	Bars   []*Deed          // of Of and of the case: nothing else raises the errors that they are for
}

// Truth says what becomes of a condition, as far as it depends on data.
type Truth uint8

// The truths: it stays as it was, holds, does not hold, or may be either.
const (
	TruthKept Truth = iota
	TruthHolds
	TruthFails
	TruthEither
)
