package crash_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// soakOffice is small, and its clocks are short.
var soakOffice = map[string]string{
	"office.yaml": office,
	"race.yaml": `procedure: race
title: 賽
number: 'R{yyyy}-{n:6}'
manager: supervisor
settings:
  answer_in: {title: 時限, type: duration, value: 1s}
start: {by: front-desk}
ends: {in: 入, late: 遲}
steps:
  - step: ask
    title: 問
    task: {by: front-desk}
    timeouts: {after: settings.answer_in, to: late}
    then: in
`,
	"claim.yaml": `procedure: claim
title: 領
number: 'C{yyyy}-{n:6}'
manager: supervisor
start: {by: gate}
steps:
  - {step: do, title: 辦, task: {by: gate}}
`,
	"callee.yaml": `procedure: callee
title: 受託
number: 'B{yyyy}-{n:6}'
manager: supervisor
data:
  what: {title: 事項, type: text}
  seen: {title: 所見, type: text}
start: {by: gate, form: [what]}
steps:
  - {step: do, title: 辦, task: {by: supervisor, show: [what], form: [seen]}}
`,
	"caller.yaml": `procedure: caller
title: 委託
number: 'A{yyyy}-{n:6}'
manager: supervisor
data:
  matter: {title: 事項, type: text}
  result: {title: 回覆, type: text}
start: {by: gate, form: [matter]}
ends: {ok: 完成}
steps:
  - {step: run, title: 託, call: {procedure: callee, with: {what: matter}, take: {result: its.seen}}, then: tell}
  - {step: tell, title: 告, task: {by: gate, show: [result]}, then: ok}
`,
	"parcel.yaml": `procedure: parcel
title: 包裹
number: 'P{yyyy}-{n:6}'
manager: supervisor
data:
  code: {title: 單號, type: text}
  from: {title: 寄件人, type: text}
messages:
  arrived: {title: 已到, by: gate, form: [from], key: code, keep: 30d}
start: {by: front-desk, form: [code]}
steps:
  - {step: hold, title: 等候, wait: {came: {message: arrived}}, then: fetch}
  - {step: fetch, title: 領取, task: {by: front-desk, show: [from]}, then: done}
`,
}

const answerIn = time.Second // of a race

// begin starts a case, now and then twice: with one key it is one case.
func (k *soak) begin(who, procedure string, n int64, values map[string]string) (*entry, []taskLine) {
	var st struct {
		started
		moved
	}
	path, key := "/api/v1/procedures/"+procedure+"/cases", fmt.Sprintf("begin-%d", n)
	body := map[string]any{"values": values}
	status, err := k.act(who, http.MethodPost, path, key, body, &st)
	if err != nil {
		if status != 0 {
			k.violate("start of %s: %v", procedure, err)
		}
		return nil, nil
	}
	e := k.note(st.started, procedure)
	if rand.IntN(20) == 0 {
		var again started
		if _, err := k.act(who, http.MethodPost, path, key, body, &again); err != nil || again != st.started {
			k.violate("the same key started %v, and then %v: %v", st.started, again, err)
		}
	}
	return e, st.Tasks
}

// complete does a task under a key of its own. It reports whether this was what did it.
func (k *soak) complete(who, task, key string, values map[string]string) (won, known bool) {
	path, body := "/api/v1/tasks/"+task+"/complete", map[string]any{"values": values}
	var out caseLine
	status, err := k.act(who, http.MethodPost, path, key, body, &out)
	switch {
	case status == 0:
		return false, false
	case err != nil && status != http.StatusConflict:
		k.violate("%s completes %s: %v", who, task, err)
		return false, false
	}
	if rand.IntN(20) == 0 {
		var again caseLine
		second, _ := k.act(who, http.MethodPost, path, key, body, &again)
		if second != status && second != 0 || again != out {
			k.violate("the same key on task %s was answered %d %+v, and then %d %+v", task, status, out, second, again)
		}
	}
	return err == nil, true
}

// ends waits for the end of a case.
func (k *soak) ends(e *entry) (now caseNow, ok bool) {
	ok = k.await("the end of "+e.Number, func() bool {
		now = k.look(e)
		return now.Status == "finished"
	})
	if ok {
		e.outcome.Store(&now.Outcome)
	}
	return now, ok
}

// race answers a task at the moment at which its time is over: one of both happens, and the client is told which.
func (k *soak) race(n int64) {
	asked := time.Now()
	e, tasks := k.begin("chen", "race", n, nil)
	if e == nil {
		return
	}
	if len(tasks) != 1 {
		if k.look(e); len(tasks) > 1 {
			k.violate("case %s began with tasks %v", e.Number, tasks)
		}
		return // it was over before the start was answered
	}
	aim := time.Duration(k.aim.Load()) * time.Millisecond
	k.rest(time.Until(asked.Add(answerIn + aim + rand.N(60*time.Millisecond))))
	won, known := k.complete("chen", tasks[0].ID, fmt.Sprintf("race-%d", n), nil)
	if !known {
		return
	}
	now, ok := k.ends(e)
	took := now.Ended.Sub(now.Started)
	switch {
	case !ok:
	case won != (now.Outcome == "in"):
		k.violate("race %s: the answer won: %t; the case ended with %s", e.Number, won, now.Outcome)
	case won:
		k.aim.Add(1)
		k.answered.Add(1)
	case took < answerIn:
		k.violate("race %s: the time of %s was over after %s", e.Number, answerIn, took)
	default:
		k.aim.Add(-1)
		k.timedOut.Add(1)
		for late := (took - answerIn).Milliseconds(); ; {
			if most := k.latest.Load(); late <= most || k.latest.CompareAndSwap(most, late) {
				break
			}
		}
	}
}

// The model of a task that several people claim, release and complete.
type (
	deskInput struct {
		act, who string
	}
	deskOutput struct{ done, unknown bool }
	deskState  struct {
		holder string
		over   bool
	}
)

func deskModel() porcupine.NondeterministicModel {
	return porcupine.NondeterministicModel{
		Init: func() []any { return []any{deskState{}} },
		Step: func(state, input, output any) []any {
			st, isState := state.(deskState)
			in, isInput := input.(deskInput)
			out, isOutput := output.(deskOutput)
			if !isState || !isInput || !isOutput {
				return nil
			}
			next, may := st, !st.over && st.holder == in.who
			switch in.act {
			case "claim":
				may = may || !st.over && st.holder == ""
				next.holder = in.who
			case "release":
				next.holder = ""
			case "complete":
				may = may || !st.over && st.holder == ""
				next.over = true
			}
			switch {
			case out.unknown && may:
				return []any{st, next}
			case out.unknown, !may && !out.done:
				return []any{st}
			case may && out.done:
				return []any{next}
			}
			return nil
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
	}
}

// claim has several clients claim, release and at last complete one task, each request sent once, and gives what they
// saw to a checker that looks for one order that explains it all.
func (k *soak) claim(n int64) {
	e, tasks := k.begin("he", "claim", n, nil)
	if e == nil || len(tasks) != 1 {
		return
	}
	var mu sync.Mutex
	var all []porcupine.Operation
	began := time.Now()
	once := func(client int, act, who string) {
		in := deskInput{act, who}
		call := time.Since(began)
		status, err := k.try(who, http.MethodPost, "/api/v1/tasks/"+tasks[0].ID+"/"+act, "", map[string]any{}, &caseNow{})
		op := porcupine.Operation{ClientId: client, Input: in, Output: deskOutput{done: err == nil},
			Call: call.Nanoseconds(), Return: time.Since(began).Nanoseconds()}
		switch status {
		case 0, http.StatusServiceUnavailable: // it may still come to pass
			op.Output, op.Return = deskOutput{unknown: true}, math.MaxInt64
		case http.StatusOK, http.StatusConflict, http.StatusForbidden, http.StatusNotFound:
		default:
			k.violate("%s of a task by %s: %v", act, who, err)
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, op)
	}
	var clients sync.WaitGroup
	for i := range 4 {
		clients.Go(func() {
			for range 5 {
				once(i, []string{"claim", "claim", "release"}[rand.IntN(3)], []string{"he", "luo"}[i%2])
				k.rest(rand.N(20 * time.Millisecond))
			}
		})
	}
	clients.Wait()
	k.await("the end of "+e.Number, func() bool {
		for client, who := range []string{"he", "luo"} {
			once(client, "complete", who)
		}
		return k.look(e).Status == "finished"
	})
	k.ends(e)
	model := deskModel()
	if got := porcupine.CheckOperationsTimeout(model.ToModel(), all, time.Minute); got == porcupine.Illegal {
		k.violate("no order explains what happened to the task of %s: %+v", e.Number, all)
	}
	k.claims.Add(1)
}

// taskOf waits for the one open task of a case that a person has.
func (k *soak) taskOf(who string, e *entry) (task string, ok bool) {
	ok = k.await("a task of "+e.Number, func() bool {
		var page moved
		_, err := k.act(who, http.MethodGet, "/api/v1/inbox?number="+e.Number, "", nil, &page)
		if err != nil {
			return false
		}
		if len(page.Tasks) > 1 {
			k.violate("case %s has tasks %v", e.Number, page.Tasks)
		}
		if len(page.Tasks) == 1 {
			task = page.Tasks[0].ID
		}
		return task != ""
	})
	return task, ok
}

// call has one case call another, which comes back once.
func (k *soak) call(n int64) {
	e, _ := k.begin("he", "caller", n, map[string]string{"matter": strconv.FormatInt(n, 10)})
	if e == nil {
		return
	}
	if task, ok := k.taskOf("he", e); ok {
		if won, known := k.complete("he", task, fmt.Sprintf("tell-%d", n), nil); known && !won {
			k.violate("task %s was there, and could not be done", task)
		}
		k.ends(e)
		k.calls.Add(1)
	}
}

// stand does the tasks of the cases that are called.
func (k *soak) stand(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		var page moved
		if _, err := k.act("li", http.MethodGet, "/api/v1/inbox?procedure=callee&limit=50", "", nil, &page); err != nil {
			return
		}
		for _, task := range page.Tasks {
			k.complete("li", task.ID, "do-"+task.ID, map[string]string{"seen": "好"})
		}
		k.rest(100 * time.Millisecond)
	}
}

// parcel is waited for by a case, or comes before it is: it comes once.
func (k *soak) parcel(n int64) {
	code := fmt.Sprintf("code-%d", n)
	send := func() bool {
		body := map[string]any{"key": code, "id": code, "values": map[string]string{"from": "店"}}
		var out caseNow
		status, err := k.act("he", http.MethodPost, "/api/v1/messages/arrived", "", body, &out)
		if err != nil && status != http.StatusConflict && status != 0 {
			k.violate("message %s: %v", code, err)
		}
		return status != 0
	}
	early := n%2 == 0
	if early && !send() {
		return
	}
	e, _ := k.begin("chen", "parcel", n, map[string]string{"code": code})
	if e == nil || !early && !send() {
		return
	}
	if task, ok := k.taskOf("chen", e); ok {
		if won, known := k.complete("chen", task, fmt.Sprintf("fetch-%d", n), nil); known && !won {
			k.violate("task %s was there, and could not be done", task)
		}
		k.ends(e)
		k.parcels.Add(1)
	}
}
