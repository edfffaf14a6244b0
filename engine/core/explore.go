package core

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// maxExplored bounds the markings that one search looks at, unless its context says otherwise.
const maxExplored = 10_000

// Dead is a marking of a list of steps from which its end cannot be reached.
type Dead struct {
	Join *definitions.Step // a step that waits for what cannot come; nil: none does, or the search was too large
	Cut  bool              // the search was too large: it is not known
}

// CanComplete tells whether a frame of a case can still come to an end: nil = it can. It looks at the control flow
// alone: a guard may hold or not, a task may have any answer, what runs inside a step may come to any of its ends.
// The joins are those of the machine itself.
func CanComplete(p *definitions.Procedure, s *State, frame ID) *Dead {
	return newHopes(maxExplored).explorer(&machine{p: p, s: s}, frame).dead()
}

// hopes are markings of which it is known what may come of them: what one search has found out spares the next one,
// from a state of the same case.
type hopes struct {
	most int              // markings that one search looks at
	good map[string]bool  // an end can be reached
	bad  map[string]*Dead // none can
	safe map[string]bool  // an end can be reached from all that may come
}

func newHopes(most int) *hopes {
	return &hopes{most: most, good: map[string]bool{}, bad: map[string]*Dead{}, safe: map[string]bool{}}
}

// explorer follows what may come of a frame of a case.
func (h *hopes) explorer(m *machine, frame ID) *explorer {
	x := newExplorer(m.p, m.s, frame)
	x.hopes = h
	x.start = x.bare(m.s)
	x.settle(x.start)
	x.hold(m)
	return x
}

// dead looks for a way to an end; nil = there is one.
func (x *explorer) dead() *Dead {
	x.seen, x.explored, x.starved = map[string]bool{}, 0, nil
	if x.search(x.start) {
		return nil
	}
	dead := &Dead{Join: x.starved, Cut: x.explored >= x.hopes.most}
	if !dead.Cut {
		for key := range x.seen { // any order: each by itself
			x.hopes.bad[key] = dead
		}
	}
	return dead
}

// explorer follows the markings of one frame. A marking is a State that holds nothing but what runs in the frame, the
// threads that wait in it, and what the frame stands in.
type explorer struct {
	p        *definitions.Procedure
	frame    ID
	g        *definitions.Graph
	at       map[string]int       // indexes of its steps, by id
	far      []int                // by step: the least number of ways to an end
	held     definitions.Bits     // steps that wait for others which cannot come any more
	silent   []*definitions.Event // of held steps, which ask for what cannot come
	with     int                  // which of the list's shared values; -1 = choices are free
	start    *State
	hopes    *hopes
	seen     map[string]bool // by one search for an end
	starved  *definitions.Step
	explored int
}

func newExplorer(p *definitions.Procedure, s *State, frame ID) *explorer {
	x := &explorer{p: p, frame: frame, g: graphOf(p, s, s.frame(frame)), with: -1}
	x.at, x.held = indexes(x.g), definitions.NewBits(len(x.g.Steps))
	x.far = make([]int, len(x.g.Steps))
	for i := range x.far {
		x.far[i] = len(x.g.Steps)
	}
	for range x.g.Steps {
		for i, st := range x.g.Steps {
			for _, w := range st.Ways {
				x.far[i] = min(x.far[i], x.distance(w)+1)
			}
		}
	}
	return x
}

// step is that of a run of the list.
func (x *explorer) step(a *Activation) *definitions.Step { return x.g.Steps[x.at[a.Step]] }

func (x *explorer) distance(w *definitions.Way) int {
	if w.To == nil {
		return 0
	}
	return x.far[w.To.Index]
}

// bare makes the marking of a state: its frame as if nothing else were in the case.
func (x *explorer) bare(s *State) *State {
	out := &State{Status: Running, Counter: s.Counter}
	for at := s.frame(x.frame); at != nil; {
		f := *at
		owner := *s.act(at.Owner)
		owner.State = Open
		out.Frames, out.Acts = append(out.Frames, &f), append(out.Acts, &owner)
		at = s.frame(owner.Frame)
	}
	for _, a := range s.Acts {
		if a.Frame == x.frame && a.State.Live() && a.Detour == 0 {
			out.Acts = append(out.Acts, &Activation{
				ID: a.ID, Frame: a.Frame, Step: a.Step, State: Open, Race: a.Race,
			})
		}
	}
	slices.SortFunc(out.Frames, func(a, b *Frame) int { return int(a.ID - b.ID) })
	slices.SortFunc(out.Acts, func(a, b *Activation) int { return int(a.ID - b.ID) })
	for _, t := range s.Tokens {
		if t.Frame == x.frame {
			out.Tokens = append(out.Tokens, t)
		}
	}
	for _, r := range s.Rounds {
		if r.Frame == x.frame && r.Open {
			out.Rounds = append(out.Rounds, r)
		}
	}
	return out
}

// settle lets the joins of a marking do what they do by themselves.
func (x *explorer) settle(s *State) { (&machine{p: x.p, s: s, blind: true}).settle() }

// search looks for an end, the nearest first.
func (x *explorer) search(s *State) bool {
	if x.ended(s) {
		return true
	}
	key := x.key(s)
	if x.hopes.good[key] {
		return true
	}
	if dead := x.hopes.bad[key]; dead != nil {
		x.starved = cmp.Or(x.starved, dead.Join)
		return false
	}
	if x.seen[key] || x.explored >= x.hopes.most {
		return false
	}
	x.seen[key] = true
	x.explored++
	leaps := x.leaps(s)
	if len(leaps) == 0 {
		x.starved = cmp.Or(x.starved, x.waiting(s))
	}
	for _, l := range leaps {
		if x.search(x.after(s, l)) {
			x.hopes.good[key] = true
			return true
		}
	}
	return false
}

// waiting is a step of a marking that waits for what cannot come; nil: none does.
func (x *explorer) waiting(s *State) *definitions.Step {
	if len(s.Tokens) > 0 {
		return x.g.Steps[x.at[s.Tokens[0].To]]
	}
	for _, a := range s.Acts {
		if st := x.step(a); a.Frame == x.frame && x.held.Has(st.Index) {
			return st
		}
	}
	return nil
}

// ended tells a marking in which nothing is left to do and an end was reached.
func (x *explorer) ended(s *State) bool {
	f := s.frame(x.frame)
	if f == nil { // left, by what withdraws the step around it
		return true
	}
	busy := slices.ContainsFunc(s.Acts, func(a *Activation) bool { return a.Frame == x.frame && !a.State.Over() })
	if busy || len(s.Tokens) > 0 {
		return false
	}
	outcome, reached := f.Outcome()
	_, rows := x.g.Owner.Work.(*definitions.Multi)
	return outcome != "" || reached && rows
}

// leap is one way in which a run of a step may end.
type leap struct {
	act  ID
	ways []*definitions.Way
	far  int
}

// leaps lists what may happen next in a marking, what leads to an end soonest first.
func (x *explorer) leaps(s *State) []leap {
	var out []leap
	for _, a := range s.Acts {
		if a.Frame != x.frame || a.State.Over() {
			continue
		}
		for _, ways := range x.exits(x.step(a)) {
			l := leap{act: a.ID, ways: ways}
			for _, w := range ways {
				l.far = max(l.far, x.distance(w))
			}
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b leap) int { return cmp.Compare(a.far, b.far) })
	return out
}

// maxGuards bounds the guarded ways of one step of which every combination is tried.
const maxGuards = 6

// exits lists the sets of ways by which a run of a step may be left: those that the check has found, else whatever its
// ways allow. A way that returns opens nothing that was not open.
func (x *explorer) exits(st *definitions.Step) [][]*definitions.Way {
	var out [][]*definitions.Way
	returns := func(w *definitions.Way) bool { return w.Return != nil }
	switch {
	case x.held.Has(st.Index):
	case len(st.Exits) > 0:
		for _, e := range st.Exits {
			if x.goes(e) && !slices.ContainsFunc(e.Ways, returns) {
				out = append(out, e.Ways)
			}
		}
	case len(st.Outcomes) > 0:
		for _, o := range st.Outcomes {
			out = append(out, exitsFor(st, o.ID)...)
		}
	default:
		out = exitsFor(st, "")
	}
	add := func(d definitions.Deed) {
		if d.Kind == definitions.DeedTo && d.Way != nil {
			out = append(out, []*definitions.Way{d.Way})
		}
	}
	shut := x.held.Has(st.Index) && st.OnlyWhile != nil // it does not open: it has neither time limits nor messages
	for _, t := range st.Timeouts {
		if !shut {
			add(t.Do)
		}
	}
	for _, e := range st.Events {
		if !slices.Contains(x.silent, e) && (!shut || e.When != nil) {
			add(e.Do)
		}
	}
	return out
}

// goes tells whether a step can be left so with the values that are looked at.
func (x *explorer) goes(e definitions.Exit) bool {
	return x.with < 0 || e.With == nil || slices.Contains(e.With, x.with)
}

func exitsFor(st *definitions.Step, outcome string) [][]*definitions.Way {
	var out [][]*definitions.Way
	var sure, guarded, otherwise []*definitions.Way
	for _, w := range st.Ways {
		switch {
		case w.Outcome != "" && w.Outcome != outcome, w.Return != nil:
		case st.Choose == definitions.ChooseOne:
			out = append(out, []*definitions.Way{w})
		case w.Else:
			otherwise = append(otherwise, w)
		case w.When != nil:
			guarded = append(guarded, w)
		default:
			sure = append(sure, w)
		}
	}
	if st.Choose == definitions.ChooseOne {
		return out
	}
	if len(guarded) > maxGuards { // more than that many together are tried one by one
		for _, w := range guarded {
			out = append(out, append(slices.Clone(sure), w))
		}
		return append(out, append(slices.Clone(sure), guarded...))
	}
	for set := range 1 << len(guarded) {
		ways := slices.Clone(sure)
		for i, w := range guarded {
			if set&(1<<i) != 0 {
				ways = append(ways, w)
			}
		}
		if len(ways) == 0 {
			ways = otherwise
		}
		if len(ways) > 0 {
			out = append(out, ways)
		}
	}
	return out
}

// after is the marking to which a leap leads.
func (x *explorer) after(s *State, l leap) *State {
	next := s.Clone()
	m := &machine{p: x.p, s: next, blind: true}
	x.leave(m, m.act(l.act), l.ways)
	m.settle()
	next.tidy()
	return next
}

// leave ends a run of a step, by some of its ways or those of its timeouts and events.
func (x *explorer) leave(m *machine, a *Activation, ways []*definitions.Way) {
	st := x.step(a)
	m.win(a)
	m.emit(Resulted{Act: a.ID})
	m.withdrawBy(x.frame, a.ID, st.Cancels)
	if a.State == Leaving { // it may have cancelled itself
		m.emit(Moved{Act: a.ID, To: Done})
	}
	for _, w := range ways {
		if slices.Contains(st.Ways, w) {
			m.passFrom(a, st, w)
		} else {
			m.pass(w, move{kind: arriveMove, frame: x.frame, from: Eaten{Input: st.ID, By: a.ID}})
		}
	}
}

// key tells markings apart that differ in what may come of them.
func (x *explorer) key(s *State) string {
	f := s.frame(x.frame)
	if f == nil { // left, by what withdraws the step around it
		return "left"
	}
	key := fmt.Append(nil, x.frame, x.held, x.silent, x.with) // of the silent events their addresses
	key = x.flow(s, key)
	outcome, reached := f.Outcome()
	return string(x.races(s, fmt.Append(key, outcome, reached)))
}
