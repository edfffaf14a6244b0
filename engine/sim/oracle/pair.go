package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
	"github.com/guicheng/guicheng/engine/sim/reference"
)

// nowhere is the number of a thing that no case has.
const nowhere = 99_999

// explored is how far the core looks ahead. Few made-up procedures are sound, so that it often looks in vain.
const explored = 30

// everybody holds all posts, nobody none.
var (
	everybody = value.Person{ID: "all", Name: "all", Posts: []string{"a", "b", "c"}}
	nobody    = value.Person{ID: "none", Name: "none"}
	begin     = time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
)

// pair is one case, on the core and on the reference side by side.
type pair struct {
	p      *definitions.Procedure
	staff  *sim.People
	state  *core.State
	folded *core.State // what the history alone gives
	ref    *reference.Case
	now    time.Time
	inputs []reference.Input
	sent   int // messages
	// history is all that happened, to be folded once more at the end.
	history           []core.Event
	refused, accepted int
	stranded          int  // inputs that the core refused, since the case could not end then
	cut               bool // the two cannot be compared any further
}

func newPair(p *definitions.Procedure) *pair {
	staff := sim.OnePerPost(p.Office)
	return &pair{
		p: p, staff: staff, state: core.New("sim", "k1"), folded: core.New("sim", "k1"),
		ref: reference.New(p, staff), now: begin,
	}
}

// Difference is an input after which the two do not agree.
type Difference struct {
	What      string
	Core, Ref []string
}

// give gives an input to both. It reports how they differ then; nil if they agree.
func (x *pair) give(in reference.Input) (diff *Difference) {
	x.inputs = append(x.inputs, in)
	x.now = in.At
	var out core.Outcome
	defer func() {
		if broken := recover(); broken != nil {
			mine, theirs := newView(x.p, x.state).marking(), x.ref.Marking()
			diff = &Difference{What: fmt.Sprint("panic: ", broken), Core: mine, Ref: theirs}
		}
	}()
	out = core.Step(x.p, x.state, x.translate(in), core.Context{Now: in.At, Staff: x.staff, Explore: explored})
	if out.Rejection != nil && out.Rejection.Code == core.WouldStrand { // it alone looks ahead
		x.stranded++
		return nil
	}
	in.All = x.takesAll(out.Events)
	agreed := x.ref.Do(in.Copy())
	if x.ref.Broken != "" || slices.ContainsFunc(out.Events, tooMany) {
		x.cut = true
		return nil
	}
	for _, e := range out.Events {
		core.Apply(x.p, x.folded, e)
	}
	x.history = append(x.history, out.Events...)
	mine, theirs := newView(x.p, x.state).marking(), x.ref.Marking()
	switch {
	case agreed && out.Rejection != nil:
		return &Difference{"the core refuses it: " + out.Rejection.Error(), mine, theirs}
	case !agreed && out.Rejection == nil:
		return &Difference{"the reference refuses it", mine, theirs}
	case !slices.Equal(mine, theirs):
		return &Difference{"they stand otherwise", mine, theirs}
	}
	if folded := newView(x.p, x.folded).marking(); !slices.Equal(mine, folded) {
		return &Difference{"the history folds to another state", mine, folded}
	}
	if x.accepted++; out.Rejection != nil {
		x.accepted--
		x.refused++
	}
	return nil
}

// takesAll tells whether what opens takes threads that wait elsewhere.
func (x *pair) takesAll(events []core.Event) bool {
	return slices.ContainsFunc(events, func(e core.Event) bool {
		j, ok := e.(core.Joined)
		return ok && slices.ContainsFunc(x.folded.Tokens, func(t core.Token) bool {
			return slices.Contains(j.Tokens, t.ID) && t.To != j.Step
		})
	})
}

// tooMany tells the incident of a Step that does not end: what it leaves behind is nobody's plan. So is a way back
// after which the case could not end: the core alone looks ahead.
func tooMany(e core.Event) bool {
	s, ok := e.(core.Stuck)
	if p, is := e.(*core.Stuck); is {
		s, ok = *p, true
	}
	return ok && (s.Incident.Code == "too-many-moves" || s.Incident.Code == string(core.WouldStrand))
}

// translate makes the core's input of one that names things by their paths.
func (x *pair) translate(in reference.Input) core.Input {
	v := newView(x.p, x.state)
	a := v.find(in.Act)
	var act, slot, timer core.ID = nowhere, nowhere, nowhere
	called := ""
	if a != nil {
		act, called = a.ID, a.Called
		if in.Index < len(a.Slots) {
			slot = a.Slots[in.Index].ID
		}
		for _, t := range a.Timers {
			if string(t.Kind) == in.Name && t.Index == in.Index && in.Name != "keep" {
				timer = t.ID
			}
		}
	}
	values := in.Copy().Values
	switch in.Do {
	case reference.Start:
		who := in.Who
		return core.Start{Way: in.Index, Starter: &who, Values: values}
	case reference.Claim:
		return core.Claim{Actor: in.Who, Slot: slot}
	case reference.Release:
		return core.Release{Actor: in.Who, Slot: slot}
	case reference.Draft:
		return core.SaveDraft{Actor: in.Who, Slot: slot, Draft: []byte(`{}`)}
	case reference.Complete:
		return core.Complete{Actor: in.Who, Slot: slot, Answer: in.Answer, Values: values}
	case reference.Send:
		who := in.Who
		return core.Deliver{ID: in.ID, Name: in.Name, Sender: &who, Values: values}
	case reference.Due:
		if in.Name == "keep" {
			timer = x.keepTimer(in.ID)
		}
		return core.Due{Timer: timer}
	case reference.Child:
		return core.ChildEnded{Act: act, Case: called, Outcome: in.Answer, Data: values, Failed: in.Failed,
			Code: in.Failed}
	case reference.Cancel:
		who := in.Who
		return core.Cancel{Actor: &who, Reason: "no longer wanted"}
	case reference.Answer, reference.Fail:
		return machine(in, a, values)
	case reference.AddRow:
		return core.AddRow{Actor: in.Who, Act: act, Values: values}
	case reference.Finish:
		return core.FinishRows{Actor: in.Who, Act: act}
	case reference.Retry:
		return core.Retry{Actor: in.Who, Act: act}
	default:
		return x.onCase(in, a, act, slot, values)
	}
}

// onCase makes the input of an act on the case.
func (x *pair) onCase(
	in reference.Input, a *core.Activation, act, slot core.ID, values value.Record,
) core.Input {
	switch in.Do {
	case reference.Suspend:
		return core.Suspend{Actor: in.Who, Reason: "why"}
	case reference.Resume:
		return core.Resume{Actor: in.Who, Reason: "why"}
	case reference.Skip:
		return core.Skip{Actor: in.Who, Act: act, Answer: in.Answer, To: in.To, Values: values}
	case reference.Revoke:
		return core.Revoke{Actor: in.Who, Reason: "why"}
	case reference.Return, reference.Straight:
		return core.Return{Actor: in.Who, Slot: slot, To: in.To, Straight: in.Do == reference.Straight}
	case reference.Recall:
		if slot = nowhere; a != nil && a.Last != 0 {
			slot = a.Last
		}
		return core.Recall{Actor: in.Who, Slot: slot}
	case reference.Jump:
		var leave []core.ID
		for _, path := range in.Leave {
			act = nowhere
			if b := newView(x.p, x.state).find(path); b != nil {
				act = b.ID
			}
			leave = append(leave, act)
		}
		return core.Jump{Actor: in.Who, Acts: leave, To: in.To, Reason: "why"}
	default:
		panic("an input of no kind: " + in.Do)
	}
}

// machine makes the input by which a machine speaks.
func machine(in reference.Input, a *core.Activation, values value.Record) core.Input {
	var job core.ID = nowhere
	if a != nil && a.Job != 0 {
		job = a.Job
	}
	if in.Do == reference.Fail {
		return core.JobFailed{Job: job, Given: in.Tried, Error: in.Name}
	}
	answer, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	if values == nil {
		answer = nil
	}
	return core.JobDone{Job: job, Given: in.Tried, Outcome: in.Answer, Status: in.Index, Answer: answer}
}

// keepTimer finds the timer that drops a kept message.
func (x *pair) keepTimer(id string) core.ID {
	for _, k := range x.state.Kept {
		if k.ID == id {
			return k.Timer
		}
	}
	return nowhere
}

// refold reads the history back from the bytes in which it is stored and folds it over nothing: a case that is rebuilt
// stands where it stood.
func (x *pair) refold() *Difference {
	s := core.New("sim", "k1")
	for _, e := range x.history {
		raw, err := core.EncodeEvent(x.p, e)
		if err == nil {
			e, err = core.DecodeEvent(x.p, e.Kind(), raw)
		}
		if err != nil {
			return &Difference{What: "an event is not read back: " + err.Error()}
		}
		core.Apply(x.p, s, e)
	}
	was, err := core.EncodeState(x.p, x.state)
	is, err2 := core.EncodeState(x.p, s)
	if err != nil || err2 != nil || !bytes.Equal(was, is) {
		return &Difference{
			What: fmt.Sprint("the stored history folds to another state ", err, err2),
			Core: []string{string(was)}, Ref: []string{string(is)},
		}
	}
	return nil
}
