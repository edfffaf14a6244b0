package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
)

const machineOffice = officeYAML + "systems: {ledger: 總帳}\n"

// scanYAML has a job for a worker outside.
const scanYAML = `procedure: scan
title: 讀單
number: 'DD{yyyy}-{n:3}'
manager: boss
data:
  paper: {title: 單據, type: text}
  phone: {title: 電話, type: text, private: true}
  total: {title: 總額, type: money}
messages: {stop-it: {title: 作罷, by: desk}}
start: {by: desk, form: [paper, phone]}
ends: {found: 已讀, none: 無, bad: 不清楚, dropped: {title: 作罷, cancels: all}}
events: [{message: stop-it, to: dropped}]
steps:
  - step: read
    title: 讀取
    job:
      kind: read-paper
      with: {paper: paper, phone: phone}
      answer: {total: {title: 總額, type: money, min: 0}}
      take: {total: answer.total}
      outcomes: {found: 有, none: 無}
      errors: {unreadable: 不清楚}
      retry: {times: 2, first: 1m, most: 1m}
    events: {error: unreadable, to: bad}
    then: {found: found, none: none}
`

// openMachines is a world whose office has the procedures too, and a worker for them.
func openMachines(t *testing.T, w *world, files ...definitions.File) engine.Worker {
	t.Helper()
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), append([]definitions.File{
		{Name: "office.yaml", Text: []byte(machineOffice)}}, files...)))
	secret, err := w.PutWorker(t.Context(), as("ann"), engine.WorkerView{ID: "ocr", Title: "OCR",
		Kinds: []string{"read-paper"}})
	if err != nil {
		t.Fatal(err)
	}
	who, err := w.Worker(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

func scanFile() definitions.File { return definitions.File{Name: "scan.yaml", Text: []byte(scanYAML)} }

func (w *world) fetch(who engine.Worker, limit int) []engine.JobView {
	w.t.Helper()
	jobs, err := w.FetchJobs(w.t.Context(), who, engine.FetchRequest{Limit: limit, LockFor: time.Minute})
	if err != nil {
		w.t.Fatal(err)
	}
	return jobs
}

// status is where a case stands, and how it ended.
func (w *world) status(id string) string {
	w.t.Helper()
	row, err := w.store.Case(w.t.Context(), "sun", id)
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.TrimSpace(row.Status + " " + row.Outcome)
}

func TestAJobIsDoneByAWorker(t *testing.T) {
	t.Parallel()
	w := open(t)
	who := openMachines(t, w, scanFile())
	began := w.begin("chan", "scan", `{"paper": "A-1", "phone": "63636363"}`)
	jobs := w.fetch(who, 10)
	if len(jobs) != 1 || jobs[0].Kind != "read-paper" || jobs[0].Tries != 1 || jobs[0].Number != began.Number {
		t.Fatalf("fetched %+v", jobs)
	}
	if got := string(jobs[0].Values); got != `{"paper":"A-1","phone":"63636363"}` {
		t.Errorf("the worker is given %s", got)
	}
	if again := w.fetch(who, 10); len(again) != 0 {
		t.Fatalf("a job that one has is given to another: %+v", again)
	}
	id, fence := jobs[0].ID, jobs[0].Fence
	for _, wrong := range []struct{ outcome, values, code string }{
		{"found", `{"total": "ten"}`, string(core.Invalid)}, {"found", `{"total": "-1.00"}`, string(core.Invalid)},
		{"found", `{}`, string(core.Invalid)}, {"lost", `{"total": "1.00"}`, string(core.UnknownAnswer)},
	} {
		err := w.CompleteJob(t.Context(), who, id, fence, engine.JobAnswer{
			Outcome: wrong.outcome, Values: json.RawMessage(wrong.values)})
		wantCode(t, err, wrong.code)
		if own, ok := errors.AsType[*engine.Error](err); wrong.outcome == "lost" && (!ok || len(own.Fields) != 1 ||
			own.Fields[0].Path != "outcome" || own.Fields[0].Args["options"] != "found, none") {
			t.Errorf("it is not said what the outcome may be: %+v", own)
		}
	}
	until, err := w.HoldJob(t.Context(), who, id, fence, time.Hour)
	if err != nil || !until.Equal(w.clock.Now().Add(time.Hour)) {
		t.Fatalf("held until %v: %v", until, err)
	}
	answer := engine.JobAnswer{Outcome: "found", Values: json.RawMessage(`{"total": "25.00", "more": 1}`)}
	for range 2 { // the first confirmation may have been lost
		if err := w.CompleteJob(t.Context(), who, id, fence, answer); err != nil {
			t.Fatal(err)
		}
	}
	err = w.FailJob(t.Context(), who, id, fence, engine.JobFailure{Message: "no"})
	wantCode(t, err, engine.CodeWithdrawn)
	if got := w.status(began.Case); got != "finished found" {
		t.Errorf("the case is %s", got)
	}
	_, err = w.HoldJob(t.Context(), who, id, fence, time.Minute)
	wantCode(t, err, engine.CodeWithdrawn)
	told := strings.Join(w.told("zh-Hant", began.Case, true), "\n")
	if !strings.Contains(told, "讀取") || strings.Contains(told, "63636363") {
		t.Errorf("the story says\n%s", told)
	}
}

// TestALateAnswerIsRefused: the lock of one worker runs out, another gets the job under a higher number.
func TestALateAnswerIsRefused(t *testing.T) {
	t.Parallel()
	w := open(t)
	who := openMachines(t, w, scanFile())
	began := w.begin("chan", "scan", `{"paper": "A-1", "phone": "63636363"}`)
	first := w.fetch(who, 1)[0]
	w.clock.move(time.Minute)
	second := w.fetch(who, 1)[0]
	if second.ID != first.ID || second.Fence <= first.Fence || second.Tries != 2 {
		t.Fatalf("given out again as %+v after %+v", second, first)
	}
	found := engine.JobAnswer{Outcome: "found", Values: json.RawMessage(`{"total": "1.00"}`)}
	wantCode(t, w.CompleteJob(t.Context(), who, first.ID, first.Fence, found), engine.CodeLockLost)
	wantCode(t, w.FailJob(t.Context(), who, first.ID, first.Fence, engine.JobFailure{}), engine.CodeLockLost)
	_, err := w.HoldJob(t.Context(), who, first.ID, first.Fence, time.Minute)
	wantCode(t, err, engine.CodeLockLost)
	if err := w.CompleteJob(t.Context(), who, second.ID, second.Fence, engine.JobAnswer{
		Outcome: "none", Values: json.RawMessage(`{"total": "0.00"}`)}); err != nil {
		t.Fatal(err)
	}
	if got := w.status(began.Case); got != "finished none" {
		t.Errorf("the case is %s", got)
	}
	wantCode(t, w.CompleteJob(t.Context(), who, first.ID, first.Fence, found), engine.CodeWithdrawn)
}

// TestTwoWorkersRace: many jobs, two workers, none is done twice and none is left.
func TestTwoWorkersRace(t *testing.T) {
	t.Parallel()
	w := open(t)
	who := openMachines(t, w, scanFile())
	const n = 20
	for i := range n {
		w.begin("chan", "scan", fmt.Sprintf(`{"paper": "A-%d", "phone": "63636363"}`, i))
	}
	var mu sync.Mutex
	done := map[string]int{}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				jobs, err := w.FetchJobs(t.Context(), who, engine.FetchRequest{Limit: 3})
				if err != nil {
					t.Error(err)
				}
				if len(jobs) == 0 {
					return
				}
				for _, j := range jobs {
					if err := w.CompleteJob(t.Context(), who, j.ID, j.Fence, engine.JobAnswer{
						Outcome: "found", Values: json.RawMessage(`{"total": 5}`)}); err != nil {
						t.Error(err)
					}
					mu.Lock()
					done[j.ID]++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if len(done) != n {
		t.Errorf("%d jobs were done, want %d: %v", len(done), n, done)
	}
}

func TestAJobThatFailsIsTriedAgainAndGivenUp(t *testing.T) {
	t.Parallel()
	w := open(t)
	who := openMachines(t, w, scanFile())
	began := w.begin("chan", "scan", `{"paper": "A-1", "phone": "63636363"}`)
	for try := 1; try <= 3; try++ {
		jobs := w.fetch(who, 1)
		if len(jobs) != 1 || jobs[0].Tries != try {
			t.Fatalf("try %d is %+v", try, jobs)
		}
		failure := engine.JobFailure{Message: "no paper", RetryAfter: 5 * time.Minute}
		if err := w.FailJob(t.Context(), who, jobs[0].ID, jobs[0].Fence, failure); err != nil {
			t.Fatal(err)
		}
		_, err := w.HoldJob(t.Context(), who, jobs[0].ID, jobs[0].Fence, time.Second)
		if code := engine.CodeOf(err); code != engine.CodeLockLost && code != engine.CodeWithdrawn {
			t.Fatalf("whoever gave a job up could keep it: %v", err)
		}
		w.clock.move(5*time.Minute - time.Second)
		if early := w.fetch(who, 1); len(early) != 0 {
			t.Fatalf("given out before the time that the worker asked for: %+v", early)
		}
		w.clock.move(time.Second)
	}
	view, err := w.Case(t.Context(), as("ann"), "en", began.Case)
	if err != nil || len(view.Incidents) != 1 || view.Incidents[0].Code != core.JobFailure {
		t.Fatalf("incidents %+v: %v", view.Incidents, err)
	}
	if _, err := w.Retry(t.Context(), as("ann"), began.Case, view.Incidents[0].Act); err != nil {
		t.Fatal(err)
	}
	j := w.fetch(who, 1)[0]
	if err := w.FailJob(t.Context(), who, j.ID, j.Fence, engine.JobFailure{Error: "unreadable"}); err != nil {
		t.Fatal(err)
	}
	if got := w.status(began.Case); got != "finished bad" {
		t.Errorf("the case is %s", got)
	}
}

// TestAJobThatNobodyAnswersIsGivenUp: workers that die with it count like failures.
func TestAJobThatNobodyAnswersIsGivenUp(t *testing.T) {
	t.Parallel()
	w := open(t)
	who := openMachines(t, w, scanFile())
	began := w.begin("chan", "scan", `{"paper": "A-1", "phone": "63636363"}`)
	for range 3 {
		if jobs := w.fetch(who, 1); len(jobs) != 1 {
			t.Fatalf("fetched %+v", jobs)
		}
		w.clock.move(time.Minute)
	}
	if jobs := w.fetch(who, 1); len(jobs) != 0 {
		t.Fatalf("given out too often: %+v", jobs)
	}
	view, err := w.Case(t.Context(), as("ann"), "en", began.Case)
	if err != nil || len(view.Incidents) != 1 {
		t.Fatalf("incidents %+v: %v", view.Incidents, err)
	}
}

func TestAJobIsWithdrawnWithItsStep(t *testing.T) {
	t.Parallel()
	w := open(t)
	who := openMachines(t, w, scanFile())
	began := w.begin("chan", "scan", `{"paper": "A-1", "phone": "63636363"}`)
	j := w.fetch(who, 1)[0]
	if _, err := w.Send(t.Context(), as("chan"), engine.MessageRequest{Case: began.Case, Name: "stop-it"}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, w.CompleteJob(t.Context(), who, j.ID, j.Fence, engine.JobAnswer{Outcome: "none"}), engine.CodeWithdrawn)
	_, err := w.HoldJob(t.Context(), who, j.ID, j.Fence, time.Minute)
	wantCode(t, err, engine.CodeWithdrawn)
}

// TestASuspendedCaseGivesNobodyItsJob: whoever had it has lost it, and it is given out again when the case goes on.
func TestASuspendedCaseGivesNobodyItsJob(t *testing.T) {
	t.Parallel()
	w := open(t)
	who := openMachines(t, w, scanFile())
	began := w.begin("chan", "scan", `{"paper": "A-1", "phone": "63636363"}`)
	j := w.fetch(who, 1)[0]
	boss := as("lam")
	answer := engine.JobAnswer{Outcome: "found", Values: json.RawMessage(`{"total": "1.00"}`)}
	if _, err := w.Suspend(t.Context(), boss, began.Case, engine.SuspendRequest{}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, w.CompleteJob(t.Context(), who, j.ID, j.Fence, answer), engine.CodeLockLost)
	w.clock.move(24 * time.Hour)
	if jobs := w.fetch(who, 1); len(jobs) > 0 {
		t.Fatalf("a suspended case gives %+v out", jobs)
	}
	if _, err := w.Resume(t.Context(), boss, began.Case, engine.SuspendRequest{}); err != nil {
		t.Fatal(err)
	}
	jobs := w.fetch(who, 1)
	if len(jobs) != 1 || jobs[0].ID != j.ID || jobs[0].Fence <= j.Fence {
		t.Fatalf("a resumed case gives %+v out", jobs)
	}
	if err := w.CompleteJob(t.Context(), who, j.ID, jobs[0].Fence, answer); err != nil {
		t.Fatal(err)
	}
	if got := w.status(began.Case); got != "finished found" {
		t.Errorf("the case is %s", got)
	}
}

// TestAFetchWaitsForAJob: a worker that waits is woken by the commit that makes one.
func TestAFetchWaitsForAJob(t *testing.T) {
	t.Parallel()
	w := open(t)
	who := openMachines(t, w, scanFile())
	got := make(chan []engine.JobView, 1)
	var wg sync.WaitGroup
	wg.Go(func() {
		jobs, err := w.FetchJobs(t.Context(), who, engine.FetchRequest{Wait: time.Hour}) // the clock stands still
		if err != nil {
			t.Error(err)
		}
		got <- jobs
	})
	w.begin("chan", "scan", `{"paper": "A-1", "phone": "63636363"}`)
	if jobs := <-got; len(jobs) != 1 {
		t.Errorf("fetched %+v", jobs)
	}
	wg.Wait()
	ctx, leave := context.WithCancel(t.Context())
	leave()
	jobs, err := w.FetchJobs(ctx, who, engine.FetchRequest{Wait: time.Hour})
	if len(jobs) > 0 || err != nil && engine.CodeOf(err) != engine.CodeUnavailable {
		t.Errorf("who has left gets %v %v", jobs, err)
	}
}

func TestWorkersHaveTheRightsThatTheyWereGiven(t *testing.T) {
	t.Parallel()
	w := open(t)
	who := openMachines(t, w, scanFile())
	_, err := w.PutWorker(t.Context(), as("chan"), engine.WorkerView{ID: "x", Kinds: []string{"read-paper"}})
	wantCode(t, err, engine.CodeForbidden)
	for _, bad := range []engine.WorkerView{
		{ID: "x"}, {ID: "", Kinds: []string{"a"}}, {ID: "x", Kinds: []string{"@request"}}, {ID: "x", Kinds: []string{"a b"}},
	} {
		_, err := w.PutWorker(t.Context(), as("ann"), bad)
		wantCode(t, err, string(core.Invalid))
	}
	_, err = w.Worker(t.Context(), "gcw_guess")
	wantCode(t, err, engine.CodeNotSignedIn)
	_, err = w.FetchJobs(t.Context(), who, engine.FetchRequest{Kinds: []string{"mail"}})
	wantCode(t, err, engine.CodeForbidden)

	w.begin("chan", "scan", `{"paper": "A-1", "phone": "63636363"}`)
	j := w.fetch(who, 1)[0]
	secret, err := w.PutWorker(t.Context(), as("ann"), engine.WorkerView{ID: "mailer", Kinds: []string{"mail"}})
	if err != nil {
		t.Fatal(err)
	}
	mailer, err := w.Worker(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, w.CompleteJob(t.Context(), mailer, j.ID, j.Fence, engine.JobAnswer{}), engine.CodeWithdrawn)
	if list, err := w.Workers(t.Context(), as("ann")); err != nil || len(list) != 2 || list[0].ID != "mailer" {
		t.Errorf("workers %+v: %v", list, err)
	}
	if err := w.DropWorker(t.Context(), as("ann"), "mailer"); err != nil {
		t.Fatal(err)
	}
	_, err = w.Worker(t.Context(), secret)
	wantCode(t, err, engine.CodeNotSignedIn)
}

func operator() engine.Actor { return engine.Operator("sun") }

func startOf(procedure, values string) engine.StartRequest {
	return engine.StartRequest{Procedure: procedure, Values: json.RawMessage(values)}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
