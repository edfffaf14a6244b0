package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/report"
)

// errors finds errors that are declared by name and that nothing takes, and events for errors that never come.
func (c *checker) errors() {
	if g := caseGraph(c.p); g != nil { // its own error ends tell the caller
		c.untaken(g, nil)
		c.deadTakers(c.p.Case)
	}
	for _, g := range graphs(c.p) {
		for _, s := range g.Steps {
			c.deadTakers(s)
		}
	}
}

// untaken looks for errors of called cases and of ends inside g that neither their step nor one around it takes. What
// a machine or a case could not do at all, `failed`, is for the administrators where nothing is said.
func (c *checker) untaken(g *Graph, around []*Event) {
	around = append(slices.Clip(around), g.Owner.Events...)
	if g.Owner != c.p.Case {
		for _, e := range g.Ends {
			if e.Error && !takesError(around, e.ID) {
				c.add(report.Problem{Place: e.Place, Code: "error-untaken",
					Message: fmt.Sprintf("nothing takes the error %s of %s", e.ID, called(g.Owner)),
					Hint:    fmt.Sprintf("write events: {error: %s, to: …} on %s or around it", e.ID, g.Owner.ID)})
			}
		}
	}
	for _, s := range g.Steps {
		here := append(slices.Clip(around), s.Events...)
		for _, name := range RaisedBy(s) {
			if _, call := s.Work.(*Call); call && name != FailedError && !takesError(here, name) {
				c.add(report.Problem{Place: s.Place, Code: "error-untaken",
					Message: fmt.Sprintf("the case that %s calls can end with the error %s, and nothing takes it", called(s), name),
					Hint:    fmt.Sprintf("write events: {error: %s, to: …} on %s or around it", name, s.ID)})
			}
		}
		if inner := s.Inside(); inner != nil {
			c.untaken(inner, around)
		}
	}
}

func takesError(events []*Event, name string) bool {
	return slices.ContainsFunc(events, func(e *Event) bool { return e.Error == name || e.Error == "*" })
}

// RaisedBy lists the errors of a step's own work.
func RaisedBy(s *Step) []string {
	var out []string
	if w, ok := s.Work.(*Call); ok && !w.NoWait {
		out = append(out, FailedError)
		if g := calleeGraph(w); g != nil {
			for _, e := range g.Ends {
				if e.Error {
					out = append(out, e.ID)
				}
			}
		}
	}
	if given := GivenOf(s.Work); given != nil {
		out = append(out, FailedError)
		for _, e := range given.Errors {
			out = append(out, e.ID)
		}
	}
	return out
}

// comeTo lists the errors that come to a step: of its own work, and of what is inside it and takes them not itself.
func comeTo(s *Step) []string {
	out := RaisedBy(s)
	g := s.Inside()
	if g == nil {
		return out
	}
	if s.Graph != nil {
		for _, e := range g.Ends {
			if e.Error {
				out = append(out, e.ID)
			}
		}
	}
	for _, inner := range g.Steps {
		for _, name := range comeTo(inner) {
			if !takesError(inner.Events, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// deadTakers finds events for errors that never come to a step: nothing in it raises them, or another takes them.
func (c *checker) deadTakers(s *Step) {
	if !slices.ContainsFunc(s.Events, func(e *Event) bool { return e.Error != "" }) {
		return
	}
	left := comeTo(s)
	for _, e := range s.Events {
		if e.Error == "" {
			continue
		}
		named := func(name string) bool { return e.Error == "*" || e.Error == name }
		switch {
		case slices.ContainsFunc(left, named):
		case e.Error == "*":
			c.deadEvent(s, e, fmt.Sprintf("this event of %s never happens: %s", called(s),
				"no error comes to it that nothing has taken before"))
		default:
			c.deadEvent(s, e, fmt.Sprintf("this event of %s never happens: %s", called(s),
				"another has taken the error "+e.Error+" before"))
		}
		if !e.Once {
			left = slices.DeleteFunc(left, named)
		}
	}
}
