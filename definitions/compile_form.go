package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// found is a field that a path in a form or paper names.
type found struct {
	field *value.Field
	table *value.Field // whose column it is; nil = a plain field
	ofRow bool         // named by its row name
}

// path looks a full name up. row is the table whose row is in scope. What is not there is reported.
func (c *compiler) path(n *node, row *value.Field) (found, bool) {
	text := n.str()
	if text == "" {
		return found{}, false
	}
	first, rest, dotted := strings.Cut(text, ".")
	if row != nil && first == row.Each {
		if !dotted {
			return found{field: row, ofRow: true}, true
		}
		if f := c.p.Data.Field(row.Path + "." + rest); f != nil {
			return found{field: f, table: row, ofRow: true}, true
		}
	} else if f := c.p.Data.Field(text); f != nil {
		out := found{field: f}
		if t := c.parent[f]; t != nil && t.Kind == value.TableKind {
			out.table = t
		}
		return out, true
	}
	c.unknownPath(n, row)
	return found{}, false
}

func (c *compiler) unknownPath(n *node, row *value.Field) {
	if first, _, _ := strings.Cut(n.text, "."); c.spoilt("data", first) {
		return
	}
	names := c.paths()
	first, rest, _ := strings.Cut(n.text, ".")
	if row != nil {
		for _, col := range row.Fields {
			names = append(names, row.Each+"."+col.Name)
		}
	}
	hint := report.DidYouMean(n.text, names)
	if t := c.p.Data.Table(first); t != nil && t != row {
		hint = first + " names a row of " + t.Path + ": it exists inside for_each over it; " + "write " +
			strings.TrimSuffix(t.Path+"."+rest, ".")
	}
	if first == "case" {
		hint = "a form has fields alone: give it to one at the start, set: {field: " + n.text + "}"
	}
	if hint == "" {
		hint = c.tailHint(n.text)
	}
	if hint == "" {
		hint = hintAmong(n.text, names)
	}
	n.fault("unknown-field", hint, "the data has no %s", clipped(n.text))
}

// tailHint finds a field that an author named without its record.
func (c *compiler) tailHint(text string) string {
	for _, p := range c.paths() {
		if strings.HasSuffix(p, "."+text) {
			return "always by the full name: " + p
		}
	}
	return ""
}

// table looks a table up by its full name.
func (c *compiler) tableAt(n *node) *value.Field {
	f, ok := c.path(n, nil)
	if !ok {
		return nil
	}
	if f.field.Kind != value.TableKind {
		n.fault("wrong-kind", "", "%s is not a table", n.text)
		return nil
	}
	return f.field
}

// form reads form, optional, show, add and edit_rows of a task, start or message.
func (c *compiler) form(n *node, row *value.Field) *Form {
	f := &Form{}
	if add := n.get("add"); add != nil {
		f.Add = c.tableAt(add)
	}
	for _, t := range n.get("edit_rows").all() {
		if table := c.tableAt(t); table != nil {
			f.EditRows = append(f.EditRows, table)
		}
	}
	if f.Add != nil && !n.has("form") {
		c.fill(f, found{field: f.Add})
	}
	c.fillIn(f, n, row)
	for _, item := range n.get("show").all() {
		got, ok := c.path(item, row)
		switch {
		case !ok:
		case got.ofRow && got.table == nil:
			f.Show = appendNew(f.Show, got.field.Fields...)
		default:
			f.Show = appendNew(f.Show, got.field)
		}
	}
	return f
}

// fillIn reads what is filled in.
func (c *compiler) fillIn(f *Form, n *node, row *value.Field) {
	for _, item := range n.get("form").all() {
		c.formEntry(f, item, row)
	}
	for _, item := range n.get("optional").all() {
		c.optional(f, item, row)
	}
}

func appendNew(list []*value.Field, more ...*value.Field) []*value.Field {
	for _, f := range more {
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	return list
}

func (c *compiler) formEntry(f *Form, item *node, row *value.Field) {
	scope := row
	if f.Add != nil {
		scope = f.Add // paper.name and papers.name mean the same in the form of a new row
	}
	got, ok := c.path(item, scope)
	if !ok {
		return
	}
	if f.Add != nil {
		if got.table != f.Add && got.field != f.Add {
			item.fault("wrong-kind", "ask for it in another step", "add: the form is a new row of %s, and %s is none of "+
				"its columns", f.Add.Path, item.text)
			return
		}
		got.ofRow = false
	}
	if c.computed[got.field] {
		item.fault("computed-field", "write it in show", "%s is computed: it cannot be filled in", item.text)
		return
	}
	before := len(f.Fields)
	c.fill(f, got)
	for _, one := range f.Fields[before:] {
		c.p.texts[one] = textPlace{node: item}
	}
}

// fill puts a field, or all that can be filled in of a record, table or row, into a form.
func (c *compiler) fill(f *Form, got found) {
	switch got.field.Kind {
	case value.TableKind:
		for _, col := range got.field.Fields {
			c.fillOne(f, found{field: col, table: got.field, ofRow: got.ofRow})
		}
	case value.RecordKind:
		for _, sub := range got.field.Fields {
			c.fillOne(f, found{field: sub, table: got.table, ofRow: got.ofRow})
		}
	default:
		c.fillOne(f, got)
	}
}

func (c *compiler) fillOne(f *Form, got found) {
	has := slices.ContainsFunc(f.Fields, func(x *FormField) bool { return x.Field == got.field })
	if has || c.computed[got.field] {
		return
	}
	f.Fields = append(f.Fields, &FormField{Field: got.field, Table: got.table, OfRow: got.ofRow})
}

func (c *compiler) optional(f *Form, item *node, row *value.Field) {
	scope := row
	if f.Add != nil {
		scope = f.Add
	}
	got, ok := c.path(item, scope)
	if !ok {
		return
	}
	hit := false
	for _, x := range f.Fields {
		if x.Field == got.field || c.parent[x.Field] == got.field {
			x.Optional, hit = true, true
		}
	}
	if !hit {
		item.fault("not-in-form", "optional names those of form that may be left empty", "%s is not in the form",
			item.text)
	}
}

// checks reads one check or several.
func (c *compiler) checks(n *node, names formula.Names) []*Check {
	var out []*Check
	for _, item := range n.all() {
		if !item.isMap() {
			continue
		}
		k := &Check{That: c.guard(item.get("that"), names), Say: item.get("say").str()}
		if at := item.get("at"); at != nil {
			if got, ok := c.path(at, names.Row); ok {
				k.At = got.field
			}
		}
		if k.That != nil {
			out = append(out, k)
		}
	}
	return out
}

func (c *compiler) message(m *Message, n *node) {
	m.By, m.Open = c.who(n.get("by"), formula.Names{Manager: true}), n.has("by")
	m.Form = c.form(n, nil)
	m.Key = c.value(n.get("key"), formula.Names{}, &value.Field{Name: "key", Path: "key", Kind: value.Text})
	if keep := n.get("keep"); keep != nil {
		m.Keep, _ = value.ParseDuration(keep.text)
	}
	m.Each = n.get("to").str() == "each"
}

// assigns reads a mapping from fields to expressions, which may read more names.
func (c *compiler) assigns(n *node, row *value.Field, more ...*value.Field) []*Assign {
	var out []*Assign
	for _, e := range n.pairs() {
		if into, ok := c.target(e.key, row); ok {
			out = append(out, &Assign{Into: into.field, OfRow: into.ofRow,
				Value: c.value(e.value, formula.Names{Row: row, Extra: more}, into.field)})
		}
	}
	return out
}

// target looks up a field that is to be set.
func (c *compiler) target(n *node, row *value.Field) (found, bool) {
	into, ok := c.path(n, row)
	switch {
	case !ok:
		return into, false
	case c.computed[into.field]:
		n.fault("computed-field", "", "%s is computed: it cannot be set", n.text)
		return into, false
	case into.table != nil && !into.ofRow:
		n.fault("wrong-kind", "set the whole table, or stand inside for_each over it", "%s is a column: which row?",
			n.text)
		return into, false
	case into.ofRow && into.table == nil:
		n.fault("wrong-kind", "set its columns", "%s is a whole row", n.text)
		return into, false
	}
	return into, true
}

// series reads the pattern of a running number.
func (c *compiler) series(n *node, without string) Series {
	pattern := without
	if n.isText() {
		pattern = n.text
	}
	s, wrong := ParseSeries(pattern)
	if wrong != nil && n != nil {
		n.fault("wrong-value", "'LF{yyyy}{mm}{dd}-{n:3}'", "%v", wrong)
	}
	return s
}
