package proof

// Limits of the proof of one list; an error of code "limit" names the one that was met.
const (
	MaxMarkings = 200_000    // ways in which it can stand
	MaxThreads  = 10_000_000 // moved or looked at, over all markings: many threads in each are met before
	MaxRings    = 200_000    // orders in which its locks can be taken
)

const (
	// enoughOfTooMany is how many markings are followed where it is known that there are more than MaxMarkings: what is
	// wrong near the beginning is still told.
	enoughOfTooMany = 2_000
	// piled is how many runs of one step, or threads at one input, are followed where several are intended.
	piled = 3
	// mostLines bounds the way that is shown; of a longer one the middle is left out.
	mostLines = 24
	// maxKnown bounds the markings that a Cover remembers.
	maxKnown = 100_000
)
