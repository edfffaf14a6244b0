package core

import (
	"cmp"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// Apply changes s by one event that an earlier Step returned. Folding all events of a case over New gives its state.
// Events decide nothing, and nothing but their apply methods writes a State.
func Apply(p *definitions.Procedure, s *State, e Event) {
	s.Seq++
	e.apply(p, s)
}

func (e CaseStarted) apply(_ *definitions.Procedure, s *State) {
	s.Procedure, s.Version, s.Number = e.Procedure, e.Version, e.Number
	s.Status, s.Started, s.Starter = Running, e.At, e.Starter
	s.Settings, s.Parent, s.Depth = e.Settings, e.Parent, e.Depth
	s.Data = value.Record{}
}

func (e DataSet) apply(_ *definitions.Procedure, s *State) {
	for _, a := range e.Values {
		setAt(s.Data, a.Path, a.Row, value.Clone(a.Value))
	}
}

func (e FrameOpened) apply(_ *definitions.Procedure, s *State) {
	s.use(e.Frame)
	f := &Frame{ID: e.Frame, Owner: e.Owner, Row: e.Row, Was: e.Was}
	a := s.act(e.Owner)
	if e.Undo == 0 {
		a.Begun++
	} else {
		f.Undoes = s.takeUndoable(e.Undo)
		a.Undo.Left = slices.DeleteFunc(slices.Clone(a.Undo.Left), func(id ID) bool { return id == e.Undo })
	}
	s.Frames = append(s.Frames, f)
}

func (e FrameClosed) apply(p *definitions.Procedure, s *State) {
	if e.Cut {
		s.putUndoable(*s.frame(e.Frame).Undoes)
	}
	if !e.Ended || !s.keep(p, e.Frame) {
		for _, a := range s.Acts {
			if a.Frame == e.Frame {
				s.forget(a.ID)
			}
		}
	}
	s.remember(e.Frame)
	s.seal(p, e.Frame)
	s.rehome(e.Frame)
	s.rehomeDetours(e.Frame)
	s.Frames = slices.DeleteFunc(s.Frames, func(f *Frame) bool { return f.ID == e.Frame })
	s.Acts = slices.DeleteFunc(s.Acts, func(a *Activation) bool { return a.Frame == e.Frame })
	s.Tokens = slices.DeleteFunc(s.Tokens, func(t Token) bool { return t.Frame == e.Frame })
	s.Rounds = slices.DeleteFunc(s.Rounds, func(r Round) bool { return r.Frame == e.Frame })
}

// rehomeDetours lets the detours for what was in a frame that closes have come of its owner.
func (s *State) rehomeDetours(frame ID) {
	for _, d := range s.Acts {
		if of := s.act(d.Detour); of != nil && of.Frame == frame && d.Frame != frame {
			d.Detour = s.frame(frame).Owner
		}
	}
}

func (e Opened) apply(_ *definitions.Procedure, s *State) {
	s.use(e.Act)
	s.Acts = append(s.Acts, &Activation{
		ID: e.Act, Frame: e.Frame, Step: e.Step, N: e.N, State: Ready, Opened: e.At, Due: e.Due, Ate: e.Ate,
		Missed: e.Missed, Race: e.Race, Detour: e.Detour, Into: e.Into, Sent: e.Sent,
	})
}

func (e Moved) apply(p *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	a.move(e.To)
	switch e.To {
	case Done:
		s.goneOnFrom(p, a)
	case Ready, Withdrawn, Undone:
		s.forget(a.ID)
	default:
	}
	switch e.To {
	case Done, Withdrawn:
		a.Slots, a.Groups, a.Timers, a.Keys = nil, nil, nil, nil
		a.Was, a.Back, a.Incident, a.Undo = nil, nil, nil, nil
		a.Order = s.Seq
		s.Locks = slices.DeleteFunc(s.Locks, func(l Lock) bool { return l.Act == e.Act })
	case Open:
		a.Armed = true
	case Ready: // hidden again; its timers run on
		a.Slots, a.Groups = nil, nil
		s.unlockIdle(a)
	case Leaving, Trailing, Reverting, Failed:
	}
	if e.To == Undone || e.To == Withdrawn {
		a.Sealed = nil
	}
	if e.To == Undone || e.Why == TakenBack {
		s.Past = slices.DeleteFunc(s.Past, func(p Past) bool { return p.Owner == a.ID })
	}
}

func (e EndReached) apply(_ *definitions.Procedure, s *State) {
	f := s.frame(e.Frame)
	f.Ends = append(slices.Clip(f.Ends), Arrival{End: e.End, By: e.By, Error: e.Error})
}

func (e Ended) apply(_ *definitions.Procedure, s *State) {
	s.Status, s.Outcome, s.Ended = e.Status, e.Outcome, e.At
}

// For the record only.
func (Chosen) apply(*definitions.Procedure, *State)   {}
func (Judged) apply(*definitions.Procedure, *State)   {}
func (Decided) apply(*definitions.Procedure, *State)  {}
func (Reminded) apply(*definitions.Procedure, *State) {}
func (Tried) apply(*definitions.Procedure, *State)    {}
func (Replied) apply(*definitions.Procedure, *State)  {}
func (Received) apply(*definitions.Procedure, *State) {}
func (Drew) apply(*definitions.Procedure, *State)     {}

func (e Passed) apply(_ *definitions.Procedure, s *State) {
	s.use(e.Token)
	s.Tokens = append(s.Tokens, Token{ID: e.Token, Frame: e.Frame, To: e.To, Input: e.Input, By: e.By})
}

func (e Joined) apply(_ *definitions.Procedure, s *State)  { s.dropTokens(e.Tokens) }
func (e Dropped) apply(_ *definitions.Procedure, s *State) { s.dropTokens(e.Tokens) }

func (e RoundChanged) apply(_ *definitions.Procedure, s *State) {
	for _, seen := range e.Round.Seen {
		s.use(seen.Token)
	}
	i := slices.IndexFunc(s.Rounds, func(r Round) bool { return r.ID == e.Round.ID })
	if i < 0 {
		s.use(e.Round.ID)
		s.Rounds = append(s.Rounds, e.Round)
		return
	}
	s.Rounds[i] = e.Round
}

func (e TimerSet) apply(_ *definitions.Procedure, s *State) {
	s.use(e.Timer.ID)
	a := s.act(e.Act)
	a.Timers = append(a.Timers, e.Timer)
}

func (e TimerCleared) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	a.Timers = slices.DeleteFunc(a.Timers, func(t Timer) bool { return t.ID == e.Timer })
}

func (e Spread) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	a.Total, a.Begun, a.Finished, a.By, a.Was = e.Total, 0, 0, nil, e.Was
}

func (e EndedEarly) apply(_ *definitions.Procedure, s *State) { s.forget(e.Act) }

func (e Grown) apply(_ *definitions.Procedure, s *State) { s.act(e.Act).Total = e.Total }

func (e Locked) apply(_ *definitions.Procedure, s *State) { s.Locks = append(s.Locks, e.Lock) }

func (e RowEnded) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	a.Finished++
	a.By = addPeople(slices.Clone(a.By), e.By...)
}

func (e Subscribed) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	a.Keys = append(a.Keys, e.Key)
}

func (e Unsubscribed) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	a.Keys = slices.DeleteFunc(a.Keys, func(k Key) bool { return k == e.Key })
}

func (e Resulted) apply(p *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	if e.Early {
		s.forget(a.ID)
	}
	s.hold(p, a)
	a.Answer, a.By, a.Against = e.Answer, e.By, e.Against
	a.move(Leaving)
	a.Slots, a.Groups, a.Timers, a.Keys, a.Was, a.Back, a.Job = nil, nil, nil, nil, nil, nil, 0
}

func (e Kept) apply(_ *definitions.Procedure, s *State) {
	s.use(e.Timer.ID)
	msg := e.Message
	msg.Timer = e.Timer.ID
	s.Kept = append(s.Kept, msg)
	a := s.act(e.Act)
	a.Timers = append(a.Timers, e.Timer)
}

func (e Unkept) apply(_ *definitions.Procedure, s *State) {
	s.Kept = slices.DeleteFunc(s.Kept, func(k KeptMessage) bool { return k.ID == e.ID })
}

func (e Once) apply(_ *definitions.Procedure, s *State) {
	h := Happened{Act: e.Act, Step: s.act(e.Act).Step, Event: e.Event}
	if e.Over {
		s.Happened = slices.DeleteFunc(s.Happened, func(x Happened) bool { return x == h })
		return
	}
	s.Happened = append(s.Happened, h)
}

func (e Called) apply(_ *definitions.Procedure, s *State) {
	s.use(e.Call)
	s.act(e.Act).Called = e.Case
}

func (e Returned) apply(_ *definitions.Procedure, s *State) {
	s.act(e.Act).Back = &Back{Outcome: e.Outcome, Values: e.Values, Code: e.Code, Failed: e.Failed}
}

// An error of a called case means that the case is over.
func (e Raised) apply(_ *definitions.Procedure, s *State) { s.act(e.Act).Called = "" }

func (e Asked) apply(_ *definitions.Procedure, s *State) {
	s.use(e.Job)
	s.act(e.Act).Job = e.Job
}

func (e Issued) apply(_ *definitions.Procedure, s *State) {
	paper := Paper{Document: e.Document, Number: e.Number, Edition: e.Edition, Act: e.Act}
	i := slices.IndexFunc(s.Papers, func(x Paper) bool { return x.Document == e.Document })
	if i < 0 {
		s.Papers = append(s.Papers, paper)
		return
	}
	s.Papers[i] = paper
}

func (e Stuck) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	a.Incident = &e.Incident
	if e.Incident.Phase != Beside {
		a.move(Failed)
		a.Job = 0
	}
}

func (e Resolved) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	switch {
	case a.State != Failed:
	case a.Incident.Phase == AtLeave:
		a.move(Leaving)
	case a.Incident.Phase == AtTake: // its case has ended and need not run again
		a.move(Open)
	default: // its work begins afresh
		s.forget(a.ID)
		a.move(Ready)
		a.Slots, a.Groups, a.Keys, a.Called, a.Armed = nil, nil, nil, "", false
		a.Back = nil
		a.Timers = slices.DeleteFunc(a.Timers, Timer.ofWork)
	}
	a.Incident = nil
}

// remember keeps who did which steps of a frame that closes.
func (s *State) remember(frame ID) {
	owner := s.act(s.frame(frame).Owner)
	var acts []*Activation
	var past []Past
	for _, a := range s.Acts {
		if a.Frame != frame {
			continue
		}
		acts, past = append(acts, a), append(past, s.pastOf(a.ID)...)
		for i := range s.Papers {
			if s.Papers[i].Act == a.ID {
				s.Papers[i].Act = owner.ID
			}
		}
	}
	if len(past) > 0 {
		s.Past = slices.DeleteFunc(s.Past, func(p Past) bool {
			return slices.ContainsFunc(acts, func(a *Activation) bool { return a.ID == p.Owner })
		})
	}
	for _, p := range pastWithin(acts, past, owner.Step) {
		s.runs(owner.ID, p)
	}
}

// pastWithin lists what is kept of the activations of a frame, and of what had run inside them. A row's work counts as
// the step around it.
func pastWithin(acts []*Activation, past []Past, around string) []Past {
	for _, a := range acts {
		if a.State == Done && a.Step != around {
			past = append(past, Past{
				Step: a.Step, Times: 1, By: a.By, Order: a.Order, Answer: a.Answer, Against: a.Against,
			})
		}
	}
	return past
}

// seal keeps with the owner of a frame which tasks could be taken back inside: from now on they cannot.
func (s *State) seal(p *definitions.Procedure, frame ID) {
	owner := s.act(s.frame(frame).Owner)
	for _, a := range s.Acts {
		if a.Frame != frame {
			continue
		}
		owner.Sealed = append(slices.Clip(owner.Sealed), a.Sealed...)
		if st := StepOf(p, s, a.ID); a.State == Done && a.Last != 0 && st != nil && recalls(st) {
			owner.Sealed = append(owner.Sealed, Sealed{Slot: a.Last, Step: a.Step, By: a.By})
		}
	}
}

func (s *State) pastOf(owner ID) []Past {
	var out []Past
	for _, p := range s.Past {
		if p.Owner == owner {
			out = append(out, p)
		}
	}
	return out
}

// runs adds runs of a step to what is kept of an owner's inside.
func (s *State) runs(owner ID, more Past) {
	i, found := slices.BinarySearchFunc(s.Past, more, func(p, _ Past) int {
		return cmp.Or(cmp.Compare(p.Owner, owner), cmp.Compare(p.Step, more.Step))
	})
	if !found {
		s.Past = slices.Insert(s.Past, i, Past{Owner: owner, Step: more.Step})
	}
	p := &s.Past[i]
	p.Times += more.Times
	if more.Order > p.Order {
		p.By, p.Order, p.Answer, p.Against = more.By, more.Order, more.Answer, more.Against
	}
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

func (s *State) dropTokens(ids []ID) {
	s.Tokens = slices.DeleteFunc(s.Tokens, func(t Token) bool { return slices.Contains(ids, t.ID) })
}

// Clone copies a state so that stepping the copy leaves s alone.
func (s *State) Clone() *State {
	c := *s
	c.Data, _ = value.Clone(s.Data).(value.Record)
	c.Frames = cloneAll(s.Frames)
	c.Acts = cloneAll(s.Acts)
	for _, a := range c.Acts {
		a.unshare()
	}
	c.Tokens = slices.Clone(s.Tokens)
	c.Rounds = slices.Clone(s.Rounds)
	c.Kept = slices.Clone(s.Kept)
	c.Happened = slices.Clone(s.Happened)
	c.Papers = slices.Clone(s.Papers)
	c.Past = slices.Clone(s.Past)
	c.Urged, c.Copied = slices.Clone(s.Urged), slices.Clone(s.Copied)
	c.Locks = slices.Clone(s.Locks)
	c.Undoable = slices.Clone(s.Undoable)
	c.Parts = slices.Clone(s.Parts)
	return &c
}

// cloneAll copies what a list points to, side by side: there is one more to come, mostly.
func cloneAll[T any](list []*T) []*T {
	room, out := make([]T, len(list)), make([]*T, len(list), len(list)+1)
	for i, x := range list {
		room[i] = *x
		out[i] = &room[i]
	}
	return out
}

// unshare makes a copy's lists its own.
func (a *Activation) unshare() {
	a.Timers = slices.Clone(a.Timers)
	a.Keys = slices.Clone(a.Keys)
	a.Groups = slices.Clone(a.Groups)
	if a.Undo != nil {
		u := *a.Undo
		a.Undo = &u
	}
	if len(a.Slots) > 0 {
		a.Slots = cloneAll(a.Slots)
	}
}
