package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine"
)

// everyActYAML has a place for every act that people of an office do on a task or a case.
const everyActYAML = `procedure: every
title: 各項
number: 'GX{yyyy}-{n:3}'
manager: boss
data:
  parts: {title: 各項, each: part, rows: {name: {title: 名稱, type: text}, fine: {title: 合格, type: yes-no}}}
messages: {halt: {title: 叫停, by: desk}, never: {title: 無用, by: gate}, keep: {title: 便條, by: desk, keep: 1h}}
start: {by: desk, form: [parts.name], optional: [parts.name]}
revoke: {until: sign}
ends: {good: 同意, bad: 不同意, halted: {title: 叫停, cancels: all}}
events: [{message: halt, to: halted}]
steps:
  - {step: draft, title: 擬, task: {by: gate, recall: true}, choose: all, then: [sign, left, right, each]}
  - step: sign
    title: 會簽
    task: {by: [gate, books], sign: all, transfer: true, delegate: true, add_signer: true, remove_signer: gate}
    then: {approved: sum, rejected: bad}
  - {step: left, title: 左, exclusive: desk, task: {by: gate}, then: all}
  - {step: right, title: 右, exclusive: desk, task: {by: [gate, desk]}, then: all}
  - step: each
    title: 逐項
    for_each: {in: parts, add: {by: boss, form: [part.name]}, finish: boss}
    task: {by: gate, show: [part.name], form: [part.fine]}
    then: all
  - {step: sum, title: 計, task: {by: '=filter(everyone(), .name == "nobody")', nobody: incident}, then: all}
  - {step: all, title: 齊, join: all, task: {by: boss}, then: good}
`

// situation is how far a case has come.
type situation struct {
	name string
	lead func(w *walk)
}

func situations() []situation {
	drafted := func(w *walk) { w.does("so", "draft", "complete") }
	after := func(more ...func(*walk)) func(*walk) {
		return func(w *walk) {
			drafted(w)
			for _, f := range more {
				f(w)
			}
		}
	}
	act := func(who, step, act string) func(*walk) { return func(w *walk) { w.does(who, step, act) } }
	return []situation{
		{"begun", func(*walk) {}},
		{"taken", act("so", "draft", "claim")},
		{"drafted", drafted},
		{"signing", after(act("so", "sign", "claim"))},
		{"signed by one", after(act("so", "sign", "complete"))},
		{"asked before", after(act("so", "sign", "claim"), act("so", "sign", "add-before"))},
		{"delegated", after(act("so", "sign", "claim"), act("so", "sign", "delegate"))},
		{"excluded", after(act("so", "left", "start"))},
		{"stuck", after(act("so", "sign", "complete"), act("fong", "sign", "complete"))},
		{"stuck, and suspended", after(
			act("so", "sign", "complete"), act("fong", "sign", "complete"), act("lam", "", "suspend"),
		)},
		{"urged", after(act("so", "", "urge"), act("li", "", "urge"), act("lam", "", "urge"))},
		{"suspended", after(act("lam", "", "suspend"))},
		{"ended", after(act("lam", "", "cancel"))},
	}
}

// walk is one case on which acts are tried.
type walk struct {
	*world
	id string
}

func (w *world) walkTo(s situation) *walk {
	w.t.Helper()
	out := &walk{world: w, id: w.begin("chan", "every", `{"parts": [{"name": "一"}, {"name": "二"}]}`).Case}
	s.lead(out)
	return out
}

// tasks are the open tasks of the case; who has no place in it has none.
func (w *walk) view(who string) (engine.CaseView, bool) {
	v, err := w.Case(w.t.Context(), as(who), "", w.id)
	return v, err == nil
}

// does an act that must be accepted, on the first task of a step that the person can do it with.
func (w *walk) does(who, step, act string) {
	w.t.Helper()
	if step == "" {
		if err := w.try(who, "", engine.ActView{Act: act}); err != nil {
			w.t.Fatalf("%s may not %s: %v", who, act, err)
		}
		return
	}
	v, _ := w.view("ann")
	for _, line := range v.Open {
		task, err := w.Task(w.t.Context(), as(who), "", line.ID)
		if err != nil || line.Step != step {
			continue
		}
		if slices.ContainsFunc(task.Acts, func(a engine.ActView) bool { return a.Act == act && a.May }) {
			if err := w.try(who, line.ID, engine.ActView{Act: act}); err != nil {
				w.t.Fatalf("%s does not %s %s: %v", who, act, step, err)
			}
			return
		}
	}
	w.t.Fatalf("nowhere may %s %s %s: %+v", who, act, step, v.Open)
}

// try does an act, with what it needs beside.
func (w *walk) try(who, task string, a engine.ActView) error {
	w.t.Helper()
	ctx, by := w.t.Context(), as(who)
	on, _ := strconv.ParseInt(a.On, 10, 64) // 0 where it is none
	say := engine.SayRequest{Case: w.id, Text: "話", To: []string{"wong"}}
	var err error
	switch a.Act {
	case "claim":
		_, err = w.Claim(ctx, by, task)
	case "release":
		_, err = w.Release(ctx, by, task)
	case "start":
		_, err = w.StartWork(ctx, by, task)
	case "draft":
		err = w.SaveDraft(ctx, by, task, json.RawMessage(`{}`))
	case "complete":
		_, err = w.Complete(ctx, by, task, w.filled(who, task))
	case "transfer":
		_, err = w.Transfer(ctx, by, task, engine.TransferRequest{To: w.another(task, "chan")})
	case "delegate":
		_, err = w.Delegate(ctx, by, task, engine.DelegateRequest{To: w.another(task, "wong")})
	case "add-before", "add-after", "add-beside":
		_, place, _ := strings.Cut(a.Act, "-")
		_, err = w.AddSigners(ctx, by, task, engine.SignersRequest{Place: place, People: []string{"wong"}})
	case "remove-signer":
		_, err = w.RemoveSigner(ctx, by, task, engine.RemoveRequest{Signer: w.removable(who, task)})
	case "return":
		_, err = w.Return(ctx, by, task, engine.ReturnRequest{To: "draft", Reason: "再看"})
	case "recall":
		_, err = w.Recall(ctx, by, a.On, engine.RecallRequest{})
	case "revoke":
		_, err = w.Revoke(ctx, by, w.id, engine.RevokeRequest{})
	case "cancel":
		_, err = w.Cancel(ctx, by, w.id, engine.CancelRequest{Reason: "不要了"})
	case "suspend":
		_, err = w.Suspend(ctx, by, w.id, engine.SuspendRequest{})
	case "resume":
		_, err = w.Resume(ctx, by, w.id, engine.SuspendRequest{})
	case "jump":
		_, err = w.Jump(ctx, by, w.id, engine.JumpRequest{Leave: w.running(), To: "draft", Reason: "重來"})
	case "skip":
		_, err = w.SkipStep(ctx, by, w.id, engine.SkipRequest{Act: on, Answer: map[string]string{"會簽": "approved"}[a.Title]})
	case "retry":
		_, err = w.Retry(ctx, by, w.id, on)
	case "urge":
		_, err = w.Urge(ctx, by, say)
	case "copy":
		_, err = w.CopyCase(ctx, by, say)
	case "comment":
		_, err = w.Comment(ctx, by, say)
	case "send":
		_, err = w.Send(ctx, by, engine.MessageRequest{Case: w.id, Name: a.On})
	case "add-row":
		values := json.RawMessage(`{"part": {"name": "三"}}`)
		_, err = w.AddRow(ctx, by, w.id, engine.RowRequest{Act: on, Values: values})
	case "finish-rows":
		_, err = w.FinishRows(ctx, by, w.id, engine.RowRequest{Act: on})
	default:
		w.t.Fatalf("an act that nobody knows how to do: %s", a.Act)
	}
	return err
}

// filled is an answer that a task takes.
func (w *walk) filled(who, task string) engine.CompleteRequest {
	out := engine.CompleteRequest{}
	view, err := w.Task(w.t.Context(), as(who), "", task)
	if err != nil {
		return out
	}
	if len(view.Answers) > 0 {
		out.Answer = view.Answers[0].ID
	}
	if view.Step == "each" {
		out.Values = json.RawMessage(`{"part": {"fine": true}}`)
	}
	return out
}

// another is somebody whom a task may go to; sign goes to anybody.
func (w *walk) another(task, anybody string) string {
	view, err := w.Task(w.t.Context(), as("ann"), "", task)
	if err == nil && view.Step == "sign" {
		return anybody
	}
	return "li"
}

// removable is a signer whom the person may take out; else any.
func (w *walk) removable(who, task string) string {
	view, err := w.Task(w.t.Context(), as(who), "", task)
	if err != nil || len(view.Signers) == 0 {
		return task
	}
	for _, s := range view.Signers {
		if s.Remove {
			return s.Task
		}
	}
	for _, s := range slices.Backward(view.Signers) {
		if s.State != "answered" {
			return s.Task
		}
	}
	return task
}

func (w *walk) running() []int64 {
	view, _ := w.view("ann")
	out := []int64{1}
	if len(view.Running) > 0 {
		out = nil
	}
	for _, run := range view.Running {
		if run.Row == 0 { // what is inside goes with what is around it
			out = append(out, run.Act)
		}
	}
	return out
}

// everyAct are the acts of the query; each must be met as allowed and as refused.
var everyAct = strings.Fields(`claim release start draft complete transfer delegate add-before add-after add-beside
	remove-signer return recall revoke cancel suspend resume jump skip retry urge copy comment send add-row finish-rows`)

// TestWhatMayBeDone walks all acts, by everybody, wherever a case may stand: what the query allows is accepted, and
// what it refuses is refused with that very reason.
func TestWhatMayBeDone(t *testing.T) {
	t.Parallel()
	w := open(t)
	files := officeWith("every.yaml", everyActYAML)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), files))
	met := map[string]bool{}
	for _, s := range situations() {
		for _, who := range []string{"chan", "so", "li", "fong", "lam", "ann"} {
			at := w.walkTo(s)
			asked := at.asked(who)
			for _, task := range slices.Sorted(maps.Keys(asked)) {
				for _, a := range asked[task] {
					met[fmt.Sprint(a.Act, " ", a.May)] = true
					at.holds(t, s, who, task, a)
				}
			}
		}
	}
	for _, act := range everyAct {
		if !met[act+" true"] || !met[act+" false"] && !slices.Contains([]string{"copy", "comment"}, act) {
			t.Errorf("%s is not met both as allowed and as refused", act)
		}
	}
}

// asked is what the query tells a person: of the case under "", and of each task that is shown to him.
func (w *walk) asked(who string) map[string][]engine.ActView {
	out := map[string][]engine.ActView{}
	v, ok := w.view(who)
	if !ok {
		return out
	}
	out[""] = v.Acts
	all, _ := w.view("ann")
	for _, line := range all.Open {
		if task, err := w.Task(w.t.Context(), as(who), "", line.ID); err == nil {
			if !slices.ContainsFunc(task.Acts, func(a engine.ActView) bool { return a.Act == "complete" && a.May == task.May }) {
				w.t.Errorf("%s: the task says otherwise than its acts whether %s may complete it", line.Step, who)
			}
			out[line.ID] = slices.DeleteFunc(task.Acts, func(a engine.ActView) bool {
				return slices.ContainsFunc(v.Acts,
					func(b engine.ActView) bool { return a.Act == b.Act && a.On == b.On })
			})
		}
	}
	return out
}

// holds does what the query tells of: on the case itself what is refused, on another one that stands like it the rest.
func (w *walk) holds(t *testing.T, s situation, who, task string, a engine.ActView) {
	t.Helper()
	at := w
	if a.May {
		at = w.walkTo(s)
		task = strings.Replace(task, w.id, at.id, 1)
		a.On = strings.Replace(a.On, w.id, at.id, 1)
	}
	err := at.try(who, task, a)
	switch code := engine.CodeOf(err); {
	case a.May && err != nil:
		t.Errorf("%s: %s may %s %s %s, and is refused: %v", s.name, who, a.Act, a.On, a.Title, err)
	case !a.May && code != a.WhyNot && !(a.WhyNot == "already-done" && err == nil):
		t.Errorf("%s: %s may not %s %s %s since %s, and it came to %v", s.name, who, a.Act, a.On, a.Title, a.WhyNot, err)
	}
}
