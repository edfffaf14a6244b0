package sqlite

import (
	"context"
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/store"
)

// takes removes what caused the change. It was seen to be there.
func (a *applier) takes(ctx context.Context) error {
	for _, t := range []struct{ id, text string }{
		{a.c.TakesLetter, "DELETE FROM letters WHERE office = ? AND id = ?"},
		{a.c.TakesTimer, "DELETE FROM timers WHERE office = ? AND id = ?"},
		{a.c.TakesKept, "DELETE FROM kept_messages WHERE office = ? AND id = ?"},
		{a.c.Message, "INSERT INTO messages (office, id, at) VALUES (?, ?, unixepoch() * 1000000)"},
	} {
		if t.id == "" {
			continue
		}
		if err := a.exec(ctx, t.text, a.office, t.id); err != nil {
			return fmt.Errorf("take %q: %w", t.id, err)
		}
	}
	return nil
}

func (a *applier) draws(ctx context.Context) error {
	for _, d := range a.c.Draws {
		if err := a.exec(ctx,
			"INSERT INTO counters (office, series, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = excluded.n",
			a.office, d.Series, d.N); err != nil {
			return fmt.Errorf("draw %d of %q: %w", d.N, d.Series, err)
		}
	}
	return nil
}

// seat is where a task stands in the inbox.
type seat struct {
	who               []store.Candidate
	rank, due, opened int64
}

func scanSeat(r scanner) (s seat, err error) {
	var candidates, holder string
	var due int64
	if err := r.Scan(&candidates, &holder, &due, &s.opened, &s.rank); err != nil {
		return s, err
	}
	list, err := decodeList[store.Candidate](candidates)
	s.who, s.due = offered(holder, list), dueKey(fromMicros(due))
	return s, err
}

func seatOf(t *store.TaskRow) seat {
	return seat{
		who: offered(t.Holder, t.Candidates), rank: -t.Priority, due: dueKey(t.Due), opened: micros(t.Opened),
	}
}

func (s seat) equal(other seat) bool {
	return s.rank == other.rank && s.due == other.due && s.opened == other.opened && slices.Equal(s.who, other.who)
}

func (a *applier) offer(ctx context.Context, task string, s seat) error {
	for _, who := range s.who {
		if err := a.exec(ctx,
			"INSERT INTO offers (office, candidate, rank, due_key, opened, task) VALUES (?, ?, ?, ?, ?, ?)",
			a.office, string(who), s.rank, s.due, s.opened, task); err != nil {
			return fmt.Errorf("offer task %q to %q: %w", task, who, err)
		}
	}
	return nil
}

func (a *applier) withdraw(ctx context.Context, task string, s seat) error {
	for _, who := range s.who {
		if err := a.exec(ctx,
			"DELETE FROM offers WHERE office = ? AND candidate = ? AND rank = ? AND due_key = ? AND opened = ? AND task = ?",
			a.office, string(who), s.rank, s.due, s.opened, task); err != nil {
			return fmt.Errorf("withdraw task %q from %q: %w", task, who, err)
		}
	}
	return nil
}

// drops removes tasks; a task that is not open any more is no mistake.
func (a *applier) drops(ctx context.Context) error {
	for _, id := range a.c.Drops {
		seats, err := queryAll(ctx, a.q, scanSeat,
			"DELETE FROM tasks WHERE office = ? AND id = ? RETURNING candidates, holder, due, opened, rank", a.office, id)
		if err != nil {
			return fmt.Errorf("drop task %q: %w", id, err)
		}
		for _, s := range seats {
			if err := a.withdraw(ctx, id, s); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	sqlNewTask = `INSERT INTO tasks (case_id, slot, act, number, procedure, step, title, row_name, candidates, holder,
	opened, due, rank, office, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	sqlTask = `UPDATE tasks SET case_id = ?, slot = ?, act = ?, number = ?, procedure = ?, step = ?, title = ?,
	row_name = ?, candidates = ?, holder = ?, opened = ?, due = ?, rank = ? WHERE office = ? AND id = ?`
)

func (a *applier) putTasks(ctx context.Context) error {
	for i := range a.c.PutTasks {
		t := &a.c.PutTasks[i]
		if err := a.putTask(ctx, t); err != nil {
			return fmt.Errorf("put task %q: %w", t.ID, err)
		}
	}
	return nil
}

func (a *applier) putTask(ctx context.Context, t *store.TaskRow) error {
	args := []any{a.id, t.Slot, t.Act, t.Number, t.Procedure, t.Step, t.Title, t.Row, encodeList(t.Candidates), t.Holder,
		micros(t.Opened), micros(t.Due), -t.Priority, a.office, t.ID}
	now := seatOf(t)
	n, err := a.q.exec(ctx, sqlNewTask, args...)
	if err != nil {
		return err
	}
	if n == 1 {
		return a.offer(ctx, t.ID, now)
	}
	was, err := queryOne(ctx, a.q, scanSeat,
		"SELECT candidates, holder, due, opened, rank FROM tasks WHERE office = ? AND id = ?", a.office, t.ID)
	if err != nil {
		return err
	}
	if err := a.exec(ctx, sqlTask, args...); err != nil {
		return err
	}
	if was.equal(now) {
		return nil
	}
	if err := a.withdraw(ctx, t.ID, was); err != nil {
		return err
	}
	return a.offer(ctx, t.ID, now)
}

func (a *applier) drafts(ctx context.Context) error {
	for _, d := range a.c.Drafts {
		var body any // null where there is none
		if len(d.Body) > 0 {
			body = d.Body
		}
		if err := a.exec(ctx, "UPDATE tasks SET draft = ? WHERE office = ? AND id = ?", body, a.office, d.Task); err != nil {
			return fmt.Errorf("draft of task %q: %w", d.Task, err)
		}
	}
	return nil
}

func (a *applier) timers(ctx context.Context) error {
	for _, id := range a.c.Disarm {
		if err := a.exec(ctx, "DELETE FROM timers WHERE office = ? AND id = ?", a.office, id); err != nil {
			return fmt.Errorf("disarm timer %q: %w", id, err)
		}
	}
	for _, t := range a.c.Timers {
		if err := a.exec(ctx, `INSERT INTO timers (office, id, case_id, timer, at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET at = excluded.at`, a.office, t.ID, a.id, t.Timer, micros(t.At)); err != nil {
			return fmt.Errorf("arm timer %q: %w", t.ID, err)
		}
	}
	return nil
}

func (a *applier) subscriptions(ctx context.Context) error {
	for _, id := range a.c.Unsubs {
		if err := a.exec(ctx, "DELETE FROM subscriptions WHERE office = ? AND id = ?", a.office, id); err != nil {
			return fmt.Errorf("end subscription %q: %w", id, err)
		}
	}
	for _, s := range a.c.Subs {
		if err := a.exec(ctx, `INSERT INTO subscriptions (office, id, case_id, name, key) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET name = excluded.name, key = excluded.key`,
			a.office, s.ID, a.id, s.Name, s.Key); err != nil {
			return fmt.Errorf("subscribe %q: %w", s.ID, err)
		}
	}
	return nil
}

const putLetter = "INSERT INTO letters (office, id, sender, addressee, kind, body) VALUES (?, ?, ?, ?, ?, ?)"

func (a *applier) letters(ctx context.Context) error {
	for _, l := range a.c.Letters {
		if err := a.exec(ctx, putLetter, a.office, l.ID, l.From, l.To, l.Kind, blob(l.Body)); err != nil {
			return fmt.Errorf("letter %q: %w", l.ID, err)
		}
	}
	return nil
}

func (a *applier) copies(ctx context.Context) error {
	for _, c := range a.c.Copies {
		if err := a.exec(ctx, `INSERT INTO copies (office, id, case_id, number, title, document, edition, recipient, at,
			kind, sender, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			a.office, c.ID, a.id, c.Number, c.Title, c.Document, c.Edition, string(c.To), micros(c.At), c.Kind, c.By,
			c.Text); err != nil {
			return fmt.Errorf("copy %q: %w", c.ID, err)
		}
	}
	for _, s := range a.c.Searches {
		if err := a.exec(ctx, `INSERT INTO searches (office, case_id, field, text, started)
			VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET text = excluded.text`, a.office, a.id, s.Field, s.Text,
			micros(a.c.Case.Started)); err != nil {
			return fmt.Errorf("search field %q: %w", s.Field, err)
		}
	}
	return nil
}

func (a *applier) answer(ctx context.Context) error {
	if a.c.Answer == nil {
		return nil
	}
	n := a.c.Answer
	if err := a.exec(ctx, "INSERT INTO answers (office, key, request, body, at) VALUES (?, ?, ?, ?, ?)",
		a.office, n.Key, blob(n.Request), blob(n.Body), micros(n.At)); err != nil {
		return fmt.Errorf("answer of key %q: %w", n.Key, err)
	}
	return nil
}
