package reference

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// Going back. What is taken back are runs of one list with all that came of them, so that the case stands as if they
// had not been: see docs/acts.md.

// giveBack sends the case back from a task to a step that was done before.
func (c *Case) giveBack(in Input, a *act) bool {
	of := a.before(in.To)
	if of == nil || of.step.Final || passes(of.step) {
		return false
	}
	if in.Do == Return {
		c.doAgain(of, false)
		return true
	}
	deep := 1
	for at := a; at.detour != nil; at = at.detour {
		deep++
	}
	if deep > 8 {
		return false
	}
	by := c.holder(&act{frame: of.frame, step: of.step, detour: a})
	if by != nil && by.state == parked { // they would wait for one another
		return false
	}
	a.state, a.parked = parked, c.now
	sent := c.enterBy(of.frame, of.step, nil)
	sent.detour, sent.sent = a, true
	return true
}

// rejoin lets the one who waits for a detour go on.
func (c *Case) rejoin(detour *act) {
	if a := detour.detour; a != nil && a.state == parked {
		a.state = open
		a.shift(c.now.Sub(a.parked))
		c.unpack(a)
	}
}

// touched tells whether somebody has begun an act, or a machine or a called case may have it.
func (a *act) touched() bool {
	switch a.step.Work.(type) {
	case *definitions.Junction, *definitions.Set, *definitions.Decide:
		return false
	case *definitions.Wait:
		return a.state != ready && a.state != open
	case *definitions.Task:
		return a.begunWork() || a.state != ready && a.state != open && a.state != failed
	case *definitions.Call, *definitions.Request, *definitions.Job: // who has failed has it no more
		return a.state != ready && (a.state != failed || a.stuck == leaving)
	case *definitions.Block, *definitions.Multi, *definitions.Repeat:
	}
	return a.over() || slices.ContainsFunc(a.inner, func(f *frame) bool {
		return slices.ContainsFunc(f.acts, (*act).touched)
	})
}

// jump leaves acts and opens a step of their list in their stead. If they came of a run of it, that is done again.
func (c *Case) jump(in Input) bool {
	if f := c.idle(in.Leave); f != nil {
		return c.revive(f, in)
	}
	f, leave := c.left(in)
	if len(leave) == 0 {
		return false
	}
	to, into := f.stepFor(in.To, c.p), ""
	if to.ID != in.To {
		into = in.To
	}
	var of *act
	for _, a := range leave {
		if t := a.cameFrom(to.ID); t != nil && (of == nil || t.ended > of.ended) {
			of = t
		}
	}
	b := &back{runs: leave, kept: leave, into: into}
	if of != nil {
		b.runs = append(slices.Clone(leave), of)
	}
	if c.runsBeside(f, to, b.runs, leave) {
		return false
	}
	for _, a := range leave {
		c.win(a) // what it was one of is decided
	}
	if of != nil { // what they have goes on with the step that opens, but for what came of the run that is done again
		again := f.cameOf(of)
		stay := slices.DeleteFunc(slices.Clone(leave), func(a *act) bool { return slices.Contains(again, a) })
		b.kept, b.again = slices.Concat(stay, []*act{of}), of
		c.sendBack(f, b, of.step, of.ate, of.missed)
		return true
	}
	var ate []*thread
	for _, a := range leave {
		ate = append(ate, a.ate...)
	}
	c.sendBack(f, b, to, ate, nil)
	return true
}

// idle gives the list of the whole case, if it is what a jump leaves and nothing runs in it.
func (c *Case) idle(leave []string) *frame {
	if len(leave) != 1 {
		return nil
	}
	whole := c.find(leave[0])
	if whole == nil || whole.frame != nil || whole.state != open {
		return nil
	}
	if len(whole.inner) != 1 || slices.ContainsFunc(whole.inner[0].acts, func(a *act) bool { return !a.over() }) {
		return nil // something runs, or is undone
	}
	return whole.inner[0]
}

// revive opens a step where nothing runs, with the threads that wait for it, or with all.
func (c *Case) revive(f *frame, in Input) bool {
	if c.listIn(f, in.To) == nil {
		return false
	}
	to, into := f.stepFor(in.To, c.p), ""
	if to.ID != in.To {
		into = in.To
	}
	takes := func(t *thread) bool { return t.to == to || in.All }
	var ate []*thread
	for _, t := range f.tokens {
		if takes(t) {
			ate = append(ate, t)
		}
	}
	f.tokens = slices.DeleteFunc(f.tokens, takes)
	for _, r := range f.rounds {
		if r.fired == nil {
			r.seen = slices.DeleteFunc(r.seen, func(t *thread) bool { return slices.Contains(ate, t) })
		}
	}
	a := c.enterBy(f, to, nil, ate...)
	a.into, a.sent = into, true
	return true
}

// runsBeside tells whether a step of which one run at a time is meant has one that stays when some runs are taken back
// and what races with acts is decided.
func (c *Case) runsBeside(f *frame, st *definitions.Step, runs, leave []*act) bool {
	gone := f.cameOf(runs...)
	return !st.Join.Several() && slices.ContainsFunc(f.acts, func(a *act) bool {
		lost := slices.ContainsFunc(leave, func(b *act) bool { return a.race != nil && a.race == b.race })
		return a.step == st && !a.over() && !slices.Contains(gone, a) && !lost
	})
}

// left lists what a jump leaves, and the list in which it all stands: the nearest one that has the step, or else a part
// of which it is one.
func (c *Case) left(in Input) (*frame, []*act) {
	var f *frame
	var leave []*act
	for _, path := range in.Leave {
		a := c.find(path)
		if a == nil || a.over() || a.frame == nil {
			return nil, nil
		}
		if f == nil {
			f = c.listFor(a, in.To)
		}
		if a = a.in(f); a == nil {
			return nil, nil
		}
		for ; a != nil; a = a.detour.in(f) { // who leaves a detour leaves what waits for it
			if !slices.Contains(leave, a) {
				leave = append(leave, a)
			}
		}
	}
	return f, leave
}

// step finds a step of a frame's list.
func (f *frame) step(id string) *definitions.Step {
	if i := slices.IndexFunc(f.graph.Steps, func(s *definitions.Step) bool { return s.ID == id }); i >= 0 {
		return f.graph.Steps[i]
	}
	return nil
}

// listFor finds where a step may open instead of an act, by itself or inside a part that begins there. Of what stands
// in rows none is meant, and what undoes others opens nowhere.
func (c *Case) listFor(a *act, id string) *frame { return c.listIn(a.frame, id) }

func (c *Case) listIn(first *frame, id string) *frame {
	for st := c.p.Steps[id]; st != nil && st.Graph != nil; st = st.Graph.Owner {
		for f := first; f != nil; f = f.outer() {
			if at := f.step(st.ID); at != nil && !at.Undoes && f.undoes == nil {
				return f
			}
		}
		if _, rows := st.Graph.Owner.Work.(*definitions.Multi); rows || st.Undoes {
			return nil
		}
	}
	return nil
}

// stepFor is the step of a frame's list that has the id, or in which the one stands that has it.
func (f *frame) stepFor(id string, p *definitions.Procedure) *definitions.Step {
	if st := f.step(id); st != nil {
		return st
	}
	st := p.Steps[id]
	for st.Graph != f.graph {
		st = st.Graph.Owner
	}
	return st
}

// in is the act of a frame that is an act, or has it inside; nil if there is none.
func (a *act) in(f *frame) *act {
	for ; a != nil && a.frame != nil; a = a.frame.owner {
		if a.frame == f {
			return a
		}
	}
	return nil
}

// before finds the run of a step to which one may return from an act: the last one that was done of those that it, or
// what it stands inside, came of.
func (a *act) before(to string) *act {
	for ; a.frame != nil && a.frame.undoes == nil; a = a.frame.owner {
		if of := a.cameFrom(to); of != nil {
			return of
		}
	}
	return nil
}

// cameFrom finds the last run of a step that was done of those in its list of which an act came.
func (a *act) cameFrom(step string) *act {
	var last *act
	all := []*act{a}
	for i := 0; i < len(all); i++ {
		at := all[i]
		if at.step.ID == step && at.state == done && (last == nil || at.ended > last.ended) {
			last = at
		}
		from := []*act{at.detour.in(a.frame)}
		for _, t := range at.ate {
			from = append(from, t.by)
		}
		for _, b := range from {
			if b != nil && b.frame == a.frame && !slices.Contains(all, b) {
				all = append(all, b)
			}
		}
	}
	return last
}

// cameOf lists some acts of a frame and all that came of them: by a thread, as a detour, or since an active join did
// not wait for a thread that may come now.
func (f *frame) cameOf(all ...*act) []*act {
	first := slices.MinFunc(all, func(a, b *act) int { return a.id - b.id })
	return f.grow(all, nil, first.id)
}

// cameOfEnd lists all that came of the end of an act, which stays.
func (f *frame) cameOfEnd(of *act) []*act { return f.grow(nil, of, of.result.opened) }

func (f *frame) grow(all []*act, of *act, first int) []*act {
	all = slices.Clone(all)
	for grown := true; grown; {
		grown = false
		for _, a := range f.acts {
			in := func(b *act) bool { return slices.Contains(all, b) || b != nil && b == of && a.id > first }
			came := slices.ContainsFunc(a.ate, func(t *thread) bool { return in(t.by) }) || in(a.detour.in(f)) ||
				a.id > first && slices.ContainsFunc(a.missed, func(input string) bool {
					return slices.ContainsFunc(f.acts, func(b *act) bool { return in(b) && canReach(b.step, input, a.step) })
				})
			if came && !slices.Contains(all, a) && a.state != undone {
				all, grown = append(all, a), true
			}
		}
	}
	return all
}

// back says what is taken back.
type back struct {
	runs   []*act // and all that came of them
	kept   []*act // of them, those whose threads are now of what opens in their stead
	again  *act   // which is done again; nil = none
	end    *act   // whose result is taken back while it goes on itself; nil = nobody's
	before []*act // that was taken back already
	into   string // the step inside it at which what opens begins; "" = at its start
	byWay  bool   // a way of the procedure returns, and nobody
}

// doAgain takes back a run and all that came of it, and opens its step again, with the threads that it had.
func (c *Case) doAgain(of *act, byWay bool, before ...*act) {
	b := &back{runs: []*act{of}, kept: []*act{of}, again: of, before: before, byWay: byWay}
	c.sendBack(of.frame, b, of.step, of.ate, of.missed)
}

// sendBack takes back some runs and all that came of them, and opens a step: after what can be undone of them is.
func (c *Case) sendBack(f *frame, b *back, to *definitions.Step, ate []*thread, missed []string) {
	gone := f.cameOf(b.runs...)
	var owed []*undoable // taken back before, and not undone yet
	for _, g := range gone {
		owed = append(owed, g.owes...)
	}
	c.rollBack(f, gone, b)
	a := c.enterBy(f, to, missed, ate...)
	a.into, a.sent = b.into, !b.byWay
	for _, r := range f.rounds {
		if b.again != nil && r.fired == b.again {
			r.fired = a
		}
	}
	list := slices.DeleteFunc(slices.Clone(c.undoables), func(x *undoable) bool {
		of := slices.Contains(owed, x) || slices.ContainsFunc(append(gone, b.before...), x.act.within)
		return x.state != able || !of
	})
	if len(list) > 0 {
		a.undoing, a.owes = true, list
		c.undoNext(a, inOrder(list), func() { a.owes = nil; c.later(func() { c.enter(a) }) })
	}
}

// takeBack ends a run that is taken back: it does not count as one, nor does what was done inside it.
func (c *Case) takeBack(a *act) {
	if a.lost, a.ate, a.missed, a.past = true, nil, nil, nil; a.state == done {
		a.state = undone
	} else if !a.over() {
		c.close(a)
		a.state, a.timers, a.slots, a.undoing, a.owes = withdrawn, nil, nil, false, nil
	}
	for _, b := range c.acts {
		if b != a && b.within(a) && b.state == done {
			b.state = undone
		}
	}
}

// rollBack lets a frame be as if some runs had not been. What they had consumed waits again if it came from elsewhere,
// but for the threads of those in kept.
func (c *Case) rollBack(f *frame, gone []*act, b *back) {
	made := func(t *thread) bool {
		return slices.Contains(gone, t.by) || t.by == b.end && t.id > b.end.result.opened
	}
	redone := func(a *act) bool { return slices.Contains(gone, a) && !slices.Contains(b.kept, a) }
	tooSoon := func(r *round) bool { // what comes now may come to it
		return r.late > 0 && (b.again != nil && r.late > b.again.ended && r.awaits(b.again.step) ||
			b.end != nil && r.late > b.end.result.ticks && r.awaits(b.end.step))
	}
	f.tokens = slices.DeleteFunc(f.tokens, made)
	restore := func(threads []*thread) {
		for _, t := range threads {
			if t.id > 0 && !made(t) && !slices.Contains(f.tokens, t) {
				f.tokens = append(f.tokens, t)
			}
		}
	}
	for _, a := range gone {
		if redone(a) {
			restore(a.ate)
		}
	}
	for _, r := range f.rounds {
		before := len(r.seen)
		cut := r.over && r.late == 0 && before < len(counted(r.join)) // what was cancelled stays so
		r.seen = slices.DeleteFunc(r.seen, made)
		switch {
		case r.fired != nil && redone(r.fired): // it has not fired
			restore(r.seen)
			r.fired, r.over, r.late = nil, false, 0
		case !cut && len(r.seen) < before, tooSoon(r):
			r.over, r.late = false, 0
		}
	}
	slices.SortFunc(f.tokens, func(a, b *thread) int { return a.id - b.id })
	f.ends = slices.DeleteFunc(f.ends, func(e ending) bool { return slices.Contains(gone, e.by) })
	for _, a := range gone {
		c.takeBack(a)
	}
}
