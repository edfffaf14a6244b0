package core

import "slices"

// effectsBefore derives the effects of an event that end something, from the state in which it still is.
func (m *machine) effectsBefore(e Event) []Effect {
	switch e := e.(type) {
	case Moved:
		a := m.act(e.Act)
		if e.To == Ready {
			return dropTasks(a)
		}
		if !e.To.Over() {
			return nil
		}
		if e.To == Withdrawn {
			return append(m.ends(a), cancelCalled(a)...)
		}
		return m.ends(a)
	case UndoBegan:
		if a := m.act(e.Act); a.Frame != 0 && a.State != Ready {
			return append(m.ends(a), cancelCalled(a)...)
		}
		return nil
	case Resulted:
		return m.ends(m.act(e.Act))
	case Stuck:
		if e.Incident.Phase == Beside {
			return nil
		}
		return dropJob(m.act(e.Act))
	case Answered:
		return []Effect{DropTask{Slot: e.Slot}}
	case SignersOut:
		return m.dropTasks(m.act(e.Act), e.Slots)
	case Resolved:
		a := m.act(e.Act)
		if a.State != Failed || a.Incident.Phase == AtLeave || a.Incident.Phase == AtTake {
			return nil
		}
		again := *a
		again.Timers = slices.DeleteFunc(slices.Clone(a.Timers), func(t Timer) bool { return !t.ofWork() })
		return append(m.ends(&again), cancelCalled(a)...)
	case TimerCleared:
		return []Effect{DropTimer{Timer: e.Timer}}
	case Detoured:
		return dropTimers(m.act(e.Act))
	case Forced:
		a := m.act(e.Act)
		return append(m.ends(a), cancelCalled(a)...)
	case Suspension:
		return m.all(dropTimers)
	default:
		return nil
	}
}

// cancelCalled asks the case that an activation waits for to stop.
func cancelCalled(a *Activation) []Effect {
	if a.Called == "" || a.Back != nil || a.State != Open && a.State != Failed {
		return nil
	}
	return []Effect{CancelCase{Case: a.Called}}
}

// ends lists the effects that take away an activation's tasks, timers and keys.
func (m *machine) ends(a *Activation) []Effect {
	out := append(dropTasks(a), dropTimers(a)...)
	for _, k := range a.Keys {
		out = append(out, Unsubscribe{Act: a.ID, Name: k.Name})
	}
	return append(out, dropJob(a)...)
}

// dropJob takes away what a machine was asked.
func dropJob(a *Activation) []Effect {
	if a.Job == 0 {
		return nil
	}
	return []Effect{DropJob{Job: a.Job}}
}

func dropTimers(a *Activation) []Effect {
	out := make([]Effect, len(a.Timers))
	for i, t := range a.Timers {
		out[i] = DropTimer{Timer: t.ID}
	}
	return out
}

func dropTasks(a *Activation) []Effect {
	var out []Effect
	for _, slot := range a.Slots {
		if slot.State.shown() {
			out = append(out, DropTask{Slot: slot.ID})
		}
	}
	return out
}

// all gathers effects of every activation whose clocks run.
func (m *machine) all(of func(*Activation) []Effect) []Effect {
	var out []Effect
	for _, a := range m.s.Acts {
		if a.State != Parked {
			out = append(out, of(a)...)
		}
	}
	return out
}

func putTimers(a *Activation) []Effect {
	out := make([]Effect, len(a.Timers))
	for i, t := range a.Timers {
		out[i] = PutTimer{Timer: t.ID, At: t.At}
	}
	return out
}

// effectsAfter derives the effects of an event that begin or change something.
func (m *machine) effectsAfter(e Event) []Effect {
	switch e := e.(type) {
	case Offered, Claimed, Began, Released, Transferred, Delegated, GaveBack, SignersAdded, Resumed:
		return m.taskEffects(e)
	case Urged, CaseCopied, Commented:
		return tells(e)
	case Detoured:
		return m.putTasks(m.act(e.Act))
	case Rejoined:
		return append(m.putTasks(m.act(e.Act)), putTimers(m.act(e.Act))...)
	case Resumption:
		out := m.all(putTimers)
		if e.Shift != 0 {
			out = append(out, m.all(m.putTasks)...)
		}
		return out
	case Drew:
		return []Effect{Draw(e)}
	case Ended:
		return m.tellParent(e)
	case Unsubscribed:
		return []Effect{Unsubscribe{Act: e.Act, Name: e.Key.Name}}
	case TimerSet:
		return []Effect{PutTimer{Timer: e.Timer.ID, At: e.Timer.At}}
	case Kept:
		if m.s.Status == Suspended { // its clock begins to run with the others
			return nil
		}
		return []Effect{PutTimer{Timer: e.Timer.ID, At: e.Timer.At}}
	case Subscribed:
		return []Effect{Subscribe{Act: e.Act, Name: e.Key.Name, Key: e.Key.Key}}
	case Called:
		return []Effect{StartCase{
			Case: e.Case, Act: e.Act, Procedure: e.Procedure, Values: e.Values, Depth: m.s.Depth + 1, NoWait: e.NoWait,
		}}
	case Asked:
		return []Effect{PutJob{
			Job: e.Job, Act: e.Act, Step: m.act(e.Act).Step, Name: e.Name, Body: e.Body, At: e.At, Most: e.Most,
		}}
	case Tried:
		if e.Again.IsZero() {
			return nil
		}
		return []Effect{DelayJob{Job: e.Job, At: e.Again}}
	case Reminded:
		return []Effect{Notify{Kind: e.How, To: e.To, Act: e.Act, Step: m.act(e.Act).Step}}
	case Issued:
		if len(e.Copies) == 0 {
			return nil
		}
		return []Effect{Copy{To: e.Copies, Document: e.Document, Number: e.Number, Edition: e.Edition}}
	default:
		return nil
	}
}

// tellParent tells the calling case how this one ended, unless it was the caller that ended it.
func (m *machine) tellParent(e Ended) []Effect {
	switch {
	case m.s.Parent == nil:
		return nil
	case e.Status == Finished:
		return []Effect{EndChild{Parent: *m.s.Parent, Outcome: e.Outcome}}
	case e.By != "":
		return []Effect{EndChild{Parent: *m.s.Parent, Code: CallCancelled, Failed: e.Reason}}
	}
	return nil
}

// putTasks are all open tasks of an activation.
func (m *machine) putTasks(a *Activation) []Effect {
	var out []Effect
	for _, slot := range a.Slots {
		out = append(out, m.putTask(a.ID, slot.ID)...)
	}
	return out
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
	out := make([]Effect, 0, len(list))
	for i, e := range list {
		if k, ok := name(e); !ok || last[k] == i {
			out = append(out, e)
		}
	}
	return out
}
