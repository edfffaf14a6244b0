package core

import (
	"cmp"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
)

// Before something is taken back it is looked at what may come of it: that an end can be reached, and that nothing can
// come from where none can. The proof of a procedure has shown both of what comes by itself; who returns past a step
// that has cancelled others, or jumps, may come to stand elsewhere.

// maxLooked bounds the markings that are looked at to find one from which no end can be reached.
const maxLooked = 500

// worse tells what a frame would wait for, as it stands after a change, that could not be before; nil = none is known.
// A case that is known not to have been able to end before is not made worse. Where nothing is withdrawn, what is taken
// back with all that came of it leaves a case that could stand so by itself: then a way to an end is enough.
func (h *hopes) worse(before, after *machine, frame ID, how string) *Dead {
	then := h.explorer(after, frame)
	if stuck := then.dead(); stuck != nil {
		if was := h.explorer(before, frame).dead(); was != nil && !was.Cut {
			return nil
		}
		return stuck
	}
	if how != ByJump && !withdraws(then.p, then.g) {
		return nil
	}
	var was *explorer
	return then.risks(func() bool {
		if was == nil {
			was = h.explorer(before, frame)
		}
		was.with = then.with
		return was.risk(was.start) == nil && was.risk(was.begin()) == nil
	})
}

// inside tells what a list would wait for that begins where somebody has jumped to; nil = none is known. What may come
// of its beginning at its start may come here as well.
func (h *hopes) inside(m *machine, block *Activation) *Dead {
	if block == nil {
		return nil
	}
	frame := m.beginNow(block)
	if frame == 0 {
		return &Dead{Cut: true}
	}
	x := h.explorer(m, frame)
	if stuck := x.dead(); stuck != nil {
		return stuck
	}
	if stuck := x.risks(func() bool { return x.risk(x.begin()) == nil }); stuck != nil {
		return stuck
	}
	return h.inside(m, m.into(frame))
}

// risks looks for what may come of the marking in which the frame stands, with any of the values by which its list
// chooses, and cannot come to an end from there. It is told of if it could not be before.
func (x *explorer) risks(isNew func() bool) *Dead {
	for with := range max(1, len(x.g.Shared)) {
		if x.with = with; len(x.g.Shared) == 0 {
			x.with = -1
		}
		if stuck := x.risk(x.start); stuck != nil && isNew() {
			return stuck
		}
	}
	return nil
}

// withdraws tells whether something of a procedure withdraws steps of a list.
func withdraws(p *definitions.Procedure, g *definitions.Graph) bool {
	here := func(list []*definitions.Step) bool {
		return slices.ContainsFunc(list, func(st *definitions.Step) bool { return st.Graph == g })
	}
	does := func(st *definitions.Step) bool {
		return here(st.Cancels) || here(st.Join.Withdraws) ||
			slices.ContainsFunc(st.Ways, func(w *definitions.Way) bool { return here(w.Cancels) }) ||
			slices.ContainsFunc(st.Timeouts, func(t *definitions.Timeout) bool { return here(t.Do.Cancels) }) ||
			slices.ContainsFunc(st.Events, func(e *definitions.Event) bool { return here(e.Do.Cancels) })
	}
	return does(p.Case) || slices.ContainsFunc(p.Graphs(), func(g *definitions.Graph) bool {
		return slices.ContainsFunc(g.Steps, does)
	})
}

// all are the markings that may come of one.
type all struct {
	x      *explorer
	index  map[string]int
	list   []*State // nil once what comes of it was looked at
	before [][]int
	good   []bool // an end can be reached, or it is not known
	stops  []bool // nothing comes of it
	next   []int  // to be looked at, the last first
	opened definitions.Bits
	cut    bool // there are more than are looked at
}

// look follows all that may come of a marking, as deep as it goes first, and what withdraws nothing before what does:
// where there are too many, a join that waits for ever is found so sooner than by what is near.
func (x *explorer) look(start *State) *all {
	a := &all{x: x, index: map[string]int{}, opened: definitions.NewBits(len(x.g.Steps))}
	a.add(-1, start)
	for looked := 0; len(a.next) > 0; looked++ {
		i := a.next[len(a.next)-1]
		a.next = a.next[:len(a.next)-1]
		s := a.list[i]
		if looked >= min(maxLooked, x.hopes.most) {
			a.cut = true
			a.reach(i)
			continue
		}
		if x.ended(s) || x.vain(s) {
			a.reach(i)
			continue
		}
		leaps := x.leaps(s)
		a.stops[i] = len(leaps) == 0
		slices.SortStableFunc(leaps, func(l, k leap) int { return len(k.cancels()) - len(l.cancels()) })
		for _, l := range leaps {
			a.add(i, x.after(s, l))
		}
		if !a.stops[i] {
			a.list[i] = nil
		}
	}
	return a
}

// cancels are the steps that the ways of a leap withdraw.
func (l leap) cancels() []*definitions.Step {
	var out []*definitions.Step
	for _, w := range l.ways {
		out = append(out, w.Cancels...)
	}
	return out
}

func (a *all) add(from int, s *State) {
	key := a.x.key(s)
	i, known := a.index[key]
	if !known {
		i = len(a.list)
		a.index[key] = i
		a.next = append(a.next, i)
		a.list, a.before = append(a.list, s), append(a.before, nil)
		a.good, a.stops = append(a.good, false), append(a.stops, false)
		for _, act := range s.Acts {
			if act.Frame == a.x.frame {
				a.opened.Set(a.x.at[act.Step])
			}
		}
	}
	if from < 0 {
		return
	}
	a.before[i] = append(a.before[i], from)
	if a.good[i] {
		a.reach(from)
	}
}

// reach marks a marking, and those before it, as ones from which an end can be reached.
func (a *all) reach(i int) {
	queue := []int{i}
	for len(queue) > 0 {
		i, queue = queue[0], queue[1:]
		if a.good[i] {
			continue
		}
		a.good[i] = true
		queue = append(queue, a.before[i]...)
	}
}

// risk looks for a marking that may come of one and from which no end can be reached; nil = none is known.
func (x *explorer) risk(start *State) *Dead {
	if x.hopes.safe[x.key(start)] {
		return nil
	}
	a := x.look(start)
	var found *Dead
	for i, good := range a.good {
		if good {
			continue
		}
		if found = cmp.Or(found, &Dead{}); a.stops[i] {
			found.Join = cmp.Or(found.Join, x.waiting(a.list[i]))
		}
	}
	if found == nil && !a.cut {
		for key := range a.index { // any order: each by itself
			x.hopes.safe[key] = true
		}
	}
	return found
}

// vain tells a marking to which no case with the values that are looked at comes: a step could not be left with them.
func (x *explorer) vain(s *State) bool {
	if x.with < 0 {
		return false
	}
	for _, a := range s.Acts {
		if st := x.step(a); a.Frame == x.frame && len(st.Exits) > 0 {
			goes := false
			for _, e := range st.Exits {
				goes = goes || x.goes(e)
			}
			if !goes {
				return true
			}
		}
	}
	return false
}

// begin is the marking in which the list of the frame begins.
func (x *explorer) begin() *State {
	s := x.start.Clone()
	f := s.frame(x.frame)
	f.Ends, s.Tokens, s.Rounds = nil, nil, nil
	for _, a := range s.Acts {
		if a.Frame == x.frame {
			a.State = Withdrawn
		}
	}
	s.tidy()
	m := &machine{p: x.p, s: s, blind: true}
	for _, first := range x.g.Entries {
		m.push(move{kind: arriveMove, frame: x.frame, step: first, from: Eaten{By: f.Owner}})
	}
	m.settle()
	return s
}

// hold finds the steps that wait for others, by their conditions, which cannot come any more, and of these the events
// that cannot come either.
func (x *explorer) hold(m *machine) {
	var asking []*definitions.Step
	for _, st := range x.g.Steps {
		if len(conditions(st)) > 0 {
			asking = append(asking, st)
		}
	}
	for more := len(asking) > 0; more; {
		more = false
		a := x.look(x.start)
		if a.cut {
			return
		}
		for _, st := range asking {
			if !a.opened.Has(st.Index) {
				continue
			}
			if !x.held.Has(st.Index) && x.neverHold(m, conditions(st), a.opened) {
				x.held.Set(st.Index)
				more = true
			}
			for _, e := range st.Events {
				if x.held.Has(st.Index) && e.When != nil && len(e.When.Asks()) > 0 && !slices.Contains(x.silent, e) &&
					x.neverHold(m, []*formula.Guard{e.When}, a.opened) {
					x.silent = append(x.silent, e)
					more = true
				}
			}
		}
	}
}

// conditions are what a step waits for that asks for other steps; none if it waits for something else as well.
func conditions(st *definitions.Step) []*formula.Guard {
	var out []*formula.Guard
	if st.OnlyWhile != nil && len(st.OnlyWhile.Asks()) > 0 {
		return []*formula.Guard{st.OnlyWhile}
	}
	w, ok := st.Work.(*definitions.Wait)
	if !ok {
		return nil
	}
	for _, one := range w.For {
		if one.When == nil || len(one.When.Asks()) == 0 {
			return nil
		}
		out = append(out, one.When)
	}
	return out
}

// neverHold tells whether none of these conditions holds, nor can hold, while only these steps may come.
func (x *explorer) neverHold(m *machine, guards []*formula.Guard, come definitions.Bits) bool {
	scope := m.scopeIn(x.frame)
	ask := func(q formula.Ask) formula.Reply {
		switch {
		case x.mayCome(q.Step, come):
			return formula.May
		case q.Kind == formula.AskDone && scope.Marking.Done(q.Step),
			q.Kind == formula.AskTimes && scope.Marking.Times(q.Step) >= q.Many:
			return formula.Yes
		}
		return formula.No
	}
	for _, g := range guards {
		if holds, err := g.Eval(scope); err != nil || holds || g.Judge(ask, formula.May) != formula.No {
			return false
		}
	}
	return true
}

// mayCome tells whether a step may be open some time: by itself, or inside one that may. What stands outside the list
// is taken to come.
func (x *explorer) mayCome(id string, come definitions.Bits) bool {
	st := x.p.Steps[id]
	for st != nil && st.Graph != x.g {
		if st.Graph == nil {
			return true
		}
		st = st.Graph.Owner
	}
	return st == nil || come.Has(st.Index)
}
