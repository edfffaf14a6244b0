package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/report"
)

// rests warns of a join that withdraws the rest of what comes to it and leaves a step that may be open then: one that
// can also lead elsewhere is not withdrawn.
func (c *checker) rests(g *Graph) {
	for _, join := range g.Joins {
		if join.Join.Kind != JoinSome || join.Join.Absorb {
			continue
		}
		before := c.without(g, join)
		for _, s := range comesTo(g, join) {
			if c.work.done++; !before[s] || slices.Contains(join.Cancels, s) {
				continue
			}
			c.add(report.Problem{Place: s.Place, Severity: report.Warning, Code: "rest-stays",
				Message: fmt.Sprintf("%s goes on when %s has begun, since it can also lead elsewhere: rest: cancel leaves it",
					called(s), called(join)),
				Hint: fmt.Sprintf("write cancels: %s at %s, or let all its ways lead there", s.ID, join.ID)})
		}
	}
}

// comesTo lists the steps that may be open and come next to an input of the join that counts, but for those that it
// withdraws.
func comesTo(g *Graph, join *Step) []*Step {
	var out, queue []*Step
	for k, from := range join.Inputs {
		if from >= 0 && (join.Join.Of == nil || slices.Contains(join.Join.Of, k)) {
			queue = append(queue, g.Steps[from])
		}
	}
	for seen := map[*Step]bool{join: true}; len(queue) > 0; {
		s := queue[0]
		queue = queue[1:]
		if seen[s] || slices.Contains(join.Join.Withdraws, s) {
			continue
		}
		seen[s] = true
		if atOnce(s) == "" {
			out = append(out, s)
			continue
		}
		for _, from := range s.Inputs { // what leads to it may be open
			if from >= 0 {
				queue = append(queue, g.Steps[from])
			}
		}
	}
	return out
}
