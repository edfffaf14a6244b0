package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// form describes a form to fill in.
func (n *renderer) form(p *definitions.Procedure, form *definitions.Form) FormView {
	out := FormView{Fields: []FieldView{}}
	if form == nil {
		return out
	}
	if form.Add != nil {
		out.Add = form.Add.Name
	}
	for _, t := range form.EditRows {
		out.EditRows = append(out.EditRows, t.Name)
	}
	for _, ff := range form.Fields {
		view := n.field(p, ff.Field)
		view.Required = !ff.Optional
		if ff.Table != nil {
			view.Table = ff.Table.Name
			out.table(n, ff.Table)
			view.Private = view.Private || ff.Table.Private
			if ff.OfRow || form.Add != nil {
				view.Path = ff.Table.Each + "." + ff.Name
			}
		} else {
			out.group(n, p, ff.Field)
		}
		out.Fields = append(out.Fields, view)
	}
	return out
}

// judged describes a form that is judged by checks: what may be left empty, a check may want all the same.
func (n *renderer) judged(p *definitions.Procedure, form *definitions.Form, checks []*definitions.Check) FormView {
	out := n.form(p, form)
	for i := range out.Fields {
		f := &out.Fields[i]
		f.Judged = !f.Required && slices.ContainsFunc(checks, func(c *definitions.Check) bool {
			return slices.Contains(c.That.Wants(), f.Path)
		})
	}
	return out
}

// table names a table of a form, once.
func (v *FormView) table(n *renderer, t *value.Field) {
	if slices.ContainsFunc(v.Tables, func(x TableView) bool { return x.Path == t.Path }) {
		return
	}
	out := TableView{Path: t.Path, Title: n.say(t.Title), Row: t.Each}
	out.Min, _ = t.Min.(int64)
	out.Max, _ = t.Max.(int64)
	v.Tables = append(v.Tables, out)
}

// group names the record of a plain field, once.
func (v *FormView) group(n *renderer, p *definitions.Procedure, f *value.Field) {
	head, _, inside := strings.Cut(f.Path, ".")
	if !inside || slices.ContainsFunc(v.Groups, func(c Choice) bool { return c.ID == head }) {
		return
	}
	v.Groups = append(v.Groups, Choice{ID: head, Title: n.say(p.Data.Field(head).Title)})
}

func (n *renderer) field(p *definitions.Procedure, f *value.Field) FieldView {
	out := FieldView{
		Path: f.Path, Title: n.say(f.Title), Type: f.Kind.String(), Pattern: f.Pattern, Hint: n.say(f.Hint),
		Places: f.Places, Private: f.Private, Min: n.bound(f, f.Min), Max: n.bound(f, f.Max), Options: n.options(f),
	}
	for _, rule := range p.Rules {
		if rule.Field == f && rule.When != nil {
			out.When = rule.When.Source()
		}
	}
	for _, c := range f.Fields {
		out.Columns = append(out.Columns, n.field(p, c))
	}
	if v := p.Defaults[f]; v != nil {
		out.Default, out.Now = n.byDefault(p, f, v), v.Source() == "now"
	}
	return out
}

// byDefault is what a field begins with; nothing where it cannot be computed.
func (n *renderer) byDefault(p *definitions.Procedure, f *value.Field, v *formula.Value) json.RawMessage {
	got, err := v.Eval(&formula.Scope{
		Settings: core.Settings(p, n.desk.settings(p)), Now: n.at, Zone: n.zone, Actor: &n.reads, Staff: n.desk.roster,
	})
	if err != nil || got == nil {
		return nil
	}
	raw, err := f.Encode(got, n.zone)
	if err != nil {
		return nil
	}
	return raw
}

// bound writes a minimum or maximum as its value would be sent; lengths as numbers.
func (n *renderer) bound(f *value.Field, v any) string {
	if v == nil {
		return ""
	}
	raw, err := f.Encode(v, n.zone)
	if err != nil {
		return fmt.Sprint(v)
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// options are what a field can be chosen from: its own, or the office's posts, units and people.
func (n *renderer) options(f *value.Field) []Choice {
	var out []Choice
	switch f.Kind {
	case value.Post:
		if n.desk.office != nil {
			for _, p := range n.desk.office.Posts {
				out = append(out, Choice{ID: p.ID, Title: n.say(p.Title)})
			}
		}
	case value.UnitKind:
		for _, u := range n.desk.roster.Units() {
			out = append(out, Choice{ID: u.ID, Title: n.say(u.Name)})
		}
	case value.Human, value.People:
		for _, p := range n.desk.roster.Everyone() {
			if len(out) < maxOptions {
				out = append(out, Choice{ID: p.ID, Title: p.Name})
			}
		}
	default:
		for _, o := range f.Options {
			out = append(out, Choice{ID: o.ID, Title: n.say(o.Title)})
		}
	}
	return out
}

// begin gives what a task's form begins with: the values that its fields have, in the shape in which they are sent.
func begin(s *snapshot, a *core.Activation, form *definitions.Form) (json.RawMessage, error) {
	p := s.proc
	rec := value.Record{}
	if form != nil && form.Add == nil {
		row, was := rowAround(s, a)
		for _, ff := range form.Fields {
			beginField(p, rec, s.state.Data, form, ff, row, was)
		}
	}
	raw, err := value.EncodeRecord(core.FormFields(p, form), rec, p.Office.Zone)
	if err != nil {
		return nil, fmt.Errorf("values of the form: %w", err)
	}
	return raw, nil
}

func beginField(p *definitions.Procedure, rec, data value.Record, form *definitions.Form, ff *definitions.FormField,
	row int, was value.Record,
) {
	switch {
	case ff.Table == nil:
		if v := dataAt(data, ff.Path); v != nil {
			putAt(rec, p, ff.Field, v)
		}
	case ff.OfRow:
		rows, _ := data[ff.Table.Name].([]value.Record)
		if row < 0 || row >= len(rows) {
			return
		}
		v, ok := rows[row][ff.Name]
		if !ok {
			v, ok = was[ff.Name]
		}
		if ok {
			inner, _ := rec[ff.Table.Each].(value.Record)
			if inner == nil {
				inner = value.Record{}
				rec[ff.Table.Each] = inner
			}
			inner[ff.Name] = v
		}
	default:
		beginColumn(rec, data, form, ff)
	}
}

// beginColumn lays a column of a whole table; rows that may be edited say which they are.
func beginColumn(rec, data value.Record, form *definitions.Form, ff *definitions.FormField) {
	old, _ := data[ff.Table.Name].([]value.Record)
	rows, ok := rec[ff.Table.Name].([]value.Record)
	if !ok {
		rows = make([]value.Record, len(old))
		for i := range rows {
			rows[i] = value.Record{}
			if slices.Contains(form.EditRows, ff.Table) {
				rows[i][core.RowNumber] = int64(i)
			}
		}
		rec[ff.Table.Name] = rows
	}
	for i, row := range old {
		if v, ok := row[ff.Name]; ok {
			rows[i][ff.Name] = v
		}
	}
}

// putAt puts a plain field under the record it belongs to.
func putAt(rec value.Record, p *definitions.Procedure, f *value.Field, v any) {
	if f.Path == f.Name {
		rec[f.Name] = v
		return
	}
	parent := p.Data.Field(f.Path[:len(f.Path)-len(f.Name)-1])
	inner, ok := rec[parent.Name].(value.Record)
	if !ok {
		inner = value.Record{}
		rec[parent.Name] = inner
	}
	inner[f.Name] = v
}

// rowAround finds the row that an activation is about, and what it held before it was emptied: a draft at most, so what
// cannot be read is left out.
func rowAround(s *snapshot, a *core.Activation) (int, value.Record) {
	for f := frameOf(s.state, a.Frame); f != nil; {
		if f.Row >= 0 {
			step := core.StepOf(s.proc, s.state, f.Owner)
			multi, ok := step.Work.(*definitions.Multi)
			if !ok || len(f.Was) == 0 {
				return f.Row, nil
			}
			was, _ := value.DecodeRecord(multi.Table.Fields, f.Was, s.proc.Office.Zone, nil)
			return f.Row, was
		}
		owner := actOf(s.state, f.Owner)
		if owner == nil {
			break
		}
		f = frameOf(s.state, owner.Frame)
	}
	return -1, nil
}
