package core_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// kindsOfSteps are the works of the step `do`, one of each kind that the language has; the acts are done to it.
// What it fills in is the row's, where it stands in one: @.
var kindsOfSteps = []kindOfStep{
	{"task", &definitions.Task{}, "task: {by: b, transfer: [b, c], delegate: c, add_signer: c}, compensate: mend"},
	{
		"signed", &definitions.Task{},
		"task: {by: [b, c], sign: all, transfer: [b, c], delegate: c, add_signer: c, remove_signer: b}, " +
			"then: {approved: after, rejected: after}",
	},
	{"wait", &definitions.Wait{}, "wait: {rung: {message: ring}}"},
	{"call", &definitions.Call{}, "call: {procedure: u}, compensate: mend"},
	{"request", &definitions.Request{}, "request: {to: ledger, path: /x}, compensate: mend"},
	{"job", &definitions.Job{}, "job: {kind: dig}, compensate: mend"},
	{"steps", &definitions.Block{}, "steps: [{step: inner, title: 內, task: {by: b}}]"},
	{
		"for_each", &definitions.Multi{},
		"for_each: {in: others, add: {by: boss, form: [other.name]}, finish: boss, rest: cancel}, " +
			"steps: [{step: inner, title: 內, task: {by: b}}]",
	},
	{"repeat", &definitions.Repeat{},
		"repeat: {until: n < 1000 || finished >= 9, steps: [{step: inner, title: 內, task: {by: b}}]}"},
	{"set", &definitions.Set{}, "set: {@level: 2}"},
	{"decide", &definitions.Decide{}, "decide: {inputs: [n], outputs: [@level], rows: [['-', 1]]}"},
	{"junction", &definitions.Junction{}, "choose: all"},
}

type kindOfStep struct {
	name string
	work definitions.Work
	yaml string
}

// passes tells whether a step of the kind is never open, so that nothing can be done to it.
func (k kindOfStep) passes() bool {
	return slices.Contains([]string{"set", "decide", "junction"}, k.name)
}

// placesOfSteps are where a step may stand: what is around `before`, `do` and `after`, which come in the place of %s.
var placesOfSteps = []struct{ name, yaml, then string }{
	{"list", "%s", "close"},
	{"branch", `  - {step: s, title: 分, choose: all, then: [before, beside]}
  - {step: beside, title: 旁, task: {by: a}, then: j}
%s  - {step: j, title: 會, join: all, then: close}
`, "j"},
	{"block", around + "    steps:\n%s    then: close\n", "done"},
	{"row", around + "    for_each: {in: units}\n    steps:\n%s    then: close\n", "done"},
	{
		"row of rows one by one",
		around + "    for_each: {in: units, order: one-by-one}\n    steps:\n%s    then: close\n", "done",
	},
	{"round", around + "    repeat:\n      until: n < 1000 || finished >= 9\n      steps:\n%s    then: close\n", "done"},
	{"block in a row in a branch", `  - {step: s, title: 分, choose: all, then: [around, beside]}
  - {step: beside, title: 旁, task: {by: a}, then: j}
  - step: around
    title: 圍
    for_each: {in: units}
    steps:
      - step: within
        title: 圍
        steps:
%s    then: j
  - {step: j, title: 會, join: all, then: close}
`, "done"},
}

const around = "  - step: around\n    title: 圍\n"

const everywhereHead = `procedure: t
title: 試
number: 'T{yyyy}-{n:3}'
manager: boss
data:
  units: {title: 戶, each: unit, min: 1, rows: {name: {title: 名, type: text}, level: {title: 級, type: count}}}
  others: {title: 他, each: other, min: 1, rows: {name: {title: 名, type: text}}}
  n: {title: 數, type: count}
  level: {title: 級, type: count}
start: {by: a, form: [units.name, others.name, n]}
revoke: {until: close}
messages: {ring: {title: 鈴, by: b}, halt: {title: 停, by: b}}
steps:
  - {step: first, title: 始, task: {by: a, recall: true}}
`

const everywhereTail = `  - {step: close, title: 結, task: {by: a}, then: done}
`

const everywhereCalled = `---
procedure: u
title: 被叫
number: 'U{yyyy}-{n:3}'
manager: boss
start: {by: a}
steps: [{step: say, title: 說, task: {by: a}}]
`

// everywhereText is the procedure in which a kind of step stands in a place.
func everywhereText(kind, place int) string {
	k, at := kindsOfSteps[kind], placesOfSteps[place]
	indent := "  "
	if i := strings.Index(at.yaml, "steps:\n%s"); i >= 0 {
		line := at.yaml[strings.LastIndex(at.yaml[:i], "\n")+1 : i]
		indent = strings.Repeat(" ", len(line)+2)
	}
	of, then := "", ""
	if strings.Contains(at.yaml, "for_each") {
		of = "unit."
	}
	if !strings.Contains(k.yaml, "then:") {
		then = ", then: after"
	}
	if !k.passes() {
		then += ", events: {message: halt, to: after}"
	}
	lines := []string{
		"{step: before, title: 前, task: {by: a, recall: true}, then: do}",
		"{step: do, title: 做, " + strings.ReplaceAll(k.yaml, "@", of) + then + "}",
		"{step: after, title: 後, task: {by: a, recall: true}, then: " + at.then + "}",
	}
	if strings.Contains(k.yaml, "compensate") {
		lines = append(lines, "{step: mend, title: 補, task: {by: c}}")
	}
	var steps strings.Builder
	for _, line := range lines {
		steps.WriteString(indent + "- " + line + "\n")
	}
	return everywhereHead + fmt.Sprintf(at.yaml, steps.String()) + everywhereTail + everywhereCalled
}

// walker is a case on its way through such a procedure.
type walker struct {
	p   *definitions.Procedure
	s   *core.State
	now time.Time
	seq int
	of  *value.Person // whom the actor stands in for
	// lastOf is the task by which a step was done last.
	lastOf map[string]core.ID
}

func newWalker(t *testing.T, p *definitions.Procedure) *walker {
	t.Helper()
	w := &walker{
		p: p, s: core.New("test", "k1"), now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), lastOf: map[string]core.ID{},
	}
	given, faults := value.DecodeRecord(core.FormFields(p, p.Starts[0].Form), []byte(
		`{"units": [{"name": "x"}, {"name": "y"}], "others": [{"name": "p"}, {"name": "q"}], "n": 1}`), p.Office.Zone, nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	_, r := w.step(core.Start{Starter: someone("a1"), Values: given})
	if r != nil {
		t.Fatal(r)
	}
	return w
}

// step moves the case, or tells why not; a preview is told as what came of it would be.
func (w *walker) step(in core.Input) (string, *core.Rejection) {
	next := w.s.Clone()
	out := w.stepOn(next, in)
	if out.Rejection != nil {
		return "refused " + string(out.Rejection.Code), out.Rejection
	}
	if out.Preview != nil {
		return w.previewed(out.Preview), nil
	}
	came := w.came(next, out)
	w.s = next
	return came, nil
}

func (w *walker) stepOn(s *core.State, in core.Input) core.Outcome {
	return core.Step(w.p, s, in, core.Context{Now: w.now, Staff: team{}, Series: map[string]int64{}, For: w.of})
}

// came tells what people see of what has happened.
func (w *walker) came(after *core.State, out core.Outcome) string {
	var lines [7][]string
	for _, e := range out.Events {
		switch e := e.(type) {
		case core.Moved:
			if e.Why == core.TakenBack && e.To == core.Withdrawn {
				lines[1] = append(lines[1], w.doneInside(e.Act)...)
			}
			i := slices.Index([]core.ActState{core.Withdrawn, core.Undone}, e.To)
			at, run := w.s, runOfID(w.s, e.Act)
			if run == nil && e.To == core.Undone { // it had ended, and is opened again
				at, run = after, runOfID(after, e.Act)
			}
			if i >= 0 && run != nil && w.shown(at, run) {
				lines[i] = append(lines[i], w.run(at, run))
			}
		case core.Answered:
			w.lastOf[runOfID(w.s, e.Act).Step] = e.Slot
		case core.Detoured:
			lines[2] = append(lines[2], w.run(w.s, runOfID(w.s, e.Act)))
		case core.UndoBegan:
			for _, id := range e.Undo.Left {
				for _, u := range w.s.Undoable {
					if u.Act == id {
						lines[3] = append(lines[3], rowed(u.Step, u.Row))
					}
				}
			}
		case core.Opened:
			if a := runOfID(after, e.Act); a != nil && !a.State.Over() && a.Undo == nil && w.shown(after, a) {
				lines[5] = append(lines[5], w.run(after, a))
			}
		default:
		}
	}
	for _, e := range out.Effects {
		if e, ok := e.(core.CancelCase); ok {
			lines[4] = append(lines[4], "case "+e.Case)
		}
	}
	then := w.compensated(after)
	for _, a := range then.Acts {
		opened := runOfID(after, a.ID)
		if a.ID > w.s.Counter && !a.State.Over() && (opened == nil || opened.Undo != nil) && w.shown(then, a) {
			lines[6] = append(lines[6], w.run(then, a))
		}
	}
	if after.Status == core.Suspended && w.s.Status == core.Running {
		return "suspended"
	}
	return told(lines, then.Status == core.Finished || then.Status == core.Cancelled)
}

// doneInside lists what was done in an activation that has not ended, the latest first.
func (w *walker) doneInside(owner core.ID) []string {
	var out []string
	for _, a := range slices.Backward(w.s.Acts) {
		inside := slices.ContainsFunc(w.s.Frames, func(f *core.Frame) bool { return f.Owner == owner && f.ID == a.Frame })
		if inside && a.State == core.Done && w.shown(w.s, a) {
			out = append(out, w.run(w.s, a))
		}
	}
	return out
}

// compensated is the case after all is done that an act has begun to compensate.
func (w *walker) compensated(after *core.State) *core.State {
	then := &walker{p: w.p, s: after, now: w.now}
	undoes := func(a *core.Activation) bool {
		return a.State == core.Open && slices.ContainsFunc(then.s.Frames, func(f *core.Frame) bool {
			return f.ID == a.Frame && f.Undoes != nil && f.Undoes.Act <= w.s.Counter
		})
	}
	for {
		i := slices.IndexFunc(then.s.Acts, undoes)
		if i < 0 {
			return then.s
		}
		next := then.s.Clone()
		if out := then.stepOn(next, then.inputs(then.s.Acts[i])[0]); out.Rejection != nil {
			panic(out.Rejection)
		}
		then.s = next
	}
}

func (w *walker) previewed(p *core.Preview) string {
	var lines [7][]string
	for i, runs := range [][]core.Run{p.Withdrawn, p.Undone, p.Parked, p.Compensated, nil, p.Opened, p.Later} {
		for _, r := range runs {
			lines[i] = append(lines[i], rowed(r.Step, r.Row))
		}
	}
	for _, x := range p.Cancelled {
		lines[4] = append(lines[4], "case "+x)
	}
	return told(lines, p.Ends)
}

func told(lines [7][]string, ends bool) string {
	var out []string
	for i, what := range []string{"withdrawn", "undone", "parked", "to compensate", "to stop", "opened", "then"} {
		if len(lines[i]) > 0 {
			out = append(out, what+" "+strings.Join(lines[i], " "))
		}
	}
	if ends {
		out = append(out, "ended")
	}
	if len(out) == 0 {
		return "done"
	}
	return strings.Join(out, "; ")
}

func rowed(step string, row int) string {
	if row < 0 {
		return step
	}
	return fmt.Sprintf("%s[%d]", step, row)
}

func (w *walker) run(s *core.State, a *core.Activation) string {
	r := core.RunOf(w.p, s, a)
	return rowed(r.Step, r.Row)
}

// shown tells whether people know of a run: those of junctions and computations pass unseen.
func (w *walker) shown(s *core.State, a *core.Activation) bool {
	st := core.StepOf(w.p, s, a.ID)
	return a.Frame != 0 && st != nil && !slices.Contains([]string{"*definitions.Set", "*definitions.Decide",
		"*definitions.Junction"}, reflect.TypeOf(st.Work).String())
}

func runOfID(s *core.State, id core.ID) *core.Activation {
	for _, a := range s.Acts {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// open is the youngest run of a step that is under way; nil = none.
func (w *walker) open(step string) *core.Activation {
	for _, a := range slices.Backward(w.s.Acts) {
		if a.Step == step && !a.State.Over() {
			return a
		}
	}
	return nil
}

// slot is the first task of a step that somebody can do.
func (w *walker) slot(step string) core.ID {
	if a := w.open(step); a != nil {
		for _, s := range a.Slots {
			if s.State.Open() {
				return s.ID
			}
		}
	}
	return -1
}

// reach does whatever is open, the youngest first and nothing beside, until a step is open; "" = until the case ends.
func (w *walker) reach(step string) bool {
	for range 200 {
		if step != "" && w.open(step) != nil && w.open(step).State != core.Done {
			return true
		}
		if w.s.Status != core.Running || !w.goOn(step) {
			break
		}
	}
	return step == "" && w.s.Status != core.Running
}

// goOn does one thing that is open.
func (w *walker) goOn(target string) bool {
	for _, a := range slices.Backward(w.s.Acts) {
		if a.State != core.Open || a.Step == "beside" && target != "" && target != "close" {
			continue
		}
		for _, in := range w.inputs(a) {
			if _, r := w.step(in); r == nil {
				return true
			}
		}
	}
	return false
}

// inputs are what may move an open step on.
func (w *walker) inputs(a *core.Activation) []core.Input {
	switch core.StepOf(w.p, w.s, a.ID).Work.(type) {
	case *definitions.Task:
		var out []core.Input
		for _, s := range a.Slots {
			if !s.State.Open() {
				continue
			}
			for _, who := range workersOf(s) {
				for _, answer := range []string{w.answer(a.Step, 0), "approved"} { // who is asked first approves in any case
					out = append(out, core.Complete{Actor: who, Slot: s.ID, Answer: answer})
				}
			}
		}
		return out
	case *definitions.Wait:
		w.seq++
		b, _ := team{}.Person("b1")
		return []core.Input{core.Deliver{ID: strconv.Itoa(w.seq), Name: "ring", Sender: &b}}
	case *definitions.Call:
		return []core.Input{core.ChildEnded{Act: a.ID, Case: a.Called, Outcome: "done", Data: value.Record{}}}
	case *definitions.Request:
		return []core.Input{core.JobDone{Job: a.Job, Given: 1, Status: 200, Answer: []byte("{}")}}
	case *definitions.Job:
		return []core.Input{core.JobDone{Job: a.Job, Given: 1, Worker: "w", Answer: []byte("{}")}}
	}
	return nil
}

// workersOf are those who can do the task of a slot: who has it, else all to whom it is offered.
func workersOf(s *core.Slot) []value.Person {
	if id := s.Worker(); id != "" {
		return []value.Person{*someone(id)}
	}
	var out []value.Person
	for _, c := range s.Candidates {
		if c.Person != "" {
			out = append(out, *someone(c.Person))
		} else {
			out = append(out, team{}.Holders(c.Post)...)
		}
	}
	return out
}

// answer is one of those to which a step can come; "" = it comes to one thing only.
func (w *walker) answer(step string, i int) string {
	st := core.StepOf(w.p, w.s, w.open(step).ID)
	if i < len(st.Outcomes) {
		return st.Outcomes[i].ID
	}
	return ""
}
