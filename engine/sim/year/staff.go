package year

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/calendar"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

const (
	tries    = 8                // how often somebody corrects himself before he leaves a task for later
	later    = 15 * time.Minute // when he comes back to it first, and twice as late each time after
	comeback = 6                // how often he comes back within a day; then the task counts as not played
)

// worker is one of the staff.
type worker struct {
	value.Person
	hours *calendar.Calendar // by which he works
	away  bool               // today
	busy  bool
}

type taskKey struct {
	c    *sim.Case
	slot core.ID
}

// openTask is a task that somebody may take up.
type openTask struct {
	core.PutTask
	of     *sim.Case
	step   *StepLine
	taken  time.Time // zero = nobody works on it
	failed int
	rests  time.Time // nobody tries it before
}

// loadOf is what an office says of its load, with the usual for what it does not say.
func loadOf(b *definitions.Bundle) *definitions.Load {
	out := definitions.DefaultLoad()
	if b.Load != nil {
		said := *b.Load
		out = &said
	}
	if out.Cases == nil {
		out.Cases = map[string]float64{}
		for _, p := range b.Procedures {
			byCalendar := func(way *definitions.Start) bool { return way.Schedule != nil }
			if !slices.ContainsFunc(p.Starts, byCalendar) {
				out.Cases[p.ID] = usualCases
			}
		}
	}
	if out.Staff == nil {
		out.Staff = players(b)
	}
	if out.Begin.IsZero() {
		out.Begin = time.Date(firstYear(b), 1, 1, 0, 0, 0, 0, b.Office.Zone)
	}
	return out
}

// firstYear is that of the plays.
func firstYear(b *definitions.Bundle) int {
	if len(b.Scenarios) == 0 {
		return 2026
	}
	return b.Scenarios[0].Begin.In(b.Office.Zone).Year()
}

// players are all who are in the plays of an office: each with the same posts once.
func players(b *definitions.Bundle) []definitions.Player {
	var out []definitions.Player
	for _, s := range b.Scenarios {
		for _, p := range s.Staff {
			same := func(x definitions.Player) bool {
				return x.Name == p.Name && slices.Equal(x.Posts, p.Posts) && x.Unit == p.Unit && slices.Equal(x.Skills, p.Skills)
			}
			if slices.ContainsFunc(out, same) {
				continue
			}
			id := p.ID
			for n := 2; slices.ContainsFunc(out, func(x definitions.Player) bool { return x.ID == p.ID }); n++ {
				p.ID = id + "-" + strconv.Itoa(n)
			}
			out = append(out, p)
		}
	}
	return out
}

// put keeps a task that somebody may take up, or what has changed of one.
func (y *year) put(key taskKey, t core.PutTask) {
	o := y.open[key]
	if o == nil {
		o = &openTask{of: key.c, step: y.report.step(key.c.Procedure, t)}
		y.open[key] = o
	} else {
		y.queue = slices.DeleteFunc(y.queue, func(x *openTask) bool { return x == o })
	}
	o.PutTask = t
	at, _ := slices.BinarySearchFunc(y.queue, o, byUrgency)
	y.queue = slices.Insert(y.queue, at, o)
}

// take removes a task that is open no more.
func (y *year) take(key taskKey) {
	if o := y.open[key]; o != nil {
		y.queue = slices.DeleteFunc(y.queue, func(x *openTask) bool { return x == o })
		delete(y.open, key)
	}
}

// byUrgency orders tasks as an inbox does.
func byUrgency(a, b *openTask) int {
	return cmp.Or(cmp.Compare(b.Priority, a.Priority), byDue(a.Soonest(), b.Soonest()), a.Opened.Compare(b.Opened),
		cmp.Compare(a.of.State.Case, b.of.State.Case), cmp.Compare(a.Slot, b.Slot))
}

func (y *year) hire() {
	for _, p := range y.world.People.Everyone() {
		w := &worker{Person: p, hours: y.calendar}
		for _, post := range p.Posts {
			if id, ok := y.load.Hours[post]; ok {
				w.hours = y.bundle.Office.Calendar(id)
				break
			}
		}
		y.staff = append(y.staff, w)
		if !slices.Contains(y.hours, w.hours) {
			y.hours = append(y.hours, w.hours)
		}
	}
}

// look lets whoever is free take up the most urgent task that is his. Outside his working hours nobody does.
func (y *year) look() error {
	for _, c := range y.world.Retire() {
		y.report.ends(c)
		delete(y.scripts, c)
	}
	now, zone := y.world.Now, y.bundle.Office.Zone
	open := map[*calendar.Calendar]bool{}
	for _, hours := range y.hours {
		if open[hours] = hours.Open(now, zone); open[hours] {
			continue
		}
		if next := hours.AddOpen(now, 1, zone); len(y.open) > 0 && next.After(y.wakes[hours]) {
			y.wakes[hours] = next
			y.at(next, func() error { return nil })
		}
	}
	for _, w := range y.staff {
		if w.busy || w.away || !open[w.hours] {
			continue
		}
		for _, t := range y.queue {
			if y.free(t) && y.his(w, t) {
				y.takeUp(w, taskKey{t.of, t.Slot}, t)
				break
			}
		}
	}
	return nil
}

// byDue puts what is due sooner first, and what has no clock last.
func byDue(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

// his tells whether a task is the worker's to do.
func (y *year) his(w *worker, t *openTask) bool {
	meant := func(c formula.Candidate) bool {
		return c.Person != "" && c.Person == w.ID || c.Post != "" && slices.Contains(w.Posts, c.Post)
	}
	if t.Holder != w.ID && !slices.ContainsFunc(t.Candidates, meant) {
		return false
	}
	return core.MayDo(t.of.Procedure, t.of.State, y.world.Context(), t.Slot, w.Person) == nil
}

// takeUp lets a worker work on a task for as long as it takes him, in working hours.
func (y *year) takeUp(w *worker, key taskKey, t *openTask) {
	now := y.world.Now
	w.busy, t.taken = true, now
	median := y.load.Work
	if m, ok := y.load.Steps[key.c.Procedure.ID+"."+t.Step]; ok {
		median = m
	}
	took := y.lasts(median)
	y.at(w.hours.AddOpen(now, took, y.bundle.Office.Zone), func() error {
		w.busy = false
		y.report.worked(w, took)
		if y.open[key] != t {
			return nil // it was taken away meanwhile
		}
		if err := y.finish(w, key, t, took); err != nil {
			return err
		}
		y.goOn(w, key.c)
		return nil
	})
}

// goOn lets a worker stay with a case where its next task is his.
func (y *year) goOn(w *worker, c *sim.Case) {
	if !w.hours.Open(y.world.Now, y.bundle.Office.Zone) {
		return
	}
	for _, t := range y.queue {
		if t.of == c && y.free(t) && y.his(w, t) {
			y.takeUp(w, taskKey{c, t.Slot}, t)
			return
		}
	}
}

// free tells whether a task may be taken up now.
func (y *year) free(t *openTask) bool {
	return t.taken.IsZero() && !t.Held && !t.rests.After(y.world.Now)
}

// finish completes a task by an example, or with values made up. What cannot be done so is left for the next day.
func (y *year) finish(w *worker, key taskKey, t *openTask, took time.Duration) error {
	wait := w.hours.Between(t.Opened, t.taken, y.bundle.Office.Zone)
	t.taken = time.Time{}
	if y.rand.Float64() < y.load.Mistakes {
		in := core.Complete{Actor: w.Person, Slot: t.Slot, Answer: "?", Values: value.Record{}}
		r, err := y.world.Act(key.c, in)
		if err != nil {
			return err
		}
		if r != nil {
			t.step.Mistakes++
		}
	}
	refused, err := y.complete(w, key, t)
	if err != nil {
		return err
	}
	if refused != nil {
		if t.failed++; t.failed == comeback {
			y.report.refused(key.c.Procedure, t.Step, refused)
		}
		t.rests = y.world.Now.Add(later << min(t.failed-1, comeback))
		y.at(t.rests, func() error { return nil })
		return nil
	}
	t.step.done(wait, took, !t.Due.IsZero() && y.world.Now.After(t.Due))
	y.take(key)
	return nil
}

func (y *year) complete(w *worker, key taskKey, t *openTask) (refused *core.Rejection, err error) {
	c := key.c
	list := y.examples[c.Procedure.ID].tasks[t.Step]
	s := y.script(c)
	defer func() { s.done[t.Step]++ }()
	for try := range tries {
		if len(list) == 0 {
			break
		}
		x := s.next(t.Step, list)
		switch {
		case y.load.Answers[c.Procedure.ID+"."+t.Step] != nil:
			x = y.pick(c, t, list)
		case x == nil || try > 0:
			x = y.pick(c, t, finals(list, try))
		}
		in := core.Complete{Actor: w.Person, Slot: t.Slot, Answer: x.answer, Values: y.anew(c.Procedure.Data.Fields, x)}
		fitRows(c, in.Values)
		if refused, err = y.world.Act(c, in); refused == nil || err != nil {
			return refused, err
		}
		if y.rightAway(c.Procedure.Data.Fields, in.Values) {
			if refused, err = y.world.Act(c, in); refused == nil || err != nil {
				return refused, err
			}
		}
	}
	return y.walker.Complete(c, t.PutTask, w.Person)
}

// script is what a case follows; one that was called follows a play of its own.
func (y *year) script(c *sim.Case) *script {
	if y.scripts[c] == nil {
		var all []example
		tasks := y.examples[c.Procedure.ID].tasks
		for _, step := range slices.Sorted(maps.Keys(tasks)) {
			all = append(all, tasks[step]...)
		}
		y.scripts[c] = y.follow(c.Procedure, all)
	}
	return y.scripts[c]
}

// finals are the examples after which a play went on to its end: a case that has left its script is to come to one.
// Whoever has tried them in vain takes any.
func finals(list []example, try int) []example {
	out := slices.DeleteFunc(slices.Clone(list), func(x example) bool { return !x.final })
	if len(out) == 0 || try > tries/2 {
		return list
	}
	return out
}

// pick chooses an example: first the answer, as often as the load says, or else the first of the task oftener than
// another, then one with it.
func (y *year) pick(c *sim.Case, t *openTask, list []example) *example {
	weights := y.load.Answers[c.Procedure.ID+"."+t.Step]
	usual := ""
	if work, ok := definitions.TaskOf(core.StepOf(c.Procedure, c.State, t.Act)); ok && len(work.Answers) > 0 {
		usual = work.Answers[0].ID
	}
	named := y.load.Plays[c.Procedure.ID]
	weigh := func(x *example) float64 {
		same := 0
		for i := range list {
			if list[i].answer == x.answer {
				same++
			}
		}
		often := 1.0
		switch {
		case weights != nil:
			often = weights[x.answer]
		case named != nil:
			often = named[x.play.Title]
		case x.answer == usual:
			often = usualFirst
		}
		return often / float64(same)
	}
	if x := y.weighed(list, weigh); x != nil {
		return x
	}
	return &list[y.rand.IntN(len(list))]
}

// fitRows gives tables of a form as many rows as the case has, in the manner of the example's.
func fitRows(c *sim.Case, values value.Record) {
	for _, f := range c.Procedure.Data.Fields {
		rows, ok := values[f.Name].([]value.Record)
		old, has := c.State.Data[f.Name].([]value.Record)
		if !ok || !has || len(rows) == 0 || len(rows) == len(old) {
			continue
		}
		if _, edited := rows[0][core.RowNumber]; edited {
			continue // it says itself which rows it means
		}
		fit := make([]value.Record, len(old))
		for i := range fit {
			fit[i], _ = value.Clone(rows[i%len(rows)]).(value.Record)
		}
		values[f.Name] = fit
	}
}
