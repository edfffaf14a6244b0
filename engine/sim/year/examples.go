package year

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

// example is what somebody did in a play, and when.
type example struct {
	play   *definitions.Play
	whole  bool // whether that play goes to the case's end
	final  bool // whether it is the last that this play has of the step: after it, such a case goes on
	at     time.Time
	who    value.Person
	way    int // of a start
	answer string
	values value.Record
	after  time.Duration // of a message: since the case began
}

// examples are what the plays of one procedure show.
type examples struct {
	starts   []example
	tasks    map[string][]example // by step
	messages map[string][]example // by name
}

// learn plays the scenarios of an office and keeps what was accepted.
func learn(b *definitions.Bundle) map[string]*examples {
	out := map[string]*examples{}
	for _, p := range b.Procedures {
		out[p.ID] = &examples{tasks: map[string][]example{}, messages: map[string][]example{}}
	}
	whole := map[*definitions.Play]bool{}
	steps := map[taskKey]string{}
	for _, s := range b.Scenarios {
		sim.Observe(b, s, func(play *definitions.Play, w *sim.World, c *sim.Case, in core.Input, done core.Outcome) {
			out[c.Procedure.ID].see(play, w, c, in, steps)
			for _, e := range done.Effects {
				if t, ok := e.(core.PutTask); ok {
					steps[taskKey{c, t.Slot}] = t.Step
				}
			}
			whole[play] = whole[play] || c.Procedure == s.Procedure && c.State.Status == core.Finished
		})
	}
	for _, x := range out { // any order: each is marked by itself
		mark(x.starts, whole)
		for _, list := range x.tasks { // any order: as above
			mark(list, whole)
		}
	}
	return out
}

func mark(list []example, whole map[*definitions.Play]bool) {
	for i := range list {
		list[i].whole = whole[list[i].play]
		list[i].final = list[i].whole && (i+1 == len(list) || list[i+1].play != list[i].play)
	}
}

func (x *examples) see(
	play *definitions.Play, w *sim.World, c *sim.Case, in core.Input, steps map[taskKey]string,
) {
	switch in := in.(type) { //nolint:gochecksumtype // the others are not what people fill in
	case core.Start:
		if in.Starter != nil {
			x.starts = append(x.starts, example{play: play, at: w.Now, who: *in.Starter, way: in.Way, values: in.Values})
		}
	case core.Complete:
		step := steps[taskKey{c, in.Slot}]
		x.tasks[step] = append(x.tasks[step], example{
			play: play, at: w.Now, who: in.Actor, answer: in.Answer, values: in.Values,
		})
	case core.Deliver:
		if in.Sender != nil {
			x.messages[in.Name] = append(x.messages[in.Name], example{
				at: w.Now, who: *in.Sender, values: in.Values, after: w.Now.Sub(c.State.Started),
			})
		}
	}
}

// script is the play that a case follows, as far as it goes: a story of people, not a throw of dice at each step.
type script struct {
	play *definitions.Play
	done map[string]int // how often each step was done
}

// follow chooses the play that a case follows: mostly one that goes to an end, or as often as the load says.
func (y *year) follow(p *definitions.Procedure, list []example) *script {
	if len(list) == 0 {
		return &script{done: map[string]int{}}
	}
	if named := y.load.Plays[p.ID]; named != nil {
		often := func(x *example) float64 { return named[x.play.Title] / times(list, x.play) }
		if x := y.weighed(list, often); x != nil {
			return &script{play: x.play, done: map[string]int{}}
		}
	}
	x := list[y.rand.IntN(len(list))]
	for range 4 {
		if x.whole {
			break
		}
		x = list[y.rand.IntN(len(list))]
	}
	return &script{play: x.play, done: map[string]int{}}
}

// times is how many of the examples are of a play.
func times(list []example, play *definitions.Play) float64 {
	n := 0.0
	for i := range list {
		if list[i].play == play {
			n++
		}
	}
	return n
}

// weighed draws one of the examples by its weight; nil if none has any.
func (y *year) weighed(list []example, weigh func(*example) float64) *example {
	sum := 0.0
	for i := range list {
		sum += weigh(&list[i])
	}
	at := y.rand.Float64() * sum
	for i := range list {
		if at -= weigh(&list[i]); at < 0 {
			return &list[i]
		}
	}
	return nil
}

// next is what the play has the n-th time that a step is done; nil where it has less.
func (s *script) next(step string, list []example) *example {
	var of []*example
	for i := range list {
		if list[i].play == s.play {
			of = append(of, &list[i])
		}
	}
	if s.done[step] >= len(of) {
		return nil
	}
	return of[s.done[step]]
}

// anew gives an example's values as somebody would write them now: times are as far from now as they were from then,
// and where the play has a person there is one of the same post. A form for one row has it under the row's name.
func (y *year) anew(fields []*value.Field, x *example) value.Record {
	zone := y.bundle.Office.Zone
	then, now := x.at.In(zone), y.world.Now.In(zone)
	out, _ := value.Clone(x.values).(value.Record)
	y.rewrite(fields, out, then, now)
	return out
}

func (y *year) rewrite(fields []*value.Field, rec value.Record, then, now time.Time) {
	for _, f := range fields {
		if row, ok := rec[f.Each].(value.Record); ok {
			y.rewrite(f.Fields, row, then, now)
		}
		switch v := rec[f.Name].(type) {
		case value.Record:
			y.rewrite(f.Fields, v, then, now)
		case []value.Record:
			for _, row := range v {
				y.rewrite(f.Fields, row, then, now)
			}
		case time.Time:
			rec[f.Name] = moved(f.Kind, v.In(now.Location()), then, now)
		case value.Person:
			rec[f.Name] = y.alike(v)
		case []value.Person:
			for i := range v {
				v[i] = y.alike(v[i])
			}
		}
	}
}

// rightAway writes down the present moment wherever a moment is asked for: what a play tells of the past may not have
// been so here. false: there is none.
func (y *year) rightAway(fields []*value.Field, rec value.Record) bool {
	found := false
	for _, f := range fields {
		if row, ok := rec[f.Each].(value.Record); ok {
			found = y.rightAway(f.Fields, row) || found
		}
		switch v := rec[f.Name].(type) {
		case value.Record:
			found = y.rightAway(f.Fields, v) || found
		case []value.Record:
			for _, row := range v {
				found = y.rightAway(f.Fields, row) || found
			}
		case time.Time:
			if f.Kind == value.Moment {
				rec[f.Name], found = y.world.Now.In(v.Location()), true
			}
		}
	}
	return found
}

// moved is as far from now as t was from then: dates by days, months by months.
func moved(k value.Kind, t, then, now time.Time) time.Time {
	switch k {
	case value.Date:
		return t.AddDate(0, 0, int(midnight(now).Sub(midnight(then)).Hours()+12)/24)
	case value.Month:
		return t.AddDate(0, 12*(now.Year()-then.Year())+int(now.Month()-then.Month()), 0)
	}
	return t.Add(now.Sub(then)).Truncate(time.Second)
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// alike is somebody of the world's staff who holds what a person of a play held.
func (y *year) alike(p value.Person) value.Person {
	fit := slices.DeleteFunc(slices.Clone(y.world.People.Everyone()), func(x value.Person) bool {
		return !slices.Equal(x.Posts, p.Posts) || x.Unit != p.Unit
	})
	if len(fit) == 0 {
		return p
	}
	return fit[y.rand.IntN(len(fit))]
}
