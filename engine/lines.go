package engine

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/diagram"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// maxSubject is how much of one value a line of a list shows, in characters.
const maxSubject = 40

// subject says what a case is about: those of the procedure's fields for it that are filled in. None is private.
func (n *renderer) subject(p *definitions.Procedure, data value.Record) string {
	var parts []string
	for _, f := range p.Subject {
		if v := dataAt(data, f.Path); v != nil {
			parts = append(parts, firstLine(n.text(f, v)))
		}
	}
	return strings.Join(parts, " · ")
}

// firstLine shortens a text of several lines.
func firstLine(text string) string {
	line, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line = strings.TrimSpace(line); utf8.RuneCountInString(line) > maxSubject {
		return string([]rune(line)[:maxSubject-1]) + "…"
	}
	if rest != "" {
		return line + "…"
	}
	return line
}

// addTo says in the line of a task what its case is about, what its row is called, and until when it can be done.
func (n *renderer) addTo(line *TaskLine, p *definitions.Procedure, state *core.State, now time.Time) {
	line.Subject = n.subject(p, state.Data)
	_, slotID, _ := splitID(line.ID)
	act, slot := slotOf(state, slotID)
	if slot == nil {
		return
	}
	if table, row := rowOf(p, state, act); table != nil && line.Row != "" {
		line.RowName = n.rowName(state.Data, table, row)
	}
	clock, next := core.ClockOf(p, state, act)
	line.Due, line.Overdue = limit(clock.Due, now)
	if !clock.Until.IsZero() && state.Status == core.Running && act.Parked.IsZero() {
		line.Until, line.Otherwise = &clock.Until, n.leadsTo(next.Way)
	}
}

// limit is a time limit as a line shows it, and whether it is past.
func limit(due, now time.Time) (shown *time.Time, past bool) {
	if due.IsZero() {
		return nil, false
	}
	return &due, due.Before(now)
}

// soonest is by when a task is to be done, or is taken away; nil = it has no clock.
func (t TaskLine) soonest() *time.Time {
	if t.Due == nil || t.Until != nil && t.Until.Before(*t.Due) {
		return t.Until
	}
	return t.Due
}

// leadsTo is the title of where a way leads; "" = nowhere, or there is no way.
func (n *renderer) leadsTo(w *definitions.Way) string {
	switch {
	case w == nil:
		return ""
	case w.To != nil:
		return n.say(w.To.Title)
	case w.Return != nil:
		return n.say(w.Return.Title)
	}
	return n.say(w.End.Title)
}

// addToAll adds to the lines of a list what only their cases know, all read in one go. A case that cannot be read adds
// nothing.
func (e *Engine) addToAll(ctx context.Context, r *reader, lang string, tasks []TaskLine) error {
	var refs []store.CaseRef
	for _, t := range tasks {
		ref := store.CaseRef{Office: r.office, ID: t.Case}
		if r.desk.knowsMore(t) && !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	if len(refs) == 0 {
		return nil
	}
	rows, err := e.store.CasesByRef(ctx, refs)
	if err != nil {
		return err
	}
	of := make(map[string]*snapshot, len(rows))
	for _, row := range rows {
		if s, err := e.read(ctx, row); err == nil {
			of[row.ID] = s
		}
	}
	for i := range tasks {
		if s := of[tasks[i].Case]; s != nil {
			r.renderer(lang, s.proc).addTo(&tasks[i], s.proc, s.state, e.now())
		}
	}
	return nil
}

// knowsMore tells whether the case of a task has something for its line, by the procedure as it is today.
func (d *desk) knowsMore(t TaskLine) bool {
	p := d.newest[t.Procedure]
	if p == nil {
		return false
	}
	if t.Row != "" || len(p.Subject) > 0 {
		return true
	}
	st := p.Steps[t.Step]
	for st != nil && !mayBeTaken(st) {
		if st.Graph == nil { // it is the case itself
			return false
		}
		st = st.Graph.Owner
	}
	return st != nil
}

// mayBeTaken tells whether time may take a step's tasks away: by a timeout of its own, or because it races.
func mayBeTaken(st *definitions.Step) bool {
	if slices.ContainsFunc(st.Timeouts, (*definitions.Timeout).TakesAway) {
		return true
	}
	return st.Graph != nil && slices.ContainsFunc(st.Inputs, func(i int) bool {
		return i >= 0 && st.Graph.Steps[i].Choose == definitions.ChooseFirst
	})
}

// callsIn says whom time will let do a task as well, or instead; nil = nobody.
func (n *renderer) callsIn(p *definitions.Procedure, state *core.State, act *core.Activation) *CallInView {
	_, next := core.ClockOf(p, state, act)
	if next.Call == nil || state.Status != core.Running || !act.Parked.IsZero() {
		return nil
	}
	return &CallInView{
		At: next.At, People: diagram.SayWho(p, n.lang, next.Call.Who),
		Instead: next.Call.Kind == definitions.DeedReassign,
	}
}
