package postgres

import (
	"context"
	"slices"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
	"github.com/guicheng/guicheng/store/shared"
)

// The events of one change are one row, found by the number of its last event.

// sqlRead reads only the months that the case's history is in.
const sqlRead = `SELECT h.events FROM history h
	WHERE h.office = $1 AND h.case_id = $2 AND h.last > $3
		AND h.at >= (SELECT c.first_at FROM cases c WHERE c.office = $1 AND c.id = $2)
		AND h.at <= (SELECT c.last_at FROM cases c WHERE c.office = $1 AND c.id = $2)
	ORDER BY h.last LIMIT $4`

// History returns a case's events with a sequence number above after, oldest first.
func (s *Store) History(ctx context.Context, office, id string, after int64, limit int) ([]store.EventRow, error) {
	limit = shared.ListOf(limit)
	rows, err := list(ctx, s, "history of case "+id, named(office), func(r scanner) ([]store.EventRow, error) {
		var raw []byte
		if err := r.Scan(&raw); err != nil {
			return nil, err
		}
		return packed.ReadEvents(office, id, raw)
	}, sqlRead, office, id, after, limit)
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
