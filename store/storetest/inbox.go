package storetest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/guicheng/guicheng/store"
)

func taskRoundTrip(t *testing.T, s store.Store) {
	ctx := context.Background()
	want := newTask("c1", 7, "post:gate", "person:chan")
	want.Row, want.Due, want.Priority = "unit-2", at(90), 7
	putTasks(t, s, "c1", want, newTask("c1", 8))
	equal(t, "task", must(s.Task(ctx, gate, "c1.7"))(t), want)
	equal(t, "task without candidates", must(s.Task(ctx, gate, "c1.8"))(t), newTask("c1", 8))
	p := must(s.Inbox(ctx, gate, store.InboxQuery{Who: []store.Candidate{"person:chan"}, Limit: 5}))(t)
	equal(t, "inbox", p, store.Page[store.TaskRow]{Items: []store.TaskRow{want}})

	_, err := s.Task(ctx, gate, "c1.9")
	is(t, err, store.ErrNotFound)
	c := nextOf(gate, "c1", 1)
	c.Drops = []string{"c1.7", "c1.9"} // one that is not open is no mistake
	commit(t, s, c)
	_, err = s.Task(ctx, gate, "c1.7")
	is(t, err, store.ErrNotFound)
	equal(t, "inbox", inbox(t, s, "post:gate", "person:chan"), nil)
}

func inbox(t *testing.T, s store.Store, who ...store.Candidate) []string {
	t.Helper()
	return taskIDs(must(s.Inbox(context.Background(), gate, store.InboxQuery{Who: who, Limit: 200}))(t).Items)
}

func drafts(t *testing.T, s store.Store) {
	ctx := context.Background()
	putTasks(t, s, "c1", newTask("c1", 1, "post:gate"), newTask("c1", 2, "post:gate"))
	c := nextOf(gate, "c1", 1)
	c.Drafts = []store.Draft{{Task: "c1.1", Body: []byte("half")}, {Task: "c1.99", Body: []byte("of no open task")}}
	commit(t, s, c)
	equal(t, "draft", must(s.Task(ctx, gate, "c1.1"))(t).Draft, []byte("half"))
	equal(t, "other draft", must(s.Task(ctx, gate, "c1.2"))(t).Draft, nil)
	equal(t, "draft in a list", must(s.TasksOf(ctx, gate, "c1"))(t)[0].Draft, nil)

	c = nextOf(gate, "c1", 2)
	c.PutTasks = []store.TaskRow{newTask("c1", 1, "post:gate")}
	c.PutTasks[0].Holder = "chan"
	commit(t, s, c)
	equal(t, "draft of a task replaced", must(s.Task(ctx, gate, "c1.1"))(t).Draft, []byte("half"))

	c = nextOf(gate, "c1", 3)
	c.Drafts = []store.Draft{{Task: "c1.1"}}
	commit(t, s, c)
	equal(t, "draft taken away", must(s.Task(ctx, gate, "c1.1"))(t).Draft, nil)

	c, next := nextOf(gate, "c1", 4), nextOf(gate, "c1", 5)
	c.Drafts, c.Drops = []store.Draft{{Task: "c1.2", Body: []byte("x")}}, []string{"c1.1"}
	next.Drops = []string{"c1.2"}
	next.PutTasks = []store.TaskRow{newTask("c1", 2, "post:gate")} // drops come first: a new task under the old id
	commit(t, s, c, next)
	equal(t, "draft of a new task", must(s.Task(ctx, gate, "c1.2"))(t).Draft, nil)
	equal(t, "tasks", taskIDs(must(s.TasksOf(ctx, gate, "c1"))(t)), []string{"c1.2"})
}

func inboxOrder(t *testing.T, s store.Store) {
	var tasks []store.TaskRow
	for i, when := range []struct{ due, opened int }{{0, 1}, {0, 0}, {30, 5}, {10, 9}, {10, 2}, {10, 2}} {
		task := newTask("c1", int64(i), "post:gate")
		task.Opened = at(when.opened)
		if when.due > 0 {
			task.Due = at(when.due)
		}
		tasks = append(tasks, task)
	}
	putTasks(t, s, "c1", tasks...)
	want := []string{"c1.4", "c1.5", "c1.3", "c1.2", "c1.1", "c1.0"} // without a clock last
	equal(t, "inbox", inbox(t, s, "post:gate"), want)

	c := nextOf(gate, "c1", 1)
	moved := tasks[0]
	moved.Due = at(1)
	c.PutTasks = []store.TaskRow{moved} // its clock changed
	commit(t, s, c)
	equal(t, "inbox", inbox(t, s, "post:gate"), []string{"c1.0", "c1.4", "c1.5", "c1.3", "c1.2", "c1.1"})
}

// inboxPriority sorts by priority before the clock, over pages and over more candidates than one statement takes.
func inboxPriority(t *testing.T, s store.Store) {
	var who []store.Candidate
	for i := range 40 {
		who = append(who, store.Candidate(fmt.Sprintf("post:p%02d", i)))
	}
	var tasks []store.TaskRow
	for i, priority := range []int64{0, 5, -2, 0, 1_000_000, 5, 0} {
		task := newTask("c1", int64(i), who[i*5], who[39])
		task.Opened, task.Priority = at(i), priority
		tasks = append(tasks, task)
	}
	tasks[5].Due = at(9)
	putTasks(t, s, "c1", tasks...)
	want := []string{"c1.4", "c1.5", "c1.1", "c1.0", "c1.3", "c1.6", "c1.2"}
	equal(t, "of one", inbox(t, s, who[39]), want)
	equal(t, "of many", inbox(t, s, who...), want)
	q, got := store.InboxQuery{Who: who, Limit: 2}, []string(nil)
	for range 10 {
		p := must(s.Inbox(context.Background(), gate, q))(t)
		got = append(got, taskIDs(p.Items)...)
		if q.After = p.Next; p.Next == "" {
			break
		}
	}
	equal(t, "by pages", got, want)

	c := nextOf(gate, "c1", 1)
	changed := tasks[2]
	changed.Priority = 7
	c.PutTasks, c.Drops = []store.TaskRow{changed}, []string{"c1.4"}
	commit(t, s, c)
	equal(t, "changed", inbox(t, s, who[39]), []string{"c1.2", "c1.5", "c1.1", "c1.0", "c1.3", "c1.6"})
	equal(t, "count", must(s.InboxCounts(context.Background(), gate, who[39:], 100))(t)[who[39]], 6)
}

func inboxFilters(t *testing.T, s store.Store) {
	ctx := context.Background()
	a, b := newTask("c1", 1, "post:a"), newTask("c1", 2, "post:b")
	c, d := newTask("c1", 3, "post:a"), newTask("c1", 4, "post:a")
	b.Procedure, c.Step, d.Number = "purchase", "approve", "派修2026-1"
	putTasks(t, s, "c1", a, b, c, d)
	for name, tt := range map[string]struct {
		q    store.InboxQuery
		want []string
	}{
		"nothing":         {store.InboxQuery{}, []string{"c1.1", "c1.2", "c1.3", "c1.4"}},
		"procedure":       {store.InboxQuery{Procedure: "purchase"}, []string{"c1.2"}},
		"step":            {store.InboxQuery{Step: "approve"}, []string{"c1.3"}},
		"number":          {store.InboxQuery{Number: "派修2026"}, []string{"c1.4"}},
		"all of them":     {store.InboxQuery{Procedure: "repair", Step: "inspect", Number: "R-"}, []string{"c1.1"}},
		"a pattern":       {store.InboxQuery{Number: "%"}, nil},
		"no such thing":   {store.InboxQuery{Procedure: "x"}, nil},
		"procedure, step": {store.InboxQuery{Procedure: "repair", Step: "inspect"}, []string{"c1.1", "c1.4"}},
	} {
		tt.q.Who, tt.q.Limit = []store.Candidate{"post:a", "post:b"}, 10
		equal(t, name, taskIDs(must(s.Inbox(ctx, gate, tt.q))(t).Items), tt.want)
	}
	equal(t, "of nobody", inbox(t, s), nil)
}

// inboxMany asks for more candidates than a driver may put in one statement.
func inboxMany(t *testing.T, s store.Store) {
	var who []store.Candidate
	var tasks []store.TaskRow
	var want []string
	for i := range 75 {
		who = append(who, store.Candidate(fmt.Sprintf("post:p%02d", i)))
	}
	for i := range int64(75) {
		task := newTask("c1", i+100, who[i], who[(i*7)%75], who[i]) // also one named twice
		tasks, want = append(tasks, task), append(want, task.ID)
	}
	putTasks(t, s, "c1", tasks...)
	equal(t, "all", inbox(t, s, append(slices.Clone(who), who...)...), want)

	q, got := store.InboxQuery{Who: who, Limit: 10}, []string(nil)
	for range 20 {
		p := must(s.Inbox(context.Background(), gate, q))(t)
		got = append(got, taskIDs(p.Items)...)
		if q.After = p.Next; p.Next == "" {
			break
		}
	}
	equal(t, "by pages", got, want)
	for n := range 12 { // any number of candidates
		equal(t, strconv.Itoa(n), len(inbox(t, s, who[:n]...)) >= n, true)
	}
}

func inboxClaimed(t *testing.T, s store.Store) {
	task := newTask("c1", 1, "post:gate", "post:desk")
	putTasks(t, s, "c1", task)
	claimed := task
	claimed.Holder = "chan"
	c := nextOf(gate, "c1", 1)
	c.PutTasks = []store.TaskRow{claimed}
	commit(t, s, c)
	equal(t, "posts", inbox(t, s, "post:gate", "post:desk"), nil)
	equal(t, "holder", inbox(t, s, "holder:chan", "post:gate"), []string{"c1.1"})
	equal(t, "another", inbox(t, s, "holder:wong"), nil)
	equal(t, "task", must(s.Task(context.Background(), gate, "c1.1"))(t), claimed)

	c = nextOf(gate, "c1", 2)
	c.PutTasks = []store.TaskRow{task} // released
	commit(t, s, c)
	equal(t, "posts", inbox(t, s, "post:gate", "post:desk"), []string{"c1.1"})
	equal(t, "holder", inbox(t, s, "holder:chan"), nil)

	c = nextOf(gate, "c1", 3)
	task.Candidates = []store.Candidate{"post:desk"}
	c.PutTasks = []store.TaskRow{task} // one candidate less
	commit(t, s, c)
	equal(t, "gate", inbox(t, s, "post:gate"), nil)
	equal(t, "desk", inbox(t, s, "post:desk"), []string{"c1.1"})
}

// inboxPaged reads page by page, while before each next page the last task shown is done and another comes in front
// and behind: what was there all the time comes exactly once.
func inboxPaged(t *testing.T, s store.Store) {
	var tasks []store.TaskRow
	for i := range int64(20) {
		task := newTask("c1", i+100, "post:gate")
		task.Due = at(100 + int(i))
		tasks = append(tasks, task)
	}
	putTasks(t, s, "c1", tasks...)
	q := store.InboxQuery{Who: []store.Candidate{"post:gate"}, Limit: 3}
	seen := map[string]int{}
	for n := range int64(50) {
		p := must(s.Inbox(context.Background(), gate, q))(t)
		for _, task := range p.Items {
			seen[task.ID]++
		}
		if q.After = p.Next; p.Next == "" {
			break
		}
		c := nextOf(gate, "c1", n+1)
		c.Drops = []string{p.Items[len(p.Items)-1].ID}
		front, behind := newTask("c1", n+200, "post:gate"), newTask("c1", n+300, "post:gate")
		front.Due = at(1)
		c.PutTasks = []store.TaskRow{front}
		if n < 3 { // so that it comes to an end
			c.PutTasks = append(c.PutTasks, behind)
		}
		commit(t, s, c)
	}
	for _, task := range tasks {
		equal(t, "times that "+task.ID+" came", seen[task.ID], 1)
	}
	equal(t, "tasks that came", len(seen), 20+3)
}

func inboxCounts(t *testing.T, s store.Store) {
	var tasks []store.TaskRow
	for i := range int64(7) {
		tasks = append(tasks, newTask("c1", i, "post:gate"))
	}
	tasks[6].Candidates = []store.Candidate{"post:gate", "post:desk"}
	tasks[5].Holder = "chan"
	putTasks(t, s, "c1", tasks...)
	who := []store.Candidate{"post:gate", "post:desk", "holder:chan", "post:none"}
	for limit, want := range map[int][]int{100: {6, 1, 1, 0}, 3: {3, 1, 1, 0}} {
		got := must(s.InboxCounts(context.Background(), gate, who, limit))(t)
		for i, w := range who {
			equal(t, string(w), got[w], want[i])
		}
	}
}

func tasksOf(t *testing.T, s store.Store) {
	ctx := context.Background()
	late, early := newTask("c1", 2), newTask("c1", 11)
	late.Opened = at(5)
	putTasks(t, s, "c1", late, early)
	putTasks(t, s, "c1.2", newTask("c1.2", 1)) // an id that begins with the other's
	putTasks(t, s, "c10", newTask("c10", 1))
	equal(t, "c1", must(s.TasksOf(ctx, gate, "c1"))(t), []store.TaskRow{early, late})
	equal(t, "c1.2", taskIDs(must(s.TasksOf(ctx, gate, "c1.2"))(t)), []string{"c1.2.1"})
	equal(t, "none", len(must(s.TasksOf(ctx, gate, "c"))(t)), 0)
}

func badCursor(t *testing.T, s store.Store) {
	ctx := context.Background()
	someCases(t, s)
	next := must(s.CasesOf(ctx, gate, store.CaseQuery{Limit: 1}))(t).Next
	for _, bad := range []string{"x", "!!", "eyJ9", next + "x", next[:len(next)-4], "W10", "bnVsbA"} {
		_, err := s.CasesOf(ctx, gate, store.CaseQuery{After: bad, Limit: 1})
		is(t, err, store.ErrBadCursor)
	}
	_, err := s.Inbox(ctx, gate, store.InboxQuery{After: next, Limit: 1, Who: []store.Candidate{"post:gate"}})
	is(t, err, store.ErrBadCursor) // a cursor of another list
	_, err = s.Copies(ctx, gate, []store.Candidate{"post:gate"}, "chan", next, 1)
	is(t, err, store.ErrBadCursor)
}
