package formula

import (
	"fmt"
	"slices"
	"strings"
)

// Part is one of the conditions that a guard joins by &&.
type Part struct {
	Text  string // normalised, as in a Fact that says Holds; "" if it can be true now and false later by itself
	False []Fact // what holds of the data when it is not true
}

// Parts lists the conditions that must all hold for the guard to hold.
func (g *Guard) Parts() []Part {
	var out []Part
	var split func(n *node)
	split = func(n *node) {
		if n.op == opAnd {
			split(n.kids[0])
			split(n.kids[1])
			return
		}
		p := Part{False: facts(n, false)}
		if n.steady() {
			p.Text = n.canon()
		}
		out = append(out, p)
	}
	split(g.p.root)
	return out
}

// fleeting are the names whose values change while the data stay as they are.
var fleeting = []string{
	"now", "today", "actor", "answer", "outcome", "due", "total", "finished", "running", "case", "manager", "holders",
	"its",
}

// steadyCalls are the functions whose results change only with the data that they are given.
var steadyCalls = []string{
	"size", "len", "last", "contains", "startsWith", "endsWith", "minutes", "hours", "days", "workhours", "workdays",
	"working",
}

// steady tells whether what a node gives changes only with the data that it reads, and is about the case or the row in
// scope, not about an entry of a list.
func (n *node) steady() bool {
	switch n.op {
	case opBad, opPointer, opLet:
		return false
	case opName:
		if n.local || slices.Contains(fleeting, n.name) {
			return false
		}
	case opCall:
		if !slices.Contains(steadyCalls, n.name) {
			return false
		}
	case opEach: // its own names are local; two loops are seldom written alike
		return false
	}
	return !slices.ContainsFunc(n.kids, func(kid *node) bool { return !kid.steady() })
}

// canon writes a node so that two that mean the same are mostly written alike.
func (n *node) canon() string {
	kids := make([]string, len(n.kids))
	for i, kid := range n.kids {
		kids[i] = kid.canon()
	}
	name := n.name
	if turned, ok := turned[name]; ok && n.op == opBinary && kids[0] > kids[1] {
		name, kids[0], kids[1] = turned, kids[1], kids[0]
	}
	return fmt.Sprintf("%d %s %v %v(%s)", n.op, name, n.lit, n.keys, strings.Join(kids, ", "))
}

// turned is each comparison as it reads from the other side.
var turned = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}

// opposite is the comparison that holds when another does not.
var opposite = map[string]string{"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}

// negation is the comparison that holds when this one does not; nil = there is none.
func (n *node) negation() *node {
	name := opposite[n.name]
	if name == "" {
		return nil
	}
	out := *n
	out.name = name
	return &out
}

// plain tells whether a node names a field by itself, not as a field of what a call or an index gave.
func (n *node) plain() bool {
	for n.op == opField {
		n = n.kids[0]
	}
	return n.op == opName || n.op == opPointer
}

// saidOf is the fact that a condition holds; none if it may change by itself.
func saidOf(n *node) []Fact {
	if !n.steady() {
		return nil
	}
	return []Fact{{Op: Holds, Value: n.canon(), Reads: pathsOf(n)}}
}

// thereOf is the fact that what a node names is there; only a field named by itself is a field of the data.
func thereOf(n *node) []Fact {
	switch {
	case n.path == "":
		return nil
	case n.plain():
		return []Fact{{Path: n.path, Op: Exists}}
	case !n.steady():
		return nil
	}
	return []Fact{{Op: Holds, Value: there(n), Reads: pathsOf(n)}}
}

func there(n *node) string { return "has " + n.canon() }

func pathsOf(n *node) []string {
	var out []string
	n.walk(func(n *node) {
		if n.path != "" && !slices.Contains(out, n.path) {
			out = append(out, n.path)
		}
	})
	return out
}
