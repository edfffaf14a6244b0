package engine_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/guicheng/guicheng/store"
)

// faulty is a real store of which one call in twenty fails, whichever it is, in one of four ways: it is not done; it is
// done, but reported as failed; it is not done, and reported as unknown; it is not done because its time ran out. No
// method is the real store's own, so that none is spared.
type faulty struct {
	real store.Store
	mu   sync.Mutex
	rand *rand.Rand
	on   bool

	calls  int // while it was on
	failed int // of them
}

var _ store.Store = (*faulty)(nil)

type way uint8

const (
	refused way = iota
	doneAndLost
	lost
	late
	fine
)

func (s *faulty) way() way {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.on {
		return fine
	}
	s.calls++
	if s.rand.IntN(20) > 0 {
		return fine
	}
	w := way(s.failed % int(fine)) // in turn, so that each comes
	s.failed++
	return w
}

func (s *faulty) turn(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = on
}

// failures are how many calls there were, and how many of them failed.
func (s *faulty) failures() (calls, failed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls, s.failed
}

func (s *faulty) do(call func() error) error {
	switch s.way() {
	case refused:
		return store.ErrUnavailable
	case doneAndLost:
		if err := call(); err != nil {
			return err
		}
		return store.ErrUnknown
	case lost:
		return store.ErrUnknown
	case late:
		return context.DeadlineExceeded
	case fine:
	}
	return call()
}

func give[T any](s *faulty, call func() (T, error)) (T, error) {
	var out, none T
	err := s.do(func() (err error) {
		out, err = call()
		return err
	})
	if err != nil {
		return none, err
	}
	return out, nil
}

func give2[T, U any](s *faulty, call func() (T, U, error)) (T, U, error) {
	type both struct {
		first  T
		second U
	}
	out, err := give(s, func() (both, error) {
		a, b, err := call()
		return both{a, b}, err
	})
	return out.first, out.second, err
}

// Close is not made to fail: the test would not end.
func (s *faulty) Close() error { return s.real.Close() }

func (s *faulty) Commit(ctx context.Context, changes []store.Change) ([]store.Result, error) {
	return give(s, func() ([]store.Result, error) { return s.real.Commit(ctx, changes) })
}

func (s *faulty) Case(ctx context.Context, office, id string) (store.CaseRow, error) {
	return give(s, func() (store.CaseRow, error) { return s.real.Case(ctx, office, id) })
}

func (s *faulty) CaseByNumber(ctx context.Context, office, number string) (store.CaseRow, error) {
	return give(s, func() (store.CaseRow, error) { return s.real.CaseByNumber(ctx, office, number) })
}

func (s *faulty) CasesOf(ctx context.Context, office string, q store.CaseQuery) (store.Page[store.CaseRow], error) {
	return give(s, func() (store.Page[store.CaseRow], error) { return s.real.CasesOf(ctx, office, q) })
}

func (s *faulty) History(ctx context.Context, office, id string, after int64, limit int) ([]store.EventRow, error) {
	return give(s, func() ([]store.EventRow, error) { return s.real.History(ctx, office, id, after, limit) })
}

func (s *faulty) Answer(ctx context.Context, office, key string) (store.Answer, error) {
	return give(s, func() (store.Answer, error) { return s.real.Answer(ctx, office, key) })
}

func (s *faulty) Counters(ctx context.Context, office string, series []string) (map[string]int64, error) {
	return give(s, func() (map[string]int64, error) { return s.real.Counters(ctx, office, series) })
}

func (s *faulty) Inbox(ctx context.Context, office string, q store.InboxQuery) (store.Page[store.TaskRow], error) {
	return give(s, func() (store.Page[store.TaskRow], error) { return s.real.Inbox(ctx, office, q) })
}

func (s *faulty) InboxCounts(
	ctx context.Context, office string, who []store.Candidate, limit int,
) (map[store.Candidate]int, error) {
	return give(s, func() (map[store.Candidate]int, error) { return s.real.InboxCounts(ctx, office, who, limit) })
}

func (s *faulty) Task(ctx context.Context, office, id string) (store.TaskRow, error) {
	return give(s, func() (store.TaskRow, error) { return s.real.Task(ctx, office, id) })
}

func (s *faulty) TasksOf(ctx context.Context, office, caseID string) ([]store.TaskRow, error) {
	return give(s, func() ([]store.TaskRow, error) { return s.real.TasksOf(ctx, office, caseID) })
}

func (s *faulty) Copies(
	ctx context.Context, office string, who []store.Candidate, person, after string, limit int,
) (store.Page[store.CopyRow], error) {
	return give(s, func() (store.Page[store.CopyRow], error) {
		return s.real.Copies(ctx, office, who, person, after, limit)
	})
}

func (s *faulty) ReadCopy(ctx context.Context, office, id, person string, at time.Time) error {
	return s.do(func() error { return s.real.ReadCopy(ctx, office, id, person, at) })
}

func (s *faulty) CopiesOf(ctx context.Context, office, caseID string) ([]store.CopyRow, error) {
	return give(s, func() ([]store.CopyRow, error) { return s.real.CopiesOf(ctx, office, caseID) })
}

func (s *faulty) DueTimers(ctx context.Context, now time.Time, limit int) ([]store.TimerRow, error) {
	return give(s, func() ([]store.TimerRow, error) { return s.real.DueTimers(ctx, now, limit) })
}

func (s *faulty) NextTimer(ctx context.Context, now time.Time) (time.Time, bool, error) {
	return give2(s, func() (time.Time, bool, error) { return s.real.NextTimer(ctx, now) })
}

func (s *faulty) Letters(ctx context.Context, limit int) ([]store.Letter, error) {
	return give(s, func() ([]store.Letter, error) { return s.real.Letters(ctx, limit) })
}

func (s *faulty) Subscribers(ctx context.Context, office, name, key string) ([]store.Subscription, error) {
	return give(s, func() ([]store.Subscription, error) { return s.real.Subscribers(ctx, office, name, key) })
}

func (s *faulty) KeepMessage(ctx context.Context, office string, msg store.KeptMessage) error {
	return s.do(func() error { return s.real.KeepMessage(ctx, office, msg) })
}

func (s *faulty) KeptMessages(
	ctx context.Context, office, name, key string, now time.Time,
) ([]store.KeptMessage, error) {
	return give(s, func() ([]store.KeptMessage, error) { return s.real.KeptMessages(ctx, office, name, key, now) })
}

func (s *faulty) Now(ctx context.Context) (time.Time, error) {
	return give(s, func() (time.Time, error) { return s.real.Now(ctx) })
}

func (s *faulty) CasesByRef(ctx context.Context, refs []store.CaseRef) ([]store.CaseRow, error) {
	return give(s, func() ([]store.CaseRow, error) { return s.real.CasesByRef(ctx, refs) })
}

func (s *faulty) Wakes(ctx context.Context) <-chan store.Wake { return s.real.Wakes(ctx) }

func (s *faulty) Upkeep(ctx context.Context, now time.Time, r store.Retention) (store.Forgotten, error) {
	return give(s, func() (store.Forgotten, error) { return s.real.Upkeep(ctx, now, r) })
}

func (s *faulty) FetchJobs(ctx context.Context, q store.JobFetch) ([]store.JobRow, error) {
	return give(s, func() ([]store.JobRow, error) { return s.real.FetchJobs(ctx, q) })
}

func (s *faulty) HoldJob(ctx context.Context, office, id string, fence int64, until time.Time) error {
	return s.do(func() error { return s.real.HoldJob(ctx, office, id, fence, until) })
}

func (s *faulty) Job(ctx context.Context, office, id string) (store.JobRow, error) {
	return give(s, func() (store.JobRow, error) { return s.real.Job(ctx, office, id) })
}

func (s *faulty) NextJob(ctx context.Context, office string, names []string) (time.Time, bool, error) {
	return give2(s, func() (time.Time, bool, error) { return s.real.NextJob(ctx, office, names) })
}

func (s *faulty) PutWorker(ctx context.Context, office string, w store.WorkerRow) error {
	return s.do(func() error { return s.real.PutWorker(ctx, office, w) })
}

func (s *faulty) Workers(ctx context.Context, office string) ([]store.WorkerRow, error) {
	return give(s, func() ([]store.WorkerRow, error) { return s.real.Workers(ctx, office) })
}

func (s *faulty) WorkerBySecret(ctx context.Context, hash []byte) (string, store.WorkerRow, error) {
	return give2(s, func() (string, store.WorkerRow, error) { return s.real.WorkerBySecret(ctx, hash) })
}

func (s *faulty) DropWorker(ctx context.Context, office, id string) error {
	return s.do(func() error { return s.real.DropWorker(ctx, office, id) })
}

func (s *faulty) PutSchedules(ctx context.Context, office string, rows []store.ScheduleRow) error {
	return s.do(func() error { return s.real.PutSchedules(ctx, office, rows) })
}

func (s *faulty) Schedules(ctx context.Context, office string) ([]store.ScheduleRow, error) {
	return give(s, func() ([]store.ScheduleRow, error) { return s.real.Schedules(ctx, office) })
}

func (s *faulty) DueSchedules(ctx context.Context, now time.Time, limit int) ([]store.ScheduleRow, error) {
	return give(s, func() ([]store.ScheduleRow, error) { return s.real.DueSchedules(ctx, now, limit) })
}

func (s *faulty) NextSchedule(ctx context.Context, now time.Time) (time.Time, bool, error) {
	return give2(s, func() (time.Time, bool, error) { return s.real.NextSchedule(ctx, now) })
}

func (s *faulty) RanSchedule(ctx context.Context, row store.ScheduleRow, was time.Time) error {
	return s.do(func() error { return s.real.RanSchedule(ctx, row, was) })
}

func (s *faulty) Deploy(
	ctx context.Context, office string, b store.BundleRow, procedures []store.ProcedureHash,
) ([]store.VersionRow, error) {
	return give(s, func() ([]store.VersionRow, error) { return s.real.Deploy(ctx, office, b, procedures) })
}

func (s *faulty) Bundle(ctx context.Context, office, hash string) (store.BundleRow, error) {
	return give(s, func() (store.BundleRow, error) { return s.real.Bundle(ctx, office, hash) })
}

func (s *faulty) Versions(ctx context.Context, office string) ([]store.VersionRow, error) {
	return give(s, func() ([]store.VersionRow, error) { return s.real.Versions(ctx, office) })
}

func (s *faulty) Version(ctx context.Context, office, procedure string, version int) (store.VersionRow, error) {
	return give(s, func() (store.VersionRow, error) { return s.real.Version(ctx, office, procedure, version) })
}

func (s *faulty) PutPerson(ctx context.Context, office string, p store.PersonRow) error {
	return s.do(func() error { return s.real.PutPerson(ctx, office, p) })
}

func (s *faulty) ChangePerson(
	ctx context.Context, office string, was, p store.PersonRow, letter *store.Letter,
) error {
	return s.do(func() error { return s.real.ChangePerson(ctx, office, was, p, letter) })
}

func (s *faulty) Person(ctx context.Context, office, id string) (store.PersonRow, error) {
	return give(s, func() (store.PersonRow, error) { return s.real.Person(ctx, office, id) })
}

func (s *faulty) People(ctx context.Context, office string) ([]store.PersonRow, error) {
	return give(s, func() ([]store.PersonRow, error) { return s.real.People(ctx, office) })
}

func (s *faulty) PutSubstitute(ctx context.Context, office string, row store.SubstituteRow) error {
	return s.do(func() error { return s.real.PutSubstitute(ctx, office, row) })
}

func (s *faulty) Substitutes(ctx context.Context, office string) ([]store.SubstituteRow, error) {
	return give(s, func() ([]store.SubstituteRow, error) { return s.real.Substitutes(ctx, office) })
}

func (s *faulty) DropSubstitute(ctx context.Context, office, id string) error {
	return s.do(func() error { return s.real.DropSubstitute(ctx, office, id) })
}

func (s *faulty) PutSetting(ctx context.Context, office string, row store.SettingRow) error {
	return s.do(func() error { return s.real.PutSetting(ctx, office, row) })
}

func (s *faulty) Settings(ctx context.Context, office string) ([]store.SettingRow, error) {
	return give(s, func() ([]store.SettingRow, error) { return s.real.Settings(ctx, office) })
}

func (s *faulty) DropSetting(ctx context.Context, office, procedure, name string) error {
	return s.do(func() error { return s.real.DropSetting(ctx, office, procedure, name) })
}

func (s *faulty) DeedsOf(ctx context.Context, office, procedure string, steps []string) ([]store.DeedRow, error) {
	return give(s, func() ([]store.DeedRow, error) { return s.real.DeedsOf(ctx, office, procedure, steps) })
}

func (s *faulty) PutLink(ctx context.Context, l store.LinkRow) error {
	return s.do(func() error { return s.real.PutLink(ctx, l) })
}

func (s *faulty) TakeLink(ctx context.Context, hash []byte) (store.LinkRow, error) {
	return give(s, func() (store.LinkRow, error) { return s.real.TakeLink(ctx, hash) })
}

func (s *faulty) PutSession(ctx context.Context, row store.SessionRow) error {
	return s.do(func() error { return s.real.PutSession(ctx, row) })
}

func (s *faulty) Session(ctx context.Context, hash []byte, now time.Time) (store.SessionRow, error) {
	return give(s, func() (store.SessionRow, error) { return s.real.Session(ctx, hash, now) })
}

func (s *faulty) DropSession(ctx context.Context, hash []byte) error {
	return s.do(func() error { return s.real.DropSession(ctx, hash) })
}

func (s *faulty) OfficeIDs(ctx context.Context) ([]string, error) {
	return give(s, func() ([]string, error) { return s.real.OfficeIDs(ctx) })
}

func (s *faulty) PutFile(ctx context.Context, office string, f store.FileRow) error {
	return s.do(func() error { return s.real.PutFile(ctx, office, f) })
}

func (s *faulty) File(ctx context.Context, office, id string) (store.FileRow, error) {
	return give(s, func() (store.FileRow, error) { return s.real.File(ctx, office, id) })
}

func (s *faulty) FileInfo(ctx context.Context, office, id string) (store.FileRow, error) {
	return give(s, func() (store.FileRow, error) { return s.real.FileInfo(ctx, office, id) })
}
