package crash_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	cases   = 1_000
	workers = 16
)

const office = `office: sunshine
title: 陽光嘉園管理處
language: zh-Hant
zone: Asia/Shanghai
currency: CNY
posts: {gate: 大門崗保安員, front-desk: 客服部, supervisor: 主管, property-manager: 物業經理, m-and-e: 機電部,
  environment: 環境部, security: 安全管理部, finance: 財務部, admin: 行政部, sales: 售樓部}
`

// quick is a visitor's procedure whose clock runs out within the test.
const quick = `procedure: quick
title: 快
number: 'Q{yyyy}-{n:4}'
manager: supervisor
settings:
  answer_in: {title: 時限, type: duration, value: 4s}
data:
  name: {title: 姓名, type: text}
  seen: {title: 所見, type: text}
start: {by: gate, form: [name]}
ends: {in: 入, out: 出}
steps:
  - step: ask
    title: 問
    task: {by: front-desk, show: [name], form: [seen], answers: {known: 有約, unknown: 無約}}
    timeouts: {after: settings.answer_in, to: stand-in}
    then: {known: admit, unknown: out}
  - {step: stand-in, title: 代, task: {by: supervisor}}
  - {step: admit, title: 放行, task: {by: gate}, then: in}
`

// TestKillInTheMiddle kills the server with -9 while it works on 1,000 cases, starts it again, and proves that every
// acknowledged act is there, that no step is half there, and that what came due meanwhile fires, once each.
func TestKillInTheMiddle(t *testing.T) {
	t.Parallel()
	bin, dir := binary(t), t.TempDir()
	offices := filepath.Join(dir, "offices")
	write(t, filepath.Join(offices, "sunshine", "office.yaml"), office)
	write(t, filepath.Join(offices, "sunshine", "quick.yaml"), quick)
	data := filepath.Join(dir, "data")

	first := serve(t, bin, data, offices)
	l := &ledger{
		gate: signIn(t, first, "he"), desk: signIn(t, first, "chen"),
		started: map[int]started{}, answered: map[string]bool{},
	}
	killAt := int64(600 + rand.IntN(600))
	l.run(t, first, func(done int64) {
		if done == killAt {
			first.end(syscall.SIGKILL)
		}
	})
	if len(l.started) == 0 || len(l.started) == cases {
		t.Fatalf("killed at the wrong moment: %d of %d cases were started", len(l.started), cases)
	}
	t.Logf("killed after %d acts: %d starts and %d answers were acknowledged", killAt, len(l.started), len(l.answered))

	waitUntil(t, "something to fall due while nobody looks", func() bool {
		return time.Since(l.firstStart) > 5*time.Second
	})
	second := serve(t, bin, data, offices)
	l.recheck(t, second)
	l.run(t, second, func(int64) {})
	if len(l.started) != cases {
		t.Fatalf("%d cases were started in the end, want %d", len(l.started), cases)
	}
	waitUntil(t, "every clock to run out", func() bool { return l.inbox(t, second, l.desk) == 0 })
	second.end(syscall.SIGTERM)

	l.audit(t, data)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// waitUntil asks again until the answer is yes, for a minute.
func waitUntil(t *testing.T, what string, yes func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	end := time.After(time.Minute)
	for !yes() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// ledger is what clients were told: it shares nothing with the server.
type ledger struct {
	gate, desk *person
	firstStart time.Time

	mu       sync.Mutex
	started  map[int]started // by the client's own number
	answered map[string]bool // tasks whose answer was acknowledged
}

type started struct {
	Case   string `json:"case"`
	Number string `json:"number"`
}

type taskLine struct {
	ID string `json:"id"`
}

type moved struct {
	Tasks []taskLine `json:"tasks"`
}

// run starts every case that is not in the ledger and answers every second one, with the same keys as before.
func (l *ledger) run(t *testing.T, s *server, after func(done int64)) {
	t.Helper()
	l.firstStart = time.Now()
	var next, done atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for n := int(next.Add(1)); n <= cases; n = int(next.Add(1)) {
				if !l.one(t, s, n, func() { after(done.Add(1)) }) {
					return
				}
			}
		})
	}
	group.Wait()
}

// one plays a case as far as its number says. It reports whether the server still answers.
func (l *ledger) one(t *testing.T, s *server, n int, acted func()) bool {
	t.Helper()
	var st started
	key := fmt.Sprintf("start-%d", n)
	body := map[string]any{"values": map[string]string{"name": fmt.Sprintf("客%d", n)}}
	const quick = "/api/v1/procedures/quick/cases"
	if status, err := l.gate.call(t.Context(), s, http.MethodPost, quick, key, body, &st); err != nil {
		return l.known(t, status, err)
	}
	l.mu.Lock()
	if was, ok := l.started[n]; ok && was != st {
		t.Errorf("the same key started %v, and then %v", was, st)
	}
	l.started[n] = st
	l.mu.Unlock()
	acted()
	if n%2 == 1 {
		return true
	}
	return l.answer(t, s, n, st, acted)
}

// answer completes the first task of a case, and of every fourth case the second one too.
func (l *ledger) answer(t *testing.T, s *server, n int, st started, acted func()) bool {
	t.Helper()
	body := map[string]any{"answer": "known", "values": map[string]string{"seen": "x"}}
	going := l.complete(t, s, l.desk, st, body, acted)
	if going && n%4 == 0 {
		going = l.complete(t, s, l.gate, st, map[string]any{}, acted)
	}
	return going
}

// complete does the one task of a case that a person has in the inbox, if there is one.
func (l *ledger) complete(t *testing.T, s *server, p *person, st started, body any, acted func()) bool {
	t.Helper()
	var page moved
	status, err := p.call(t.Context(), s, http.MethodGet, "/api/v1/inbox?number="+st.Number, "", nil, &page)
	if err != nil {
		return l.known(t, status, err)
	}
	for _, task := range page.Tasks {
		path := "/api/v1/tasks/" + task.ID + "/complete"
		if status, err := p.call(t.Context(), s, http.MethodPost, path, "do-"+task.ID, body, &moved{}); err != nil {
			return l.known(t, status, err)
		}
		l.note(task.ID)
		acted()
	}
	return true
}

func (l *ledger) note(task string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answered[task] = true
}

// known tells a refusal that may be from a server that is gone. A task may have gone to the stand-in meanwhile.
func (l *ledger) known(t *testing.T, status int, err error) bool {
	t.Helper()
	switch status {
	case 0:
		return false
	case http.StatusConflict, http.StatusNotFound:
		return true
	}
	t.Error(err)
	return false
}

// recheck asks the new server for every case that the old one acknowledged.
func (l *ledger) recheck(t *testing.T, s *server) {
	t.Helper()
	for _, n := range slices.Sorted(maps.Keys(l.started)) {
		var view started
		st := l.started[n]
		path := "/api/v1/cases/" + st.Case
		if _, err := l.gate.call(t.Context(), s, http.MethodGet, path, "", nil, &struct {
			ID     *string `json:"id"`
			Number *string `json:"number"`
		}{&view.Case, &view.Number}); err != nil || view != st {
			t.Errorf("acknowledged %v, now %v: %v", st, view, err)
		}
	}
}

// inbox counts a person's open tasks, up to a page.
func (l *ledger) inbox(t *testing.T, s *server, p *person) int {
	t.Helper()
	var page moved
	if _, err := p.call(t.Context(), s, http.MethodGet, "/api/v1/inbox?limit=1", "", nil, &page); err != nil {
		t.Fatal(err)
	}
	return len(page.Tasks)
}
