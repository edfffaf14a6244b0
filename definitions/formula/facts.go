package formula

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/value"
)

// reads lists every read in the order of the text.
func reads(root *node) []Read {
	var out []Read
	root.walk(func(n *node) {
		if n.read {
			out = append(out, readAt(n))
		}
	})
	slices.SortStableFunc(out, func(a, b Read) int { return a.Offset - b.Offset })
	return out
}

func readAt(n *node) Read {
	start := n.start()
	return Read{Path: n.path, Offset: start, Width: max(1, n.end()-start)}
}

// uncovered lists the reads that known does not make safe, in the order of the text.
func uncovered(root *node, known Known) []Read {
	var out []Read
	uncover(root, known, &out)
	slices.SortStableFunc(out, func(a, b Read) int { return a.Offset - b.Offset })
	return out
}

func uncover(n *node, known Known, out *[]Read) {
	if n.read && !known.Covers(n.path) && (n.plain() || !known.Said(there(n))) {
		*out = append(*out, readAt(n))
	}
	switch n.op {
	case opHas:
		uncoverBase(n.kids[0], known, out)
	case opAnd, opOr:
		uncover(n.kids[0], known, out)
		uncover(n.kids[1], with(known, facts(n.kids[0], n.op == opAnd)), out)
	case opCond:
		uncover(n.kids[0], known, out)
		uncover(n.kids[1], with(known, facts(n.kids[0], true)), out)
		uncover(n.kids[2], with(known, facts(n.kids[0], false)), out)
	case opCoalesce:
		uncoverBase(n.kids[0], known, out)
		uncover(n.kids[1], known, out)
	case opEach:
		uncover(n.kids[0], known, out)
		inside := with(known, entryFacts(n.kids[0]))
		for _, kid := range n.kids[1:] {
			uncover(kid, inside, out)
		}
	default:
		for _, kid := range n.kids {
			uncover(kid, known, out)
		}
	}
}

// uncoverBase passes over a field that may be empty, after has or before ??, to what it is a field of.
func uncoverBase(n *node, known Known, out *[]Read) {
	switch n.op {
	case opName:
	case opField:
		uncoverBase(n.kids[0], known, out)
	default:
		uncover(n, known, out)
	}
}

func with(known Known, facts []Fact) Known {
	if len(facts) == 0 {
		return known
	}
	return known.With(facts)
}

// entryFacts is what holds of every entry of a list: what the filters that made it have asked.
func entryFacts(list *node) []Fact {
	if list.op != opEach || list.name != "filter" {
		return nil
	}
	return append(entryFacts(list.kids[0]), facts(list.kids[1], true)...)
}

// facts lists what holds of the data when n gave result.
func facts(n *node, result bool) []Fact {
	switch n.op {
	case opNot:
		return facts(n.kids[0], !result)
	case opAnd, opOr:
		if (n.op == opAnd) == result {
			return append(facts(n.kids[0], result), facts(n.kids[1], result)...)
		}
	case opHas:
		return hasFact(n.kids[0], result)
	case opName, opField:
		if n.path != "" && n.typ.sort == tBool && !n.plain() {
			return thereOf(n)
		}
		if n.path != "" && n.typ.sort == tBool {
			return []Fact{{Path: n.path, Op: Is, Value: boolText(result)}}
		}
	case opBinary:
		out := comparison(n, result)
		if !result {
			n = n.negation()
		}
		if n != nil {
			out = append(out, saidOf(n)...)
		}
		return out
	case opCall:
		if result {
			return saidOf(n)
		}
	case opEach:
		return loopFacts(n, result)
	}
	return nil
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func hasFact(n *node, result bool) []Fact {
	if n.path == "" {
		return nil
	}
	if result {
		return thereOf(n)
	}
	if !n.plain() {
		return nil
	}
	return []Fact{{Path: n.path, Op: Absent}}
}

func comparison(n *node, result bool) []Fact {
	a, b := n.kids[0], n.kids[1]
	switch n.name {
	case "==", "!=":
		if a.op == opLit {
			a, b = b, a
		}
		text, ok := literalText(b)
		if ok && a.path != "" && a.plain() {
			op := IsNot
			if (n.name == "==") == result {
				op = Is
			}
			if lit, isBool := b.lit.(bool); isBool && op == IsNot { // of two values, not the one is the other
				op, text = Is, boolText(!lit)
			}
			return []Fact{{Path: a.path, Op: op, Value: text}}
		}
		return append(sizeFacts(n, result), readFacts(a, b)...)
	}
	return append(sizeFacts(n, result), readFacts(a, b)...)
}

func literalText(n *node) (string, bool) {
	if n.op != opLit {
		return "", false
	}
	switch v := n.lit.(type) {
	case string:
		return v, true
	case bool:
		return boolText(v), true
	}
	return "", false
}

// readFacts: what was compared was there, however the comparison ended.
func readFacts(sides ...*node) []Fact {
	var out []Fact
	for _, n := range sides {
		if n.read && (n.op == opName || n.op == opField) {
			out = append(out, thereOf(n)...)
		}
	}
	return out
}

// sizeFacts: size(t) > 0 says that the table has a row.
func sizeFacts(n *node, result bool) []Fact {
	size, zero, name := n.kids[0], n.kids[1], n.name
	if size.op == opLit {
		size, zero = zero, size
		name = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}[name]
	}
	if size.op != opCall || (size.name != "size" && size.name != "len") || !size.kids[0].typ.rows || zero.op != opLit {
		return nil
	}
	if !result {
		name = map[string]string{"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}[name]
	}
	k, _ := zero.lit.(int64)
	if (name == ">" && k >= 0) || (name == ">=" && k >= 1) || (name == "!=" && k == 0) || (name == "==" && k >= 1) {
		return []Fact{{Path: size.kids[0].path, Op: Exists}}
	}
	return nil
}

// loopFacts: what all rows fulfil holds of the column; a row that exists shows that the table has one.
func loopFacts(n *node, result bool) []Fact {
	if !n.kids[0].typ.rows || n.kids[0].path == "" {
		return nil
	}
	switch {
	case n.name == "all" && result:
		return columnsOnly(n.kids[0].path, facts(n.kids[1], true))
	case (n.name == "exists" || n.name == "any") && !result, n.name == "none" && result:
		return columnsOnly(n.kids[0].path, facts(n.kids[1], false))
	case (n.name == "exists" || n.name == "any") && result:
		return []Fact{{Path: n.kids[0].path, Op: Exists}}
	}
	return nil
}

// readingsOf prepares what Readings shows: the names of the text, each once.
func readingsOf(root *node) []*node {
	var out []*node
	seen := map[string]bool{}
	var walk func(n *node)
	walk = func(n *node) {
		if text := n.text(); text != "" && n.op != opPointer {
			if !seen[text] && !ownName(n) {
				seen[text] = true
				out = append(out, n)
			}
			return
		}
		for _, kid := range n.kids {
			walk(kid)
		}
	}
	walk(root)
	slices.SortStableFunc(out, func(a, b *node) int { return a.start() - b.start() })
	return out
}

// ownName tells a name of the formula's own, such as the p of exists(p, …): it has no single value.
func ownName(n *node) bool {
	for n.op == opField {
		n = n.kids[0]
	}
	return n.local
}

// readingValue gives the value of a name; nil if it is empty.
func readingValue(n *node, names map[string]binding, s *Scope) any {
	if n.op == opName {
		b, ok := names[n.name]
		if !ok {
			return nil
		}
		v, ok := b.resolve(n.name, s)
		if rec, is := v.(value.Record); !ok || (is && rec == nil) {
			return nil
		}
		return v
	}
	v, _ := getMember(readingValue(n.kids[0], names, s), n.name)
	return v
}

func mayFindNothing(n *node) bool {
	switch {
	case n.op == opCoalesce:
		return mayFindNothing(n.kids[1])
	case n.op == opEach && n.name == "find", n.op == opIndex,
		n.op == opCall && n.name == "last" && !n.kids[0].typ.rows:
		return true
	}
	return slices.ContainsFunc(n.kids, mayFindNothing)
}

// columnsOnly keeps what is said of the columns of a table: of a table without rows, nothing else was looked at.
func columnsOnly(table string, facts []Fact) []Fact {
	var out []Fact
	for _, f := range facts {
		if strings.HasPrefix(f.Path, table+".") {
			out = append(out, f)
		}
	}
	return out
}
