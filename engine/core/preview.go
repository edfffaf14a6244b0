package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
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
	Later       []Run    // what would open when all is compensated
	Messages    []string // that were taken and would be waited for again
	Ends        bool     // the case would end with it, at once or later
}

// Run names an activation and where it stands.
type Run struct {
	Act  ID
	Step string // id
	Row  int    // of the `for_each` around it, from 0; -1 = none
	// Table is the one whose row that is; nil = none.
	Table *value.Field
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
	case Complete:
		dry, in.Dry = in.Dry, false
		return in, dry
	case Start, Claim, StartWork, Release, SaveDraft, Transfer, Delegate, AddSigners, RemoveSigner, Due,
		ChildEnded, JobDone, JobFailed, Retry, Urge, CopyCase, Comment, HandOver, AddRow, Suspend, Resume, Migrate,
		StaffChanged:
	}
	return in, false
}

// tryOut does what an input asks for on a copy, and tells what came of it.
func tryOut(p *definitions.Procedure, s *State, in Input, c Context) Outcome {
	after := s.Clone()
	out := Step(p, after, in, c)
	if out.Rejection != nil {
		return Outcome{Rejection: out.Rejection}
	}
	t := &Preview{Ends: after.over()}
	for _, e := range out.Events {
		t.note(p, s, after, e)
	}
	for _, e := range out.Effects {
		if cancel, ok := e.(CancelCase); ok {
			t.Cancelled = append(t.Cancelled, cancel.Case)
		}
	}
	t.lookOn(p, s, after, c)
	return Outcome{Preview: t}
}

// over tells whether a case has ended.
func (s *State) over() bool { return s.Status == Finished || s.Status == Cancelled }

// lookOn tells what opens when all is compensated that an act has begun to compensate, as if that changed nothing else.
func (t *Preview) lookOn(p *definitions.Procedure, before, after *State, c Context) {
	m := &machine{p: p, s: after.Clone(), c: c}
	begun := slices.DeleteFunc(slices.Clone(m.s.Frames), func(f *Frame) bool {
		return f.Undoes == nil || f.ID <= before.Counter
	})
	if len(begun) == 0 {
		return
	}
	for _, f := range begun {
		if a := m.act(f.Owner); a != nil && a.Undo != nil { // else another has ended the case
			a.Undo.Left = nil
			m.withdrawAll(f.ID, TakenBack)
			m.undone(f)
		}
	}
	m.settle()
	t.Ends = t.Ends || m.s.over()
	for _, a := range m.s.Acts {
		opened := func(r Run) bool { return r.Act == a.ID }
		if a.ID > before.Counter && !a.State.Over() && shows(p, m.s, a) && !slices.ContainsFunc(t.Opened, opened) {
			t.Later = append(t.Later, RunOf(p, m.s, a))
		}
	}
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
			if e.Why == TakenBack {
				t.loseInside(p, at, a)
			}
		case e.To == Undone:
			t.lose(p, at, a)
		}
	case Detoured:
		t.Parked = append(t.Parked, RunOf(p, before, before.act(e.Act)))
	case SentBack:
		t.Restored = append(t.Restored, e.Tokens...)
	case UndoBegan:
		for _, id := range e.Undo.Left {
			if u := before.undoable(id); u != nil {
				run := Run{Act: id, Step: u.Step, Row: u.Row}
				if u.Row >= 0 {
					run.Table = tableAround(p.Steps[u.Step])
				}
				t.Compensated = append(t.Compensated, run)
			}
		}
	case Superseded:
		i := slices.IndexFunc(before.Papers, func(x Paper) bool { return x.Document == e.Document })
		t.Superseded = append(t.Superseded, before.Papers[i])
	case Opened:
		if a := after.act(e.Act); a != nil && !a.State.Over() && a.Undo == nil && shows(p, after, a) {
			t.Opened = append(t.Opened, RunOf(p, after, a))
		}
	default:
	}
}

// lose adds a run that is done no more.
func (t *Preview) lose(p *definitions.Procedure, s *State, a *Activation) {
	t.Undone = append(t.Undone, RunOf(p, s, a))
	t.Messages = append(t.Messages, awaited(p, s, a)...)
}

// loseInside adds what was done inside an activation that is taken back before it is done itself, the latest first. Of
// what has ended inside it, a row counts as one, and a step of earlier rounds.
func (t *Preview) loseInside(p *definitions.Procedure, s *State, of *Activation) {
	for _, a := range slices.Backward(s.Acts) {
		if f := s.frame(a.Frame); f != nil && f.Owner == of.ID && a.State == Done && shows(p, s, a) {
			t.lose(p, s, a)
		}
	}
	if multi, rows := StepOf(p, s, of.ID).Work.(*definitions.Multi); rows {
		for i := of.Begun - 1; i >= 0; i-- {
			runs := func(f *Frame) bool { return f.Owner == of.ID && f.Row == i && f.Undoes == nil }
			if !slices.ContainsFunc(s.Frames, runs) {
				t.Undone = append(t.Undone, Run{Act: of.ID, Step: of.Step, Row: i, Table: multi.Table})
			}
		}
		return
	}
	past := s.pastOf(of.ID)
	slices.SortFunc(past, func(a, b Past) int { return int(b.Order - a.Order) })
	for _, x := range past {
		if st := p.Steps[x.Step]; st != nil && !passes(st) && !st.Undoes { // what is compensated stays so
			t.Undone = append(t.Undone, Run{Act: of.ID, Step: x.Step, Row: -1})
		}
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
		run.Row, run.Table = row.index, row.table
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
