package definitions

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// What a form asks for must be open: what is fixed already is shown, and not asked again. Computed fields are refused
// when a form is compiled; here are those of which the ways to the form have decided.

// asked is a form with what is known where it is filled in.
type asked struct {
	step *Step
	task *Task
	k    *known
}

// vain finds fields of a task's form to which no answer counts: those that no case is asked there, and those that have
// one value by the ways there and by which nothing goes any more.
func (c *checker) vain(a asked) {
	s, w, k := a.step, a.task, a.k
	if w.Form == nil {
		return
	}
	full := k.after(c.u.form(w.Form, false))
	for _, f := range w.Form.Fields {
		id, ok := c.u.byPath[f.Path]
		if !ok || f.Table != nil && !f.OfRow {
			continue // a column of rows that may be of different kinds
		}
		if f.OfRow {
			id = c.u.list[id].twin
		}
		slot := &c.u.list[id]
		if g := slot.when(); g != nil && full.view(slot).impossible(g) {
			c.add(report.Problem{Place: c.placeOf(f), Width: c.widthOf(f), Code: "asked-in-vain",
				Message: fmt.Sprintf("%s asks for %s, and no case is asked it there: its when, %s, is never true there",
					called(s), slot.path, g.Source()),
				Hint: "take it out of the form, or ask for it where its when can be true"})
			continue
		}
		c.askedAgain(s, f, slot, k.f[id])
	}
}

// askedAgain warns of a choice that the ways to a step have decided, and by which nothing goes from there on.
func (c *checker) askedAgain(s *Step, f *FormField, slot *slot, has fact) {
	can := has.can & allOptions(slot.field)
	one := slot.field.Kind == value.Choice && has.exists && bits.OnesCount64(uint64(can)) == 1
	if !one || len(slot.dependents) > 0 || len(slot.rule.checks()) > 0 || c.readFrom(s, slot.field) {
		return
	}
	is := slot.field.Options[bits.TrailingZeros64(uint64(can))]
	c.add(report.Problem{Place: c.placeOf(f), Width: c.widthOf(f), Severity: report.Warning, Code: "asked-again",
		Message: fmt.Sprintf("%s asks again for %s, which is fixed: only cases in which it is %s come here, and nothing "+
			"goes by it afterwards", called(s), slot.path, is.ID),
		Hint: "write it in show; if it may turn out otherwise, lead back to where it is decided"})
}

func (r *FieldRule) checks() []*Check {
	if r == nil {
		return nil
	}
	return r.Checks
}

// readFrom tells whether anybody or anything reads a field from a step on: formulas and forms of steps that can come
// after it or stand around it, those of the case as a whole, papers and registers.
func (c *checker) readFrom(s *Step, f *value.Field) bool {
	if c.noted[nil][f.Path] || c.printedAnywhere()[f.Path] || slices.Contains(c.p.Subject, f) {
		return true
	}
	for step := range stepsFrom(s) { // any order: one is enough
		shows := false
		if w, ok := step.Work.(*Task); ok && w.Form != nil {
			shows = slices.ContainsFunc(w.Form.Show, func(x *value.Field) bool { return slices.Contains(leaves(x), f) })
		}
		if shows || c.noted[step][f.Path] {
			return true
		}
	}
	return false
}

// stepsFrom lists the steps that can be open when a step is, around it or after it, itself among them.
func stepsFrom(s *Step) map[*Step]bool {
	out := map[*Step]bool{}
	for at := s; at != nil && at.Graph != nil; at = at.Graph.Owner {
		queue := []*Step{at}
		for len(queue) > 0 {
			next := queue[0]
			queue = queue[1:]
			if out[next] {
				continue
			}
			out[next] = true
			queue = append(queue, innerSteps(next)...)
			for _, way := range arrows(next) {
				if way.To != nil {
					queue = append(queue, way.To)
				}
				if way.Return != nil {
					queue = append(queue, way.Return)
				}
			}
		}
	}
	return out
}

// thrownAway finds fields that a start asks for and sets anew, whatever is filled in.
func (c *checker) thrownAway(s *Start) {
	if s.Form == nil || s.Message != nil {
		return
	}
	read := map[string]bool{}
	for _, check := range s.Checks {
		c.seeRead(read, check.That)
	}
	for _, a := range s.Set {
		c.seeRead(read, a.Value)
		for _, f := range s.Form.Fields {
			if a.Into != f.Field || read[f.Path] {
				continue
			}
			c.add(report.Problem{Place: c.placeOf(f), Width: c.widthOf(f), Code: "asked-in-vain",
				Message: fmt.Sprintf("the start asks for %s and sets it anew: whatever is filled in is thrown away", f.Path),
				Hint:    "take it out of the form, or out of set"})
		}
	}
}

// note notes what a formula of a step reads.
func (c *checker) note(s *Step, text any) {
	if c.noted[s] == nil {
		c.noted[s] = map[string]bool{}
	}
	c.seeRead(c.noted[s], text)
}

// widthOf is how much of the line a thing takes, for the caret.
func (c *checker) widthOf(thing any) int {
	if t, ok := c.p.texts[thing]; ok && t.node != nil {
		return t.node.width()
	}
	return 0
}
