package proof

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
)

// Check compiles the files of one office, as [definitions.Compile] does, and proves its procedures. The bundle is nil
// when one of the problems is an error.
func Check(files []definitions.File) (*definitions.Bundle, []report.Problem) {
	bundle, problems := definitions.Compile(files)
	if bundle == nil {
		return nil, problems
	}
	for _, p := range bundle.Procedures {
		problems = append(problems, Prove(p)...)
	}
	problems = report.Limit(report.Sort(problems), definitions.MaxProblems)
	if report.Failed(problems) {
		return nil, problems
	}
	return bundle, problems
}

// Prove tells what can go wrong with the cases of a compiled procedure: each finding with the shortest way there.
func Prove(p *definitions.Procedure) []report.Problem {
	var out []report.Problem
	reached := map[*definitions.Graph]ends{}
	for _, g := range slices.Backward(p.Graphs()) { // inner lists first
		s := newSpace(p, g, reached)
		s.explore()
		found := s.findings()
		if a, b := agreeing(g); a != nil {
			doubt(found, a, b)
		}
		if !report.Failed(found) {
			reached[g] = s.ends
		}
		out = append(out, found...)
	}
	return report.Sort(out)
}

// agreeing finds two steps whose ways depend on the same field: what they choose may always agree, while the proof
// takes every choice to be free.
func agreeing(g *definitions.Graph) (a, b *definitions.Step) {
	first := map[string]*definitions.Step{}
	for _, st := range g.Steps {
		for _, w := range st.Ways {
			if w.When == nil {
				continue
			}
			for _, r := range w.When.Reads() {
				if other := first[r.Path]; other != nil && other != st {
					return other, st
				}
				first[r.Path] = st
			}
		}
	}
	return nil, nil
}

// doubt makes findings warnings that may be none, since two choices may always agree.
func doubt(found []report.Problem, a, b *definitions.Step) {
	for i := range found {
		if p := &found[i]; slices.Contains([]string{"no-end", "left-behind", "two-outcomes", "input-twice"}, p.Code) {
			p.Severity = report.Warning
			p.Message += fmt.Sprintf(", unless the choices of %s and %s, which read the same, always agree", a.ID, b.ID)
		}
	}
}

// findings tells what is wrong with a list.
func (s *space) findings() []report.Problem {
	if s.meets != nil { // what comes after is its echo
		return []report.Problem{s.meet(s.meets)}
	}
	if s.limit != "" {
		most := map[string]int{"MaxMarkings": MaxMarkings, "MaxThreads": MaxThreads}[s.limit]
		return []report.Problem{{Place: s.g.Owner.Place, Code: "limit", Hint: "put the parallel parts into blocks",
			Message: fmt.Sprintf("%s can stand in too many ways to be proved: the limit %s is %d", s.g.Owner.ID, s.limit, most)}}
	}
	var out []report.Problem
	if p := s.stuck(); p != nil {
		out = append(out, *p)
	}
	if p := s.twoOutcomes(); p != nil {
		out = append(out, *p)
	}
	if len(out) == 0 {
		out = append(out, s.dead()...)
	}
	return append(out, s.circles()...) // no echo of the others, which may turn out to be doubtful
}

// stuck finds the nearest marking from which no end can be reached.
func (s *space) stuck() *report.Problem {
	good := s.completes()
	doomed := -1
	for i := range s.nodes {
		switch {
		case good[i]:
		case len(s.nodes[i].next) == 0:
			p := s.starves(i)
			return &p
		case doomed < 0:
			doomed = i
		}
	}
	if doomed < 0 {
		return nil
	}
	p := s.goesRound(doomed)
	return &p
}

// completes marks the nodes from which an end can be reached.
func (s *space) completes() []bool {
	before := make([][]int, len(s.nodes))
	var queue []int
	good := make([]bool, len(s.nodes))
	for i, n := range s.nodes {
		for _, j := range n.next {
			before[j] = append(before[j], i)
		}
		if n.ended {
			good[i] = true
			queue = append(queue, i)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, i := range before[at] {
			if !good[i] {
				good[i] = true
				queue = append(queue, i)
			}
		}
	}
	return good
}

// dead finds steps that no case ever comes to.
func (s *space) dead() []report.Problem {
	var out []report.Problem
	for _, st := range s.g.Steps {
		if st.Undoes || s.opened.Has(st.Index) {
			continue
		}
		out = append(out, report.Problem{Place: st.Place, Code: "dead-step",
			Message: fmt.Sprintf("no case ever comes to %s, whatever happens before it", st.ID),
			Hint:    "look at what withdraws the threads on their way here, or take the step out"})
		return out // those after it may be its echo
	}
	return out
}
