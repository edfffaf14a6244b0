package core

import "slices"

// The life of an activation. What is not in the table cannot happen.
//
//	ready    -> open (its work began), leaving (it had no work), failed, withdrawn
//	open     -> leaving (its work has a result), failed, withdrawn
//	leaving  -> done (ways were chosen), trailing (rows still run), failed, withdrawn
//	trailing -> done, withdrawn
//	failed   -> ready or leaving (retry), withdrawn
var lifecycle = map[ActState][]ActState{
	Ready:     {Open, Leaving, Failed, Withdrawn},
	Open:      {Leaving, Failed, Withdrawn},
	Leaving:   {Done, Trailing, Failed, Withdrawn},
	Trailing:  {Done, Withdrawn},
	Failed:    {Ready, Leaving, Withdrawn},
	Done:      nil,
	Withdrawn: nil,
}

// mayFollow tells whether an activation may go from one state to the other.
func mayFollow(from, to ActState) bool { return slices.Contains(lifecycle[from], to) }

// The life of a slot.
//
//	waiting -> offered (its turn)
//	offered -> claimed, started, answered
//	claimed -> offered (released, reassigned), started, answered
//	started -> offered (released, reassigned), answered
//
// A slot that is still open when its activation ends is gone with it.
func (s SlotState) open() bool { return s == SlotOffered || s == SlotClaimed || s == SlotStarted }
