package postgres

import (
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
)

// queueAll adds the statements of all waves: what they are judged by is locked before the first of them is judged.
func queueAll(b *pgx.Batch, waves []*wave, results []store.Result) {
	locks(b, waves)
	for _, w := range waves {
		w.queue(b, results)
	}
}

// queue adds the statements of the wave to the batch: the judgement, and of each kind of rows what there is.
func (w *wave) queue(b *pgx.Batch, results []store.Result) {
	w.judge(b, results)
	w.putCases(b)
	w.takes(b)
	w.putDraws(b)
	w.history(b)
	w.drops(b)
	w.putTasks(b)
	w.drafts(b)
	w.timers(b)
	w.subscriptions(b)
	w.letters(b)
	w.jobs(b)
	w.copies(b)
	w.deeds(b)
	w.files(b)
	w.answers(b)
}

// orNone lists the one id, or nothing for "".
func orNone(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

func existing(c *store.Change) []string {
	if c.Case.Revision == 0 {
		return nil
	}
	return orNone(c.Case.ID)
}

func takesLetter(c *store.Change) []string { return orNone(c.TakesLetter) }
func takesTimer(c *store.Change) []string  { return orNone(c.TakesTimer) }
func takesKept(c *store.Change) []string   { return orNone(c.TakesKept) }
func fencedJob(c *store.Change) []string   { return orNone(c.Job) }
func message(c *store.Change) []string     { return orNone(c.Message) }
func ownFiles(c *store.Change) []string    { return c.Files }
func allFiles(c *store.Change) []string {
	return slices.Concat(c.Files, c.Shares)
}

// locks holds the counters first, as a node does that draws anew, then the cases, then what belongs to a case: whoever
// changes a case may take away a timer of it that another is about to fire, and must not wait for him with the case in
// hand.
func locks(b *pgx.Batch, waves []*wave) {
	var draws, fresh []draw
	for _, w := range waves {
		for _, d := range w.draws {
			if draws = append(draws, d); d.fresh {
				fresh = append(fresh, d)
			}
		}
	}
	if len(fresh) > 0 {
		offices, series := counters(fresh)
		b.Queue(sqlBeginCounters, offices, series)
	}
	if len(draws) > 0 {
		offices, series := counters(draws)
		b.Queue(sqlLockCounters, offices, series)
	}
	for _, l := range []struct {
		text string
		ids  func(*store.Change) []string
	}{
		{sqlLockCases, existing}, {sqlLockFiles, allFiles}, {sqlLockLetters, takesLetter}, {sqlLockTimers, takesTimer},
		{sqlLockKept, takesKept}, {sqlLockJobs, fencedJob},
	} {
		var rows []row[string]
		for _, w := range waves {
			rows = append(rows, rowsOf(w, l.ids)...)
		}
		if len(rows) > 0 {
			b.Queue(l.text, offices(rows), values(rows))
		}
	}
}

// counters names the series of draws.
func counters(draws []draw) (offices, series []string) {
	for _, d := range draws {
		offices, series = append(offices, d.office), append(series, d.series)
	}
	return offices, series
}

func (w *wave) judge(b *pgx.Batch, results []store.Result) {
	all := rowsOf(w, func(c *store.Change) []*store.Change { return []*store.Change{c} })
	text := func(of func(c *store.Change) string) []string {
		return column(all, func(r *row[*store.Change]) string { return of(r.c) })
	}
	sql, args := sqlJudgePlain, []any{ords(all), offices(all), caseIDs(all),
		column(all, func(r *row[*store.Change]) int64 { return r.c.Case.Revision }),
		text(func(c *store.Change) string {
			if c.Answer == nil {
				return ""
			}
			return c.Answer.Key
		}),
		column(all, func(r *row[*store.Change]) bool { return r.c.Answer != nil }),
		text(func(c *store.Change) string { return c.Case.Number })}
	if slices.ContainsFunc(w.changes, special) {
		sql, args = sqlJudge, append(args,
			text(func(c *store.Change) string { return c.Message }),
			text(func(c *store.Change) string { return c.TakesLetter }),
			text(func(c *store.Change) string { return c.TakesTimer }),
			text(func(c *store.Change) string { return c.TakesKept }))
		args = append(args, w.conditions()...)
		args = append(args, text(func(c *store.Change) string { return c.Job }),
			column(all, func(r *row[*store.Change]) int64 { return r.c.Fence }))
	}
	b.Queue(sql, args...).QueryRow(func(r pgx.Row) error {
		var judged []int16
		var ignored string
		if err := r.Scan(&judged, &ignored); err != nil {
			return err
		}
		for i, at := range w.index {
			results[at] = store.Result(judged[i])
		}
		return nil
	})
}

// special reports that more than a key, a revision and a number decide about the change.
func special(c *store.Change) bool {
	return c.Message != "" || c.TakesLetter != "" || c.TakesTimer != "" || c.TakesKept != "" ||
		c.Job != "" || len(c.Draws) > 0 || len(c.Files) > 0
}

// conditions are the columns of chains, of counters and of files.
func (w *wave) conditions() []any {
	ord, office, series, before := []int32{}, []string{}, []string{}, []int64{}
	for _, d := range w.draws {
		if d.head {
			ord, before = append(ord, d.ord), append(before, d.before)
			office, series = append(office, d.office), append(series, d.series)
		}
	}
	used := rowsOf(w, ownFiles)
	return []any{w.chain, ord, office, series, before, ords(used), offices(used), values(used), caseIDs(used)}
}

// written is a case with the leaf of history that comes with it.
type written struct {
	c    *store.CaseRow
	leaf *packed.Leaf
}

// firstAt and lastAt are what the case's least and greatest are compared with: without events they are not the case's.
func firstAt(v *written) int64 {
	if v.leaf.First == 0 {
		return math.MaxInt64
	}
	return v.leaf.At
}

func lastAt(v *written) int64 {
	if v.leaf.First == 0 {
		return math.MinInt64
	}
	return v.leaf.At
}

func (w *wave) putCases(b *pgx.Batch) {
	var begun, moved []row[written]
	for i, c := range w.changes {
		r := row[written]{int32(i + 1), c, written{&c.Case, &w.leaves[i]}}
		switch {
		case c.Case.ID == "":
		case c.Case.Revision == 0:
			begun = append(begun, r)
		default:
			moved = append(moved, r)
		}
	}
	if len(begun) > 0 {
		text, number := caseColumn[string](begun), caseColumn[int64](begun)
		b.Queue(sqlNewCases, ords(begun), offices(begun), caseIDs(begun), versionColumn(begun),
			number(func(v *written) int64 { return micros(v.c.Started) }),
			number(func(v *written) int64 { return micros(v.c.Ended) }),
			number(func(v *written) int64 { return v.leaf.Last }),
			number(firstAt),
			number(lastAt),
			text(func(v *written) string { return v.c.Procedure }),
			text(func(v *written) string { return v.c.Number }),
			text(func(v *written) string { return v.c.Title }),
			text(func(v *written) string { return v.c.Status }),
			text(func(v *written) string { return v.c.Outcome }),
			text(func(v *written) string { return v.c.Starter }),
			text(func(v *written) string { return v.c.Parent }),
			stateColumn(begun))
	}
	if len(moved) > 0 {
		text, number := caseColumn[string](moved), caseColumn[int64](moved)
		b.Queue(sqlCases, ords(moved), offices(moved), caseIDs(moved), versionColumn(moved),
			text(func(v *written) string { return v.c.Number }),
			text(func(v *written) string { return v.c.Title }),
			text(func(v *written) string { return v.c.Status }),
			text(func(v *written) string { return v.c.Outcome }),
			number(func(v *written) int64 { return micros(v.c.Ended) }),
			stateColumn(moved),
			number(func(v *written) int64 { return v.leaf.First }),
			number(func(v *written) int64 { return v.leaf.Last }),
			number(firstAt),
			number(lastAt))
	}
}

func caseColumn[T any](rows []row[written]) func(of func(*written) T) []T {
	return func(of func(*written) T) []T {
		return column(rows, func(r *row[written]) T { return of(&r.v) })
	}
}

func versionColumn(rows []row[written]) []int32 {
	return column(rows, func(r *row[written]) int32 { return int32(r.v.c.Version) })
}

func stateColumn(rows []row[written]) [][]byte {
	return column(rows, func(r *row[written]) []byte { return packed.Pack(r.v.c.State) })
}

// takes removes what caused the changes, and notes the messages.
func (w *wave) takes(b *pgx.Batch) {
	for _, t := range []struct {
		text string
		ids  func(*store.Change) []string
	}{
		{sqlTakeLetters, takesLetter}, {sqlTakeTimers, takesTimer}, {sqlTakeKept, takesKept}, {sqlMessages, message},
	} {
		w.byID(b, t.text, t.ids)
	}
}

// byID queues a statement for rows that are ids.
func (w *wave) byID(b *pgx.Batch, text string, ids func(*store.Change) []string) {
	if rows := rowsOf(w, ids); len(rows) > 0 {
		b.Queue(text, ords(rows), offices(rows), values(rows))
	}
}

func (w *wave) putDraws(b *pgx.Batch) {
	if len(w.draws) == 0 {
		return
	}
	var ord []int32
	var n []int64
	for _, d := range w.draws {
		ord, n = append(ord, d.ord), append(n, d.n)
	}
	offices, series := counters(w.draws)
	b.Queue(sqlCounters, ord, offices, series, n)
}

func (w *wave) history(b *pgx.Batch) {
	var rows []row[*packed.Leaf]
	for i, c := range w.changes {
		if p := &w.leaves[i]; p.First > 0 {
			rows = append(rows, row[*packed.Leaf]{int32(i + 1), c, p})
		}
	}
	if len(rows) == 0 {
		return
	}
	b.Queue(sqlHistory, ords(rows), offices(rows), caseIDs(rows),
		column(rows, func(r *row[*packed.Leaf]) int64 { return r.v.Last }),
		column(rows, func(r *row[*packed.Leaf]) int64 { return r.v.At }),
		column(rows, func(r *row[*packed.Leaf]) []byte { return r.v.Body }))
}

func (w *wave) answers(b *pgx.Batch) {
	rows := rowsOf(w, func(c *store.Change) []*store.Answer {
		if c.Answer == nil {
			return nil
		}
		return []*store.Answer{c.Answer}
	})
	if len(rows) == 0 {
		return
	}
	type r = row[*store.Answer]
	b.Queue(sqlAnswers, ords(rows), offices(rows),
		column(rows, func(r *r) string { return r.v.Key }),
		column(rows, func(r *r) int64 { return micros(r.v.At) }),
		column(rows, func(r *r) []byte { return blob(r.v.Request) }),
		column(rows, func(r *r) []byte { return blob(r.v.Body) }))
}
