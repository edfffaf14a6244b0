package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/report"
)

// net knows which steps of one list can be open at the same time. Nodes are the steps, and the places at joins where
// a thread waits: one for each input. It follows pairs of threads, not whole markings: cheap for any procedure, and
// it never misses a pair of a procedure whose joins can all fire.
type net struct {
	c      *checker
	g      *Graph
	places map[[2]int]int // join, input -> node
	nodes  [][2]int       // from len(g.Steps) on: join, input
	pair   map[[2]int]bool
	queue  [][2]int
	near   [][]*Step       // by node: the steps that may be open beside it, in file order
	again  map[[2]int]bool // pairs of one thread with its own like, which an event may add more than once
	meets  []*Step         // steps without join at which two threads arrive, as found
	onto   [][]*Step       // the steps to which arrows lead from each
	fro    [][]*Step       // the steps from which arrows lead to each
	work   tasks
	once   map[*Way][]bool  // by the way of an event that happens once: the steps to which nothing comes but by it
	rounds map[*Step]bool   // joins that may fire again beside what came of them
	only   map[*Step][]bool // by join: the steps to which nothing comes but out of it
}

// newNet follows the threads of a list. A join that does not wait for all is taken to fire once beside what comes of
// it, until it is seen that more than one round of threads can come to it.
func (c *checker) newNet(g *Graph) *net {
	rounds := map[*Step]bool{}
	for {
		n := c.follow(g, rounds)
		known := len(rounds)
		for _, s := range g.Steps {
			if !rounds[s] && n.comesAgain(s) {
				rounds[s] = true
			}
		}
		if len(rounds) == known {
			n.findNear()
			n.findTasks()
			return n
		}
	}
}

func (c *checker) follow(g *Graph, rounds map[*Step]bool) *net {
	n := &net{c: c, g: g, places: map[[2]int]int{}, pair: map[[2]int]bool{}, again: map[[2]int]bool{}, rounds: rounds}
	n.link()
	n.findOnce()
	for _, s := range g.Steps {
		n.split(s)
		n.beside(s)
		if s.Undoes {
			n.withAll(s)
		}
	}
	for i, a := range g.Entries {
		for _, b := range g.Entries[i+1:] {
			n.add(n.node(fromStart, a), n.node(fromStart, b))
		}
	}
	if g.Owner == c.p.Case {
		n.anyTime()
	}
	for len(n.queue) > 0 {
		next := n.queue[0]
		n.queue = n.queue[1:]
		for i, a := range next {
			if b := next[1-i]; !n.passes(b) || n.passes(a) {
				n.advance(a, b)
			}
		}
	}
	for _, s := range g.Steps {
		n.trail(s)
	}
	return n
}

// findNear turns the pairs into lists.
func (n *net) findNear() {
	size := len(n.g.Steps)
	n.near = make([][]*Step, size+len(n.nodes))
	note := func(pair [2]int) {
		for i, node := range pair {
			if o := pair[1-i]; o < size && !slices.Contains(n.near[node], n.g.Steps[o]) {
				n.near[node] = append(n.near[node], n.g.Steps[o])
			}
		}
	}
	for pair := range n.pair { // any order: they are sorted
		note(pair)
	}
	for pair := range n.again { // any order: they are sorted
		note(pair)
	}
	for _, list := range n.near {
		slices.SortFunc(list, func(a, b *Step) int { return a.Index - b.Index })
	}
}

// node is where a thread is that took a way of step from to step to.
func (n *net) node(from int, to *Step) int {
	if !to.Join.waits() {
		return to.Index
	}
	key := [2]int{to.Index, from}
	id, ok := n.places[key]
	if !ok {
		id = len(n.g.Steps) + len(n.nodes)
		n.places[key] = id
		n.nodes = append(n.nodes, key)
	}
	return id
}

func (n *net) add(a, b int) {
	if a == b && (a >= len(n.g.Steps) || n.g.Steps[a].Join.Kind == JoinNone) {
		if a < len(n.g.Steps) && !slices.Contains(n.meets, n.g.Steps[a]) {
			n.meets = append(n.meets, n.g.Steps[a])
		}
		return
	}
	if a > b {
		a, b = b, a
	}
	if n.pair[[2]int{a, b}] || len(n.pair) > MaxPairs {
		return
	}
	n.pair[[2]int{a, b}] = true
	n.queue = append(n.queue, [2]int{a, b})
}

func (n *net) together(a, b int) bool { return n.pair[[2]int{min(a, b), max(a, b)}] }

// withAll: what undoes a step may run beside any other.
func (n *net) withAll(s *Step) {
	for _, other := range n.g.Steps {
		if other != s {
			n.add(s.Index, other.Index)
		}
	}
}

// split: the threads that one step sends off together.
func (n *net) split(s *Step) {
	for _, w := range s.Ways {
		if w.Threads > 1 && n.here(w) {
			n.add(n.node(s.Index, w.To), n.node(s.Index, w.To))
		}
	}
	if s.Choose != ChooseAll { // of a race only one goes on
		return
	}
	for i, a := range s.Ways {
		for _, b := range s.Ways[i+1:] {
			if n.here(a) && n.here(b) && n.c.compatible(a, b) {
				n.add(n.node(s.Index, a.To), n.node(s.Index, b.To))
			}
		}
	}
}

func (n *net) here(w *Way) bool { return w.To != nil && w.To.Graph == n.g }

// compatible tells whether two ways can be taken at once.
func (c *checker) compatible(a, b *Way) bool {
	if a.Else || b.Else || a.Outcome != "" && b.Outcome != "" && a.Outcome != b.Outcome {
		return false
	}
	if a.When == nil || b.When == nil {
		return true
	}
	k := c.u.nothing().with(a.When.Facts(true))
	return !k.refutesAny(b.When.Facts(true))
}

// beside: the threads that timeouts and events add beside an open step.
func (n *net) beside(s *Step) {
	for _, w := range alsoWays(s) {
		if n.here(w) && w.To != s {
			n.add(s.Index, n.node(s.Index, w.To))
		}
	}
}

// alsoWays are the ways of threads that are added while s stays open.
func alsoWays(s *Step) []*Way {
	var out []*Way
	for _, t := range s.Timeouts {
		if t.Do.Kind == DeedAlso && t.Do.Way != nil {
			out = append(out, t.Do.Way)
		}
	}
	for _, e := range s.Events {
		if e.leavesOpen(s) && e.Do.Way != nil {
			out = append(out, e.Do.Way)
		}
	}
	return out
}

// leavesOpen tells whether the event leaves s open. Work that has failed is over, whoever takes its error; of a list
// only the thread is.
func (e *Event) leavesOpen(s *Step) bool {
	return e.Do.Kind == DeedAlso && (e.Error == "" || s.Inside() != nil)
}

// anyTime: an event of the case adds its thread beside whatever is open then, but not beside its own.
func (n *net) anyTime() {
	for _, w := range alsoWays(n.c.p.Case) {
		if !n.here(w) {
			continue
		}
		own := n.from(w.To)
		if n.repeats(w) {
			for a := range own { // any order: a set is filled
				for b := range own { // any order: a set is filled
					n.again[[2]int{min(a.Index, b.Index), max(a.Index, b.Index)}] = true
				}
			}
		}
		for _, s := range n.g.Steps {
			if !own[s] || n.from(n.g.Steps[0])[s] && s != w.To {
				n.add(n.node(fromStart, w.To), s.Index)
			}
		}
	}
}

// repeats tells whether the event or timeout of the case that has this way can happen more than once.
func (n *net) repeats(w *Way) bool {
	for _, e := range n.c.p.Case.Events {
		if e.Do.Way == w {
			return !e.Once
		}
	}
	for _, t := range n.c.p.Case.Timeouts {
		if t.Do.Way == w {
			return t.Every != nil
		}
	}
	return true
}

// from lists what can be reached from a step, itself included.
func (n *net) from(s *Step) map[*Step]bool {
	seen := map[*Step]bool{s: true}
	queue := []*Step{s}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, w := range arrows(at) {
			if n.here(w) && !seen[w.To] {
				seen[w.To] = true
				queue = append(queue, w.To)
			}
		}
	}
	return seen
}

// passes tells whether a thread at a node goes on before any other does that is not like it: the step is done in the
// moment in which it opens.
func (n *net) passes(node int) bool {
	if node >= len(n.g.Steps) {
		return false
	}
	s := n.g.Steps[node]
	return !isDone(s) && s.Lock == nil && s.OnlyWhile == nil
}

// advance moves the thread at a on while the one at b stays.
func (n *net) advance(a, b int) {
	if a >= len(n.g.Steps) {
		n.fire(n.nodes[a-len(n.g.Steps)], b)
		return
	}
	s := n.g.Steps[a]
	also := alsoWays(s)
	for _, w := range arrows(s) {
		if !n.here(w) || n.withdraws(s, w, b) || n.cameBy(w, n.step(b)) {
			continue
		}
		to := n.node(a, w.To)
		if to == b && slices.Contains(also, w) { // the thread that it added before
			n.again[[2]int{b, b}] = true
			continue
		}
		n.add(to, b)
	}
}

func (n *net) withdraws(s *Step, w *Way, b int) bool {
	at := n.g.Steps[n.step(b)]
	return slices.Contains(s.Cancels, at) || slices.Contains(w.Cancels, at)
}

// step is the step of a node: itself, or the join at which the thread waits.
func (n *net) step(node int) int {
	if node < len(n.g.Steps) {
		return node
	}
	return n.nodes[node-len(n.g.Steps)][0]
}

// fire opens the join at which a thread waits, beside a thread at b.
func (n *net) fire(place [2]int, b int) {
	s := n.g.Steps[place[0]]
	if n.step(b) == s.Index {
		return
	}
	switch s.Join.Kind {
	case JoinAll:
		for _, from := range s.Inputs {
			id, ok := n.places[[2]int{s.Index, from}]
			if counts(s, from) && (!ok || !n.together(id, b)) {
				return
			}
		}
	case JoinActive:
		if slices.ContainsFunc(s.Reach, func(r Bits) bool { return r.Has(n.step(b)) }) {
			return // it is waited for; so is what waits at a join before this one
		}
	default:
		if at := n.g.Steps[n.step(b)]; slices.Contains(s.Join.Withdraws, at) || !n.rounds[s] && n.cameOf(at, s) {
			return
		}
	}
	n.add(s.Index, b)
}

// threads reports steps at which threads meet that nothing joins, and fields that two open steps fill in.
func (c *checker) threads(g *Graph) {
	n := c.nets[g]
	if w, open := n.outOfBranch(); len(n.meets) > 0 && w != nil {
		c.add(report.Problem{Place: w.Place, Code: "needs-join",
			Message: fmt.Sprintf("this goes back to %s while %s may still be open beside it", called(w.To), called(open)),
			Hint:    fmt.Sprintf("use return: {return: %s} takes back what came of %s", w.To.ID, w.To.ID)})
	} else if len(n.meets) > 0 { // what comes after the first is its echo
		s := n.meets[0]
		c.add(report.Problem{Place: s.Place, Code: "needs-join",
			Message: fmt.Sprintf("two threads can come to %s, and nothing says how they become one", called(s)),
			Hint:    "write join: active to wait for those that can still come, or join: each to run once for each"})
	}
	fills := make([][]int, len(g.Steps))
	for i, s := range g.Steps {
		fills[i] = c.allFills(s)
	}
	for i, a := range g.Steps {
		c.onlyItsRow(a)
		if len(fills[i]) > 0 && n.together(i, i) {
			c.add(report.Problem{Place: a.Place, Code: "two-fill",
				Message: fmt.Sprintf("two runs of %s can be open together and both fill in %s", called(a),
					c.u.list[fills[i][0]].field.Path),
				Hint: "write a for_each with a column for it, or let one run come after the other"})
		}
		for _, b := range g.Steps[i+1:] {
			if len(fills[i]) > 0 && n.together(a.Index, b.Index) {
				c.sameField(a, b, fills)
			}
		}
	}
}

// onlyItsRow: the rows of a for_each run side by side, so each may fill in nothing but its own columns.
func (c *checker) onlyItsRow(s *Step) {
	w, ok := s.Work.(*Multi)
	if !ok {
		return
	}
	for _, inner := range w.Body.Steps {
		for _, id := range c.allFills(inner) {
			if at := &c.u.list[id]; at.table != w.Table {
				c.add(report.Problem{Place: inner.Place, Code: "two-fill",
					Message: fmt.Sprintf("every row of %s would fill in the same %s", w.Table.Path, at.field.Path),
					Hint:    "make it a column of " + w.Table.Path + ", or fill it in after the for_each"})
				return
			}
		}
	}
}

// sameField reports the first field that two steps fill in.
func (c *checker) sameField(a, b *Step, fills [][]int) {
	for _, id := range fills[b.Index] {
		if !slices.Contains(fills[a.Index], id) {
			continue
		}
		c.add(report.Problem{Place: b.Place, Code: "two-fill",
			Message: fmt.Sprintf("%s and %s can be open together and both fill in %s", called(a), called(b),
				c.u.list[id].field.Path),
			Hint: "give each a field of its own, or let one come after the other"})
		return
	}
}

// allFills lists what a step and those inside it fill in, columns by their table.
func (c *checker) allFills(s *Step) []int {
	change := newChange()
	change.mix(c.fills(s))
	change.mix(c.inside(s))
	var out []int
	for _, id := range change.slots() {
		at := &c.u.list[id]
		if at.computed() {
			continue
		}
		if at.ofRow {
			id = at.twin
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// flowOf runs the list from where its owner stands; nil if that is never reached.
func (c *checker) flowOf(g *Graph) *flow {
	out, ok := c.flows[g]
	if !ok {
		out = c.newFlow(g)
		c.flows[g] = out
	}
	return out
}

func (c *checker) newFlow(g *Graph) *flow {
	if g.Owner == c.p.Case {
		return c.run(g, c.begin())
	}
	outer := c.flowOf(g.Owner.Graph)
	if outer == nil || outer.in[g.Owner.Index] == nil {
		return nil
	}
	in := outer.in[g.Owner.Index]
	if w, ok := g.Owner.Work.(*Multi); ok {
		return c.run(g, c.transfer(g.Owner, in).open.within(w.Table))
	}
	return c.run(g, c.entry(g, in))
}
