package core

import (
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// Claim takes a task for oneself, without beginning it. Who has delegated it takes it back by that.
type Claim struct {
	Actor value.Person
	Slot  ID
}

// StartWork begins to work on a task. It claims the task if it is not claimed.
type StartWork struct {
	Actor value.Person
	Slot  ID
}

// Release gives a claimed task back, or one that was delegated to the actor.
type Release struct {
	Actor value.Person
	Slot  ID
}

// SaveDraft keeps what was filled in so far, unchecked. It begins the work.
type SaveDraft struct {
	Actor value.Person
	Slot  ID
	Draft []byte // JSON, opaque
}

// Complete finishes a task with an answer and the values of its form. Of a delegated task it is a proposal.
type Complete struct {
	Actor  value.Person
	Slot   ID
	Answer string
	Values value.Record
	Note   string // a remark, for the record
	Dry    bool   // only tells what would come of it
}

// Transfer gives a task to somebody else for good.
type Transfer struct {
	Actor  value.Person
	Slot   ID
	To     value.Person
	Keep   bool   // with the draft; else To begins afresh
	Note   string // why, for the record
	Office bool   // an administrator or the manager of the procedure does it, who need not hold it
}

// Delegate lets somebody else work on a task; then it comes back, and its holder decides.
type Delegate struct {
	Actor value.Person
	Slot  ID
	To    value.Person
	Note  string
}

// AddSigners asks more people to sign.
type AddSigners struct {
	Actor   value.Person
	Slot    ID // of the one who asks
	Kind    SlotKind
	Signers []Signer
	Mode    definitions.Mode // of the group that they make; none = all. Those beside have no group of their own
	Note    string
}

// Signer is one whose signature is asked for: exactly one of the two is set.
type Signer struct {
	Person *value.Person
	Post   string // one holder of it
}

// RemoveSigner takes out one who has not acted, with those whom he added.
type RemoveSigner struct {
	Actor  value.Person
	Slot   ID
	Note   string
	Office bool // as of Transfer
}

func (Claim) input()        {}
func (StartWork) input()    {}
func (Release) input()      {}
func (SaveDraft) input()    {}
func (Complete) input()     {}
func (Transfer) input()     {}
func (Delegate) input()     {}
func (AddSigners) input()   {}
func (RemoveSigner) input() {}
