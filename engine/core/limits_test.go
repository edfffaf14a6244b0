package core_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine/core"
)

const manyRows = `procedure: t
title: 試
number: 'T{yyyy}-{n:3}'
manager: boss
data:
  parts:
    title: 部
    each: part
    rows: {name: {title: 名, type: text}, note: {title: 註, type: text}}
start: {by: a, form: [parts.name]}
steps:
  - step: each-one
    title: 逐一
    for_each: {in: parts}
    steps:
      - {step: mark, title: 註, set: {part.note: part.name}}
      - {step: once-more, title: 註, set: {part.note: part.name}}
  - {step: close, title: 結, task: {by: a}}
`

// TestTooManyMovesAreIncidents starts more than one Step may move: nothing is lost, and retries finish it.
func TestTooManyMovesAreIncidents(t *testing.T) {
	t.Parallel()
	s := newStory(t, manyRows)
	rows := make([]string, 240)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"name": "n%d"}`, i)
	}
	said := s.do(t, `start {"parts": [`+strings.Join(rows, ",")+`]}`)
	if !strings.Contains(said, "stuck: too-many-moves") {
		t.Fatal("240 rows were moved twice in one Step")
	}
	retries := 0
	for id := s.stuck(); id != 0; id = s.stuck() {
		retries++
		if out := core.Step(s.p, s.s, core.Retry{Act: id}, core.Context{Now: s.now, Staff: team{}}); out.Rejection != nil {
			t.Fatal(out.Rejection)
		}
	}
	if retries == 0 || s.act("close") == 0 {
		t.Fatalf("after %d retries the case has not gone on", retries)
	}
	for i := range rows {
		if want, got := fmt.Sprintf("n%d", i), s.s.Data["parts"].([]map[string]any)[i]["note"]; got != want {
			t.Fatalf("row %d holds %v, want %s", i, got, want)
		}
	}
}

// TestLargeTableBeginsInPortions runs more rows than one Step may begin: a timer that is due at once begins the rest.
func TestLargeTableBeginsInPortions(t *testing.T) {
	t.Parallel()
	twice := "      - {step: once-more, title: 註, set: {part.note: part.name}}\n"
	s := newStory(t, strings.Replace(manyRows, twice, "", 1))
	rows := make([]string, 600)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"name": "n%d"}`, i)
	}
	said := s.do(t, `start {"parts": [`+strings.Join(rows, ",")+`]}`)
	if said += s.pass(t, s.now); strings.Contains(said, "stuck") || s.act("close") == 0 {
		t.Fatalf("600 rows did not run: %.300s", said)
	}
	for i, row := range s.s.Data["parts"].([]map[string]any) {
		if want := fmt.Sprintf("n%d", i); row["note"] != want {
			t.Fatalf("row %d holds %v, want %s", i, row["note"], want)
		}
	}
	if got := strings.Count(said, "-> "); got != 0 {
		t.Fatalf("%d effects left the case", got)
	}
}

// stuck is the oldest activation with an incident; 0 if there is none.
func (s *story) stuck() core.ID {
	for _, a := range s.s.Acts {
		if a.Incident != nil {
			return a.ID
		}
	}
	return 0
}

const timed = `procedure: t
title: 試
number: 'T{yyyy}{mm}{dd}-{n:3}'
manager: boss
start: {by: a}
steps:
  - {step: one, title: 一, task: {by: a}, timeouts: {after: minutes(5), to: two}}
  - {step: two, title: 二, task: {by: a}}
`

// TestTimerIsNeverEarly refuses a timer whose time has not come, to the second.
func TestTimerIsNeverEarly(t *testing.T) {
	t.Parallel()
	s := newStory(t, timed)
	s.do(t, "start")
	timer := s.s.Acts[1].Timers[0]
	s.now = timer.At.Add(-time.Second)
	if got := s.step(t, core.Due{Timer: timer.ID}); got != "refused not-open\n" {
		t.Fatalf("a second before its time: %s", got)
	}
	s.now = timer.At
	if got := s.step(t, core.Due{Timer: timer.ID}); !strings.Contains(got, "opened two") {
		t.Fatalf("at its time: %s", got)
	}
	if got := s.step(t, core.Due{Timer: timer.ID}); got != "refused not-open\n" {
		t.Fatalf("a second time: %s", got)
	}
}

// TestNumbersFollowTheOfficesDay counts by the day of the office, not of the server.
func TestNumbersFollowTheOfficesDay(t *testing.T) {
	t.Parallel()
	s := newStory(t, timed)
	s.now = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC) // 01:00 of the next day in Shanghai
	s.series["T20261124-"] = 6
	if got := s.do(t, "start"); !strings.HasPrefix(got, "case T20261124-007\n") {
		t.Fatal(got)
	}
	if want := "T20261124-"; core.Numbers(s.p, s.now)[0] != want {
		t.Errorf("the series is %v, want %s", core.Numbers(s.p, s.now), want)
	}
}

// TestCallsAreNotEndless refuses a case that too many others have called one below the other.
func TestCallsAreNotEndless(t *testing.T) {
	t.Parallel()
	s := newStory(t, timed)
	if got := s.step(t, core.Start{Depth: 33}); got != "refused too-deep\n" {
		t.Fatal(got)
	}
	if got := s.step(t, core.Start{Depth: 32}); !strings.HasPrefix(got, "case ") {
		t.Fatal(got)
	}
}

// TestLifecycleHolds breaks the life of an activation by an event that no Step would emit.
func TestLifecycleHolds(t *testing.T) {
	t.Parallel()
	s := newStory(t, timed)
	s.do(t, "start")
	s.do(t, "one")
	for _, e := range []core.Event{
		core.Moved{Act: 3, To: core.Open},
		core.Resulted{Act: 3},
		core.Answered{Act: s.act("two"), Slot: s.slot("two") + 1},
	} {
		if err := broken(func() { core.Apply(s.p, s.s.Clone(), e) }); err == nil {
			t.Errorf("%s was applied to an activation that is done", e.Kind())
		}
	}
}

// broken runs work and gives the broken invariant that it panics with.
func broken(work func()) (err *core.Broken) {
	defer func() {
		if e, ok := recover().(error); ok && !errors.As(e, &err) {
			panic(e)
		}
	}()
	work()
	return nil
}

// mayStrand has a case without a way to its end once half was answered with nowhere.
const mayStrand = `procedure: t
title: 試
number: 'T{yyyy}-{n:3}'
manager: boss
start: {by: a}
steps:
  - {step: s, title: 分, choose: all, then: [half, rest]}
  - {step: half, title: 半, task: {by: a, answers: {well: 好, nowhere: 無}}, then: {well: j, nowhere: stop}}
  - {step: rest, title: 餘, task: {by: a}, then: more}
  - {step: more, title: 再, task: {by: a}, then: j}
  - {step: j, title: 合, join: {all: [half, more]}, task: {by: a}, then: z}
  - {step: z, title: 後, task: {by: a}, then: done}
`

// TestWhatIsNotKnownIsNotDead jumps in cases that can still end and that cannot, looking far ahead and not far enough.
func TestWhatIsNotKnownIsNotDead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		acts    []string
		leave   string
		to      string
		explore int
		want    core.Code
	}{
		"makes it worse":                 {[]string{"start"}, "half", "z", 0, core.WouldStrand},
		"makes it worse, not looked at":  {[]string{"start"}, "half", "z", 1, core.WouldStrand},
		"was dead before":                {[]string{"start", "half nowhere"}, "rest", "more", 0, ""},
		"was dead before, not looked at": {[]string{"start", "half nowhere"}, "rest", "more", 1, core.WouldStrand},
		"can end":                        {[]string{"start", "half well"}, "rest", "more", 0, ""},
	} {
		s := newStory(t, mayStrand)
		for _, act := range c.acts {
			s.do(t, act)
		}
		in := core.Jump{Actor: *someone("boss1"), Acts: []core.ID{s.act(c.leave)}, To: c.to}
		out := core.Step(s.p, s.s.Clone(), in, core.Context{Now: s.now, Staff: departed{}, Explore: c.explore})
		got := core.Code("")
		if out.Rejection != nil {
			got = out.Rejection.Code
		}
		if got != c.want {
			t.Errorf("%s: %q, it should be %q", name, got, c.want)
		}
	}
}

// TestAClockThatIsAlwaysOverIsAnIncident goes round without anybody who waits: it stands still after a while.
func TestAClockThatIsAlwaysOverIsAnIncident(t *testing.T) {
	t.Parallel()
	s := newStory(t, `procedure: t
title: 試
number: 'T{yyyy}-{n:3}'
manager: boss
data: {late: {title: 期, type: moment}}
start: {by: a, form: [late]}
steps:
  - {step: rest, title: 等, wait: {over: {at: late}}, then: again}
  - {step: again, title: 再, set: {late: late}, then: rest}
`)
	s.do(t, `start {"late": "2026-01-01T00:00:00Z"}`)
	for range 2_000 {
		a := s.s.Acts[len(s.s.Acts)-1]
		if a.Incident != nil {
			if a.Incident.Code != "too-many-moves" || a.Step != "rest" || a.N < 1_000 {
				t.Errorf("run %d of %s: %+v", a.N, a.Step, a.Incident)
			}
			return
		}
		core.Step(s.p, s.s, core.Due{Timer: a.Timers[0].ID}, core.Context{Now: s.now, Staff: team{}})
	}
	t.Error("it goes on for ever")
}
