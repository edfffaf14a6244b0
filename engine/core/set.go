package core

import "github.com/guicheng/guicheng/definitions"

// A set step computes values, one after the other, each seeing those before it. Its one outcome has no name.

func (m *machine) openSet(a *Activation, w *definitions.Set) {
	d := m.draftOf(m.rowOf(a.Frame))
	scope := m.scope(a)
	for _, as := range w.Values {
		scope.Data = dataIn(m.p, m.s, a.Frame, d.data)
		scope.Row = nil
		if d.row.table != nil {
			scope.Row = rowAt(scope.Data, d.row.table.Name, d.row.index)
		}
		v, err := as.Value.Eval(scope)
		if absent(err) { // as of a computed field: nothing found is nothing set
			v, err = nil, nil
		}
		if err != nil {
			m.stick(a.ID, AtOpen, trouble(err, as.Value.Source()))
			return
		}
		d.put(as.Into, as.OfRow, v)
	}
	if t := m.save(d, scope); t != nil {
		m.stick(a.ID, AtOpen, t)
		return
	}
	m.result(a, "")
}
