package proof

import (
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
)

// dead finds the first step that no case comes to; else the first way, time limit or event that none takes. Where
// something else was found, they may be its echo.
func (s *space) dead(found []report.Problem) []report.Problem {
	if len(found) > 0 {
		return nil
	}
	for _, st := range s.g.Steps {
		if !st.Undoes && !s.opened.Has(st.Index) {
			return []report.Problem{{Place: st.Place, Code: "dead-step",
				Message: fmt.Sprintf("no case ever comes to %s, whatever happens before it", called(st)),
				Hint:    "look at what withdraws the threads on their way here, or take the step out"}}
		}
	}
	for _, st := range s.g.Steps {
		if p := s.unused(st); p != nil && !st.Undoes {
			return []report.Problem{*p}
		}
	}
	if p := s.hopeless(); p != nil {
		return []report.Problem{*p}
	}
	if s.g.Owner == s.p.Case {
		if p := s.unused(s.p.Case); p != nil {
			return []report.Problem{*p}
		}
	}
	return nil
}

// unused tells of a way out of a step that no case takes. What returns is not followed: it can where its step stands.
func (s *space) unused(st *definitions.Step) *report.Problem {
	hint := "look at what is inside the step and at what withdraws it, or take this out"
	if st != s.p.Case {
		for _, w := range st.Ways {
			if taken := s.ways[w] || w.Return != nil && s.stood.Has(st.Index); !taken {
				return &report.Problem{Place: w.Place, Code: "way-never-taken", Hint: hint,
					Message: fmt.Sprintf("no case ever goes from %s to %s", called(st), goal(w))}
			}
		}
	}
	for _, t := range st.Timeouts {
		if t.Do.Way != nil && t.Do.Way.Return == nil && !s.did[&t.Do] {
			return &report.Problem{Place: t.Do.Way.Place, Code: "timeout-never", Hint: hint,
				Message: fmt.Sprintf("the time limit of %s that leads to %s never comes", called(st), goal(t.Do.Way))}
		}
	}
	for _, e := range st.Events {
		if e.Do.Way != nil && e.Do.Way.Return == nil && !s.did[&e.Do] {
			return &report.Problem{Place: e.Do.Way.Place, Code: "event-never", Hint: hint,
				Message: fmt.Sprintf("the event of %s that leads to %s never happens", called(st), goal(e.Do.Way))}
		}
	}
	return nil
}

// follow remembers by which ways cases go on.
func (s *space) follow(l core.Leap) {
	for _, w := range l.Ways {
		s.ways[w] = true
	}
	if l.Deed != nil {
		s.did[l.Deed] = true
	}
}

// take adds what was come to with some values.
func (s *space) take(o *space) {
	for _, st := range s.g.Steps {
		if o.opened.Has(st.Index) {
			s.opened.Set(st.Index)
		}
		if o.stood.Has(st.Index) {
			s.stood.Set(st.Index)
		}
	}
	for i := range s.g.Conditions {
		if o.hoped.Has(i) {
			s.hoped.Set(i)
		}
		if o.doubted.Has(i) {
			s.doubted.Set(i)
		}
	}
	for w := range o.ways { // any order: a set is filled
		s.ways[w] = true
	}
	for d := range o.did { // any order: a set is filled
		s.did[d] = true
	}
	for e := range o.ends { // any order: a set is filled
		s.ends[e] = true
	}
}
