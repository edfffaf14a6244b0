package reference

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
)

// What people do with a case as a whole, or with a step of it from above: see docs/acts.md.

// resume takes a suspended case up again: clocks that stood still go on, then what waited is taken, what called cases
// came to first.
func (c *Case) resume() {
	c.status = "running"
	if pause := c.now.Sub(c.since); c.p.PauseClocks {
		for _, a := range c.acts {
			if a.state != parked { // its clocks stand still anyway
				a.shift(pause)
			}
		}
		for i := range c.inbox {
			c.inbox[i].until = c.inbox[i].until.Add(pause)
		}
	}
	for _, a := range c.acts {
		if in := a.back; in != nil && a.state == open {
			a.back = nil
			c.child(*in, a)
		}
	}
	for _, k := range slices.Clone(c.inbox) {
		if c.bring(k.message, k.values) {
			c.inbox = slices.DeleteFunc(c.inbox, func(x kept) bool { return x.id == k.id })
		}
	}
}

// shift puts off the clocks of an act.
func (a *act) shift(by time.Duration) {
	for _, t := range a.timers {
		t.at = t.at.Add(by)
	}
	if a.result != nil {
		for _, t := range a.result.timers {
			t.at = t.at.Add(by)
		}
	}
	if !a.due.IsZero() {
		a.due = a.due.Add(by)
	}
}

// skip completes what is stuck or open by somebody's word: with an outcome, and by a way if he names one.
func (c *Case) skip(in Input, a *act) bool {
	if a.frame == nil || a.state != open && a.state != failed && (a.state != ready || a.undoing) {
		return false
	}
	outcome := in.Answer
	if outcome == "" && a.state == failed && a.stuck == leaving {
		outcome = a.outcome
	}
	way := slices.IndexFunc(a.step.Ways, func(w *definitions.Way) bool {
		return w.Leads() == in.To && (w.Outcome == "" || w.Outcome == outcome)
	})
	if !a.comesTo(outcome) || in.To != "" && way < 0 {
		return false
	}
	for _, f := range c.p.Data.Fields {
		if v, given := in.Values[f.Name]; given {
			c.assign(a, f, false, v)
		}
	}
	c.close(a)
	a.past = nil
	if in.To != "" {
		a.forced = a.step.Ways[way]
	}
	c.complete(a, outcome)
	return true
}

// revoke ends the case by the one who started it, until a step is done: as soon as all that can be undone is.
func (c *Case) revoke(in Input) bool {
	until := c.p.Revoke
	if until == nil || c.root.undoing || in.Who.ID != c.starter {
		return false
	}
	if slices.ContainsFunc(marking{c, nil}.runs(until.ID), func(a *act) bool { return a.state == done }) {
		return false
	}
	for _, f := range c.root.inner {
		c.clear(f)
	}
	c.undo(c.root, c.toUndo(nil, &definitions.Undo{All: true}), func() { c.finish("cancelled", definitions.RevokedEnd) })
	return true
}
