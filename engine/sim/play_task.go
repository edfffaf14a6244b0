package sim

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// OnTask makes the input of an act that begins a task, takes it to other people, or other people to it; nil: the act is
// another one.
func (w *World) OnTask(c *Case, a *definitions.Act, who value.Person, slot core.ID) core.Input {
	switch a.Verb {
	case "begins":
		return core.StartWork{Actor: who, Slot: slot}
	case "transfers":
		to, _ := w.People.Person(a.Whom[0])
		return core.Transfer{Actor: who, Slot: slot, To: to, Office: w.manages(c, who)}
	case "delegates":
		to, _ := w.People.Person(a.Whom[0])
		return core.Delegate{Actor: who, Slot: slot, To: to}
	case "adds_signers":
		in := core.AddSigners{Actor: who, Slot: slot, Kind: core.SlotKind(a.SignPlace), Mode: a.Sign}
		for _, id := range a.Whom {
			if p, ok := w.People.Person(id); ok {
				in.Signers = append(in.Signers, core.Signer{Person: &p})
			} else {
				in.Signers = append(in.Signers, core.Signer{Post: id})
			}
		}
		return in
	case "removes_signer":
		return core.RemoveSigner{Actor: who, Slot: signerOf(c, slot, a.Whom[0]), Office: w.manages(c, who)}
	}
	return nil
}

// signerOf finds the slot of a person or post among those who sign with slot; 0 = he does not.
func signerOf(c *Case, slot core.ID, who string) core.ID {
	for _, s := range core.Signers(c.State, slot) {
		if s.State.Ended() {
			continue
		}
		named := s.Holder == nil && slices.ContainsFunc(s.Candidates, func(c formula.Candidate) bool {
			return c.Post == who || c.Person == who
		})
		if named || s.Holder != nil && s.Holder.ID == who {
			return s.ID
		}
	}
	return 0
}

// manages tells whether a person is the manager of a case's procedure.
func (w *World) manages(c *Case, who value.Person) bool {
	by := c.Procedure.Manager
	if by.Expr == nil {
		return slices.ContainsFunc(by.Posts, func(post string) bool { return slices.Contains(who.Posts, post) })
	}
	list, err := by.Expr.Eval(core.ScopeIn(c.Procedure, c.State, w.Context(), 0))
	if err != nil {
		return false
	}
	for _, m := range list {
		if m.Person == who.ID || m.Post != "" && slices.Contains(who.Posts, m.Post) {
			return true
		}
	}
	return false
}
