package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// ends reads the outcomes that a list declares. Without any, its one end is done.
func (c *compiler) ends(g *Graph, n *node) {
	for _, e := range n.pairs() {
		c.reserved(e.key)
		end := &End{ID: e.key.text, Title: e.value.str(), Place: e.key.place()}
		c.nodes[end] = e.value
		if e.value.isMap() {
			end.Title = e.value.get("title").str()
			end.Cancels = e.value.has("cancels")
			end.Error = e.value.get("error").yes()
			end.Cancels = end.Cancels || end.Error && g == c.graph // the case is over
		}
		g.Ends = append(g.Ends, end)
	}
	if n == nil {
		g.Ends = []*End{{ID: "done"}}
	}
}

// outcomesOf are the results that the runner of a list can see: its ends, unless done is the only one. An error is
// not a result: it is raised.
func outcomesOf(g *Graph) []Outcome {
	var out []Outcome
	for _, e := range g.Ends {
		if e.ID != "done" && !e.Error {
			out = append(out, Outcome{ID: e.ID, Title: e.Title})
		}
	}
	return out
}

// list compiles the steps of one graph. row is the table whose row is in scope.
func (c *compiler) list(g *Graph, n *node, row *value.Field) {
	c.lists = append(c.lists, g)
	for _, item := range n.all() {
		if item.isMap() && item.get("step") != nil {
			c.newStep(g, item)
		}
	}
	if n.isList() && len(n.items) == 0 {
		n.fault("missing-key", "", "a list without steps")
	}
	c.handlers(g)
	for _, s := range g.Steps {
		c.step(s, c.nodes[s], row)
	}
	for _, s := range g.Steps {
		if s.Compensate != nil {
			s.Kept = c.kept(s, row)
		}
	}
	for _, e := range g.Ends {
		if n := c.nodes[e]; n != nil {
			e.Undo = c.undo(n.get("undo"), g)
		}
	}
	if g.AnyOrder {
		c.anyOrder(g)
	} else {
		g.Entries = g.Steps[:min(1, len(g.Steps))]
	}
}

func (c *compiler) newStep(g *Graph, n *node) {
	id := n.get("step")
	s := &Step{ID: id.text, Title: n.get("title").str(), Graph: g, Index: len(g.Steps), Place: id.place(),
		Rules: rulesOf(n, c.b.out.Office)}
	c.reserved(id)
	if first := c.p.Steps[s.ID]; first != nil {
		id.fault("duplicate-step", "step ids are unique in a procedure", "the step %s stands here again, first on line %d",
			s.ID, first.Place.Line)
	} else {
		c.p.Steps[s.ID] = s
	}
	if slices.ContainsFunc(g.Ends, func(e *End) bool { return e.ID == s.ID }) {
		id.fault("duplicate-name", "", "%s is an end of this list as well: where would a way lead?", s.ID)
	}
	c.nodes[s] = n
	g.Steps = append(g.Steps, s)
}

// step compiles what stands on one step.
func (c *compiler) step(s *Step, n *node, row *value.Field) {
	if n.has("for_each") {
		c.multi(s, n, row)
	} else {
		c.work(s, n, row)
	}
	if n.has("ends") && !n.has("steps") && !n.has("repeat") {
		n.keyNode("ends").fault("not-for-type", "", "only a block (steps) has ends")
	}
	c.clock(s, n, row)
	c.waiting(s, n, row)
	switch n.get("choose").str() {
	case "all":
		s.Choose = ChooseAll
	case "first-event":
		s.Choose = ChooseFirst
	}
	c.onward(s, n, row)
	s.Final = n.get("returnable").str() == "false"
	c.deeds(s, n, s.Graph, row)
	s.Cancels = c.cancels(n.get("cancels"), s.Graph)
	s.Issues = append(s.Issues, c.issues(s, n.get("issues"))...)
}

func (c *compiler) clock(s *Step, n *node, row *value.Field) {
	s.Within = c.when(n.get("within"), formula.Names{Row: row, Now: true})
}

// work compiles the one kind of work of a step; none makes it a junction.
func (c *compiler) work(s *Step, n *node, row *value.Field) {
	var kinds []string
	for _, k := range stepKinds {
		if n.has(k) {
			kinds = append(kinds, k)
		}
	}
	if len(kinds) > 1 {
		n.keyNode(kinds[1]).fault("two-kinds", "make two steps of it", "a step does one kind of work, not %s",
			strings.Join(kinds, " and "))
	}
	s.Work = &Junction{}
	if len(kinds) == 0 {
		return
	}
	w := n.get(kinds[0])
	switch kinds[0] {
	case "task":
		c.task(s, w, row)
	case "wait":
		c.wait(s, w, row)
	case "call":
		c.call(s, w, row)
	case "set":
		s.Work = &Set{Values: c.assigns(w, row)}
	case "decide":
		c.decide(s, w, row)
	case "repeat":
		c.repeat(s, w, row)
	case "request":
		c.request(s, w, row)
	case "job":
		c.job(s, w, row)
	case "collect":
		c.collect(s, w)
	case "steps":
		g := &Graph{Owner: s, AnyOrder: n.get("any_order").yes()}
		s.Work = &Block{Graph: g}
		c.ends(g, n.get("ends"))
		s.Outcomes = outcomesOf(g)
		c.list(g, w, row)
	}
}

// multi compiles for_each. The step itself keeps its ways, clock and deeds, which concern the whole; its work goes
// inside, once for each row.
func (c *compiler) multi(s *Step, n *node, row *value.Field) {
	m := &Multi{}
	s.Work = m
	f := n.get("for_each")
	if row != nil {
		n.keyNode("for_each").fault("too-deep", "call a procedure for each row", "a for_each inside that over %s", row.Path)
	}
	if in := f.get("in"); in != nil {
		m.Table = c.tableAt(in)
	} else if f == nil {
		m.Table = c.tableMeant(n)
	}
	m.Until = c.enough(f)
	m.Cancel = f.get("rest").str() == "cancel"
	m.InOrder = f.get("order").str() == "one-by-one"
	c.adding(m, f)
	m.Body = &Graph{Owner: s}
	if n.has("steps") {
		c.ends(m.Body, n.get("ends"))
		c.list(m.Body, n.get("steps"), m.Table)
	} else {
		done := &End{ID: "done"}
		inner := &Step{ID: s.ID, Title: s.Title, Graph: m.Body, Place: s.Place, Inputs: []int{-1}}
		m.Body.Ends, m.Body.Steps, m.Body.Entries = []*End{done}, []*Step{inner}, []*Step{inner}
		c.work(inner, n, m.Table)
		inner.Ways = []*Way{{End: done, Place: s.Place}}
		if issues := n.get("issues"); issues.isMap() && len(inner.Outcomes) > 0 {
			inner.Issues = c.issues(inner, issues)
		}
		if _, idle := inner.Work.(*Junction); idle && !slices.ContainsFunc(stepKinds, n.has) {
			n.keyNode("for_each").fault("missing-key", "task, call, set or steps", "for_each without work to do")
		}
	}
	if m.Table != nil {
		m.Fills = c.fillsOf(m.Body, m.Table, nil)
	}
}

// enough reads when a for_each goes on without the rows that still run: `wait: false` does at once.
func (c *compiler) enough(f *node) *formula.Guard {
	wait := f.get("wait")
	if wait.str() != "false" {
		return c.guard(f.get("until"), formula.Names{Counts: true})
	}
	for _, key := range []string{"until", "rest", "order", "add", "finish"} {
		if f.has(key) {
			f.keyNode(key).fault("not-for-type", "take `wait: false` out", "nothing is waited for: %s says nothing", key)
		}
	}
	g, _ := c.p.Formulas.Guard("true", formula.Names{})
	c.p.texts[g] = textPlace{node: wait}
	return g
}

// tableMeant is the table of a refused `for_each: guests`, so that what is said of its rows is not blamed as well.
func (c *compiler) tableMeant(n *node) *value.Field {
	for _, e := range n.entries {
		if e.key.text != "for_each" || e.value.kind != scalarNode {
			continue
		}
		if f := c.p.Data.Field(e.value.text); f != nil && f.Kind == value.TableKind {
			return f
		}
	}
	return nil
}

// fillsOf lists the columns of the table that a graph fills in its row.
func (c *compiler) fillsOf(g *Graph, table *value.Field, out []*value.Field) []*value.Field {
	assigned := func(list []*Assign) {
		for _, a := range list {
			if a.OfRow && c.parent[a.Into] == table {
				out = appendNew(out, a.Into)
			}
		}
	}
	for _, s := range g.Steps {
		switch w := s.Work.(type) {
		case *Task:
			for _, f := range w.Form.Fields {
				if f.OfRow && f.Table == table {
					out = appendNew(out, f.Field)
				}
			}
		case *Set:
			assigned(w.Values)
		case *Call:
			assigned(w.Take)
		case *Request:
			assigned(w.Take)
		case *Job:
			assigned(w.Take)
		case *Decide:
			for _, o := range w.Outputs {
				if o.OfRow && c.parent[o.Into] == table {
					out = appendNew(out, o.Into)
				}
			}
		case *Block:
			out = c.fillsOf(w.Graph, table, out)
		case *Repeat:
			out = c.fillsOf(w.Body, table, out)
		case *Junction, *Wait, *Multi: // nothing of this row: tables are one level deep
		}
	}
	return out
}

func (c *compiler) wait(s *Step, n *node, row *value.Field) {
	w := &Wait{}
	s.Work = w
	for _, e := range n.pairs() {
		if !e.value.isMap() {
			continue
		}
		f := &WaitFor{Outcome: e.key.text}
		kind := c.exactlyOne(e.value, "message", "at", "after", "when")
		switch v := e.value.get(kind); kind {
		case "message":
			f.Message = c.messageNamed(v)
		case "when":
			f.When = c.guard(v, formula.Names{Row: row, Settled: true})
		case "at", "after":
			f.Time = c.moment(v, kind, formula.Names{Row: row, Now: true})
		}
		w.For = append(w.For, f)
		title := ""
		if f.Message != nil {
			title = f.Message.Title
		}
		s.Outcomes = append(s.Outcomes, Outcome{ID: f.Outcome, Title: title})
	}
	if len(n.entries) == 0 && n.isMap() {
		n.fault("missing-key", "over: {at: …}", "it waits for nothing")
	}
}

// exactlyOne gives the one key of several that stands there; "" and a report where there is none or more.
func (c *compiler) exactlyOne(n *node, keys ...string) string {
	var has []string
	for _, k := range keys {
		if n.has(k) {
			has = append(has, k)
		}
	}
	switch len(has) {
	case 1:
		return has[0]
	case 0:
		if !slices.ContainsFunc(n.entries, func(e entry) bool { return slices.Contains(keys, meantBy(e.key.text)) }) {
			n.fault("missing-key", "", "one of %s is missing", strings.Join(keys, ", "))
		}
	default:
		n.keyNode(has[1]).fault("two-kinds", "make two entries of it", "one of %s, not %s", strings.Join(keys, ", "),
			strings.Join(has, " and "))
	}
	return ""
}

// moment compiles `at`, a moment, or `after`, a duration.
func (c *compiler) moment(n *node, kind string, names formula.Names) *formula.When {
	w := c.when(n, names)
	switch {
	case w == nil:
		return nil
	case w.IsMoment() && kind != "at":
		n.fault("wrong-type", "write at: "+clipped(n.text), "this is a moment, and %s counts a span of time", kind)
	case !w.IsMoment() && kind == "at":
		n.fault("wrong-type", "write after: "+clipped(n.text), "this is a span of time, and at is a moment")
	}
	return w
}

func (c *compiler) messageNamed(n *node) *Message {
	if !n.isText() {
		return nil
	}
	m := c.messages[n.text]
	if m == nil && c.spoilt("messages", n.text) {
		return nil
	}
	if m == nil {
		var names []string
		for _, x := range c.p.Messages {
			names = append(names, x.ID)
		}
		n.fault("unknown-message", hintAmong(n.text, names), "there is no message %s", clipped(n.text))
	}
	return m
}

func (c *compiler) call(s *Step, n *node, row *value.Field) {
	w := &Call{NoWait: n.get("wait").str() == "false"}
	s.Work = w
	id := n.get("procedure")
	if id == nil {
		return
	}
	w.Procedure = id.text
	other := c.b.byID[id.text]
	if other == nil {
		var names []string
		for _, x := range c.b.procs {
			names = append(names, x.p.ID)
		}
		id.fault("unknown-procedure", hintAmong(id.text, names), "the office has no procedure %s", clipped(id.text))
		return
	}
	w.Callee = other.p
	if !slices.Contains(c.calls, other) {
		c.calls = append(c.calls, other)
	}
	for _, e := range n.get("with").pairs() {
		if into, ok := other.target(e.key, nil); ok {
			w.With = append(w.With, &Assign{Into: into.field,
				Value: c.value(e.value, formula.Names{Row: row}, into.field)})
		}
	}
	if w.NoWait {
		if n.has("take") {
			n.keyNode("take").fault("not-for-type", "take `wait: false` out", "nothing is waited for: nothing can be taken")
		}
		return
	}
	s.Outcomes = other.p.Case.Outcomes
	its := &value.Field{Name: "its", Path: "its", Kind: value.RecordKind, Fields: other.p.Data.Fields}
	for _, e := range n.get("take").pairs() {
		if into, ok := c.target(e.key, row); ok {
			w.Take = append(w.Take, &Assign{Into: into.field, OfRow: into.ofRow, Value: c.value(e.value,
				formula.Names{Row: row, Outcome: true, Extra: []*value.Field{its}}, into.field)})
		}
	}
}
