package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
)

// ChangeKind says how two versions differ in one place.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Altered ChangeKind = "changed"
	Moved   ChangeKind = "moved" // of steps: to another place in the list, or into another list
)

// Change is one thing in which two versions of an office's files differ.
type Change struct {
	Kind  ChangeKind `json:"kind"`
	In    string     `json:"in"`    // the procedure, or "office.yaml"
	Thing string     `json:"thing"` // procedures, or its section: steps, data, messages …; "" = the file itself
	ID    string     `json:"id,omitempty"`
	Title string     `json:"title,omitempty"` // of that thing, as the new version has it
	Key   string     `json:"key,omitempty"`   // what of it, from outside in: task.by; "" = all of it
	Old   string     `json:"old,omitempty"`   // as it was written, on one line
	New   string     `json:"new,omitempty"`

	Before report.Place `json:"before,omitzero"` // in the old files
	After  report.Place `json:"after,omitzero"`  // in the new files
}

// Compare lists what differs between two versions of an office's files: office.yaml first, then the procedures by id,
// each in the order of the new version, with what is gone after what stayed. The order in which keys are written, a
// list of one entry, comments and layout make no difference. Texts and scenarios are left out. What cannot be read is
// reported.
func Compare(before, after []File) ([]Change, []report.Problem) {
	var problems []report.Problem
	add := func(p report.Problem) { problems = append(problems, p) }
	x, y := readThings(before, add), readThings(after, add)
	if len(problems) > 0 {
		return nil, report.Limit(report.Sort(problems), MaxProblems)
	}
	c := &comparer{}
	names := slices.Concat(x.names, y.names)
	slices.SortFunc(names, func(a, b string) int {
		switch officeFile {
		case a:
			return -1
		case b:
			return 1
		}
		return strings.Compare(a, b)
	})
	for _, name := range slices.Compact(names) {
		c.file(name, x.roots[name], y.roots[name])
	}
	return c.changes, nil
}

const officeFile = "office.yaml"

// things are the office and the procedures of some files.
type things struct {
	names []string
	roots map[string]*node
}

func readThings(files []File, add func(report.Problem)) things {
	out := things{roots: map[string]*node{}}
	known := basesOf(files)
	for _, f := range files {
		if isBase(f.Name) {
			continue
		}
		for _, d := range readFile(f, add) {
			if d.root.has("extends") {
				whole, ok := known.vary(d)
				if !ok {
					continue
				}
				d = whole
			}
			name := d.root.get("procedure").str()
			if name == "" && d.root.get("office") != nil {
				name = officeFile
			}
			if name != "" && out.roots[name] == nil {
				out.roots[name] = d.root
				out.names = append(out.names, name)
			}
		}
	}
	return out
}

// sections are the keys of a file whose entries have names of their own.
var sections = []string{
	"settings", "data", "messages", "ends", "documents", "registers", "posts", "units", "types", "systems", "skills",
}

// comparer gathers the changes.
type comparer struct {
	changes []Change
	in      string
	at      subject // what is being compared
}

// subject is the thing to which a change belongs.
type subject struct{ thing, id, title string }

func (c *comparer) file(name string, x, y *node) {
	c.in, c.at = name, subject{}
	if x == nil || y == nil {
		if name != officeFile {
			c.at = subject{"procedures", name, titleOf(x, y)}
		}
		c.whole("", x, y)
		return
	}
	for _, key := range unionOfKeys(x, y) {
		a, b := x.get(key), y.get(key)
		switch {
		case key == "steps":
			c.steps(a, b)
		case slices.Contains(sections, key) && (a.isMap() || b.isMap()):
			c.named(key, a, b)
		default:
			c.at = subject{}
			c.value(key, a, b)
		}
	}
}

// unionOfKeys lists the keys of two mappings: those of the new one in its order, then what is gone.
func unionOfKeys(x, y *node) []string {
	var out []string
	for _, n := range []*node{y, x} {
		for _, e := range n.pairs() {
			if !slices.Contains(out, e.key.text) {
				out = append(out, e.key.text)
			}
		}
	}
	return out
}

// named compares mappings from names to things.
func (c *comparer) named(section string, x, y *node) {
	for _, id := range unionOfKeys(x, y) {
		a, b := x.get(id), y.get(id)
		c.at = subject{section, id, titleOf(a, b)}
		if a.isMap() && b.isMap() {
			c.value("", a, b)
		} else if !same(a, b) {
			c.whole("", a, b)
		}
	}
}

func titleOf(x, y *node) string {
	for _, n := range []*node{y, x} {
		if n.isText() {
			return n.text
		}
		if title := n.get("title").str(); title != "" {
			return title
		}
	}
	return ""
}

// placed is a step and where it stands.
type placed struct {
	step *node
	list string // id of the step whose list it stands in; "" = the procedure's
}

// steps compares the steps of a procedure by their ids, those inside others too.
func (c *comparer) steps(x, y *node) {
	a, b := map[string]placed{}, map[string]placed{}
	old, now := gatherSteps(x, "", a), gatherSteps(y, "", b)
	order := inOrder(old, now, a, b)
	for _, id := range now {
		c.at = subject{"steps", id, titleOf(a[id].step, b[id].step)}
		if a[id].step == nil {
			c.whole("", nil, b[id].step)
			continue
		}
		if a[id].list != b[id].list || !order[id] {
			c.add(Moved, "", a[id].step, b[id].step, a[id].list, b[id].list)
		}
		c.step("", a[id].step, b[id].step)
	}
	for _, id := range old {
		if b[id].step == nil {
			c.at = subject{"steps", id, titleOf(a[id].step, nil)}
			c.whole("", a[id].step, nil)
		}
	}
}

// gatherSteps lists the ids of a list's steps and of those inside them, and notes where each stands.
func gatherSteps(list *node, in string, into map[string]placed) []string {
	var out []string
	for _, s := range list.all() {
		id := s.get("step").str()
		if into[id].step != nil {
			continue
		}
		into[id] = placed{s, in}
		out = append(out, id)
		for _, inner := range []*node{s.get("steps"), s.get("repeat").get("steps")} {
			out = append(out, gatherSteps(inner, id, into)...)
		}
	}
	return out
}

// inOrder finds a longest run of steps that stand in the same order in both versions; the others have moved.
func inOrder(old, now []string, a, b map[string]placed) map[string]bool {
	both := func(list []string, other map[string]placed) []string {
		return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return other[id].step == nil })
	}
	x, y := both(old, b), both(now, a)
	kept := map[string]bool{}
	for _, p := range alignment(x, y, func(x, y string) bool { return x == y }) {
		if p[0] >= 0 && p[1] >= 0 && x[p[0]] == y[p[1]] {
			kept[y[p[1]]] = true
		}
	}
	return kept
}

// step compares two steps; the lists inside them have been gathered.
func (c *comparer) step(prefix string, x, y *node) {
	for _, key := range unionOfKeys(x, y) {
		a, b := x.get(key), y.get(key)
		switch {
		case key == "steps" && (a != nil) == (b != nil):
		case key == "repeat" && a.isMap() && b.isMap():
			c.step("repeat.", a, b)
		default:
			c.value(prefix+key, a, b)
		}
	}
}

// value compares what stands under a key.
func (c *comparer) value(key string, x, y *node) {
	switch {
	case same(x, y):
	case x == nil || y == nil:
		c.whole(key, x, y)
	case x.isMap() && y.isMap():
		for _, k := range unionOfKeys(x, y) {
			c.value(strings.TrimPrefix(key+"."+k, "."), x.get(k), y.get(k))
		}
	case x.isList() || y.isList():
		c.list(key, x.all(), y.all())
	default:
		c.add(Altered, key, x, y, x.line1(), y.line1())
	}
}

// list compares lists entry by entry. Entries that differ and stand between the same neighbours are the same entry,
// changed.
func (c *comparer) list(key string, x, y []*node) {
	for _, p := range alignment(x, y, same) {
		switch {
		case p[0] >= 0 && p[1] >= 0:
			if a, b := x[p[0]], y[p[1]]; a.isMap() && b.isMap() && len(x) == 1 && len(y) == 1 {
				c.value(key, a, b)
			} else if !same(a, b) {
				c.add(Altered, key, a, b, a.line1(), b.line1())
			}
		case p[0] >= 0:
			c.whole(key, x[p[0]], nil)
		default:
			c.whole(key, nil, y[p[1]])
		}
	}
}

// maxAligned bounds the table by which lists are aligned.
const maxAligned = 4_000_000

// alignment pairs the entries of two lists: a longest common subsequence, and between its parts what is left in pairs.
// An index is -1 where there is none on that side. What differs in very long lists is paired in its order.
func alignment[T any](x, y []T, equal func(x, y T) bool) [][2]int {
	var p pairing
	head, tail, short := 0, 0, min(len(x), len(y))
	for ; head < short && equal(x[head], y[head]); head++ {
		p.equal(head, head)
	}
	for tail < short-head && equal(x[len(x)-1-tail], y[len(y)-1-tail]) {
		tail++
	}
	a, b := x[head:len(x)-tail], y[head:len(y)-tail]
	if len(a)*len(b) <= maxAligned {
		best := commonLengths(a, b, equal)
		for i, j := 0, 0; i < len(a) && j < len(b); {
			switch {
			case equal(a[i], b[j]):
				p.equal(head+i, head+j)
				i, j = i+1, j+1
			case best[i+1][j] >= best[i][j+1]:
				i++
			default:
				j++
			}
		}
	}
	p.upTo(len(x)-tail, len(y)-tail)
	for ; tail > 0; tail-- {
		p.equal(len(x)-tail, len(y)-tail)
	}
	return p.pairs
}

// commonLengths gives for each i and j how long the longest common subsequence of x[i:] and y[j:] is.
func commonLengths[T any](x, y []T, equal func(x, y T) bool) [][]int {
	best := make([][]int, len(x)+1)
	for i := range best {
		best[i] = make([]int, len(y)+1)
	}
	for i, a := range slices.Backward(x) {
		for j, b := range slices.Backward(y) {
			if equal(a, b) {
				best[i][j] = best[i+1][j+1] + 1
			} else {
				best[i][j] = max(best[i+1][j], best[i][j+1])
			}
		}
	}
	return best
}

// pairing pairs two lists from their beginnings on.
type pairing struct {
	pairs [][2]int
	x, y  int // how much of each has been paired
}

// equal pairs two entries that are the same, after all that was passed over.
func (p *pairing) equal(i, j int) {
	p.upTo(i, j)
	p.pairs = append(p.pairs, [2]int{i, j})
	p.x, p.y = i+1, j+1
}

func (p *pairing) upTo(i, j int) {
	for p.x < i || p.y < j {
		pair := [2]int{-1, -1}
		if p.x < i {
			pair[0] = p.x
			p.x++
		}
		if p.y < j {
			pair[1] = p.y
			p.y++
		}
		p.pairs = append(p.pairs, pair)
	}
}

// whole notes something that only one version has.
func (c *comparer) whole(key string, x, y *node) {
	switch {
	case x != nil && y != nil:
		c.add(Altered, key, x, y, x.line1(), y.line1())
	case y != nil:
		c.add(Added, key, nil, y, "", y.line1())
	case x != nil:
		c.add(Removed, key, x, nil, x.line1(), "")
	}
}

func (c *comparer) add(kind ChangeKind, key string, x, y *node, before, after string) {
	c.changes = append(c.changes, Change{
		Kind: kind, In: c.in, Thing: c.at.thing, ID: c.at.id, Title: c.at.title, Key: key, Old: before, New: after,
		Before: x.place(), After: y.place(),
	})
}

// same tells whether two values say the same: a list of one entry is that entry.
func same(x, y *node) bool {
	if x == nil || y == nil {
		return x == y
	}
	if x.isList() != y.isList() || x.isList() {
		return slices.EqualFunc(x.all(), y.all(), same)
	}
	if x.kind != y.kind || x.text != y.text || len(x.entries) != len(y.entries) {
		return false
	}
	for _, e := range x.entries {
		if !same(e.value, y.get(e.key.text)) {
			return false
		}
	}
	return true
}

// maxShown bounds what is shown of a value, in characters.
const maxShown = 80

// line1 writes a value on one line, as YAML would have it; long ones are cut.
func (n *node) line1() string {
	var b strings.Builder
	n.write(&b)
	runes := []rune(b.String())
	if len(runes) > maxShown {
		return string(runes[:maxShown-1]) + "…"
	}
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	if n == nil || b.Len() > 4*maxShown {
		return
	}
	switch n.kind {
	case scalarNode:
		b.WriteString(strings.Join(strings.Fields(n.text), " "))
	case listNode:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteString(", ")
			}
			item.write(b)
		}
		b.WriteByte(']')
	case mapNode:
		b.WriteByte('{')
		for i, e := range n.entries {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(e.key.text + ": ")
			e.value.write(b)
		}
		b.WriteByte('}')
	}
}
