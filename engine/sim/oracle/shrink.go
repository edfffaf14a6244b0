package oracle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/sim/reference"
)

// Failure is a procedure and inputs after which the two differ.
type Failure struct {
	Seed   uint64
	tree   *tree
	inputs []reference.Input
	diff   *Difference
}

// replay gives inputs anew.
func replay(p *definitions.Procedure, inputs []reference.Input) (*pair, *Difference) {
	x := newPair(p)
	for _, in := range inputs {
		if d := x.give(in); d != nil {
			return x, d
		}
		if x.cut {
			break
		}
	}
	return x, nil
}

// tries is how many walks try to fail on a smaller procedure, where the inputs of the larger one no longer do.
const tries = 30

// fails tells whether a procedure still makes a difference: with the inputs as they are, or with some new walk.
func fails(t *tree, inputs []reference.Input, what string) *Failure {
	p, err := compile(t)
	if err != nil {
		return nil
	}
	if x, d := replay(p, inputs); d != nil && d.What == what {
		return &Failure{0, t, x.inputs, d}
	}
	for seed := range tries {
		x := newPair(p)
		if d := newWalker(x, uint64(seed)).play(len(inputs) + 5); d != nil && d.What == what {
			return &Failure{0, t, x.inputs, d}
		}
	}
	return nil
}

// shrink makes a failure as small as it can: parts of the procedure and inputs are left out while it still fails.
func shrink(f *Failure) *Failure {
	for again := true; again; {
		again = false
		for _, smaller := range f.smaller() {
			if g := fails(smaller, f.inputs, f.diff.What); g != nil {
				g.Seed = f.Seed
				f, again = g, true
				break
			}
		}
	}
	for i := range slices.Backward(f.inputs) {
		p, err := compile(f.tree)
		if err != nil || i >= len(f.inputs) {
			continue
		}
		if x, d := replay(p, slices.Delete(slices.Clone(f.inputs), i, i+1)); d != nil && d.What == f.diff.What {
			f = &Failure{f.Seed, f.tree, x.inputs, d}
		}
	}
	return f
}

// smaller lists procedures with one thing less, the largest things first.
func (f *Failure) smaller() []*tree {
	var out []*tree
	n := f.tree.size()
	for i := 1; i < n; i++ {
		c := f.tree.clone()
		at, in := c.nth(i)
		if id := at.get("step"); id != nil {
			in.remove(at)
			c.forget(id.text)
			out = append(out, c)
			continue
		}
		in.remove(at)
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b *tree) int { return a.size() - b.size() })
	return out
}

// nth finds the n-th piece of a tree and what it stands in.
func (t *tree) nth(n int) (at, in *tree) {
	i := -1
	var find func(x, parent *tree)
	find = func(x, parent *tree) {
		if i++; i == n {
			at, in = x, parent
		}
		for _, k := range x.kids {
			if at == nil {
				find(k, x)
			}
		}
	}
	find(t, nil)
	return at, in
}

func (t *tree) remove(kid *tree) {
	t.kids = slices.DeleteFunc(t.kids, func(k *tree) bool { return k == kid })
}

// forget leads all ways to a step to an end instead, and leaves it out wherever else it is named.
func (t *tree) forget(id string) {
	t.walk(func(x *tree) {
		if x.kind == listTree {
			x.kids = slices.DeleteFunc(x.kids, func(k *tree) bool { return k.text == id && x.key != "then" })
		}
		if x.kind == textTree && x.text == id {
			x.text = definitions.StopEnd
		}
	})
}

// String tells a failure: the procedure, the inputs and how the two differ.
func (f *Failure) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\n%s----\n", f.Seed, f.tree.yaml())
	for _, in := range f.inputs {
		b.WriteString(line(in) + "\n")
	}
	fmt.Fprintf(&b, "---- %s\n", f.diff.What)
	for _, s := range f.diff.Core {
		mark := "  "
		if !slices.Contains(f.diff.Ref, s) {
			mark = "core      "
		}
		b.WriteString(mark + s + "\n")
	}
	for _, s := range f.diff.Ref {
		if !slices.Contains(f.diff.Core, s) {
			b.WriteString("reference " + s + "\n")
		}
	}
	return b.String()
}
