package core

import (
	"cmp"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// recall lets a person take back what he has done, while nobody has gone on from it. A part that has come to its end
// since is opened again as it was, with those around it.
func (m *machine) recall(in Recall) *Rejection {
	parts := m.s.partsAround(in.Slot)
	if len(parts) == 0 {
		return m.recallFrom(in, nil)
	}
	after := &machine{p: m.p, s: m.s.Clone(), c: m.c, hopes: m.hopes}
	if r := after.recallInside(in, parts); r != nil {
		return r
	}
	after.settle()
	for _, part := range parts {
		if f := after.s.frame(part.Frame.ID); f == nil || after.act(f.Owner).State != Open { // it has ended again by itself
			return m.partOver(m.act(parts[0].Frame.Owner))
		}
	}
	m.hopes = after.hopes
	return m.recallInside(in, parts)
}

// recallInside opens parts again, the outermost first, and takes back what was done in the innermost.
func (m *machine) recallInside(in Recall, parts []*Part) *Rejection {
	var out []*region
	for _, part := range parts {
		end, no := m.endOf(part)
		if no != nil {
			return no
		}
		change := func(m *machine) { m.reopen(part, end, in.Actor) }
		if no := m.strands(ByRecall, m.act(part.Frame.Owner).Frame, change); no != nil {
			return no
		}
		change(m)
		out = append(out, end...)
	}
	return m.recallFrom(in, out)
}

// recallFrom takes back what was done by a task of a part that goes on; what came of the part's end is taken back with
// it.
func (m *machine) recallFrom(in Recall, end []*region) *Rejection {
	a, no := m.recallable(in.Slot, in.Actor)
	if no != nil {
		return no
	}
	r := m.backTo(a)
	change := func(m *machine) {
		m.sendBack(r, SentBack{How: ByRecall, Person: in.Actor, Act: a.ID, To: a.Step, Of: a.ID}, end...)
	}
	if no := m.strands(ByRecall, a.Frame, change); no != nil {
		return no
	}
	change(m)
	return nil
}

// endOf lists what came of the end of a part, if nobody has gone on from it: around its owner, if that has had its
// result, and inside it the next row or round.
func (m *machine) endOf(part *Part) ([]*region, *Rejection) {
	a := m.act(part.Frame.Owner)
	st := m.step(a)
	if st == nil || a.Undo != nil || a.Detour != 0 || a.State.Over() && a.State != Done {
		return nil, m.partOver(a)
	}
	var out []*region
	if a.Held != nil {
		out = append(out, m.regionAfter(a))
	}
	if oneByOne(st) {
		for _, f := range m.s.Frames {
			if f.Owner == a.ID {
				next := &region{frame: f.ID}
				for _, b := range m.s.Acts {
					if b.Frame == f.ID {
						next.acts = append(next.acts, b.ID)
					}
				}
				out = append(out, next)
			}
		}
	}
	for _, r := range out {
		for _, id := range r.acts {
			if next := m.act(id); m.actedOn(next) {
				return nil, m.goneOn(next)
			}
		}
	}
	if st.Lock != nil && m.holder(a, st.Lock) != nil {
		return nil, m.partOver(a)
	}
	return out, nil
}

// reopen opens a part again as it was, after what came of its end is taken back.
func (m *machine) reopen(part *Part, end []*region, who value.Person) {
	a := m.act(part.Frame.Owner)
	st := m.step(a)
	held := a.Held
	for _, r := range end {
		if r.frame != a.Frame { // the next row or round
			m.withdrawAll(r.frame, TakenBack)
			m.emit(FrameClosed{Frame: r.frame})
			continue
		}
		var made []ID
		for _, t := range m.s.Tokens {
			if t.By == a.ID && t.ID > held.Last {
				made = append(made, t.ID)
			}
		}
		if len(made) > 0 {
			m.emit(Dropped{Tokens: made, Why: TakenBack})
		}
		m.rollBack(r, SentBack{How: ByReopening, Person: who, Act: a.ID, To: a.Step, Of: a.ID})
	}
	m.emit(Reopened{Act: a.ID, Frame: part.Frame.ID})
	if st.Lock != nil {
		m.lock(a, st)
	}
	if held == nil {
		return
	}
	for _, t := range held.Timers {
		t.ID = m.next()
		m.emit(TimerSet{Act: a.ID, Timer: t})
	}
	for _, k := range held.Keys {
		m.emit(Subscribed{Act: a.ID, Key: k})
	}
}

// recallable finds what a person may take back by the task that he has done.
func (m *machine) recallable(slot ID, who value.Person) (*Activation, *Rejection) {
	i := slices.IndexFunc(m.s.Acts, func(a *Activation) bool { return a.Last == slot && a.State == Done })
	if i < 0 {
		return nil, m.sealed(slot, who)
	}
	a := m.s.Acts[i]
	args := map[string]string{"step": a.Step}
	st := m.step(a) // nil: it was done by an earlier version, which had such a step
	switch {
	case st == nil || !recalls(st):
		return nil, &Rejection{Code: NotRecallable, Args: args}
	case !among(a.By, who):
		return nil, &Rejection{Code: NotAllowed, Args: args}
	}
	for _, id := range m.regionOf(a.Frame, a.ID).acts {
		if next := m.act(id); next != a && m.actedOn(next) {
			return nil, m.goneOn(next)
		}
	}
	if a.Detour != 0 { // who waited for it has it back
		return nil, m.goneOn(cmp.Or(m.act(a.Detour), a))
	}
	return a, nil
}

// goneOn refuses a recall since somebody has gone on.
func (m *machine) goneOn(next *Activation) *Rejection {
	return &Rejection{Code: SuccessorActed, Args: m.stepNamed(next)}
}

// partOver refuses a recall of what was done inside an activation, which is over for good.
func (m *machine) partOver(a *Activation) *Rejection {
	return &Rejection{Code: PartOver, Args: m.stepNamed(a)}
}

// stepNamed gives the step of an activation and its title, for a refusal.
func (m *machine) stepNamed(a *Activation) map[string]string {
	args := map[string]string{"step": a.Step, "title": a.Step}
	if st := m.step(a); st != nil { // else it was done by an earlier version, which had such a step
		args["title"] = st.Title
	}
	return args
}

// recalls tells whether a step lets one take back what one has done.
func recalls(st *definitions.Step) bool {
	task, ok := st.Work.(*definitions.Task)
	return ok && task.Recall
}

// sealed says why nobody takes back a task that does not stand in the case as done: what it was a part of is over.
func (m *machine) sealed(slot ID, who value.Person) *Rejection {
	for _, a := range m.s.Acts {
		for _, p := range a.Sealed {
			switch {
			case p.Slot != slot:
			case !among(p.By, who):
				return &Rejection{Code: NotAllowed, Args: map[string]string{"step": p.Step}}
			default:
				return m.partOver(a)
			}
		}
	}
	return &Rejection{Code: NotOpen}
}

// actedOn tells whether an activation has been begun by somebody, or has done something that others know of.
func (m *machine) actedOn(a *Activation) bool {
	if slices.ContainsFunc(m.s.Papers, func(p Paper) bool { return p.Act == a.ID }) {
		return true
	}
	st := m.step(a)
	if st == nil { // it was done by an earlier version, which had such a step
		return true
	}
	switch st.Work.(type) {
	case *definitions.Junction, *definitions.Set, *definitions.Decide:
		return false
	case *definitions.Wait:
		return a.State != Open && a.State != Ready
	case *definitions.Task:
		touched := slices.ContainsFunc(a.Slots, func(s *Slot) bool {
			return s.State != SlotWaiting && s.State != SlotOffered && s.State != SlotClaimed
		})
		return touched || a.State != Ready && a.State != Open && a.State != Failed
	case *definitions.Call:
		return a.Called != "" || a.State.Over()
	case *definitions.Request, *definitions.Job: // a machine may have it by now
		return a.Job != 0 || a.State.Over()
	case *definitions.Block, *definitions.Multi, *definitions.Repeat:
	}
	if a.State.Over() {
		return true
	}
	return slices.ContainsFunc(m.inside(a)[1:], m.actedOn)
}
