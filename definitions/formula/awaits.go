package formula

import "slices"

// Awaited is a step that a guard asks for: that it is open, or that it was done.
type Awaited struct {
	Step string
	Done bool
}

// Awaits lists what must have come about for the guard to hold, as far as its text says so by done('x') and open('x'):
// of each list one at least.
func (g *Guard) Awaits() [][]Awaited { return awaits(g.p.root) }

func awaits(n *node) [][]Awaited {
	switch {
	case n.op == opAnd:
		return append(awaits(n.kids[0]), awaits(n.kids[1])...)
	case n.op == opOr:
		var out [][]Awaited
		for _, a := range awaits(n.kids[0]) {
			for _, b := range awaits(n.kids[1]) {
				out = append(out, slices.Concat(a, b))
			}
		}
		return out
	case n.op == opCall && (n.name == "done" || n.name == "open"):
		id, _ := n.kids[0].lit.(string)
		return [][]Awaited{{{Step: id, Done: n.name == "done"}}}
	}
	return nil
}
