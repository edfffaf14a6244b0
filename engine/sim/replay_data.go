package sim

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// assigned is a value of a recorded data-set.
type assigned struct {
	Path  string          `json:"path"`
	Row   *int            `json:"row"`
	Value json.RawMessage `json:"value"`
}

// tree is the data of a recorded case, whose types need not be known: records are trees, tables lists of them, and all
// else is as it was written.
type tree map[string]any

// lay sets or empties what an event says.
func (t tree) lay(g assigned) {
	v := any(g.Value)
	if len(g.Value) == 0 || string(g.Value) == "null" {
		v = nil
	}
	if g.Row == nil {
		t.put(g.Path, v)
		return
	}
	table, column, _ := strings.Cut(g.Path, ".")
	rows := t.rows(table)
	for len(rows) <= *g.Row {
		rows = append(rows, tree{})
	}
	rows[*g.Row].put(column, v)
	t[table] = rows
}

func (t tree) put(path string, v any) {
	head, rest, inside := strings.Cut(path, ".")
	switch {
	case inside:
		t.inner(head).put(rest, v)
	case v == nil:
		delete(t, head)
	default:
		t[head] = v
	}
}

// inner is a record of the tree, which is made if it is not there.
func (t tree) inner(name string) tree {
	if in, ok := t[name].(tree); ok {
		return in
	}
	in := tree{}
	if raw, ok := t[name].(json.RawMessage); ok {
		in.read(raw)
	}
	t[name] = in
	return in
}

func (t tree) read(raw json.RawMessage) {
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return
	}
	for name, part := range parts {
		t[name] = part
	}
}

// rows are those of a table; none if it is not there, or no table.
func (t tree) rows(name string) []tree {
	if rows, ok := t[name].([]tree); ok {
		return rows
	}
	raw, _ := t[name].(json.RawMessage)
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || list == nil {
		return nil
	}
	rows := make([]tree, len(list))
	for i, one := range list {
		rows[i] = tree{}
		rows[i].read(one)
	}
	t[name] = rows
	return rows
}

func (t tree) at(path string) any {
	head, rest, inside := strings.Cut(path, ".")
	if _, there := t[head]; !there || !inside {
		return t[head]
	}
	return t.inner(head).at(rest)
}

// set are the values of a recorded event; none if it sets none.
func (x *replay) set(i int) []assigned {
	var in struct {
		Values []assigned `json:"values"`
	}
	if i < 0 || i >= len(x.rec.Events) || x.rec.Events[i].Kind != (core.DataSet{}).Kind() {
		return nil
	}
	if json.Unmarshal(x.rec.Events[i].Body, &in) != nil {
		return nil
	}
	return in.Values
}

// learn takes what an event sets into the recorded data.
func (x *replay) learn(i int) {
	for _, g := range x.set(i) {
		x.data.lay(g)
	}
}

// fill gives a form what was filled in when the event after i was recorded, as far as the form asks for it. What was
// not changed then stands in no event, and is what it was.
func (x *replay) fill(form *definitions.Form, i, row int) (value.Record, *core.Rejection) {
	if form == nil {
		return value.Record{}, nil
	}
	x.learn(i + 1)
	out := tree{}
	for _, f := range form.Fields {
		switch {
		case f.Table == nil:
			out.put(f.Path, x.data.at(f.Path))
		case f.OfRow || form.Add != nil:
			rows := x.data.rows(f.Table.Name)
			if form.Add != nil {
				row = len(rows) - 1
			}
			if row >= 0 && row < len(rows) {
				out.put(f.Table.Each+"."+f.Name, rows[row].at(f.Name))
			}
		default:
			x.column(out, form, f)
		}
	}
	return x.decode(core.FormFields(x.p, form), out)
}

// column gives a form one column of a table. A row that stood there before is that one still.
func (x *replay) column(out tree, form *definitions.Form, f *definitions.FormField) {
	rows := out.rows(f.Table.Name)
	for n, recorded := range x.data.rows(f.Table.Name) {
		if n == len(rows) {
			rows = append(rows, tree{})
			if old, _ := x.before(f.Table.Name); n < len(old) && slices.Contains(form.EditRows, f.Table) {
				rows[n].put(core.RowNumber, n)
			}
		}
		rows[n].put(f.Name, recorded.at(f.Name))
	}
	if _, there := x.data[f.Table.Name]; there {
		out[f.Table.Name] = append([]tree{}, rows...)
	}
}

// before are the rows of the replayed case as they stand.
func (x *replay) before(table string) ([]value.Record, bool) {
	if x.c == nil {
		return nil, false
	}
	rows, ok := x.c.State.Data[table].([]value.Record)
	return rows, ok
}

// record makes of what an event sets values of the procedure's data, as far as it has such fields.
func (x *replay) record(given []assigned) (value.Record, *core.Rejection) {
	out := tree{}
	for _, g := range given {
		f := x.p.Data.Field(g.Path)
		if f == nil {
			continue
		}
		if table, _, _ := strings.Cut(g.Path, "."); g.Row != nil && out[table] == nil {
			t := x.p.Data.Field(table)
			raw, err := t.Encode(x.c.State.Data[table], x.p.Office.Zone)
			if err != nil || t.Kind != value.TableKind {
				continue
			}
			out[table] = raw
		}
		out.lay(g)
	}
	return x.decode(x.p.Data.Fields, out)
}

func (x *replay) decode(fields []*value.Field, t tree) (value.Record, *core.Rejection) {
	raw, err := json.Marshal(t)
	if err != nil {
		return nil, &core.Rejection{Code: core.Invalid, Say: err.Error()}
	}
	rec, faults := value.DecodeRecord(fields, raw, x.p.Office.Zone, nil)
	if len(faults) > 0 {
		return nil, &core.Rejection{Code: core.Invalid, Fields: faults}
	}
	return rec, nil
}
