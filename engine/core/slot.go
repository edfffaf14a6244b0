package core

import (
	"math/big"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Limits of the signers of one step.
const (
	maxSigners = 100 // slots, with those that are out again
	maxAdded   = 5   // how deep those who were added may add in turn
)

// Slot is a task as one person or one set of candidates sees it. Several slots of an activation are signatures. They
// make a tree: whoever is asked to sign may ask others.
type Slot struct {
	ID         ID                  `json:"id"`
	Candidates []formula.Candidate `json:"candidates"`
	State      SlotState           `json:"state"`
	Holder     *value.Person       `json:"holder,omitempty"`
	For        *value.Person       `json:"for,omitempty"` // Holder answered in his stead
	Answer     string              `json:"answer,omitempty"`
	Priority   int64               `json:"priority,omitempty"`

	Kind     SlotKind      `json:"kind,omitempty"`   // how it was added; "" = the step's own
	Parent   ID            `json:"parent,omitempty"` // the slot of the one who added it
	Group    ID            `json:"group,omitempty"`  // among whom it counts; 0 = the step's own
	Weight   *big.Rat      `json:"weight,omitempty"` // nil = 1
	Given    *value.Person `json:"given,omitempty"`  // works on it for the holder
	Proposed *Proposal     `json:"proposed,omitempty"`
}

// SlotKind says how a signer was added, seen from the one who added him.
type SlotKind string

// The kinds of added signers.
const (
	AddBefore SlotKind = "before" // asked first; the adder decides when they have answered
	AddAfter  SlotKind = "after"  // asked when the adder has approved; they decide whether that counts
	AddBeside SlotKind = "beside" // signs as an equal of the adder
)

// Proposal is what a delegate has answered; the values that he filled in are the draft.
type Proposal struct {
	By     value.Person `json:"by"`
	Answer string       `json:"answer,omitempty"`
	Note   string       `json:"note,omitempty"`
}

// SlotState is where a slot stands. See lifecycle.go.
type SlotState string

// The states of a slot.
const (
	SlotWaiting   SlotState = "waiting" // its turn has not come
	SlotOffered   SlotState = "offered"
	SlotClaimed   SlotState = "claimed"
	SlotStarted   SlotState = "started" // claimed, and the work has begun
	SlotHeld      SlotState = "held"    // its holder has asked others, who have not all answered
	SlotGiven     SlotState = "given"   // somebody else works on it for its holder
	SlotAnswered  SlotState = "answered"
	SlotRemoved   SlotState = "removed"
	SlotWithdrawn SlotState = "withdrawn"
)

// Group is several signers who were added together, and how their answers make one.
type Group struct {
	ID     ID       `json:"id"`
	Kind   SlotKind `json:"kind"` // before or after
	Parent ID       `json:"parent"`
	Mode   string   `json:"mode"` // the text of a definitions.Mode
	Ended  bool     `json:"ended,omitempty"`
}

// verdict is what a vote, or all of a group's, comes to.
type verdict uint8

const (
	pending verdict = iota
	passed
	failed
	void // it does not count
)

// slotByID returns a slot of the activation; nil if it has none of that id.
func (a *Activation) slotByID(id ID) *Slot {
	for _, slot := range a.Slots {
		if slot.ID == id {
			return slot
		}
	}
	return nil
}

// group returns one of the activation's groups; nil for the step's own signers.
func (a *Activation) group(id ID) *Group {
	for i := range a.Groups {
		if a.Groups[i].ID == id {
			return &a.Groups[i]
		}
	}
	return nil
}

// callOn offers a signer's task whose turn has come: who was there when the step opened may have left since. It reports
// whether an answer came of it.
func (m *machine) callOn(a *Activation, task *definitions.Task, s *Slot) bool {
	list, wrong := s.Candidates, (*Incident)(nil)
	if !a.Advises(s) || !m.anyoneOf(list) {
		list, wrong = m.there(a, task, list)
	}
	switch {
	case wrong != nil: // it waits for those who are named, and somebody is to know that nobody is there
		m.emit(Offered{Act: a.ID, Slot: s.ID, Candidates: s.Candidates, Why: OfferTurn})
		m.stick(a.ID, Beside, wrong)
		return false
	case len(list) == 0:
		m.emit(SignersOut{Act: a.ID, Slots: []ID{s.ID}})
		return true
	}
	m.emit(Offered{Act: a.ID, Slot: s.ID, Candidates: list, Why: OfferTurn})
	return m.approvedBefore(a, task, s)
}

// mode is how a group decides.
func (g *Group) mode() definitions.Mode {
	mode, err := definitions.ParseMode(g.Mode)
	if err != nil {
		panic(&Broken{What: "signers with a mode that is none: " + g.Mode})
	}
	return mode
}

// vote is what one slot counts as now.
func (a *Activation) vote(s *Slot) verdict {
	switch {
	case s.State == SlotRemoved || s.State == SlotWithdrawn:
		return void
	case s.State != SlotAnswered:
		return pending
	case s.Answer == Rejected:
		return failed
	}
	for i := range a.Groups { // those who come after decide whether an approval counts
		g := &a.Groups[i]
		if g.Parent != s.ID || g.Kind != AddAfter {
			continue
		}
		if v := a.verdict(g.ID, g.mode()); v == pending || v == failed {
			return v
		}
	}
	return passed
}

// verdict counts the votes of a group. One of which nobody is left has passed: there is nothing to wait for.
func (a *Activation) verdict(group ID, mode definitions.Mode) verdict {
	n, open, no := 0, 0, false
	var whole, approved, rejected big.Rat
	weigh := mode.Sign == definitions.SignRatio
	for _, s := range a.Slots {
		if s.Group != group {
			continue
		}
		v := a.vote(s)
		if v == void {
			continue
		}
		n++
		if v == pending {
			open++
		}
		no = no || v == failed && (s.Weight == nil || s.Weight.Sign() > 0)
		if !weigh { // of an ordinary task: nothing to reckon
			continue
		}
		whole.Add(&whole, s.weight())
		if v == passed {
			approved.Add(&approved, s.weight())
		}
		if v == failed {
			rejected.Add(&rejected, s.weight())
		}
	}
	if n == 0 {
		return passed
	}
	switch mode.Sign {
	case definitions.SignAny, definitions.SignNone:
		return decided(no, open < n)
	case definitions.SignAllAtEnd:
		return decided(open == 0 && no, open == 0)
	case definitions.SignRatio:
		var least big.Rat
		least.Mul(&whole, mode.Ratio)
		return decided(!enough(whole.Sub(&whole, &rejected), &least, mode.More), enough(&approved, &least, mode.More))
	case definitions.SignAll, definitions.SignInOrder:
	}
	return decided(no, open == 0)
}

func decided(no, yes bool) verdict {
	switch {
	case no:
		return failed
	case yes:
		return passed
	}
	return pending
}

func enough(got, least *big.Rat, more bool) bool {
	if more {
		return got.Cmp(least) > 0
	}
	return got.Cmp(least) >= 0
}

var one = big.NewRat(1, 1)

func (s *Slot) weight() *big.Rat {
	if s.Weight == nil {
		return one
	}
	return s.Weight
}

// Advises tells whether a slot is among those who are only asked, so that somebody else can decide: added before, or
// added by one who was.
func (a *Activation) Advises(s *Slot) bool {
	for s != nil && s.Group != 0 {
		g := a.group(s.Group)
		if g.Kind == AddBefore {
			return true
		}
		s = a.slotByID(g.Parent)
	}
	return false
}

// depth is how many have asked one another until this slot was added.
func (a *Activation) depth(s *Slot) int {
	n := 0
	for ; s.Parent != 0; s = a.slotByID(s.Parent) {
		n++
	}
	return n
}

// under lists a slot and all who were added by it, and by those in turn. A slot stands behind its parent.
func (a *Activation) under(id ID) []*Slot {
	in := map[ID]bool{id: true}
	var out []*Slot
	for _, s := range a.Slots {
		if s.ID == id || in[s.Parent] {
			in[s.ID] = true
			out = append(out, s)
		}
	}
	return out
}

// stillAsked lists a slot and those whom it added, who have not answered.
func (a *Activation) stillAsked(id ID) []ID {
	var out []ID
	for _, s := range a.under(id) {
		if !s.State.Ended() {
			out = append(out, s.ID)
		}
	}
	return out
}

// signed lists who have given the step's signatures, in order, and which of them have rejected.
func (a *Activation) signed() (by []value.Person, against []string) {
	for _, s := range a.Slots {
		if s.State != SlotAnswered || a.Advises(s) {
			continue
		}
		by = append(by, s.by()...)
		for _, p := range s.by() {
			if s.Answer == Rejected && !slices.Contains(against, p.ID) {
				against = append(against, p.ID)
			}
		}
	}
	return by, against
}

// settleSigners does what follows from a change among the signers of a step: groups that have decided end, whoever's
// turn has come is asked, and the step has its result when its own signers have decided.
func (m *machine) settleSigners(a *Activation, task *definitions.Task) {
	for m.settleGroups(a, task) { // asking somebody who has approved before is an answer at once
	}
	mode := task.Mode()
	v := a.verdict(0, mode)
	if v == pending {
		return
	}
	answer := Approved
	by, against := a.signed()
	switch {
	case v == failed:
		answer, against = Rejected, nil
	case mode.Sign == definitions.SignNone:
		answer, against = a.Slots[0].Answer, nil
	}
	m.resultOf(Resulted{Act: a.ID, Answer: answer, By: by, Against: against})
}

// settleGroups goes through the groups once, those added last first, and the step's own at last. It reports whether
// an answer came of it.
func (m *machine) settleGroups(a *Activation, task *definitions.Task) bool {
	for _, g := range slices.Backward(slices.Clone(a.Groups)) {
		parent := a.slotByID(g.Parent)
		asked := g.Kind == AddBefore && parent.State == SlotHeld ||
			g.Kind == AddAfter && parent.State == SlotAnswered && parent.Answer == Approved
		switch {
		case g.Ended || !asked && !parent.State.Ended():
			continue
		case !asked: // its parent has rejected or is out: what they would say is of no use
			m.dismiss(a, g.ID)
		case a.verdict(g.ID, g.mode()) != pending:
			m.dismiss(a, g.ID)
			if g.Kind == AddBefore {
				m.emit(Resumed{Act: a.ID, Slot: parent.ID, Group: g.ID})
			}
		default:
			if m.askNext(a, task, g.ID, g.mode()) {
				return true
			}
		}
	}
	return a.verdict(0, task.Mode()) == pending && m.askNext(a, task, 0, task.Mode())
}

// dismiss takes out those of a group who have not answered, with those whom they added.
func (m *machine) dismiss(a *Activation, group ID) {
	var out []ID
	for _, s := range a.Slots {
		if s.Group != group {
			continue
		}
		for _, id := range a.stillAsked(s.ID) {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	if len(out) > 0 {
		m.emit(SignersOut{Act: a.ID, Slots: out, Group: group})
	}
}

// askNext asks those of a group whose turn has come. It reports whether one of them has answered by that.
func (m *machine) askNext(a *Activation, task *definitions.Task, group ID, mode definitions.Mode) bool {
	for _, s := range a.Slots {
		if s.Group != group {
			continue
		}
		if s.State == SlotWaiting {
			if m.callOn(a, task, s) {
				return true
			}
		}
		if mode.Sign == definitions.SignInOrder && a.vote(s) == pending {
			return false
		}
	}
	return false
}
