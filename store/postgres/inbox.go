package postgres

import (
	"context"
	"math"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

const taskColumns = `t.office, t.id, t.case_id, t.slot, t.act, t.number, t.procedure, t.step, t.title, t.row_name,
	t.candidates, t.holder, t.opened, t.due, t.rank`

func scanTask(r scanner) (store.TaskRow, error) { return scanTaskAnd(r) }

// scanTaskAnd reads taskColumns and what the query selects after them.
func scanTaskAnd(r scanner, more ...any) (t store.TaskRow, err error) {
	var candidates string
	var opened, due, rank int64
	dest := append([]any{&t.Office, &t.ID, &t.Case, &t.Slot, &t.Act, &t.Number, &t.Procedure, &t.Step, &t.Title, &t.Row,
		&candidates, &t.Holder, &opened, &due, &rank}, more...)
	if err := r.Scan(dest...); err != nil {
		return t, err
	}
	t.Opened, t.Due, t.Candidates, t.Priority = fromMicros(opened), fromMicros(due), parted(candidates), -rank
	return t, nil
}

// Inbox lists the open tasks of those who: greatest priority, soonest due, oldest first, then by id.
func (s *Store) Inbox(ctx context.Context, office string, q store.InboxQuery) (store.Page[store.TaskRow], error) {
	var none store.Page[store.TaskRow]
	first := shared.Cursor{List: shared.Inbox, Rank: math.MinInt64, First: math.MinInt64, Then: math.MinInt64}
	at, err := shared.DecodeCursor(q.After, first)
	if err != nil {
		return none, err
	}
	limit := shared.PageOf(q.Limit)
	text, args := inboxQuery(office, q, at, limit+1)
	items, err := list(ctx, s, "inbox of "+office, named(office), scanTask, text, args...)
	if err != nil {
		return none, err
	}
	return shared.Page(items, limit, func(t store.TaskRow) shared.Cursor {
		return shared.Cursor{List: shared.Inbox, Rank: -t.Priority, First: dueKey(t.Due), Then: micros(t.Opened), ID: t.ID}
	}), nil
}

// inboxQuery takes the top of each candidate's own range and merges them; DISTINCT removes a task that came twice.
// OFFSET 0 keeps the order: offers first, then their tasks.
func inboxQuery(office string, q store.InboxQuery, at shared.Cursor, limit int) (string, []any) {
	args := []any{office, texts(distinct(q.Who)), at.Rank, at.First, at.Then, at.ID, limit}
	filter := ""
	for _, f := range []struct{ text, value string }{
		{" AND f.procedure = $", q.Procedure},
		{" AND f.step = $", q.Step},
	} {
		if f.value != "" {
			args = append(args, f.value)
			filter += f.text + itoa(len(args))
		}
	}
	if q.Number != "" {
		args = append(args, q.Number, beyond(q.Number))
		filter += " AND f.number >= $" + itoa(len(args)-1) + " AND f.number < $" + itoa(len(args))
	}
	if filter != "" {
		filter = ` CROSS JOIN LATERAL (SELECT FROM tasks f WHERE f.office = $1 AND f.id = o.task` + filter + ` OFFSET 0) t`
	}
	return `SELECT ` + taskColumns + ` FROM (
	SELECT DISTINCT m.rank, m.due_key, m.opened, m.task FROM unnest($2::text[]) AS w(candidate) CROSS JOIN LATERAL (
		SELECT o.rank, o.due_key, o.opened, o.task FROM offers o` + filter + `
		WHERE o.office = $1 AND o.candidate = w.candidate AND (o.rank, o.due_key, o.opened, o.task) > ($3, $4, $5, $6)
		ORDER BY o.rank, o.due_key, o.opened, o.task LIMIT $7) m
	ORDER BY m.rank, m.due_key, m.opened, m.task LIMIT $7) k
CROSS JOIN LATERAL (SELECT ` + taskColumns + ` FROM tasks t WHERE t.office = $1 AND t.id = k.task OFFSET 0) t
ORDER BY k.rank, k.due_key, k.opened, k.task`, args
}

const sqlInboxCounts = `SELECT w.candidate, (SELECT count(*) FROM (
	SELECT FROM offers o WHERE o.office = $1 AND o.candidate = w.candidate LIMIT $3) few)
	FROM unnest($2::text[]) AS w(candidate)`

// InboxCounts counts open tasks for each of who, up to limit.
func (s *Store) InboxCounts(ctx context.Context, office string, who []store.Candidate, limit int,
) (map[store.Candidate]int, error) {
	counts := make(map[store.Candidate]int, len(who))
	for _, w := range who {
		counts[w] = 0
	}
	_, err := list(ctx, s, "inbox counts of "+office, named(office), func(r scanner) (struct{}, error) {
		var w string
		var n int
		err := r.Scan(&w, &n)
		counts[store.Candidate(w)] = n
		return struct{}{}, err
	}, sqlInboxCounts, office, texts(distinct(who)), max(limit, 0))
	if err != nil {
		return nil, err
	}
	return counts, nil
}

const (
	sqlTask    = "SELECT " + taskColumns + ", t.draft FROM tasks t WHERE t.office = $1 AND t.id = $2"
	sqlTasksOf = "SELECT " + taskColumns + ` FROM tasks t
	WHERE t.office = $1 AND t.id > $2 AND t.id < $3 AND t.case_id = $4 ORDER BY t.opened, t.slot, t.id`
)

// Task returns one open task, with its draft.
func (s *Store) Task(ctx context.Context, office, id string) (store.TaskRow, error) {
	return find(ctx, s, "task "+id, named(office), func(r scanner) (store.TaskRow, error) {
		var draft []byte
		t, err := scanTaskAnd(r, &draft)
		t.Draft = draft
		return t, err
	}, sqlTask, office, id)
}

// TasksOf lists the open tasks of a case, oldest first.
func (s *Store) TasksOf(ctx context.Context, office, caseID string) ([]store.TaskRow, error) {
	from, to := ofCase(caseID)
	return list(ctx, s, "tasks of case "+caseID, named(office), scanTask, sqlTasksOf, office, from, to, caseID)
}

// ofCase is the range of ids that begin with the case's and a dot.
func ofCase(id string) (from, to string) {
	return id + ".", id + "/" // the slash follows the dot
}
