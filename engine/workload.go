package engine

import (
	"context"
	"maps"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// workload is what the choice of people in one procedure asks of the office's work, read before the step.
type workload struct {
	open  map[string]int64          // by person
	deeds map[deedKey]store.DeedRow // by step and person
}

type deedKey struct{ step, person string }

var _ formula.Work = (*workload)(nil)

// Open implements formula.Work.
func (w *workload) Open(person string) int64 { return w.open[person] }

// Done implements formula.Work.
func (w *workload) Done(step, person string) (int64, time.Time) {
	d := w.deeds[deedKey{step, person}]
	return d.Times, d.Last
}

// workload reads what a procedure asks; nil where it asks nothing. What is stepped and not settled yet counts as done,
// so that a burst of cases does not all go to whoever had least to do before it.
func (s *stepper) workload(ctx context.Context, p *definitions.Procedure, office string, d *desk) (
	formula.Work, error,
) {
	if !p.Asks.Load && len(p.Asks.Deeds) == 0 {
		return nil, nil // nothing is asked, nothing is known
	}
	w := &workload{open: map[string]int64{}, deeds: map[deedKey]store.DeedRow{}}
	if p.Asks.Load {
		var who []store.Candidate
		for _, person := range d.roster.Everyone() {
			who = append(who, store.Candidate("person:"+person.ID), store.Candidate("holder:"+person.ID))
		}
		counts, err := s.e.store.InboxCounts(ctx, office, who, maxCount)
		if err != nil {
			return nil, err
		}
		for _, person := range d.roster.Everyone() {
			w.open[person.ID] = int64(counts[store.Candidate("person:"+person.ID)] +
				counts[store.Candidate("holder:"+person.ID)])
		}
		for _, delta := range s.unsettled[office] { // any order: sums
			for person, n := range delta { // any order: sums
				w.open[person] += n
			}
		}
	}
	if len(p.Asks.Deeds) > 0 {
		rows, err := s.e.store.DeedsOf(ctx, office, p.ID, p.Asks.Deeds)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			w.deeds[deedKey{row.Step, row.Person}] = row
		}
	}
	return w, nil
}

// noteLoad remembers what a stepped change will have done to the people's work, until it is settled.
func (s *stepper) noteLoad(st *staged) {
	if !st.before.proc.Asks.Load || st.input == nil {
		return
	}
	delta := loadOf(st.state)
	for person, n := range loadOf(st.before.state) { // any order: each by itself
		delta[person] -= n
	}
	maps.DeleteFunc(delta, func(_ string, n int64) bool { return n == 0 })
	if len(delta) == 0 {
		return
	}
	office := st.job.key.office
	if s.unsettled[office] == nil {
		s.unsettled[office] = map[*staged]map[string]int64{}
	}
	s.unsettled[office][st] = delta
}

func (s *stepper) dropLoad(st *staged) {
	office := st.job.key.office
	delete(s.unsettled[office], st)
	if len(s.unsettled[office]) == 0 {
		delete(s.unsettled, office)
	}
}

// loadOf counts the open tasks of a case that are one person's alone: held by him, or offered to nobody else.
func loadOf(s *core.State) map[string]int64 {
	out := map[string]int64{}
	for _, a := range s.Acts {
		for _, slot := range a.Slots {
			switch {
			case !slot.State.Open():
			case slot.Worker() != "":
				out[slot.Worker()]++
			case len(slot.Candidates) == 1 && slot.Candidates[0].Person != "":
				out[slot.Candidates[0].Person]++
			}
		}
	}
	return out
}

// addDeeds counts the steps whose doers the procedure asks for.
func (st *staged) addDeeds() {
	for _, event := range st.out.Events {
		x, ok := event.(core.Answered)
		if !ok || x.Again {
			continue
		}
		step := actStep(st, x.Act)
		for _, asked := range st.before.proc.Asks.Deeds {
			if asked == step {
				st.change.Deeds = append(st.change.Deeds, store.DeedRow{
					Procedure: st.before.proc.ID, Step: step, Person: x.Person.ID, Times: 1, Last: st.now,
				})
			}
		}
	}
}

// actStep names the step of an activation that was there before the change, or is after it.
func actStep(st *staged, act core.ID) string {
	for _, s := range []*core.State{st.before.state, st.state} {
		for _, a := range s.Acts {
			if a.ID == act {
				return a.Step
			}
		}
	}
	return ""
}
