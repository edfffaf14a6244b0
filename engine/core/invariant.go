package core

import (
	"fmt"
	"slices"
)

// mustHold panics with *Broken when the state is one that no sequence of events may lead to.
func (m *machine) mustHold() {
	if err := m.s.Check(); err != nil {
		panic(err)
	}
	for _, a := range m.s.Acts {
		if a.State != Ready || a.Undo != nil || m.s.Status != Running {
			continue
		}
		if st := m.step(a); st.Lock == nil && st.OnlyWhile == nil {
			panic(&Broken{What: "activation of " + a.Step + " was never opened"})
		}
	}
}

// Check tests the invariants of a state that is between two Steps.
func (s *State) Check() error {
	last := ID(0)
	for _, a := range s.Acts {
		if a.ID <= last || a.ID > s.Counter {
			return &Broken{What: fmt.Sprintf("activation %d is out of order", a.ID)}
		}
		last = a.ID
		if a.Frame != 0 && s.frame(a.Frame) == nil {
			return &Broken{What: fmt.Sprintf("activation %d stands in no frame", a.ID)}
		}
		if a.State == Leaving {
			return &Broken{What: fmt.Sprintf("activation %d was left on its way out", a.ID)}
		}
		for _, slot := range a.Slots {
			if slot.State == SlotHeld && !a.asks(slot) {
				return &Broken{What: fmt.Sprintf("task %d waits for nobody", slot.ID)}
			}
		}
	}
	for _, f := range s.Frames {
		if owner := s.act(f.Owner); owner == nil || owner.State.Over() {
			return &Broken{What: fmt.Sprintf("frame %d belongs to nothing that goes on", f.ID)}
		}
	}
	if err := s.checkTokens(); err != nil {
		return err
	}
	if s.Status == Finished && (len(s.Frames) > 0 || len(s.Tokens) > 0) {
		return &Broken{What: "the case has finished and something is left of it"}
	}
	return nil
}

func (s *State) checkTokens() error {
	for _, r := range s.Rounds {
		for _, seen := range r.Seen {
			waits := slices.ContainsFunc(s.Tokens, func(t Token) bool { return t.ID == seen.Token })
			if r.Open && r.Fired == 0 && !waits {
				return &Broken{What: fmt.Sprintf("round %d counts a thread that is not there", r.ID)}
			}
		}
	}
	for _, t := range s.Tokens {
		if s.frame(t.Frame) == nil {
			return &Broken{What: fmt.Sprintf("token %d waits in no frame", t.ID)}
		}
	}
	return nil
}
