package engine

import (
	"bytes"
	"context"
	"errors"

	"github.com/guicheng/guicheng/store"
)

// committer is the second half of the commit line: one durable commit for a whole batch, and only then the replies.
type committer struct {
	e    *Engine
	line *line
}

func (c *committer) run(ctx context.Context) error {
	for batch := range c.line.batches {
		if err := guarded(func() error { c.commit(ctx, batch); return nil }); err != nil {
			c.e.log.Error("commit broke", "error", err)
			for _, st := range batch {
				if st.result == 0 && st.err == nil {
					st.err = fail(CodeInternal, errors.New("commit broke"))
				}
				st.job.finish(reply{err: st.err})
			}
		}
		c.line.settled <- batch
	}
	return nil
}

func (c *committer) commit(ctx context.Context, batch []*staged) {
	c.apply(ctx, batch)
	for _, st := range batch {
		switch {
		case st.err != nil:
			st.job.finish(reply{err: st.err})
		case st.result == store.Applied:
			c.applied(st)
		case st.result == store.Repeated:
			st.job.finish(reply{err: errRepeated})
		case st.result == store.Gone:
			st.job.finish(reply{err: errGone})
		}
		// Stale ones are stepped again by the stepper.
	}
}

// apply fills in each change's result or error.
func (c *committer) apply(ctx context.Context, batch []*staged) {
	changes := make([]store.Change, len(batch))
	for i, st := range batch {
		changes[i] = st.change
	}
	results, err := c.e.store.Commit(ctx, changes)
	switch {
	case err == nil && len(results) == len(batch):
		for i, st := range batch {
			st.result = results[i]
		}
	case err == nil:
		fillError(batch, fail(CodeInternal, errors.New("the store gave another number of results than changes")))
	case errors.Is(err, store.ErrUnknown):
		c.e.log.Error("commit of unknown outcome; asking", "changes", len(batch), "error", err)
		for _, st := range batch {
			st.result, st.err = c.ask(ctx, st)
			st.asked = true
			if st.err == nil && st.result == store.Stale && errors.Is(err, store.ErrUnavailable) {
				st.result, st.err = 0, fail(CodeUnavailable, err) // a full disk takes it as little a moment later
			}
		}
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		fillError(batch, fail(CodeUnavailable, err))
	case len(batch) == 1:
		c.e.log.Error("commit failed", "office", changes[0].Office, "case", changes[0].Case.ID, "error", err)
		fillError(batch, fail(CodeInternal, err))
	default:
		// One change that the store cannot take must not hinder the others.
		c.e.log.Error("commit failed; its changes are tried one by one", "changes", len(batch), "error", err)
		for i := range batch {
			c.apply(ctx, batch[i:i+1])
		}
	}
}

func fillError(batch []*staged, err error) {
	for _, st := range batch {
		st.err = err
	}
}

// ask finds out whether a change of unknown outcome was applied, before anything is tried again.
func (c *committer) ask(ctx context.Context, st *staged) (store.Result, error) {
	wait := askWait
	var err error
	for range askTries {
		var result store.Result
		if result, err = c.wasApplied(ctx, st); err == nil {
			return result, nil
		}
		if !rest(ctx, wait) {
			break
		}
		wait *= 2
	}
	return 0, fail(CodeUnavailable, err)
}

// wasApplied compares what is stored with the change. Stale means: it was not applied, step again.
func (c *committer) wasApplied(ctx context.Context, st *staged) (store.Result, error) {
	ch := &st.change
	if ch.Answer != nil {
		_, err := c.e.store.Answer(ctx, ch.Office, ch.Answer.Key)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return store.Stale, nil
		case err != nil:
			return 0, err
		}
	}
	if len(ch.Events) == 0 {
		if ch.Answer != nil {
			return store.Applied, nil
		}
		return store.Stale, nil // it leaves no trace to know it by, and may be done twice: a draft, something taken off
	}
	first := ch.Events[0]
	rows, err := c.e.store.History(ctx, ch.Office, ch.Case.ID, first.Seq-1, 1)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return 0, err
	case len(rows) > 0 && rows[0].Kind == first.Kind && rows[0].Actor == first.Actor &&
		rows[0].At.Equal(first.At) && bytes.Equal(rows[0].Body, first.Body):
		return store.Applied, nil
	case ch.Answer != nil:
		return store.Repeated, nil
	}
	return store.Stale, nil
}

// applied makes a committed change visible, wakes who has work of it, and answers.
func (c *committer) applied(st *staged) {
	row := st.change.Case
	row.Revision++
	row.State = nil
	if st.asked { // others may have moved it since: which revision is whose is not known
		c.e.cases.drop(st.job.key)
	} else {
		next := &snapshot{row: row, state: st.state, proc: st.proc()}
		c.e.cases.put(st.job.key, next, func(old *snapshot) bool { return old.row.Revision > row.Revision })
	}
	c.e.watchers.committed(st)
	if len(st.change.Letters) > 0 {
		c.e.post.ring()
	}
	if len(st.change.Timers) > 0 {
		c.e.timers.ring()
	}
	if len(st.change.Jobs)+len(st.change.Delays) > 0 {
		c.e.gong.strike()
	}
	if st.broken != nil {
		st.job.finish(reply{err: &Error{Code: CodeInternal, Cause: errors.New("the case broke and is frozen")}})
		return
	}
	st.job.finish(reply{done: st.done()})
}
