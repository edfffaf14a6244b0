package sqlite

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/store"
)

// The events of one change are one row: a step has a handful of them, and they are written and read together. The row
// is found by the number of its last event.

// entry is the stored form of an event.
type entry struct {
	Seq   int64           `json:"seq"`
	At    int64           `json:"at"` // microseconds
	Actor string          `json:"actor,omitempty"`
	Kind  string          `json:"kind"`
	Body  json.RawMessage `json:"body,omitempty"`
}

func (a *applier) events(ctx context.Context) error {
	if len(a.c.Events) == 0 {
		return nil
	}
	entries := make([]entry, len(a.c.Events))
	for i := range a.c.Events {
		e := &a.c.Events[i]
		entries[i] = entry{Seq: e.Seq, At: micros(e.At), Actor: e.Actor, Kind: e.Kind, Body: e.Body}
	}
	slices.SortFunc(entries, func(x, y entry) int { return cmp.Compare(x.Seq, y.Seq) })
	for i := range entries[1:] {
		if entries[i].Seq == entries[i+1].Seq {
			return fmt.Errorf("two events have number %d", entries[i].Seq)
		}
	}
	raw, err := json.Marshal(entries)
	if err != nil {
		return fmt.Errorf("events from %d on: %w", entries[0].Seq, err)
	}
	last := entries[len(entries)-1].Seq
	if err := a.exec(ctx, "INSERT INTO history (office, case_id, last, events) VALUES (?, ?, ?, ?)",
		a.office, a.id, last, raw); err != nil {
		return fmt.Errorf("events up to %d: %w", last, err)
	}
	return nil
}

// History returns a case's events with a sequence number above after, oldest first.
func (s *Store) History(ctx context.Context, office, id string, after int64, limit int) ([]store.EventRow, error) {
	limit = between(limit, usualList, mostInList)
	rows, err := list(ctx, s, "history of case "+id, func(r scanner) (entries []entry, err error) {
		var raw []byte
		if err := r.Scan(&raw); err != nil {
			return nil, err
		}
		err = json.Unmarshal(raw, &entries)
		return entries, err
	}, `SELECT events FROM history WHERE office = ? AND case_id = ? AND last > ? ORDER BY last LIMIT ?`,
		office, id, after, limit)
	if err != nil {
		return nil, err
	}
	var out []store.EventRow
	for _, e := range slices.Concat(rows...) {
		if e.Seq > after && len(out) < limit {
			out = append(out, store.EventRow{
				Office: office, Case: id, Seq: e.Seq, At: fromMicros(e.At), Actor: e.Actor, Kind: e.Kind, Body: e.Body,
			})
		}
	}
	return out, nil
}
