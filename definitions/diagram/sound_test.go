package diagram

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// rect is a part of the picture that something takes up.
type rect struct {
	what                     string
	left, top, right, bottom float64
}

func (r rect) meets(o rect) bool {
	return r.left < o.right-0.5 && o.left < r.right-0.5 && r.top < o.bottom-0.5 && o.top < r.bottom-0.5
}

func (r rect) within(o rect) bool {
	return r.left >= o.left-0.5 && r.right <= o.right+0.5 && r.top >= o.top-0.5 && r.bottom <= o.bottom+0.5
}

func bodyOf(n *node) rect {
	c := n.cell
	return rect{n.id, c.x + c.boxLeft, c.y + c.boxTop, c.x + c.boxLeft + c.boxWidth, c.y + c.boxTop + c.boxHeight}
}

func cellOf(n *node) rect {
	c := n.cell
	return rect{n.id, c.x - c.left, c.y, c.x + c.right, c.y + c.height}
}

func labelOf(a *arrow) rect {
	c := a.from.cell
	x, y := c.x+a.labelX, c.y+a.labelY
	return rect{"label " + a.label, x, y, x + a.labelW, y + float64(len(a.text))*(smallSize+1)*leading}
}

// faults says what is wrong with a picture.
func faults(d *drawing) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	var look func(pl *plane)
	look = func(pl *plane) {
		canvas := rect{"the picture", pl.left, pl.top, pl.left + pl.width, pl.top + pl.height}
		if pl == d.plane {
			canvas.left, canvas.right, canvas.bottom = -margin, pl.width+margin, canvas.bottom+margin
		}
		boxes(pl, canvas, say)
		labels(pl, canvas, say)
		for _, a := range pl.arrows() {
			leads(pl, a, say)
		}
		apart(pl, say)
		for _, n := range pl.nodes {
			drawn(n, say)
			if n.inner == nil {
				continue
			}
			in := n.inner
			if r := (rect{"", in.left, in.top, in.left + in.width, in.top + in.height}); !r.within(bodyOf(n)) {
				say("what is in %s stands out of it", n.id)
			}
			look(n.inner)
		}
	}
	look(d.plane)
	return out
}

// boxes: no two cells overlap, and each is in its lane.
func boxes(pl *plane, canvas rect, say func(string, ...any)) {
	for i, n := range pl.nodes {
		for _, o := range pl.nodes[:i] {
			if cellOf(n).meets(cellOf(o)) {
				say("%s lies over %s", n.id, o.id)
			}
		}
		r := cellOf(n)
		if !r.within(canvas) {
			say("%s is not in the picture", n.id)
		}
		if !bodyOf(n).within(r) {
			say("%s is larger than its cell", n.id)
		}
		for _, l := range pl.lanes {
			if l.key == n.lane && !n.wide && (r.left < l.left || r.right > l.right) {
				say("%s is not in its lane %s", n.id, l.title)
			}
		}
	}
}

// labels are inside the picture, over no box and over no other label.
func labels(pl *plane, canvas rect, say func(string, ...any)) {
	var all []*arrow
	for _, n := range pl.nodes {
		all = append(all, slices.Concat(n.outs, n.sides)...)
	}
	for i, a := range all {
		r := labelOf(a)
		if len(a.text) == 0 {
			continue
		}
		if !r.within(canvas) {
			say("%s is not in the picture", r.what)
		}
		for _, n := range pl.nodes {
			if r.meets(bodyOf(n)) {
				say("%s lies over %s", r.what, n.id)
			}
		}
		for _, o := range all[:i] {
			if len(o.text) > 0 && r.meets(labelOf(o)) {
				say("%s lies over %s", r.what, labelOf(o).what)
			}
		}
	}
}

// leads: an arrow goes at right angles, from the edge of its node to the top of its target, and through no other.
func leads(pl *plane, a *arrow, say func(string, ...any)) {
	name := a.from.id + " -> " + a.to.id
	first, last := a.points[0], a.points[len(a.points)-1]
	if !(rect{"", first.x, first.y, first.x, first.y}).within(cellOf(a.from)) {
		say("%s does not begin at its node", name)
	}
	if math.Abs(last.x-a.to.cell.x) > 0.5 || math.Abs(last.y-a.to.cell.y-a.to.entry()) > 0.5 {
		say("%s does not touch its target", name)
	}
	for i := 1; i < len(a.points); i++ {
		p, q := a.points[i-1], a.points[i]
		if math.Abs(p.x-q.x) > 0.5 && math.Abs(p.y-q.y) > 0.5 {
			say("%s is aslant", name)
		}
		line := rect{name, min(p.x, q.x), min(p.y, q.y), max(p.x, q.x), max(p.y, q.y)}
		line.right, line.bottom = line.right+0.6, line.bottom+0.6
		for _, n := range pl.nodes {
			if n != a.from && line.meets(cellOf(n)) && !(n == a.to && i == len(a.points)-1) {
				say("%s goes through %s: %v through %v", name, n.id, a.points, cellOf(n))
			}
		}
		if line.meets(inside(bodyOf(a.from))) {
			say("%s goes through its own node", name)
		}
	}
}

func inside(r rect) rect { return rect{r.what, r.left + 11, r.top + 2, r.right - 11, r.bottom - 2} }

// apart: ways to different places do not lie on one another.
func apart(pl *plane, say func(string, ...any)) {
	type line struct {
		a    *arrow
		p, q point
	}
	var lines []line
	for _, a := range pl.arrows() {
		for i := 1; i < len(a.points); i++ {
			lines = append(lines, line{a, a.points[i-1], a.points[i]})
		}
	}
	shared := func(a1, a2, b1, b2 float64) bool {
		return min(max(a1, a2), max(b1, b2))-max(min(a1, a2), min(b1, b2)) > 1
	}
	for i, l := range lines {
		for _, o := range lines[:i] {
			if l.a.to == o.a.to || l.a.from == o.a.from && l.a.side == o.a.side && l.p.y == l.q.y && l.p == l.a.points[0] {
				continue
			}
			upright := l.p.x == l.q.x && o.p.x == o.q.x && math.Abs(l.p.x-o.p.x) < 2 && shared(l.p.y, l.q.y, o.p.y, o.q.y)
			flat := l.p.y == l.q.y && o.p.y == o.q.y && math.Abs(l.p.y-o.p.y) < 2 && shared(l.p.x, l.q.x, o.p.x, o.q.x)
			if upright || flat {
				say("%s -> %s lies on %s -> %s: %v and %v", l.a.from.id, l.a.to.id, o.a.from.id, o.a.to.id, l.a.points, o.a.points)
			}
		}
	}
}

// drawn: every way, timeout and event of a step is in the picture, once.
func drawn(n *node, say func(string, ...any)) {
	if n.step == nil || n.shape == eventShape && n.step.Graph == nil {
		return
	}
	ways, timeouts, events := map[int]int{}, map[int]int{}, map[int]int{}
	for _, a := range n.outs {
		for _, w := range a.ways {
			ways[w]++
		}
	}
	for _, a := range n.sides {
		timeouts[a.timeout]++
		events[a.event]++
	}
	for _, w := range n.step.Ways {
		if ways[w.Index] != 1 {
			say("way %d of %s is drawn %d times", w.Index, n.id, ways[w.Index])
		}
	}
	for _, x := range n.step.Timeouts {
		if timeouts[x.Index] != 1 {
			say("timeout %d of %s is drawn %d times", x.Index, n.id, timeouts[x.Index])
		}
	}
	for _, x := range n.step.Events {
		if events[x.Index] != 1 {
			say("event %d of %s is drawn %d times", x.Index, n.id, events[x.Index])
		}
	}
}

// Two steps that stand across all lanes, the one on an axis of the first lane, the other on one of the next: room is
// made for both. The measures are those of a picture that was never done.
func TestRoomForWideSteps(t *testing.T) {
	t.Parallel()
	first, next := &lane{key: "desk", columns: 1}, &lane{key: "boss", columns: 1}
	pl := &plane{lanes: []*lane{first, next}, columns: []column{{lane: first}, {lane: next}}, rows: make([]row, 2),
		between: make([]channel, 3), nodes: []*node{
			{id: "a", wide: true, column: 0, rank: 0, cell: cell{left: 104, right: 692}},
			{id: "b", wide: true, column: 1, rank: 1, cell: cell{left: 158, right: 1074}},
		}}
	pl.across()
	pl.span()
	for _, n := range pl.nodes {
		if n.cell.x-n.cell.left < 0 || n.cell.x+n.cell.right > pl.width {
			t.Errorf("%s stands from %v to %v, and the picture is %v wide", n.id, n.cell.x-n.cell.left, n.cell.x+n.cell.right,
				pl.width)
		}
	}
}

// Whatever somebody may write, sound or not, can be drawn.
func TestRandomPicturesAreSound(t *testing.T) {
	t.Parallel()
	env := formulas(t)
	rapid.Check(t, func(t *rapid.T) {
		m := maker{T: t, env: env, p: &definitions.Procedure{
			ID: "random", Title: "隨意", Office: &definitions.Office{Language: "zh-Hant"},
			Data: value.NewSchema(nil), Steps: map[string]*definitions.Step{},
		}}
		g := m.graph(0)
		m.p.Case = &definitions.Step{ID: "random", Work: &definitions.Block{Graph: g}}
		for range m.n("starts", 1, 2) {
			m.p.Starts = append(m.p.Starts, &definitions.Start{By: m.who()})
		}
		m.deeds(m.p.Case, g)
		for _, narrow := range []bool{false, true} {
			for _, fault := range faults(compose(m.p, Options{Narrow: narrow})) {
				t.Errorf("narrow %v: %s", narrow, fault)
			}
		}
	})
}

// maker makes procedures up.
type maker struct {
	*rapid.T
	p   *definitions.Procedure
	env *formula.Env
}

func (m *maker) n(what string, least, most int) int {
	return rapid.IntRange(least, most).Draw(m.T, what)
}

func (m *maker) chance(what string) bool { return m.n(what, 0, 3) == 0 }

func (m *maker) title() string {
	return rapid.SampledFrom([]string{"甲", "詢問有關部門是否有約", "Sign the order", "收款、開收據、發空白工作證並交還辦證單位"}).Draw(m.T, "title")
}

func (m *maker) who() definitions.Who {
	post := rapid.SampledFrom([]string{"desk", "boss", "works", "a-very-long-post"}).Draw(m.T, "post")
	return definitions.Who{Posts: []string{post}}
}

func (m *maker) graph(deep int) *definitions.Graph {
	g := &definitions.Graph{}
	for i := range m.n("ends", 1, 3) {
		g.Ends = append(g.Ends, &definitions.End{ID: fmt.Sprintf("end-%d", i), Title: m.title(), Cancels: m.chance("all")})
	}
	for i := range m.n("steps", 1, 7-2*deep) {
		s := &definitions.Step{ID: fmt.Sprintf("s%d", len(m.p.Steps)), Title: m.title(), Graph: g, Index: i}
		m.p.Steps[s.ID] = s
		g.Steps = append(g.Steps, s)
	}
	for _, s := range g.Steps {
		m.step(s, deep)
	}
	return g
}

func (m *maker) step(s *definitions.Step, deep int) {
	switch kind := m.n("kind", 0, 8); {
	case kind == 0:
		s.Work = &definitions.Junction{}
	case kind == 1:
		s.Work = &definitions.Wait{For: make([]*definitions.WaitFor, 0)}
	case kind == 2 && deep < 2:
		s.Work = &definitions.Block{Graph: m.graph(deep + 1)}
	case kind == 3 && deep < 2:
		s.Work = &definitions.Repeat{Body: m.graph(deep + 1)}
	case kind == 4:
		s.Work = &definitions.Call{}
	default:
		s.Work = &definitions.Task{By: m.who()}
	}
	s.Join.Kind = rapid.SampledFrom([]definitions.JoinKind{
		definitions.JoinNone, definitions.JoinNone, definitions.JoinAll, definitions.JoinActive, definitions.JoinSome,
	}).Draw(m.T, "join")
	s.Choose = rapid.SampledFrom([]definitions.Choose{
		definitions.ChooseOne, definitions.ChooseAll, definitions.ChooseFirst,
	}).Draw(m.T, "choose")
	for i := range m.n("ways", 1, 4) {
		w := m.way(s.Graph)
		w.Index = i
		if m.n("outcomes", 0, 1) == 0 {
			w.Outcome = fmt.Sprintf("o%d", i)
			s.Outcomes = append(s.Outcomes, definitions.Outcome{ID: w.Outcome, Title: m.title()})
		}
		s.Ways = append(s.Ways, w)
	}
	m.deeds(s, s.Graph)
}

func (m *maker) way(g *definitions.Graph) *definitions.Way {
	switch to := m.n("to", 0, len(g.Steps)+1); {
	case to < len(g.Steps):
		if m.chance("return") {
			return &definitions.Way{Return: g.Steps[to]}
		}
		return &definitions.Way{To: g.Steps[to]}
	case to == len(g.Steps):
		return &definitions.Way{End: &definitions.End{ID: definitions.StopEnd}}
	}
	return &definitions.Way{End: g.Ends[m.n("end", 0, len(g.Ends)-1)]}
}

func (m *maker) deeds(s *definitions.Step, g *definitions.Graph) {
	if !m.chance("deeds") {
		return
	}
	for i := range m.n("events", 0, 3) {
		do := definitions.Deed{Kind: definitions.DeedRemind, Who: m.who()}
		if !m.chance("remind") {
			do = definitions.Deed{Kind: definitions.DeedTo, Way: m.way(g)}
		}
		s.Events = append(s.Events, &definitions.Event{Index: i, Message: &definitions.Message{Title: m.title()}, Do: do})
	}
	when, faults := m.env.When("duration('90m')", formula.Names{})
	if len(faults) > 0 {
		m.Fatal(faults)
	}
	for i := range m.n("timeouts", 0, 2) {
		s.Timeouts = append(s.Timeouts, &definitions.Timeout{
			Index: i, Time: when, Do: definitions.Deed{Kind: definitions.DeedAlso, Way: m.way(g)},
		})
	}
}

func formulas(t *testing.T) *formula.Env {
	t.Helper()
	env, err := formula.NewEnv(formula.Options{Schema: value.NewSchema(nil), Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	return env
}
