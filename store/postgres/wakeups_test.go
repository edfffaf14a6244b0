package postgres

import (
	"context"
	"testing"
	"time"

	"github.com/guicheng/guicheng/internal/pgtest"
)

// awaken waits for a wake-up.
func awaken(t *testing.T, what string, wake <-chan struct{}) {
	t.Helper()
	select {
	case _, open := <-wake:
		if !open {
			t.Fatalf("%s: the channel is closed", what)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: no wake-up", what)
	}
}

func TestWakeups(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	dsn := pgtest.DSN(t)
	nodes := []*Store{openAt(t, dsn), openAt(t, dsn)}
	wake := nodes[1].Wakeups(ctx)
	awaken(t, "connected", wake)
	commit(t, nodes[0], fullChange("gate", "c1"), fullChange("gate", "c2"))
	awaken(t, "after timers and letters", wake)

	_, err := connect(t, pgtest.Admin(t)).Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = $1 AND query LIKE 'LISTEN%'`, nodes[0].pool.Config().ConnConfig.Database)
	noError(t, err)
	awaken(t, "connected again", wake)
	commit(t, nodes[0], fullChange("gate", "c3"))
	awaken(t, "after a new connection", wake)

	commit(t, nodes[0], next("c4", 0)) // nobody but its own node has to do with it
	select {
	case <-wake:
		t.Error("a wake-up for a change without timers and letters")
	default:
	}
	cancel()
	for range wake { // until it is closed
	}
	ended := nodes[1].Wakeups(context.Background())
	noError(t, nodes[1].Close())
	for range ended {
	}
}
