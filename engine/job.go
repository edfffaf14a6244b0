package engine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

var (
	// errGone says that the timer, letter or kept message that caused a job was taken by somebody else.
	errGone = errors.New("somebody else took it")
	// errRepeated says that the idempotency key or the message's id was used before.
	errRepeated = errors.New("used before")
)

// job is one input on its way to one case.
type job struct {
	key   caseKey
	fresh *definitions.Procedure // of a case that begins with this input; nil = the case is there
	actor string                 // person's id, for the history; "" = the engine

	// build makes the input from the case as it is when its turn has come: rights, values. It changes nothing, and
	// may be called again after a lost race.
	build func(*snapshot) (core.Input, error)
	// after adds to the change what is the shell's own. It may be nil.
	after func(*staged) error

	answer     *store.Answer // with Key and Request; Body is filled in by the line
	standing   *value.Person // whom the actor stands in for, as build has found out; nil = nobody
	reader     *reader       // for whom the answer lists tasks; nil = the engine
	takesTimer string
	takesMail  string
	takesKept  string
	message    string
	machineJob string // the job of a machine that is answered, under fence
	fence      int64
	// sharesFiles: the files of the input may be other cases' already; see store.Change.
	sharesFiles bool
	// spent is asked about a rejected input of the engine's own: whether its timer or letter has no meaning any more
	// and is to be taken off all the same. nil = no.
	spent func(*snapshot) bool

	tries int
	left  atomic.Bool // nobody waits for the reply any more
	done  chan reply  // of one
}

// reply is what became of a job.
type reply struct {
	done Done
	err  error
	// on is what a refusal was judged on; nil = nothing that could be out of date.
	on *snapshot
}

func newJob(office, id string) *job {
	return &job{key: caseKey{office: office, id: id}, done: make(chan reply, 1)}
}

func (j *job) finish(r reply) {
	select {
	case j.done <- r:
	default: // it was answered before
	}
}

// line is the way of all jobs: queues -> stepper -> committer -> reply.
type line struct {
	mu      sync.RWMutex
	closed  bool
	people  chan *job
	own     chan *job
	batches chan []*staged
	settled chan []*staged
}

func newLine() *line {
	return &line{
		people: make(chan *job, maxQueue), own: make(chan *job, maxOwnQueue),
		batches: make(chan []*staged), settled: make(chan []*staged, 2),
	}
}

// close ends the intake. What is in the queues is still done.
func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.people)
		close(l.own)
	}
}

// submit brings in a person's act. A full queue refuses it at once.
func (l *line) submit(j *job) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return fail(CodeUnavailable, errors.New("the engine is closing"))
	}
	select {
	case l.people <- j:
		return nil
	default:
		return &Error{Code: CodeBusy}
	}
}

// submitOwn brings in the engine's own work, and waits while the queue is full. Only the loops call it, and they end
// before the line is closed; but a person's act may be followed by own work, so the lock is held.
func (e *Engine) submitOwn(ctx context.Context, j *job) error {
	if j.fresh == nil {
		// Reading the case here keeps the stepper from waiting for the store. What is wrong with it comes out there.
		_, _ = e.snapshot(ctx, j.key)
	}
	e.line.mu.RLock()
	defer e.line.mu.RUnlock()
	if e.line.closed {
		return fail(CodeUnavailable, errors.New("the engine is closing"))
	}
	select {
	case e.line.own <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// do brings in a person's act and waits for what became of it.
func (e *Engine) do(ctx context.Context, j *job) (Done, error) {
	if j.fresh == nil {
		if _, err := e.snapshot(ctx, j.key); err != nil {
			return e.answered(ctx, j, err)
		}
	}
	if err := e.line.submit(j); err != nil {
		return Done{}, err
	}
	for {
		select {
		case r := <-j.done:
			switch {
			case r.err == nil:
				return r.done, nil
			case !e.outdated(ctx, j, r):
				return e.answered(ctx, j, r.err)
			}
			if err := e.line.submit(j); err != nil {
				return Done{}, err
			}
		case <-ctx.Done():
			j.left.Store(true)
			return Done{}, fail(CodeUnavailable, ctx.Err())
		}
	}
}

// outcome waits for what became of own work, also while closing: it is under way.
func (e *Engine) outcome(ctx context.Context, j *job) error {
	for {
		r := <-j.done
		if r.err == nil || !e.outdated(ctx, j, r) {
			return r.err
		}
		if err := e.submitOwn(ctx, j); err != nil {
			return err
		}
	}
}

// outdated tells whether a job was refused on a case that another node has moved since: then it is to be judged again.
// What was done on such a case would have come out stale; what was refused is not committed, so it is asked here.
func (e *Engine) outdated(ctx context.Context, j *job, r reply) bool {
	if r.on == nil || j.tries >= maxTries {
		return false
	}
	now, err := e.fresh(ctx, j.key)
	if err != nil || now.row.Revision == r.on.row.Revision {
		return false
	}
	j.tries++
	return true
}

// answered is asked after an act failed: if its idempotency key was answered before, that answer stands.
func (e *Engine) answered(ctx context.Context, j *job, failed error) (Done, error) {
	if j.answer == nil {
		if errors.Is(failed, errRepeated) {
			return Done{}, &Error{Code: string(core.Repeated)}
		}
		return Done{}, failed
	}
	if code := codeOf(failed); code == CodeUnavailable || code == CodeBusy {
		return Done{}, failed
	}
	before, err := e.store.Answer(ctx, j.key.office, j.answer.Key)
	if errors.Is(err, store.ErrNotFound) {
		if errors.Is(failed, errRepeated) {
			return Done{}, &Error{Code: string(core.Repeated)}
		}
		return Done{}, failed
	}
	if err != nil {
		return Done{}, err
	}
	return sameAnswer(j.answer, before)
}
