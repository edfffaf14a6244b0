package formula

import "slices"

// Wants lists the paths that the guard may want to be filled in: of which it asks, and which it may fail without.
func (g *Guard) Wants() []string {
	var out []string
	for _, path := range g.Looks().Has {
		if !slices.Contains(out, path) && without(g.p.root, path, false) != Yes {
			out = append(out, path)
		}
	}
	return out
}

// without works a condition out, or its contrary, where a path is empty: all else in it may hold or not.
func without(n *node, path string, not bool) Reply {
	return weigh(n, not, func(n *node, not bool) Reply {
		switch n.op {
		case opHas:
			switch {
			case n.kids[0].path != path:
				return May
			case not:
				return Yes
			}
			return No
		case opCond:
			a, b := without(n.kids[1], path, not), without(n.kids[2], path, not)
			switch without(n.kids[0], path, false) {
			case Yes:
				return a
			case No:
				return b
			}
			return min(a, b)
		}
		return May
	})
}
