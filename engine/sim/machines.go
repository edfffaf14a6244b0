package sim

import (
	"encoding/json"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
)

// FreeJob finds what a machine was asked in a step, and for a row from 1 (0 = for any), if it may be taken up now;
// false if there is nothing.
func (w *World) FreeJob(c *Case, step string, row int) (core.PutJob, bool) {
	i := slices.IndexFunc(c.Jobs, func(j core.PutJob) bool {
		return j.Step == step && !j.At.After(w.Now) && c.ofRow(j.Act, row)
	})
	if i < 0 {
		return core.PutJob{}, false
	}
	return c.Jobs[i], true
}

// give counts that a job is given out.
func (c *Case) give(job core.ID) int {
	if c.Given == nil {
		c.Given = map[core.ID]int{}
	}
	c.Given[job]++
	return c.Given[job]
}

// answered plays a machine.
func (st *stage) answered(x *definitions.Answered) (*core.Rejection, error) {
	if st.main == nil {
		return &core.Rejection{Code: core.NotOpen}, nil
	}
	job, ok := st.world.FreeJob(st.main, x.Step, x.Row)
	if !ok {
		return &core.Rejection{Code: core.NotOpen, Args: map[string]string{"step": x.Step}}, nil
	}
	given := st.main.give(job.Job)
	if x.Failed {
		return st.world.Act(st.main, core.JobFailed{
			Job: job.Job, Given: given, Error: x.Error, Final: x.Final, Message: "as the play has it",
		})
	}
	raw, err := Nest(x.Gives)
	if err != nil {
		return nil, err
	}
	return st.world.Act(st.main, core.JobDone{
		Job: job.Job, Given: given, Outcome: x.Ends, Status: x.Status, Answer: raw,
	})
}

// Serve lets a machine do one of the jobs of a case; it may not be there yet.
func (k *Walker) Serve(c *Case) error { return k.serve(c) }

// serve plays a machine at random: mostly it answers as it should, sometimes it fails.
func (k *Walker) serve(c *Case) error {
	job := c.Jobs[k.rand.IntN(len(c.Jobs))]
	if job.At.After(k.World.Now) {
		return k.World.PassTo(job.At)
	}
	st := core.StepOf(c.Procedure, c.State, job.Act)
	g := definitions.GivenOf(st.Work)
	given := c.give(job.Job)
	if k.rand.IntN(6) == 0 {
		in := core.JobFailed{Job: job.Job, Given: given, Message: "out of paper", Final: k.rand.IntN(3) == 0}
		if len(g.Errors) > 0 && k.rand.IntN(2) == 0 {
			in.Error = g.Errors[k.rand.IntN(len(g.Errors))].ID
		}
		_, err := k.World.Act(c, in)
		return err
	}
	answer := map[string]any{}
	if g.Answer != nil {
		for _, f := range g.Answer.Fields {
			answer[f.Name] = k.value(f, nil)
		}
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	in := core.JobDone{Job: job.Job, Given: given, Answer: raw}
	if r, ok := st.Work.(*definitions.Request); ok {
		in.Status = r.OK[k.rand.IntN(len(r.OK))].From
	} else if len(st.Outcomes) > 0 {
		in.Outcome = st.Outcomes[k.rand.IntN(len(st.Outcomes))].ID
	}
	_, err = k.World.Act(c, in)
	return err
}
