package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
)

// neverTaken finds ways that no values take: their own condition is never true, or those before it have taken all for
// which it is.
func (c *checker) neverTaken(s *Step, run *passage) {
	if s.Choose == ChooseFirst {
		return
	}
	for n, w := range s.Ways {
		if w.When == nil && !w.Else {
			continue
		}
		dead, looked := true, false
		for i, outcome := range run.outcomes {
			if !takes(w, outcome) || run.outs[i] == nil {
				continue
			}
			looked = true
			dead = dead && c.deadWay(s, n, outcome, run.outs[i])
		}
		if !dead || !looked {
			continue
		}
		message := "the way to %s is never taken: its condition is never true here"
		hint := "take it out, or mend the condition"
		switch {
		case w.Else:
			message, hint = "the way to %s is never taken: the ways before it take all there is", "take else out"
		case !c.neverTrue(w.When, run):
			message = "the way to %s is never taken: the ways before it take all for which its condition is true"
			hint = "put it before them, take it out, or write choose: all if several are taken"
		}
		c.add(report.Problem{Place: w.Place, Code: "way-never-taken", Message: fmt.Sprintf(message, w.Leads()), Hint: hint})
	}
}

// neverTrue tells whether a condition is false whatever comes of a step.
func (c *checker) neverTrue(g *formula.Guard, run *passage) bool {
	return !slices.ContainsFunc(run.outs, func(k *known) bool { return k != nil && !k.impossible(g) })
}

// deadWay tells whether no values take the n-th way of a step that has come to an outcome.
func (c *checker) deadWay(s *Step, n int, outcome string, k *known) bool {
	w := s.Ways[n]
	if w.When != nil && k.impossible(w.When) {
		return true
	}
	var before []*formula.Guard
	for i, o := range s.Ways {
		if o != w && takes(o, outcome) && o.When != nil && (w.Else || s.Choose == ChooseOne && i < n) {
			before = append(before, o.When)
		}
	}
	if len(before) == 0 {
		return false
	}
	all := before
	if w.When != nil {
		all = append(slices.Clip(before), w.When)
	}
	ids, count, ok := c.together(all, k.row)
	if !ok {
		return w.Else && k.coveredBy(before)
	}
	for i := range count {
		vals := c.u.pick(ids, i)
		if !k.possible(ids, vals) {
			continue
		}
		scope := c.u.scope(ids, vals)
		taken := slices.ContainsFunc(before, func(g *formula.Guard) bool { return c.u.decide(g, scope) == 1 })
		if !taken && (w.When == nil || c.u.decide(w.When, scope) != 0) {
			return false
		}
	}
	return !c.work.spent()
}

// neverFirst finds conditions of a wait that are never the first to be true: those before them are true as well then.
func (c *checker) neverFirst(s *Step, held *known) {
	w, ok := s.Work.(*Wait)
	if !ok {
		return
	}
	var before []*formula.Guard
	for _, one := range w.For {
		if one.When == nil {
			continue
		}
		if held.impossible(one.When) || c.implied(one.When, before, held) {
			c.add(report.Problem{Place: c.placeOf(one.When), Code: "event-never",
				Message: fmt.Sprintf("this is never what ends %s: %s is not true there, or one before it is as well", s.ID,
					one.When.Source()),
				Hint: "take it out, put it before the others, or mend the condition"})
		}
		before = append(before, one.When)
	}
}

// implied tells whether one of several conditions is true whenever another is.
func (c *checker) implied(g *formula.Guard, before []*formula.Guard, k *known) bool {
	ids, n, ok := c.together(append(slices.Clone(before), g), k.row)
	if len(before) == 0 || !ok {
		return false
	}
	for i := range n {
		vals := c.u.pick(ids, i)
		if !k.possible(ids, vals) {
			continue
		}
		scope := c.u.scope(ids, vals)
		if c.u.decide(g, scope) != 0 &&
			!slices.ContainsFunc(before, func(o *formula.Guard) bool { return c.u.decide(o, scope) == 1 }) {
			return false
		}
	}
	return !c.work.spent()
}

// neverHappens finds events of a step whose condition is never true while it is open, and conditions for which it waits
// in vain.
func (c *checker) neverHappens(s *Step, held *known) {
	c.neverFirst(s, held)
	for _, e := range s.Events {
		if e.When == nil || !held.impossible(e.When) {
			continue
		}
		c.add(report.Problem{Place: c.placeOf(e.When), Code: "event-never",
			Message: fmt.Sprintf("this never happens: %s is never true while %s is open", e.When.Source(), s.ID),
			Hint:    "take it out, or mend the condition"})
	}
}

// neverRuns finds lists inside a step that never run, and rounds that never follow or never end, by their conditions.
func (c *checker) neverRuns(s *Step, run *passage) {
	switch w := s.Work.(type) {
	case *Multi:
		if w.Until != nil && (w.Cancel || w.InOrder) && run.open.certain(w.Until) {
			c.idle(s, w.Until, "dead-step", "no row of %s ever begins: %s is true when it opens")
		}
	case *Repeat:
		c.idleRounds(s, w, run)
	case *Junction, *Task, *Wait, *Call, *Block, *Set, *Decide, *Request, *Job: // they have no such condition
	}
}

func (c *checker) idleRounds(s *Step, w *Repeat, run *passage) {
	if w.While != nil && run.open.impossible(w.While) {
		c.idle(s, w.While, "dead-step", "no round of %s ever begins: %s is not true when it opens")
		return
	}
	over := c.oneRound(w, c.everyRound(w, run.open)).ended(DoneEnd)
	if over == nil {
		return
	}
	const once = "%s never runs a second time: after a round %s always ends it"
	const always = "%s runs again and again: after a round %s never ends it"
	switch {
	case w.While != nil && over.impossible(w.While):
		c.idle(s, w.While, "way-never-taken", once)
	case w.While != nil && over.certain(w.While):
		c.idle(s, w.While, "way-never-taken", always)
	case w.Until != nil && over.certain(w.Until):
		c.idle(s, w.Until, "way-never-taken", once)
	case w.Until != nil && over.impossible(w.Until):
		c.idle(s, w.Until, "way-never-taken", always)
	}
}

func (c *checker) idle(s *Step, at *formula.Guard, code, message string) {
	c.add(report.Problem{Place: c.placeOf(at), Code: code, Hint: "mend the condition, or take it out",
		Message: fmt.Sprintf(message, report.Named(s.Title, s.ID), at.Source())})
}
