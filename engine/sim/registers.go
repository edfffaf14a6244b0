package sim

import (
	"slices"
	"strconv"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
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
	if w.told {
		return false
	}
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

// recorded puts a case into the world that nobody has played.
func (st *stage) recorded(x *definitions.Recorded) (*core.Rejection, error) {
	raw, err := Nest(x.Gives)
	if err != nil {
		return nil, err
	}
	p := st.world.Bundle.Procedure(x.Procedure)
	data, faults := value.DecodeRecord(p.Data.Fields, raw, st.world.Bundle.Office.Zone, st.world.People)
	if len(faults) > 0 {
		return &core.Rejection{Code: core.Invalid, Fields: faults}, nil
	}
	st.world.Record(p, x.Ends, data)
	return nil, nil
}

// Record puts a case with these values into the world, as if it had been played: ended so, or still running where no
// outcome is said. Whatever a register asks to have been done counts as done.
func (w *World) Record(p *definitions.Procedure, outcome string, data value.Record) *Case {
	id := strconv.Itoa(len(w.Cases) + 1)
	c := w.open(p, "C-"+id)
	s := c.State
	s.Procedure, s.Version, s.Number, s.Started, s.Data = p.ID, p.Version, "R-"+id, w.Now, data
	if s.Status = core.Running; outcome != "" {
		s.Status, s.Outcome, s.Ended = core.Finished, outcome, w.Now
	}
	for _, r := range p.Registers {
		if r.From != nil {
			s.Past = append(s.Past, core.Past{Owner: 1, Step: r.From.ID, Times: 1})
		}
	}
	w.Cases = append(w.Cases, c)
	return c
}
