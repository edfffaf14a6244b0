package engine

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// History shows a case's events with a sequence number above after, oldest first, at most limit of them (0: the usual
// page). Private values are masked.
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
	t := &teller{renderer: r.renderer(lang, s.proc), proc: s.proc, steps: map[core.ID]string{}}
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

// seeEarlier learns which activation ran which step before the page that is asked for: from the case as far as it
// still knows, from the earlier events where it does not.
func (e *Engine) seeEarlier(ctx context.Context, t *teller, s *snapshot, after int64) error {
	for _, a := range s.state.Acts {
		t.steps[a.ID] = a.Step
	}
	for from := int64(0); from < after; {
		rows, err := e.store.History(ctx, s.row.Office, s.row.ID, from, maxPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if row.Kind != (core.Opened{}).Kind() {
				continue
			}
			if event, err := core.DecodeEvent(t.proc, row.Kind, row.Body); err == nil {
				t.see(event)
			}
		}
		from = rows[len(rows)-1].Seq
	}
	return nil
}

// view shows one event. One that cannot be read is shown as such: the rest of the history is not lost with it.
func (t *teller) view(row store.EventRow) EventView {
	out := EventView{Seq: row.Seq, At: row.At, Actor: row.Actor, Kind: row.Kind}
	out.Body = maskBody(t.proc, row.Kind, row.Body)
	t.who = ""
	if row.Actor != "" {
		t.who = t.person(row.Actor)
	}
	err := guarded(func() error {
		event, err := core.DecodeEvent(t.proc, row.Kind, row.Body)
		if err != nil {
			return err
		}
		t.see(event)
		out.Text = t.tell(event)
		if act, ok := actOfEvent(event); ok {
			out.Step = t.steps[act]
			out.Title = t.title(out.Step)
		}
		out.Why = t.why(event)
		return nil
	})
	if err != nil {
		out.Text = phrase(t.lang, "unreadable")
	}
	return out
}

// why shows the guards that decided.
func (t *teller) why(event core.Event) []WhyView {
	var list []core.Why
	act, _ := actOfEvent(event)
	switch x := event.(type) {
	case core.Chosen:
		list = x.Why
	case core.Judged:
		list = []core.Why{x.Why}
	default: // nothing was decided
	}
	var out []WhyView
	for _, w := range list {
		view := WhyView{Guard: w.Guard, Result: w.Result, Read: map[string]string{}}
		if w.Way >= 0 {
			view.To = t.way(act, w.Way)
		}
		for _, read := range w.Read {
			switch {
			case read.Value == nil:
			case privateName(t.proc.Data, read.Name):
				view.Read[read.Name] = masked
			default:
				view.Read[read.Name] = t.reading(read.Name, read.Value)
			}
		}
		out = append(out, view)
	}
	return out
}

// reading writes a value that a guard read: as a person reads it where it is a field, else as it is stored.
func (t *teller) reading(name string, v any) string {
	raw, ok := v.(json.RawMessage)
	if !ok {
		return fmt.Sprint(v)
	}
	if f := t.proc.Data.Field(name); f != nil {
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
	switch x := event.(type) {
	case core.Opened:
		return x.Act, true
	case core.Moved:
		return x.Act, true
	case core.Offered:
		return x.Act, true
	case core.Claimed:
		return x.Act, true
	case core.Released:
		return x.Act, true
	case core.Answered:
		return x.Act, true
	case core.Spread:
		return x.Act, true
	case core.RowEnded:
		return x.Act, true
	case core.Subscribed:
		return x.Act, true
	case core.Resulted:
		return x.Act, true
	case core.Chosen:
		return x.Act, true
	case core.Judged:
		return x.Act, true
	case core.TimerSet:
		return x.Act, true
	case core.TimerCleared:
		return x.Act, true
	case core.Called:
		return x.Act, true
	case core.Reminded:
		return x.Act, true
	case core.Issued:
		return x.Act, true
	case core.Stuck:
		return x.Act, true
	case core.Resolved:
		return x.Act, true
	default:
		return 0, false
	}
}
