package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// arrive brings a thread to a step. What happens is decided by the step's join.
func (m *machine) arrive(v move) {
	if m.s.frame(v.frame) == nil {
		return
	}
	switch v.step.Join.Kind {
	case definitions.JoinNone, definitions.JoinEach:
		m.enterAs(v.frame, v.step, Opened{Ate: []Eaten{v.from}, Race: v.race})
		return
	case definitions.JoinAll, definitions.JoinActive, definitions.JoinSome, definitions.JoinThreads:
	}
	if !counts(v.step, v.from.Input) {
		m.enter(v.frame, v.step, []Eaten{v.from}, nil)
		return
	}
	if v.step.Join.Kind == definitions.JoinSome {
		m.arriveInRound(v)
		return
	}
	m.hold(v)
	switch v.step.Join.Kind {
	case definitions.JoinAll:
		m.joinAll(v.frame, v.step)
	case definitions.JoinThreads:
		if held := m.held(v.frame, v.step); len(held) >= v.step.Join.N {
			m.join(v.frame, v.step, held[:v.step.Join.N], nil)
		}
	case definitions.JoinActive: // decided when nothing else moves
	case definitions.JoinNone, definitions.JoinEach, definitions.JoinSome:
	}
}

// hold lets a thread wait at a join.
func (m *machine) hold(v move) {
	m.emit(Passed{Token: m.next(), Frame: v.frame, To: v.step.ID, Input: v.from.Input, By: v.from.By})
}

// held lists the tokens that wait at a join, oldest first.
func (m *machine) held(frame ID, st *definitions.Step) []Token {
	var out []Token
	for _, t := range m.s.Tokens {
		if t.Frame == frame && t.To == st.ID {
			out = append(out, t)
		}
	}
	return out
}

// counts tells whether a way in from input counts for the join; other ways open the step alone.
func counts(st *definitions.Step, input string) bool {
	if st.Join.Of == nil {
		return true
	}
	return slices.ContainsFunc(st.Join.Of, func(k int) bool { return inputID(st, k) == input })
}

// counted lists the inputs of a join that count, as step ids.
func counted(st *definitions.Step) []string {
	if st.Join.Of == nil {
		out := make([]string, len(st.Inputs))
		for k := range st.Inputs {
			out[k] = inputID(st, k)
		}
		return out
	}
	out := make([]string, len(st.Join.Of))
	for i, k := range st.Join.Of {
		out[i] = inputID(st, k)
	}
	return out
}

func inputID(st *definitions.Step, k int) string {
	if st.Inputs[k] < 0 {
		return ""
	}
	return st.Graph.Steps[st.Inputs[k]].ID
}

// joinAll fires a join when each of its inputs has a token: the oldest of each.
func (m *machine) joinAll(frame ID, st *definitions.Step) {
	held := m.held(frame, st)
	var take []Token
	for _, input := range counted(st) {
		i := slices.IndexFunc(held, func(t Token) bool { return t.Input == input })
		if i < 0 {
			return
		}
		take = append(take, held[i])
	}
	m.join(frame, st, take, nil)
}

// join consumes tokens and opens the step.
func (m *machine) join(frame ID, st *definitions.Step, take []Token, missed []string) ID {
	slices.SortFunc(take, func(a, b Token) int { return int(a.ID - b.ID) })
	ids, ate := make([]ID, len(take)), make([]Eaten, len(take))
	for i, t := range take {
		ids[i] = t.ID
		ate[i] = Eaten{Token: t.ID, Input: t.Input, By: t.By}
	}
	m.emit(Joined{Frame: frame, Step: st.ID, Tokens: ids})
	return m.enter(frame, st, ate, missed)
}

// enter makes a new activation of a step and asks for it to be opened.
func (m *machine) enter(frame ID, st *definitions.Step, ate []Eaten, missed []string) ID {
	return m.enterAs(frame, st, Opened{Ate: ate, Missed: missed})
}

// enterAs is enter for one that races, or is a detour: opened says so.
func (m *machine) enterAs(frame ID, st *definitions.Step, opened Opened) ID {
	n := 1
	for _, a := range m.s.Acts {
		if a.Frame == frame && a.Step == st.ID {
			n++
		}
	}
	id := m.next()
	opened.Act, opened.Frame, opened.Step, opened.N, opened.At = id, frame, st.ID, n, m.c.Now
	var wrong error
	if st.Within != nil && !m.blind {
		opened.Due, wrong = st.Within.At(m.scopeIn(frame), m.c.Now)
	}
	m.emit(opened)
	if wrong != nil {
		m.stick(id, AtOpen, trouble(wrong, st.Within.Source()))
		return id
	}
	m.push(move{kind: openMove, act: id})
	return id
}

// live is the set of steps of a frame on which something can still move.
func (m *machine) live(frame ID, g *definitions.Graph) definitions.Bits {
	live := definitions.NewBits(len(g.Steps))
	for _, a := range m.s.Acts {
		if a.Frame == frame && a.State.Live() && a.Detour == 0 { // a detour takes no way
			live.Set(m.step(a).Index)
		}
	}
	// A join that holds tokens moves as well if what is live can complete it.
	for grown := true; grown; {
		grown = false
		for _, j := range g.Joins {
			if !live.Has(j.Index) && m.completable(frame, j, live) {
				live.Set(j.Index)
				grown = true
			}
		}
	}
	return live
}

// completable tells whether a join that holds a token can still fire, given what is live.
func (m *machine) completable(frame ID, j *definitions.Step, live definitions.Bits) bool {
	held := m.held(frame, j)
	if len(held) == 0 {
		return false
	}
	filled, coming, missing := 0, 0, 0
	for k := range j.Inputs {
		if !counts(j, inputID(j, k)) {
			continue
		}
		has := slices.ContainsFunc(held, func(t Token) bool { return t.Input == inputID(j, k) })
		comes := reaches(j, k, live)
		if has || comes {
			filled++
		}
		if comes {
			coming++
		}
		if comes && !has {
			missing++
		}
	}
	switch j.Join.Kind {
	case definitions.JoinAll:
		return filled == len(counted(j))
	case definitions.JoinSome:
		r := m.settling(frame, j) // who waits behind it must not be what it waits for
		return filled >= j.Join.N && (r == nil || r.awaits(j, live))
	case definitions.JoinActive:
		return missing > 0
	case definitions.JoinThreads: // counts threads, whatever way they come
		return coming > 0
	case definitions.JoinNone, definitions.JoinEach:
	}
	return false
}

// reaches tells whether input k of join j can still come from one of the live steps.
func reaches(j *definitions.Step, k int, live definitions.Bits) bool {
	return k < len(j.Reach) && j.Reach[k].Meets(live)
}

// fireActive fires one active join for which nothing more can come. The order is that of YAWL's OR-join with the
// circles broken by file order: of those that could fire, the first that no other one has to precede.
func (m *machine) fireActive() bool {
	for _, f := range m.s.Frames {
		g := m.graph(f)
		ready := m.activeReady(f.ID, g)
		if len(ready) == 0 {
			continue
		}
		j := foremost(ready, func(j *definitions.Step, steps definitions.Bits) bool {
			return len(m.emptyReachable(f.ID, j, steps)) > 0
		})
		held := m.held(f.ID, j)
		var take []Token
		var missed []string
		for _, input := range counted(j) {
			if i := slices.IndexFunc(held, func(t Token) bool { return t.Input == input }); i >= 0 {
				take = append(take, held[i])
			} else {
				missed = append(missed, input)
			}
		}
		m.join(f.ID, j, take, missed)
		return true
	}
	return false
}

// activeReady lists the active joins of a frame that hold a token and have no empty input that can still get one.
func (m *machine) activeReady(frame ID, g *definitions.Graph) []*definitions.Step {
	var ready []*definitions.Step
	var live definitions.Bits
	for _, j := range g.Joins {
		if j.Join.Kind != definitions.JoinActive || len(m.held(frame, j)) == 0 {
			continue
		}
		if live == nil {
			live = m.live(frame, g)
		}
		others := slices.Clone(live)
		others.Clear(j.Index) // it waits only for threads that can move without it
		if len(m.emptyReachable(frame, j, others)) == 0 {
			ready = append(ready, j)
		}
	}
	return ready
}

// emptyReachable lists the empty inputs of j that live steps reach.
func (m *machine) emptyReachable(frame ID, j *definitions.Step, live definitions.Bits) []int {
	held := m.held(frame, j)
	var out []int
	for k := range j.Inputs {
		full := slices.ContainsFunc(held, func(t Token) bool { return t.Input == inputID(j, k) })
		if !full && counts(j, inputID(j, k)) && reaches(j, k, live) {
			out = append(out, k)
		}
	}
	return out
}

// foremost picks the join to go first: x precedes j where j awaits what x leads to.
func foremost(
	ready []*definitions.Step, awaits func(j *definitions.Step, steps definitions.Bits) bool,
) *definitions.Step {
	n := len(ready)
	before := make([][]bool, n)
	for x := range ready {
		before[x] = make([]bool, n)
	}
	for j := range ready {
		for x := range ready {
			only := definitions.NewBits(len(ready[j].Graph.Steps))
			only.Set(ready[x].Index)
			before[x][j] = x != j && awaits(ready[j], only)
		}
	}
	for k := range n { // transitive closure
		for i := range n {
			for j := range n {
				before[i][j] = before[i][j] || (before[i][k] && before[k][j])
			}
		}
	}
	for j := range n {
		first := true
		for x := range n {
			if before[x][j] && !before[j][x] {
				first = false
			}
		}
		if first {
			return ready[j]
		}
	}
	return ready[0]
}
