package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

const (
	wakeChannel = "guicheng_work"
	sqlNotify   = "SELECT pg_notify('" + wakeChannel + "', '')"
	reconnect   = time.Second // at first; doubled up to a limit
	mostRest    = 30 * time.Second
)

// wakes reports that a change makes work that any node may do: timers and letters. Other changes say nothing, because
// notifying commits wait for each other.
func wakes(c *store.Change) bool { return len(c.Timers) > 0 || len(c.Letters) > 0 }

// Wakeups returns a channel that gets a value after other nodes, or this one, committed timers or letters: one for
// many, if nobody looks in between. It also gets one after each connection, for what was missed. It listens on a
// connection of its own, made anew when it breaks, until ctx or the store ends; then the channel is closed. A pooler in
// transaction mode passes no notifications on: behind one nothing comes, and work is found at the next look.
func (s *Store) Wakeups(ctx context.Context) <-chan struct{} {
	wake := make(chan struct{}, 1)
	ctx = s.living(ctx)
	s.done.Go(func() {
		defer close(wake)
		rest := reconnect
		for ctx.Err() == nil {
			if s.listen(ctx, wake) {
				rest = reconnect
			}
			timer := time.NewTimer(rest)
			select {
			case <-ctx.Done():
			case <-timer.C:
			}
			timer.Stop()
			rest = min(2*rest, mostRest)
		}
	})
	return wake
}

// listen passes notifications on until the connection breaks, and reports whether there was one.
func (s *Store) listen(ctx context.Context, wake chan<- struct{}) bool {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+wakeChannel); err != nil {
		return false
	}
	for {
		select {
		case wake <- struct{}{}:
		default: // one is waiting
		}
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return true
		}
	}
}
