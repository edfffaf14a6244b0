package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
)

// Commit is the hot path: one transaction in one round trip, with one statement for each table that the batch touches,
// whatever its size. See wave for how changes see those before them.
func (s *Store) Commit(ctx context.Context, changes []store.Change) ([]store.Result, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	for i := range changes {
		if err := valid(&changes[i]); err != nil {
			return nil, fmt.Errorf("commit: %w", &store.BadChangeError{Index: i, Err: err})
		}
	}
	waves, err := waved(changes)
	if err != nil {
		return nil, err
	}
	results := make([]store.Result, len(changes))
	for try := 1; ; try++ {
		err := s.write(ctx, s.batch(changes, waves, results))
		switch {
		case err == nil:
			s.news.note(changes, results)
			return results, s.redraw(ctx, changes, results)
		case errors.Is(err, store.ErrUnknown), errors.Is(err, store.ErrUnavailable), ctx.Err() != nil:
			return nil, failure("commit", err)
		case try < tries && inTheWay(err):
			continue // what was in the way is committed now, and is judged
		case unavailable(err):
			return nil, failure("commit", err)
		}
		return nil, fmt.Errorf("commit: %w", s.culprit(ctx, changes, err))
	}
}

// valid finds what could not be kept under the change's own office and case.
func valid(c *store.Change) error {
	if c.Office == "" {
		return errors.New("the change names no office")
	}
	if strings.Contains(c.Office, separator) {
		return fmt.Errorf("the office %q has the character U+001F", c.Office)
	}
	for i := range c.PutTasks {
		for _, who := range c.PutTasks[i].Candidates {
			if strings.Contains(string(who), separator) {
				return fmt.Errorf("the candidate %q has the character U+001F", who)
			}
		}
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

// waved splits the batch, and encodes the events of each change.
func waved(changes []store.Change) ([]*wave, error) {
	waves := split(changes)
	for _, w := range waves {
		w.leaves = make([]packed.Leaf, len(w.changes))
		for i, c := range w.changes {
			p, err := packed.Events(c.Events)
			if err != nil {
				return nil, fmt.Errorf("commit: %w", &store.BadChangeError{Index: w.index[i], Err: inCase(c, err)})
			}
			w.leaves[i] = p
		}
	}
	return waves, nil
}

func inCase(c *store.Change, err error) error {
	return fmt.Errorf("case %q of office %q: %w", c.Case.ID, c.Office, err)
}

// batch is the whole transaction. Results are filled in while it is read.
func (s *Store) batch(changes []store.Change, waves []*wave, results []store.Result) *pgx.Batch {
	b := s.begin(allOffices(changes))
	queueAll(b, waves, results)
	return b
}

// culprit finds the change that the database does not take, by trying them one after the other in a transaction that
// is undone. It returns a *BadChangeError, or err if each of them is taken now.
func (s *Store) culprit(ctx context.Context, changes []store.Change, err error) error {
	conn, acquireErr := s.pool.Acquire(ctx)
	if acquireErr != nil {
		return acquiring(ctx, acquireErr)
	}
	defer conn.Release()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limit.whole+patience)
	defer cancel()
	tx, beginErr := conn.Begin(ctx)
	if beginErr != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, beginErr)
	}
	defer func() { _ = tx.Rollback(ctx) }() // a connection that cannot is thrown away by the pool
	ignored := make([]store.Result, 1)
	for i := range changes {
		waves, waveErr := waved(changes[i : i+1])
		if waveErr != nil {
			return waveErr
		}
		tryErr := tx.SendBatch(ctx, s.batch(changes[i:i+1], waves, ignored)).Close()
		switch {
		case tryErr == nil:
		case unavailable(tryErr):
			return fmt.Errorf("%w: %w", store.ErrUnavailable, tryErr)
		default:
			return &store.BadChangeError{Index: i, Err: inCase(&changes[i], tryErr)}
		}
	}
	return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
}
