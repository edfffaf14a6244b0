package sqlite

import (
	"context"
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
	"github.com/guicheng/guicheng/store/shared"
)

// The events of one change are one row, found by the number of its last event.

func (a *applier) events(ctx context.Context) error {
	leaf := a.small.leaf
	if a.small.err != nil || leaf.First == 0 {
		return a.small.err
	}
	if err := a.exec(ctx, "INSERT INTO history (office, case_id, last, events) VALUES (?, ?, ?, ?)",
		a.office, a.id, leaf.Last, leaf.Body); err != nil {
		return fmt.Errorf("events up to %d: %w", leaf.Last, err)
	}
	return nil
}

// History returns a case's events with a sequence number above after, oldest first.
func (s *Store) History(ctx context.Context, office, id string, after int64, limit int) ([]store.EventRow, error) {
	limit = shared.ListOf(limit)
	rows, err := list(ctx, s, "history of case "+id, func(r scanner) ([]store.EventRow, error) {
		var raw []byte
		if err := r.Scan(&raw); err != nil {
			return nil, err
		}
		return packed.ReadEvents(office, id, raw)
	}, `SELECT events FROM history WHERE office = ? AND case_id = ? AND last > ? ORDER BY last LIMIT ?`,
		office, id, after, limit)
	if err != nil {
		return nil, err
	}
	var out []store.EventRow
	for _, e := range slices.Concat(rows...) {
		if e.Seq > after && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, nil
}
