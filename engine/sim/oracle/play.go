package oracle

import "fmt"

// most is how many inputs a run has.
const most = 30

// Tally counts what was played.
type Tally struct {
	Procedures int // that were accepted by the check
	Refused    int // that were not, and were thrown away
	Runs       int
	Accepted   int // inputs
	Rejected   int // inputs that both refused
	Stranded   int // inputs that the core alone refused: the case could not have ended then
	Cut        int // runs that could not be followed to their end: too many moves, a formula without a result
}

// Add adds another tally.
func (t *Tally) Add(o Tally) {
	t.Procedures += o.Procedures
	t.Refused += o.Refused
	t.Runs += o.Runs
	t.Accepted += o.Accepted
	t.Rejected += o.Rejected
	t.Stranded += o.Stranded
	t.Cut += o.Cut
}

// String tells it in one line.
func (t *Tally) String() string {
	return fmt.Sprintf("%d procedures (%d made-up ones were refused by the check), %d runs, %d inputs "+
		"and %d refused ones, %d of which the case could not have ended; %d runs were cut",
		t.Procedures, t.Refused, t.Runs, t.Accepted, t.Rejected+t.Stranded, t.Stranded, t.Cut)
}

// Play makes one procedure from a seed and plays it so many times. A failure is not shrunk yet.
func Play(seed uint64, runs int) (Tally, *Failure) {
	made := newGenerator(seed).procedure()
	p, err := compile(made)
	if err != nil {
		return Tally{Refused: 1}, nil
	}
	tally := Tally{Procedures: 1}
	for run := range runs {
		x := newPair(p)
		d := newWalker(x, uint64(run)).play(most)
		tally.Runs++
		tally.Accepted += x.accepted
		tally.Rejected += x.refused
		tally.Stranded += x.stranded
		if x.cut {
			tally.Cut++
		} else if d == nil && run%8 == 0 {
			d = x.refold()
		}
		if d != nil {
			return tally, &Failure{seed, made, x.inputs, d}
		}
	}
	return tally, nil
}

// Shrink makes a failure as small as it can be made.
func (f *Failure) Shrink() *Failure { return f.shrink(f.diff.differs) }
