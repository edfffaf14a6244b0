package engine

import (
	"context"
	"slices"

	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// taskStep says of which step of which procedure a task is.
type taskStep struct{ procedure, step string }

func stepOfTask(s *snapshot, slot core.ID) taskStep {
	act, _ := slotOf(s.state, slot)
	if act == nil {
		return taskStep{}
	}
	return taskStep{procedure: s.proc.ID, step: act.Step}
}

// piled gives the next task of a step that the actor may do, of another case: like tasks are done one after the other.
// nil where there is none; what was done stands, so a fault in looking is no error.
func (e *Engine) piled(ctx context.Context, a Actor, caseID string, step taskStep) *TaskLine {
	r, err := e.reader(ctx, a)
	if err != nil || step.step == "" {
		return nil
	}
	who := append(slices.Clone(r.who), store.Candidate("holder:"+r.person.ID))
	page, err := e.store.Inbox(ctx, r.office, store.InboxQuery{
		Who: who, Procedure: step.procedure, Step: step.step, Limit: maxPile,
	})
	if err != nil {
		return nil
	}
	for _, t := range page.Items {
		s, err := e.snapshot(ctx, caseKey{office: r.office, id: t.Case})
		if err != nil || t.Case == caseID {
			continue
		}
		c := core.Context{Now: e.now(), Staff: r.desk.roster}
		if core.MayDo(s.proc, s.state, c, core.ID(t.Slot), r.person) == nil {
			line := r.taskLine(t, "", e.now())
			r.renderer("", s.proc).addTo(&line, s.proc, s.state, e.now())
			return &line
		}
	}
	return nil
}
