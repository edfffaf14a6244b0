package proof

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
)

// findPlain finds the steps that can be left in one way only, and that nothing else has part in: where they stand in
// series, or bring their thread to a join of all, it makes no difference when they are left. Only what leads onward in
// the file counts, so that this ends. It finds as well the parts through which a thread goes by itself in several
// steps, some of them again and again, and that come out at one place.
func (s *space) findPlain() []bool {
	plain := make([]bool, len(s.g.Steps))
	touched := s.touched()
	// Where threads are counted, what waits or ends early could hide that two of them meet.
	watched := slices.ContainsFunc(s.g.Steps, func(st *definitions.Step) bool {
		return st.Join.Kind != definitions.JoinNone && (st.Join.Kind != definitions.JoinAll || st.Join.Keep)
	})
	alone := make([]bool, len(s.g.Steps))
	s.alone = alone
	for i, st := range s.g.Steps {
		// A join stays open for a while, too: a second run of it would pass the first one unseen.
		alone[i] = !touched[i] && !waits(st) && len(locks(st)) == 0 && len(st.Cancels) == 0 &&
			len(s.perishing(st, &core.Marking{})) == 0
		plain[i] = alone[i] && s.oneWay(st, touched, watched)
	}
	from := s.sources()
	for i, st := range s.g.Steps {
		back := slices.ContainsFunc(from[i], func(o int) bool { return o >= i })
		if alone[i] && (back || !plain[i]) {
			if r := s.part(st, alone, from, func(t target) bool {
				return s.harmless(st, []target{t}, touched, watched)
			}); r != nil {
				s.parts[st] = r
			}
		}
	}
	return plain
}

// spreads tells whether from a marking alone too many others can be reached: of steps of which each is left for itself,
// whichever others are left, each set is another marking.
func (s *space) spreads(m *core.Marking) bool {
	sets := 1
	for _, st := range s.net.Runs(m) {
		goes := func(l core.Leap) bool {
			return !slices.ContainsFunc(effectOf(l).to, func(t target) bool {
				return t.to == st || t.cancels != nil || t.end != nil && (t.end.Cancels || t.end.Error)
			})
		}
		if s.alone[st.Index] && slices.ContainsFunc(s.exits(st), goes) {
			if sets *= 2; sets > MaxMarkings {
				return true
			}
		}
	}
	return false
}

// sources lists for each step from which ones a thread may come to it; -1 = from the start, or by what the case does.
func (s *space) sources() [][]int {
	out := make([][]int, len(s.g.Steps))
	note := func(from int, ways []*definitions.Way) {
		for _, w := range ways {
			if w.To != nil && w.To.Graph == s.g {
				out[w.To.Index] = append(out[w.To.Index], from)
			}
			if w.Return != nil && w.Return.Graph == s.g {
				out[w.Return.Index] = append(out[w.Return.Index], from)
			}
		}
	}
	for _, st := range s.g.Steps {
		note(st.Index, st.Ways)
		note(st.Index, deedWays(st))
	}
	note(-1, deedWays(s.p.Case))
	for _, first := range s.g.Entries {
		out[first.Index] = append(out[first.Index], -1)
	}
	return out
}

func deedWays(st *definitions.Step) []*definitions.Way {
	var out []*definitions.Way
	for _, d := range allDeeds(st) {
		if d.Way != nil {
			out = append(out, d.Way)
		}
	}
	return out
}

// part is a part of a list through which one thread goes by itself, round and round perhaps, from one step to one
// place.
type part struct {
	steps   []*definitions.Step
	all     []core.Leap // that there are in it
	out     target      // where it comes out
	through []core.Leap // a shortest way
}

// part finds the largest part that begins with a step and comes out at a place that allows it; nil if there is none.
func (s *space) part(first *definitions.Step, alone []bool, from [][]int, allowed func(target) bool) *part {
	r := part{steps: []*definitions.Step{first}}
	var best *part
	for looked := 0; looked < len(r.steps); {
		for ; looked < len(r.steps); looked++ {
			leaps, ok := s.single(r.steps[looked])
			if !ok {
				return best
			}
			r.all = append(r.all, leaps...)
		}
		out := r.outs()
		if len(out) == 1 && allowed(out[0]) {
			now := part{steps: slices.Clone(r.steps), all: slices.Clone(r.all), out: out[0]}
			if now.through = now.shortest(first); now.through != nil {
				best = &now
			}
		}
		for _, t := range out {
			inside := func(i int) bool { return i >= 0 && slices.Contains(r.steps, s.g.Steps[i]) }
			if t.to != nil && alone[t.to.Index] && t.to.Join.Kind == definitions.JoinNone &&
				!slices.ContainsFunc(from[t.to.Index], func(i int) bool { return !inside(i) }) {
				r.steps = append(r.steps, t.to)
			}
		}
	}
	return best
}

// single lists how a step can be left; false if a thread does not go on alone then, or does something on its way.
func (s *space) single(st *definitions.Step) ([]core.Leap, bool) {
	leaps := s.exits(st)
	for _, l := range leaps {
		e := effectOf(l)
		if len(e.to) != 1 || e.to[0].cancels != nil || e.to[0].threads > 1 || l.Ways[0].Undo != nil {
			return nil, false
		}
	}
	return leaps, len(leaps) > 0
}

// outs lists where leaps lead out of the part.
func (r *part) outs() []target {
	var out []target
	for _, l := range r.all {
		t := effectOf(l).to[0]
		if (t.to == nil || !slices.Contains(r.steps, t.to)) && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// shortest finds a shortest way through a part; nil if from some step in it no way leads out.
func (r *part) shortest(first *definitions.Step) []core.Leap {
	next := map[*definitions.Step]core.Leap{} // by step, the first leap on a shortest way out
	for grown := true; grown; {
		grown = false
		found := map[*definitions.Step]core.Leap{}
		for _, l := range r.all {
			_, done := next[l.Step]
			_, known := next[l.Ways[0].To]
			if !done && (known || effectOf(l).to[0] == r.out) {
				if _, twice := found[l.Step]; !twice {
					found[l.Step] = l
				}
			}
		}
		for st, l := range found { // any order: each is set once
			next[st], grown = l, true
		}
	}
	if len(next) < len(r.steps) {
		return nil
	}
	out := []core.Leap{next[first]}
	for {
		l, ok := next[out[len(out)-1].Ways[0].To]
		if !ok {
			return out
		}
		out = append(out, l)
	}
}

// touched marks the steps that others withdraw, race with or wait for, and those that wait for others.
func (s *space) touched() []bool {
	out := make([]bool, len(s.g.Steps))
	s.asking(out)
	mark := func(list []*definitions.Step) {
		for _, x := range list {
			if x.Graph == s.g {
				out[x.Index] = true
			}
		}
	}
	for _, st := range s.g.Steps {
		mark(st.Cancels)
		mark(st.Join.Withdraws)
		for _, w := range st.Ways {
			mark(w.Cancels)
			if st.Choose == definitions.ChooseFirst && w.To != nil {
				out[w.To.Index] = true
			}
		}
		for _, d := range allDeeds(st) {
			mark(d.Cancels)
			out[st.Index] = out[st.Index] || d.Way != nil
		}
		for _, one := range inward(st, s.g) {
			mark(one.list)
			out[st.Index] = true
		}
	}
	for _, d := range allDeeds(s.p.Case) {
		mark(d.Cancels)
	}
	// What is added beside may come while the step is open.
	for _, st := range append(slices.Clone(s.g.Steps), s.p.Case) {
		for _, d := range allDeeds(st) {
			if d.Kind == definitions.DeedAlso && d.Way.To != nil && d.Way.To.Graph == s.g {
				out[d.Way.To.Index] = true
			}
		}
	}
	return out
}

// oneWay tells whether a step is always left in the same way, and no sooner or later makes a difference.
func (s *space) oneWay(st *definitions.Step, touched []bool, watched bool) bool {
	exits := s.exits(st)
	if len(exits) == 0 {
		return false
	}
	first := effectOf(exits[0])
	for _, l := range exits {
		if !effectOf(l).same(first) {
			return false
		}
	}
	return s.harmless(st, first.to, touched, watched)
}

// harmless tells whether it makes no difference when threads go from a step to these places.
func (s *space) harmless(from *definitions.Step, to []target, touched []bool, watched bool) bool {
	for _, t := range to {
		switch {
		case t.cancels != nil:
			return false
		case t.end != nil:
			if watched || t.end.Cancels || t.end.Error ||
				s.g.Owner == s.p.Case && len(s.deeds(s.p.Case, &core.Marking{})) > 0 {
				return false
			}
		case t.to.Index <= from.Index:
			return false
		case waits(t.to) && (watched || touched[t.to.Index]), t.to.Join.Kind == definitions.JoinEach:
			return false
		case instant(t.to): // it is left in the same moment
			if touched[t.to.Index] || len(t.to.Cancels) > 0 {
				return false
			}
			for _, l := range s.exits(t.to) {
				if !s.harmless(t.to, effectOf(l).to, touched, watched) {
					return false
				}
			}
		default:
			for _, l := range s.sudden(t.to) {
				if !s.harmless(t.to, effectOf(l).to, touched, watched) {
					return false
				}
			}
		}
	}
	return true
}

// sudden lists how a step may be left in the moment in which it opens, because a condition holds already.
func (s *space) sudden(st *definitions.Step) []core.Leap {
	var out []core.Leap
	for _, c := range s.g.Conditions {
		switch {
		case c.Of != st || c.Asks != st || c.Admits:
		case c.Deed == nil:
			out = append(out, s.exits(st)...)
		case c.Deed.Way != nil:
			out = append(out, core.Leap{Step: st, Deed: c.Deed, Ways: []*definitions.Way{c.Deed.Way}})
		}
	}
	return out
}
