package definitions

import (
	"slices"
	"strconv"
)

// joins works out the inputs of each step of a list, reads its join, and prepares what the join needs at run time.
func (c *compiler) joins(g *Graph) {
	into := make([]map[int]bool, len(g.Steps))
	for i := range into {
		into[i] = map[int]bool{}
	}
	for _, s := range g.Entries {
		into[s.Index][-1] = true
	}
	if g == c.graph {
		for _, s := range nextSteps(c.p.Case, g) {
			into[s.Index][-1] = true
		}
	}
	for _, s := range g.Steps {
		for _, to := range nextSteps(s, g) {
			into[to.Index][s.Index] = true
		}
	}
	also := c.alsoTargets(g)
	for i, s := range g.Steps {
		s.Inputs = slices.Collect(keysInOrder(into[i], len(g.Steps)))
		if n := c.nodes[s]; n != nil {
			c.join(s, n)
		}
		for _, w := range s.Ways {
			if c.implied[w] && w.To != nil && also[w.To] {
				c.nodes[s].get("step").fault("no-way", "then: "+w.To.ID+", or where it goes on",
					"%s does not say where it leads, and the next in the list is reached by also", s.ID)
			}
		}
		switch s.Join.Kind {
		case JoinActive, JoinSome, JoinAll, JoinThreads:
			g.Joins = append(g.Joins, s)
		}
	}
	for _, s := range g.Joins {
		s.Reach = reaches(g, s)
		if s.Join.Kind == JoinSome && !s.Join.Absorb {
			s.Join.Withdraws = onlyTo(g, s)
		}
	}
}

func keysInOrder(set map[int]bool, n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := -1; i < n; i++ {
			if set[i] && !yield(i) {
				return
			}
		}
	}
}

// nextSteps lists the steps of g that s leads to, by ways, timeouts and events.
func nextSteps(s *Step, g *Graph) []*Step {
	var out []*Step
	add := func(w *Way) {
		if w != nil && w.To != nil && w.To.Graph == g {
			out = append(out, w.To)
		}
	}
	for _, w := range s.Ways {
		add(w)
	}
	for _, t := range s.Timeouts {
		add(t.Do.Way)
	}
	for _, e := range s.Events {
		add(e.Do.Way)
	}
	return out
}

// alsoTargets are the steps of g that are begun beside others.
func (c *compiler) alsoTargets(g *Graph) map[*Step]bool {
	out := map[*Step]bool{}
	add := func(s *Step) {
		for _, t := range s.Timeouts {
			if t.Do.Kind == DeedAlso && t.Do.Way != nil {
				out[t.Do.Way.To] = true
			}
		}
		for _, e := range s.Events {
			if e.Do.Kind == DeedAlso && e.Do.Way != nil {
				out[e.Do.Way.To] = true
			}
		}
	}
	for _, s := range g.Steps {
		add(s)
	}
	if g == c.graph {
		add(c.p.Case)
	}
	return out
}

// join reads the join of a step whose inputs are known.
func (c *compiler) join(s *Step, n *node) {
	j := n.get("join")
	s.Join.Absorb = true
	if j.isText() {
		switch j.text {
		case "each":
			s.Join.Kind = JoinEach
		case "all":
			s.Join.Kind = JoinAll
		case "active":
			s.Join.Kind = JoinActive
		case "first":
			s.Join.Kind, s.Join.N = JoinSome, 1
		}
		return
	}
	if !j.isMap() {
		return
	}
	s.Join.Absorb = j.get("rest").str() != "cancel"
	s.Join.Keep = j.get("keep").yes()
	of := j.get("of")
	kind := c.exactlyOne(j, "n", "all", "active", "threads")
	v := j.get(kind)
	switch kind {
	case "n":
		s.Join.Kind, s.Join.N = JoinSome, c.count(v, 1)
	case "threads":
		s.Join.Kind, s.Join.N = JoinThreads, c.count(v, 2)
	case "all":
		s.Join.Kind = JoinAll
	case "active":
		s.Join.Kind = JoinActive
	}
	if v.isList() {
		of = v
	}
	c.joinOf(s, of)
	inputs := len(s.Inputs)
	if s.Join.Of != nil {
		inputs = len(s.Join.Of)
	}
	if kind == "n" && s.Join.N > inputs {
		v.fault("wrong-value", "", "%s has %d inputs: %d of them never come", s.ID, inputs, s.Join.N)
	}
	if j.has("rest") && kind != "n" {
		j.keyNode("rest").fault("not-for-type", "", "rest belongs to n")
	}
	if j.has("keep") && kind != "all" && kind != "active" { // a join that counts lets no second thread into its round
		j.keyNode("keep").fault("not-for-type", "", "keep belongs to all and active")
	}
}

func (c *compiler) count(n *node, least int) int { return c.countUpTo(n, least, 64) }

func (c *compiler) countUpTo(n *node, least, most int) int {
	v, _ := strconv.Atoi(n.str())
	if n != nil && (v < least || v > most) {
		n.fault("wrong-value", "", "a number from %d to %d", least, most)
		return least
	}
	return v
}

// joinOf resolves the inputs that count.
func (c *compiler) joinOf(s *Step, n *node) {
	for _, item := range n.all() {
		var names []string
		hit := -1
		for k, from := range s.Inputs {
			if from < 0 {
				continue
			}
			id := s.Graph.Steps[from].ID
			names = append(names, id)
			if id == item.str() {
				hit = k
			}
		}
		if hit < 0 {
			item.fault("unknown-step", hintAmong(item.str(), names), "no way leads from %s to %s", clipped(item.str()), s.ID)
			continue
		}
		if !slices.Contains(s.Join.Of, hit) {
			s.Join.Of = append(s.Join.Of, hit)
		}
	}
	slices.Sort(s.Join.Of)
}

// reaches gives for each input of the join the steps from which it can still be reached without passing the join.
func reaches(g *Graph, join *Step) []Bits {
	from := make([][]int, len(g.Steps)) // the steps that lead to each step
	for _, s := range g.Steps {
		for _, to := range nextSteps(s, g) {
			from[to.Index] = append(from[to.Index], s.Index)
		}
		for _, w := range s.Ways { // what returns goes on from there once more
			if w.Return != nil {
				from[w.Return.Index] = append(from[w.Return.Index], s.Index)
			}
		}
	}
	out := make([]Bits, len(join.Inputs))
	for k, source := range join.Inputs {
		out[k] = NewBits(len(g.Steps))
		if source < 0 {
			continue // the start and the events of the whole: what has not happened is not activity
		}
		queue := []int{source}
		out[k].Set(source)
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			if at == join.Index {
				continue
			}
			for _, before := range from[at] {
				if !out[k].Has(before) {
					out[k].Set(before)
					queue = append(queue, before)
				}
			}
		}
	}
	return out
}

// onlyTo lists the steps all of whose ways lead, at last, to the inputs of the join that count and nowhere else. Who
// comes to it in another way opens it alone, and is not the rest of it.
func onlyTo(g *Graph, join *Step) []*Step {
	in := make([]bool, len(g.Steps))
	counts := func(s *Step) bool {
		k := slices.Index(join.Inputs, s.Index)
		return join.Join.Of == nil || slices.Contains(join.Join.Of, k)
	}
	for changed := true; changed; { // those that can come to it at all: what returns goes on from there once more
		changed = false
		for i, s := range g.Steps {
			comes := func(to *Step) bool { return to == join && counts(s) || to != join && in[to.Index] }
			back := func(w *Way) bool { return w.Return != nil && w.Return != join && in[w.Return.Index] }
			if s != join && !in[i] && (slices.ContainsFunc(nextSteps(s, g), comes) || slices.ContainsFunc(s.Ways, back)) {
				in[i], changed = true, true
			}
		}
	}
	for changed := true; changed; { // less those that can come elsewhere
		changed = false
		for i, s := range g.Steps {
			if in[i] && (leavesList(s) || slices.ContainsFunc(nextSteps(s, g), func(to *Step) bool {
				return to == join && !counts(s) || to != join && !in[to.Index]
			})) {
				in[i], changed = false, true
			}
		}
	}
	var out []*Step
	for i, s := range g.Steps {
		if in[i] {
			out = append(out, s)
		}
	}
	return out
}

// leavesList tells whether one of the step's ways leads to an end.
func leavesList(s *Step) bool {
	return slices.ContainsFunc(arrows(s), func(w *Way) bool { return w.End != nil })
}
