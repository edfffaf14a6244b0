package engine_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
)

const answerYAML = `procedure: answer
title: 答復
manager: boss
start: {by: desk}
steps:
  - step: answer
    title: 答復
    within: workdays(1)
    task: {by: gate}
    timeouts: {after: workdays(1), every: workdays(1), remind: boss}
`

// deployWith puts the office in force with days on which it is closed.
func (w *world) deployWith(closed string) {
	w.t.Helper()
	calendar := "calendars: {usual: {title: 平日, hours: {mon-fri: '09:00-18:00'}, closed: {" + closed + "}}}\n"
	files := officeWith("answer.yaml", answerYAML)
	files[0].Text = []byte(officeYAML + calendar)
	w.must(w.Deploy(w.t.Context(), engine.Operator("sun"), files))
}

// timers lists when the timers are due, by day and hour of the office, the soonest first.
func (w *world) timers() string {
	w.t.Helper()
	rows, err := w.store.DueTimers(w.t.Context(), w.clock.Now().AddDate(1, 0, 0), 100)
	if err != nil {
		w.t.Fatal(err)
	}
	zone := time.FixedZone("office", 8*60*60)
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = row.At.In(zone).Format("01-02 15:04")
	}
	return strings.Join(out, ", ")
}

// TestACalendarChanges: what was set stays where it is; what is set afterwards, also the next time of what repeats, is
// counted by the calendar that is in force then.
func TestACalendarChanges(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.deployWith("2026-12-31: 盤點")
	w.begin("chan", "answer", "") // on Monday at nine
	if got := w.timers(); got != "11-03 09:00" {
		t.Fatalf("the timers are at %s", got)
	}
	due := w.task("so", "answer").Due
	w.deployWith("2026-11-03: 颱風, 2026-11-04: 颱風")
	if got := w.timers(); got != "11-03 09:00" {
		t.Errorf("what was set has moved: %s", got)
	}
	if now := w.task("so", "answer").Due; !now.Equal(*due) {
		t.Errorf("the task was due at %s, and is at %s", due, now)
	}
	w.begin("chan", "answer", "")
	if got := w.timers(); got != "11-03 09:00, 11-05 09:00" {
		t.Errorf("what is set now does not know of the closed days: %s", got)
	}
	w.clock.move(24 * time.Hour)
	w.eventually("the first is reminded of again", func(context.Context) bool {
		return !strings.HasPrefix(w.timers(), "11-03")
	})
	if got := w.timers(); got != "11-05 09:00, 11-06 09:00" {
		t.Errorf("what repeats is counted from a closed day, and is next at %s", got)
	}
}
