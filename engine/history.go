package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/diagram"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// History shows a case's events with a sequence number above after, oldest first, at most limit of them (0: the usual
// page). Those without Detail are its story. Private values are masked.
func (e *Engine) History(ctx context.Context, a Actor, lang, id string, after int64, limit int) ([]EventView, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	out, err := e.history(ctx, r, lang, id, after, limit)
	return out, e.told(err)
}

func (e *Engine) history(ctx context.Context, r *reader, lang, id string, after int64, limit int) ([]EventView, error) {
	s, err := e.visible(ctx, r, id)
	if err != nil {
		return nil, err
	}
	t := &teller{renderer: r.renderer(lang, s.proc), proc: s.proc, state: core.New(r.office, id)}
	t.version = func(version int) *definitions.Procedure {
		p, err := e.books.version(ctx, r.office, s.row.Procedure, version)
		if err != nil {
			return nil
		}
		return p
	}
	if err := e.seeEarlier(ctx, t, s, after); err != nil {
		return nil, err
	}
	rows, err := e.store.History(ctx, r.office, id, max(after, 0), pageSize(limit))
	if err != nil {
		return nil, err
	}
	out := make([]EventView, 0, len(rows))
	for _, row := range rows {
		out = append(out, t.view(row))
	}
	return out, nil
}

// seeEarlier brings the teller to where the case stood before the page that is asked for.
func (e *Engine) seeEarlier(ctx context.Context, t *teller, s *snapshot, after int64) error {
	for from := int64(0); from < after; {
		rows, err := e.store.History(ctx, s.row.Office, s.row.ID, from, maxPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if row.Seq > after {
				return nil
			}
			t.pass(row)
		}
		from = rows[len(rows)-1].Seq
	}
	return nil
}

// pass goes by an event without telling it.
func (t *teller) pass(row store.EventRow) {
	t.follow(row)
	event, err := core.DecodeEvent(t.proc, row.Kind, row.Body)
	if err == nil {
		t.see(event)
	}
}

// follow goes on by the version that an event begins with, or moves to.
func (t *teller) follow(row store.EventRow) {
	version, ok := core.VersionOf(row.Kind, row.Body)
	if !ok || version == t.proc.Version || t.version == nil {
		return
	}
	if p := t.version(version); p != nil {
		t.proc = p
	}
}

// see lets the case come to where it stood after an event. An event that does not fit what is known is passed over:
// the sentences after it say less.
func (t *teller) see(event core.Event) {
	_ = guarded(func() error {
		t.turn(event)
		core.Apply(t.proc, t.state, event)
		return nil
	})
}

// view shows one event. One that cannot be read is shown as such: the rest of the history is not lost with it.
func (t *teller) view(row store.EventRow) EventView {
	t.follow(row)
	out := EventView{Seq: row.Seq, At: row.At, Actor: row.Actor, Kind: row.Kind, Detail: true}
	out.Body = maskBody(t.proc, row.Kind, row.Body)
	t.who = ""
	if row.Actor != "" {
		t.who = t.person(row.Actor)
	}
	event, err := core.DecodeEvent(t.proc, row.Kind, row.Body)
	if err == nil {
		err = guarded(func() error {
			out.Text = t.tell(event)
			out.Detail = !t.inStory(event)
			if act, ok := actOfEvent(event); ok {
				if st := t.ranBy(act, event); st != nil {
					out.Step, out.Title = st.ID, t.say(st.Title)
				}
			}
			out.Why = t.why(event)
			return nil
		})
		t.see(event)
	}
	if err != nil {
		out.Text, out.Detail = phrase(t.lang, "unreadable"), false
	}
	return out
}

// ranBy is the step that an event is about; nil: not known.
func (t *teller) ranBy(act core.ID, event core.Event) *definitions.Step {
	if o, ok := event.(core.Opened); ok {
		return t.stepIn(o.Frame, o.Step)
	}
	return core.StepOf(t.proc, t.state, act)
}

// why shows the guards that decided.
func (t *teller) why(event core.Event) []WhyView {
	act, list := guardsOf(event)
	var out []WhyView
	for _, w := range list {
		view := WhyView{Guard: w.Guard, Said: t.inWords(act, w.Guard), Result: w.Result, Read: map[string]string{},
			Values: []ReadView{}}
		if way := t.wayOf(act, w.Way); way != nil {
			view.To = t.wayTitle(way)
		}
		for _, read := range w.Read {
			if read.Value != nil {
				view.Read[read.Name] = t.reading(read.Name, read.Value)
			}
			if f := t.fieldOf(read.Name); f != nil && f.Kind != value.RecordKind && f.Kind != value.TableKind {
				text := phrase(t.lang, "empty")
				if read.Value != nil {
					text = view.Read[read.Name]
				}
				view.Values = append(view.Values, ReadView{Title: t.say(f.Title), Text: text})
			}
		}
		out = append(out, view)
	}
	return out
}

// inWords says a guard of the step that an activation runs; as it was written where the step has it no more.
func (t *teller) inWords(act core.ID, source string) string {
	st := core.StepOf(t.proc, t.state, act)
	if st == nil {
		return source
	}
	for _, g := range conditions(st) {
		if g != nil && g.Source() == source {
			return cmp.Or(diagram.Say(t.proc, t.lang, g), source)
		}
	}
	if source == elseRow {
		return phrase(t.lang, elseRow)
	}
	return source
}

// conditions are the guards of a step: nil among them where it has none.
func conditions(st *definitions.Step) []*formula.Guard {
	list := []*formula.Guard{st.OnlyWhile}
	for _, w := range st.Ways {
		list = append(list, w.When)
	}
	for _, e := range st.Events {
		list = append(list, e.When)
	}
	switch w := st.Work.(type) {
	case *definitions.Wait:
		for _, f := range w.For {
			list = append(list, f.When)
		}
	case *definitions.Multi:
		list = append(list, w.Until)
	case *definitions.Repeat:
		list = append(list, w.While, w.Until)
	case *definitions.Decide:
		for _, row := range w.Rows {
			list = append(list, row.When)
		}
	default: // no conditions of its own
	}
	return list
}

// guardsOf gives the guards that an event records, and the activation that they decided for.
func guardsOf(event core.Event) (core.ID, []core.Why) {
	switch x := event.(type) {
	case core.Chosen:
		return x.Act, x.Why
	case core.Judged:
		return x.Act, []core.Why{x.Why}
	case core.Decided:
		return x.Act, rowsOf(x)
	default: // nothing was decided
		return 0, nil
	}
}

// elseRow stands for the row of a decision table for what fits no other.
const elseRow = "else"

// rowsOf shows the rows of a decision table that fitted as the conditions that they are.
func rowsOf(x core.Decided) []core.Why {
	if len(x.Hits) == 0 {
		return []core.Why{{Way: -1, Guard: elseRow, Read: x.Read, Result: true}}
	}
	out := make([]core.Why, len(x.Hits))
	for i, hit := range x.Hits {
		out[i] = core.Why{Way: -1, Guard: hit.When, Read: x.Read, Result: true}
	}
	return out
}

// reading writes a value that a guard read: as a person reads it where it is a field, else as it is stored. Private
// ones are masked.
func (t *teller) reading(name string, v any) string {
	if t.proc.Data.PrivateName(name) {
		return masked
	}
	raw, ok := v.(json.RawMessage)
	if !ok {
		return fmt.Sprint(v)
	}
	if f := t.fieldOf(name); f != nil {
		if typed, faults := f.Decode(raw, t.zone, nil); len(faults) == 0 && typed != nil {
			return t.text(f, typed)
		}
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// actOfEvent is the activation that an event is about.
func actOfEvent(event core.Event) (core.ID, bool) {
	switch x := event.(type) { //nolint:gochecksumtype // the others follow
	case core.Opened:
		return x.Act, true
	case core.Moved:
		return x.Act, true
	case core.Subscribed:
		return x.Act, true
	case core.Unsubscribed:
		return x.Act, true
	case core.Resulted:
		return x.Act, true
	case core.Chosen:
		return x.Act, true
	case core.Judged:
		return x.Act, true
	case core.Decided:
		return x.Act, true
	case core.TimerSet:
		return x.Act, true
	case core.TimerCleared:
		return x.Act, true
	case core.Called:
		return x.Act, true
	case core.Asked:
		return x.Act, true
	case core.Tried:
		return x.Act, true
	case core.Replied:
		return x.Act, true
	case core.Returned:
		return x.Act, true
	case core.Reminded:
		return x.Act, true
	case core.Issued:
		return x.Act, true
	case core.Stuck:
		return x.Act, true
	case core.Resolved:
		return x.Act, true
	case core.Stirred:
		return x.Act, true
	}
	if act, ok := actOfControl(event); ok {
		return act, true
	}
	return actOfDeed(event)
}

// actOfControl is the activation that rows, errors, undoing and ways back are about.
func actOfControl(event core.Event) (core.ID, bool) {
	switch x := event.(type) { //nolint:gochecksumtype // actOfEvent has the others
	case core.Spread:
		return x.Act, true
	case core.Grown:
		return x.Act, true
	case core.EndedEarly:
		return x.Act, true
	case core.Raised:
		return x.Act, true
	case core.CanUndo:
		return x.Act, true
	case core.UndoBegan:
		return x.Act, true
	case core.UndoEnded:
		return x.Act, true
	case core.RowEnded:
		return x.Act, true
	case core.SentBack:
		return x.Act, true
	case core.Superseded:
		return x.Act, true
	case core.Detoured:
		return x.Act, true
	case core.Reopened:
		return x.Act, true
	case core.Rejoined:
		return x.Act, true
	case core.Forced:
		return x.Act, true
	}
	return 0, false
}

// actOfDeed is the activation whose task an event is about.
func actOfDeed(event core.Event) (core.ID, bool) {
	switch x := event.(type) {
	case core.Offered:
		return x.Act, true
	case core.Claimed:
		return x.Act, true
	case core.Began:
		return x.Act, true
	case core.Released:
		return x.Act, true
	case core.Answered:
		return x.Act, true
	case core.Skipped:
		return x.Act, true
	case core.Transferred:
		return x.Act, true
	case core.Delegated:
		return x.Act, true
	case core.GaveBack:
		return x.Act, true
	case core.SignersAdded:
		return x.Act, true
	case core.SignersOut:
		return x.Act, true
	case core.Resumed:
		return x.Act, true
	case core.NotHandedOver:
		return x.Act, true
	default:
		return 0, false
	}
}
