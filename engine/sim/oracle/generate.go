package oracle

import (
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/guicheng/guicheng/definitions"
)

// office is what every procedure is compiled with.
const office = `office: sim
title: Sim
language: en
zone: Asia/Shanghai
currency: CNY
posts: {a: A, b: B, c: C}
systems: {far: Far}
`

// callee is the procedure that all calls call.
const callee = `procedure: sub
title: Sub
data: {said: {title: Said, type: count}}
start: {by: a}
ends: {good: Good, bad: Bad}
steps:
  - {step: do, title: Do, task: {by: a, form: [said], answers: {good: Good, bad: Bad}}, then: {good: good, bad: bad}}
`

// generator makes one random procedure.
type generator struct {
	*rand.Rand
	steps  int // so far, for their ids
	most   int
	fields []string // yes-no
	counts []string
	cols   []string // yes-no columns of the table
	ids    []string // of all steps so far
	msgs   []string
	row    bool     // inside a row
	names  []string // of the list being made and those around it: what may be withdrawn
	first  string   // of the list being made
	undo   []string // of them, those that can be undone
	data   *tree
	rows   *tree
}

// newGenerator makes a generator; the same seed gives the same procedure.
func newGenerator(seed uint64) *generator {
	//nolint:gosec // the same seed must do the same; nothing secret depends on it
	return &generator{Rand: rand.New(rand.NewPCG(seed, 0x70726f63)), data: mapping(), rows: mapping()}
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) pick(of ...string) string { return of[g.IntN(len(of))] }

// procedure makes a procedure.
func (g *generator) procedure() *tree {
	g.most = 3 + g.IntN(4)
	if g.chance(40) {
		g.most = 3 + g.IntN(12)
	}
	g.fields, g.counts = []string{"flag"}, []string{"size"}
	g.data.put("flag", field("yes-no"))
	g.data.put("size", field("count"))
	g.rows.put("name", field("text"))
	start := mapping("by", "a", "form", texts([]string{"flag", "size", "units.name"}),
		"optional", texts([]string{"flag", "size"}))
	if g.chance(40) {
		start.put("set", mapping(g.count("began"), "1"))
	}
	g.msgs = []string{"ring", "stay"}
	ends := []string{"done"}
	declared := g.ends(&ends)
	size := 2 + g.IntN(5)
	if g.chance(30) {
		size = 4 + g.IntN(6)
	}
	steps, first := g.list(0, size, ends)
	p := mapping("procedure", "p", "title", "P")
	g.data.put("units", mapping("title", "U", "each", "unit", "rows", g.rows))
	p.put("data", g.data)
	p.put("messages", g.messages())
	p.put("start", start)
	g.aside(p, first, ends, 25)
	if g.chance(40) {
		p.put("revoke", mapping("until", g.pick(first...)))
	}
	if g.chance(30) {
		p.put("pause_clocks", "true")
	}
	if declared != nil {
		reachable(declared, steps, p)
		p.put("ends", declared)
	}
	p.put("steps", steps)
	return p
}

func field(kind string) *tree { return mapping("title", "F", "type", kind) }

// ends declares the ends of a list, sometimes; else there is one, `done`.
func (g *generator) ends(names *[]string) *tree {
	if g.chance(60) {
		return nil
	}
	m, n := mapping(), 1+g.IntN(3)
	*names = nil
	for i := range n {
		id := "e" + strconv.Itoa(i)
		*names = append(*names, id)
		if i == n-1 && g.chance(50) {
			m.put(id, mapping("title", "E", g.pick("cancels", "cancels", "error"), "all"))
			if m.kids[len(m.kids)-1].get("error") != nil {
				m.kids[len(m.kids)-1].get("error").text = "true"
			}
		} else {
			m.put(id, "E")
		}
		if g.chance(12) {
			e := m.kids[len(m.kids)-1]
			if e.kind != mapTree {
				e.kind, e.kids = mapTree, mapping("title", "E").kids
			}
			e.put("undo", g.pick("block", "all"))
		}
	}
	return m
}

// reachable drops ends that nothing leads to; one is left.
func reachable(ends *tree, from ...*tree) {
	for i := len(ends.kids) - 1; i >= 0 && len(ends.kids) > 1; i-- {
		end := ends.kids[i].key
		if !slices.ContainsFunc(from, func(t *tree) bool { return leadsTo(t, end) }) {
			ends.kids = slices.Delete(ends.kids, i, i+1)
		}
	}
}

func leadsTo(t *tree, end string) bool {
	led := false
	t.walk(func(x *tree) { led = led || x.text == end })
	return led
}

// undoes declares what is undone, sometimes: what goes on beside undoes nothing.
func (g *generator) undoes(x *tree) {
	switch {
	case x.get("also") != nil, !g.chance(12):
	case len(g.undo) > 0 && g.chance(50):
		x.put("undo", texts(g.some(g.undo)))
	default:
		x.put("undo", g.pick("block", "all"))
	}
}

// handler makes a step that undoes another: it does not change the data.
func (g *generator) handler(id string) *tree {
	s := mapping("step", id, "title", "S")
	switch g.IntN(6) {
	case 0:
		s.put("job", mapping("kind", "print"))
	case 1:
		s.put("wait", mapping("w0", mapping("after", g.span())))
	case 2:
		s.put("steps", list(mapping("step", id+"a", "title", "S", "task", mapping("by", "a")),
			mapping("step", id+"b", "title", "S", "task", mapping("by", "b"))))
	default:
		s.put("task", mapping("by", g.pick("a", "b")))
	}
	if g.chance(10) {
		s.put("exclusive", "desk")
	}
	return s
}

func (g *generator) messages() *tree {
	m := mapping()
	for _, id := range g.msgs {
		x := mapping("title", "M", "by", g.pick("a", "b"))
		if id == "stay" {
			x.put("keep", "30m")
		}
		if g.chance(20) {
			x.put("to", "each")
		}
		if g.chance(30) {
			name := "m_" + id
			g.data.put(name, field("yes-no"))
			x.put("form", texts([]string{name}))
			if g.chance(40) {
				x.put("optional", texts([]string{name}))
			}
		}
		m.put(id, x)
	}
	return m
}

// list makes a list of steps: first which leads where, so that each can be reached, then each step to fit.
func (g *generator) list(depth, size int, ends []string) (steps *tree, ids []string) {
	for range size {
		g.steps++
		ids = append(ids, "s"+strconv.Itoa(g.steps))
	}
	g.ids = append(g.ids, ids...)
	outer, undo, first := g.names, g.undo, g.first
	g.first = ids[0]
	g.names, g.undo = slices.Concat(outer, ids), slices.Clone(undo)
	defer func() { g.names, g.undo, g.first = outer, undo, first }()
	var handlers []*tree
	by := map[string]string{}
	for _, id := range ids {
		if g.chance(10) {
			by[id] = "u" + id[1:]
			g.undo = append(g.undo, id)
			handlers = append(handlers, g.handler(by[id]))
		}
	}
	out := g.edges(size)
	steps = list()
	for i, id := range ids {
		var to []string
		back := false
		for _, j := range out[i] {
			if j < 0 {
				to = append(to, g.end(ends))
				continue
			}
			back = back || j <= i
			to = append(to, ids[j])
		}
		var from []string
		for j, targets := range out {
			if slices.Contains(targets, i) {
				from = append(from, ids[j])
			}
		}
		s := mapping("step", id, "title", "S")
		if j := g.joins(from, i == 0); j != nil {
			s.put("join", j)
		}
		g.step(s, depth, to, back, ends)
		if by[id] != "" {
			s.put("compensate", by[id])
		}
		steps.kids = append(steps.kids, s)
	}
	for _, s := range steps.kids { // only tasks and waits can be the first at which something happens
		if c := s.get("choose"); c != nil && races(s, steps, false) && g.chance(60) {
			c.text = "first-event"
			races(s, steps, true)
		}
	}
	steps.kids = append(steps.kids, handlers...)
	return steps, ids
}

// races tells whether all ways of a step lead to tasks and waits that run for each who comes; alone takes them to be
// come to by this step only.
func races(s, steps *tree, alone bool) bool {
	n, ok := 0, true
	s.get("then").walk(func(x *tree) {
		if x.kind != textTree || slices.Contains([]string{"", "when", "threads", "undo"}, x.key) {
			return
		}
		n++
		i := slices.IndexFunc(steps.kids, func(k *tree) bool { return k.get("step").text == x.text })
		if i < 0 {
			ok = false
			return
		}
		to := steps.kids[i]
		join := to.get("join")
		ok = ok && (to.get("task") != nil || to.get("wait") != nil) && to.get("for_each") == nil &&
			(join == nil || join.text == "each")
		if alone {
			to.kids = slices.DeleteFunc(to.kids, func(x *tree) bool { return x.key == "join" })
		}
	})
	return ok && n > 1
}

// end is a place where a way ends.
func (g *generator) end(ends []string) string {
	if g.chance(15) {
		return definitions.StopEnd
	}
	return ends[g.IntN(len(ends))]
}

// edges says which step leads to which; -1 is an end.
func (g *generator) edges(n int) [][]int {
	out := make([][]int, n)
	link := func(i, j int) {
		if !slices.Contains(out[i], j) {
			out[i] = append(out[i], j)
		}
	}
	for i := 1; i < n; i++ {
		link(max(0, i-1-g.IntN(3)), i)
	}
	for range g.IntN(n + 1) {
		i, j := g.IntN(n), g.IntN(n)
		if j <= i && !g.chance(30) {
			continue
		}
		link(i, j)
	}
	for i := range out {
		if len(out[i]) == 0 || g.chance(15) {
			out[i] = append(out[i], -1)
		}
		g.Shuffle(len(out[i]), func(a, b int) { out[i][a], out[i][b] = out[i][b], out[i][a] })
	}
	return out
}

// step gives a step its work, and its ways so that they fit the work.
func (g *generator) step(s *tree, depth int, to []string, back bool, ends []string) {
	kind, id := g.kind(depth, back), s.get("step").text
	if kind != "set" && kind != "junction" && kind != "decide" { // these are over at once
		if len(to) > 1 && g.chance(35) {
			g.aside(s, to[:1], ends, 100)
			to = to[1:]
		} else {
			g.aside(s, nil, ends, 6)
		}
	}
	outcomes := g.work(s, id, kind, depth, to)
	g.ways(s, to, outcomes)
	if kind == "rows" && g.chance(20) {
		g.event(s, mapping("message", g.pick(g.msgs...), "finish", "true"))
	}
	g.errors(s, to)
	if g.chance(5) {
		s.put("cancels", texts(g.some(g.names)))
	}
	if g.chance(8) {
		s.put("only_while", g.guard())
	}
	if g.chance(6) {
		s.put("returnable", "false")
	}
	if g.chance(10) {
		s.put("exclusive", g.pick("desk", "desk", "key"))
	}
}

func (g *generator) some(of []string) []string {
	n := 1 + g.IntN(2)
	var out []string
	for range n {
		if x := g.pick(of...); !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// joins picks a join that fits the inputs; nil is none.
func (g *generator) joins(from []string, first bool) *tree {
	in := len(from)
	if first {
		in++
	}
	if in < 2 {
		if g.chance(45) {
			return text("each")
		}
		return nil
	}
	n := strconv.Itoa(1 + g.IntN(in))
	switch g.IntN(24) {
	case 0:
		return nil
	case 1, 2, 12, 13:
		return text("each")
	case 3, 4, 14, 15:
		return text("all")
	case 5, 6, 7, 16, 17, 18:
		return text("active")
	case 8, 19:
		return text("first")
	case 9, 20:
		return mapping("n", n)
	case 10, 21:
		return mapping("n", n, "rest", g.pick("cancel", "cancel", "absorb"))
	default:
		return g.rarer(from)
	}
}

func (g *generator) rarer(from []string) *tree {
	switch g.IntN(6) {
	case 0:
		return mapping(g.pick("all", "active"), "true", "keep", "true")
	case 1:
		return mapping("all", texts(g.some(from)))
	case 2:
		return mapping("n", "1", "of", texts(g.some(from)))
	case 3:
		of := g.some(from)
		return mapping("n", strconv.Itoa(1+g.IntN(len(of))), "rest", g.pick("cancel", "cancel", "absorb"), "of", texts(of))
	case 4:
		return mapping("active", texts(g.some(from)))
	default:
		return mapping("threads", strconv.Itoa(2+g.IntN(2)))
	}
}

func (g *generator) kind(depth int, back bool) string {
	if back && g.chance(80) {
		return "task"
	}
	for {
		kind := g.pick("task", "task", "task", "task", "task", "task", "junction", "junction", "wait", "block", "rows",
			"rows", "call", "set", "repeat", "any-order", "decide", "job", "request")
		inside := slices.Contains([]string{"block", "rows", "repeat", "any-order"}, kind)
		if inside && (depth >= 2 || g.steps >= g.most+6) || kind == "rows" && g.row {
			continue
		}
		return kind
	}
}
