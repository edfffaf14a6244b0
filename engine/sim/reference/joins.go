package reference

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// inputs lists the steps of a list that have a way to st, in file order; "" = the start of the list, or an event or a
// timeout of the case.
func inputs(st *definitions.Step) []string {
	var in []string
	g := st.Graph
	if slices.Contains(entries(g), st) || g.Owner.Graph == nil && slices.Contains(aside(g.Owner), st) {
		in = append(in, "")
	}
	for _, s := range g.Steps {
		if slices.Contains(next(s), st) {
			in = append(in, s.ID)
		}
	}
	return in
}

// entries lists the steps to which a thread comes when a list begins.
func entries(g *definitions.Graph) []*definitions.Step {
	if g.AnyOrder {
		return g.Entries
	}
	return g.Steps[:1]
}

// next lists the steps to which a step has a way, a timeout or an event.
func next(s *definitions.Step) []*definitions.Step {
	var to []*definitions.Step
	for _, w := range s.Ways {
		if w.To != nil {
			to = append(to, w.To)
		}
	}
	return append(to, aside(s)...)
}

// returns lists the steps to which a step leads back: what returns goes on from there once more.
func returns(s *definitions.Step) []*definitions.Step {
	var to []*definitions.Step
	for _, w := range s.Ways {
		if w.Return != nil {
			to = append(to, w.Return)
		}
	}
	return to
}

// aside lists the steps to which the timeouts and events of a step lead.
func aside(s *definitions.Step) []*definitions.Step {
	var to []*definitions.Step
	for _, d := range deeds(s) {
		if d.Way != nil && d.Way.To != nil {
			to = append(to, d.Way.To)
		}
	}
	return to
}

func deeds(s *definitions.Step) []definitions.Deed {
	var all []definitions.Deed
	for _, t := range s.Timeouts {
		all = append(all, t.Do)
	}
	for _, e := range s.Events {
		all = append(all, e.Do)
	}
	return all
}

// canReach tells whether a thread at one step can come to input `to` of a join without passing the join.
func canReach(from *definitions.Step, to string, join *definitions.Step) bool {
	way := []*definitions.Step{from}
	for i := 0; i < len(way); i++ {
		if way[i].ID == to {
			return true
		}
		for _, s := range append(next(way[i]), returns(way[i])...) {
			if s != join && !slices.Contains(way, s) {
				way = append(way, s)
			}
		}
	}
	return false
}

func waits(st *definitions.Step) bool {
	return st.Join.Kind != definitions.JoinNone && st.Join.Kind != definitions.JoinEach
}

// counted lists the inputs that count at a join; who comes in another way opens it alone.
func counted(st *definitions.Step) []string {
	if st.Join.Of == nil {
		return inputs(st)
	}
	var of []string
	for _, k := range st.Join.Of { // the compiled join names them by their place in its own list
		if in := st.Inputs[k]; in < 0 {
			of = append(of, "")
		} else {
			of = append(of, st.Graph.Steps[in].ID)
		}
	}
	return of
}

// join lets a thread come to a join that waits.
func (c *Case) join(f *frame, t *thread) {
	if t.to.Join.Kind == definitions.JoinSome {
		c.joinRound(f, t)
		return
	}
	c.Trail.wait(f, t)
	f.tokens = append(f.tokens, t)
	switch t.to.Join.Kind {
	case definitions.JoinAll:
		if len(f.empty(t.to)) == 0 {
			c.fire(f, t.to)
		}
	case definitions.JoinThreads:
		if waiting := f.waiting(t.to); len(waiting) >= t.to.Join.N {
			c.enterBy(f, t.to, nil, f.eat(waiting[:t.to.Join.N])...)
		}
	}
}

// waiting lists the threads that wait at a join.
func (f *frame) waiting(join *definitions.Step) []*thread {
	return slices.DeleteFunc(slices.Clone(f.tokens), func(t *thread) bool { return t.to != join })
}

// filled lists the counted inputs of a join at which a thread waits.
func (f *frame) filled(join *definitions.Step) []string {
	return slices.DeleteFunc(counted(join), func(in string) bool { return !came(f.waiting(join), in) })
}

// empty lists the others.
func (f *frame) empty(join *definitions.Step) []string {
	return slices.DeleteFunc(counted(join), func(in string) bool { return came(f.waiting(join), in) })
}

// came tells whether one of some threads has come by an input.
func came(threads []*thread, in string) bool {
	return slices.ContainsFunc(threads, func(t *thread) bool { return t.from == in })
}

// eat takes threads from those that wait.
func (f *frame) eat(threads []*thread) []*thread {
	f.tokens = slices.DeleteFunc(f.tokens, func(t *thread) bool { return slices.Contains(threads, t) })
	return threads
}

// fire opens a join with the oldest thread of each filled input.
func (c *Case) fire(f *frame, join *definitions.Step) {
	missed := f.empty(join)
	var first []*thread
	for _, t := range f.waiting(join) {
		if slices.Contains(counted(join), t.from) && !came(first, t.from) {
			first = append(first, t)
		}
	}
	c.enterBy(f, join, missed, f.eat(first)...)
}

// roundOf finds the oldest round of a join that is not over and fits; nil = there is none.
func (f *frame) roundOf(join *definitions.Step, fits func(*round) bool) *round {
	i := slices.IndexFunc(f.rounds, func(r *round) bool { return r.join == join && !r.over && fits(r) })
	if i < 0 {
		return nil
	}
	return f.rounds[i]
}

func oldest(*round) bool { return true }

// joinRound lets a thread come to a join that opens after some of its inputs: it counts in the oldest round that still
// lacks its input.
func (c *Case) joinRound(f *frame, t *thread) {
	r := f.roundOf(t.to, func(r *round) bool { return !came(r.seen, t.from) })
	if r == nil {
		r = &round{join: t.to}
		f.rounds = append(f.rounds, r)
	}
	r.seen = append(r.seen, t)
	switch {
	case r.fired == nil:
		f.tokens = append(f.tokens, t)
	case len(r.seen) == len(counted(t.to)): // a younger one than that whose turn it is, after a way back
		r.over = true
	}
	c.turn(f, t.to)
}

// turn fires the oldest round of a join if it has enough, and ends it when all have come; then the next has its turn.
func (c *Case) turn(f *frame, join *definitions.Step) {
	for r := f.roundOf(join, oldest); r != nil; r = f.roundOf(join, oldest) {
		if r.fired == nil {
			if len(r.seen) < join.Join.N {
				return
			}
			r.fired = c.enterBy(f, join, nil, f.eat(slices.Clone(r.seen))...)
			if !join.Join.Absorb {
				c.cancelRegion(f, join)
				return
			}
		}
		if len(r.seen) < len(counted(join)) {
			return
		}
		r.over = true
	}
}

// cancelRegion withdraws what could only have come to a join that does not want it any more.
func (c *Case) cancelRegion(f *frame, join *definitions.Step) {
	region := slices.DeleteFunc(slices.Clone(join.Graph.Steps), func(s *definitions.Step) bool {
		return s == join || !leadsTo(s, join)
	})
	for again := true; again; {
		before := len(region)
		region = slices.DeleteFunc(region, func(s *definitions.Step) bool {
			to := next(s)
			return anEnd(s) || slices.ContainsFunc(to, func(x *definitions.Step) bool {
				if x == join { // who comes in another way opens it alone
					return !slices.Contains(counted(join), s.ID)
				}
				return !slices.Contains(region, x)
			})
		})
		again = len(region) < before
	}
	for _, a := range f.acts {
		if slices.Contains(region, a.step) {
			c.withdraw(a)
		}
	}
	for _, s := range append(region, join) {
		f.drop(s)
	}
}

func leadsTo(s, join *definitions.Step) bool {
	return slices.ContainsFunc(counted(join), func(in string) bool { return canReach(s, in, join) })
}

// anEnd tells whether a way of a step leads to an end.
func anEnd(s *definitions.Step) bool {
	return slices.ContainsFunc(s.Ways, func(w *definitions.Way) bool { return w.End != nil }) ||
		slices.ContainsFunc(deeds(s), func(d definitions.Deed) bool { return d.Way != nil && d.Way.End != nil })
}

// live lists the steps of a frame from which threads can still come: those of its acts, and the joins that they can
// complete.
func (f *frame) live() []*definitions.Step {
	var live []*definitions.Step
	for _, a := range f.acts {
		if a.alive() && a.detour == nil { // a detour takes no way
			live = append(live, a.step)
		}
	}
	for again := true; again; {
		again = false
		for _, x := range f.graph.Steps {
			if !slices.Contains(live, x) && f.canComplete(x, live) {
				live, again = append(live, x), true
			}
		}
	}
	return live
}

// canComplete tells whether the live steps can complete a join at which something waits.
func (f *frame) canComplete(x *definitions.Step, live []*definitions.Step) bool {
	filled := f.filled(x)
	if !waits(x) || len(filled) == 0 {
		return false
	}
	coming := slices.DeleteFunc(f.empty(x), func(in string) bool { return !comes(in, x, live) })
	switch x.Join.Kind {
	case definitions.JoinAll:
		return len(coming)+len(filled) == len(counted(x))
	case definitions.JoinSome:
		r := f.settling(x) // what waits behind a round that still waits for somebody comes after him
		return len(coming)+len(filled) >= x.Join.N && (r == nil || r.awaits(live...))
	case definitions.JoinThreads:
		return slices.ContainsFunc(counted(x), func(in string) bool { return comes(in, x, live) })
	default:
		return len(coming) > 0
	}
}

// comes tells whether a thread can still come to an input of a join from one of the live steps.
func comes(in string, join *definitions.Step, live []*definitions.Step) bool {
	return slices.ContainsFunc(live, func(s *definitions.Step) bool { return canReach(s, in, join) })
}

// frames lists all frames, older ones first.
func (c *Case) frames() []*frame {
	var all []*frame
	for _, a := range c.acts {
		all = append(all, a.inner...)
	}
	slices.SortFunc(all, func(f, g *frame) int { return f.id - g.id })
	return all
}

// settling is the round of a join that has enough, and takes in those who can still come.
func (f *frame) settling(join *definitions.Step) *round {
	first := f.roundOf(join, oldest)
	return f.roundOf(join, func(r *round) bool { return r.fired != nil || r == first && len(r.seen) >= join.Join.N })
}

// awaits tells whether a thread that a round has not seen can still come from one of some steps.
func (r *round) awaits(live ...*definitions.Step) bool {
	return slices.ContainsFunc(counted(r.join), func(in string) bool {
		return !came(r.seen, in) && comes(in, r.join, live)
	})
}

// closeRound closes one fired round to which nothing more can come.
func (c *Case) closeRound() bool {
	for _, f := range c.frames() {
		live := f.live()
		j := foremost(f.graph, func(j *definitions.Step) bool {
			r := f.settling(j)
			return r != nil && !r.awaits(live...)
		}, func(j, x *definitions.Step) bool { return f.settling(j).awaits(x) })
		if j != nil {
			if r := f.settling(j); r.fired != nil {
				c.ticks++
				r.over, r.late = true, c.ticks
			}
			c.turn(f, j)
			return true
		}
	}
	return false
}

// fireActive opens one active join for which nothing more can come.
func (c *Case) fireActive() bool {
	for _, f := range c.frames() {
		live := f.live()
		awaits := func(j *definitions.Step, live ...*definitions.Step) bool {
			return slices.ContainsFunc(f.empty(j), func(in string) bool { return comes(in, j, live) })
		}
		j := foremost(f.graph, func(j *definitions.Step) bool {
			return j.Join.Kind == definitions.JoinActive && len(f.filled(j)) > 0 && !awaits(j, without(live, j)...)
		}, func(j, x *definitions.Step) bool { return awaits(j, x) })
		if j != nil {
			c.fire(f, j)
			return true
		}
	}
	return false
}

// foremost picks, of the joins whose turn it could be, the one that is upstream of the others; in a circle the one that
// stands first in the file.
func foremost(
	g *definitions.Graph, ready func(*definitions.Step) bool, awaits func(j, x *definitions.Step) bool,
) *definitions.Step {
	can := slices.DeleteFunc(slices.Clone(g.Steps), func(j *definitions.Step) bool { return !ready(j) })
	before := func(x, j *definitions.Step) bool { // directly or by way of others
		seen := []*definitions.Step{x}
		for i := 0; i < len(seen); i++ {
			for _, y := range can {
				if y != seen[i] && !slices.Contains(seen[1:], y) && awaits(y, seen[i]) {
					seen = append(seen, y)
				}
			}
		}
		return slices.Contains(seen[1:], j)
	}
	for _, j := range can {
		if !slices.ContainsFunc(can, func(x *definitions.Step) bool { return before(x, j) && !before(j, x) }) {
			return j
		}
	}
	return nil
}

func without[T comparable](list []T, gone T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return x == gone })
}
