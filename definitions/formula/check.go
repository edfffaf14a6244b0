package formula

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// checker gives every node its type and the data it names, and collects all faults.
type checker struct {
	env     *Env
	names   map[string]binding
	exprs   bool // Expr, else CEL
	locals  []local
	loops   int // open around the part that is being checked
	deepest int // the most that were open
	faults  []Fault
	// outcomes of the step whose way is guarded
	outcomes []string
}

// local is a name that the formula itself introduces: a row of a comprehension or a let. Expr's # has no name.
type local struct {
	name string
	typ  *typ
	path string
	row  bool
}

func (c *checker) report(f *Fault, hint string) {
	f.Hint = hint
	c.faults = append(c.faults, *f)
}

// run checks a whole formula; its faults are in the order of the text.
func (c *checker) run(root *node) []Fault {
	c.check(root)
	slices.SortStableFunc(c.faults, func(a, b Fault) int { return a.Offset - b.Offset })
	return c.faults
}

// check types n as a value that is read, where nothing else is said.
func (c *checker) check(n *node) *typ {
	c.visit(n)
	if n.read = c.isRead(n); n.read && n.path == "" {
		n.read = false
	}
	return n.typ
}

// isRead: naming a field reads it; naming a table does not, because an absent table is an empty one.
func (c *checker) isRead(n *node) bool {
	switch n.op {
	case opName:
		return !n.typ.rows && !n.local
	case opField:
		return !n.typ.rows
	}
	return false
}

func (c *checker) visit(n *node) {
	n.typ = anyT
	switch n.op {
	case opLit:
		n.typ = literalType(n.lit)
	case opName:
		c.name(n)
	case opPointer:
		c.pointer(n)
	case opField:
		c.field(n)
	case opIndex:
		c.index(n)
	case opCall:
		c.call(n)
	case opHas:
		c.has(n)
	case opEach:
		c.loop(n)
	case opNot:
		c.want(n.kids[0], tBool, "! stands before yes or no")
		n.typ = boolT
	case opAnd, opOr:
		for _, kid := range n.kids {
			c.want(kid, tBool, "&& and || stand between yes and no")
		}
		n.typ = boolT
	case opNeg:
		c.negate(n)
	case opBinary:
		c.binary(n)
	case opCond:
		c.want(n.kids[0], tBool, "the condition before ? is yes or no")
		n.typ = c.unify(n, c.check(n.kids[1]), c.check(n.kids[2]))
	case opCoalesce:
		n.typ = c.unify(n, c.check(n.kids[0]), c.check(n.kids[1]))
	case opList:
		c.list(n)
	case opMap:
		c.record(n)
	case opLet:
		c.let(n)
	}
}

func literalType(lit any) *typ {
	switch lit.(type) {
	case bool:
		return boolT
	case int64:
		return intT
	case float64:
		return floatT
	}
	return stringT
}

func (c *checker) findLocal(name string) *local {
	for i := len(c.locals) - 1; i >= 0; i-- {
		if c.locals[i].name == name {
			return &c.locals[i]
		}
	}
	return nil
}

func (c *checker) name(n *node) {
	if l := c.findLocal(n.name); l != nil {
		n.typ, n.path, n.local = l.typ, l.path, true
		return
	}
	if b, ok := c.names[n.name]; ok {
		n.typ, n.path = b.typ, b.path
		return
	}
	f := fault(n, "unknown-name", "there is no name %s here", n.name)
	if place := c.env.place(n.name); place != "" {
		f.Message = "there is no name " + n.name + " here: " + place
		c.report(f, c.byOutcome(n.name))
		return
	}
	if t := c.names["settings"].typ; t != nil && t.member(n.name) != nil {
		c.report(f, "write settings."+n.name)
		return
	}
	candidates := sortedNames(c.names)
	for _, l := range c.locals {
		if l.name != "" {
			candidates = append(candidates, l.name)
		}
	}
	hint := report.DidYouMean(n.name, candidates)
	switch {
	case n.name == "yes" || n.name == "no":
		hint = "write true or false"
	case hint == "":
		hint = c.fewFields()
	}
	c.report(f, hint)
}

// fewFields lists what the data has, where that is little.
func (c *checker) fewFields() string {
	var fields []string
	for _, name := range sortedNames(c.names) {
		if c.names[name].path == name {
			fields = append(fields, name)
		}
	}
	if len(fields) == 0 || len(fields) > 12 {
		return ""
	}
	return "there are " + strings.Join(fields, ", ")
}

// byOutcome says how a way depends on the answer, for an author who asks for it in the way's guard.
func (c *checker) byOutcome(name string) string {
	if len(c.outcomes) == 0 || name != "answer" && name != "outcome" {
		return ""
	}
	others := ""
	if len(c.outcomes) > 1 {
		others = ", " + strings.Join(c.outcomes[1:], ": …, ") + ": …"
	}
	return "write then: {" + c.outcomes[0] + ": [{when: …, to: …}, {to: …}]" + others + "}"
}

func (c *checker) pointer(n *node) {
	for _, l := range slices.Backward(c.locals) {
		if !l.row {
			continue
		}
		if n.name == "index" {
			n.typ = intT
			return
		}
		n.typ, n.path, n.local = l.typ, l.path, true
		return
	}
	c.report(fault(n, "unknown-name", "# exists inside filter, map, count and the like only"), "")
}

// base types what stands before a dot: a record there is not read itself, its field is.
func (c *checker) base(n *node) *typ {
	if n.op == opName || n.op == opField || n.op == opPointer {
		c.visit(n)
		n.read = n.path != "" && c.isRead(n) && n.typ.sort != tRecord
		return n.typ
	}
	return c.check(n)
}

func (c *checker) field(n *node) {
	t := c.base(n.kids[0])
	if t.sort == tAny {
		return
	}
	m := t.member(n.name)
	if m == nil {
		c.unknownField(n, t)
		return
	}
	n.typ = m.typ
	if base := n.kids[0]; base.path != "" && t.sort == tRecord {
		n.path = base.path + "." + n.name
	}
	if t.name == "case" && !m.must {
		n.path = "case." + n.name
	}
}

func (c *checker) unknownField(n *node, t *typ) {
	base := n.kids[0].text()
	switch {
	case t.sort == tList && t.elem.member(n.name) != nil:
		c.report(fault(n, "type", "%s is a table: its rows have %s", base, n.name),
			"write "+base+".exists(p, p."+n.name+" …), or name one row")
	case len(t.members) == 0:
		c.report(fault(n, "type", "%s has no fields", t), "")
	default:
		if base == "" {
			base = t.String()
		}
		f := fault(n, "unknown-field", "%s has no field %s", base, n.name)
		if near := report.Nearest(n.name, t.memberNames()); near != "" {
			c.report(f, "did you mean "+base+"."+near+"?")
			return
		}
		c.report(f, base+" has "+strings.Join(t.memberNames(), ", "))
	}
}

// has asks for a field's presence: the field itself is not read.
func (c *checker) has(n *node) {
	n.typ = boolT
	arg := n.kids[0]
	switch arg.op {
	case opName, opField:
		c.visit(arg)
	default:
		c.report(fault(n, "arguments", "has takes a field or a name"), "write has(matter.needs)")
		return
	}
	if arg.typ.sort != tAny && arg.path == "" && (arg.op == opName || arg.local) {
		c.report(fault(arg, "arguments", "%s always exists", arg.text()), "has asks whether a field is filled in")
	}
	if arg.op == opName && arg.typ.sort == tAny && c.findLocal(arg.name) != nil {
		c.report(fault(arg, "arguments", "%s always exists", arg.name), "")
	}
}

// want checks a part that must have a sort.
func (c *checker) want(n *node, s sort, say string) {
	if t := c.check(n); t.sort != s && t.sort != tAny {
		c.report(wide(n, "type", "%s is %s: %s", describe(n), t, say), wantHint(n, s))
	}
}

func wantHint(n *node, s sort) string {
	if s == tBool && n.typ.sort == tList && n.text() != "" {
		return "write size(" + n.text() + ") > 0"
	}
	if s == tBool && n.text() != "" {
		return "write has(" + n.text() + "), or compare it"
	}
	return ""
}

// wide is a fault that spans the whole of a part.
func wide(n *node, code, format string, args ...any) *Fault {
	f := fault(n, code, format, args...)
	f.Offset, f.Width = n.start(), max(1, n.end()-n.start())
	return f
}

func describe(n *node) string {
	if text := n.text(); text != "" {
		return text
	}
	return "this"
}

func (c *checker) index(n *node) {
	t := c.check(n.kids[0])
	switch t.sort {
	case tList:
		c.want(n.kids[1], tInt, "the number of an entry is a whole number")
		n.typ, n.path = t.elem, n.kids[0].path
		n.local = true
	case tGroups:
		c.want(n.kids[1], tString, "a group is named by a text")
		n.typ = listOf(t.elem)
	case tAny:
		c.check(n.kids[1])
	default:
		c.check(n.kids[1])
		c.report(wide(n, "type", "%s has no entries", t), "")
	}
}

func (c *checker) list(n *node) {
	elem := anyT
	for _, kid := range n.kids {
		t := c.check(kid)
		if t.sort == tList || t.sort == tGroups {
			c.report(wide(kid, "type", "a list does not hold lists"), "")
			continue
		}
		elem = c.unify(kid, elem, t)
	}
	n.typ = listOf(elem)
}

func (c *checker) record(n *node) {
	t := &typ{sort: tRecord, kind: value.RecordKind}
	for i, kid := range n.kids {
		if slices.Contains(n.keys[:i], n.keys[i]) {
			c.report(wide(kid, "arguments", "%s is given twice", n.keys[i]), "")
		}
		t.members = append(t.members, member{name: n.keys[i], typ: c.check(kid)})
	}
	n.typ = t
}

func (c *checker) let(n *node) {
	t := c.check(n.kids[0])
	if _, taken := c.names[n.name]; taken {
		c.report(fault(n, "arguments", "let %s hides data of that name", n.name), "choose another name")
	}
	c.locals = append(c.locals, local{name: n.name, typ: t, path: rowPath(n.kids[0])})
	n.typ = c.check(n.kids[1])
	n.path = rowPath(n.kids[1])
	c.locals = c.locals[:len(c.locals)-1]
}

// rowPath is the path that a value keeps when it is handed on: that of tables, rows and records, not of fields.
func rowPath(n *node) string {
	if n.typ.rows || n.typ.sort == tRecord || (n.typ.sort == tList && n.typ.elem.sort == tRecord) {
		return n.path
	}
	return ""
}

// unify gives the type of either of two values.
func (c *checker) unify(n *node, a, b *typ) *typ {
	switch {
	case a.sort == tAny:
		return b
	case b.sort == tAny || a == b:
		return a
	case a.sort == tList && b.sort == tList:
		return listOf(c.unify(n, a.elem, b.elem))
	case a.sort == b.sort && a.sort == tRecord:
		if !sameMembers(a, b) {
			c.report(wide(n, "type", "the records have different fields"), "")
		}
		return a
	case a.sort == b.sort && a.sort == tString && !slices.Equal(a.options, b.options):
		return stringT
	case a.sort == b.sort:
		return a
	case a.isNumber() && b.isNumber() && c.exprs:
		return floatT
	case c.exprs && isSomebody(a) && isSomebody(b):
		return candT
	}
	c.report(wide(n, "type", "%s and %s do not go together", a, b), "")
	return anyT
}

func sameMembers(a, b *typ) bool {
	return slices.EqualFunc(a.members, b.members, func(x, y member) bool {
		return x.name == y.name && x.typ.sort == y.typ.sort
	})
}

// isSomebody tells what can be asked to do a task.
func isSomebody(t *typ) bool { return t.sort == tPerson || t.sort == tString || t.sort == tCandidate }
