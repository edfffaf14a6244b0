package core

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/guicheng/guicheng/definitions"
)

// How something was taken back, in a SentBack event.
const (
	ByReturn = "return" // a person's choice
	ByWay    = "way"    // a way of the procedure
	ByRecall = "recall" // by the one who had done it
	ByJump   = "jump"   // an administrator's repair
	// ByReopening: by who recalls what he has done inside, which goes on.
	ByReopening = "reopening"
)

// maxDetours is how deep detours may lie within detours.
const maxDetours = 8

// giveBack lets a person send a case back from a task of his to an earlier step.
func (m *machine) giveBack(in Return) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := m.maySendBack(a, slot, task, in.Actor); r != nil {
		return r
	}
	of, r := m.target(a, in.To)
	if r != nil {
		return r
	}
	how := SentBack{
		How: ByReturn, Person: in.Actor, For: m.stands(), Act: a.ID, To: in.To, Of: of.ID, Reason: in.Reason,
	}
	if in.Straight {
		return m.detour(a, of, how)
	}
	return m.returnTo(of, how)
}

// returnTo does a run of a step again: all that came of it is taken back.
func (m *machine) returnTo(of *Activation, how SentBack) *Rejection {
	if no := m.mayGoBack(of, how); no != nil {
		return no
	}
	m.sendBack(m.backTo(of), how)
	return nil
}

// mayGoBack says why a run of a step cannot be done again: the case could not end then.
func (m *machine) mayGoBack(of *Activation, how SentBack) *Rejection {
	r := m.backTo(of)
	return m.strands(how.How, of.Frame, func(m *machine) { m.sendBack(r, how) })
}

// backTo is the region of a return to a run of a step.
func (m *machine) backTo(of *Activation) *region {
	r := m.regionOf(of.Frame, of.ID)
	r.of, r.ate, r.missed = of, of.Ate, of.Missed
	return r
}

// sendBack takes a region back, compensates what was done in it and in those that were taken back before, and then
// opens a step again.
func (m *machine) sendBack(r *region, how SentBack, before ...*region) {
	owed := m.owed(r)
	m.rollBack(r, how)
	a := m.doAgain(r, how)
	m.undo(a, m.undoableIn(append(before, r), owed), Undoing{})
}

// owed lists what was taken back before, and is still to be undone before something in a region opens.
func (m *machine) owed(r *region) []ID {
	var out []ID
	waits := func(a *Activation) bool { return a.Undo != nil && a.State == Ready }
	for _, id := range r.acts {
		if a := m.act(id); waits(a) {
			out = append(out, a.Undo.Left...)
		}
	}
	for _, f := range m.s.Frames { // the one that is being undone is cut short
		if f.Undoes != nil && r.has(f.Owner) && waits(m.act(f.Owner)) {
			out = append(out, f.Undoes.Act)
		}
	}
	return out
}

// undoableIn lists what was done in regions, or is owed, and can be compensated, the latest first.
func (m *machine) undoableIn(all []*region, owed []ID) []ID {
	var list []Undoable
	for _, u := range m.s.Undoable {
		in := func(r *region) bool { return r.has(u.Act) || slices.ContainsFunc(u.Owners, r.has) }
		if slices.Contains(owed, u.Act) || slices.ContainsFunc(all, in) {
			list = append(list, u)
		}
	}
	return undoOrder(list)
}

// backWay is the one of the chosen ways that returns; nil = none.
func backWay(st *definitions.Step, ways []int) *definitions.Way {
	for _, w := range ways {
		if st.Ways[w].Return != nil {
			return st.Ways[w]
		}
	}
	return nil
}

// wayBack finds the run to which a way returns, or says why it cannot.
func (m *machine) wayBack(a *Activation, w *definitions.Way) (*Activation, *Incident) {
	of := m.latest(a, w.Return.ID)
	if of == nil && m.lastUpstream(a, w.Return.ID, Trailing) != nil {
		return nil, &Incident{Code: string(RunsAlready), Message: "rows of " + w.Return.ID + " are under way"}
	}
	if of == nil {
		return nil, &Incident{Code: string(NotUpstream), Message: w.Return.ID + " was not done before " + a.Step}
	}
	if no := m.mayGoBack(of, SentBack{How: ByWay, Act: a.ID, To: of.Step, Of: of.ID}); no != nil {
		return nil, &Incident{
			Code: string(no.Code), Message: "after a return to " + of.Step + " the case could not end",
		}
	}
	return of, nil
}

// strands refuses a change after which a case could not come to its end any more, or come to where it cannot.
func (m *machine) strands(how string, frame ID, change func(*machine)) *Rejection {
	after := &machine{p: m.p, s: m.s.Clone(), c: m.c}
	change(after)
	for _, t := range after.s.Tokens { // joined by an earlier version, at a step that this one does not have
		if m.graph(after.s.frame(t.Frame)).Step(t.To) == nil {
			return &Rejection{Code: WouldStrand, Args: map[string]string{"step": t.To, "title": t.To}}
		}
	}
	for after.s.frame(frame) == nil { // gone with the step around it
		if frame = m.act(m.s.frame(frame).Owner).Frame; frame == 0 {
			return nil
		}
	}
	if m.hopes == nil {
		m.hopes = newHopes(cmp.Or(m.c.Explore, maxExplored))
	}
	stuck := m.hopes.worse(m, after, frame, how)
	if stuck == nil && how == ByJump {
		stuck = m.hopes.inside(after, after.into(frame))
	}
	if stuck == nil || stuck.Cut && m.tells {
		return nil
	}
	return wouldStrand(stuck)
}

func wouldStrand(stuck *Dead) *Rejection {
	args := map[string]string{}
	if stuck.Join != nil {
		args["step"], args["title"] = stuck.Join.ID, stuck.Join.Title
	}
	return &Rejection{Code: WouldStrand, Args: args}
}

// detour sends a case back and lets it come straight to the one who sent it: nothing is taken back, his task waits.
func (m *machine) detour(a, of *Activation, how SentBack) *Rejection {
	if no := m.mayDetour(a, of); no != nil {
		return no
	}
	m.emit(Detoured{Act: a.ID, To: how.To, Person: how.Person, For: how.For, Reason: how.Reason, At: m.c.Now})
	m.enterAs(of.Frame, m.step(of), Opened{Detour: a.ID, Sent: true})
	return nil
}

// mayDetour says why a task may not wait for a run of a step to be done again.
func (m *machine) mayDetour(a, of *Activation) *Rejection {
	depth := 1
	for at := a; at.Detour != 0; at = m.act(at.Detour) {
		depth++
	}
	if depth > maxDetours {
		return &Rejection{Code: TooManyDetours, Args: map[string]string{"max": strconv.Itoa(maxDetours)}}
	}
	if st := m.step(of); st.Lock != nil { // of one that waits like this one: each would wait for the other
		by := m.holder(&Activation{Frame: of.Frame, Step: of.Step, Detour: a.ID}, st.Lock)
		if by != nil && by.State == Parked {
			return &Rejection{Code: Excluded, Args: map[string]string{"step": by.Step}}
		}
	}
	return nil
}

// rejoin lets the one who sent the case on a detour go on: the detour is over.
func (m *machine) rejoin(detour *Activation) {
	a := m.act(detour.Detour)
	if a == nil || a.State != Parked {
		return
	}
	m.emit(Rejoined{Act: a.ID, At: m.c.Now})
	m.attend(a)
	m.takeKept(a, m.step(a))
}

// detoursOf lists the detours that an activation waits for.
func (m *machine) detoursOf(a *Activation) []*Activation {
	if a.Parked.IsZero() {
		return nil
	}
	var out []*Activation
	for _, d := range m.s.Acts {
		if d.Detour == a.ID && !d.State.Over() {
			out = append(out, d)
		}
	}
	return slices.Clip(out)
}
