package core

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// RowNumber is the name under which a form whose rows may be edited says, for each row, which earlier row it is
// (from 0). A row without it is new.
const RowNumber = "#"

// FormFields gives the shape in which a form's values are sent: only what may be filled in. A column of the row in
// scope stands under the row's name (party.coming), a column of a whole table in the rows of the table.
func FormFields(p *definitions.Procedure, form *definitions.Form) []*value.Field {
	if form == nil {
		return nil
	}
	var out []*value.Field
	for _, ff := range form.Fields {
		switch {
		case ff.Table == nil:
			out = graft(p, out, ff.Field)
		case ff.OfRow || form.Add != nil:
			column := *ff.Field
			column.Path = ff.Table.Each + "." + ff.Name // as the sender sees it
			out = into(out, &value.Field{
				Name: ff.Table.Each, Path: ff.Table.Each, Title: ff.Table.Title, Kind: value.RecordKind,
			}, &column)
		default:
			table := *ff.Table
			table.Fields = nil
			if slices.Contains(form.EditRows, ff.Table) {
				table.Fields = []*value.Field{{Name: RowNumber, Path: ff.Table.Name + "." + RowNumber, Kind: value.Count}}
			}
			out = into(out, &table, ff.Field)
		}
	}
	return out
}

// into adds a field to the record or table of the same name in out, which is made if it is not there.
func into(out []*value.Field, parent, f *value.Field) []*value.Field {
	for _, x := range out {
		if x.Name == parent.Name {
			x.Fields = append(x.Fields, f)
			return out
		}
	}
	parent.Fields = append(parent.Fields, f)
	return append(out, parent)
}

// graft adds a plain field under the records on its way.
func graft(p *definitions.Procedure, out []*value.Field, f *value.Field) []*value.Field {
	if f.Path == f.Name {
		return append(out, f)
	}
	record := *p.Data.Field(f.Path[:len(f.Path)-len(f.Name)-1])
	record.Fields = nil
	return into(out, &record, f)
}

// filled is one entry of a form at one place.
type filled struct {
	*definitions.FormField
	row   int    // -1 for a plain field
	path  string // as the sender sees it, for faults
	asked bool
}

// filling is a form being filled in.
type filling struct {
	*draft
	scope   *formula.Scope
	entries []filled
	faults  []value.Fault
	keep    bool // an optional entry that is not given stays as an earlier signer left it
}

// fill lays a form's values over the data and checks them. Nothing is stored yet.
func (m *machine) fill(form *definitions.Form, values value.Record, scope *formula.Scope) (*draft, *Rejection) {
	return m.fillAfter(form, rowRef{}, values, scope, false)
}

// fillAfter fills a form, after somebody else has signed it if keep is set.
func (m *machine) fillAfter(
	form *definitions.Form, row rowRef, values value.Record, scope *formula.Scope, keep bool,
) (*draft, *Rejection) {
	f := &filling{draft: m.draftOf(row), scope: scope, keep: keep}
	if form != nil {
		f.lay(form, values)
	}
	if r := f.settle(); r != nil {
		return nil, r
	}
	return f.draft, nil
}

// lay puts the values at their places; an entry that is not given becomes empty.
func (f *filling) lay(form *definitions.Form, values value.Record) {
	if form.Add != nil {
		f.appendRow(form.Add)
	}
	laid := map[string]bool{}
	for _, ff := range form.Fields {
		switch {
		case ff.Table == nil:
			f.layAt(ff, -1, ff.Path, getAt(values, ff.Path, -1))
		case ff.OfRow || form.Add != nil:
			given, _ := values[ff.Table.Each].(value.Record)
			f.layAt(ff, f.row.index, ff.Table.Each+"."+ff.Name, given[ff.Name])
		default:
			if !laid[ff.Table.Name] {
				laid[ff.Table.Name] = true
				f.layRows(form, ff.Table, values)
			}
			f.layColumn(ff, values)
		}
	}
}

func (f *filling) layAt(ff *definitions.FormField, row int, path string, v any) {
	if v != nil || !f.keep || !ff.Optional {
		f.putAt(ff.Field, row, v)
	}
	f.entries = append(f.entries, filled{FormField: ff, row: row, path: path, asked: true})
	if v != nil {
		for _, fault := range ff.Check(v) {
			fault.Path = path
			f.faults = append(f.faults, fault)
		}
	}
}

// layRows makes the rows of a table: those there are, or as the sender edited them.
func (f *filling) layRows(form *definitions.Form, table *value.Field, values value.Record) {
	given, sent := values[table.Name].([]value.Record)
	old, exists := f.data[table.Name].([]value.Record)
	if exists && !slices.Contains(form.EditRows, table) {
		if len(given) != len(old) {
			f.fault(table.Name, "rows")
		}
		return
	}
	if !sent && !exists {
		return
	}
	f.own(table.Name)
	rows := make([]value.Record, len(given))
	for i, g := range given {
		rows[i] = value.Record{}
		if n, ok := g[RowNumber].(int64); ok && n >= 0 && int(n) < len(old) {
			merge(rows[i], old[n])
		}
	}
	f.data[table.Name] = rows
	f.mark(table.Name, -1)
	f.faults = append(f.faults, table.Check(rows)...)
}

func (f *filling) layColumn(ff *definitions.FormField, values value.Record) {
	given, sent := values[ff.Table.Name].([]value.Record)
	if rows := f.rows(ff.Table.Name); !sent && len(rows) == 0 {
		least, _ := ff.Table.Min.(int64)
		missing := value.Fault{Path: ff.Table.Name, Code: "required"}
		if (!ff.Optional || least > 0) && !slices.ContainsFunc(f.faults, func(x value.Fault) bool {
			return x.Path == missing.Path && x.Code == missing.Code
		}) {
			f.faults = append(f.faults, missing)
		}
		return
	}
	for i := range f.rows(ff.Table.Name) {
		var v any
		if i < len(given) {
			v = given[i][ff.Name]
		}
		f.layAt(ff, i, rowPath(ff.Table.Name, i, ff.Name), v)
	}
}

// settle decides what is asked, computes, and tests what is required and checked.
func (f *filling) settle() *Rejection {
	for _, rule := range f.m.p.Rules { // what one reads stands before it
		if r := f.apply(rule); r != nil {
			return r
		}
	}
	for _, e := range f.entries {
		if e.asked && !e.Optional && f.getAt(e.Field, e.row) == nil {
			f.fault(e.path, "required")
		}
	}
	for _, rule := range f.m.p.Rules {
		for _, e := range f.entries {
			if e.Field == rule.Field && f.getAt(e.Field, e.row) != nil {
				f.runChecks(rule, e)
			}
		}
	}
	for _, rule := range f.m.p.Rules {
		if rule.Key != nil {
			f.tellApart(rule)
		}
	}
	if len(f.faults) > 0 {
		return &Rejection{Code: Invalid, Fields: f.faults}
	}
	return nil
}

// tellApart refuses a row of the form that has the key of another; a row whose key is still empty is passed over.
func (f *filling) tellApart(rule *definitions.FieldRule) {
	table := rule.Field
	first := map[int]string{} // the first entry of each row: where a fault is shown
	for _, e := range f.entries {
		if _, there := first[e.row]; !there && tableOf(f.m.p, e.Field) == table {
			first[e.row] = e.path
		}
	}
	if len(first) == 0 {
		return
	}
	seen := map[string]int{}
	for i := range f.rows(table.Name) {
		f.scope.Data, f.scope.Row = f.data, rowAt(f.data, table.Name, i)
		key, err := rule.Key.Eval(f.scope)
		if who, ok := key.(value.Person); ok {
			key = who.ID // what else is known of people changes
		}
		text := fmt.Sprintf("%T %v", key, key)
		twin, twice := seen[text]
		seen[text] = i
		path, here := first[i]
		if !here {
			path, here = first[twin]
		}
		switch {
		case absent(err):
			delete(seen, text)
		case err != nil && here:
			f.faults = append(f.faults, value.Fault{
				Path: path, Code: string(Unfit), Args: map[string]string{"formula": rule.Key.Source()},
			})
		case twice && here:
			f.fault(path, "unique")
		}
	}
}

// apply computes a rule's field, and decides whether it is asked.
func (f *filling) apply(rule *definitions.FieldRule) *Rejection {
	if stuck := f.computeOne(rule, f.scope); stuck != nil {
		return &Rejection{Code: Unfit, Args: map[string]string{"formula": stuck.Formula, "reason": stuck.Message}}
	}
	for i := range f.entries {
		e := &f.entries[i]
		if rule.When == nil || e.Field != rule.Field {
			continue
		}
		if r := f.decideAsked(rule, e); r != nil {
			return r
		}
	}
	return nil
}

func (f *filling) fault(path, code string) {
	f.faults = append(f.faults, value.Fault{Path: path, Code: code})
}

// at puts the scope at a place of the form.
func (f *filling) at(row int) *formula.Scope {
	f.scope.Data, f.scope.Row = f.data, f.rowRecord()
	if row >= 0 && f.row.table == nil {
		f.scope.Row = nil
	}
	return f.scope
}

func (f *filling) scopeOf(e filled) *formula.Scope {
	scope := f.at(e.row)
	if e.row >= 0 {
		scope.Row = rowAt(f.data, e.Table.Name, e.row)
	}
	return scope
}

// decideAsked empties a field that is not asked for, and refuses a value for it.
func (f *filling) decideAsked(rule *definitions.FieldRule, e *filled) *Rejection {
	holds, err := rule.When.Eval(f.scopeOf(*e))
	if absent(err) {
		holds, err = false, nil // what it depends on is empty
	}
	if err != nil {
		return unfit(err, rule.When.Source())
	}
	if holds {
		return nil
	}
	e.asked = false
	if f.getAt(e.Field, e.row) != nil {
		f.fault(e.path, "not-asked")
		f.putAt(e.Field, e.row, nil)
	}
	return nil
}

// runChecks tests a field's checks; one that reads an empty field does not apply.
func (f *filling) runChecks(rule *definitions.FieldRule, e filled) {
	for _, c := range rule.Checks {
		holds, err := c.That.Eval(f.scopeOf(e))
		switch {
		case absent(err):
		case err != nil:
			f.faults = append(f.faults, value.Fault{
				Path: e.path, Code: string(Unfit), Args: map[string]string{"formula": c.That.Source()},
			})
		case !holds:
			f.faults = append(f.faults, value.Fault{Path: e.path, Code: "check", Args: map[string]string{"say": c.Say}})
		}
	}
}

// checkAll tests the checks of a whole form over a draft.
func (m *machine) checkAll(checks []*definitions.Check, d *draft, scope *formula.Scope) *Rejection {
	scope.Data, scope.Row = d.data, d.rowRecord()
	for _, c := range checks {
		holds, err := c.That.Eval(scope)
		if err != nil {
			return unfit(err, c.That.Source())
		}
		if holds {
			continue
		}
		r := &Rejection{Code: CheckFailed, Say: c.Say}
		if c.At != nil {
			path := c.At.Path
			if t := tableOf(m.p, c.At); t != nil && d.row.table == t {
				path = t.Each + "." + c.At.Name
			}
			r.Fields = []value.Fault{{Path: path, Code: "check", Args: map[string]string{"say": c.Say}}}
		}
		return r
	}
	return nil
}

func unfit(err error, source string) *Rejection {
	return &Rejection{Code: Unfit, Args: map[string]string{"formula": source, "reason": err.Error()}}
}
