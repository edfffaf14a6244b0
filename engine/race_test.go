package engine_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
)

// races is set for the long form.
var races = flag.Int("races", 1_000, "how many answers race against the timeout of their task, on each store")

// TestAnAnswerRacesAgainstItsTimeout lets time run out while the answers come: of each pair one takes effect, and the
// person is told which.
func TestAnAnswerRacesAgainstItsTimeout(t *testing.T) {
	t.Parallel()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		raceAll(t, []*world{openFile(t)})
	})
	t.Run("two nodes", func(t *testing.T) {
		t.Parallel()
		raceAll(t, nodes(t, 2, false))
	})
}

const (
	raceRound   = 500
	raceClients = 32
)

// runner is one case with its task and what its person was told.
type runner struct {
	id, task string
	err      error
}

func raceAll(t *testing.T, w []*world) {
	t.Helper()
	answers, timeouts := 0, 0
	for done := 0; done < *races; done += raceRound {
		run := make([]runner, min(raceRound, *races-done))
		crowd(len(run), func(i int) {
			s, err := w[i%len(w)].Start(t.Context(), as("chan"), engine.StartRequest{Procedure: "timed"})
			run[i] = runner{id: s.Case, err: err}
		})
		for i := range run {
			if run[i].err != nil {
				t.Fatal(run[i].err)
			}
			tasks, err := w[0].store.TasksOf(t.Context(), "sun", run[i].id)
			if err != nil || len(tasks) != 1 {
				t.Fatalf("tasks %v, %v", tasks, err)
			}
			run[i].task = tasks[0].ID
		}
		rand.Shuffle(len(run), func(i, j int) { run[i], run[j] = run[j], run[i] })
		// A few are answered in time; then time is over, and its timers and the other answers go off together.
		var first atomic.Int64
		inTime := rand.Int64N(int64(len(run)) / 2)
		crowd(len(run), func(i int) {
			if first.Add(1) == inTime+1 {
				for _, one := range w {
					one.clock.move(4 * time.Minute)
				}
			}
			_, run[i].err = w[i%len(w)].Complete(t.Context(), as("so"), run[i].task, engine.CompleteRequest{})
		})
		a, o := judge(t, w[0], run)
		answers, timeouts = answers+a, timeouts+o
	}
	t.Logf("%d races: %d answers and %d timeouts won", answers+timeouts, answers, timeouts)
	if answers+timeouts != *races {
		t.Errorf("%d races have a winner, want %d", answers+timeouts, *races)
	}
}

// crowd does n things by some clients at once.
func crowd(n int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range raceClients {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// judge waits until every race is decided, and wants what each person was told to be what happened.
func judge(t *testing.T, w *world, run []runner) (answers, timeouts int) {
	t.Helper()
	for i := range run {
		answered, fired := 0, 0
		w.eventually("one of both", func(ctx context.Context) bool {
			history, err := w.store.History(ctx, "sun", run[i].id, 0, 100)
			answered, fired = 0, 0
			for _, e := range history {
				switch {
				case e.Kind == (core.Answered{}).Kind():
					answered++
				case e.Kind == (core.TimerCleared{}).Kind() && bytes.Contains(e.Body, []byte(`"fired":true`)):
					fired++
				}
			}
			return err != nil || answered+fired > 0
		})
		told := run[i].err
		if told != nil && !errors.Is(told, &engine.Error{Code: string(core.NotOpen)}) {
			t.Errorf("case %s: %v", run[i].id, told)
		}
		if answered+fired != 1 || (told == nil) != (answered == 1) {
			t.Errorf("case %s: %d answers and %d timeouts took effect; the person was told %v", run[i].id, answered, fired,
				told)
		}
		answers, timeouts = answers+answered, timeouts+fired
	}
	return answers, timeouts
}
