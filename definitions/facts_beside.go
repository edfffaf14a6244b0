package definitions

import "slices"

// around is what may be changed beside s at any time: by steps that are open with it, and by messages.
func (c *checker) around(s *Step) *change {
	if out, ok := c.near[s]; ok {
		return out
	}
	out := newChange()
	c.near[s] = out
	out.mix(c.beside(s.Graph, s.Index))
	return out
}

// beside is what may be changed while a thread of g is at a node: in g itself, and around it.
func (c *checker) beside(g *Graph, node int) *change {
	out := newChange()
	for _, o := range c.nets[g].near[node] {
		out.mix(c.moves(o))
	}
	out.mix(c.outside(g))
	return out
}

// outside is what may be changed while anything of g is under way, by what is not of g.
func (c *checker) outside(g *Graph) *change {
	out := newChange()
	owner := g.Owner
	if owner == nil {
		return out
	}
	if owner.Graph != nil {
		out.mix(c.around(owner))
	}
	out.mix(c.also(owner))
	if w, ok := owner.Work.(*Multi); ok && !w.InOrder { // the other rows
		for _, o := range g.Steps {
			out.mix(c.columns(c.fills(o)))
			out.mix(c.columns(c.inside(o)))
		}
	}
	return out
}

// during is what may be changed while g is under way, with what interrupts it.
func (c *checker) during(g *Graph) *change {
	out := newChange()
	for _, s := range g.Steps {
		out.mix(c.moves(s))
	}
	out.mix(c.outside(g))
	for owner := g.Owner; owner != nil; owner = owner.Graph.Owner {
		for _, e := range owner.Events {
			if e.Message != nil {
				out.loose(c.u, c.u.form(e.Message.Form, false))
			}
		}
		if owner.Graph == nil {
			break
		}
	}
	return out
}

// columns is what a change of another row means for the columns over all rows.
func (c *checker) columns(o *change) *change {
	out := newChange()
	for _, id := range o.slots() {
		s := &c.u.list[id]
		if !s.ofRow {
			continue
		}
		if o.filled[id] || s.when() != nil {
			out.short = append(out.short, s.twin)
		}
		out.stale = append(out.stale, c.u.list[s.twin].dependents...)
	}
	return out
}

// waiting is what may be changed while a thread from a step waits at a join.
func (c *checker) waiting(s *Step, from int) *change {
	n := c.nets[s.Graph]
	id, ok := n.places[[2]int{s.Index, from}]
	if !ok {
		return c.outside(s.Graph)
	}
	return c.beside(s.Graph, id)
}

// lingering is what may still be changed after a thread has reached an end of g by an arrow: by the other threads.
func (c *checker) lingering(g *Graph, a arrow) *change {
	n := c.nets[g]
	rest := map[*Step]bool{}
	add := func(from *Step) {
		for s := range n.from(from) { // any order: a set is filled
			rest[s] = true
		}
	}
	switch {
	case a.from == fromEvent:
		add(g.Steps[0])
	case a.from >= 0:
		from := g.Steps[a.from]
		for node := range len(g.Steps) + len(n.nodes) {
			at := g.Steps[n.step(node)]
			if n.together(a.from, node) || node == a.from && (n.again[[2]int{node, node}] || n.adds(from, a.n)) {
				add(at)
			}
		}
		for _, w := range from.Ways {
			if from.Choose == ChooseAll && n.here(w) && w.Index != a.n {
				add(w.To)
			}
		}
	}
	out := newChange()
	if len(rest) == 0 {
		return out
	}
	for _, s := range g.Steps {
		if rest[s] {
			out.mix(c.moves(s))
		}
	}
	out.mix(c.outside(g))
	return out
}

// adds tells whether the n-th arrow of s is one that leaves s open.
func (n *net) adds(s *Step, arrow int) bool {
	switch {
	case arrow >= eventArrow:
		return s.Events[arrow-eventArrow].leavesOpen(s)
	case arrow >= timeoutArrow:
		return s.Timeouts[arrow-timeoutArrow].Do.Kind == DeedAlso
	}
	return false
}

// main lists the steps to which threads come that were not added beside another.
func (n *net) main() map[*Step]bool {
	seen := map[*Step]bool{}
	if len(n.g.Steps) == 0 {
		return seen
	}
	queue := []*Step{n.g.Steps[0]}
	if n.g.Owner == n.c.p.Case {
		also := alsoWays(n.c.p.Case)
		for _, w := range arrows(n.c.p.Case) {
			if n.here(w) && !slices.Contains(also, w) {
				queue = append(queue, w.To)
			}
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if seen[s] {
			continue
		}
		seen[s] = true
		also := alsoWays(s)
		for _, w := range arrows(s) {
			if n.here(w) && !slices.Contains(also, w) {
				queue = append(queue, w.To)
			}
		}
	}
	return seen
}

// mayStop tells whether all threads of the list may stop without reaching an end.
func (n *net) mayStop() bool {
	for s := range n.main() { // any order: one is enough
		also := alsoWays(s)
		for _, w := range arrows(s) {
			if w.End != nil && w.End.ID == StopEnd && !slices.Contains(also, w) {
				return true
			}
		}
	}
	return false
}

// trail: rows of a for_each that has gone on run beside all that comes after it, also beside its own next run.
func (n *net) trail(s *Step) {
	w, ok := s.Work.(*Multi)
	if !ok || w.Cancel || w.Until == nil && !finishes(s) {
		return
	}
	for _, way := range s.Ways {
		if !n.here(way) {
			continue
		}
		for o := range n.from(way.To) { // any order: a set is filled
			if o != s {
				n.pair[[2]int{min(s.Index, o.Index), max(s.Index, o.Index)}] = true
			} else {
				n.again[[2]int{s.Index, s.Index}] = true
			}
		}
	}
}

// beside tells whether the step may be open while a thread is at the node, or a second time while it is open.
func (n *net) besides(node int, o *Step) bool { return slices.Contains(n.near[node], o) }
