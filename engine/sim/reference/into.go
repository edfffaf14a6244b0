package reference

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// A list in which a jump begins: see docs/acts.md.

// beginInside lets the first thread of a frame stand on a step, or on the part in which it stands. What would have been
// begun beside it on the way there begins as well.
func (c *Case) beginInside(f *frame, into string) {
	to := f.stepFor(into, c.p)
	a := c.enterBy(f, to, nil, &thread{to: to, by: f.owner})
	if to.ID != into {
		a.into = into
	}
	if f.graph.AnyOrder {
		for _, st := range f.graph.Entries {
			if !slices.Contains(upTo(f.graph, to, nil), st) {
				c.onWay(f, &thread{to: st, by: f.owner}, nil)
			}
		}
	}
	for _, st := range f.graph.Steps {
		passed := upTo(f.graph, to, st)
		sure := f.graph.AnyOrder || !slices.Contains(passed, f.graph.Steps[0])
		if st != to && st.Choose == definitions.ChooseAll && sure {
			c.split(f, st, passed)
		}
	}
}

// split sends threads on the ways out of a step that lead elsewhere, if one leads to a step of those that are passed.
func (c *Case) split(f *frame, st *definitions.Step, passed []*definitions.Step) {
	thither := func(w *definitions.Way) bool { return w.To != nil && slices.Contains(passed, w.To) }
	i := slices.IndexFunc(st.Ways, thither)
	if i < 0 || st.Ways[i].Else {
		return
	}
	for _, w := range st.Ways {
		comes := w.Outcome == "" || w.Outcome == st.Ways[i].Outcome
		if comes && !thither(w) && !w.Else && w.Return == nil && (w.When == nil || c.holds(f.owner, w.When)) {
			for range max(1, w.Threads) {
				c.take(f, f.owner, w, st.ID)
			}
		}
	}
}

// upTo lists a step of a list and all from which ways lead there, if one step of it is left out.
func upTo(g *definitions.Graph, to, without *definitions.Step) []*definitions.Step {
	all := []*definitions.Step{to}
	for grown := true; grown; {
		grown = false
		for _, s := range g.Steps {
			leads := slices.ContainsFunc(s.Ways, func(w *definitions.Way) bool { return slices.Contains(all, w.To) })
			if leads && s != without && !slices.Contains(all, s) {
				all, grown = append(all, s), true
			}
		}
	}
	return all
}
