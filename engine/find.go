package engine

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/guicheng/guicheng/store"
)

// find is the inbox for one who looks for something: the tasks of cases whose number begins so, or the text of a
// searchable field does, or that have it as the value of another. It is one page.
func (e *Engine) find(ctx context.Context, r *reader, lang string, q store.InboxQuery, text string, team bool) (
	InboxPage, error,
) {
	q.Number = text
	out, err := e.inbox(ctx, r, lang, q, team)
	if err != nil || len(q.Who) == 0 {
		return out, err
	}
	out.Next = ""
	cases, err := e.casesWith(ctx, r, q.Procedure, text)
	if err != nil {
		return InboxPage{}, err
	}
	for _, id := range cases {
		tasks, err := e.store.TasksOf(ctx, r.office, id)
		if err != nil {
			return InboxPage{}, err
		}
		for _, t := range tasks {
			away, ok := r.whoseTask(t.Procedure, t.Candidates, t.Holder)
			known := slices.ContainsFunc(out.Tasks, func(x TaskLine) bool { return x.ID == t.ID })
			if !known && (ok || team) && offeredTo(t, q.Who) {
				out.Tasks = append(out.Tasks, r.taskLine(t, lang, e.now()).standingFor(away))
			}
		}
	}
	slices.SortStableFunc(out.Tasks, inboxOrder)
	return out, e.addToAll(ctx, r, lang, out.Tasks)
}

// casesWith lists cases of which a searchable field has a text as its value, or begins so: of one procedure, or ("") of
// all.
func (e *Engine) casesWith(ctx context.Context, r *reader, procedure, text string) ([]string, error) {
	var out []string
	for _, id := range r.desk.sorted() {
		p := r.desk.newest[id]
		if procedure != "" && procedure != id {
			continue
		}
		for _, f := range p.Data.Searchable() {
			from, to, err := f.SearchRange(text, p.Office.Zone)
			if err != nil || from == "" {
				continue // it is no value of this field
			}
			page, err := e.store.CasesOf(ctx, r.office, store.CaseQuery{
				Procedure: id, Field: searchField(id, f.Path), From: from, To: to, Limit: maxFound,
			})
			if err != nil {
				return nil, err
			}
			for _, row := range page.Items {
				out = append(out, row.ID)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// offeredTo tells whether a task stands in the inbox of any of who.
func offeredTo(t store.TaskRow, who []store.Candidate) bool {
	if t.Holder != "" {
		return slices.Contains(who, store.Candidate("holder:"+t.Holder))
	}
	return slices.ContainsFunc(t.Candidates, func(c store.Candidate) bool { return slices.Contains(who, c) })
}

// inboxOrder is the order in which a store lists an inbox.
func inboxOrder(a, b TaskLine) int {
	return cmp.Or(cmp.Compare(b.Priority, a.Priority), compareDue(a.soonest(), b.soonest()),
		a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID))
}

// compareDue puts what has no clock last.
func compareDue(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return a.Compare(*b)
}
