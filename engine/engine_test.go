package engine_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/outgoing"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

const officeYAML = `office: sun
title: 測試管理處
language: zh-Hant
zone: Asia/Shanghai
currency: CNY
posts: {desk: 客服部, gate: 大門崗, boss: 主管, books: 財務部}
superiors: {desk: boss, gate: boss}
`

const textsYAML = "差事: Errand\n替人跑腿: To fetch something\n辦理: Do it\n覆核: Check\n事項: Matter\n"

// errandYAML is a plain procedure with a loop, a private field, a paper with a copy, and a message by hand.
const errandYAML = `procedure: errand
title: 差事
description: 替人跑腿
number: 'CS{yyyy}-{n:3}'
manager: boss
data:
  what:  {title: 事項, type: text}
  phone: {title: 電話, type: text, private: true}
  note:  {title: 結果, type: note}
messages:
  leave-it: {title: 作罷, by: desk}
start: {by: desk, form: [what, phone], optional: [phone], check: {that: what != '禁品', say: 不受理}}
ends: {good: 辦妥, dropped: {title: 作罷, cancels: all}}
events: [{message: leave-it, to: dropped}]
documents:
  slip: {title: 通知單, copies: books, body: ['通知']}
steps:
  - step: do
    title: 辦理
    task: {by: gate, show: [what], form: [note], optional: [note], answers: {fine: 可, redo: 不可}}
    then: {fine: check, redo: do}
  - step: check
    title: 覆核
    task: {by: boss, show: [what, phone, note]}
    issues: slip
    then: good
`

// timedYAML has a timeout that takes the task away.
const timedYAML = `procedure: timed
title: 限時
number: 'XS{yyyy}-{n:3}'
manager: boss
settings: {answer_in: {title: 時限, type: duration, value: 3m}}
start: {by: desk}
steps:
  - step: answer
    title: 答復
    task: {by: gate}
    timeouts: {after: settings.answer_in, to: stand-in}
    then: done
  - {step: stand-in, title: 代答, task: {by: boss}, then: done}
`

// parcelYAML waits for a message by key that may come too early.
const parcelYAML = `procedure: parcel
title: 包裹
number: 'BG{yyyy}-{n:3}'
manager: boss
data:
  code: {title: 單號, type: text}
  from: {title: 寄件人, type: text}
messages:
  arrived: {title: 已到, by: gate, form: [from], key: code, keep: 30d}
start: {by: desk, form: [code]}
steps:
  - {step: hold, title: 等候, wait: {came: {message: arrived}}, then: fetch}
  - {step: fetch, title: 領取, task: {by: desk, show: [from]}, then: done}
`

// orderYAML calls errand; its phone is handed on.
const orderYAML = `procedure: order
title: 委託
number: 'WT{yyyy}-{n:3}'
manager: boss
data:
  matter: {title: 委託事項, type: text}
  result: {title: 回覆, type: note}
messages:
  recall: {title: 撤回, by: desk}
start: {by: desk, form: [matter]}
ends: {ok: 完成, failed: 未成, recalled: {title: 撤回, cancels: all}}
events: [{message: recall, to: recalled}]
steps:
  - step: run
    title: 差事辦理
    call: {procedure: errand, with: {what: matter}, take: {result: its.note}}
    then: {good: tell, dropped: failed}
  - {step: tell, title: 告知, task: {by: desk, show: [result]}, then: ok}
`

// partsYAML runs a step once for each row of a table.
const partsYAML = `procedure: parts
title: 分項
number: 'FX{yyyy}-{n:3}'
manager: boss
data:
  parts:
    title: 各項
    each: part
    min: 1
    rows:
      name: {title: 名稱, type: text}
      code: {title: 密碼, type: text, private: true}
      fine: {title: 合格, type: yes-no}
start: {by: desk, form: [parts.name, parts.code]}
steps:
  - step: look
    title: 查看
    for_each: {in: parts}
    task: {by: gate, show: [part.name], form: [part.fine]}
  - {step: mend, title: 更正, task: {by: desk, form: [parts.name, parts.code], edit_rows: [parts], show: [parts]}}
`

func officeFiles() []definitions.File {
	return []definitions.File{
		{Name: "office.yaml", Text: []byte(officeYAML)},
		{Name: "texts.en.yaml", Text: []byte(textsYAML)},
		{Name: "errand.yaml", Text: []byte(errandYAML)},
		{Name: "timed.yaml", Text: []byte(timedYAML)},
		{Name: "parcel.yaml", Text: []byte(parcelYAML)},
		{Name: "order.yaml", Text: []byte(orderYAML)},
		{Name: "parts.yaml", Text: []byte(partsYAML)},
	}
}

// officeWith is the office with one more file.
func officeWith(name, text string) []definitions.File {
	return append(officeFiles(), definitions.File{Name: name, Text: []byte(text)})
}

// staff are the people of every test: chan and wong at the desk, so and li at the gate, lam the boss, fong the books,
// ann the administrator, who has no post.
func staff() []store.PersonRow {
	return []store.PersonRow{
		{ID: "ann", Name: "安", Admin: true}, {ID: "chan", Name: "陳", Posts: []string{"desk"}},
		{ID: "wong", Name: "黃", Posts: []string{"desk"}}, {ID: "so", Name: "蘇", Posts: []string{"gate"}},
		{ID: "li", Name: "李", Posts: []string{"gate"}}, {ID: "lam", Name: "林", Posts: []string{"boss"}},
		{ID: "fong", Name: "方", Posts: []string{"books"}},
	}
}

// handClock stands still until it is moved.
type handClock struct {
	mu      sync.Mutex
	now     time.Time
	waiting []alarm
}

type alarm struct {
	at time.Time
	c  chan time.Time
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := alarm{at: c.now.Add(d), c: make(chan time.Time, 1)}
	c.waiting = append(c.waiting, a)
	return a.c
}

func (c *handClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	kept := c.waiting[:0]
	for _, a := range c.waiting {
		if a.at.After(c.now) {
			kept = append(kept, a)
		} else {
			a.c <- c.now
		}
	}
	c.waiting = kept
}

// world is an engine with everything that a test puts beside it.
type world struct {
	*engine.Engine
	t     *testing.T
	store store.Store
	clock *handClock
	// systems are where requests may go.
	systems map[string]outgoing.System
}

// open makes a world on a store in memory, with the office deployed and its staff there.
func open(t *testing.T) *world {
	t.Helper()
	return openOn(t, openStore(t, ":memory:"))
}

func openFile(t *testing.T) *world {
	t.Helper()
	return openOn(t, openStore(t, filepath.Join(t.TempDir(), "test.db")))
}

func openStore(t *testing.T, path string) store.Store {
	t.Helper()
	s, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func openOn(t *testing.T, s store.Store) *world {
	t.Helper()
	w := &world{t: t, store: s, clock: newHandClock()}
	w.start()
	w.settle()
	return w
}

// settle makes the office.
func (w *world) settle() {
	w.t.Helper()
	w.must(w.Deploy(w.t.Context(), engine.Operator("sun"), officeFiles()))
	for _, p := range staff() {
		if err := w.PutPerson(w.t.Context(), engine.Operator("sun"), p); err != nil {
			w.t.Fatal(err)
		}
	}
}

// start opens an engine on the world's store; the one before must be closed.
func (w *world) start() {
	w.t.Helper()
	e, err := engine.Open(w.t.Context(), engine.Options{
		Store: w.store, Clock: w.clock, Systems: w.systems, Logger: slog.New(slog.NewTextHandler(testLog{w.t}, nil)),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.Engine = e
	w.t.Cleanup(e.Close)
}

// testLog keeps what the engine logs with the test.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	if l.t.Context().Err() == nil {
		l.t.Log(strings.TrimSpace(string(p)))
	}
	return len(p), nil
}

func (w *world) must(_ engine.Deployment, problems []report.Problem, err error) {
	w.t.Helper()
	for _, p := range problems {
		if p.Severity == report.Error {
			w.t.Errorf("%s:%d:%d %s", p.File, p.Line, p.Column, p.Message)
		}
	}
	if err != nil {
		w.t.Fatal("deploy: ", err)
	}
}

func as(person string) engine.Actor { return engine.Actor{Office: "sun", Person: person} }

func (w *world) begin(person, procedure, values string) engine.Started {
	w.t.Helper()
	out, err := w.Start(w.t.Context(), as(person), engine.StartRequest{
		Procedure: procedure, Values: json.RawMessage(values),
	})
	if err != nil {
		w.t.Fatalf("%s starts %s: %v", person, procedure, err)
	}
	return out
}

// task finds the one open task of a step that the person sees in the inbox.
func (w *world) task(person, step string) engine.TaskLine {
	w.t.Helper()
	page, err := w.Inbox(w.t.Context(), as(person), "", engine.InboxQuery{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, t := range page.Tasks {
		if t.Step == step {
			return t
		}
	}
	w.t.Fatalf("%s has no task %s, only %+v", person, step, page.Tasks)
	return engine.TaskLine{}
}

func (w *world) complete(person, step, answer, values string) engine.Done {
	w.t.Helper()
	out, err := w.Complete(w.t.Context(), as(person), w.task(person, step).ID, engine.CompleteRequest{
		Answer: answer, Values: json.RawMessage(values),
	})
	if err != nil {
		w.t.Fatalf("%s does %s: %v", person, step, err)
	}
	return out
}

// eventually waits for what the engine does by itself.
func (w *world) eventually(what string, holds func(ctx context.Context) bool) {
	w.t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds(w.t.Context()) {
		select {
		case <-deadline:
			w.t.Fatalf("never: %s", what)
		case <-tick.C:
		}
	}
}

func (w *world) hasTask(person, step string) func(context.Context) bool {
	return func(ctx context.Context) bool {
		page, err := w.Inbox(ctx, as(person), "", engine.InboxQuery{})
		if err != nil {
			return false
		}
		for _, t := range page.Tasks {
			if t.Step == step {
				return true
			}
		}
		return false
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if engine.CodeOf(err) != code {
		t.Fatalf("error %v, want code %q", err, code)
	}
}
