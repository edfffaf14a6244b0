package engine

import (
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
)

// timerCleared tells that a timer ran out, and what happens then.
func (t *teller) timerCleared(x core.TimerCleared) string {
	if !x.Fired {
		return t.fill("timer-cleared", "step", t.stepOf(x.Act))
	}
	st, timer := core.StepOf(t.proc, t.state, x.Act), t.timer(x)
	if st == nil || timer == nil {
		return t.fill("timer-cleared.due", "step", t.stepOf(x.Act))
	}
	if timer.Kind == core.WaitTimer {
		return t.fill("timer-cleared.waited", "step", t.stepOf(x.Act))
	}
	text := t.fill("timer-cleared.due", "step", t.stepOf(x.Act))
	if deed := deedOfTimer(st, timer); deed != nil {
		text += t.consequence(deed)
	}
	return text
}

// timer finds the timer that an event clears.
func (t *teller) timer(x core.TimerCleared) *core.Timer {
	a := t.act(x.Act)
	if a == nil {
		return nil
	}
	for i := range a.Timers {
		if a.Timers[i].ID == x.Timer {
			return &a.Timers[i]
		}
	}
	return nil
}

func deedOfTimer(st *definitions.Step, timer *core.Timer) *definitions.Deed {
	if timer.Kind != core.TimeoutTimer || timer.Index >= len(st.Timeouts) {
		return nil
	}
	return &st.Timeouts[timer.Index].Do
}

// received tells that a message came, from whom, and what happens then.
func (t *teller) received(x core.Received) string {
	name := "received"
	switch {
	case x.Fate == "kept" || x.Fate == "dropped":
		name += "." + x.Fate
	case x.Sender.Name != "":
		t.who = x.Sender.Name
		name = "received.by"
	}
	text := t.fill(name, "message", t.quoted(t.message(x.Name)))
	deed := t.deedOfMessage(x)
	if deed == nil {
		return text
	}
	if deed.Kind == definitions.DeedTo && !t.wholeCase(x.Act) {
		text += t.fill("deed.leaves", "step", t.stepOf(x.Act))
	}
	return text + t.consequence(deed)
}

// deedOfMessage is what a step's event does that took a message; nil: none did.
func (t *teller) deedOfMessage(x core.Received) *definitions.Deed {
	st := core.StepOf(t.proc, t.state, x.Act)
	if st == nil || x.Fate != "taken" {
		return nil
	}
	if w, ok := st.Work.(*definitions.Wait); ok {
		for _, f := range w.For {
			if f.Message != nil && f.Message.ID == x.Name {
				return nil
			}
		}
	}
	for _, e := range st.Events {
		if e.Message != nil && e.Message.ID == x.Name && !t.happened(x.Act, e) {
			return &e.Do
		}
	}
	return nil
}

func (t *teller) happened(act core.ID, e *definitions.Event) bool {
	a := t.act(act)
	return a != nil && core.EventIsOver(t.state, a, e)
}

// deedOfJudged is the event whose condition came true; nil: it was something else's.
func (t *teller) deedOfJudged(x core.Judged) *definitions.Deed {
	st := core.StepOf(t.proc, t.state, x.Act)
	if st == nil || x.What != "event" {
		return nil
	}
	for _, e := range st.Events {
		if e.When != nil && e.When.Source() == x.Why.Guard && !t.happened(x.Act, e) {
			return &e.Do
		}
	}
	return nil
}

// wholeCase tells whether an activation is that of the case itself.
func (t *teller) wholeCase(act core.ID) bool {
	a := t.act(act)
	return a != nil && a.Frame == 0
}

// consequence is the rest of a sentence: what a timer, a message or a condition leads to. Who is reminded is a sentence
// of its own.
func (t *teller) consequence(d *definitions.Deed) string {
	switch d.Kind {
	case definitions.DeedTo:
		if d.Way.To == nil && d.Way.End.ID != definitions.StopEnd {
			return t.fill("deed.end", "to", t.quoted(t.wayTitle(d.Way)))
		}
		return t.fill("deed.to", "to", t.wayNamed(d.Way))
	case definitions.DeedAlso:
		return t.fill("deed.also", "to", t.wayNamed(d.Way))
	case definitions.DeedFinish:
		return t.fill("deed.finish")
	case definitions.DeedRemind, definitions.DeedEscalate, definitions.DeedReassign:
	}
	return ""
}

// reminded tells who was called in; by a timer, that its time had come, which may be before the work is due.
func (t *teller) reminded(x core.Reminded) string {
	name := "reminded"
	switch x.How {
	case core.OfferEscalated, core.OfferReassigned:
		name += "." + x.How
	}
	if t.fired != 0 && t.fired == x.Act {
		name += ".due"
	}
	return t.fill(name, "step", t.stepOf(x.Act), "people", t.people(x.To))
}

// turn remembers what the events after this one follow from.
func (t *teller) turn(event core.Event) {
	switch x := event.(type) {
	case core.TimerCleared:
		if !x.Fired {
			return
		}
		t.fired, t.turned = x.Act, 0
		st, timer := core.StepOf(t.proc, t.state, x.Act), t.timer(x)
		if st != nil && timer != nil {
			t.turnBy(x.Act, deedOfTimer(st, timer))
		}
	case core.TimerSet, core.Reminded, core.Offered: // a timer that repeats is set again before its deed is done
	case core.Received:
		t.fired = 0
		t.turnBy(x.Act, t.deedOfMessage(x))
	case core.Judged:
		t.fired = 0
		deed := t.deedOfJudged(x)
		t.turnBy(x.Act, deed)
	default:
		t.fired = 0
	}
}

func (t *teller) turnBy(act core.ID, d *definitions.Deed) {
	if d != nil && d.Kind == definitions.DeedTo {
		t.turned = act
	}
}
