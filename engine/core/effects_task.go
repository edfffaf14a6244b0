package core

import "strconv"

// taskEffects derives what an event changes of the open tasks and their drafts.
func (m *machine) taskEffects(e Event) []Effect {
	switch e := e.(type) { //nolint:gochecksumtype // effectsAfter has the others
	case Offered:
		if e.Why == OfferReassigned {
			return append(m.putTask(e.Act, e.Slot), PutDraft{Slot: e.Slot})
		}
		return m.putTask(e.Act, e.Slot)
	case Claimed:
		return m.putTask(e.Act, e.Slot)
	case Began:
		return m.putTask(e.Act, e.Slot)
	case Released: // a draft is its owner's
		return append(m.putTask(e.Act, e.Slot), PutDraft{Slot: e.Slot})
	case Transferred:
		put := m.putTask(e.Act, e.Slot)
		if e.Keep || len(put) == 0 {
			return put
		}
		return append(put, PutDraft{Slot: e.Slot})
	case Delegated:
		return m.putTask(e.Act, e.Slot)
	case GaveBack:
		return m.putTask(e.Act, e.Slot)
	case SignersAdded:
		return m.putTask(e.Act, e.Slot)
	case Resumed:
		return m.putTask(e.Act, e.Slot)
	}
	return nil
}

// shown tells whether a slot in this state is a task: somebody works on it, or has asked others.
func (s SlotState) shown() bool { return s.Open() || s == SlotHeld }

func (m *machine) putTask(act, id ID) []Effect {
	a := m.act(act)
	slot := m.s.slot(act, id)
	if !slot.State.shown() {
		return nil
	}
	t := PutTask{
		Slot: id, Act: act, Step: a.Step, Title: m.step(a).Title, Candidates: slot.Candidates, Opened: a.Opened,
		Due: dueOf(m.s, a), Held: slot.State == SlotHeld, Priority: slot.Priority, Holder: slot.Worker(),
	}
	if a.State == Parked { // nobody's until the detour is over; the draft stays with it
		t.Candidates, t.Holder = nil, ""
	}
	if row := m.rowOf(a.Frame); row.table != nil {
		t.Row = strconv.Itoa(row.index + 1)
	}
	return []Effect{t}
}

// Worker is the id of who works on a slot: its holder, or whom he gave it; "" = nobody yet.
func (s *Slot) Worker() string {
	switch {
	case s.Given != nil:
		return s.Given.ID
	case s.Holder != nil:
		return s.Holder.ID
	}
	return ""
}

// dropTasks takes away the tasks of slots that end.
func (m *machine) dropTasks(a *Activation, slots []ID) []Effect {
	var out []Effect
	for _, id := range slots {
		if a.slotByID(id).State.shown() {
			out = append(out, DropTask{Slot: id})
		}
	}
	return out
}
