package postgres

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
)

// trips counts what is sent for callers who have one in their context: a batch is one round trip, and so is each
// statement outside of one.
type trips struct{}

type tripsKey struct{}

func (trips) count(ctx context.Context) context.Context {
	if n, ok := ctx.Value(tripsKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	return ctx
}

func (c trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return c.count(ctx)
}
func (trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}
func (c trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return c.count(ctx)
}
func (trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TestOneRoundTrip: a commit of many changes, and each read of the hot path, asks the database once.
func TestOneRoundTrip(t *testing.T) {
	t.Parallel()
	sent := new(atomic.Int64)
	ctx := context.WithValue(context.Background(), tripsKey{}, sent)
	config, limit, err := configure(pgtest.DSN(t))
	noError(t, err)
	config.ConnConfig.Tracer = trips{}
	s, err := open(context.Background(), config, limit) // what it does beside is not counted
	closing(t, s, err)
	fill(t, s, "gate")
	who := []store.Candidate{"post:gate"}
	for name, do := range map[string]func() error{
		"cases": func() error {
			_, err := s.CasesByRef(ctx, []store.CaseRef{{Office: "gate", ID: "c1"}, {Office: "gate", ID: "c2"}})
			return err
		},
		"task":    func() error { _, err := s.Task(ctx, "gate", "c1.1"); return err },
		"inbox":   func() error { _, err := s.Inbox(ctx, "gate", store.InboxQuery{Who: who}); return err },
		"counts":  func() error { _, err := s.InboxCounts(ctx, "gate", who, 1_000); return err },
		"list":    func() error { _, err := s.CasesOf(ctx, "gate", store.CaseQuery{}); return err },
		"history": func() error { _, err := s.History(ctx, "gate", "c1", 0, 50); return err },
		"answer":  func() error { _, err := s.Answer(ctx, "gate", "k-c1"); return err },
		"session": func() error { _, err := s.Session(ctx, []byte("gate"), morning.Add(-1)); return err },
		"timers":  func() error { _, err := s.DueTimers(ctx, morning, 256); return err },
		"letters": func() error { _, err := s.Letters(ctx, 256); return err },
		"no jobs": func() error {
			_, err := s.FetchJobs(ctx, store.JobFetch{Names: []string{"none"}, Limit: 5})
			return err
		},
	} {
		before := sent.Load()
		noError(t, do())
		if n := sent.Load() - before; n != 1 {
			t.Errorf("%s: %d round trips", name, n)
		}
	}
	changes := make([]store.Change, 50)
	for i := range changes {
		changes[i] = fullChange("gate", "b"+itoa(i))
	}
	before := sent.Load()
	got, err := s.Commit(ctx, changes)
	noError(t, err)
	if n := sent.Load() - before; n != 1 || got[49] != store.Applied {
		t.Errorf("a commit of %d changes: %d round trips", len(changes), n)
	}
}
