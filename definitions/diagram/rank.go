package diagram

import (
	"cmp"
	"slices"
	"strings"
)

// arrows are all that lead somewhere, in the order of the nodes.
func (pl *plane) arrows() []*arrow {
	var list []*arrow
	for _, n := range pl.nodes {
		for _, a := range slices.Concat(n.outs, n.sides) {
			if a.to != nil {
				list = append(list, a)
			}
		}
	}
	return list
}

// settle finds what is before what, and who stands where.
func (d *drawing) settle(pl *plane) {
	pl.findBack()
	pl.rank()
	pl.part()
	d.lanes(pl)
	pl.spread()
}

// findBack marks the ways that lead to what comes before: what is still on the way there when it is met again.
func (pl *plane) findBack() {
	const onWay, over = 1, 2
	seen := map[*node]int{}
	var visit func(*node)
	visit = func(n *node) {
		seen[n] = onWay
		for _, a := range slices.Concat(n.outs, n.sides) {
			switch {
			case a.to == nil || a.back:
			case seen[a.to] == onWay:
				a.back = true
			case seen[a.to] == 0:
				visit(a.to)
			}
		}
		seen[n] = over
	}
	for _, n := range pl.nodes {
		if seen[n] == 0 && (n.shape == startShape || n.shape == eventShape && n.list == "" && n.step == nil) {
			visit(n)
		}
	}
	for _, n := range pl.nodes {
		if seen[n] == 0 {
			visit(n)
		}
	}
}

// rank puts each node under all from which a way leads to it.
func (pl *plane) rank() {
	before := map[*node]int{}
	for _, a := range pl.arrows() {
		if !a.back {
			before[a.to]++
		}
	}
	var ready []*node
	for _, n := range pl.nodes {
		if before[n] == 0 {
			ready = append(ready, n)
		}
	}
	roots := slices.Clone(ready)
	for len(ready) > 0 {
		n := ready[0]
		ready = ready[1:]
		for _, a := range slices.Concat(n.outs, n.sides) {
			if a.to == nil || a.back {
				continue
			}
			a.to.rank = max(a.to.rank, n.rank+1)
			if before[a.to]--; before[a.to] == 0 {
				ready = append(ready, a.to)
			}
		}
	}
	for _, n := range roots { // what begins by itself stands near to what it leads to
		nearest := -1
		for _, a := range slices.Concat(n.outs, n.sides) {
			if a.to != nil && !a.back && (nearest < 0 || a.to.rank < nearest) {
				nearest = a.to.rank
			}
		}
		n.rank = max(0, nearest-1)
	}
}

// part gives what stands across all lanes a rank to itself.
func (pl *plane) part() {
	for _, n := range pl.nodes {
		if !n.wide || !slices.ContainsFunc(pl.nodes, func(o *node) bool { return o != n && o.rank == n.rank }) {
			continue
		}
		for _, o := range pl.nodes {
			if o != n && o.rank > n.rank {
				o.rank++
			}
		}
		n.rank++
	}
}

// lanes gives each node a lane, and the lanes an order in which ways are short.
func (d *drawing) lanes(pl *plane) {
	nodes := slices.Clone(pl.nodes)
	slices.SortStableFunc(nodes, func(a, b *node) int { return cmp.Compare(a.rank, b.rank) })
	if d.o.Narrow {
		for _, n := range nodes {
			n.lane = ""
		}
	} else {
		d.gather(pl)
		inherit(nodes, pl.arrows())
		for _, n := range nodes {
			n.lane = cmp.Or(n.lane, n.sent)
		}
		inherit(nodes, pl.arrows())
	}
	for _, n := range nodes {
		if !slices.ContainsFunc(pl.lanes, func(l *lane) bool { return l.key == n.lane }) {
			pl.lanes = append(pl.lanes, &lane{key: n.lane, title: d.laneTitle(n.lane)})
		}
	}
	pl.lanes = shortest(pl.lanes, pl.arrows())
	pl.titled = !d.o.Narrow && (pl.list == "" && pl.lanes[0].key != "" || len(pl.lanes) > 1)
}

const (
	several = "=" // the lane of all those whom a case's data name for one step each
	// manyLanes is how many there may be before those of one step share one.
	manyLanes = 6
)

// gather puts those who do one step only, and whom the data name, into one lane where there are many: each of its boxes
// then says who.
func (d *drawing) gather(pl *plane) {
	does := map[string]int{}
	for _, n := range pl.nodes {
		if n.lane != "" {
			does[n.lane]++
		}
	}
	var alone []*node
	for _, n := range pl.nodes {
		if strings.HasPrefix(n.lane, several) && does[n.lane] == 1 && n.shape == boxShape {
			alone = append(alone, n)
		}
	}
	if len(does) <= manyLanes || len(alone) < 2 {
		return
	}
	for _, n := range alone {
		n.people, n.lane = d.laneTitle(n.lane), several
	}
}

// inherit lets what nobody does stand where the way comes from, or else where it leads.
func inherit(nodes []*node, arrows []*arrow) {
	for range 2 {
		for _, n := range nodes {
			for _, a := range arrows {
				if n.lane == "" && a.to == n && !a.back {
					n.lane = a.from.lane
				}
			}
		}
		for _, n := range slices.Backward(nodes) {
			for _, a := range arrows {
				if n.lane == "" && a.from == n {
					n.lane = a.to.lane
				}
			}
		}
	}
}

// shortest moves lanes as long as that makes the ways between them shorter.
func shortest(lanes []*lane, arrows []*arrow) []*lane {
	cost := func(order []*lane) int {
		at := map[string]int{}
		for i, l := range order {
			at[l.key] = i
		}
		sum := 0
		for _, a := range arrows {
			between := at[a.from.lane] - at[a.to.lane]
			sum += max(between, -between)
		}
		return sum
	}
	for better := true; better; {
		better = false
		best := cost(lanes)
		for i := range lanes {
			for j := range lanes {
				order := slices.Delete(slices.Clone(lanes), i, i+1)
				order = slices.Insert(order, j, lanes[i])
				if c := cost(order); c < best {
					lanes, best, better = order, c, true
				}
			}
		}
	}
	return lanes
}

// spread gives the nodes of one lane that stand beside one another columns of their own.
func (pl *plane) spread() {
	first := 0
	for _, l := range pl.lanes {
		l.columns = 1
		for rank := 0; rank <= pl.depth(); rank++ {
			var here []*node
			for _, n := range pl.nodes {
				if n.lane == l.key && n.rank == rank {
					here = append(here, n)
				}
			}
			pl.beside(here, l)
		}
		for _, n := range pl.nodes {
			if n.lane == l.key {
				n.column += first
			}
		}
		first += l.columns
	}
}

// beside places the nodes of one rank and lane, each as near as can be to the middle of those that lead to it.
func (pl *plane) beside(here []*node, l *lane) {
	taken := map[int]bool{}
	slices.SortStableFunc(here, func(a, b *node) int {
		wish, main := pl.wish(a)
		other, too := pl.wish(b)
		return cmp.Or(cmp.Compare(wish, other), cmp.Compare(too, main))
	})
	for _, n := range here {
		c, _ := pl.wish(n)
		for taken[c] {
			c++
		}
		n.column, taken[c] = c, true
		l.columns = max(l.columns, c+1)
	}
}

// wish is the column, within the lane, of the median of those of its lane that lead to a node, and how many of these
// lead there straight, by no timeout or event: who goes on as planned goes on downwards.
func (pl *plane) wish(n *node) (column, main int) {
	var from []int
	for _, a := range pl.arrows() {
		if a.to != n || a.back || a.from.lane != n.lane {
			continue
		}
		from = append(from, a.from.column)
		if !a.side {
			main = 1
		}
	}
	if len(from) == 0 {
		return 0, 1
	}
	slices.Sort(from)
	return from[(len(from)-1)/2], main
}

func (pl *plane) depth() int {
	deepest := 0
	for _, n := range pl.nodes {
		deepest = max(deepest, n.rank)
	}
	return deepest
}
