package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// Startable lists the procedures that the actor may start, by id, with the forms to fill in.
func (e *Engine) Startable(ctx context.Context, a Actor, lang string) ([]ProcedureLine, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	out := []ProcedureLine{}
	now := e.now()
	for _, id := range r.desk.sorted() {
		p := r.desk.newest[id]
		n := r.renderer(lang, p)
		line := ProcedureLine{ID: p.ID, Title: n.say(p.Title), Description: n.say(p.Description), Version: p.Version}
		for _, way := range p.Starts {
			if r.mayStart(p, way, now) {
				line.Starts = append(line.Starts, StartForm{Way: way.Index, Form: n.judged(p, way.Form, way.Checks)})
			}
		}
		if len(line.Starts) > 0 {
			out = append(out, line)
		}
	}
	return out, nil
}

// Inbox lists the open tasks that the actor is offered or has claimed, the greatest priority first, then what
// is due or is taken away soonest. A Post that is not the actor's gives nothing.
func (e *Engine) Inbox(ctx context.Context, a Actor, lang string, q InboxQuery) (InboxPage, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return InboxPage{}, e.told(err)
	}
	mine := store.Candidate("holder:" + r.person.ID)
	who := append(slices.Clone(r.who), mine)
	for _, away := range r.stands {
		who = append(who, inboxOf(away.For)...)
	}
	switch post := store.Candidate("post:" + q.Post); {
	case q.Team:
		who = r.teamInbox()
	case q.Mine:
		who = []store.Candidate{mine}
	case q.Post != "" && slices.Contains(r.who, post):
		who = []store.Candidate{post}
	case q.Post != "":
		who = nil
	}
	asked := store.InboxQuery{
		Who: who, Procedure: q.Procedure, Number: q.Number, After: q.After, Limit: pageSize(q.Limit),
	}
	var out InboxPage
	if q.Find != "" {
		out, err = e.find(ctx, r, lang, asked, q.Find, q.Team)
	} else {
		out, err = e.inbox(ctx, r, lang, asked, q.Team)
	}
	if err != nil {
		return InboxPage{}, e.told(err)
	}
	counts, err := e.store.InboxCounts(ctx, r.office, append(slices.Clone(r.who), mine), maxCount)
	if err != nil {
		return InboxPage{}, e.told(err)
	}
	for _, c := range r.who {
		if post, ok := strings.CutPrefix(string(c), "post:"); ok {
			out.Counts[post] = counts[c]
		}
	}
	out.Counts["mine"] = counts[mine]
	return out, nil
}

// pageSize brings an asked limit into what is given; 0 means the usual.
func pageSize(asked int) int {
	if asked <= 0 {
		return defaultPage
	}
	return min(asked, maxPage)
}

// taskLine shows a task in a list.
func (r *reader) taskLine(t store.TaskRow, lang string, now time.Time) TaskLine {
	n := r.renderer(lang, nil)
	out := TaskLine{
		ID: t.ID, Case: t.Case, Number: t.Number, Procedure: t.Procedure, Step: t.Step, Title: n.say(t.Title), Row: t.Row,
		Holder: t.Holder, Opened: t.Opened, Priority: t.Priority,
	}
	if t.Holder != "" {
		out.HolderName = n.person(t.Holder)
	}
	for _, c := range t.Candidates {
		if holder, ok := strings.CutPrefix(string(c), heldPrefix); ok {
			out.Held, out.Holder, out.HolderName = true, holder, n.person(holder)
		}
		if post, ok := strings.CutPrefix(string(c), "post:"); ok {
			out.Posts = append(out.Posts, post)
		}
	}
	out.Due, out.Overdue = limit(t.Due, now)
	return out
}

// Task shows an open task to those who are offered it, who hold it, the procedure's manager and administrators. Who was
// offered it is told by code not-open what became of it.
func (e *Engine) Task(ctx context.Context, a Actor, lang, id string) (TaskView, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return TaskView{}, e.told(err)
	}
	out, err := e.task(ctx, r, lang, id)
	return out, e.told(err)
}

// mayOpen tells whether a task is shown to the reader: it is his, or that of somebody for whom he stands in, or he
// keeps the office or answers for the case.
func (e *Engine) mayOpen(r *reader, s *snapshot, slot *core.Slot) bool {
	return e.mine(r, s, slot) || r.admin || r.manages(s, e.now())
}

func (e *Engine) mine(r *reader, s *snapshot, slot *core.Slot) bool {
	return r.ofSlot(slot) || r.onBehalf(s, slot, e.now()) != nil
}

func (e *Engine) task(ctx context.Context, r *reader, lang, id string) (TaskView, error) {
	caseID, slotID, ok := splitID(id)
	if !ok {
		return TaskView{}, notFound()
	}
	row, err := e.store.Task(ctx, r.office, id)
	if errors.Is(err, store.ErrNotFound) {
		return TaskView{}, e.closed(ctx, r, caseID, slotID)
	}
	if err != nil {
		return TaskView{}, err
	}
	s, err := e.fresh(ctx, caseKey{office: r.office, id: caseID})
	if err != nil {
		return TaskView{}, err
	}
	act, slot := slotOf(s.state, slotID)
	if slot == nil { // it was done between the two readings
		return TaskView{}, e.closed(ctx, r, caseID, slotID)
	}
	now := e.now()
	away := r.onBehalf(s, slot, now)
	if !e.mayOpen(r, s, slot) {
		return TaskView{}, notFound()
	}
	work, ok := core.StepOf(s.proc, s.state, act.ID).Work.(*definitions.Task)
	if !ok {
		return TaskView{}, fmt.Errorf("task %s belongs to step %s, which is none", id, act.Step)
	}
	n := r.renderer(lang, s.proc)
	form := core.FormOf(s.proc, s.state, slotID)
	out := TaskView{
		TaskLine:       r.taskLine(row, lang, now).standingFor(away),
		ProcedureTitle: n.say(s.proc.Title), Note: n.say(work.Note),
		Answers: n.choices(core.AnswersOf(s.proc, s.state, slotID)),
		Form:    n.judged(s.proc, form, work.Checks), Show: []ShownField{},
		Acts: r.taskActs(n, s, slotID, now, away), Proposed: n.proposal(work, slot),
		Signers: r.signers(n, s, act, slot, now),
		Returns: r.returns(n, s, slotID, now, away), CallsIn: n.callsIn(s.proc, s.state, act),
	}
	n.addTo(&out.TaskLine, s.proc, s.state, now)
	if out.Values, err = begin(s, act, form); err != nil {
		return TaskView{}, err
	}
	if work.Form != nil {
		if out.Show, err = n.showForm(s, act, work.Form); err != nil {
			return TaskView{}, err
		}
	}
	if row.Holder == r.person.ID || away != nil && row.Holder == away.ID {
		out.Draft = draftFor(s, form, row.Draft)
	}
	for _, a := range out.Acts {
		if a.Act == string(core.ActComplete) {
			out.May, out.WhyNot = a.May, a.WhyNot
		}
	}
	return out, nil
}

// closed says to whoever was offered a task what became of it: he has opened it from a list that is old.
func (e *Engine) closed(ctx context.Context, r *reader, id string, slot core.ID) error {
	f, err := e.fateOf(ctx, r, id, slot)
	if err != nil {
		return err
	}
	if f.offered && f.why != "" {
		return f.notOpen()
	}
	return notFound()
}

// showForm shows what a task lists to read; a column of the row in scope shows that row's value.
func (n *renderer) showForm(s *snapshot, act *core.Activation, form *definitions.Form) ([]ShownField, error) {
	row, _ := rowAround(s, act)
	data := core.DataIn(s.proc, s.state, act.Frame)
	out := []ShownField{}
	for _, f := range form.Show {
		head, column, inside := strings.Cut(f.Path, ".")
		if table := s.proc.Data.Field(head); inside && table != nil && len(table.Fields) > 0 && table.Each != "" {
			var v any
			if rows, _ := data[head].([]map[string]any); row >= 0 && row < len(rows) {
				v = rows[row][column]
			}
			one, err := n.show(f, v, false)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
			continue
		}
		more, err := n.shown([]*value.Field{f}, data, false)
		if err != nil {
			return nil, err
		}
		if inside {
			more[0].Group = n.say(s.proc.Data.Field(head).Title)
		}
		out = append(out, more...)
	}
	return out, nil
}
