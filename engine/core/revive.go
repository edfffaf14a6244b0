package core

import (
	"cmp"
	"slices"
)

// Where nothing of a case runs any more and threads wait at its joins all the same, there is nothing that a jump could
// leave. It leaves the case as a whole then: a step opens with the threads that wait for it, or with all of them where
// the others could never go on.

// idle gives the list of the whole case, if a jump names the case itself and nothing runs in it; nil = it does not.
func (m *machine) idle(acts []ID) *Frame {
	if len(acts) != 1 {
		return nil
	}
	whole := m.act(acts[0])
	if whole == nil || whole.Frame != 0 || whole.State != Open {
		return nil
	}
	var list *Frame
	for _, f := range m.s.Frames {
		switch {
		case f.Owner != whole.ID:
		case f.Undoes != nil || m.runs(f.ID):
			return nil
		default:
			list = f
		}
	}
	return list
}

// mayRevive says why a step cannot open where nothing runs; else it gives what that changes.
func (m *machine) mayRevive(f *Frame, in Jump) (func(*machine), *Rejection) {
	if m.p.Steps[in.To] == nil {
		return nil, m.unknownStep(in.To)
	}
	if _, r := m.aroundIn(f.ID, in.To); r != nil {
		return nil, r
	}
	how := SentBack{How: ByJump, Person: in.Actor, Act: f.Owner, To: in.To, Reason: in.Reason}
	opens := holding(m.p, m.graph(f), in.To)
	with := func(these func(Token) bool) func(*machine) {
		reg, ids := &region{frame: f.ID}, []ID{}
		for _, t := range m.s.Tokens {
			if t.Frame == f.ID && these(t) {
				reg.ate = append(reg.ate, Eaten{Token: t.ID, Input: t.Input, By: t.By, At: t.To})
				ids = append(ids, t.ID)
			}
		}
		return func(m *machine) {
			m.forgo(reg)
			m.rollBack(reg, how)
			if len(ids) > 0 {
				m.emit(Joined{Frame: f.ID, Step: opens.ID, Tokens: ids})
			}
			m.doAgain(reg, how)
		}
	}
	change := with(func(t Token) bool { return t.To == opens.ID })
	if m.endless(f.ID, change) == nil {
		return change, nil
	}
	change = with(func(Token) bool { return true })
	return change, m.endless(f.ID, change)
}

// forgo takes the threads of a region out of the rounds that they had come to and that have not fired.
func (m *machine) forgo(r *region) {
	for _, round := range slices.Clone(m.s.Rounds) {
		was := len(round.Seen)
		round.Seen = slices.DeleteFunc(slices.Clone(round.Seen), func(e Eaten) bool {
			return slices.ContainsFunc(r.ate, func(a Eaten) bool { return a.Token == e.Token })
		})
		if round.Frame == r.frame && round.Fired == 0 && len(round.Seen) < was {
			m.emit(RoundChanged{Round: round})
		}
	}
}

// endless refuses a change after which a list cannot come to an end.
func (m *machine) endless(frame ID, change func(*machine)) *Rejection {
	after := &machine{p: m.p, s: m.s.Clone(), c: m.c}
	change(after)
	if m.hopes == nil {
		m.hopes = newHopes(cmp.Or(m.c.Explore, maxExplored))
	}
	stuck := m.hopes.explorer(after, frame).dead()
	if stuck == nil {
		stuck = m.hopes.inside(after, after.into(frame))
	}
	if stuck == nil || stuck.Cut && m.tells {
		return nil
	}
	return wouldStrand(stuck)
}
