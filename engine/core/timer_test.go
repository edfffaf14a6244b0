package core_test

import (
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine/core"
)

// A repeating timer that could not fire for a while fires once, and goes on from then: what was missed is not made up.
func TestRepeatingTimerDoesNotCatchUp(t *testing.T) {
	t.Parallel()
	s := newStory(t, `procedure: t
title: T
number: 'T{n:3}'
manager: boss
start: {by: a}
steps:
  - {step: work, title: 辦, task: {by: a}, timeouts: {after: hours(1), every: hours(1), remind: boss}}
`)
	s.do(t, "start")
	timer := func() core.Timer {
		for _, a := range s.s.Acts {
			if len(a.Timers) == 1 {
				return a.Timers[0]
			}
		}
		t.Fatal("no timer is set")
		return core.Timer{}
	}
	for _, late := range []time.Duration{0, 30 * time.Minute, 5*time.Hour + 20*time.Minute} {
		due := timer()
		s.now = due.At.Add(late)
		s.step(t, core.Due{Timer: due.ID})
		want := due.At.Add(time.Hour)
		if want.Before(s.now) {
			want = s.now.Add(time.Hour)
		}
		if got := timer().At; !got.Equal(want) {
			t.Errorf("%s late: it fires again at %s, want %s", late, got, want)
		}
	}
}
