package oracle

import (
	"regexp"
	"slices"
	"strings"
)

// tree is a piece of YAML: a text, a list or a mapping in the order of its entries.
type tree struct {
	key  string // in a mapping
	kind treeKind
	text string
	kids []*tree
}

type treeKind uint8

const (
	textTree treeKind = iota
	listTree
	mapTree
)

func text(s string) *tree { return &tree{text: s} }

func list(kids ...*tree) *tree { return &tree{kind: listTree, kids: kids} }

func texts(all []string) *tree {
	l := list()
	for _, s := range all {
		l.kids = append(l.kids, text(s))
	}
	return l
}

// mapping makes a mapping from keys and values (a string or a *tree) in turn.
func mapping(pairs ...any) *tree {
	m := &tree{kind: mapTree}
	for i := 0; i+1 < len(pairs); i += 2 {
		key, _ := pairs[i].(string)
		m.put(key, pairs[i+1])
	}
	return m
}

// put adds an entry to a mapping.
func (t *tree) put(key string, v any) {
	x, ok := v.(*tree)
	if s, plain := v.(string); plain {
		x, ok = text(s), true
	}
	if !ok {
		return
	}
	x.key = key
	t.kids = append(t.kids, x)
}

// get finds an entry of a mapping; nil if there is none.
func (t *tree) get(key string) *tree {
	if i := slices.IndexFunc(t.kids, func(k *tree) bool { return k.key == key }); i >= 0 && t.kind == mapTree {
		return t.kids[i]
	}
	return nil
}

func (t *tree) clone() *tree {
	c := *t
	c.kids = make([]*tree, len(t.kids))
	for i, k := range t.kids {
		c.kids[i] = k.clone()
	}
	return &c
}

// walk visits a tree and all that is in it, outer pieces first.
func (t *tree) walk(visit func(*tree)) {
	visit(t)
	for _, k := range t.kids {
		k.walk(visit)
	}
}

// size counts the pieces.
func (t *tree) size() int {
	n := 0
	t.walk(func(*tree) { n++ })
	return n
}

// yaml writes a procedure as people do: a line for each entry at its top, for each of its fields and for each step.
func (t *tree) yaml() string {
	var b strings.Builder
	t.block(&b, "")
	return b.String()
}

func (t *tree) block(b *strings.Builder, in string) {
	for _, k := range t.kids {
		b.WriteString(in + k.key + ":")
		if k.key == "steps" || k.key == "data" {
			b.WriteString("\n")
			k.lines(b, in)
			continue
		}
		b.WriteString(" ")
		k.flow(b)
		b.WriteString("\n")
	}
}

// lines writes a list of steps, or a mapping, one to a line; a step that has steps inside over several.
func (t *tree) lines(b *strings.Builder, in string) {
	if t.kind == mapTree {
		t.block(b, in+"  ")
		return
	}
	for _, k := range t.kids {
		b.WriteString(in + "  - ")
		if k.get("steps") == nil {
			k.flow(b)
			b.WriteString("\n")
			continue
		}
		var inner strings.Builder
		k.block(&inner, in+"    ")
		b.WriteString(strings.TrimLeft(inner.String(), " "))
	}
}

var plainText = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

func (t *tree) flow(b *strings.Builder) {
	brackets := map[treeKind]string{listTree: "[]", mapTree: "{}"}[t.kind]
	if t.kind == textTree {
		if plainText.MatchString(t.text) {
			b.WriteString(t.text)
			return
		}
		b.WriteString("'" + strings.ReplaceAll(t.text, "'", "''") + "'")
		return
	}
	b.WriteByte(brackets[0])
	for i, k := range t.kids {
		if i > 0 {
			b.WriteString(", ")
		}
		if t.kind == mapTree {
			b.WriteString(k.key + ": ")
		}
		k.flow(b)
	}
	b.WriteByte(brackets[1])
}
