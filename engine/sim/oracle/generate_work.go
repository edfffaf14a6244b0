package oracle

import (
	"strconv"
)

// work gives a step its work, and tells its outcomes: none for one nameless outcome.
func (g *generator) work(s *tree, id, kind string, depth int, to []string) []string {
	switch kind {
	case "task":
		return g.task(s, id, len(to))
	case "wait":
		return g.wait(s, len(to))
	case "call":
		c := mapping("procedure", "sub")
		s.put("call", c)
		if g.chance(20) && s.get("timeouts") == nil && s.get("events") == nil {
			c.put("wait", "false")
			return nil
		}
		if g.chance(30) && !g.row {
			c.put("take", mapping(g.count("t_"+id), "its.said"))
		}
		return []string{"good", "bad"}
	case "block":
		ends := []string{"done"}
		if declared := g.ends(&ends); declared != nil {
			s.put("ends", declared)
		}
		inner, _ := g.list(depth+1, 1+g.IntN(4), ends)
		s.put("steps", inner)
		if s.get("ends") == nil {
			return nil
		}
		reachable(s.get("ends"), inner)
		return outcomes(s.get("ends"))
	case "rows":
		g.forEach(s, id, depth)
	case "repeat":
		return g.repeat(s, depth)
	case "any-order":
		g.anyOrder(s, depth)
	case "set":
		name := g.count("k_" + id)
		s.put("set", mapping(name, "has("+name+") ? "+name+" + 1 : 1"))
	case "decide":
		return g.decide(s, id, len(to))
	case "job":
		return g.job(s, id, len(to))
	case "request":
		g.request(s, id)
	}
	return nil
}

// count declares a number of the data.
func (g *generator) count(name string) string {
	g.data.put(name, field("count"))
	g.counts = append(g.counts, name)
	return name
}

// outcomes are the ends of a list that are no errors.
func outcomes(ends *tree) []string {
	var out []string
	for _, e := range ends.kids {
		if e.get("error") == nil {
			out = append(out, e.key)
		}
	}
	return out
}

// errors lets a step take the errors that can come out of it, sometimes.
func (g *generator) errors(s *tree, to []string) {
	var can []string
	s.walk(func(x *tree) {
		if x.get("error") != nil && x.get("title") != nil {
			can = append(can, x.key, "*")
		}
		switch x.key {
		case "call":
			if x.get("wait") == nil {
				can = append(can, "failed", "*")
			}
		case "job", "request":
			can = append(can, "failed", "oops", "*")
		}
	})
	if len(can) > 0 && g.chance(60) {
		g.event(s, mapping("error", g.pick(can...), g.pick("to", "also"), g.pick(append(to, "stop")...)))
	}
}

// task makes work for a person.
func (g *generator) task(s *tree, id string, ways int) []string {
	t := mapping("by", g.pick("a", "b"))
	s.put("task", t)
	if g.chance(8) {
		t.get("by").text, t.get("by").kind, t.get("by").kids = "", listTree, texts([]string{"a", "b"}).kids
		t.put("sign", g.pick("all", "any", "in-order", "all-at-end"))
		if g.chance(30) {
			t.get("sign").kind, t.get("sign").kids = mapTree,
				mapping(g.pick("ratio", "more_than"), g.pick("1/2", "1/2", "1/3")).kids
		}
		return []string{"approved", "rejected"}
	}
	g.form(t, id)
	if g.chance(60) {
		t.put("recall", "true")
	}
	if ways < 2 && !g.chance(15) || g.chance(30) {
		return nil
	}
	m, names := mapping(), []string{}
	for i := range max(2, ways+g.IntN(2)) {
		names = append(names, "w"+strconv.Itoa(i))
		m.put(names[i], "W")
	}
	t.put("answers", m)
	return names
}

// form lets a task fill in fields of its own.
func (g *generator) form(t *tree, id string) {
	switch g.IntN(4) {
	case 0:
		name := "f_" + id
		if g.row {
			g.rows.put(name, field("yes-no"))
			g.cols = append(g.cols, name)
			t.put("form", texts([]string{"unit." + name}))
		} else {
			g.data.put(name, field("yes-no"))
			g.fields = append(g.fields, name)
			t.put("form", texts([]string{name}))
		}
	case 1:
		if g.row {
			return
		}
		name := g.count("n_" + id)
		t.put("form", texts([]string{name}))
		if g.chance(40) {
			t.put("optional", texts([]string{name}))
		}
	}
}

// wait makes a step that waits for the first of several things.
func (g *generator) wait(s *tree, ways int) []string {
	m, names, timed := mapping(), []string{}, false
	for i := range max(ways, 1+g.IntN(2)) {
		names = append(names, "w"+strconv.Itoa(i))
		switch k := g.IntN(3); {
		case k == 0:
			m.put(names[i], mapping("message", g.pick(g.msgs...)))
		case k == 1 && !timed: // a second one would never come
			timed = true
			m.put(names[i], mapping(g.moment("now")...))
		default:
			m.put(names[i], mapping("when", g.guard()))
		}
	}
	s.put("wait", m)
	return names
}

// whole says of the rows of a for_each how they run, when there are enough, and who adds some or ends it.
func (g *generator) whole(m *tree) {
	if g.chance(40) {
		m.put("order", g.pick("one-by-one", "one-by-one", "together"))
	}
	if g.chance(40) {
		m.put("until", g.pick("finished >= 1", "finished >= 0.6 * total", "running < 2", g.guard()))
		if g.chance(50) {
			m.put("rest", g.pick("cancel", "cancel", "absorb"))
		}
	}
	if g.chance(25) {
		add := mapping("by", "a", "form", texts([]string{"unit.name"}))
		if g.chance(40) {
			add.put("optional", texts([]string{"unit.name"}))
		}
		m.put("add", add)
	}
	if g.chance(25) {
		m.put("finish", "b")
	}
}

// forEach runs a task or a list for each row of the table.
func (g *generator) forEach(s *tree, id string, depth int) {
	m := mapping("in", "units")
	s.put("for_each", m)
	if g.chance(15) {
		m.put("wait", "false")
	} else {
		g.whole(m)
	}
	g.row = true
	if g.chance(60) {
		t := mapping("by", g.pick("a", "b"))
		g.form(t, id)
		s.put("task", t)
	} else {
		inner, _ := g.list(depth+1, 1+g.IntN(3), []string{"done"})
		s.put("steps", inner)
	}
	g.row = false
}

// repeat runs a list again and again.
func (g *generator) repeat(s *tree, depth int) []string {
	m := mapping(g.pick("while", "until"), g.guard())
	if g.chance(40) {
		m = mapping(g.pick("while", "until"), g.pick("finished < 2", "finished >= 2", "total > 2"))
	}
	m.put("limit", "4")
	ends, outcomes := []string{"done"}, []string(nil)
	if g.chance(50) {
		m.put("ends", mapping("e9", "E"))
		ends, outcomes = []string{"done", "e9"}, []string{"done", "e9"}
	}
	inner, _ := g.list(depth+1, 1+g.IntN(3), ends)
	if declared := m.get("ends"); declared != nil && !leadsTo(inner, "e9") {
		m.remove(declared)
		outcomes = nil
	}
	m.put("steps", inner)
	s.put("repeat", m)
	return outcomes
}

// anyOrder offers all steps of a block, one at a time.
func (g *generator) anyOrder(s *tree, depth int) {
	s.put("any_order", "true")
	steps := list()
	var ids []string
	for range 2 + g.IntN(3) {
		g.steps++
		id := "s" + strconv.Itoa(g.steps)
		x := mapping("step", id, "title", "S")
		switch g.pick("task", "task", "task", "block", "wait") {
		case "task":
			t := mapping("by", g.pick("a", "b"))
			g.form(t, id)
			x.put("task", t)
		case "wait":
			x.put("wait", mapping("w0", mapping("after", g.span())))
		default:
			inner, _ := g.list(depth+1, 1+g.IntN(2), []string{"done"})
			x.put("steps", inner)
		}
		if len(ids) > 0 && g.chance(40) {
			x.put("after", texts(g.some(ids)))
		}
		ids = append(ids, id)
		steps.kids = append(steps.kids, x)
	}
	g.ids = append(g.ids, ids...)
	s.put("steps", steps)
}

// moment says when something falls due: some time after a moment that is known, or from now on.
func (g *generator) moment(known string) []any {
	if g.chance(40) {
		return []any{"at", known + " + " + g.span()}
	}
	return []any{"after", g.span()}
}

func (g *generator) span() string { return "minutes(" + strconv.Itoa(1+g.IntN(40)) + ")" }

// guard makes a condition that can be read anywhere.
func (g *generator) guard() string {
	one := func() string {
		f, n := g.pick(g.fields...), g.pick(g.counts...)
		return g.pick("has("+f+") && "+f, "!has("+f+")", "has("+f+") && !"+f, "has("+n+") && "+n+" > 1", "has("+n+")",
			g.pick("done", "open")+"('"+g.pick(g.ids...)+"')", "times('"+g.pick(g.ids...)+"') > 1")
	}
	if g.chance(15) {
		return "(" + one() + ") || " + one()
	}
	return one()
}

// ways leads on from a step: by outcome, or by conditions, one or all.
func (g *generator) ways(s *tree, to, outcomes []string) {
	switch {
	case len(outcomes) > 0 && (len(to) > 1 || g.chance(50)):
		m, back := mapping(), false
		for i, o := range outcomes {
			target := to[i%len(to)]
			if g.chance(12) {
				m.put(o, list(mapping("when", g.guard(), "to", g.pick(to...)), mapping("to", target)))
				continue
			}
			m.put(o, target)
			if i >= len(to) && g.chance(40) { // every step is led to already
				m.kids[len(m.kids)-1] = mapping("return", g.first)
				m.kids[len(m.kids)-1].key = o
				back = true
			}
		}
		if len(to) > len(outcomes) { // each step must be reached
			last := list()
			for _, x := range to[len(outcomes)-1:] {
				last.kids = append(last.kids, g.way(x, nil))
			}
			m.kids[len(m.kids)-1] = last
			last.key = outcomes[len(outcomes)-1]
			s.put("choose", "all")
		} else if !back && g.chance(20) {
			s.put("choose", g.pick("all", "all", "one"))
		}
		s.put("then", m)
	case len(to) == 1:
		s.put("then", to[0])
	case g.chance(65):
		s.put("choose", "all")
		l := list()
		for i, x := range to {
			switch {
			case g.chance(60) || i == 0 && g.chance(80):
				l.kids = append(l.kids, g.way(x, nil))
			default:
				l.kids = append(l.kids, g.way(x, text(g.guard())))
			}
		}
		if g.chance(25) {
			l.kids = append(l.kids, mapping("else", g.pick(to...)))
		}
		s.put("then", l)
	default:
		l := list()
		for _, x := range to[1:] {
			l.kids = append(l.kids, g.way(x, text(g.guard())))
		}
		l.kids = append(l.kids, g.way(to[0], nil))
		s.put("then", l)
	}
}

func (g *generator) way(to string, when *tree) *tree {
	w := mapping()
	if when != nil {
		w.put("when", when)
	}
	w.put("to", to)
	if g.chance(5) && len(g.names) > 0 {
		w.put("cancels", texts(g.some(g.names)))
	}
	if g.chance(4) {
		w.put("threads", strconv.Itoa(2+g.IntN(2)))
	}
	g.undoes(w)
	return w
}

// happens does something when a message comes or a guard holds.
func (g *generator) happens(deed, place string) *tree {
	x := mapping("message", g.pick(g.msgs...))
	if g.chance(40) {
		x = mapping("when", g.guard())
	}
	x.put(deed, place)
	g.undoes(x)
	if g.chance(25) {
		x.put("once", "true")
	}
	if g.chance(8) && len(g.names) > 0 {
		x.put("cancels", texts(g.some(g.names)))
	}
	return x
}

// aside gives a step timeouts and events that lead to one of `to`, or do something else.
func (g *generator) aside(s *tree, to, ends []string, percent int) {
	places := append([]string{}, to...)
	if len(places) == 0 {
		places = []string{g.end(ends)}
	}
	known := "now"
	if g.chance(12) {
		s.put("within", g.span())
		known = "due"
	}
	timeouts, events := list(), list()
	for _, place := range places {
		if !g.chance(percent) {
			continue
		}
		deed := g.pick("to", "also")
		if g.chance(50) {
			x := mapping(append(g.moment(known), deed, place)...)
			if deed == "also" && g.chance(25) {
				x.put("every", g.span())
			}
			g.undoes(x)
			if g.chance(8) && len(g.names) > 0 {
				x.put("cancels", texts(g.some(g.names)))
			}
			timeouts.kids = append(timeouts.kids, x)
			continue
		}
		events.kids = append(events.kids, g.happens(deed, place))
	}
	if g.chance(8) {
		deed := g.pick("escalate", "reassign", "remind")
		x := mapping("after", g.span(), deed, "c")
		if deed != "reassign" && g.chance(50) {
			x.put("every", g.span())
		}
		timeouts.kids = append(timeouts.kids, x)
	}
	if len(timeouts.kids) > 0 {
		s.put("timeouts", timeouts)
	}
	if len(events.kids) > 0 {
		s.put("events", events)
	}
}

// event adds an event to a step.
func (g *generator) event(s, e *tree) {
	if events := s.get("events"); events != nil {
		events.kids = append(events.kids, e)
		return
	}
	s.put("events", list(e))
}
