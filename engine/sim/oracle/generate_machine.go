package oracle

import "strconv"

// decide looks something up in a table: over two conditions, or over a field that may be empty.
func (g *generator) decide(s *tree, id string, ways int) []string {
	hit := g.pick("unique", "unique", "first", "any", "sum", "min", "max", "count", "collect", "rule-order")
	d := mapping("hit", hit)
	s.put("decide", d)
	inputs := [][]string{{"yes", "no", "empty"}}
	if g.chance(75) {
		d.put("inputs", texts([]string{g.guard(), g.guard()}))
		inputs = [][]string{{"yes", "no", "-"}, {"yes", "no", "-"}}
	} else {
		d.put("inputs", texts([]string{g.pick(g.fields...)}))
	}
	switch hit {
	case "unique", "first", "any":
		return g.single(d, hit, id, inputs, ways)
	case "collect", "rule-order":
		name := "l_" + id
		g.data.put(name, field("texts"))
		d.put("outputs", texts([]string{name}))
	default:
		d.put("outputs", texts([]string{g.count("d_" + id)}))
	}
	rows := list()
	for range 2 + g.IntN(3) {
		row := g.cells(inputs)
		if hit != "count" {
			row.kids = append(row.kids, text(strconv.Itoa(g.IntN(4))))
		}
		rows.kids = append(rows.kids, row)
	}
	d.put("rows", rows)
	return nil
}

// cells makes a row of cells that stand under the inputs.
func (g *generator) cells(inputs [][]string) *tree {
	row := list()
	for _, cells := range inputs {
		row.kids = append(row.kids, text(g.pick(cells...)))
	}
	return row
}

// single makes a table of which one row counts: it gives a number, and the outcome where the step has several ways.
func (g *generator) single(d *tree, hit, id string, inputs [][]string, ways int) []string {
	var names []string
	for i := range max(2, ways) {
		names = append(names, "w"+strconv.Itoa(i))
	}
	outputs := []string{g.count("d_" + id)}
	named := ways > 1 || g.chance(40)
	if named {
		outputs = append(outputs, "outcome")
	}
	d.put("outputs", texts(outputs))
	rows, n := list(), 0
	give := func(row *tree) *tree {
		row.kids = append(row.kids, text(strconv.Itoa(n%4)))
		if named {
			row.kids = append(row.kids, text(names[n%len(names)]))
		}
		return row
	}
	switch {
	case hit == "any":
		for range 2 {
			rows.kids = append(rows.kids, give(g.cells(inputs)))
		}
	case len(inputs) == 1:
		for _, cell := range inputs[0] {
			rows.kids = append(rows.kids, give(texts([]string{cell})))
			n++
		}
	default:
		for _, cells := range [][]string{{"yes", "yes"}, {"yes", "no"}, {"no", g.pick("yes", "no", "-")}} {
			rows.kids = append(rows.kids, give(texts(cells)))
			n++
		}
	}
	d.put("rows", rows)
	n++
	d.put("else", give(list()))
	if !named {
		return nil
	}
	return names
}

// job makes work for a worker outside.
func (g *generator) job(s *tree, id string, ways int) []string {
	j := mapping("kind", "dig", "errors", mapping("oops", "O"))
	s.put("job", j)
	g.given(j, id, "answer.said")
	if ways < 2 && g.chance(60) {
		return nil
	}
	m, names := mapping(), []string{}
	for i := range max(2, ways) {
		names = append(names, "w"+strconv.Itoa(i))
		m.put(names[i], "W")
	}
	j.put("outcomes", m)
	return names
}

// request asks another system.
func (g *generator) request(s *tree, id string) {
	r := mapping("to", "far", "path", "/x", "errors", mapping("oops", "404"))
	s.put("request", r)
	g.given(r, id, g.pick("answer.said", "status"))
}

// given is what jobs and requests have in common.
func (g *generator) given(w *tree, id, take string) {
	w.put("with", mapping("size", "size"))
	w.put("answer", mapping("said", field("count")))
	if g.chance(50) {
		w.put("optional", "said")
	}
	if g.chance(50) && !g.row {
		w.put("take", mapping(g.count("j_"+id), take))
	}
	w.put("retry", mapping("times", g.pick("0", "1")))
}
