package definitions

import (
	"regexp"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// quick is a way that a step may take in the moment in which it opens: if a condition is true then, or if moments have
// passed; in any case if it names neither.
type quick struct {
	way  *Way
	when *formula.Guard
	at   []*formula.When
}

// turn is such a way to a step of the same list.
type turn struct {
	quick

	from, to int
}

var clock = regexp.MustCompile(`\b(now|today|due)\b`)

// fixed tells moments that do not move on with the clock: once they have passed, nobody waits for them again.
func fixed(at *formula.When) bool { return at.IsMoment() && !clock.MatchString(at.Source()) }

// quicks lists the ways that a step may take in the moment in which it opens, of itself or because what it waits for is
// so already; those that are sure come first.
func (p pace) quicks(s *Step) []quick {
	out := p.sure(s)
	if s.Join.waits() || atOnce(s) != "" {
		return out
	}
	var more []quick
	switch w := s.Work.(type) {
	case *Wait:
		for _, one := range w.For {
			for _, way := range waysOf(s, one.Outcome) {
				more = p.add(more, quick{way: way, when: one.When}, one.Time)
			}
		}
	case *Block:
		more = p.quickEnds(s, w.Graph)
	case *Repeat:
		more = p.quickEnds(s, w.Body)
	case *Call:
		more = p.callEnds(s, w, pace.quicks)
	case *Junction, *Task, *Multi, *Set, *Decide, *Request, *Job: // they wait for nothing that may be so already
	}
	for _, t := range s.Timeouts {
		if t.Do.Kind == DeedTo {
			more = p.add(more, quick{way: t.Do.Way}, t.Time)
		}
	}
	for _, e := range s.Events {
		if e.When != nil && e.Do.Kind == DeedTo && !e.Once {
			more = p.add(more, quick{way: e.Do.Way, when: e.When}, nil)
		}
	}
	for _, q := range more {
		if !slices.ContainsFunc(out, func(o quick) bool { return o.way == q.way && o.when == nil && o.at == nil }) {
			out = append(out, q)
		}
	}
	return out
}

// add adds a way that is taken when a condition is true or a moment has passed. A moment that is fixed in a case
// that is called is so in that case alone.
func (p pace) add(list []quick, q quick, at *formula.When) []quick {
	switch {
	case q.way == nil:
		return list
	case at != nil && fixed(at) && len(p.calls) == 0:
		q.at = []*formula.When{at}
	case q.when == nil:
		return list
	}
	return append(list, q)
}

// sure lists the ways that a step may take at once whatever it waits for.
func (p pace) sure(s *Step) []quick {
	var out []quick
	for _, w := range p.ways(s) {
		out = append(out, quick{way: w})
	}
	return out
}

func waysIn(list []quick) []*Way {
	var out []*Way
	for _, q := range list {
		out = append(out, q.way)
	}
	return out
}

// ends lists the ways out of a block to whose end a case can come by the ways that next gives; all of them need the
// moments of those.
func (p pace) ends(s *Step, g *Graph, next func(*Step) []quick) []quick {
	var out []quick
	var at []*formula.When
	seen := map[*Step]bool{}
	var walk func(*Step)
	walk = func(inner *Step) {
		if seen[inner] {
			return
		}
		seen[inner] = true
		for _, q := range next(inner) {
			at = append(at, q.at...)
			if q.way.To != nil {
				walk(q.way.To)
			}
			for _, onward := range s.Ways {
				if q.way.End != nil && takes(onward, q.way.End.ID) && !slices.Contains(waysIn(out), onward) {
					out = append(out, quick{way: onward})
				}
			}
		}
	}
	for _, first := range g.Entries {
		walk(first)
	}
	for i := range out {
		out[i].at = at
	}
	return out
}

// quickEnds lists the ways out of a block to whose end a case can come at once because what is waited for in it is so
// already, and then those for which moments that nothing in it sets again must have passed.
func (p pace) quickEnds(s *Step, g *Graph) []quick {
	all := map[*Step][]quick{}
	late := p.ends(s, g, func(inner *Step) []quick {
		all[inner] = slices.DeleteFunc(p.quicks(inner), func(q quick) bool { return p.never(inner, q.when) })
		return all[inner]
	})
	out := p.ends(s, g, func(inner *Step) []quick {
		return slices.DeleteFunc(slices.Clone(all[inner]), func(q quick) bool { return q.at != nil })
	})
	for _, q := range late {
		if !slices.Contains(waysIn(out), q.way) && !slices.ContainsFunc(g.Steps, func(inner *Step) bool {
			return p.c.renews(inner, q.at)
		}) {
			out = append(out, q)
		}
	}
	return out
}

// never tells whether a condition is false wherever a case comes from when it opens a step.
func (p pace) never(s *Step, when *formula.Guard) bool {
	if when == nil || p.c == nil || len(p.calls) > 0 {
		return false
	}
	fl := p.c.flowOf(s.Graph)
	return fl != nil && !slices.ContainsFunc(fl.come[s.Index], func(a arrow) bool { return !a.k.impossible(when) })
}

// turns lists the ways between steps of a list that may be taken at once, again and again.
func (c *checker) turns(g *Graph, p pace) []turn {
	var out []turn
	for i, s := range g.Steps {
		for _, q := range p.quicks(s) {
			to := q.way.To
			if q.way.Return != nil {
				to = q.way.Return
			}
			if to != nil && to.Graph == g {
				out = append(out, turn{q, i, to.Index})
			}
		}
	}
	for {
		all := slices.Clone(out)
		out = slices.DeleteFunc(out, func(t turn) bool { return !c.again(g, all, t) })
		if len(out) == len(all) {
			return out
		}
	}
}

// again tells whether a case that has taken a turn may come round to it and take it at once again: no moment for which
// it waits was set anew on the way, and its condition may still be true, or is made true.
func (c *checker) again(g *Graph, all []turn, t turn) bool {
	switch {
	case t.when != nil:
		ids := c.slotsOf(guardReads(t.when), rowAround(g.Steps[t.from]))
		about := stepsOf(t.when)
		moved := func(s *Step) bool {
			return c.touchesAny(c.moves(s), ids) ||
				slices.ContainsFunc(about, func(id string) bool { return s.Graph.Containing(c.p.Steps[id]) == s })
		}
		return c.comesRound(g, all, t, moved, func(k *known) bool { return !k.impossible(t.when) }) ||
			c.comesRound(g, all, t, nil, func(k *known) bool { return k.certain(t.when) })
	case len(t.at) > 0:
		return !asksClock(g.Steps[t.from]) &&
			c.comesRound(g, all, t, func(s *Step) bool { return c.renews(s, t.at) }, nil)
	}
	return true
}

// stepsOf lists the steps of which a condition asks.
func stepsOf(when *formula.Guard) []string {
	_, out, _ := when.Rest()
	for _, q := range when.Asks() {
		out = append(out, q.Step)
	}
	return out
}

// comesRound tells whether turns lead from one back to where it begins, past none of some steps, and with data that are
// as they must be there.
func (c *checker) comesRound(g *Graph, all []turn, t turn, past func(*Step) bool, fit func(*known) bool) bool {
	seen, queue := map[int]bool{}, []turn{t}
	for len(queue) > 0 {
		last := queue[0]
		queue = queue[1:]
		switch {
		case last.to == t.from && (fit == nil || c.brings(g, last, fit)):
			return true
		case last.to == t.from || seen[last.to] || past != nil && past(g.Steps[last.to]):
			continue
		}
		seen[last.to] = true
		for _, o := range all {
			if o.from == last.to {
				queue = append(queue, o)
			}
		}
	}
	return false
}

// brings tells whether a case that takes a turn has data that fit.
func (c *checker) brings(g *Graph, t turn, fit func(*known) bool) bool {
	fl := c.flowOf(g)
	return fl != nil && slices.ContainsFunc(fl.come[t.to], func(a arrow) bool {
		from := a.from
		if from <= fromReturn {
			from = fromReturn - from
		}
		return from == t.from && fit(a.k)
	})
}

// renews tells whether a step may move one of these moments, or goes by the clock.
func (c *checker) renews(s *Step, at []*formula.When) bool {
	var paths []string
	for _, one := range at {
		for _, r := range one.Reads() {
			paths = append(paths, r.Path)
		}
	}
	return asksClock(s) || c.touchesAny(c.moves(s), c.slotsOf(paths, rowAround(s)))
}

// asksClock tells whether it depends on the clock by which way a step is left.
func asksClock(s *Step) bool {
	return slices.ContainsFunc(s.Ways, func(w *Way) bool { return w.When != nil && clock.MatchString(w.When.Source()) })
}

// slotsOf lists what these names read, and that of which it is computed.
func (c *checker) slotsOf(paths []string, row *value.Field) []int {
	var out []int
	for _, path := range paths {
		out = append(out, c.u.named(path, row)...)
	}
	for id := range c.u.list {
		if slices.ContainsFunc(c.u.list[id].dependents, func(dep int) bool { return slices.Contains(out, dep) }) {
			out = append(out, id)
		}
	}
	return out
}
