package core

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
)

// What is taken back is a region: a set of activations of one frame that holds, with each of them, all that came of
// it. Taking back such a set leaves a case that could have come to stand so by itself; see docs/acts.md.

// TakenBack is why an activation is gone that a return, a recall or a jump has taken back.
const TakenBack = "returned"

// region is what is taken back.
type region struct {
	frame  ID
	of     *Activation // the run that is done again; nil = a step is opened afresh
	ate    []Eaten     // by that run, and what it missed: the new run has them
	missed []string
	acts   []ID // in order
	spent  []ID // of them, those whose threads do not go back to their joins: what opens instead has them
	// Whose result is taken back while it goes on itself; nil = nobody's.
	ended *Activation
}

// made tells whether a thread came out of the region.
func (r *region) made(by, token ID) bool {
	return r.has(by) || r.ended != nil && r.ended.ID == by && token > r.ended.Held.Last
}

func (r *region) has(id ID) bool {
	_, found := slices.BinarySearch(r.acts, id)
	return found
}

// redone tells whether an activation is taken back to before its threads were joined.
func (r *region) redone(id ID) bool { return r.has(id) && !slices.Contains(r.spent, id) }

// regionOf gives all that came of the activations seeds of a frame: strongly, by a thread, or weakly, since an active
// join did not wait for a thread that may come now.
func (m *machine) regionOf(frame ID, seeds ...ID) *region {
	return m.grow(&region{frame: frame, spent: seeds}, slices.Min(seeds), nil, seeds)
}

// regionAfter gives all that came of the result of an activation, which goes on itself: what is younger.
func (m *machine) regionAfter(of *Activation) *region {
	var seeds []ID
	since := of.Held.Last
	for _, a := range m.s.Acts {
		ate := func(e Eaten) bool { return e.By == of.ID }
		if a.Frame == of.Frame && a.State != Undone && a.ID > since && slices.ContainsFunc(a.Ate, ate) {
			seeds = append(seeds, a.ID)
		}
	}
	return m.grow(&region{frame: of.Frame, ended: of}, since, m.step(of), seeds)
}

// grow completes a region: what is younger than first, and missed a thread of one of its steps or of from, is in it.
func (m *machine) grow(r *region, first ID, from *definitions.Step, seeds []ID) *region {
	g := m.graph(m.s.frame(r.frame))
	in, steps := map[ID]bool{}, definitions.NewBits(len(g.Steps))
	add := func(a *Activation) {
		in[a.ID] = true
		r.acts = append(r.acts, a.ID)
		if st := g.Step(a.Step); st != nil { // else it was done by an earlier version, which had such a step
			steps.Set(st.Index)
		}
	}
	if from != nil {
		steps.Set(from.Index)
	}
	for _, id := range seeds {
		add(m.act(id))
	}
	for grown := true; grown; {
		grown = false
		for _, a := range m.s.Acts {
			if a.Frame != r.frame || a.State == Undone || in[a.ID] {
				continue
			}
			st := g.Step(a.Step)
			if m.cameOf(a, in) || st != nil && a.ID > first && missedOf(st, a, steps) {
				add(a)
				grown = true
			}
		}
	}
	slices.Sort(r.acts)
	return r
}

// cameOf tells whether an activation ate a thread of those in the set, or is a detour for one of them.
func (m *machine) cameOf(a *Activation, in map[ID]bool) bool {
	if a.Detour != 0 {
		from := m.lift(a.Detour, a.Frame)
		return from != nil && in[from.ID]
	}
	return slices.ContainsFunc(a.Ate, func(e Eaten) bool { return in[e.By] })
}

// missedOf tells whether an active join fired without an input that one of the steps leads to.
func missedOf(st *definitions.Step, a *Activation, steps definitions.Bits) bool {
	for k := range st.Inputs {
		if slices.Contains(a.Missed, inputID(st, k)) && reaches(st, k, steps) {
			return true
		}
	}
	return false
}

// lift gives the activation of a frame that has act inside, or is it; nil if none has.
func (m *machine) lift(act, frame ID) *Activation {
	for a := m.act(act); a != nil && a.Frame != 0; a = m.act(m.s.frame(a.Frame).Owner) {
		if a.Frame == frame {
			return a
		}
	}
	return nil
}

// upstream lists what an activation came of, within its frame.
func (m *machine) upstream(of *Activation) map[ID]bool {
	seen := map[ID]bool{}
	queue := []*Activation{of}
	visit := func(a *Activation) {
		if a != nil && a.Frame == of.Frame && !seen[a.ID] {
			seen[a.ID] = true
			queue = append(queue, a)
		}
	}
	for len(queue) > 0 {
		a := queue[0]
		queue = queue[1:]
		if a.Detour != 0 {
			visit(m.lift(a.Detour, of.Frame))
		}
		for _, e := range a.Ate {
			visit(m.act(e.By))
		}
	}
	return seen
}

// target finds the run of a step that an activation may be sent back to: the latest one that was done and that the
// activation, or what it stands inside, came of.
func (m *machine) target(from *Activation, to string) (*Activation, *Rejection) {
	args := map[string]string{"step": from.Step, "to": to}
	st := m.p.Steps[to]
	if st == nil {
		return nil, m.unknownStep(to)
	}
	args["title"] = st.Title
	for at := from; at != nil && at.Frame != 0; at = m.act(m.s.frame(at.Frame).Owner) {
		f := m.s.frame(at.Frame)
		if f.Undoes != nil { // what compensates is done to its end
			break
		}
		st := m.graph(f).Step(to)
		if st == nil {
			continue
		}
		if t := m.latest(at, to); t != nil {
			if st.Final || passes(st) {
				return nil, &Rejection{Code: NotReturnable, Args: args}
			}
			return t, nil
		}
		if m.lastUpstream(at, to, Trailing) != nil { // it has passed on, and rows of it are under way
			return nil, &Rejection{Code: RunsAlready, Args: args}
		}
	}
	return nil, &Rejection{Code: NotUpstream, Args: args}
}

// unknownStep refuses a step that the procedure does not have; it says which it has.
func (m *machine) unknownStep(to string) *Rejection {
	known := slices.Sorted(maps.Keys(m.p.Steps))
	return &Rejection{Code: UnknownStep, Args: map[string]string{"to": to, "steps": strings.Join(known, " ")}}
}

// latest is the run of a step that was done last of those that an activation came of; nil = none.
func (m *machine) latest(of *Activation, step string) *Activation {
	return m.lastUpstream(of, step, Done)
}

// lastUpstream is the last run of a step, in a state, of those that an activation came of; nil = none.
func (m *machine) lastUpstream(of *Activation, step string, state ActState) *Activation {
	before := m.upstream(of)
	var out *Activation
	for _, a := range m.s.Acts {
		if a.Step == step && a.State == state && before[a.ID] && (out == nil || a.Order > out.Order) {
			out = a
		}
	}
	return out
}

// restored lists the threads that the region ate and that came from outside it: they wait again at their joins.
func (m *machine) restored(r *region) []Token {
	var out []Token
	add := func(to string, e Eaten) {
		known := slices.ContainsFunc(out, func(t Token) bool { return t.ID == e.Token })
		if e.Token != 0 && !known && !r.made(e.By, e.Token) {
			out = append(out, Token{ID: e.Token, Frame: r.frame, To: cmp.Or(e.At, to), Input: e.Input, By: e.By})
		}
	}
	for _, id := range r.acts {
		if a := m.act(id); r.redone(id) {
			for _, e := range a.Ate {
				add(a.Step, e)
			}
		}
	}
	for _, round := range m.s.Rounds {
		if fired := m.act(round.Fired); round.Frame == r.frame && fired != nil && r.redone(fired.ID) {
			for _, e := range round.Seen { // what the round had absorbed comes before the firing now
				add(round.Step, e)
			}
		}
	}
	slices.SortFunc(out, func(a, b Token) int { return int(a.ID - b.ID) })
	return out
}

// rollBack takes a region back: what is open is withdrawn, what was done is undone, what it consumed waits again.
func (m *machine) rollBack(r *region, e SentBack) {
	e.Frame, e.Region, e.Tokens = r.frame, r.acts, m.restored(r)
	rounds := m.unroll(r)
	m.agenda = slices.DeleteFunc(m.agenda, func(v move) bool {
		return v.kind == arriveMove && v.frame == r.frame && r.has(v.from.By)
	})
	m.emit(e)
	for _, id := range slices.Backward(r.acts) {
		switch a := m.act(id); {
		case a.State == Done:
			m.emit(Moved{Act: id, To: Undone, Why: TakenBack})
		case !a.State.Over():
			m.closeFrames(id, TakenBack)
			m.emit(Moved{Act: id, To: Withdrawn, Why: TakenBack})
		}
	}
	for _, round := range rounds {
		m.emit(RoundChanged{Round: round})
	}
	for _, p := range slices.Clone(m.s.Papers) {
		if r.has(p.Act) && !p.Superseded && !(e.How == ByWay && p.Act == e.Act) { // what it says of the return holds
			m.emit(Superseded{Act: p.Act, Document: p.Document, Number: p.Number, Edition: p.Edition})
		}
	}
}

// unroll gives the rounds of joins as they are without the region: its arrivals have not come, and what it made fire
// has not fired.
func (m *machine) unroll(r *region) []Round {
	var out []Round
	for _, round := range m.s.Rounds {
		if round.Frame != r.frame {
			continue
		}
		was := len(round.Seen)
		join := m.graph(m.s.frame(r.frame)).Step(round.Step)
		cut := join != nil && !round.Open && round.Closed == 0 && was < len(counted(join)) // what was cancelled stays so
		fired := m.act(round.Fired)
		taken := fired != nil && r.redone(fired.ID)
		round.Seen = slices.DeleteFunc(slices.Clone(round.Seen), func(e Eaten) bool { return r.made(e.By, e.Token) })
		switch {
		case taken:
			round.Fired, round.Open, round.Closed = 0, true, 0
		case !cut && len(round.Seen) < was, m.closedTooSoon(r, round):
			round.Open, round.Closed = true, 0
		default:
			continue
		}
		out = append(out, round)
	}
	return out
}

// closedTooSoon tells a round that closed since nothing more could come, while the region was as it is now taken back:
// what is done again may come to it after all.
func (m *machine) closedTooSoon(r *region, round Round) bool {
	var from string
	switch {
	case round.Open:
		return false
	case r.of != nil && round.Closed > r.of.Order:
		from = r.of.Step
	case r.ended != nil && round.Closed > r.ended.Held.Order:
		from = r.ended.Step
	default:
		return false
	}
	g := m.graph(m.s.frame(r.frame))
	only := definitions.NewBits(len(g.Steps))
	only.Set(g.Step(from).Index)
	return round.awaits(g.Step(round.Step), only)
}

// doAgain opens a step, or what has it inside, with the threads that the region hands on: those of the run that was
// taken back.
func (m *machine) doAgain(r *region, how SentBack) *Activation {
	st := holding(m.p, m.graph(m.s.frame(r.frame)), how.To)
	opened := Opened{Ate: r.ate, Missed: r.missed, Sent: how.How != ByWay}
	if st.ID != how.To {
		opened.Into = how.To
	}
	id := m.enterAs(r.frame, st, opened)
	if r.of == nil {
		return m.act(id)
	}
	for _, round := range slices.Clone(m.s.Rounds) {
		if round.Fired == r.of.ID {
			round.Fired = id
			m.emit(RoundChanged{Round: round})
		}
	}
	return m.act(id)
}
