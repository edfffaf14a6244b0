package engine_test

import (
	"encoding/json"
	"testing"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
)

// TestAnAnswerIsForeseen: what an answer to a task would come to is told to who may give it, and nothing changes.
func TestAnAnswerIsForeseen(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.deploy(`procedure: leave
title: T
data: {why: {title: Why, type: text}}
start: {by: desk}
steps:
  - {step: write, title: Write, task: {by: desk}, then: pay}
  - {step: pay, title: Pay, task: {by: desk}, compensate: refund, then: look}
  - step: look
    title: Look
    task: {by: boss, answers: {approved: Yes, rejected: No}, form: [why]}
    then: {approved: end, rejected: {return: write}}
  - {step: end, title: End, task: {by: desk}}
  - {step: refund, title: Refund, task: {by: gate}}
`)
	began := w.begin("chan", "leave", "")
	w.complete("chan", "write", "", "")
	w.complete("chan", "pay", "", "")
	task := w.task("lam", "look").ID
	ask := engine.CompleteRequest{Answer: "rejected", Values: json.RawMessage(`{"why": "x"}`), Dry: true, Key: "k"}
	done, err := w.Complete(t.Context(), as("lam"), task, ask)
	if err != nil || done.Preview == nil {
		t.Fatal(done, err)
	}
	p := done.Preview
	if len(p.Undone) != 3 || len(p.Compensated) != 1 || p.Compensated[0].Title != "Pay" || len(p.Opened) != 1 ||
		p.Opened[0].Title != "Refund" || len(p.Later) != 1 || p.Later[0].Title != "Write" || p.Ends {
		t.Errorf("%+v", p)
	}
	_, err = w.Complete(t.Context(), as("lam"), task, engine.CompleteRequest{Answer: "rejected", Dry: true})
	wantCode(t, err, string(core.Invalid))
	_, err = w.Complete(t.Context(), as("so"), task, ask)
	wantCode(t, err, engine.CodeNotFound)
	_, err = w.Complete(t.Context(), as("chan"), task, ask) // he sees the case, and may not do this
	wantCode(t, err, string(core.NotACandidate))
	if now := w.task("lam", "look"); now.ID != task || now.Holder != "" {
		t.Errorf("what is only asked about has changed it: %+v", now)
	}
	ask.Dry = false // also under the same key: nothing was answered yet
	done, err = w.Complete(t.Context(), as("lam"), task, ask)
	if err != nil || done.Case != began.Case || done.Preview != nil {
		t.Fatal(done, err)
	}
	w.complete("so", "refund", "", "")
}
