package core

import (
	"cmp"
	"iter"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// What can be done with a case; and with a task, besides what stands in may_task.go.
const (
	ActReturn     Act = "return"
	ActRecall     Act = "recall"
	ActRevoke     Act = "revoke"
	ActCancel     Act = "cancel"
	ActSuspend    Act = "suspend"
	ActResume     Act = "resume"
	ActJump       Act = "jump"
	ActSkip       Act = "skip"
	ActRetry      Act = "retry"
	ActUrge       Act = "urge"
	ActCopy       Act = "copy"
	ActComment    Act = "comment"
	ActSend       Act = "send"
	ActAddRow     Act = "add-row"
	ActFinishRows Act = "finish-rows"
)

// CaseActs lists what a person may do now with a case, and why he may not do the rest. What is done to a part of it
// stands there once for each: a message, a step that runs once for each row, what is open or stuck, what was done. It
// changes nothing.
func CaseActs(p *definitions.Procedure, s *State, c Context, who value.Person, rights Rights) []Possible {
	m := &machine{p: p, s: s, c: c}
	out := ActsOnWhole(p, s, c, who, rights)
	for _, msg := range p.Messages {
		if msg.Open {
			out = append(out, Possible{
				Act: ActSend, Message: msg.ID, Why: m.mayOnCase(Deliver{Name: msg.ID, Sender: &who}, rights),
			})
		}
	}
	for _, done := range Recalls(p, s, c, who) {
		out = append(out, Possible{Act: ActRecall, On: done.Slot, Step: done.Step.ID, Why: done.Why})
	}
	for _, a := range s.Acts {
		out = append(out, m.actsOnPart(a, who, rights)...)
	}
	return out
}

// ActsOnWhole lists those of CaseActs that are done to the whole case. It changes nothing.
func ActsOnWhole(p *definitions.Procedure, s *State, c Context, who value.Person, rights Rights) []Possible {
	m := &machine{p: p, s: s, c: c}
	var out []Possible
	for _, x := range []struct {
		act Act
		in  Input
	}{
		{ActRevoke, Revoke{Actor: who}}, {ActCancel, Cancel{Actor: &who}}, {ActSuspend, Suspend{Actor: who}},
		{ActResume, Resume{Actor: who}}, {ActJump, Jump{Actor: who}}, {ActUrge, Urge{Actor: who}},
		{ActCopy, CopyCase{Actor: who}}, {ActComment, Comment{Actor: who}},
	} {
		out = append(out, Possible{Act: x.act, Why: m.mayOnCase(x.in, rights)})
	}
	return out
}

// actsOnPart lists what may be done to one activation of a case. Only an administrator is told of repairs.
func (m *machine) actsOnPart(a *Activation, who value.Person, rights Rights) []Possible {
	var out []Possible
	may := func(act Act, in Input) {
		out = append(out, Possible{Act: act, On: a.ID, Step: a.Step, Why: m.mayOnCase(in, rights)})
	}
	if rights.Admin && a.Frame != 0 && !a.State.Over() {
		may(ActSkip, Skip{Actor: who, Act: a.ID})
	}
	if rights.Admin && a.Incident != nil {
		may(ActRetry, Retry{Actor: who, Act: a.ID})
	}
	if st := m.step(a); a.State == Open && st != nil {
		if w, ok := st.Work.(*definitions.Multi); ok {
			if w.Add != nil {
				may(ActAddRow, AddRow{Actor: who, Act: a.ID})
			}
			if w.Finish != nil {
				may(ActFinishRows, FinishRows{Actor: who, Act: a.ID})
			}
		}
	}
	return out
}

// MayOnCase refuses an act on a case that a person may not do now; nil = he may, as far as that can be told without
// what he fills in with it. It changes nothing.
func MayOnCase(p *definitions.Procedure, s *State, c Context, in Input, rights Rights) *Rejection {
	m := &machine{p: p, s: s, c: c}
	return m.mayOnCase(in, rights)
}

func (m *machine) mayOnCase(in Input, rights Rights) *Rejection {
	if r := m.gate(in); r != nil {
		return r
	}
	switch in := in.(type) { //nolint:gochecksumtype // the others are no acts of people on cases
	case Revoke:
		return m.revocable(in.Actor)
	case Cancel:
		if m.isStarter(in.Actor) && m.p.Revoke == nil { // else he revokes: what he has done is undone
			return nil
		}
		return rights.manager(m.p.ID)
	case Suspend:
		return rights.manager(m.p.ID)
	case Resume:
		return cmp.Or(rights.manager(m.p.ID), m.resumable())
	case Jump:
		return rights.admin()
	case Skip:
		_, r := m.skippable(in.Act)
		return cmp.Or(rights.admin(), r)
	case Retry:
		_, r := m.stuck(in.Act)
		return cmp.Or(rights.admin(), r)
	case Urge:
		_, r := m.toUrge()
		return r
	case Deliver:
		_, _, r := m.expects(in)
		return r
	case AddRow:
		_, _, r := m.growable(in)
		return r
	case FinishRows:
		_, r := m.finishable(in)
		return r
	}
	return nil
}

// Target is a step to which a case may be led back, or on by a jump.
type Target struct {
	Step *definitions.Step
	Why  *Rejection // nil = it may
}

// ReturnTarget is a step to which a task may be returned.
type ReturnTarget struct {
	Target
	Straight *Rejection // why it cannot come straight back from there; nil = it may
}

// ReturnTargets lists the steps that were done before the task of a slot and that it came of, nearest first, and for
// each why a person may not return to it. It changes nothing.
func ReturnTargets(p *definitions.Procedure, s *State, c Context, slot ID, who value.Person) []ReturnTarget {
	m := &machine{p: p, s: s, c: c}
	if m.gate(Return{}) != nil {
		return nil
	}
	from, found, task, r := m.find(slot)
	if r != nil || m.maySendBack(from, found, task, who) != nil {
		return nil
	}
	return slices.Collect(m.returns(from, who))
}

// returns tells, one by one, of the steps to which a person might return from an activation.
func (m *machine) returns(from *Activation, who value.Person) iter.Seq[ReturnTarget] {
	return func(yield func(ReturnTarget) bool) {
		for _, a := range m.returnable(from) {
			of, why := m.target(from, a.Step)
			straight := why
			if why == nil {
				why = m.mayGoBack(of, SentBack{How: ByReturn, Person: who, Act: from.ID, To: of.Step, Of: of.ID})
				straight = m.mayDetour(from, of)
			}
			if !yield(ReturnTarget{Target: Target{Step: m.step(a), Why: why}, Straight: straight}) {
				return
			}
		}
	}
}

// returnable lists the last runs of the steps that an activation came of, nearest first.
func (m *machine) returnable(from *Activation) []*Activation {
	var out []*Activation
	for at := from; at != nil && at.Frame != 0; at = m.act(m.s.frame(at.Frame).Owner) {
		if m.s.frame(at.Frame).Undoes != nil {
			break
		}
		before := m.upstream(at)
		var done []*Activation
		for _, a := range m.s.Acts {
			if (a.State == Done || a.State == Trailing) && before[a.ID] && shows(m.p, m.s, a) {
				done = append(done, a)
			}
		}
		slices.SortFunc(done, func(a, b *Activation) int { return int(b.Order - a.Order) })
		for _, a := range done {
			if !slices.ContainsFunc(out, func(o *Activation) bool { return o.Step == a.Step }) {
				out = append(out, a)
			}
		}
	}
	return out
}

// mayReturn says whether there is a step to which a person may return a task; if not, why not.
func (m *machine) mayReturn(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	if r := m.maySendBack(a, slot, task, who); r != nil {
		return r
	}
	why := refusal(NotUpstream, a)
	for to := range m.returns(a, who) {
		if why = to.Why; why == nil || to.Straight == nil {
			return nil
		}
	}
	return why
}

// Recallable is a task that a person has done and that its step lets him take back.
type Recallable struct {
	Slot ID
	Step *definitions.Step
	Why  *Rejection // nil = he may
}

// Recalls lists the tasks that a person has done and might take back. It changes nothing.
func Recalls(p *definitions.Procedure, s *State, c Context, who value.Person) []Recallable {
	m := &machine{p: p, s: s, c: c}
	var out []Recallable
	if m.gate(Recall{}) != nil {
		return nil
	}
	for _, a := range s.Acts {
		for _, done := range a.Sealed {
			if st := p.Steps[done.Step]; st != nil && among(done.By, who) {
				out = append(out, Recallable{Slot: done.Slot, Step: st, Why: m.mayRecall(done.Slot, who)})
			}
		}
		if a.State != Done || a.Last == 0 || !among(a.By, who) {
			continue
		}
		if st := m.step(a); st != nil && recalls(st) { // else of an earlier version
			out = append(out, Recallable{Slot: a.Last, Step: st, Why: m.mayRecall(a.Last, who)})
		}
	}
	return out
}

// mayRecall says why a person may not take back a task that he has done.
func (m *machine) mayRecall(slot ID, who value.Person) *Rejection {
	after := &machine{p: m.p, s: m.s.Clone(), c: m.c, hopes: m.hopes}
	return after.recall(Recall{Actor: who, Slot: slot})
}
