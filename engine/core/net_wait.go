package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
)

// maxTimes is up to which number it is counted how often a step was opened.
const maxTimes = 64

// asked finds of which steps a condition asks whether they, or what is inside them, were done, and how often.
func (n *Net) asked() {
	g := n.x.g
	n.asks = definitions.NewBits(len(g.Steps))
	for _, c := range g.Conditions {
		for _, guard := range c.Guards {
			for _, q := range guard.Asks() {
				x := n.x.p.Steps[q.Step]
				at := n.x.g.Containing(x)
				if at == nil {
					continue
				}
				if at != x && !slices.Contains(n.inner, x.ID) {
					n.inner = append(n.inner, x.ID)
				}
				if at != x || q.Kind == formula.AskDone {
					n.asks.Set(at.Index)
				}
				if at != x || q.Kind == formula.AskTimes {
					n.counted(at.Index, max(q.Many, 1))
				}
			}
		}
	}
}

// fresh is a marking in which nothing was done.
func (n *Net) fresh() *Marking {
	return &Marking{
		done: definitions.NewBits(len(n.x.g.Steps)), times: n.never(), inner: definitions.NewBits(len(n.inner)),
	}
}

// doneInside notes that a step was done inside one of the list that is not open any more, if that matters.
func (n *Net) doneInside(to *Marking, st *definitions.Step) {
	if st == nil {
		return
	}
	if i := slices.Index(n.inner, st.ID); i >= 0 {
		to.inner = slices.Clone(to.inner)
		to.inner.Set(i)
	}
}

// counted notes that it matters whether a step was opened so often.
func (n *Net) counted(step int, often int64) {
	if n.count == nil {
		n.count = make([]int64, len(n.x.g.Steps))
	}
	n.count[step] = max(n.count[step], min(often, maxTimes))
}

// many is up to which number it matters how often a step was opened.
func (n *Net) many(step int) int64 {
	if n.count == nil {
		return 0
	}
	return n.count[step]
}

// never is the count of steps of which none was opened; "" if it does not matter.
func (n *Net) never() string { return string(make([]byte, len(n.count))) }

// opened counts a step once more.
func (n *Net) opened(m *Marking, step int) {
	if int64(len(m.times)) <= int64(step) || int64(m.times[step]) >= n.count[step] {
		return
	}
	counts := []byte(m.times)
	counts[step]++
	m.times = string(counts)
}

// Reply tells what a condition of the list comes to in the marking, if all that it asks otherwise holds as data says.
func (n *Net) Reply(m *Marking, c *definitions.Condition, data formula.Reply) formula.Reply {
	open := n.Runs(m)
	ask := func(q formula.Ask) formula.Reply { return n.reply(m, open, c, q) }
	out := formula.Elsewhere
	for _, g := range c.Guards {
		out = formula.Either(out, g.Judge(ask, data))
	}
	if out == formula.Elsewhere {
		return formula.May
	}
	return out
}

// reply tells what is known of a step in the marking. Of what stands outside the list, nothing; what stands inside
// another step may be so while that is open.
func (n *Net) reply(m *Marking, open []*definitions.Step, c *definitions.Condition, q formula.Ask) formula.Reply {
	x := n.x.p.Steps[q.Step]
	at := n.x.g.Containing(x)
	around := func() bool { return x == c.Asks || x.Graph != nil && within(c.Asks, x) }
	switch {
	case x != nil && q.Kind == formula.AskOpen && around(): // it is open while it waits
		return formula.Yes
	case x != nil && q.Kind == formula.AskDone && around():
		return formula.No
	case x != nil && q.Kind == formula.AskTimes && slices.Contains(c.Single, x) && around():
		if q.Many <= 1 {
			return formula.Yes
		}
		return formula.No
	case x != nil && x != at && at == c.Of && q.Kind == formula.AskTimes && slices.Contains(c.Single, x) &&
		n.times(m, at) < q.Many: // nor was that around it
		return formula.No
	case x == nil || at == nil || at == c.Of && x != at && c.Deed != nil:
		return formula.May
	case at == c.Of && x != at: // the list in which it stands tells it
		return formula.Elsewhere
	}
	runs, yes := slices.Contains(open, at), false
	switch {
	case x != at && q.Kind == formula.AskTimes && n.times(m, at) < q.Many && slices.Contains(c.Single, x):
		// it has not been opened so often, and is not before the other is opened again
	case x != at && runs:
		return formula.May
	case q.Kind == formula.AskOpen:
		yes = runs
	case q.Kind == formula.AskTimes && q.Many <= 0:
		yes = true
	case x != at && n.times(m, at) == 0: // it has not begun
	case x != at:
		sure := m.done.Has(at.Index) && slices.Contains(c.Sure, x) || m.inner.Has(slices.Index(n.inner, x.ID))
		if yes = sure && q.Many <= 1; !yes {
			return formula.Unsure
		}
	case q.Kind == formula.AskDone:
		yes = !runs && m.done.Has(at.Index)
	default:
		yes = n.times(m, at) >= q.Many
	}
	if yes {
		return formula.Yes
	}
	return formula.No
}

// Parting tells whether a condition holds in the moment before a step is left by its ways, when all in it is over. Done
// are the steps inside that were done then.
func (n *Net) Parting(m *Marking, c *definitions.Condition, st *definitions.Step, done []*definitions.Step) bool {
	about := false
	return n.judge(m, c, st, func(x *definitions.Step, q formula.Ask) formula.Reply {
		about = true
		switch {
		case q.Kind == formula.AskOpen:
			return formula.No
		case slices.Contains(done, x) && q.Many <= 1:
			return formula.Yes
		}
		return formula.Unsure
	}) == formula.Yes && about
}

// Pausing tells whether a condition surely does not hold at some time while a step is open: while one of those inside
// is that are always done in it.
func (n *Net) Pausing(m *Marking, c *definitions.Condition, st *definitions.Step) bool {
	return slices.ContainsFunc(c.Usual, func(x *definitions.Step) bool {
		return within(x, st) && n.judge(m, c, st, func(o *definitions.Step, q formula.Ask) formula.Reply {
			switch {
			case o != x || q.Kind == formula.AskTimes:
				return formula.May
			case q.Kind == formula.AskOpen:
				return formula.Yes
			}
			return formula.No
		}) == formula.No
	})
}

// judge works a condition out, if inside replies to what it asks about steps inside st.
func (n *Net) judge(
	m *Marking, c *definitions.Condition, st *definitions.Step, inside func(*definitions.Step, formula.Ask) formula.Reply,
) formula.Reply {
	open, out := n.Runs(m), formula.No
	for _, g := range c.Guards {
		out = formula.Either(out, g.Judge(func(q formula.Ask) formula.Reply {
			if x := n.x.p.Steps[q.Step]; x != nil && x != st && x.Graph != nil && within(x, st) {
				return inside(x, q)
			}
			return n.reply(m, open, c, q)
		}, formula.May))
	}
	return out
}

// within tells whether a step stands inside another.
func within(st, outer *definitions.Step) bool {
	for st.Graph != nil && st != outer {
		st = st.Graph.Owner
	}
	return st == outer
}

// times is how often a step was opened, as far as it matters.
func (n *Net) times(m *Marking, st *definitions.Step) int64 {
	if m.times == "" {
		return 0
	}
	return int64(m.times[st.Index])
}
