package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// ways reads `then`.
func (c *compiler) ways(s *Step, n *node, row *value.Field) {
	then := n.get("then")
	switch {
	case then == nil && n.has("then"): // refused
	case then == nil:
		c.nextInList(s, n)
	case then.isMap() && !slices.ContainsFunc([]string{"to", "else", "return"}, then.has):
		c.byOutcome(s, then, row)
	default:
		c.someWays(s, "", then, row)
	}
	for i, w := range s.Ways {
		w.Index = i
	}
}

// nextInList is the way of a step that says none.
func (c *compiler) nextInList(s *Step, n *node) {
	if len(s.Outcomes) > 1 {
		n.get("step").fault("no-way", "then: {"+strings.Join(outcomeIDs(s), ": …, ")+": …}",
			"%s has several outcomes and does not say where each leads", s.ID)
		return
	}
	w := &Way{Place: s.Place}
	switch g := s.Graph; {
	case following(s) != nil:
		w.To = following(s)
	case g.Ends[0].ID == "done":
		w.End = g.Ends[0]
	default:
		n.get("step").fault("no-way", "then: "+g.Ends[0].ID, "%s is the last of its list and does not say which end it "+
			"reaches", s.ID)
		return
	}
	c.implied[w] = true
	s.Ways = []*Way{w}
}

func outcomeIDs(s *Step) []string {
	var ids []string
	for _, o := range s.Outcomes {
		ids = append(ids, o.ID)
	}
	return ids
}

// byOutcome reads a mapping from outcomes to ways. Every outcome must have one.
func (c *compiler) byOutcome(s *Step, then *node, row *value.Field) {
	ids := outcomeIDs(s)
	var missing []string
	misspelt := 0
	for _, e := range then.pairs() {
		outcome := e.key.text
		switch {
		case slices.Contains(ids, outcome):
		case len(ids) == 0 && outcome == "done":
			outcome = ""
		case len(ids) == 0:
			e.key.fault("unknown-outcome", "then: "+clipped(e.value.str()), "%s has no outcomes to tell apart", s.ID)
			continue
		default:
			e.key.fault("unknown-outcome", hintAmong(outcome, ids), "%s is no outcome of %s", clipped(outcome), s.ID)
			misspelt++
			continue
		}
		c.someWays(s, outcome, e.value, row)
	}
	for _, id := range ids {
		if !then.has(id) {
			missing = append(missing, id)
		}
	}
	for _, id := range missing[min(misspelt, len(missing)):] { // the others are those that are misspelt
		then.fault("missing-outcome", id+": …", "%s does not say where the outcome %s leads", s.ID, id)
	}
}

// someWays reads one way or a list of ways, all for the same outcome.
func (c *compiler) someWays(s *Step, outcome string, n *node, row *value.Field) {
	items := n.all()
	open := false // an earlier way is always taken
	for _, item := range items {
		w := &Way{Outcome: outcome, Place: item.place()}
		to, kind := item, ""
		if item.isMap() {
			w.When = c.guard(item.get("when"), formula.Names{Row: row, Now: true, Outcomes: outcomeIDs(s)})
			w.Cancels = c.cancels(item.get("cancels"), s.Graph)
			w.Undo = c.undo(item.get("undo"), s.Graph)
			if t := item.get("threads"); t != nil {
				w.Threads = c.count(t, 2)
			}
			kind = c.exactlyOne(item, "to", "else", "return")
			w.Else = kind == "else"
			to = item.get(kind)
			if w.Else && item.has("when") {
				item.keyNode("when").fault("not-for-type", "", "else has no condition")
			}
		}
		guarded := item.isMap() && item.has("when")
		if open && s.Choose == ChooseOne {
			item.fault("way-never-taken", "write choose: all if both are taken; or give the one before it a when",
				"the way before this one is always taken")
		}
		open = open || !guarded && !w.Else
		if kind == "return" && c.leadBack(w, s, to) || kind != "return" && c.lead(w, s.Graph, to) {
			s.Ways = append(s.Ways, w)
			c.raced(s, w, to)
		}
	}
	if n.isList() && len(n.items) == 0 {
		n.fault("missing-key", "", "a list without ways")
	}
}

// leadBack resolves the step that a way returns to.
func (c *compiler) leadBack(w *Way, s *Step, n *node) bool {
	if !n.isText() {
		return false
	}
	if s.Choose == ChooseAll {
		n.fault("not-for-type", "choose one way", "a return takes back what came of the step: no other way goes with it")
	}
	var names []string
	for _, other := range s.Graph.Steps {
		if other.ID == n.text {
			w.Return = other
			return true
		}
		names = append(names, other.ID)
	}
	hint := report.DidYouMean(n.text, names)
	if c.p.Steps[n.text] != nil || c.stepElsewhere(n.text) {
		hint = n.text + " stands in another list: a way returns to a step of its own list"
	}
	n.fault("unknown-place", hint, "there is no step %s in this list", clipped(n.text))
	return false
}

// lead resolves the place that a way leads to: a step or an end of the list.
func (c *compiler) lead(w *Way, g *Graph, n *node) bool {
	if !n.isText() {
		return false
	}
	var names []string
	for _, s := range g.Steps {
		if s.ID == n.text {
			w.To = s
			return true
		}
		names = append(names, s.ID)
	}
	for _, e := range g.Ends {
		if e.ID == n.text {
			w.End = e
			return true
		}
		names = append(names, e.ID)
	}
	if n.text == "stop" {
		if c.stops[g] == nil {
			c.stops[g] = &End{ID: "stop"}
		}
		w.End = c.stops[g]
		return true
	}
	var hint string
	switch other := c.p.Steps[n.text]; {
	case other != nil || c.stepElsewhere(n.text):
		hint = n.text + " stands in another list: a way leads to a step or an end of its own list"
	case n.text == "done":
		hint = "this list has ends of its own: " + joinIDs(g.Ends)
	default:
		hint = hintAmong(n.text, append(names, "stop"))
	}
	n.fault("unknown-place", hint, "there is no step or end %s in this list", clipped(n.text))
	return false
}

func joinIDs(ends []*End) string {
	ids := make([]string, len(ends))
	for i, e := range ends {
		ids[i] = e.ID
	}
	return strings.Join(ids, ", ")
}

// stepElsewhere also knows steps of lists that are not compiled yet.
func (c *compiler) stepElsewhere(id string) bool {
	all := map[string]bool{}
	stepIDs(c.root, all)
	return all[id]
}

// cancels resolves steps that are withdrawn: of this list, or of one around it.
func (c *compiler) cancels(n *node, g *Graph) []*Step {
	var out []*Step
	for _, item := range n.all() {
		var names []string
		var hit *Step
		for at := g; at != nil && hit == nil; at = at.Owner.Graph {
			for _, s := range at.Steps {
				names = append(names, s.ID)
				if s.ID == item.text {
					hit = s
				}
			}
		}
		if hit == nil {
			hint := report.DidYouMean(item.text, names)
			if c.stepElsewhere(item.text) {
				hint = item.text + " stands inside another step: name that one, or let " + item.text +
					" go by itself: events: {message: …, to: …}, of a message that is to: each"
			}
			item.fault("unknown-step", hint, "there is no step %s in this list or around it", clipped(item.str()))
			continue
		}
		out = append(out, hit)
	}
	return out
}

// deeds reads timeouts and events. Their ways lead into list.
func (c *compiler) deeds(s *Step, n *node, list *Graph, row *value.Field) {
	for i, item := range n.get("timeouts").all() {
		if !item.isMap() {
			continue
		}
		t := &Timeout{Index: i}
		names := formula.Names{Row: row, Now: true, Due: n.has("within")}
		if kind := c.exactlyOne(item, "after", "at"); kind != "" {
			t.Time = c.moment(item.get(kind), kind, names)
		}
		t.Every = c.moment(item.get("every"), "every", names)
		t.Do = c.deed(s, item, list, row, "to", "also", "remind", "escalate", "reassign")
		if item.has("every") && (t.Do.Kind == DeedTo || t.Do.Kind == DeedReassign) {
			item.keyNode("every").fault("not-for-type", "", "only also, remind and escalate can be repeated")
		}
		s.Timeouts = append(s.Timeouts, t)
	}
	for i, item := range n.get("events").all() {
		if item.isMap() {
			s.Events = append(s.Events, c.event(i, item, s, list, row))
		}
	}
}

func (c *compiler) event(i int, n *node, s *Step, list *Graph, row *value.Field) *Event {
	e := &Event{Index: i, Once: n.get("once").yes()}
	switch kind := c.exactlyOne(n, "message", "error", "when"); kind {
	case "message":
		e.Message = c.messageNamed(n.get(kind))
	case "error":
		e.Error = n.get(kind).str()
		c.raisable(s, n.get(kind))
	case "when":
		e.When = c.guard(n.get(kind), formula.Names{Row: row, Settled: true})
	}
	e.Do = c.deed(s, n, list, row, "to", "also", "finish")
	if e.Do.Kind == DeedFinish {
		if _, many := s.Work.(*Multi); !many {
			n.keyNode("finish").fault("not-for-type", "", "only a for_each step can be finished early")
		}
	}
	return e
}

func (c *compiler) deed(s *Step, n *node, list *Graph, row *value.Field, kinds ...string) Deed {
	names := formula.Names{Row: row, Manager: true}
	kind := c.exactlyOne(n, kinds...)
	d := Deed{Cancels: c.cancels(n.get("cancels"), list), Undo: c.undo(n.get("undo"), list)}
	switch v := n.get(kind); kind {
	case "to", "also":
		d.Kind = DeedTo
		if kind == "also" {
			d.Kind = DeedAlso
		}
		w := &Way{Place: v.place()}
		if c.lead(w, list, v) {
			d.Way = w
		}
	case "remind":
		d.Kind, d.Who = DeedRemind, c.chosen(s, v, names)
	case "escalate":
		d.Kind, d.Who = DeedEscalate, c.chosen(s, v, names)
	case "reassign":
		d.Kind, d.Who = DeedReassign, c.chosen(s, v, names)
	case "finish":
		d.Kind = DeedFinish
		if v != nil && !v.yes() {
			v.fault("wrong-value", "", "leave finish out if it is not to be finished")
		}
	}
	if d.Undo != nil && d.Kind != DeedTo {
		n.keyNode("undo").fault("not-for-type", "", "what is not interrupted goes on: only to can undo what was done")
	}
	return d
}

// issues reads the papers that are made when a step completes.
func (c *compiler) issues(s *Step, n *node) []*Issue {
	var out []*Issue
	add := func(outcome string, list *node) {
		for _, item := range list.all() {
			d := c.documents[item.str()]
			if d == nil {
				var names []string
				for _, x := range c.p.Documents {
					names = append(names, x.ID)
				}
				item.fault("unknown-document", hintAmong(item.str(), names), "there is no document %s", clipped(item.str()))
				continue
			}
			out = append(out, &Issue{Document: d, Outcome: outcome})
		}
	}
	if !n.isMap() {
		add("", n)
		return out
	}
	if m, ok := s.Work.(*Multi); ok && len(m.Body.Steps) == 1 && len(m.Body.Steps[0].Issues) > 0 {
		return nil // the work inside has them
	}
	for _, e := range n.pairs() {
		if !slices.ContainsFunc(s.Outcomes, func(o Outcome) bool { return o.ID == e.key.text }) {
			e.key.fault("unknown-outcome", "", "%s is no outcome of %s", clipped(e.key.text), s.ID)
			continue
		}
		add(e.key.text, e.value)
	}
	return out
}
