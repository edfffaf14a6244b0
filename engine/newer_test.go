package engine_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

// TestWhatANewerReleaseWroteIsLeftToIt has two cases, one of which has something in its state that this release would
// lose. It does nothing with that one, and goes on with the other.
func TestWhatANewerReleaseWroteIsLeftToIt(t *testing.T) {
	t.Parallel()
	w := open(t)
	newer := w.begin("chan", "timed", "")
	task := w.task("so", "answer").ID
	plain := w.begin("chan", "timed", "")
	w.rewrite(newer.Case, []byte(`{`), []byte(`{"hologram":{"depth":3},`))
	w.Close()
	w.start() // what was remembered of the case is forgotten
	_, err := w.Case(t.Context(), as("lam"), "", newer.Case)
	wantCode(t, err, engine.CodeUnavailable)
	_, err = w.Complete(t.Context(), as("so"), task, engine.CompleteRequest{})
	wantCode(t, err, engine.CodeUnavailable)
	w.clock.move(4 * time.Minute)
	standIns := func(cases ...string) func(context.Context) bool {
		return func(ctx context.Context) bool {
			page, err := w.Inbox(ctx, as("lam"), "", engine.InboxQuery{})
			if err != nil || len(page.Tasks) != len(cases) {
				return false
			}
			for _, task := range page.Tasks {
				if task.Step != "stand-in" {
					return false
				}
			}
			return true
		}
	}
	w.eventually("the other case goes on", standIns(plain.Case))
	due, err := w.store.DueTimers(t.Context(), w.clock.Now(), 10)
	if err != nil || len(due) != 1 || due[0].Case != newer.Case {
		t.Fatalf("due are %v, %v, want the timer of the newer release's case", due, err)
	}
	// The newer release goes on with it, and takes the new thing out again.
	w.rewrite(newer.Case, []byte(`{"hologram":{"depth":3},`), []byte(`{`))
	w.clock.move(6 * time.Minute)
	w.eventually("what was left is done", standIns(plain.Case, newer.Case))
}

// rewrite changes the stored state of a case, as another program would.
func (w *world) rewrite(id string, old, now []byte) {
	w.t.Helper()
	row, err := w.store.Case(w.t.Context(), "sun", id)
	if err != nil {
		w.t.Fatal(err)
	}
	row.State = bytes.Replace(row.State, old, now, 1)
	got, err := w.store.Commit(w.t.Context(), []store.Change{{Office: "sun", Case: row}})
	if err != nil || got[0] != store.Applied {
		w.t.Fatalf("rewrite: %v, %v", got, err)
	}
}
