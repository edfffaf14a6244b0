package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

func TestATimeoutTakesTheTaskAway(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "timed", "")
	w.task("so", "answer")
	w.clock.move(2*time.Minute + 59*time.Second)
	w.begin("chan", "timed", "") // something to do for the engine while nothing is due
	w.task("so", "answer")
	w.clock.move(time.Second)
	w.eventually("the stand-in is asked", w.hasTask("lam", "stand-in"))
	page, err := w.Inbox(t.Context(), as("so"), "", engine.InboxQuery{})
	if err != nil || len(page.Tasks) != 1 {
		t.Fatalf("the gate still has %+v, %v", page.Tasks, err)
	}
}

func TestOverdueTimersFireOnceInOrderAfterDowntime(t *testing.T) {
	t.Parallel()
	w := openFile(t)
	const cases = 40
	var ids []string
	for range cases {
		ids = append(ids, w.begin("chan", "timed", "").Case)
		w.clock.move(time.Second)
	}
	w.Close()
	w.clock.move(time.Hour)
	w.start()
	w.eventually("all have fired", func(ctx context.Context) bool {
		page, err := w.Inbox(ctx, as("lam"), "", engine.InboxQuery{Limit: 200})
		return err == nil && len(page.Tasks) == cases
	})
	type firing struct {
		id string
		at time.Time
	}
	var fired []firing
	for _, id := range ids {
		count := 0
		for _, e := range w.history("ann", id) {
			if e.Kind == "timer-cleared" {
				fired = append(fired, firing{id: id, at: e.At})
				count++
			}
		}
		if count != 1 {
			t.Errorf("case %s: fired %d times", id, count)
		}
	}
	if !slices.IsSortedFunc(fired, func(a, b firing) int { return a.at.Compare(b.at) }) {
		t.Error("not in the order in which they were due")
	}
	due, err := w.store.DueTimers(t.Context(), w.clock.Now(), 10)
	if err != nil || len(due) != 0 {
		t.Errorf("left over: %v, %v", due, err)
	}
}

func TestAMessageByKeyFindsItsCase(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "parcel", `{"code": "A1"}`)
	w.begin("chan", "parcel", `{"code": "B2"}`)
	msg := engine.MessageRequest{Name: "arrived", Key: "A1", ID: "m1", Values: json.RawMessage(`{"from": "店"}`)}
	_, err := w.Send(t.Context(), as("chan"), msg)
	wantCode(t, err, string(core.NotAllowed))
	done, err := w.Send(t.Context(), as("so"), msg)
	if err != nil || done.Case != began.Case {
		t.Fatalf("%+v, %v", done, err)
	}
	view, err := w.Task(t.Context(), as("chan"), "", w.task("chan", "fetch").ID)
	if err != nil || len(view.Show) != 1 || view.Show[0].Text != "店" {
		t.Fatalf("%+v, %v", view.Show, err)
	}
	msg.Key = "B2"
	_, err = w.Send(t.Context(), as("so"), msg)
	wantCode(t, err, string(core.Repeated))
	msg.Name = "nothing"
	_, err = w.Send(t.Context(), as("so"), msg)
	wantCode(t, err, string(core.UnknownName))
}

func TestAMessageThatCameTooEarlyIsKept(t *testing.T) {
	t.Parallel()
	w := open(t)
	msg := engine.MessageRequest{Name: "arrived", Key: "C3", ID: "m1", Values: json.RawMessage(`{"from": "店"}`)}
	done, err := w.Send(t.Context(), as("so"), msg)
	if err != nil || done.Status != "kept" || done.Case != "" {
		t.Fatalf("%+v, %v", done, err)
	}
	_, err = w.Send(t.Context(), as("so"), msg)
	wantCode(t, err, string(core.Repeated))
	msg.ID, msg.Values = "m2", json.RawMessage(`{"form": "店"}`)
	_, err = w.Send(t.Context(), as("so"), msg)
	wantCode(t, err, string(core.Invalid))

	began := w.begin("chan", "parcel", `{"code": "C3"}`)
	w.eventually("the kept message comes", w.hasTask("chan", "fetch"))
	w.begin("wong", "parcel", `{"code": "C3"}`)
	w.noLetters()
	page, err := w.Inbox(t.Context(), as("wong"), "", engine.InboxQuery{})
	if err != nil || len(page.Tasks) != 1 || page.Tasks[0].Case != began.Case {
		t.Fatalf("the message came twice: %+v, %v", page.Tasks, err)
	}
}

// What is kept by key while a case stands still is brought when it goes on.
func TestAMessageThatCameWhileTheCaseWasSuspendedIsKept(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "parcel", `{"code": "C4"}`)
	if _, err := w.Suspend(t.Context(), as("lam"), began.Case, engine.SuspendRequest{}); err != nil {
		t.Fatal(err)
	}
	msg := engine.MessageRequest{Name: "arrived", Key: "C4", ID: "m1", Values: json.RawMessage(`{"from": "店"}`)}
	if done, err := w.Send(t.Context(), as("so"), msg); err != nil || done.Status != "kept" {
		t.Fatalf("%+v, %v", done, err)
	}
	w.noLetters()
	if w.hasTask("chan", "fetch")(t.Context()) {
		t.Fatal("a suspended case took a message")
	}
	if _, err := w.Resume(t.Context(), as("lam"), began.Case, engine.SuspendRequest{}); err != nil {
		t.Fatal(err)
	}
	w.eventually("the kept message comes", w.hasTask("chan", "fetch"))
}

// noLetters waits until all letters are delivered.
func (w *world) noLetters() {
	w.t.Helper()
	w.eventually("all letters are delivered", func(ctx context.Context) bool {
		letters, err := w.store.Letters(ctx, 10)
		return err == nil && len(letters) == 0
	})
}

func TestACallRunsAsACaseOfItsOwn(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "order", `{"matter": "送文件"}`)
	w.eventually("the called case begins", w.hasTask("so", "do"))
	task := w.task("so", "do")
	if task.Case == began.Case || task.Procedure != "errand" {
		t.Fatalf("task %+v", task)
	}
	view, err := w.Case(t.Context(), as("lam"), "", task.Case)
	if err != nil || view.Parent != began.Case || view.Data[0].Text != "送文件" {
		t.Fatalf("%+v, %v", view, err)
	}
	caller, err := w.Case(t.Context(), as("chan"), "", began.Case)
	if err != nil || len(caller.Waits) != 1 || caller.Waits[0] != "差事辦理" || len(caller.Called) != 0 {
		t.Fatalf("caller %+v, %v", caller, err)
	}
	// Who has to do with both is led from the one to the other, and told who has it.
	if caller, err = w.Case(t.Context(), as("ann"), "", began.Case); err != nil || len(caller.Called) != 1 ||
		caller.Called[0].ID != task.Case || caller.Called[0].Open[0].ID != task.ID {
		t.Fatalf("caller %+v, %v", caller, err)
	}
	view, err = w.Case(t.Context(), as("ann"), "", task.Case)
	if err != nil || view.ParentNumber != caller.Number {
		t.Fatalf("%+v, %v", view, err)
	}
	w.toldBeside(began.Case, task.ID)
	w.complete("so", "do", "fine", `{"note": "已送"}`)
	w.complete("lam", "check", "", "")
	w.eventually("the caller goes on", w.hasTask("chan", "tell"))
	done := w.complete("wong", "tell", "", "")
	if done.Outcome != "ok" {
		t.Fatalf("%+v", done)
	}
	w.noLetters()
}

func TestWithdrawingACallCancelsItsCase(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "order", `{"matter": "送文件"}`)
	w.eventually("the called case begins", w.hasTask("so", "do"))
	child := w.task("so", "do").Case
	done, err := w.Send(t.Context(), as("chan"), engine.MessageRequest{Case: began.Case, Name: "recall"})
	if err != nil || done.Outcome != "recalled" {
		t.Fatalf("%+v, %v", done, err)
	}
	w.noLetters()
	view, err := w.Case(t.Context(), as("ann"), "", child)
	if err != nil || view.Status != "cancelled" || len(view.Open) != 0 {
		t.Fatalf("%+v, %v", view, err)
	}
}

// toldBeside: who looks at the calling case is told of what happens in the called one, which is shown there.
func (w *world) toldBeside(caller, task string) {
	w.t.Helper()
	watch, err := w.Watch(w.t.Context(), as("lam"), caller)
	if err != nil {
		w.t.Fatal(err)
	}
	defer watch.Close()
	if _, err := w.Claim(w.t.Context(), as("so"), task); err != nil {
		w.t.Fatal(err)
	}
	w.eventually("it is told", func(context.Context) bool {
		select {
		case m := <-watch.Moves:
			return m.Case == caller
		default:
			return false
		}
	})
}

func TestACalledCaseThatIsCancelledIsAnIncidentOfItsCaller(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "order", `{"matter": "送文件"}`)
	w.eventually("the called case begins", w.hasTask("so", "do"))
	child := w.task("so", "do").Case
	if _, err := w.Cancel(t.Context(), as("lam"), child, engine.CancelRequest{Reason: "不辦"}); err != nil {
		t.Fatal(err)
	}
	w.noLetters()
	view, err := w.Case(t.Context(), as("ann"), "", began.Case)
	if err != nil || len(view.Incidents) != 1 || view.Incidents[0].Step != "run" {
		t.Fatalf("%+v, %v", view.Incidents, err)
	}
	_, err = w.Retry(t.Context(), as("chan"), began.Case, view.Incidents[0].Act)
	wantCode(t, err, engine.CodeForbidden)
}

func TestACallThatIsRefusedIsAnIncidentOfItsCaller(t *testing.T) {
	t.Parallel()
	w := open(t)
	began := w.begin("chan", "order", `{"matter": "禁品"}`)
	w.noLetters()
	view, err := w.Case(t.Context(), as("ann"), "", began.Case)
	if err != nil || len(view.Incidents) != 1 || !strings.Contains(view.Incidents[0].Message, "不受理") {
		t.Fatalf("%+v, %v", view.Incidents, err)
	}
	cases, err := w.Cases(t.Context(), as("ann"), "", store.CaseQuery{})
	if err != nil || len(cases.Cases) != 1 {
		t.Fatalf("%+v, %v", cases, err)
	}
	done, err := w.Retry(t.Context(), as("ann"), began.Case, view.Incidents[0].Act)
	if err != nil || done.Status != "running" {
		t.Fatalf("%+v, %v", done, err)
	}
	w.noLetters()
}

func TestABrokenCaseHarmsNoOther(t *testing.T) {
	t.Parallel()
	w := openFile(t)
	bad := w.begin("chan", "timed", "")
	good := w.begin("chan", "timed", "")
	row, err := w.store.Case(t.Context(), "sun", bad.Case)
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	row.State = []byte(`{"broken`)
	results, err := w.store.Commit(t.Context(), []store.Change{{Office: "sun", Case: row}})
	if err != nil || results[0] != store.Applied {
		t.Fatalf("%v, %v", results, err)
	}
	w.start()
	_, err = w.Cancel(t.Context(), as("ann"), bad.Case, engine.CancelRequest{Reason: "壞了"})
	wantCode(t, err, string(core.CaseFrozen))
	w.clock.move(time.Hour)
	w.eventually("the other's timer fires", w.hasTask("lam", "stand-in"))
	if w.task("lam", "stand-in").Case != good.Case {
		t.Fatal("another case's task")
	}
	w.begin("chan", "errand", `{"what": "x"}`)
	w.task("so", "do")
}

func TestACaseThatBreaksIsFrozen(t *testing.T) {
	t.Parallel()
	w := openFile(t)
	began := w.begin("chan", "errand", `{"what": "x"}`)
	w.task("so", "do")
	row, err := w.store.Case(t.Context(), "sun", began.Case)
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	row.State = dangling(t, row.State)
	if _, err := w.store.Commit(t.Context(), []store.Change{{Office: "sun", Case: row}}); err != nil {
		t.Fatal(err)
	}
	w.start()
	task := w.task("so", "do")
	_, err = w.Complete(t.Context(), as("so"), task.ID, engine.CompleteRequest{Answer: "fine"})
	wantCode(t, err, engine.CodeInternal)
	view, err := w.Case(t.Context(), as("chan"), "", began.Case)
	if err != nil || view.Status != "frozen" {
		t.Fatalf("%+v, %v", view, err)
	}
	_, err = w.Complete(t.Context(), as("so"), task.ID, engine.CompleteRequest{Answer: "fine"})
	wantCode(t, err, string(core.CaseFrozen))
	events := w.history("chan", began.Case)
	if last := events[len(events)-1]; last.Kind != "ended" || last.Text != "「差事」已凍結，待檢修" {
		t.Fatalf("last event %+v", last)
	}
	w.begin("chan", "errand", `{"what": "y"}`)
}

// dangling puts a token into a state that stands in no frame.
func dangling(t *testing.T, state []byte) []byte {
	t.Helper()
	var s map[string]json.RawMessage
	if err := json.Unmarshal(state, &s); err != nil {
		t.Fatal(err)
	}
	for name := range s {
		if name == "Tokens" || name == "tokens" {
			s[name] = json.RawMessage(`[{"id": 1, "frame": 99, "to": "do"}]`)
		}
	}
	if _, ok := s["tokens"]; !ok {
		s["tokens"] = json.RawMessage(`[{"id": 1, "frame": 99, "to": "do"}]`)
	}
	out, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestManyCasesMoveAtOnce(t *testing.T) {
	t.Parallel()
	w := openFile(t)
	const each = 20
	won := race(func(i int) error {
		for n := range each {
			out, err := w.Start(t.Context(), as("chan"), engine.StartRequest{
				Procedure: "errand", Values: json.RawMessage(fmt.Sprintf(`{"what": "%d-%d"}`, i, n)),
			})
			if err != nil {
				return err
			}
			view, err := w.Case(t.Context(), as("chan"), "", out.Case)
			if err != nil || len(view.Open) != 1 {
				return fmt.Errorf("%+v, %w", view.Open, err)
			}
			if _, err = w.Complete(t.Context(), as("so"), view.Open[0].ID, engine.CompleteRequest{Answer: "fine"}); err != nil {
				return err
			}
		}
		return nil
	})
	if won != racers {
		t.Fatalf("%d of %d clients did all their work", won, racers)
	}
	page, err := w.Inbox(t.Context(), as("lam"), "", engine.InboxQuery{Limit: 1})
	if err != nil || page.Counts["boss"] != racers*each {
		t.Fatalf("counts %v, %v", page.Counts, err)
	}
}

func TestClosedEnginesRefuse(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Close()
	w.Close()
	_, err := w.Start(t.Context(), as("chan"), engine.StartRequest{
		Procedure: "errand", Values: json.RawMessage(`{"what": "x"}`),
	})
	wantCode(t, err, engine.CodeUnavailable)
}
