package core

import (
	"math/big"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Offered opens a task for candidates, or changes who they are.
type Offered struct {
	Act        ID                  `json:"act"`
	Slot       ID                  `json:"slot"`
	Candidates []formula.Candidate `json:"candidates,omitempty"`
	Why        string              `json:"why,omitempty"`      // opened, later, turn, escalated, reassigned
	Weight     *big.Rat            `json:"weight,omitempty"`   // of a signature; nil = 1
	Priority   int64               `json:"priority,omitempty"` // when it is opened
}

// Reasons of an Offered event.
const (
	OfferOpened     = "opened"
	OfferLater      = "later" // sign in-order: its turn has not come
	OfferTurn       = "turn"  // its turn has come
	OfferEscalated  = "escalated"
	OfferReassigned = "reassigned"
)

// Claimed gives a task to a person.
type Claimed struct {
	Act    ID            `json:"act"`
	Slot   ID            `json:"slot"`
	Person value.Person  `json:"person,omitzero"`
	For    *value.Person `json:"for,omitempty"` // whose the task is: Person stands in for him
}

// Began says that a person has begun to work on a task. It is his then.
type Began struct {
	Act    ID            `json:"act"`
	Slot   ID            `json:"slot"`
	Person value.Person  `json:"person,omitzero"`
	For    *value.Person `json:"for,omitempty"`   // whose the task is: Person stands in for him
	Draft  bool          `json:"draft,omitempty"` // by saving a draft
}

// Released offers it again.
type Released struct {
	Act  ID            `json:"act"`
	Slot ID            `json:"slot"`
	For  *value.Person `json:"for,omitempty"` // whose the task was: who released it stands in for him
}

// Answered ends a slot with a person's answer.
type Answered struct {
	Act    ID            `json:"act"`
	Slot   ID            `json:"slot"`
	Person value.Person  `json:"person,omitzero"`
	For    *value.Person `json:"for,omitempty"` // whose the task was: Person stands in for him
	Answer string        `json:"answer,omitempty"`
	Note   string        `json:"note,omitempty"`
	Again  bool          `json:"again,omitempty"` // he was not asked: he has approved before
}

// Skipped says that some were not asked who would have been.
type Skipped struct {
	Act ID                  `json:"act"`
	Who []formula.Candidate `json:"who,omitempty"`
	Why string              `json:"why,omitempty"` // self, nobody
}

// Reasons of a Skipped event.
const (
	SkipSelf   = "self"   // only the starter of the case could do it
	SkipNobody = "nobody" // nobody is there to do it
)

// Transferred gives a task to another person for good.
type Transferred struct {
	Act  ID            `json:"act"`
	Slot ID            `json:"slot"`
	From *value.Person `json:"from,omitempty"` // nil = nobody held it
	To   value.Person  `json:"to"`
	By   value.Person  `json:"by"`
	Keep bool          `json:"keep,omitempty"` // with the draft
	// Whole leaves to the new holder, too, whom the old one has asked before, and to whom he has delegated it.
	Whole bool   `json:"whole,omitempty"`
	Note  string `json:"note,omitempty"`
}

// Delegated lets another person work on a task for its holder.
type Delegated struct {
	Act  ID           `json:"act"`
	Slot ID           `json:"slot"`
	To   value.Person `json:"to"`
	By   value.Person `json:"by"`
	Note string       `json:"note,omitempty"`
}

// GaveBack brings a delegated task back to its holder.
type GaveBack struct {
	Act    ID            `json:"act"`
	Slot   ID            `json:"slot"`
	By     value.Person  `json:"by"`             // the delegate; the holder himself, if he took it back
	For    *value.Person `json:"for,omitempty"`  // whom By stands in for
	Done   bool          `json:"done,omitempty"` // with a proposal; its values are the draft now
	Answer string        `json:"answer,omitempty"`
	Note   string        `json:"note,omitempty"`
}

// SignersAdded asks more people to sign. Those before and after make a group with a mode of its own; those beside
// count among the adder's own.
type SignersAdded struct {
	Act     ID           `json:"act"`
	Slot    ID           `json:"slot"` // the adder's
	By      value.Person `json:"by"`
	Place   SlotKind     `json:"place"`
	Group   ID           `json:"group,omitempty"`
	Mode    string       `json:"mode,omitempty"`
	Signers []NewSigner  `json:"signers"`
	Note    string       `json:"note,omitempty"`
}

// NewSigner is one of those added.
type NewSigner struct {
	Slot   ID                `json:"slot"`
	Who    formula.Candidate `json:"who"`
	Weight *big.Rat          `json:"weight,omitempty"` // nil = 1
}

// SignersOut takes out signers: somebody removed them, or nobody needs them any more.
type SignersOut struct {
	Act   ID           `json:"act"`
	Slots []ID         `json:"slots"`
	Group ID           `json:"group,omitempty"` // which ends by that
	By    value.Person `json:"by,omitzero"`     // who removed the first of them, and with him those whom he added
	Note  string       `json:"note,omitempty"`
}

// Resumed goes on with a task whose holder has asked others before: they have answered.
type Resumed struct {
	Act   ID `json:"act"`
	Slot  ID `json:"slot"`
	Group ID `json:"group"`
}

// Kind names the event.
func (Offered) Kind() string      { return "offered" }
func (Claimed) Kind() string      { return "claimed" }
func (Began) Kind() string        { return "began" }
func (Released) Kind() string     { return "released" }
func (Answered) Kind() string     { return "answered" }
func (Skipped) Kind() string      { return "skipped" }
func (Transferred) Kind() string  { return "transferred" }
func (Delegated) Kind() string    { return "delegated" }
func (GaveBack) Kind() string     { return "gave-back" }
func (SignersAdded) Kind() string { return "signers-added" }
func (SignersOut) Kind() string   { return "signers-out" }
func (Resumed) Kind() string      { return "resumed" }
