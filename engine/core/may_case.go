package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// What can be done with a case; and with a task, besides what stands in may_task.go.
const (
	ActReturn  Act = "return"
	ActRecall  Act = "recall"
	ActRevoke  Act = "revoke"
	ActSuspend Act = "suspend"
	ActResume  Act = "resume"
	ActJump    Act = "jump"
)

// CaseActs lists what a person may do now with a case, and why he may not do the rest. office says that he manages the
// procedure or keeps the office, admin that he keeps the office. It changes nothing.
func CaseActs(p *definitions.Procedure, s *State, c Context, who value.Person, office, admin bool) []Possible {
	m := &machine{p: p, s: s, c: c}
	may := func(act Act, in Input, allowed bool, more func() *Rejection) Possible {
		r := m.gate(in)
		switch {
		case r != nil:
		case !allowed:
			r = &Rejection{Code: NotAllowed, Args: map[string]string{"procedure": p.ID}}
		case more != nil:
			r = more()
		}
		return Possible{Act: act, Why: r}
	}
	return []Possible{
		may(ActRevoke, Revoke{}, true, func() *Rejection { return m.revocable(who) }),
		may(ActSuspend, Suspend{}, office, nil),
		may(ActResume, Resume{}, office, m.resumable),
		may(ActJump, Jump{}, admin, nil),
	}
}

// Target is a step to which a task may be returned.
type Target struct {
	Step *definitions.Step
	Why  *Rejection // nil = it may
}

// ReturnTargets lists the steps that were done before the task of a slot and that it came of, nearest first, and for
// each why a person may not return to it. It changes nothing.
func ReturnTargets(p *definitions.Procedure, s *State, c Context, slot ID, who value.Person) []Target {
	m := &machine{p: p, s: s, c: c}
	if m.gate(Return{}) != nil {
		return nil
	}
	from, found, task, r := m.find(slot)
	if r != nil || m.mayWork(from, found, task, who) != nil {
		return nil
	}
	var out []Target
	for _, a := range m.returnable(from) {
		of, why := m.target(from, a.Step)
		if why == nil {
			why = m.mayGoBack(of, SentBack{How: ByReturn, Person: who, Act: from.ID, To: of.Step, Of: of.ID})
		}
		out = append(out, Target{Step: m.step(a), Why: why})
	}
	return out
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
			if a.State == Done && before[a.ID] && shows(m.p, m.s, a) {
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
	if r := m.mayWork(a, slot, task, who); r != nil {
		return r
	}
	why := refusal(NotUpstream, a)
	for _, to := range m.returnable(a) {
		if _, why = m.target(a, to.Step); why == nil {
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
		if a.State != Done || a.Last == 0 || !slices.ContainsFunc(a.By, func(p value.Person) bool { return p.ID == who.ID }) {
			continue
		}
		st := m.step(a)
		if st == nil { // of an earlier version
			continue
		}
		if task, ok := st.Work.(*definitions.Task); ok && task.Recall {
			in := Recall{Actor: who, Slot: a.Last, Dry: true}
			out = append(out, Recallable{Slot: a.Last, Step: st, Why: Step(p, s, in, c).Rejection})
		}
	}
	return out
}
