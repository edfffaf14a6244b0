package sim

import (
	"time"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/engine/core"
)

// work tells the choice of people in a procedure what the players of a world have to do and have done.
type work struct {
	w         *World
	procedure string
}

var _ formula.Work = work{}

// deed is a step of a procedure as a person has done it.
type deed struct{ procedure, step, person string }

// times says how often, and when last.
type times struct {
	n    int64
	last time.Time
}

// Open implements formula.Work.
func (k work) Open(person string) int64 {
	n := int64(0)
	for _, c := range k.w.Cases {
		for _, t := range c.Tasks {
			alone := len(t.Candidates) == 1 && t.Candidates[0].Person == person
			if t.Holder == person && !t.Held || t.Holder == "" && alone {
				n++
			}
		}
	}
	return n
}

// Done implements formula.Work.
func (k work) Done(step, person string) (int64, time.Time) {
	d := k.w.deeds[deed{k.procedure, step, person}]
	return d.n, d.last
}

// note counts who did what; before is the case as it was.
func (w *World) note(before *core.State, c *Case, events []core.Event) {
	for _, e := range events {
		x, ok := e.(core.Answered)
		if !ok || x.Again {
			continue
		}
		for _, a := range before.Acts {
			if a.ID == x.Act {
				at := deed{c.Procedure.ID, a.Step, x.Person.ID}
				w.deeds[at] = times{n: w.deeds[at].n + 1, last: w.Now}
			}
		}
	}
}
