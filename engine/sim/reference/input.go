package reference

import (
	"math/big"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Input is anything that can come to a case.
type Input struct {
	Do     Verb
	At     time.Time
	Who    value.Person
	Act    string // the act that is meant, by its path as in [Case.Marking]
	Index  int    // which of its tasks or timers; the status of a request
	Tried  int    // how often a machine was asked
	Name   string // of a message; of a kind of timer; of an error
	ID     string // of a message
	Answer string // of a task or a called case
	Values value.Record
	Failed string // why a called case failed
}

// Verb says what an input does.
type Verb string

// The verbs.
const (
	Start    Verb = "start"
	Claim    Verb = "claim"
	Release  Verb = "release"
	Draft    Verb = "draft"
	Complete Verb = "complete"
	Send     Verb = "send"
	Due      Verb = "due"
	Child    Verb = "child"
	Cancel   Verb = "cancel"
	Retry    Verb = "retry"
	AddRow   Verb = "add row"
	Finish   Verb = "finish"
	Answer   Verb = "answer" // of a machine
	Fail     Verb = "fail"
)

// Verbs are all verbs.
var Verbs = []Verb{
	Start, Claim, Release, Draft, Complete, Send, Due, Child, Cancel, Retry, AddRow, Finish, Answer, Fail,
}

// Do gives an input to the case. It reports false when the input is refused; nothing has changed then.
func (c *Case) Do(in Input) bool {
	if c.Broken != "" || (in.Do == Start) != (c.status == "") || in.Do != Start && c.status != "running" {
		return false
	}
	was := c.now
	c.now = in.At
	a := c.find(in.Act)
	if !c.decide(in, a) {
		c.now = was
		return false
	}
	c.running()
	return true
}

func (c *Case) decide(in Input, a *act) bool {
	switch in.Do {
	case Start:
		return c.start(in)
	case Claim, Release, Draft, Complete:
		return a != nil && in.Index < len(a.slots) && c.task(in, a, a.slots[in.Index])
	case Send:
		return c.send(in)
	case Due:
		return c.due(in, a)
	case Child:
		return a != nil && c.child(in, a)
	case Cancel:
		c.finish("cancelled", "")
		return true
	case Retry:
		return a != nil && c.retry(a)
	case AddRow, Finish:
		return a != nil && c.rows(in, a)
	case Answer, Fail:
		return a != nil && c.machine(in, a)
	}
	return false
}

// rows adds a row to a step that runs once for each, or ends it early.
func (c *Case) rows(in Input, a *act) bool {
	w, ok := a.step.Work.(*definitions.Multi)
	if !ok || a.state != open {
		return false
	}
	if in.Do == Finish {
		if w.Finish == nil || !holds(in.Who, w.Finish.Posts) {
			return false
		}
		c.pass(a, w)
		return true
	}
	if w.Add == nil || !holds(in.Who, w.Add.By.Posts) {
		return false
	}
	row, _ := in.Values[w.Table.Each].(value.Record)
	rows, _ := c.data[w.Table.Name].([]value.Record)
	for _, x := range w.Add.Form.Fields {
		if row[x.Name] == nil && !x.Optional {
			return false
		}
	}
	c.data[w.Table.Name] = append(rows, row)
	if a.total++; !c.enough(a, w) && !w.InOrder {
		a.begun++
		c.begin(a, w.Body, a.begun-1)
	}
	return true
}

func (c *Case) start(in Input) bool {
	way := c.p.Starts[in.Index]
	if !holds(in.Who, way.By.Posts) || !complete(way.Form, in.Values) {
		return false
	}
	c.status = "running"
	c.fill(nil, way.Form, in.Values)
	for _, v := range way.Set {
		c.assign(nil, v.Into, false, c.compute(nil, v.Value))
	}
	c.root = c.newAct(nil, c.p.Case, 1)
	c.later(func() { c.enter(c.root) })
	return true
}

func holds(who value.Person, posts []string) bool {
	return slices.ContainsFunc(posts, func(p string) bool { return slices.Contains(who.Posts, p) })
}

func newSlots(w *definitions.Task) []*slot {
	if w.Sign == definitions.SignNone {
		return []*slot{{posts: slices.Clone(w.By.Posts), state: "offered"}}
	}
	var all []*slot
	for i, post := range w.By.Posts {
		s := &slot{posts: []string{post}, state: "offered"}
		if w.Sign == definitions.SignInOrder && i > 0 {
			s.state = "waiting"
		}
		all = append(all, s)
	}
	return all
}

// task does something with one of an act's tasks.
func (c *Case) task(in Input, a *act, s *slot) bool {
	w, _ := a.step.Work.(*definitions.Task)
	if s.state == "waiting" || s.state == "answered" || in.Do != Release && !holds(in.Who, s.posts) {
		return false
	}
	if in.Do == Release {
		if s.holder != in.Who.ID {
			return false
		}
		s.state, s.holder = "offered", ""
		return true
	}
	if s.holder != "" && s.holder != in.Who.ID {
		return false
	}
	if in.Do != Claim && c.barred(a) {
		return false
	}
	switch in.Do {
	case Claim:
		if s.holder == "" {
			s.state, s.holder = "claimed", in.Who.ID
		}
	case Draft:
		c.startWork(a)
		s.state, s.holder = "started", in.Who.ID
	default:
		return c.answer(in, a, s, w)
	}
	return true
}

// answer completes a task. Several of them are signatures, which decide together.
func (c *Case) answer(in Input, a *act, s *slot, w *definitions.Task) bool {
	known := slices.ContainsFunc(w.Answers, func(o definitions.Outcome) bool { return o.ID == in.Answer })
	if !known && (len(w.Answers) > 0 || in.Answer != "") || !complete(w.Form, in.Values) {
		return false
	}
	if a.signed(in.Who) && c.another(a, s) {
		return false // nobody signs twice while somebody else could
	}
	c.startWork(a)
	s.state, s.answer, s.holder = "answered", in.Answer, in.Who.ID
	c.fill(a, w.Form, in.Values)
	if verdict, decided := signed(w, a.slots); decided {
		c.complete(a, verdict)
	} else if next := slices.IndexFunc(a.slots, func(s *slot) bool { return s.state == "waiting" }); next >= 0 {
		a.slots[next].state = "offered"
	}
	return true
}

func (a *act) signed(who value.Person) bool {
	return slices.ContainsFunc(a.slots, func(s *slot) bool { return s.state == "answered" && s.holder == who.ID })
}

// another tells whether there is somebody who may answer a slot and has not signed.
func (c *Case) another(a *act, s *slot) bool {
	return slices.ContainsFunc(c.staff.Everyone(), func(p value.Person) bool {
		return !a.signed(p) && slices.ContainsFunc(p.Posts, func(post string) bool { return slices.Contains(s.posts, post) })
	})
}

// signed tells what the answers of a task come to, once they decide it.
func signed(w *definitions.Task, slots []*slot) (string, bool) {
	var yes, no int64
	last := ""
	for _, s := range slots {
		switch s.answer {
		case "rejected":
			no++
		case "approved":
			yes++
		}
		if s.answer != "" {
			last = s.answer
		}
	}
	all := int64(len(slots))
	verdict := func(passed, failed bool) (string, bool) {
		if passed {
			return "approved", true
		}
		return "rejected", failed
	}
	switch w.Sign {
	case definitions.SignAll, definitions.SignInOrder:
		return verdict(yes == all, no > 0)
	case definitions.SignAllAtEnd:
		return verdict(yes == all, yes+no == all)
	case definitions.SignRatio:
		least := new(big.Rat).Mul(w.Ratio, big.NewRat(all, 1))
		return verdict(enoughOf(w, yes, least), !enoughOf(w, all-no, least))
	default:
		return last, true
	}
}

// enoughOf tells whether so many have approved: the share, or more than it.
func enoughOf(w *definitions.Task, n int64, least *big.Rat) bool {
	by := big.NewRat(n, 1).Cmp(least)
	return by > 0 || by == 0 && !w.More
}

// due lets a timer's time come.
func (c *Case) due(in Input, a *act) bool {
	if in.Name == "keep" {
		i := slices.IndexFunc(c.inbox, func(k kept) bool { return k.id == in.ID && !k.until.After(c.now) })
		if i < 0 {
			return false
		}
		c.inbox = slices.Delete(c.inbox, i, i+1)
		return true
	}
	if a == nil {
		return false
	}
	i := slices.IndexFunc(a.timers, func(t *timer) bool { return t.kind == in.Name && t.index == in.Index })
	if i < 0 || a.timers[i].at.After(c.now) {
		return false
	}
	t := a.timers[i]
	a.timers = slices.Delete(a.timers, i, i+1)
	if t.kind == "wait" {
		w, _ := a.step.Work.(*definitions.Wait)
		c.complete(a, w.For[t.index].Outcome)
		return true
	}
	timeout := a.step.Timeouts[t.index]
	if timeout.Every != nil {
		a.timers = append(a.timers, &timer{t.kind, t.index, c.again(a, timeout.Every, t.at)})
	}
	c.deed(a, timeout.Do)
	return true
}

// deed does what a timeout or an event of an act says.
func (c *Case) deed(a *act, d definitions.Deed) {
	f, from := a.frame, a.step.ID
	if a == c.root {
		if from = ""; len(a.inner) == 0 {
			return // it has ended nowhere
		}
		f = a.inner[0]
	}
	if a.undoing && d.Way != nil {
		return // it is on its way elsewhere
	}
	switch d.Kind {
	case definitions.DeedTo:
		c.interrupt(a, f, d, from)
		return
	case definitions.DeedFinish:
		w, _ := a.step.Work.(*definitions.Multi)
		c.pass(a, w)
	case definitions.DeedEscalate, definitions.DeedReassign:
		c.hand(a, d)
	case definitions.DeedAlso, definitions.DeedRemind:
	}
	c.cancel(f, nil, d.Cancels)
	if d.Way != nil {
		c.take(f, a, d.Way, from)
	}
}

// hand lets others do the open tasks of an act, too, or instead.
func (c *Case) hand(a *act, d definitions.Deed) {
	for _, f := range a.inner {
		for _, inner := range f.acts {
			c.hand(inner, d)
		}
	}
	for _, s := range a.slots {
		switch {
		case s.state == "answered":
		case d.Kind == definitions.DeedEscalate:
			for _, p := range d.Who.Posts {
				if !slices.Contains(s.posts, p) {
					s.posts = append(s.posts, p)
				}
			}
		default:
			s.posts = slices.Clone(d.Who.Posts)
			if s.holder = ""; s.state != "waiting" {
				s.state = "offered"
			}
		}
	}
}

// send brings a message: the oldest act that waits for it takes it.
func (c *Case) send(in Input) bool {
	i := slices.IndexFunc(c.p.Messages, func(m *definitions.Message) bool { return m.ID == in.Name })
	if i < 0 {
		return false
	}
	m := c.p.Messages[i]
	if !m.Open || !holds(in.Who, m.By.Posts) || !complete(m.Form, in.Values) {
		return false
	}
	taken := false
	for _, a := range append(slices.Clone(c.acts[1:]), c.root) { // the case itself last: what is nearer comes first
		for _, take := range c.takers(a, m) {
			if taken && !m.Each {
				break
			}
			if !taken {
				c.fill(a, m.Form, in.Values)
			}
			taken = true
			take()
		}
	}
	if !taken && m.Keep > 0 {
		c.inbox = append(c.inbox, kept{in.ID, m.ID, in.Who, in.Values, c.now.Add(m.Keep)})
		return true
	}
	return taken
}

// takers lists what an act does with a message, for each of its outcomes and events that wait for it.
func (c *Case) takers(a *act, m *definitions.Message) []func() {
	var all []func()
	if a.undoing {
		return nil
	}
	if w, ok := a.step.Work.(*definitions.Wait); ok && a.state == open {
		for _, f := range w.For {
			if f.Message == m {
				all = append(all, func() {
					if a.state == open {
						c.complete(a, f.Outcome)
					}
				})
			}
		}
	}
	for _, e := range a.step.Events {
		if e.Message == m && !c.happened(e) && a.state == open {
			all = append(all, func() {
				if a.state == open && !c.happened(e) {
					c.event(a, e)
				}
			})
		}
	}
	return all
}

// happened tells whether an event that may happen once has happened.
func (c *Case) happened(e *definitions.Event) bool { return slices.Contains(c.once, e) }

func (c *Case) event(a *act, e *definitions.Event) {
	if e.Once {
		c.once = append(c.once, e)
	}
	c.deed(a, e.Do)
}

// unpack lets an act that has just opened take what was kept for it, oldest first.
func (c *Case) unpack(a *act) {
	for i := 0; i < len(c.inbox); i++ {
		k := c.inbox[i]
		m := c.p.Messages[slices.IndexFunc(c.p.Messages, func(m *definitions.Message) bool { return m.ID == k.name })]
		if all := c.takers(a, m); len(all) > 0 {
			c.inbox = slices.Delete(c.inbox, i, i+1)
			c.fill(a, m.Form, k.values)
			all[0]()
			i--
		}
	}
}

// child brings the result of a called case.
func (c *Case) child(in Input, a *act) bool {
	w, ok := a.step.Work.(*definitions.Call)
	if !ok || a.state != open {
		return false
	}
	if in.Failed != "" {
		c.mishap(a, "failed")
		return true
	}
	for _, v := range w.Take {
		scope := c.scope(a)
		scope.Outcome, scope.Extra = in.Answer, value.Record{"its": in.Values}
		x, err := v.Value.Eval(scope)
		if err != nil {
			c.Broken = err.Error()
			return true
		}
		c.assign(a, v.Into, v.OfRow, x)
	}
	c.complete(a, in.Answer)
	return true
}

// retry does again what failed.
func (c *Case) retry(a *act) bool {
	if a.state != failed {
		return false
	}
	if a.stuck == leaving {
		a.state = leaving
		c.later(func() { c.leave(a) })
		return true
	}
	a.state, a.timers, a.armed = ready, nil, false
	a.close()
	c.later(func() { c.enter(a) })
	return true
}

// judge lets the first condition that holds do what it is there for; acts in the order of their opening.
func (c *Case) judge() bool {
	for _, a := range c.acts {
		if (a.state == open || a.state == ready) && !a.undoing && c.judged(a) {
			return true
		}
	}
	return false
}

func (c *Case) judged(a *act) bool {
	if w, ok := a.step.Work.(*definitions.Wait); ok && a.state == open {
		for _, f := range w.For {
			if f.When != nil && c.holds(a, f.When) {
				c.complete(a, f.Outcome)
				return true
			}
		}
	}
	for _, e := range a.step.Events {
		if e.When == nil || c.happened(e) {
			continue
		}
		held := a.held[e]
		if a.held[e] = c.holds(a, e.When); a.held[e] && !held {
			c.event(a, e)
			return true
		}
	}
	return false
}

// holds judges a condition as an act sees it.
func (c *Case) holds(a *act, g *formula.Guard) bool {
	yes, err := g.Eval(c.scope(a))
	if err != nil {
		c.Broken = err.Error()
	}
	return yes
}

func (c *Case) compute(a *act, v *formula.Value) any {
	x, err := v.Eval(c.scope(a))
	if err != nil {
		c.Broken = err.Error()
	}
	return x
}

// again is when a timer falls due once more: what was missed meanwhile is not made up for.
func (c *Case) again(a *act, every *formula.When, from time.Time) time.Time {
	if at := c.moment(a, every, from); at.After(c.now) {
		return at
	}
	return c.moment(a, every, c.now)
}

func (c *Case) moment(a *act, w *formula.When, from time.Time) time.Time {
	at, err := w.At(c.scope(a), from)
	if err != nil {
		c.Broken = err.Error()
	}
	return at
}

func (c *Case) scope(a *act) *formula.Scope {
	s := &formula.Scope{Data: c.data, Now: c.now, Zone: c.p.Office.Zone, Marking: marking{c, a}, Staff: c.staff}
	if a != nil {
		s.Row, s.Due = c.rowOf(a), a.due
		s.Total, s.Finished, s.Running = int64(a.total), int64(a.finished), int64(a.total-a.finished)
	}
	return s
}

// rowOf is the row that an act is about: that of the nearest frame outwards that has one.
func (c *Case) rowOf(a *act) value.Record {
	for f := a.frame; f != nil; f = f.outer() {
		if f.undoes != nil {
			return c.rowOf(f.undoes.act)
		}
		if w, ok := f.owner.step.Work.(*definitions.Multi); ok {
			rows, _ := c.data[w.Table.Name].([]value.Record)
			return rows[f.row]
		}
	}
	return nil
}

// complete tells whether the values have all that a form requires.
func complete(f *definitions.Form, values value.Record) bool {
	return f == nil || !slices.ContainsFunc(f.Fields, func(x *definitions.FormField) bool {
		in := values
		if x.OfRow {
			in, _ = values[x.Table.Each].(value.Record)
		}
		return !x.Optional && (x.Table == nil || x.OfRow) && in[x.Name] == nil
	})
}

// fill puts the values of a form into the data.
func (c *Case) fill(a *act, f *definitions.Form, values value.Record) {
	if f == nil {
		return
	}
	for _, x := range f.Fields {
		switch {
		case x.OfRow:
			row, _ := values[x.Table.Each].(value.Record)
			c.assign(a, x.Field, true, row[x.Name])
		case x.Table != nil:
			c.data[x.Table.Name] = values[x.Table.Name]
		default:
			c.assign(a, x.Field, false, values[x.Name])
		}
	}
}

func (c *Case) assign(a *act, f *value.Field, ofRow bool, v any) {
	into := c.data
	if ofRow {
		into = c.rowOf(a)
	}
	if into[f.Name] = v; v == nil {
		delete(into, f.Name)
	}
}
