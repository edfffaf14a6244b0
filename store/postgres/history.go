package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/guicheng/guicheng/store"
)

// The events of one change are one row, a leaf: a step has a handful of them, and they are written and read together.
// The row is found by the number of its last event.

// entry is the stored form of an event.
type entry struct {
	Seq   int64           `json:"seq"`
	At    int64           `json:"at"` // microseconds
	Actor string          `json:"actor,omitempty"`
	Kind  string          `json:"kind"`
	Body  json.RawMessage `json:"body,omitempty"`
}

// leaf is the events of one change, encoded.
type leaf struct {
	first, last     int64 // numbers; 0 = no events
	at              int64 // of the last event, which decides the month
	firstAt, lastAt int64
	events          []byte
}

func encodeEvents(events []store.EventRow) (leaf, error) {
	if len(events) == 0 {
		return leaf{firstAt: math.MaxInt64, lastAt: math.MinInt64}, nil
	}
	entries := make([]entry, len(events))
	for i := range events {
		e := &events[i]
		entries[i] = entry{Seq: e.Seq, At: micros(e.At), Actor: e.Actor, Kind: e.Kind, Body: e.Body}
	}
	slices.SortFunc(entries, func(x, y entry) int { return cmp.Compare(x.Seq, y.Seq) })
	for i := range entries[1:] {
		if entries[i].Seq == entries[i+1].Seq {
			return leaf{}, fmt.Errorf("two events have number %d", entries[i].Seq)
		}
	}
	if entries[0].Seq < 1 {
		return leaf{}, fmt.Errorf("an event has number %d, want 1 or more", entries[0].Seq)
	}
	raw, err := json.Marshal(entries)
	if err != nil {
		return leaf{}, fmt.Errorf("events from %d on: %w", entries[0].Seq, err)
	}
	last := entries[len(entries)-1]
	return leaf{first: entries[0].Seq, last: last.Seq, at: last.At, firstAt: last.At, lastAt: last.At, events: raw}, nil
}

// sqlRead reads only the months that the case's history is in.
const sqlRead = `SELECT h.events FROM history h
	WHERE h.office = $1 AND h.case_id = $2 AND h.last > $3
		AND h.at >= (SELECT c.first_at FROM cases c WHERE c.office = $1 AND c.id = $2)
		AND h.at <= (SELECT c.last_at FROM cases c WHERE c.office = $1 AND c.id = $2)
	ORDER BY h.last LIMIT $4`

// History returns a case's events with a sequence number above after, oldest first.
func (s *Store) History(ctx context.Context, office, id string, after int64, limit int) ([]store.EventRow, error) {
	limit = between(limit, usualList, mostInList)
	rows, err := list(ctx, s, "history of case "+id, named(office), func(r scanner) (entries []entry, err error) {
		var raw []byte
		if err := r.Scan(&raw); err != nil {
			return nil, err
		}
		err = json.Unmarshal(raw, &entries)
		return entries, err
	}, sqlRead, office, id, after, limit)
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
