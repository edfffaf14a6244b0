package core

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// A part of a case is a run of a block, a row or a round. What has come to its end is dropped from the state, but for
// the last parts in which somebody may yet take back what he has done: a recall opens them again as they were.

// maxParts bounds the parts that a case keeps: of a long table, who did one of the first rows is too late.
const maxParts = 100

// Part is a frame that has come to its end, as it was.
type Part struct {
	Frame  *Frame         `json:"frame"`
	Acts   []*Activation  `json:"acts"`
	Rounds []Round        `json:"rounds,omitempty"`
	Past   []Past         `json:"past,omitempty"`   // of its activations
	Papers []Paper        `json:"papers,omitempty"` // whose latest edition is one of its activations'
	By     []value.Person `json:"by,omitempty"`     // of its owner, without it
	Before []Past         `json:"before,omitempty"` // what its owner had inside, without it
}

// Held is what an activation had when it had its result, for one that may be opened again.
type Held struct {
	Last   ID      `json:"last"`           // what is younger came of it
	Order  int64   `json:"order"`          // when that was, as an event number
	Ends   int     `json:"ends,omitempty"` // that it had reached by then in its frame
	Timers []Timer `json:"timers,omitempty"`
	Keys   []Key   `json:"keys,omitempty"`
	// What rows held before they were emptied.
	Was []json.RawMessage `json:"was,omitempty"`
}

// keep remembers a frame that comes to its end, if something in it may be taken back.
func (s *State) keep(p *definitions.Procedure, frame ID) bool {
	f := s.frame(frame)
	owner := s.act(f.Owner)
	if owner.Frame == 0 || owner.State != Open || f.Undoes != nil || !recallsIn(graphOf(p, s, f)) {
		return false
	}
	part := &Part{Frame: f, By: owner.By, Before: s.pastOf(owner.ID)}
	for _, a := range s.Acts {
		if a.Frame != frame {
			continue
		}
		part.Acts = append(part.Acts, a)
		part.Past = append(part.Past, s.pastOf(a.ID)...)
		for _, paper := range s.Papers {
			if paper.Act == a.ID {
				part.Papers = append(part.Papers, paper)
			}
		}
	}
	for _, r := range s.Rounds {
		if r.Frame == frame {
			part.Rounds = append(part.Rounds, r)
		}
	}
	if oneByOne(StepOf(p, s, owner.ID)) { // the next one has begun with the end of this one
		s.forget(owner.ID)
	}
	s.Parts = append(s.Parts, part)
	if len(s.Parts) > maxParts {
		s.Parts = slices.Delete(slices.Clone(s.Parts), 0, len(s.Parts)-maxParts)
	}
	return true
}

// recallsIn tells whether a list has, or has inside, a task that its step lets one take back.
func recallsIn(g *definitions.Graph) bool {
	return slices.ContainsFunc(g.Steps, func(st *definitions.Step) bool {
		if g := st.Inside(); g != nil {
			return recallsIn(g)
		}
		return recalls(st)
	})
}

// oneByOne tells whether a step has several parts, of which one comes of the other.
func oneByOne(st *definitions.Step) bool {
	switch w := st.Work.(type) {
	case *definitions.Multi:
		return w.InOrder
	case *definitions.Repeat:
		return true
	case *definitions.Junction, *definitions.Task, *definitions.Wait, *definitions.Call, *definitions.Block,
		*definitions.Set, *definitions.Decide, *definitions.Request, *definitions.Job:
	}
	return false
}

// forget lets what ended inside an activation be over for good: something was done about it from outside.
func (s *State) forget(owner ID) {
	if len(s.Parts) == 0 {
		return
	}
	var gone []*Part
	s.Parts = slices.DeleteFunc(slices.Clone(s.Parts), func(p *Part) bool {
		if p.Frame.Owner != owner {
			return false
		}
		gone = append(gone, p)
		return true
	})
	for _, p := range gone {
		for _, a := range p.Acts {
			s.forget(a.ID)
		}
	}
	if a := s.act(owner); a != nil {
		a.Held = nil
	}
}

// goneOnFrom forgets what ended inside those of whose results an activation came that was done by somebody.
func (s *State) goneOnFrom(p *definitions.Procedure, a *Activation) {
	if len(s.Parts) == 0 || a.Frame == 0 {
		return
	}
	if st := StepOf(p, s, a.ID); st == nil || passes(st) {
		return
	}
	for _, e := range a.Ate {
		if by := s.act(e.By); by != nil && by.Held != nil && a.ID > by.Held.Last {
			s.forget(e.By)
		}
	}
}

// hold keeps what an activation has as long as a part of it may be opened again. If its result withdraws others, none
// may: they would not come back.
func (s *State) hold(p *definitions.Procedure, a *Activation) {
	if len(s.Parts) == 0 {
		return
	}
	w, rows := StepOf(p, s, a.ID).Work.(*definitions.Multi)
	if rows && w.Cancel && slices.ContainsFunc(s.Frames, func(f *Frame) bool { return f.Owner == a.ID }) {
		s.forget(a.ID)
	}
	if !slices.ContainsFunc(s.Parts, func(p *Part) bool { return p.Frame.Owner == a.ID }) {
		return
	}
	a.Held = &Held{Last: s.Counter, Order: s.Seq, Timers: a.Timers, Keys: a.Keys, Was: a.Was}
	for _, e := range s.frame(a.Frame).Ends {
		if e.By == a.ID {
			a.Held.Ends++
		}
	}
}

// part finds one that has come to its end; nil if it is kept no more.
func (s *State) part(of func(*Activation) bool) *Part {
	for _, p := range s.Parts {
		if slices.ContainsFunc(p.Acts, of) {
			return p
		}
	}
	return nil
}

// partsAround lists the parts to open again for a task to be taken back that was done in them, the outermost first;
// none if they are not kept, or have not come to their end.
func (s *State) partsAround(slot ID) []*Part {
	if len(s.Parts) == 0 || slices.ContainsFunc(s.Acts, func(a *Activation) bool { return a.Last == slot }) {
		return nil
	}
	var out []*Part
	part := s.part(func(a *Activation) bool { return a.Last == slot && a.State == Done })
	for part != nil {
		out = append(out, part)
		owner := part.Frame.Owner
		if s.act(owner) != nil {
			slices.Reverse(out)
			return out
		}
		part = s.part(func(a *Activation) bool { return a.ID == owner })
	}
	return nil
}

func (e Reopened) apply(p *definitions.Procedure, s *State) {
	i := slices.IndexFunc(s.Parts, func(x *Part) bool { return x.Frame.ID == e.Frame })
	part, owner := s.Parts[i], s.act(e.Act)
	s.Parts = slices.Delete(slices.Clone(s.Parts), i, i+1)
	owner.reopen()
	if owner.Held != nil {
		owner.Was = owner.Held.Was
		s.frame(owner.Frame).cutEnds(owner.ID, owner.Held.Ends)
	}
	owner.Order, owner.Answer, owner.Against, owner.Incident, owner.Held = 0, "", nil, nil, nil
	owner.lessOne(StepOf(p, s, owner.ID))
	s.openAgain(part)
	s.takeOut(part, owner, s.Parts[i:])
}

// cutEnds leaves the first n ends that an activation has reached in a frame.
func (f *Frame) cutEnds(by ID, n int) {
	f.Ends = slices.DeleteFunc(slices.Clone(f.Ends), func(x Arrival) bool {
		if x.By == by {
			n--
		}
		return x.By == by && n < 0
	})
}

// lessOne counts one row or round less that has ended.
func (a *Activation) lessOne(st *definitions.Step) {
	switch st.Work.(type) {
	case *definitions.Multi, *definitions.Repeat:
		a.Finished--
	case *definitions.Junction, *definitions.Task, *definitions.Wait, *definitions.Call, *definitions.Block,
		*definitions.Set, *definitions.Decide, *definitions.Request, *definitions.Job:
		return
	}
	if oneByOne(st) {
		a.Begun = a.Finished + 1
	}
	if _, rounds := st.Work.(*definitions.Repeat); rounds {
		a.Total = a.Begun
	}
}

// openAgain puts the frame of a part back with all that stood in it.
func (s *State) openAgain(part *Part) {
	f := *part.Frame
	s.Frames = append(s.Frames, &f)
	slices.SortFunc(s.Frames, func(a, b *Frame) int { return int(a.ID - b.ID) })
	acts := cloneAll(part.Acts)
	for _, a := range acts {
		a.unshare()
	}
	s.Acts = append(s.Acts, acts...)
	slices.SortFunc(s.Acts, func(a, b *Activation) int { return int(a.ID - b.ID) })
	s.Rounds = append(s.Rounds, part.Rounds...)
	slices.SortFunc(s.Rounds, func(a, b Round) int { return int(a.ID - b.ID) })
}

// takeOut lets what was done in a part count in the part again, and no more as what its owner had inside.
func (s *State) takeOut(part *Part, owner *Activation, later []*Part) {
	inside := func(id ID) bool {
		return slices.ContainsFunc(part.Acts, func(a *Activation) bool { return a.ID == id })
	}
	owner.By = part.By
	s.Past = slices.DeleteFunc(s.Past, func(p Past) bool { return p.Owner == owner.ID })
	for _, p := range append(slices.Clone(part.Before), part.Past...) {
		s.runs(p.Owner, p)
	}
	for i, x := range later {
		if x.Frame.Owner != owner.ID {
			continue
		}
		without := *x
		without.By, without.Before = owner.By, s.pastOf(owner.ID)
		later[i] = &without
		owner.By = addPeople(slices.Clone(owner.By), actorsOf(x.Acts)...)
		for _, p := range pastWithin(x.Acts, slices.Clip(x.Past), owner.Step) {
			s.runs(owner.ID, p)
		}
	}
	for i, u := range s.Undoable {
		if n := len(u.Owners); n > 0 && u.Owners[n-1] == owner.ID && (n > 1 && inside(u.Owners[n-2]) || inside(u.Act)) {
			s.Undoable[i].Frame, s.Undoable[i].Owners = part.Frame.ID, slices.Clone(u.Owners[:n-1])
		}
	}
	s.Undoable = slices.DeleteFunc(slices.Clone(s.Undoable), func(u Undoable) bool { return u.Act == owner.ID })
	for i := range s.Papers {
		for _, was := range part.Papers {
			if s.Papers[i].Document == was.Document && s.Papers[i].Edition == was.Edition {
				s.Papers[i].Act = was.Act
			}
		}
	}
	owner.Sealed = slices.DeleteFunc(slices.Clone(owner.Sealed), func(x Sealed) bool {
		return slices.ContainsFunc(part.Acts, func(a *Activation) bool {
			return a.Last == x.Slot || slices.ContainsFunc(a.Sealed, func(y Sealed) bool { return y.Slot == x.Slot })
		})
	})
}

// shift puts off the clocks of what may be opened again.
func (s *State) shiftParts(by time.Duration) {
	for i, p := range s.Parts {
		later := *p
		later.Acts = cloneAll(p.Acts)
		for _, a := range later.Acts {
			a.unshare()
			a.shift(by)
		}
		s.Parts[i] = &later
	}
}

// passes tells whether a step is done as soon as a thread has come to it.
func passes(st *definitions.Step) bool {
	switch st.Work.(type) {
	case *definitions.Junction, *definitions.Set, *definitions.Decide:
		return true
	case *definitions.Task, *definitions.Wait, *definitions.Call, *definitions.Block, *definitions.Multi,
		*definitions.Repeat, *definitions.Request, *definitions.Job:
	}
	return false
}
