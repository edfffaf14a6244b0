package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// arriveInRound brings a thread to a join that fires at N of its inputs. A round begins with an arrival, fires at the
// N-th distinct input, and takes in the rest until all have come or none can come any more; only then may the next
// round fire.
func (m *machine) arriveInRound(v move) {
	i := slices.IndexFunc(m.s.Rounds, func(r Round) bool {
		return r.Frame == v.frame && r.Step == v.step.ID && r.Open && !r.saw(v.from.Input)
	})
	var r Round
	if i >= 0 {
		r = m.s.Rounds[i]
	} else {
		r = Round{ID: m.next(), Frame: v.frame, Step: v.step.ID, Open: true}
	}
	v.from.Token = max(r.ID+1, m.next()) // absorbed or not, it has a name: a return may put it back
	r.Seen = append(slices.Clone(r.Seen), v.from)
	if r.Fired != 0 { // absorbed
		r.Open = len(r.Seen) < len(counted(v.step))
		m.emit(RoundChanged{Round: r})
	} else {
		m.emit(RoundChanged{Round: r})
		m.emit(Passed{Token: v.from.Token, Frame: v.frame, To: v.step.ID, Input: v.from.Input, By: v.from.By})
	}
	m.fireRound(v.frame, v.step)
}

// fireRound fires the oldest open round of a join when it has enough.
func (m *machine) fireRound(frame ID, st *definitions.Step) {
	i := slices.IndexFunc(m.s.Rounds, func(r Round) bool { return r.Frame == frame && r.Step == st.ID && r.Open })
	if i < 0 {
		return
	}
	r := m.s.Rounds[i]
	if r.Fired != 0 || len(r.Seen) < st.Join.N {
		return
	}
	held := m.held(frame, st)
	var take []Token
	for _, seen := range r.Seen {
		if k := slices.IndexFunc(held, func(t Token) bool { return t.ID == seen.Token }); k >= 0 {
			take = append(take, held[k])
		}
	}
	r.Fired = m.join(frame, st, take, nil)
	r.Open = len(r.Seen) < len(counted(st)) && st.Join.Absorb
	m.emit(RoundChanged{Round: r})
	if !st.Join.Absorb {
		m.withdrawSteps(frame, 0, st.Join.Withdraws, "join")
		var rest []ID
		for _, t := range m.held(frame, st) {
			rest = append(rest, t.ID)
		}
		if len(rest) > 0 {
			m.emit(Dropped{Tokens: rest, Why: "join"})
		}
		m.endRounds(func(x Round) bool { return x.Frame == frame && x.Step == st.ID })
	}
}

// endRounds closes rounds whose threads are gone.
func (m *machine) endRounds(of func(Round) bool) {
	for _, r := range slices.Clone(m.s.Rounds) {
		if r.Open && of(r) {
			r.Open = false
			m.emit(RoundChanged{Round: r})
		}
	}
}

// closeRounds closes fired rounds to which nothing more can come. A round that a return has left with enough, and that
// nothing more can come to, fires now.
func (m *machine) closeRounds() bool {
	for _, r := range m.s.Rounds {
		if !r.Open {
			continue
		}
		g := m.graph(m.s.frame(r.Frame))
		st := g.Step(r.Step)
		if r.Fired == 0 && (len(r.Seen) < st.Join.N || m.earlierRound(r)) {
			continue
		}
		if r.awaits(st, m.live(r.Frame, g)) {
			continue
		}
		if r.Fired != 0 {
			r.Open, r.Closed = false, m.s.Seq+1
			m.emit(RoundChanged{Round: r})
		}
		m.fireRound(r.Frame, st)
		return true
	}
	return false
}

// awaits tells whether one of the steps can still come by an input that counts and that the round has not seen.
func (r *Round) awaits(st *definitions.Step, steps definitions.Bits) bool {
	for k := range st.Inputs {
		in := inputID(st, k)
		if (st.Join.Of == nil || slices.Contains(st.Join.Of, k)) && !r.saw(in) && reaches(st, k, steps) {
			return true
		}
	}
	return false
}

// earlierRound tells whether an older round of the same join is still open.
func (m *machine) earlierRound(r Round) bool {
	return slices.ContainsFunc(m.s.Rounds, func(x Round) bool {
		return x.Frame == r.Frame && x.Step == r.Step && x.Open && x.ID < r.ID
	})
}
