package definitions

import (
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// Names that a field cannot have: words of CEL and Expr everywhere, the names that always mean something else at the
// top.
var (
	languageWords = strings.Fields(`true false null nil in as break const continue else for function if import let loop
		package namespace return var void while not and or matches contains startsWith endsWith`)
	takenNames = []string{"case", "today", "settings", "now"}
	// hidingNames mean something else at some places, and hide a field of that name there.
	hidingNames = []string{"actor", "answer", "outcome", "due", "total", "finished", "running", "row", "its", "manager",
		"holders"}
)

// typed reads a field's type and what narrows it.
func (b *bundler) typed(f *value.Field, n *node) {
	t := n.get("type")
	switch {
	case t.isText():
		b.base(f, t)
	case !n.has("type"):
		n.fault("missing-key", "type: text, choice, count, moment …; or fields: for a record, rows: for a table",
			"%s has no type", f.Name)
	}
	if f.Kind == 0 { // formulas take it for anything: the fault is told once
		return
	}
	b.narrow(f, n)
}

func (b *bundler) base(f *value.Field, t *node) {
	if k, ok := value.KindNamed(t.text); ok {
		f.Kind, f.TypeName = k, t.text
		return
	}
	own := b.out.Office.Types
	if base := own[t.text]; base != nil {
		title, name, path := f.Title, f.Name, f.Path
		*f = *base
		f.Title, f.Name, f.Path, f.TypeName = title, name, path, t.text
		return
	}
	t.fault("unknown-type", b.typeHint(t.text), "there is no type %s", clipped(t.text))
	if k, ok := value.KindNamed(foreignTypes[strings.ToLower(t.text)]); ok { // what reads it is judged by what was meant
		f.Kind, f.TypeName = k, k.String()
	}
}

// narrow reads options, bounds, pattern, hint, places and privacy.
func (b *bundler) narrow(f *value.Field, n *node) {
	b.options(f, n)
	if v, ok := b.bound(f, n.get("min")); ok {
		f.Min = v
	}
	if v, ok := b.bound(f, n.get("max")); ok {
		f.Max = v
	}
	if p := n.get("pattern"); p.isText() {
		if _, err := value.CompilePattern(p.text); err != nil {
			p.fault("wrong-value", "", "not a pattern: %v", err)
		} else if b.suits(p, f, "pattern", f.Kind.IsText()) {
			f.Pattern = p.text
		}
	}
	if h := n.get("hint"); h.isText() {
		f.Hint = h.text
	}
	if p := n.get("places"); p.isText() && b.suits(p, f, "places", f.Kind == value.Number) {
		f.Places, _ = strconv.Atoi(p.text)
		if f.Places > 9 {
			p.fault("wrong-value", "", "a number has at most 9 decimals")
		}
	}
	if p := n.get("private"); p.isText() {
		f.Private = p.yes()
	}
}

func (b *bundler) suits(n *node, f *value.Field, key string, ok bool) bool {
	if !ok {
		n.fault("not-for-type", "", "a %s has no %s", f.Kind, key)
	}
	return ok
}

func (b *bundler) options(f *value.Field, n *node) {
	chosen := f.Kind == value.Choice || f.Kind == value.Choices || f.Kind == value.Checklist
	o := n.get("options")
	if o == nil {
		if chosen && len(f.Options) == 0 && !n.has("options") {
			n.fault("missing-key", "options: {first: …, second: …}", "a %s without options", f.Kind)
		}
		return
	}
	if !b.suits(o, f, "options", chosen) {
		return
	}
	f.Options = nil
	for _, e := range o.pairs() {
		f.Options = append(f.Options, value.Option{ID: e.key.text, Title: e.value.str()})
	}
	if !o.isList() {
		return
	}
	for _, item := range o.all() {
		if slices.ContainsFunc(f.Options, func(x value.Option) bool { return x.ID == item.text }) {
			item.fault("duplicate-key", "", "the option %s stands here twice", item.text)
			continue
		}
		f.Options = append(f.Options, value.Option{ID: item.text, Title: b.postTitle(item.text)})
	}
}

// postTitle: options without titles are posts as a rule.
func (b *bundler) postTitle(id string) string {
	for _, p := range b.out.Office.Posts {
		if p.ID == id {
			return p.Title
		}
	}
	return id
}

// bound reads a min or max in the field's Go type, or as a length.
func (b *bundler) bound(f *value.Field, n *node) (any, bool) {
	if !n.isText() {
		return nil, false
	}
	k := f.Kind
	switch {
	case k.IsText(), k == value.Texts, k == value.Choices, k == value.People, k == value.TableKind:
		size, err := strconv.ParseInt(n.text, 10, 64)
		if err != nil || size < 0 {
			n.fault("wrong-value", "", "%s is not a whole number", clipped(n.text))
			return nil, false
		}
		return size, true
	case k == value.Count, k == value.Number, k == value.Cash, k == value.Duration, k.IsTime():
		v, err := (&value.Field{Kind: k}).Parse(n.text, b.zone())
		if err != nil {
			n.fault("wrong-value", "", "%v", err)
			return nil, false
		}
		return v, true
	}
	b.suits(n, f, "min or max", false)
	return nil, false
}

// data reads the whole data section.
func (c *compiler) data(n *node) {
	var fields []*value.Field
	for _, e := range n.pairs() {
		c.name(e.key, true)
		fields = append(fields, c.field(e, nil))
	}
	c.p.Data = value.NewSchema(fields)
	for _, f := range fields {
		if f.Each == "" {
			continue
		}
		each := c.nodes[f].get("each")
		c.name(each, true)
		if c.p.Data.Field(f.Each) != nil || c.p.Data.Table(f.Each) != f {
			each.fault("duplicate-name", "", "%s is the name of something else as well", f.Each)
		}
	}
}

// name refuses words of the expression languages and warns of names that hide.
func (c *compiler) name(n *node, top bool) {
	if !n.isText() {
		return
	}
	switch {
	case slices.Contains(languageWords, n.text):
		n.fault("reserved-name", "choose another name", "%s is a word of the expression languages", n.text)
	case top && slices.Contains(takenNames, n.text):
		n.fault("reserved-name", "choose another name", "%s means something else everywhere", n.text)
	case top && slices.Contains(hidingNames, n.text):
		c.b.add(report.Problem{Place: n.place(), Width: n.width(), Severity: report.Warning, Code: "hidden-name",
			Message: n.text + " means something else at some places and hides this field there",
			Hint:    "choose another name if an expression is to read it"})
	}
}

// field reads a field, record or table with all that is in it.
func (c *compiler) field(e entry, parent *value.Field) *value.Field {
	n := e.value
	f := &value.Field{Name: e.key.text, Path: e.key.text, Title: n.get("title").str()}
	if parent != nil {
		f.Path = parent.Path + "." + f.Name
		c.parent[f] = parent
	}
	if f.Title == "" {
		f.Title = f.Name
	}
	c.nodes[f] = n
	c.p.texts[f] = textPlace{node: e.key}
	kinds := 0
	for _, has := range []bool{n.has("type"), n.has("fields"), n.has("rows") || n.has("each")} {
		if has {
			kinds++
		}
	}
	if kinds > 1 {
		n.fault("two-kinds", "", "%s is a field (type), a record (fields) or a table (each, rows): one of them", f.Path)
	}
	switch {
	case n.has("fields"):
		f.Kind = value.RecordKind
		c.inner(f, n.get("fields"))
		c.notAsked(n)
		c.only(n, "a record", "title", "fields", "when", "check", "value", "type")
	case n.has("rows") || n.has("each"):
		c.table(f, n)
	default:
		c.b.typed(f, n)
		c.searchable(f, n.get("searchable"), parent)
		c.only(n, "a field", "title", "type", "when", "value", "default", "check", "private", "searchable", "options",
			"min", "max", "pattern", "hint", "places")
		c.bounds(f, n)
	}
	return f
}

// searchable refuses what cases cannot be found by: no single value, a row's, or what not everybody may know.
func (c *compiler) searchable(f *value.Field, n *node, parent *value.Field) {
	if !n.isText() || !n.yes() {
		return
	}
	switch {
	case f.Private:
		n.fault("wrong-value", "", "%s is private: whoever finds cases by it knows it", f.Path)
	case parent != nil && parent.Kind == value.TableKind:
		n.fault("wrong-value", "make a field of the case", "%s is a column, and a case has many rows", f.Path)
	case !f.Kind.Searchable():
		n.fault("not-for-type", "", "cases cannot be found by a %s", f.Kind)
	}
	f.Search = true
}

func (c *compiler) table(f *value.Field, n *node) {
	f.Kind = value.TableKind
	f.Each = n.get("each").str()
	for _, k := range []string{"each", "rows"} {
		if !n.has(k) {
			n.fault("missing-key", "each: the name of one row; rows: its columns", "a table without %s", k)
		}
	}
	c.inner(f, n.get("rows"))
	c.notAsked(n)
	c.only(n, "a table", "title", "each", "rows", "key", "min", "max", "when", "check", "value", "type")
	if v, ok := c.b.bound(f, n.get("min")); ok {
		f.Min = v
	}
	if v, ok := c.b.bound(f, n.get("max")); ok {
		f.Max = v
	}
	c.bounds(f, n)
}

// notAsked refuses when of what holds fields: they are asked one by one.
func (c *compiler) notAsked(n *node) {
	if n.has("when") {
		n.keyNode("when").fault("not-for-type", "write it at each of its fields",
			"records and tables are asked field by field")
	}
}

// inner reads the fields of a record or the columns of a table. They are plain fields: one level deep.
func (c *compiler) inner(f *value.Field, n *node) {
	for _, e := range n.pairs() {
		c.name(e.key, false)
		for _, k := range []string{"fields", "rows", "each"} {
			if e.value.has(k) {
				e.value.keyNode(k).fault("too-deep", "write its fields side by side, or call a procedure for each row",
					"records and tables stand at the top, not inside others")
				break
			}
		}
		f.Fields = append(f.Fields, c.field(e, f))
	}
	if n != nil && len(n.entries) == 0 {
		n.fault("missing-key", "", "%s has no fields", f.Path)
	}
}

func (c *compiler) only(n *node, what string, keys ...string) {
	for _, e := range n.entries {
		if shapeNamed("field").key(e.key.text) != nil && !slices.Contains(keys, e.key.text) {
			e.key.fault("not-for-type", "", "%s has no %s", what, e.key.text)
		}
	}
}

func (c *compiler) bounds(f *value.Field, n *node) {
	low, lowOK := f.Min.(int64)
	high, highOK := f.Max.(int64)
	if lowOK && highOK && low > high {
		n.keyNode("min").fault("wrong-value", "", "min is greater than max")
	}
}

// settings reads the constants.
func (c *compiler) settings(n *node) {
	for _, e := range n.pairs() {
		c.name(e.key, false)
		f := &value.Field{Name: e.key.text, Path: "settings." + e.key.text, Title: e.value.get("title").str()}
		c.b.typed(f, e.value)
		s := &Setting{Field: f}
		c.p.Settings = append(c.p.Settings, s)
		v := e.value.get("value")
		if v == nil {
			continue
		}
		text := v.text
		if v.isList() {
			var parts []string
			for _, item := range v.all() {
				parts = append(parts, item.text)
			}
			text = strings.Join(parts, ",")
		}
		parsed, err := f.Parse(text, c.b.zone())
		if err != nil {
			v.fault("wrong-value", settingHint(f, text), "%v", err)
			continue
		}
		s.Value = parsed
	}
}
