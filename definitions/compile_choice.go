package definitions

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
)

// chosen reads the people of a step, among whom some may be chosen by the work that they have, and notes what the
// choice must know.
func (c *compiler) chosen(s *Step, n *node, names formula.Names) Who {
	names.Choose = true
	w := c.who(n, names)
	if w.Expr == nil {
		return w
	}
	asks := w.Expr.Asks()
	into := &c.p.Asks
	into.Load = into.Load || asks.Load
	if asks.Turn && !slices.Contains(into.Turns, s.ID) {
		into.Turns = append(into.Turns, s.ID)
	}
	into.Deeds = slices.Compact(slices.Sorted(slices.Values(append(into.Deeds, asks.Deeds...))))
	return w
}

// skills are the ids that able and a person's skills can name; nil where there is no readable office: any will do.
func (b *bundler) skills() map[string]bool {
	if b.posts == nil {
		return nil
	}
	out := map[string]bool{}
	for _, s := range b.out.Office.Skills {
		out[s.ID] = true
	}
	return out
}
