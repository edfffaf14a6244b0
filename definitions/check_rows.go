package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// rows refuses what would move or take away the rows of a table while a for_each runs over it: a row is known by its
// place.
func (c *checker) rows(g *Graph) {
	for _, s := range g.Steps {
		w, ok := s.Work.(*Multi)
		if !ok || w.Table == nil {
			continue
		}
		after := c.whileTrailing(s, w)
		for _, o := range g.Steps {
			if o != s && (c.nets[g].together(s.Index, o.Index) || after[o]) && movesRows(o, w.Table) {
				c.movedBy(o.Place, called(o), s, w.Table)
			}
		}
		for _, m := range c.p.Messages {
			if m.Form != nil && slices.Contains(m.Form.EditRows, w.Table) {
				c.movedBy(c.placeOf(m), m.called(), s, w.Table)
			}
		}
	}
}

func (c *checker) movedBy(at report.Place, what string, s *Step, table *value.Field) {
	c.add(report.Problem{Place: at, Code: "rows-move",
		Message: fmt.Sprintf("%s may take away rows of %s while %s runs over them", what, table.Path, called(s)),
		Hint:    "let it come before, or after all rows have ended; rows that come later belong to add: of the for_each"})
}

// whileTrailing lists the steps that may run while rows of a for_each that has passed on still do.
func (c *checker) whileTrailing(s *Step, w *Multi) map[*Step]bool {
	if w.Cancel || w.Until == nil && !finishes(s) {
		return nil
	}
	out := map[*Step]bool{}
	queue := []*Step{s}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, way := range arrows(at) {
			if way.To != nil && way.To.Graph == s.Graph && !out[way.To] {
				out[way.To] = true
				queue = append(queue, way.To)
			}
		}
	}
	return out
}

// movesRows tells whether a step, or one inside it, sets a table anew or lets people take its rows away.
func movesRows(s *Step, table *value.Field) bool {
	sets := func(list []*Assign) bool {
		return slices.ContainsFunc(list, func(a *Assign) bool { return a.Into == table })
	}
	switch w := s.Work.(type) {
	case *Task:
		if w.Form != nil && slices.Contains(w.Form.EditRows, table) {
			return true
		}
	case *Set:
		return sets(w.Values)
	case *Call:
		return sets(w.Take)
	case *Request:
		return sets(w.Take)
	case *Job:
		return sets(w.Take)
	case *Junction, *Wait, *Decide, *Block, *Multi, *Repeat:
	}
	return slices.ContainsFunc(innerSteps(s), func(inner *Step) bool { return movesRows(inner, table) })
}
