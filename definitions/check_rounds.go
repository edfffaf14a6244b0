package definitions

import "slices"

// Joins that do not wait for all their inputs fire once in a round, and what comes later in it passes nothing. That two
// rounds are under way at once is rare: it takes a second thread at an input, or as many threads again.

// partial tells joins that may fire before all of their inputs have come.
func (j Join) partial() bool { return j.waits() && j.Kind != JoinAll && j.Kind != JoinActive }

// cameOf tells whether a thread at a step can only have come out of a join, which it does not come to again.
func (n *net) cameOf(at, join *Step) bool {
	if n.only == nil {
		n.only = map[*Step][]bool{}
	}
	only, ok := n.only[join]
	if !ok {
		only = make([]bool, len(n.g.Steps))
		if !n.onward(join)[join.Index] {
			apart := n.c.without(n.g, join)
			for _, s := range n.g.Steps {
				only[s.Index] = !apart[s]
			}
		}
		n.only[join] = only
	}
	return only[at.Index]
}

// comesAgain tells whether threads of a second round can come to a partial join.
func (n *net) comesAgain(s *Step) bool {
	if !s.Join.partial() {
		return false
	}
	if s.Join.Kind == JoinThreads {
		return n.most(s, map[*Step]int{}) >= 2*s.Join.N
	}
	for k, from := range s.Inputs {
		place, ok := n.places[[2]int{s.Index, from}]
		if !ok || !counts(s, from) {
			continue
		}
		for _, o := range n.g.Steps {
			if o != s && s.Reach[k].Has(o.Index) && n.together(place, o.Index) {
				return true
			}
		}
		if n.twice(from, s) {
			return true
		}
	}
	return false
}

// twice tells whether a step sends two threads to another at once.
func (n *net) twice(from int, to *Step) bool {
	if from < 0 {
		return false
	}
	threads, s := 0, n.g.Steps[from]
	for _, w := range s.Ways {
		switch {
		case w.To != to:
		case s.Choose == ChooseAll:
			threads += max(w.Threads, 1)
		default:
			threads = max(threads, w.Threads)
		}
	}
	return threads > 1
}

// many is more threads than any join counts.
const many = 1 << 20

// most is how many threads come to a step at the very most, over a whole case; many in a circle.
func (n *net) most(s *Step, known map[*Step]int) int {
	if out, ok := known[s]; ok {
		return out
	}
	known[s] = many // until it is known: who comes to it again has gone in a circle
	out := 0
	for _, e := range n.g.Entries {
		if e == s {
			out++
		}
	}
	for _, from := range n.fro[s.Index] {
		for _, w := range arrows(from) {
			if w.To == s {
				out += n.most(from, known) * max(w.Threads, 1)
			}
		}
	}
	for _, from := range append(slices.Clip(n.fro[s.Index]), n.c.p.Case) {
		for _, w := range alsoWays(from) {
			if w.To == s {
				out = many
			}
		}
	}
	known[s] = min(out, many)
	return known[s]
}

// cameBy tells whether a thread at a step can only have come by a way that is gone once in a case: it is over then.
func (n *net) cameBy(w *Way, step int) bool {
	only, once := n.once[w]
	return once && only[step]
}

// findOnce finds what comes of events that happen once.
func (n *net) findOnce() {
	n.once = map[*Way][]bool{}
	for _, s := range n.g.Steps {
		for _, e := range s.Events {
			if e.Once && e.Do.Way != nil && n.here(e.Do.Way) {
				n.once[e.Do.Way] = n.onlyBy(e.Do.Way)
			}
		}
	}
}

// onlyBy marks the steps to which nothing comes but by a way.
func (n *net) onlyBy(way *Way) []bool {
	onto := func(at *Step) []*Step {
		var out []*Step
		for _, w := range arrows(at) {
			if n.here(w) && w != way {
				out = append(out, w.To)
			}
		}
		return out
	}
	queue := slices.Clone(n.g.Entries)
	if n.g.Owner == n.c.p.Case {
		queue = append(queue, onto(n.c.p.Case)...)
	}
	out := make([]bool, len(n.g.Steps))
	for _, first := range queue {
		out[first.Index] = true
	}
	n.spread(queue, out, onto)
	for i := range out {
		out[i] = !out[i] && !n.g.Steps[i].Undoes
	}
	return out
}
