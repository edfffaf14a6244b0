package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// Limits of timers: those that fire at one moment, and those that fire while one span of time passes.
const (
	maxAtOnce  = 1_000
	maxFirings = 100_000
)

// World is one office in memory, in virtual time. It is not safe for concurrent use.
type World struct {
	Bundle *definitions.Bundle
	People *People
	Now    time.Time // UTC
	Cases  []*Case   // in the order in which they were started
	// ByHand leaves called cases unstarted: what they come to is told by Called.
	ByHand bool
	// Watch, if set, sees every input that reached a case, with what became of it.
	Watch func(c *Case, in core.Input, out core.Outcome)

	told    bool // what machines come to, and collected lines, is told from outside
	series  map[string]int64
	deeds   map[deed]times
	letters []letter
	stead   *value.Person // whom the one who acts now stands in for
	sent    int           // messages, for their ids
	begun   int           // cases, for theirs
}

// Case is one case of a world with what its effects have put beside it.
type Case struct {
	Procedure *definitions.Procedure
	State     *core.State
	Tasks     []core.PutTask // open, by slot
	Timers    []core.PutTimer
	Jobs      []core.PutJob    // what machines were asked, by id
	Given     map[core.ID]int  // how often each was given out
	Calls     []core.StartCase // started or, by hand, waiting to be told how they ended
	Copies    []core.Copy
	Notices   []core.Notify
	History   []core.Event
	Broken    error // an invariant of the core did not hold: nothing moves the case any more
}

// letter is what one case has to tell another.
type letter struct {
	from *Case
	to   string
	say  core.Effect
}

// ErrEndless says that timers kept setting timers that were due at once.
var ErrEndless = errors.New("timers fire without end")

// NewWorld makes an office without cases at the moment begin.
func NewWorld(b *definitions.Bundle, people *People, begin time.Time) *World {
	return &World{Bundle: b, People: people, Now: begin.UTC(), series: map[string]int64{},
		deeds: map[deed]times{}}
}

// Case finds a case by its id; nil if there is none.
func (w *World) Case(id string) *Case {
	for _, c := range w.Cases {
		if c.State.Case == id {
			return c
		}
	}
	return nil
}

// Retire lets go of the cases that have ended, and gives them: a world of many years stays as quick as one of a day.
func (w *World) Retire() []*Case {
	var over []*Case
	w.Cases = slices.DeleteFunc(w.Cases, func(c *Case) bool {
		ended := c.Broken != nil || c.State.Status != core.Running && c.State.Status != core.Suspended
		if ended {
			over = append(over, c)
		}
		return ended
	})
	return over
}

// Context is what the core may know of this world now.
func (w *World) Context() core.Context {
	return core.Context{Now: w.Now, Staff: w.People, Series: w.series, For: w.stead}
}

// Start begins a case; it is nil when the start was refused.
func (w *World) Start(p *definitions.Procedure, in core.Start) (*Case, *core.Rejection, error) {
	c := w.open(p, "C-"+strconv.Itoa(w.begun+1))
	r := w.step(c, in)
	if r != nil {
		return nil, r, c.Broken
	}
	return c, nil, w.settle()
}

// Act gives an input to a case, and then lets everything happen that follows by itself at this moment.
func (w *World) Act(c *Case, in core.Input) (*core.Rejection, error) {
	r := w.step(c, in)
	w.stead = nil // what follows by itself nobody does
	if r != nil {
		return r, nil
	}
	return nil, w.settle()
}

// MessageID gives the id of a message that is sent now.
func (w *World) MessageID() string {
	w.sent++
	return "m-" + strconv.Itoa(w.sent)
}

// PassTo lets time pass. Timers fire at their moment, in the order of moment, case and id.
func (w *World) PassTo(until time.Time) error {
	if err := w.fire(until.UTC()); err != nil {
		return err
	}
	if w.Now.Before(until) {
		w.Now = until.UTC()
	}
	return nil
}

// NextTimer is when the next timer of any case is due; false if there is none.
func (w *World) NextTimer() (time.Time, bool) {
	_, t, ok := w.nextTimer()
	return t.At, ok
}

// MayDo lists the open tasks of a case that somebody may complete now.
func (w *World) MayDo(c *Case, person string) []core.PutTask {
	who, ok := w.People.Person(person)
	if !ok {
		return nil
	}
	var out []core.PutTask
	for _, t := range c.Tasks {
		if core.MayDo(c.Procedure, c.State, w.Context(), t.Slot, who) == nil {
			out = append(out, t)
		}
	}
	return out
}

func (w *World) open(p *definitions.Procedure, id string) *Case {
	return &Case{Procedure: p, State: core.New(w.Bundle.Office.ID, id)}
}

// step moves one case by one input and keeps what its effects say.
func (w *World) step(c *Case, in core.Input) (rejected *core.Rejection) {
	if c.Broken != nil {
		return &core.Rejection{Code: core.CaseFrozen}
	}
	defer func() {
		switch broken := recover().(type) {
		case nil:
		case *core.Broken:
			c.Broken = broken
			rejected = &core.Rejection{Code: core.CaseFrozen, Say: broken.Error()}
		default: // a bug that no invariant names must not pass for a step that was taken
			panic(broken)
		}
	}()
	know := w.Context()
	know.Work = work{w, c.Procedure.ID}
	var before *core.State
	if len(c.Procedure.Asks.Deeds) > 0 {
		before = c.State.Clone()
	}
	out := core.Step(c.Procedure, c.State, in, know)
	if w.Watch != nil {
		w.Watch(c, in, out)
	}
	if out.Rejection != nil {
		return out.Rejection
	}
	if _, ok := in.(core.Start); ok {
		w.Cases = append(w.Cases, c)
		w.begun++
	}
	c.History = append(c.History, out.Events...)
	if before != nil {
		w.note(before, c, out.Events)
	}
	for _, e := range out.Effects {
		w.keep(c, e)
	}
	return nil
}

// settle delivers letters and fires what is already due until nothing more happens at this moment.
func (w *World) settle() error {
	w.post()
	return w.fire(w.Now)
}

func (w *World) fire(until time.Time) error {
	atOnce := 0
	for range maxFirings {
		c, t, ok := w.nextTimer()
		if !ok || t.At.After(until) {
			return nil
		}
		if atOnce++; w.Now.Before(t.At) {
			w.Now, atOnce = t.At, 0
		}
		if atOnce > maxAtOnce {
			break
		}
		_ = w.step(c, core.Due{Timer: t.Timer})
		c.dropTimer(t.Timer) // the core drops a timer that fires; one that it refuses is of no use either
		w.post()
	}
	return fmt.Errorf("%w: at %s", ErrEndless, w.Now.Format(time.RFC3339))
}

func (w *World) nextTimer() (*Case, core.PutTimer, bool) {
	var of *Case
	var best core.PutTimer
	for _, c := range w.Cases {
		for _, t := range c.Timers {
			if of == nil || t.At.Before(best.At) {
				of, best = c, t
			}
		}
	}
	return of, best, of != nil
}

// keep applies one effect.
func (w *World) keep(c *Case, e core.Effect) {
	switch e := e.(type) {
	case core.PutTask:
		c.dropTask(e.Slot)
		if e.Waiting {
			return
		}
		c.Tasks = append(c.Tasks, e)
		slices.SortFunc(c.Tasks, func(a, b core.PutTask) int { return cmp.Compare(a.Slot, b.Slot) })
	case core.DropTask:
		c.dropTask(e.Slot)
	case core.PutTimer:
		c.dropTimer(e.Timer)
		c.Timers = append(c.Timers, e)
		slices.SortFunc(c.Timers, func(a, b core.PutTimer) int {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Timer, b.Timer))
		})
	case core.DropTimer:
		c.dropTimer(e.Timer)
	case core.PutJob:
		c.Jobs = append(c.Jobs, e)
	case core.DelayJob:
		for i := range c.Jobs {
			if c.Jobs[i].Job == e.Job {
				c.Jobs[i].At = e.At
			}
		}
	case core.DropJob:
		c.Jobs = slices.DeleteFunc(c.Jobs, func(j core.PutJob) bool { return j.Job == e.Job })
	case core.StartCase:
		c.Calls = append(c.Calls, e)
		w.letters = append(w.letters, letter{from: c, to: e.Case, say: e})
	case core.CancelCase:
		w.letters = append(w.letters, letter{from: c, to: e.Case, say: e})
	case core.EndChild:
		w.letters = append(w.letters, letter{from: c, to: e.Parent.Case, say: e})
	case core.Notify:
		c.Notices = append(c.Notices, e)
	case core.Copy:
		c.Copies = append(c.Copies, e)
	case core.Draw:
		w.series[e.Series] = e.N
	case core.Tell:
		c.Notices = append(c.Notices, core.Notify{Kind: e.Kind, To: e.To})
	case core.PutDraft, core.Subscribe, core.Unsubscribe: // nothing here reads drafts or keys
	}
}

func (c *Case) dropTask(slot core.ID) {
	c.Tasks = slices.DeleteFunc(c.Tasks, func(t core.PutTask) bool { return t.Slot == slot })
}

func (c *Case) dropTimer(id core.ID) {
	c.Timers = slices.DeleteFunc(c.Timers, func(t core.PutTimer) bool { return t.Timer == id })
}

// Told lists who was reminded, called in, urged or given the case to read, as candidates, in order.
func (c *Case) Told() []formula.Candidate {
	var out []formula.Candidate
	for _, n := range c.Notices {
		out = append(out, n.To...)
	}
	return out
}
