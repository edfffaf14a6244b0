package proof

import (
	"cmp"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
)

// leaps lists what may happen next in a marking.
func (s *space) leaps(m *core.Marking) []core.Leap {
	var out []core.Leap
	runs := s.net.Runs(m)
	for _, st := range runs {
		if instant(st) { // it is left before anything else can happen
			return s.exits(st)
		}
	}
	if at := s.atOnce(m, runs); at != nil {
		return at
	}
	for i, st := range runs {
		if slices.Contains(runs[:i], st) {
			continue
		}
		held := len(s.g.Conditions) > 0 && (s.unmet(m, st) != nil || s.shutOut(m, st))
		kept := held || s.owes(m, st, false)
		for _, l := range s.exits(st) {
			if !kept && !s.unheard(l, m) {
				out = append(out, l)
			}
		}
		out = append(out, s.deeds(st, m)...)
		if !held {
			out = append(out, s.perishing(st, m)...)
		}
		if list := inward(st, s.g); len(list) > 0 {
			for _, one := range list {
				out = append(out, core.Leap{Step: st, Withdraw: one.list, By: one.by})
			}
		}
	}
	// Where all has stopped, the case waits for somebody to repair it.
	if s.g.Owner == s.p.Case && len(runs)+len(s.net.Waits(m)) > 0 {
		out = append(out, s.deeds(s.p.Case, m)...)
	}
	return out
}

// exits lists how a step can be left by its ways. A way that returns opens nothing that was not open before.
func (s *space) exits(st *definitions.Step) []core.Leap {
	var out []core.Leap
	add := func(outcome string, ways []*definitions.Way) {
		returns := slices.ContainsFunc(ways, func(w *definitions.Way) bool { return w.Return != nil })
		if !returns && s.comes(st, outcome) {
			out = append(out, core.Leap{Step: st, Outcome: outcome, Ways: ways})
		}
	}
	for _, e := range st.Exits {
		if s.with < 0 || e.With == nil || slices.Contains(e.With, s.with) {
			add(e.Outcome, e.Ways)
		}
	}
	if len(st.Exits) == 0 {
		for _, w := range st.Ways {
			add(w.Outcome, []*definitions.Way{w})
		}
	}
	return out
}

// returns lists the steps to which the steps that are open may return.
func (s *space) returns(m *core.Marking) []*definitions.Step {
	var out []*definitions.Step
	for _, st := range s.net.Runs(m) {
		for _, w := range st.Ways {
			if w.Return != nil && s.comes(st, w.Outcome) {
				out = append(out, w.Return)
			}
		}
	}
	return out
}

// vain tells a marking to which no case with the values that are looked at comes: a step could not be left with them.
func (s *space) vain(m *core.Marking) bool {
	return s.with >= 0 && slices.ContainsFunc(s.net.Runs(m), func(st *definitions.Step) bool {
		return len(st.Exits) > 0 && !slices.ContainsFunc(st.Exits, func(e definitions.Exit) bool {
			return e.With == nil || slices.Contains(e.With, s.with)
		})
	})
}

// comes tells whether a step with an inside can come to an outcome.
func (s *space) comes(st *definitions.Step, outcome string) bool {
	switch w := st.Work.(type) {
	case *definitions.Block:
		if reached, ok := s.reached[w.Graph]; ok && (len(st.Outcomes) > 0 || s.calls != nil) {
			return reached[cmp.Or(outcome, definitions.DoneEnd)]
		}
	case *definitions.Repeat:
		if reached, ok := s.reached[w.Body]; ok && len(st.Outcomes) > 0 {
			return outcome == definitions.DoneEnd || reached[outcome]
		}
	case *definitions.Call:
		if comes, ok := s.calls[w.Callee]; ok && !w.NoWait {
			return comes[cmp.Or(outcome, definitions.DoneEnd)]
		}
	case *definitions.Junction, *definitions.Task, *definitions.Wait, *definitions.Multi,
		*definitions.Set, *definitions.Decide, *definitions.Request, *definitions.Job:
	}
	return true
}

// deeds lists what the timeouts and events of a step may do. What begins something beside it is followed once.
func (s *space) deeds(st *definitions.Step, m *core.Marking) []core.Leap {
	noted := m.Noted != "" // else it is asked what may be done in any marking
	var out []core.Leap
	add := func(d *definitions.Deed, most int) {
		used := 0
		for _, o := range m.Used {
			if o == d {
				used++
			}
		}
		if d.Way != nil && used < most && !(noted && s.barred(m, d)) {
			out = append(out, core.Leap{Step: st, Deed: d})
		}
	}
	asked := noted && st != s.p.Case
	for _, t := range st.Timeouts {
		if !asked || s.begun(m, st, false) {
			add(&t.Do, 1)
		}
	}
	for _, e := range st.Events {
		switch {
		case asked && e.Message != nil && !s.begun(m, st, true):
		case noted && e.Error != "" && s.silent(m, &e.Do):
		case e.Error == "", e.Do.Leaves():
			add(&e.Do, 1)
		case s.takesInside(st):
			most := 1
			if g := st.Inside(); !e.Once && s.reached[g][repeated] {
				most = 2 // each error begins its own
			}
			add(&e.Do, most)
		}
	}
	return out
}

// takesInside tells whether errors of what is inside a step may be taken beside while what else is there goes on.
func (s *space) takesInside(st *definitions.Step) bool {
	g := st.Inside()
	switch {
	case g == nil:
		return false
	case st == s.p.Case: // of its own steps, see perishing
		return slices.ContainsFunc(g.Steps, func(x *definitions.Step) bool { return x.Inside() != nil })
	}
	_, rows := st.Work.(*definitions.Multi)
	comes, proved := s.reached[g]
	return rows || !proved || comes[outlived] || comes[repeated]
}

// instant tells work that is done in the moment in which it begins.
func instant(st *definitions.Step) bool {
	switch w := st.Work.(type) {
	case *definitions.Junction, *definitions.Set, *definitions.Decide:
		return st.Lock == nil && st.OnlyWhile == nil
	case *definitions.Call:
		return w.NoWait && st.Lock == nil && st.OnlyWhile == nil
	case *definitions.Task, *definitions.Wait, *definitions.Block, *definitions.Multi, *definitions.Repeat,
		*definitions.Request, *definitions.Job:
	}
	return false
}

// withdrawal is what a step inside another withdraws of a list around that.
type withdrawal struct {
	list []*definitions.Step
	by   *definitions.Step // that was done then; nil = none was, or there may be several of it
}

// inward lists what steps inside st withdraw of a list around it.
func inward(st *definitions.Step, g *definitions.Graph) []withdrawal {
	var out []withdrawal
	add := func(list []*definitions.Step, by *definitions.Step) {
		var here []*definitions.Step
		for _, x := range list {
			if x.Graph == g {
				here = append(here, x)
			}
		}
		if len(here) > 0 {
			out = append(out, withdrawal{here, by})
		}
	}
	inner := st.Inside()
	if inner == nil {
		return nil
	}
	_, single := st.Work.(*definitions.Block)
	for _, x := range inner.Steps {
		by := x
		if x.Join.Kind != definitions.JoinNone { // another run of it may be open
			by = nil
		}
		add(x.Cancels, by)
		for _, w := range x.Ways {
			add(w.Cancels, by)
		}
		for _, d := range allDeeds(x) {
			add(d.Cancels, nil)
		}
		out = append(out, inward(x, g)...)
	}
	for i := range out {
		if !single {
			out[i].by = nil
		}
	}
	return out
}

func allDeeds(st *definitions.Step) []definitions.Deed {
	var out []definitions.Deed
	for _, t := range st.Timeouts {
		out = append(out, t.Do)
	}
	for _, e := range st.Events {
		out = append(out, e.Do)
	}
	return out
}

// effect is what a leap does, whatever it is called.
type effect struct {
	step *definitions.Step
	deed *definitions.Deed
	gone bool
	deaf bool // and nothing around hears of the error
	all  bool // whatever else is open is gone, too
	to   []target
	list []*definitions.Step
	by   *definitions.Step
}

type target struct {
	to      *definitions.Step
	end     *definitions.End
	threads int
	cancels *definitions.Way // the way itself, where it withdraws something
}

func effectOf(l core.Leap) effect {
	e := effect{step: l.Step, deed: l.Deed, gone: l.Perish, deaf: l.Unheard, all: l.Closes, list: l.Withdraw, by: l.By}
	for _, w := range l.Ways {
		t := target{to: w.To, end: w.End, threads: max(w.Threads, 1)}
		if len(w.Cancels) > 0 {
			t.cancels = w
		}
		e.to = append(e.to, t)
	}
	return e
}

func (e effect) same(o effect) bool {
	return e.step == o.step && e.deed == o.deed && e.gone == o.gone && e.deaf == o.deaf && e.all == o.all &&
		e.by == o.by && slices.Equal(e.to, o.to) && slices.Equal(e.list, o.list)
}

func waits(st *definitions.Step) bool {
	return st.Join.Kind != definitions.JoinNone && st.Join.Kind != definitions.JoinEach
}

// locks are the named locks that are held while a step is open, its own first.
func locks(st *definitions.Step) []*definitions.Lock {
	var out []*definitions.Lock
	if st.Lock != nil && st.Lock.Name != "" {
		out = append(out, st.Lock)
	}
	if g := st.Inside(); g != nil {
		for _, x := range g.Steps {
			out = append(out, locks(x)...)
		}
	}
	return out
}
