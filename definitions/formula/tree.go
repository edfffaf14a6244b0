package formula

import "fmt"

// op is the kind of a node. Both languages are read into the same tree: names, types and facts have one checker.
type op uint8

const (
	opLit      op = iota + 1 // lit
	opName                   // name: a name that is visible here
	opPointer                // # of an Expr predicate; name "index" is #index
	opField                  // kids[0].name
	opIndex                  // kids[0][kids[1]]
	opCall                   // name(kids...)
	opHas                    // has(kids[0])
	opEach                   // name over kids[0] with the row name `each`; kids[1] is the body, kids[2] an argument
	opNot                    // !kids[0]
	opNeg                    // -kids[0]
	opBinary                 // kids[0] name kids[1]
	opAnd                    // kids[0] && kids[1]
	opOr                     // kids[0] || kids[1]
	opCond                   // kids[0] ? kids[1] : kids[2]
	opCoalesce               // kids[0] ?? kids[1]
	opList                   // [kids...]
	opMap                    // keys: kids
	opLet                    // let name = kids[0]; kids[1]
	opBad                    // could not be read; a fault was recorded
)

// node is one part of a formula. Offsets count characters.
type node struct {
	op         op
	name       string
	each       string
	keys       []string
	lit        any // string, int64, float64, bool; of a call such as money('10.00'), what it gives
	kids       []*node
	off, width int

	// What the checker finds.
	typ   *typ
	path  string // the data it names: "matter.needs"; of a list or row of a table: "papers"
	read  bool   // the value at path is read here and may be empty
	table *typ   // of opEach: the list's entries
	local bool   // opName: a let or a row name of a comprehension
}

// start and end are the characters that the node spans, with all its parts.
func (n *node) start() int {
	at := n.off
	for _, kid := range n.kids {
		at = min(at, kid.start())
	}
	return at
}

func (n *node) end() int {
	at := n.off + n.width
	for _, kid := range n.kids {
		at = max(at, kid.end())
	}
	return at
}

// text is the name as the author wrote it: "matter.needs"; empty if the node is not a name.
func (n *node) text() string {
	switch n.op {
	case opName:
		return n.name
	case opPointer:
		return "#" + n.name
	case opField:
		if base := n.kids[0].text(); base != "" {
			return base + "." + n.name
		}
	}
	return ""
}

// walk visits the tree in the order of the text, parents before their parts.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, kid := range n.kids {
		kid.walk(visit)
	}
}

func fault(n *node, code, format string, args ...any) *Fault {
	return &Fault{Offset: n.off, Width: max(1, n.width), Code: code, Message: fmt.Sprintf(format, args...)}
}
