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

// judge gives the failure of a procedure, with the inputs as they are or with others; nil = it does not fail.
type judge func(t *tree, inputs []reference.Input, others bool) *Failure

// differs judges by whether the two still differ in the same way: after these inputs, or in some new walk.
func (d *Difference) differs(t *tree, inputs []reference.Input, others bool) *Failure {
	p, err := compile(t)
	if err != nil {
		return nil
	}
	if x, y := replay(p, inputs); y != nil && y.What == d.What {
		return &Failure{0, t, x.inputs, y}
	}
	for seed := uint64(0); others && seed < tries; seed++ {
		x := newPair(p)
		if y := newWalker(x, seed).play(len(inputs) + 5); y != nil && y.What == d.What {
			return &Failure{0, t, x.inputs, y}
		}
	}
	return nil
}

// shrink makes a failure as small as it can: parts of the procedure and inputs are left out as long as it still fails
// without one of them.
func (f *Failure) shrink(still judge) *Failure {
	for g := f; g != nil; g = g.less(still) {
		g.Seed = f.Seed
		f = g
	}
	return f
}

// less is the failure with one thing less; nil = it needs all that it has.
func (f *Failure) less(still judge) *Failure {
	for i := range slices.Backward(f.inputs) { // what is given in vain makes all that follows slow
		if g := still(f.tree, slices.Delete(slices.Clone(f.inputs), i, i+1), false); g != nil {
			return g
		}
	}
	for _, smaller := range f.smaller() {
		if g := still(smaller, f.inputs, true); g != nil {
			return g
		}
	}
	return nil
}

// smaller lists procedures with one thing less, or without what is around other steps; the largest things first.
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
			if bare := f.tree.peeled(i); bare != nil {
				out = append(out, bare)
			}
			continue
		}
		in.remove(at)
		if at.key == "ends" { // what led to them leads to the end that a list has anyway
			for _, end := range at.kids {
				c.rename(end.key, definitions.DoneEnd)
			}
		}
		out = append(out, c)
		if all := f.tree.without(i); all != nil {
			out = append(out, all)
		}
	}
	slices.SortStableFunc(out, func(a, b *tree) int { return a.size() - b.size() })
	return out
}

// without is a tree without an entry of a step and all of the same key in that step: an outcome, and where it leads. It
// is nil if there is no other.
func (t *tree) without(n int) *tree {
	c := t.clone()
	at, _ := c.nth(n)
	var step *tree
	c.walk(func(x *tree) {
		if x.get("step") != nil && x.holds(at) { // the innermost comes last
			step = x
		}
	})
	if at.key == "" || step == nil {
		return nil
	}
	dropped := 0
	step.walk(func(x *tree) {
		before := len(x.kids)
		x.kids = slices.DeleteFunc(x.kids, func(k *tree) bool { return k.key == at.key })
		dropped += before - len(x.kids)
	})
	if dropped < 2 {
		return nil
	}
	return c
}

func (t *tree) holds(piece *tree) bool {
	found := false
	t.walk(func(x *tree) { found = found || x == piece })
	return found
}

// peeled is a tree with what is inside its n-th piece, a step, in the step's stead; nil if there is nothing inside.
func (t *tree) peeled(n int) *tree {
	c := t.clone()
	at, in := c.nth(n)
	inside := at.get("steps")
	if repeat := at.get("repeat"); repeat != nil {
		inside = repeat.get("steps")
	}
	if inside == nil || len(inside.kids) == 0 {
		return nil
	}
	last := inside.kids[len(inside.kids)-1]
	if then := at.get("then"); then != nil && then.kind == textTree && last.get("then") == nil {
		last.put("then", then.text)
	}
	i := slices.Index(in.kids, at)
	in.kids = slices.Replace(in.kids, i, i+1, inside.kids...)
	c.rename(at.get("step").text, inside.kids[0].get("step").text)
	return c
}

func (t *tree) rename(was, is string) {
	t.walk(func(x *tree) {
		if x.text == was {
			x.text = is
		}
	})
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
