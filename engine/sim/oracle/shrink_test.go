package oracle

import (
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine/sim/reference"
)

// A failure is shrunk until nothing can be left out any more. The fault that is planted here shows when somebody
// completes a task of a procedure that waits; as long as a message has come, only if a block is there, too: the block
// can go once the message has gone.
func TestAFailureIsShrunkToWhatItNeeds(t *testing.T) {
	t.Parallel()
	planted := func(t *tree, inputs []reference.Input, _ bool) *Failure {
		has := func(do reference.Verb) bool {
			return slices.ContainsFunc(inputs, func(in reference.Input) bool { return in.Do == do })
		}
		text := t.yaml()
		if _, err := compile(t); err != nil || !strings.Contains(text, "wait: {") || !has(reference.Complete) ||
			has(reference.Send) && strings.Count(text, "steps:\n") < 2 {
			return nil
		}
		return &Failure{0, t, inputs, &Difference{What: "planted"}}
	}
	shrunk := 0
	for seed := uint64(0); shrunk < 5; seed++ {
		made := newGenerator(seed).procedure()
		p, err := compile(made)
		if err != nil {
			continue
		}
		x := newPair(p)
		if d := newWalker(x, 1).play(most); d != nil {
			t.Fatal(d.What)
		}
		f := planted(made, x.inputs, true)
		if f == nil || !slices.ContainsFunc(f.inputs, func(in reference.Input) bool { return in.Do == reference.Send }) {
			continue
		}
		shrunk++
		f.Seed = seed
		small := f.shrink(planted)
		if small.Seed != seed || len(small.inputs) != 1 || small.inputs[0].Do != reference.Complete {
			t.Errorf("seed %d is shrunk to the inputs of seed %d %v", seed, small.Seed, small.inputs)
		}
		steps := small.tree.get("steps").kids // one waits, and may have to ask for another, or for the block around it
		wait := waiting(steps)
		if wait == nil || len(steps) > 2 || len(wait.kids) > 3 {
			t.Errorf("seed %d is shrunk only to\n%s", seed, small.tree.yaml())
		}
	}
}

// waiting is the step that waits, of a list or in a block that stands in it alone.
func waiting(steps []*tree) *tree {
	for _, s := range steps {
		if s.get("wait") != nil {
			return s
		}
	}
	if len(steps) == 1 && steps[0].get("steps") != nil {
		return waiting(steps[0].get("steps").kids)
	}
	return nil
}
