package proof

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
)

// space is the markings of one list that can be reached.
type space struct {
	proven
	bound   int // of markings: MaxMarkings, but in tests
	p       *definitions.Procedure
	g       *definitions.Graph
	net     *core.Net
	plain   []bool                      // by step: it may be left at once, whatever else is open
	alone   []bool                      // by step: nothing else has part in it
	tooMany bool                        // it is known already that there are more markings than can be followed
	parts   map[*definitions.Step]*part // that begin with a step and may be passed through at once
	seen    map[string]int
	nodes   []node
	opened  definitions.Bits
	stood   definitions.Bits // steps that were not withdrawn in the moment in which they opened
	ends    ends
	held    map[[2]*definitions.Step]bool // steps that hold locks and were open together, in file order
	crowds  [][]*definitions.Step         // three of them or more, each set once
	most    []int                         // by step: how many threads are followed at it where several are intended
	ways    map[*definitions.Way]bool     // that were taken
	did     map[*definitions.Deed]bool    // that were done
	hoped   definitions.Bits              // conditions of events inside steps that may hold
	doubted definitions.Bits              // and those that may not
	with    int                           // which of the list's shared values; -1 = choices are free
	threads int
	limit   string // that was met
	meets   *meeting
}

// ends are the outcomes that a list comes to.
type ends map[string]bool

// proven is what is known already of what a list relies on.
type proven struct {
	reached map[*definitions.Graph]ends     // by list inside a step
	calls   map[*definitions.Procedure]ends // of procedures that call one another in a circle
}

// node is one marking.
type node struct {
	m        *core.Marking // nil once its leaps were played
	from     int           // the marking before; -1 for the first
	via      []core.Leap   // from there to here: a leap, and those that could wait for nothing
	next     []int
	sure     []int // those of next to which a case can always come
	ended    bool
	met      bool // threads meet here, or no case with these values comes here: nothing is followed from here on
	outcomes []string
	starved  *definitions.Step // a join at which something waits
	noted    string            // of the list's conditions
}

// meeting is a marking in which threads meet that must not.
type meeting struct {
	node int
	at   *definitions.Step
	// Input is where two threads wait; nil: they both opened the step.
	input *string
	grows bool // more and more of them come
	again bool // it has joined once, and joins again while it is still open
}

// once tells joins that are proved to join one thread of each input, and no second one before they are done.
func once(st *definitions.Step) bool {
	return (st.Join.Kind == definitions.JoinAll || st.Join.Kind == definitions.JoinActive) && !st.Join.Keep
}

func newSpace(p *definitions.Procedure, g *definitions.Graph, known proven) *space {
	s := &space{
		p: p, g: g, net: core.NewNet(p, g), proven: known, seen: map[string]int{},
		opened: definitions.NewBits(len(g.Steps)), stood: definitions.NewBits(len(g.Steps)), ends: ends{},
		held:  map[[2]*definitions.Step]bool{},
		hoped: definitions.NewBits(len(g.Conditions)), doubted: definitions.NewBits(len(g.Conditions)),
		ways: map[*definitions.Way]bool{}, did: map[*definitions.Deed]bool{}, with: -1, bound: MaxMarkings,
		parts: map[*definitions.Step]*part{},
	}
	s.plain = s.findPlain()
	for _, st := range g.Steps {
		s.most = append(s.most, s.mostAt(st))
	}
	return s
}

// explore follows all markings, the nearest first.
func (s *space) explore() { s.exploreFrom(s.begin()...) }

// exploreFrom follows all markings that come of some.
func (s *space) exploreFrom(starts ...*core.Marking) {
	for _, m := range starts {
		s.visit(-1, m, nil)
	}
	for i := 0; i < len(s.nodes) && s.limit == ""; i++ {
		m := s.nodes[i].m
		if s.nodes[i].ended || s.nodes[i].met {
			s.nodes[i].m = nil
			continue
		}
		if waits := s.net.Waits(m); len(waits) > 0 {
			s.nodes[i].starved = waits[0].At
		}
		var done []effect
		for _, l := range s.leaps(m) {
			s.follow(l)
			e := effectOf(l)
			if slices.ContainsFunc(done, e.same) {
				continue
			}
			done = append(done, e)
			for _, next := range s.after(l, s.play(m, l)) {
				s.lead(i, s.visit(i, next, []core.Leap{l}), s.always(m, l))
			}
		}
		for _, back := range s.returns(m) {
			s.leadBack(i, back)
		}
		s.nodes[i].m = nil
	}
}

func (s *space) play(m *core.Marking, l core.Leap) *core.Marking { return s.note(s.net.Play(m, l)) }

// note remembers the steps that opened on the way to a marking.
func (s *space) note(out *core.Marking) *core.Marking {
	for _, st := range out.Opened {
		s.opened.Set(st.Index)
	}
	return out
}

// always tells whether a leap is possible whenever a case comes to a marking. What happens once in a case may have
// happened in another run of the list, what passes by what usually happens may not come, and neither may data.
func (s *space) always(m *core.Marking, l core.Leap) bool {
	if l.Deed == nil && !l.Perish && l.Withdraw == nil && s.owes(m, l.Step, true) {
		return false
	}
	if l.Deed != nil {
		if i := s.conditionOf(l.Deed); i >= 0 && s.moves(m, s.g.Conditions[i]) {
			return false
		}
	}
	return !core.OnlyOnce(l) || runsOnce(s.g)
}

// lead notes that one node leads to another. Sure: a case can always come there.
func (s *space) lead(from, to int, sure bool) {
	n := &s.nodes[from]
	if !slices.Contains(n.next, to) {
		n.next = append(n.next, to)
	}
	if sure && !slices.Contains(n.sure, to) {
		n.sure = append(n.sure, to)
	}
}

// leadBack notes that a case may return to where a step is done again: as it was when it was done last, or further on.
func (s *space) leadBack(from int, to *definitions.Step) {
	if i := s.lastDone(from, to); i >= 0 {
		n := &s.nodes[from]
		n.next, n.sure = append(n.next, i), append(n.sure, i)
	}
}

// lastDone is the node to which a step led when it was done last on the way to a node; -1 if it was not.
func (s *space) lastDone(at int, st *definitions.Step) int {
	for ; at >= 0; at = s.nodes[at].from {
		if slices.ContainsFunc(s.nodes[at].via, func(l core.Leap) bool { return l.Step == st }) {
			return at
		}
	}
	return -1
}

// runsOnce tells whether a list runs at most once in a case.
func runsOnce(g *definitions.Graph) bool {
	owner := g.Owner
	if owner.Graph == nil {
		return true
	}
	_, block := owner.Work.(*definitions.Block)
	return block && owner.Join.Kind == definitions.JoinNone && !circular(owner) && runsOnce(owner.Graph)
}

// visit goes on from a marking as far as nothing can be missed, and gives the node to which that leads.
func (s *space) visit(from int, m *core.Marking, via []core.Leap) int {
	for _, st := range m.Opened {
		s.opened.Set(st.Index)
	}
	for {
		runs := s.net.Runs(m)
		for _, st := range runs {
			s.stood.Set(st.Index)
		}
		s.threads += len(runs) + len(s.net.Waits(m)) + 1
		if l, ok := s.happens(m); ok {
			m = s.note(s.net.Pass(m, l))
			s.happened(m, l)
			s.settle(m)
			via = append(via, l)
			continue
		}
		met := s.meeting(m)
		next, ok := s.forced(m)
		if met == nil && ok && s.threads <= MaxThreads {
			for _, l := range next {
				m = s.note(s.net.Pass(m, l))
				s.settle(m)
			}
			via = append(via, next...)
			continue
		}
		if met != nil {
			met.node = len(s.nodes)
			if s.meets == nil {
				s.meets = met
			}
			s.add(from, m, via)
			s.nodes[met.node].met = true
			return met.node
		}
		break
	}
	key := keyOf(s.net, m)
	if i, ok := s.seen[key]; ok {
		return i
	}
	switch {
	case len(s.nodes) >= s.bound, len(s.nodes) >= enoughOfTooMany && s.tooMany:
		s.limit = "MaxMarkings"
	case s.threads > MaxThreads:
		s.limit = "MaxThreads"
	}
	s.seen[key] = len(s.nodes)
	s.add(from, m, via)
	s.tooMany = s.tooMany || s.spreads(m)
	s.hopes(m)
	s.together(m)
	return len(s.nodes) - 1
}

func (s *space) add(from int, m *core.Marking, via []core.Leap) {
	n := node{m: m, from: from, via: via, noted: m.Noted, met: s.vain(m)}
	n.ended, n.outcomes = s.net.Ended(m), s.net.Outcomes(m)
	if n.ended && !n.met {
		for _, e := range n.outcomes {
			s.ends[e] = true
			s.ends[clean(e)] = s.ends[clean(e)] || m.Passed == 0
		}
		if m.Erred && !m.Closed {
			s.ends[perished] = s.ends[perished] || len(n.outcomes) == 0 && m.Passed > 0
			s.ends[forsaken] = s.ends[forsaken] || len(n.outcomes) == 0 && m.Passed == 0
			s.ends[repeated] = s.ends[repeated] || m.Passed > 1
			s.ends[outlived] = s.ends[outlived] || m.Passed > 0 && len(n.outcomes) > 0
		}
	}
	s.nodes = append(s.nodes, n)
}

// forced finds leaps that may be made before all others: no other one has part in them.
func (s *space) forced(m *core.Marking) ([]core.Leap, bool) {
	runs := s.net.Runs(m)
	if i := slices.IndexFunc(runs, instant); i >= 0 { // it comes first
		runs = runs[i : i+1]
	} else if s.atOnce(m, runs) != nil {
		return nil, false
	}
	for _, st := range runs {
		if r := s.parts[st]; r != nil && s.with < 0 {
			for _, l := range r.all {
				s.follow(l)
				s.opened.Set(l.Step.Index)
				s.stood.Set(l.Step.Index)
			}
			return r.through, true
		}
		if s.plain[st.Index] {
			list := s.exits(st)
			for _, l := range list {
				s.follow(l)
			}
			return list[:1], true
		}
	}
	return nil, false
}

// meeting finds threads that meet where they must not.
func (s *space) meeting(m *core.Marking) *meeting {
	open := s.net.Runs(m)
	for i, st := range open {
		n := 1
		for _, o := range open[:i] {
			if o == st {
				n++
			}
		}
		switch {
		case st.Join.Kind == definitions.JoinNone && n > 1 && !instant(st): // that is over before its next run begins
			return &meeting{at: st}
		case once(st) && n > 1:
			return &meeting{at: st, again: true}
		case n > s.most[st.Index]:
			return &meeting{at: st, grows: true}
		}
	}
	waiting := s.net.Waits(m)
	for i, w := range waiting {
		n := 1
		for _, o := range waiting[:i] {
			if o == w {
				n++
			}
		}
		switch {
		case once(w.At) && n > 1:
			return &meeting{at: w.At, input: &w.Input}
		case n > s.most[w.At.Index]:
			return &meeting{at: w.At, input: &w.Input, grows: true}
		}
	}
	return nil
}

// mostAt is how many threads are followed at a step where several are intended.
func (s *space) mostAt(at *definitions.Step) int {
	n := max(piled, at.Join.N)
	for _, st := range s.g.Steps {
		for _, w := range st.Ways {
			n = max(n, w.Threads*piled)
		}
	}
	return n + len(at.Inputs)*piled
}

// together notes which steps that hold locks are open at once.
func (s *space) together(m *core.Marking) {
	var list []*definitions.Step
	for _, st := range s.net.Runs(m) {
		if len(locks(st)) > 0 {
			list = append(list, st)
		}
	}
	slices.SortFunc(list, func(a, b *definitions.Step) int { return a.Index - b.Index })
	same := func(o []*definitions.Step) bool { return slices.Equal(o, list) }
	if len(list) > 2 && !slices.ContainsFunc(s.crowds, same) {
		s.crowds = append(s.crowds, list)
	}
	for i, a := range list {
		for _, b := range list[i+1:] {
			if a.Index > b.Index {
				a, b = b, a
			}
			s.held[[2]*definitions.Step{a, b}] = true
		}
	}
}
