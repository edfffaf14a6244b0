package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
)

// Commit is the hot path: it checks each change before it writes any of it, so nothing need be undone when one is
// refused, and sees the changes before it in the batch.
func (s *Store) Commit(ctx context.Context, changes []store.Change) ([]store.Result, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	for i := range changes {
		if err := valid(&changes[i]); err != nil {
			return nil, fmt.Errorf("commit: %w", &store.BadChangeError{Index: i, Err: err})
		}
	}
	results := make([]store.Result, len(changes))
	ahead := packAhead(ctx, changes)
	err := s.writing(ctx, "commit", len(changes), func(ctx context.Context, q *statements) error {
		for i := range changes {
			small, ok := <-ahead
			if !ok {
				return errors.New("the changes could not be packed")
			}
			a := applier{q: q, c: &changes[i], office: changes[i].Office, id: changes[i].Case.ID, small: small}
			result, err := a.apply(ctx)
			if err != nil && !unavailable(err) {
				err = &store.BadChangeError{Index: i, Err: fmt.Errorf("case %q of office %q: %w", a.id, a.office, err)}
			}
			if err != nil {
				return err
			}
			results[i] = result
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// valid finds what could not be kept under the change's own office and case.
func valid(c *store.Change) error {
	if c.Office == "" {
		return errors.New("the change names no office")
	}
	if c.Case.ID != "" {
		return nil
	}
	if len(c.Events)+len(c.PutTasks)+len(c.Timers)+len(c.Subs)+len(c.Copies)+len(c.Searches)+len(c.Deeds)+
		len(c.Files)+len(c.Shares)+len(c.Jobs) > 0 {
		return errors.New("the change names no case, but has rows of one")
	}
	return nil
}

// applier writes one change. The office and the case of its rows are the change's, so no row can cross offices.
type applier struct {
	q      *statements
	c      *store.Change
	office string
	id     string // of the case
	small  small
}

// small is what is kept of a change's state and events.
type small struct {
	state []byte
	leaf  packed.Leaf
	err   error
}

// packAhead packs changes while those before them are written: the writer's time is what all others wait for.
func packAhead(ctx context.Context, changes []store.Change) <-chan small {
	ahead := make(chan small, len(changes))
	pack := func(context.Context) {
		defer close(ahead)
		for i := range changes {
			s := small{state: packed.Pack(changes[i].Case.State)}
			s.leaf, s.err = packed.Events(changes[i].Events)
			ahead <- s
		}
	}
	if len(changes) == 1 {
		pack(ctx)
	} else {
		beside(ctx, "pack", pack)
	}
	return ahead
}

func (a *applier) exec(ctx context.Context, text string, args ...any) error {
	_, err := a.q.exec(ctx, text, args...)
	return err
}

func (a *applier) apply(ctx context.Context) (store.Result, error) {
	switch moved, err := a.move(ctx); {
	case err != nil:
		return 0, err
	case moved:
		return store.Applied, a.rows(ctx)
	}
	was, err := a.look(ctx)
	if err != nil {
		return 0, err
	}
	if result := a.judge(was); result != store.Applied {
		return result, nil
	}
	if result, err := a.checkDraws(ctx); err != nil || result != store.Applied {
		return result, err
	}
	if result, err := a.checkFiles(ctx); err != nil || result != store.Applied {
		return result, err
	}
	// The case comes before all that would have to be undone.
	if result, err := a.putCase(ctx, was); err != nil || result != store.Applied {
		return result, err
	}
	return store.Applied, a.rows(ctx)
}

// move writes the case of an ordinary change in one statement: nothing but its key and its revision decide about it,
// and no indexed column changes. false: it is none, or was refused, and a look at what there is says why.
func (a *applier) move(ctx context.Context) (bool, error) {
	c := a.c
	if c.Case.Revision == 0 || a.id == "" || c.Message != "" || c.TakesLetter != "" || c.TakesTimer != "" ||
		c.TakesKept != "" || c.Job != "" || len(c.Draws) > 0 || len(c.Files) > 0 {
		return false, nil
	}
	var key any
	if c.Answer != nil {
		key = c.Answer.Key
	}
	r := &c.Case
	n, err := a.q.exec(ctx, sqlMove, a.office, a.id, r.Revision, r.Status, r.Number, key, r.Version, r.Title, r.Outcome,
		micros(r.Ended), a.small.state)
	if err != nil {
		return false, fmt.Errorf("write the case: %w", err)
	}
	return n == 1, nil
}

// rows writes all but the case.
func (a *applier) rows(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		a.takes, a.draws, a.events, a.drops, a.putTasks, a.drafts, a.timers, a.subscriptions, a.letters, a.jobs, a.copies,
		a.deeds, a.files, a.answer,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// standing is what the database says of a change before it.
type standing struct {
	answered, seen      bool
	letter, timer, kept bool // there, or not asked for
	job                 bool
	revision            int64
	sameStatus          bool // status and number, which have indexes, stay as they are
}

const sqlLook = `SELECT
	EXISTS (SELECT 1 FROM answers WHERE office = ?1 AND key = ?3),
	EXISTS (SELECT 1 FROM messages WHERE office = ?1 AND id = ?4),
	?5 IS NULL OR EXISTS (SELECT 1 FROM letters WHERE office = ?1 AND id = ?5),
	?6 IS NULL OR EXISTS (SELECT 1 FROM timers WHERE office = ?1 AND id = ?6),
	?7 IS NULL OR EXISTS (SELECT 1 FROM kept_messages WHERE office = ?1 AND id = ?7),
	?10 IS NULL OR EXISTS (SELECT 1 FROM jobs WHERE office = ?1 AND id = ?10 AND fence = ?11),
	coalesce(c.revision, 0),
	coalesce(c.status = ?8 AND c.number = ?9, 0)
FROM (SELECT 1) LEFT JOIN cases c ON c.office = ?1 AND c.id = ?2`

func (a *applier) look(ctx context.Context) (standing, error) {
	var key any
	if a.c.Answer != nil {
		key = a.c.Answer.Key
	}
	w, err := queryOne(ctx, a.q, func(r scanner) (w standing, err error) {
		return w, r.Scan(&w.answered, &w.seen, &w.letter, &w.timer, &w.kept, &w.job, &w.revision, &w.sameStatus)
	}, sqlLook, a.office, a.id, key, orNull(a.c.Message), orNull(a.c.TakesLetter), orNull(a.c.TakesTimer),
		orNull(a.c.TakesKept), a.c.Case.Status, a.c.Case.Number, orNull(a.c.Job), a.c.Fence)
	if err != nil {
		return w, fmt.Errorf("look: %w", err)
	}
	return w, nil
}

// judge is the contract's order of reasons.
func (a *applier) judge(w standing) store.Result {
	switch {
	case w.answered, w.seen:
		return store.Repeated
	case !w.letter, !w.timer, !w.kept, !w.job:
		return store.Gone
	case a.id != "" && w.revision != a.c.Case.Revision:
		return store.Stale
	}
	return store.Applied
}

func (a *applier) checkDraws(ctx context.Context) (store.Result, error) {
	drawn := map[string]int64{} // by this change: it may take several of one series
	for _, d := range a.c.Draws {
		last, ok := drawn[d.Series]
		if !ok {
			var err error
			last, err = queryOne(ctx, a.q, scanInt,
				"SELECT coalesce((SELECT n FROM counters WHERE office = ? AND series = ?), 0)", a.office, d.Series)
			if err != nil {
				return 0, fmt.Errorf("counter %q: %w", d.Series, err)
			}
		}
		if last != d.N-1 {
			return store.Stale, nil
		}
		drawn[d.Series] = d.N
	}
	return store.Applied, nil
}

const (
	sqlNewCase = `INSERT INTO cases (office, id, revision, procedure, version, number, title, status, outcome, starter,
	started, ended, parent, state) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	sqlMove = `UPDATE cases SET revision = revision + 1, version = ?7, title = ?8, outcome = ?9, ended = ?10, state = ?11
	WHERE office = ?1 AND id = ?2 AND revision = ?3 AND status = ?4 AND number = ?5
	AND NOT EXISTS (SELECT 1 FROM answers WHERE office = ?1 AND key = ?6)`
	sqlCase = `UPDATE cases SET revision = revision + 1, version = ?, title = ?, outcome = ?, ended = ?, state = ?
	WHERE office = ? AND id = ?`
	sqlCaseStatus = `UPDATE OR IGNORE cases SET revision = revision + 1, version = ?, title = ?, outcome = ?, ended = ?,
	state = ?, status = ?, number = ? WHERE office = ? AND id = ?`
)

// putCase writes the case. A number that another case has makes it stale, like a counter that moved on.
func (a *applier) putCase(ctx context.Context, was standing) (store.Result, error) {
	if a.id == "" {
		return store.Applied, nil
	}
	c := &a.c.Case
	var n int64
	var err error
	switch {
	case c.Revision == 0:
		n, err = a.q.exec(ctx, sqlNewCase, a.office, a.id, c.Procedure, c.Version, c.Number, c.Title, c.Status, c.Outcome,
			c.Starter, micros(c.Started), micros(c.Ended), c.Parent, a.small.state)
	case was.sameStatus: // SQLite would write every index whose columns are named
		n, err = a.q.exec(ctx, sqlCase, c.Version, c.Title, c.Outcome, micros(c.Ended), a.small.state, a.office, a.id)
	default:
		n, err = a.q.exec(ctx, sqlCaseStatus, c.Version, c.Title, c.Outcome, micros(c.Ended), a.small.state, c.Status,
			c.Number, a.office, a.id)
	}
	if err != nil {
		return 0, fmt.Errorf("write the case: %w", err)
	}
	if n == 0 {
		return store.Stale, nil
	}
	return store.Applied, nil
}
