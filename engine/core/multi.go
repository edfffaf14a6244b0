package core

import (
	"encoding/json"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// A multi step runs its body once for each row of a table, together or one after the other. It may follow any step;
// its one outcome has no name: its ways are guards over the table.

func (m *machine) openMulti(a *Activation, w *definitions.Multi) {
	d := m.draftOf(rowRef{})
	total := len(d.rows(w.Table.Name))
	was := make([]value.Record, total)
	for i := range total {
		for _, column := range w.Fills {
			if old := d.getAt(column, i); old != nil {
				if was[i] == nil {
					was[i] = value.Record{}
				}
				was[i][column.Name] = value.Clone(old)
				d.putAt(column, i, nil)
			}
		}
	}
	m.emit(m.spread(a, w, was))
	if wrong := m.save(d, m.scope(a)); wrong != nil {
		m.stick(a.ID, AtOpen, wrong)
		return
	}
	if total == 0 {
		m.result(a, "")
		return
	}
	if w.Until != nil && m.judge(a, "until", w.Until) {
		m.result(a, "")
		return
	}
	for i := range total {
		if i == 0 || !w.InOrder {
			m.beginFrame(a.ID, i, m.encodeRow(w.Table, was[i]), w.Body)
		}
	}
}

// spread keeps what the rows held for those that begin later.
func (m *machine) spread(a *Activation, w *definitions.Multi, was []value.Record) Spread {
	out := Spread{Act: a.ID, Total: len(was)}
	if !w.InOrder || !slices.ContainsFunc(was, func(r value.Record) bool { return r != nil }) {
		return out
	}
	out.Was = make([]json.RawMessage, len(was))
	for i := range was[1:] {
		out.Was[i+1] = m.encodeRow(w.Table, was[i+1])
	}
	return out
}

// rowEnded goes on after the body of one row has ended.
func (m *machine) rowEnded(a *Activation, w *definitions.Multi, row int, by []value.Person) {
	m.emit(RowEnded{Act: a.ID, By: by})
	if a.State == Trailing {
		if !m.owns(a.ID) {
			m.emit(Moved{Act: a.ID, To: Done})
		}
		return
	}
	if a.State != Open {
		return
	}
	enough := w.Until != nil && m.judge(a, "until", w.Until)
	switch {
	case a.State != Open: // the condition could not be evaluated
	case enough || a.Finished >= a.Total:
		m.result(a, "", a.By...)
	case w.InOrder:
		var was json.RawMessage
		if row+1 < len(a.Was) {
			was = a.Was[row+1]
		}
		m.beginFrame(a.ID, row+1, was, w.Body)
	}
}

// encodeRow keeps what a row held for those who fill it in again; what cannot be written is not worth a failure.
func (m *machine) encodeRow(table *value.Field, was value.Record) json.RawMessage {
	if was == nil {
		return nil
	}
	raw, err := value.EncodeRecord(table.Fields, was, m.p.Office.Zone)
	if err != nil {
		return nil
	}
	return raw
}
