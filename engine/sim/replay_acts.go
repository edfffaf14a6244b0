package sim

import (
	"encoding/json"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// taskDeed is what somebody did with a task of the record.
type taskDeed struct {
	act, slot core.ID
	who       value.Person
	stead     *value.Person // whom he stood in for
	office    bool          // who did it need not have had the task
}

// onTask does something with a task again.
func (x *replay) onTask(e RecordedEvent, d taskDeed, in func(slot core.ID) core.Input) bool {
	if !x.pass(e) {
		return false
	}
	ran := x.acts[d.act]
	slot, task := x.taskOf(ran, d)
	if task == nil {
		x.differ(Otherwise, e, ran.step, d.who, "")
		return false
	}
	x.world.stead = d.stead
	r, err := x.world.Act(x.c, in(slot))
	return x.came(e, ran.step, d.who, r, err)
}

// taskOf finds the open task of a step, and of a row: among several one that is the person's, and that has the place
// among the signers that the recorded one had.
func (x *replay) taskOf(ran ranAct, d taskDeed) (slot core.ID, task *definitions.Task) {
	who, best := d.who, -1
	if d.stead != nil {
		who = *d.stead
	}
	place := slices.Index(x.signers[d.act], d.slot)
	for _, a := range x.c.State.Acts {
		if a.State != core.Open || !x.runs(a, ran) {
			continue
		}
		w, ok := core.StepOf(x.p, x.c.State, a.ID).Work.(*definitions.Task)
		if !ok {
			continue
		}
		for i, s := range a.Slots {
			fit := 0
			if i == place {
				fit++
			}
			if !d.office && core.MayDo(x.p, x.c.State, x.world.Context(), s.ID, who) == nil {
				fit += 2
			}
			if !s.State.Ended() && fit > best {
				slot, task, best = s.ID, w, fit
			}
		}
	}
	return slot, task
}

// runs tells whether an activation runs the step, and for the row, of a recorded one.
func (x *replay) runs(a *core.Activation, ran ranAct) bool {
	return a.Frame != 0 && a.Step == ran.step && (ran.row < 0 || x.c.Row(a.ID) == ran.row)
}

// running finds the latest activation that runs as a recorded one did, rather for the same row than for any; 0 = none.
func (x *replay) running(ran ranAct, not ...core.ID) (found core.ID) {
	for _, a := range slices.Backward(x.c.State.Acts) {
		if !x.runs(a, ran) || a.State.Over() || slices.Contains(not, a.ID) {
			continue
		}
		if x.c.Row(a.ID) == ran.row {
			return a.ID
		}
		if found == 0 {
			found = a.ID
		}
	}
	return found
}

// handled does again what moves a task between people; known: the event was such a deed.
func (x *replay) handled(e RecordedEvent, event core.Event) (known, goesOn bool) {
	switch ev := event.(type) { //nolint:gochecksumtype // the deeds among the events
	case core.Claimed:
		return true, x.onTask(e, taskDeed{act: ev.Act, slot: ev.Slot, who: ev.Person, stead: ev.For},
			func(slot core.ID) core.Input { return core.Claim{Actor: ev.Person, Slot: slot} })
	case core.Began:
		return true, x.onTask(e, taskDeed{act: ev.Act, slot: ev.Slot, who: ev.Person, stead: ev.For},
			func(slot core.ID) core.Input { return core.StartWork{Actor: ev.Person, Slot: slot} })
	case core.Released:
		who := x.holders[ev.Slot]
		return true, x.onTask(e, taskDeed{act: ev.Act, slot: ev.Slot, who: who},
			func(slot core.ID) core.Input { return core.Release{Actor: who, Slot: slot} })
	case core.Transferred:
		office := ev.By.ID != x.holders[ev.Slot].ID && !x.alone(ev.Slot, ev.By.ID)
		return true, x.onTask(e, taskDeed{act: ev.Act, slot: ev.Slot, who: ev.By, office: office},
			func(slot core.ID) core.Input {
				return core.Transfer{Actor: ev.By, Slot: slot, To: ev.To, Keep: ev.Keep, Note: ev.Note, Office: office}
			})
	case core.Delegated:
		return true, x.onTask(e, taskDeed{act: ev.Act, slot: ev.Slot, who: ev.By},
			func(slot core.ID) core.Input {
				return core.Delegate{Actor: ev.By, Slot: slot, To: ev.To, Note: ev.Note}
			})
	case core.GaveBack:
		return true, x.onTask(e, taskDeed{act: ev.Act, slot: ev.Slot, who: ev.By, stead: ev.For},
			func(slot core.ID) core.Input { return x.broughtBack(ev, slot) })
	}
	return x.signed(e, event)
}

// broughtBack is how a delegated task came back: with a proposal, which stands in the draft and not in the history, or
// without, or because its holder took it.
func (x *replay) broughtBack(ev core.GaveBack, slot core.ID) core.Input {
	switch {
	case ev.Done:
		return core.Complete{Actor: ev.By, Slot: slot, Answer: ev.Answer, Note: ev.Note}
	case x.holders[ev.Slot].ID == ev.By.ID:
		return core.Claim{Actor: ev.By, Slot: slot}
	}
	return core.Release{Actor: ev.By, Slot: slot}
}

// alone tells whether a recorded task was offered to one person only.
func (x *replay) alone(slot core.ID, person string) bool {
	list := x.offered[slot]
	return len(list) == 1 && list[0].Person == person
}

// signed does again what changes who signs.
func (x *replay) signed(e RecordedEvent, event core.Event) (known, goesOn bool) {
	switch ev := event.(type) { //nolint:gochecksumtype // the deeds among the events
	case core.SignersAdded:
		in := core.AddSigners{Actor: ev.By, Kind: ev.Place, Note: ev.Note}
		if mode, err := definitions.ParseMode(ev.Mode); err == nil && ev.Mode != "" {
			in.Mode = mode
		}
		for _, s := range ev.Signers {
			if who, ok := x.people.Person(s.Who.Person); ok {
				in.Signers = append(in.Signers, core.Signer{Person: &who})
			} else {
				in.Signers = append(in.Signers, core.Signer{Post: s.Who.Post})
			}
		}
		return true, x.onTask(e, taskDeed{act: ev.Act, slot: ev.Slot, who: ev.By},
			func(slot core.ID) core.Input { in.Slot = slot; return in })
	case core.SignersOut:
		if ev.By.ID == "" || len(ev.Slots) == 0 {
			return false, true // nobody needed them any more
		}
		office := x.adders[ev.Slots[0]] != ev.By.ID
		return true, x.onTask(e, taskDeed{act: ev.Act, slot: ev.Slots[0], who: ev.By, office: true},
			func(slot core.ID) core.Input {
				return core.RemoveSigner{Actor: ev.By, Slot: slot, Note: ev.Note, Office: office}
			})
	}
	return false, true
}

// sendBack does again what took the case back to an earlier step.
func (x *replay) sendBack(e RecordedEvent, ev core.SentBack) bool {
	switch ev.How {
	case core.ByReturn:
		return x.onTask(e, taskDeed{act: ev.Act, who: ev.Person, stead: ev.For}, func(slot core.ID) core.Input {
			return core.Return{Actor: ev.Person, Slot: slot, To: ev.To, Reason: ev.Reason}
		})
	case core.ByRecall:
		return x.recall(e, ev)
	}
	if !x.pass(e) {
		return false
	}
	var leave []core.ID
	for _, id := range append([]core.ID{ev.Act}, ev.Region...) {
		ran := x.acts[id]
		if ran.frame != ev.Frame || ran.over {
			continue
		}
		if now := x.running(ran, leave...); now != 0 {
			leave = append(leave, now)
		}
	}
	if len(leave) == 0 {
		x.differ(Otherwise, e, x.acts[ev.Act].step, ev.Person, "")
		return false
	}
	r, err := x.world.Act(x.c, core.Jump{Actor: ev.Person, Acts: leave, To: ev.To, Reason: ev.Reason})
	return x.came(e, ev.To, ev.Person, r, err)
}

// recall takes back again what a person had done himself.
func (x *replay) recall(e RecordedEvent, ev core.SentBack) bool {
	if !x.pass(e) {
		return false
	}
	for _, a := range slices.Backward(x.c.State.Acts) {
		if x.runs(a, x.acts[ev.Act]) && a.State == core.Done && a.Last != 0 {
			r, err := x.world.Act(x.c, core.Recall{Actor: ev.Person, Slot: a.Last})
			return x.came(e, ev.To, ev.Person, r, err)
		}
	}
	if slot := doneBy(x.c, ev.To, ev.Person.ID); slot != 0 { // in what has ended, and is opened again
		r, err := x.world.Act(x.c, core.Recall{Actor: ev.Person, Slot: slot})
		return x.came(e, ev.To, ev.Person, r, err)
	}
	x.differ(Otherwise, e, ev.To, ev.Person, "")
	return false
}

// onAct does again what was done with a run of a step.
func (x *replay) onAct(
	e RecordedEvent, act core.ID, who value.Person, in func(a core.ID) (core.Input, *core.Rejection),
) bool {
	if !x.pass(e) {
		return false
	}
	ran := x.acts[act]
	now := x.running(ran)
	if now == 0 {
		x.differ(Otherwise, e, ran.step, who, "")
		return false
	}
	input, wrong := in(now)
	if wrong != nil {
		return x.came(e, ran.step, who, wrong, nil)
	}
	r, err := x.world.Act(x.c, input)
	return x.came(e, ran.step, who, r, err)
}

// repaired does again what was done to rows and to runs of steps; known: the event was such a deed.
func (x *replay) repaired(i int, e RecordedEvent, event core.Event) (known, goesOn bool) {
	switch ev := event.(type) { //nolint:gochecksumtype // the deeds among the events
	case core.Forced:
		return true, x.onAct(e, ev.Act, ev.Person, func(a core.ID) (core.Input, *core.Rejection) {
			values, wrong := x.record(x.set(i + 1))
			return core.Skip{
				Actor: ev.Person, Act: a, Answer: ev.Answer, Values: values, To: x.named(i, ev, a),
			}, wrong
		})
	case core.EndedEarly:
		return true, x.onAct(e, ev.Act, ev.By, func(a core.ID) (core.Input, *core.Rejection) {
			return core.FinishRows{Actor: ev.By, Act: a}, nil
		})
	case core.Grown:
		if ev.By.ID == "" { // another round
			return false, true
		}
		return true, x.onAct(e, ev.Act, ev.By, func(a core.ID) (core.Input, *core.Rejection) {
			in := core.AddRow{Actor: ev.By, Act: a}
			w, ok := core.StepOf(x.p, x.c.State, a).Work.(*definitions.Multi)
			if !ok || w.Add == nil {
				return in, nil // it is refused
			}
			values, wrong := x.fill(w.Add.Form, i-2, -1)
			in.Values = values
			return in, wrong
		})
	case core.Tried:
		return true, x.failed(e, ev)
	case core.Raised:
		if ran := x.acts[ev.Act]; !ran.machine || ran.tried {
			return false, true
		}
		return true, x.raised(e, ev)
	case core.Resolved:
		return true, x.retried(e, ev)
	}
	return x.stopped(e, event)
}

// named is the step or end to which the one who skipped a step sent the case on; "" = the guards said it.
func (x *replay) named(i int, forced core.Forced, now core.ID) string {
	to := ""
	for _, e := range x.rec.Events[i+1:] {
		event, err := decodePlain(e)
		if err != nil || !e.At.Equal(x.rec.Events[i].At) {
			break
		}
		switch ev := event.(type) { //nolint:gochecksumtype // those that tell
		case core.Chosen:
			if ev.Act == forced.Act && (len(ev.Ways) != 1 || len(ev.Why) > 0) {
				return ""
			}
		case core.Passed:
			if ev.By == forced.Act {
				to = ev.To
			}
		case core.EndReached:
			if ev.By == forced.Act {
				to = ev.End
			}
		case core.Opened:
			if ev.Frame == x.acts[forced.Act].frame && to == "" {
				to = ev.Step
			}
		}
	}
	for _, w := range core.StepOf(x.p, x.c.State, now).Ways {
		if w.Leads() == to && to != "" && (w.Outcome == "" || w.Outcome == forced.Answer) {
			return to
		}
	}
	return ""
}

// failed lets a machine fail again.
func (x *replay) failed(e RecordedEvent, ev core.Tried) bool {
	ran := x.acts[ev.Act]
	a, goesOn := x.asked(e, ran)
	if a == nil {
		return goesOn
	}
	r, err := x.world.Act(x.c, core.JobFailed{
		Job: a.Job, Given: ev.Given, Worker: ev.Worker, Error: ev.Error, Message: ev.Message, Final: ev.Again.IsZero(),
	})
	return x.came(e, ran.step, value.Person{}, r, err)
}

// raised lets a called case end in an error again.
func (x *replay) raised(e RecordedEvent, ev core.Raised) bool {
	ran := x.acts[ev.Act]
	a, goesOn := x.asked(e, ran)
	if a == nil {
		return goesOn
	}
	in := core.ChildEnded{Act: a.ID, Case: a.Called, Outcome: ev.Error}
	if ev.Error == definitions.FailedError {
		in.Outcome, in.Code = "", core.CallFailed
	}
	r, err := x.world.Act(x.c, in)
	return x.came(e, ran.step, value.Person{}, r, err)
}

// retried tries again what had failed, where it fails by this version, too.
func (x *replay) retried(e RecordedEvent, ev core.Resolved) bool {
	if !x.pass(e) {
		return false
	}
	ran := x.acts[ev.Act]
	for _, a := range x.c.State.Acts {
		if a.Incident != nil && x.runs(a, ran) {
			r, err := x.world.Act(x.c, core.Retry{Act: a.ID})
			return x.came(e, ran.step, value.Person{}, r, err)
		}
	}
	return true
}

// stopped does again what was done to the case as a whole.
func (x *replay) stopped(e RecordedEvent, event core.Event) (known, goesOn bool) {
	act := func(who value.Person, in core.Input) (bool, bool) {
		if !x.pass(e) {
			return true, false
		}
		r, err := x.world.Act(x.c, in)
		return true, x.came(e, x.p.ID, who, r, err)
	}
	switch ev := event.(type) { //nolint:gochecksumtype // the deeds among the events
	case core.Suspension:
		return act(ev.Person, core.Suspend{Actor: ev.Person, Reason: ev.Reason})
	case core.Resumption:
		return act(ev.Person, core.Resume{Actor: ev.Person})
	case core.UndoBegan:
		if ev.Act != 1 || ev.Undo.End != core.Revoked {
			return false, true
		}
		x.revoked = true
		who := x.person(ev.Undo.By)
		return act(who, core.Revoke{Actor: who, Reason: ev.Undo.Reason})
	case core.Ended:
		who := x.person(ev.By)
		switch {
		case ev.Status != core.Cancelled, x.revoked:
			return false, true
		case ev.Code == core.CallCancelled:
			return act(who, core.Revoke{Actor: who, Reason: ev.Reason})
		case ev.By == "":
			return act(who, core.Cancel{Code: ev.Code, Reason: ev.Reason})
		}
		return act(who, core.Cancel{Actor: &who, Code: ev.Code, Reason: ev.Reason})
	}
	return false, true
}

// person is one of the recorded people, or what is left of him.
func (x *replay) person(id string) value.Person {
	if who, ok := x.people.Person(id); ok {
		return who
	}
	return value.Person{ID: id, Name: id}
}

// kept are the values of a message that was put by, as far as this version's form asks for them.
func (x *replay) kept(i int, form *definitions.Form) (value.Record, *core.Rejection) {
	var in struct {
		Message struct {
			Values map[string]json.RawMessage `json:"values"`
		} `json:"message"`
	}
	if i+1 < len(x.rec.Events) && json.Unmarshal(x.rec.Events[i+1].Body, &in) != nil {
		return nil, &core.Rejection{Code: core.Invalid}
	}
	out := tree{}
	for _, f := range core.FormFields(x.p, form) {
		if v, ok := in.Message.Values[f.Name]; ok {
			out[f.Name] = v
		}
	}
	return x.decode(core.FormFields(x.p, form), out)
}
