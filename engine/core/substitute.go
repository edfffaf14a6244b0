package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// Who stands in for somebody does that person's tasks 離崗代理: "B for A". The task stays A's as long as it is open, so
// that A goes on with it when he is back; the answer is on record as given by B for A. Whatever may forbid it to either
// of them forbids it: separation of duties counts both.

// owner is whose task the actor of this Step does: his own, or that of the one he stands in for.
func (m *machine) owner(actor value.Person) value.Person {
	if m.c.For != nil {
		return *m.c.For
	}
	return actor
}

// stands gives whom the actor of this Step stands in for; nil = nobody.
func (m *machine) stands() *value.Person {
	if m.c.For == nil {
		return nil
	}
	who := *m.c.For
	return &who
}

// mayWork refuses an actor who may not work on the task of a slot now. Who stands in for somebody needs that both may;
// and nobody gives a second signature by it, nor one beside his own.
func (m *machine) mayWork(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	if m.c.For == nil {
		return m.entitled(a, slot, task, who)
	}
	if r := m.entitled(a, slot, task, *m.c.For); r != nil {
		return r
	}
	signs := slices.ContainsFunc(a.Slots, func(s *Slot) bool {
		return s != slot && !a.Advises(s) && s.State != SlotRemoved && s.State != SlotWithdrawn && s.signs(who.ID)
	})
	if signs {
		return refusal(NotAllowed, a)
	}
	return m.allowed(a, slot, task, who)
}

// maySendBack refuses who may not send a case back from a task now. Who works on it for its holder only proposes.
func (m *machine) maySendBack(a *Activation, slot *Slot, task *definitions.Task, who value.Person) *Rejection {
	if r := m.mayWork(a, slot, task, who); r != nil {
		return r
	}
	if slot.State == SlotGiven {
		return heldBy(a, *slot.Holder)
	}
	return nil
}

// signs tells whether a slot is a person's signature, given or to be given.
func (s *Slot) signs(person string) bool {
	return s.signer() == person || s.For != nil && s.For.ID == person
}

// by lists who has given the answer of a slot: of one who stood in, both.
func (s *Slot) by() []value.Person {
	if s.For == nil {
		return []value.Person{*s.Holder}
	}
	return []value.Person{*s.Holder, *s.For}
}
