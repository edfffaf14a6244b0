package engine

import (
	"context"
	"slices"
	"strconv"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// AddRow adds a row to a step that runs once for each, while it is under way. The step says who may.
func (e *Engine) AddRow(ctx context.Context, a Actor, caseID string, req RowRequest) (Done, error) {
	type multi = definitions.Multi
	return e.onRows(ctx, a, caseID, "add-row", req, func(r *reader, s *snapshot, w *multi) (core.Input, error) {
		var values value.Record
		if w.Add != nil { // else the core says that it is not allowed
			err := r.mayOn(s, core.AddRow{Actor: r.person, Act: core.ID(req.Act)}, e.now())
			if err != nil {
				return nil, err
			}
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
		return core.FinishRows{Actor: r.person, Act: core.ID(req.Act), Dry: req.Dry}, nil
	})
}

// onRows does an act on a step that runs once for each.
func (e *Engine) onRows(ctx context.Context, a Actor, caseID, what string, req RowRequest,
	input func(*reader, *snapshot, *definitions.Multi) (core.Input, error),
) (Done, error) {
	return e.act(ctx, a, onCase{
		id: caseID, key: req.Key, dry: req.Dry,
		request: []string{what, strconv.FormatInt(req.Act, 10), string(req.Values)},
		input: func(r *reader, s *snapshot) (core.Input, error) {
			w := &definitions.Multi{}
			if st := core.StepOf(s.proc, s.state, core.ID(req.Act)); st != nil {
				if multi, ok := st.Work.(*definitions.Multi); ok {
					w = multi
				}
			}
			return input(r, s, w)
		},
	})
}

// rowsFor lists the steps that run once for each row of a table to which the acts let the reader do something.
func (n *renderer) rowsFor(s *snapshot, acts []ActView) []RowsView {
	var out []RowsView
	for _, act := range s.state.Acts {
		may := func(what core.Act) bool {
			on := strconv.FormatInt(int64(act.ID), 10)
			return slices.ContainsFunc(acts, func(a ActView) bool { return a.Act == string(what) && a.On == on && a.May })
		}
		grows, ends := may(core.ActAddRow), may(core.ActFinishRows)
		if !grows && !ends {
			continue
		}
		st := core.StepOf(s.proc, s.state, act.ID)
		view := RowsView{
			Act: int64(act.ID), Step: st.ID, Title: n.say(st.Title), Total: act.Total, Finished: act.Finished, MayFinish: ends,
		}
		if w, ok := st.Work.(*definitions.Multi); ok && grows {
			form := n.form(s.proc, w.Add.Form)
			view.Form = &form
		}
		out = append(out, view)
	}
	return out
}
