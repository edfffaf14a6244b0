package engine

import (
	"context"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// The fates of a task that is not the actor's any more, as Args["why"] of an error with code not-open names them.
const (
	FateDone      = "done"       // Args["by"] names who did it
	FateTimedOut  = "timed-out"  // its time was over
	FateWithdrawn = "withdrawn"  // the case went another way
	FateMoved     = "reassigned" // it is open, but offered to others now
	FateRemoved   = "removed"    // whoever was to sign need not any more; Args["by"] names who said so
)

// explain words the refusal of an act on a task: whoever was offered the task, at whatever time, is told what became
// of it; whoever may see the case is told, too; to all others there is no such task. The history is read only here,
// where something was refused already.
func (e *Engine) explain(ctx context.Context, r *reader, id string, slot core.ID, refused error) error {
	code := codeOf(refused)
	switch code {
	case CodeNotFound, CodeUnavailable, CodeBusy, CodeInternal, CodeKeyReused:
		return refused
	}
	f, err := e.fateOf(ctx, r, id, slot)
	if err != nil {
		return err
	}
	if !f.offered {
		if err := e.hide(ctx, r, id, refused); codeOf(err) != code {
			return err
		}
	}
	switch core.Code(code) {
	case core.NotOpen, core.CaseEnded:
		if f.why != "" {
			return f.notOpen()
		}
	case core.NotACandidate:
		if f.offered {
			f.why = FateMoved
			return f.notOpen()
		}
	default: // it is open, and what is wrong is something else
	}
	return refused
}

// fate is what the history says of one task.
type fate struct {
	reader  *reader
	slot    core.ID
	act     core.ID
	of      string // its case, if the reader may see that
	offered bool   // the reader was among those who were offered it
	by      []value.Person
	why     string
	fired   time.Time // when the last timer fell due, as long as nobody has acted since
}

// fateOf reads the history of a task. A case that cannot be read says nothing of it.
func (e *Engine) fateOf(ctx context.Context, r *reader, id string, slot core.ID) (*fate, error) {
	f := &fate{reader: r, slot: slot}
	s, err := e.fresh(ctx, caseKey{office: r.office, id: id})
	if err != nil {
		return f, nil //nolint:nilerr // what was refused stands, and hide reads the case again
	}
	if may, err := e.maySee(ctx, r, s); err != nil {
		return f, err
	} else if may {
		f.of = id
	}
	for after := int64(0); after < maxFate; {
		rows, err := e.store.History(ctx, r.office, id, after, maxPage)
		if err != nil || len(rows) == 0 {
			return f, err
		}
		for _, row := range rows {
			f.see(s, row)
		}
		after = rows[len(rows)-1].Seq
	}
	return f, nil
}

// see learns from one event. One that cannot be read says nothing.
func (f *fate) see(s *snapshot, row store.EventRow) {
	if row.Actor != "" {
		f.fired = time.Time{}
	}
	var event core.Event
	err := guarded(func() (err error) {
		event, err = core.DecodeEvent(s.proc, row.Kind, row.Body)
		return err
	})
	if err != nil {
		return
	}
	switch x := event.(type) {
	case core.Offered:
		if x.Slot == f.slot {
			f.act, f.why = x.Act, ""
			f.offered = f.offered || f.reader.offered(x.Candidates)
		}
	case core.Resulted:
		if f.isAct(x.Act) && f.why == "" && len(x.By) > 0 {
			f.by, f.why = x.By, FateDone // others have signed, and that decided it
		}
	case core.TimerCleared:
		if x.Fired {
			f.fired = row.At
		}
	case core.Moved:
		if f.isAct(x.Act) && f.why == "" && x.To == core.Withdrawn {
			f.why = FateWithdrawn
			if f.fired.Equal(row.At) {
				f.why = FateTimedOut
			}
		}
	default:
		f.seeDeed(event)
	}
}

// seeDeed learns from what people have done with the task.
func (f *fate) seeDeed(event core.Event) {
	mine := func(slot core.ID, who value.Person) {
		f.offered = f.offered || slot == f.slot && who.ID == f.reader.person.ID
	}
	switch x := event.(type) {
	case core.Claimed:
		mine(x.Slot, x.Person)
	case core.Began:
		mine(x.Slot, x.Person)
	case core.Transferred:
		mine(x.Slot, x.To)
	case core.Delegated:
		mine(x.Slot, x.To)
	case core.Answered:
		if x.Slot == f.slot {
			f.by, f.why = []value.Person{x.Person}, FateDone
		}
	case core.SignersOut:
		if slices.Contains(x.Slots, f.slot) {
			f.why = FateWithdrawn
			if x.By.ID != "" {
				f.by, f.why = []value.Person{x.By}, FateRemoved
			}
		}
	default: // it says nothing of a task
	}
}

func (f *fate) isAct(id core.ID) bool { return f.act != 0 && f.act == id }

// offered tells whether the reader is meant by a list of candidates.
func (r *reader) offered(list []formula.Candidate) bool {
	return slices.ContainsFunc(list, r.is)
}

// notOpen is the refusal that says what became of a task.
func (f *fate) notOpen() *Error {
	args := map[string]string{"why": f.why}
	if f.of != "" {
		args["case"] = f.of
	}
	if len(f.by) > 0 && (f.why == FateDone || f.why == FateRemoved) {
		args["by"] = f.reader.renderer("", nil).list(namesOf(f.by))
	}
	return &Error{Code: string(core.NotOpen), Args: args}
}

func namesOf(people []value.Person) []string {
	out := make([]string, len(people))
	for i, p := range people {
		out[i] = p.Name
	}
	return out
}
