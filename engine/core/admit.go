package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// A step that has been entered may still have to wait for its turn: for a condition (`only_while`), or for a lock
// that another holds (`exclusive`, `any_order`). A task is offered while the lock is held, and takes it when somebody
// starts; any other work takes it when it opens.

// admits tells whether an activation may open now, and takes the lock of one that is no task.
func (m *machine) admits(a *Activation, st *definitions.Step) bool {
	if st.OnlyWhile != nil && !m.holdsNow(a, st) {
		return false
	}
	if _, task := st.Work.(*definitions.Task); task || st.Lock == nil {
		return true
	}
	if m.holder(a, st.Lock) != nil {
		return false
	}
	m.lock(a, st)
	return true
}

// holdsNow judges `only_while`. What reads an empty field does not hold; what cannot be judged is an incident. Where
// somebody has sent the case it is not asked: it would stand still there.
func (m *machine) holdsNow(a *Activation, st *definitions.Step) bool {
	if a.Sent {
		return true
	}
	holds, err := st.OnlyWhile.Eval(m.scope(a))
	if err != nil && !absent(err) && a.Incident == nil {
		m.stick(a.ID, Beside, trouble(err, st.OnlyWhile.Source()))
	}
	return err == nil && holds
}

// admitted opens what may open now, and hides tasks whose condition has turned false before anybody started. It
// reports whether anything changed.
func (m *machine) admitted() bool {
	for _, a := range m.s.Acts {
		if a.State != Ready && a.State != Open || a.Undo != nil || a.Incident != nil && a.Incident.Phase != Beside {
			continue
		}
		st := m.step(a)
		switch {
		case st.Lock == nil && st.OnlyWhile == nil:
		case a.State == Ready:
			if m.mayOpen(a, st) {
				m.push(move{kind: openMove, act: a.ID})
				return true
			}
		case st.OnlyWhile != nil && !a.started() && !m.holdsNow(a, st):
			if _, task := st.Work.(*definitions.Task); task && a.State == Open {
				m.emit(Moved{Act: a.ID, To: Ready, Why: "not-now"})
				return true
			}
		}
	}
	return false
}

// mayOpen is admits without taking the lock.
func (m *machine) mayOpen(a *Activation, st *definitions.Step) bool {
	if st.OnlyWhile != nil && !m.holdsNow(a, st) {
		return false
	}
	_, task := st.Work.(*definitions.Task)
	return task || st.Lock == nil || m.holder(a, st.Lock) == nil
}

// started tells whether somebody has begun to work on a task.
func (a *Activation) started() bool {
	return slices.ContainsFunc(a.Slots, func(s *Slot) bool {
		return s.State == SlotStarted || s.State == SlotGiven || s.State == SlotHeld || s.State == SlotAnswered
	})
}

// mayBegin refuses to start a task whose lock another holds. Who is only asked for advice needs none.
func (m *machine) mayBegin(a *Activation, slot *Slot) *Rejection {
	lock := m.step(a).Lock
	if lock == nil || a.Advises(slot) {
		return nil
	}
	if by := m.holder(a, lock); by != nil {
		return &Rejection{Code: Excluded, Args: map[string]string{"step": by.Step}}
	}
	return nil
}

// begin is called when work on a task starts: it takes the lock and wins the race, but for who only gives advice.
func (m *machine) begin(a *Activation, slot *Slot) {
	if a.Advises(slot) {
		return
	}
	if st := m.step(a); st.Lock != nil {
		m.lock(a, st)
	}
	m.win(a)
}

// win withdraws those with which an activation races: it is the first at which something has happened.
func (m *machine) win(a *Activation) {
	if a.Race == 0 {
		return
	}
	for _, b := range slices.Clone(m.s.Acts) {
		if b.Race == a.Race && b.ID != a.ID {
			m.withdraw(b, "race")
		}
	}
}

func (m *machine) lock(a *Activation, st *definitions.Step) {
	l := m.lockOf(a, st.Lock)
	if !slices.ContainsFunc(m.s.Locks, func(x Lock) bool { return x == l }) {
		m.emit(Locked{Lock: l})
	}
}

// unlockIdle frees the lock of a task on which nobody works any more.
func (s *State) unlockIdle(a *Activation) {
	if !a.started() {
		s.Locks = slices.DeleteFunc(s.Locks, func(l Lock) bool { return l.Act == a.ID })
	}
}

func (m *machine) lockOf(a *Activation, lock *definitions.Lock) Lock {
	l := Lock{Name: lock.Name, Act: a.ID}
	if lock.Name == "" {
		l.Frame = a.Frame
	}
	return l
}

// holder is another activation that holds a lock which a needs; nil = it is free. Who holds a lock has it for all that
// runs inside.
func (m *machine) holder(a *Activation, lock *definitions.Lock) *Activation {
	want := m.lockOf(a, lock)
	for _, l := range m.s.Locks {
		if l.Name == want.Name && l.Frame == want.Frame && !m.runsWithin(a, l.Act) {
			return m.act(l.Act)
		}
	}
	return nil
}

// runsWithin tells whether an activation is another one or runs inside it.
func (m *machine) runsWithin(a *Activation, outer ID) bool {
	for a.ID != outer {
		if a.Detour != 0 && m.runsWithin(m.act(a.Detour), outer) {
			return true // who waits for it holds the lock for it
		}
		f := m.s.frame(a.Frame)
		if f == nil {
			return false
		}
		a = m.act(f.Owner)
	}
	return true
}

// frameOf is the nearest frame, from this one outward, that runs the list of a step; this one if none does.
func (m *machine) frameOf(from ID, st *definitions.Step) ID {
	for f := m.s.frame(from); f != nil; f = m.s.frame(m.act(f.Owner).Frame) {
		if f.Undoes == nil && m.graph(f) == st.Graph {
			return f.ID
		}
	}
	return from
}
