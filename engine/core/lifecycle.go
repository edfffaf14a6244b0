package core

import "slices"

// The life of an activation. What is not in the table cannot happen.
//
//	ready     -> open (its work began), leaving (skip), reverting (interrupted), failed, withdrawn
//	open      -> leaving (its work has a result), ready (only_while has turned false), reverting (interrupted by
//	             something that undoes), parked (a detour), failed, withdrawn
//	parked    -> open (the detour is over), withdrawn
//	leaving   -> done (ways were chosen), trailing (rows still run), reverting (a way undoes), failed, withdrawn
//	reverting -> done, trailing, withdrawn
//	trailing  -> done, reverting (an error of a row), withdrawn
//	failed    -> ready, open (a call's case need not run again) or leaving (retry, skip), reverting (interrupted),
//	             withdrawn
//	done      -> undone (a return)
var lifecycle = map[ActState][]ActState{
	Ready:     {Open, Leaving, Reverting, Failed, Withdrawn},
	Open:      {Leaving, Ready, Reverting, Parked, Failed, Withdrawn},
	Parked:    {Open, Withdrawn},
	Leaving:   {Done, Trailing, Reverting, Failed, Withdrawn},
	Reverting: {Done, Trailing, Withdrawn},
	Trailing:  {Done, Reverting, Withdrawn},
	Failed:    {Ready, Open, Leaving, Reverting, Withdrawn},
	Done:      {Undone},
	Withdrawn: nil,
	Undone:    nil,
}

// reopened are the states from which a recall inside it, and nothing else, lets an activation go on: it is open then.
var reopened = []ActState{Open, Trailing, Failed, Done}

// move takes an activation to another state of its life. It is the only writer of that state, with reopen.
func (a *Activation) move(to ActState) {
	if !mayFollow(a.State, to) {
		panic(&Broken{What: "activation of " + a.Step + " cannot go from " + string(a.State) + " to " + string(to)})
	}
	a.State = to
}

// reopen lets an activation go on that had its result.
func (a *Activation) reopen() {
	if !slices.Contains(reopened, a.State) {
		panic(&Broken{What: "what ended in an activation of " + a.Step + " that is " + string(a.State) + " cannot go on"})
	}
	a.State = Open
}

// mayFollow tells whether an activation may go from one state to the other.
func mayFollow(from, to ActState) bool { return slices.Contains(lifecycle[from], to) }

// The life of a slot. A slot that is still open when its activation ends is gone with it.
//
//	waiting -> offered (its turn)
//	offered -> offered (to others), claimed (taken, transferred), started, given, held, answered
//	claimed -> offered (released, reassigned), claimed (transferred), started, given, held, answered
//	started -> offered, claimed, started (transferred with the work done so far), given, held, answered
//	held    -> started (its signers have answered), offered, claimed (moved to others)
//	given   -> started (it came back), offered, claimed (moved to others)
//
// Each of them but answered may also end as removed (a signer taken out) or withdrawn (nobody needs it any more).
var slotLife = map[SlotState][]SlotState{
	SlotWaiting: {SlotOffered, SlotRemoved, SlotWithdrawn},
	SlotOffered: {
		SlotOffered, SlotClaimed, SlotStarted, SlotGiven, SlotHeld, SlotAnswered, SlotRemoved, SlotWithdrawn,
	},
	SlotClaimed: {
		SlotOffered, SlotClaimed, SlotStarted, SlotGiven, SlotHeld, SlotAnswered, SlotRemoved, SlotWithdrawn,
	},
	SlotStarted: {
		SlotOffered, SlotClaimed, SlotStarted, SlotGiven, SlotHeld, SlotAnswered, SlotRemoved, SlotWithdrawn,
	},
	SlotHeld:      {SlotStarted, SlotOffered, SlotClaimed, SlotRemoved, SlotWithdrawn},
	SlotGiven:     {SlotStarted, SlotOffered, SlotClaimed, SlotRemoved, SlotWithdrawn},
	SlotAnswered:  nil,
	SlotRemoved:   nil,
	SlotWithdrawn: nil,
}

// move takes a slot to another state of its life. It is the only writer of that state.
func (s *Slot) move(to SlotState) {
	if !slices.Contains(slotLife[s.State], to) {
		panic(&Broken{What: "a task cannot go from " + string(s.State) + " to " + string(to)})
	}
	s.State = to
}

// Open tells whether somebody can work on a slot in this state.
func (s SlotState) Open() bool {
	return s == SlotOffered || s == SlotClaimed || s == SlotStarted || s == SlotGiven
}

// Ended tells whether nothing more comes of a slot in this state.
func (s SlotState) Ended() bool { return s == SlotAnswered || s == SlotRemoved || s == SlotWithdrawn }
