package sim_test

import (
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/sim"
)

const office = `
office: small
title: 小
language: zh-Hant
zone: Asia/Shanghai
posts: {clerk: 文員, boss: 主任}
`

const leave = `
procedure: leave
title: 請假
number: 'QJ{yyyy}-{n:2}'
data:
  days: {title: 日數, type: count, min: 1}
  why:  {title: 原因, type: note}
start: {by: clerk, form: [days]}
messages:
  drop: {title: 撤回, by: clerk}
events: {message: drop, to: dropped}
ends: {granted: 准, refused: 不准, dropped: {title: 撤回, cancels: all}}
documents:
  slip: {title: 假條, copies: boss, body: '{{days}}'}
registers:
  book: {title: 假條簿, columns: [case.number, days, why, case.state]}
steps:
  - step: judge
    title: 審批
    within: hours(1)
    task: {by: boss, form: [why], answers: {yea: 准, nay: 不准}}
    timeouts: {at: due, remind: boss}
    issues: {yea: slip}
    then: {yea: granted, nay: refused}
`

// compile makes a bundle of an office, a procedure and perhaps its scenarios.
func compile(t *testing.T, texts ...string) *definitions.Bundle {
	t.Helper()
	names := []string{"office.yaml", "p.yaml", "p.scenarios.yaml"}
	var files []definitions.File
	for i, text := range texts {
		files = append(files, definitions.File{Name: names[i], Text: []byte(text)})
	}
	b, problems := definitions.Compile(files)
	if report.Failed(problems) {
		t.Fatal(report.Render(problems, nil))
	}
	return b
}

// play runs one play of acts over the procedure leave and says how it failed.
func play(t *testing.T, acts string) string {
	t.Helper()
	text := "scenarios: leave\nbegin: '2026-11-02 09:00'\nstaff: {an: clerk, bo: boss, cy: boss, dan: clerk}\n" +
		"samples:\n  two: {days: 2}\nplays:\n  - play: p\n    acts:\n"
	for line := range strings.SplitSeq(strings.TrimSpace(acts), "\n") {
		text += "      - " + strings.TrimSpace(line) + "\n"
	}
	b := compile(t, office, leave, text)
	r := sim.Run(b, b.Scenarios[0], nil).Results[0]
	if r.Failure == nil {
		return ""
	}
	if r.Failure.Place.File != "p.scenarios.yaml" || r.Failure.Place.Line < 9 {
		t.Errorf("the failure has no place: %+v", r.Failure)
	}
	return "want " + r.Failure.Want + ", got " + r.Failure.Got
}

func TestPlays(t *testing.T) {
	t.Parallel()
	const begun = "{who: an, starts: leave, fill: two}\n"
	const granted = begun + "{who: bo, does: judge, answer: yea, fill: {why: 休息}}\n"
	for _, c := range []struct{ name, acts, want string }{
		{"all as it is", granted + "{expect: {ended: granted, issued: {slip: 1}, copied: [boss, cy], number: QJ2026-01, " +
			"data: {days: 2}, times: {judge: 1}, not_open: judge}}", ""},
		{"numbers count", begun + begun + "{expect: {number: QJ2026-01}}", ""},
		{"later values win", "{who: an, starts: leave, fill: [two, {days: 5}]}\n" +
			"{expect: {data: {days: 5}}}", ""},
		{"claim and release", begun + "{who: bo, claims: judge}\n" +
			"{who: cy, does: judge, answer: yea, refused: held-by-other}\n{who: cy, releases: judge, refused: not-held}\n" +
			"{who: bo, drafts: judge, fill: {why: x}}\n{who: bo, releases: judge}\n" +
			"{expect: {open: judge, who_may: [bo, cy]}}", ""},
		{"in another's stead", begun + "{who: an, does: judge, answer: yea, refused: not-a-candidate}\n" +
			"{who: an, does: judge, for: an, answer: yea, refused: not-a-candidate}\n" +
			"{who: an, claims: judge, for: bo}\n{who: cy, does: judge, answer: yea, refused: held-by-other}\n" +
			"{who: an, releases: judge, for: bo}\n" +
			"{who: an, does: judge, for: bo, answer: yea, fill: {why: 代}}\n{expect: {ended: granted}}", ""},
		{"a register", granted + begun + "{expect: {registers: {book: [{days: 2, state: finished}, {number: QJ2026-02, " +
			"state: running}]}}}", ""},
		{"until when", begun + "{expect: {open: judge, due: '2026-11-02 10:00'}}", ""},
		{"reminded", begun + "{after: 59m}\n{expect: {open: judge}}\n{at: '2026-11-02 10:00'}\n" +
			"{expect: {told: [boss, bo]}}", ""},
		{"cancelled", begun + "{who: an, cancels: leave}\n{who: an, sends: drop, refused: case-ended}", ""},
		{"cancelled by who may not", "{who: an, starts: leave, fill: two}\n{who: dan, cancels: leave, refused: not-allowed}",
			""},
		{"message", begun + "{who: bo, sends: drop, refused: not-allowed}\n{who: an, sends: drop}\n" +
			"{expect: {ended: dropped}}", ""},

		{"not refused", "{who: an, starts: leave, fill: two, refused: min}", "want refused: min, got accepted"},
		{"refused", "{who: bo, starts: leave, fill: two}", "want accepted, got refused: not-allowed"},
		{"refused otherwise", "{who: an, starts: leave, fill: {days: 0}, refused: required}",
			"want refused: required, got refused: invalid; days: min 1 (given days 0)"},
		{"refused elsewhere", "{who: an, starts: leave, refused: required, at: why}",
			"want refused: required at why, got refused: invalid; days: required"},
		{"wrong type", "{who: an, starts: leave, fill: {days: many}, refused: type, at: days}", ""},
		{"not ended", begun + "{expect: {ended: granted}}", "want ended: granted, got running, open: judge"},
		{"ended otherwise", granted + "{expect: {ended: refused}}", "want ended: refused, got ended: granted"},
		{"no longer running", granted + "{expect: {running: true}}", "want running, got ended: granted"},
		{"not open", granted + "{expect: {open: judge}}", "want judge open, got nothing open"},
		{"open", begun + "{expect: {not_open: judge}}", "want judge not open, got judge open"},
		{"more open", begun + "{expect: {open: [], only: true}}", "want only nothing open, got judge open"},
		{"who may", begun + "{expect: {open: judge, who_may: bo}}", "want judge for bo, got judge for bo, cy"},
		{"data", begun + "{expect: {data: {days: 3}}}", "want days = 3, got days = 2"},
		{"no data", begun + "{expect: {data: {why: x}}}", `want why = "x", got why = nothing`},
		{"not empty", begun + "{expect: {empty: days}}", "want days empty, got days = 2"},
		{"not issued", begun + "{expect: {issued: {slip: 1}}}", "want slip issued 1 times, got slip issued 0 times"},
		{"not copied", begun + "{expect: {copied: bo}}", "want a copy for bo, got copies for nobody"},
		{"not told", begun + "{expect: {told: bo}}", "want bo told, got told: nobody"},
		{"not called", begun + "{expect: {called: leave}}", "want leave called, got leave not called"},
		{"times", begun + "{expect: {times: {judge: 2}}}", "want judge 2 times, got judge 1 times"},
		{"register", begun + "{expect: {registers: {book: [{days: 3}]}}}", `want book = [{"days":3}], got book = [{` +
			`"number":"QJ2026-01","days":2,"state":"running"}]`},
		{"due", begun + "{expect: {open: judge, due: '2026-11-02 10:30'}}",
			"want judge due 2026-11-02 10:30, got judge due 2026-11-02 10:00"},
		{"number", begun + "{expect: {number: X}}", "want number X, got number QJ2026-01"},
		{"no case", "{expect: {running: true}}", "want a case, got none was started"},
		{"nothing to do", "{who: bo, does: judge, answer: yea}", "want accepted, got refused: not-open"},
		{"the past", begun + "{at: '2026-11-01 09:00'}",
			"want a moment still to come, got it is 2026-11-02 09:00:00 already"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := play(t, c.acts); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// A play tells what happened in lines that can be read, and one that goes on from a failed play says so.
func TestTrace(t *testing.T) {
	t.Parallel()
	b := compile(t, office, leave, `
scenarios: leave
begin: '2026-11-02 09:00'
staff: {an: clerk, bo: {name: 鮑, posts: [boss]}}
plays:
  - play: first
    acts:
      - {who: an, starts: leave, fill: {days: 2}}
      - {after: 1h}
      - {who: bo, does: judge, answer: nay, refused: required, at: why}
      - {who: bo, does: judge, answer: nay, fill: {why: 忙}}
      - {expect: {ended: granted}}
  - play: second
    from: first
    acts: [{expect: {ended: refused}}]
`)
	results := sim.Run(b, b.Scenarios[0], nil).Results
	want := `2026-11-02 09:00:00  C-1  an starts leave
    case QJ2026-01 · set days=2 · opened leave#1 · opened judge#3 · timer at 10:00:00 · opened for boss
2026-11-02 10:00:00  C-1  timer 4 is due
    reminded boss
2026-11-02 10:00:00  C-1  bo does judge nay  -> refused: invalid; why: required
2026-11-02 10:00:00  C-1  bo does judge nay
    answered nay · set why="忙" · result of judge#3 nay · reached refused · result of leave#1 refused · finished refused`
	if got := strings.Join(results[0].Trace, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	const base = "the play that it goes on from to hold: first"
	if f := results[1].Failure; f == nil || f.Want != base || len(results[1].Trace) > 0 {
		t.Errorf("the second play: %+v", results[1])
	}
}

// The act that a play failed at stands in its trace, also where no case saw it; a timer of another day has its date.
func TestTraceOfRefusals(t *testing.T) {
	t.Parallel()
	b := compile(t, office, strings.Replace(leave, "hours(1)", "days(1)", 1), `
scenarios: leave
begin: '2026-11-02 09:00'
staff: {an: clerk, bo: boss}
plays:
  - {play: not a number, acts: [{who: an, starts: leave, fill: {days: many}}]}
  - {play: too few, acts: [{who: an, starts: leave, fill: {days: 0}}]}
  - {play: nothing open, acts: [{who: an, starts: leave, fill: {days: 1}}, {who: an, sends: drop},
      {who: bo, does: judge, answer: yea}]}
`)
	results := sim.Run(b, b.Scenarios[0], nil).Results
	for i, want := range [][]string{
		{"2026-11-02 09:00:00  an starts leave  -> refused: invalid; days: type, want count (given days many)"},
		{"2026-11-02 09:00:00  C-1  an starts leave  -> refused: invalid; days: min 1"},
		{"set days=1", "timer at 2026-11-03 09:00:00", "bo does judge yea  -> refused: not-open (judge)"},
	} {
		got := strings.Join(results[i].Trace, "\n")
		for _, part := range want {
			if results[i].Failure == nil || !strings.Contains(got, part) {
				t.Errorf("%s: the trace lacks %q:\n%s\n%v", results[i].Play.Title, part, got, results[i].Failure)
			}
		}
	}
}

func TestCoverageNamesWhatIsMissed(t *testing.T) {
	t.Parallel()
	b := compile(t, office, leave, `
scenarios: leave
begin: '2026-11-02 09:00'
staff: {an: clerk, bo: boss}
plays:
  - play: granted
    acts:
      - {who: an, starts: leave, fill: {days: 2}}
      - {who: bo, does: judge, answer: yea, fill: {why: 休息}}
`)
	seen := sim.NewCoverage()
	sim.Run(b, b.Scenarios[0], seen)
	var got []string
	for _, u := range seen.Unreached(b.Procedures[0]) {
		if u.Place.File != "p.yaml" || u.Place.Line == 0 {
			t.Errorf("%s has no place", u)
		}
		got = append(got, u.Kind+" "+u.ID)
	}
	if want := "event leave, end refused, end dropped, timeout judge, way judge -> refused"; !same(got, want) {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
}

const trip = `
procedure: trip
title: 旅行
number: 'LX{yyyy}-{n:2}'
data:
  legs:
    title: 行程
    each: leg
    min: 1
    rows: {town: {title: 城, type: text}, ref: {title: 號, type: text}, plate: {title: 牌, type: text}}
start: {by: clerk, form: [legs.town]}
ends: {home: 回, lost: {title: 迷路, cancels: all, undo: all}}
steps:
  - step: book
    title: 訂
    for_each: {in: legs}
    steps:
      - step: room
        title: 房
        request: {to: hotel, path: '/{{leg.town}}', answer: {ref: {type: text}}, take: {leg.ref: answer.ref}}
        compensate: give-up
      - {step: give-up, title: 退房, request: {to: hotel, path: '/{{leg.town}}/{{leg.ref}}', method: DELETE}}
    events: [{error: failed, to: lost}]
  - step: ride
    title: 車
    for_each: {in: legs}
    call: {procedure: taxi, with: {town: leg.town}, take: {leg.plate: its.plate}}
    then: home
---
procedure: taxi
title: 車
number: 'C{yyyy}-{n:2}'
data: {town: {title: 城, type: text}, plate: {title: 牌, type: text}}
start: {form: [town]}
steps:
  - {step: go, title: 行, task: {by: boss, form: [plate]}}
`

const tripPlays = `
scenarios: trip
begin: '2026-11-02 09:00'
staff: {an: clerk, bo: boss}
plays:
  - play: there and back
    acts:
      - {who: an, starts: trip, fill: {legs: [{town: a}, {town: b}]}}
      - {answered: room, row: 3, gives: {ref: x}, refused: not-open}
      - {answered: room, row: 2, gives: {ref: B2}}
      - {answered: room, gives: {ref: A1}}
      - {expect: {data: {legs: [{ref: A1}, {ref: B2}]}}}
      - {called: ride, row: 2, ends: done, gives: {plate: BBB}}
      - {called: ride, row: 2, ends: done, gives: {plate: BBB}, refused: not-open}
      - {called: ride, row: 1, ends: done, gives: {plate: AAA}}
      - {expect: {ended: home, data: {legs: [{ref: A1, plate: AAA}, {ref: B2, plate: BBB}]}}}
  - play: no room in the first town
    acts:
      - {who: an, starts: trip, fill: {legs: [{town: a}, {town: b}]}}
      - {answered: room, row: 2, gives: {ref: B2}}
      - {failed: room, row: 1, final: true}
      - {expect: {open: [book, give-up], only: true}}
      - {answered: give-up}
      - {expect: {ended: lost}}
`

// TestPlaysOfRows: calls and machines are played for the row that is meant, and all that a play went through counts as
// seen: what undoes a step, and the event that takes an error, too.
func TestPlaysOfRows(t *testing.T) {
	t.Parallel()
	b := compile(t, office+"systems: {hotel: 酒店}\n", trip, tripPlays)
	seen := sim.NewCoverage()
	for _, r := range sim.Run(b, b.Scenarios[0], seen).Results {
		if r.Failure != nil {
			t.Errorf("%s: %v", r.Play.Title, r.Failure)
		}
	}
	if left := seen.Unreached(b.Procedure("trip")); len(left) != 0 {
		t.Errorf("not seen: %v", left)
	}
}

// same compares a list with a text, in any order.
func same(got []string, want string) bool {
	parts := strings.Split(want, ", ")
	if len(parts) != len(got) {
		return false
	}
	for _, p := range parts {
		if !strings.Contains(strings.Join(got, ", "), p) {
			return false
		}
	}
	return true
}

func TestAStuckCaseFailsItsPlay(t *testing.T) {
	t.Parallel()
	b := compile(t, office, "procedure: stuck\ntitle: 卡\nnumber: 'K{yyyy}-{n:2}'\nmanager: boss\n"+
		"data: {n: {title: 數, type: count}}\nstart: {by: clerk, form: [n]}\n"+
		"events: [{when: 10 / n > 4, also: tell}]\nsteps:\n"+
		"  - {step: one, title: 一, task: {by: clerk}, then: done}\n"+
		"  - {step: tell, title: 告, task: {by: boss}, then: stop}\n",
		"scenarios: stuck\nbegin: '2026-11-02 09:00'\nstaff: {an: clerk, bo: boss}\nplays:\n  - play: p\n    acts:\n"+
			"      - {who: an, starts: stuck, fill: {n: 0}}\n      - {expect: {running: true}}\n")
	f := sim.Run(b, b.Scenarios[0], nil).Results[0].Failure
	if f == nil || f.Want != "a case that goes on" || !strings.Contains(f.Got, "arithmetic") {
		t.Errorf("a case that is stuck passes: %+v", f)
	}
}
