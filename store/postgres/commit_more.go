package postgres

import (
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

// drops takes away what is dropped, and the offers of what is put, in case it stands already.
func (w *wave) drops(b *pgx.Batch) {
	rows := rowsOf(w, func(c *store.Change) []string { return c.Drops })
	dropped := len(rows)
	for i, c := range w.changes {
		for k := range c.PutTasks {
			if id := c.PutTasks[k].ID; !slices.Contains(c.Drops, id) {
				rows = append(rows, row[string]{int32(i + 1), c, id})
			}
		}
	}
	if len(rows) == 0 {
		return
	}
	gone := make([]bool, len(rows))
	for i := range dropped {
		gone[i] = true
	}
	b.Queue(sqlDrops, ords(rows), offices(rows), values(rows), gone)
}

// offer is one candidate's row of a task.
type offer struct {
	task *store.TaskRow
	who  store.Candidate
}

func (w *wave) putTasks(b *pgx.Batch) {
	rows := rowsOf(w, func(c *store.Change) []store.TaskRow {
		return latest(c.PutTasks, func(t *store.TaskRow) string { return t.ID })
	})
	if len(rows) == 0 {
		return
	}
	text := func(of func(t *store.TaskRow) string) []string {
		return column(rows, func(r *row[store.TaskRow]) string { return of(&r.v) })
	}
	number := func(of func(t *store.TaskRow) int64) []int64 {
		return column(rows, func(r *row[store.TaskRow]) int64 { return of(&r.v) })
	}
	offers := make([]row[offer], 0, len(rows))
	for i := range rows {
		t := &rows[i].v
		for _, who := range offered(t.Holder, t.Candidates) {
			offers = append(offers, row[offer]{rows[i].ord, rows[i].c, offer{t, who}})
		}
	}
	b.Queue(sqlPutTasks, ords(rows), offices(rows),
		text(func(t *store.TaskRow) string { return t.ID }), caseIDs(rows),
		number(func(t *store.TaskRow) int64 { return t.Slot }),
		number(func(t *store.TaskRow) int64 { return t.Act }),
		number(func(t *store.TaskRow) int64 { return micros(t.Opened) }),
		number(func(t *store.TaskRow) int64 { return micros(t.Due) }),
		text(func(t *store.TaskRow) string { return t.Number }),
		text(func(t *store.TaskRow) string { return t.Procedure }),
		text(func(t *store.TaskRow) string { return t.Step }),
		text(func(t *store.TaskRow) string { return t.Title }),
		text(func(t *store.TaskRow) string { return t.Row }),
		text(func(t *store.TaskRow) string { return joined(t.Candidates) }),
		text(func(t *store.TaskRow) string { return t.Holder }),
		number(func(t *store.TaskRow) int64 { return -t.Priority }),
		ords(offers), offices(offers),
		column(offers, func(r *row[offer]) string { return string(r.v.who) }),
		column(offers, func(r *row[offer]) int64 { return -r.v.task.Priority }),
		column(offers, func(r *row[offer]) int64 { return dueKey(r.v.task.Due) }),
		column(offers, func(r *row[offer]) int64 { return micros(r.v.task.Opened) }),
		column(offers, func(r *row[offer]) string { return r.v.task.ID }))
}

func (w *wave) drafts(b *pgx.Batch) {
	rows := rowsOf(w, func(c *store.Change) []store.Draft {
		return latest(c.Drafts, func(d *store.Draft) string { return d.Task })
	})
	if len(rows) == 0 {
		return
	}
	b.Queue(sqlDrafts, ords(rows), offices(rows),
		column(rows, func(r *row[store.Draft]) string { return r.v.Task }),
		column(rows, func(r *row[store.Draft]) []byte { return blob(r.v.Body) }))
}

func (w *wave) timers(b *pgx.Batch) {
	w.byID(b, sqlTakeTimers, func(c *store.Change) []string { return c.Disarm })
	rows := rowsOf(w, func(c *store.Change) []store.TimerRow {
		return latest(c.Timers, func(t *store.TimerRow) string { return t.ID })
	})
	if len(rows) == 0 {
		return
	}
	b.Queue(sqlTimers, ords(rows), offices(rows),
		column(rows, func(r *row[store.TimerRow]) string { return r.v.ID }), caseIDs(rows),
		column(rows, func(r *row[store.TimerRow]) int64 { return r.v.Timer }),
		column(rows, func(r *row[store.TimerRow]) int64 { return micros(r.v.At) }))
}

func (w *wave) subscriptions(b *pgx.Batch) {
	w.byID(b, sqlUnsubs, func(c *store.Change) []string { return c.Unsubs })
	rows := rowsOf(w, func(c *store.Change) []store.Subscription {
		return latest(c.Subs, func(u *store.Subscription) string { return u.ID })
	})
	if len(rows) == 0 {
		return
	}
	type r = row[store.Subscription]
	b.Queue(sqlSubs, ords(rows), offices(rows),
		column(rows, func(r *r) string { return r.v.ID }), caseIDs(rows),
		column(rows, func(r *r) string { return r.v.Name }),
		column(rows, func(r *r) string { return r.v.Key }))
}

func (w *wave) letters(b *pgx.Batch) {
	rows := rowsOf(w, func(c *store.Change) []store.Letter { return c.Letters })
	if len(rows) == 0 {
		return
	}
	type r = row[store.Letter]
	b.Queue(sqlLetters, ords(rows), offices(rows),
		column(rows, func(r *r) string { return r.v.ID }),
		column(rows, func(r *r) string { return r.v.From }),
		column(rows, func(r *r) string { return r.v.To }),
		column(rows, func(r *r) string { return r.v.Kind }),
		column(rows, func(r *r) []byte { return blob(r.v.Body) }))
}

func (w *wave) copies(b *pgx.Batch) {
	if rows := rowsOf(w, func(c *store.Change) []store.CopyRow { return c.Copies }); len(rows) > 0 {
		type r = row[store.CopyRow]
		b.Queue(sqlCopies, ords(rows), offices(rows),
			column(rows, func(r *r) string { return r.v.ID }),
			column(rows, func(r *r) int64 { return micros(r.v.At) }),
			column(rows, func(r *r) int32 { return int32(r.v.Edition) }), caseIDs(rows),
			column(rows, func(r *r) string { return r.v.Number }),
			column(rows, func(r *r) string { return r.v.Title }),
			column(rows, func(r *r) string { return r.v.Document }),
			column(rows, func(r *r) string { return string(r.v.To) }),
			column(rows, func(r *r) string { return r.v.Kind }),
			column(rows, func(r *r) string { return r.v.By }),
			column(rows, func(r *r) string { return r.v.Text }))
	}
	rows := rowsOf(w, func(c *store.Change) []store.SearchRow {
		return latest(c.Searches, func(s *store.SearchRow) string { return s.Field })
	})
	if len(rows) > 0 {
		b.Queue(sqlSearches, ords(rows), offices(rows), caseIDs(rows),
			column(rows, func(r *row[store.SearchRow]) string { return r.v.Field }),
			column(rows, func(r *row[store.SearchRow]) string { return r.v.Text }),
			column(rows, func(r *row[store.SearchRow]) int64 { return micros(r.c.Case.Started) }))
	}
}

func (w *wave) files(b *pgx.Batch) {
	if rows := rowsOf(w, ownFiles); len(rows) > 0 {
		b.Queue(sqlOwnFiles, ords(rows), offices(rows), values(rows), caseIDs(rows))
	}
	if rows := rowsOf(w, func(c *store.Change) []string { return c.Shares }); len(rows) > 0 {
		b.Queue(sqlShareFiles, ords(rows), offices(rows), values(rows), caseIDs(rows))
	}
}
