// Package reference says a second time how a procedure runs, as plainly as can be: a [Case] is a tree of frames with
// activations and a multiset of waiting tokens, and whatever follows from them is worked out anew each time.
//
// It shares no code with the engine's core and is as slow as it is simple. The oracle plays both side by side and
// compares them after every input: where they differ, one of the two has read the language otherwise.
package reference
