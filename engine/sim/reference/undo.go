package reference

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// undoable is a run of a step that was done and has a step that undoes it. The case keeps them in the order in which
// they were done.
type undoable struct {
	act   *act
	state string
}

// The states of what can be undone.
const (
	able = "able"
	busy = "busy"
	past = "past"
)

// canUndo keeps what was done.
func (c *Case) canUndo(a *act) {
	if a.step.Compensate != nil {
		c.undoables = append(c.undoables, &undoable{a, able})
	}
}

// toUndo lists what is to be undone as seen from a list, the first one first.
func (c *Case) toUndo(f *frame, u *definitions.Undo) []*undoable {
	var list []*undoable
	for _, x := range c.undoables {
		if u != nil && x.state == able && means(f, u, x.act) {
			list = append(list, x)
		}
	}
	return inOrder(list)
}

// inOrder sorts what is to be undone: what was done last comes first, and what is inside another before that.
func inOrder(list []*undoable) []*undoable {
	rank := map[*undoable]int{} // twice the place of what was done first of it and of what is inside it
	for i, x := range list {
		rank[x] = 2 * i
		for k := range i {
			if list[k].act != x.act && list[k].act.within(x.act) {
				rank[x] = min(rank[x], 2*k-1)
			}
		}
	}
	slices.SortStableFunc(list, func(x, y *undoable) int { return rank[y] - rank[x] })
	return list
}

// means tells whether an `undo` in a list means a run.
func means(f *frame, u *definitions.Undo, a *act) bool {
	if u.Steps == nil {
		return u.All || a.inFrame(f)
	}
	if !slices.Contains(u.Steps, a.step) {
		return false
	}
	for f != nil && f.graph != a.step.Graph {
		f = f.outer()
	}
	return f != nil && a.frame == f
}

// inFrame tells whether an act runs, or ran, in a frame or inside it.
func (a *act) inFrame(f *frame) bool {
	return a.frame != nil && (a.frame == f || a.frame.owner.inFrame(f))
}

// undo undoes a list, one after the other, and only then goes on.
func (c *Case) undo(a *act, list []*undoable, then func()) {
	if len(list) == 0 {
		then()
		return
	}
	if a != c.root {
		a.state, a.slots, a.timers = reverting, nil, nil
	}
	a.undoing = true
	c.undoNext(a, list, then)
}

func (c *Case) undoNext(a *act, list []*undoable, then func()) {
	for i, x := range list {
		if x.state != able { // somebody else undoes it
			continue
		}
		x.state = busy
		c.opened++
		f := &frame{id: c.opened, owner: a, row: x.act.frame.rowNo(), undoes: x, graph: &definitions.Graph{
			Owner: a.step, Steps: []*definitions.Step{x.act.step.Compensate},
		}}
		f.then = func() { c.undoNext(a, list[i+1:], then) }
		a.inner = append(a.inner, f)
		c.onWay(f, &thread{to: x.act.step.Compensate, by: a}, nil)
		return
	}
	a.undoing = false
	if then(); a == c.root {
		c.unpack(a)
	}
}

// rowNo is the row that a frame is about; -1 = none.
func (f *frame) rowNo() int {
	for ; f != nil; f = f.outer() {
		if f.row >= 0 {
			return f.row
		}
	}
	return -1
}

// undoneByWays withdraws what ways cancel that undo something, and lists it.
func (c *Case) undoneByWays(a *act, ways []*definitions.Way) []*undoable {
	var list []*undoable
	for _, w := range ways {
		u := w.Undo
		if w.End != nil && u == nil {
			u = w.End.Undo
		}
		if u == nil {
			continue
		}
		if a.around(w.Cancels) { // it is done before that is gone
			c.done(a)
		}
		if c.cancel(a.frame, a, w.Cancels); a.frame.gone() {
			return nil
		}
		if w.End != nil && w.End.Cancels {
			for _, b := range a.frame.acts {
				if b != a {
					c.withdraw(b)
				}
			}
			a.frame.tokens = nil
			a.frame.endRounds(func(*round) bool { return true })
			a.frame.cleared++
		}
		for _, x := range c.toUndo(a.frame, u) {
			if !slices.Contains(list, x) {
				list = append(list, x)
			}
		}
	}
	return list
}

// interrupt lets a timeout or an event end an act and lead elsewhere.
func (c *Case) interrupt(a *act, f *frame, d definitions.Deed, from string) {
	if c.cancel(f, nil, d.Cancels); f.gone() {
		return
	}
	if c.win(a); a == c.root {
		c.clear(f)
	} else {
		c.close(a)
	}
	c.undo(a, c.undoneByDeed(a, f, d), func() {
		if a != c.root {
			c.withdraw(a)
		}
		c.take(f, a, d.Way, from)
	})
}

// undoneByDeed lists what an interruption undoes: of a step with an inside, `block` is what was done there.
func (c *Case) undoneByDeed(a *act, f *frame, d definitions.Deed) []*undoable {
	u := d.Undo
	if u == nil && d.Way.End != nil {
		u = d.Way.End.Undo
	}
	list := c.toUndo(f, u)
	if u == nil || u.All || u.Steps != nil || a == c.root || !a.inside() {
		return list
	}
	return slices.DeleteFunc(list, func(x *undoable) bool { return x.act == a || !x.act.within(a) })
}

// inside tells whether a step has a list inside it.
func (a *act) inside() bool {
	_, block := a.step.Work.(*definitions.Block)
	_, rows := a.step.Work.(*definitions.Multi)
	_, rounds := a.step.Work.(*definitions.Repeat)
	return block || rows || rounds
}
