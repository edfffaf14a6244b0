package sim

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// OnCase makes the input of an act that ends or stops a case, lets it go on, hurries it or takes something back, if the
// person may do that; nil: the act is another one.
func (w *World) OnCase(c *Case, a *definitions.Act, who value.Person) (core.Input, *core.Rejection) {
	var in core.Input
	switch a.Verb {
	case "cancels":
		in = core.Cancel{Actor: &who, Reason: "cancelled by " + who.ID}
	case "suspends":
		in = core.Suspend{Actor: who}
	case "resumes":
		in = core.Resume{Actor: who}
	case "revokes":
		in = core.Revoke{Actor: who}
	case "urges":
		in = core.Urge{Actor: who}
	case "recalls":
		in = core.Recall{Actor: who, Slot: doneBy(c, a.Target, who.ID)}
	default:
		return nil, nil
	}
	rights := core.Rights{Manages: w.manages(c, who)}
	return in, core.MayOnCase(c.Procedure, c.State, w.Context(), in, rights)
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
