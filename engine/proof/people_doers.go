package proof

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// doers lists who may have done a step after a past: one of those who are asked, or to whom it may come by a transfer,
// by a time limit or in the stead of somebody else; of a signed one, one of each post; of a block, those inside it.
// False: it is not known.
func (c *crew) doers(st *definitions.Step, h past) ([][]value.Person, bool) {
	switch w := st.Work.(type) {
	case *definitions.Task:
		return c.doersOf(st, w, h)
	case *definitions.Block:
		return c.doersIn(w.Graph, h)
	case *definitions.Repeat:
		return c.doersIn(w.Body, h)
	case *definitions.Multi:
		sets, ok := c.doersIn(w.Body, h)
		all := addAll(nil, slices.Concat(sets...))
		if most, bound := w.Table.Max.(int64); bound && most < 2 || len(all) < 2 {
			return sets, ok
		}
		for one := range all { // each row may be another one's: all of them, or all but one
			sets = append(sets, slices.Concat(all[:one], all[one+1:]))
		}
		return append(sets, all), ok
	case *definitions.Junction, *definitions.Wait, *definitions.Call, *definitions.Set, *definitions.Decide,
		*definitions.Request, *definitions.Job: // nobody
	}
	return [][]value.Person{nil}, true
}

// doersIn lists who may have done the steps of a list of which none is left out.
func (c *crew) doersIn(g *definitions.Graph, h past) ([][]value.Person, bool) {
	out := [][]value.Person{nil}
	for _, st := range g.Steps {
		if len(g.Steps) > 1 && (len(st.Ways) > 1 && st.Choose != definitions.ChooseAll || len(allDeeds(st)) > 0) {
			return nil, false // some may be left out, and which depends on one another
		}
		sets, ok := c.doers(st, h)
		if !ok {
			return nil, false
		}
		if out, ok = c.product(out, sets); !ok {
			return nil, false
		}
	}
	return out, true
}

// product joins each of some sets with each of others.
func (c *crew) product(a, b [][]value.Person) ([][]value.Person, bool) {
	if c.many = len(a)*len(b) > maxDoers; c.many {
		return nil, false
	}
	var out [][]value.Person
	for _, x := range a {
		for _, y := range b {
			out = append(out, addAll(slices.Clone(x), y))
		}
	}
	return out, true
}

// doersOf lists who may have done a task.
func (c *crew) doersOf(st *definitions.Step, w *definitions.Task, h past) ([][]value.Person, bool) {
	lists, ok := c.named(w.By, h)
	if !ok {
		return nil, false
	}
	if w.Sign == definitions.SignNone {
		lists = [][]value.Person{slices.Concat(lists...)}
	}
	sights := c.sights(w, h)
	more := c.may(w, c.others(st, w, h), h, sights)
	out := [][]value.Person{nil}
	var single [][]value.Person
	for _, list := range lists {
		var sets [][]value.Person
		for _, p := range addAll(c.there(w, list, h, sights), more) {
			sets = append(sets, []value.Person{p})
			for _, d := range c.standIns(w, p, h, sights) {
				sets = append(sets, []value.Person{d, p})
			}
		}
		if w.Skippable() && slices.ContainsFunc(sights, func(s definitions.Sight) bool {
			return len(c.there(w, list, h, []definitions.Sight{s})) == 0
		}) {
			sets = append(sets, nil)
		}
		single = append(single, sets...)
		if out, ok = c.product(out, sets); !ok {
			return nil, false
		}
	}
	if w.Sign == definitions.SignAny { // the first answer decides
		return single, true
	}
	return c.signedAlso(w, h, sights, out), true
}

// standIns lists who may do a task in the stead of a person: neither of the two may be kept from it.
func (c *crew) standIns(w *definitions.Task, p value.Person, h past, sights []definitions.Sight) []value.Person {
	if c.deputies == nil {
		return nil
	}
	return c.may(w, c.deputies(p.ID, c.p.ID), h, sights)
}

// others lists to whom a task may come besides those whom it asks: by a transfer, or by time limits and events of the
// step and of those around it that call others in.
func (c *crew) others(st *definitions.Step, w *definitions.Task, h past) []value.Person {
	out := c.permitted(w.Transfer, h)
	for at := st; at != nil; at = at.Graph.Owner {
		for _, d := range allDeeds(at) {
			if d.Kind == definitions.DeedEscalate || d.Kind == definitions.DeedReassign {
				lists, _ := c.named(d.Who, h)
				out = addAll(out, slices.Concat(lists...))
			}
		}
		if at.Graph == nil {
			break
		}
	}
	return out
}

// permitted lists those of whom a permit speaks, beyond those who are asked anyhow.
func (c *crew) permitted(permit definitions.Permit, h past) []value.Person {
	switch permit.Kind {
	case definitions.PermitAll:
		return c.staff.Everyone()
	case definitions.PermitSome:
		lists, _ := c.named(permit.Who, h)
		return addAll(nil, slices.Concat(lists...))
	case definitions.PermitUsual, definitions.PermitNone:
	}
	return nil
}

// signedAlso adds the sets in which one more was asked to sign.
func (c *crew) signedAlso(
	w *definitions.Task, h past, sights []definitions.Sight, sets [][]value.Person,
) [][]value.Person {
	out := sets
	for _, p := range c.may(w, c.permitted(w.AddSigner, h), h, sights) {
		for _, set := range sets {
			if len(out) > maxDoers {
				return out
			}
			out = append(out, addAll(slices.Clone(set), []value.Person{p}))
		}
	}
	return out
}

// avoidable tells whether a case can come to a step without having done another one, as far as that is simple to say:
// both stand in one list, or around the step, in which threads are not joined.
func (c *crew) avoidable(done, st *definitions.Step) bool {
	at := st
	for at.Graph != nil && at.Graph != done.Graph {
		at = at.Graph.Owner
	}
	g := done.Graph
	if at.Graph == nil || at == done || len(g.Joins) > 0 || g.AnyOrder {
		return false
	}
	seen := map[*definitions.Step]bool{done: true}
	queue := slices.Clone(g.Entries)
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if seen[next] {
			continue
		}
		if seen[next] = true; next == at {
			return true
		}
		for _, way := range next.Ways {
			if way.To != nil {
				queue = append(queue, way.To)
			}
		}
	}
	return false
}
