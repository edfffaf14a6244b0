package crash_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine/core"
)

// machineOffice asks another system, and workers outside. An older release may not know these steps.
var machineOffice = map[string]string{
	"office.yaml": office + "systems: {books: 帳簿}\n",
	"order.yaml": `procedure: order
title: 入帳
number: 'O{yyyy}-{n:6}'
manager: supervisor
data:
  mark: {title: 記號, type: text}
  receipt: {title: 收據, type: text}
start: {by: gate, form: [mark]}
steps:
  - step: book
    title: 入帳
    request:
      to: books
      method: POST
      path: /orders
      with: {mark: mark}
      answer: {receipt: {title: 收據, type: text}}
      take: {receipt: answer.receipt}
      timeout: 2s
      retry: {times: 50, first: 1s, most: 2s}
`,
	"scan.yaml": `procedure: scan
title: 讀單
number: 'S{yyyy}-{n:6}'
manager: supervisor
data:
  mark: {title: 記號, type: text}
  seal: {title: 印記, type: text}
start: {by: gate, form: [mark]}
steps:
  - step: read
    title: 讀取
    job:
      kind: read
      with: {mark: mark}
      answer: {seal: {title: 印記, type: text}}
      take: {seal: answer.seal}
      retry: {times: 50, first: 1s, most: 1s}
`,
}

const (
	reader  = "reader"        // the worker that does jobs
	lockFor = 2 * time.Second // of a job
)

// machines are the system that is asked and the workers that do jobs, with what they have seen.
type machines struct {
	mu      sync.Mutex
	keys    map[string]string // of the requests that came, by mark
	came    map[string]int    // deliveries, by mark
	fences  map[string]int64  // the highest under which a job was given out
	given   map[string]bool   // job and fence: each is given out once
	answers map[string]string // the seal that was taken, by case

	orders, deliveries, scans, handed, late atomic.Int64
}

func newMachines() *machines {
	return &machines{keys: map[string]string{}, came: map[string]int{}, fences: map[string]int64{},
		given: map[string]bool{}, answers: map[string]string{}}
}

// line is what machines add to a line of the report.
func (m *machines) line() string {
	return fmt.Sprintf("requests %d (delivered %d times), jobs %d (given out %d times, %d late answers refused)",
		m.orders.Load(), m.deliveries.Load(), m.scans.Load(), m.handed.Load(), m.late.Load())
}

// books is the other system. It is slow, fails, and goes away before it has answered; one key is one receipt.
func (k *soak) books(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Mark string `json:"mark"`
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // whoever sent it was killed in the middle
		}
		if err := json.Unmarshal(body, &asked); err != nil {
			k.violate("a request cannot be read: %v: %s", err, body)
		}
		k.delivered(asked.Mark, r.Header.Get("Idempotency-Key"))
		switch n := rand.IntN(100); {
		case n < 8:
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		case n < 11:
			k.rest(2500 * time.Millisecond) // longer than a try may take
		case n < 16:
			panic(http.ErrAbortHandler) // it is done, and nobody is told
		case n < 50:
			k.rest(rand.N(300 * time.Millisecond))
		}
		fmt.Fprintf(w, `{"receipt": "R-%s"}`, asked.Mark)
	}))
	t.Cleanup(s.Close)
	path := filepath.Join(t.TempDir(), "systems.json")
	write(t, path, fmt.Sprintf(`{"sunshine/books": {"url": %q, "allow": ["127.0.0.0/8"]}}`, s.URL))
	return path
}

// delivered enters a request: it always has the same key, which no other has.
func (k *soak) delivered(mark, key string) {
	m := k.machines
	m.deliveries.Add(1)
	m.mu.Lock()
	defer m.mu.Unlock()
	if was, again := m.keys[mark]; key == "" || again && was != key {
		k.violate("request %s came under the key %q, and then under %q", mark, was, key)
	}
	m.keys[mark] = key
	m.came[mark]++
}

// order has a case ask the other system, which is told at least once; the case has its answer.
func (k *soak) order(n int64) {
	e, _ := k.begin("he", "order", n, map[string]string{"mark": strconv.FormatInt(n, 10)})
	if e == nil {
		return
	}
	now, ok := k.ends(e)
	want := "R-" + strconv.FormatInt(n, 10)
	if ok && now.value("receipt") != want {
		k.violate("case %s has the receipt %q, want %q", e.Number, now.value("receipt"), want)
	}
	k.machines.orders.Add(1)
}

// scan has a case wait for a worker, whose answer it has.
func (k *soak) scan(n int64) {
	e, _ := k.begin("he", "scan", n, map[string]string{"mark": strconv.FormatInt(n, 10)})
	if e == nil {
		return
	}
	now, ok := k.ends(e)
	if !ok {
		return
	}
	// The worker may be hearing at this moment that its answer was taken.
	k.await("the worker to know that "+e.Number+" has its answer", func() bool {
		k.machines.mu.Lock()
		defer k.machines.mu.Unlock()
		return k.machines.answers[e.Case] == now.value("seal")
	})
	k.machines.scans.Add(1)
}

// hire makes the worker.
func (k *soak) hire() {
	var made struct {
		Token string `json:"token"`
	}
	body := map[string]any{"kinds": []string{"read"}}
	if _, err := k.act("ma", http.MethodPut, "/api/v1/workers/"+reader, "", body, &made); err != nil {
		k.t.Fatal(err)
	}
	k.people[reader] = &person{session: made.Token, client: &http.Client{Timeout: 20 * time.Second}}
}

type jobLine struct {
	ID    string `json:"id"`
	Fence int64  `json:"fence"`
	Case  string `json:"case"`
}

// work is a worker. Of some jobs it says nothing, of some too late, and some it fails.
func (k *soak) work(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		var got struct {
			Jobs []jobLine `json:"jobs"`
		}
		body := map[string]any{"limit": 5, "lock_for": int(lockFor.Seconds()), "wait": 1}
		if _, err := k.try(reader, http.MethodPost, "/api/v1/jobs/fetch", "", body, &got); err != nil {
			k.rest(50 * time.Millisecond) // what was given out and not heard of is free again soon
			continue
		}
		var all sync.WaitGroup
		for _, j := range got.Jobs {
			k.handedOut(j)
			all.Go(func() { k.doJob(j) })
		}
		all.Wait()
	}
}

func (k *soak) handedOut(j jobLine) {
	m := k.machines
	m.handed.Add(1)
	m.mu.Lock()
	defer m.mu.Unlock()
	once := fmt.Sprint(j.ID, "/", j.Fence)
	if m.given[once] {
		k.violate("job %s was given out twice under the number %d", j.ID, j.Fence)
	}
	m.given[once] = true
	m.fences[j.ID] = max(m.fences[j.ID], j.Fence)
}

func (k *soak) doJob(j jobLine) {
	seal := fmt.Sprint(j.ID, "/", j.Fence)
	act, body := "/complete", map[string]any{"fence": j.Fence, "values": map[string]string{"seal": seal}}
	switch n := rand.IntN(100); {
	case n < 5:
		return
	case n < 15:
		k.rest(lockFor + rand.N(time.Second))
	case n < 25:
		act, body = "/fail", map[string]any{"fence": j.Fence, "message": "no"}
	}
	m := k.machines
	m.mu.Lock()
	highest := m.fences[j.ID]
	m.mu.Unlock()
	status, err := k.act(reader, http.MethodPost, "/api/v1/jobs/"+j.ID+act, "", body, &struct{}{})
	switch {
	case status == 0:
	case err == nil:
		k.taken(j, act, seal, highest)
	case status == http.StatusConflict, status == http.StatusGone:
		m.late.Add(1)
	default:
		k.violate("%s of job %s: %v", act, j.ID, err)
	}
}

// taken enters what was acknowledged: it was not said under a number that was old, and a job has one answer.
func (k *soak) taken(j jobLine, act, seal string, highest int64) {
	if highest > j.Fence {
		k.violate("%s of job %s was taken under the number %d, and it had been given out under %d", act, j.ID, j.Fence,
			highest)
	}
	if act != "/complete" {
		return
	}
	m := k.machines
	m.mu.Lock()
	defer m.mu.Unlock()
	if was, again := m.answers[j.Case]; again && was != seal {
		k.violate("job %s was answered with %s, and then with %s", j.ID, was, seal)
	}
	m.answers[j.Case] = seal
}

// checkMachines holds the history of a case against what the machines have seen.
func (k *soak) checkMachines(e *entry, replies []core.Replied, data func(field string) string) error {
	m := k.machines
	switch {
	case e == nil || e.procedure != "order" && e.procedure != "scan":
		return nil
	case len(replies) != 1:
		return fmt.Errorf("case %s was answered %d times: %+v", e.Number, len(replies), replies)
	case e.procedure == "scan":
		if got := data("seal"); got != m.answers[e.Case] {
			return fmt.Errorf("case %s has the seal %s, the worker was told that %s is", e.Number, got, m.answers[e.Case])
		}
		return nil
	}
	mark := data("mark")
	if came := m.came[mark]; came < 1 || came > replies[0].Given {
		return fmt.Errorf("the request of case %s was delivered %d times, and %d are on record", e.Number, came,
			replies[0].Given)
	}
	return nil
}

// unasked finds requests that no case of the ledger has made.
func (k *soak) unasked(marks map[string]bool) {
	for mark := range maps.Keys(k.machines.came) {
		if !marks[mark] {
			k.violate("a request with the mark %s came, and no such case was begun", mark)
		}
	}
}
