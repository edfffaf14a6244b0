package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/guicheng/guicheng/store"
)

func newSchedule(office, id string, next int) store.ScheduleRow {
	return store.ScheduleRow{Office: office, ID: id, Procedure: "round", Way: 1, Spec: "month 0 1", Last: at(0),
		Next: at(next)}
}

func schedules(t *testing.T, s store.Store) {
	ctx := context.Background()
	a, b, c := newSchedule(gate, "a", 5), newSchedule(gate, "b", 3), newSchedule(other, "a", 3)
	noError(t, s.PutSchedules(ctx, gate, []store.ScheduleRow{b, a}))
	noError(t, s.PutSchedules(ctx, other, []store.ScheduleRow{c}))
	equal(t, "of an office", must(s.Schedules(ctx, gate))(t), []store.ScheduleRow{a, b})
	next := func(what string, now int, want time.Time, some bool) {
		t.Helper()
		got, ok, err := s.NextSchedule(ctx, at(now))
		noError(t, err)
		if ok != some || !got.Equal(want) {
			t.Fatalf("%s: next is %s, %t", what, got, ok)
		}
	}
	next("before all", 0, at(3), true)
	next("after some", 3, at(5), true)
	next("after all", 5, time.Time{}, false)
	equal(t, "none due", len(must(s.DueSchedules(ctx, at(2), 10))(t)), 0)
	equal(t, "due", must(s.DueSchedules(ctx, at(5), 10))(t), []store.ScheduleRow{b, c, a})
	done := b
	done.Last, done.Next = at(3), at(33)
	noError(t, s.RanSchedule(ctx, done, at(4))) // somebody else has moved it
	equal(t, "as it was", must(s.Schedules(ctx, gate))(t), []store.ScheduleRow{a, b})
	noError(t, s.RanSchedule(ctx, done, at(3)))
	equal(t, "done", must(s.Schedules(ctx, gate))(t), []store.ScheduleRow{a, done})
	next("after it was done", 5, at(33), true)
	noError(t, s.PutSchedules(ctx, gate, nil))
	equal(t, "gone", len(must(s.Schedules(ctx, gate))(t)), 0)
	equal(t, "another office's stay", must(s.Schedules(ctx, other))(t), []store.ScheduleRow{c})
}
