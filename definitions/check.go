package definitions

import (
	"fmt"
	"maps"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// checker finds what is wrong with one compiled procedure as a whole.
type checker struct {
	p      *Procedure
	u      *slots
	report func(report.Problem)
	judged map[judged]bool
	within map[*Step]*change
	moved  map[*Step]*change
	after  map[*Step]*change
	near   map[*Step]*change
	left   map[*Step]*change
	nets   map[*Graph]*net
	flows  map[*Graph]*flow
	stack  []*Procedure // whose ends are being worked out
	memo   map[*Procedure]map[string]*known
	work   *work
	noted  map[*Step]map[string]bool // what the formulas of a step read, by path; nil = of the case as a whole
	asked  []asked                   // the forms of tasks
	fixed  map[int]string            // by slot: the one value with which choices are tried
}

// Limits of one procedure's check; an error of code "limit" names the one that was met.
const (
	MaxSlots = 4_000      // fields, and columns twice
	MaxPairs = 200_000    // pairs of steps of one list that can be open together
	MaxWork  = 20_000_000 // fields looked at, over all steps and rounds
)

// work counts what a check has cost, with those of the procedures that it calls.
type work struct{ done int }

// tryCost is what one try of a guard counts, in looks at a field.
const tryCost = 50

func (w *work) spent() bool { return w.done > MaxWork }

func newChecker(p *Procedure, add func(report.Problem)) *checker {
	c := &checker{
		p: p, u: newSlots(p), report: add, judged: map[judged]bool{},
		within: map[*Step]*change{}, moved: map[*Step]*change{}, after: map[*Step]*change{}, near: map[*Step]*change{},
		left: map[*Step]*change{}, nets: map[*Graph]*net{}, flows: map[*Graph]*flow{},
		memo: map[*Procedure]map[string]*known{}, noted: map[*Step]map[string]bool{},
		stack: []*Procedure{p}, work: &work{},
	}
	c.u.work = c.work
	for _, g := range graphs(p) {
		c.nets[g] = c.newNet(g)
	}
	return c
}

func (c *checker) add(p report.Problem) {
	if c.report != nil {
		c.report(p)
	}
}

// Titles are those of all steps and ends, by id, as they are written.
func (p *Procedure) Titles() map[string]string {
	out := make(map[string]string, len(p.Steps))
	for _, g := range p.Graphs() {
		for _, e := range g.Ends {
			out[e.ID] = e.Title
		}
	}
	for id, st := range p.Steps { // any order: each has its own place
		out[id] = st.Title
	}
	maps.DeleteFunc(out, func(_, title string) bool { return title == "" })
	return out
}

// TitlesIn are they in a language.
func (p *Procedure) TitlesIn(lang string) map[string]string {
	out := p.Titles()
	for id, title := range out { // any order: each has its own place
		out[id] = p.Office.Say(lang, title)
	}
	return out
}

// Graphs gives every list of steps of the procedure, outer ones first.
func (p *Procedure) Graphs() []*Graph { return graphs(p) }

func graphs(p *Procedure) []*Graph {
	var out []*Graph
	queue := []*Graph{caseGraph(p)}
	for len(queue) > 0 {
		g := queue[0]
		queue = queue[1:]
		if g == nil {
			continue
		}
		out = append(out, g)
		for _, s := range g.Steps {
			queue = append(queue, s.Inside())
		}
	}
	return out
}

// checkProcedure adds what is wrong with p beyond names and types: formulas that read what may be empty, steps that
// cannot be reached, choices with gaps, loops that never wait, threads that meet where they must not.
// All procedures that p calls must have been compiled.
func checkProcedure(p *Procedure, add func(report.Problem)) {
	if caseGraph(p) == nil || p.Data == nil {
		return
	}
	tooMuch := func(name string, limit int, hint string) {
		add(report.Problem{Place: p.Case.Place, Code: "limit", Hint: hint,
			Message: fmt.Sprintf("%s is too large to be checked: the limit %s is %d", p.called(), name, limit)})
	}
	if countSlots(p.Data.Fields) > MaxSlots {
		tooMuch("MaxSlots", MaxSlots, "let a called procedure have some of the data")
		return
	}
	c := newChecker(p, add)
	for _, g := range graphs(p) {
		c.reach(g)
		c.ways(g)
		c.loops(g)
		c.threads(g)
		c.rows(g)
		c.returns(g)
		c.rests(g)
		c.past(g)
		c.dead(g)
	}
	c.neverPasses()
	c.errors()
	c.messages()
	c.private()
	c.spread()
	c.exposed()
	c.facts()
	c.neverFilled()
	if c.work.spent() {
		tooMuch("MaxWork", MaxWork, "let called procedures do parts of it")
	}
	for _, g := range graphs(p) {
		if len(c.nets[g].pair) > MaxPairs {
			tooMuch("MaxPairs", MaxPairs, "put the parallel parts into blocks")
			break
		}
	}
}

func countSlots(fields []*value.Field) int {
	n := len(fields)
	for _, f := range fields {
		n += 2 * countSlots(f.Fields)
	}
	return n
}

// arrows lists where a step can go on to, by ways, timeouts and its own events.
func arrows(s *Step) []*Way {
	out := append([]*Way{}, s.Ways...)
	for _, t := range s.Timeouts {
		if t.Do.Way != nil {
			out = append(out, t.Do.Way)
		}
	}
	for _, e := range s.Events {
		if e.Do.Way != nil {
			out = append(out, e.Do.Way)
		}
	}
	return out
}

// reach finds steps to which no way leads, and ends that nothing comes to.
func (c *checker) reach(g *Graph) {
	seen := map[*Step]bool{}
	ends := map[*End]bool{}
	var queue []*Step
	follow := func(list []*Way) {
		for _, w := range list {
			switch {
			case w.End != nil:
				ends[w.End] = true
			case w.To != nil && w.To.Graph == g && !seen[w.To]:
				seen[w.To] = true
				queue = append(queue, w.To)
			}
		}
	}
	for _, first := range g.Entries {
		seen[first] = true
		queue = append(queue, first)
	}
	if g.Owner == c.p.Case {
		follow(arrows(c.p.Case))
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		follow(arrows(s))
	}
	for _, s := range g.Steps {
		if s.Undoes {
			c.undoes(s, seen[s])
			continue
		}
		if !seen[s] {
			c.add(report.Problem{Place: s.Place, Code: "unreachable-step",
				Message: "no way leads to " + called(s), Hint: "give a step before it a way here, or take it out"})
		}
	}
	for _, e := range g.Ends {
		if !ends[e] && e.ID != "done" && e.ID != "stop" {
			c.add(report.Problem{Place: e.Place, Code: "end-unreached",
				Message: "nothing leads to the end " + e.called(), Hint: "give a step a way to it, or take it out"})
		}
	}
}

// undoes refuses a step that undoes another and lies on a way as well.
func (c *checker) undoes(s *Step, reached bool) {
	if reached {
		c.add(report.Problem{Place: s.Place, Code: "wrong-place",
			Message: called(s) + " undoes another step, and a way leads to it as well",
			Hint:    "make two steps of it"})
	}
}

// ways finds choices that may find no way.
func (c *checker) ways(g *Graph) {
	fl := c.flowOf(g)
	for i, s := range g.Steps {
		if fl != nil && fl.in[i] != nil {
			run := c.transfer(s, fl.in[i])
			c.gaps(s, run)
			c.neverTaken(s, run)
			c.neverHappens(s, run.open.disturbed(c.inside(s)))
			c.neverRuns(s, run)
			c.neverAllowed(s, run.open.disturbed(c.inside(s)))
			if !c.neverBegins(s, run) {
				c.stuck(s, fl.in[i])
			}
			c.exits(s, run)
			if d, ok := s.Work.(*Decide); ok {
				c.table(s, d, fl.in[i])
			}
		}
	}
	c.agree(g, fl)
	c.conditions(g, fl)
}

// messages finds messages that nobody ever waits for, and those that nobody can send.
func (c *checker) messages() {
	used := map[*Message]bool{}
	note := func(s *Step) {
		for _, e := range s.Events {
			used[e.Message] = true
		}
		if w, ok := s.Work.(*Wait); ok {
			for _, one := range w.For {
				used[one.Message] = true
			}
		}
	}
	for _, s := range c.p.Starts {
		used[s.Message] = true
	}
	note(c.p.Case)
	for _, g := range graphs(c.p) {
		for _, s := range g.Steps {
			note(s)
		}
	}
	for _, m := range c.p.Messages {
		switch {
		case !used[m]:
			c.add(report.Problem{Place: c.placeOf(m), Severity: report.Warning, Code: "message-unused",
				Message: "nothing waits for the message " + m.called(), Hint: "name it in events or in a wait, or take it out"})
		case !m.Open && m.Key == nil:
			c.add(report.Problem{Place: c.placeOf(m), Code: "event-never",
				Message: fmt.Sprintf("the message %s never comes: nobody may send it, and it has no key by which a system outside "+
					"could", m.called()),
				Hint: "write by: … for people who may send it, or key: … for a system"})
		}
	}
}

// placeOf is where a thing stands that has no place of its own.
func (c *checker) placeOf(thing any) report.Place {
	if t, ok := c.p.texts[thing]; ok {
		return t.at(0)
	}
	return c.p.Case.Place
}

// private finds personal data on papers of which copies go out.
func (c *checker) private() {
	for _, d := range c.p.Documents {
		if len(d.Copies.Posts) == 0 && d.Copies.Expr == nil {
			continue
		}
		names := c.personalOn(d)
		if len(names) > 0 {
			c.add(report.Problem{Place: c.placeOf(d), Code: "private-copied",
				Message: fmt.Sprintf("copies of %s show personal data: %s", report.Named(d.Title, d.ID), strings.Join(names, ", ")),
				Hint:    "name the fields that the copies need"})
		}
	}
}

// called names a step by its title, with the id by which its author finds it.
func called(s *Step) string { return report.Named(s.Title, s.ID) }

// called names a message so.
func (m *Message) called() string { return report.Named(m.Title, m.ID) }

// called names an end so.
func (e *End) called() string { return report.Named(e.Title, e.ID) }

// called names a procedure so.
func (p *Procedure) called() string { return report.Named(p.Title, p.ID) }

// goal names so where a way leads.
func (w *Way) goal() string {
	switch {
	case w.To != nil:
		return called(w.To)
	case w.Return != nil:
		return called(w.Return)
	}
	return w.End.called()
}
