package postgres

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
)

// deadlocks counts the batches that the database has undone because nodes waited for each other.
type deadlocks struct {
	trips

	n *atomic.Int64
}

func (d deadlocks) TraceBatchEnd(_ context.Context, _ *pgx.Conn, end pgx.TraceBatchEndData) {
	if code(end.Err) == deadlockFound {
		d.n.Add(1)
	}
}

// TestNodesDoNotWaitForEachOther: two nodes change the same cases in batches. One of them fires their timers and takes
// their letters, the other one takes the timers away, as an answer does that comes at the same moment.
func TestNodesDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	const rounds, cases = 30, 40
	dsn := pgtest.DSN(t)
	found := new(atomic.Int64)
	var nodes [2]*Store
	for i := range nodes {
		config, limit, err := configure(dsn)
		noError(t, err)
		config.ConnConfig.Tracer = deadlocks{n: found}
		nodes[i], err = open(ctx, config, limit)
		closing(t, nodes[i], err)
	}
	for round := range rounds {
		begun, fires, answers := make([]store.Change, cases), make([]store.Change, cases), make([]store.Change, cases)
		for i := range cases {
			id := fmt.Sprintf("c%d-%d", round, i)
			begun[i] = fullChange("gate", id)
			fires[i], answers[i] = next(id, 1), next(id, 1)
			fires[i].TakesTimer, fires[i].TakesLetter = id+".1", "l-"+id
			answers[i].Disarm = []string{id + ".1"}
		}
		commit(t, nodes[0], begun...)
		rand.Shuffle(cases, func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
		var wg sync.WaitGroup
		for n, all := range [][]store.Change{fires, answers} {
			for half := range 2 {
				wg.Go(func() {
					if _, err := nodes[n].Commit(ctx, all[half*cases/2:(half+1)*cases/2]); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		for i := range cases {
			row, err := nodes[0].Case(ctx, "gate", begun[i].Case.ID)
			if err != nil || row.Revision != 2 {
				t.Fatalf("case %s has revision %d, want one of both changes: %v", begun[i].Case.ID, row.Revision, err)
			}
		}
	}
	if n := found.Load(); n > 0 {
		t.Errorf("%d deadlocks in %d rounds", n, rounds)
	}
}
