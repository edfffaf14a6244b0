package core

import (
	"slices"
	"strconv"

	"github.com/guicheng/guicheng/definitions"
)

// Net is the control flow of one list of steps, alone: what is outside it does not move, what is inside a step comes to
// any of its ends. Threads meet by the rules of the machine itself, which plays every leap.
type Net struct {
	x     *explorer
	start *State
	asks  definitions.Bits // the steps of which it matters whether they were done
	count []int64          // by step: up to which number it matters how often it was opened
	inner []string         // the steps inside those of the list of which it matters whether they were done
}

// Marking says where the threads of one run of a list are when nothing moves by itself.
type Marking struct {
	s      *State
	Used   []*definitions.Deed // those that have begun something beside, in order
	Closed bool                // it was left by an error, or by what withdrew the step around it
	Erred  bool                // a thread has ended by an error that was taken beside
	Passed int                 // such errors that were taken by what is around the list: none, one, or two and more
	// Opened are the steps that opened on the way here from the marking before.
	Opened []*definitions.Step
	// Noted is what the reader of the net notes with a marking of the list's conditions, a byte for each: it tells
	// markings apart.
	Noted string
	again []*definitions.Deed // those of Used that a run has begun which is over: another one may
	done  definitions.Bits    // those that were done, of the steps of which it matters
	times string              // how often steps were opened, a byte for each of which it matters
	inner definitions.Bits    // of the net's inner, those that were done and have withdrawn what they stand in
}

// Leap is one thing that may happen in a marking: a step is left by some of its ways, a timeout or an event does its
// deed, an error ends its thread, or what is inside a step withdraws others of the list.
type Leap struct {
	Step     *definitions.Step // the procedure's Case, for its own timeouts and events
	Outcome  string
	Ways     []*definitions.Way
	Deed     *definitions.Deed
	Withdraw []*definitions.Step
	By       *definitions.Step // that withdraws it, and was done then; nil = none was, or it is not known
	Perish   bool              // the thread ends here, by an error that is taken beside: by Deed, or further out
	Unheard  bool              // and nothing around takes the error: it was taken inside Step
	Closes   bool              // what takes it further out ends all at once
}

// NewNet is the net of a list of steps of p.
func NewNet(p *definitions.Procedure, g *definitions.Graph) *Net {
	s := &State{Status: Running}
	frame := s.around(p, g)
	n := &Net{x: &explorer{p: p, frame: frame, g: g, at: indexes(g)}, start: s}
	n.asked()
	return n
}

// around puts an open frame of a list into an empty state, with those that it stands in.
func (s *State) around(p *definitions.Procedure, g *definitions.Graph) ID {
	owner, row := &Activation{Step: g.Owner.ID, State: Open, N: 1}, -1
	if g.Owner != p.Case {
		owner.Frame = s.around(p, g.Owner.Graph)
	}
	if _, ok := g.Owner.Work.(*definitions.Multi); ok {
		row = 0
	}
	owner.ID = s.Counter + 1
	s.Counter += 2
	s.Acts = append(s.Acts, owner)
	s.Frames = append(s.Frames, &Frame{ID: s.Counter, Owner: owner.ID, Row: row})
	return s.Counter
}

// Begin is the marking in which a run of the list begins.
func (n *Net) Begin() *Marking {
	m := &machine{p: n.x.p, s: n.start.Clone(), blind: true}
	owner := m.s.frame(n.x.frame).Owner
	for _, first := range n.x.g.Entries {
		m.push(move{kind: arriveMove, frame: n.x.frame, step: first, from: Eaten{By: owner}})
	}
	m.settle()
	return n.marking(m, n.fresh())
}

// Copy is a marking of its own that is as another one.
func (n *Net) Copy(m *Marking) *Marking {
	out := *m
	out.s = m.s.Clone()
	return &out
}

// Play gives the marking to which a leap of a step that is open leads; of several runs, the oldest one leaps.
func (n *Net) Play(from *Marking, l Leap) *Marking { return n.play(from, from.s.Clone(), l) }

// Pass is Play of a marking that is not asked about any more: it is used up.
func (n *Net) Pass(from *Marking, l Leap) *Marking { return n.play(from, from.s, l) }

func (n *Net) play(from *Marking, s *State, l Leap) *Marking {
	m := &machine{p: n.x.p, s: s, blind: true}
	to := &Marking{
		Used: from.Used, again: from.again, Erred: from.Erred, Passed: from.Passed, Noted: from.Noted,
		done: from.done, times: from.times, inner: from.inner,
	}
	if l.Withdraw == nil && !l.Perish && l.Deed == nil && l.Step.Graph == n.x.g && n.asks.Has(l.Step.Index) {
		to.done = slices.Clone(to.done)
		to.done.Set(l.Step.Index)
	}
	a := m.act(m.s.frame(n.x.frame).Owner)
	if l.Step.Graph == n.x.g {
		i := slices.IndexFunc(m.s.Acts, func(a *Activation) bool { return a.Frame == n.x.frame && a.Step == l.Step.ID })
		a = m.s.Acts[i]
	}
	switch {
	case l.Withdraw != nil:
		m.withdrawSteps(n.x.frame, a.ID, l.Withdraw, "cancelled")
		if slices.Contains(l.Withdraw, l.Step) {
			m.withdraw(a, "cancelled")
			n.doneInside(to, l.By)
		}
	case l.Perish:
		m.perish(a)
		to.Erred = to.Erred || n.x.g.Owner != n.x.p.Case
		if to.Closed = l.Closes; l.Deed == nil && !l.Unheard {
			to.Passed = min(to.Passed+1, 2)
		}
		if l.Deed != nil {
			if owner := m.act(m.s.frame(n.x.frame).Owner); !slices.ContainsFunc(l.Step.Events, l.isOf) {
				a = owner // the case itself takes it
			}
			if to.Used = slices.Clip(to.Used); !slices.Contains(to.Used, l.Deed) {
				to.Used = append(to.Used, l.Deed)
			}
			m.doDeed(a, *l.Deed, Undoing{})
		}
	case l.Deed != nil:
		if (l.Deed.Kind == definitions.DeedAlso || OnlyOnce(l)) && !n.conditional(l) {
			to.Used = append(slices.Clip(to.Used), l.Deed)
		}
		m.doDeed(a, *l.Deed, Undoing{})
	default:
		n.x.leave(m, a, l.Ways)
	}
	m.settle()
	return n.marking(m, to)
}

// OnlyOnce tells whether a deed is that of an event that happens once in a case.
func OnlyOnce(l Leap) bool {
	return slices.ContainsFunc(l.Step.Events, func(e *definitions.Event) bool { return l.isOf(e) && e.Once })
}

// conditional tells whether a deed is that of an event that happens each time that its condition turns true, and the
// reader of the net follows that.
func (n *Net) conditional(l Leap) bool {
	return !OnlyOnce(l) && slices.ContainsFunc(n.x.g.Conditions, func(c *definitions.Condition) bool {
		return c.Deed == l.Deed && c.Of == c.Asks
	})
}

func (l Leap) isOf(e *definitions.Event) bool { return &e.Do == l.Deed }

// marking tidies what the machine came to.
func (n *Net) marking(m *machine, to *Marking) *Marking {
	to.s = m.s
	for _, e := range m.events {
		switch e := e.(type) { //nolint:gochecksumtype // all others change nothing that is asked here
		case Opened:
			if e.Frame == n.x.frame && !to.Closed { // else it is left before anything can open
				to.Opened = append(to.Opened, n.x.g.Steps[n.x.at[e.Step]])
				n.opened(to, n.x.at[e.Step])
			}
		case Moved:
			if a := m.s.act(e.Act); len(to.Used) > 0 && e.To.Over() && a.Frame == n.x.frame {
				to.forget(n.x.g.Steps[n.x.at[a.Step]])
			}
		case EndReached:
			n.ended(e, to)
		}
	}
	m.s.tidy()
	to.Closed = to.Closed || m.s.frame(n.x.frame) == nil
	return to
}

// forget takes out of Used what a step has begun beside in a run that is over: its next run may begin it again. That is
// followed once: two threads that meet show what three would.
func (to *Marking) forget(st *definitions.Step) {
	begun := func(d *definitions.Deed) bool {
		timed := slices.ContainsFunc(st.Timeouts, func(t *definitions.Timeout) bool { return &t.Do == d })
		return timed || slices.ContainsFunc(st.Events, func(e *definitions.Event) bool { return &e.Do == d && !e.Once })
	}
	used := make([]*definitions.Deed, 0, len(to.Used))
	for _, d := range to.Used {
		if !begun(d) || slices.Contains(to.again, d) {
			used = append(used, d)
		} else {
			to.again = append(slices.Clip(to.again), d)
		}
	}
	to.Used = used
}

// ended follows an end: one that withdraws all else decides; one that is an error tells the caller where it is the
// case's own, and any other leaves the list or, where the list takes it beside, ends its thread alone.
func (n *Net) ended(e EndReached, to *Marking) {
	i := slices.IndexFunc(n.x.g.Ends, func(x *definitions.End) bool { return x.ID == e.End })
	owner, f := n.x.g.Owner, to.s.frame(n.x.frame)
	if e.Frame != n.x.frame || i < 0 {
		return
	}
	if n.x.g.Ends[i].Cancels && f != nil { // it decides, whatever was reached before
		at := slices.IndexFunc(f.Ends, func(a Arrival) bool { return a.End == e.End && a.By == e.By })
		f.Ends = slices.Clone(f.Ends[max(at, 0):])
	}
	if !n.x.g.Ends[i].Error || owner == n.x.p.Case {
		return
	}
	k := slices.IndexFunc(owner.Events, func(v *definitions.Event) bool { return v.Error == e.End || v.Error == "*" })
	if k < 0 || owner.Events[k].Do.Leaves() {
		to.Closed = true
		return
	}
	to.Erred, to.Passed = true, min(to.Passed+1, 2)
	if f != nil {
		f.Ends = slices.DeleteFunc(slices.Clone(f.Ends), func(a Arrival) bool { return a.End == e.End })
	}
}

// tidy drops what has no part in what comes.
func (s *State) tidy() {
	s.Acts = slices.DeleteFunc(s.Acts, func(a *Activation) bool { return a.State.Over() })
	s.Rounds = slices.DeleteFunc(s.Rounds, func(r Round) bool { return !r.Open })
}

// Outcomes are the ends that were reached, each once, without `stop`; none of a list that an error has left.
func (n *Net) Outcomes(m *Marking) []string {
	var out []string
	if f := m.s.frame(n.x.frame); f != nil && !m.Closed {
		for _, e := range f.Ends {
			if e.End != definitions.StopEnd && !slices.Contains(out, e.End) {
				out = append(out, e.End)
			}
		}
	}
	return out
}

// Ended tells a marking in which nothing is left to do and an end was reached.
func (n *Net) Ended(m *Marking) bool {
	return m.Closed || n.x.ended(m.s) || m.Erred && len(n.Runs(m)) == 0 && len(m.s.Tokens) == 0
}

// Runs are the steps that are open, one for each run; none in a list that was left.
func (n *Net) Runs(m *Marking) []*definitions.Step {
	if m.Closed {
		return nil
	}
	var out []*definitions.Step
	for _, a := range m.s.Acts {
		if a.Frame == n.x.frame {
			out = append(out, n.x.g.Steps[n.x.at[a.Step]])
		}
	}
	return out
}

// Waiting is a thread that waits at a join.
type Waiting struct {
	At    *definitions.Step
	Input string // the step whence it came; "" = the start
}

// Waits are the threads that wait at joins.
func (n *Net) Waits(m *Marking) []Waiting {
	var out []Waiting
	for _, t := range m.s.Tokens {
		if t.Frame == n.x.frame {
			out = append(out, Waiting{At: n.x.g.Steps[n.x.at[t.To]], Input: t.Input})
		}
	}
	return out
}

// Key tells markings apart that differ in what may come of them.
func (n *Net) Key(m *Marking) string {
	key := n.x.flow(m.s, make([]byte, 0, 64))
	for _, e := range n.Outcomes(m) {
		key = append(append(key, '='), e...)
	}
	if m.Erred {
		key = append(key, '!')
	}
	for range m.Passed {
		key = append(key, '^')
	}
	if m.Closed {
		key = append(key, 'x')
	}
	return string(n.x.races(m.s, key))
}

// flow adds to a key what runs, what waits at joins, and what these have joined.
func (x *explorer) flow(s *State, key []byte) []byte {
	var runs, waits []int
	for _, a := range s.Acts {
		if a.Frame == x.frame {
			runs = append(runs, x.index(a.Step))
		}
	}
	slices.Sort(runs)
	size := len(x.g.Steps) + 1
	for _, t := range s.Tokens {
		waits = append(waits, x.index(t.To)*size+x.index(t.Input))
	}
	slices.Sort(waits)
	add := func(mark byte, list []int) {
		key = append(key, mark)
		for _, i := range list {
			key = append(strconv.AppendInt(key, int64(i), 36), ' ')
		}
	}
	add('r', runs)
	add('w', waits)
	for _, r := range s.Rounds {
		seen := []int{x.index(r.Step)}
		for _, e := range r.Seen {
			seen = append(seen, x.index(e.Input))
		}
		slices.Sort(seen[1:])
		add('o', seen)
		if r.Fired != 0 {
			key = append(key, 'f')
		}
	}
	return key
}

// indexes are those of the steps of a list, by id.
func indexes(g *definitions.Graph) map[string]int {
	at := make(map[string]int, len(g.Steps))
	for i, st := range g.Steps {
		at[st.ID] = i
	}
	return at
}

// index is that of a step of the list; of the start, from where its first steps are reached, one more than all.
func (x *explorer) index(id string) int {
	if id == "" {
		return len(x.g.Steps)
	}
	return x.at[id]
}

// races adds to a key which runs race with each other.
func (x *explorer) races(s *State, key []byte) []byte {
	var seen []ID
	for _, a := range s.Acts {
		if a.Frame != x.frame || a.Race == 0 || slices.Contains(seen, a.Race) {
			continue
		}
		seen = append(seen, a.Race)
		key = append(key, '~')
		for _, b := range s.Acts {
			if b.Race == a.Race {
				key = append(strconv.AppendInt(key, int64(x.index(b.Step)), 36), ' ')
			}
		}
	}
	return key
}
