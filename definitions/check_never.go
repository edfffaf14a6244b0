package definitions

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// neverTaken finds ways that no values take: their own condition is never true, or those before it have taken all for
// which it is.
func (c *checker) neverTaken(s *Step, run *passage) {
	if s.Choose == ChooseFirst {
		return
	}
	for n, w := range s.Ways {
		rest := w.isRest(s, n)
		if w.When == nil && !rest {
			continue
		}
		dead, looked := true, false
		for i, outcome := range run.outcomes {
			if !takes(w, outcome) || run.outs[i] == nil {
				continue
			}
			looked = true
			dead = dead && c.deadWay(s, n, outcome, run.outs[i])
		}
		if !dead || !looked {
			continue
		}
		message := "the way to %s is never taken: its condition is never true here"
		hint := "take it out, or mend the condition"
		switch {
		case rest:
			message, hint = "the way to %s is never taken: the ways before it take all there is", "take it out"
			if w.Else {
				hint = "take else out"
			}
		case !c.neverTrue(w.When, run):
			message = "the way to %s is never taken: the ways before it take all for which its condition is true"
			hint = "put it before them, take it out, or write choose: all if several are taken"
		}
		c.add(report.Problem{Place: w.Place, Code: "way-never-taken", Message: fmt.Sprintf(message, w.goal()), Hint: hint})
	}
}

// isRest tells whether the n-th way of a step is for what the others do not take.
func (w *Way) isRest(s *Step, n int) bool {
	guarded := func(o *Way) bool { return o.When != nil && (o.Outcome == w.Outcome || o.Outcome == "") }
	return w.Else || w.When == nil && s.Choose == ChooseOne && slices.ContainsFunc(s.Ways[:n], guarded)
}

// neverTrue tells whether a condition is false whatever comes of a step.
func (c *checker) neverTrue(g *formula.Guard, run *passage) bool {
	return !slices.ContainsFunc(run.outs, func(k *known) bool { return k != nil && !k.impossible(g) })
}

// deadWay tells whether no values take the n-th way of a step that has come to an outcome.
func (c *checker) deadWay(s *Step, n int, outcome string, k *known) bool {
	w := s.Ways[n]
	if w.When != nil && k.impossible(w.When) {
		return true
	}
	rest := w.isRest(s, n)
	var before []*formula.Guard
	for i, o := range s.Ways {
		if o != w && takes(o, outcome) && o.When != nil && (rest || s.Choose == ChooseOne && i < n) {
			before = append(before, o.When)
		}
	}
	if len(before) == 0 {
		return false
	}
	all := before
	if w.When != nil {
		all = append(slices.Clip(before), w.When)
	}
	ids, count, ok := c.u.together(all, k.row)
	if !ok {
		return rest && k.coveredBy(before)
	}
	for i := range count {
		vals := c.u.pick(ids, i)
		if !k.possible(ids, vals) {
			continue
		}
		scope := c.u.scope(ids, vals)
		taken := slices.ContainsFunc(before, func(g *formula.Guard) bool { return c.u.decide(g, scope) == 1 })
		if !taken && (w.When == nil || c.u.decide(w.When, scope) != 0) {
			return false
		}
	}
	return !c.work.spent()
}

// neverFirst finds conditions of a wait that are never the first to be true: those before them are true as well then.
func (c *checker) neverFirst(s *Step, held *known) {
	w, ok := s.Work.(*Wait)
	if !ok {
		return
	}
	var before []*formula.Guard
	for _, one := range w.For {
		if one.When == nil {
			continue
		}
		if held.impossible(one.When) || c.implied(one.When, before, held) {
			c.add(report.Problem{Place: c.placeOf(one.When), Code: "event-never",
				Message: fmt.Sprintf("this is never what ends %s: %s is not true there, or one before it is as well", called(s),
					one.When.Source()),
				Hint: "take it out, put it before the others, or mend the condition"})
		}
		before = append(before, one.When)
	}
}

// implied tells whether one of several conditions is true whenever another is.
func (c *checker) implied(g *formula.Guard, before []*formula.Guard, k *known) bool {
	ids, n, ok := c.u.together(append(slices.Clone(before), g), k.row)
	if len(before) == 0 || !ok {
		return false
	}
	for i := range n {
		vals := c.u.pick(ids, i)
		if !k.possible(ids, vals) {
			continue
		}
		scope := c.u.scope(ids, vals)
		if c.u.decide(g, scope) != 0 &&
			!slices.ContainsFunc(before, func(o *formula.Guard) bool { return c.u.decide(o, scope) == 1 }) {
			return false
		}
	}
	return !c.work.spent()
}

// neverHappens finds events of a step whose condition is never true while it is open, and conditions for which it waits
// in vain.
func (c *checker) neverHappens(s *Step, held *known) {
	c.neverFirst(s, held)
	c.leftAtOnce(s)
	for _, e := range s.Events {
		if e.When == nil || !held.impossible(e.When) {
			continue
		}
		c.add(report.Problem{Place: c.placeOf(e.When), Code: "event-never",
			Message: fmt.Sprintf("this never happens: %s is never true while %s is open", e.When.Source(), called(s)),
			Hint:    "take it out, or mend the condition"})
	}
}

// leftAtOnce finds events that leave a block in the moment in which it opens, by what they ask about what is inside.
func (c *checker) leftAtOnce(s *Step) {
	w, ok := s.Work.(*Block)
	if !ok {
		return
	}
	begun := beginning(w.Graph)
	for _, e := range s.Events {
		if e.When == nil || e.Do.Kind != DeedTo {
			continue
		}
		holds := e.When.Judge(func(q formula.Ask) formula.Reply {
			x := c.p.Steps[q.Step]
			switch {
			case x == nil || !s.contains(x) || begun[w.Graph.Containing(x)]:
				return formula.May
			case q.Kind == formula.AskTimes && q.Many <= 0:
				return formula.Yes
			}
			return formula.No // nothing comes to it so soon
		}, formula.May)
		if holds == formula.Yes {
			c.idle(s, e.When, "way-never-taken", "%s is left in the moment in which it opens: %s holds then")
		}
	}
}

// beginning lists the steps to which a case may come in the moment in which a list begins.
func beginning(g *Graph) map[*Step]bool {
	out := map[*Step]bool{}
	queue := slices.Clone(g.Entries)
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if out[at] {
			continue
		}
		out[at] = true
		ways := pace{}.ways(at)
		if atOnce(at) != "" { // also at a join
			ways = at.Ways
		}
		for _, way := range ways {
			if way.To != nil && way.To.Graph == g {
				queue = append(queue, way.To)
			}
		}
	}
	return out
}

// neverRuns finds lists inside a step that never run, and rounds that never follow or never end, by their conditions.
func (c *checker) neverRuns(s *Step, run *passage) {
	switch w := s.Work.(type) {
	case *Multi:
		if c.rowless(s, w) {
			c.add(report.Problem{Place: s.Place, Code: "dead-step",
				Message: fmt.Sprintf("no row of %s ever begins: nothing gives rows to %s", called(s), w.Table.Path),
				Hint:    "let the form of a start, a step or a message ask for its columns before, or a step set it"})
		}
		if w.Until == nil {
			return
		}
		never, always := counted(w.Until, 0)
		switch {
		case (w.Cancel || w.InOrder) && (always || run.open.certain(w.Until)):
			c.idle(s, w.Until, "dead-step", "no row of %s ever begins: %s is true when it opens")
		case never || run.open.disturbed(c.inside(s)).impossible(w.Until):
			c.idle(s, w.Until, "event-never", "%s never goes on before all its rows are done: %s is never true while they are")
		}
	case *Repeat:
		c.idleRounds(s, w, run)
	case *Junction, *Task, *Wait, *Call, *Block, *Set, *Decide, *Request, *Job: // they have no such condition
	}
}

// rowless tells whether nothing but the for_each itself fills in its table.
func (c *checker) rowless(s *Step, w *Multi) bool {
	id, ok := c.u.byPath[w.Table.Path]
	if !ok || slices.ContainsFunc(c.p.Rules, func(r *FieldRule) bool {
		return r.Value != nil && r.Field == w.Table
	}) {
		return false
	}
	fills := func(x *change) bool { return x.touches(id) }
	for _, x := range c.p.Steps { // any order: one is enough
		if x != s && !s.contains(x) && fills(c.fills(x)) {
			return false
		}
	}
	return !slices.ContainsFunc(c.p.Starts, func(st *Start) bool { return fills(c.starts(st)) }) &&
		!slices.ContainsFunc(c.p.Messages, func(m *Message) bool { return fills(c.u.form(m.Form, false)) })
}

func (c *checker) idleRounds(s *Step, w *Repeat, run *passage) {
	var never, always bool
	if w.While != nil {
		never, always = counted(w.While, 0)
	} else {
		never, always = counted(w.Until, 1)
	}
	if w.While != nil && (never || run.open.impossible(w.While)) {
		c.idle(s, w.While, "dead-step", "no round of %s ever begins: %s is not true when it opens")
		return
	}
	over := c.oneRound(w, c.everyRound(w, run.open)).ended(DoneEnd)
	if over == nil {
		return
	}
	const once = "%s never runs a second time: after a round %s always ends it"
	const again = "%s runs again and again: after a round %s never ends it"
	switch {
	case w.While != nil && over.impossible(w.While):
		c.idle(s, w.While, "way-never-taken", once)
	case w.While != nil && (always || over.certain(w.While)):
		c.idle(s, w.While, "way-never-taken", again)
	case w.Until != nil && (always || over.certain(w.Until)):
		c.idle(s, w.Until, "way-never-taken", once)
	case w.Until != nil && (never || over.impossible(w.Until)):
		c.idle(s, w.Until, "way-never-taken", again)
	}
}

// neverPasses finds conditions without which nobody can go on, and that are never true: checks of forms and fields, and
// who may do a task.
func (c *checker) neverPasses() {
	checks := func(list []*Check, row *value.Field) {
		unknown := c.u.nothing()
		unknown.row = row
		for _, one := range list {
			if unknown.neverMet(one.That) {
				c.add(report.Problem{Place: c.placeOf(one.That), Code: "never-passes", Hint: "mend the condition, or take it out",
					Message: fmt.Sprintf("nothing that is filled in ever passes this check: %s is never true", one.That.Source())})
			}
		}
	}
	for _, s := range c.p.Starts {
		checks(s.Checks, nil)
	}
	for _, r := range c.p.Rules {
		id, _ := c.u.find(r.Field.Path, nil)
		checks(r.Checks, c.u.list[id].table)
	}
	for _, g := range graphs(c.p) {
		for _, s := range g.Steps {
			if w, ok := s.Work.(*Task); ok {
				checks(w.Checks, rowAround(s))
			}
		}
	}
}

// neverMet tells whether no values at all meet a condition; to read what is empty does not meet it.
func (k *known) neverMet(g *formula.Guard) bool {
	t := k.u.table(g, k.row)
	if t == nil {
		return k.impossible(g)
	}
	for n, gives := range t.gives {
		if gives == 1 && k.fits(t.slots, k.u.pick(t.slots, n)) {
			return false
		}
	}
	return !k.u.work.spent()
}

// neverAllowed refuses a task that nobody may ever do: what is asked of whoever does it is never true while it is open.
func (c *checker) neverAllowed(s *Step, held *known) {
	if w, ok := s.Work.(*Task); ok && w.Allow != nil && held.impossible(w.Allow) {
		c.idle(s, w.Allow, "never-passes", "nobody may ever do %s: %s is never true while it is open")
	}
}

// neverBegins refuses a step that waits to be let in by a condition that is never true while it waits.
func (c *checker) neverBegins(s *Step, run *passage) bool {
	if s.OnlyWhile == nil || !run.open.disturbed(c.inside(s)).impossible(s.OnlyWhile) {
		return false
	}
	c.idle(s, s.OnlyWhile, "dead-step", "%s never begins: %s is never true while it waits for that")
	return true
}

var (
	ofRows  = []string{"total", "finished", "running"}
	reckons = regexp.MustCompile(`[-+*/%]|\w\(`)
	whole   = regexp.MustCompile(`\d+`)
)

// counted tells of a condition on nothing but how many rows or rounds there are whether it is never true, or always,
// from so many finished ones on: all counts are tried between which it could tell a difference.
func counted(g *formula.Guard, least int64) (never, always bool) {
	names := guardReads(g)
	other := func(name string) bool { return !slices.Contains(ofRows, name) }
	if len(names) == 0 || slices.ContainsFunc(names, other) || reckons.MatchString(g.Source()) {
		return false, false
	}
	tries := []int64{0, 1, 2, 3}
	for _, text := range whole.FindAllString(g.Source(), -1) {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil {
			tries = append(tries, max(n-1, 0), n, n+1)
		}
	}
	never, always = true, true
	for _, finished := range tries {
		for _, running := range tries {
			for _, total := range slices.Concat(tries, []int64{finished + running, finished + running + 1}) {
				if finished < least || finished+running > total {
					continue
				}
				yes, err := g.Eval(&formula.Scope{Finished: finished, Running: running, Total: total})
				never, always = never && !yes && err == nil, always && yes
			}
		}
	}
	return never, always
}

func (c *checker) idle(s *Step, at *formula.Guard, code, message string) {
	c.add(report.Problem{Place: c.placeOf(at), Code: code, Hint: "mend the condition, or take it out",
		Message: fmt.Sprintf(message, called(s), at.Source())})
}
