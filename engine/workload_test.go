package engine_test

import (
	"sync"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

const sharedYAML = `procedure: shared
title: 分派
number: 'FP{n:4}'
manager: boss
start: {by: desk}
steps:
  - {step: load, title: 少者, task: {by: '=least_loaded(holders("gate"))'}}
`

const turnYAML = `procedure: turn
title: 輪派
number: 'LP{n:4}'
manager: boss
start: {by: desk}
steps:
  - {step: turn, title: 輪流, task: {by: '=next_in_turn(holders("gate"))'}}
`

// A burst of cases is shared out among three people, though all are stepped before any is committed.
func TestABurstIsSharedOut(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), append(officeFiles(),
		definitions.File{Name: "shared.yaml", Text: []byte(sharedYAML)},
		definitions.File{Name: "turn.yaml", Text: []byte(turnYAML)})))
	if err := w.PutPerson(t.Context(), engine.Operator("sun"), store.PersonRow{
		ID: "mo", Name: "莫", Posts: []string{"gate"},
	}); err != nil {
		t.Fatal(err)
	}
	for procedure, spread := range map[string]int{"shared": 4, "turn": 0} {
		var wait sync.WaitGroup
		for range 30 {
			wait.Go(func() {
				if _, err := w.Start(t.Context(), as("chan"), engine.StartRequest{Procedure: procedure}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, who := range []string{"so", "li", "mo"} {
			page, err := w.Inbox(t.Context(), as(who), "", engine.InboxQuery{Procedure: procedure, Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			if n := len(page.Tasks); n < 10-spread || n > 10+spread {
				t.Errorf("of 30 tasks of %s %s has %d", procedure, who, n)
			}
		}
	}
}
