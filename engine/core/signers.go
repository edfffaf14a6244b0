package core

import (
	"slices"
	"strconv"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Whoever signs may ask others to sign before, after or beside him 加簽, and signers who have not acted may be taken
// out again 減簽.

func (m *machine) addSigners(in AddSigners) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := m.mayAdd(a, slot, task, in.Kind, in.Actor); r != nil {
		return r
	}
	if in.Kind == AddBeside && in.Mode.Sign != definitions.SignNone {
		return &Rejection{Code: Invalid, Fields: []value.Fault{{Path: "sign", Code: "not-asked"}}}
	}
	if len(in.Signers) == 0 {
		return &Rejection{Code: Invalid, Fields: []value.Fault{{Path: "people", Code: "required"}}}
	}
	if len(a.Slots)+len(in.Signers) > maxSigners {
		return &Rejection{Code: TooMany, Args: map[string]string{"max": strconv.Itoa(maxSigners)}}
	}
	added := SignersAdded{Act: a.ID, Slot: slot.ID, By: in.Actor, Place: in.Kind, Note: in.Note}
	next := m.next()
	if in.Kind != AddBeside {
		added.Group, added.Mode = next, in.Mode.String()
		next++
		if in.Mode.Sign == definitions.SignNone {
			added.Mode = definitions.Mode{Sign: definitions.SignAll}.String()
		}
	}
	for i, s := range in.Signers {
		who, r := m.newSigner(a, slot, task, in.Kind, s)
		if r != nil {
			return r
		}
		if slices.ContainsFunc(added.Signers, func(n NewSigner) bool { return n.Who == who.Who }) {
			return &Rejection{Code: Invalid, Fields: []value.Fault{{Path: "people", Code: "unique"}}}
		}
		who.Slot = next + ID(i)
		added.Signers = append(added.Signers, who)
	}
	m.emit(added)
	m.settleSigners(a, task)
	return nil
}

// mayAdd refuses who may not ask others to sign in this way.
func (m *machine) mayAdd(
	a *Activation, slot *Slot, task *definitions.Task, kind SlotKind, who value.Person,
) *Rejection {
	switch {
	case task.AddSigner.Kind == definitions.PermitUsual, task.AddSigner.Kind == definitions.PermitNone:
		return refusal(NotAllowed, a)
	case kind != AddBefore && slot.Group == 0 && task.Sign == definitions.SignNone:
		return refusal(NoSignatures, a)
	}
	if r := m.has(a, slot, who); r != nil {
		return r
	}
	if r := m.entitled(a, slot, task, who); r != nil {
		return r
	}
	if a.depth(slot) >= maxAdded {
		return &Rejection{Code: TooMany, Args: map[string]string{"step": a.Step, "depth": strconv.Itoa(maxAdded)}}
	}
	return nil
}

// newSigner checks one whose signature is asked for.
func (m *machine) newSigner(
	a *Activation, slot *Slot, task *definitions.Task, kind SlotKind, s Signer,
) (NewSigner, *Rejection) {
	decides := kind != AddBefore && !a.Advises(slot)
	if s.Person == nil {
		return m.newSigners(a, task, s.Post, decides)
	}
	if r := m.eligible(a, slot, task.AddSigner, *s.Person); r != nil {
		return NewSigner{}, r
	}
	if decides && m.allowed(a, nil, task, *s.Person) != nil {
		return NewSigner{}, notEligible(a, *s.Person)
	}
	out := NewSigner{Who: formula.Candidate{Person: s.Person.ID}}
	if decides && kind == AddBeside {
		weight, wrong := m.weight(a, task, *s.Person)
		if wrong != nil {
			return out, unfit(wrong, wrong.Formula)
		}
		out.Weight = weight
	}
	return out, nil
}

// newSigners checks a post of which one holder's signature is asked for.
func (m *machine) newSigners(a *Activation, task *definitions.Task, post string, decides bool) (NewSigner, *Rejection) {
	out := NewSigner{Who: formula.Candidate{Post: post}}
	refused := notEligible(a, value.Person{Name: post})
	if task.AddSigner.Kind == definitions.PermitSome {
		list, wrong := m.resolve(task.AddSigner.Who, m.peopleScope(a))
		if wrong != nil {
			return out, unfit(wrong, wrong.Formula)
		}
		if !slices.Contains(list, out.Who) {
			return out, refused
		}
	}
	if !slices.ContainsFunc(m.c.Staff.Holders(post), func(p value.Person) bool {
		return !decides || m.allowed(a, nil, task, p) == nil
	}) {
		return out, refused
	}
	weight, wrong := m.weight(a, task, value.Person{Posts: []string{post}})
	if wrong != nil {
		return out, unfit(wrong, wrong.Formula)
	}
	out.Weight = weight
	return out, nil
}

func (m *machine) removeSigner(in RemoveSigner) *Rejection {
	a, slot, task, r := m.find(in.Slot)
	if r != nil {
		return r
	}
	if r := m.mayRemove(a, slot, task, in.Actor, in.Office); r != nil {
		return r
	}
	m.emit(SignersOut{Act: a.ID, Slots: a.stillAsked(slot.ID), By: in.Actor, Note: in.Note})
	m.settleSigners(a, task)
	return nil
}

// mayRemove refuses to take out a signer: who has begun or answered stays, and somebody must be left.
func (m *machine) mayRemove(
	a *Activation, slot *Slot, task *definitions.Task, who value.Person, office bool,
) *Rejection {
	if !office {
		if r := m.mayTakeOut(a, slot, task, who); r != nil {
			return r
		}
	}
	if slot.State == SlotStarted || slot.State == SlotGiven {
		return refusal(HasActed, a)
	}
	gone := a.under(slot.ID)
	left := slices.ContainsFunc(a.Slots, func(s *Slot) bool {
		return s.Group == 0 && a.vote(s) != void && (!slices.Contains(gone, s) || s.State == SlotAnswered)
	})
	if !left {
		return refusal(LastSigner, a)
	}
	return nil
}

// mayTakeOut refuses who has no say in who signs: he has not added this signer, and the procedure does not let him.
func (m *machine) mayTakeOut(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	if parent := a.slotByID(slot.Parent); parent != nil && parent.signer() == who.ID {
		return nil
	}
	denied := refusal(NotAllowed, a)
	signs := slices.ContainsFunc(a.Slots, func(s *Slot) bool {
		return s.State.shown() && !a.Advises(s) && s.Holder != nil && s.Holder.ID == who.ID
	})
	if !signs {
		return denied
	}
	named, r := m.named(a, task.RemoveSigner, who, nil)
	switch {
	case r != nil:
		return r
	case !named:
		return denied
	}
	return nil
}

// dismissBefore takes out those whom the holder of a slot has asked before, where it goes to somebody else.
func (m *machine) dismissBefore(a *Activation, slot *Slot) {
	for _, g := range slices.Clone(a.Groups) {
		if g.Parent == slot.ID && g.Kind == AddBefore && !g.Ended {
			m.dismiss(a, g.ID)
		}
	}
}

// asks tells whether the holder of a slot has asked others who have not all answered.
func (a *Activation) asks(slot *Slot) bool {
	return slices.ContainsFunc(a.Groups, func(g Group) bool {
		return g.Parent == slot.ID && g.Kind == AddBefore && !g.Ended
	})
}

func tooManySigners() *Incident {
	return &Incident{Code: "too-many-signers", Message: "a step has at most " + strconv.Itoa(maxSigners) + " signers"}
}
