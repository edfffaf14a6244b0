package core

import (
	"encoding/json"
	"fmt"
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
	if total > maxRows {
		m.stick(a.ID, AtOpen, &Incident{
			Code: "limit", Message: fmt.Sprintf("%d rows: a step runs for %d at most", total, maxRows),
		})
		return
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
	enough := w.Until != nil && m.judge(a, "until", w.Until)
	if !enough || !w.Cancel && !w.InOrder {
		m.beginRows(a, w, was...)
	}
	if enough {
		m.result(a, "")
	}
}

// spread keeps what the rows held for those that begin later.
func (m *machine) spread(a *Activation, w *definitions.Multi, was []value.Record) Spread {
	out := Spread{Act: a.ID, Total: len(was)}
	later := w.InOrder || len(was) > maxRowsOfStep
	if !later || !slices.ContainsFunc(was, func(r value.Record) bool { return r != nil }) {
		return out
	}
	out.Was = make([]json.RawMessage, len(was))
	for i := 1; i < len(was); i++ {
		out.Was[i] = m.encodeRow(w.Table, was[i])
	}
	return out
}

// rowEnded goes on after the body of one row has ended.
func (m *machine) rowEnded(a *Activation, w *definitions.Multi, _ int, by []value.Person) {
	m.emit(RowEnded{Act: a.ID, By: by})
	if a.State == Trailing {
		if !m.owns(a.ID) && !moreRows(a, w) {
			m.emit(Moved{Act: a.ID, To: Done})
			m.rememberUndo(a, m.step(a))
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
		m.beginRows(a, w)
	}
}

// enough lets a `for_each` go on whose `until` has come to hold by what others did. It is asked when no row can end any
// more, so that who did the last one is known.
func (m *machine) enough() bool {
	for _, a := range m.s.Acts {
		if a.State != Open || a.Total == 0 || a.Undo != nil {
			continue
		}
		if w, ok := m.step(a).Work.(*definitions.Multi); ok && w.Until != nil && m.judge(a, "until", w.Until) {
			m.result(a, "", a.By...)
			return true
		}
	}
	return false
}

// beginRows begins the next row, or all that are left, as many as one Step may. was is what the rows held before.
func (m *machine) beginRows(a *Activation, w *definitions.Multi, was ...value.Record) {
	for n := 0; a.Begun < a.Total; n++ {
		if n > 0 && w.InOrder {
			return
		}
		if n == maxRowsOfStep {
			m.emit(TimerSet{Act: a.ID, Timer: Timer{ID: m.next(), Kind: MoreTimer, At: m.c.Now}})
			return
		}
		var old json.RawMessage
		switch {
		case a.Begun < len(was):
			old = m.encodeRow(w.Table, was[a.Begun])
		case a.Begun < len(a.Was):
			old = a.Was[a.Begun]
		}
		m.beginFrame(a, a.Begun, old, w.Body)
	}
}

// moreRows tells whether rows that run together have not all begun.
func moreRows(a *Activation, w *definitions.Multi) bool { return !w.InOrder && a.Begun < a.Total }

// rowsOf finds a `for_each` that is under way.
func (m *machine) rowsOf(act ID) (*Activation, *definitions.Multi, *Rejection) {
	a := m.act(act)
	if a == nil || a.State != Open {
		return nil, nil, &Rejection{Code: NotOpen}
	}
	w, ok := m.step(a).Work.(*definitions.Multi)
	if !ok {
		return nil, nil, refusal(NotOpen, a)
	}
	return a, w, nil
}

// growable finds the `for_each` to which a person may add a row.
func (m *machine) growable(in AddRow) (*Activation, *definitions.Multi, *Rejection) {
	a, w, r := m.rowsOf(in.Act)
	switch {
	case r != nil:
		return nil, nil, r
	case w.Add == nil:
		return nil, nil, refusal(NotAllowed, a)
	}
	if r := m.entitledTo(a, w.Add.By, in.Actor); r != nil {
		return nil, nil, r
	}
	if a.Total >= maxRows {
		return nil, nil, &Rejection{Code: Invalid, Fields: []value.Fault{{Path: w.Table.Path, Code: "rows"}}}
	}
	return a, w, nil
}

func (m *machine) addRow(in AddRow) *Rejection {
	a, w, r := m.growable(in)
	if r != nil {
		return r
	}
	scope := m.scope(a)
	scope.Actor = &in.Actor
	d, r := m.fill(w.Add.Form, in.Values, scope)
	if r != nil {
		return r
	}
	m.emitDraft(d)
	m.emit(Grown{Act: a.ID, Total: a.Total + 1, By: in.Actor})
	if w.Until != nil && m.judge(a, "until", w.Until) {
		m.result(a, "", a.By...)
		return nil
	}
	if !w.InOrder {
		m.beginRows(a, w)
	}
	return nil
}

// finishable finds the `for_each` that a person may end early.
func (m *machine) finishable(in FinishRows) (*Activation, *Rejection) {
	a, w, r := m.rowsOf(in.Act)
	switch {
	case r != nil:
		return nil, r
	case w.Finish == nil:
		return nil, refusal(NotAllowed, a)
	}
	return a, m.entitledTo(a, *w.Finish, in.Actor)
}

func (m *machine) finishRows(in FinishRows) *Rejection {
	a, r := m.finishable(in)
	if r != nil {
		return r
	}
	m.emit(EndedEarly{Act: a.ID, By: in.Actor})
	m.result(a, "", addPeople(slices.Clone(a.By), in.Actor)...)
	return nil
}

// entitledTo refuses a person whom a Who does not name.
func (m *machine) entitledTo(a *Activation, who definitions.Who, actor value.Person) *Rejection {
	list, wrong := m.resolve(who, m.peopleScope(a))
	if wrong != nil {
		return unfit(wrong, "by")
	}
	if !isCandidate(list, actor) {
		return refusal(NotAllowed, a)
	}
	return nil
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
