package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// snapshot is a case at one revision. It is shared and never changed: a Step works on a clone of the state.
type snapshot struct {
	row   store.CaseRow // without its State
	state *core.State
	proc  *definitions.Procedure
}

// snapshot gives a case as this engine last saw it, or as the store has it. It may be out of date; a change made on it
// is then stale.
func (e *Engine) snapshot(ctx context.Context, key caseKey) (*snapshot, error) {
	if s, ok := e.cases.get(key); ok {
		return s, nil
	}
	return e.fresh(ctx, key)
}

// fresh gives a case as the store has it now; the state is decoded only if it is not known yet.
func (e *Engine) fresh(ctx context.Context, key caseKey) (*snapshot, error) {
	row, err := e.store.Case(ctx, key.office, key.id)
	if err != nil {
		return nil, err
	}
	return e.read(ctx, row)
}

// read gives the case of a row that the store has just given.
func (e *Engine) read(ctx context.Context, row store.CaseRow) (*snapshot, error) {
	if s, ok := e.cases.get(caseKey{office: row.Office, id: row.ID}); ok && s.row.Revision == row.Revision {
		return s, nil
	}
	return e.decode(ctx, row)
}

// prefetch reads at once what own work is about to step; what cannot be read is found out when its turn comes.
func (e *Engine) prefetch(ctx context.Context, refs []store.CaseRef) error {
	refs = slices.DeleteFunc(refs, func(ref store.CaseRef) bool {
		_, known := e.cases.get(caseKey{office: ref.Office, id: ref.ID})
		return known
	})
	if len(refs) < 2 {
		return nil
	}
	rows, err := e.store.CasesByRef(ctx, refs)
	for _, row := range rows {
		_, _ = e.decode(ctx, row)
	}
	return err
}

// decode reads a row's state. A row that cannot be read is as good as frozen: its case does nothing, others go on.
func (e *Engine) decode(ctx context.Context, row store.CaseRow) (*snapshot, error) {
	p, err := e.books.version(ctx, row.Office, row.Procedure, row.Version)
	if err != nil {
		return nil, e.unreadable(row, err)
	}
	var state *core.State
	err = guarded(func() (err error) {
		state, err = core.DecodeState(p, row.State)
		return err
	})
	if err != nil {
		return nil, e.unreadable(row, err)
	}
	row.State = nil
	s := &snapshot{row: row, state: state, proc: p}
	key := caseKey{office: row.Office, id: row.ID}
	e.cases.put(key, s, func(old *snapshot) bool { return old.row.Revision > row.Revision })
	return s, nil
}

func (e *Engine) unreadable(row store.CaseRow, err error) error {
	if errors.Is(err, core.ErrNewer) {
		e.log.Warn("a case is left to a newer release", "office", row.Office, "case", row.ID, "error", err)
		return fail(CodeUnavailable, err)
	}
	if code := codeOf(err); code == CodeUnavailable {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	e.log.Error("a case cannot be read", "office", row.Office, "case", row.ID, "procedure", row.Procedure,
		"version", row.Version, "error", err)
	return &Error{Code: string(core.CaseFrozen), Args: map[string]string{"number": row.Number}, Cause: err}
}
