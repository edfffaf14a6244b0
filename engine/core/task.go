package core

import (
	"cmp"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// A task is work for a person. It may follow any step; its outcome is the answer, or of several signatures what they
// come to: approved or rejected. Who is asked stands in asked.go, who signs with whom in slot.go and signers.go, who
// does it for somebody else in handover.go.

// The answers of a task with signatures.
const (
	Approved = "approved"
	Rejected = "rejected"
)

func (m *machine) openTask(a *Activation, _ *definitions.Step, w *definitions.Task) {
	asked, wrong := m.asked(a, w)
	if wrong == nil && len(asked) > maxSigners {
		wrong = tooManySigners()
	}
	var priority int64
	if wrong == nil {
		priority, wrong = m.priority(a, w)
	}
	if wrong != nil {
		m.stick(a.ID, AtOpen, wrong)
		return
	}
	if len(asked) == 0 {
		m.result(a, w.Skip)
		return
	}
	for i, who := range asked {
		why := OfferOpened
		if i > 0 && w.Sign == definitions.SignInOrder {
			why = OfferLater
		}
		m.emit(Offered{
			Act: a.ID, Slot: m.next(), Candidates: who.list, Why: why, Weight: who.weight, Priority: priority,
		})
	}
	known := false
	for _, slot := range a.Slots {
		known = slot.State == SlotOffered && m.approvedBefore(a, w, slot) || known
	}
	if known {
		m.settleSigners(a, w)
	}
}

func (m *machine) priority(a *Activation, w *definitions.Task) (int64, *Incident) {
	if w.Priority == nil {
		return 0, nil
	}
	v, err := w.Priority.Eval(m.scope(a))
	if err != nil {
		return 0, trouble(err, w.Priority.Source())
	}
	n, ok := v.(int64)
	if !ok {
		return 0, &Incident{Code: "type", Message: "the priority is no whole number", Formula: w.Priority.Source()}
	}
	return max(-maxPriority, min(n, maxPriority)), nil
}

// maxPriority bounds a priority on either side: what is greater counts as that.
const maxPriority = 1_000_000

// find returns a slot that has not ended, with its activation and task.
func (m *machine) find(id ID) (*Activation, *Slot, *definitions.Task, *Rejection) {
	for _, a := range m.s.Acts {
		if a.State != Open {
			continue
		}
		slot := a.slotByID(id)
		if slot == nil || slot.State.Ended() {
			continue
		}
		task, ok := m.step(a).Work.(*definitions.Task)
		if !ok {
			panic(&Broken{What: "slot of a step that is no task: " + a.Step})
		}
		return a, slot, task, nil
	}
	return nil, nil, nil, &Rejection{Code: NotOpen}
}

// actOnTask does what a person does with a task.
func (m *machine) actOnTask(in Input) *Rejection {
	switch in := in.(type) { //nolint:gochecksumtype // decide has the others
	case Claim:
		return m.claim(in)
	case StartWork:
		return m.startWork(in)
	case Release:
		return m.release(in)
	case SaveDraft:
		return m.saveDraft(in)
	case Complete:
		return m.complete(in)
	case Transfer:
		return m.transfer(in)
	case Delegate:
		return m.delegate(in)
	case AddSigners:
		return m.addSigners(in)
	case RemoveSigner:
		return m.removeSigner(in)
	}
	panic(&Broken{What: "an act on a task of an unknown kind"})
}

// entitled refuses a person who may not work on the task of a slot now.
func (m *machine) entitled(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	switch slot.State {
	case SlotWaiting:
		return refusal(NotOpen, a)
	case SlotHeld:
		return refusal(Asking, a)
	case SlotGiven:
		if slot.Given.ID != who.ID {
			return heldBy(a, *slot.Given)
		}
		return m.allowed(a, slot, task, who)
	case SlotOffered, SlotClaimed, SlotStarted, SlotAnswered, SlotRemoved, SlotWithdrawn:
	}
	if !isCandidate(slot.Candidates, who) {
		return refusal(NotACandidate, a)
	}
	if slot.Holder != nil && slot.Holder.ID != who.ID {
		return heldBy(a, *slot.Holder)
	}
	if m.signed(a, who.ID) && m.others(a, slot, who.ID) {
		return refusal(NotAllowed, a) // one person gives one signature, where another one can
	}
	return m.allowed(a, slot, task, who)
}

func heldBy(a *Activation, holder value.Person) *Rejection {
	return &Rejection{Code: HeldByOther, Args: map[string]string{"step": a.Step, "holder": holder.Name}}
}

// allowed refuses a person whom the procedure does not let decide: by `self` or by `allow`. Who is only asked for
// advice decides nothing.
func (m *machine) allowed(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	if slot != nil && a.Advises(slot) {
		return nil
	}
	if task.Self != definitions.SelfAllow && who.ID == m.s.Starter.ID {
		return refusal(NotAllowed, a)
	}
	if task.Allow == nil {
		return nil
	}
	scope, actor := m.scope(a), who
	scope.Actor = &actor
	holds, err := task.Allow.Eval(scope)
	if err != nil {
		return unfit(err, task.Allow.Source())
	}
	if !holds {
		return refusal(NotAllowed, a)
	}
	return nil
}

// refusal names the step that an act was meant for.
func refusal(code Code, a *Activation) *Rejection {
	return &Rejection{Code: code, Args: map[string]string{"step": a.Step}}
}

// signed tells whether a person has given a signature of this step already.
func (m *machine) signed(a *Activation, person string) bool {
	return slices.ContainsFunc(a.Slots, func(x *Slot) bool {
		return x.State == SlotAnswered && x.signs(person) && !a.Advises(x)
	})
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
	return m.mayWork(a, found, task, who)
}

// FormOf gives the form that is filled in to complete the task of a slot; nil: none. Those who are only asked for
// advice fill in nothing.
func FormOf(p *definitions.Procedure, s *State, slot ID) *definitions.Form {
	m := &machine{p: p, s: s}
	a, found, task, r := m.find(slot)
	if r != nil || a.Advises(found) {
		return nil
	}
	return task.Form
}

// AnswersOf lists the answers that the task of a slot takes; none: it is simply done.
func AnswersOf(p *definitions.Procedure, s *State, slot ID) []definitions.Outcome {
	m := &machine{p: p, s: s}
	a, found, task, r := m.find(slot)
	if r != nil {
		return nil
	}
	return m.answers(a, found, task)
}

func (m *machine) claim(in Claim) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if slot.State == SlotGiven && slot.Holder.ID == m.owner(in.Actor).ID {
		m.emit(GaveBack{Act: a.ID, Slot: slot.ID, By: in.Actor, For: m.stands()})
		return nil
	}
	if r := m.mayWork(a, slot, task, in.Actor); r != nil {
		return r
	}
	if slot.Holder == nil {
		m.emit(Claimed{Act: a.ID, Slot: slot.ID, Person: in.Actor, For: m.stands()})
	}
	return nil
}

func (m *machine) startWork(in StartWork) *Rejection {
	return m.work(in.Slot, in.Actor, false)
}

// work begins a task, unless that is done, or with a draft of what is to be filled in.
func (m *machine) work(id ID, who value.Person, draft bool) *Rejection {
	a, slot, task, r := m.find(id)
	if r != nil {
		return r
	}
	if r := cmp.Or(m.mayWork(a, slot, task, who), m.mayBegin(a, slot)); r != nil {
		return r
	}
	m.begin(a, slot)
	if slot.State == SlotOffered || slot.State == SlotClaimed {
		m.emit(Began{Act: a.ID, Slot: slot.ID, Person: who, For: m.stands(), Draft: draft})
	}
	return nil
}

func (m *machine) release(in Release) *Rejection {
	a, slot, _, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := m.mayRelease(a, slot, in.Actor); r != nil {
		return r
	}
	if slot.State == SlotGiven {
		m.emit(GaveBack{Act: a.ID, Slot: slot.ID, By: in.Actor, For: m.stands()})
		return nil
	}
	m.emit(Released{Act: a.ID, Slot: slot.ID, For: m.stands()})
	return nil
}

func (m *machine) mayRelease(a *Activation, slot *Slot, who value.Person) *Rejection {
	switch {
	case slot.Worker() != m.owner(who).ID:
		return refusal(NotHeld, a)
	case slot.State == SlotHeld:
		return refusal(Asking, a)
	}
	return nil
}

func (m *machine) saveDraft(in SaveDraft) *Rejection {
	if r := m.work(in.Slot, in.Actor, true); r != nil {
		return r
	}
	m.effects = append(m.effects, PutDraft{Slot: in.Slot, Draft: in.Draft})
	return nil
}

func (m *machine) complete(in Complete) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := cmp.Or(m.mayWork(a, slot, task, in.Actor), m.mayBegin(a, slot)); r != nil {
		return r
	}
	if r := knownAnswer(m.answers(a, slot, task), in.Answer); r != nil {
		return r
	}
	d, r := m.filledIn(a, slot, task, in)
	if r != nil {
		return r
	}
	if slot.State == SlotGiven {
		return m.propose(a, slot, task, in)
	}
	m.begin(a, slot)
	m.emit(Answered{
		Act: a.ID, Slot: slot.ID, Person: in.Actor, For: m.stands(), Answer: in.Answer, Note: in.Note,
	})
	m.emitDraft(d)
	m.settleSigners(a, task)
	return nil
}

// filledIn lays what a person sends over the data, and checks it.
func (m *machine) filledIn(a *Activation, slot *Slot, task *definitions.Task, in Complete) (*draft, *Rejection) {
	form, checks := task.Form, task.Checks
	if a.Advises(slot) {
		form, checks = nil, nil
	}
	scope := m.scope(a)
	scope.Actor, scope.Answer = &in.Actor, in.Answer
	d, r := m.fillAfter(form, m.rowOf(a.Frame), in.Values, scope, m.anySigned(a))
	if r != nil {
		return nil, r
	}
	if r := m.checkAll(checks, d, scope); r != nil || m.c.For == nil {
		return d, r
	}
	scope.Actor = m.c.For
	return d, m.checkAll(checks, d, scope)
}

// anySigned tells whether a signature was given before this one.
func (m *machine) anySigned(a *Activation) bool {
	return slices.ContainsFunc(a.Slots, func(x *Slot) bool { return x.State == SlotAnswered && !a.Advises(x) })
}

// answers lists what a slot may be answered. Whoever signs without being asked by the step itself approves or rejects.
func (m *machine) answers(_ *Activation, slot *Slot, task *definitions.Task) []definitions.Outcome {
	if slot.Group == 0 || task.Sign != definitions.SignNone {
		return task.Answers
	}
	return []definitions.Outcome{{ID: Approved}, {ID: Rejected}}
}

func knownAnswer(answers []definitions.Outcome, answer string) *Rejection {
	if len(answers) == 0 && answer == "" {
		return nil
	}
	if slices.ContainsFunc(answers, func(o definitions.Outcome) bool { return o.ID == answer }) {
		return nil
	}
	return &Rejection{Code: UnknownAnswer, Args: map[string]string{"answer": answer}}
}
