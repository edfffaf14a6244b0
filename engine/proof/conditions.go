package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
)

// Of each condition of a list a marking notes two bits: what the data say of it, and whether it has let its step in, or
// its event has happened since it turned true.
const (
	holds = 1 << iota
	letIn
)

// noted is a byte of such a note: of a digit.
const noted = '0'

// begin lists the markings in which a run of the list may begin.
func (s *space) begin() []*core.Marking {
	m := s.net.Begin()
	first := func(c *definitions.Condition) definitions.Truth { return c.First }
	m.Noted = string(slices.Repeat([]byte{noted}, len(s.g.Conditions)))
	return s.variants(m, first)
}

// variants are the markings that differ in what the data may say of the list's conditions now.
func (s *space) variants(m *core.Marking, truth func(*definitions.Condition) definitions.Truth) []*core.Marking {
	if len(s.g.Conditions) == 0 {
		return []*core.Marking{m}
	}
	notes := [][]byte{[]byte(m.Noted)}
	for i, c := range s.g.Conditions {
		t := definitions.TruthKept
		if c.Data {
			t = truth(c)
		}
		for _, n := range notes {
			switch t {
			case definitions.TruthKept:
			case definitions.TruthHolds:
				n[i] |= holds
			case definitions.TruthFails:
				n[i] &^= holds
			case definitions.TruthEither:
				n[i] |= holds
				other := slices.Clone(n)
				other[i] &^= holds
				notes = append(notes, other)
			}
		}
	}
	out := make([]*core.Marking, len(notes))
	for i, n := range notes {
		out[i] = m
		if i > 0 {
			out[i] = s.net.Copy(m)
		}
		out[i].Noted = string(n)
		s.settle(out[i])
	}
	return out
}

// settle notes what steps that have opened know of their conditions, and which of them are let in.
func (s *space) settle(m *core.Marking) {
	if len(s.g.Conditions) == 0 {
		return
	}
	n := []byte(m.Noted)
	for i, c := range s.g.Conditions {
		if !slices.Contains(m.Opened, c.Of) {
			continue
		}
		n[i] &^= letIn
		switch {
		case !c.Data:
		case c.Opens == definitions.TruthHolds:
			n[i] |= holds
		case c.Opens == definitions.TruthFails:
			n[i] &^= holds
		}
	}
	m.Noted = string(n)
	open := s.net.Runs(m)
	atRest := !slices.ContainsFunc(open, instant) // else nobody looks at conditions
	for i, c := range s.g.Conditions {
		if atRest && c.Deed != nil && n[i]&letIn != 0 && (s.reply(m, i) == formula.No || s.pauses(m, c)) {
			n[i] &^= letIn
		}
		if c.Admits && c.Of == c.Asks && slices.Contains(open, c.Of) && s.reply(m, i) != formula.No {
			n[i] |= letIn
		}
	}
	m.Noted = string(n)
}

// happened notes that an event has happened: it does so again when its condition turns true once more. One that leaves
// its step happens in each run.
func (s *space) happened(m *core.Marking, l core.Leap) {
	if l.Deed == nil || l.Deed.Kind == definitions.DeedTo && l.Step != s.p.Case {
		return
	}
	if i := s.conditionOf(l.Deed); i >= 0 {
		n := []byte(m.Noted)
		n[i] |= letIn
		m.Noted = string(n)
	}
}

// conditionOf is the number of the condition of an event of this list; -1 if it has none.
func (s *space) conditionOf(d *definitions.Deed) int {
	return slices.IndexFunc(s.g.Conditions, func(c *definitions.Condition) bool { return c.Deed == d && c.Of == c.Asks })
}

// after are the markings to which a leap may lead, by what it does to the data.
func (s *space) after(l core.Leap, m *core.Marking) []*core.Marking {
	s.happened(m, l)
	return s.variants(m, func(c *definitions.Condition) definitions.Truth {
		switch {
		case l.Deed != nil:
			return c.Does[l.Deed]
		case l.Perish, l.Withdraw != nil, l.Step.Graph != s.g:
			return definitions.TruthKept
		}
		for _, w := range l.Ways {
			if t := c.By[w]; t == definitions.TruthHolds || t == definitions.TruthFails {
				return t
			}
		}
		return c.Left[l.Step.Index]
	})
}

// reply tells what the i-th condition of the list comes to.
func (s *space) reply(m *core.Marking, i int) formula.Reply {
	c, data := s.g.Conditions[i], formula.May
	if c.Data {
		data = formula.No
		if m.Noted[i]&holds != 0 {
			data = formula.Yes
		}
		if s.moves(m, c) {
			data = formula.May
		}
	}
	return s.net.Reply(m, c, data)
}

// moves tells whether what is inside a step that is open may let an event happen. A step that waits for that is not
// followed so: it must be let go on whatever was filled in.
func (s *space) moves(m *core.Marking, c *definitions.Condition) bool {
	return c.Deed != nil && c.Data &&
		slices.ContainsFunc(s.net.Runs(m), func(st *definitions.Step) bool { return c.Moves[st.Index] })
}

// unmet tells whether a step waits for what does not hold; if it does, for which condition.
func (s *space) unmet(m *core.Marking, st *definitions.Step) *definitions.Condition {
	for i, c := range s.g.Conditions {
		if c.Of == st && s.lacks(m, i) {
			return c
		}
	}
	return nil
}

// lacks tells whether the i-th condition of the list keeps its step from going on.
func (s *space) lacks(m *core.Marking, i int) bool {
	c := s.g.Conditions[i]
	begun := c.Once && m.Noted[i]&letIn != 0
	return c.Deed == nil && !c.Ends && !begun && s.reply(m, i) == formula.No
}

// silent tells whether an event is for an error that nothing raises but a step that waits for what does not hold.
func (s *space) silent(m *core.Marking, d *definitions.Deed) bool {
	for i, c := range s.g.Conditions {
		if slices.Contains(c.Bars, d) && slices.Contains(s.net.Runs(m), c.Of) && s.lacks(m, i) {
			return true
		}
	}
	return false
}

// begun tells whether a step has ever begun that waits to be let in: its clocks run since then. Now: whether it is in.
func (s *space) begun(m *core.Marking, st *definitions.Step, now bool) bool {
	for i, c := range s.g.Conditions {
		if c.Of != st || c.Asks != st || !c.Admits {
			continue
		}
		if m.Noted[i]&letIn == 0 || now && !c.Once && s.reply(m, i) == formula.No {
			return false
		}
	}
	_, task := st.Work.(*definitions.Task)
	return task || !s.shutOut(m, st)
}

// locksOf are the locks that are held while a condition is waited for. Who waits to be let in has taken none yet.
func locksOf(c *definitions.Condition) []definitions.Lock {
	var out []definitions.Lock
	for at := c.Asks; ; at = at.Graph.Owner {
		_, task := at.Work.(*definitions.Task)
		if at.Lock != nil && !task && (at != c.Asks || !c.Admits) {
			out = append(out, definitions.Lock{Name: at.Lock.Name})
		}
		if at == c.Of {
			return out
		}
	}
}

// shutOut tells whether a step needs a lock that another may hold while it waits for what does not hold.
func (s *space) shutOut(m *core.Marking, st *definitions.Step) bool {
	need := locks(st)
	if st.Lock != nil && st.Lock.Name == "" {
		need = append(need, st.Lock)
	}
	if len(need) == 0 {
		return false
	}
	for _, other := range s.net.Runs(m) {
		c := s.unmet(m, other)
		if other == st || c == nil {
			continue
		}
		if slices.ContainsFunc(locksOf(c), func(l definitions.Lock) bool {
			return slices.ContainsFunc(need, func(n *definitions.Lock) bool { return n.Name == l.Name })
		}) {
			return true
		}
	}
	return false
}

// barred tells whether what a time limit or an event would do waits for what does not hold.
func (s *space) barred(m *core.Marking, d *definitions.Deed) bool {
	i := s.conditionOf(d)
	return i >= 0 && (m.Noted[i]&letIn != 0 || s.reply(m, i) == formula.No)
}

// happens finds an event of the case that happens now because its condition holds, whatever else is under way. What is
// done in the moment in which it begins comes before.
func (s *space) happens(m *core.Marking) (core.Leap, bool) {
	if len(s.g.Conditions) == 0 || s.g.Owner != s.p.Case || slices.ContainsFunc(s.net.Runs(m), instant) {
		return core.Leap{}, false
	}
	for _, l := range s.deeds(s.p.Case, m) {
		if s.sure(m, l.Deed) && (l.Deed.Kind == definitions.DeedAlso || core.OnlyOnce(l)) {
			s.follow(l)
			return l, true
		}
	}
	return core.Leap{}, false
}

// pauses tells whether the condition of an event does not hold at some time in what has just opened.
func (s *space) pauses(m *core.Marking, c *definitions.Condition) bool {
	return slices.ContainsFunc(m.Opened, func(st *definitions.Step) bool { return s.net.Pausing(m, c, st) })
}

// owes tells whether an event happens before a step can be left by its ways, and has not yet: when all in the step is
// done. Usually: but for what happens once in a case.
func (s *space) owes(m *core.Marking, st *definitions.Step, usually bool) bool {
	if st.Inside() == nil {
		return false
	}
	for i, c := range s.g.Conditions {
		if c.Deed == nil || c.Of != c.Asks || m.Noted[i]&letIn != 0 ||
			c.Of != s.p.Case && !slices.Contains(s.net.Runs(m), c.Of) ||
			core.OnlyOnce(core.Leap{Step: c.Of, Deed: c.Deed}) {
			continue
		}
		done := c.Sure
		if usually {
			done = c.Usual
		}
		if s.net.Parting(m, c, st, done) {
			return true
		}
	}
	return false
}

// sure tells whether the condition of an event holds.
func (s *space) sure(m *core.Marking, d *definitions.Deed) bool {
	i := s.conditionOf(d)
	return i >= 0 && s.reply(m, i) == formula.Yes
}

// hopes notes which events inside the steps that are open may happen in a marking, and which may not.
func (s *space) hopes(m *core.Marking) {
	for i, c := range s.g.Conditions {
		if c.Deed == nil || c.Of == c.Asks || !slices.Contains(s.net.Runs(m), c.Of) {
			continue
		}
		reply := s.reply(m, i)
		if reply != formula.No {
			s.hoped.Set(i)
		}
		if reply != formula.Yes {
			s.doubted.Set(i)
		}
	}
}

// hopeless finds an event inside a step whose condition never holds while that is open, or one that always holds and so
// leaves a task in the moment in which it opens; nil if there is none.
func (s *space) hopeless() *report.Problem {
	for i, c := range s.g.Conditions {
		if c.Deed == nil || c.Of == c.Asks {
			continue
		}
		if !s.hoped.Has(i) {
			return &report.Problem{Place: c.Deed.Way.Place, Code: "event-never",
				Message: fmt.Sprintf("the event of %s that leads to %s never happens", called(c.Asks), goal(c.Deed.Way)),
				Hint:    "look at what comes before it and after it, or take this out"}
		}
		_, task := c.Asks.Work.(*definitions.Task)
		if task && c.Deed.Leaves() && !s.doubted.Has(i) && len(c.Asks.Ways) > 0 {
			return &report.Problem{Place: c.Asks.Ways[0].Place, Code: "way-never-taken",
				Message: fmt.Sprintf("no case ever goes from %s to %s", called(c.Asks), goal(c.Asks.Ways[0])),
				Hint:    "an event of the step always happens at once: look at its condition, or take the step out"}
		}
	}
	return nil
}

// atOnce lists what happens before anything else because a condition holds: a wait is over, an event happens; nil if
// nothing does.
func (s *space) atOnce(m *core.Marking, runs []*definitions.Step) []core.Leap {
	if len(s.g.Conditions) == 0 {
		return nil
	}
	for _, st := range runs {
		if s.over(m, st) {
			return s.exits(st)
		}
		for _, l := range s.deeds(st, m) {
			if s.sure(m, l.Deed) {
				return []core.Leap{l}
			}
		}
	}
	return nil
}

// over tells whether a step is a wait for conditions that hold: it is left before anything else can happen.
func (s *space) over(m *core.Marking, st *definitions.Step) bool {
	if _, wait := st.Work.(*definitions.Wait); !wait || s.unmet(m, st) != nil || !s.free(m, st) {
		return false
	}
	for i, c := range s.g.Conditions {
		if c.Asks == st && c.Of == st && c.Deed == nil && s.reply(m, i) == formula.Yes {
			return len(s.exits(st)) > 0
		}
	}
	return false
}

// free tells whether a wait surely gets its lock in the moment in which it opens: nothing that has opened before needs
// it, nor anything that may have been let in meanwhile.
func (s *space) free(m *core.Marking, st *definitions.Step) bool {
	if st.Lock == nil {
		return true
	}
	open := s.net.Runs(m)
	at := slices.Index(open, st)
	for i, o := range open {
		if i != at && needs(o, st.Lock) && (i < at || st.OnlyWhile != nil) {
			return false
		}
	}
	for _, o := range s.p.Steps { // any order: one is enough
		outside := o.Graph != nil && s.g.Containing(o) == nil
		if outside && st.Lock.Name != "" && o.Lock != nil && o.Lock.Name == st.Lock.Name {
			return false
		}
	}
	return true
}

// needs tells whether a step, or one inside it, takes a lock.
func needs(st *definitions.Step, lock *definitions.Lock) bool {
	return st.Lock != nil && st.Lock.Name == lock.Name ||
		slices.ContainsFunc(locks(st), func(l *definitions.Lock) bool { return l.Name == lock.Name })
}

// keyOf tells markings apart in which something else may happen: by who is first at the lock of a wait as well.
func keyOf(net *core.Net, m *core.Marking) string {
	var key strings.Builder
	key.WriteString(net.UsedKey(m))
	for _, st := range net.Graph().Steps {
		if _, wait := st.Work.(*definitions.Wait); !wait || st.Lock == nil {
			continue
		}
		open := net.Runs(m)
		if at := slices.Index(open, st); at >= 0 {
			after := slices.ContainsFunc(open[:at], func(o *definitions.Step) bool { return needs(o, st.Lock) })
			fmt.Fprint(&key, !after)
		}
	}
	return key.String()
}

// asking marks the steps that wait for a condition, that one asks for, or that change what one depends on: when they
// are left makes a difference.
func (s *space) asking(out []bool) {
	mark := func(st *definitions.Step) {
		if st != nil && st.Graph == s.g {
			out[st.Index] = true
		}
	}
	for _, c := range s.g.Conditions {
		mark(c.Of)
		for i, t := range c.Left {
			out[i] = out[i] || t != definitions.TruthKept
		}
		for _, g := range c.Guards {
			for _, q := range g.Asks() {
				for x := s.p.Steps[q.Step]; x != nil && x.Graph != nil; x = x.Graph.Owner {
					mark(x)
				}
			}
		}
	}
}
