package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
)

// circles finds locks that two steps which can be open together take in opposite orders: each would wait for the other.
func (s *space) circles() []report.Problem {
	var out []report.Problem
	for i, a := range s.g.Steps {
		if m, ok := a.Work.(*definitions.Multi); ok && !m.InOrder { // its rows are open together
			if p := crossed(a, a); p != nil {
				out = append(out, *p)
			}
		}
		for _, b := range s.g.Steps[i+1:] {
			if !s.held[[2]*definitions.Step{a, b}] {
				continue
			}
			if p := crossed(a, b); p != nil {
				out = append(out, *p)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	tries := 0
	for _, list := range s.crowds {
		switch p := ringed(list, &tries); {
		case p != nil:
			return append(out, *p)
		case tries > MaxRings:
			return []report.Problem{{Place: s.g.Owner.Place, Code: "limit",
				Hint: "take fewer locks inside others, or hold one for all",
				Message: fmt.Sprintf("the locks of %s can be taken in too many orders to be proved: the limit %s is %d",
					called(s.g.Owner), "MaxRings", MaxRings)}}
		}
	}
	return out
}

// ringed finds a ring of three steps or more, each of which can hold what the one before it waits for; nil if there is
// none, or too many orders were tried.
func ringed(list []*definitions.Step, tries *int) *report.Problem {
	by := make([][]order, len(list))
	for i, st := range list {
		by[i] = orders(st, nil)
	}
	var ring []order
	used := make([]bool, len(list))
	var search func() bool
	search = func() bool {
		last := ring[len(ring)-1]
		if len(ring) > 2 && last.then.Name == ring[0].first.Name {
			return true
		}
		for i := range list {
			for _, o := range by[i] {
				if *tries++; *tries > MaxRings {
					return false
				}
				if used[i] || o.first.Name != last.then.Name {
					continue
				}
				used[i], ring = true, append(ring, o)
				if search() {
					return true
				}
				used[i], ring = false, ring[:len(ring)-1]
			}
		}
		return false
	}
	for i := range list {
		for _, o := range by[i] {
			used[i], ring = true, []order{o}
			if search() {
				return ringProblem(ring)
			}
			used[i] = false
		}
	}
	return nil
}

func ringProblem(ring []order) *report.Problem {
	var steps, names, way, wait []string
	for _, o := range ring {
		steps, names = append(steps, called(o.outer)), append(names, o.first.Name)
		way = append(way, fmt.Sprintf("%s opens and holds %s", name(o.outer), o.first.Name))
		wait = append(wait, fmt.Sprintf("%s waits for %s", name(o.in), o.then.Name))
	}
	return &report.Problem{Place: ring[len(ring)-1].then.Place, Code: "lock-circle",
		Message: fmt.Sprintf("%s can each hold what another of them waits for: %s",
			strings.Join(steps, ", "), strings.Join(names, ", ")),
		Way:  append(way, wait...),
		Hint: "let all take them in the same order, or let one step hold them all",
	}
}

// order is a lock that is taken by what is inside a step that holds another.
type order struct {
	first, then *definitions.Lock
	outer, in   *definitions.Step
}

// orders lists in which order a step, and those inside it, take locks. A step keeps its lock while others inside wait.
func orders(st *definitions.Step, held []order) []order {
	var out []order
	if st.Lock != nil && st.Lock.Name != "" {
		for _, o := range held {
			if o.first.Name != st.Lock.Name {
				out = append(out, order{o.first, st.Lock, o.outer, st})
			}
		}
		held = append(slices.Clip(held), order{first: st.Lock, outer: st})
	}
	if g := st.Inside(); g != nil {
		for _, x := range g.Steps {
			out = append(out, orders(x, held)...)
		}
	}
	return out
}

func crossed(a, b *definitions.Step) *report.Problem {
	for _, x := range orders(a, nil) {
		for _, y := range orders(b, nil) {
			if x.first.Name != y.then.Name || x.then.Name != y.first.Name {
				continue
			}
			return &report.Problem{Place: y.then.Place, Code: "lock-circle",
				Message: fmt.Sprintf("%s and %s can each hold what the other waits for: %s and %s",
					called(x.outer), called(y.outer), x.first.Name, y.first.Name),
				Way: []string{
					fmt.Sprintf("%s opens and holds %s", name(x.outer), x.first.Name),
					fmt.Sprintf("%s opens and holds %s", name(y.outer), y.first.Name),
					fmt.Sprintf("%s waits for %s, and %s for %s", name(x.in), x.then.Name, name(y.in), y.then.Name),
				},
				Hint: "let both take the two in the same order, or let one step hold both",
			}
		}
	}
	return nil
}
