package sim_test

import (
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

const replayOffice = `office: small
title: Small
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk, boss: Boss}
`

const replayHead = `procedure: leave
title: Leave
manager: boss
data: {days: {title: Days, type: count}, why: {title: Why, type: text}}
start: {by: desk, form: [days]}
ends: {given: Given, not: Not given}
steps:
`

const recordedSteps = `  - {step: ask, title: Ask, task: {by: desk, form: [why]}}
  - {step: sign, title: Sign, task: {by: boss, answers: {go: Go, bad: No}}, then: {go: given, bad: not}}
`

func leaveWith(t *testing.T, steps string) *definitions.Bundle {
	t.Helper()
	bundle, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(replayOffice)}, {Name: "leave.yaml", Text: []byte(replayHead + steps)},
	})
	if report.Failed(problems) {
		t.Fatal(problems)
	}
	return bundle
}

// recorded plays a case to its end and writes it down as a store would.
func recorded(t *testing.T) *sim.Recording {
	t.Helper()
	b := leaveWith(t, recordedSteps)
	players := []sim.Recorded{{ID: "chan", Name: "Chan", Posts: []string{"desk"}}, {ID: "lam", Name: "Lam",
		Posts: []string{"boss"}}}
	staff := make([]definitions.Player, len(players))
	for i, p := range players {
		staff[i] = definitions.Player{ID: p.ID, Name: p.Name, Posts: p.Posts}
	}
	w := sim.NewWorld(b, sim.NewPeople(b.Office, staff), time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	p := b.Procedures[0]
	rec := &sim.Recording{Office: "small", Procedure: "leave", People: players}
	one := sim.RecordedCase{Case: "c", Number: "L001"}
	w.Watch = func(_ *sim.Case, _ core.Input, out core.Outcome) {
		for _, e := range out.Events {
			raw, err := core.EncodeEvent(p, e)
			if err != nil {
				t.Fatal(err)
			}
			one.Events = append(one.Events, sim.RecordedEvent{At: w.Now, Kind: e.Kind(), Body: raw})
		}
	}
	chan1, _ := w.People.Person("chan")
	lam, _ := w.People.Person("lam")
	c, r, err := w.Start(p, core.Start{Starter: &chan1, Values: map[string]any{"days": int64(3)}})
	if r != nil || err != nil {
		t.Fatal(r, err)
	}
	for _, in := range []core.Complete{
		{Actor: chan1, Values: map[string]any{"why": "ill"}}, {Actor: lam, Answer: "go"},
	} {
		if err := w.PassTo(w.Now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		in.Slot = c.Tasks[0].Slot
		if r, err := w.Act(c, in); r != nil || err != nil {
			t.Fatal(r, err)
		}
	}
	one.Status, one.Outcome = c.State.Status, c.State.Outcome
	rec.Cases = append(rec.Cases, one)
	return rec
}

// TestWhatWouldHaveBecomeOfACase has a version for each fate of a recorded case.
func TestWhatWouldHaveBecomeOfACase(t *testing.T) {
	t.Parallel()
	rec := recorded(t)
	sign := "  - {step: sign, title: Sign, task: {by: boss, answers: {go: Go, bad: No}}, then: {go: given, bad: not}}\n"
	for name, x := range map[string]struct {
		steps string
		want  sim.Replayed
	}{
		"the same": {recordedSteps, sim.Replayed{Fate: sim.Likewise}},
		"a step between": {
			"  - {step: ask, title: Ask, task: {by: desk, form: [why]}}\n" +
				"  - {step: look, title: Look, task: {by: desk}}\n" + sign,
			sim.Replayed{Fate: sim.Otherwise, Step: "sign", Person: "Lam", Open: []string{"look"}},
		},
		"another person": {
			"  - {step: ask, title: Ask, task: {by: boss, form: [why]}}\n" + sign,
			sim.Replayed{Fate: sim.Refused, Step: "ask", Person: "Chan", Why: "not-a-candidate"},
		},
		"another end": {
			"  - {step: ask, title: Ask, task: {by: desk, form: [why]}}\n" +
				"  - {step: sign, title: Sign, task: {by: boss, answers: {go: Go, bad: No}}, then: {go: not, bad: given}}\n",
			sim.Replayed{Fate: sim.Otherwise, Why: "given", Where: "not"},
		},
		"one step more": {
			"  - {step: ask, title: Ask, task: {by: desk, form: [why]}}\n" +
				"  - {step: sign, title: Sign, task: {by: boss, answers: {go: Go, bad: No}}, then: {go: file, bad: not}}\n" +
				"  - {step: file, title: File, task: {by: desk}, then: given}\n",
			sim.Replayed{Fate: sim.Otherwise, Why: "given", Open: []string{"file"}},
		},
		"an incident": {
			"  - {step: ask, title: Ask, task: {by: desk, form: [why]}}\n" +
				"  - {step: sum, title: Sum, then: [{when: 10 / (days - 3) > 1, to: sign}, {else: given}]}\n" + sign,
			sim.Replayed{Fate: sim.GotStuck, Step: "ask", Person: "Chan", Where: "sum"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := sim.Replay(leaveWith(t, x.steps), rec)
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			got := list[0]
			same := len(got.Open) == len(x.want.Open) && (len(got.Open) == 0 || got.Open[0] == x.want.Open[0])
			why := got.Why == x.want.Why || x.want.Fate == sim.GotStuck && got.Why != ""
			if got.Fate != x.want.Fate || got.Step != x.want.Step || got.Person != x.want.Person || !same || !why ||
				got.Where != x.want.Where {
				t.Errorf("got %+v", got)
			}
		})
	}
}
