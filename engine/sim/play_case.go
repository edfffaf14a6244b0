package sim

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// OnCase makes the input of an act that stops a case, lets it go on, hurries it or takes something back; nil: the act
// is another one.
func (w *World) OnCase(c *Case, a *definitions.Act, who value.Person) (core.Input, *core.Rejection) {
	switch a.Verb {
	case "suspends", "resumes":
		if !w.manages(c, who) {
			return nil, &core.Rejection{Code: core.NotAllowed}
		}
		if a.Verb == "suspends" {
			return core.Suspend{Actor: who}, nil
		}
		return core.Resume{Actor: who}, nil
	case "revokes":
		return core.Revoke{Actor: who}, nil
	case "urges":
		return core.Urge{Actor: who}, nil
	case "recalls":
		return core.Recall{Actor: who, Slot: doneBy(c, a.Target, who.ID)}, nil
	}
	return nil, nil
}

// doneBy finds the youngest task of a step that a person has done; 0 = he has done none.
func doneBy(c *Case, step, who string) core.ID {
	did := func(p value.Person) bool { return p.ID == who }
	last := func(list []*core.Activation) core.ID {
		for _, a := range slices.Backward(list) {
			if a.Step == step && a.State == core.Done && slices.ContainsFunc(a.By, did) {
				return a.Last
			}
		}
		return 0
	}
	slot := last(c.State.Acts)
	for i := len(c.State.Parts); i > 0 && slot == 0; i-- { // in what has ended, and may be opened again
		slot = last(c.State.Parts[i-1].Acts)
	}
	return slot
}
