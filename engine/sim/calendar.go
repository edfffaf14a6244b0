package sim

import (
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
)

// byCalendar begins the cases of a start by the calendar, as if its time were now. The play goes on with the one that
// the act names, else with the first.
func (st *stage) byCalendar(a *definitions.Act) (*core.Rejection, error) {
	begun := 0
	for _, way := range st.s.Procedure.Starts {
		if way.Schedule == nil {
			continue
		}
		cases, each, r, err := st.world.StartScheduled(st.s.Procedure, way)
		if r != nil || err != nil {
			return r, err
		}
		for i, c := range cases {
			begun++
			if st.main == nil && (a.Each == "" || each[i] == a.Each) {
				st.main = c
			}
		}
		break
	}
	if st.main == nil {
		return nil, fmt.Errorf("the calendar has begun %d cases, and none for %q", begun, a.Each)
	}
	return nil, nil
}

// StartScheduled begins the cases of a start by the calendar, as if its time were now, and names the entry of each.
func (w *World) StartScheduled(p *definitions.Procedure, way *definitions.Start) (
	cases []*Case, each []string, r *core.Rejection, err error,
) {
	starts, r := core.Scheduled(way, p, nil, w.Now, w.Context())
	if r != nil {
		return nil, nil, r, nil
	}
	for _, in := range starts {
		c, r, err := w.Start(p, in)
		if r != nil || err != nil {
			return cases, each, r, err
		}
		cases, each = append(cases, c), append(each, core.EntryID(in.Each))
	}
	return cases, each, nil, nil
}
