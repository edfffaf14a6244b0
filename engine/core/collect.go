package core

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// A step that collects is a job that the engine does itself: lines of a register, of the cases as they stand when it is
// taken up, become rows of a table.

func (m *machine) openCollect(a *Activation, w *definitions.Job) {
	m.ask(a, w.Name, struct{}{}, &w.Given)
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
