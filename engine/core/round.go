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

// closeRounds closes one fired round to which nothing more can come. A round that a return has left with enough, and
// that nothing more can come to, fires now. Of several, the one comes first that others may still get something from.
func (m *machine) closeRounds() bool {
	if len(m.s.Rounds) == 0 {
		return false
	}
	for _, f := range m.s.Frames {
		g := m.graph(f)
		var live definitions.Bits
		var over []*definitions.Step
		for _, j := range g.Joins {
			r := m.settling(f.ID, j)
			if r == nil {
				continue
			}
			if live == nil {
				live = m.live(f.ID, g)
			}
			if !r.awaits(j, live) {
				over = append(over, j)
			}
		}
		if len(over) == 0 {
			continue
		}
		j := foremost(over, func(j *definitions.Step, steps definitions.Bits) bool {
			return m.settling(f.ID, j).awaits(j, steps)
		})
		if r := *m.settling(f.ID, j); r.Fired != 0 {
			r.Open, r.Closed = false, m.s.Seq+1
			m.emit(RoundChanged{Round: r})
		}
		m.fireRound(f.ID, j)
		return true
	}
	return false
}

// settling is the round of a join that has enough, and only waits for those who can still come; nil = there is none.
// What waits behind it comes after them.
func (m *machine) settling(frame ID, j *definitions.Step) *Round {
	first := true // of those that are open
	for i, r := range m.s.Rounds {
		if r.Frame != frame || r.Step != j.ID || !r.Open {
			continue
		}
		if r.Fired != 0 || first && len(r.Seen) >= j.Join.N {
			return &m.s.Rounds[i]
		}
		first = false
	}
	return nil
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
