package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
)

func (e Offered) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	slot := a.slotByID(e.Slot)
	if slot == nil {
		s.use(e.Slot)
		state := SlotOffered
		if e.Why == OfferLater {
			state = SlotWaiting
		}
		a.Slots = append(a.Slots, &Slot{
			ID: e.Slot, Candidates: e.Candidates, State: state, Weight: e.Weight, Priority: e.Priority,
		})
		return
	}
	slot.Candidates = e.Candidates
	if e.Why == OfferTurn || e.Why == OfferReassigned && slot.State != SlotWaiting {
		slot.move(SlotOffered)
		slot.Holder, slot.Given, slot.Proposed = nil, nil, nil
	}
}

func (e Claimed) apply(_ *definitions.Procedure, s *State) {
	slot := s.slot(e.Act, e.Slot)
	slot.Holder = &e.Person
	if e.For != nil {
		slot.Holder = e.For
	}
	slot.move(SlotClaimed)
}

func (e Began) apply(_ *definitions.Procedure, s *State) {
	slot := s.slot(e.Act, e.Slot)
	slot.Holder = &e.Person
	if e.For != nil {
		slot.Holder = e.For
	}
	slot.move(SlotStarted)
}

func (e Released) apply(_ *definitions.Procedure, s *State) {
	slot := s.slot(e.Act, e.Slot)
	slot.Holder, slot.Proposed = nil, nil
	slot.move(SlotOffered)
	s.unlockIdle(s.act(e.Act))
}

func (e Answered) apply(_ *definitions.Procedure, s *State) {
	slot := s.slot(e.Act, e.Slot)
	slot.Holder, slot.For, slot.Answer, slot.Proposed = &e.Person, e.For, e.Answer, nil
	s.act(e.Act).Last = e.Slot
	slot.move(SlotAnswered)
}

func (Skipped) apply(*definitions.Procedure, *State) {} // for the record only

func (e Transferred) apply(_ *definitions.Procedure, s *State) {
	slot := s.slot(e.Act, e.Slot)
	slot.Candidates = []formula.Candidate{{Person: e.To.ID}}
	if slot.State == SlotWaiting {
		return
	}
	slot.Holder = &e.To
	if e.Whole && (slot.State == SlotHeld || slot.State == SlotGiven && slot.Given.ID != e.To.ID) {
		return // those whom he has asked, or who works on it for him, go on
	}
	begun := slot.State == SlotStarted || slot.State == SlotHeld || slot.State == SlotGiven
	slot.Given, slot.Proposed = nil, nil
	if e.Keep && begun {
		slot.move(SlotStarted)
		return
	}
	slot.move(SlotClaimed)
	s.unlockIdle(s.act(e.Act))
}

func (e Delegated) apply(_ *definitions.Procedure, s *State) {
	slot := s.slot(e.Act, e.Slot)
	slot.Holder, slot.Given, slot.Proposed = &e.By, &e.To, nil
	slot.move(SlotGiven)
}

func (e GaveBack) apply(_ *definitions.Procedure, s *State) {
	slot := s.slot(e.Act, e.Slot)
	slot.Given = nil
	if e.Done {
		slot.Proposed = &Proposal{By: e.By, Answer: e.Answer, Note: e.Note}
	}
	slot.move(SlotStarted)
}

func (e SignersAdded) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	adder := s.slot(e.Act, e.Slot)
	group := adder.Group
	if e.Place != AddBeside {
		s.use(e.Group)
		group = e.Group
		a.Groups = append(a.Groups, Group{ID: e.Group, Kind: e.Place, Parent: e.Slot, Mode: e.Mode})
	}
	added := make([]*Slot, len(e.Signers))
	for i, n := range e.Signers {
		s.use(n.Slot)
		added[i] = &Slot{
			ID: n.Slot, Candidates: []formula.Candidate{n.Who}, State: SlotWaiting, Kind: e.Place, Parent: e.Slot,
			Group: group, Weight: n.Weight, Priority: adder.Priority,
		}
	}
	// Whoever is added stands right behind the adder: that is his place where they sign one after another.
	i := slices.Index(a.Slots, adder) + 1
	a.Slots = slices.Insert(a.Slots, i, added...)
	if e.Place == AddBefore {
		adder.Holder = &e.By
		adder.move(SlotHeld)
	}
}

func (e SignersOut) apply(_ *definitions.Procedure, s *State) {
	if g := s.act(e.Act).group(e.Group); g != nil {
		g.Ended = true
	}
	to := SlotWithdrawn
	if e.By.ID != "" {
		to = SlotRemoved
	}
	for _, id := range e.Slots {
		slot := s.slot(e.Act, id)
		slot.move(to)
		slot.Given = nil
	}
}

func (e Resumed) apply(_ *definitions.Procedure, s *State) {
	s.act(e.Act).group(e.Group).Ended = true
	s.slot(e.Act, e.Slot).move(SlotStarted)
}

func (s *State) slot(act, id ID) *Slot {
	if slot := s.act(act).slotByID(id); slot != nil {
		return slot
	}
	panic(&Broken{What: "no such slot"})
}
