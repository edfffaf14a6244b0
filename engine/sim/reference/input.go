package reference

import (
	"math/big"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
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
	Failed string   // why a called case failed
	To     string   // the step or end to go to
	Leave  []string // the acts that a jump leaves
	All    bool     // a jump in a case in which nothing runs takes all threads with it: the core alone looks ahead
}

// Copy is the input with values of its own: a case keeps those that it is given.
func (in Input) Copy() Input {
	if in.Values != nil {
		in.Values, _ = value.Clone(in.Values).(value.Record)
	}
	return in
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
	Suspend  Verb = "suspend"
	Resume   Verb = "resume"
	Skip     Verb = "skip"
	Revoke   Verb = "revoke"
	Return   Verb = "return"
	Straight Verb = "return straight"
	Recall   Verb = "recall"
	Jump     Verb = "jump"
)

// Verbs are all verbs.
var Verbs = []Verb{
	Start, Claim, Release, Draft, Complete, Send, Due, Child, Cancel, Retry, AddRow, Finish, Answer, Fail,
	Suspend, Resume, Skip, Revoke, Return, Straight, Recall, Jump,
}

// Do gives an input to the case. It reports false when the input is refused; nothing has changed then.
func (c *Case) Do(in Input) bool {
	if c.Broken != "" || !c.takes(in) {
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
	c.Trail.settle()
	c.did = append(c.did, in.Copy())
	return true
}

// takes tells whether a case that stands as it does takes an input at all.
func (c *Case) takes(in Input) bool {
	switch c.status {
	case "":
		return in.Do == Start
	case "running":
		return in.Do != Start && in.Do != Resume
	case "suspended":
		return in.Do == Resume || in.Do == Child || in.Do == Send
	}
	return false
}

func (c *Case) decide(in Input, a *act) bool {
	switch in.Do {
	case Start:
		return c.start(in)
	case Claim, Release, Draft, Complete, Return, Straight:
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
	case Suspend:
		c.status, c.since = "suspended", c.now
		return true
	case Resume:
		c.resume()
		return true
	case Skip:
		return a != nil && c.skip(in, a)
	case Revoke:
		return c.revoke(in)
	case Recall:
		return a != nil && c.recall(in, a)
	case Jump:
		return c.jump(in)
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
		a.past = nil
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
	c.status, c.starter = "running", in.Who.ID
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
		c.putDown(a)
		return true
	}
	if s.holder != "" && s.holder != in.Who.ID {
		return false
	}
	if in.Do == Return || in.Do == Straight {
		return c.giveBack(in, a)
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
	a.by = in.Who.ID
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
	if i < 0 || a.timers[i].at.After(c.now) || a.state == parked {
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
	if a.detour != nil && d.Way != nil { // it takes no way: the one who waits for it goes on
		if d.Kind == definitions.DeedTo {
			c.withdraw(a)
		}
		return
	}
	switch d.Kind {
	case definitions.DeedTo:
		c.interrupt(a, f, d, from)
		return
	case definitions.DeedFinish:
		w, _ := a.step.Work.(*definitions.Multi)
		a.past = nil
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
	if a.state == parked { // it waits as it is
		return
	}
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

// child brings the result of a called case.
func (c *Case) child(in Input, a *act) bool {
	w, ok := a.step.Work.(*definitions.Call)
	if !ok || a.state != open {
		return false
	}
	if c.status == "suspended" { // it waits until the case is resumed
		a.back = &in
		return true
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
	if a.state != failed || a.undoing {
		return false
	}
	if a.stuck == leaving {
		a.state = leaving
		c.later(func() { c.leave(a) })
		return true
	}
	a.state, a.timers, a.armed, a.past = ready, nil, false, nil
	c.close(a)
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
