package diagram

import (
	"math"
	"slices"
)

const (
	columnGap = 8.0  // between what stands in two columns
	leastStep = 30.0 // between the axes of two columns
	confusing = 4.0  // how near two ways must be to seem one
	wayHalf   = 12.0 // what a way takes up to each side that goes straight through a column
)

// skyline is how far to the right each row is taken.
type skyline []float64

// flat is one that is the same in all rows.
func (pl *plane) flat(x float64) skyline {
	return skyline(slices.Repeat([]float64{x}, max(1, len(pl.rows))))
}

func (s skyline) most() float64 { return slices.Max(s) }

// stand puts a column beside what is taken, and takes what stands in it. The last one has a straight edge: what stands
// across all lanes is held against it.
func (pl *plane) stand(i int, taken skyline) {
	c := &pl.columns[i]
	if i == 0 || pl.columns[i-1].lane != c.lane {
		c.x = taken.most() + c.left
	} else {
		c.x = pl.columns[i-1].x + leastStep
	}
	left, right := pl.extent(i)
	for r := range taken {
		if left[r] > 0 {
			c.x = max(c.x, taken[r]+left[r])
		}
	}
	for range 10 {
		if !pl.confused(i) {
			break
		}
		c.x += confusing
	}
	gap := 0.0
	if i+1 < len(pl.columns) && pl.columns[i+1].lane == c.lane {
		gap = columnGap
	}
	for r := range taken {
		if i == len(pl.columns)-1 {
			right[r] = c.right
		}
		if right[r] > 0 {
			taken[r] = max(taken[r], c.x+right[r]+gap)
		}
	}
}

// confused tells whether a way leaves a node of this column right above the axis of another, or the other way round:
// ways to two places would seem to be one.
func (pl *plane) confused(i int) bool {
	for _, n := range pl.nodes {
		if n.column > i {
			continue
		}
		others := pl.columns[i : i+1]
		if n.column == i {
			others = pl.columns[:i]
		}
		for _, a := range slices.Concat(n.outs, n.sides) {
			foot := pl.columns[n.column].x + a.port
			if slices.ContainsFunc(others, func(o column) bool { return math.Abs(foot-o.x) < confusing }) {
				return true
			}
		}
	}
	return false
}

// extent is what a column takes up in each row to the left and right of its axis; 0 = nothing.
func (pl *plane) extent(i int) (left, right []float64) {
	left, right = make([]float64, max(1, len(pl.rows))), make([]float64, max(1, len(pl.rows)))
	for _, n := range pl.nodes {
		if n.column == i && !n.wide {
			left[n.rank], right[n.rank] = max(left[n.rank], n.cell.left), max(right[n.rank], n.cell.right)
		}
	}
	for _, p := range pl.taken {
		for r := p.first; p.column == i && r <= p.last; r++ {
			left[r], right[r] = max(left[r], wayHalf), max(right[r], wayHalf)
		}
	}
	return left, right
}

// beside puts a channel behind what is taken in the rows that its ways pass.
func (c *channel) beside(taken skyline) {
	passed := func(r int) bool {
		return slices.ContainsFunc(c.runs, func(x *run) bool { return x.from <= float64(r) && float64(r) <= x.up })
	}
	c.start = slices.Min(taken)
	for r := range taken {
		if passed(r) {
			c.start = max(c.start, taken[r])
		}
	}
	for r := range taken {
		if passed(r) {
			taken[r] = c.start + c.size()
		}
	}
}
