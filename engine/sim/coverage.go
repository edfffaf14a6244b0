package sim

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
)

// Coverage collects what the runs of procedures reached: steps, ways, timeouts, events and ends.
type Coverage struct {
	seen  map[any]bool // *Step, *Way, *Timeout, *Event, *End
	cases map[string]*tracked
}

// tracked is what of a running case is needed to tell which definition an event belongs to.
type tracked struct {
	steps  map[core.ID]*definitions.Step
	graphs map[core.ID]*definitions.Graph
	timers map[core.ID]core.Timer
}

// Unreached is a part of a procedure that no run came to.
type Unreached struct {
	Kind  string // step, way, timeout, event, end
	ID    string
	Title string
	Place report.Place
}

// String is one line for people.
func (u Unreached) String() string {
	return fmt.Sprintf("%s: %s %s %s", u.Place, u.Kind, u.ID, u.Title)
}

// NewCoverage has seen nothing.
func NewCoverage() *Coverage { return &Coverage{seen: map[any]bool{}, cases: map[string]*tracked{}} }

// forget lets the cases of a world go; what they reached stays.
func (v *Coverage) forget() { v.cases = map[string]*tracked{} }

// See takes in what became of one input to a case.
func (v *Coverage) See(p *definitions.Procedure, id string, out core.Outcome) {
	c := v.cases[id]
	if c == nil {
		c = &tracked{
			steps:  map[core.ID]*definitions.Step{1: p.Case},
			graphs: map[core.ID]*definitions.Graph{}, timers: map[core.ID]core.Timer{},
		}
		v.cases[id] = c
	}
	for _, e := range out.Events {
		v.event(c, e)
	}
}

func (v *Coverage) event(c *tracked, e core.Event) {
	switch e := e.(type) { //nolint:gochecksumtype // the events that name a part of the definition
	case core.FrameOpened:
		c.graphs[e.Frame] = c.steps[e.Owner].Inside()
		if e.Undo != 0 { // what undoes a step stands in the same list
			c.graphs[e.Frame] = c.steps[e.Undo].Graph
		}
	case core.Opened:
		if g := c.graphs[e.Frame]; g != nil {
			c.steps[e.Act] = g.Step(e.Step)
			v.seen[c.steps[e.Act]] = true
		}
	case core.Raised:
		if e.Taker != 0 {
			v.taken(c.steps[e.Taker], e.Error)
		}
	case core.Chosen:
		for _, w := range e.Ways {
			v.seen[c.steps[e.Act].Ways[w]] = true
		}
	case core.EndReached:
		for _, end := range c.graphs[e.Frame].Ends {
			if end.ID == e.End {
				v.seen[end] = true
			}
		}
	case core.TimerSet:
		c.timers[e.Timer.ID] = e.Timer
	case core.TimerCleared:
		if t := c.timers[e.Timer]; e.Fired && t.Kind == core.TimeoutTimer {
			v.seen[c.steps[e.Act].Timeouts[t.Index]] = true
		}
	case core.Received:
		for _, ev := range c.steps[max(e.Act, 1)].Events {
			if e.Act != 0 && ev.Message != nil && ev.Message.ID == e.Name {
				v.seen[ev] = true
			}
		}
	case core.Once:
		v.seen[c.steps[e.Act].Events[e.Event]] = true
	}
}

// taken notes the event of a step that took an error.
func (v *Coverage) taken(st *definitions.Step, code string) {
	for _, ev := range st.Events {
		if ev.Error == code || ev.Error == "*" {
			v.seen[ev] = true
			return
		}
	}
}

// Unreached lists what of a procedure no run came to, by place.
func (v *Coverage) Unreached(p *definitions.Procedure) []Unreached {
	var out []Unreached
	v.missing(p.Case, &out)
	slices.SortStableFunc(out, func(a, b Unreached) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
	return out
}

func (v *Coverage) missing(st *definitions.Step, out *[]Unreached) {
	miss := func(key any, kind, id, title string, at report.Place) {
		if at.Line == 0 {
			at = st.Place
		}
		if !v.seen[key] {
			*out = append(*out, Unreached{Kind: kind, ID: id, Title: title, Place: at})
		}
	}
	if st.Graph != nil && !v.seen[st] {
		miss(st, "step", st.ID, st.Title, st.Place)
		return // what it leads to is named by its own step
	}
	for _, w := range st.Ways {
		if st.Undoes {
			break // nobody wrote it: it goes on with what is undone next
		}
		miss(w, "way", st.ID+" -> "+target(w), st.Title, w.Place)
	}
	for _, t := range st.Timeouts {
		miss(t, "timeout", st.ID, st.Title, st.Place)
	}
	for _, e := range st.Events {
		miss(e, "event", st.ID, st.Title, st.Place)
	}
	g := st.Inside()
	if g == nil {
		return
	}
	for _, inner := range g.Steps {
		v.missing(inner, out)
	}
	if _, ok := st.Work.(*definitions.Block); !ok {
		return // the one end of a row's body is reached with its step
	}
	for _, end := range g.Ends {
		if end.ID != definitions.StopEnd && end.Place.Line != 0 {
			miss(end, "end", end.ID, end.Title, end.Place)
		}
	}
}

func target(w *definitions.Way) string {
	return w.Leads()
}
