package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
)

// dead finds time limits, events and things waited for that can never come: the step is over before.
func (c *checker) dead(g *Graph) {
	for _, s := range g.Steps {
		if why := atOnce(s); why != "" {
			c.deadAtOnce(s, why)
			continue
		}
		c.deadMessages(s)
		for i, t := range s.Timeouts {
			if before := c.comesBefore(s, i); before != "" {
				c.lateTime(t.Time, fmt.Sprintf("this time limit of %s never comes: %s", called(s), before))
			}
		}
		if w, ok := s.Work.(*Wait); ok {
			c.deadWaits(s, w)
		}
	}
}

func (c *checker) lateTime(at *formula.When, message string) {
	c.add(report.Problem{Place: c.placeOf(at), Code: "timeout-never", Message: message,
		Hint: "take it out, or let it come sooner"})
}

// atOnce says why a step is over in the moment in which it opens; "" = it is not.
func atOnce(s *Step) string {
	switch w := s.Work.(type) {
	case *Junction:
		return "it has no work of its own"
	case *Set, *Decide:
		return "it computes and goes on at once"
	case *Call:
		if w.NoWait {
			return "it does not wait for the case that it calls"
		}
	case *Block:
		if w.Graph.atOnce() {
			return "all that is in it is over at once"
		}
	case *Multi:
		switch {
		case w.passesOn():
			return "it does not wait for its rows"
		case w.Add == nil && w.Body.atOnce():
			return "all that is in it is over at once"
		}
	case *Task, *Wait, *Repeat, *Request, *Job: // somebody or something is waited for, or there may be
	}
	return ""
}

// atOnce tells whether all steps of a list are over at once. What does not wait for its rows is, but they are not.
func (g *Graph) atOnce() bool {
	return !slices.ContainsFunc(g.Steps, func(s *Step) bool {
		w, rows := s.Work.(*Multi)
		return atOnce(s) == "" || s.Lock != nil || s.OnlyWhile != nil || rows && !w.Body.atOnce()
	})
}

// passesOn tells whether a for_each begins its rows and goes on at once: `wait: false`.
func (w *Multi) passesOn() bool {
	return w.Until != nil && w.Until.Source() == "true" && !w.Cancel && !w.InOrder
}

// deadAtOnce refuses what could only come while a step is open that never is. A condition is judged as well while it is
// not yet let in.
func (c *checker) deadAtOnce(s *Step, why string) {
	for _, t := range s.Timeouts {
		c.lateTime(t.Time, fmt.Sprintf("this time limit of %s never comes: %s", called(s), why))
	}
	for _, e := range s.Events {
		held := s.Lock != nil || s.OnlyWhile != nil
		if e.Message != nil || e.When != nil && !held {
			c.deadEvent(s, e, fmt.Sprintf("this event of %s never happens: %s", called(s), why))
		}
	}
}

func (c *checker) deadEvent(s *Step, e *Event, message string) {
	at := s.Place
	switch {
	case e.When != nil:
		at = c.placeOf(e.When)
	case e.Do.Way != nil:
		at = e.Do.Way.Place
	}
	c.add(report.Problem{Place: at, Code: "event-never", Message: message,
		Hint: "take it out, or put it on a step around"})
}

// comesBefore says what always comes before the i-th time limit of a step; "" = nothing.
func (c *checker) comesBefore(s *Step, i int) string {
	mine := s.Timeouts[i].Time
	for j, o := range s.Timeouts {
		if i != j && o.Do.Kind == DeedTo && (s.sooner(o.Time, mine) || j < i && together(o.Time, mine)) {
			return "after " + o.Time.Source() + " the step is left"
		}
	}
	if w, ok := s.Work.(*Wait); ok {
		for _, one := range w.For {
			if one.Time != nil && sooner(one.Time, mine) {
				return "after " + one.Time.Source() + " the wait is over"
			}
		}
	}
	for around := s.Graph.Owner; ; around = around.Graph.Owner {
		for _, o := range around.Timeouts { // of the case, one that leads to a step happens before what comes of that
			over := around.Graph != nil || o.Do.Way != nil && o.Do.Way.End != nil
			if o.Do.Kind == DeedTo && over && sooner(around.due(o.Time), s.due(mine)) {
				return fmt.Sprintf("after %s %s is left, in which it stands", o.Time.Source(), called(around))
			}
		}
		if around.Graph == nil {
			return ""
		}
	}
}

// sooner tells whether one time of a step always comes before another.
func (s *Step) sooner(a, b *formula.When) bool { return sooner(s.due(a), s.due(b)) }

// due is a time of a step, or what its clock gives if the time is that: due.
func (s *Step) due(at *formula.When) *formula.When {
	if s.Within != nil && at.Source() == "due" {
		return s.Within
	}
	return at
}

// deadMessages finds events and waits for messages that always go to another that waits for them: to the step around,
// which is older, or to what stands before them on the same step.
func (c *checker) deadMessages(s *Step) {
	var before []*Message // that go elsewhere
	for around := s.Graph.Owner; around.Graph != nil; around = around.Graph.Owner {
		for _, e := range around.Events {
			if e.keeps() {
				before = append(before, e.Message)
			}
		}
	}
	if w, ok := s.Work.(*Wait); ok {
		for _, one := range w.For {
			if one.Message != nil && slices.Contains(before, one.Message) {
				c.add(report.Problem{Place: s.Place, Code: "event-never", Hint: "take one of the two out",
					Message: fmt.Sprintf("%s never gets the message %s: another takes it first", called(s), one.Message.called())})
			}
			if one.Message != nil {
				before = append(before, one.Message)
			}
		}
	}
	for _, e := range s.Events {
		if e.Message == nil {
			continue
		}
		if slices.Contains(before, e.Message) {
			c.deadEvent(s, e, fmt.Sprintf("this event of %s never happens: another takes the message %s first",
				called(s), e.Message.called()))
		}
		if e.keeps() {
			before = append(before, e.Message)
		}
	}
}

// keeps tells whether an event takes each message of its kind, so that no younger one gets it.
func (e *Event) keeps() bool {
	return e.Message != nil && !e.Once && (!e.Message.Each || e.Do.Kind == DeedTo)
}

// deadWaits finds times of a wait that come after another of its times, or after it was left.
func (c *checker) deadWaits(s *Step, w *Wait) {
	for i, one := range w.For {
		if one.Time == nil {
			continue
		}
		for j, o := range w.For {
			if i != j && o.Time != nil && (sooner(o.Time, one.Time) || j < i && together(o.Time, one.Time)) {
				c.lateTime(one.Time, fmt.Sprintf("this time of %s never comes: after %s the wait is over", called(s),
					o.Time.Source()))
				break
			}
		}
		for _, t := range s.Timeouts {
			if t.Do.Kind == DeedTo && s.sooner(t.Time, one.Time) {
				c.lateTime(one.Time, fmt.Sprintf("this time of %s never comes: after %s the step is left", called(s),
					t.Time.Source()))
				break
			}
		}
	}
}

// sooner tells whether the one span is over before the other, counted from the same moment or later.
func sooner(a, b *formula.When) bool {
	x, unit, ok := a.Length()
	y, other, same := b.Length()
	return ok && same && unit == other && x < y
}

// together tells whether two spans are over at the same moment.
func together(a, b *formula.When) bool {
	x, unit, ok := a.Length()
	y, other, same := b.Length()
	return a.Source() == b.Source() || ok && same && unit == other && x == y
}
