package formula

import (
	"fmt"
	"slices"
	"strings"
)

// Speech puts a formula into people's words.
type Speech struct {
	Name   func(path string) string     // of a field, a setting or any other name
	Option func(path, id string) string // of a value that is compared with the field at path
	Say    func(word string, parts ...string) string
}

// Words tells the guard as people say it, as far as it can be said.
func (g *Guard) Words(s Speech) string { return s.words(g.p.root) }

// Words tells the span or moment as people say it, as far as it can be said.
func (w *When) Words(s Speech) string { return s.words(w.p.root) }

// Words tells whom it gives, as far as it can be said.
func (w *Who) Words(s Speech) string { return s.words(w.p.root) }

func (s Speech) words(n *node) string {
	switch n.op {
	case opLit:
		return s.literal(n)
	case opName, opField, opPointer:
		return s.named(n)
	case opHas:
		return s.Say("has", s.words(n.kids[0]))
	case opNot:
		return s.not(n.kids[0])
	case opNeg:
		return "−" + s.words(n.kids[0])
	case opAnd, opOr:
		if n.op == opAnd && n.kids[0].op == opHas && n.kids[1].reads(n.kids[0].kids[0].path) {
			return s.words(n.kids[1]) // what is looked at is there: nobody says so
		}
		word := "and"
		if n.op == opOr {
			word = "or"
		}
		return s.Say(word, s.grouped(n.kids[0], n.op), s.grouped(n.kids[1], n.op))
	case opBinary:
		return s.binary(n)
	case opCall:
		return s.called(n)
	case opEach:
		return s.each(n)
	case opIndex:
		return s.words(n.kids[0])
	case opCond: // what comes of it, whichever way it goes
		return s.list(n.kids[1:])
	case opList, opCoalesce, opMap, opLet, opBad:
	}
	return s.list(n.kids)
}

// reads tells whether a part of a formula names the data at path.
func (n *node) reads(path string) bool {
	found := false
	n.walk(func(n *node) { found = found || path != "" && n.path == path })
	return found
}

func (s Speech) list(nodes []*node) string {
	var parts []string
	for _, n := range nodes {
		for part := range strings.SplitSeq(s.words(n), s.Say("list")) {
			if part != "" && !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
	}
	return strings.Join(parts, s.Say("list"))
}

func (s Speech) literal(n *node) string {
	if yes, ok := n.lit.(bool); ok {
		if yes {
			return s.Say("yes")
		}
		return s.Say("no")
	}
	if id, ok := n.lit.(string); ok {
		return s.Option("", id)
	}
	return fmt.Sprint(n.lit)
}

func (s Speech) named(n *node) string {
	for _, name := range []string{n.path, n.text()} {
		if name != "" {
			if title := s.Name(name); title != "" {
				return title
			}
		}
	}
	return n.name
}

func (s Speech) not(n *node) string {
	if n.op == opHas {
		return s.Say("has-not", s.words(n.kids[0]))
	}
	return s.Say("not", s.words(n))
}

// grouped puts brackets round what would be read otherwise.
func (s Speech) grouped(n *node, inside op) string {
	if (n.op == opAnd || n.op == opOr) && n.op != inside {
		return s.Say("group", s.words(n))
	}
	return s.words(n)
}

func (s Speech) binary(n *node) string {
	a, b := s.value(n.kids[0], n.kids[1]), s.value(n.kids[1], n.kids[0])
	if yes, ok := n.kids[1].lit.(bool); ok && (n.name == "==" || n.name == "!=") {
		if yes == (n.name == "==") {
			return a
		}
		return s.Say("not", a)
	}
	if n.name == "in" {
		if n.kids[1].op == opList {
			return s.Say("==", a, b)
		}
		return s.Say("in", b, a)
	}
	if n.typ != nil && n.typ.sort == tTime {
		return s.Say(map[string]string{"+": "after", "-": "before"}[n.name], a, b)
	}
	return s.Say(n.name, a, b)
}

// value is one side of a comparison: an option by its title, as the other side knows it.
func (s Speech) value(n, other *node) string {
	if n.op == opList {
		parts := make([]string, len(n.kids))
		for i, kid := range n.kids {
			parts[i] = s.value(kid, other)
		}
		return strings.Join(parts, s.Say("or-list"))
	}
	if id, ok := n.lit.(string); ok && n.op == opLit {
		return s.Option(other.path, id)
	}
	return s.words(n)
}

func (s Speech) called(n *node) string {
	var first string
	if len(n.kids) > 0 {
		first = s.words(n.kids[0])
	}
	if said := s.Say("call."+n.name, first); said != "" {
		return said
	}
	return s.list(n.kids)
}

func (s Speech) each(n *node) string {
	if len(n.kids) < 2 {
		return s.list(n.kids)
	}
	if said := s.Say("each."+n.name, s.words(n.kids[0]), s.words(n.kids[1])); said != "" {
		return said
	}
	return s.words(n.kids[0])
}
