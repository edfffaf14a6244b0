package engine

import (
	"context"
	"strconv"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// AddRow adds a row to a step that runs once for each, while it is under way. The step says who may.
func (e *Engine) AddRow(ctx context.Context, a Actor, caseID string, req RowRequest) (Done, error) {
	type multi = definitions.Multi
	return e.onRows(ctx, a, caseID, "add-row", req, func(r *reader, s *snapshot, w *multi) (core.Input, error) {
		var values value.Record
		if w.Add != nil { // else the core says that it is not allowed
			var err error
			if values, err = decodeForm(s.proc, w.Add.Form, req.Values, e.sources(ctx, r, s.row.ID)); err != nil {
				return nil, err
			}
		}
		return core.AddRow{Actor: r.person, Act: core.ID(req.Act), Values: values}, nil
	})
}

// FinishRows ends a step that runs once for each early. The step says who may, and what becomes of the rest.
func (e *Engine) FinishRows(ctx context.Context, a Actor, caseID string, req RowRequest) (Done, error) {
	type multi = definitions.Multi
	return e.onRows(ctx, a, caseID, "finish-rows", req, func(r *reader, _ *snapshot, _ *multi) (core.Input, error) {
		return core.FinishRows{Actor: r.person, Act: core.ID(req.Act)}, nil
	})
}

// onRows does an act on a step that runs once for each. Who may not see the case is not told that there is one.
func (e *Engine) onRows(ctx context.Context, a Actor, caseID, what string, req RowRequest,
	input func(*reader, *snapshot, *definitions.Multi) (core.Input, error),
) (Done, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return Done{}, e.told(err)
	}
	var answer *store.Answer
	answer, err = r.answer(req.Key, what, caseID, strconv.FormatInt(req.Act, 10), string(req.Values))
	if err != nil {
		return Done{}, e.told(err)
	}
	j := r.job(caseID, answer)
	j.build = func(s *snapshot) (core.Input, error) {
		w := &definitions.Multi{}
		if st := core.StepOf(s.proc, s.state, core.ID(req.Act)); st != nil {
			if multi, ok := st.Work.(*definitions.Multi); ok {
				w = multi
			}
		}
		return input(r, s, w)
	}
	done, err := e.do(ctx, j)
	if err != nil {
		err = e.hide(ctx, r, caseID, err)
	}
	return done, e.told(err)
}

// rowsFor lists the steps that run once for each row of a table to which the reader may do something.
func (e *Engine) rowsFor(r *reader, n *renderer, s *snapshot) []RowsView {
	var out []RowsView
	if s.state.Status != core.Running {
		return nil
	}
	for _, act := range s.state.Acts {
		if act.State != core.Open {
			continue
		}
		st := core.StepOf(s.proc, s.state, act.ID)
		w, ok := st.Work.(*definitions.Multi)
		if !ok {
			continue
		}
		scope := core.ScopeIn(s.proc, s.state, r.context(e.now()), act.Frame)
		scope.Actor = &r.person
		view := RowsView{
			Act: int64(act.ID), Step: st.ID, Title: n.say(st.Title), Total: act.Total, Finished: act.Finished,
			MayFinish: w.Finish != nil && r.among(*w.Finish, scope),
		}
		if w.Add != nil && r.among(w.Add.By, scope) {
			form := n.form(s.proc, w.Add.Form)
			view.Form = &form
		}
		if view.MayFinish || view.Form != nil {
			out = append(out, view)
		}
	}
	return out
}
