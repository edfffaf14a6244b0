package definitions

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// conditions notes for what the steps of a list wait, so that the proof can follow whether it comes about.
func (c *checker) conditions(g *Graph, fl *flow) {
	if fl == nil {
		return
	}
	var all []*Condition
	for i, s := range g.Steps {
		if fl.in[i] != nil {
			all = append(all, c.conditionsOf(s, s)...)
			for _, inner := range innerSteps(s) {
				all = append(all, c.conditionsIn(s, inner)...)
			}
		}
	}
	if g.Owner == c.p.Case {
		all = append(all, eventConditions(c.p.Case, c.p.Case)...)
	}
	for _, one := range all {
		if c.concerns(g, fl, one) {
			g.Conditions = append(g.Conditions, one)
		}
	}
}

// conditionsOf lists what a step waits for, and what its events wait for.
func (c *checker) conditionsOf(of, s *Step) []*Condition {
	var out []*Condition
	if s.OnlyWhile != nil {
		_, task := s.Work.(*Task)
		out = append(out, &Condition{Of: of, Asks: s, Guards: []*formula.Guard{s.OnlyWhile}, Admits: true, Once: !task})
	}
	if guards, other := waitsFor(s); guards != nil {
		out = append(out, &Condition{Of: of, Asks: s, Guards: guards, Ends: other})
	}
	return append(out, eventConditions(of, s)...)
}

func eventConditions(of, s *Step) []*Condition {
	var out []*Condition
	for _, e := range s.Events {
		if e.When != nil && e.Do.Way != nil {
			out = append(out, &Condition{Of: of, Asks: s, Deed: &e.Do, Guards: []*formula.Guard{e.When}})
		}
	}
	return out
}

// waitsFor gives the conditions of a wait, and tells whether it waits for something else as well.
func waitsFor(s *Step) (guards []*formula.Guard, other bool) {
	w, ok := s.Work.(*Wait)
	if !ok {
		return nil, false
	}
	for _, one := range w.For {
		if one.When == nil {
			other = true
		} else {
			guards = append(guards, one.When)
		}
	}
	return guards, other
}

// conditionsIn lists what a step inside of, and those inside that, wait for, unless something else may end it.
func (c *checker) conditionsIn(of, s *Step) []*Condition {
	out := slices.DeleteFunc(c.conditionsOf(of, s), func(one *Condition) bool {
		return one.Deed == nil && (one.Ends || c.escapes(one))
	})
	for _, one := range out {
		one.Once = false // it may not have been reached yet
		if one.Deed != nil {
			continue
		}
		one.Bars = c.barredBy(c.waiterFor(s, one.Guards, !one.Admits), of)
		for at := s; at != of; at = at.Graph.Owner {
			for _, e := range at.Events {
				if e.When != nil && e.Do.Kind == DeedTo {
					one.Guards = append(one.Guards, e.When)
				}
			}
		}
	}
	for _, inner := range innerSteps(s) {
		out = append(out, c.conditionsIn(of, inner)...)
	}
	return out
}

// barredBy lists the events of a step, and of the case around it, for errors that nothing raises but what waits inside.
func (c *checker) barredBy(w waiter, of *Step) []*Deed {
	var out []*Deed
	for _, at := range []*Step{of, c.p.Case} {
		for _, e := range at.Events {
			if e.Error != "" && (at == of || of.Graph.Owner == at) && !w.raised(at, e.Error) {
				out = append(out, &e.Do)
			}
		}
	}
	return out
}

// concerns works out what a list has to do with a condition. False: nothing.
func (c *checker) concerns(g *Graph, fl *flow, one *Condition) bool {
	here := false
	for _, guard := range one.Guards {
		for _, q := range guard.Asks() {
			here = c.asksHere(g, one, q) || here
		}
	}
	r := c.restOf(one)
	one.Data = r.some && !c.anyTime(one.Asks, r.ids) && c.levelOf(one, r) == g
	if !one.Data {
		return here
	}
	c.truths(g, fl, one, r)
	return here || one.First != TruthHolds || slices.ContainsFunc(one.Left, func(t Truth) bool { return t >= TruthFails })
}

// asksHere works out what a list has to do with one thing that a condition asks. False: nothing.
func (c *checker) asksHere(g *Graph, one *Condition, q formula.Ask) bool {
	x := c.p.Steps[q.Step]
	at := g.Containing(x)
	if at != nil && x != at {
		c.passes(one, x, at)
	}
	around := func() bool {
		return x != nil && x.contains(one.Asks) && (q.Kind != formula.AskTimes || c.opensOnce(one, x))
	}
	switch {
	case at == nil: // it is open, and not done, all the while
		return around()
	case at == one.Of && x != at:
		around() // which notes what opens once
		if one.Deed == nil || one.Asks != at {
			return false
		}
		if q.Kind == formula.AskTimes && c.single(x, at) {
			one.Single = append(one.Single, x)
			return true
		}
		return slices.Contains(one.Usual, x)
	}
	if x != at && c.single(x, at) {
		one.Single = append(one.Single, x)
	}
	return true
}

// contains tells whether another step stands inside a step.
func (s *Step) contains(inner *Step) bool {
	for at := inner; at.Graph != nil; at = at.Graph.Owner {
		if at.Graph.Owner == s {
			return true
		}
	}
	return false
}

// opensOnce tells whether a step around the one that waits opens once in a case, and notes it.
func (c *checker) opensOnce(one *Condition, x *Step) bool {
	if len(arrows(c.p.Case)) > 0 || len(caseGraph(c.p).Entries) > 1 || !c.single(x, c.p.Case) {
		return false
	}
	one.Single = append(one.Single, x)
	return true
}

// passes notes of a step inside another that it is done before that is left.
func (c *checker) passes(one *Condition, x, at *Step) {
	if c.surely(x, at, alsoAndTo) {
		one.Sure = append(one.Sure, x)
	}
	if c.surely(x, at, recurring) {
		one.Usual = append(one.Usual, x)
	}
}

// recurring lists the ways of a step's time limits and events, but for what happens once in a case.
func recurring(s *Step) []*Way {
	return slices.DeleteFunc(alsoAndTo(s), func(w *Way) bool {
		return slices.ContainsFunc(s.Events, func(e *Event) bool { return e.Once && e.Do.Way == w })
	})
}

// surely tells whether a step inside another was done whenever that was left by its ways. Deeds are the ways of time
// limits and events by which it may be passed by.
func (c *checker) surely(s, outer *Step, deeds func(*Step) []*Way) bool {
	for s != outer {
		owner, stops := s.Graph.Owner, false
		switch w := owner.Work.(type) {
		case *Block:
		case *Repeat:
			if w.While != nil {
				return false
			}
		case *Multi:
			if least, _ := w.Table.Min.(int64); least < 1 || w.Until != nil || finishes(owner) {
				return false
			}
			stops = true // a row is over then, too
		default:
			return false
		}
		if s.Graph.AnyOrder { // it ends when all are done
			if slices.ContainsFunc(s.Graph.Steps, func(o *Step) bool { return len(deeds(o))+len(o.Cancels) > 0 }) {
				return false
			}
			s = owner
			continue
		}
		for o := range c.withoutBy(s.Graph, s, deeds) { // any order: one is enough
			ways := append(deeds(o), o.Ways...)
			if o == s { // what leaves it before it was done
				also := alsoWays(s)
				ways = slices.DeleteFunc(deeds(s), func(w *Way) bool { return slices.Contains(also, w) })
			}
			if slices.ContainsFunc(ways, func(w *Way) bool {
				return w != nil && w.End != nil && (stops || w.End.ID != StopEnd) && !(o != s && sendsWith(o, w, s))
			}) {
				return false
			}
		}
		s = owner
	}
	return true
}

// sendsWith tells whether a step sends a thread to another one whenever it takes a way to an end, and that end, as all
// others do, leaves the thread alone.
func sendsWith(o *Step, end *Way, to *Step) bool {
	if o.Choose != ChooseAll || end.End.Cancels || to.Join.waits() || !slices.Contains(o.Ways, end) {
		return false
	}
	sends := slices.ContainsFunc(o.Ways, func(w *Way) bool {
		return w.To == to && w.When == nil && !w.Else && takes(w, end.Outcome)
	})
	return sends && !slices.ContainsFunc(o.Graph.Steps, func(x *Step) bool {
		return slices.ContainsFunc(withdrawals(x), func(list []*Step) bool { return slices.Contains(list, to) })
	})
}

// single tells whether a step inside another opens no more often than that does.
func (c *checker) single(s, outer *Step) bool {
	for ; s != outer; s = s.Graph.Owner {
		_, block := s.Graph.Owner.Work.(*Block)
		n := c.nets[s.Graph]
		several := slices.ContainsFunc(s.Graph.Steps, func(o *Step) bool { return n.sendsSeveral(o, s) })
		again := several || n.behind(s)[s] || n.returnedTo(s) && slices.ContainsFunc(s.Graph.Steps, returns)
		inputs := len(n.fro[s.Index])
		if slices.Contains(s.Graph.Entries, s) {
			inputs++
		}
		if !block || again || inputs > 1 && (!s.Join.waits() || s.Join.partial() || s.Join.Keep) {
			return false
		}
	}
	return true
}

func returns(s *Step) bool {
	return slices.ContainsFunc(s.Ways, func(w *Way) bool { return w.Return != nil })
}

// rest is on what a condition depends beside what can be asked of steps.
type rest struct {
	some  bool
	ids   []int
	steps []*Step // of which it asks in another way
	mixed bool    // some guard asks both
}

func (c *checker) restOf(one *Condition) rest {
	var out rest
	row := rowAround(one.Asks)
	for _, g := range one.Guards {
		paths, steps, some := g.Rest()
		out.some = out.some || some
		out.mixed = out.mixed || some && len(g.Asks()) > 0
		for _, path := range paths {
			out.ids = append(out.ids, c.u.named(path, row)...)
		}
		for _, id := range steps {
			if x := c.p.Steps[id]; x != nil {
				out.steps = append(out.steps, x)
			}
		}
	}
	return out
}

// rowAround is the table of whose rows a step is done for one.
func rowAround(s *Step) *value.Field {
	for at := s.Graph; at != nil && at.Owner != nil; at = at.Owner.Graph {
		if w, ok := at.Owner.Work.(*Multi); ok {
			return w.Table
		}
	}
	return nil
}

// touchesAny tells whether a change may make another value of one of these slots.
func (c *checker) touchesAny(x *change, ids []int) bool {
	return slices.ContainsFunc(ids, func(id int) bool {
		return x.touches(id) || c.u.list[id].twin >= 0 && x.touches(c.u.list[id].twin)
	})
}

// changesRest tells whether a step, or what is inside it, may change what a condition depends on.
func (c *checker) changesRest(s *Step, r rest) bool {
	return c.touchesAny(c.moves(s), r.ids) ||
		slices.ContainsFunc(r.steps, func(x *Step) bool { return s.Graph.Containing(x) == s })
}

// anyTime tells whether a message, or the step that it begins beside, may change slots again and again while a step
// waits: then somebody can end that.
func (c *checker) anyTime(s *Step, ids []int) bool {
	for at := s; at != nil; at = at.Graph.Owner {
		for _, e := range at.Events {
			if e.Message == nil || e.Once {
				continue
			}
			moves := newChange()
			moves.loose(c.u, c.u.form(e.Message.Form, false))
			if e.Do.Kind == DeedAlso && e.Do.Way.To != nil {
				c.may(moves, e.Do.Way.To)
			}
			if c.touchesAny(moves, ids) {
				return true
			}
		}
		if at.Graph == nil {
			break
		}
	}
	return false
}

// levelOf is the outermost list of which a step changes what a condition depends on while it waits, or of which it asks
// about a step where nothing further inside changes that; its own, if there is none.
func (c *checker) levelOf(one *Condition, r rest) *Graph {
	out := one.Asks.Graph
	if out == nil {
		return caseGraph(c.p)
	}
	for at := one.Asks; at.Graph != nil; at = at.Graph.Owner {
		if slices.ContainsFunc(at.Graph.Steps, func(o *Step) bool {
			return o != at && c.nets[at.Graph].besides(at.Index, o) && c.changesRest(o, r)
		}) || one.asksBeside(c.p, at) && !c.touchesAny(c.inside(at), r.ids) {
			out = at.Graph
		}
	}
	return out
}

// asksBeside tells whether a condition asks about a step of the list of another, but not about that or what is in it.
func (c *Condition) asksBeside(p *Procedure, at *Step) bool {
	return slices.ContainsFunc(c.Guards, func(g *formula.Guard) bool {
		return slices.ContainsFunc(g.Asks(), func(q formula.Ask) bool {
			beside := at.Graph.Containing(p.Steps[q.Step])
			return beside != nil && beside != at
		})
	})
}

// truths works out what becomes of a condition in a list, as far as it depends on data.
func (c *checker) truths(g *Graph, fl *flow, one *Condition, r rest) {
	one.First, one.Left, one.Moves = TruthEither, make([]Truth, len(g.Steps)), make([]bool, len(g.Steps))
	one.By, one.Does = map[*Way]Truth{}, map[*Deed]Truth{}
	for _, first := range g.Entries {
		for _, a := range fl.come[first.Index] {
			if a.from == fromStart {
				one.First = c.truth(one, r, c.blank(g, a.k))
			}
		}
	}
	if one.Of.Graph == g {
		if in := fl.in[one.Of.Index]; in != nil {
			if t := c.truth(one, r, in); t != TruthEither {
				one.Opens = t
			}
		}
	}
	for i, s := range g.Steps {
		if fl.in[i] == nil {
			continue
		}
		one.Moves[i] = !(one.Admits && s == one.Of) &&
			slices.ContainsFunc(innerSteps(s), func(x *Step) bool { return c.changesRest(x, r) })
		told := c.does(one, r, s)
		if !c.changesRest(s, r) {
			continue
		}
		one.Left[i] = TruthEither
		for _, w := range s.Ways {
			if k := fl.along(s, w); k != nil && !told {
				one.By[w] = c.truth(one, r, k)
			}
		}
	}
	if g.Owner == c.p.Case {
		c.does(one, r, c.p.Case)
	}
}

// blank is what is known where a list begins, with what is empty in each new case.
func (c *checker) blank(g *Graph, k *known) *known {
	if g.Owner != c.p.Case {
		return k
	}
	out := k.clone()
	for id := range out.f {
		s := &c.u.list[id]
		filled := slices.ContainsFunc(c.p.Starts, func(st *Start) bool { return c.starts(st).touches(id) })
		if s.table == nil && s.field.Kind != value.TableKind && !s.computed() && !filled {
			out.f[id].absent = true
		}
	}
	return out
}

// starts is what a start fills in.
func (c *checker) starts(s *Start) *change {
	out := c.u.form(s.Form, true)
	for _, a := range s.Set {
		out.loose(c.u, c.u.assign(a))
	}
	return out
}

// along is what is known on a way out of a step; nil if it is never taken.
func (fl *flow) along(s *Step, w *Way) *known {
	var list []arrow
	switch {
	case w.To != nil:
		list = fl.come[w.To.Index]
	case w.End != nil:
		list = fl.ends[w.End]
	}
	i := slices.IndexFunc(list, func(a arrow) bool { return a.from == s.Index && a.n == w.Index })
	if i < 0 {
		return nil
	}
	return list[i].k
}

// does notes which time limits and events of a step may change what a condition depends on: by their message, or
// because what is inside the step may have changed it before. It tells whether a message may while the step is open.
func (c *checker) does(one *Condition, r rest, s *Step) bool {
	told := false
	inside := newChange()
	inside.mix(c.inside(s))
	before := s != c.p.Case && c.touchesAny(inside, r.ids)
	for _, t := range s.Timeouts {
		if before {
			one.Does[&t.Do] = TruthEither
		}
	}
	for _, e := range s.Events {
		by := false
		if e.Message != nil {
			moves := newChange()
			moves.loose(c.u, c.u.form(e.Message.Form, false))
			by = c.touchesAny(moves, r.ids)
		}
		if by || before {
			one.Does[&e.Do] = TruthEither
		}
		told = told || by
	}
	return told
}

// truth tells whether the data say that a condition holds, as far as they are known.
func (c *checker) truth(one *Condition, r rest, k *known) Truth {
	var guards []*formula.Guard
	for _, g := range one.Guards {
		if _, _, some := g.Rest(); some {
			guards = append(guards, g)
		}
	}
	known := func(p formula.Part) bool { return k.Said(p.Text) || k.refutesAny(p.False) }
	sure := func(g *formula.Guard) bool { return k.certain(g) || g.Beside(true, known) }
	fails := func(g *formula.Guard) bool { return k.impossible(g) || r.mixed && g.Beside(false, known) }
	switch {
	case !slices.ContainsFunc(guards, func(g *formula.Guard) bool { return !fails(g) }):
		return TruthFails
	case r.mixed && !slices.ContainsFunc(guards, func(g *formula.Guard) bool { return !sure(g) }),
		!r.mixed && (slices.ContainsFunc(guards, sure) || c.coversAll(guards, k)):
		return TruthHolds
	}
	return TruthEither
}

// coversAll tells whether one of several conditions holds, whatever the data are.
func (c *checker) coversAll(guards []*formula.Guard, k *known) bool {
	ids, n, ok := c.u.together(guards, k.row)
	if !ok {
		return k.coveredBy(guards)
	}
	for i := range n {
		vals := c.u.pick(ids, i)
		if !k.possible(ids, vals) {
			continue
		}
		scope := c.u.scope(ids, vals)
		if !slices.ContainsFunc(guards, func(g *formula.Guard) bool { return c.u.decide(g, scope) == 1 }) {
			return false
		}
	}
	return !c.work.spent()
}
