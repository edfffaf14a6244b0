package engine

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// Unattended is work that a change of the office leaves to nobody: tasks that are offered to a post which nobody holds
// any more, or whose holders a rule keeps from them, or that are those of a person who has left; and steps that wait
// for a message which nobody may send.
type Unattended struct {
	Post     string `json:"post,omitempty" doc:"absent: they are the person's own; hand them over"`
	Title    string `json:"title,omitempty" doc:"of the post, or of the message"`
	Tasks    int    `json:"tasks" doc:"up to 1000; none: steps that wait"`
	Excluded bool   `json:"excluded,omitempty" doc:"somebody has them, or holds the post, but may not do these"`
	Message  string `json:"message,omitempty" doc:"nobody may send it, and steps wait for it alone"`
	Waits    int    `json:"waits,omitempty" doc:"how many steps do, up to 1000 for a procedure"`
}

// loss is a change of one person, with the office before it and after it.
type loss struct {
	e             *Engine
	a             Actor
	desk          *desk
	old, now      store.PersonRow
	before, after core.Context
}

// unattended lists the work that somebody could do before a person changed, and that nobody can do then.
func (e *Engine) unattended(ctx context.Context, a Actor, old, now store.PersonRow) ([]Unattended, error) {
	if !bearsOnWork(old, now) {
		return nil, nil
	}
	l, err := e.lossOf(ctx, a, old, now)
	if err != nil || l.desk.office == nil {
		return nil, err
	}
	tasks, err := l.tasks(ctx)
	if err != nil {
		return nil, err
	}
	waits, err := l.waits(ctx)
	return append(tasks, waits...), err
}

// bearsOnWork tells whether a change may leave work to nobody. What one who had left was given before is known.
func bearsOnWork(old, now store.PersonRow) bool {
	return !old.Gone && (now.Gone || old.Unit != now.Unit || !slices.Equal(old.Posts, now.Posts) ||
		!slices.Equal(old.Skills, now.Skills))
}

func (e *Engine) lossOf(ctx context.Context, a Actor, old, now store.PersonRow) (*loss, error) {
	d, err := e.books.desk(ctx, a.Office)
	if err != nil {
		return nil, err
	}
	old.ID = now.ID
	l := &loss{e: e, a: a, desk: d, old: old, now: now}
	l.before = core.Context{Now: e.now(), Office: d.office, Staff: d.roster.With(old)}
	l.after = core.Context{Now: e.now(), Office: d.office, Staff: d.roster.With(now)}
	return l, nil
}

// concerned are those under whom the person's work stands in inboxes: himself, and the posts that he held.
func (l *loss) concerned() []store.Candidate {
	who := []store.Candidate{
		store.Candidate("person:" + l.now.ID), store.Candidate("holder:" + l.now.ID), heldBy(l.now.ID),
	}
	for _, post := range l.old.Posts {
		who = append(who, store.Candidate("post:"+post))
	}
	return who
}

// tasks counts the open tasks, by the posts to which they are offered: those of posts without holders come first, then
// the person's own, then those that a rule keeps from all.
func (l *loss) tasks(ctx context.Context) ([]Unattended, error) {
	counts, seen := map[Unattended]int{}, map[string]bool{}
	for _, c := range l.concerned() {
		err := l.e.eachTask(ctx, l.a.Office, c, func(t store.TaskRow) error {
			if seen[t.ID] {
				return nil
			}
			seen[t.ID] = true
			if lost, err := l.lost(ctx, t); err == nil && lost { // what cannot be read is told where it is looked at
				counts[l.whose(t, c)]++
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	var out []Unattended
	for u, n := range counts { // any order: sorted below
		u.Tasks = min(n, maxCount)
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b Unattended) int {
		rank := func(u Unattended) string {
			switch {
			case u.Excluded:
				return "2" + u.Post
			case u.Post == "":
				return "1"
			}
			return "0" + u.Post
		}
		return strings.Compare(rank(a), rank(b))
	})
	return out, nil
}

// eachTask looks at the open tasks of one candidate, up to maxCount of them.
func (e *Engine) eachTask(ctx context.Context, office string, c store.Candidate, do func(store.TaskRow) error) error {
	after := ""
	for range maxCount / maxPage {
		page, err := e.store.Inbox(ctx, office, store.InboxQuery{
			Who: []store.Candidate{c}, After: after, Limit: maxPage,
		})
		if err != nil {
			return err
		}
		for _, t := range page.Items {
			if err := do(t); err != nil {
				return err
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
	return nil
}

// lost tells whether a task could be done before, and cannot now. What was one's own who leaves is handed over.
func (l *loss) lost(ctx context.Context, t store.TaskRow) (bool, error) {
	if t.Holder == l.now.ID && l.now.Gone {
		return true, nil
	}
	id, slot, ok := splitID(t.ID)
	if !ok {
		return false, nil
	}
	s, err := l.e.fresh(ctx, caseKey{office: l.a.Office, id: id})
	if err != nil {
		return false, err
	}
	lost := false
	err = guarded(func() error {
		lost = !core.Attended(s.proc, s.state, l.after, slot) && core.Attended(s.proc, s.state, l.before, slot)
		return nil
	})
	return lost, err
}

// whose says of a task that was found under a candidate whose it is.
func (l *loss) whose(t store.TaskRow, c store.Candidate) Unattended {
	post, isPost := strings.CutPrefix(string(c), "post:")
	if t.Holder == l.now.ID || !isPost {
		return Unattended{Excluded: !l.now.Gone}
	}
	return Unattended{
		Post: post, Title: l.desk.postTitle(l.a.Lang, post), Excluded: len(l.after.Staff.Holders(post)) > 0,
	}
}

// waits counts the open steps that only people can end by a message which nobody may send any more, in the procedures
// whose present version has such a step, message by message.
func (l *loss) waits(ctx context.Context) ([]Unattended, error) {
	var out []Unattended
	for _, id := range slices.Sorted(maps.Keys(l.desk.newest)) {
		if !l.sends(l.desk.newest[id]) {
			continue
		}
		counts, err := l.waitsOf(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range l.desk.newest[id].Messages {
			if n := counts[m.ID]; n > 0 {
				out = append(out, Unattended{Message: m.ID, Title: l.desk.say(l.a.Lang, m.Title), Waits: n})
			}
		}
	}
	return out, nil
}

// sends tells whether the person could send, by a post that he held or by himself, what some step of a procedure waits
// for.
func (l *loss) sends(p *definitions.Procedure) bool {
	for _, st := range p.Steps { // any order: whether there is one
		work := st.Work
		if m, ok := work.(*definitions.Multi); ok && len(m.Body.Steps) == 1 {
			work = m.Body.Steps[0].Work
		}
		w, ok := work.(*definitions.Wait)
		if ok && w.ByHand() && slices.ContainsFunc(w.For, func(f *definitions.WaitFor) bool {
			by := f.Message.By
			return by.Expr != nil || slices.ContainsFunc(by.Posts, func(post string) bool {
				return slices.Contains(l.old.Posts, post)
			})
		}) {
			return true
		}
	}
	return false
}

// waitsOf counts, by message, the waits of a procedure's running cases.
func (l *loss) waitsOf(ctx context.Context, procedure string) (map[string]int, error) {
	counts, after := map[string]int{}, ""
	for range maxCount / maxPage {
		page, err := l.e.store.CasesOf(ctx, l.a.Office, store.CaseQuery{
			Procedure: procedure, Status: string(core.Running), After: after, Limit: maxPage,
		})
		if err != nil {
			return nil, err
		}
		for _, row := range page.Items {
			s, err := l.e.read(ctx, row)
			if err != nil { // what cannot be read is told where it is looked at
				continue
			}
			list, err := l.unsent(s)
			if err != nil {
				return nil, err
			}
			for _, u := range list {
				counts[u.Message]++
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	return counts, nil
}

// unsent lists the waits of a case that nobody can end any more.
func (l *loss) unsent(s *snapshot) (out []core.Unsent, err error) {
	err = guarded(func() error {
		before := core.UnsentWaits(s.proc, s.state, l.before)
		for _, u := range core.UnsentWaits(s.proc, s.state, l.after) {
			if !slices.Contains(before, u) {
				out = append(out, u)
			}
		}
		return nil
	})
	return out, err
}
