package core

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
)

// NetAt is the net of the list that a frame of a case runs, and the marking in which the frame stands.
func NetAt(p *definitions.Procedure, s *State, frame ID) (*Net, *Marking) {
	x := newExplorer(p, s, frame)
	n := &Net{x: x}
	n.asked()
	m := &machine{p: p, s: x.bare(s), blind: true}
	to := n.fresh()
	to.Used = usedIn(p, s, frame)
	been := (&machine{p: p, s: s}).scopeIn(frame).Marking
	for _, st := range x.g.Steps {
		if n.asks.Has(st.Index) && been.Done(st.ID) {
			to.done.Set(st.Index)
		}
		for range min(been.Times(st.ID), n.many(st.Index)) {
			n.opened(to, st.Index)
		}
	}
	for _, id := range n.inner {
		if been.Done(id) {
			n.doneInside(to, p.Steps[id])
		}
	}
	for _, e := range s.frame(frame).Ends {
		to.Erred = to.Erred || e.Error
	}
	m.settle()
	at := n.marking(m, to)
	return n, at
}

// usedIn lists the timeouts and events of a frame's steps that have begun something beside, as far as it is known.
func usedIn(p *definitions.Procedure, s *State, frame ID) []*definitions.Deed {
	f := s.frame(frame)
	var out []*definitions.Deed
	use := func(a *Activation, d *definitions.Deed) {
		began := func(b *Activation) bool {
			from := func(e Eaten) bool { return e.By == a.ID }
			return b.Frame == frame && d.Way.To != nil && b.Step == d.Way.To.ID && slices.ContainsFunc(b.Ate, from)
		}
		if d.Kind == definitions.DeedAlso && slices.ContainsFunc(s.Acts, began) {
			out = append(out, d)
		}
	}
	for _, a := range s.Acts {
		if a.Frame != frame && a.ID != f.Owner || a.State.Over() {
			continue
		}
		if a.ID == f.Owner && a.Frame != 0 {
			continue
		}
		st := StepOf(p, s, a.ID)
		for _, t := range st.Timeouts {
			use(a, &t.Do)
		}
		for _, e := range st.Events {
			use(a, &e.Do)
		}
	}
	return out
}

// Graph is the list of steps of the net.
func (n *Net) Graph() *definitions.Graph { return n.x.g }

// UsedKey tells markings apart by what was done of what is asked for, and by what has begun beside, as Key does by all
// else.
func (n *Net) UsedKey(m *Marking) string {
	var done []string
	for _, st := range n.x.g.Steps {
		if m.done.Has(st.Index) {
			done = append(done, "~"+st.ID)
		}
	}
	for i, id := range n.inner {
		if m.inner.Has(i) {
			done = append(done, "~~"+id)
		}
	}
	key := n.Key(m) + strings.Join(done, "") + m.times + m.Noted
	if len(m.Used)+len(m.again) == 0 {
		return key
	}
	places := func(list []*definitions.Deed) string {
		out := make([]string, len(list))
		for i, d := range list {
			out[i] = fmt.Sprint(d.Way.Place)
		}
		slices.Sort(out)
		return strings.Join(out, "+")
	}
	return key + places(m.Used) + "*" + places(m.again)
}
