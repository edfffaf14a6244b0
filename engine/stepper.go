package engine

import (
	"context"
	"errors"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// stepper is the first half of the commit line: it takes jobs, steps their cases and gathers the changes. While a
// batch is being committed the next one gathers.
//
// A case is in at most one change on its way: a second input for it waits until the first is settled and then sees
// what came of it. Cases do not wait for one another.
//
// Only the loop's own goroutine touches a stepper.
type stepper struct {
	e    *Engine
	line *line

	peopleOver, ownOver bool
	busy                map[caseKey]bool   // cases with a change on its way
	waiting             map[caseKey][]*job // inputs behind such a change, in order
	parked              int                // how many these are
	ready               []*job             // inputs whose turn has come
	batch               []*staged
	own                 int                         // of the batch: not asked for by a person
	series              map[string]map[string]int64 // last numbers by office and series, counting those on their way
	// unsettled is what changes on their way do to the people's open tasks, by office.
	unsettled map[string]map[*staged]map[string]int64
}

// staged is one stepped input: the change to commit and the case as it will be.
type staged struct {
	job    *job
	before *snapshot
	state  *core.State // after
	input  core.Input  // nil: it changed nothing
	out    core.Outcome
	now    time.Time
	change store.Change
	broken error // the case broke: the change freezes it

	result store.Result // filled in by the committer
	asked  bool         // the outcome of the commit was unknown
	err    error
}

func (s *stepper) run(ctx context.Context) error {
	for {
		s.gather(ctx)
		if s.over() {
			close(s.line.batches)
			return nil
		}
		people, own, out := s.sources()
		select {
		case j, ok := <-people:
			s.fromPeople(ctx, j, ok)
		case j, ok := <-own:
			s.fromOwn(ctx, j, ok)
		case out <- s.batch:
			s.batch, s.own = nil, 0
		case settled := <-s.line.settled:
			s.settle(settled)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// gather takes what is there without waiting: first what waited longest, then people's acts, then the engine's own.
func (s *stepper) gather(ctx context.Context) {
	for len(s.batch) < maxBatch {
		switch {
		case len(s.ready) > 0:
			j := s.ready[0]
			s.ready = s.ready[1:]
			s.take(ctx, j)
		case s.parked >= maxParked:
			return
		default:
			if !s.gatherOne(ctx) {
				return
			}
		}
	}
}

func (s *stepper) gatherOne(ctx context.Context) bool {
	if !s.peopleOver {
		select {
		case j, ok := <-s.line.people:
			s.fromPeople(ctx, j, ok)
			return true
		default:
		}
	}
	if s.ownOver || s.own >= maxOwnBatch {
		return false
	}
	select {
	case j, ok := <-s.line.own:
		s.fromOwn(ctx, j, ok)
		return true
	default:
		return false
	}
}

func (s *stepper) fromPeople(ctx context.Context, j *job, ok bool) {
	if !ok {
		s.peopleOver = true
		return
	}
	s.take(ctx, j)
}

func (s *stepper) fromOwn(ctx context.Context, j *job, ok bool) {
	if !ok {
		s.ownOver = true
		return
	}
	s.own++
	s.take(ctx, j)
}

// sources are the channels that may be used now: nil ones are not.
func (s *stepper) sources() (people, own <-chan *job, out chan<- []*staged) {
	if len(s.batch) < maxBatch && s.parked < maxParked {
		if !s.peopleOver {
			people = s.line.people
		}
		if !s.ownOver && s.own < maxOwnBatch {
			own = s.line.own
		}
	}
	if len(s.batch) > 0 {
		out = s.line.batches
	}
	return people, own, out
}

func (s *stepper) over() bool {
	return s.peopleOver && s.ownOver && len(s.busy) == 0 && len(s.ready) == 0 && len(s.batch) == 0
}

// take steps a job now or, behind another one of its case, later.
func (s *stepper) take(ctx context.Context, j *job) {
	if j.left.Load() {
		return
	}
	if s.busy[j.key] {
		s.waiting[j.key] = append(s.waiting[j.key], j)
		s.parked++
		return
	}
	var st *staged
	err := guarded(func() (err error) {
		st, err = s.stage(ctx, j)
		return err
	})
	if err != nil {
		r := reply{err: err}
		if st != nil && j.fresh == nil {
			r.on = st.before
		}
		j.finish(r)
		return
	}
	s.busy[j.key] = true
	s.batch = append(s.batch, st)
}

// settle is told what became of a batch: it lets the cases go, and steps stale inputs again.
func (s *stepper) settle(batch []*staged) {
	var again []*job
	for _, st := range batch {
		key := st.job.key
		delete(s.busy, key)
		s.dropLoad(st)
		if st.result != store.Applied {
			s.forget(st)
		} else {
			s.drew(st)
		}
		if st.result == store.Stale {
			if st.job.tries++; st.job.tries < maxTries {
				again = append(again, st.job)
			} else {
				st.job.finish(reply{err: &Error{Code: CodeBusy}})
			}
		}
		// All that waited comes again, in order: the first of it takes the case, the rest waits on.
		again = append(again, s.waiting[key]...)
		s.parked -= len(s.waiting[key])
		delete(s.waiting, key)
	}
	s.ready = append(again, s.ready...)
}

// drew learns the numbers that a change was committed with: they may be others than it was stepped with.
func (s *stepper) drew(st *staged) {
	for _, d := range st.change.Draws {
		if known := s.series[st.job.key.office]; known != nil {
			known[d.Series] = max(known[d.Series], d.N)
		}
	}
}

// forget drops what was believed and did not come true.
func (s *stepper) forget(st *staged) {
	s.e.cases.drop(st.job.key)
	for _, d := range st.change.Draws {
		delete(s.series[st.job.key.office], d.Series)
	}
}

// stage steps a job's case. An error means that nothing is to be committed; if it came from the case as it stands, what
// was staged so far says on which.
func (s *stepper) stage(ctx context.Context, j *job) (*staged, error) {
	before, err := s.before(ctx, j)
	if err != nil {
		return nil, err
	}
	st := &staged{job: j, before: before, now: s.e.now()}
	in, err := j.build(before)
	if err != nil {
		return st, err
	}
	st.input = in
	c, err := s.context(ctx, before, st.proc(), st.now)
	if err != nil {
		return nil, err
	}
	c.For = j.standing
	if err := st.step(c); err != nil {
		return s.freeze(st, err)
	}
	if r := st.out.Rejection; r != nil {
		if j.spent == nil || r.Code == core.CaseFrozen || !j.spent(before) {
			refused := st.refused(r)
			return st, refused
		}
		st.state = before.state // nothing changed; the change takes the timer or letter off
		st.out = core.Outcome{}
		st.input = nil
	}
	if err := s.complete(st); err != nil {
		return st, err
	}
	if len(st.change.Draws) > 0 {
		st.change.Redraw = func(last map[string]int64) (store.Change, error) { return st.redraw(c, last) }
	}
	return st, nil
}

// proc is the version by which the case goes on.
func (st *staged) proc() *definitions.Procedure {
	if move, ok := st.input.(core.Migrate); ok {
		return move.To
	}
	return st.before.proc
}

// step lets the core decide. An error is the core's own fault.
func (st *staged) step(c core.Context) error {
	st.state = st.before.state.Clone()
	return guarded(func() error {
		st.out = core.Step(st.before.proc, st.state, st.input, c)
		return nil
	})
}

// redraw takes the step again, with other numbers: the store has found that another node drew meanwhile, and holds the
// series. The committer's goroutine does it; the stepper has let go of what is staged.
func (st *staged) redraw(c core.Context, last map[string]int64) (store.Change, error) {
	c.Series = last
	anew := &staged{job: st.job, before: st.before, input: st.input, now: st.now}
	if err := anew.step(c); err != nil {
		return store.Change{}, err
	}
	if anew.out.Rejection != nil {
		return store.Change{}, anew.refused(anew.out.Rejection)
	}
	if err := guarded(anew.makeChange); err != nil {
		return store.Change{}, err
	}
	st.state, st.out, st.change = anew.state, anew.out, anew.change
	return st.change, nil
}

// complete makes the change of a stepped input, and the answer that is kept with it.
func (s *stepper) complete(st *staged) error {
	err := guarded(func() error { return st.makeChange() })
	if err != nil {
		return err
	}
	numbers := s.series[st.job.key.office]
	for _, d := range st.change.Draws {
		numbers[d.Series] = d.N
	}
	s.noteLoad(st)
	return nil
}

// before is the case as it stands, or an empty one for an input that begins it.
func (s *stepper) before(ctx context.Context, j *job) (*snapshot, error) {
	if j.fresh == nil {
		return s.e.snapshot(ctx, j.key)
	}
	if j.tries > 0 {
		if _, err := s.e.store.Case(ctx, j.key.office, j.key.id); err == nil {
			return nil, &Error{Code: string(core.Repeated)}
		} else if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	row := store.CaseRow{Office: j.key.office, ID: j.key.id, Title: j.fresh.Title}
	return &snapshot{row: row, state: core.New(j.key.office, j.key.id), proc: j.fresh}, nil
}

// context is what the core may know of the world: the time, the people, the last numbers.
func (s *stepper) context(ctx context.Context, before *snapshot, p *definitions.Procedure, now time.Time) (
	core.Context, error,
) {
	office := before.row.Office
	d, err := s.e.books.desk(ctx, office)
	if err != nil {
		return core.Context{}, err
	}
	numbers, err := s.numbers(ctx, p, office, now)
	if err != nil {
		return core.Context{}, err
	}
	work, err := s.workload(ctx, p, office, d)
	return core.Context{Now: now, Staff: d.roster, Series: numbers, Work: work, Office: d.office}, err
}

// numbers are the last numbers of an office's series; those that are not known yet are read.
func (s *stepper) numbers(ctx context.Context, p *definitions.Procedure, office string, now time.Time) (
	map[string]int64, error,
) {
	known := s.series[office]
	if known == nil || len(known) > maxSeries {
		known = map[string]int64{}
		s.series[office] = known
	}
	var missing []string
	for _, name := range core.Numbers(p, now) {
		if _, ok := known[name]; !ok {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return known, nil
	}
	read, err := s.e.store.Counters(ctx, office, missing)
	if err != nil {
		return nil, err
	}
	for _, name := range missing {
		known[name] = read[name]
	}
	return known, nil
}

// freeze turns a broken step into a change that freezes the case, so that it can do no more harm and is seen. A case
// that would only begin is simply refused.
func (s *stepper) freeze(st *staged, broken error) (*staged, error) {
	key := st.job.key
	s.e.log.Error("a case broke and is frozen", "office", key.office, "case", key.id,
		"procedure", st.before.proc.ID, "version", st.before.proc.Version, "error", broken.Error())
	if st.job.fresh != nil {
		return nil, fail(CodeInternal, errors.New("the case broke as it began"))
	}
	st.broken = broken
	st.state = st.before.state.Clone()
	ended := core.Ended{Status: core.Frozen, At: st.now, Reason: "broken"}
	core.Apply(st.before.proc, st.state, ended)
	st.out = core.Outcome{Events: []core.Event{ended}}
	return st, s.complete(st)
}
