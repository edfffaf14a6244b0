package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
)

// passage is what one run of a step does to what is known.
type passage struct {
	open     *known // when it opens
	held     *known // while it is open, as far as its own events go
	outcomes []string
	outs     []*known // by outcome; nil = it does not come to this
}

// transfer follows a step from its opening to each of its outcomes.
func (c *checker) transfer(s *Step, in *known) *passage {
	run := &passage{open: in, held: in.disturbed(c.also(s))}
	for _, o := range s.Outcomes {
		run.outcomes = append(run.outcomes, o.ID)
	}
	if len(run.outcomes) == 0 {
		run.outcomes = []string{""}
	}
	run.outs = make([]*known, len(run.outcomes))
	switch w := s.Work.(type) {
	case *Task:
		run.all(c.afterForm(w.Form, w.Checks, run.held, false))
		for i, o := range run.outcomes {
			if w.Skippable() && o == w.Skip { // nobody may have filled it in
				run.outs[i] = meet(run.outs[i], run.held)
			}
		}
	case *Wait:
		c.wait(run, w)
	case *Call:
		c.call(run, w)
	case *Block:
		fl := c.run(w.Graph, c.entry(w.Graph, in))
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
	case *Request, *Job:
		run.all(c.taken(GivenOf(w), in))
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
			k := run.held
			if one.Message != nil {
				k = k.after(c.u.form(one.Message.Form, false))
			}
			if one.When != nil {
				k = k.with(one.When.Facts(true)).ruled(one.When, true)
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
		k := run.held
		var its *known
		if w.Callee != nil && !w.NoWait {
			its = c.endOf(w.Callee, o)
		}
		for _, a := range w.Take {
			change := c.u.assign(a)
			if its == nil || len(a.Value.Uncovered(&taken{caller: run.held, callee: its})) > 0 {
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

// Said implements formula.Known.
func (t *taken) Said(string) bool { return false }

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
	run.held = run.open.disturbed(c.inside(s))
	out := run.held
	if w.Until == nil && !finishes(s) {
		if body := c.run(w.Body, run.open.within(w.Table)).rowEnd(); body != nil {
			out = out.columnsOf(w, body).disturbed(c.around(s)).disturbed(c.told(s)) // other rows go on meanwhile
		}
	}
	run.all(out)
}

// rowEnd is what is known where a row has ended, in whatever way: also by threads that only stop.
func (fl *flow) rowEnd() *known {
	k := fl.outcome("")
	for _, e := range fl.stops() {
		for _, a := range fl.ends[e] {
			if fl.mainly(a) {
				k = meet(k, fl.settled(e, a))
			}
		}
	}
	return k
}

// stops lists the ends without outcome that threads have come to.
func (fl *flow) stops() []*End {
	var out []*End
	for e := range fl.ends { // any order: they are met
		if e.ID == StopEnd {
			out = append(out, e)
		}
	}
	return out
}

// mainly tells whether an arrow is one of the threads that the list begins with, not of one that was added beside.
func (fl *flow) mainly(a arrow) bool {
	if a.from == fromEvent {
		return false
	}
	if a.from == fromStart {
		return true
	}
	s := fl.g.Steps[a.from]
	return !fl.c.nets[fl.g].adds(s, a.n) && fl.c.nets[fl.g].main()[s]
}

// entry is what is known where a list begins. One in which all may stop without an end begins anew after a retry.
func (c *checker) entry(g *Graph, in *known) *known {
	if c.nets[g].mayStop() {
		return in.disturbed(c.inside(g.Owner))
	}
	return in
}

// everyRound is what is known where any round of a repeat may begin: what holds before the first and after each.
func (c *checker) everyRound(w *Repeat, entry *known) *known {
	entry = c.entry(w.Body, entry)
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
	if g := caseGraph(c.p); g != nil && c.nets[g].mayStop() {
		k = k.disturbed(c.inside(c.p.Case))
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
	for _, one := range c.changes(s) {
		out.add(one)
	}
	return out
}

// changes lists what a step itself changes, each as it happens at once.
func (c *checker) changes(s *Step) []*change {
	var out []*change
	switch w := s.Work.(type) {
	case *Task:
		form := c.u.form(w.Form, false)
		if w.Skippable() {
			form.loosen()
		}
		out = append(out, form)
	case *Wait:
		for _, one := range w.For {
			if one.Message != nil {
				out = append(out, c.u.form(one.Message.Form, false))
			}
		}
	case *Set:
		for _, a := range w.Values {
			out = append(out, c.u.assign(a))
		}
	case *Decide:
		out = append(out, c.u.decided(w, "", nil))
	case *Request, *Job:
		for _, a := range GivenOf(w).Take {
			taken := c.u.assign(a)
			taken.loosen()
			out = append(out, taken)
		}
	case *Call:
		for _, a := range w.Take {
			taken := c.u.assign(a)
			taken.loosen()
			out = append(out, taken)
		}
	case *Multi:
		cleared := newChange()
		for _, f := range w.Fills {
			cleared.emptied = append(cleared.emptied, c.u.byPath[f.Path])
		}
		out = append(out, cleared)
		if w.Add != nil {
			out = append(out, c.u.form(w.Add.Form, false))
		}
	case *Junction, *Block, *Repeat: // only what is inside a block fills
	}
	return out
}

// may takes over what a step itself may change.
func (c *checker) may(out *change, s *Step) {
	for _, one := range c.changes(s) {
		out.loose(c.u, one)
	}
}

// moves is what a step may change, with those inside it.
func (c *checker) moves(s *Step) *change {
	out, ok := c.moved[s]
	if !ok {
		out = newChange()
		c.may(out, s)
		out.mix(c.inside(s))
		c.moved[s] = out
	}
	return out
}

// also is what may be changed while s is open and stays so: by messages that come to it, where several sign, by those
// who have signed, and by rows that are added.
func (c *checker) also(s *Step) *change {
	out := c.told(s)
	switch w := s.Work.(type) {
	case *Task:
		if w.several() {
			out.loose(c.u, c.u.form(w.Form, false))
		}
	case *Multi:
		if w.Add != nil {
			out.loose(c.u, c.u.form(w.Add.Form, false))
		}
	case *Junction, *Wait, *Call, *Block, *Repeat, *Set, *Decide, *Request, *Job: // nobody changes their data meanwhile
	}
	return out
}

// told is what messages that leave s open may change.
func (c *checker) told(s *Step) *change {
	out := newChange()
	for _, e := range s.Events {
		if e.Message != nil && e.Do.Kind != DeedTo {
			out.loose(c.u, c.u.form(e.Message.Form, false))
		}
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
		out.mix(c.moves(inner))
	}
	out.mix(c.also(s))
	for _, e := range s.Events {
		if e.Message != nil {
			out.loose(c.u, c.u.form(e.Message.Form, false))
		}
	}
	c.within[s] = out
	return out
}

// loose takes over one change that may or may not have happened.
func (c *change) loose(u *slots, o *change) {
	c.mix(o)
	c.stale = append(c.stale, u.loses(o)...)
}

// mix takes over changes of which each may or may not have happened.
func (c *change) mix(o *change) {
	if o.none() {
		return
	}
	for id, may := range o.filled { // any order: each by itself
		c.filled[id] = c.filled[id] || may
		delete(c.can, id)
	}
	c.emptied = append(c.emptied, o.emptied...)
	c.short = append(c.short, o.short...)
	c.fewer = append(c.fewer, o.fewer...)
	c.more = append(c.more, o.more...)
	c.makes = append(c.makes, o.makes...)
	c.remade = append(c.remade, o.remade...)
	c.stale = append(c.stale, o.stale...)
}

func innerSteps(s *Step) []*Step {
	if g := s.Inside(); g != nil {
		return g.Steps
	}
	return nil
}
