package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
)

// asked marks the steps of a list of which a condition in it asks whether they were done.
func asked(p *definitions.Procedure, g *definitions.Graph) definitions.Bits {
	out := definitions.NewBits(len(g.Steps))
	for _, st := range g.Steps {
		for _, c := range conditions(st) {
			for _, one := range c.Awaits() {
				for _, w := range one {
					if x := p.Steps[w.Step]; w.Done && x != nil && x.Graph == g {
						out.Set(x.Index)
					}
				}
			}
		}
	}
	return out
}

// Held tells whether a step waits for others of the list, by its conditions, none of which can hold in the marking.
func (n *Net) Held(m *Marking, st *definitions.Step) bool {
	all := conditions(st)
	return len(all) > 0 && !slices.ContainsFunc(all, func(c *formula.Guard) bool {
		for _, one := range c.Awaits() {
			if !slices.ContainsFunc(one, func(w formula.Awaited) bool { return n.comes(m, w) }) {
				return false
			}
		}
		return true
	})
}

// comes tells whether what is awaited has come about. Of what stands outside the list that is not known.
func (n *Net) comes(m *Marking, w formula.Awaited) bool {
	x := n.x.p.Steps[w.Step]
	if x == nil || x.Graph != n.x.g {
		return true
	}
	open := slices.Contains(n.Runs(m), x)
	return open && !w.Done || !open && w.Done && m.done.Has(x.Index)
}

// Awaits tells whether a step waits for others of its list by its conditions, or a condition there asks for it: when it
// is left makes a difference then.
func Awaits(p *definitions.Procedure, st *definitions.Step) bool {
	return len(conditions(st)) > 0 || slices.ContainsFunc(st.Graph.Steps, func(o *definitions.Step) bool {
		return slices.ContainsFunc(conditions(o), func(c *formula.Guard) bool {
			return slices.ContainsFunc(slices.Concat(c.Awaits()...), func(w formula.Awaited) bool {
				return p.Steps[w.Step] == st
			})
		})
	})
}
