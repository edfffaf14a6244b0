package sim

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
)

// Register gives the lines of a register over the cases of the world, oldest case first.
func (w *World) Register(procedure, register string) []core.Line {
	var out []core.Line
	for _, c := range w.Cases {
		if c.Procedure.ID != procedure || c.State.Number == "" {
			continue
		}
		if r := c.Procedure.Register(register); r != nil {
			out = append(out, core.Lines(c.Procedure, c.State, r, w.Context())...)
		}
	}
	return out
}

// gather does the first job that collects lines and may be taken up; false: there is none.
func (w *World) gather() bool {
	for _, c := range w.Cases {
		i := slices.IndexFunc(c.Jobs, func(j core.PutJob) bool {
			return j.Name == definitions.CollectName && !j.At.After(w.Now)
		})
		if i < 0 {
			continue
		}
		job := c.Jobs[i]
		in := core.Input(core.JobFailed{Job: job.Job, Given: c.give(job.Job), Final: true})
		if g, err := core.Gather(c.Procedure, c.State, job.Act, w.Context()); err == nil {
			in = w.gathered(g, job.Job)
		}
		return w.step(c, in) == nil && c.Broken == nil
	}
	return false
}

func (w *World) gathered(g *core.Gathering, job core.ID) core.Input {
	err := g.Add(w.Register(g.Register()))
	if err != nil {
		return core.JobFailed{Job: job, Given: 1, Final: true, Message: err.Error()}
	}
	raw, err := g.Answer()
	if err != nil {
		return core.JobFailed{Job: job, Given: 1, Final: true, Message: err.Error()}
	}
	return core.JobDone{Job: job, Given: 1, Answer: raw}
}
