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
	if st := p.BeginsItself(); st != nil {
		out = append(out, report.Problem{Place: st.Place, Code: "endless-loop",
			Message: p.ID + " calls itself by " + st.ID + ", again and again, without waiting for anything",
			Hint:    "put a task or a wait before the call"})
	}
	known := proven{reached: map[*definitions.Graph]ends{}, calls: calledBack(p)}
	broken := map[*definitions.Graph]bool{}
	for _, g := range slices.Backward(p.Graphs()) { // inner lists first
		if broken[g] { // what is around a list that goes wrong is proved once that is mended: else it has echoes of it
			broken[g.Owner.Graph] = true
			continue
		}
		found, comes := prove(p, g, known)
		broken[g.Owner.Graph] = broken[g.Owner.Graph] || report.Failed(found)
		known.reached[g] = comes
		out = append(out, found...)
	}
	return report.Sort(out)
}

// prove tells what can go wrong in one list, and to which ends it comes. Every choice is free; but where several steps
// choose by the same values, or one does again and again, each of these values is looked at by itself.
func prove(
	p *definitions.Procedure, g *definitions.Graph, known proven,
) ([]report.Problem, ends) {
	if len(g.Shared) == 0 {
		free := newSpace(p, g, known)
		free.explore()
		found := free.findings()
		return append(found, free.dead(found)...), free.ends
	}
	all := newSpace(p, g, known)
	for v, values := range g.Shared {
		s := newSpace(p, g, known)
		s.with = v
		s.explore()
		if found := s.findings(); len(found) > 0 {
			for i := range found {
				found[i].Way = append([]string{values}, found[i].Way...)
			}
			return found, s.ends
		}
		all.take(s)
	}
	return all.dead(nil), all.ends
}

// findings tells what is wrong with the markings of a list.
func (s *space) findings() []report.Problem {
	var out []report.Problem
	if s.meets != nil {
		out = append(out, s.meet(s.meets))
	}
	if s.limit != "" && s.meets == nil {
		most := map[string]int{"MaxMarkings": MaxMarkings, "MaxThreads": MaxThreads}[s.limit]
		return []report.Problem{{Place: s.g.Owner.Place, Code: "limit", Hint: "put the parallel parts into blocks",
			Message: fmt.Sprintf("%s can stand in too many ways to be proved: the limit %s is %d", called(s.g.Owner), s.limit,
				most)}}
	}
	// Where it waits at the step where threads meet, that is an echo.
	if p := s.stuck(); p != nil && s.limit == "" && (s.meets == nil || p.Place != s.meets.at.Place) {
		out = append(out, *p)
	}
	if p := s.twoOutcomes(); p != nil {
		out = append(out, *p)
	}
	return append(out, s.circles()...)
}

// stuck finds the nearest marking from which no end can be reached.
func (s *space) stuck() *report.Problem {
	good := s.completes()
	doomed := -1
	for i := range s.nodes {
		switch {
		case good[i]:
		case len(s.nodes[i].sure) == 0: // what else may come need not
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
		for _, j := range n.sure {
			before[j] = append(before[j], i)
		}
		if n.ended || n.met {
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
