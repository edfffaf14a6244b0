package core

import (
	"encoding/json"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// A step with a `compensate` can be undone once it is done. What is undone runs one after the other, the latest
// completion first and what was done inside a block before the block itself, each in a frame of its own; only then does
// the activation that asked for it go on. Each is undone once; a compensation that is cut short does not count.

// rememberUndo keeps a step that was done for those who may undo it.
func (m *machine) rememberUndo(a *Activation, st *definitions.Step) {
	if st.Compensate == nil {
		return
	}
	m.emit(CanUndo{Act: a.ID, Was: m.snapshot(a, st)})
}

// snapshot is what a step has filled in, as it is now; what cannot be written is not worth a failure.
func (m *machine) snapshot(a *Activation, st *definitions.Step) json.RawMessage {
	if len(st.Kept) == 0 {
		return nil
	}
	row := m.rowOf(a.Frame)
	var set DataSet
	for _, f := range st.Kept {
		at := -1
		if f.OfRow {
			at = row.index
		}
		v := getAt(m.s.Data, f.Path, at)
		if v == nil && m.computed(f.Field) {
			continue // it may be there when what it is computed from is
		}
		set.Values = append(set.Values, Assignment{Path: f.Path, Row: at, Value: v})
	}
	raw, err := encodeDataSet(m.p, set)
	if err != nil {
		return nil
	}
	return raw
}

func (m *machine) computed(f *value.Field) bool {
	return slices.ContainsFunc(m.p.Rules, func(r *definitions.FieldRule) bool { return r.Field == f && r.Value != nil })
}

func (e CanUndo) apply(p *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	s.Undoable = append(s.Undoable, Undoable{
		Act: e.Act, Frame: a.Frame, Step: a.Step, Order: s.Seq, Row: rowOf(p, s, a.Frame).indexOr(-1), Was: e.Was,
	})
}

func (r rowRef) indexOr(none int) int {
	if r.table == nil {
		return none
	}
	return r.index
}

// rehome lets what can be undone in a frame that closes count in the frame around it.
func (s *State) rehome(frame ID) {
	f := s.frame(frame)
	owner := s.act(f.Owner)
	for i, u := range s.Undoable {
		if u.Frame == frame {
			s.Undoable[i] = u.within(owner)
		}
	}
	for _, x := range s.Frames {
		if x.Undoes != nil && x.Undoes.Frame == frame {
			u := x.Undoes.within(owner)
			x.Undoes = &u
		}
	}
}

// within is what can be undone, as it counts when the frame has closed that owner had around it.
func (u Undoable) within(owner *Activation) Undoable {
	u.Frame, u.Owners = owner.Frame, append(slices.Clone(u.Owners), owner.ID)
	return u
}

// putUndoable puts back what is not undone: its compensation was cut short, and begins anew when somebody undoes it.
func (s *State) putUndoable(u Undoable) {
	i, _ := slices.BinarySearchFunc(s.Undoable, u.Order, func(x Undoable, order int64) int { return int(x.Order - order) })
	s.Undoable = slices.Insert(slices.Clone(s.Undoable), i, u)
}

func (s *State) takeUndoable(act ID) *Undoable {
	i := slices.IndexFunc(s.Undoable, func(u Undoable) bool { return u.Act == act })
	if i < 0 {
		panic(&Broken{What: "what is undone cannot be"})
	}
	u := s.Undoable[i]
	s.Undoable = slices.Delete(slices.Clone(s.Undoable), i, i+1)
	return &u
}

// undoable finds what can be undone, or is being undone; nil = neither.
func (s *State) undoable(act ID) *Undoable {
	for _, f := range s.Frames {
		if f.Undoes != nil && f.Undoes.Act == act {
			return f.Undoes
		}
	}
	for i, u := range s.Undoable {
		if u.Act == act {
			return &s.Undoable[i]
		}
	}
	return nil
}

// toUndo lists what an Undo means as seen from a frame, the first to be undone first. Steps that it names are those of
// the nearest list outward that has them.
func (m *machine) toUndo(frame ID, u *definitions.Undo) []ID {
	if u == nil {
		return nil
	}
	var list []Undoable
	for _, x := range m.s.Undoable {
		means := u.All || u.Steps == nil && m.withinFrame(x.Frame, frame)
		for _, st := range u.Steps {
			means = means || st.ID == x.Step && m.withinFrame(x.Frame, m.frameOf(frame, st))
		}
		if means {
			list = append(list, x)
		}
	}
	return undoOrder(list)
}

// undoOrder sorts by completion, the latest first; a block comes after what was done inside it.
func undoOrder(list []Undoable) []ID {
	rank := func(u Undoable) int64 {
		first := 2 * u.Order
		for _, x := range list {
			if slices.Contains(x.Owners, u.Act) {
				first = min(first, 2*x.Order-1)
			}
		}
		return first
	}
	slices.SortStableFunc(list, func(a, b Undoable) int { return int(rank(b) - rank(a)) })
	out := make([]ID, len(list))
	for i, u := range list {
		out[i] = u.Act
	}
	return out
}

// withinFrame tells whether a frame is another one or runs inside it.
func (m *machine) withinFrame(inner, outer ID) bool {
	for inner != 0 {
		if inner == outer {
			return true
		}
		f := m.s.frame(inner)
		if f == nil {
			return false
		}
		inner = m.act(f.Owner).Frame
	}
	return outer == 0
}

// undo lets an activation compensate what u says before it goes on as then says. It reports whether there is anything.
func (m *machine) undo(a *Activation, list []ID, then Undoing) bool {
	if len(list) == 0 {
		return false
	}
	then.Left = list
	m.emit(UndoBegan{Act: a.ID, Undo: then})
	m.undoNext(a)
	return true
}

func (e UndoBegan) apply(_ *definitions.Procedure, s *State) {
	a := s.act(e.Act)
	u := e.Undo
	a.Undo = &u
	if a.reverts(u) {
		a.move(Reverting)
		a.Slots, a.Timers, a.Keys, a.Incident = nil, nil, nil, nil
	}
}

// reverts tells whether what an activation did is over when it compensates: it has ways to go, and is not the case, nor
// one that only opens when that is done.
func (a *Activation) reverts(u Undoing) bool {
	opens := a.State == Ready && u.Timeout == nil && u.Event == nil
	return a.Frame != 0 && !opens
}

func (e UndoEnded) apply(_ *definitions.Procedure, s *State) { s.act(e.Act).Undo = nil }

// undoNext begins to compensate the next one, or goes on when all are.
func (m *machine) undoNext(a *Activation) {
	for _, id := range a.Undo.Left {
		i := slices.IndexFunc(m.s.Undoable, func(u Undoable) bool { return u.Act == id })
		if i < 0 {
			continue // somebody else undid it meanwhile
		}
		u := m.s.Undoable[i]
		frame := m.next()
		m.emit(FrameOpened{Frame: frame, Owner: a.ID, Row: u.Row, Undo: id})
		m.push(move{
			kind: arriveMove, frame: frame, step: m.p.Steps[u.Step].Compensate, from: Eaten{By: a.ID},
		})
		return
	}
	then := *a.Undo
	m.emit(UndoEnded{Act: a.ID})
	m.afterUndo(a, then)
	if a.Frame == 0 && a.State == Open { // the case takes messages again
		m.takeKept(a, m.step(a))
	}
}

// afterUndo goes on as was decided before the compensation began.
func (m *machine) afterUndo(a *Activation, then Undoing) {
	st := m.step(a)
	switch {
	case then.End != "":
		m.endRevoked(then)
	case then.Timeout != nil:
		m.passDeed(a, st.Timeouts[*then.Timeout].Do)
	case then.Event != nil:
		m.passDeed(a, st.Events[*then.Event].Do)
	case a.State == Ready: // it opens only now
		m.push(move{kind: openMove, act: a.ID})
	default:
		m.goOn(a, st, then.Ways)
	}
}

// undone goes on after one compensation has ended.
func (m *machine) undone(frame *Frame) {
	owner := m.act(frame.Owner)
	m.emit(FrameClosed{Frame: frame.ID})
	m.undoNext(owner)
}

// overlay lays the values that a compensated step had over the data.
func overlay(p *definitions.Procedure, data value.Record, was json.RawMessage) value.Record {
	if len(was) == 0 {
		return data
	}
	e, err := decodeDataSet(p, was)
	set, ok := e.(DataSet)
	if err != nil || !ok {
		return data
	}
	out, _ := value.Clone(data).(value.Record)
	for _, v := range set.Values {
		setAt(out, v.Path, v.Row, v.Value)
	}
	return out
}
