package year

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/calendar"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

// Options say which days are played.
type Options struct {
	Days int
	Seed uint64
}

const (
	usualCases = 0.2   // of a procedure on a workday, where the office says nothing and the calendar begins none
	usualFirst = 4.0   // how much oftener a task's first answer is given than another, where the office does not say
	spread     = 0.6   // of the logarithm of a task's time
	workdays   = 250.0 // of a year
)

// year is an office at work.
type year struct {
	bundle   *definitions.Bundle
	load     *definitions.Load
	world    *sim.World
	walker   *sim.Walker
	calendar *calendar.Calendar
	rand     *rand.Rand
	examples map[string]*examples
	staff    []*worker
	agenda   agenda
	events   int
	hours    []*calendar.Calendar             // by which people work, each once
	wakes    map[*calendar.Calendar]time.Time // the next opening at which they look up
	scripts  map[*sim.Case]*script
	open     map[taskKey]*openTask
	queue    []*openTask // the same, the most urgent first
	report   *Report
}

// event is something that will happen.
type event struct {
	at time.Time
	n  int // of those of one moment, the one that was planned first comes first
	do func() error
}

type agenda []event

// Len implements heap.Interface.
func (a *agenda) Len() int { return len(*a) }

// Less implements heap.Interface.
func (a *agenda) Less(i, j int) bool {
	x, z := (*a)[i], (*a)[j]
	return cmp.Or(x.at.Compare(z.at), cmp.Compare(x.n, z.n)) < 0
}

// Swap implements heap.Interface.
func (a *agenda) Swap(i, j int) { (*a)[i], (*a)[j] = (*a)[j], (*a)[i] }

// Push implements heap.Interface.
func (a *agenda) Push(x any) {
	if e, ok := x.(event); ok {
		*a = append(*a, e)
	}
}

// Pop implements heap.Interface.
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// Play plays an office's load for some days, from the load's beginning on.
func Play(b *definitions.Bundle, o Options) (*Report, error) {
	y := &year{
		bundle: b, load: loadOf(b), calendar: b.Office.Calendar(""), examples: learn(b), open: map[taskKey]*openTask{},
		scripts: map[*sim.Case]*script{}, wakes: map[*calendar.Calendar]time.Time{},
		rand: rand.New(rand.NewPCG(o.Seed, 0x79656172)), //nolint:gosec // the same seed must do the same
	}
	begin := y.load.Begin
	y.world = sim.NewWorld(b, sim.NewPeople(b.Office, y.load.Staff), begin)
	y.walker = sim.NewWalker(y.world, o.Seed)
	y.world.Watch = y.watch
	y.report = newReport(b, begin, o)
	y.hire()
	for _, p := range b.Procedures {
		for _, way := range p.Starts {
			if way.Schedule != nil {
				y.next(p, way, begin.Add(-1))
			}
		}
	}
	for day := range o.Days {
		at := begin.In(b.Office.Zone).AddDate(0, 0, day)
		y.at(at, func() error { return y.day(at) })
	}
	end := begin.In(b.Office.Zone).AddDate(0, 0, o.Days)
	for len(y.agenda) > 0 && y.agenda[0].at.Before(end) {
		e, _ := heap.Pop(&y.agenda).(event)
		if err := y.pass(e.at); err != nil {
			return nil, err
		}
		if err := e.do(); err != nil {
			return nil, err
		}
		if err := y.look(); err != nil {
			return nil, err
		}
	}
	if err := y.pass(end); err != nil {
		return nil, err
	}
	y.close(end)
	return y.report, nil
}

// at plans something.
func (y *year) at(t time.Time, do func() error) {
	y.events++
	whole := t.UTC().Add(time.Second - 1).Truncate(time.Second) // people's watches have no more
	heap.Push(&y.agenda, event{at: whole, n: y.events, do: do})
}

// pass lets time pass up to a moment. Whoever is free looks up at each time limit that is reached on the way.
func (y *year) pass(until time.Time) error {
	for {
		next, ok := y.world.NextTimer()
		if !ok || !next.Before(until) {
			break
		}
		if err := y.world.PassTo(next); err != nil {
			return fmt.Errorf("%s: %w", next.Format(time.RFC3339), err)
		}
		if err := y.look(); err != nil {
			return err
		}
	}
	return y.world.PassTo(until)
}

// day plans what comes on one day, and who is away.
func (y *year) day(at time.Time) error {
	zone := y.bundle.Office.Zone
	for _, w := range y.staff {
		w.away = y.rand.Float64() < y.load.Away/workdays
	}
	for _, p := range y.bundle.Procedures {
		n := y.load.Cases[p.ID]
		if n == 0 || len(y.examples[p.ID].starts) == 0 || !y.calendar.Workday(at, zone) {
			continue
		}
		open := y.calendar.Between(at, at.AddDate(0, 0, 1), zone)
		for range y.poisson(n) {
			when := y.calendar.AddOpen(at, time.Duration(y.rand.Float64()*float64(open)), zone)
			y.at(when, func() error { return y.comes(p) })
		}
	}
	return nil
}

// next plans the cases that the calendar begins next.
func (y *year) next(p *definitions.Procedure, way *definitions.Start, after time.Time) {
	at := way.Schedule.Next(after, y.bundle.Office.Zone, y.bundle.Office.Calendar(p.Calendar))
	if at.IsZero() {
		return
	}
	y.at(at, func() error {
		_, _, refused, err := y.world.StartScheduled(p, way)
		if refused != nil {
			y.report.refused(p, "", refused)
		}
		y.next(p, way, at)
		return err
	})
}

// comes begins a case by one of the plays' examples, as somebody of the same post would.
func (y *year) comes(p *definitions.Procedure) error {
	s := y.follow(p, y.examples[p.ID].starts)
	x := s.next("", y.examples[p.ID].starts)
	who := y.alike(x.who)
	values := y.anew(p.Data.Fields, x)
	c, refused, err := y.world.Start(p, core.Start{Way: x.way, Starter: &who, Values: values})
	if err != nil {
		return err
	}
	if refused != nil {
		y.report.refused(p, "", refused)
		return nil
	}
	y.scripts[c] = s
	return nil
}

// watch keeps what an input has done to tasks, jobs and cases.
func (y *year) watch(c *sim.Case, in core.Input, out core.Outcome) {
	if out.Rejection != nil {
		return
	}
	if _, ok := in.(core.Start); ok {
		y.report.begins(c)
		y.foresee(c)
	}
	done, byHand := in.(core.Complete)
	_, byTimer := in.(core.Due)
	for _, e := range out.Effects {
		switch e := e.(type) { //nolint:gochecksumtype // the others are nobody's work
		case core.PutTask:
			if !e.Waiting {
				y.put(taskKey{c, e.Slot}, e)
			}
		case core.DropTask:
			key := taskKey{c, e.Slot}
			if t := y.open[key]; t != nil && !(byHand && done.Slot == e.Slot) {
				t.step.lost(byTimer)
				y.take(key)
			}
		case core.PutJob:
			y.at(e.At.Add(y.lasts(time.Minute)), func() error { return y.serve(c) })
		}
	}
}

// serve lets a machine do what it was asked, and comes again as long as there is something.
func (y *year) serve(c *sim.Case) error {
	if len(c.Jobs) == 0 {
		return nil
	}
	if err := y.walker.Serve(c); err != nil {
		return err
	}
	if len(c.Jobs) > 0 {
		y.at(y.world.Now.Add(y.lasts(time.Minute)), func() error { return y.serve(c) })
	}
	return nil
}

// foresee plans the messages that may come to a case: as often as in the plays, and as late.
func (y *year) foresee(c *sim.Case) {
	all := y.examples[c.Procedure.ID]
	for _, m := range c.Procedure.Messages {
		list := all.messages[m.ID]
		if len(list) == 0 || y.rand.IntN(10*max(len(all.starts), 1)) >= len(list) {
			continue
		}
		x := &list[y.rand.IntN(len(list))]
		late := time.Duration(float64(x.after+time.Minute) * (0.5 + y.rand.Float64()))
		y.at(y.world.Now.Add(late), func() error {
			who := y.alike(x.who)
			_, err := y.world.Act(c, core.Deliver{
				ID: y.world.MessageID(), Name: m.ID, Sender: &who, Values: y.anew(c.Procedure.Data.Fields, x),
			})
			return err // a case that has ended meanwhile refuses it
		})
	}
}

// poisson draws how many come where n come on average (Knuth; n is a few dozen at most).
func (y *year) poisson(n float64) int {
	limit, k, p := math.Exp(-min(n, 500)), 0, 1.0
	for {
		if p *= y.rand.Float64(); p <= limit {
			return k
		}
		k++
	}
}

// lasts draws how long a task takes: half of them no longer than the median.
func (y *year) lasts(median time.Duration) time.Duration {
	return time.Duration(float64(median) * math.Exp(spread*y.rand.NormFloat64())).Round(time.Second)
}
