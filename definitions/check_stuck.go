package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
)

// stuck finds steps that wait for a condition for ever: with some values it does not hold, nothing that can happen
// meanwhile changes them, and nothing else ends the waiting.
func (c *checker) stuck(s *Step, in *known) {
	if s.OnlyWhile != nil {
		c.frozen(s, in, []*formula.Guard{s.OnlyWhile}, false)
	}
	if guards, other := waitsFor(s); len(guards) > 0 && !other {
		c.frozen(s, in, guards, true)
	}
}

// frozen reports values with which none of the guards holds, if nothing can change them while s waits.
func (c *checker) frozen(s *Step, in *known, guards []*formula.Guard, begun bool) {
	ids, n, ok := c.u.together(guards, in.row)
	if !ok || c.leavable(c.waiterFor(s, guards, begun)) {
		return
	}
	moves := newChange()
	moves.mix(c.around(s))
	moves.mix(c.inside(s))
	for _, id := range ids {
		if moves.touches(id) || c.u.list[id].twin >= 0 && moves.touches(c.u.list[id].twin) {
			return
		}
	}
	for i := range n {
		vals := c.u.pick(ids, i)
		if !in.possible(ids, vals) {
			continue
		}
		scope := c.u.scope(ids, vals)
		if slices.ContainsFunc(guards, func(g *formula.Guard) bool { return c.u.decide(g, scope) != 0 }) {
			continue
		}
		c.add(report.Problem{Place: c.placeOf(guards[0]), Code: "no-end",
			Message: fmt.Sprintf("%s can wait for ever: with %s its condition does not hold, and nothing changes that meanwhile",
				called(s), c.u.spell(ids, vals)),
			Hint: "let a way lead past it then, or write a time limit or an event that leads on"})
		return
	}
}

// touches tells whether a change may make another value of a slot, or take it away.
func (c *change) touches(id int) bool {
	if _, ok := c.filled[id]; ok {
		return true
	}
	for _, list := range [][]int{c.emptied, c.short, c.gotRow, c.fewer, c.more, c.laid, c.makes, c.remade, c.stale} {
		if slices.Contains(list, id) {
			return true
		}
	}
	return false
}
