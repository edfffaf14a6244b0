package definitions

import (
	"iter"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
)

// maxLeft bounds the guarded ways of one choice of which every combination is looked at.
const maxLeft = 6

// Exit is one set of ways by which a step can be left.
type Exit struct {
	Outcome string // of the step's work; "" = its nameless one
	Ways    []*Way
	With    []int // of Graph.Shared: with which of these values it is taken; nil = they say nothing of it
}

// exits works out by which ways a step can be left: exactly, where the guards read few values; else by what they say
// of each other.
func (c *checker) exits(s *Step, run *passage) {
	if s.Choose == ChooseFirst { // they race: all are offered
		s.Exits = []Exit{{Ways: s.Ways}}
		return
	}
	for outcome, chosen := range c.waysOut(s, run) {
		s.Exits = append(s.Exits, Exit{Outcome: outcome, Ways: chosen})
	}
}

// waysOut walks the outcomes that a step can come to, and for each the sets of ways that may be taken then.
func (c *checker) waysOut(s *Step, run *passage) iter.Seq2[string, []*Way] {
	return func(yield func(string, []*Way) bool) {
		for i, outcome := range run.outcomes {
			if run.outs[i] == nil {
				continue
			}
			var ways []*Way
			for _, w := range s.Ways {
				if takes(w, outcome) {
					ways = append(ways, w)
				}
			}
			for _, chosen := range c.choices(s, ways, run.outs[i]) {
				if !yield(outcome, chosen) {
					return
				}
			}
		}
	}
}

// choices lists the sets of these ways that may be taken together.
func (c *checker) choices(s *Step, ways []*Way, k *known) [][]*Way {
	var guarded []*Way
	for _, w := range ways {
		if w.When != nil {
			guarded = append(guarded, w)
		}
	}
	var out [][]*Way
	add := func(holds func(*Way) bool) {
		chosen := chosenOf(s, ways, holds)
		same := func(o []*Way) bool { return slices.Equal(o, chosen) }
		if len(chosen) > 0 && !slices.ContainsFunc(out, same) {
			out = append(out, chosen)
		}
	}
	if len(guarded) > 0 && c.tried(guarded, k, add) {
		return out
	}
	if len(guarded) > maxLeft {
		for _, w := range guarded { // more than that many are looked at one by one, none, and all together
			add(func(o *Way) bool { return o == w })
		}
		add(func(*Way) bool { return false })
		add(func(*Way) bool { return true })
		return out
	}
	for set := range 1 << len(guarded) {
		holds := func(w *Way) bool { return set&(1<<slices.Index(guarded, w)) != 0 }
		if k.agrees(guarded, holds) {
			add(holds)
		}
	}
	return out
}

// tried tells add what the guards give for each combination of the values that they read. False: there are too many.
func (c *checker) tried(guarded []*Way, k *known, add func(func(*Way) bool)) bool {
	guards := guardsOf(guarded)
	ids, n, ok := c.u.together(guards, k.row)
	if !ok {
		return false
	}
	for i := range n {
		vals := c.u.pick(ids, i)
		if !c.fits(ids, vals) || !k.possible(ids, vals) {
			continue
		}
		scope := c.u.scope(ids, vals)
		add(func(w *Way) bool { return c.u.decide(w.When, scope) == 1 })
	}
	return true
}

// agrees tells whether the guards of some ways can hold, and those of the others not, at once.
func (k *known) agrees(guarded []*Way, holds func(*Way) bool) bool {
	for _, w := range guarded {
		facts := w.When.Facts(holds(w))
		if k.refutesAny(facts) {
			return false
		}
		k = k.with(facts)
	}
	return true
}

// chosenOf lists the ways that are taken if these guards hold.
func chosenOf(s *Step, ways []*Way, holds func(*Way) bool) []*Way {
	var out []*Way
	for _, w := range ways {
		if w.Else || w.When != nil && !holds(w) {
			continue
		}
		out = append(out, w)
		if s.Choose == ChooseOne {
			return out
		}
	}
	if len(out) == 0 {
		for _, w := range ways {
			if w.Else {
				return []*Way{w}
			}
		}
	}
	return out
}

func guardsOf(ways []*Way) []*formula.Guard {
	out := make([]*formula.Guard, len(ways))
	for i, w := range ways {
		out[i] = w.When
	}
	return out
}
