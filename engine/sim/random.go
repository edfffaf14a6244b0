package sim

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// patience is how often a walker corrects a form that was refused before he gives up.
const patience = 6

// Walker plays a procedure at random: he does open tasks with made-up values, sends messages, lets time pass and makes
// mistakes. The same seed does the same.
type Walker struct {
	World *World
	rand  *rand.Rand
}

// NewWalker puts a walker into a world.
func NewWalker(w *World, seed uint64) *Walker {
	//nolint:gosec // the same seed must do the same; nothing secret depends on it
	return &Walker{World: w, rand: rand.New(rand.NewPCG(seed, 0x67756963))}
}

// Begin starts a case of a procedure by hand; nil if no start was accepted.
func (k *Walker) Begin(p *definitions.Procedure) (*Case, error) {
	for range 3 * patience {
		way := k.rand.IntN(len(p.Starts))
		who := k.anyone()
		var c *Case
		err := k.fill(p, p.Starts[way].Form, nil, func(raw []byte) (*core.Rejection, error) {
			var r *core.Rejection
			var err error
			c, r, err = k.World.StartBy(p, way, who, raw)
			return r, err
		})
		if c != nil || err != nil {
			return c, err
		}
	}
	return nil, nil
}

// Move does one thing. It reports false when no case runs any more.
func (k *Walker) Move() (bool, error) {
	running := slices.DeleteFunc(slices.Clone(k.World.Cases), func(c *Case) bool {
		return c.Broken != nil || c.State.Status != core.Running
	})
	if len(running) == 0 {
		return false, nil
	}
	c := running[k.rand.IntN(len(running))]
	var err error
	switch n := k.rand.IntN(100); {
	case len(c.Jobs) > 0 && n < 30:
		err = k.serve(c)
	case n < 62:
		err = k.work(c, false)
	case n < 68:
		err = k.work(c, true)
	case n < 76:
		err = k.hold(c)
	case n < 82:
		err = k.send(c)
	case n < 97:
		err = k.wait()
	case n < 99:
		err = k.nonsense(c)
	default:
		err = k.mend(c)
	}
	return true, err
}

func (k *Walker) anyone() value.Person {
	all := k.World.People.Everyone()
	return all[k.rand.IntN(len(all))]
}

// work completes a task; by anybody at all where it is meant to be a mistake.
func (k *Walker) work(c *Case, mistake bool) error {
	if len(c.Tasks) == 0 {
		return k.wait()
	}
	task := c.Tasks[k.rand.IntN(len(c.Tasks))]
	who := k.anyone()
	if !mistake {
		may := slices.DeleteFunc(slices.Clone(k.World.People.Everyone()), func(p value.Person) bool {
			return core.MayDo(c.Procedure, c.State, k.World.Context(), task.Slot, p) != nil
		})
		if len(may) == 0 {
			return k.wait()
		}
		who = may[k.rand.IntN(len(may))]
	}
	step := core.StepOf(c.Procedure, c.State, task.Act)
	work, ok := definitions.TaskOf(step)
	if !ok {
		return nil
	}
	answer := ""
	if len(work.Answers) > 0 {
		answer = work.Answers[k.rand.IntN(len(work.Answers))].ID
	}
	if mistake && k.rand.IntN(3) == 0 {
		answer = "nonsense"
	}
	return k.fill(c.Procedure, work.Form, c.State.Data, func(raw []byte) (*core.Rejection, error) {
		return k.World.Complete(c, who, task, answer, raw)
	})
}

// Complete does a task as a person who makes the values up; what he is refused at last, he is told.
func (k *Walker) Complete(c *Case, task core.PutTask, who value.Person) (last *core.Rejection, err error) {
	work, ok := definitions.TaskOf(core.StepOf(c.Procedure, c.State, task.Act))
	if !ok {
		return &core.Rejection{Code: core.NotOpen}, nil
	}
	answer := ""
	if len(work.Answers) > 0 {
		answer = work.Answers[k.rand.IntN(len(work.Answers))].ID
	}
	err = k.fill(c.Procedure, work.Form, c.State.Data, func(raw []byte) (r *core.Rejection, err error) {
		last, err = k.World.Complete(c, who, task, answer, raw)
		return last, err
	})
	return last, err
}

// hold claims, drafts or releases a task.
func (k *Walker) hold(c *Case) error {
	if len(c.Tasks) == 0 {
		return nil
	}
	slot, who := c.Tasks[k.rand.IntN(len(c.Tasks))].Slot, k.anyone()
	var in core.Input
	switch k.rand.IntN(3) {
	case 0:
		in = core.Claim{Actor: who, Slot: slot}
	case 1:
		in = core.SaveDraft{Actor: who, Slot: slot, Draft: []byte(`{"note":"half done"}`)}
	default:
		for _, p := range k.World.People.Everyone() {
			if slices.ContainsFunc(c.Tasks, func(t core.PutTask) bool { return t.Slot == slot && t.Holder == p.ID }) {
				who = p
			}
		}
		in = core.Release{Actor: who, Slot: slot}
	}
	_, err := k.World.Act(c, in)
	return err
}

func (k *Walker) send(c *Case) error {
	if len(c.Procedure.Messages) == 0 || k.rand.IntN(3) > 0 {
		return k.wait()
	}
	m, who := c.Procedure.Messages[k.rand.IntN(len(c.Procedure.Messages))], k.anyone()
	return k.fill(c.Procedure, m.Form, c.State.Data, func(raw []byte) (*core.Rejection, error) {
		return k.World.Send(c, who, m.ID, raw)
	})
}

// wait lets time pass: to the next timer, or for a while.
func (k *Walker) wait() error {
	if at, ok := k.World.NextTimer(); ok && k.rand.IntN(3) == 0 {
		return k.World.PassTo(at)
	}
	return k.World.PassTo(k.World.Now.Add(time.Duration(1+k.rand.IntN(40)) * time.Minute / 4))
}

// nonsense gives a case inputs that nobody should send.
func (k *Walker) nonsense(c *Case) error {
	who := k.anyone()
	strange := []core.Input{
		core.Due{Timer: core.ID(k.rand.IntN(200))},
		core.Claim{Actor: who, Slot: core.ID(k.rand.IntN(200))},
		core.Complete{Actor: who, Slot: core.ID(k.rand.IntN(200)), Answer: "approved", Values: value.Record{"x": true}},
		core.ChildEnded{Act: core.ID(k.rand.IntN(200)), Outcome: "nowhere"},
		core.Deliver{ID: k.World.MessageID(), Name: "no-such-message", Sender: &who},
		core.Retry{Actor: who, Act: core.ID(k.rand.IntN(200))},
		core.Start{Starter: &who},
	}
	_, err := k.World.Act(c, strange[k.rand.IntN(len(strange))])
	return err
}

// mend retries what is stuck, and once in a while cancels a case.
func (k *Walker) mend(c *Case) error {
	for _, a := range c.State.Acts {
		if a.Incident != nil {
			_, err := k.World.Act(c, core.Retry{Actor: k.anyone(), Act: a.ID})
			return err
		}
	}
	if k.rand.IntN(8) > 0 {
		return nil
	}
	who := k.anyone()
	_, err := k.World.Act(c, core.Cancel{Actor: &who, Reason: "no longer needed"})
	return err
}

// fill fills a form in as a person does: what is refused is corrected, up to a point.
func (k *Walker) fill(
	p *definitions.Procedure, form *definitions.Form, data value.Record,
	try func(raw []byte) (*core.Rejection, error),
) error {
	fields := core.FormFields(p, form)
	values := map[string]any{}
	for _, f := range fields {
		k.put(values, f, data)
	}
	for range patience {
		raw, err := json.Marshal(values)
		if err != nil {
			return err
		}
		r, err := try(raw)
		if r == nil || err != nil {
			return err
		}
		if len(r.Fields) == 0 {
			return nil
		}
		for _, fault := range r.Fields {
			k.correct(values, fields, fault, data)
		}
	}
	return nil
}

// correct changes what a fault complains of: it leaves it out, or makes something up for it.
func (k *Walker) correct(values map[string]any, fields []*value.Field, fault value.Fault, data value.Record) {
	path := strings.Split(fault.Path, ".")
	at, list := values, fields
	for i, part := range path {
		name, row, inRow := cutRow(part)
		j := slices.IndexFunc(list, func(f *value.Field) bool { return f.Name == name })
		if j < 0 {
			return
		}
		f := list[j]
		if i == len(path)-1 {
			if delete(at, name); fault.Code != "not-asked" {
				at[name] = k.value(f, data)
			}
			return
		}
		next, ok := at[name].(map[string]any)
		if rows, isRows := at[name].([]any); isRows && inRow && row < len(rows) {
			next, ok = rows[row].(map[string]any)
		}
		if !ok {
			next = map[string]any{}
			at[name] = next
		}
		at, list = next, f.Fields
	}
}
