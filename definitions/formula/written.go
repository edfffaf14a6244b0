package formula

import "strconv"

// Written lists what a value can be, as far as that stands in its text: 'a', true, or one of two such by a condition.
// False: it is computed from something else.
func (v *Value) Written() ([]string, bool) { return written(v.p.root) }

func written(n *node) ([]string, bool) {
	if n.op == opCond {
		a, ok := written(n.kids[1])
		b, too := written(n.kids[2])
		return append(a, b...), ok && too
	}
	switch lit := n.lit.(type) {
	case string:
		return []string{lit}, n.op == opLit
	case bool:
		return []string{strconv.FormatBool(lit)}, n.op == opLit
	}
	return nil, false
}
