package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// Preview tells what an act on a case would come to, without its being done.
type Preview struct {
	Withdrawn   []Run    // open work that would be gone
	Parked      []Run    // open work that would wait
	Undone      []Run    // done work that would be taken back
	Restored    []Token  // threads that would wait at their joins again
	Superseded  []Paper  // papers that would hold no longer
	Compensated []Run    // done work that would be compensated, in order
	Cancelled   []string // called cases that would be asked to stop
	Opened      []Run    // what would be open then
	Messages    []string // that were taken and would be waited for again
	Ends        bool     // the case would have ended
}

// Run names an activation and where it stands.
type Run struct {
	Act  ID
	Step string // id
	Row  int    // of the `for_each` around it, from 0; -1 = none
}

// wetOf gives the input without its wish to be only tried out; dry tells whether it had that wish.
func wetOf(in Input) (wet Input, dry bool) {
	switch in := in.(type) {
	case Return:
		dry, in.Dry = in.Dry, false
		return in, dry
	case Recall:
		dry, in.Dry = in.Dry, false
		return in, dry
	case Revoke:
		dry, in.Dry = in.Dry, false
		return in, dry
	case Jump:
		dry, in.Dry = in.Dry, false
		return in, dry
	case Skip:
		dry, in.Dry = in.Dry, false
		return in, dry
	case Cancel:
		dry, in.Dry = in.Dry, false
		return in, dry
	case FinishRows:
		dry, in.Dry = in.Dry, false
		return in, dry
	case Deliver:
		dry, in.Dry = in.Dry, false
		return in, dry
	default:
		return in, false
	}
}

// tryOut does what an input asks for on a copy, and tells what came of it.
func tryOut(p *definitions.Procedure, s *State, in Input, c Context) Outcome {
	after := s.Clone()
	out := Step(p, after, in, c)
	if out.Rejection != nil {
		return Outcome{Rejection: out.Rejection}
	}
	t := &Preview{Ends: after.Status == Finished || after.Status == Cancelled}
	for _, e := range out.Events {
		t.note(p, s, after, e)
	}
	for _, e := range out.Effects {
		if cancel, ok := e.(CancelCase); ok {
			t.Cancelled = append(t.Cancelled, cancel.Case)
		}
	}
	return Outcome{Preview: t}
}

func (t *Preview) note(p *definitions.Procedure, before, after *State, e Event) {
	switch e := e.(type) {
	case Moved:
		at, a := before, before.act(e.Act)
		if a == nil && before.part(func(a *Activation) bool { return a.ID == e.Act }) != nil { // it is opened again
			at, a = after, after.act(e.Act)
		}
		switch {
		case a == nil || !shows(p, at, a):
		case e.To == Withdrawn:
			t.Withdrawn = append(t.Withdrawn, RunOf(p, at, a))
		case e.To == Undone:
			t.Undone = append(t.Undone, RunOf(p, at, a))
			t.Messages = append(t.Messages, awaited(p, at, a)...)
		}
	case Detoured:
		t.Parked = append(t.Parked, RunOf(p, before, before.act(e.Act)))
	case SentBack:
		t.Restored = append(t.Restored, e.Tokens...)
	case UndoBegan:
		for _, id := range e.Undo.Left {
			if u := before.undoable(id); u != nil {
				t.Compensated = append(t.Compensated, Run{Act: id, Step: u.Step, Row: u.Row})
			}
		}
	case Superseded:
		i := slices.IndexFunc(before.Papers, func(x Paper) bool { return x.Document == e.Document })
		t.Superseded = append(t.Superseded, before.Papers[i])
	case Opened:
		if a := after.act(e.Act); a != nil && !a.State.Over() && shows(p, after, a) {
			t.Opened = append(t.Opened, RunOf(p, after, a))
		}
	default:
	}
}

// shows tells whether an activation is one that people know of: junctions and computations are not.
func shows(p *definitions.Procedure, s *State, a *Activation) bool {
	if a.Frame == 0 {
		return false
	}
	st := StepOf(p, s, a.ID)
	if st == nil { // of an earlier version
		return false
	}
	return !passes(st)
}

// RunOf names an activation of a case and where it stands.
func RunOf(p *definitions.Procedure, s *State, a *Activation) Run {
	run := Run{Act: a.ID, Step: a.Step, Row: -1}
	if row := rowOf(p, s, a.Frame); row.table != nil {
		run.Row = row.index
	}
	return run
}

// awaited is the message that a wait took which was done.
func awaited(p *definitions.Procedure, s *State, a *Activation) []string {
	w, ok := StepOf(p, s, a.ID).Work.(*definitions.Wait)
	if !ok {
		return nil
	}
	for _, f := range w.For {
		if f.Message != nil && f.Outcome == a.Answer {
			return []string{f.Message.ID}
		}
	}
	return nil
}
