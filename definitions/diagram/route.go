package diagram

import (
	"cmp"
	"math"
	"slices"
)

// Sizes of the channels in which ways run.
const (
	track     = 11.0 // from one way to the next
	lanePad   = 12.0
	laneHead  = 12.0  // and the lines of the title
	laneTitle = 150.0 // how wide it is at most
	// maxLaneLines is how many lines the title of a lane may have.
	maxLaneLines = 3
	levelLead    = 16.0 // from a level's last way to what stands below it: room for the arrow's head
	levelTail    = 8.0
)

// column and row are measured by what stands in them.
type column struct {
	left, right float64 // of its widest cells, from the axis
	x           float64 // of the axis
	lane        *lane
}

type row struct{ top, height float64 }

// channel is a strip in which ways run, one track beside the other. Ways to the same place share a track.
type channel struct {
	runs   []*run
	tracks int
	start  float64
}

// run is how far the ways to one place use a channel.
type run struct {
	to           *node
	from, up     float64
	track        int
	above, below []float64 // of a level: where its ways come to it from above, or from below
}

// passage is a part of a column that ways go straight through, to the node at its foot.
type passage struct {
	column, first, last int
	to                  *node
}

const (
	noChannel = -1
	straight  = -2
)

// arrange measures the cells and leads the ways, for planes inside first.
func (d *drawing) arrange(pl *plane) {
	for _, n := range pl.nodes {
		if n.inner != nil {
			d.arrange(n.inner)
			n.inner.place(0, 0)
		}
		n.measure()
	}
	pl.columns = nil
	for _, l := range pl.lanes {
		for range l.columns {
			pl.columns = append(pl.columns, column{lane: l})
		}
	}
	pl.rows = make([]row, pl.depth()+1)
	pl.between = make([]channel, len(pl.columns)+1)
	pl.levels = make([]channel, len(pl.rows)+1)
	arrows := pl.arrows()
	slices.SortStableFunc(arrows, func(a, b *arrow) int { return cmp.Compare(a.length(), b.length()) })
	for _, a := range arrows {
		pl.choose(a)
	}
	pl.shift(arrows)
	for _, n := range pl.nodes {
		c, r := &pl.columns[n.column], &pl.rows[n.rank]
		if !n.wide {
			c.left, c.right = max(c.left, n.cell.left), max(c.right, n.cell.right)
		}
		r.height = max(r.height, n.cell.height)
	}
	for i := range pl.between {
		pl.between[i].assign()
	}
	pl.across()
	pl.span()
	pl.level(arrows)
	pl.down()
}

func (a *arrow) length() int {
	if a.to.rank > a.from.rank {
		return a.to.rank - a.from.rank
	}
	return a.from.rank - a.to.rank + 2
}

// choose finds the channel between columns in which a way goes up or down.
func (pl *plane) choose(a *arrow) {
	a.via = noChannel
	first, last := a.from.rank+1, a.to.rank-1
	if a.to.rank == a.from.rank+1 {
		return
	}
	if last < first {
		first, last = a.to.rank, a.from.rank
	} else if pl.free(a.to.column, first, last, a.to) {
		a.via = straight
		pl.taken = append(pl.taken, passage{a.to.column, first, last, a.to})
		return
	}
	a.via = pl.side(a, first, last)
	pl.between[a.via].add(a.to, float64(first), float64(last))
}

// free tells whether nothing stands in, or goes to another place through, a part of a column.
func (pl *plane) free(c, first, last int, to *node) bool {
	for _, n := range pl.nodes {
		if (n.column == c || n.wide) && n.rank >= first && n.rank <= last {
			return false
		}
	}
	return !slices.ContainsFunc(pl.taken, func(p passage) bool {
		return p.column == c && p.to != to && p.first <= last && first <= p.last
	})
}

// side is the channel beside the target's column, on the side from which the way comes, or any between that the ways
// to the same place use already.
func (pl *plane) side(a *arrow, first, last int) int {
	from, to := a.from.column, a.to.column
	best := to
	if from > to || from == to && !a.side {
		best = to + 1
	}
	if from == to && a.side {
		best = to + 1
	}
	lo, hi := min(from, to), max(from, to)+1
	if slices.ContainsFunc(pl.nodes, func(n *node) bool { return n.wide && n.rank >= first && n.rank <= last }) {
		if best = 0; a.side || from+to >= len(pl.columns) {
			best = len(pl.columns)
		}
		lo, hi = best, best // round what stands across all lanes
	}
	for i := lo; i <= hi; i++ {
		for _, r := range pl.between[i].runs {
			if r.to == a.to && r.from <= float64(last)+1 && float64(first) <= r.up+1 {
				return i
			}
		}
	}
	return best
}

func (c *channel) add(to *node, from, up float64) *run {
	from, up = min(from, up), max(from, up)
	r := c.run(to)
	if r == nil {
		r = &run{to: to, from: from, up: up}
		c.runs = append(c.runs, r)
	}
	r.from, r.up = min(r.from, from), max(r.up, up)
	return r
}

// run of the ways to a place.
func (c *channel) run(to *node) *run {
	for _, r := range c.runs {
		if r.to == to {
			return r
		}
	}
	return nil
}

// assign gives each run a track on which it meets no other.
func (c *channel) assign() {
	slices.SortStableFunc(c.runs, func(a, b *run) int { return cmp.Compare(a.up-a.from, b.up-b.from) })
	for i, r := range c.runs {
		for slices.ContainsFunc(c.runs[:i], func(o *run) bool { return o.track == r.track && o.meets(r) }) {
			r.track++
		}
		c.tracks = max(c.tracks, r.track+1)
	}
}

func (r *run) meets(o *run) bool { return o.from <= r.up+4 && r.from <= o.up+4 }

// untangle gives the runs of a level tracks in the order in which the fewest ways cross.
func (c *channel) untangle() {
	slices.SortStableFunc(c.runs, func(a, b *run) int { return cmp.Compare(a.up-a.from, b.up-b.from) })
	for better := true; better; {
		better = false
		for i := range c.runs {
			at, best := i, 0
			for _, step := range []int{-1, 1} { // what moving it past one after the other wins
				won := 0
				for j := i + step; j >= 0 && j < len(c.runs); j += step {
					upper, lower := c.runs[i], c.runs[j]
					if step < 0 {
						upper, lower = lower, upper
					}
					if won += crossings(upper, lower) - crossings(lower, upper); won > best {
						at, best = j, won
					}
				}
			}
			if r := c.runs[i]; at != i {
				c.runs = slices.Insert(slices.Delete(c.runs, i, i+1), at, r)
				better = true
			}
		}
	}
	for i, r := range c.runs {
		for _, o := range c.runs[:i] {
			if o.meets(r) {
				r.track = max(r.track, o.track+1)
			}
		}
		c.tracks = max(c.tracks, r.track+1)
	}
}

// overlap is how many crossings two ways are worth that run on one another.
const overlap = 100

// crossings are how often the ways of two runs cross where the one lies above the other.
func crossings(upper, lower *run) int {
	sum := 0
	for _, x := range upper.below {
		if slices.ContainsFunc(lower.above, func(o float64) bool { return math.Abs(o-x) < 4 }) {
			sum += overlap
		}
		if lower.from+1 < x && x < lower.up-1 {
			sum++
		}
	}
	for _, x := range lower.above {
		if upper.from+1 < x && x < upper.up-1 {
			sum++
		}
	}
	return sum
}

func (c *channel) size() float64 { return float64(c.tracks) * track }

func (c *channel) at(to *node) float64 { return c.start + (float64(c.run(to).track)+0.5)*track }

// across puts columns and the channels between them side by side. Within a lane a column stands as near to those before
// it as what is in each row allows.
func (pl *plane) across() {
	x := 0.0
	var l *lane
	var sky skyline
	for i := range pl.columns {
		c := &pl.columns[i]
		if c.lane != l {
			if l != nil {
				l.right = sky.most() + lanePad
				x = l.right
			}
			l = c.lane
			l.left = x
			sky = pl.flat(x + lanePad)
		}
		if i == 0 {
			pl.between[0].start = sky.most()
			sky = pl.flat(sky.most() + pl.between[0].size() + pl.margin)
		}
		if c.left+c.right == 0 {
			c.left, c.right = 20, 20
		}
		pl.stand(i, sky)
		pl.between[i+1].beside(sky)
	}
	if l == nil {
		return
	}
	x = sky.most()
	l.right = x + lanePad
	if pl.titled {
		for i, l := range pl.lanes {
			if lack := widest(l.lines(), titleSize) + 2*lanePad - (l.right - l.left); lack > 0 {
				pl.widen(i, lack)
			}
		}
	}
	pl.width = pl.lanes[len(pl.lanes)-1].right
	for _, n := range pl.nodes {
		n.cell.x = pl.columns[n.column].x
	}
}

// span makes room for what stands across all lanes: again, as long as lanes that were wide for their titles give in.
func (pl *plane) span() {
	for lack := true; lack; {
		lack = false
		for _, n := range pl.nodes {
			if !n.wide {
				continue
			}
			x, first, last := pl.columns[n.column].x, &pl.between[0], &pl.between[len(pl.columns)]
			left, right := first.start+first.size()-(x-n.cell.left), x+n.cell.right-last.start
			if left < 0.5 && right < 0.5 {
				continue
			}
			pl.margin += max(0, left)
			pl.columns[len(pl.columns)-1].right += max(0, right)
			pl.across()
			lack = true
		}
	}
}

// lines are the title of a lane.
func (l *lane) lines() []string { return balanced(l.title, laneTitle, titleSize) }

// head is how high the titles of the lanes are.
func (pl *plane) head() float64 {
	most := 1
	for _, l := range pl.lanes {
		most = max(most, len(l.lines()))
	}
	return laneHead + float64(most)*titleSize*leading
}

// widen makes a lane as wide as its title.
func (pl *plane) widen(i int, by float64) {
	l := pl.lanes[i]
	for j := range pl.columns {
		c := &pl.columns[j]
		switch k := slices.Index(pl.lanes, c.lane); {
		case k == i:
			c.x += by / 2
			pl.between[j+1].start += by / 2
		case k > i:
			c.x += by
			pl.between[j+1].start += by
		}
	}
	if i == 0 {
		pl.between[0].start += by / 2
	}
	l.right += by
	for _, other := range pl.lanes[i+1:] {
		other.left += by
		other.right += by
	}
}

// shift moves the foot of a way aside where ways to another place begin right below it.
func (pl *plane) shift(arrows []*arrow) {
	for _, a := range arrows {
		below := pl.begins(a.from.column, a.from.rank+1)
		if below != nil && below != a.to && math.Abs(a.port) < 8 {
			by := 10.0
			if a.to.column < a.from.column {
				by = -10
			}
			a.from.push(a, by)
		}
	}
}

// push moves a way aside, and with it those that leave on that side of it.
func (n *node) push(a *arrow, by float64) {
	at := a.port
	for _, o := range slices.Concat(n.outs, n.sides) {
		if o == a || o.to != nil && (o.port-at)*by > 0 {
			o.port += by
			o.labelX += by
			n.cell.left = max(n.cell.left, -o.port+6, -o.labelX+6)
			n.cell.right = max(n.cell.right, o.port+6, o.labelX+o.labelW+6)
		}
	}
}

// begins is the place to which ways lead down the axis of a column from above a rank; nil = no way does.
func (pl *plane) begins(c, rank int) *node {
	for _, p := range pl.taken {
		if p.column == c && p.first == rank {
			return p.to
		}
	}
	for _, n := range pl.nodes {
		if n.column == c && n.rank == rank && n.shape != startShape && !n.undone {
			return n
		}
	}
	return nil
}

func (a *arrow) foot() float64 { return a.from.cell.x + a.port }

// passes is where a way goes up or down.
func (pl *plane) passes(a *arrow) float64 {
	if a.via >= 0 {
		if x := pl.between[a.via].at(a.to); math.Abs(x-a.to.cell.x) >= 1 {
			return x
		}
	}
	return a.to.cell.x
}

// level leads the ways along the levels between rows.
func (pl *plane) level(arrows []*arrow) {
	for _, a := range arrows {
		foot, x := a.foot(), pl.passes(a)
		down := a.to.rank > a.from.rank
		if math.Abs(foot-x) >= 1 {
			r := pl.levels[a.from.rank+1].add(a.to, foot, x)
			r.above = once(r.above, foot)
			if down {
				r.below = once(r.below, x)
			} else {
				r.above = once(r.above, x)
			}
		}
		if end := a.to.cell.x; math.Abs(x-end) >= 1 {
			r := pl.levels[a.to.rank].add(a.to, x, end)
			r.below = once(r.below, end)
			if down {
				r.above = once(r.above, x)
			} else {
				r.below = once(r.below, x)
			}
		}
	}
	for i := range pl.levels {
		pl.levels[i].untangle()
	}
}

func once(list []float64, x float64) []float64 {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

// down puts rows and the levels between them one below the other.
func (pl *plane) down() {
	y := 0.0
	if pl.titled {
		y += pl.head()
	}
	for i := range pl.levels {
		l := &pl.levels[i]
		y += levelTail
		l.start = y
		y += l.size()
		if i == len(pl.rows) {
			break
		}
		y += levelLead
		pl.rows[i].top = y
		y += pl.rows[i].height
	}
	pl.height = y + 6
	for _, n := range pl.nodes {
		n.cell.y = pl.rows[n.rank].top
	}
	for _, a := range pl.arrows() {
		pl.draw(a)
	}
}

// draw writes down the corners of a way, from the edge of its cell's symbol to the top of its target.
func (pl *plane) draw(a *arrow) {
	foot, x, end := a.foot(), pl.passes(a), a.to.cell.x
	a.points = append(a.points[:0], a.begin()...)
	if math.Abs(foot-x) >= 1 {
		y := pl.levels[a.from.rank+1].at(a.to)
		a.points = append(a.points, point{foot, y}, point{x, y})
	} else if x = foot; math.Abs(x-end) < 1 {
		end = x // by less than a pixel it would be aslant
	}
	if math.Abs(x-end) >= 1 {
		y := pl.levels[a.to.rank].at(a.to)
		a.points = append(a.points, point{x, y}, point{end, y})
	}
	a.points = append(a.points, point{end, a.to.cell.y + a.to.entry()})
	a.points = tidied(a.points)
}

// entry is how far below the top of its cell a node is entered.
func (n *node) entry() float64 {
	if n.join != noGate {
		return n.cell.joinTop
	}
	return n.cell.boxTop
}

// begin is the part of a way inside its own cell.
func (a *arrow) begin() []point {
	c := a.from.cell
	x, foot := c.x, a.foot()
	switch {
	case a.side:
		edge := c.x + c.boxLeft + c.boxWidth + sideRadius
		y := c.y + c.boxTop + a.root
		return []point{{edge, y}, {foot, y}}
	case a.from.split != noGate:
		top := c.y + c.splitTop
		if a.from.shape == gateShape {
			top = c.y + c.boxTop
		}
		middle := top + gateHalf
		switch {
		case a.port > gateHalf:
			return []point{{x + gateHalf, middle}, {foot, middle}}
		case a.port < -gateHalf:
			return []point{{x - gateHalf, middle}, {foot, middle}}
		}
		return []point{{foot, middle + gateHalf - math.Abs(a.port)}}
	case a.from.shape == startShape || a.from.shape == eventShape:
		return []point{{foot, c.y + c.boxTop + eventRadius + math.Sqrt(eventRadius*eventRadius-min(a.port*a.port, 200))}}
	case a.from.shape == gateShape:
		return []point{{foot, c.y + c.boxTop + 2*gateHalf - math.Abs(a.port)}}
	}
	return []point{{foot, c.y + c.boxTop + c.boxHeight}}
}

// tidied leaves out corners where a way does not turn.
func tidied(points []point) []point {
	var out []point
	for _, p := range points {
		if n := len(out); n > 0 && math.Abs(out[n-1].x-p.x) < 0.5 && math.Abs(out[n-1].y-p.y) < 0.5 {
			continue
		}
		for n := len(out); n > 1; n = len(out) {
			a, b := out[n-2], out[n-1]
			if math.Abs(a.x-b.x) < 0.5 && math.Abs(b.x-p.x) < 0.5 && (b.y-a.y)*(p.y-b.y) >= 0 ||
				math.Abs(a.y-b.y) < 0.5 && math.Abs(b.y-p.y) < 0.5 && (b.x-a.x)*(p.x-b.x) >= 0 {
				out = out[:n-1]
				continue
			}
			break
		}
		out = append(out, p)
	}
	return out
}

// place moves a plane, and all inside it, to where it stands in the picture.
func (pl *plane) place(left, top float64) {
	dx, dy := left-pl.left, top-pl.top
	pl.left, pl.top = left, top
	for _, l := range pl.lanes {
		l.left += dx
		l.right += dx
	}
	for _, n := range pl.nodes {
		n.cell.x += dx
		n.cell.y += dy
		for _, a := range slices.Concat(n.outs, n.sides) {
			for i := range a.points {
				a.points[i].x += dx
				a.points[i].y += dy
			}
		}
		if n.inner != nil {
			c := n.cell
			n.inner.place(c.x+c.boxLeft+blockPad, c.y+c.boxTop+n.head())
		}
	}
}
