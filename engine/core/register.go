package core

import (
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
