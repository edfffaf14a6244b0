package core

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// A register is a view: its lines are worked out from the cases as they stand. What a column cannot show, because a
// field is empty, is left out of the line.

// Line is one line of a register: the values of its columns by their keys.
type Line = value.Record

// Lines gives the lines that one case has in a register of its procedure, in the order of the rows. A formula that
// fails leaves its column, or for the register's condition its line, out.
func Lines(p *definitions.Procedure, s *State, r *definitions.Register, c Context) []Line {
	scope := ScopeIn(p, s, c, 0)
	if r.From != nil && !(marking{p: p, s: s}).finished(r.From.ID) {
		return nil
	}
	if r.Table == nil {
		return lineOf(nil, r, scope)
	}
	var out []Line
	rows, _ := scope.Data[r.Table.Name].([]value.Record)
	for _, row := range rows {
		scope.Row = row
		out = append(out, lineOf(row, r, scope)...)
	}
	return out
}

func lineOf(row value.Record, r *definitions.Register, scope *formula.Scope) []Line {
	if r.When != nil {
		if yes, err := r.When.Eval(scope); err != nil || !yes {
			return nil
		}
	}
	line := make(Line, len(r.Columns))
	for _, p := range r.Columns {
		if v := Print(p, row, scope); v != nil {
			line[p.Key] = v
		}
	}
	return []Line{line}
}

// Print is the value of a line of a paper or a column of a register, in a row or in none; nil where there is no value.
func Print(p *definitions.Printed, row value.Record, scope *formula.Scope) any {
	switch {
	case p.Case != "":
		return caseName(p.Case, &scope.Case)
	case p.Value != nil:
		v, err := p.Value.Eval(scope)
		if err != nil {
			return nil
		}
		return v
	case row != nil && isColumn(p.Name, p.Field):
		return row[p.Field.Name]
	}
	return getAt(scope.Data, p.Field.Path, -1)
}

// isColumn tells a column that is named by its row, paper.price, from a field that is named in full.
func isColumn(name string, f *value.Field) bool { return name != f.Path }

// caseName is what a case is called, when it began and so on; nil where it has none.
func caseName(name string, c *formula.Case) any {
	switch name {
	case "number":
		return c.Number
	case "started":
		return c.Started
	case "starter":
		if c.Starter.ID != "" {
			return c.Starter
		}
	case "state":
		return c.State
	case "outcome":
		if c.Outcome != "" {
			return c.Outcome
		}
	case "ended":
		if !c.Ended.IsZero() {
			return c.Ended
		}
	}
	return nil
}

// Gathering sums up the lines that a step collects, case by case.
type Gathering struct {
	p     *definitions.Procedure
	w     *definitions.Job
	scope *formula.Scope
	rows  []value.Record
}

// Gather begins to collect for a step of a case. The error says that the step is not one that collects, or is not open.
func Gather(p *definitions.Procedure, s *State, act ID, c Context) (*Gathering, error) {
	a := s.act(act)
	if a == nil || a.State != Open {
		return nil, &Rejection{Code: NotOpen}
	}
	w, ok := StepOf(p, s, act).Work.(*definitions.Job)
	if !ok || w.Collect == nil {
		return nil, &Rejection{Code: NotOpen}
	}
	return &Gathering{p: p, w: w, scope: ScopeIn(p, s, c, a.Frame)}, nil
}

// Register names whose register is collected.
func (g *Gathering) Register() (procedure, register string) {
	return g.w.Collect.Procedure, g.w.Collect.Register.ID
}

// errTooMany says that a table has no room for what is collected.
var errTooMany = errors.New("too many lines are collected")

// Add takes the lines of one more case that its condition wants.
func (g *Gathering) Add(lines []Line) error {
	for _, line := range lines {
		if g.w.Collect.When != nil {
			g.scope.Extra = value.Record{"row": line}
			yes, err := g.w.Collect.When.Eval(g.scope)
			var f *formula.Failure
			if errors.As(err, &f) && f.Code == "absent" {
				continue // a line without the value that is asked for is not meant
			}
			if err != nil {
				return err
			}
			if !yes {
				continue
			}
		}
		most := int64(maxRows)
		if m, bound := g.w.Collect.Into.Max.(int64); bound {
			most = min(most, m)
		}
		if int64(len(g.rows)) == most {
			return fmt.Errorf("%w: %s has room for %d; give collect a narrower when", errTooMany, g.w.Collect.Into.Path, most)
		}
		g.rows = append(g.rows, line)
	}
	return nil
}

// Answer is what the job of the step is answered.
func (g *Gathering) Answer() (json.RawMessage, error) {
	fields := g.w.Answer.Fields[0].Fields
	rows := make([]value.Record, len(g.rows))
	for i, line := range g.rows {
		rows[i] = value.Record{}
		for _, f := range fields {
			if v, ok := line[f.Name]; ok && fitsKind(v, f) {
				rows[i][f.Name] = v
			}
		}
	}
	return value.EncodeRecord(g.w.Answer.Fields, value.Record{"rows": rows}, g.p.Office.Zone)
}

// fitsKind leaves out what an older version of a register shows in another type.
func fitsKind(v any, f *value.Field) bool { return len(f.Check(v)) == 0 }
