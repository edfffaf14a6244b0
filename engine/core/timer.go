package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
)

// armTimeouts sets the timers of a step's timeouts, counted from now.
func (m *machine) armTimeouts(a *Activation, st *definitions.Step) *Incident {
	for _, t := range st.Timeouts {
		at, err := t.Time.At(m.scope(a), m.c.Now)
		if err != nil {
			return trouble(err, t.Time.Source())
		}
		m.emit(TimerSet{Act: a.ID, Timer: Timer{ID: m.next(), Kind: TimeoutTimer, Index: t.Index, At: at}})
	}
	return nil
}

// due does what a timer was set for. It is never early: the input's own time decides.
func (m *machine) due(in Due) *Rejection {
	for _, a := range m.s.Acts {
		i := slices.IndexFunc(a.Timers, func(t Timer) bool { return t.ID == in.Timer })
		if i < 0 {
			continue
		}
		t := a.Timers[i]
		if a.State == Parked {
			return &Rejection{Code: NotOpen}
		}
		if t.At.After(m.c.Now) {
			return &Rejection{Code: NotOpen, Args: map[string]string{"due": t.At.Format("2006-01-02T15:04:05Z07:00")}}
		}
		m.emit(TimerCleared{Act: a.ID, Timer: t.ID, Fired: true})
		if m.vain(a, t) {
			m.stick(a.ID, AtOpen, &Incident{Code: "too-many-moves", Message: "its time is over each time that it begins"})
			return nil
		}
		m.fire(a, t)
		return nil
	}
	return &Rejection{Code: NotOpen}
}

// vain tells whether a step goes round and round by a clock, since its time is over whenever it begins: nobody waits
// then, and it would never end.
func (m *machine) vain(a *Activation, t Timer) bool {
	leads := t.Kind == WaitTimer || t.Kind == TimeoutTimer && m.step(a).Timeouts[t.Index].Do.Way != nil
	return leads && a.N > maxVain && !t.At.After(a.Opened)
}

func (m *machine) fire(a *Activation, t Timer) {
	st := m.step(a)
	switch t.Kind {
	case WaitTimer:
		if w, ok := st.Work.(*definitions.Wait); ok && a.State == Open {
			m.result(a, w.For[t.Index].Outcome)
		}
	case KeepTimer:
		for _, k := range slices.Clone(m.s.Kept) {
			if k.Timer == t.ID {
				m.emit(Unkept{ID: k.ID, Name: k.Name})
				m.emit(Received{ID: k.ID, Name: k.Name, Sender: k.Sender, Fate: "dropped"})
			}
		}
	case TimeoutTimer:
		timeout := st.Timeouts[t.Index]
		if timeout.Every != nil {
			m.again(a, timeout, t)
		}
		m.doDeed(a, timeout.Do, Undoing{Timeout: &t.Index})
	case MoreTimer:
		if multi, ok := st.Work.(*definitions.Multi); ok {
			m.beginRows(a, multi)
		}
	}
}

// again sets the next timer of a repeating timeout. What was missed while nobody looked is not made up for.
func (m *machine) again(a *Activation, timeout *definitions.Timeout, t Timer) {
	scope := m.scope(a)
	from := t.At
	next, err := timeout.Every.At(scope, from)
	if err == nil && !next.After(m.c.Now) {
		from = m.c.Now
		next, err = timeout.Every.At(scope, from)
	}
	if err != nil {
		m.stick(a.ID, Beside, trouble(err, timeout.Every.Source()))
		return
	}
	if !next.After(from) {
		m.stick(a.ID, Beside, &Incident{
			Code: "every", Message: "the span after which it repeats is not positive", Formula: timeout.Every.Source(),
		})
		return
	}
	m.emit(TimerSet{Act: a.ID, Timer: Timer{ID: m.next(), Kind: TimeoutTimer, Index: t.Index, At: next}})
}

// doDeed does what a timeout or an event of an activation says; then names it, where it must wait for compensation.
func (m *machine) doDeed(a *Activation, d definitions.Deed, then Undoing) {
	if a.Undo != nil && d.Way != nil {
		return // it is on its way elsewhere already
	}
	if m.deedFrame(a) == 0 {
		return // the case has ended nowhere, and waits for somebody to retry or cancel it
	}
	if a.Detour != 0 && d.Way != nil { // it takes no way, nor what a way cancels: the one who waits for it goes on
		if d.Kind == definitions.DeedTo {
			m.withdraw(a, "interrupted")
		}
		return
	}
	var spared ID
	if d.Kind == definitions.DeedTo { // it leads on from there, and may compensate first
		spared = a.ID
	}
	if !m.withdrawBy(m.deedFrame(a), spared, d.Cancels) {
		return
	}
	switch d.Kind {
	case definitions.DeedTo:
		m.win(a)
		if a.Frame == 0 {
			m.withdrawAll(m.deedFrame(a), "interrupted")
		} else {
			m.closeFrames(a.ID, "interrupted")
		}
		if !m.undo(a, m.undoneByDeed(a, d), then) {
			m.passDeed(a, d)
		}
	case definitions.DeedAlso:
		m.passDeed(a, d)
	case definitions.DeedRemind, definitions.DeedEscalate, definitions.DeedReassign:
		m.callIn(a, d)
	case definitions.DeedFinish:
		if a.State == Open {
			m.resultOf(Resulted{Act: a.ID, By: a.By, Early: true})
		}
	}
}

// deedFrame is the frame into which an activation's timeouts and events lead.
func (m *machine) deedFrame(a *Activation) ID {
	if a.Frame == 0 { // the case's own ways lead among its steps
		return m.innerFrame(a.ID)
	}
	return a.Frame
}

// passDeed takes the way of a timeout or an event.
func (m *machine) passDeed(a *Activation, d definitions.Deed) {
	if d.Kind == definitions.DeedTo && a.Frame != 0 {
		m.withdraw(a, "interrupted")
	}
	m.pass(d.Way, move{kind: arriveMove, frame: m.deedFrame(a), from: Eaten{Input: inputName(a), By: a.ID}})
}

// undoneByDeed lists what an interruption undoes: `block` on a step with an inside means what was done there.
func (m *machine) undoneByDeed(a *Activation, d definitions.Deed) []ID {
	undo := d.Undo
	if undo == nil && d.Way.End != nil {
		undo = d.Way.End.Undo
	}
	list := m.toUndo(m.deedFrame(a), undo)
	if undo == nil || undo.All || undo.Steps != nil || a.Frame == 0 || m.step(a).Inside() == nil {
		return list
	}
	return slices.DeleteFunc(list, func(id ID) bool {
		return !slices.ContainsFunc(m.s.Undoable, func(u Undoable) bool {
			return u.Act == id && slices.Contains(u.Owners, a.ID)
		})
	})
}

// inputName is what a way out of an activation counts as at a join: its step, or the start for the case itself.
func inputName(a *Activation) string {
	if a.Frame == 0 {
		return ""
	}
	return a.Step
}

func (m *machine) innerFrame(owner ID) ID {
	for _, f := range m.s.Frames {
		if f.Owner == owner {
			return f.ID
		}
	}
	return 0
}

// callIn reminds people of open work, offers it to more of them, or to others in their place.
func (m *machine) callIn(a *Activation, d definitions.Deed) {
	who, wrong := m.peopleOf(d.Who, a)
	if wrong != nil {
		m.stick(a.ID, Beside, wrong)
		return
	}
	how := map[definitions.DeedKind]string{
		definitions.DeedRemind: "reminded", definitions.DeedEscalate: OfferEscalated,
		definitions.DeedReassign: OfferReassigned,
	}[d.Kind]
	if !m.anyoneOf(who) { // it stays with those who have it, and somebody is to know that nobody was told
		m.stick(a.ID, Beside, &Incident{Code: "nobody", Message: "nobody is there who could be " + how + ": " + a.Step})
		if d.Kind == definitions.DeedReassign || len(who) == 0 {
			return
		}
	}
	m.emit(Reminded{Act: a.ID, To: who, How: how})
	if d.Kind == definitions.DeedRemind {
		return
	}
	for _, inner := range m.inside(a) {
		if inner.State == Parked { // it waits as it is
			continue
		}
		for _, slot := range slices.Clone(inner.Slots) {
			if !slot.State.Ended() {
				m.callInto(inner, slot, who, how)
			}
		}
	}
}

// anyoneOf tells whether somebody of a list is there.
func (m *machine) anyoneOf(list []formula.Candidate) bool {
	return slices.ContainsFunc(list, func(c formula.Candidate) bool {
		_, there := m.person(c.Person)
		return there || c.Post != "" && len(m.c.Staff.Holders(c.Post)) > 0
	})
}

// callInto offers one task to more people, or to others. Those whom its holder has asked before are not needed when
// others have it.
func (m *machine) callInto(a *Activation, slot *Slot, who []formula.Candidate, how string) {
	list := who
	switch {
	case how == OfferEscalated:
		list = addCandidates(slot.Candidates, who)
	case a.Advises(slot):
		return
	case slot.State == SlotHeld:
		m.dismissBefore(a, slot)
	}
	m.emit(Offered{Act: a.ID, Slot: slot.ID, Candidates: list, Why: how})
}

func addCandidates(list, more []formula.Candidate) []formula.Candidate {
	out := slices.Clone(list)
	for _, c := range more {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
