package engine

import (
	"context"

	"github.com/guicheng/guicheng/store"
)

// listen wakes this node's loops and drops what it remembers when other nodes tell that something changed. What is not
// heard is found later: by the loops' own looks, by a desk's age, by a change that comes out stale.
func (e *Engine) listen(ctx context.Context) error {
	for w := range e.store.Wakes(ctx) {
		if w.Work || w.Missed {
			e.timers.ring()
			e.post.ring()
			e.plans.ring()
			e.gong.strike()
		}
		for _, office := range w.Offices {
			e.books.forget(office)
		}
		if w.Missed {
			e.books.forgetAll()
			e.watchers.again("")
		}
		for _, c := range w.Cases {
			e.cases.drop(caseKey{office: c.Office, id: c.ID})
			e.watchers.again(c.Office)
		}
	}
	return nil
}

// housekeeper lets the store make room and forget, now and then. Each node does it: there is none that must.
type housekeeper struct {
	e    *Engine
	keep store.Retention
}

func (h *housekeeper) run(ctx context.Context) error {
	for pause := upkeepFirst; ; pause = upkeepEvery {
		select {
		case <-ctx.Done():
			return nil
		case <-h.e.clock.After(pause):
		}
		began := h.e.now()
		f, err := h.e.store.Upkeep(ctx, began, h.keep)
		switch {
		case err != nil:
			h.e.log.Error("upkeep failed; it is tried again later", "error", err)
		case f != store.Forgotten{}:
			h.e.log.Info("forgotten", "answers", f.Answers, "uploads", f.Uploads, "secrets", f.Secrets,
				"messages", f.Messages, "months", f.Months)
		}
	}
}
