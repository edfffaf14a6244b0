package postgres

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

const (
	sqlHeldCounters = `SELECT t.office, t.series, t.n FROM counters t JOIN (
	SELECT DISTINCT office, id FROM unnest($1::text[], $2::text[]) u(office, id)) r
	ON t.office = r.office AND t.series = r.id ORDER BY t.office, t.series FOR NO KEY UPDATE OF t`
	// sqlHolding keeps a node that hangs from holding counters for longer.
	sqlHolding = "SELECT set_config('idle_in_transaction_session_timeout', '3000', true)"
)

// counter is a series of an office.
type counter struct{ office, series string }

// redraw does again what was stale because another node drew numbers meanwhile: it holds the counters, has the changes
// made anew with the numbers as they are, and commits them. Nodes that wait for the counters get them in turn, so that
// a busy node does not starve another. What cannot be done this way stays stale. An error is ErrUnknown.
func (s *Store) redraw(ctx context.Context, changes []store.Change, results []store.Result) error {
	var again []int
	for i := range changes {
		if results[i] == store.Stale && len(changes[i].Draws) > 0 && changes[i].Redraw != nil {
			again = append(again, i)
		}
	}
	if len(again) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limit.whole+patience)
	defer cancel()
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil // they stay stale: the caller tries again
	}
	defer conn.Release() // which rolls back what is not committed, by ending the connection
	last, err := s.holdCounters(ctx, conn.Conn(), changes, again)
	if err != nil {
		return nil
	}
	anew, index := drawnAnew(changes, again, last)
	waves, err := waved(anew)
	if err != nil || len(anew) == 0 {
		return nil // a broken change is found when it is committed in the usual way
	}
	found := make([]store.Result, len(anew))
	b := &pgx.Batch{}
	queueAll(b, waves, found)
	b.Queue("COMMIT")
	switch err := conn.SendBatch(ctx, b).Close(); {
	case err == nil:
	case undone(err):
		return nil
	default:
		return unknown(err)
	}
	for k, i := range index {
		results[i] = found[k]
	}
	s.news.note(anew, found)
	return nil
}

// holdCounters begins a transaction that holds the counters of the changes, and returns where they stand.
func (s *Store) holdCounters(ctx context.Context, conn *pgx.Conn, changes []store.Change, again []int,
) (map[counter]int64, error) {
	var offices, series []string
	var drawing []store.Change
	for _, i := range again {
		drawing = append(drawing, changes[i])
		for _, d := range changes[i].Draws {
			offices, series = append(offices, changes[i].Office), append(series, d.Series)
		}
	}
	last := map[counter]int64{}
	b := &pgx.Batch{}
	b.Queue("BEGIN")
	b.Queue(sqlSettings, allOffices(drawing), s.limit.statement, s.limit.lock)
	b.Queue(sqlHolding)
	b.Queue(sqlBeginCounters, offices, series)
	b.Queue(sqlHeldCounters, offices, series).Query(func(rows pgx.Rows) error {
		var c counter
		var n int64
		_, err := pgx.ForEachRow(rows, []any{&c.office, &c.series, &n}, func() error {
			last[c] = n
			return nil
		})
		return err
	})
	return last, conn.SendBatch(ctx, b).Close()
}

// drawnAnew has the changes made anew, each after those before it.
func drawnAnew(changes []store.Change, again []int, last map[counter]int64) (anew []store.Change, index []int) {
	for _, i := range again {
		known := map[string]int64{}
		for _, d := range changes[i].Draws {
			known[d.Series] = last[counter{changes[i].Office, d.Series}]
		}
		c, err := changes[i].Redraw(maps.Clone(known))
		if err != nil || slices.ContainsFunc(c.Draws, func(d store.Draw) bool { return !has(known, d.Series) }) {
			continue
		}
		for _, d := range c.Draws {
			last[counter{c.Office, d.Series}] = d.N
		}
		anew, index = append(anew, c), append(index, i)
	}
	return anew, index
}

func has(known map[string]int64, series string) bool {
	_, ok := known[series]
	return ok
}
