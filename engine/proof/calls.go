package proof

import (
	"maps"
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// calledBack finds to which ends the procedures come that p and they call in a circle, each by ways on which what it
// calls has come to an end before. There are none where p is in no circle.
func calledBack(p *definitions.Procedure) map[*definitions.Procedure]ends {
	var circle []*definitions.Procedure
	for _, q := range callees(p) {
		if slices.Contains(callees(q), p) {
			circle = append(circle, q)
		}
	}
	if len(circle) == 0 {
		return nil
	}
	out := map[*definitions.Procedure]ends{}
	for _, q := range circle {
		out[q] = ends{}
	}
	for more := true; more; {
		more = false
		for _, q := range circle {
			comes := endsOf(q, out)
			for e := range comes { // any order: a set is filled
				more = more || !out[q][e]
			}
			maps.Copy(out[q], comes)
		}
	}
	return out
}

// callees lists the procedures for whose cases those of p wait, directly or through others.
func callees(p *definitions.Procedure) []*definitions.Procedure {
	var out []*definitions.Procedure
	queue := []*definitions.Procedure{p}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, g := range at.Graphs() {
			for _, st := range g.Steps {
				w, ok := st.Work.(*definitions.Call)
				if ok && !w.NoWait && w.Callee != nil && !slices.Contains(out, w.Callee) {
					out, queue = append(out, w.Callee), append(queue, w.Callee)
				}
			}
		}
	}
	return out
}

// endsOf finds to which ends a procedure comes, if those that it calls come to these.
func endsOf(p *definitions.Procedure, calls map[*definitions.Procedure]ends) ends {
	known := proven{reached: map[*definitions.Graph]ends{}, calls: calls}
	graphs := p.Graphs()
	for _, g := range slices.Backward(graphs) {
		s := newSpace(p, g, known)
		s.explore()
		known.reached[g] = s.ends
	}
	return known.reached[graphs[0]]
}
