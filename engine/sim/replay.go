package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// Recording is what cases of a procedure have been through, with the people who were there: as a store had it.
type Recording struct {
	Office    string         `json:"office"`
	Procedure string         `json:"procedure"`
	People    []Recorded     `json:"people"`
	Cases     []RecordedCase `json:"cases"`
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
}

// Replay plays recorded cases against a version of their procedure: what people, messages and machines did is done
// again at its time; what follows from it, the version decides.
func Replay(b *definitions.Bundle, r *Recording) ([]Replayed, error) {
	p := b.Procedure(r.Procedure)
	if p == nil {
		return nil, fmt.Errorf("there is no procedure %s", r.Procedure)
	}
	players := make([]definitions.Player, len(r.People))
	for i, person := range r.People {
		players[i] = definitions.Player(person)
	}
	people := NewPeople(b.Office, players)
	var out []Replayed
	for _, c := range r.Cases {
		again := &replay{p: p, people: people, rec: c, acts: map[core.ID]ranAct{}, slots: map[core.ID]core.ID{}}
		again.world = NewWorld(b, people, time.Time{})
		again.world.ByHand = true
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
	acts   map[core.ID]ranAct  // of the record
	slots  map[core.ID]core.ID // of the record: the act of each
	rows   map[core.ID]int     // of the record: by frame
	out    Replayed
}

// ranAct is a run of a step in the record.
type ranAct struct {
	step string
	row  int
}

// play does again what was done, until it goes otherwise.
func (x *replay) play() {
	x.rows = map[core.ID]int{}
	for i, e := range x.rec.Events {
		event, err := decodePlain(e)
		if err != nil {
			x.differ(NotPlayed, e, "", value.Person{}, e.Kind)
			return
		}
		x.note(event)
		if !x.do(i, e, event) {
			return
		}
	}
	x.compareEnds()
}

// decodePlain reads an event whose body needs no types of the procedure; nil for the others.
func decodePlain(e RecordedEvent) (core.Event, error) {
	switch e.Kind {
	case core.DataSet{}.Kind(), core.CaseStarted{}.Kind(), core.Kept{}.Kind(), core.Migrated{}.Kind():
		return nil, nil //nolint:nilnil // they are read where they are needed
	}
	return core.DecodeEvent(nil, e.Kind, e.Body)
}

// note learns the names of what the record speaks of.
func (x *replay) note(event core.Event) {
	switch e := event.(type) {
	case core.FrameOpened:
		x.rows[e.Frame] = e.Row
	case core.Opened:
		row, ok := x.rows[e.Frame]
		if !ok {
			row = -1
		}
		x.acts[e.Act] = ranAct{step: e.Step, row: row}
	case core.Offered:
		x.slots[e.Slot] = e.Act
	default:
	}
}

// do does one deed of the record; false: it went otherwise.
func (x *replay) do(i int, e RecordedEvent, event core.Event) bool {
	switch ev := event.(type) {
	case nil:
		if e.Kind == (core.CaseStarted{}).Kind() {
			return x.start(i, e)
		}
	case core.Answered:
		if !ev.Again {
			return x.answer(i, e, ev)
		}
	case core.Received:
		if ev.Fate != "dropped" || ev.Act != 0 {
			return x.message(i, e, ev)
		}
	case core.Resulted:
		return x.machine(i, e, ev)
	case core.SentBack:
		if ev.How != core.ByWay {
			return x.sendBack(e, ev)
		}
	case core.Suspension, core.Resumption, core.Forced, core.EndedEarly, core.SignersAdded, core.Detoured:
		x.differ(NotPlayed, e, "", value.Person{}, e.Kind)
		return false
	case core.Grown:
		if ev.By.ID != "" {
			x.differ(NotPlayed, e, x.acts[ev.Act].step, ev.By, e.Kind)
			return false
		}
	default:
	}
	return true
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
	case r != nil:
		x.differ(Refused, e, step, who, string(r.Code))
		if r.Say != "" {
			x.out.Why = r.Say
		}
		if len(r.Fields) > 0 {
			x.out.Where = r.Fields[0].Path
		}
		return false
	}
	for _, a := range x.c.State.Acts {
		if a.Incident != nil {
			x.differ(GotStuck, e, step, who, a.Incident.Message)
			x.out.Where = a.Step
			return false
		}
	}
	return true
}

func (x *replay) start(i int, e RecordedEvent) bool {
	var in struct {
		Starter value.Person `json:"starter"`
	}
	if err := json.Unmarshal(e.Body, &in); err != nil {
		x.differ(NotPlayed, e, "", in.Starter, e.Kind)
		return false
	}
	x.world.Now = e.At.UTC()
	given := x.setAfter(i)
	var r *core.Rejection
	err := errors.New("it has no start")
	for n, way := range x.p.Starts {
		values, wrong := x.fill(way.Form, given, -1)
		if wrong != nil {
			r, err = wrong, nil
			continue
		}
		start := core.Start{Way: n, Values: values}
		if in.Starter.ID != "" {
			start.Starter = &in.Starter
		}
		if x.c, r, err = x.world.Start(x.p, start); x.c != nil {
			break
		}
	}
	if x.c == nil {
		x.came(e, x.p.ID, in.Starter, r, err)
		return false
	}
	return x.came(e, x.p.ID, in.Starter, nil, err)
}

// answer lets a person complete a task again.
func (x *replay) answer(i int, e RecordedEvent, ev core.Answered) bool {
	ran := x.acts[ev.Act]
	if !x.pass(e) {
		return false
	}
	act, task := x.taskOf(ran, ev)
	if task == nil {
		x.differ(Otherwise, e, ran.step, ev.Person, "")
		return false
	}
	values, wrong := x.fill(task.Form, x.setAfter(i), ran.row)
	if wrong != nil {
		return x.came(e, ran.step, ev.Person, wrong, nil)
	}
	x.world.stead = ev.For
	r, err := x.world.Act(x.c, core.Complete{
		Actor: ev.Person, Slot: act, Answer: ev.Answer, Values: values, Note: ev.Note,
	})
	return x.came(e, ran.step, ev.Person, r, err)
}

// taskOf finds the open task of a step, and of a row; among several, one that is the person's.
func (x *replay) taskOf(ran ranAct, ev core.Answered) (core.ID, *definitions.Task) {
	var slot core.ID
	var task *definitions.Task
	for _, t := range x.c.Tasks {
		if t.Step != ran.step || ran.row >= 0 && x.c.Row(t.Act) != ran.row {
			continue
		}
		w, ok := core.StepOf(x.p, x.c.State, t.Act).Work.(*definitions.Task)
		if !ok {
			continue
		}
		who := ev.Person
		if ev.For != nil {
			who = *ev.For
		}
		mine := core.MayDo(x.p, x.c.State, x.world.Context(), t.Slot, who) == nil
		if task == nil || mine {
			slot, task = t.Slot, w
		}
		if mine {
			break
		}
	}
	return slot, task
}

func (x *replay) message(i int, e RecordedEvent, ev core.Received) bool {
	if !x.pass(e) {
		return false
	}
	for _, m := range x.p.Messages {
		if m.ID != ev.Name {
			continue
		}
		values, wrong := x.fill(m.Form, x.setAfter(i), -1)
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
	st := x.p.Steps[ran.step]
	if st == nil {
		return true // whoever did it was told of
	}
	switch w := st.Work.(type) {
	case *definitions.Call:
		if w.NoWait {
			return true
		}
	case *definitions.Request, *definitions.Job:
	default:
		return true
	}
	if !x.pass(e) {
		return false
	}
	for _, a := range x.c.State.Acts {
		if a.Step != ran.step || a.State != core.Open || ran.row >= 0 && x.c.Row(a.ID) != ran.row {
			continue
		}
		values, _ := x.record(x.setBefore(i))
		r, err := x.world.Act(x.c, core.Skip{Act: a.ID, Answer: ev.Answer, Values: values})
		return x.came(e, ran.step, value.Person{}, r, err)
	}
	x.differ(Otherwise, e, ran.step, value.Person{}, "")
	return false
}

func (x *replay) sendBack(e RecordedEvent, ev core.SentBack) bool {
	if ev.How != core.ByReturn {
		x.differ(NotPlayed, e, x.acts[ev.Act].step, ev.Person, e.Kind)
		return false
	}
	if !x.pass(e) {
		return false
	}
	ran := x.acts[ev.Act]
	slot, task := x.taskOf(ran, core.Answered{Person: ev.Person, For: ev.For})
	if task == nil {
		x.differ(Otherwise, e, ran.step, ev.Person, "")
		return false
	}
	x.world.stead = ev.For
	r, err := x.world.Act(x.c, core.Return{Actor: ev.Person, Slot: slot, To: ev.To, Reason: ev.Reason})
	return x.came(e, ran.step, ev.Person, r, err)
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

// assigned is a value of a recorded data-set.
type assigned struct {
	Path  string          `json:"path"`
	Row   *int            `json:"row"`
	Value json.RawMessage `json:"value"`
}

func (x *replay) set(i int) []assigned {
	var in struct {
		Values []assigned `json:"values"`
	}
	if i < 0 || i >= len(x.rec.Events) || x.rec.Events[i].Kind != (core.DataSet{}).Kind() {
		return nil
	}
	if json.Unmarshal(x.rec.Events[i].Body, &in) != nil {
		return nil
	}
	return in.Values
}

func (x *replay) setAfter(i int) []assigned  { return x.set(i + 1) }
func (x *replay) setBefore(i int) []assigned { return x.set(i - 1) }

// fill makes of recorded values those of a form, as far as it asks for them.
func (x *replay) fill(form *definitions.Form, given []assigned, row int) (value.Record, *core.Rejection) {
	if form == nil {
		return value.Record{}, nil
	}
	tree := map[string]any{}
	for _, f := range form.Fields {
		for _, g := range given {
			switch {
			case g.Path != f.Path && !strings.HasPrefix(g.Path, f.Path+".") || len(g.Value) == 0:
			case f.OfRow && g.Row != nil && *g.Row == row:
				put(tree, f.Table.Each+"."+f.Name, g.Value)
			case f.OfRow || f.Table != nil && g.Row != nil:
				putRow(tree, f.Table.Name, f.Name, g)
			default:
				put(tree, g.Path, g.Value)
			}
		}
	}
	for _, f := range form.Fields { // rows that came with the form stand there whole
		for _, g := range given {
			if f.Table != nil && !f.OfRow && g.Path == f.Table.Path && len(g.Value) > 0 {
				put(tree, g.Path, g.Value)
			}
		}
	}
	return x.decode(core.FormFields(x.p, form), tree)
}

// record makes of recorded values those of the procedure's data.
func (x *replay) record(given []assigned) (value.Record, *core.Rejection) {
	tree := map[string]any{}
	for _, g := range given {
		if f := x.p.Data.Field(g.Path); f != nil && g.Row == nil && len(g.Value) > 0 {
			put(tree, g.Path, g.Value)
		}
	}
	return x.decode(x.p.Data.Fields, tree)
}

func (x *replay) decode(fields []*value.Field, tree map[string]any) (value.Record, *core.Rejection) {
	raw, err := json.Marshal(tree)
	if err != nil {
		return nil, &core.Rejection{Code: core.Invalid, Say: err.Error()}
	}
	rec, faults := value.DecodeRecord(fields, raw, x.p.Office.Zone, nil)
	if len(faults) > 0 {
		return nil, &core.Rejection{Code: core.Invalid, Fields: faults}
	}
	return rec, nil
}

func put(tree map[string]any, path string, v any) {
	head, rest, inside := strings.Cut(path, ".")
	if !inside {
		tree[head] = v
		return
	}
	inner, ok := tree[head].(map[string]any)
	if !ok {
		inner = map[string]any{}
		tree[head] = inner
	}
	put(inner, rest, v)
}

func putRow(tree map[string]any, table, column string, g assigned) {
	rows, _ := tree[table].([]map[string]any)
	for len(rows) <= *g.Row {
		rows = append(rows, map[string]any{})
	}
	rows[*g.Row][column] = g.Value
	tree[table] = rows
}
