package engine

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// standsFor lists those whose tasks of a procedure the reader may do, because they are away: the nearest first.
func (r *reader) standsFor(procedure string) []value.Person {
	var out []value.Person
	for _, s := range r.stands {
		if s.Covers(procedure) {
			out = append(out, s.For)
		}
	}
	return out
}

// standsAt gives the person away whose open task a slot is; nil: it is nobody's for whom the reader stands in.
func (r *reader) standsAt(procedure string, slot *core.Slot) *value.Person {
	for _, p := range r.standsFor(procedure) {
		if slotOfPerson(slot, p) {
			return &p
		}
	}
	return nil
}

// onBehalf gives the person in whose stead the reader does a task: nil where he may do it himself, or nobody's task it
// is for whom he stands in.
func (r *reader) onBehalf(s *snapshot, slot *core.Slot, now time.Time) *value.Person {
	c := core.Context{Now: now, Staff: r.desk.roster}
	if len(r.stands) == 0 || core.MayDo(s.proc, s.state, c, slot.ID, r.person) == nil {
		return nil
	}
	for _, p := range r.standsFor(s.proc.ID) {
		c.For = &p
		if core.MayDo(s.proc, s.state, c, slot.ID, r.person) == nil {
			return &p
		}
	}
	if r.ofSlot(slot) {
		return nil
	}
	return r.standsAt(s.proc.ID, slot) // he may not, and is told why
}

// inboxOf lists under what the open tasks of a person are found.
func inboxOf(p value.Person) []store.Candidate {
	var out []store.Candidate
	for _, post := range p.Posts {
		out = append(out, store.Candidate("post:"+post))
	}
	return append(out, store.Candidate("person:"+p.ID), store.Candidate("holder:"+p.ID))
}

// whoseTask says whose an open task is: the reader's own (nil, true), that of somebody he stands in for, or neither.
func (r *reader) whoseTask(procedure string, candidates []store.Candidate, holder string) (*value.Person, bool) {
	has := func(p value.Person) bool {
		if holder != "" {
			return holder == p.ID
		}
		return slices.ContainsFunc(candidates, func(c store.Candidate) bool {
			post, ok := strings.CutPrefix(string(c), "post:")
			return ok && slices.Contains(p.Posts, post) || string(c) == "person:"+p.ID
		})
	}
	if has(r.person) {
		return nil, true
	}
	for _, p := range r.standsFor(procedure) {
		if has(p) {
			return &p, true
		}
	}
	return nil, false
}

// inbox reads a page of the tasks of those who. Tasks that come because the reader stands in for somebody, but in
// another procedure only, are left out: the page goes on behind them.
func (e *Engine) inbox(ctx context.Context, r *reader, lang string, q store.InboxQuery, team bool) (InboxPage, error) {
	out := InboxPage{Tasks: []TaskLine{}, Counts: map[string]int{}}
	if len(q.Who) == 0 {
		return out, nil
	}
	limit := q.Limit
	for range maxLooks {
		q.Limit = limit - len(out.Tasks)
		page, err := e.store.Inbox(ctx, r.office, q)
		if err != nil {
			return InboxPage{}, err
		}
		for _, t := range page.Items {
			away, ok := r.whoseTask(t.Procedure, t.Candidates, t.Holder)
			if !ok && !team {
				continue
			}
			out.Tasks = append(out.Tasks, r.taskLine(t, lang, e.now()).standingFor(away))
		}
		out.Next, q.After = page.Next, page.Next
		if page.Next == "" || len(out.Tasks) >= limit {
			break
		}
	}
	return out, e.addToAll(ctx, r, lang, out.Tasks)
}

// standingFor says whose task it is that is done by somebody else.
func (t TaskLine) standingFor(p *value.Person) TaskLine {
	if p != nil {
		t.For, t.ForName = p.ID, p.Name
	}
	return t
}

// slotOfPerson tells whether a slot is a person's: he works on it, or it is open and offered to him.
func slotOfPerson(slot *core.Slot, p value.Person) bool {
	if slot.Holder != nil && slot.Holder.ID == p.ID || slot.Given != nil && slot.Given.ID == p.ID {
		return true
	}
	return slot.State.Open() && slices.ContainsFunc(slot.Candidates, func(c formula.Candidate) bool {
		return c.Person != "" && c.Person == p.ID || c.Post != "" && slices.Contains(p.Posts, c.Post)
	})
}
