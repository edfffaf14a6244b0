package engine_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/outgoing"
	"github.com/guicheng/guicheng/store"
)

// bookYAML asks another system.
const bookYAML = `procedure: book
title: 入帳
number: 'RZ{yyyy}-{n:3}'
manager: boss
data:
  num: {title: 單號, type: text}
  fee: {title: 費用, type: money}
  phone: {title: 電話, type: text, private: true}
  ref: {title: 參考號, type: text}
start: {by: desk, form: [num, fee, phone]}
ends: {booked: 已入帳, unknown: 查無此單}
steps:
  - step: ask
    title: 請求
    request:
      to: ledger
      method: POST
      path: '/orders/{{num}}'
      with: {fee: fee, phone: phone}
      answer: {ref: {title: 參考號, type: text}}
      take: {ref: answer.ref}
      errors: {no-order: 404}
      timeout: 1s
      retry: {times: 2, first: 1m, most: 1m}
    events: {error: no-order, to: unknown}
    then: booked
`

// receiver is a system that another has made: it keeps what came, and answers as it is told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	came   []received
	answer func(n int, w http.ResponseWriter, r *http.Request)
}

type received struct {
	path, body string
	header     http.Header
}

func newReceiver(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Log(err) // whoever sent it was stopped
		}
		r.mu.Lock()
		r.came = append(r.came, received{req.URL.EscapedPath(), string(body), req.Header.Clone()})
		n := len(r.came)
		r.mu.Unlock()
		r.answer(n, w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) all() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.came)
}

func say(text string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
}

const signing = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// system is the receiver as an administrator tells it to the server; loopback is allowed for it.
func (r *receiver) system() outgoing.System {
	return outgoing.System{
		URL: r.URL + "/api", Headers: map[string]string{"Authorization": "Bearer s3cret"}, Signing: signing,
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")},
	}
}

func openLedger(t *testing.T, s store.Store, system outgoing.System) *world {
	t.Helper()
	w := &world{t: t, store: s, clock: newHandClock(), systems: map[string]outgoing.System{"sun/ledger": system}}
	w.start()
	openAgain(t, w)
	return w
}

// openAgain deploys the office and puts its people there.
func openAgain(t *testing.T, w *world) {
	t.Helper()
	w.must(w.Deploy(t.Context(), operator(), []definitions.File{
		{Name: "office.yaml", Text: []byte(machineOffice)}, {Name: "book.yaml", Text: []byte(bookYAML)}}))
	for _, p := range staff() {
		if err := w.PutPerson(t.Context(), operator(), p); err != nil {
			t.Fatal(err)
		}
	}
}

const order = `{"num": "A/7", "fee": "12.50", "phone": "63636363"}`

func (w *world) becomes(id, want string) {
	w.t.Helper()
	w.eventually("case "+want, func(context.Context) bool { return w.status(id) == want })
}

// stuck waits for the incident of a case.
func (w *world) stuck(id string) (code, text string, act int64) {
	w.t.Helper()
	w.eventually("an incident", func(ctx context.Context) bool {
		view, err := w.Case(ctx, as("ann"), "en", id)
		if err != nil || len(view.Incidents) == 0 {
			return false
		}
		code, text, act = view.Incidents[0].Code, view.Incidents[0].Message, view.Incidents[0].Act
		return true
	})
	return code, text, act
}

// free waits until the request of a case may be sent again, at that time at the earliest.
func (w *world) free(id string) time.Time {
	w.t.Helper()
	var at time.Time
	w.eventually("a second try", func(ctx context.Context) bool {
		if w.count(ctx, id, core.Tried{}.Kind()) < 1 {
			return false
		}
		next, ok, err := w.store.NextJob(ctx, "", []string{core.RequestName})
		at = next
		return err == nil && ok
	})
	return at
}

func TestARequestIsSentAndItsAnswerTaken(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, say(`{"ref": "R-1", "more": {"x": 1}}`))
	w := openLedger(t, openStore(t, ":memory:"), r.system())
	began := w.begin("chan", "book", order)
	w.becomes(began.Case, "finished booked")
	came := r.all()
	if len(came) != 1 || came[0].path != "/api/orders/A%2F7" || came[0].body != `{"fee":"12.50","phone":"63636363"}` {
		t.Fatalf("came %+v", came)
	}
	h := came[0].header
	if h.Get("Authorization") != "Bearer s3cret" || h.Get("Content-Type") != "application/json" ||
		!strings.HasPrefix(h.Get("Idempotency-Key"), began.Case+".") {
		t.Errorf("headers %v", h)
	}
	check, err := webhooks.NewWebhook(signing)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.VerifyIgnoringTimestamp([]byte(came[0].body), h); err != nil {
		t.Errorf("the signature: %v", err)
	}
	if err := check.VerifyIgnoringTimestamp([]byte(`{"fee":"0.01"}`), h); err == nil {
		t.Error("another body has the same signature")
	}
	view, err := w.Case(t.Context(), as("ann"), "en", began.Case)
	if err != nil || !strings.Contains(string(mustJSON(t, view)), "R-1") {
		t.Errorf("the answer was not taken: %v", err)
	}
	told := strings.Join(w.told("zh-Hant", began.Case, false), "\n")
	if !strings.Contains(told, "總帳") || strings.Contains(told, "63636363") || strings.Contains(told, "s3cret") {
		t.Errorf("the story says\n%s", told)
	}
	all, err := w.History(t.Context(), as("ann"), "en", began.Case, 0, 100)
	if err != nil || strings.Contains(string(mustJSON(t, all)), "63636363") {
		t.Errorf("the history shows what is private: %v", err)
	}
}

func TestARequestIsTriedAgainUnderTheSameKey(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, `{"ref": "R-2"}`)
	})
	w := openLedger(t, openStore(t, ":memory:"), r.system())
	began := w.begin("chan", "book", order)
	if at := w.free(began.Case); !at.Equal(w.clock.Now().Add(10 * time.Minute)) {
		t.Errorf("it is tried again at %v, and the system asked for ten minutes from %v", at, w.clock.Now())
	}
	w.clock.move(10*time.Minute - time.Second)
	if n := len(r.all()); n != 1 {
		t.Errorf("sent %d times before its time", n)
	}
	w.clock.move(time.Second)
	w.becomes(began.Case, "finished booked")
	came := r.all()
	if len(came) != 2 || came[0].header.Get("Idempotency-Key") != came[1].header.Get("Idempotency-Key") {
		t.Fatalf("came %+v", came)
	}
}

func TestASystemThatStaysDownIsAnIncident(t *testing.T) {
	t.Parallel()
	fine := false
	var mu sync.Mutex
	r := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if !fine {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, `{"ref": "R-3"}`)
	})
	w := openLedger(t, openStore(t, ":memory:"), r.system())
	began := w.begin("chan", "book", order)
	for n := 1; n <= 3; n++ {
		w.eventually("a try on record", func(ctx context.Context) bool {
			return w.count(ctx, began.Case, core.Tried{}.Kind()) == n
		})
		w.clock.move(time.Minute)
	}
	code, text, act := w.stuck(began.Case)
	if code != core.JobFailure || !strings.Contains(text, "500") {
		t.Errorf("the incident is %s %s", code, text)
	}
	mu.Lock()
	fine = true
	mu.Unlock()
	if _, err := w.Retry(t.Context(), as("ann"), began.Case, act); err != nil {
		t.Fatal(err)
	}
	w.becomes(began.Case, "finished booked")
	keys := map[string]bool{}
	for _, c := range r.all() {
		keys[c.header.Get("Idempotency-Key")] = true
	}
	if len(keys) != 1 {
		t.Errorf("one request went under the keys %v", keys)
	}
}

// count says how often a kind of event stands in a history.
func (w *world) count(ctx context.Context, id, kind string) int {
	rows, err := w.store.History(ctx, "sun", id, 0, 200)
	if err != nil {
		return -1
	}
	n := 0
	for _, e := range rows {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// TestWhatASystemMayNotSay: each answer ends as it must, and none of them harms more than its case.
func TestWhatASystemMayNotSay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer           func(n int, w http.ResponseWriter, r *http.Request)
		want, says, code string
	}{
		"an error with a name": {answer: func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
		}, want: "finished unknown"},
		"a status that nothing changes": {answer: func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnprocessableEntity)
		}, code: core.JobFailure, says: "422"},
		"a wrong type":    {answer: say(`{"ref": 7}`), code: core.AnswerWrong, says: "answer.ref: type"},
		"a missing field": {answer: say(`{}`), code: core.AnswerWrong, says: "answer.ref: required"},
		"no JSON":         {answer: say(`<html>`), code: core.AnswerWrong, says: "answer: type"},
		"far too much": {answer: say(`{"ref": "` + strings.Repeat("x", outgoing.MaxAnswer) + `"}`),
			code: core.JobFailure, says: "larger than"},
		"a way to nowhere": {answer: func(_ int, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/api/again", http.StatusTemporaryRedirect)
		}, code: core.JobFailure, says: "may not go"},
		"a way to where nobody may go": {answer: func(_ int, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.1.2.3/secrets", http.StatusTemporaryRedirect)
		}, code: core.JobFailure, says: "may not go"},
		"a way on as another request": {answer: func(_ int, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/welcome", http.StatusFound)
		}, code: core.JobFailure, says: "may not go"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t, test.answer)
			w := openLedger(t, openStore(t, ":memory:"), r.system())
			began := w.begin("chan", "book", order)
			if test.want != "" {
				w.becomes(began.Case, test.want)
				return
			}
			code, text, _ := w.stuck(began.Case)
			if code != test.code || !strings.Contains(text, test.says) {
				t.Errorf("the incident is %s: %s, want %s: %s", code, text, test.code, test.says)
			}
			if code != core.AnswerWrong {
				return
			}
			events, err := w.History(t.Context(), as("ann"), "en", began.Case, 0, 200)
			if err != nil || !slices.ContainsFunc(events, func(e engine.EventView) bool {
				return e.Kind == core.Replied{}.Kind() && strings.Contains(e.Text, test.says)
			}) {
				t.Errorf("the story does not say what was wrong: %+v, %v", events, err)
			}
		})
	}
}

// TestPrivateAddressesAreRefused: without leave, nothing is sent to this machine.
func TestPrivateAddressesAreRefused(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, say(`{"ref": "R"}`))
	system := r.system()
	system.Allow = nil
	w := openLedger(t, openStore(t, ":memory:"), system)
	began := w.begin("chan", "book", order)
	if code, text, _ := w.stuck(began.Case); code != core.JobFailure || !strings.Contains(text, "may go to") {
		t.Errorf("the incident is %s: %s", code, text)
	}
	if came := r.all(); len(came) != 0 {
		t.Errorf("something was sent: %+v", came)
	}
}

// TestASlowSystemIsNotWaitedFor: a try that takes too long is a failure, and the case goes on to the next.
func TestASlowSystemIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			<-gone
			return
		}
		_, _ = io.WriteString(w, `{"ref": "R-9"}`)
	})
	t.Cleanup(func() { close(gone) })
	w := openLedger(t, openStore(t, ":memory:"), r.system())
	began := w.begin("chan", "book", order)
	w.free(began.Case)
	w.clock.move(time.Minute)
	w.becomes(began.Case, "finished booked")
}

// TestASlowRequestIsKept: while its sender lives nobody else sends it, however long it takes.
func TestASlowRequestIsKept(t *testing.T) {
	t.Parallel()
	answer := make(chan struct{})
	r := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		<-answer
		_, _ = io.WriteString(w, `{"ref": "R-8"}`)
	})
	answered := sync.OnceFunc(func() { close(answer) })
	t.Cleanup(answered) // a receiver that waits would not close
	w := openLedger(t, openStore(t, ":memory:"), r.system())
	slow := strings.Replace(bookYAML, "timeout: 1s", "timeout: 1m", 1)
	w.must(w.Deploy(t.Context(), operator(), []definitions.File{
		{Name: "office.yaml", Text: []byte(machineOffice)}, {Name: "book.yaml", Text: []byte(slow)}}))
	began := w.begin("chan", "book", order)
	w.eventually("it is sent", func(context.Context) bool { return len(r.all()) == 1 })
	for range 10 {
		w.clock.move(store.LeaseTime / 4)
		w.eventually("it is held again", func(ctx context.Context) bool {
			free, ok, err := w.store.NextJob(ctx, "", []string{core.RequestName})
			return err == nil && ok && free.Equal(w.clock.Now().Add(store.LeaseTime))
		})
	}
	answered()
	w.becomes(began.Case, "finished booked")
	if came := r.all(); len(came) != 1 {
		t.Errorf("it was sent %d times", len(came))
	}
}

// TestACrashBetweenSendAndCommit: the system has answered, and the engine dies before it has written that down. The
// next one sends once more under the same key, and the history says that it was sent twice.
func TestACrashBetweenSendAndCommit(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, say(`{"ref": "R-5"}`))
	s := &deaf{Store: openStore(t, ":memory:")}
	w := openLedger(t, s, r.system())
	s.refuse(true)
	began := w.begin("chan", "book", order)
	w.eventually("the answer is lost", func(context.Context) bool { return s.refused() > 0 })
	w.Close()
	s.refuse(false)
	w.clock.move(store.LeaseTime) // the lock of the dead one is over
	w.start()
	w.becomes(began.Case, "finished booked")
	came := r.all()
	if len(came) < 2 || came[0].header.Get("Idempotency-Key") != came[len(came)-1].header.Get("Idempotency-Key") {
		t.Fatalf("came %+v", came)
	}
	told := strings.Join(w.told("en", began.Case, false), "\n")
	if !strings.Contains(told, "given out 2 times") {
		t.Errorf("the second delivery is not on record:\n%s", told)
	}
}

// deaf is a store that takes no answers of requests while it is told so.
type deaf struct {
	store.Store
	mu  sync.Mutex
	on  bool
	got int
}

func (d *deaf) refuse(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on = on
}

func (d *deaf) refused() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.got
}

func (d *deaf) Commit(ctx context.Context, changes []store.Change) ([]store.Result, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.on && slices.ContainsFunc(changes, func(c store.Change) bool { return c.Job != "" }) {
		d.got++
		return nil, store.ErrUnavailable
	}
	return d.Store.Commit(ctx, changes)
}

// TestNothingLeavesBeforeItsCommit: while the start of the case is not on disk, no system hears of it.
func TestNothingLeavesBeforeItsCommit(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, say(`{"ref": "R-6"}`))
	s := &shaky{Store: openStore(t, ":memory:")}
	w := openLedger(t, s, r.system())
	s.tell(noDisk)
	_, err := w.Start(t.Context(), as("chan"), startOf("book", order))
	if err == nil {
		t.Fatal("a start was accepted that was not written")
	}
	began := w.begin("chan", "book", strings.Replace(order, "A/7", "A8", 1))
	w.becomes(began.Case, "finished booked")
	if came := r.all(); len(came) != 1 || came[0].path != "/api/orders/A8" {
		t.Errorf("came %+v", came)
	}
}
