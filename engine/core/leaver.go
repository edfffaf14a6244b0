package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// Who leaves hands over 離職轉辦: all his open tasks become another's, with the work that was done on them.

// HandOver gives all tasks of the case that are one person's to another. It is a letter of the office's: what cannot be
// given stays where it is, on record.
type HandOver struct {
	Actor value.Person // an administrator
	From  value.Person
	To    value.Person
	Note  string
}

func (HandOver) input() {}

// NotHandedOver says that a task could not be given to another person, and stays with the one who has it.
type NotHandedOver struct {
	Act  ID           `json:"act"`
	Slot ID           `json:"slot"`
	From value.Person `json:"from"`
	To   value.Person `json:"to"`
	Why  Code         `json:"why"`
}

// Kind names the event.
func (NotHandedOver) Kind() string { return "not-handed-over" }

func (NotHandedOver) apply(*definitions.Procedure, *State) {}

// HandedOver is one task that would be handed over, with the answer to whether it could be.
type HandedOver struct {
	Slot ID
	Step string
	Why  *Rejection // nil = it could
}

// CanHandOver lists a person's tasks in a case, and whether each could be given to another person. It changes nothing.
func CanHandOver(p *definitions.Procedure, s *State, c Context, from, to value.Person) []HandedOver {
	m := &machine{p: p, s: s, c: c}
	if m.gate(HandOver{}) != nil {
		return nil
	}
	var out []HandedOver
	for _, t := range m.tasksOf(from.ID) {
		out = append(out, HandedOver{Slot: t.slot.ID, Step: t.act.Step, Why: m.mayInherit(t, from, to)})
	}
	return out
}

// owned is a task with the activation that it belongs to.
type owned struct {
	act  *Activation
	slot *Slot
	task *definitions.Task
}

// tasksOf lists what is a person's alone, oldest first: what he holds, works on for somebody else, or is asked for by
// himself, also when his turn has not come, or while a detour is under way.
func (m *machine) tasksOf(person string) []owned {
	var out []owned
	for _, a := range m.s.Acts {
		if a.State != Open && a.State != Parked {
			continue
		}
		for _, slot := range a.Slots {
			given := slot.Given != nil && slot.Given.ID == person
			if slot.State.Ended() || !given && slot.signer() != person {
				continue
			}
			task, ok := m.step(a).Work.(*definitions.Task)
			if !ok {
				panic(&Broken{What: "slot of a step that is no task: " + a.Step})
			}
			out = append(out, owned{act: a, slot: slot, task: task})
		}
	}
	return out
}

// delegated tells whether a task was only given to a person to work on.
func (t owned) delegated(person string) bool {
	return t.slot.Given != nil && t.slot.Given.ID == person && t.slot.Holder.ID != person
}

// mayInherit refuses a person who may not have a task of another: the procedure excludes him, or he signs there
// already. What was only delegated goes back to its holder, whoever is to have the rest.
func (m *machine) mayInherit(t owned, from, to value.Person) *Rejection {
	if t.delegated(from.ID) {
		return nil
	}
	signs := slices.ContainsFunc(t.act.Slots, func(s *Slot) bool {
		return s != t.slot && s.State != SlotRemoved && s.State != SlotWithdrawn && s.signs(to.ID)
	})
	if signs {
		return notEligible(t.act, to)
	}
	return m.allowed(t.act, t.slot, t.task, to)
}

// handOver gives each task, or says why not. What was delegated to the leaver comes back to its holder.
func (m *machine) handOver(in HandOver) *Rejection {
	for _, t := range m.tasksOf(in.From.ID) {
		why := m.mayInherit(t, in.From, in.To)
		switch {
		case t.delegated(in.From.ID):
			m.emit(GaveBack{Act: t.act.ID, Slot: t.slot.ID, By: in.From, Note: in.Note})
		case why != nil:
			m.emit(NotHandedOver{Act: t.act.ID, Slot: t.slot.ID, From: in.From, To: in.To, Why: why.Code})
		default:
			m.emit(Transferred{
				Act: t.act.ID, Slot: t.slot.ID, From: &in.From, To: in.To, By: in.Actor, Keep: true, Whole: true, Note: in.Note,
			})
		}
		if i := t.act.Incident; i != nil && i.Code == nobodyCode && i.Phase == Beside && m.attended(t.act, t.task, t.slot) {
			m.emit(Resolved{Act: t.act.ID})
		}
	}
	return nil
}
