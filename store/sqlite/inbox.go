package sqlite

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

// whoAtOnce is how many candidates one statement asks for.
const whoAtOnce = 32

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
	t.Opened, t.Due, t.Priority = fromMicros(opened), fromMicros(due), -rank
	t.Candidates, err = decodeList[store.Candidate](candidates)
	return t, err
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
	var items []store.TaskRow
	err = s.reading(ctx, "inbox of "+office, func(st *statements) error {
		for who := range slices.Chunk(distinct(q.Who), whoAtOnce) {
			text, args := inboxQuery(office, q, who, at, limit+1)
			some, err := queryAll(ctx, st, scanTask, text, args...)
			if err != nil {
				return err
			}
			items = append(items, some...)
		}
		return nil
	})
	if err != nil {
		return none, err
	}
	if len(q.Who) > whoAtOnce {
		slices.SortFunc(items, byDue)
		items = slices.CompactFunc(items, func(a, b store.TaskRow) bool { return a.ID == b.ID })
	}
	return shared.Page(items, limit, func(t store.TaskRow) shared.Cursor {
		return shared.Cursor{List: shared.Inbox, Rank: -t.Priority, First: dueKey(t.Due), Then: micros(t.Opened), ID: t.ID}
	}), nil
}

func byDue(a, b store.TaskRow) int {
	return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(dueKey(a.Due), dueKey(b.Due)),
		cmp.Compare(micros(a.Opened), micros(b.Opened)), cmp.Compare(a.ID, b.ID))
}

// inboxQuery takes the top of each candidate's own range and merges them; UNION removes a task that came twice. The
// number of ranges is rounded up with candidates that are nobody, so that few texts are ever prepared.
func inboxQuery(office string, q store.InboxQuery, who []store.Candidate, at shared.Cursor, limit int) (string, []any) {
	args := []any{office, at.Rank, at.First, at.Then, at.ID, limit}
	filter, joined := "", ""
	for _, f := range []struct{ text, value string }{
		{" AND t.procedure = ?", q.Procedure},
		{" AND t.step = ?", q.Step},
	} {
		if f.value != "" {
			args = append(args, f.value)
			filter += f.text + itoa(len(args))
		}
	}
	if q.Number != "" {
		args = append(args, q.Number, q.Number+string(utf8.MaxRune))
		filter += " AND t.number >= ?" + itoa(len(args)-1) + " AND t.number < ?" + itoa(len(args))
	}
	if filter != "" { // CROSS JOIN keeps the order: offers first
		joined = " CROSS JOIN tasks t ON t.office = o.office AND t.id = o.task"
	}
	var b strings.Builder
	b.WriteString("SELECT " + taskColumns + " FROM (")
	for i := range roundUp(len(who)) {
		candidate := "" // nobody
		if i < len(who) {
			candidate = string(who[i])
		}
		if i > 0 {
			b.WriteString(" UNION ")
		}
		args = append(args, candidate)
		b.WriteString("SELECT * FROM (SELECT o.rank, o.due_key, o.opened, o.task FROM offers o" + joined +
			" WHERE o.office = ?1 AND o.candidate = ?" + itoa(len(args)) +
			" AND (o.rank, o.due_key, o.opened, o.task) > (?2, ?3, ?4, ?5)" + filter +
			" ORDER BY o.rank, o.due_key, o.opened, o.task LIMIT ?6)")
	}
	b.WriteString(` ORDER BY rank, due_key, opened, task LIMIT ?6) k CROSS JOIN tasks t ON t.office = ?1 AND t.id = k.task
		ORDER BY k.rank, k.due_key, k.opened, k.task`)
	return b.String(), args
}

// roundUp returns the next power of two.
func roundUp(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}

// InboxCounts counts open tasks for each of who, up to limit.
func (s *Store) InboxCounts(ctx context.Context, office string, who []store.Candidate, limit int,
) (map[store.Candidate]int, error) {
	counts := make(map[store.Candidate]int, len(who))
	err := s.reading(ctx, "inbox counts of "+office, func(q *statements) error {
		for _, w := range who {
			n, err := queryOne(ctx, q, scanInt,
				"SELECT count(*) FROM (SELECT 1 FROM offers WHERE office = ? AND candidate = ? LIMIT ?)",
				office, string(w), max(limit, 0))
			if err != nil {
				return err
			}
			counts[w] = int(n)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return counts, nil
}

// Task returns one open task, with its draft.
func (s *Store) Task(ctx context.Context, office, id string) (store.TaskRow, error) {
	return find(ctx, s, "task "+id, func(r scanner) (store.TaskRow, error) {
		var draft []byte
		t, err := scanTaskAnd(r, &draft)
		t.Draft = draft
		return t, err
	}, "SELECT "+taskColumns+", t.draft FROM tasks t WHERE t.office = ? AND t.id = ?", office, id)
}

// TasksOf lists the open tasks of a case, oldest first.
func (s *Store) TasksOf(ctx context.Context, office, caseID string) ([]store.TaskRow, error) {
	from, to := ofCase(caseID)
	return list(ctx, s, "tasks of case "+caseID, scanTask, "SELECT "+taskColumns+` FROM tasks t
		WHERE t.office = ? AND t.id > ? AND t.id < ? AND t.case_id = ? ORDER BY t.opened, t.slot, t.id`,
		office, from, to, caseID)
}

// ofCase is the range of ids that begin with the case's and a dot.
func ofCase(id string) (from, to string) {
	return id + ".", id + "/" // the slash follows the dot
}
