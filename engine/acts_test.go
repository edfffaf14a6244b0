package engine_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
)

func TestErrandFromStartToEnd(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "errand", `{"what": "取鎖匙", "phone": "6666"}`)
	if began.Number != "CS2026-001" || began.Status != "running" || len(began.Tasks) != 0 {
		t.Fatalf("started %+v", began)
	}
	w.complete("so", "do", "redo", `{}`)
	done := w.complete("li", "do", "fine", `{"note": "取到"}`)
	if done.Status != "running" || done.Number != began.Number {
		t.Fatalf("done %+v", done)
	}
	done = w.complete("lam", "check", "", "")
	if done.Status != "finished" || done.Outcome != "good" {
		t.Fatalf("done %+v", done)
	}
	_, err := w.Complete(t.Context(), as("lam"), began.Case+".1", engine.CompleteRequest{})
	wantCode(t, err, string(core.CaseEnded))
}

func TestNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	w := open(t)
	const starts = 60
	var wg sync.WaitGroup
	numbers := make(chan string, starts)
	for range starts {
		wg.Go(func() {
			out, err := w.Start(t.Context(), as("chan"), engine.StartRequest{
				Procedure: "errand", Values: json.RawMessage(`{"what": "x"}`),
			})
			if err != nil {
				t.Error(err)
			}
			numbers <- out.Number
		})
	}
	wg.Wait()
	close(numbers)
	seen := map[string]bool{}
	for n := range numbers {
		seen[n] = true
	}
	if len(seen) != starts || !seen["CS2026-001"] || !seen["CS2026-060"] {
		t.Fatalf("%d numbers: %v", len(seen), seen)
	}
}

func TestOneOfManyWinsTheClaim(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "errand", `{"what": "x"}`)
	task := w.task("so", "do")
	won := race(func(i int) error {
		_, err := w.Claim(t.Context(), as([]string{"so", "li"}[i%2]), task.ID)
		return err
	})
	// Each person's repeated claim of what he holds is no error: either so or li won, with all his tries.
	if won != racers/2 {
		t.Fatalf("%d claims succeeded", won)
	}
}

func TestOneOfManyWinsTheCompletion(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "errand", `{"what": "x"}`)
	task := w.task("so", "do")
	won := race(func(i int) error {
		_, err := w.Complete(t.Context(), as([]string{"so", "li"}[i%2]), task.ID, engine.CompleteRequest{Answer: "fine"})
		return err
	})
	if won != 1 {
		t.Fatalf("%d completions succeeded", won)
	}
	answers := 0
	for _, e := range w.history("ann", began.Case) {
		if e.Kind == "answered" {
			answers++
		}
	}
	if answers != 1 {
		t.Fatalf("%d answers in the history", answers)
	}
}

const racers = 20

func race(act func(i int) error) int {
	var wg sync.WaitGroup
	errs := make([]error, racers)
	for i := range racers {
		wg.Go(func() { errs[i] = act(i) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		}
	}
	return won
}

func TestTheSameKeyGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	w := open(t)
	start := engine.StartRequest{Procedure: "errand", Values: json.RawMessage(`{"what": "x"}`), Key: "k1"}
	first, err := w.Start(t.Context(), as("chan"), start)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.Start(t.Context(), as("chan"), start)
	if err != nil || !reflect.DeepEqual(first, again) {
		t.Fatalf("again %+v, %v; first %+v", again, err, first)
	}
	other := start
	other.Values = json.RawMessage(`{"what": "y"}`)
	_, err = w.Start(t.Context(), as("chan"), other)
	wantCode(t, err, engine.CodeKeyReused)
	mine, err := w.Start(t.Context(), as("wong"), start)
	if err != nil || mine.Case == first.Case {
		t.Fatalf("another person's key is another key: %+v, %v", mine, err)
	}

	task := w.task("so", "do")
	do := engine.CompleteRequest{Answer: "fine", Key: "k2"}
	done, err := w.Complete(t.Context(), as("so"), task.ID, do)
	if err != nil {
		t.Fatal(err)
	}
	doneAgain, err := w.Complete(t.Context(), as("so"), task.ID, do)
	if err != nil || !reflect.DeepEqual(done, doneAgain) {
		t.Fatalf("again %+v, %v", doneAgain, err)
	}
	do.Answer = "redo"
	_, err = w.Complete(t.Context(), as("so"), task.ID, do)
	wantCode(t, err, engine.CodeKeyReused)
	do.Key = ""
	_, err = w.Complete(t.Context(), as("so"), task.ID, do)
	wantCode(t, err, string(core.NotOpen)) // so did the step, so the case is not hidden from him
	_, err = w.Complete(t.Context(), as("fong"), task.ID, do)
	wantCode(t, err, engine.CodeNotFound)
}

func TestWrongValuesNameTheirFields(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, c := range []struct{ values, path, code string }{
		{`{}`, "what", "required"},
		{`{"what": 5}`, "what", "type"},
		{`{"what": "x", "note": "y"}`, "note", "not-in-form"},
		{`{"what": "x", "nothing": "y"}`, "nothing", "unknown"},
	} {
		_, err := w.Start(t.Context(), as("chan"), engine.StartRequest{
			Procedure: "errand", Values: json.RawMessage(c.values),
		})
		wantCode(t, err, string(core.Invalid))
		if text := err.Error(); !strings.Contains(text, "["+c.path+" "+c.code+"]") {
			t.Errorf("%s: %s", c.values, text)
		}
	}
}

func TestAFailedCheckSaysItsSentence(t *testing.T) {
	t.Parallel()
	w := open(t)
	_, err := w.Start(t.Context(), as("chan"), engine.StartRequest{
		Procedure: "errand", Values: json.RawMessage(`{"what": "禁品"}`),
	})
	var own *engine.Error
	if !errors.As(err, &own) || own.Code != string(core.CheckFailed) || own.Say != "不受理" {
		t.Fatalf("%v", err)
	}
}

func TestDraftsAreTheirHoldersAndGoWithTheTask(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "errand", `{"what": "x"}`)
	task := w.task("so", "do")
	if err := w.SaveDraft(t.Context(), as("so"), task.ID, json.RawMessage(`{"note":"半"}`)); err != nil {
		t.Fatal(err)
	}
	view, err := w.Task(t.Context(), as("so"), "", task.ID)
	if err != nil || string(view.Draft) != `{"note":"半"}` || view.Holder != "so" || !view.May {
		t.Fatalf("view %+v, %v", view, err)
	}
	others, err := w.Task(t.Context(), as("li"), "", task.ID)
	if err != nil || others.Draft != nil || others.May || others.WhyNot != string(core.HeldByOther) {
		t.Fatalf("another's view %+v, %v", others, err)
	}
	if _, err := w.Release(t.Context(), as("so"), task.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.Release(t.Context(), as("so"), task.ID)
	wantCode(t, err, string(core.NotHeld))
	wantCode(t, w.SaveDraft(t.Context(), as("so"), task.ID, json.RawMessage(`[]`)), string(core.Invalid))
}

func TestCancelNeedsAStandingInTheCase(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "errand", `{"what": "x"}`)
	_, err := w.Cancel(t.Context(), as("wong"), began.Case, engine.CancelRequest{Reason: "不要了"})
	wantCode(t, err, engine.CodeNotFound)
	_, err = w.Cancel(t.Context(), as("so"), began.Case, engine.CancelRequest{Reason: "不要了"})
	wantCode(t, err, string(core.NotAllowed))
	done, err := w.Cancel(t.Context(), as("chan"), began.Case, engine.CancelRequest{Reason: "不要了"})
	if err != nil || done.Status != "cancelled" {
		t.Fatalf("%+v, %v", done, err)
	}
	_, err = w.Cancel(t.Context(), as("chan"), began.Case, engine.CancelRequest{Reason: "不要了"})
	wantCode(t, err, string(core.CaseEnded))
}

func (w *world) history(person, id string) []engine.EventView {
	w.t.Helper()
	out, err := w.History(w.t.Context(), as(person), "", id, 0, 200)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestAMessageWithAKeyGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	w := open(t)
	began, err := w.Start(t.Context(), as("chan"), engine.StartRequest{
		Procedure: "errand", Values: json.RawMessage(`{"what": "x"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	m := engine.MessageRequest{Case: began.Case, Name: "leave-it", Once: "k1"}
	done, err := w.Send(t.Context(), as("chan"), m)
	if err != nil || done.Outcome != "dropped" {
		t.Fatalf("%+v, %v", done, err)
	}
	again, err := w.Send(t.Context(), as("chan"), m) // the case has ended by it
	if err != nil || !reflect.DeepEqual(done, again) {
		t.Fatalf("again %+v, %v", again, err)
	}
	m.Once = ""
	_, err = w.Send(t.Context(), as("chan"), m)
	wantCode(t, err, string(core.CaseEnded))
}

// A message by hand that is kept while its case is suspended comes, when it is resumed, with what was filled in.
func TestAKeptMessageIsWhole(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "parcel", `{"code": "D1"}`)
	if _, err := w.Suspend(t.Context(), as("lam"), began.Case, engine.SuspendRequest{}); err != nil {
		t.Fatal(err)
	}
	message := engine.MessageRequest{Case: began.Case, Name: "arrived", Values: json.RawMessage(`{}`)}
	_, err := w.Send(t.Context(), as("so"), message) // who may send it without seeing the case is told what is wrong
	wantCode(t, err, string(core.Invalid))
	message.Values = json.RawMessage(`{"from": "店"}`)
	if _, err := w.Send(t.Context(), as("so"), message); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Resume(t.Context(), as("lam"), began.Case, engine.SuspendRequest{}); err != nil {
		t.Fatal(err)
	}
	view, err := w.Task(t.Context(), as("chan"), "", w.task("chan", "fetch").ID)
	if err != nil || len(view.Show) != 1 || view.Show[0].Text != "店" {
		t.Errorf("%+v, %v", view.Show, err)
	}
}
