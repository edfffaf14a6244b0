package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// caseTitles are the titles of the names of a case, in the three languages: zh-Hant, zh-Hans, en.
var caseTitles = []struct {
	name   string
	titles [3]string
	kind   value.Kind
}{
	{"number", [3]string{"編號", "编号", "Number"}, value.Text},
	{"started", [3]string{"開始時間", "开始时间", "Started"}, value.Moment},
	{"starter", [3]string{"經辦人", "经办人", "Started by"}, value.Human},
	{"state", [3]string{"狀態", "状态", "State"}, value.Text},
	{"outcome", [3]string{"結果", "结果", "Outcome"}, value.Text},
	{"ended", [3]string{"結束時間", "结束时间", "Ended"}, value.Moment},
}

func (c *compiler) document(d *Document, n *node) {
	if number := n.get("number"); number != nil {
		s := c.series(number, "")
		d.Number = &s
	}
	d.Copies = c.who(n.get("copies"), formula.Names{Manager: true})
	for _, item := range n.get("body").all() {
		if !item.isMap() {
			d.Body = append(d.Body, &DocumentPart{Text: c.text(item)})
			continue
		}
		d.Body = append(d.Body, c.part(item))
	}
}

func (c *compiler) text(n *node) *formula.Template {
	at := textPlace{node: n}
	t, faults := c.p.Formulas.Text(n.str(), formula.Names{})
	if !c.report(at, faults) || t == nil {
		return nil
	}
	c.p.texts[t] = at
	return t
}

func (c *compiler) part(n *node) *DocumentPart {
	p := &DocumentPart{}
	kind := c.exactlyOne(n, "fields", "table", "signatures")
	if kind != "table" {
		for _, k := range []string{"when", "columns", "cards"} {
			if n.has(k) {
				n.keyNode(k).fault("not-for-type", "", "only a table has %s", k)
			}
		}
	}
	switch kind {
	case "fields":
		p.Fields = c.printed(n.get(kind), nil)
	case "signatures":
		for _, item := range n.get(kind).all() {
			if s := c.stepNamed(item); s != nil {
				p.Signatures = append(p.Signatures, s)
			}
		}
	case "table":
		t := &TablePart{Table: c.tableAt(n.get(kind)), Cards: n.get("cards").yes()}
		p.Table = t
		if t.Table == nil {
			return p
		}
		t.When = c.guard(n.get("when"), formula.Names{Row: t.Table, Now: true})
		t.Columns = c.printed(n.get("columns"), t.Table)
		if !n.has("columns") {
			for _, col := range t.Table.Fields {
				t.Columns = append(t.Columns,
					&Printed{Name: t.Table.Each + "." + col.Name, Title: col.Title, Field: col, As: col})
			}
		}
	}
	return p
}

func (c *compiler) stepNamed(n *node) *Step {
	if !n.isText() {
		return nil
	}
	if s := c.p.Steps[n.text]; s != nil {
		return s
	}
	var names []string
	for _, g := range c.lists {
		for _, s := range g.Steps {
			names = append(names, s.ID)
		}
	}
	n.fault("unknown-step", report.DidYouMean(n.text, names), "there is no step %s", clipped(n.text))
	return nil
}

// printed reads the lines of a paper or the columns of a register.
func (c *compiler) printed(n *node, row *value.Field) []*Printed {
	var out []*Printed
	add := func(at *node, p *Printed) {
		if slices.ContainsFunc(out, func(x *Printed) bool { return x.Name == p.Name }) {
			at.fault("duplicate-name", "", "%s stands here twice", p.Name)
			return
		}
		out = append(out, p)
	}
	for _, item := range n.all() {
		for _, e := range item.pairs() {
			if e.value.isMap() {
				add(e.key, c.computedLine(e, row))
			}
		}
		if p := c.line(item, row); p != nil {
			add(item, p)
		}
	}
	return out
}

func (c *compiler) line(n *node, row *value.Field) *Printed {
	if name, ok := strings.CutPrefix(n.str(), "case."); ok {
		var names []string
		for _, t := range caseTitles {
			if t.name == name {
				p := &Printed{Name: n.text, Title: t.titles[languageIndex(c.b.out.Office.Language)], Case: name}
				p.As = &value.Field{Name: name, Path: n.text, Title: p.Title, Kind: t.kind}
				return p
			}
			names = append(names, t.name)
		}
		n.fault("unknown-field", hintAmong(name, names), "a case has no %s", clipped(name))
		return nil
	}
	got, ok := c.path(n, row)
	if !ok {
		return nil
	}
	return &Printed{Name: n.text, Title: got.field.Title, Field: got.field, As: got.field}
}

func languageIndex(lang string) int {
	for i, l := range languages {
		if l == lang {
			return i
		}
	}
	return 0
}

func (c *compiler) computedLine(e entry, row *value.Field, more ...*value.Field) *Printed {
	f := &value.Field{Name: e.key.text, Path: e.key.text, Title: e.value.get("title").str()}
	c.name(e.key, false)
	c.b.typed(f, e.value)
	return &Printed{Name: f.Name, Title: f.Title, As: f,
		Value: c.value(e.value.get("value"), formula.Names{Row: row, Extra: more}, f)}
}
