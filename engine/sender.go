package engine

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/outgoing"
	"github.com/guicheng/guicheng/store"
)

// sender sends requests to other systems: it is a worker that lives in the engine. What it took and did not answer,
// because it died or nobody took the answer, is free again when its lock is over, and is sent once more under the same
// key; the count of that goes into the history.
type sender struct {
	e       *Engine
	clients map[string]*outgoing.Client // by "<office>/<system>"
	slots   chan struct{}
}

// senderName is who has a request while it is sent.
const senderName = "engine"

// ownJobs are those that the engine does by itself.
var ownJobs = []string{core.RequestName, definitions.CollectName}

func newSender(e *Engine, systems map[string]outgoing.System) (*sender, error) {
	s := &sender{e: e, clients: map[string]*outgoing.Client{}, slots: make(chan struct{}, maxSends)}
	for _, name := range slices.Sorted(maps.Keys(systems)) {
		c, err := outgoing.New(systems[name])
		if err != nil {
			return nil, errors.Join(errors.New("Options.Systems: "+name), err)
		}
		s.clients[name] = c
	}
	return s, nil
}

func (s *sender) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case s.slots <- struct{}{}: // a place for at least one
		}
		free := 1
		for free < maxSends && s.take() {
			free++
		}
		rung := s.e.gong.wait()
		now := s.e.now()
		rows, err := s.e.store.FetchJobs(ctx, store.JobFetch{
			Names: ownJobs, Worker: senderName, Now: now, Until: now.Add(sendLock), Limit: free,
		})
		for range free - len(rows) {
			<-s.slots
		}
		if err != nil {
			return err
		}
		for _, row := range rows {
			s.e.crew.task(ctx, "send", func(ctx context.Context) {
				defer func() { <-s.slots }()
				s.send(ctx, row)
			})
		}
		if len(rows) == 0 && !s.sleep(ctx, rung) {
			return nil
		}
	}
}

func (s *sender) take() bool {
	select {
	case s.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

// sleep waits for a bell or for the first request that becomes free; false: the engine is closing.
func (s *sender) sleep(ctx context.Context, rung <-chan struct{}) bool {
	wait := restJobs
	now := s.e.now()
	if next, ok, err := s.e.store.NextJob(ctx, "", ownJobs); err == nil && ok {
		wait = min(wait, max(next.Sub(now), 0))
	}
	ring := s.e.clock.After(wait)
	if !s.e.now().Before(now.Add(wait)) {
		return ctx.Err() == nil // also when the clock was moved on while the alarm was being set
	}
	select {
	case <-ctx.Done():
		return false
	case <-rung:
	case <-ring:
	}
	return true
}

// send sends one request and brings what came of it to its case.
func (s *sender) send(ctx context.Context, row store.JobRow) {
	if row.Given > row.Most {
		s.e.exhausted(ctx, row)
		return
	}
	held, done := context.WithCancel(ctx)
	defer done()
	next := s.e.clock.After(holdEvery) // before it is sent: it is not lost however soon the time comes
	s.e.crew.task(held, "hold request", func(ctx context.Context) { s.hold(ctx, row, next) })
	in := s.ask(ctx, row)
	if ctx.Err() != nil { // the engine is closing: the next one to open sends it
		free := context.WithoutCancel(ctx)
		if err := s.e.store.HoldJob(free, row.Office, row.ID, row.Fence, s.e.now()); err != nil {
			s.e.log.Warn("a request that was interrupted is sent again later", "office", row.Office, "job", row.ID)
		}
		return
	}
	err := s.bring(ctx, row, in)
	switch {
	case err == nil, errors.Is(err, errGone), ctx.Err() != nil:
	case codeOf(err) == string(core.NotOpen), codeOf(err) == string(core.CaseEnded):
	case codeOf(err) == CodeUnavailable, codeOf(err) == CodeBusy:
		s.e.log.Error("the answer to a request could not be kept; it is asked again when its lock is over",
			"office", row.Office, "job", row.ID, "error", err.Error())
	default:
		s.e.log.Error("the answer to a request is not taken; it is asked again later", "office", row.Office,
			"job", row.ID, "error", err.Error())
		_ = s.e.store.HoldJob(ctx, row.Office, row.ID, row.Fence, s.e.now().Add(aside))
	}
}

// hold keeps a request while it is under way, for a short time each: that of a sender who died passes on soon.
func (s *sender) hold(ctx context.Context, row store.JobRow, next <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-next:
		}
		next = s.e.clock.After(holdEvery)
		err := s.e.store.HoldJob(ctx, row.Office, row.ID, row.Fence, s.e.now().Add(sendLock))
		if errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrNotFound) {
			return // it is another's, or is not wanted any more
		}
	}
}

// bring brings what came of a request to its case. What was answered is worth some patience with the store: otherwise
// the other system is asked twice.
func (s *sender) bring(ctx context.Context, row store.JobRow, in core.Input) error {
	wait := askWait
	for range askTries {
		err := s.e.answerJob(ctx, row, in)
		if code := codeOf(err); code != CodeUnavailable && code != CodeBusy || !rest(ctx, wait) {
			return err
		}
		wait *= 2
	}
	return s.e.answerJob(ctx, row, in)
}

// ask sends the request and gives the input that its result is.
func (s *sender) ask(ctx context.Context, row store.JobRow) core.Input {
	if row.Name == definitions.CollectName {
		return s.e.collect(ctx, row)
	}
	var body core.RequestBody
	if err := json.Unmarshal(row.Body, &body); err != nil {
		return core.JobFailed{Given: row.Given, Final: true, Message: "the request cannot be read"}
	}
	client := s.clients[row.Office+"/"+body.System]
	if client == nil {
		return core.JobFailed{Given: row.Given, Message: "this server is not told where the system " + body.System + " is"}
	}
	out := outgoing.Request{
		Method: body.Method, Path: body.Path, Body: body.Body, Key: body.Key, Time: s.e.now(), Timeout: body.Timeout,
	}
	for _, h := range body.Headers {
		out.Headers = append(out.Headers, [2]string{h.Name, h.Text})
	}
	began := time.Now()
	got, err := client.Send(ctx, out)
	log := s.e.log.With("office", row.Office, "case", row.Case, "system", body.System, "method", body.Method,
		"given", row.Given, "took", time.Since(began))
	if err != nil {
		var why *outgoing.Error
		if !errors.As(err, &why) {
			why = &outgoing.Error{Text: "it could not be sent"}
		}
		log.Warn("request failed", "reason", why.Text)
		return core.JobFailed{Given: row.Given, Message: why.Text, Final: why.Final}
	}
	log.Info("request answered", "status", got.Status)
	return core.JobDone{Given: row.Given, Status: got.Status, Answer: got.Body, After: got.After}
}
