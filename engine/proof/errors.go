package proof

import (
	"cmp"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
)

// What is noted with the ends of a list, of errors that are taken beside.
const (
	perished = ""  // it may stop by them without one of its ends
	forsaken = "-" // it may stop so after errors that were all taken inside it
	outlived = "!" // it may come to one of its ends all the same
	repeated = "2" // more than one of them may come up
)

// clean marks an end to which a list may come without such an error.
func clean(end string) string { return "0 " + end }

// unheard tells an outcome that comes only with an error that is taken beside, where none was taken yet.
func (s *space) unheard(l core.Leap, m *core.Marking) bool {
	b, ok := l.Step.Work.(*definitions.Block)
	if !ok {
		return false
	}
	comes, end := s.reached[b.Graph], cmp.Or(l.Outcome, definitions.DoneEnd)
	beside := func(e *definitions.Event) bool { return e.Error != "" && e.Do.Kind != definitions.DeedTo }
	taken := func(e *definitions.Event) bool {
		return beside(e) && (e.Do.Way == nil || slices.Contains(m.Used, &e.Do))
	}
	return comes[end] && !comes[clean(end)] &&
		slices.ContainsFunc(l.Step.Events, beside) && !slices.ContainsFunc(l.Step.Events, taken)
}

// perishing lists how a step may end without any of its ways: an error comes up in its work, or inside it, and is taken
// beside, by an event of its own or by one further out.
func (s *space) perishing(st *definitions.Step, m *core.Marking) []core.Leap {
	var out []core.Leap
	add := func(e *definitions.Event, at *definitions.Step) {
		l := core.Leap{Step: st, Perish: true, Closes: e.Do.Leaves()}
		if here := at == st || at == s.g.Owner && at == s.p.Case; here && e.Do.Way != nil {
			l.Deed, l.Closes = &e.Do, false
		}
		if l.Deed == nil || !e.Once || !slices.Contains(m.Used, l.Deed) {
			out = append(out, l)
		}
	}
	for _, name := range definitions.RaisedBy(st) {
		if e, at := taker(st, name); e != nil && e.Do.Kind != definitions.DeedTo {
			add(e, at)
		}
	}
	g := st.Inside()
	if _, rows := st.Work.(*definitions.Multi); g == nil || rows {
		return out
	}
	for _, end := range g.Ends {
		e, at := taker(st, end.ID)
		if end.Error && e != nil && at != st && e.Do.Kind != definitions.DeedTo && s.mayReach(g, end) {
			add(e, at)
		}
	}
	if s.reached[g][forsaken] {
		out = append(out, core.Leap{Step: st, Perish: true, Unheard: true})
	}
	if s.reached[g][perished] {
		i := slices.IndexFunc(st.Events, func(e *definitions.Event) bool {
			return e.Error != "" && e.Do.Kind != definitions.DeedTo
		})
		if i < 0 || s.takesInside(st) && slices.Contains(m.Used, &st.Events[i].Do) {
			out = append(out, core.Leap{Step: st, Perish: true})
		} else {
			add(st.Events[i], st)
		}
	}
	return out
}

// mayReach tells whether something leads to an end of a list.
func (s *space) mayReach(g *definitions.Graph, end *definitions.End) bool {
	return slices.ContainsFunc(g.Steps, func(st *definitions.Step) bool {
		to := func(w *definitions.Way) bool { return w != nil && w.End == end }
		return slices.ContainsFunc(st.Ways, to) ||
			slices.ContainsFunc(allDeeds(st), func(d definitions.Deed) bool { return to(d.Way) })
	})
}

// taker is the event that takes an error, from a step outward, and the step whose event it is.
func taker(st *definitions.Step, name string) (*definitions.Event, *definitions.Step) {
	for at := st; ; at = at.Graph.Owner {
		for _, e := range at.Events {
			if e.Error == name || e.Error == "*" {
				return e, at
			}
		}
		if at.Graph == nil {
			return nil, nil
		}
	}
}
