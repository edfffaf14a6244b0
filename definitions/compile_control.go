package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// FailedError is the error of work that another case or machine could not do.
const FailedError = "failed"

// maxRounds is how often a repeat runs unless it says so itself.
const maxRounds = 1_000

// waiting reads what a step waits for once it has been entered: a condition, and a lock.
func (c *compiler) waiting(s *Step, n *node, row *value.Field) {
	s.OnlyWhile = c.guard(n.get("only_while"), formula.Names{Row: row, Settled: true})
	if lock := n.get("exclusive"); lock.isText() {
		s.Lock = &Lock{Name: lock.text, Place: lock.place()}
	}
	if s.Graph.AnyOrder {
		if s.Lock != nil {
			n.keyNode("exclusive").fault("not-for-type", "leave exclusive out",
				"the steps of an any_order list exclude one another already")
		}
		s.Lock = &Lock{Place: s.Place}
		return
	}
	if n.has("after") {
		n.keyNode("after").fault("not-for-type", "then: of the step before it says what follows",
			"after belongs to the steps of an any_order list")
	}
}

// onward reads where a step goes on to, if the step says that itself.
func (c *compiler) onward(s *Step, n *node, row *value.Field) {
	if !s.Graph.AnyOrder && !s.Undoes {
		c.ways(s, n, row)
		return
	}
	why := "after: says what follows in an any_order list"
	if s.Undoes {
		why = "a step that undoes another leads nowhere; where several things are to be done, make a block of it"
	}
	for _, key := range []string{"then", "choose", "join"} {
		if n.has(key) {
			n.keyNode(key).fault("not-for-type", "leave "+key+" out", "%s", why)
		}
	}
	if s.Undoes {
		if c.stops[s.Graph] == nil {
			c.stops[s.Graph] = &End{ID: StopEnd}
		}
		s.Ways = []*Way{{End: c.stops[s.Graph], Place: s.Place}}
	}
}

// following is the next step of the list that a way can lead to.
func following(s *Step) *Step {
	for _, next := range s.Graph.Steps[s.Index+1:] {
		if !next.Undoes {
			return next
		}
	}
	return nil
}

// handlers finds the steps that undo others, before ways are read.
func (c *compiler) handlers(g *Graph) {
	for _, s := range g.Steps {
		n := c.nodes[s].get("compensate")
		if n == nil {
			continue
		}
		by := g.Step(n.str())
		var names []string
		for _, other := range g.Steps {
			if other != s {
				names = append(names, other.ID)
			}
		}
		switch {
		case by == nil:
			n.fault("unknown-step", hintAmong(n.str(), names), "there is no step %s in this list", clipped(n.str()))
		case g.AnyOrder:
			n.fault("wrong-value", "make "+s.ID+" a block, with "+by.ID+" inside it",
				"in an any_order list all steps are done: none of them undoes another")
		case by == s || by.Index == 0:
			n.fault("wrong-value", "write it further down the list, as a step of its own",
				"%s cannot be what undoes %s", by.ID, s.ID)
		default:
			s.Compensate, by.Undoes = by, true
		}
	}
	for _, s := range g.Steps {
		if s.Undoes && s.Compensate != nil {
			c.nodes[s].keyNode("compensate").fault("not-for-type", "", "%s undoes another step: it is not undone itself", s.ID)
		}
	}
}

// kept lists what the step that undoes s sees as it was: what s fills in, but for whole tables, and what is computed
// from it.
func (c *compiler) kept(s *Step, row *value.Field) []*FormField {
	var out []*FormField
	add := func(f *value.Field, ofRow bool) {
		table := c.parent[f]
		inTable := table != nil && table.Kind == value.TableKind
		if f == nil || f.Kind == value.TableKind || inTable && (!ofRow || table != row) ||
			slices.ContainsFunc(out, func(o *FormField) bool { return o.Field == f }) {
			return
		}
		one := &FormField{Field: f, OfRow: inTable}
		if inTable {
			one.Table = table
		}
		out = append(out, one)
	}
	filledBy(s, add)
	for _, r := range c.p.Rules {
		if r.Value != nil && slices.ContainsFunc(r.Value.Reads(), func(path string) bool {
			full := c.fullName(path) + "."
			return slices.ContainsFunc(out, func(o *FormField) bool { return strings.HasPrefix(full, o.Path+".") })
		}) {
			add(r.Field, true)
		}
	}
	return out
}

// filledBy tells add each field that a step and those inside it fill in, but for the rows of a for_each.
func filledBy(s *Step, add func(f *value.Field, ofRow bool)) {
	form := func(f *Form) {
		if f != nil {
			for _, x := range f.Fields {
				add(x.Field, x.OfRow && x.Table != f.Add)
			}
		}
	}
	assigned := func(list []*Assign) {
		for _, a := range list {
			add(a.Into, a.OfRow)
		}
	}
	switch w := s.Work.(type) {
	case *Task:
		form(w.Form)
	case *Wait:
		for _, one := range w.For {
			if one.Message != nil {
				form(one.Message.Form)
			}
		}
	case *Call:
		assigned(w.Take)
	case *Request, *Job:
		assigned(GivenOf(w).Take)
	case *Set:
		assigned(w.Values)
	case *Decide:
		for _, o := range w.Outputs {
			if o != nil && o.Into != nil {
				add(o.Into, o.OfRow)
			}
		}
	case *Block, *Repeat:
		for _, inner := range innerSteps(s) {
			filledBy(inner, add)
		}
	case *Junction, *Multi:
	}
}

// undo reads what is compensated.
func (c *compiler) undo(n *node, g *Graph) *Undo {
	switch {
	case n == nil:
		return nil
	case n.str() == "all" || n.str() == "block":
		return &Undo{All: n.text == "all"}
	}
	u := &Undo{}
	for _, item := range n.all() {
		var names []string
		var hit *Step
		for at := g; at != nil && hit == nil; at = at.Owner.Graph {
			for _, s := range at.Steps {
				if c.nodes[s].has("compensate") {
					names = append(names, s.ID)
					if s.ID == item.text {
						hit = s
					}
				}
			}
		}
		if hit == nil {
			item.fault("unknown-step", report.DidYouMean(item.text, names),
				"there is no step %s with a compensate in this list or around it", clipped(item.str()))
			continue
		}
		u.Steps = append(u.Steps, hit)
	}
	return u
}

// anyOrder makes the ways of a list whose steps may be done in any order: each is entered at the start, or when all
// that it comes after are done.
func (c *compiler) anyOrder(g *Graph) {
	if owner := c.nodes[g.Owner]; owner.has("ends") {
		owner.keyNode("ends").fault("not-for-type", "", "an any_order list ends when all its steps are done: it has no ends")
		return
	}
	var after [][]*Step
	for _, s := range g.Steps {
		after = append(after, c.comesAfter(s, c.nodes[s].get("after")))
	}
	if s := circular(g, after); s != nil {
		c.nodes[s].keyNode("after").fault("circle", "", "%s comes after itself", s.ID)
		return
	}
	for i, s := range g.Steps {
		switch len(after[i]) {
		case 0:
			g.Entries = append(g.Entries, s)
		case 1:
		default:
			s.Join.Kind = JoinAll
		}
		for _, before := range after[i] {
			before.Choose = ChooseAll
			before.Ways = append(before.Ways, &Way{Index: len(before.Ways), To: s, Place: s.Place})
		}
	}
	for _, s := range g.Steps {
		if len(s.Ways) == 0 {
			s.Ways = []*Way{{End: g.Ends[0], Place: s.Place}}
		}
	}
}

func (c *compiler) comesAfter(s *Step, n *node) []*Step {
	var out []*Step
	for _, item := range n.all() {
		var names []string
		for _, o := range s.Graph.Steps {
			if o != s {
				names = append(names, o.ID)
			}
		}
		switch before := s.Graph.Step(item.str()); {
		case before == nil || before == s:
			item.fault("unknown-step", hintAmong(item.str(), names), "%s cannot come after %s", s.ID, clipped(item.str()))
		case !slices.Contains(out, before):
			out = append(out, before)
		}
	}
	return out
}

// circular gives a step that comes after itself; nil if there is none.
func circular(g *Graph, after [][]*Step) *Step {
	next := make([][]int, len(g.Steps))
	for i, list := range after {
		for _, before := range list {
			next[i] = append(next[i], before.Index)
		}
	}
	for i, s := range g.Steps {
		if circleThrough(next, i) != nil {
			return s
		}
	}
	return nil
}

// raced refuses places that cannot stand in a race: only what waits for somebody or something can be first.
func (c *compiler) raced(s *Step, w *Way, n *node) {
	if s.Choose != ChooseFirst {
		return
	}
	fits := w.To != nil && !c.nodes[w.To].has("join") && !c.nodes[w.To].has("for_each") &&
		(c.nodes[w.To].has("task") || c.nodes[w.To].has("wait"))
	if !fits {
		n.fault("wrong-value", "lead to a task or a wait without join",
			"%s cannot be the first at which something happens", clipped(n.str()))
	}
}

// repeat compiles a list that runs again and again. Reaching its plain end ends a round; an end of its own leaves it.
func (c *compiler) repeat(s *Step, n *node, row *value.Field) {
	r := &Repeat{Body: &Graph{Owner: s}, Limit: maxRounds}
	s.Work = r
	if n.has("ends") {
		c.ends(r.Body, n.get("ends"))
	}
	r.Body.Ends = append([]*End{{ID: DoneEnd}}, r.Body.Ends...)
	if own := outcomesOf(r.Body); len(own) > 0 {
		s.Outcomes = append([]Outcome{{ID: DoneEnd}}, own...)
	}
	names := formula.Names{Row: row, Counts: true}
	switch c.exactlyOne(n, "while", "until") {
	case "while":
		r.While = c.guard(n.get("while"), names)
	case "until":
		r.Until = c.guard(n.get("until"), names)
	}
	if limit := n.get("limit"); limit != nil {
		r.Limit = c.countUpTo(limit, 1, maxActsOfRepeat)
	}
	c.list(r.Body, n.get("steps"), row)
}

// maxActsOfRepeat bounds `limit`: a case keeps at most so many activations.
const maxActsOfRepeat = 10_000

// adding reads who may add rows to a for_each while it runs, and who may end it early.
func (c *compiler) adding(m *Multi, f *node) {
	if m.Table == nil {
		return
	}
	if add := f.get("add"); add != nil {
		m.Add = &Adding{By: c.who(add.get("by"), formula.Names{Manager: true}), Form: &Form{Add: m.Table}}
		c.fillIn(m.Add.Form, add, nil)
	}
	if finish := f.get("finish"); finish != nil {
		who := c.who(finish, formula.Names{Manager: true})
		m.Finish = &who
	}
}

// raisable refuses the name of an error that nothing inside a step can raise.
func (c *compiler) raisable(s *Step, n *node) {
	if !n.isText() || n.text == "*" {
		return
	}
	names := raises(s, nil)
	if !slices.Contains(names, n.text) {
		n.fault("unknown-error", hintAmong(n.text, names), "nothing in %s raises the error %s", s.ID, clipped(n.text))
	}
}

// raises lists the errors that can come up in a step: by its ends, by those inside it, by a case that it calls.
func raises(s *Step, out []string) []string {
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, name := range RaisedBy(s) {
		add(name)
	}
	if g := s.Inside(); g != nil {
		for _, e := range g.Ends {
			if e.Error {
				add(e.ID)
			}
		}
		for _, inner := range g.Steps {
			out = raises(inner, out)
		}
	}
	return out
}

// calleeGraph is the outermost list of a called procedure; nil if it does not exist.
func calleeGraph(w *Call) *Graph {
	if w.Callee == nil {
		return nil
	}
	return caseGraph(w.Callee)
}
