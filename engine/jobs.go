package engine

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// FetchJobs gives out jobs that the worker may do, for r.LockFor: whoever does not extend or answer by then may find
// that another has it. Where there is none, it waits up to r.Wait for one.
func (e *Engine) FetchJobs(ctx context.Context, w Worker, r FetchRequest) ([]JobView, error) {
	names, err := w.allowed(r.Kinds)
	if err != nil {
		return nil, err
	}
	lock := r.LockFor
	switch {
	case lock == 0:
		lock = defaultLock
	case lock < minLock || lock > maxLock:
		return nil, e.told(wrong("lock_for", "max", "max", maxLock.String(), "of", "span"))
	}
	until := e.now().Add(min(r.Wait, maxWait))
	for {
		rung := e.gong.wait()
		now := e.now()
		rows, err := e.store.FetchJobs(ctx, store.JobFetch{
			Office: w.Office, Names: names, Worker: w.ID, Now: now, Until: now.Add(lock),
			Limit: min(max(r.Limit, 1), maxFetch),
		})
		if err != nil {
			return nil, e.told(asError(err))
		}
		if out := e.handOut(ctx, rows); len(out) > 0 || !now.Before(until) {
			return out, nil
		}
		if !e.sleepUntilJob(ctx, w.Office, names, until, rung) {
			return []JobView{}, nil
		}
	}
}

// sleepUntilJob waits for a bell, for the first job that becomes free, or until the end; false: whoever waits is gone.
func (e *Engine) sleepUntilJob(ctx context.Context, office string, names []string, until time.Time,
	rung <-chan struct{},
) bool {
	now := e.now()
	wait := min(until.Sub(now), restJobs)
	if next, ok, err := e.store.NextJob(ctx, office, names); err == nil && ok && next.After(now) {
		wait = min(wait, next.Sub(now))
	}
	ring := e.clock.After(max(wait, 0))
	if !e.now().Before(now.Add(wait)) {
		return ctx.Err() == nil // also when the clock was moved on while the alarm was being set
	}
	select {
	case <-ctx.Done():
		return false
	case <-e.leaving:
		return false
	case <-rung:
	case <-ring:
	}
	return true
}

// handOut leaves out the jobs that were given out too often without an answer: their cases are told.
func (e *Engine) handOut(ctx context.Context, rows []store.JobRow) []JobView {
	out := make([]JobView, 0, len(rows))
	for _, row := range rows {
		if row.Given > row.Most {
			e.exhausted(ctx, row)
			continue
		}
		out = append(out, JobView{
			ID: row.ID, Fence: row.Fence, Kind: row.Name, Case: row.Case, Number: row.Number, Procedure: row.Procedure,
			Step: row.Step, Values: row.Body, Tries: row.Given, Until: row.Free,
		})
	}
	return out
}

// exhausted ends a job that nobody has answered, however often it was given out.
func (e *Engine) exhausted(ctx context.Context, row store.JobRow) {
	err := e.answerJob(ctx, row, core.JobFailed{
		Given: row.Given - 1, Final: true,
		Message: "given out " + strconv.Itoa(row.Given-1) + " times, and no answer came",
	})
	if err != nil && !errors.Is(err, errGone) {
		e.log.Error("a job that nobody answers cannot be ended", "office", row.Office, "job", row.ID, "error", err)
	}
}

// answerJob brings what became of a job to its case, as the engine's own work.
func (e *Engine) answerJob(ctx context.Context, row store.JobRow, in core.Input) error {
	j := e.jobOf(row, in)
	if err := e.submitOwn(ctx, j); err != nil {
		return err
	}
	return (<-j.done).err
}

// jobOf makes the input of a job, on the condition that whoever brings it still has the job.
func (e *Engine) jobOf(row store.JobRow, in core.Input) *job {
	j := newJob(row.Office, row.Case)
	_, id, _ := splitID(row.ID)
	j.machineJob, j.fence = row.ID, row.Fence
	j.build = func(*snapshot) (core.Input, error) {
		switch x := in.(type) { //nolint:gochecksumtype // machines bring nothing else
		case core.JobDone:
			x.Job = id
			return x, nil
		case core.JobFailed:
			x.Job = id
			return x, nil
		}
		return nil, fmt.Errorf("%T is no input of a job", in)
	}
	return j
}

// HoldJob keeps a job for longer, and says until when.
func (e *Engine) HoldJob(ctx context.Context, w Worker, id string, fence int64, lockFor time.Duration) (
	time.Time, error,
) {
	if lockFor < minLock || lockFor > maxLock {
		return time.Time{}, e.told(wrong("lock_for", "max", "max", maxLock.String(), "of", "span"))
	}
	if _, err := e.heldJob(ctx, w, id, fence); err != nil {
		return time.Time{}, e.told(err)
	}
	until := e.now().Add(lockFor)
	if err := e.store.HoldJob(ctx, w.Office, id, fence, until); err != nil {
		return time.Time{}, e.told(jobError(err))
	}
	return until, nil
}

// heldJob reads a job that the worker says he has.
func (e *Engine) heldJob(ctx context.Context, w Worker, id string, fence int64) (store.JobRow, error) {
	row, err := e.store.Job(ctx, w.Office, id)
	switch {
	case err != nil:
		return row, jobError(err)
	case !slices.Contains(w.Kinds, row.Name):
		return row, &Error{Code: CodeWithdrawn} // he is not told what others do
	case row.Fence != fence:
		return row, &Error{Code: CodeLockLost}
	}
	return row, nil
}

func jobError(err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return &Error{Code: CodeWithdrawn}
	case errors.Is(err, store.ErrStale), errors.Is(err, errGone):
		return &Error{Code: CodeLockLost}
	}
	return err
}

// CompleteJob brings the answer of a job. The same answer again is no error.
func (e *Engine) CompleteJob(ctx context.Context, w Worker, id string, fence int64, r JobAnswer) error {
	return e.told(e.endJob(ctx, w, id, fence, r, func(row store.JobRow) core.Input {
		return core.JobDone{Given: row.Given, Worker: w.ID, Outcome: r.Outcome, Answer: r.Values}
	}))
}

// FailJob says that a job could not be done: it is given out again later, or its case is told.
func (e *Engine) FailJob(ctx context.Context, w Worker, id string, fence int64, r JobFailure) error {
	if len(r.Message) > maxReason {
		return e.told(wrong("message", "max", "max", strconv.Itoa(maxReason), "of", "characters"))
	}
	return e.told(e.endJob(ctx, w, id, fence, r, func(row store.JobRow) core.Input {
		return core.JobFailed{
			Given: row.Given, Worker: w.ID, Error: r.Error, Message: r.Message, After: r.RetryAfter, Final: r.Final,
		}
	}))
}

// endJob brings in what a worker says of a job. It is kept as the answer to this fencing number, so that a worker whose
// confirmation was lost may say it again.
func (e *Engine) endJob(ctx context.Context, w Worker, id string, fence int64, said any,
	input func(store.JobRow) core.Input,
) error {
	caseID, _, ok := splitID(id)
	if !ok {
		return &Error{Code: CodeWithdrawn}
	}
	request, err := json.Marshal(said)
	if err != nil {
		return fail(CodeInternal, err)
	}
	digest := sha256.Sum256(request)
	answer := &store.Answer{Key: "job " + id + " " + strconv.FormatInt(fence, 10), Request: digest[:]}
	row, err := e.heldJob(ctx, w, id, fence)
	if err != nil {
		gone := newJob(w.Office, caseID)
		gone.answer = answer
		_, err = e.answered(ctx, gone, err)
		return otherAnswer(err)
	}
	j := e.jobOf(row, input(row))
	j.answer = answer
	_, err = e.do(ctx, j)
	switch CodeOf(err) {
	case string(core.NotOpen), string(core.CaseEnded):
		return &Error{Code: CodeWithdrawn}
	}
	if errors.Is(err, errGone) {
		_, err = e.heldJob(ctx, w, id, fence)
		return err
	}
	return otherAnswer(err)
}

// otherAnswer words it for a worker who says something else of a job that he has answered: he sent no key.
func otherAnswer(err error) error {
	if CodeOf(err) == CodeKeyReused {
		return &Error{Code: CodeWithdrawn}
	}
	return err
}

// allowed are the kinds that the worker may fetch of those that he asks for; none asked = all that he may.
func (w Worker) allowed(kinds []string) ([]string, error) {
	if len(kinds) == 0 {
		return w.Kinds, nil
	}
	for _, k := range kinds {
		if !slices.Contains(w.Kinds, k) {
			return nil, forbidden(WhyKind, "kind", k)
		}
	}
	return kinds, nil
}

// Worker finds the worker that has a secret. Nobody is told more than that there is none.
func (e *Engine) Worker(ctx context.Context, secret string) (Worker, error) {
	office, row, err := e.store.WorkerBySecret(ctx, secretHash(secret))
	if errors.Is(err, store.ErrNotFound) {
		return Worker{}, &Error{Code: CodeNotSignedIn}
	}
	if err != nil {
		return Worker{}, e.told(asError(err))
	}
	return Worker{Office: office, ID: row.ID, Kinds: row.Names}, nil
}

func secretHash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// PutWorker lets a machine fetch jobs of these kinds, and gives the secret by which it is known: it is shown this once,
// and one that the worker had before is worth nothing any more. It needs an administrator.
func (e *Engine) PutWorker(ctx context.Context, a Actor, w WorkerView) (string, error) {
	if err := e.administrator(ctx, a); err != nil {
		return "", e.told(err)
	}
	switch {
	case !plainID(w.ID):
		return "", e.told(wrong("id", "id"))
	case len(w.Kinds) == 0:
		return "", e.told(wrong("kinds", "required"))
	case len(w.Title) > maxName:
		return "", e.told(tooLong("title"))
	}
	for i, k := range w.Kinds {
		if !plainID(k) || k[0] == '@' {
			return "", e.told(wrong(fmt.Sprintf("kinds[%d]", i), "id"))
		}
	}
	secret := "gcw_" + rand.Text() + rand.Text()
	kinds := slices.Compact(slices.Sorted(slices.Values(w.Kinds)))
	err := e.store.PutWorker(ctx, a.Office, store.WorkerRow{
		ID: w.ID, Title: w.Title, Names: kinds, Hash: secretHash(secret), Changed: e.now(), ChangedBy: a.Person,
	})
	if err != nil {
		return "", e.told(asError(err))
	}
	return secret, nil
}

// Workers lists the machines that may fetch jobs. It needs an administrator.
func (e *Engine) Workers(ctx context.Context, a Actor) ([]WorkerView, error) {
	if err := e.administrator(ctx, a); err != nil {
		return nil, e.told(err)
	}
	rows, err := e.store.Workers(ctx, a.Office)
	if err != nil {
		return nil, e.told(asError(err))
	}
	out := make([]WorkerView, len(rows))
	for i, row := range rows {
		out[i] = WorkerView{ID: row.ID, Title: row.Title, Kinds: row.Names, Changed: row.Changed, ChangedBy: row.ChangedBy}
	}
	return out, nil
}

// DropWorker takes a machine's right away, at once. It needs an administrator.
func (e *Engine) DropWorker(ctx context.Context, a Actor, id string) error {
	if err := e.administrator(ctx, a); err != nil {
		return e.told(err)
	}
	return e.told(e.store.DropWorker(ctx, a.Office, id))
}

// gong wakes all who wait for jobs.
type gong struct {
	mu   sync.Mutex
	next chan struct{}
}

func newGong() *gong { return &gong{next: make(chan struct{})} }

// wait gives the channel that the next stroke closes.
func (g *gong) wait() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.next
}

func (g *gong) strike() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.next)
	g.next = make(chan struct{})
}
