package engine_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

// calendarYAML begins by the calendar in each way that there is.
const calendarYAML = `procedure: shift
title: 當值
number: 'DZ{yyyy}{mm}{dd}-{n:2}'
data: {guard: {title: 保安員, type: person}, day: {title: 日期, type: date}}
start: {schedule: {every: day, at: '08:00', missed: none}, for_each: holders("gate"), set: {guard: each, day: today}}
steps: [{step: look, title: 檢查, task: {by: boss, show: [guard, day]}}]
---
procedure: report
title: 月報
number: 'YB{yyyy}-{n:3}'
data: {month: {title: 月份, type: month}}
start: {schedule: {every: month, day: 3, at: '08:00', missed: all}, set: {month: 'add_months(month_of(today), -1)'}}
steps: [{step: write, title: 填報, task: {by: boss, show: [month]}}]
---
procedure: round
title: 巡查
number: 'XC{yyyy}-{n:3}'
data: {day: {title: 日期, type: date}}
start: {schedule: {every: day, at: '08:00'}, set: {day: today}}
steps: [{step: walk, title: 巡查, task: {by: boss, show: [day]}}]
`

func (w *world) withCalendar(text string) {
	w.t.Helper()
	w.must(w.Deploy(w.t.Context(), engine.Operator("sun"),
		officeWith("calendar.yaml", text)))
}

// begun lists what cases of a procedure know in a field, oldest first.
func (w *world) begun(ctx context.Context, procedure, field string) []string {
	w.t.Helper()
	page, err := w.Cases(ctx, as("ann"), "", store.CaseQuery{Procedure: procedure, Limit: 200})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, line := range slices.Backward(page.Cases) {
		c, err := w.Case(ctx, as("ann"), "", line.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, f := range c.Data {
			if f.Path == field {
				out = append(out, f.Text)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (w *world) eventuallyBegun(procedure, field string, want ...string) {
	w.t.Helper()
	var got []string
	w.eventually(procedure+" has begun: "+strings.Join(want, ", "), func(ctx context.Context) bool {
		got = w.begun(ctx, procedure, field)
		return slices.Equal(got, want)
	})
}

// TestCasesBeginByTheCalendar: at their time in the office's zone, one for each of a list, and once.
func TestCasesBeginByTheCalendar(t *testing.T) {
	t.Parallel()
	w := open(t) // it is Monday, 2 November, 09:00 in Shanghai
	w.withCalendar(calendarYAML)
	if got := w.begun(t.Context(), "shift", "guard"); len(got) > 0 {
		t.Fatalf("eight o'clock of the day of the deployment has passed, and %q began", got)
	}
	w.clock.move(23*time.Hour - time.Minute)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), // again: what says the same goes on
		officeWith("calendar.yaml", calendarYAML+"# more\n")))
	w.clock.move(time.Minute)
	w.eventuallyBegun("shift", "guard", "李", "蘇")
	w.eventuallyBegun("report", "month", "2026-10")
	w.eventuallyBegun("round", "day", "2026-11-03")
	w.complete("lam", "walk", "", "")
	w.clock.move(time.Hour)
	w.Close()
	w.start() // nothing begins anew
	w.clock.move(23 * time.Hour)
	w.eventuallyBegun("round", "day", "2026-11-03", "2026-11-04")
	w.eventuallyBegun("shift", "day", "2026-11-03", "2026-11-03", "2026-11-04", "2026-11-04")
	if got := w.begun(t.Context(), "report", "month"); !slices.Equal(got, []string{"2026-10"}) {
		t.Errorf("the report of the month was begun again: %q", got)
	}
}

// TestMissedTimes: what passed while no server ran is caught up as each schedule says, and each case knows the day for
// which it is.
func TestMissedTimes(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.withCalendar(calendarYAML)
	w.Close()
	w.clock.move(64*24*time.Hour + time.Hour) // Tuesday, 5 January, 10:00
	w.start()
	w.eventuallyBegun("report", "month", "2026-10", "2026-11", "2026-12")
	w.eventuallyBegun("round", "day", "2027-01-05")
	w.clock.move(22 * time.Hour)
	w.eventuallyBegun("shift", "day", "2027-01-06", "2027-01-06")
}

// TestAStartThatWentWrongIsMadeAgain: what nobody foresaw keeps no case from beginning for good.
func TestAStartThatWentWrongIsMadeAgain(t *testing.T) {
	t.Parallel()
	w, s := openShaky(t)
	w.withCalendar(calendarYAML)
	s.tell(poison, poison, poison, poison, poison) // a report, a round, and two shifts, together and each alone
	w.clock.move(23 * time.Hour)                   // eight o'clock of the next day
	w.eventually("it has gone wrong", func(context.Context) bool { return s.left() == 0 })
	w.clock.move(6 * time.Minute)
	w.eventuallyBegun("round", "day", "2026-11-03")
	w.eventuallyBegun("report", "month", "2026-10")
}

// TestASchedulesOtherVersion: a schedule that says something else counts from its deployment, one that is taken away
// begins nothing.
func TestASchedulesOtherVersion(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.withCalendar(calendarYAML)
	w.clock.move(2 * time.Hour)
	w.withCalendar(strings.Replace(calendarYAML, "every: day, at: '08:00'}", "every: day, at: '10:00', missed: all}", 1))
	w.clock.move(23 * time.Hour) // ten o'clock of the next day
	w.eventuallyBegun("round", "day", "2026-11-03")
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeFiles()))
	if rows, err := w.store.Schedules(t.Context(), "sun"); err != nil || len(rows) > 0 {
		t.Errorf("schedules without a procedure: %+v, %v", rows, err)
	}
}

// TestSchedulesAreListed: how often, when last and when next, to administrators and to the manager of the procedure.
func TestSchedulesAreListed(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.withCalendar(strings.Replace(calendarYAML, "title: 巡查\n", "title: 巡查\nmanager: desk\n", 1))
	list := func(who string) map[string]engine.ScheduleLine {
		t.Helper()
		lines, err := w.Schedules(t.Context(), as(who), "")
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]engine.ScheduleLine{}
		for _, line := range lines {
			out[line.Procedure] = line
		}
		return out
	}
	all := list("ann")
	shift, report, round := all["shift"], all["report"], all["round"]
	if len(all) != 3 || shift.Every != "day" || shift.At != "08:00" || shift.Missed != "none" ||
		shift.ForEach != `holders("gate")` || shift.Last != nil || shift.Title != "當值" {
		t.Errorf("%+v", all)
	}
	if report.Day != 3 || report.Next == nil || report.Next.UTC().Format(time.DateTime) != "2026-11-03 00:00:00" ||
		round.Next == nil || round.Overdue {
		t.Errorf("the next times: %+v, %+v", report, round)
	}
	if some := list("chan"); len(some) != 1 || some["round"].Procedure == "" {
		t.Errorf("the manager of one procedure sees %+v", some)
	}
	if some := list("so"); len(some) != 0 {
		t.Errorf("the gate sees %+v", some)
	}
	w.clock.move(23 * time.Hour)
	w.eventuallyBegun("round", "day", "2026-11-03")
	w.eventually("the last time is told", func(context.Context) bool {
		round = list("ann")["round"]
		return round.Last != nil && round.Last.Equal(*report.Next) && round.Next.Sub(*round.Last) == 24*time.Hour
	})
}
