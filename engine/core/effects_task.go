package core

import (
	"cmp"
	"strconv"
)

// taskEffects derives what an event changes of the open tasks and their drafts.
func (m *machine) taskEffects(e Event) {
	switch e := e.(type) { //nolint:gochecksumtype // effectsAfter has the others
	case Offered:
		m.putTask(e.Act, e.Slot)
		if e.Why == OfferReassigned {
			m.effect(PutDraft{Slot: e.Slot})
		}
	case Claimed:
		m.putTask(e.Act, e.Slot)
	case Began:
		m.putTask(e.Act, e.Slot)
	case Released: // a draft is its owner's
		m.putTask(e.Act, e.Slot)
		m.effect(PutDraft{Slot: e.Slot})
	case Transferred:
		m.putTask(e.Act, e.Slot)
		if !e.Keep && m.s.slot(e.Act, e.Slot).State.shown() {
			m.effect(PutDraft{Slot: e.Slot})
		}
	case Delegated:
		m.putTask(e.Act, e.Slot)
	case GaveBack:
		m.putTask(e.Act, e.Slot)
	case SignersAdded:
		m.putTasks(m.act(e.Act))
	case Resumed:
		m.putTask(e.Act, e.Slot)
	}
}

// shown tells whether a slot in this state is a task: somebody works on it, or has asked others.
func (s SlotState) shown() bool { return s.Open() || s == SlotHeld }

// listed tells whether a slot is a task that is kept with whose it is: also one whose turn has not come, for whoever
// asks what a person has to do yet.
func (s *Slot) listed() bool { return s.State.shown() || s.State == SlotWaiting && s.signer() != "" }

// putTasks are all listed tasks of an activation.
func (m *machine) putTasks(a *Activation) {
	for _, slot := range a.Slots {
		m.putTask(a.ID, slot.ID)
	}
}

// putTask is the task that a slot is; one that is not listed is none.
func (m *machine) putTask(act, id ID) {
	a := m.act(act)
	slot := m.s.slot(act, id)
	if !slot.listed() {
		return
	}
	t := PutTask{
		Slot: id, Act: act, Step: a.Step, Title: m.step(a).Title, Candidates: slot.Candidates, Opened: a.Opened,
		Held: slot.State == SlotHeld, Priority: slot.Priority, Holder: slot.Worker(),
	}
	t.Clock, _ = ClockOf(m.p, m.s, a)
	switch {
	case a.State == Parked: // in nobody's inbox until the detour is over; the draft stays with it
		t.Candidates, t.Holder = nil, cmp.Or(slot.Worker(), slot.signer())
		t.Held, t.Waiting = t.Holder != "", slot.State == SlotWaiting
	case slot.State == SlotWaiting:
		t.Candidates, t.Holder, t.Waiting = nil, slot.signer(), true
	}
	if row := m.rowOf(a.Frame); row.table != nil {
		t.Row = strconv.Itoa(row.index + 1)
	}
	m.effect(t)
}

// dropTasks takes away the open tasks of an activation.
func (m *machine) dropTasks(a *Activation) {
	for _, slot := range a.Slots {
		m.dropTask(slot)
	}
}

func (m *machine) dropTask(slot *Slot) {
	if slot.listed() {
		m.effect(DropTask{Slot: slot.ID})
	}
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
