package definitions

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/report"
)

const playOffice = `
office: small
title: small
language: en
zone: Asia/Shanghai
posts: {clerk: Clerk, boss: Boss}
units: {east: East}
`

const playProcedure = `
procedure: trip
title: Trip
data:
  who:   {title: Who, type: person}
  days:  {title: Days, type: count}
  fee:   {title: Fee, type: money}
  phone: {title: Phone, type: phone}
  sure:  {title: Sure, type: yes-no}
  bill:  {title: Bill, type: file}
  tags:  {title: Tags, type: texts}
  place: {title: Place, fields: {town: {title: Town, type: text}, zip: {title: Zip, type: text}}}
  legs:  {title: Legs, each: leg, rows: {from: {title: From, type: text}, km: {title: Km, type: count}}}
messages:
  halt: {title: Halt, by: clerk}
start: {by: clerk, form: [days]}
events: {message: halt, to: stopped}
ends: {approved: Approved, stopped: {title: Stopped, cancels: all}}
documents: {slip: {title: Slip, body: x}}
steps:
  - step: judge
    title: Judge
    task: {by: boss, answers: {yes-please: Yes}}
    then: {yes-please: sub}
    issues: slip
  - step: sub
    title: Sub
    call: {procedure: errand}
    then: {done: go}
  - step: go
    title: Go
    task: {by: boss}
    then: approved
---
procedure: errand
title: Errand
data:
  found: {title: Found, type: count}
start: {by: clerk}
steps:
  - step: walk
    title: Walk
    task: {by: clerk}
`

const playHead = "scenarios: trip\nbegin: '2026-11-02 09:00'\n" +
	"staff: {an: clerk, bo: {name: Bo, posts: [boss, clerk], unit: east}}\n" +
	"samples: {two: {days: 2, place.town: X}}\nplays:\n"

func compilePlays(text string) (*Bundle, []report.Problem) {
	return Compile([]File{
		{Name: "office.yaml", Text: []byte(playOffice)}, {Name: "trip.yaml", Text: []byte(playProcedure)},
		{Name: "trip.scenarios.yaml", Text: []byte(text)},
	})
}

func readPlays(t *testing.T, text string) *Scenarios {
	t.Helper()
	b, problems := compilePlays(text)
	if report.Failed(problems) {
		t.Fatal(report.Render(problems, nil))
	}
	if len(b.Scenarios) != 1 {
		t.Fatalf("%d scenarios", len(b.Scenarios))
	}
	return b.Scenarios[0]
}

func TestReadScenarios(t *testing.T) {
	t.Parallel()
	s := readPlays(t, playHead+`
  - play: one
    rules: [trip.1, trip.2]
    acts:
      - {who: an, starts: trip, fill: [two, {days: 3, place: {zip: '0755'}}]}
      - {who: an, starts: trip, refused: required, says: no, at: days}
      - {who: bo, does: judge, answer: yes-please, row: 2}
      - {after: 1h30m}
      - {at: '2026-11-03 10:00'}
      - {called: sub, ends: done, gives: {found: 7}}
  - {play: two, from: one, acts: [{expect: {open: go, only: true, who_may: bo}}]}
`)
	begin := time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
	if s.Procedure.ID != "trip" || s.File != "trip.scenarios.yaml" || !s.Begin.Equal(begin) {
		t.Errorf("head: %s %s %s", s.Procedure.ID, s.File, s.Begin)
	}
	staff := []Player{{ID: "an", Name: "an", Posts: []string{"clerk"}},
		{ID: "bo", Name: "Bo", Posts: []string{"boss", "clerk"}, Unit: "east"}}
	if !reflect.DeepEqual(s.Staff, staff) {
		t.Errorf("staff %+v", s.Staff)
	}
	one, two := s.Plays[0], s.Plays[1]
	if one.Title != "one" || len(one.Rules) != 2 || two.From != one || one.Place.Line == 0 {
		t.Errorf("plays %+v %+v", one, two)
	}
	fill := map[string]any{"days": json.Number("3"), "place.town": "X", "place.zip": "0755"}
	want := []Act{
		{Who: "an", Verb: "starts", Target: "trip", Fill: fill},
		{Who: "an", Verb: "starts", Target: "trip", Refused: "required", Says: "no", At: "days"},
		{Who: "bo", Verb: "does", Target: "judge", Answer: "yes-please", Row: 2},
		{After: 90 * time.Minute},
		{Until: time.Date(2026, 11, 3, 2, 0, 0, 0, time.UTC)},
		{Called: &Called{Step: "sub", Ends: "done", Gives: map[string]any{"found": json.Number("7")}}},
	}
	if len(one.Acts) != len(want) {
		t.Fatalf("%d acts", len(one.Acts))
	}
	for i, a := range one.Acts {
		if a.Place.File != "trip.scenarios.yaml" || a.Place.Line == 0 {
			t.Errorf("act %d has no place", i)
		}
		got := *a
		got.Place = report.Place{}
		if !reflect.DeepEqual(got, want[i]) {
			t.Errorf("act %d:\n%+v\nwant\n%+v", i, got, want[i])
		}
	}
	x := two.Acts[0].Expect
	if x == nil || !x.Only || len(x.Open) != 1 || len(x.WhoMay) != 1 {
		t.Errorf("expect %+v", x)
	}
}

// Values keep what their field makes of them: an unquoted number is a text in a text field.
func TestScenarioValues(t *testing.T) {
	t.Parallel()
	s := readPlays(t, playHead+`
  - play: one
    acts:
      - {who: an, starts: trip, fill: {phone: 13800000000, fee: 10.50, sure: true, days: many, tags: x, who: an,
          bill: b.pdf, place: {zip: 0755}, legs: [{from: 12, km: 5}, {km: 6}], leg.km: 7}}
`)
	want := map[string]any{
		"phone": "13800000000", "fee": "10.50", "sure": true, "days": "many", "tags": []any{"x"}, "who": "an",
		"bill":      map[string]any{"id": "b.pdf", "name": "b.pdf", "type": "text/plain", "size": json.Number("1")},
		"place.zip": "0755", "leg.km": json.Number("7"),
		"legs": []any{map[string]any{"from": "12", "km": json.Number("5")}, map[string]any{"km": json.Number("6")}},
	}
	if got := s.Plays[0].Acts[0].Fill; !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

// Each mistake in a scenario is found at its place, and the nearest name is offered.
func TestScenarioMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, act, code, message, hint string }{
		{"player", "{who: ann, starts: trip}", "unknown-player", `"ann"`, "an?"},
		{"nobody", "{starts: trip}", "act", "nobody", "who:"},
		{"procedure", "{who: an, starts: trap}", "unknown-procedure", `"trap"`, "trip?"},
		{"step", "{who: an, does: gudge, answer: x}", "unknown-step", `"gudge"`, "judge?"},
		{"no task", "{who: an, does: sub}", "not-a-task", "sub", ""},
		{"answer", "{who: an, does: judge, answer: yes-pleas}", "unknown-answer", `"yes-pleas"`, "yes-please?"},
		{"no answer", "{who: an, does: judge}", "no-answer", "judge", "yes-please"},
		{"answer too many", "{who: an, does: go, answer: x}", "unknown-answer", "go has no answers", "leave it out"},
		{"message", "{who: an, sends: haltt}", "unknown-message", `"haltt"`, "halt?"},
		{"field", "{who: an, starts: trip, fill: {dayz: 1}}", "unknown-field", `"dayz"`, "days?"},
		{"record field", "{who: an, starts: trip, fill: {place: {twon: x}}}", "unknown-field", `"twon"`, "town?"},
		{"column", "{who: an, starts: trip, fill: {legs: [{form: x}]}}", "unknown-field", `"form"`, "from?"},
		{"sample", "{who: an, starts: trip, fill: too}", "unknown-sample", `"too"`, "two?"},
		{"refusal", "{who: an, starts: trip, refused: requierd}", "unknown-code", `"requierd"`, "required?"},
		{"says alone", "{who: an, starts: trip, says: x}", "act", "says belongs to a refusal", "refused:"},
		{"key of another act", "{who: an, does: go, gives: {days: 1}}", "act", "gives does not go with does", ""},
		{"nobody answers", "{who: an, after: 1h}", "act", "who does not go with after", ""},
		{"two deeds", "{who: an, starts: trip, does: go}", "act", "this one does 2", "one of"},
		{"no deed", "{who: an}", "act", "this one does 0", "one of"},
		{"call", "{called: judge, ends: done}", "not-a-call", "judge", ""},
		{"call's end", "{called: sub, ends: don}", "unknown-end", `"don"`, "done?"},
		{"no end", "{called: sub}", "act", "says how it ended", "ends:"},
		{"callee's field", "{called: sub, ends: done, gives: {fond: 1}}", "unknown-field",
			`errand has no field "fond"`, "found?"},
		{"span", "{after: soon}", "wrong-value", "soon", ""},
		{"moment", "{at: soon}", "type", "soon", ""},
		{"open", "{expect: {open: goo}}", "unknown-step", `"goo"`, "go?"},
		{"who may", "{expect: {open: [go, judge], who_may: an}}", "who-may", "2 open steps", "one step"},
		{"expected field", "{expect: {data: {dayz: 1}}}", "unknown-field", `"dayz"`, "days?"},
		{"empty field", "{expect: {empty: dayz}}", "unknown-field", `"dayz"`, "days?"},
		{"paper", "{expect: {issued: {slop: 1}}}", "unknown-document", `"slop"`, "slip?"},
		{"copied", "{expect: {copied: bos}}", "unknown-post", `"bos"`, "?"},
		{"register", "{expect: {registers: {lost: []}}}", "unknown-register", `"lost"`, ""},
		{"due of several", "{expect: {open: [go, judge], due: '2026-11-02 09:00'}}", "who-may", "2 open steps", "one step"},
		{"due", "{expect: {open: go, due: noon}}", "wrong-value", "noon is no moment", "2026-11-02 09:30"},
		{"ended", "{expect: {ended: approve}}", "unknown-end", `"approve"`, "approved?"},
		{"called", "{expect: {called: errant}}", "unknown-procedure", `"errant"`, "errand?"},
		{"times", "{expect: {times: {goo: 1}}}", "unknown-step", `"goo"`, "go?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := playHead + "  - play: one\n    acts:\n      - " + c.act + "\n"
			b, problems := compilePlays(text)
			mustFind(t, b, problems, 8, c.code, c.message, c.hint)
		})
	}
}

// mustFind wants an error on a line, and no bundle.
func mustFind(t *testing.T, b *Bundle, problems []report.Problem, line int, code, message, hint string) {
	t.Helper()
	if b != nil {
		t.Error("it compiles")
	}
	for _, p := range problems {
		if p.Code == code && p.File == "trip.scenarios.yaml" && p.Line == line && strings.Contains(p.Message, message) &&
			strings.Contains(p.Hint, hint) {
			return
		}
	}
	t.Errorf("want %s on line %d with %q, hint %q; found:\n%s", code, line, message, hint, report.Render(problems, nil))
}

func TestScenarioHeads(t *testing.T) {
	t.Parallel()
	const play = "plays: [{play: x, acts: [{after: 1h}]}]\n"
	for name, c := range map[string]struct {
		text                string
		line                int
		code, message, hint string
	}{
		"procedure": {"scenarios: tripp\nbegin: '2026-11-02 09:00'\nstaff: {an: clerk}\n" + play, 1,
			"unknown-procedure", `"tripp"`, "trip?"},
		"begin": {"scenarios: trip\nbegin: 'today'\nstaff: {an: clerk}\n" + play, 2, "type", "today", ""},
		"post": {"scenarios: trip\nbegin: '2026-11-02 09:00'\nstaff: {an: clark}\n" + play, 3,
			"unknown-post", `"clark"`, "clerk?"},
		"unit": {"scenarios: trip\nbegin: '2026-11-02 09:00'\nstaff: {an: {posts: clerk, unit: eats}}\n" + play, 3,
			"unknown-unit", `"eats"`, "east?"},
		"same title": {playHead + "  - {play: a, acts: [{after: 1h}]}\n  - {play: a, acts: [{after: 1h}]}\n", 7,
			"duplicate-play", "line 6", ""},
		"from later": {playHead + "  - {play: a, from: bb, acts: [{after: 1h}]}\n  - {play: bb, acts: [{after: 1h}]}\n", 6,
			"unknown-play", `"bb"`, ""},
		"from itself": {playHead + "  - {play: a, from: {play: a}, acts: [{after: 1h}]}\n", 6, "unknown-play", `"a"`, ""},
		"sample": {"scenarios: trip\nbegin: '2026-11-02 09:00'\nstaff: {an: clerk}\nsamples: {s: {dayz: 1}}\n" + play, 4,
			"unknown-field", `"dayz"`, "days?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, problems := compilePlays(c.text)
			mustFind(t, b, problems, c.line, c.code, c.message, c.hint)
		})
	}
}
