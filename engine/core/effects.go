package core

import (
	"slices"
	"time"
)

// effect adds to what follows from the events.
func (m *machine) effect(e Effect) { m.effects = append(m.effects, e) }

// effectsBefore derives the effects of an event that end something, from the state in which it still is.
func (m *machine) effectsBefore(e Event) {
	switch e := e.(type) {
	case Moved:
		a := m.act(e.Act)
		switch {
		case e.To == Ready:
			m.dropTasks(a)
		case e.To.Over():
			m.ends(a)
			if e.To == Withdrawn {
				m.cancelCalled(a)
			}
		}
	case UndoBegan:
		if a := m.act(e.Act); a.reverts(e.Undo) {
			m.ends(a)
			m.cancelCalled(a)
		}
	case Resulted:
		m.ends(m.act(e.Act))
	case Stuck:
		if e.Incident.Phase != Beside {
			m.dropJob(m.act(e.Act))
		}
	case Offered: // to others than before: it may be nobody's own any more
		if slot := m.act(e.Act).slotByID(e.Slot); slot != nil && slot.State == SlotWaiting {
			m.dropTask(slot)
		}
	case Answered:
		m.effect(DropTask{Slot: e.Slot})
	case SignersOut:
		a := m.act(e.Act)
		for _, id := range e.Slots {
			m.dropTask(a.slotByID(id))
		}
	case Resolved:
		m.beginsAgain(m.act(e.Act))
	case TimerCleared:
		m.effect(DropTimer{Timer: e.Timer})
	case Detoured:
		m.dropTimers(m.act(e.Act))
	case Forced:
		a := m.act(e.Act)
		m.ends(a)
		m.cancelCalled(a)
	case Suspension:
		m.delayJobs(never)
		m.clocks(m.dropTimers)
	default:
	}
}

// beginsAgain takes away what an activation has begun that is to begin its work afresh.
func (m *machine) beginsAgain(a *Activation) {
	if a.State != Failed || a.Incident.Phase == AtLeave || a.Incident.Phase == AtTake {
		return
	}
	again := *a
	again.Timers = slices.DeleteFunc(slices.Clone(a.Timers), func(t Timer) bool { return !t.ofWork() })
	m.ends(&again)
	m.cancelCalled(a)
}

// cancelCalled asks the case that an activation waits for to stop.
func (m *machine) cancelCalled(a *Activation) {
	if a.Called == "" || a.Back != nil || a.State != Open && a.State != Failed {
		return
	}
	m.effect(CancelCase{Case: a.Called})
}

// ends takes away an activation's tasks, timers, keys and job.
func (m *machine) ends(a *Activation) {
	m.dropTasks(a)
	m.dropTimers(a)
	for _, k := range a.Keys {
		m.effect(Unsubscribe{Act: a.ID, Name: k.Name})
	}
	m.dropJob(a)
}

// dropJob takes away what a machine was asked.
func (m *machine) dropJob(a *Activation) {
	if a.Job != 0 {
		m.effect(DropJob{Job: a.Job})
	}
}

// never is when the machines of a suspended case get its jobs: whoever has one must not go on with it.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func (m *machine) delayJobs(until time.Time) {
	for _, a := range m.s.Acts {
		if a.Job != 0 && a.State == Open {
			m.effect(DelayJob{Job: a.Job, At: until})
		}
	}
}

func (m *machine) dropTimers(a *Activation) {
	for _, t := range a.Timers {
		m.effect(DropTimer{Timer: t.ID})
	}
}

func (m *machine) putTimers(a *Activation) {
	for _, t := range a.Timers {
		m.effect(PutTimer{Timer: t.ID, At: t.At})
	}
}

// askForKept subscribes once more: what was kept by key while nothing could be taken is to be brought.
func (m *machine) askForKept(a *Activation) {
	if a.State != Open {
		return
	}
	for _, k := range a.Keys {
		if msg := message(m.p, k.Name); msg != nil && msg.Keep > 0 {
			m.effect(Subscribe{Act: a.ID, Name: k.Name, Key: k.Key})
		}
	}
}

// clocks does something for every activation whose clocks run.
func (m *machine) clocks(do func(*Activation)) {
	for _, a := range m.s.Acts {
		if a.State != Parked {
			do(a)
		}
	}
}

// effectsAfter derives the effects of an event that begin or change something.
func (m *machine) effectsAfter(e Event) {
	switch e := e.(type) {
	case Offered, Claimed, Began, Released, Transferred, Delegated, GaveBack, SignersAdded, Resumed:
		m.taskEffects(e)
	case Urged, CaseCopied, Commented:
		m.tell(e)
	case TimerSet, TimerCleared, Moved:
		m.clockEffects(e)
	case Detoured:
		m.putTasks(m.act(e.Act))
	case Rejoined:
		m.putTasks(m.act(e.Act))
		m.putTimers(m.act(e.Act))
		m.askForKept(m.act(e.Act))
	case Resumption:
		m.delayJobs(m.c.Now)
		m.clocks(m.askForKept)
		m.clocks(m.putTimers)
		if e.Shift != 0 {
			m.clocks(m.putTasks)
		}
	case Migrated:
		for _, a := range m.s.Acts {
			if !a.State.Over() {
				m.putTasks(a)
			}
		}
	case Drew:
		m.effect(Draw(e))
	case Ended:
		m.tellParent(e)
	case Unsubscribed:
		m.effect(Unsubscribe{Act: e.Act, Name: e.Key.Name})
	case Kept:
		if m.s.Status != Suspended { // its clock begins to run with the others
			m.effect(PutTimer{Timer: e.Timer.ID, At: e.Timer.At})
		}
	case Subscribed:
		m.effect(Subscribe{Act: e.Act, Name: e.Key.Name, Key: e.Key.Key})
	case Called:
		m.effect(StartCase{
			Case: e.Case, Act: e.Act, Procedure: e.Procedure, Values: e.Values, Depth: m.s.Depth + 1, NoWait: e.NoWait,
		})
	case Asked:
		m.effect(PutJob{
			Job: e.Job, Act: e.Act, Step: m.act(e.Act).Step, Name: e.Name, Body: e.Body, At: e.At, Most: e.Most,
		})
	case Tried:
		if !e.Again.IsZero() {
			m.effect(DelayJob{Job: e.Job, At: e.Again})
		}
	case Reminded:
		m.effect(Notify{Kind: e.How, To: e.To, Act: e.Act, Step: m.act(e.Act).Step})
	case Issued:
		if len(e.Copies) > 0 {
			m.effect(Copy{To: e.Copies, Document: e.Document, Number: e.Number, Edition: e.Edition})
		}
	default:
	}
}

// tellParent tells the calling case how this one ended, unless it was the caller that ended it.
func (m *machine) tellParent(e Ended) {
	switch {
	case m.s.Parent == nil:
	case e.Status == Finished:
		m.effect(EndChild{Parent: *m.s.Parent, Outcome: e.Outcome})
	case e.By != "":
		m.effect(EndChild{Parent: *m.s.Parent, Code: CallCancelled, Failed: e.Reason})
	}
}

// coalesce keeps the last word about each task, timer and job, and drops what began and ended in the same Step.
func coalesce(list []Effect) []Effect {
	type key struct {
		what string
		id   ID
	}
	name := func(e Effect) (key, bool) {
		switch e := e.(type) {
		case PutTask:
			return key{"task", e.Slot}, true
		case DropTask:
			return key{"task", e.Slot}, true
		case PutTimer:
			return key{"timer", e.Timer}, true
		case DropTimer:
			return key{"timer", e.Timer}, true
		case PutJob:
			return key{"job", e.Job}, true
		case DropJob:
			return key{"job", e.Job}, true
		default:
			return key{}, false
		}
	}
	last := map[key]int{}
	for i, e := range list {
		if k, ok := name(e); ok {
			last[k] = i
		}
	}
	out := list[:0]
	for i, e := range list {
		if k, ok := name(e); !ok || last[k] == i {
			out = append(out, e)
		}
	}
	return out
}
