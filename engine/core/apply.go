package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Apply changes s by one event that an earlier Step returned. Folding all events of a case over New gives its state.
// It decides nothing and is the only writer of a State.
func Apply(p *definitions.Procedure, s *State, e Event) {
	s.Seq++
	switch e := e.(type) {
	case CaseStarted:
		applyStarted(s, e)
	case DataSet:
		for _, a := range e.Values {
			assign(p, s, a)
		}
	case FrameOpened:
		s.use(e.Frame)
		s.Frames = append(s.Frames, &Frame{ID: e.Frame, Owner: e.Owner, Row: e.Row, Was: e.Was})
	case FrameClosed:
		applyFrameClosed(s, e.Frame)
	case Opened:
		s.use(e.Act)
		s.Acts = append(s.Acts, &Activation{
			ID: e.Act, Frame: e.Frame, Step: e.Step, N: e.N, State: Ready, Opened: e.At, Due: e.Due, Ate: e.Ate,
			Missed: e.Missed,
		})
	case Moved:
		applyMoved(s, e)
	case EndReached:
		f := s.frame(e.Frame)
		f.Reached = true
		if e.End != definitions.StopEnd {
			f.Outcome = e.End
		}
	case Ended:
		s.Status, s.Outcome, s.Ended = e.Status, e.Outcome, e.At
	case Chosen, Judged, Reminded, Received:
		// for the record only
	default:
		applyThreads(s, e)
	}
}

// applyThreads applies the events of joins, tasks and timers.
func applyThreads(s *State, e Event) {
	switch e := e.(type) {
	case Passed:
		s.use(e.Token)
		s.Tokens = append(s.Tokens, Token{ID: e.Token, Frame: e.Frame, To: e.To, Input: e.Input, By: e.By})
	case Joined:
		s.dropTokens(e.Tokens)
	case Dropped:
		s.dropTokens(e.Tokens)
	case RoundChanged:
		applyRound(s, e.Round)
	case Offered:
		applyOffered(s, e)
	case Claimed:
		slot := s.slot(e.Act, e.Slot)
		slot.Holder = &e.Person
		slot.State = SlotClaimed
		if e.Draft {
			slot.State = SlotStarted
		}
	case Released:
		slot := s.slot(e.Act, e.Slot)
		slot.Holder, slot.State = nil, SlotOffered
	case Answered:
		slot := s.slot(e.Act, e.Slot)
		slot.Holder, slot.State, slot.Answer = &e.Person, SlotAnswered, e.Answer
	case TimerSet:
		s.use(e.Timer.ID)
		a := s.act(e.Act)
		a.Timers = append(a.Timers, e.Timer)
	case TimerCleared:
		a := s.act(e.Act)
		a.Timers = slices.DeleteFunc(a.Timers, func(t Timer) bool { return t.ID == e.Timer })
	default:
		applyOther(s, e)
	}
}

// applyOther applies the events of results, messages, calls, papers and incidents.
func applyOther(s *State, e Event) {
	switch e := e.(type) {
	case Spread:
		s.act(e.Act).Total = e.Total
	case RowEnded:
		a := s.act(e.Act)
		a.By = addPeople(slices.Clone(a.By), e.By...)
	case Subscribed:
		a := s.act(e.Act)
		a.Keys = append(a.Keys, e.Key)
	case Resulted:
		a := s.act(e.Act)
		a.Answer, a.By = e.Answer, e.By
		a.State = Leaving
		a.Slots, a.Timers, a.Keys = nil, nil, nil
	case Kept:
		s.use(e.Timer.ID)
		s.Kept = append(s.Kept, e.Message)
		a := s.act(e.Act)
		a.Timers = append(a.Timers, e.Timer)
	case Unkept:
		s.Kept = slices.DeleteFunc(s.Kept, func(k KeptMessage) bool { return k.ID == e.ID })
	case Once:
		s.Happened = append(s.Happened, Happened(e))
	case Called:
		s.act(e.Act).Called = e.Case
	case Issued:
		applyIssued(s, e)
	case Stuck:
		a := s.act(e.Act)
		a.Incident = &e.Incident
		if e.Incident.Phase != AtTimer {
			a.State = Failed
		}
	case Resolved:
		a := s.act(e.Act)
		if a.Incident != nil && a.Incident.Phase == AtLeave {
			a.State = Leaving
		} else if a.State == Failed {
			a.State = Ready
		}
		a.Incident = nil
	default:
		panic(&Broken{What: "event of an unknown kind: " + e.Kind()})
	}
}

func applyStarted(s *State, e CaseStarted) {
	s.Procedure, s.Version, s.Number = e.Procedure, e.Version, e.Number
	s.Status, s.Started, s.Starter = Running, e.At, e.Starter
	s.Settings, s.Parent, s.Depth = e.Settings, e.Parent, e.Depth
	s.Data = value.Record{}
}

func applyFrameClosed(s *State, id ID) {
	f := s.frame(id)
	if owner := s.act(f.Owner); owner != nil {
		owner.Finished++
	}
	s.Frames = slices.DeleteFunc(s.Frames, func(x *Frame) bool { return x.ID == id })
	s.Acts = slices.DeleteFunc(s.Acts, func(a *Activation) bool { return a.Frame == id })
	s.Tokens = slices.DeleteFunc(s.Tokens, func(t Token) bool { return t.Frame == id })
	s.Rounds = slices.DeleteFunc(s.Rounds, func(r Round) bool { return r.Frame == id })
}

func applyMoved(s *State, e Moved) {
	a := s.act(e.Act)
	if !mayFollow(a.State, e.To) {
		panic(&Broken{What: "activation of " + a.Step + " cannot go from " + string(a.State) + " to " + string(e.To)})
	}
	a.State = e.To
	if e.To == Done || e.To == Withdrawn {
		a.Slots, a.Timers, a.Keys, a.Incident = nil, nil, nil, nil
		a.Order = s.Seq
	}
}

func applyRound(s *State, r Round) {
	i := slices.IndexFunc(s.Rounds, func(x Round) bool { return x.ID == r.ID })
	if i < 0 {
		s.use(r.ID)
		s.Rounds = append(s.Rounds, r)
		return
	}
	s.Rounds[i] = r
}

func applyOffered(s *State, e Offered) {
	a := s.act(e.Act)
	i := slices.IndexFunc(a.Slots, func(x *Slot) bool { return x.ID == e.Slot })
	if i < 0 {
		s.use(e.Slot)
		state := SlotOffered
		if e.Why == OfferLater {
			state = SlotWaiting
		}
		a.Slots = append(a.Slots, &Slot{ID: e.Slot, Candidates: e.Candidates, State: state})
		return
	}
	slot := a.Slots[i]
	slot.Candidates = e.Candidates
	if e.Why != OfferEscalated || slot.State == SlotWaiting {
		slot.State, slot.Holder = SlotOffered, nil
	}
}

func applyIssued(s *State, e Issued) {
	paper := Paper{Document: e.Document, Number: e.Number, Edition: e.Edition}
	i := slices.IndexFunc(s.Papers, func(x Paper) bool { return x.Document == e.Document })
	if i < 0 {
		s.Papers = append(s.Papers, paper)
		return
	}
	s.Papers[i] = paper
}

// use takes an ID from the counter.
func (s *State) use(id ID) { s.Counter = max(s.Counter, id) }

func (s *State) frame(id ID) *Frame {
	i, ok := slices.BinarySearchFunc(s.Frames, id, func(f *Frame, id ID) int { return int(f.ID - id) })
	if !ok {
		return nil
	}
	return s.Frames[i]
}

func (s *State) act(id ID) *Activation {
	i, ok := slices.BinarySearchFunc(s.Acts, id, func(a *Activation, id ID) int { return int(a.ID - id) })
	if !ok {
		return nil
	}
	return s.Acts[i]
}

func (s *State) slot(act, id ID) *Slot {
	for _, slot := range s.act(act).Slots {
		if slot.ID == id {
			return slot
		}
	}
	panic(&Broken{What: "no such slot"})
}

func (s *State) dropTokens(ids []ID) {
	s.Tokens = slices.DeleteFunc(s.Tokens, func(t Token) bool { return slices.Contains(ids, t.ID) })
}

// Clone copies a state so that stepping the copy leaves s alone.
func (s *State) Clone() *State {
	c := *s
	c.Data, _ = value.Clone(s.Data).(value.Record)
	c.Frames = make([]*Frame, len(s.Frames))
	for i, f := range s.Frames {
		g := *f
		c.Frames[i] = &g
	}
	c.Acts = make([]*Activation, len(s.Acts))
	for i, a := range s.Acts {
		c.Acts[i] = a.clone()
	}
	c.Tokens = slices.Clone(s.Tokens)
	c.Rounds = slices.Clone(s.Rounds)
	c.Kept = slices.Clone(s.Kept)
	c.Happened = slices.Clone(s.Happened)
	c.Papers = slices.Clone(s.Papers)
	return &c
}

func (a *Activation) clone() *Activation {
	b := *a
	b.Timers = slices.Clone(a.Timers)
	b.Keys = slices.Clone(a.Keys)
	if len(a.Slots) > 0 {
		b.Slots = make([]*Slot, len(a.Slots))
		for i, slot := range a.Slots {
			t := *slot
			b.Slots[i] = &t
		}
	}
	return &b
}

// Reasons of an Offered event.
const (
	OfferOpened     = "opened"
	OfferLater      = "later" // sign in-order: its turn has not come
	OfferTurn       = "turn"  // its turn has come
	OfferEscalated  = "escalated"
	OfferReassigned = "reassigned"
)

var _ formula.Marking = marking{}
