package sim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// Recording is what cases of a procedure have been through, with the people who were there: as a store had it.
type Recording struct {
	Office    string     `json:"office"`
	Procedure string     `json:"procedure"`
	People    []Recorded `json:"people"`
	// Titles are those of the steps and ends, by the versions by which the cases ran.
	Titles map[string]string `json:"titles,omitempty"`
	Cases  []RecordedCase    `json:"cases"`
}

// Recorded is one of the people.
type Recorded struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Posts  []string `json:"posts,omitempty"`
	Unit   string   `json:"unit,omitempty"`
	Skills []string `json:"skills,omitempty"`
}

// RecordedCase is the history of one case.
type RecordedCase struct {
	Case    string          `json:"case"`
	Number  string          `json:"number"`
	Status  core.Status     `json:"status"`
	Outcome string          `json:"outcome,omitempty"`
	Events  []RecordedEvent `json:"events"`
}

// RecordedEvent is one event as it is stored.
type RecordedEvent struct {
	At   time.Time       `json:"at"`
	Kind string          `json:"kind"`
	Body json.RawMessage `json:"body"`
}

// Fate is what would have become of a recorded case.
type Fate string

// The fates.
const (
	Likewise  Fate = "same"       // it would have gone the same way
	Otherwise Fate = "otherwise"  // it would have gone another way
	Refused   Fate = "refused"    // something that was done would have been refused
	GotStuck  Fate = "stuck"      // something could not have gone on
	NotPlayed Fate = "not-played" // it holds what cannot be played again
)

// Replayed is what a recorded case would have come to by another version, and where it begins to differ.
type Replayed struct {
	Case   string    `json:"case"`
	Number string    `json:"number"`
	Fate   Fate      `json:"fate"`
	At     time.Time `json:"at,omitzero"`
	Step   string    `json:"step,omitempty"`   // what was done then
	Person string    `json:"person,omitempty"` // name of who did it
	Open   []string  `json:"open,omitempty"`   // steps that would be open instead
	Why    string    `json:"why,omitempty"`    // code of a refusal or incident, outcome, or kind of event
	Where  string    `json:"where,omitempty"`  // field or step that it is about
	Fault  string    `json:"fault,omitempty"`  // code of what is wrong with that field
}

// Replay plays recorded cases against a version of their procedure: what people, messages and machines did is done
// again at its time; what follows from it, the version decides.
func Replay(b *definitions.Bundle, r *Recording) ([]Replayed, error) {
	p := b.Procedure(r.Procedure)
	if p == nil {
		return nil, fmt.Errorf("the new version has no procedure %s, of which the recording is", r.Procedure)
	}
	players := make([]definitions.Player, len(r.People))
	for i, person := range r.People {
		players[i] = definitions.Player{
			ID: person.ID, Name: person.Name, Posts: person.Posts, Unit: person.Unit, Skills: person.Skills,
		}
	}
	people := NewPeople(b.Office, players)
	var out []Replayed
	for _, c := range r.Cases {
		again := &replay{p: p, people: people, rec: c}
		again.world = NewWorld(b, people, time.Time{})
		again.world.ByHand, again.world.told = true, true
		again.out = Replayed{Case: c.Case, Number: c.Number, Fate: Likewise}
		again.play()
		out = append(out, again.out)
	}
	return out, nil
}

// replay plays one case again.
type replay struct {
	p      *definitions.Procedure
	people *People
	world  *World
	c      *Case
	rec    RecordedCase
	out    Replayed

	// Of the record, as far as it was played:
	data    tree
	acts    map[core.ID]ranAct
	rows    map[core.ID]int                 // by frame
	signers map[core.ID][]core.ID           // slots of an activation, in their order
	offered map[core.ID][]formula.Candidate // by slot
	holders map[core.ID]value.Person        // by slot
	adders  map[core.ID]string              // by slot that was added: who added it
	stuck   map[string]bool                 // steps at which the case stood still in the record, too
	brought map[string]bool                 // ids of messages that were brought
	revoked bool
}

// ranAct is a run of a step in the record.
type ranAct struct {
	step  string
	row   int // -1 = of none
	frame core.ID
	over  bool
	// machine: a machine was asked, or another case called, and what came of it was waited for.
	machine bool
	tried   bool // the machine has failed: what came of that follows by itself
}

// play does again what was done, until it goes otherwise.
func (x *replay) play() {
	x.data = tree{}
	x.acts, x.rows, x.signers = map[core.ID]ranAct{}, map[core.ID]int{}, map[core.ID][]core.ID{}
	x.offered, x.holders = map[core.ID][]formula.Candidate{}, map[core.ID]value.Person{}
	x.adders, x.stuck, x.brought = map[core.ID]string{}, map[string]bool{}, map[string]bool{}
	x.foresee()
	for i, e := range x.rec.Events {
		event, err := decodePlain(e)
		if err != nil {
			x.differ(NotPlayed, e, "", value.Person{}, e.Kind)
			return
		}
		if !x.do(i, e, event) {
			return
		}
		x.note(event)
		x.learn(i)
	}
	x.compareEnds()
}

// foresee learns at which steps the case stood still in the record.
func (x *replay) foresee() {
	steps := map[core.ID]string{}
	for _, e := range x.rec.Events {
		event, err := decodePlain(e)
		if err != nil {
			return
		}
		switch e := event.(type) { //nolint:gochecksumtype // those that tell
		case core.Opened:
			steps[e.Act] = e.Step
		case core.Stuck:
			x.stuck[steps[e.Act]] = true
		}
	}
}

// decodePlain reads an event whose body needs no types of the procedure; nil for the others.
func decodePlain(e RecordedEvent) (core.Event, error) {
	switch e.Kind {
	case core.DataSet{}.Kind(), core.CaseStarted{}.Kind(), core.Kept{}.Kind(), core.Migrated{}.Kind():
		return nil, nil //nolint:nilnil // they are read where they are needed
	}
	return core.DecodeEvent(nil, e.Kind, e.Body)
}

// note learns what the record speaks of.
func (x *replay) note(event core.Event) {
	switch e := event.(type) { //nolint:gochecksumtype // those that tell
	case core.FrameOpened:
		if x.rows[e.Frame] = e.Row; e.Row < 0 {
			x.rows[e.Frame] = x.rowOf(x.acts[e.Owner].frame)
		}
	case core.Opened:
		x.acts[e.Act] = ranAct{step: e.Step, row: x.rowOf(e.Frame), frame: e.Frame}
	case core.Moved:
		x.ran(e.Act, func(ran *ranAct) { ran.over = e.To.Over() })
	case core.Called:
		x.ran(e.Act, func(ran *ranAct) { ran.machine = !e.NoWait })
	case core.Asked:
		x.ran(e.Act, func(ran *ranAct) { ran.machine = true })
	case core.Tried:
		x.ran(e.Act, func(ran *ranAct) { ran.tried = true })
	case core.Offered:
		x.offered[e.Slot] = e.Candidates
		if !slices.Contains(x.signers[e.Act], e.Slot) {
			x.signers[e.Act] = append(x.signers[e.Act], e.Slot)
		}
	case core.SignersAdded:
		at := slices.Index(x.signers[e.Act], e.Slot) + 1
		for i, s := range e.Signers {
			x.adders[s.Slot], x.offered[s.Slot] = e.By.ID, []formula.Candidate{s.Who}
			x.signers[e.Act] = slices.Insert(x.signers[e.Act], at+i, s.Slot)
		}
	case core.Claimed:
		x.holders[e.Slot] = owner(e.Person, e.For)
	case core.Began:
		x.holders[e.Slot] = owner(e.Person, e.For)
	case core.Transferred:
		x.holders[e.Slot] = e.To
	case core.Released:
		delete(x.holders, e.Slot)
	}
}

func (x *replay) ran(act core.ID, change func(*ranAct)) {
	ran := x.acts[act]
	change(&ran)
	x.acts[act] = ran
}

// owner is whose a task is that somebody took.
func owner(who value.Person, stead *value.Person) value.Person {
	if stead != nil {
		return *stead
	}
	return who
}

func (x *replay) rowOf(frame core.ID) int {
	if row, ok := x.rows[frame]; ok {
		return row
	}
	return -1
}

// do does one deed of the record; false: it went otherwise.
func (x *replay) do(i int, e RecordedEvent, event core.Event) bool {
	switch ev := event.(type) { //nolint:gochecksumtype // the deeds among the events
	case nil:
		if e.Kind == (core.CaseStarted{}).Kind() {
			return x.start(i, e)
		}
		return true
	case core.Answered:
		return ev.Again || x.answer(i, e, ev)
	case core.Received:
		return ev.Fate == "dropped" && ev.Act == 0 || x.brought[ev.ID] || x.message(i, e, ev)
	case core.Resulted:
		return x.machine(i, e, ev)
	case core.SentBack:
		return ev.How == core.ByWay || ev.How == core.ByReopening || x.sendBack(e, ev)
	case core.Detoured:
		return x.onTask(e, taskDeed{act: ev.Act, who: ev.Person, stead: ev.For}, func(slot core.ID) core.Input {
			return core.Return{Actor: ev.Person, Slot: slot, To: ev.To, Straight: true, Reason: ev.Reason}
		})
	}
	if known, goesOn := x.handled(e, event); known {
		return goesOn
	}
	_, goesOn := x.repaired(i, e, event)
	return goesOn
}

// differ ends the replay.
func (x *replay) differ(fate Fate, e RecordedEvent, step string, who value.Person, why string) {
	x.out.Fate, x.out.At, x.out.Step, x.out.Person, x.out.Why = fate, e.At, step, who.Name, why
	if fate == Otherwise && x.c != nil {
		x.out.Open = x.open()
	}
}

// open lists the steps that are open now and are somebody's, or a machine's.
func (x *replay) open() []string {
	var out []string
	for _, a := range x.c.State.Acts {
		if a.Frame == 0 || a.State != core.Open && a.State != core.Failed {
			continue
		}
		switch core.StepOf(x.p, x.c.State, a.ID).Work.(type) {
		case *definitions.Block, *definitions.Multi, *definitions.Repeat, *definitions.Junction:
			continue
		default:
		}
		if !slices.Contains(out, a.Step) {
			out = append(out, a.Step)
		}
	}
	return out
}

// pass lets time pass to that of an event.
func (x *replay) pass(e RecordedEvent) bool {
	if err := x.world.PassTo(e.At); err != nil {
		x.differ(GotStuck, e, "", value.Person{}, err.Error())
		return false
	}
	return true
}

// came judges what an input came to.
func (x *replay) came(e RecordedEvent, step string, who value.Person, r *core.Rejection, err error) bool {
	switch {
	case err != nil:
		x.differ(GotStuck, e, step, who, err.Error())
		return false
	case r != nil && r.Code == core.CaseEnded:
		x.differ(Otherwise, e, step, who, "")
		return false
	case r != nil:
		x.differ(Refused, e, step, who, string(r.Code))
		if r.Say != "" {
			x.out.Why = r.Say
		}
		if len(r.Fields) > 0 {
			x.out.Where, x.out.Fault = r.Fields[0].Path, r.Fields[0].Code
			x.out.Why = cmp.Or(r.Fields[0].Args["say"], x.out.Why)
		}
		return false
	}
	for _, a := range x.c.State.Acts {
		if a.Incident != nil && !x.stuck[a.Step] {
			x.differ(GotStuck, e, step, who, a.Incident.Message)
			x.out.Where = a.Step
			return false
		}
	}
	return true
}

// start begins the case again: in the way, and for the entry of its list, that sets most of what was set then.
func (x *replay) start(i int, e RecordedEvent) bool {
	var in struct {
		Starter value.Person `json:"starter"`
	}
	if err := json.Unmarshal(e.Body, &in); err != nil {
		x.differ(NotPlayed, e, "", in.Starter, e.Kind)
		return false
	}
	x.world.Now = e.At.UTC()
	best, most := core.Start{}, -1
	var r *core.Rejection
	err := errors.New("it has no start")
	for _, way := range x.p.Starts {
		list, wrong := x.starts(way, i, in.Starter)
		if wrong != nil {
			r, err = wrong, nil
		}
		for _, start := range list {
			trial := NewWorld(x.world.Bundle, x.people, x.world.Now)
			trial.ByHand, trial.told = true, true
			c, refused, failed := trial.Start(x.p, start)
			if c == nil {
				r, err = refused, failed
			} else if n := x.alike(c, i+1); n > most {
				best, most = start, n
			}
		}
	}
	if most < 0 {
		x.came(e, x.p.ID, in.Starter, r, err)
		return false
	}
	x.c, r, err = x.world.Start(x.p, best)
	return x.came(e, x.p.ID, in.Starter, r, err)
}

// starts are the ways in which a start could begin the recorded case.
func (x *replay) starts(way *definitions.Start, i int, starter value.Person) ([]core.Start, *core.Rejection) {
	if way.Schedule != nil {
		if starter.ID != "" {
			return nil, nil
		}
		return core.Scheduled(way, x.p, nil, x.world.Now, x.world.Context())
	}
	values, wrong := x.fill(way.Form, i, -1)
	if wrong != nil {
		return nil, wrong
	}
	one := core.Start{Way: way.Index, Values: values}
	if starter.ID != "" {
		one.Starter = &starter
	}
	return []core.Start{one}, nil
}

// alike counts what a case has set at its start as a recorded event has it.
func (x *replay) alike(c *Case, i int) int {
	n := 0
	for _, e := range c.History {
		raw, err := core.EncodeEvent(x.p, e)
		if e.Kind() != (core.DataSet{}).Kind() || err != nil {
			continue
		}
		var now struct {
			Values []assigned `json:"values"`
		}
		if json.Unmarshal(raw, &now) != nil {
			continue
		}
		for _, g := range x.set(i) {
			same := func(a assigned) bool { return a.Path == g.Path && bytes.Equal(a.Value, g.Value) }
			if slices.ContainsFunc(now.Values, same) {
				n++
			}
		}
	}
	return n
}

// answer lets a person complete a task again.
func (x *replay) answer(i int, e RecordedEvent, ev core.Answered) bool {
	ran := x.acts[ev.Act]
	if !x.pass(e) {
		return false
	}
	slot, task := x.taskOf(ran, taskDeed{act: ev.Act, slot: ev.Slot, who: ev.Person, stead: ev.For})
	if task == nil {
		x.differ(Otherwise, e, ran.step, ev.Person, "")
		return false
	}
	values, wrong := x.fill(core.FormOf(x.p, x.c.State, slot), i, ran.row)
	if wrong != nil {
		return x.came(e, ran.step, ev.Person, wrong, nil)
	}
	x.world.stead = ev.For
	r, err := x.world.Act(x.c, core.Complete{
		Actor: ev.Person, Slot: slot, Answer: ev.Answer, Values: values, Note: ev.Note,
	})
	return x.came(e, ran.step, ev.Person, r, err)
}

func (x *replay) message(i int, e RecordedEvent, ev core.Received) bool {
	if !x.pass(e) {
		return false
	}
	for _, m := range x.p.Messages {
		if m.ID != ev.Name {
			continue
		}
		x.brought[ev.ID] = true
		values, wrong := x.fill(m.Form, i, -1)
		if ev.Fate == "kept" {
			values, wrong = x.kept(i, m.Form)
		}
		if wrong != nil {
			return x.came(e, ev.Name, ev.Sender, wrong, nil)
		}
		in := core.Deliver{ID: x.world.MessageID(), Name: ev.Name, Values: values}
		if ev.Sender.ID != "" {
			in.Sender = &ev.Sender
		}
		r, err := x.world.Act(x.c, in)
		return x.came(e, ev.Name, ev.Sender, r, err)
	}
	x.differ(Otherwise, e, ev.Name, ev.Sender, "")
	return false
}

// machine gives the result of a call, a request or a job again: what the others come to, the version decides.
func (x *replay) machine(i int, e RecordedEvent, ev core.Resulted) bool {
	ran := x.acts[ev.Act]
	if !ran.machine {
		return true
	}
	a, goesOn := x.asked(e, ran)
	if a == nil {
		return goesOn
	}
	values, _ := x.record(x.set(i - 1))
	r, err := x.world.Act(x.c, core.Skip{Act: a.ID, Answer: ev.Answer, Values: values})
	return x.came(e, ran.step, value.Person{}, r, err)
}

// asked finds what waits for a machine, or for a called case, as a recorded run did.
func (x *replay) asked(e RecordedEvent, ran ranAct) (a *core.Activation, goesOn bool) {
	if !x.pass(e) {
		return nil, false
	}
	for _, a := range x.c.State.Acts {
		if a.State != core.Open || !x.runs(a, ran) {
			continue
		}
		switch core.StepOf(x.p, x.c.State, a.ID).Work.(type) {
		case *definitions.Call, *definitions.Request, *definitions.Job:
			return a, true
		default:
		}
	}
	x.differ(Otherwise, e, ran.step, value.Person{}, "")
	return nil, false
}

// compareEnds compares where the case stands at the end of the record.
func (x *replay) compareEnds() {
	if x.c == nil || len(x.rec.Events) == 0 {
		return
	}
	last := x.rec.Events[len(x.rec.Events)-1]
	if !x.pass(last) || x.rec.Status != core.Finished {
		return
	}
	if x.c.State.Status != core.Finished {
		x.differ(Otherwise, last, "", value.Person{}, x.rec.Outcome)
		return
	}
	if x.c.State.Outcome != x.rec.Outcome {
		x.differ(Otherwise, last, "", value.Person{}, x.rec.Outcome)
		x.out.Where = x.c.State.Outcome
	}
}
