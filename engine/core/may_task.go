package core

import (
	"cmp"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// The acts on a task.
const (
	ActClaim        Act = "claim"
	ActRelease      Act = "release"
	ActStart        Act = "start"
	ActDraft        Act = "draft"
	ActComplete     Act = "complete"
	ActTransfer     Act = "transfer"
	ActDelegate     Act = "delegate"
	ActAddBefore    Act = "add-before"
	ActAddAfter     Act = "add-after"
	ActAddBeside    Act = "add-beside"
	ActRemoveSigner Act = "remove-signer"
)

// TaskActs lists what a person may do now with the task of a slot, and why he may not do the rest. office says that he
// is an administrator or the manager of the procedure. It changes nothing.
func TaskActs(p *definitions.Procedure, s *State, c Context, slot ID, who value.Person, office bool) []Possible {
	m := &machine{p: p, s: s, c: c}
	a, found, task, r := (*Activation)(nil), (*Slot)(nil), (*definitions.Task)(nil), m.gate(Claim{})
	if r == nil {
		a, found, task, r = m.find(slot)
	}
	may := func(act Act, check func() *Rejection) Possible {
		if r != nil {
			return Possible{Act: act, Why: r}
		}
		return Possible{Act: act, Why: check()}
	}
	work := func() *Rejection { return cmp.Or(m.mayWork(a, found, task, who), m.mayBegin(a, found)) }
	add := func(kind SlotKind) func() *Rejection {
		return func() *Rejection { return m.mayAdd(a, found, task, kind, who) }
	}
	return []Possible{
		may(ActClaim, func() *Rejection { return m.mayClaim(a, found, task, who) }),
		may(ActRelease, func() *Rejection { return m.mayRelease(a, found, who) }),
		may(ActStart, func() *Rejection { return m.mayStart(a, found, task, who) }),
		may(ActDraft, work),
		may(ActComplete, work),
		may(ActTransfer, func() *Rejection { return m.mayTransfer(a, found, task, who, office) }),
		may(ActDelegate, func() *Rejection { return m.mayDelegate(a, found, task, who) }),
		may(ActAddBefore, add(AddBefore)),
		may(ActAddAfter, add(AddAfter)),
		may(ActAddBeside, add(AddBeside)),
		may(ActReturn, func() *Rejection { return m.mayReturn(a, found, task, who) }),
		may(ActRemoveSigner, func() *Rejection { return m.mayRemoveAny(a, task, who, office) }),
	}
}

// mayClaim refuses who cannot take a task, or has it already. Who has delegated it may take it back.
func (m *machine) mayClaim(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	if slot.State == SlotGiven && slot.Holder.ID == m.owner(who).ID {
		return nil
	}
	if r := m.mayWork(a, slot, task, who); r != nil {
		return r
	}
	if slot.State != SlotOffered {
		return refusal(AlreadyDone, a)
	}
	return nil
}

func (m *machine) mayStart(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	if r := cmp.Or(m.mayWork(a, slot, task, who), m.mayBegin(a, slot)); r != nil {
		return r
	}
	if slot.State != SlotOffered && slot.State != SlotClaimed {
		return refusal(AlreadyDone, a)
	}
	return nil
}

// mayRemoveAny says whether there is a signer whom a person may take out; if not, why not the last of them.
func (m *machine) mayRemoveAny(a *Activation, task *definitions.Task, who value.Person, office bool) *Rejection {
	why := refusal(LastSigner, a)
	for _, s := range a.Slots {
		if s.State.Ended() {
			continue
		}
		r := m.mayRemove(a, s, task, who, office)
		if r == nil {
			return nil
		}
		why = r
	}
	return why
}

// MayRemove says whether a person may take the signer of a slot out; nil = yes. It changes nothing.
func MayRemove(p *definitions.Procedure, s *State, c Context, slot ID, who value.Person, office bool) *Rejection {
	m := &machine{p: p, s: s, c: c}
	if r := m.gate(Claim{}); r != nil {
		return r
	}
	a, found, task, r := m.find(slot)
	if r != nil {
		return r
	}
	return m.mayRemove(a, found, task, who, office)
}

// Signers lists all who sign in the step of a slot, as a tree: whoever was added stands behind the one who added him.
// nil if there is no such slot.
func Signers(s *State, slot ID) []*Slot {
	for _, a := range s.Acts {
		if a.slotByID(slot) != nil {
			return slices.Clone(a.Slots)
		}
	}
	return nil
}
