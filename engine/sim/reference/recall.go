package reference

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// recall takes back what somebody has done himself, while nobody has gone on from it. Lists around it that have come to
// their end go on as they were, unless they would only end again: that is tried first.
func (c *Case) recall(in Input, a *act) bool {
	if len(a.parts()) > 0 && !c.tried {
		trial := New(c.p, c.staff)
		trial.tried = true
		for _, did := range c.did {
			trial.Do(did.Copy())
		}
		trial.now = in.At
		b := trial.find(in.Act)
		around := b.parts()
		if !trial.takeOwn(in, b) {
			return false
		}
		trial.running()
		if slices.ContainsFunc(around, func(f *frame) bool { return f.closed() || f.owner.state != open }) {
			return false
		}
	}
	return c.takeOwn(in, a)
}

func (c *Case) takeOwn(in Input, a *act) bool {
	var before []*act
	for _, f := range a.parts() {
		gone, ok := c.reopen(f)
		if !ok {
			return false
		}
		before = append(before, gone...)
	}
	if !a.recallable() || a.by != in.Who.ID || a.detour != nil { // who waited has it back
		return false
	}
	if slices.ContainsFunc(a.frame.cameOf(a), func(b *act) bool { return b != a && b.touched() }) {
		return false
	}
	c.doAgain(a, false, before...)
	return true
}

// recallable tells whether an act was done by somebody who may take it back.
func (a *act) recallable() bool {
	w, ok := a.step.Work.(*definitions.Task)
	return ok && w.Recall && a.state == done && a.by != ""
}

// parts lists the frames around an act that have come to their end, the outermost first.
func (a *act) parts() []*frame {
	var all []*frame
	for f := a.frame; f != nil && f.closed(); f = f.outer() {
		all = append(all, f)
	}
	slices.Reverse(all)
	return all
}

// keep keeps a frame that comes to its end, for it may go on.
func (a *act) keep(f *frame) {
	if a.frame == nil || a.state != open || f.undoes != nil {
		return
	}
	if a.oneByOne() { // with its end the next one begins
		a.past = nil
	}
	a.past = append(a.past, f)
}

// kept tells whether a frame and those around it have not come to their end, or may go on all the same.
func (f *frame) kept() bool {
	return f == nil || (!f.closed() || slices.Contains(f.owner.past, f)) && f.outer().kept()
}

// oneByOne tells whether a step has several frames, of which one comes of the other.
func (a *act) oneByOne() bool {
	w, rows := a.step.Work.(*definitions.Multi)
	_, rounds := a.step.Work.(*definitions.Repeat)
	return rounds || rows && w.InOrder
}

// ends lists the ends that an act has come to in its frame.
func (a *act) ends() []ending {
	if a.frame == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(a.frame.ends), func(e ending) bool { return e.by != a })
}

// reopen lets a frame go on that has come to its end, if nobody has gone on from that. It lists what it has taken back.
func (c *Case) reopen(f *frame) (gone []*act, ok bool) {
	a, around := f.owner, f.outer()
	if a.undoing || a.detour != nil || c.barred(a) {
		return nil, false
	}
	var next []*act
	if a.result != nil {
		gone = around.cameOfEnd(a)
	}
	if a.oneByOne() {
		for _, n := range a.inner {
			next = append(next, n.acts...)
		}
	}
	if slices.ContainsFunc(append(slices.Clone(gone), next...), (*act).touched) {
		return nil, false
	}
	if r := a.result; r != nil {
		c.rollBack(around, gone, &back{end: a})
		n := 0
		around.ends = slices.DeleteFunc(around.ends, func(e ending) bool {
			if e.by == a {
				n++
			}
			return e.by == a && n > r.ends
		})
		a.timers = r.timers
	}
	for _, b := range next {
		c.takeBack(b)
	}
	if a.oneByOne() {
		c.close(a)
	}
	a.inner, a.past = append(a.inner, f), without(a.past, f)
	a.state, a.outcome, a.result, a.forced = open, "", nil, nil
	a.again()
	c.undoables = slices.DeleteFunc(c.undoables, func(x *undoable) bool { return x.act == a })
	if a.step.Lock != nil && !slices.ContainsFunc(c.locks, func(l lock) bool { return l.by == a }) {
		c.lock(a)
	}
	return append(gone, next...), true
}

// again counts one row or round less that has ended.
func (a *act) again() {
	w, rows := a.step.Work.(*definitions.Multi)
	_, rounds := a.step.Work.(*definitions.Repeat)
	if rows || rounds {
		a.finished--
	}
	if rows && w.InOrder {
		a.begun = a.finished + 1
	}
	if rounds {
		a.total = a.finished + 1
	}
}

// passes tells whether a step is over as soon as a thread has come to it.
func passes(st *definitions.Step) bool {
	switch st.Work.(type) {
	case *definitions.Junction, *definitions.Set, *definitions.Decide:
		return true
	default:
		return false
	}
}
