package definitions

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// factual is a compiled formula of any kind.
type factual interface {
	Source() string
	Uncovered(known formula.Known) []formula.Read
}

// spot is where a formula is judged: for the message.
type spot struct {
	fl   *flow
	step *Step // nil = the start, or the case as a whole
}

type judged struct {
	text any
	path string
	at   int
}

// facts checks that no formula of the procedure reads a field that may be empty.
func (c *checker) facts() {
	for _, s := range c.p.Starts {
		c.judgeStart(s)
	}
	begun := c.begin()
	held := begun.disturbed(c.inside(c.p.Case))
	c.judgeWho(c.p.Manager, held, spot{})
	for _, m := range c.p.Messages {
		c.judgeWho(m.By, held, spot{})
	}
	c.judgeDeeds(c.p.Case, held, spot{})
	if g := caseGraph(c.p); g != nil {
		c.judgeGraph(g, begun)
	}
	for _, one := range c.asked {
		c.vain(one)
	}
}

func (c *checker) judgeStart(s *Start) {
	c.thrownAway(s)
	k := c.u.nothing()
	c.judgeWho(s.By, k, spot{})
	c.judgeForm(s.Form, s.Checks, k, spot{}, true)
	c.judgeSet(s.Set, c.afterForm(s.Form, s.Checks, k, true), spot{})
	if s.Message != nil {
		judgeText(c, s.Message.Key, c.started(s), spot{})
	}
}

func (c *checker) judgeGraph(g *Graph, entry *known) {
	fl := c.run(g, entry)
	for i, s := range g.Steps {
		if fl.in[i] != nil {
			c.judgeStep(fl, s, fl.in[i])
		}
	}
}

func (c *checker) judgeStep(fl *flow, s *Step, in *known) {
	at := spot{fl, s}
	s.Facts = in.places()
	run := c.transfer(s, in)
	switch w := s.Work.(type) {
	case *Junction:
	case *Task:
		c.judgeTask(w, in, run.held, at)
		c.judgeForm(w.Form, w.Checks, run.held, at, false)
		c.asked = append(c.asked, asked{s, w, run.held})
	case *Wait:
		for _, one := range w.For {
			judgeText(c, one.When, run.held, at)
			judgeText(c, one.Time, in, at)
			if one.Message != nil {
				c.judgeForm(one.Message.Form, nil, run.held, at, false)
			}
		}
	case *Call:
		for _, a := range w.With {
			judgeText(c, a.Value, in, at)
		}
		c.covers(s, w, in)
	case *Set:
		c.judgeSet(w.Values, in, at)
	case *Decide:
		c.judgeTable(w, in, at)
	case *Request, *Job:
		c.judgeGiven(w, in, at)
	case *Block:
		c.judgeGraph(w.Graph, c.entry(w.Graph, in))
	case *Multi:
		judgeText(c, w.Until, run.open.disturbed(c.inside(s)), at)
		c.judgeMulti(w, run.open, at)
	case *Repeat:
		c.judgeRepeat(w, in, at)
	}
	judgeText(c, s.OnlyWhile, run.held, at)
	judgeText(c, s.Within, in, at)
	c.judgeCopies(s, run, at)
	c.judgeDeeds(s, run.open.disturbed(c.inside(s)), at)
	c.judgeWays(s, run, at)
}

// judgeTask judges who does it at its opening, and with whom it may be shared while it is open.
func (c *checker) judgeTask(w *Task, in, held *known, at spot) {
	c.judgeWho(w.By, in, at)
	c.judgeWho(w.Stead, held, at)
	judgeText(c, w.Weight, in, at)
	judgeText(c, w.Priority, in, at)
	judgeText(c, w.Allow, held, at)
	if w.Allow != nil {
		w.Sights = c.sights(w.Allow, held)
	}
	for _, p := range []Permit{w.Transfer, w.Delegate, w.AddSigner, w.RemoveSigner} {
		c.judgeWho(p.Who, held, at)
	}
}

func (c *checker) judgeMulti(w *Multi, open *known, at spot) {
	c.judgeGraph(w.Body, open.within(w.Table))
	if w.Add != nil {
		c.judgeWho(w.Add.By, open, at)
		c.judgeForm(w.Add.Form, nil, open, at, false)
	}
	if w.Finish != nil {
		c.judgeWho(*w.Finish, open, at)
	}
}

// judgeRepeat judges a list that runs again with what is known in every round.
func (c *checker) judgeRepeat(w *Repeat, in *known, at spot) {
	entry := c.everyRound(w, in)
	judgeText(c, w.While, entry, at)
	if w.While != nil {
		entry = entry.with(w.While.Facts(true))
	}
	c.judgeGraph(w.Body, entry)
	if over := c.run(w.Body, entry).ended(DoneEnd); over != nil {
		judgeText(c, w.Until, over, at)
	}
}

func (c *checker) judgeSet(list []*Assign, k *known, at spot) {
	for _, a := range list {
		judgeText(c, a.Value, k, at)
		k = k.after(c.u.assign(a))
	}
}

func (c *checker) judgeWays(s *Step, run *passage, at spot) {
	now := slices.Clone(run.outs)
	for _, w := range s.Ways {
		var k *known
		for i := range now {
			if takes(w, run.outcomes[i]) {
				k = meet(k, now[i])
			}
		}
		if k != nil {
			judgeText(c, w.When, k, at)
		}
		if s.Choose == ChooseOne {
			narrow(w, run.outcomes, now)
		}
	}
}

func (c *checker) judgeDeeds(s *Step, held *known, at spot) {
	for _, t := range s.Timeouts {
		judgeText(c, t.Time, held, at)
		judgeText(c, t.Every, held, at)
		c.judgeWho(t.Do.Who, held, at)
	}
	for _, e := range s.Events {
		judgeText(c, e.When, held, at)
		c.judgeWho(e.Do.Who, held, at)
		if e.Message != nil {
			c.judgeForm(e.Message.Form, nil, held, at, false)
		}
	}
}

// judgeCopies: a paper is made, and copied, when the step has its outcome.
func (c *checker) judgeCopies(s *Step, run *passage, at spot) {
	for _, issue := range s.Issues {
		for i, outcome := range run.outcomes {
			if k := run.outs[i]; k != nil && (issue.Outcome == "" || issue.Outcome == outcome) {
				c.judgeWho(issue.Document.Copies, k, at)
				c.judgePaper(issue.Document, k, at)
			}
		}
	}
}

// judgeForm judges the rules of the fields that a form asks for, and its own checks, as they are when it is complete.
func (c *checker) judgeForm(f *Form, checks []*Check, in *known, at spot, fresh bool) {
	if f == nil {
		return
	}
	k := in.after(c.u.form(f, fresh))
	if f.Add != nil { // the rules of its columns see the new row
		k = k.within(f.Add).after(c.u.newRow(f))
	}
	for _, check := range checks {
		judgeText(c, check.That, k, at)
	}
	for _, field := range f.Fields {
		for _, one := range leaves(field.Field) {
			c.judgeRule(c.u.rule(one), one, k, at)
		}
	}
}

// newRow is the change that the one added row sees.
func (u *slots) newRow(f *Form) *change {
	c := newChange()
	for _, field := range f.Fields {
		for _, id := range u.rowSlots(u.under(field.Field)) {
			c.filled[id] = field.Optional
		}
	}
	for _, col := range f.Add.Fields {
		id := u.list[u.byPath[col.Path]].twin
		if _, ok := c.filled[id]; !ok {
			c.emptied = append(c.emptied, id)
		}
	}
	return c
}

func leaves(f *value.Field) []*value.Field {
	if f.Kind != value.RecordKind && f.Kind != value.TableKind {
		return []*value.Field{f}
	}
	var out []*value.Field
	for _, sub := range f.Fields {
		out = append(out, leaves(sub)...)
	}
	return out
}

func (u *slots) rule(f *value.Field) *FieldRule {
	if id, ok := u.byPath[f.Path]; ok {
		return u.list[id].rule
	}
	return nil
}

// judgeRule: a check is made only of a value that was filled in.
func (c *checker) judgeRule(r *FieldRule, f *value.Field, k *known, at spot) {
	if r == nil {
		return
	}
	judgeText(c, r.When, k, at)
	if r.When != nil {
		k = k.with(r.When.Facts(true))
	}
	name := f.Path
	if id := c.u.byPath[f.Path]; c.u.list[id].table != nil {
		name = c.u.list[c.u.list[id].twin].path
	}
	k = k.with([]formula.Fact{{Path: name, Op: formula.Exists}})
	for _, check := range r.Checks {
		judgeText(c, check.That, k, at)
	}
}

func (c *checker) judgeWho(w Who, k *known, at spot) { judgeText(c, w.Expr, k, at) }

// judgeText reports each read of a formula that k does not cover, once; a nil formula reads nothing.
func judgeText[T any, F interface {
	*T
	factual
}](c *checker, text F, k *known, at spot) {
	if text == nil {
		return
	}
	c.note(at.step, text)
	if at.step != nil {
		c.need(at.step, text.Uncovered(c.u.blank(k.row)), k)
	}
	for _, r := range text.Uncovered(k) {
		c.judge(text, r, k, at, report.Problem{Code: "may-be-empty"})
	}
}

// judge reports one read that k does not cover, once.
func (c *checker) judge(text factual, r formula.Read, k *known, at spot, p report.Problem) {
	key := judged{text, r.Path, r.Offset}
	if c.judged[key] {
		return
	}
	c.judged[key] = true
	where := c.p.texts[text]
	p.Place, p.Width = where.at(r.Offset), r.Width
	p.Message, p.Hint = c.whyEmpty(r.Path, k, at), c.hintFor(text, r, k)
	c.add(p)
}

// hintFor says how the one who has written a formula would mend a read of what may be empty there.
func (c *checker) hintFor(text factual, r formula.Read, k *known) string {
	name := r.Path
	if text := []rune(text.Source()); r.Offset >= 0 && r.Offset+r.Width <= len(text) {
		name = string(text[r.Offset : r.Offset+r.Width]) // as the author wrote it: the p.price of exists(p, …)
	}
	id, ok := c.u.find(r.Path, k.row)
	table := ok && c.u.list[id].field.Kind == value.TableKind
	switch text.(type) {
	case *formula.Column:
		return "ask for it before, or add a row with empty in this column"
	case *formula.Value, *formula.Template, *formula.Who:
		if table {
			return "write len(" + name + ") > 0 ? … : …, with what stands there when there is no row"
		}
		return "write " + name + " ?? …, with what stands there when it is empty, or ask for it before"
	case *formula.When:
		if table {
			return "write size(" + name + ") > 0 ? … : …"
		}
		return "write has(" + name + ") ? … : …, or ask for it before"
	}
	if table {
		return "write size(" + name + ") > 0 && …"
	}
	return "write has(" + name + ") && …"
}

// covers checks that a call gives what the callee's start asks for.
func (c *checker) covers(s *Step, w *Call, in *known) {
	if w.Callee == nil {
		return
	}
	i := w.Callee.CallStart()
	if i < len(w.Callee.Starts) && slices.ContainsFunc(w.Callee.Starts[i].Checks, asksWho) {
		c.add(report.Problem{
			Place: s.Place, Code: "call-incomplete",
			Message: "the start of " + w.Callee.called() + " checks who begins it (actor), and a call is begun by nobody",
			Hint:    "check it before the call, or write it as allow: of the first task",
		})
	}
	if i >= len(w.Callee.Starts) || w.Callee.Starts[i].Form == nil {
		return
	}
	theirs := newSlots(w.Callee)
	given := newChange()
	for _, a := range w.With {
		given.add(c.given(theirs, a, in))
	}
	for _, f := range w.Callee.Starts[i].Form.Fields {
		for _, id := range theirs.under(f.Field) {
			slot := &theirs.list[id]
			loose, ok := given.filled[id]
			if f.Optional || slot.computed() || slot.when() != nil || ok && !loose || slot.field.Kind == value.TableKind {
				continue
			}
			c.add(report.Problem{
				Place: s.Place, Code: "call-incomplete",
				Message: "with does not give " + slot.path + ", which the start of " + w.Callee.called() + " requires",
				Hint:    "add " + slot.path + ": … to with",
			})
		}
	}
}

// asksWho tells whether a check reads the person who does it.
func asksWho(k *Check) bool { return k.That.Names("actor") }

// given is what one entry of `with` fills in; of a whole record, only the fields that the caller has.
func (c *checker) given(theirs *slots, a *Assign, in *known) *change {
	out := theirs.assign(a)
	if a.Into.Kind != value.RecordKind {
		return out
	}
	from := c.p.Data.Field(a.Value.Source())
	for _, id := range theirs.under(a.Into) {
		rest := theirs.list[id].path[len(a.Into.Path):]
		out.filled[id] = from == nil || c.p.Data.Field(from.Path+rest) == nil || !in.Covers(from.Path+rest)
	}
	return out
}
