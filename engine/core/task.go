package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// A task is work for a person. It may follow any step; its outcome is the answer, or of several signatures what they
// come to: approved or rejected.

// The answers of a task with signatures.
const (
	Approved = "approved"
	Rejected = "rejected"
)

func (m *machine) openTask(a *Activation, _ *definitions.Step, w *definitions.Task) {
	list, wrong := m.peopleOf(w.By, a)
	if wrong == nil && len(list) == 0 {
		wrong = &Incident{Code: "nobody", Message: "nobody is there to do " + a.Step}
	}
	if wrong != nil {
		m.stick(a.ID, AtOpen, wrong)
		return
	}
	if w.Sign == definitions.SignNone {
		m.emit(Offered{Act: a.ID, Slot: m.next(), Candidates: list, Why: OfferOpened})
		return
	}
	for i, who := range list {
		why := OfferOpened
		if i > 0 && w.Sign == definitions.SignInOrder {
			why = OfferLater
		}
		m.emit(Offered{Act: a.ID, Slot: m.next(), Candidates: []formula.Candidate{who}, Why: why})
	}
}

// find returns an open slot with its activation and task.
func (m *machine) find(id ID) (*Activation, *Slot, *definitions.Task, *Rejection) {
	for _, a := range m.s.Acts {
		if a.State != Open {
			continue
		}
		for _, slot := range a.Slots {
			if slot.ID != id || !slot.State.open() {
				continue
			}
			task, ok := m.step(a).Work.(*definitions.Task)
			if !ok {
				panic(&Broken{What: "slot of a step that is no task: " + a.Step})
			}
			return a, slot, task, nil
		}
	}
	return nil, nil, nil, &Rejection{Code: NotOpen}
}

// entitled refuses a person who may not do the task of a slot.
func (m *machine) entitled(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	args := map[string]string{"step": a.Step}
	if !isCandidate(slot.Candidates, who) {
		return &Rejection{Code: NotACandidate, Args: args}
	}
	if slot.Holder != nil && slot.Holder.ID != who.ID {
		return &Rejection{Code: HeldByOther, Args: map[string]string{"step": a.Step, "holder": slot.Holder.Name}}
	}
	if m.signed(a, who.ID) && m.others(a, slot, who.ID) {
		return &Rejection{Code: NotAllowed, Args: args} // one person gives one signature, where another one can
	}
	if task.Allow == nil {
		return nil
	}
	scope := m.scope(a)
	scope.Actor = &who
	holds, err := task.Allow.Eval(scope)
	if err != nil {
		return unfit(err, task.Allow.Source())
	}
	if !holds {
		return &Rejection{Code: NotAllowed, Args: args}
	}
	return nil
}

// signed tells whether a person has given a signature of this step already.
func (m *machine) signed(a *Activation, person string) bool {
	return slices.ContainsFunc(a.Slots, func(x *Slot) bool { return x.State == SlotAnswered && x.Holder.ID == person })
}

// others tells whether somebody else who has not signed could take the slot.
func (m *machine) others(a *Activation, slot *Slot, person string) bool {
	for _, c := range slot.Candidates {
		if c.Person != "" && c.Person != person && !m.signed(a, c.Person) {
			return true
		}
		for _, p := range m.c.Staff.Holders(c.Post) {
			if c.Post != "" && p.ID != person && !m.signed(a, p.ID) {
				return true
			}
		}
	}
	return false
}

func isCandidate(list []formula.Candidate, who value.Person) bool {
	return slices.ContainsFunc(list, func(c formula.Candidate) bool {
		return c.Person == who.ID && c.Person != "" || c.Post != "" && slices.Contains(who.Posts, c.Post)
	})
}

// MayDo says whether a person may now complete the task of a slot; nil = yes. It changes nothing.
func MayDo(p *definitions.Procedure, s *State, c Context, slot ID, who value.Person) *Rejection {
	m := &machine{p: p, s: s, c: c}
	if r := m.gate(Claim{}); r != nil {
		return r
	}
	a, found, task, r := m.find(slot)
	if r != nil {
		return r
	}
	return m.entitled(a, found, task, who)
}

func (m *machine) claim(in Claim) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := m.entitled(a, slot, task, in.Actor); r != nil {
		return r
	}
	if slot.Holder == nil {
		m.emit(Claimed{Act: a.ID, Slot: slot.ID, Person: in.Actor})
	}
	return nil
}

func (m *machine) release(in Release) *Rejection {
	a, slot, _, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if slot.Holder == nil || slot.Holder.ID != in.Actor.ID {
		return &Rejection{Code: NotHeld, Args: map[string]string{"step": a.Step}}
	}
	m.emit(Released{Act: a.ID, Slot: slot.ID})
	return nil
}

func (m *machine) saveDraft(in SaveDraft) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := m.entitled(a, slot, task, in.Actor); r != nil {
		return r
	}
	if slot.State != SlotStarted {
		m.emit(Claimed{Act: a.ID, Slot: slot.ID, Person: in.Actor, Draft: true})
	}
	m.effects = append(m.effects, PutDraft{Slot: slot.ID, Draft: in.Draft})
	return nil
}

func (m *machine) complete(in Complete) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := m.entitled(a, slot, task, in.Actor); r != nil {
		return r
	}
	if r := knownAnswer(task, in.Answer); r != nil {
		return r
	}
	scope := m.scope(a)
	scope.Actor, scope.Answer = &in.Actor, in.Answer
	d, r := m.fillAfter(task.Form, m.rowOf(a.Frame), in.Values, scope, m.anySigned(a))
	if r != nil {
		return r
	}
	if r := m.checkAll(task.Checks, d, scope); r != nil {
		return r
	}
	m.emit(Answered{Act: a.ID, Slot: slot.ID, Person: in.Actor, Answer: in.Answer})
	m.emitDraft(d)
	m.tally(a, task, in.Answer)
	return nil
}

// anySigned tells whether a signature was given before this one.
func (m *machine) anySigned(a *Activation) bool {
	return slices.ContainsFunc(a.Slots, func(x *Slot) bool { return x.State == SlotAnswered })
}

func knownAnswer(task *definitions.Task, answer string) *Rejection {
	if len(task.Answers) == 0 && answer == "" {
		return nil
	}
	if slices.ContainsFunc(task.Answers, func(o definitions.Outcome) bool { return o.ID == answer }) {
		return nil
	}
	return &Rejection{Code: UnknownAnswer, Args: map[string]string{"answer": answer}}
}

// tally decides whether the signatures so far make a result.
func (m *machine) tally(a *Activation, task *definitions.Task, answer string) {
	var by []value.Person
	open := 0
	var waiting *Slot
	for _, slot := range a.Slots {
		switch {
		case slot.State == SlotAnswered:
			by = append(by, *slot.Holder)
		case slot.State == SlotWaiting && waiting == nil:
			waiting = slot
			open++
		default:
			open++
		}
	}
	decided := open == 0 || task.Sign == definitions.SignNone || task.Sign == definitions.SignAny ||
		answer == Rejected
	if decided {
		m.result(a, answer, by...)
		return
	}
	if waiting != nil {
		m.emit(Offered{Act: a.ID, Slot: waiting.ID, Candidates: waiting.Candidates, Why: OfferTurn})
	}
}
