package engine

import (
	"context"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/diagram"
	"github.com/guicheng/guicheng/engine/core"
)

var _ Diagrams = (*Engine)(nil)

// Diagram draws the newest version of a procedure as SVG, for everybody of its office. Narrow is for telephones:
// without lanes.
func (e *Engine) Diagram(ctx context.Context, a Actor, lang, procedure string, narrow bool) ([]byte, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	p := r.desk.newest[procedure]
	if p == nil {
		return nil, e.told(notFound())
	}
	return diagram.Draw(p, diagram.Options{Lang: r.language(lang), Narrow: narrow}), nil
}

// CaseDiagram draws the procedure of a case in the case's version, with where it stands and what was passed, for those
// who may see the case.
func (e *Engine) CaseDiagram(ctx context.Context, a Actor, lang, id string, narrow bool) ([]byte, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	s, err := e.visible(ctx, r, id)
	if err != nil {
		return nil, e.told(err)
	}
	state, err := e.trail(ctx, r, s)
	if err != nil {
		return nil, e.told(err)
	}
	return diagram.Draw(s.proc, diagram.Options{Lang: r.language(lang), Narrow: narrow, State: state}), nil
}

// trail reads from a case's history what it has passed, and from its state where it stands.
func (e *Engine) trail(ctx context.Context, r *reader, s *snapshot) (*diagram.State, error) {
	t := &teller{renderer: r.renderer("", s.proc), proc: s.proc, state: core.New(r.office, s.row.ID)}
	out := &diagram.State{Number: s.row.Number, Steps: map[string]diagram.Stand{}, Ends: map[string]bool{}}
	for from := int64(0); ; {
		rows, err := e.store.History(ctx, r.office, s.row.ID, from, maxPage)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			event, err := core.DecodeEvent(s.proc, row.Kind, row.Body)
			if err != nil {
				continue // what cannot be read is not drawn
			}
			_ = guarded(func() error {
				t.leave(event, out)
				return nil
			})
			t.see(event)
		}
		if len(rows) < maxPage {
			break
		}
		from = rows[len(rows)-1].Seq
	}
	standing(s, out, e.now())
	return out, nil
}

// leave notes what an event passes.
func (t *teller) leave(event core.Event, out *diagram.State) {
	act, _ := actOfEvent(event)
	st := core.StepOf(t.proc, t.state, act)
	switch x := event.(type) { //nolint:gochecksumtype // the others pass nothing
	case core.EndReached:
		if f := t.frame(x.Frame); f != nil {
			list := ""
			if owner := t.act(f.Owner); owner != nil && owner.Frame != 0 {
				list = owner.Step
			}
			out.Ends[list+"/"+x.End] = true
		}
	case core.Raised:
		t.leaveBy(core.StepOf(t.proc, t.state, x.Taker), out, func(e *definitions.Event) bool {
			return e.Error == x.Error || e.Error == "*"
		})
	case core.Received:
		deed := t.deedOfMessage(x)
		t.leaveBy(core.StepOf(t.proc, t.state, x.Act), out, func(e *definitions.Event) bool { return &e.Do == deed })
	case core.Judged:
		deed := t.deedOfJudged(x)
		t.leaveBy(st, out, func(e *definitions.Event) bool { return &e.Do == deed })
	case core.Chosen:
		note(out, st, func(s *diagram.Stand) { s.Ways = append(s.Ways, x.Ways...) })
	case core.TimerCleared:
		timer := t.timer(x)
		if x.Fired && timer != nil && timer.Kind == core.TimeoutTimer {
			note(out, core.StepOf(t.proc, t.state, x.Act), func(s *diagram.Stand) {
				s.Timeouts = append(s.Timeouts, timer.Index)
			})
		}
	case core.Moved:
		t.moved(x, st, out)
	}
}

// moved notes a run that was completed, withdrawn, or taken back.
func (t *teller) moved(x core.Moved, st *definitions.Step, out *diagram.State) {
	note(out, st, func(s *diagram.Stand) {
		switch x.To {
		case core.Done:
			s.Done++
		case core.Undone:
			s.Done = max(0, s.Done-1)
			s.Left++
		case core.Withdrawn:
			s.Left++
		default: // it goes on
		}
	})
}

// ofRow tells a step that a `for_each` runs for one row: it is drawn, and counted, as the step around it.
func ofRow(st *definitions.Step) bool {
	return st != nil && st.Graph != nil && st.Graph.Owner != nil && st.Graph.Owner.Graph != nil &&
		st.Graph.Owner.ID == st.ID
}

// leaveBy notes the first of a step's events that is meant.
func (t *teller) leaveBy(st *definitions.Step, out *diagram.State, meant func(*definitions.Event) bool) {
	if st == nil {
		return
	}
	if i := slices.IndexFunc(st.Events, meant); i >= 0 {
		note(out, st, func(s *diagram.Stand) { s.Events = append(s.Events, i) })
	}
}

func note(out *diagram.State, st *definitions.Step, change func(*diagram.Stand)) {
	if st == nil || ofRow(st) {
		return
	}
	id := st.ID
	if st.Graph == nil { // the case itself, which may be called as one of its steps
		id = ""
	}
	s := out.Steps[id]
	change(&s)
	out.Steps[id] = s
}

// standing notes what is under way.
func standing(s *snapshot, out *diagram.State, now time.Time) {
	for _, a := range s.state.Acts {
		if a.Frame == 0 || a.State == core.Done || a.State == core.Withdrawn || a.State == core.Undone {
			continue
		}
		step := core.StepOf(s.proc, s.state, a.ID)
		if ofRow(step) && a.Incident != nil {
			step = step.Graph.Owner // what is wrong with a row is wrong with the whole
			note(out, step, func(st *diagram.Stand) { st.Failed = true })
			continue
		}
		note(out, step, func(st *diagram.Stand) {
			st.Open++
			st.Failed = st.Failed || a.Incident != nil
			st.Overdue = st.Overdue || !a.Due.IsZero() && a.Due.Before(now) && s.state.Status == core.Running
		})
	}
}
