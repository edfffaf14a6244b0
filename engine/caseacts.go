package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

var (
	_ CaseActs = (*Engine)(nil)
	_ Repairs  = (*Engine)(nil)
)

// onCase is an act on a whole case: who may do it, and the input that it is.
type onCase struct {
	id      string
	reason  string
	key     string
	dry     bool
	message string   // id of the message that it is; "" = it is none
	request []string // what the idempotency key stands for, beside the case
	slot    core.ID  // whose task it is counts, also if the actor stands in for him; 0 = it is about no task
	allowed func(*reader, *snapshot) bool
	input   func(*reader, *snapshot) (core.Input, error)
}

// Return sends a case back from a task to a step that it came of.
func (e *Engine) Return(ctx context.Context, a Actor, task string, q ReturnRequest) (Done, error) {
	id, slot, ok := splitID(task)
	if !ok {
		return Done{}, e.told(notFound())
	}
	return e.act(ctx, a, onCase{
		id: id, slot: slot, reason: q.Reason, key: q.Key, dry: q.Dry,
		request: []string{"return", task, q.To, strconv.FormatBool(q.Straight)},
		allowed: e.mayAskAbout(slot),
		input: func(r *reader, _ *snapshot) (core.Input, error) {
			return core.Return{
				Actor: r.person, Slot: slot, To: q.To, Straight: q.Straight, Reason: q.Reason, Dry: q.Dry,
			}, nil
		},
	})
}

// mayAskAbout tells who is told why he may not do something with a task; others are not.
func (e *Engine) mayAskAbout(slot core.ID) func(*reader, *snapshot) bool {
	return func(r *reader, s *snapshot) bool {
		act, found := slotOf(s.state, slot)
		return act == nil || r.ofSlot(found) || r.involved(s, e.now()) || r.onBehalf(s, found, e.now()) != nil
	}
}

// Recall takes back what the actor has done himself, by the task that it was.
func (e *Engine) Recall(ctx context.Context, a Actor, task string, q RecallRequest) (Done, error) {
	id, slot, ok := splitID(task)
	if !ok {
		return Done{}, e.told(notFound())
	}
	return e.act(ctx, a, onCase{
		id: id, key: q.Key, dry: q.Dry, request: []string{"recall", task},
		input: func(r *reader, _ *snapshot) (core.Input, error) {
			return core.Recall{Actor: r.person, Slot: slot, Dry: q.Dry}, nil
		},
	})
}

// Revoke ends a case by the one who started it, as long as the procedure lets him.
func (e *Engine) Revoke(ctx context.Context, a Actor, caseID string, q RevokeRequest) (Done, error) {
	return e.act(ctx, a, onCase{
		id: caseID, reason: q.Reason, key: q.Key, dry: q.Dry, request: []string{"revoke"},
		input: func(r *reader, _ *snapshot) (core.Input, error) {
			return core.Revoke{Actor: r.person, Reason: q.Reason, Dry: q.Dry}, nil
		},
	})
}

// Cancel withdraws a whole case. The procedure's manager may and an administrator, and its starter if he cannot revoke.
// It needs a reason, unless it is only tried.
func (e *Engine) Cancel(ctx context.Context, a Actor, caseID string, q CancelRequest) (Done, error) {
	if !q.Dry && strings.TrimSpace(q.Reason) == "" {
		return Done{}, e.told(wrong("reason", "required"))
	}
	return e.act(ctx, a, onCase{
		id: caseID, reason: q.Reason, key: q.Key, dry: q.Dry, request: []string{"cancel"},
		input: func(r *reader, _ *snapshot) (core.Input, error) {
			return core.Cancel{Actor: &r.person, Reason: q.Reason, Dry: q.Dry}, nil
		},
	})
}

// Retry does again what failed in an activation with an incident: an administrator's repair.
func (e *Engine) Retry(ctx context.Context, a Actor, caseID string, act int64) (Done, error) {
	return e.act(ctx, a, onCase{id: caseID, input: func(r *reader, _ *snapshot) (core.Input, error) {
		return core.Retry{Actor: r.person, Act: core.ID(act)}, nil
	}})
}

// Jump is an administrator's repair: open work is left, and a step opens in its stead. It needs a reason,
// unless it is only tried.
func (e *Engine) Jump(ctx context.Context, a Actor, caseID string, q JumpRequest) (Done, error) {
	if !q.Dry && strings.TrimSpace(q.Reason) == "" {
		return Done{}, e.told(wrong("reason", "required"))
	}
	in := core.Jump{To: q.To, Reason: q.Reason, Dry: q.Dry}
	for _, act := range q.Leave {
		in.Acts = append(in.Acts, core.ID(act))
	}
	return e.act(ctx, a, onCase{
		id: caseID, reason: q.Reason, key: q.Key, dry: q.Dry, request: []string{"jump", q.To, fmt.Sprint(q.Leave)},
		input: func(r *reader, _ *snapshot) (core.Input, error) {
			in.Actor = r.person
			return in, nil
		},
	})
}

// JumpTargets lists the steps to which a jump might lead that leaves these activations, those beside them first, and
// for each why it cannot, as far as a short look ahead tells. Only an administrator may ask.
func (e *Engine) JumpTargets(ctx context.Context, a Actor, lang, caseID string, leave []int64) ([]TargetView, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	s, err := e.visible(ctx, r, caseID)
	if err == nil {
		err = r.mayOn(s, core.Jump{Actor: r.person}, e.now())
	}
	if err != nil {
		return nil, e.told(err)
	}
	acts := make([]core.ID, len(leave))
	for i, act := range leave {
		acts[i] = core.ID(act)
	}
	out := []TargetView{}
	err = guarded(func() error {
		targets, no := core.JumpTargets(s.proc, s.state, r.context(e.now()), acts)
		if no != nil {
			return rejected(no)
		}
		n := r.renderer(lang, s.proc)
		for _, t := range targets {
			if t.Step.Title != "" {
				out = append(out, n.targetView(s, t.Step.ID, t.Why))
			}
		}
		return nil
	})
	return out, e.told(err)
}

// Suspend stops a case until it is resumed. The procedure's manager may, and an administrator.
func (e *Engine) Suspend(ctx context.Context, a Actor, caseID string, q SuspendRequest) (Done, error) {
	return e.act(ctx, a, onCase{
		id: caseID, reason: q.Reason, key: q.Key, request: []string{"suspend"},
		input: func(r *reader, _ *snapshot) (core.Input, error) {
			return core.Suspend{Actor: r.person, Reason: q.Reason}, nil
		},
	})
}

// Resume takes a suspended case up again.
func (e *Engine) Resume(ctx context.Context, a Actor, caseID string, q SuspendRequest) (Done, error) {
	return e.act(ctx, a, onCase{
		id: caseID, reason: q.Reason, key: q.Key, request: []string{"resume"},
		input: func(r *reader, _ *snapshot) (core.Input, error) {
			return core.Resume{Actor: r.person, Reason: q.Reason}, nil
		},
	})
}

// SkipStep is an administrator's repair: what is stuck or open is completed as if it had come to an outcome.
func (e *Engine) SkipStep(ctx context.Context, a Actor, caseID string, q SkipRequest) (Done, error) {
	return e.act(ctx, a, onCase{
		id: caseID, key: q.Key, dry: q.Dry,
		request: []string{"skip", strconv.FormatInt(q.Act, 10), q.Answer, q.To, string(q.Values)},
		input: func(r *reader, s *snapshot) (core.Input, error) {
			in := core.Skip{Actor: r.person, Act: core.ID(q.Act), Answer: q.Answer, To: q.To, Dry: q.Dry}
			if err := r.mayOn(s, in, e.now()); err != nil || len(q.Values) == 0 {
				return in, err
			}
			rec, faults := value.DecodeRecord(s.proc.Data.Fields, q.Values, s.proc.Office.Zone,
				e.sources(ctx, r, s.row.ID))
			for _, f := range s.proc.Data.Fields {
				if v, ok := rec[f.Name]; ok {
					faults = append(faults, f.Check(v)...)
				}
			}
			if len(faults) > 0 {
				return nil, &Error{Code: string(core.Invalid), Fields: faults}
			}
			in.Values = rec
			return in, nil
		},
	})
}

// act does an act on a case, or tells what would come of it. Who may not see the case is not told that there is one.
func (e *Engine) act(ctx context.Context, a Actor, q onCase) (Done, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return Done{}, e.told(err)
	}
	return e.actAs(ctx, r, q)
}

func (e *Engine) actAs(ctx context.Context, r *reader, q onCase) (Done, error) {
	if utf8.RuneCountInString(q.reason) > maxName {
		return Done{}, e.told(tooLong("reason"))
	}
	build := func(s *snapshot) (core.Input, error) {
		if q.allowed != nil && !q.allowed(r, s) {
			return nil, &Error{Code: CodeForbidden}
		}
		in, err := q.input(r, s)
		if err != nil {
			return nil, err
		}
		return in, r.mayOn(s, in, e.now())
	}
	if q.dry {
		done, err := e.tryOut(ctx, r, q, build)
		return done, e.told(err)
	}
	answer, err := r.answer(q.key, append([]string{q.id, q.reason}, q.request...)...)
	if err != nil {
		return Done{}, e.told(err)
	}
	j := r.job(q.id, answer)
	j.message = q.message
	j.build = func(s *snapshot) (core.Input, error) {
		j.standing = q.standing(r, s, e.now())
		return build(s)
	}
	done, err := e.do(ctx, j)
	if err != nil && !(q.message != "" && codeOf(err) == string(core.Invalid)) { // else he may send it, and not as it is
		err = e.hide(ctx, r, q.id, err)
	}
	return done, e.told(err)
}

// standing gives the person in whose stead the actor does it; nil = nobody.
func (q *onCase) standing(r *reader, s *snapshot, now time.Time) *value.Person {
	if _, open := slotOf(s.state, q.slot); open != nil {
		return r.onBehalf(s, open, now)
	}
	return nil
}

// tryOut tells what an input would come to. Nothing is committed.
func (e *Engine) tryOut(ctx context.Context, r *reader, q onCase, build func(*snapshot) (core.Input, error)) (
	Done, error,
) {
	s, err := e.visible(ctx, r, q.id)
	if err != nil {
		return Done{}, err
	}
	in, err := build(s)
	if err != nil {
		return Done{}, err
	}
	var out core.Outcome
	err = guarded(func() error {
		c := r.context(e.now())
		c.For = q.standing(r, s, c.Now)
		out = core.Step(s.proc, s.state.Clone(), in, c)
		return nil
	})
	if err != nil {
		return Done{}, err
	}
	if out.Rejection != nil {
		return Done{}, rejected(out.Rejection)
	}
	view := r.renderer("", s.proc).preview(s, out.Preview)
	return Done{
		Case: q.id, Number: s.state.Number, Status: string(s.state.Status), Outcome: s.state.Outcome, Tasks: []TaskLine{},
		Preview: &view,
	}, nil
}

func (n *renderer) preview(s *snapshot, p *core.Preview) PreviewView {
	out := PreviewView{
		Withdrawn: n.runs(s, p.Withdrawn), Parked: n.runs(s, p.Parked), Undone: n.runs(s, p.Undone),
		Opened: n.runs(s, p.Opened), Later: n.runs(s, p.Later), Ends: p.Ends,
		Restored: []WaitView{}, Superseded: []string{}, Messages: []string{},
		Cancelled: append([]string{}, p.Cancelled...), Compensated: n.runs(s, p.Compensated),
	}
	for _, t := range p.Restored {
		out.Restored = append(out.Restored, WaitView{From: n.titleOf(s, t.Input), At: n.titleOf(s, t.To)})
	}
	for _, paper := range p.Superseded {
		title := paper.Document
		for _, d := range s.proc.Documents {
			if d.ID == paper.Document {
				title = n.say(d.Title)
			}
		}
		out.Superseded = append(out.Superseded, title+" "+paper.Number)
	}
	for _, name := range p.Messages {
		for _, m := range s.proc.Messages {
			if m.ID == name {
				out.Messages = append(out.Messages, n.say(m.Title))
			}
		}
	}
	return out
}

// runs names what runs. Of a `for_each` its rows are named, and itself only where none of them is there.
func (n *renderer) runs(s *snapshot, list []core.Run) []RunView {
	out := []RunView{}
	for _, run := range list {
		if rows := overRows(s.proc, run); rows != nil && slices.ContainsFunc(list, func(other core.Run) bool {
			return other.Step == run.Step && other.Table == rows
		}) {
			continue
		}
		out = append(out, n.runView(s, run))
	}
	return out
}

// overRows is the table over whose rows a run as a whole goes; nil: it is none of a `for_each`, or of one row.
func overRows(p *definitions.Procedure, run core.Run) *value.Field {
	st := p.Steps[run.Step]
	if st == nil {
		return nil
	}
	if multi, ok := st.Work.(*definitions.Multi); ok && run.Table != multi.Table {
		return multi.Table
	}
	return nil
}

func (n *renderer) runView(s *snapshot, run core.Run) RunView {
	out := RunView{Act: int64(run.Act), Step: run.Step, Title: n.titleOf(s, run.Step), Row: run.Row + 1}
	if run.Table != nil {
		out.RowName = n.rowName(s.state.Data, run.Table, run.Row)
	}
	return out
}

// titleOf is the title of a step by its id.
func (n *renderer) titleOf(s *snapshot, step string) string {
	if st := s.proc.Steps[step]; st != nil {
		return n.say(st.Title)
	}
	return step
}

// targetView shows a step with the reason why it cannot be had.
func (n *renderer) targetView(s *snapshot, step string, why *core.Rejection) TargetView {
	return TargetView{Step: step, Title: n.titleOf(s, step), MayView: mayView(why)}
}

func mayView(why *core.Rejection) MayView {
	if why == nil {
		return MayView{May: true}
	}
	return MayView{WhyNot: string(why.Code), Args: why.Args}
}

// returns lists the steps to which the reader may return a task.
func (r *reader) returns(n *renderer, s *snapshot, slot core.ID, now time.Time, away *value.Person) []ReturnView {
	out := []ReturnView{}
	c := r.context(now)
	c.For = away
	for _, t := range core.ReturnTargets(s.proc, s.state, c, slot, r.person) {
		out = append(out, ReturnView{TargetView: n.targetView(s, t.Step.ID, t.Why), Straight: mayView(t.Straight)})
	}
	return out
}

// rights are what the office gives the reader over a case.
func (r *reader) rights(s *snapshot, now time.Time) core.Rights {
	return core.Rights{Manages: r.admin || r.manages(s, now), Admin: r.admin}
}

// mayOn refuses an act on a case by the very query that tells of it.
func (r *reader) mayOn(s *snapshot, in core.Input, now time.Time) error {
	return guarded(func() error {
		if why := core.MayOnCase(s.proc, s.state, r.context(now), in, r.rights(s, now)); why != nil {
			return rejected(why)
		}
		return nil
	})
}

// actsOn are the acts on a case and its parts, and why the reader may not do the rest.
func (r *reader) actsOn(n *renderer, s *snapshot, now time.Time) []ActView {
	return n.actViews(s, core.CaseActs(s.proc, s.state, r.context(now), r.person, r.rights(s, now)))
}

// caseActs puts into a view what the reader may do with the case.
func (r *reader) caseActs(out *CaseView, n *renderer, s *snapshot, now time.Time) {
	c := r.context(now)
	out.Acts = r.actsOn(n, s, now)
	out.Recalls = []RecallView{}
	for _, done := range core.Recalls(s.proc, s.state, c, r.person) {
		out.Recalls = append(out.Recalls, RecallView{
			Task: rowID(s.row.ID, done.Slot), TargetView: n.targetView(s, done.Step.ID, done.Why),
		})
	}
	if !r.admin {
		return
	}
	for _, a := range s.state.Acts {
		idle := a.Frame == 0 && a.Incident != nil && a.Incident.Code == core.Stalled // one jumps from the case itself
		if (a.Frame != 0 || idle) && !a.State.Over() {
			out.Running = append(out.Running, n.openView(s, a))
		}
	}
}

// leads are the ways of a step, each place once for an outcome.
func (n *renderer) leads(st *definitions.Step) []Lead {
	out := []Lead{}
	for _, w := range st.Ways {
		l := Lead{Choice: Choice{ID: w.Leads(), Title: n.leadsTo(w)}, Answer: w.Outcome}
		if l.Title != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// skipForm has the fields of a task's form that are of the case, and of no table.
func (n *renderer) skipForm(p *definitions.Procedure, st *definitions.Step) *FormView {
	task, ok := st.Work.(*definitions.Task)
	if !ok || task.Form == nil {
		return nil
	}
	plain := &definitions.Form{}
	for _, ff := range task.Form.Fields {
		if ff.Table == nil {
			own := *ff // the procedure is shared by all its cases
			own.Optional = true
			plain.Fields = append(plain.Fields, &own)
		}
	}
	if len(plain.Fields) == 0 {
		return nil
	}
	out := n.form(p, plain)
	return &out
}

// openView shows what runs, with the choices that its repairs have.
func (n *renderer) openView(s *snapshot, a *core.Activation) OpenView {
	run := core.RunOf(s.proc, s.state, a)
	out := OpenView{
		RunView: n.runView(s, run), State: string(a.State), Answers: []Choice{}, Leads: []Lead{},
	}
	if st := core.StepOf(s.proc, s.state, a.ID); st != nil {
		out.Answers, out.Leads, out.Form = n.choices(st.Outcomes), n.leads(st), n.skipForm(s.proc, st)
	}
	return out
}
