package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync/atomic"
)

const (
	checkpointAfter = 500     // changes
	longLog         = 8 << 10 // pages: 32 MiB. A log that is longer is moved with the writer held, to start it anew.
)

// checkpointer moves the write-ahead log into the database beside the writer, on a connection of its own: in the
// writer's commits it would cost tens of milliseconds now and then.
type checkpointer struct {
	db      *sql.DB
	writer  *writer
	pending atomic.Int64
	wake    chan struct{}
	end     context.CancelFunc
	done    chan struct{}
}

func startCheckpointer(ctx context.Context, path string, w *writer) (*checkpointer, error) {
	db, err := connect(path, 1)
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(ctx)
	c := &checkpointer{db: db, writer: w, wake: make(chan struct{}, 1), end: end, done: make(chan struct{})}
	beside(ctx, "checkpointer", c.run)
	return c, nil
}

// wrote counts changes and wakes the checkpointer when there are enough.
func (c *checkpointer) wrote(n int) {
	if c.pending.Add(int64(n)) < checkpointAfter {
		return
	}
	select {
	case c.wake <- struct{}{}:
	default: // it is awake
	}
}

func (c *checkpointer) stop() error {
	c.end()
	<-c.done
	return c.db.Close()
}

func (c *checkpointer) run(ctx context.Context) {
	defer close(c.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
		c.pending.Store(0)
		if err := c.checkpoint(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "checkpoint of the database failed; it will be tried again", "error", err)
		}
	}
}

// checkpoint never lets a panic out: the log would only grow, and work must go on.
func (c *checkpointer) checkpoint(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	length, err := c.move(ctx)
	if err != nil || length < longLog {
		return err
	}
	// The log begins anew only when all of it was moved, which a busy writer never allows by itself. Little is left to
	// move now, so the writer waits for milliseconds.
	if err := c.writer.take(ctx); err != nil {
		return err
	}
	defer c.writer.give()
	_, err = c.move(ctx)
	return err
}

// move copies what readers allow, and returns the log's length in pages.
func (c *checkpointer) move(ctx context.Context) (int, error) {
	var busy, length, moved int
	err := c.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &length, &moved)
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	return length, nil
}
