package definitions

import (
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// Decide is a decision table: its rows look at the inputs, and those that fit say what the outputs become.
type Decide struct {
	Hit     Hit
	Inputs  []*Input
	Outputs []*Output
	Rows    []*DecideRow
	Else    *DecideRow // where no row fits; nil = there is none
	// Table receives a row for each hit: the outputs are its columns. nil = they are fields.
	Table *value.Field
}

// Hit says which rows of a decision table count.
type Hit string

// The hit policies of DMN. The first three give the outputs of one row, the others something of all that fit.
const (
	HitUnique    Hit = "unique" // at most one row fits
	HitFirst     Hit = "first"
	HitAny       Hit = "any"        // all that fit say the same
	HitCollect   Hit = "collect"    // without repeats
	HitRuleOrder Hit = "rule-order" // in the order of the rows, with repeats
	HitSum       Hit = "sum"
	HitMin       Hit = "min"
	HitMax       Hit = "max"
	HitCount     Hit = "count"
)

// hitWords are the policies as an author writes them.
var hitWords = []string{
	string(HitUnique), string(HitFirst), string(HitAny), string(HitCollect), string(HitRuleOrder), string(HitSum),
	string(HitMin), string(HitMax), string(HitCount),
}

// Single tells policies under which one row gives the outputs.
func (h Hit) Single() bool { return h == HitUnique || h == HitFirst || h == HitAny }

// Lists tells policies that gather what the rows give.
func (h Hit) Lists() bool { return h == HitCollect || h == HitRuleOrder }

// Input is one column that a decision table looks at.
type Input struct {
	Test  *formula.Column
	Place report.Place

	field *value.Field // what it can be; a copy that a test may use as it likes
	data  *value.Field // the field of the data that it names; nil = computed
	asks  bool         // a cell asks whether it is empty
}

// Output is one column that a decision table sets.
type Output struct {
	Into  *value.Field // nil = the outcome of the step
	OfRow bool
	each  *value.Field // one entry, where Into is a list or a column of Table; else Into
}

// DecideRow is one row of a decision table.
type DecideRow struct {
	Number int            // from 1; 0 = else
	When   *formula.Guard // all its cells; nil for else
	Gives  []Entry        // one for each output
	Place  report.Place
	cells  []*cell
}

// Entry is what a row gives to an output: a value that is written down or computed. Both nil: nothing.
type Entry struct {
	Fixed any
	Value *formula.Value
}

// Outcome is the outcome that a row gives the step; "" = the table has none.
func (d *Decide) Outcome(r *DecideRow) string {
	for i, o := range d.Outputs {
		if o.Into == nil {
			text, _ := r.Gives[i].Fixed.(string)
			return text
		}
	}
	return ""
}

// all are the rows with the one for what fits none.
func (d *Decide) all() []*DecideRow {
	if d.Else == nil {
		return d.Rows
	}
	return append(append([]*DecideRow{}, d.Rows...), d.Else)
}
