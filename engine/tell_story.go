package engine

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
)

// inStory tells whether a person would tell an event who is asked what happened to a case. All others are the engine's
// inner working.
func (t *teller) inStory(event core.Event) bool {
	switch x := event.(type) {
	case core.CaseStarted, core.Ended, core.Answered, core.Received, core.Reminded, core.Called, core.Issued,
		core.Stuck, core.Resolved, core.Stirred, core.Decided, core.Skipped, core.Transferred, core.Delegated,
		core.GaveBack, core.SignersAdded, core.Urged, core.CaseCopied, core.Commented, core.NotHandedOver,
		core.SentBack, core.Superseded, core.Detoured, core.Rejoined, core.Suspension, core.Resumption, core.Forced,
		core.Migrated, core.Asked, core.Tried, core.Replied:
		return true
	case core.SignersOut:
		return x.By.ID != ""
	case core.TimerCleared:
		return t.ranOut(x)
	case core.Chosen:
		return len(x.Why) > 0
	case core.Judged:
		return x.What == "event" || x.What == "wait"
	case core.Resulted:
		return x.Answer != "" && t.isCall(x.Act)
	case core.Moved:
		return x.To == core.Withdrawn && x.Why != core.TakenBack && x.Act != t.turned && t.someonesWork(x.Act)
	case core.EndReached:
		return t.endBeforeOthers(x)
	case core.DataSet, core.FrameOpened, core.FrameClosed, core.Opened, core.Passed, core.Joined, core.Dropped,
		core.RoundChanged, core.Offered, core.Claimed, core.Began, core.Released, core.Resumed, core.Spread,
		core.RowEnded, core.Subscribed, core.Unsubscribed, core.TimerSet, core.Kept, core.Unkept, core.Once,
		core.Returned, core.Drew, core.Locked, core.CanUndo, core.UndoEnded, core.Reopened:
		return false
	case core.Grown:
		return t.isMulti(x.Act)
	case core.Raised, core.UndoBegan, core.EndedEarly:
		return true
	default:
		return false
	}
}

// ranOut tells whether a timer's end is worth a sentence of its own: where people are called in, that sentence says it.
func (t *teller) ranOut(x core.TimerCleared) bool {
	st, timer := core.StepOf(t.proc, t.state, x.Act), t.timer(x)
	if !x.Fired || st == nil || timer == nil {
		return false
	}
	if timer.Kind == core.WaitTimer {
		return true
	}
	deed := deedOfTimer(st, timer)
	return deed != nil && slices.Contains(
		[]definitions.DeedKind{definitions.DeedTo, definitions.DeedAlso, definitions.DeedFinish}, deed.Kind)
}

func (t *teller) isMulti(act core.ID) bool {
	st := core.StepOf(t.proc, t.state, act)
	if st == nil {
		return false
	}
	_, ok := st.Work.(*definitions.Multi)
	return ok
}

func (t *teller) isCall(act core.ID) bool {
	st := core.StepOf(t.proc, t.state, act)
	if st == nil {
		return false
	}
	_, ok := st.Work.(*definitions.Call)
	return ok
}

// someonesWork tells whether a person, a message or another case would miss an activation that is withdrawn. What is
// around such work goes with it, and need not be told.
func (t *teller) someonesWork(act core.ID) bool {
	a, st := t.act(act), core.StepOf(t.proc, t.state, act)
	if a == nil || st == nil || !a.State.Live() {
		return false
	}
	switch st.Work.(type) {
	case *definitions.Task, *definitions.Wait, *definitions.Call:
		return true
	default:
		return false
	}
}

// endBeforeOthers tells whether the case has come to an end while other threads of it go on. Else the end of the case
// follows and says the same.
func (t *teller) endBeforeOthers(x core.EndReached) bool {
	f := t.frame(x.Frame)
	if f == nil || !t.wholeCase(f.Owner) || x.End == definitions.StopEnd {
		return false
	}
	if end := endOf(t.proc, x.End); end == nil || end.Cancels {
		return false
	}
	return slices.ContainsFunc(t.state.Acts, func(a *core.Activation) bool {
		return a.Frame == x.Frame && a.ID != x.By && (a.State.Live() || a.State == core.Trailing)
	})
}
