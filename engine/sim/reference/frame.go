package reference

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// cancel withdraws all runs of some steps, in the nearest frame outwards that has them, with what waits at their joins.
func (c *Case) cancel(f *frame, by *act, steps []*definitions.Step) {
	for _, st := range steps {
		at := f
		for at != nil && at.graph != st.Graph {
			at = at.outer()
		}
		if at == nil {
			continue
		}
		for _, a := range at.acts {
			if a.step == st && a != by {
				c.withdraw(a)
			}
		}
		at.drop(st)
	}
}

// drop removes the tokens that wait at a join.
func (f *frame) drop(join *definitions.Step) {
	f.tokens = slices.DeleteFunc(f.tokens, func(t *thread) bool { return t.to == join })
	f.endRounds(func(r *round) bool { return r.join == join })
}

// endRounds ends rounds that are cancelled: those that have fired may still be taken back.
func (f *frame) endRounds(of func(*round) bool) {
	f.rounds = slices.DeleteFunc(f.rounds, func(r *round) bool { return of(r) && !r.over && r.fired == nil })
	for _, r := range f.rounds {
		r.over = r.over || of(r)
	}
}

// withdraw takes back an act with all that is inside.
func (c *Case) withdraw(a *act) {
	if a.over() {
		return
	}
	a.state, a.timers, a.slots, a.undoing, a.past = withdrawn, nil, nil, false, nil
	c.close(a)
	for _, d := range c.acts {
		if d.detour == a {
			c.withdraw(d)
		}
	}
	c.rejoin(a)
}

// close takes back all frames of an act.
func (c *Case) close(a *act) {
	for _, f := range a.inner {
		if c.clear(f); f.undoes != nil && f.undoes.state == busy { // it was cut short
			f.undoes.state = able
		}
	}
	a.inner = nil
}

// clear takes back all that is in a frame.
func (c *Case) clear(f *frame) {
	for _, a := range f.acts {
		c.withdraw(a)
	}
	f.endRounds(func(*round) bool { return true })
	f.tokens = nil
	f.cleared++
}

// closed tells whether a frame is part of the case no more.
func (f *frame) closed() bool { return !slices.Contains(f.owner.inner, f) }

// outer is the frame around a frame; nil around the case's own.
func (f *frame) outer() *frame { return f.owner.frame }

// outcome is the end that a frame has come to; "" = none.
func (f *frame) outcome() string {
	outcome := ""
	for _, e := range f.ends {
		if e.end != definitions.StopEnd {
			outcome = e.end
		}
	}
	return outcome
}

// endFrame completes one frame in which nothing is left, the youngest first, and with the case's own frame the case.
func (c *Case) endFrame() bool {
	for _, f := range slices.Backward(c.frames()) {
		busy := slices.ContainsFunc(f.acts, func(a *act) bool { return !a.over() })
		owner := f.owner
		if busy || len(f.tokens) > 0 || owner.undoing && f.undoes == nil {
			continue
		}
		owner.inner = without(owner.inner, f)
		owner.keep(f)
		_, rows := owner.step.Work.(*definitions.Multi)
		switch {
		case f.undoes != nil:
			f.undoes.state = past
			f.then()
		case f.outcome() != "" || rows:
			c.ended(owner, f)
		case owner != c.root && slices.ContainsFunc(f.ends, func(e ending) bool { return e.error }):
			c.perish(owner) // the error was all that came of it
		default:
			owner.state, owner.stuck = failed, open
		}
		return true
	}
	return false
}

// ended tells the owner of a frame that it has ended.
func (c *Case) ended(owner *act, f *frame) {
	w, multi := owner.step.Work.(*definitions.Multi)
	r, repeat := owner.step.Work.(*definitions.Repeat)
	switch {
	case owner == c.root:
		c.finish("finished", f.outcome())
	case repeat && f.outcome() != definitions.DoneEnd:
		c.complete(owner, f.outcome())
	case repeat:
		if owner.finished++; r.Until != nil && c.holds(owner, r.Until) {
			c.complete(owner, over(owner))
		} else {
			c.nextRound(owner, r)
		}
	case !multi:
		c.complete(owner, f.outcome())
	default:
		owner.finished++
		if c.enough(owner, w) {
			return
		}
		if owner.begun < owner.total && w.InOrder && owner.state == open {
			owner.begun++
			c.begin(owner, w.Body, owner.begun-1)
		}
		if owner.state == trailing && len(owner.inner) == 0 {
			c.done(owner)
		}
	}
}

// finish ends the case.
func (c *Case) finish(status, outcome string) {
	c.root.state, c.root.timers = done, nil
	c.close(c.root)
	c.status, c.result, c.inbox = status, outcome, nil
}
