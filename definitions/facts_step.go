package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
)

// passage is what one run of a step does to what is known.
type passage struct {
	open     *known // while it is open
	outcomes []string
	outs     []*known // by outcome; nil = it does not come to this
}

// transfer follows a step from its opening to each of its outcomes.
func (c *checker) transfer(s *Step, in *known) *passage {
	run := &passage{open: in}
	for _, o := range s.Outcomes {
		run.outcomes = append(run.outcomes, o.ID)
	}
	if len(run.outcomes) == 0 {
		run.outcomes = []string{""}
	}
	run.outs = make([]*known, len(run.outcomes))
	switch w := s.Work.(type) {
	case *Task:
		run.all(c.afterForm(w.Form, w.Checks, in, false))
		for i, o := range run.outcomes {
			if w.Skippable() && o == w.Skip { // nobody may have filled it in
				run.outs[i] = meet(run.outs[i], in)
			}
		}
	case *Wait:
		c.wait(run, w)
	case *Call:
		c.call(run, w)
	case *Block:
		fl := c.run(w.Graph, in)
		for i, o := range run.outcomes {
			run.outs[i] = fl.outcome(o)
		}
	case *Multi:
		c.multi(run, s, w)
	case *Repeat:
		c.rounds(run, w)
	case *Set:
		k := in
		for _, a := range w.Values {
			k = k.after(c.u.assign(a))
		}
		run.all(k)
	case *Decide:
		for i, o := range run.outcomes {
			run.outs[i] = in.after(c.u.decided(w, o, in))
		}
	default:
		run.all(in)
	}
	return run
}

func (r *passage) all(k *known) {
	for i := range r.outs {
		r.outs[i] = k
	}
}

// any is what is known whatever the outcome.
func (r *passage) any() *known {
	var k *known
	for _, out := range r.outs {
		k = meet(k, out)
	}
	return k
}

// afterForm is what is known when a form was accepted: its fields, and what its checks demand.
func (c *checker) afterForm(f *Form, checks []*Check, in *known, fresh bool) *known {
	k := in.after(c.u.form(f, fresh))
	for _, check := range checks {
		k = k.with(check.That.Facts(true))
	}
	return k
}

func (c *checker) wait(run *passage, w *Wait) {
	for i, o := range run.outcomes {
		for _, one := range w.For {
			if o != "" && one.Outcome != o {
				continue
			}
			k := run.open
			if one.Message != nil {
				k = k.after(c.u.form(one.Message.Form, false))
			}
			if one.When != nil {
				k = k.with(one.When.Facts(true))
			}
			run.outs[i] = meet(run.outs[i], k)
		}
	}
}

// outcome is what is known where the block's list ends so; a nameless outcome is `done` or any end.
func (fl *flow) outcome(id string) *known {
	if id != "" {
		return fl.ended(id)
	}
	var k *known
	for _, e := range fl.g.Ends {
		if e.ID != "stop" {
			k = meet(k, fl.ended(e.ID))
		}
	}
	return k
}

// call: what is taken is there if the callee has it at that end.
func (c *checker) call(run *passage, w *Call) {
	for i, o := range run.outcomes {
		k := run.open
		var its *known
		if w.Callee != nil && !w.NoWait {
			its = c.endOf(w.Callee, o)
		}
		for _, a := range w.Take {
			change := c.u.assign(a)
			if its == nil || len(a.Value.Uncovered(&taken{caller: run.open, callee: its})) > 0 {
				change.loosen()
			}
			k = k.after(change)
		}
		run.outs[i] = k
	}
}

// taken is what is known in `take`: the callee's data, as `its`.
type taken struct{ caller, callee *known }

var _ formula.Known = (*taken)(nil)

// Covers implements formula.Known.
func (t *taken) Covers(path string) bool {
	if its, ok := strings.CutPrefix(path, "its."); ok {
		return t.callee.Covers(its)
	}
	return t.caller.Covers(path)
}

// With implements formula.Known.
func (t *taken) With(facts []formula.Fact) formula.Known {
	var mine, its []formula.Fact
	for _, f := range facts {
		if path, ok := strings.CutPrefix(f.Path, "its."); ok {
			f.Path = path
			its = append(its, f)
		} else {
			mine = append(mine, f)
		}
	}
	return &taken{caller: t.caller.with(mine), callee: t.callee.with(its)}
}

// multi: the columns that it fills are empty at the opening, and full when all rows have ended.
func (c *checker) multi(run *passage, s *Step, w *Multi) {
	cleared := newChange()
	for _, f := range w.Fills {
		cleared.emptied = append(cleared.emptied, c.u.byPath[f.Path])
	}
	run.open = run.open.after(cleared)
	body := c.run(w.Body, run.open.within(w.Table)).outcome("")
	out := run.open.disturbed(c.inside(s))
	if body != nil && w.Until == nil && !finishes(s) {
		out = out.columnsOf(w, body)
	}
	run.all(out)
}

// everyRound is what is known where any round of a repeat may begin: what holds before the first and after each.
func (c *checker) everyRound(w *Repeat, entry *known) *known {
	for range maxKnownRounds {
		next := entry
		if over := c.oneRound(w, entry).ended(DoneEnd); over != nil {
			next = meet(entry, over)
		}
		if next.same(entry) || c.work.spent() {
			break
		}
		entry = next
	}
	return entry
}

func (c *checker) oneRound(w *Repeat, entry *known) *flow {
	if w.While != nil {
		entry = entry.with(w.While.Facts(true))
	}
	return c.run(w.Body, entry)
}

// rounds follows a repeat to its outcomes.
func (c *checker) rounds(run *passage, w *Repeat) {
	entry := c.everyRound(w, run.open)
	fl := c.oneRound(w, entry)
	over := fl.ended(DoneEnd)
	switch {
	case w.While != nil:
		over = entry.with(w.While.Facts(false))
	case over != nil && w.Until != nil:
		over = over.with(w.Until.Facts(true))
	}
	for i, o := range run.outcomes {
		run.outs[i] = over
		if o != "" && o != DoneEnd {
			run.outs[i] = fl.ended(o)
		}
	}
}

// maxKnownRounds bounds the search for what holds in every round: facts only get fewer.
const maxKnownRounds = 64

func finishes(s *Step) bool {
	if w, ok := s.Work.(*Multi); ok && w.Finish != nil {
		return true
	}
	for _, e := range s.Events {
		if e.Do.Kind == DeedFinish {
			return true
		}
	}
	return false
}

// columnsOf takes the columns that the body filled in every row.
func (k *known) columnsOf(w *Multi, body *known) *known {
	out := k.clone()
	for _, f := range w.Fills {
		id := k.u.byPath[f.Path]
		out.f[id] = body.f[k.u.list[id].twin]
	}
	return out
}

// endOf is what is known of a procedure's data where it ends with this outcome; nil = nothing.
func (c *checker) endOf(p *Procedure, outcome string) *known {
	if slices.Contains(c.stack, p) {
		return nil
	}
	if ends, ok := c.memo[p]; ok {
		return ends[outcome]
	}
	inner := newChecker(p, nil)
	inner.work, inner.u.work = c.work, c.work
	inner.stack, inner.memo = append(slices.Clip(c.stack), p), c.memo
	ends := map[string]*known{}
	if g := caseGraph(p); g != nil {
		fl := inner.run(g, inner.begin())
		for _, e := range g.Ends {
			ends[e.ID] = fl.ended(e.ID)
		}
		ends[""] = fl.outcome("")
	}
	c.memo[p] = ends
	return ends[outcome]
}

func caseGraph(p *Procedure) *Graph {
	if p.Case == nil {
		return nil
	}
	if b, ok := p.Case.Work.(*Block); ok {
		return b.Graph
	}
	return nil
}

// begin is what is known when a case has begun, in whatever way.
func (c *checker) begin() *known {
	var k *known
	for _, s := range c.p.Starts {
		k = meet(k, c.started(s))
	}
	if k == nil {
		k = c.u.nothing()
	}
	return k
}

func (c *checker) started(s *Start) *known {
	k := c.afterForm(s.Form, s.Checks, c.u.nothing(), true)
	for _, a := range s.Set {
		k = k.after(c.u.assign(a))
	}
	return k
}

// fills is what a step itself changes, in any of its outcomes.
func (c *checker) fills(s *Step) *change {
	out := newChange()
	switch w := s.Work.(type) {
	case *Task:
		out = c.u.form(w.Form, false)
		if w.Skippable() {
			out.loosen()
		}
	case *Wait:
		for _, one := range w.For {
			if one.Message != nil {
				out.add(c.u.form(one.Message.Form, false))
			}
		}
	case *Set:
		for _, a := range w.Values {
			out.add(c.u.assign(a))
		}
	case *Decide:
		out = c.u.decided(w, "", nil)
	case *Call:
		for _, a := range w.Take {
			taken := c.u.assign(a)
			taken.loosen()
			out.add(taken)
		}
	case *Multi:
		for _, f := range w.Fills {
			out.emptied = append(out.emptied, c.u.byPath[f.Path])
		}
		if w.Add != nil {
			out.add(c.u.form(w.Add.Form, false))
		}
	case *Junction, *Block, *Repeat: // only what is inside a block fills
	}
	return out
}

// inside is what may be changed while s is open: by the steps inside it, by messages that come to it, and, where
// several sign, by those who have signed.
func (c *checker) inside(s *Step) *change {
	if out, ok := c.within[s]; ok {
		return out
	}
	out := newChange()
	for _, inner := range innerSteps(s) {
		out.loose(c.fills(inner))
		out.loose(c.inside(inner))
	}
	switch w := s.Work.(type) {
	case *Task:
		if w.Sign != SignNone {
			out.loose(c.u.form(w.Form, false))
		}
	case *Multi:
		if w.Add != nil {
			out.loose(c.u.form(w.Add.Form, false))
		}
	}
	for _, e := range s.Events {
		if e.Message != nil {
			out.loose(c.u.form(e.Message.Form, false))
		}
	}
	c.within[s] = out
	return out
}

// loose takes over a change that may or may not have happened.
func (c *change) loose(o *change) {
	for _, id := range o.slots() {
		c.filled[id] = c.filled[id] || o.filled[id]
	}
	c.emptied = append(c.emptied, o.emptied...)
	c.fewer = append(c.fewer, o.fewer...)
	c.more = append(c.more, o.more...)
}

func innerSteps(s *Step) []*Step {
	if g := innerGraph(s); g != nil {
		return g.Steps
	}
	return nil
}

// innerGraph is the list of steps that s runs; nil = none.
func innerGraph(s *Step) *Graph {
	switch w := s.Work.(type) {
	case *Block:
		return w.Graph
	case *Multi:
		return w.Body
	case *Repeat:
		return w.Body
	case *Junction, *Task, *Wait, *Call, *Set, *Decide:
	}
	return nil
}
