package core

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// rowRef is the row of a table that a formula or a form is about; table nil = none.
type rowRef struct {
	table *value.Field
	index int
}

// draft is a change of the data under way: decided as a whole, then stored by one event.
type draft struct {
	m     *machine
	data  value.Record
	owned []string     // top-level names that were copied
	marks []Assignment // what was touched, in order; values are filled in at the end
	row   rowRef

	computed int // bytes of texts that were computed
}

func (m *machine) draftOf(row rowRef) *draft {
	d := &draft{m: m, data: maps.Clone(m.s.Data), row: row}
	if d.data == nil { // a case that begins
		d.data = value.Record{}
	}
	return d
}

// own copies a top-level entry before its inside is changed.
func (d *draft) own(name string) {
	if !slices.Contains(d.owned, name) {
		d.owned = append(d.owned, name)
		if v, ok := d.data[name]; ok {
			d.data[name] = value.Clone(v)
		}
	}
}

func (d *draft) mark(path string, row int) {
	for _, a := range d.marks {
		if a.Path == path && a.Row == row {
			return
		}
	}
	d.marks = append(d.marks, Assignment{Path: path, Row: row})
}

// put sets (nil: empties) a field, or a column of the draft's row.
func (d *draft) put(f *value.Field, ofRow bool, v any) {
	row := -1
	if ofRow {
		row = d.row.index
	}
	d.putAt(f, row, v)
}

// putAll sets what a record has.
func (d *draft) putAll(fields []*value.Field, rec value.Record) {
	for _, f := range fields {
		v, given := rec[f.Name]
		if inner, ok := v.(value.Record); ok && f.Kind == value.RecordKind {
			d.putAll(f.Fields, inner)
		} else if given {
			d.putAt(f, -1, v)
		}
	}
}

// putAt sets or empties a field; row says which row of a column.
func (d *draft) putAt(f *value.Field, row int, v any) {
	head, _, _ := strings.Cut(f.Path, ".")
	d.own(head)
	setAt(d.data, f.Path, row, v)
	d.mark(f.Path, row)
}

// getAt returns a field's value, nil if it is empty.
func (d *draft) getAt(f *value.Field, row int) any { return getAt(d.data, f.Path, row) }

func (d *draft) rowRecord() value.Record {
	if d.row.table == nil {
		return nil
	}
	return rowAt(d.data, d.row.table.Name, d.row.index)
}

// rows gives the record of each row of a table.
func (d *draft) rows(table string) []value.Record {
	rows, _ := d.data[table].([]value.Record)
	return rows
}

// appendRow adds an empty row to a table and makes it the draft's row.
func (d *draft) appendRow(table *value.Field) {
	d.own(table.Name)
	rows := append(d.rows(table.Name), value.Record{})
	d.data[table.Name] = rows
	d.mark(table.Name, -1)
	d.row = rowRef{table: table, index: len(rows) - 1}
}

// compute brings every computed field up to date.
func (d *draft) compute(scope *formula.Scope) *Incident {
	for _, rule := range d.m.p.Rules {
		if wrong := d.computeOne(rule, scope); wrong != nil {
			return wrong
		}
	}
	return nil
}

// computeOne brings a computed field up to date; one whose sources are empty becomes empty.
func (d *draft) computeOne(rule *definitions.FieldRule, scope *formula.Scope) *Incident {
	if rule.Value == nil {
		return nil
	}
	for _, row := range d.places(rule.Field) {
		scope.Data, scope.Row = d.data, nil
		if row >= 0 {
			scope.Row = rowAt(d.data, tableOf(d.m.p, rule.Field).Name, row)
		}
		v, err := rule.Value.Eval(scope)
		if absent(err) {
			v, err = nil, nil
		}
		if err != nil {
			return trouble(err, rule.Value.Source())
		}
		if text, ok := v.(string); ok {
			if d.computed += len(text); d.computed > maxComputed {
				return &Incident{
					Code: "limit", Formula: rule.Value.Source(),
					Message: "the computed texts of one case are larger than " + strconv.Itoa(maxComputed) + " bytes",
				}
			}
		}
		if old := d.getAt(rule.Field, row); v == nil && old != nil || v != nil && !value.Equal(old, v) {
			d.putAt(rule.Field, row, v)
		}
	}
	return nil
}

// places lists the rows at which a field stands: each row for a column, -1 for any other field.
func (d *draft) places(f *value.Field) []int {
	table := tableOf(d.m.p, f)
	if table == nil {
		return []int{-1}
	}
	out := make([]int, len(d.rows(table.Name)))
	for i := range out {
		out[i] = i
	}
	return out
}

// tableOf returns the table whose column f is; nil for other fields.
func tableOf(p *definitions.Procedure, f *value.Field) *value.Field {
	head, _, inside := strings.Cut(f.Path, ".")
	if !inside {
		return nil
	}
	if t := p.Data.Field(head); t != nil && t.Kind == value.TableKind {
		return t
	}
	return nil
}

// save stores a draft by one event, computed fields included.
func (m *machine) save(d *draft, scope *formula.Scope) *Incident {
	if trouble := d.compute(scope); trouble != nil {
		return trouble
	}
	m.emitDraft(d)
	return nil
}

// emitDraft makes the event of a draft whose computed fields are up to date.
func (m *machine) emitDraft(d *draft) {
	var set DataSet
	whole := map[string]bool{}
	for _, a := range d.marks {
		if !strings.Contains(a.Path, ".") {
			whole[a.Path] = true
		}
	}
	for _, a := range d.marks {
		head, _, inside := strings.Cut(a.Path, ".")
		if inside && whole[head] {
			continue // the whole is set anyway
		}
		a.Value = value.Clone(getAt(d.data, a.Path, a.Row))
		old := getAt(m.s.Data, a.Path, a.Row)
		if old == nil && a.Value == nil || a.Value != nil && value.Equal(old, a.Value) {
			continue
		}
		set.Values = append(set.Values, a)
	}
	if len(set.Values) > 0 {
		m.emit(set)
	}
}

// setAt sets or (nil) empties a field of data by its full name; a record left without entries is empty itself.
func setAt(data value.Record, path string, row int, v any) {
	head, rest, inside := strings.Cut(path, ".")
	if !inside {
		if v == nil {
			delete(data, head)
			return
		}
		data[head] = v
		return
	}
	if row >= 0 {
		rows, _ := data[head].([]value.Record)
		if row < len(rows) {
			setAt(rows[row], rest, -1, v)
		}
		return
	}
	inner, ok := data[head].(value.Record)
	if !ok {
		if v == nil {
			return
		}
		inner = value.Record{}
		data[head] = inner
	}
	setAt(inner, rest, -1, v)
	if len(inner) == 0 {
		delete(data, head)
	}
}

// getAt reads a field of data by its full name; nil if it is empty.
func getAt(data value.Record, path string, row int) any {
	head, rest, inside := strings.Cut(path, ".")
	if !inside {
		return data[head]
	}
	if row >= 0 {
		if rec := rowAt(data, head, row); rec != nil {
			return rec[rest]
		}
		return nil
	}
	if inner, ok := data[head].(value.Record); ok {
		return getAt(inner, rest, -1)
	}
	return nil
}

func rowAt(data value.Record, table string, row int) value.Record {
	rows, _ := data[table].([]value.Record)
	if row < 0 || row >= len(rows) {
		return nil
	}
	return rows[row]
}

// merge lays a record over another, entry by entry.
func merge(into, from value.Record) {
	for _, k := range slices.Sorted(maps.Keys(from)) {
		into[k] = from[k]
	}
}

// rowPath is how a column of one row is named to the sender of a form.
func rowPath(table string, row int, column string) string {
	return table + "[" + strconv.Itoa(row) + "]." + column
}
