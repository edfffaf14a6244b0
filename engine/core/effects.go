package core

import "strconv"

// effectsBefore derives the effects of an event that end something, from the state in which it still is.
func (m *machine) effectsBefore(e Event) []Effect {
	switch e := e.(type) {
	case Moved:
		if e.To != Done && e.To != Withdrawn {
			return nil
		}
		a := m.act(e.Act)
		out := m.ends(a)
		if e.To == Withdrawn && a.Called != "" && (a.State == Open || a.State == Failed) {
			out = append(out, CancelCase{Case: a.Called})
		}
		return out
	case Resulted:
		return m.ends(m.act(e.Act))
	case Answered:
		return []Effect{DropTask{Slot: e.Slot}}
	case TimerCleared:
		return []Effect{DropTimer{Timer: e.Timer}}
	default:
		return nil
	}
}

// ends lists the effects that take away an activation's tasks, timers and keys.
func (m *machine) ends(a *Activation) []Effect {
	var out []Effect
	for _, slot := range a.Slots {
		if slot.State.open() {
			out = append(out, DropTask{Slot: slot.ID})
		}
	}
	for _, t := range a.Timers {
		out = append(out, DropTimer{Timer: t.ID})
	}
	for _, k := range a.Keys {
		out = append(out, Unsubscribe{Act: a.ID, Name: k.Name})
	}
	return out
}

// effectsAfter derives the effects of an event that begin or change something.
func (m *machine) effectsAfter(e Event) []Effect {
	switch e := e.(type) {
	case Offered:
		return m.putTask(e.Act, e.Slot)
	case Claimed:
		return m.putTask(e.Act, e.Slot)
	case Released:
		return m.putTask(e.Act, e.Slot)
	case TimerSet:
		return []Effect{PutTimer{Timer: e.Timer.ID, At: e.Timer.At}}
	case Kept:
		return []Effect{PutTimer{Timer: e.Timer.ID, At: e.Timer.At}}
	case Subscribed:
		return []Effect{Subscribe{Act: e.Act, Name: e.Key.Name, Key: e.Key.Key}}
	case Called:
		return []Effect{StartCase{
			Case: e.Case, Act: e.Act, Procedure: e.Procedure, Values: e.Values, Depth: m.s.Depth + 1, NoWait: e.NoWait,
		}}
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

func (m *machine) putTask(act, id ID) []Effect {
	a := m.act(act)
	slot := m.s.slot(act, id)
	if !slot.State.open() {
		return nil
	}
	t := PutTask{
		Slot: id, Act: act, Step: a.Step, Title: m.step(a).Title, Candidates: slot.Candidates, Opened: a.Opened,
		Due: dueOf(m.s, a),
	}
	if slot.Holder != nil {
		t.Holder = slot.Holder.ID
	}
	if row := m.rowOf(a.Frame); row.table != nil {
		t.Row = strconv.Itoa(row.index + 1)
	}
	return []Effect{t}
}

// coalesce keeps the last word about each task and timer, and drops what began and ended in the same Step.
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
