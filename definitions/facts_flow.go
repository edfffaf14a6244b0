package definitions

import (
	"slices"
)

// arrow is one way to come to a step: from a step of the same list (-1: from the start of the list, -2: by an event
// of the case) by its n-th way.
type arrow struct {
	from, n int
	k       *known
}

// The pseudo steps from which arrows come.
const (
	fromStart = -1
	fromEvent = -2
	// fromReturn, and below: a return, which passes the joins by; one number for each step that returns.
	fromReturn = -3
)

// flow is what is known at every step of one list, once nothing changes any more.
type flow struct {
	c    *checker
	g    *Graph
	in   []*known // nil = not reached
	come [][]arrow
	ends map[*End][]arrow
	todo []bool
}

// Numbers of arrows that are not ways.
const (
	timeoutArrow = 1_000_000
	eventArrow   = 2_000_000
	undoArrow    = 3_000_000
)

// run finds what is known at each step of g when it is entered with entry.
func (c *checker) run(g *Graph, entry *known) *flow {
	fl := &flow{
		c: c, g: g, in: make([]*known, len(g.Steps)), come: make([][]arrow, len(g.Steps)),
		ends: map[*End][]arrow{}, todo: make([]bool, len(g.Steps)),
	}
	if len(g.Steps) == 0 {
		return fl
	}
	for _, first := range g.Entries {
		fl.arrive(first, arrow{fromStart, 0, entry})
	}
	if g.Owner == c.p.Case {
		fl.leaveBy(c.p.Case, fromEvent, entry.disturbed(c.inside(c.p.Case)))
	}
	// Facts only ever get fewer; the limit is far above what that can take.
	for range 64 * (len(g.Steps) + 8) {
		at := slices.Index(fl.todo, true)
		if at < 0 || c.work.spent() {
			break
		}
		c.work.done += len(c.u.list) * (2 + len(fl.come[at]) + len(g.Steps[at].Ways))
		fl.todo[at] = false
		in := fl.enter(g.Steps[at])
		if in == nil || in.same(fl.in[at]) {
			continue
		}
		fl.in[at] = in
		fl.leave(g.Steps[at], in)
	}
	return fl
}

func (fl *flow) arrive(s *Step, a arrow) {
	list, changed := put(fl.come[s.Index], a)
	fl.come[s.Index] = list
	fl.todo[s.Index] = fl.todo[s.Index] || changed
}

// put replaces the arrow of the same origin, or adds it.
func put(list []arrow, a arrow) (out []arrow, changed bool) {
	i := slices.IndexFunc(list, func(o arrow) bool { return o.from == a.from && o.n == a.n })
	if i < 0 {
		return append(list, a), true
	}
	changed = !a.k.same(list[i].k)
	list[i].k = a.k
	return list, changed
}

// enter is what is known when the step opens: what all alternatives bring, what any of the joined branches brings.
func (fl *flow) enter(s *Step) *known {
	var inputs []int
	byInput := map[int]*known{}
	var other *known
	for _, a := range fl.come[s.Index] {
		if a.from <= fromReturn {
			other = meet(other, a.k)
			continue
		}
		from := max(a.from, fromStart)
		if s.Join.waits() {
			a.k = a.k.disturbed(fl.c.waiting(s, from))
		}
		if _, ok := byInput[from]; !ok {
			inputs = append(inputs, from)
		}
		byInput[from] = meet(byInput[from], a.k)
	}
	slices.Sort(inputs)
	var joined *known
	for _, from := range inputs {
		if s.Join.Kind == JoinAll && counts(s, from) {
			joined = union(joined, byInput[from])
		} else {
			other = meet(other, byInput[from])
		}
	}
	in := meet(joined, other)
	if in == nil {
		return nil
	}
	return in.disturbed(fl.c.around(s)).disturbed(fl.c.later(s))
}

func counts(s *Step, from int) bool {
	if len(s.Join.Of) == 0 {
		return true
	}
	i := slices.Index(s.Inputs, from)
	return i >= 0 && slices.Contains(s.Join.Of, i)
}

// leave sends what is known on by every way out of the step.
func (fl *flow) leave(s *Step, in *known) {
	run := fl.c.transfer(s, in)
	now := slices.Clone(run.outs)
	for _, w := range s.Ways {
		var k *known
		for i := range now {
			if takes(w, run.outcomes[i]) {
				k = meet(k, now[i])
			}
		}
		if k == nil {
			continue
		}
		if w.Else {
			k = elseOf(s, w, k)
		}
		if w.When != nil {
			k = k.with(w.When.Facts(true)).ruled(w.When, true)
		}
		fl.send(w, arrow{s.Index, w.Index, k})
		if s.Choose == ChooseOne {
			narrow(w, run.outcomes, now)
		}
	}
	if s.Compensate != nil { // at any time after it was done
		if k := run.any(); k != nil {
			k = k.keeping(s.Kept).disturbed(fl.c.during(fl.g))
			fl.arrive(s.Compensate, arrow{s.Index, undoArrow, k})
		}
	}
	fl.leaveBy(s, s.Index, run.open.disturbed(fl.c.inside(s)))
}

func takes(w *Way, outcome string) bool { return w.Outcome == "" || w.Outcome == outcome }

// narrow: the ways after w are taken only if w was not.
func narrow(w *Way, outcomes []string, now []*known) {
	for i := range now {
		switch {
		case now[i] == nil || !takes(w, outcomes[i]):
		case w.When == nil && !w.Else:
			now[i] = nil
		case w.When != nil:
			now[i] = now[i].with(w.When.Facts(false)).ruled(w.When, false)
		}
	}
}

func elseOf(s *Step, w *Way, k *known) *known {
	for _, o := range s.Ways {
		if o != w && o.When != nil && (o.Outcome == "" || o.Outcome == w.Outcome) {
			k = k.with(o.When.Facts(false)).ruled(o.When, false)
		}
	}
	return k
}

func (fl *flow) send(w *Way, a arrow) {
	switch {
	case w.To != nil && w.To.Graph == fl.g:
		fl.arrive(w.To, a)
	case w.Return != nil:
		a.from = fromReturn - a.from
		fl.arrive(w.Return, a)
	case w.End != nil:
		list, _ := put(fl.ends[w.End], a)
		fl.ends[w.End] = list
	}
}

// leaveBy follows the timeouts and events of s: they bring what held when it began.
func (fl *flow) leaveBy(s *Step, from int, held *known) {
	for _, t := range s.Timeouts {
		if t.Do.Way != nil {
			fl.send(t.Do.Way, arrow{from, timeoutArrow + t.Index, held})
		}
	}
	for _, e := range s.Events {
		if e.Do.Way == nil {
			continue
		}
		k := held
		if e.Message != nil {
			k = k.after(fl.c.u.form(e.Message.Form, false))
		}
		if e.When != nil {
			k = k.with(e.When.Facts(true)).ruled(e.When, true)
		}
		fl.send(e.Do.Way, arrow{from, eventArrow + e.Index, k})
	}
}

// ended is what is known where the list ends in this way; nil if it never does.
func (fl *flow) ended(outcome string) *known {
	var k *known
	for _, e := range fl.g.Ends {
		if e.ID != outcome {
			continue
		}
		for _, a := range fl.ends[e] {
			k = meet(k, fl.settled(e, a))
		}
	}
	return k
}

// settled is what is known of a thread that has reached an end when all others have come to theirs.
func (fl *flow) settled(e *End, a arrow) *known {
	if e.Cancels {
		return a.k
	}
	return a.k.disturbed(fl.c.lingering(fl.g, a))
}
