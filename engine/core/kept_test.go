package core_test

import (
	"testing"
	"time"
)

// Two messages that are kept until the same moment have each a timer of their own: taking one leaves the other's.
func TestKeptMessageHasItsTimer(t *testing.T) {
	t.Parallel()
	s := newStory(t, `procedure: t
title: T
number: 'T{n:3}'
manager: boss
data: {n: {title: N, type: count}}
messages:
  early: {title: 早, by: a, keep: 1h}
  late: {title: 晚, by: a, keep: 1h}
start: {by: a}
steps:
  - {step: first, title: 一, task: {by: a}}
  - {step: pick, title: 取, wait: {came: {message: late}}}
  - {step: last, title: 末, task: {by: a}}
  - {step: rest, title: 餘, wait: {came: {message: early}}}
`)
	for _, line := range []string{"start", "send early", "send late", "first"} {
		s.do(t, line)
	}
	timers := s.s.Acts[0].Timers
	if len(s.s.Kept) != 1 || s.s.Kept[0].Name != "early" || len(timers) != 1 || timers[0].ID != s.s.Kept[0].Timer {
		t.Fatalf("kept %+v, timers %+v", s.s.Kept, timers)
	}
	s.pass(t, s.now.Add(2*time.Hour))
	if len(s.s.Kept) != 0 || len(s.s.Acts[0].Timers) != 0 {
		t.Errorf("after its time: kept %+v, timers %+v", s.s.Kept, s.s.Acts[0].Timers)
	}
}
