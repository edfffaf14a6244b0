package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Who does a task for somebody else: transferred for good 轉辦, or delegated until it comes back 委派.

func (m *machine) transfer(in Transfer) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := m.mayTransfer(a, slot, task, in.Actor, in.Office); r != nil {
		return r
	}
	permit := task.Transfer
	if in.Office {
		permit.Kind = definitions.PermitAll
	}
	if r := m.eligible(a, slot, permit, in.To); r != nil {
		return r
	}
	if r := m.allowed(a, slot, task, in.To); r != nil {
		return notEligible(a, in.To)
	}
	m.dismissBefore(a, slot)
	m.emit(Transferred{
		Act: a.ID, Slot: slot.ID, From: slot.Holder, To: in.To, By: in.Actor, Keep: in.Keep, Note: in.Note,
	})
	return nil
}

// mayTransfer refuses who has no task to give away.
func (m *machine) mayTransfer(
	a *Activation, slot *Slot, task *definitions.Task, who value.Person, office bool,
) *Rejection {
	if office {
		return nil
	}
	if task.Transfer.Kind == definitions.PermitNone || alone(task.Transfer, slot) {
		return refusal(NotAllowed, a)
	}
	return m.has(a, slot, who)
}

// alone tells whether there is nobody to whom a task may usually be given: it is offered to one person.
func alone(permit definitions.Permit, slot *Slot) bool {
	return permit.Kind == definitions.PermitUsual && len(slot.Candidates) == 1 && slot.Candidates[0].Person != ""
}

// has refuses who does not have a task in hand: he holds it, or it is offered to him alone.
func (m *machine) has(a *Activation, slot *Slot, who value.Person) *Rejection {
	args := map[string]string{"step": a.Step}
	alone := len(slot.Candidates) == 1 && slot.Candidates[0].Person == who.ID
	switch {
	case slot.State == SlotHeld && slot.Holder.ID == who.ID:
		return &Rejection{Code: Asking, Args: args}
	case slot.State == SlotGiven && slot.Holder.ID == who.ID:
		return heldBy(a, *slot.Given)
	case slot.State == SlotOffered && alone:
		return nil
	case slot.State != SlotClaimed && slot.State != SlotStarted || slot.Holder.ID != who.ID:
		return &Rejection{Code: NotHeld, Args: args}
	}
	return nil
}

func notEligible(a *Activation, to value.Person) *Rejection {
	return &Rejection{Code: NotEligible, Args: map[string]string{"step": a.Step, "person": to.Name}}
}

// eligible refuses a person who may not be given the task of a slot, or whose signature may not be asked for: the
// procedure does not name him, or he is among the signers already.
func (m *machine) eligible(
	a *Activation, slot *Slot, permit definitions.Permit, to value.Person,
) *Rejection {
	named, r := m.named(a, permit, to, slot.Candidates)
	switch {
	case r != nil:
		return r
	case !named, to.ID == "", slot.Worker() == to.ID:
		return notEligible(a, to)
	}
	signs := slices.ContainsFunc(a.Slots, func(s *Slot) bool {
		return s != slot && s.State != SlotRemoved && s.State != SlotWithdrawn && s.signs(to.ID)
	})
	if signs {
		return notEligible(a, to)
	}
	return nil
}

// signer is the id of the one person whose signature a slot is; "" as long as several could give it.
func (s *Slot) signer() string {
	switch {
	case s.Holder != nil:
		return s.Holder.ID
	case len(s.Candidates) == 1:
		return s.Candidates[0].Person
	}
	return ""
}

// named tells whether a permit names a person; where nothing is said, those of usual are meant.
func (m *machine) named(
	a *Activation, permit definitions.Permit, who value.Person, usual []formula.Candidate,
) (bool, *Rejection) {
	switch permit.Kind {
	case definitions.PermitAll:
		return true, nil
	case definitions.PermitNone:
		return false, nil
	case definitions.PermitUsual:
		return isCandidate(usual, who), nil
	case definitions.PermitSome:
	}
	list, wrong := m.resolve(permit.Who, m.peopleScope(a))
	if wrong != nil {
		return false, unfit(wrong, wrong.Formula)
	}
	return isCandidate(list, who), nil
}

func (m *machine) delegate(in Delegate) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := m.mayDelegate(a, slot, task, in.Actor); r != nil {
		return r
	}
	if r := m.eligible(a, slot, task.Delegate, in.To); r != nil {
		return r
	}
	if m.allowed(a, slot, task, in.To) != nil {
		return notEligible(a, in.To)
	}
	m.emit(Delegated{Act: a.ID, Slot: slot.ID, To: in.To, By: in.Actor, Note: in.Note})
	return nil
}

func (m *machine) mayDelegate(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	if task.Delegate.Kind == definitions.PermitNone || alone(task.Delegate, slot) {
		return refusal(NotAllowed, a)
	}
	if r := m.has(a, slot, who); r != nil {
		return r
	}
	return m.entitled(a, slot, task, who)
}

// propose brings a delegated task back with what the delegate has filled in: its holder finds it as his draft.
func (m *machine) propose(a *Activation, slot *Slot, task *definitions.Task, in Complete) *Rejection {
	form := task.Form
	if a.Advises(slot) {
		form = nil
	}
	raw, err := value.EncodeRecord(FormFields(m.p, form), in.Values, m.p.Office.Zone)
	if err != nil {
		return unfit(err, "form")
	}
	m.begin(a, slot)
	m.emit(GaveBack{
		Act: a.ID, Slot: slot.ID, By: in.Actor, For: m.stands(), Done: true, Answer: in.Answer, Note: in.Note,
	})
	m.effects = append(m.effects, PutDraft{Slot: slot.ID, Draft: raw})
	return nil
}
